"""Weight initialization, in place, under PyTorch's names: `nn.init.kaiming_normal_(layer.weight)`.

A weight has shape (out, in) or (out, in, kh, kw): fan_in is how many numbers one output adds up,
fan_out how many outputs one input reaches.
"""

from __future__ import annotations

import math

from ..creation import as_generator
from ..further.missing import missing
from ..tensor import Tensor
from .further_init import calculate_gain, eye_, filled, orthogonal_, trunc_normal_  # noqa: F401


def fans(tensor: Tensor) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight (out, in, ...)."""
    if tensor.ndim < 2:
        raise ValueError(f"init: a weight of shape {tensor.shape} has no inputs and outputs; "
                         f"expected (out, in) or (out, in, kh, kw).")
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


_calculate_fan_in_and_fan_out = fans  # PyTorch's name, which custom layers call


def constant_(tensor: Tensor, val) -> Tensor:
    """The number `val` everywhere."""
    return filled(tensor, val)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros everywhere."""
    return constant_(tensor, 0)


def ones_(tensor: Tensor) -> Tensor:
    """Ones everywhere."""
    return constant_(tensor, 1)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator=None) -> Tensor:
    """Uniform on [a, b)."""
    return filled(tensor, as_generator(generator).uniform(a, b, tensor.shape))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator=None) -> Tensor:
    """Normal with this mean and standard deviation."""
    return filled(tensor, as_generator(generator).normal(mean, std, tensor.shape))


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator=None) -> Tensor:
    """Uniform with variance gain^2 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    limit = gain * math.sqrt(6 / sum(fans(tensor)))
    return uniform_(tensor, -limit, limit, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator=None) -> Tensor:
    """Normal with variance gain^2 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(fans(tensor))), generator)


def kaiming_uniform_(tensor: Tensor, a: float = 0.0, mode: str = "fan_in",
                     nonlinearity: str = "leaky_relu", generator=None) -> Tensor:
    """Uniform with variance gain^2 / fan_in (He et al., 2015).

    gain^2 is 2 for ReLU, 2 / (1 + a^2) for a leaky ReLU of slope a.
    """
    limit = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -limit, limit, generator)


def kaiming_normal_(tensor: Tensor, a: float = 0.0, mode: str = "fan_in",
                    nonlinearity: str = "leaky_relu", generator=None) -> Tensor:
    """Normal with variance gain^2 / fan_in; gain as in kaiming_uniform_."""
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity), generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"init: mode is 'fan_in' or 'fan_out', not {mode!r}.")
    fan = fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(max(1, fan))


def __getattr__(name: str):
    if f"{name}_" in globals():  # xavier_uniform: the name of xavier_uniform_ until 2018
        return globals()[f"{name}_"]
    raise AttributeError(missing(f"nn.init has no {name!r}", name))
