"""Batch normalization of images, in training."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake
from ._norm import column, images, sizes


def batch_norm(X, gamma, beta, eps=1e-5, *, axis=(0, 2, 3), ddof=0,
               divide=lambda var, eps: np.sqrt(var + eps)):
    var = X.var(axis=axis, keepdims=True, ddof=ddof)
    X_hat = (X - X.mean(axis=axis, keepdims=True)) / divide(var, eps)
    return column(gamma) * X_hat + column(beta)


def random(rng):
    X = images(rng, *sizes(rng))
    c = X.shape[1]
    return {"X": X, "gamma": rng.integers(2, 6, c) / 2, "beta": rng.integers(1, 6, c) / 1.0,
            "eps": float(rng.choice([1e-5, 0.1, 2.0]))}


but = partial(partial, batch_norm)
RNG = np.random.default_rng(9)
EXERCISE = Exercise(
    batch_norm,
    fixed=[
        {"X": np.arange(16.0).reshape(2, 2, 2, 2) ** 2, "gamma": np.array([1.0, 1.0]),
         "beta": np.array([0.0, 0.0]), "eps": 1e-5},
        {"X": np.array([0.0, 0, 4, 4]).reshape(4, 1, 1, 1), "gamma": np.array([1.0]),
         "beta": np.array([0.0]), "eps": 1e-5},
        {"X": images(RNG, 3, 2, 2, 5), "gamma": np.array([2.0, 0.5]),
         "beta": np.array([1.0, -3.0]), "eps": 0.5},
        {"X": np.full((2, 2, 1, 3), 7.0), "gamma": np.array([2.0, 3.0]),
         "beta": np.array([4.0, 5.0]), "eps": 1e-5},
        Case("batch_norm(X, gamma, beta)",
             {"X": np.array([0.0, 0.002, 0.004]).reshape(3, 1, 1, 1), "gamma": np.array([1.0]),
              "beta": np.array([0.0])}),
    ],
    random=random,
    mistakes=[
        Mistake("The channels were mixed: there is a mean and a variance for each channel. Take "
                "them over the axes (0, 2, 3).", but(axis=None)),
        Mistake("You normalized each place by itself. A channel has one mean, over the images and "
                "all places: axis=(0, 2, 3).", but(axis=0)),
        Mistake("You normalized each image by itself. The mean goes over the images of the batch, "
                "too: axis=(0, 2, 3).", but(axis=(2, 3))),
        Mistake("You took the mean over the channels. Take it for each channel, over the axes "
                "(0, 2, 3).", but(axis=1)),
        Mistake("You divided by the variance. Take its square root, with eps inside.",
                but(divide=lambda var, eps: var + eps)),
        Mistake("eps stands inside the root: sqrt(var + eps).",
                but(divide=lambda var, eps: np.sqrt(var) + eps)),
        Mistake("Where is eps? A channel whose numbers are all equal has the variance 0.",
                but(divide=lambda var, eps: np.sqrt(var)),
                when=lambda got, want, args: not np.isfinite(got).all()
                or np.allclose(got, batch_norm(**args | {"eps": 0}))),
        Mistake("The variance is the mean of the squares here: divide by m, not by m - 1.",
                but(ddof=1)),
        Mistake("gamma and beta are exchanged: gamma multiplies, beta is added.",
                lambda X, gamma, beta, eps=1e-5: batch_norm(X, beta, gamma, eps)),
        Mistake("gamma and beta are missing: multiply by gamma and add beta, channel by channel.",
                lambda X, gamma, beta, eps=1e-5: batch_norm(X, 1 + 0 * gamma, 0 * beta, eps)),
    ],
    hints=[
        "Four steps: the mean of each channel, its variance, X_hat, and gamma * X_hat + beta.",
        "X.mean(axis=(0, 2, 3), keepdims=True) has the shape (1, c, 1, 1), which broadcasts over "
        "the images and places.",
        "gamma has the shape (c,), which would broadcast over the columns. Write "
        "gamma.reshape(-1, 1, 1).",
    ],
    bans=("functional.batch_norm", "nn.BatchNorm1d", "nn.BatchNorm2d", "nn.LayerNorm",
          "Tensor.backward", "gradcheck.numerical_gradient"),
)
