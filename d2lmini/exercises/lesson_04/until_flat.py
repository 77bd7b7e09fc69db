"""Gradient descent with a stopping rule."""

from functools import partial

import numpy as np

from ..spec import Case, Code, Exercise, Mistake

BOWL, SLOPE = Code("lambda p: np.array([1.0, 4.0]) * p"), Code("lambda p: p")


def until_flat(gradient, p, rate, small=1e-6, budget=1000, *, size=np.linalg.norm, late=False,
               more=0):
    for steps in range(budget):
        g = gradient(p)
        if not late and size(g) < small:
            return p, steps + more
        p = p - rate * g
        if late and size(g) < small:
            return p, steps + 1
    return p, budget + more


def with_arguments(change):
    """until_flat with other arguments: change(rate, small, budget)."""
    def wrong(gradient, p, rate, small=1e-6, budget=1000):
        return until_flat(gradient, p, *change(rate, small, budget))
    return wrong


EXERCISE = Exercise(
    until_flat,
    fixed=[
        {"gradient": Code("lambda p: 2 * (p - 3)"), "p": np.array([-1.0]), "rate": 0.25,
         "small": 0.01, "budget": 100},
        *({"gradient": BOWL, "p": np.array(p), "rate": rate, "small": small, "budget": budget}
          for p, rate, small, budget in (
              ([-4.0, 2.0], 0.12, 0.1, 500), ([0.03, 0.01], 0.12, 0.0499, 500),
              ([0.03, 0.01], 0.12, 0.06, 500), ([-4.0, 2.0], 0.01, 0.1, 5),
              ([3.0, 0.0], 0.1, 0.1, 0))),
        {"gradient": SLOPE, "p": np.array([0.5]), "rate": 0.5, "small": 0.5, "budget": 9},
        Case("until_flat(gradient, p, 0.5)", {"gradient": SLOPE, "p": np.array([1.0])}),
        Case("until_flat(gradient, p, 1e-5)", {"gradient": SLOPE, "p": np.array([1.0])}),
    ],
    random=lambda rng: {"gradient": BOWL, "p": rng.normal(size=2) * 5, "budget": 40,
                        "rate": float(rng.uniform(0.05, 0.4)), "small": 0.05},
    mistakes=[
        Mistake("Return two things: the point and the number of steps.",
                lambda *args: until_flat(*args)[0],
                when=lambda got, want, args: isinstance(got, np.ndarray)),
        Mistake("Take the length of the gradient, the square root of the sum of its squares, not "
                "its largest part.", partial(until_flat, size=lambda g: np.abs(g).max())),
        Mistake("A steep slope down is a negative number, and that is smaller than small, too. "
                "Compare the length of the gradient.", partial(until_flat, size=np.max)),
        Mistake("You add up the absolute values. The length is the square root of the sum of the "
                "squares.", partial(until_flat, size=lambda g: np.abs(g).sum())),
        Mistake("The walk must end after budget steps, flat or not.",
                with_arguments(lambda rate, small, budget: (rate, small, 10_000))),
        Mistake("You walk uphill. Step against the gradient: p - rate * gradient(p).",
                with_arguments(lambda rate, small, budget: (-rate, small, budget))),
        Mistake("You take one step more after the gradient was small. Test first, then step.",
                partial(until_flat, late=True)),
        Mistake("The position is right, but the count is not. Count the steps that were taken.",
                partial(until_flat, more=1), part=1,
                when=lambda got, want, args: np.allclose(got[0], want[0])),
        Mistake("This gradient is exactly as long as small, so it is not smaller. Stop at <, not "
                "at <=.", partial(until_flat, size=lambda g: np.linalg.norm(g) * (1 - 1e-9))),
        Mistake("Use the small that is given, not always 1e-6.",
                with_arguments(lambda rate, small, budget: (rate, 1e-6, budget))),
        Mistake("You compare the sum of squares with small. Take its square root, the length.",
                partial(until_flat, size=lambda g: (g**2).sum())),
    ],
    hints=[
        "A for loop over range(budget) can never take too many steps.",
        "In each round: compute the gradient g; if it is small enough, return; else step.",
        "The length of g is np.linalg.norm(g). After the loop, the budget is used up.",
    ],
    bans=("optim.SGD",),
)
