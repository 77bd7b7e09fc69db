"""Find the bugs of a residual block of dense layers."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake
from ._norm import normalized


def relu(Z):
    return np.maximum(0, Z)


def residual_block(X, W1, W2, eps=1e-5, *, axis=0, inner=relu, branch=lambda Z: Z, last=relu,
                   inside=1, shortcut=1):
    H = inner(normalized(X @ W1.T, axis, eps * inside)[0])
    change = branch(normalized(H @ W2.T, axis, eps * inside)[0])
    return last(shortcut * X + change)


def random(rng):
    n, d, m = (int(k) for k in rng.integers((4, 2, 2), (8, 5, 6)))
    return {"X": rng.integers(-6, 7, (n, d)) / 2, "W1": rng.normal(size=(m, d)).round(1) + 0.05,
            "W2": rng.normal(size=(d, m)).round(1) + 0.05, "eps": float(rng.choice([1e-5, 0.5]))}


X = np.array([[1.0, -2.0], [0.0, 3.0], [-4.0, 1.0], [2.0, -1.0]])
W1 = np.array([[1.0, 0.5], [-1.0, 2.0], [0.5, -1.0]])
W2 = np.array([[1.0, -1.0, 2.0], [0.5, 1.0, -1.0]])
but = partial(partial, residual_block)
EXERCISE = Exercise(
    residual_block,
    fixed=[
        {"X": X, "W1": W1, "W2": W2, "eps": 1e-5},
        {"X": X, "W1": W1, "W2": 0 * W2, "eps": 1e-5},
        {"X": X, "W1": W1, "W2": W2, "eps": 0.5},
        Case("residual_block(X, W1, W2)", {"X": X / 1000, "W1": W1, "W2": W2}),
    ],
    random=random,
    mistakes=[
        Mistake("Each row was normalized by itself. Batch normalization takes the mean and the "
                "variance of each column, over the batch: axis=0.", but(axis=1)),
        Mistake("nan: a column whose numbers are all equal has the variance 0. eps belongs under "
                "the root.", but(inside=0),
                when=lambda got, want, args: not np.isfinite(got).all()),
        Mistake("eps is an argument, and does nothing yet: divide by sqrt(var + eps).",
                lambda X, W1, W2, eps=1e-5: residual_block(X, W1, W2, 1e-5)),
        Mistake("ReLU acts on the change before it is added, so the block can only make numbers "
                "larger. Add first, then ReLU.", but(branch=relu, last=lambda Z: Z)),
        Mistake("There are two ReLUs at the end. The change must be able to be negative: only "
                "after the addition comes ReLU.", but(branch=relu)),
        Mistake("The ReLU after the addition is missing.", but(last=lambda Z: Z)),
        Mistake("The ReLU between the two layers is missing.", but(inner=lambda Z: Z)),
        Mistake("Where is the shortcut? Add X to the change before the last ReLU.",
                but(shortcut=0)),
    ],
    hints=[
        "Go through the drawing of section 6, box by box, and compare each line with it.",
        "Look at the axis in norm, at what norm divides by, and at the place of each np.maximum.",
        "X += change writes into the array of the caller. X + change makes a new one.",
    ],
)
