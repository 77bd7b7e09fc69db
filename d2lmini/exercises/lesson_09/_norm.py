"""What the exercises of lesson 09 share: numbers that are normalized along some axes."""

import numpy as np


def normalized(X, axis, eps):
    """(x - mean) / s, and s = sqrt(var + eps); the axes are kept with length 1."""
    s = np.sqrt(X.var(axis=axis, keepdims=True) + eps)
    return (X - X.mean(axis=axis, keepdims=True)) / s, s


def column(v):
    """One number for each channel, (c,) -> (c, 1, 1)."""
    return np.reshape(v, (-1, 1, 1))


def images(rng, n, c, h, w):
    """Images whose channels have means and sizes of their own."""
    size = rng.integers(1, 6, (c, 1, 1))
    return np.round(rng.normal(rng.integers(-4, 5, (c, 1, 1)), size, (n, c, h, w)), 1)


def sizes(rng):
    """Of a small batch of images; the channels are fewer than its columns."""
    return tuple(int(k) for k in rng.integers((2, 2, 2, 5), (5, 5, 5, 7)))
