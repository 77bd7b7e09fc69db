"""The inverse of the sigmoid."""

import numpy as np

from ..spec import Exercise, Mistake


def logit(p):
    return np.log(p / (1 - p))


EXERCISE = Exercise(
    logit,
    fixed=[
        {"p": np.array([0.5, 0.9])},
        {"p": np.array([[0.01, 0.2, 0.999], [0.7, 1e-12, 0.3]])},
        {"p": np.array([0.0, 1.0])},
        {"p": np.array([0.25, 0.5, 0.75], dtype=np.float32)},
        {"p": 0.8},
    ],
    random=lambda rng: {"p": rng.uniform(0.001, 0.999, size=rng.integers(1, 5, 2))},
    mistakes=[
        Mistake("That is the sigmoid, the inverse. The logit takes a probability and gives the "
                "logarithm of its odds.", lambda p: 1 / (1 + np.exp(-p))),
        Mistake("Those are the odds. Take their logarithm.", lambda p: p / (1 - p)),
        Mistake("Python divides before it subtracts, so p/1-p is 0. Write p / (1 - p).",
                lambda p: np.log(p / 1 - p)),
        Mistake("Take the logarithm of the whole quotient p / (1 - p).",
                lambda p: np.log(p) / (1 - p)),
        Mistake("You divide one logarithm by the other; divide first, then take the logarithm.",
                lambda p: np.log(p) / np.log(1 - p)),
        Mistake("The quotient is upside down: p belongs on top.", lambda p: np.log((1 - p) / p)),
        *(Mistake("Take the natural logarithm, np.log.", lambda p, log=log: log(p / (1 - p)))
          for log in (np.log10, np.log2)),
        Mistake("At 0 and 1 the logit is infinite: -inf and inf. Leave these as they come.",
                lambda p: logit(np.clip(p, 1e-15, 1 - 1e-15)),
                when=lambda got, want, args: np.isinf(want).any()),
    ],
    hints=["The odds of p are p to 1 - p.", "Take np.log of the odds, for all of p at once."],
)
