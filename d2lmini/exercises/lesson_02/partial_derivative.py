"""A partial derivative, measured by the central difference."""

import numpy as np

from ..spec import Code, Exercise, Mistake


def partial_derivative(f, x, i, h):
    step = np.zeros(len(x))
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)


def times(factor):
    return lambda f, x, i, h: factor(h) * partial_derivative(f, x, i, h)


def cut_off(f, x, i, h):
    up, down = x.copy(), x.copy()
    up[i], down[i] = x[i] + h, x[i] - h
    return (f(up) - f(down)) / (2 * h)


def random(rng):
    x = rng.normal(size=int(rng.integers(1, 6)))
    text = rng.choice(["lambda x: np.sin(x).sum() + x[0] ** 3", "lambda x: np.exp(x @ x / 10)",
                       "lambda x: np.prod(x + 2)"])
    return {"f": Code(str(text)), "x": x, "i": int(rng.integers(len(x))),
            "h": float(rng.choice([0.5, 0.1, 1e-3, 1e-5]))}


EXERCISE = Exercise(
    partial_derivative,
    fixed=[
        {"f": Code("lambda x: x[0] ** 2 * x[1]"), "x": np.array([3.0, 2.0]), "i": 0, "h": 0.1},
        {"f": Code("lambda x: x[0] ** 2 * x[1]"), "x": np.array([3.0, 2.0]), "i": 1, "h": 0.1},
        {"f": Code("lambda x: x[0] ** 3"), "x": np.array([-2.0]), "i": 0, "h": 0.5},
        {"f": Code("lambda x: (x * x).sum()"), "x": np.array([1, 2, 3]), "i": 2, "h": 0.1},
        {"f": Code("lambda x: x[0] * x[1]"), "x": np.array([7.0, 5.0, 1.0]), "i": 2, "h": 0.1},
    ],
    random=random,
    mistakes=[
        Mistake("It is twice too large: the two points are 2h apart, so divide by 2 * h.",
                times(lambda h: 2)),
        Mistake("You divided by 2 and then multiplied by h: write / (2 * h), in parentheses.",
                times(lambda h: h * h)),
        Mistake("That is the one-sided difference. The central one has a point on each side of "
                "x[i].", lambda f, x, i, h: (f(x + h * np.eye(len(x))[i]) - f(x)) / h),
        Mistake("All entries of x moved. Only x[i] may move; the others are held fixed.",
                lambda f, x, i, h: (f(x + h) - f(x - h)) / (2 * h)),
        Mistake("x holds integers, and x[i] + h put back into such an array is cut off. Work on "
                "x.astype(float), or add an array of floats.", cut_off,
                when=lambda got, want, args: args["x"].dtype.kind == "i"),
        Mistake("Use the h that is given, even a large one.",
                lambda f, x, i, h: partial_derivative(f, x, i, 1e-6)),
        Mistake("Are your two points one and the same array? up = x makes no copy, so both moves "
                "happen in it. Take x.copy(), or add an array.", times(lambda h: 0),
                when=lambda got, want, args: got == 0 != want),
        Mistake("The sign is wrong: f at x[i] + h comes first, minus f at x[i] - h.",
                times(lambda h: -1)),
    ],
    hints=[
        "You need two points: x with h added to entry i, and x with h subtracted from entry i.",
        "step = np.zeros(len(x)) and step[i] = h give an array that moves only entry i.",
        "The answer is (f(x + step) - f(x - step)) / (2 * h).",
    ],
)
