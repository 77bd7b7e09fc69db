"""Activations beside relu, sigmoid, tanh and softmax, each as in PyTorch, for functional.py."""

from __future__ import annotations

import math

import numpy as np

from ..checks import as_floats, check_tensors
from ..creation import where
from ..tensor import Tensor, op
from . import sizes

__all__ = [
    "celu", "cosine_similarity", "elu", "gelu", "glu", "gumbel_softmax", "hardshrink",
    "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "logsigmoid", "mish", "normalize",
    "pairwise_distance", "prelu", "relu6", "relu_", "selu", "silu", "softmin", "softplus",
    "softshrink", "softsign", "tanhshrink", "threshold",
]

def in_place_of(input: Tensor, function) -> Tensor:
    """function(input), written into the input's own memory: what `inplace=True` means."""
    old = input._old()
    return input._become(old, function(old))


def _elementwise(name: str, formula, slope):
    """A function of each element x with its derivative, slope(x)."""
    def function(input: Tensor, inplace: bool = False) -> Tensor:
        check_tensors(name, input)
        if inplace:
            return in_place_of(input, function)
        x = as_floats(input.array)
        return op(name, formula(x).astype(x.dtype), (
            input, lambda g: g * slope(as_floats(input.array)).astype(g.dtype)))

    function.__name__ = name
    return function


def _shrink(name: str, formula):
    """A function that is 0 from -lambd to lambd; outside, and at nan, its derivative is 1."""
    def function(input: Tensor, lambd: float = 0.5) -> Tensor:
        def outside(values):
            return np.where((input.array >= -lambd) & (input.array <= lambd), 0, values)

        return op(name, outside(formula(input.array, lambd)).astype(input.dtype), (input, outside))

    function.__name__ = name
    return function


def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def _mish_slope(x):
    t = np.tanh(np.logaddexp(0, x))
    return t + x * _sigmoid(x) * (1 - t * t)


SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805  # Klambauer et al. (2017)
silu = _elementwise("silu", lambda x: x * _sigmoid(x),
                    lambda x: _sigmoid(x) * (1 + x * (1 - _sigmoid(x))))
mish = _elementwise("mish", lambda x: x * np.tanh(np.logaddexp(0, x)), _mish_slope)
hardsigmoid = _elementwise("hardsigmoid", lambda x: np.clip(x / 6 + 0.5, 0, 1),
                           lambda x: (np.abs(x) < 3) * float(np.float32(1 / 6)))  # PyTorch's 1/6
hardswish = _elementwise("hardswish", lambda x: x * np.clip(x + 3, 0, 6) / 6, lambda x: np.where(
    x < -3, 0, np.where(x <= 3, x / 3 + 0.5, 1)))
tanhshrink = _elementwise("tanhshrink", lambda x: x - np.tanh(x), lambda x: np.tanh(x) ** 2)
hardshrink = _shrink("hardshrink", lambda x, at: x)
softshrink = _shrink("softshrink", lambda x, at: x - np.sign(x) * x.dtype.type(at))
logsigmoid = _elementwise("logsigmoid", lambda x: -np.logaddexp(0, -x), lambda x: _sigmoid(-x))


def relu_(input: Tensor) -> Tensor:
    """max(x, 0), written into x."""
    return input.relu_()


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else negative_slope * x."""
    check_tensors("leaky_relu", input)
    if inplace:
        return in_place_of(input, lambda x: leaky_relu(x, negative_slope))
    slope = np.where(input.array > 0, 1, negative_slope).astype(input.dtype)
    return op("leaky_relu", input.array * slope, (input, lambda g: g * slope))


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x times the probability that a standard normal number is below x."""
    check_tensors("gelu", input)
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (input + 0.044715 * input ** 3)
        return 0.5 * input * (1 + inner.tanh())
    return input * 0.5 * (1 + (input / math.sqrt(2)).erf())


def _elu(name: str, input: Tensor, inplace: bool, low: float, high: float, rate: float) -> Tensor:
    """low * (exp(rate * x) - 1) where x is negative, else high * x."""
    check_tensors(name, input)
    if inplace:
        return in_place_of(input, lambda x: _elu(name, x, False, low, high, rate))
    x = as_floats(input.array)
    low, high, rate = (x.dtype.type(float(number)) for number in (low, high, rate))
    with np.errstate(all="ignore"):
        out = np.where(x < 0, low * np.expm1(rate * x), high * x)

    def derivative(g):
        x = input.array
        return g * np.where(x <= 0, low * rate * np.exp(rate * np.minimum(x, 0)), high)

    return op(name, out, (input, derivative))


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where it is positive, else alpha * (exp(x) - 1) (Clevert et al., 2016)."""
    return _elu("elu", input, inplace, alpha, 1, 1)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where it is positive, else alpha * (exp(x / alpha) - 1)."""
    return _elu("celu", input, inplace, alpha, 1, 1 / float(alpha))


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """elu with alpha = 1.6733, times 1.0507, which keeps mean and variance near 0 and 1."""
    return _elu("selu", input, inplace, SELU_ALPHA * SELU_SCALE, SELU_SCALE, 1)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0,
             inplace: bool = False) -> Tensor:
    """x between min_val and max_val; the derivative is 0 at both and outside."""
    if inplace:
        return in_place_of(input, lambda x: hardtanh(x, min_val, max_val))
    x = input.array
    low, high = (x.dtype.type(limit) for limit in (min_val, max_val))
    return op("hardtanh", np.clip(x, low, high), (
        input, lambda g: np.where((input.array <= low) | (input.array >= high), 0, g)))


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """x between 0 and 6."""
    check_tensors("relu6", input)
    return hardtanh(input, 0, 6, inplace)


def softsign(input: Tensor) -> Tensor:
    """x / (1 + |x|)."""
    check_tensors("softsign", input)
    return input / (input.abs() + 1)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """log(1 + exp(beta x)) / beta: a smooth ReLU; x itself where beta x is above the threshold."""
    def parts():
        x = as_floats(input.array)
        straight = x * beta > threshold
        return x, straight, np.exp(np.where(straight, 0, x) * x.dtype.type(beta))

    def derivative(g):
        _, straight, e = parts()
        return np.where(straight, g, g * (e / (e + 1)))

    x, straight, e = parts()
    return op("softplus", np.where(straight, x, np.log1p(e) / x.dtype.type(beta)), (
        input, derivative))


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where it is above the threshold, else `value`."""
    return in_place_of(input, lambda x: where(x > threshold, x, value)) if inplace else (
        where(input > threshold, input, value))


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """x where it is positive, else weight * x, with one weight or one a channel."""
    if weight.numel() != 1:
        sizes.check_each("prelu", input.dtype, input.shape[1] if input.ndim > 1 else 1, "channels",
                         weight)
    column = weight if weight.numel() == 1 or input.ndim < 2 else weight.reshape(
        -1, *(1,) * (input.ndim - 2))
    return where(input > 0, input, column * input)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half of the axis `dim` times the sigmoid of the second."""
    if input.size(dim) % 2:
        raise RuntimeError(f"glu: the axis {dim} of shape {input.shape} must be even to be halved.")
    first, second = input.chunk(2, dim)
    return first * second.sigmoid()


def softmin(input: Tensor, dim: int) -> Tensor:
    """softmax(-x)."""
    return (-input).softmax(dim)


def gumbel_softmax(logits: Tensor, tau: float = 1.0, hard: bool = False, *,
                   dim: int = -1) -> Tensor:
    """softmax((logits + noise) / tau), a random choice with a gradient (Jang et al., 2017).

    `hard` gives ones and zeros, with the gradient of what is soft.
    """
    noise = -logits.detach().clone().exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    chosen = soft.detach().argmax(dim, keepdim=True)
    return soft - soft.detach() + soft.new_zeros(soft.shape).scatter_(dim, chosen, 1.0)


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """x divided by its p-norm along `dim`."""
    return input / input.norm(p, dim, keepdim=True).clamp(min=eps)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along `dim`."""
    if x1.ndim != x2.ndim:
        shape = np.broadcast_shapes(x1.shape, x2.shape)
        x1, x2 = x1.expand(shape), x2.expand(shape)
    lengths = x1.norm(2, dim).clamp(min=eps) * x2.norm(2, dim).clamp(min=eps)
    return (x1 * x2).sum(dim) / lengths


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6,
                      keepdim: bool = False) -> Tensor:
    """The p-norm of x1 - x2 + eps along the last axis."""
    return (x1 - x2 + eps).norm(p, -1, keepdim)
