"""Dropout."""

import numpy as np

from ..spec import Case, Exercise, Mistake

FIVE, DRAWN = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([0.1, 0.9, 0.2, 0.25, 0.7])


def dropout(h, p, r, training=True):
    if not training:
        return h
    return h * (r >= p) / (1 - p) if p < 1 else np.zeros(h.shape)


def dropping(wrong):
    """dropout with another formula, wrong(h, p, r)."""
    return lambda h, p, r, training=True: wrong(h, p, r)


def random(rng):
    h = rng.normal(size=rng.integers(1, 6, rng.integers(1, 3)))
    return {"h": h, "p": float(rng.choice([0, 0.1, 0.25, 0.5, 0.8])), "r": rng.random(h.shape),
            "training": bool(rng.random() < 0.75)}


EXERCISE = Exercise(
    dropout,
    program="dropout(h, p, r, training=training)",
    fixed=[
        Case("dropout(h, p, r)", {"h": FIVE, "p": 0.25, "r": DRAWN}),
        {"h": FIVE, "p": 0.25, "r": DRAWN, "training": False},
        {"h": FIVE, "p": 0.8, "r": DRAWN, "training": True},
        {"h": np.array([[1.0, -2.0]]), "p": 0.0, "r": np.array([[0.0, 0.5]]), "training": True},
        {"h": np.array([3.0, -4.0]), "p": 1.0, "r": np.array([0.0, 0.999]), "training": True},
        {"h": np.zeros((0, 3)), "p": 0.5, "r": np.zeros((0, 3)), "training": True},
    ],
    random=random,
    mistakes=[
        Mistake("With training=False dropout is switched off: return h as it is, whatever p is.",
                dropping(dropout), when=lambda got, want, args: not args.get("training", True)),
        Mistake("With p = 1 everything is off, and 1 - p is 0. Return zeros before you divide.",
                lambda h, p, r, training=True: h * (r >= p) / (1 - np.float64(p)) if training
                else h, when=lambda got, want, args: args["p"] == 1),
        Mistake("You kept those that should be off, and dropped the others: off is where r < p.",
                dropping(lambda h, p, r: h * (r < p) / (1 - p))),
        Mistake("The right ones are off. Now make the others larger, so that the mean stays: "
                "divide by 1 - p.", dropping(lambda h, p, r: h * (r >= p))),
        Mistake("Python divides before it subtracts: /1-p subtracts p. Write / (1 - p).",
                dropping(lambda h, p, r: h * (r >= p) - p)),
        Mistake("You multiplied by 1 - p, which makes the others smaller. Divide by it.",
                dropping(lambda h, p, r: h * (r >= p) * (1 - p))),
        Mistake("You divided by p. A number survives with probability 1 - p: divide by that.",
                dropping(lambda h, p, r: h * (r >= p) / p)),
        Mistake("r equal to p is kept: off is only r < p. Otherwise p = 0 could switch one off.",
                dropping(lambda h, p, r: h * (r > p) / (1 - p))),
    ],
    hints=[
        "Begin with the easy case: if not training, return h.",
        "r >= p is True where a number is kept. In a product, True and False are 1 and 0.",
        "h * (r >= p) / (1 - p) is right for every p below 1. For p = 1 return zeros like h.",
    ],
    bans=("functional.dropout", "nn.Dropout"),
)
