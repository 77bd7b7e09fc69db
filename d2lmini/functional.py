"""Activations, layers and losses as functions of tensors: `import d2lmini.functional as F`.

Each is its formula with its derivatives under it, made with `op` as in tensor.py. Names, arguments
and defaults are PyTorch's. Where several steps are fused into one operator, the docstring gives the
plain formula, and a test holds the two equal. further/ has more of PyTorch's functions, and the
argument checks. Read next: nn/module.py and nn/layers.py, which own the weights.
"""

from __future__ import annotations

import math

import numpy as np

from . import backend
from .checks import as_floats, check_tensors
from .creation import default_generator
from .engine import is_grad_enabled
from .further import activations, convolution, sizes
from .further import functional as further
from .further.functional import *  # noqa: F403
from .further.losses import weighted_cross_entropy
from .further.sizes import labels_of, one_hot, reduce, target_of
from .tensor import Tensor, op

__all__ = [
    "avg_pool2d", "conv2d", "cross_entropy", "dropout", "linear", "log_softmax",
    "max_pool2d", "mse_loss", "one_hot", "pad", "relu", "sigmoid", "softmax", "tanh",
    *further.__all__,
]


# --- activations ---

def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0), element by element."""
    check_tensors("relu", input)
    return input.relu_() if inplace else input.relu()


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), element by element."""
    check_tensors("sigmoid", input)
    return input.sigmoid()


def tanh(input: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), element by element."""
    check_tensors("tanh", input)
    return input.tanh()


def softmax(input: Tensor, dim: int | None = None, dtype=None) -> Tensor:
    """exp(x) / exp(x).sum(dim), computed from x - max(x), which cannot overflow.

    >>> softmax(Tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    dim = sizes.softmax_axis("softmax", input, dim)
    input = input if dtype is None else input.to(dtype)
    x = as_floats(input.array)
    e = np.exp(x - x.max(axis=dim, keepdims=True, initial=-np.inf))
    p = e / e.sum(axis=dim, keepdims=True)
    return op("softmax", p, (
        input, lambda g: p * (g - (g * p).sum(axis=dim, keepdims=True))))


def log_softmax(input: Tensor, dim: int | None = None, dtype=None) -> Tensor:
    """x - log(exp(x).sum(dim)), computed from x - max(x): exp cannot overflow."""
    dim = sizes.softmax_axis("log_softmax", input, dim)
    input = input if dtype is None else input.to(dtype)
    x = as_floats(input.array)
    x = x - x.max(axis=dim, keepdims=True, initial=-np.inf)
    out = x - np.log(np.exp(x).sum(axis=dim, keepdims=True))
    return op("log_softmax", out, (
        input, lambda g: g - np.exp(out) * g.sum(axis=dim, keepdims=True)))


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element is 0 with probability p, else x / (1 - p) (Srivastava et al., 2014).

    Where not `training`, the input itself. ValueError unless p is between 0 and 1.
    """
    check_tensors("dropout", input)
    if inplace:
        return activations.in_place_of(input, lambda x: dropout(x, p, training))
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is a probability between 0 and 1, not {p}.")
    if not training or p == 0:
        return input
    keep = default_generator().random(input.shape, np.float32) >= p
    scale = keep * input.dtype.type(1 / (1 - p) if p < 1 else 0)
    return op("dropout", input.array * scale, (input, lambda g: g * scale))


# --- layers ---

def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input @ weight.T + bias: (..., in), (out, in), (out,) -> (..., out).

    ValueError for other shapes, RuntimeError for two dtypes.
    """
    sizes.check_linear(input, weight, bias)
    out = backend.matmul(input.array, weight.array.T)
    if bias is not None:
        out += bias.array

    def rows(x):  # (..., in) -> (n, in)
        return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])

    return op("linear", out,
              (input, lambda g: backend.matmul(g, weight.array)),
              (weight, lambda g: backend.matmul(rows(g).T, rows(input.array))),
              *([] if bias is None else [(bias, lambda g: backend.sum(rows(g), (0,)))]))


@sizes.also_single_images
def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride=1, padding=0,
           dilation=1, groups: int = 1) -> Tensor:
    """Cross-correlation: (n, c, h, w) with (out, c, kh, kw) -> (n, out, oh, ow).

    out[n, o, i, j] is bias[o] plus the sum over c, k, l of weight[o, c, k, l] times
    x[n, c, i*stride + k, j*stride + l], where x is the input with p zeros added on each side, and
    oh = (h + 2p - kh) // stride + 1. padding="same" keeps h and w, "valid" is 0. dilation spreads
    the kernel, groups split the channels. ValueError where the sizes do not fit.
    """
    if groups != 1 or dilation not in (1, (1, 1)):
        return convolution.grouped(conv2d, input, weight, bias, stride, padding, dilation, groups)
    stride, padding = sizes.check_conv2d(input, weight, bias, stride, padding)
    x = pad(input, padding)
    kernels, shape = weight.shape, x.shape
    out, kept = backend.conv2d(
        x.array, weight.array, None if bias is None else bias.array, stride)
    return op("convolution", out,
              (x, lambda g: backend.conv2d_input_grad(g, weight.array, shape, stride)),
              (weight, lambda g: backend.conv2d_weight_grad(g, kept, kernels, stride)),
              *([] if bias is None else [(bias, backend.conv2d_bias_grad)]))


@sizes.also_single_images
def max_pool2d(input: Tensor, kernel_size, stride=None, padding=0, dilation=1,
               ceil_mode: bool = False) -> Tensor:
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow).

    The stride is the kernel's size unless given; padding is -inf; ceil_mode adds a last window that
    is partly outside. A window's gradient goes to its first largest value only. ValueError where
    the sizes do not fit.
    """
    kernel, stride, padding = sizes.check_pool("max_pool2d", input, kernel_size, stride, padding,
                                               dilation)
    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min
    if ceil_mode:
        more = convolution.ceil_padding(input.shape, kernel, stride, padding)
        input = pad(input, more, value=lowest)
    x = pad(input, (padding[1], padding[1], padding[0], padding[0]), value=lowest)
    shape, keep = x.shape, x.requires_grad and is_grad_enabled()
    out, winners = backend.max_pool2d(x.array, kernel, stride, keep)
    return op("max_pool2d", out, (
        x, lambda g: backend.max_pool2d_grad(g, winners, shape, kernel, stride, padding)))


@sizes.also_single_images
def avg_pool2d(input: Tensor, kernel_size, stride=None, padding=0, ceil_mode: bool = False,
               count_include_pad: bool = True) -> Tensor:
    """The mean of each window: (n, c, h, w) -> (n, c, oh, ow); padding counts as zeros.

    The stride is the kernel's size unless given. ValueError where the sizes do not fit.
    """
    kernel, stride, padding = sizes.check_pool("avg_pool2d", input, kernel_size, stride, padding)
    sizes.check_avg_pool(input, ceil_mode, count_include_pad, padding)
    x = pad(input, (padding[1], padding[1], padding[0], padding[0]))
    shape = x.shape
    return op("avg_pool2d", backend.avg_pool2d(x.array, kernel, stride), (
        x, lambda g: backend.avg_pool2d_grad(g, shape, kernel, stride)))


def pad(input: Tensor, pad: tuple, mode: str = "constant", value: float | None = None) -> Tensor:
    """Add `value`, or 0, around the last axes: pad is (left, right), then (top, bottom).

    ValueError for negative counts and for more pairs than axes: it never crops.

    >>> pad(Tensor([[1.0]]), (1, 0, 0, 1)).tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """
    if mode != "constant":
        return convolution.pad_by_index(input, pad, mode)
    widths = sizes.pad_widths(input, pad)
    if not any(map(any, widths)):
        return input
    inside = tuple(slice(before, before + n) for (before, _), n in zip(widths, input.shape))
    out = np.pad(input.array, widths, constant_values=0 if value is None else value)
    return op("pad", out, (input, lambda g: g[inside]))


# --- losses: how wrong a batch of predictions is, as one number ---
# `reduction` says how the losses of the examples are reduced: "mean", "sum", or "none".

def mse_loss(input: Tensor, target, *, reduction: str = "mean", **old) -> Tensor:
    """The mean of (prediction - target)^2 over all elements; ValueError if their shapes differ."""
    target = target_of("mse_loss", input, target)
    error = input - target
    return reduce("mse_loss", error * error, reduction, **old)


@sizes.leaves_out_ignored
def cross_entropy(input: Tensor, target, weight: Tensor | None = None, *, ignore_index: int = -100,
                  reduction: str = "mean", label_smoothing: float = 0.0, **old) -> Tensor:
    """-log_softmax(logits)[i, labels[i]]: logits (n, classes) and n labels -> the mean, a number.

    The gradient of the mean is (softmax(logits) - one_hot(labels)) / n. The target may be
    probabilities (n, classes). Labels are integers in [0, classes); `ignore_index` is left out.
    `weight` (classes,) scales each class; label_smoothing mixes in 1 / classes. ValueError for
    other shapes and labels.
    """
    reduction = sizes.reduction_of(reduction, **old)
    if input.ndim != 2:
        input, target, shape = sizes.flat_classes(input, target)
        loss = cross_entropy(input, target, weight, ignore_index=ignore_index,
                             reduction=reduction, label_smoothing=label_smoothing)
        return sizes.in_shape(loss, shape, reduction)
    if weight is not None or ignore_index != -100:
        return weighted_cross_entropy(log_softmax(input, -1), target, weight, ignore_index,
                                      reduction, label_smoothing)
    if label_smoothing or sizes.is_probabilities(input, target):
        goal = sizes.smooth_targets(input, target, label_smoothing)
        losses = -(log_softmax(input, 1) * goal).sum(1)
        return reduce("cross_entropy", losses, reduction)
    labels = labels_of("cross_entropy", input, target)
    x, rows = as_floats(input.array), np.arange(len(labels))
    shifted = x - backend.row_max(x)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    losses = np.log(total[:, 0]) - shifted[rows, labels]

    def derivative(g):
        d = e / total  # softmax(x)
        d[rows, labels] -= 1
        return d * g[:, None]

    return reduce("cross_entropy", op("nll_loss", losses, (input, derivative)), reduction)
