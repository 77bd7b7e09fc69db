"""The backward pass of batch normalization."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake
from ._norm import column, images, normalized, sizes

AXES = (0, 2, 3)


def batch_norm_backward(G, X, gamma, eps=1e-5, *, middle=1, stretch=1, use_gamma=True, divide=True,
                        times_hat=True, total=np.mean, by_gamma=lambda G, X, X_hat: G * X_hat,
                        add=np.sum):
    X_hat, s = normalized(X, AXES, eps)
    g = column(gamma) * G if use_gamma else G
    along = total(g * X_hat, axis=AXES, keepdims=True)
    dX = g - middle * total(g, axis=AXES, keepdims=True) - stretch * (
        X_hat * along if times_hat else along)
    return (dX / s if divide else dX, add(by_gamma(G, X, X_hat), axis=AXES), add(G, axis=AXES))


def random(rng):
    n, c, h, w = sizes(rng)
    return {"G": rng.integers(-9, 10, (n, c, h, w)) / 2 + 0.25, "X": images(rng, n, c, h, w),
            "gamma": rng.integers(2, 7, c) / 4, "eps": float(rng.choice([1e-5, 0.5]))}


RNG = np.random.default_rng(19)
but = partial(partial, batch_norm_backward)
EXERCISE = Exercise(
    batch_norm_backward,
    rtol=1e-4,
    atol=1e-6,
    fixed=[
        {"G": images(RNG, 2, 2, 2, 5), "X": images(RNG, 2, 2, 2, 5),
         "gamma": np.array([2.0, 0.5]), "eps": 1e-5},
        {"G": np.array([8.0, 0, 0, 0]).reshape(4, 1, 1, 1),
         "X": np.array([0.0, 0, 4, 4]).reshape(4, 1, 1, 1), "gamma": np.array([1.0]), "eps": 0.0},
        Case("batch_norm_backward(G, X, gamma)",
             {"G": np.array([1.0, 0, 0]).reshape(3, 1, 1, 1),
              "X": np.array([0.0, 0.002, 0.004]).reshape(3, 1, 1, 1), "gamma": np.array([1.0])}),
        {"G": images(RNG, 3, 4, 1, 5), "X": images(RNG, 3, 4, 1, 5),
         "gamma": np.array([1.0, 2.0, 3.0, 4.0]), "eps": 2.0},
        {"G": np.ones((2, 1, 1, 2)), "X": np.array([1.0, 2, 4, 5]).reshape(2, 1, 1, 2),
         "gamma": np.array([3.0]), "eps": 1e-5},
    ],
    random=random,
    mistakes=[
        Mistake("In dX the mean of g is missing: each x moves the mean of its channel, and with it "
                "all other numbers.", but(middle=0)),
        Mistake("In dX the last term is missing: each x also changes the size s of its channel. "
                "Subtract X_hat times the mean of g * X_hat.", but(stretch=0)),
        Mistake("In dX both corrections are missing: each x also moves the mean and the size of "
                "its channel.", but(middle=0, stretch=0)),
        Mistake("In dX the last term is the mean of g * X_hat, times X_hat.",
                but(times_hat=False)),
        Mistake("The corrections in dX are means over the channel, not sums.", but(total=np.sum)),
        Mistake("gamma is missing in dX: what arrives at X_hat is g = gamma * G.",
                but(use_gamma=False)),
        Mistake("dX must be divided by s = sqrt(var + eps).", but(divide=False)),
        Mistake("For dgamma multiply G by X_hat, not by X.",
                but(by_gamma=lambda G, X, X_hat: G * X)),
        Mistake("gamma is used by every number of its channel, so dgamma and dbeta are sums, not "
                "means.", but(add=np.mean)),
        Mistake("The three gradients are right, but in another order: dX, dgamma, dbeta.",
                lambda *args: batch_norm_backward(*args)[::-1]),
    ],
    hints=[
        "First the forward pass: mean, s = sqrt(var + eps) and X_hat, each over the axes (0, 2, 3) "
        "with keepdims=True.",
        "dbeta is the sum of G over each channel, dgamma the sum of G * X_hat, both of the shape "
        "(c,).",
        "g = gamma.reshape(-1, 1, 1) * G is what arrives at X_hat. Then the formula of section 5, "
        "with means over the axes (0, 2, 3), keepdims=True.",
        "dX = (g - mean of g - X_hat * mean of (g * X_hat)) / s.",
    ],
)
