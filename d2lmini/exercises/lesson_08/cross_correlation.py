"""Cross-correlation of one image with one kernel."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake, same
from ._conv import border, numbers, size

EDGE = np.array([[1.0, -1.0]])


def cross_correlation(X, K, stride=1, padding=0, *, flip=False, steps=True, add=np.sum,
                      times=np.multiply):
    X, K = border(X, padding), K[::-1, ::-1] if flip else K
    (kh, kw), s = K.shape, stride
    Y = np.zeros((max(0, size(X.shape[0], kh, s)), max(0, size(X.shape[1], kw, s))))
    for i, j in np.ndindex(Y.shape):
        y, x = (i * s, j * s) if steps else (i, j)
        Y[i, j] = add(times(X[y:y + kh, x:x + kw], K))
    return Y


def random(rng):
    (h, w), (kh, kw) = rng.integers(4, 9, 2), rng.integers(1, 4, 2)
    return {"X": rng.normal(size=(h, w)), "K": rng.normal(size=(kh, kw)),
            "stride": int(rng.integers(1, 4)), "padding": int(rng.integers(0, 3))}


EXERCISE = Exercise(
    cross_correlation,
    program="cross_correlation(X, K, stride=stride, padding=padding)",
    fixed=[
        Case("cross_correlation(X, K)", {"X": numbers(3, 3), "K": numbers(2, 2)}),
        Case("cross_correlation(X, K)", {"X": np.array([[0.0, 0, 1, 1], [1, 0, 0, 1]]), "K": EDGE}),
        {"X": numbers(4, 6), "K": numbers(2, 3), "stride": 2, "padding": 0},
        {"X": numbers(2, 2), "K": numbers(3, 3), "stride": 1, "padding": 1},
        {"X": numbers(5, 4).astype(np.float32), "K": -EDGE.T, "stride": 3, "padding": 2},
        {"X": numbers(2, 3), "K": numbers(2, 3), "stride": 1, "padding": 0},
    ],
    random=random,
    mistakes=[
        Mistake("You flipped the kernel. Cross-correlation lays it on the image as it is.",
                partial(cross_correlation, flip=True)),
        Mistake("The output has the right size, but the windows moved by 1. Window (i, j) begins "
                "at row i * stride and column j * stride.",
                partial(cross_correlation, steps=False)),
        Mistake("A window gives the sum of the products, not their mean.",
                partial(cross_correlation, add=np.mean)),
        Mistake("You used @, the matrix product. Multiply element by element, with *.",
                partial(cross_correlation, times=np.matmul)),
        Mistake("The padding is missing: put a border of zeros around X first, on all four sides.",
                lambda X, K, stride=1, padding=0: cross_correlation(X, K, stride),
                when=lambda got, want, args: args.get("padding") and (got.size == 0 or same(
                    got, cross_correlation(args["X"], args["K"], args["stride"])))),
        Mistake("The stride is missing: it makes the output smaller.",
                lambda X, K, stride=1, padding=0: cross_correlation(X, K, 1, padding)),
    ],
    hints=[
        "np.pad(X, padding) puts a border of zeros around X. After that forget the padding.",
        "Make Y of zeros, with the shape that the size formula gives, and go through its indices "
        "(i, j) with two loops.",
        "The window of Y[i, j] is X[i*stride : i*stride + kh, j*stride : j*stride + kw].",
        "Y[i, j] = (window * K).sum()",
    ],
    bans=("functional.conv2d", "nn.Conv2d"),
)
