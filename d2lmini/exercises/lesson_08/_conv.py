"""What the exercises of lesson 08 share: sizes, borders, and made-up images."""

import numpy as np


def size(h, k, s=1, p=0):
    return (h + 2 * p - k) // s + 1


def numbers(*shape):
    """The numbers 1, 2, 3, … in an array of this shape."""
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


def border(X, p):
    """The images with p zeros around each."""
    return np.pad(X, [(0, 0)] * (X.ndim - 2) + [(p, p)] * 2)


def draw(rng, n, c, h, w, o=0, kh=1, kw=1, **more):
    """Images, and kernels with biases for o channels (or the size of a window, for none)."""
    kernels = {"W": rng.integers(-9, 9, (o, c, kh, kw)) / 2, "b": rng.integers(-9, 9, o) / 2}
    return {"X": rng.integers(-9, 9, (n, c, h, w)) / 2,
            **(kernels if o else {"kh": kh, "kw": kw}), **more}
