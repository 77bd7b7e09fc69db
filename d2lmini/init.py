"""First values for weights, written into a tensor in place: `nn.init`, with PyTorch's names.

A weight has shape (out, in) or (out, in, kh, kw): fan_in is how many numbers one output adds up,
fan_out how many outputs one input reaches. Read next: nn.py.
"""

from __future__ import annotations

import math

import numpy as np

from .creation import default_generator
from .tensor import Tensor


def fans(tensor: Tensor) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight (out, in, ...)."""
    if tensor.ndim < 2:
        raise ValueError(f"init: a weight of shape {tensor.shape} has no inputs and outputs; "
                         f"expected (out, in) or (out, in, kh, kw).")
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def _fill(tensor: Tensor, values) -> Tensor:
    tensor.data = np.asarray(tensor.data)  # w.data = w.data - 0.1 makes a NumPy number of shape ()
    tensor.data[...] = values
    return tensor


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros everywhere."""
    return _fill(tensor, 0)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """The same number everywhere."""
    return _fill(tensor, val)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """Spread evenly over [a, b)."""
    return _fill(tensor, default_generator().uniform(a, b, tensor.shape))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    """Normally distributed with this mean and standard deviation."""
    if std < 0:
        raise ValueError(f"normal_: a standard deviation cannot be negative, as {std} is.")
    return _fill(tensor, default_generator().normal(mean, std, tensor.shape))


def xavier_uniform_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010), spread evenly."""
    limit = gain * math.sqrt(6 / sum(fans(tensor)))
    return uniform_(tensor, -limit, limit)


def xavier_normal_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010), normally distributed."""
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(fans(tensor))))


def kaiming_uniform_(tensor: Tensor, a: float = 0.0) -> Tensor:
    """Variance 2 / ((1 + a^2) fan_in), for ReLU with slope a below 0 (He et al., 2015)."""
    limit = math.sqrt(6 / ((1 + a * a) * max(1, fans(tensor)[0])))
    return uniform_(tensor, -limit, limit)


def kaiming_normal_(tensor: Tensor, a: float = 0.0) -> Tensor:
    """Variance 2 / ((1 + a^2) fan_in), normally distributed (He et al., 2015)."""
    return normal_(tensor, 0, math.sqrt(2 / ((1 + a * a) * max(1, fans(tensor)[0]))))
