"""For init.py: the gain of each activation, and rarer ways to begin: orthogonal, the identity."""

from __future__ import annotations

import math

import numpy as np

from ..creation import as_generator
from ..tensor import Tensor


def filled(tensor: Tensor, values) -> Tensor:
    """The tensor, overwritten with a number or an array."""
    tensor.array[...] = values
    tensor.bump()
    return tensor


def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix."""
    return filled(tensor, np.eye(*tensor.shape))


def orthogonal_(tensor: Tensor, gain: float = 1.0, generator=None) -> Tensor:
    """Rows (or columns, if there are more rows) at right angles, of length `gain`.

    Saxe et al. (2014).
    """
    rows, columns = tensor.shape[0], tensor.array[0].size
    random = as_generator(generator).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(random)
    q = q * np.sign(np.diag(r))
    return filled(tensor, gain * (q.T if rows < columns else q).reshape(tensor.shape))


def trunc_normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0,
                  b: float = 2.0, generator=None) -> Tensor:
    """Normal, drawn again where it is outside of [a, b]."""
    random = as_generator(generator)
    array = random.normal(mean, std, tensor.shape)
    while (outside := (array < a) | (array > b)).any():
        array[outside] = random.normal(mean, std, int(outside.sum()))
    return filled(tensor, array)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor that keeps the variance through an activation; `param` is the leaky slope."""
    gains = {"linear": 1, "conv2d": 1, "sigmoid": 1, "tanh": 5 / 3, "relu": math.sqrt(2),
             "leaky_relu": math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2)),
             "selu": 3 / 4}
    if nonlinearity not in gains:
        raise ValueError(f"init: the nonlinearity {nonlinearity!r} is none of {list(gains)}.")
    return gains[nonlinearity]
