"""What each operator computes: one readable NumPy formula for each, on plain arrays.

This file is the definition. fast.py has the same names and gives the same results sooner, and a
test holds the two equal; `D2LMINI_BACKEND=plain` runs everything on this file. Images have the
shape (n, c, h, w): n images, c channels, h rows, w columns. Products are written with `np.einsum`:
each axis has a letter, and letters missing on the right of the arrow are summed over, so that
`einsum("ij,jk->ik", a, b)` is `a @ b`. Learners read this file after lesson 08.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

__all__ = [
    "avg_pool2d", "avg_pool2d_grad", "conv2d", "conv2d_bias_grad", "conv2d_input_grad",
    "conv2d_weight_grad", "matmul", "max_pool2d", "max_pool2d_grad", "relu", "relu_grad", "row_max",
    "sum",
]


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(..., n, k) @ (..., k, m) -> (..., n, m), and NumPy's rules for vectors and batches."""
    return a @ b


def sum(a: np.ndarray, axes: tuple, keepdims: bool = False) -> np.ndarray:
    """The sum over `axes`, added up in 64 bits: many float32 lose little, bytes do not overflow."""
    if a.dtype.kind == "f":
        return a.sum(axes, dtype=np.float64, keepdims=keepdims).astype(a.dtype)
    return a.sum(axes, dtype=np.int64, keepdims=keepdims)


def row_max(x: np.ndarray) -> np.ndarray:
    """The largest value of each row: (n, k) -> (n, 1)."""
    return x.max(axis=1, keepdims=True)


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0), element by element."""
    return np.maximum(x, 0)


def relu_grad(g: np.ndarray, out: np.ndarray) -> np.ndarray:
    """The gradient with respect to x of out = relu(x): g where out > 0 or nan, else 0."""
    return np.where(out <= 0, 0, g)


def windows(x: np.ndarray, kernel: tuple, stride: tuple) -> np.ndarray:
    """(n, c, h, w) -> (n, c, oh, ow, kh, kw): what each position of the kernel covers.

    The result is a view: overlapping windows share their pixels, and `windows(…)[..., k, l] += g`
    adds g to pixel (k, l) of every window.
    """
    seen = sliding_window_view(x, kernel, axis=(2, 3), writeable=x.flags.writeable)
    return seen[:, :, ::stride[0], ::stride[1]]


def conv2d(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, stride: tuple) -> tuple:
    """(n, c, h, w) with weight (o, c, kh, kw) and bias (o,) -> (n, o, oh, ow).

    Each window times each kernel, summed over channels and kernel positions. Also returns what
    `conv2d_weight_grad` needs again: here x itself.
    """
    seen = windows(x, weight.shape[2:], stride)
    out = np.einsum("ncijkl,ockl->noij", seen, weight, optimize=True)
    return (out if bias is None else out + bias[:, None, None]), x


def conv2d_input_grad(g: np.ndarray, weight: np.ndarray, shape: tuple, stride: tuple) -> np.ndarray:
    """The gradient with respect to x, of shape `shape`, from g (n, o, oh, ow).

    Each g goes back to the pixels of its window, to each by the weight through which it came.
    """
    dx = np.zeros(shape, g.dtype)
    seen = windows(dx, weight.shape[2:], stride)
    for k, l in np.ndindex(weight.shape[2:]):
        seen[..., k, l] += np.einsum("noij,oc->ncij", g, weight[:, :, k, l], optimize=True)
    return dx


def conv2d_weight_grad(g: np.ndarray, kept: np.ndarray, shape: tuple, stride: tuple) -> np.ndarray:
    """The gradient with respect to the weight, of shape `shape`: windows times their g, summed."""
    return np.einsum("noij,ncijkl->ockl", g, windows(kept, shape[2:], stride), optimize=True)


def conv2d_bias_grad(g: np.ndarray) -> np.ndarray:
    """(n, o, oh, ow) -> (o,): the bias was added everywhere, so its gradient is the sum."""
    return sum(g, (0, 2, 3))


def max_pool2d(x: np.ndarray, kernel: tuple, stride: tuple, keep: bool = True) -> tuple:
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow).

    Also returns the winners, for `max_pool2d_grad`: the position of the first largest value in
    each window, counted row by row; None unless asked to `keep` them.
    """
    seen = windows(x, kernel, stride)
    seen = seen.reshape(*seen.shape[:4], kernel[0] * kernel[1])
    return seen.max(axis=-1), seen.argmax(axis=-1) if keep else None


def max_pool2d_grad(g: np.ndarray, winners: np.ndarray, shape: tuple, kernel: tuple, stride: tuple,
                    padding: tuple = (0, 0)) -> np.ndarray:
    """The gradient with respect to x, of shape `shape`: each window's g goes to its winner.

    The winner lies in the padding (`padding` rows above and below, columns left and right) only
    where a whole window is -inf. Then g goes to the nearest pixel of the image, as in PyTorch.
    """
    dx = np.zeros(shape, g.dtype)
    seen = windows(dx, kernel, stride)
    for i, (k, l) in enumerate(np.ndindex(*kernel)):
        seen[..., k, l] += np.where(winners == i, g, 0)
    return fold_padding(dx, padding)


def fold_padding(dx: np.ndarray, padding: tuple) -> np.ndarray:
    """Move the gradient dx (n, c, h, w) of each padding pixel to the nearest pixel of the image."""
    for axis, p in zip((2, 3), padding):
        if p:
            lines = np.moveaxis(dx, axis, 0)  # the rows, then the columns: views of dx
            lines[p] += lines[:p].sum(axis=0)
            lines[-p - 1] += lines[-p:].sum(axis=0)
            lines[:p] = lines[-p:] = 0
    return dx


def avg_pool2d(x: np.ndarray, kernel: tuple, stride: tuple) -> np.ndarray:
    """The mean of each window: (n, c, h, w) -> (n, c, oh, ow)."""
    return windows(x, kernel, stride).mean(axis=(4, 5))


def avg_pool2d_grad(g: np.ndarray, shape: tuple, kernel: tuple, stride: tuple) -> np.ndarray:
    """The gradient with respect to x, of shape `shape`: each pixel of a window gets its part."""
    dx = np.zeros(shape, g.dtype)
    seen = windows(dx, kernel, stride)
    for k, l in np.ndindex(*kernel):
        seen[..., k, l] += g / (kernel[0] * kernel[1])
    return dx
