"""Max pooling and its gradient."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake
from ._conv import numbers, size

ROW = np.array([[[[1.0, 5.0, 2.0, 4.0]] * 2]])
TWO = np.array([[[[-1.0, -7.0], [-3.0, -1.0]]]])


def max_pool(X, k, stride, *, start=-np.inf, best=np.max, step=None, size=size):
    (n, c, h, w), s = X.shape, stride
    Y = np.zeros((n, c, size(h, k, s), size(w, k, s)))
    for i, j in np.ndindex(Y.shape[2:]):
        y, x = i * (step or s), j * (step or s)
        window = X[:, :, y:y + k, x:x + k]
        Y[:, :, i, j] = np.maximum(start, best(window, axis=(2, 3)))
    return Y


def max_pool_backward(G, X, k, stride, *, add=True, all_of_them=False, shared=False, last=False):
    dX, s = np.zeros(X.shape), stride
    for m, c, i, j in np.ndindex(G.shape):
        window = np.s_[m, c, i * s:i * s + k, j * s:j * s + k]
        part = np.zeros((k, k))
        part.flat[-1 - X[window][::-1, ::-1].argmax() if last else X[window].argmax()] = 1
        part = X[window] == X[window].max() if all_of_them else part
        part = G[m, c, i, j] * part / (part.sum() if shared else 1)
        dX[window] = dX[window] + part if add else np.where(part, part, dX[window])
    return dX


def backward(says, **options):
    return Mistake(says, {"max_pool_backward": partial(max_pool_backward, **options)})


def random(rng):
    k, s = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    X = rng.integers(-9, 9, (*rng.integers(1, 4, 2), *rng.integers(3, 8, 2))).astype(float)
    return {"G": rng.normal(size=max_pool(X, k, s).shape), "X": X, "k": k, "stride": s}


EXERCISE = Exercise(
    (max_pool, max_pool_backward),
    program="max_pool_backward(G, X, k, stride)",
    fixed=[
        Case("max_pool(X, k, stride)", {"X": numbers(1, 1, 2, 4), "k": 2, "stride": 2}),
        Case("max_pool(X, k, stride)", {"X": TWO, "k": 2, "stride": 1}),
        Case("max_pool(X, k, stride)", {"X": -numbers(2, 3, 5, 7), "k": 3, "stride": 2}),
        {"G": np.array([[[[10.0, 20.0]]]]), "X": numbers(1, 1, 2, 4), "k": 2, "stride": 2},
        {"G": np.array([[[[10.0]]]]), "X": TWO, "k": 2, "stride": 1},
        {"G": np.array([[[[1.0, 2.0, 4.0]]]]), "X": ROW, "k": 2, "stride": 1},
        {"G": numbers(2, 3, 2, 3), "X": -numbers(2, 3, 5, 7), "k": 3, "stride": 2},
    ],
    random=random,
    mistakes=[
        Mistake("These are the means of the windows. Max pooling keeps the largest number.",
                partial(max_pool, best=np.mean)),
        Mistake("You took one maximum over all images and channels. Each has its own: use "
                "axis=(2, 3).", partial(max_pool, best=lambda window, axis: window.max())),
        Mistake("All numbers in this window are negative, and 0 is not one of them. Take the "
                "maximum of the window itself.", partial(max_pool, start=0.0)),
        Mistake("Window (i, j) begins at row i * stride and column j * stride. Yours moved by one "
                "pixel.", partial(max_pool, step=1)),
        Mistake("The output has (h - k) // stride + 1 rows, and (w - k) // stride + 1 columns.",
                partial(max_pool, size=lambda h, k, s: h // k),
                when=lambda got, want, args: "G" not in args and got.shape != want.shape),
        backward("Several numbers tie, and G went to the last of them. The first gets it, as "
                 "argmax finds it.", last=True),
        backward("Several numbers tie, and each of them got all of G. Only the first may, so that "
                 "G is passed on exactly once.", all_of_them=True),
        backward("You divided G among the numbers that tie. Here the first of them gets all.",
                 all_of_them=True, shared=True),
        backward("Windows overlap here, and one number wins in several of them. It collects the "
                 "sum: use +=, not =.", add=False),
        Mistake("The winner gets G itself. Do not multiply it by the number that won.",
                {"max_pool_backward": lambda G, X, k, stride: X * max_pool_backward(
                    G, X, k, stride)}),
    ],
    hints=[
        "The window of Y[:, :, i, j] is X[:, :, i*stride : i*stride + k, j*stride : j*stride + k]; "
        "its largest number along the axes 2 and 3 is the output.",
        "Backward, go through all indices of G: for m, c, i, j in np.ndindex(G.shape).",
        "X[window].argmax() is the index of the first largest number, counted row by row. For a "
        "view, dX[window].flat[index] += … changes dX itself.",
    ],
    bans=("functional.max_pool2d", "nn.MaxPool2d", "backend.plain.max_pool2d_grad"),
)
