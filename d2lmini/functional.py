"""Activations and layers as functions of tensors, and the losses: `import d2lmini.functional as F`.

Each is its formula with its derivative under it, made with `op` as in tensor.py. Names, arguments
and defaults are PyTorch's. Where several steps are fused into one operator, the docstring gives the
plain formula, and a test holds the two equal. The losses are written in losses.py. Read next:
nn.py, which gives the layers their weights.
"""

from __future__ import annotations

import math

import numpy as np

from .backend import fast as kernels
from .backend.threads import product, total
from .checks import as_floats, check_tensors, one_axis, pair
from .creation import default_generator
from .engine import is_grad_enabled
from .losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    mse_loss,
    one_hot,
)
from .tensor import Tensor, op

__all__ = [
    "avg_pool2d", "binary_cross_entropy_with_logits", "conv2d", "cross_entropy", "dropout",
    "hinge_loss", "linear", "log_softmax", "max_pool2d", "mse_loss", "one_hot", "pad", "relu",
    "sigmoid", "softmax", "tanh",
]

# --- activations ---


def relu(input: Tensor) -> Tensor:
    """max(x, 0), element by element."""
    check_tensors("relu", input)
    return input.relu()


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), element by element."""
    check_tensors("sigmoid", input)
    return input.sigmoid()


def tanh(input: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), element by element."""
    check_tensors("tanh", input)
    return input.tanh()


def softmax(input: Tensor, dim: int = -1) -> Tensor:
    """exp(x) / exp(x).sum(dim), computed from x - max(x), which cannot overflow.

    >>> softmax(Tensor([0.0, 0.0]))
    tensor([0.5, 0.5])
    """
    x, dim = _scores("softmax", input, dim)
    e = np.exp(x - x.max(axis=dim, keepdims=True))
    p = e / e.sum(axis=dim, keepdims=True)
    return op(p, (input,), lambda g: (p * (g - (g * p).sum(axis=dim, keepdims=True)),), "softmax")


def log_softmax(input: Tensor, dim: int = -1) -> Tensor:
    """x - log(exp(x).sum(dim)), finite for every finite x."""
    x, dim = _scores("log_softmax", input, dim)
    x = x - x.max(axis=dim, keepdims=True)
    out = x - np.log(np.exp(x).sum(axis=dim, keepdims=True))

    def backward(g):
        return (g - np.exp(out) * g.sum(axis=dim, keepdims=True),)

    return op(out, (input,), backward, "log_softmax")


def dropout(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Each element is 0 with probability p, else x / (1 - p) (Srivastava et al., 2014).

    Where not `training`, the input itself. ValueError unless p is between 0 and 1.
    """
    check_tensors("dropout", input)
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is a probability between 0 and 1, not {p}.")
    if not training or p == 0:
        return input
    keep = default_generator().random(input.shape, np.float32) >= p
    x = as_floats(input.data)
    scale = keep * x.dtype.type(1 / max(1 - p, 1e-12))
    return op(x * scale, (input,), lambda g: (g * scale,), "dropout")


def _scores(name: str, input: Tensor, dim: int) -> tuple[np.ndarray, int]:
    """The input as floats, and the axis `dim`, counted from the front."""
    check_tensors(name, input)
    return as_floats(input.data), one_axis(name, input.ndim, dim)


# --- layers ---


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input @ weight.T + bias: (..., in), (out, in), (out,) -> (..., out); ValueError otherwise."""
    check_tensors("linear", input, weight, bias)
    x, w = input.data, weight.data
    if w.ndim != 2:
        raise ValueError(f"linear: weight has shape {w.shape}; expected (out, in).")
    if x.ndim < 1 or x.shape[-1] != w.shape[1]:
        features = x.shape[-1] if x.ndim else "no"
        raise ValueError(f"linear: input has {features} features, weight {w.shape} expects "
                         f"{w.shape[1]}. Did you forget to flatten?")
    _check_bias("linear", weight, bias)
    out = product(x, w.T)
    if bias is not None:
        out = np.add(out, bias.data, out=out if out.dtype == bias.dtype else None)

    def backward(g):
        n, (out, features) = math.prod(g.shape[:-1]), w.shape
        rows = g.reshape(n, out)
        return (input.requires_grad and product(g, w),
                weight.requires_grad and product(rows.T, x.reshape(n, features)),
                bias is not None and bias.requires_grad and total(rows, (0,)))

    return op(out, (input, weight) if bias is None else (input, weight, bias), backward, "linear")


def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None,
           stride=1, padding=0) -> Tensor:
    """Cross-correlation: (n, c, h, w) with (out, c, kh, kw) -> (n, out, oh, ow).

    out[n, o, i, j] is bias[o] plus the sum over c, k, l of weight[o, c, k, l] times
    input[n, c, i*stride + k, j*stride + l]. With padding p, oh = (h + 2p - kh) // stride + 1;
    "same" keeps h and w, "valid" is 0. ValueError where the sizes do not fit.
    """
    check_tensors("conv2d", input, weight, bias)
    if input.ndim == 3:  # one image without a batch axis, as PyTorch allows
        return conv2d(input.unsqueeze(0), weight, bias, stride, padding).squeeze(0)
    _check_conv2d(input, weight)
    _check_bias("conv2d", weight, bias)
    stride, kernel = pair("conv2d: stride", stride, 1), weight.shape[2:]
    input = pad(input, _conv2d_padding(padding, kernel, stride))
    size = _output_size("conv2d", input.shape, kernel, stride)
    rows = kernels.unfold_rows(input.data, size, kernel, stride)

    def backward(g):
        dx = input.requires_grad and kernels.conv2d_input_grad(g, weight.data, input.shape, stride)
        return dx, *kernels.conv2d_weight_grad(rows, g, weight.shape)

    out = kernels.conv2d(rows, weight.data, None if bias is None else bias.data, size[1])
    return op(out, (input, weight) if bias is None else (input, weight, bias), backward, "conv2d")


def max_pool2d(input: Tensor, kernel_size, stride=None, padding=0) -> Tensor:
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow).

    The stride is the kernel's size unless given. The gradient of a window goes to its first largest
    value, exactly once. ValueError where the sizes do not fit.
    """
    check_tensors("max_pool2d", input)
    if input.ndim == 3:
        return max_pool2d(input.unsqueeze(0), kernel_size, stride, padding).squeeze(0)
    kernel, stride, padding = _pool_sizes("max_pool2d", input, kernel_size, stride, padding)
    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min
    input = pad(input, (padding[1], padding[1], padding[0], padding[0]), value=lowest)
    size = _output_size("max_pool2d", input.shape, kernel, stride)
    if kernel == stride:  # windows that do not overlap
        keep = input.requires_grad and is_grad_enabled()
        out, winners = kernels.max_pool2d(input.data, kernel, keep)
        return op(out, (input,), lambda g: (
            kernels.max_pool2d_grad(g, winners, input.shape, kernel),), "max_pool2d")
    out, winner = kernels.plain_max_pool2d(input.data, kernel, stride)

    def backward(g):
        dx = np.zeros_like(input.data)
        for (k, l), part in kernels.window_parts(dx, kernel, stride, size):
            part += np.where(winner == k * kernel[1] + l, g, 0)
        return (dx,)

    return op(out, (input,), backward, "max_pool2d")


def avg_pool2d(input: Tensor, kernel_size, stride=None, padding=0) -> Tensor:
    """The mean of each window: (n, c, h, w) -> (n, c, oh, ow); zeros of the padding count.

    The stride is the kernel's size unless given. ValueError where the sizes do not fit.
    """
    check_tensors("avg_pool2d", input)
    if input.ndim == 3:
        return avg_pool2d(input.unsqueeze(0), kernel_size, stride, padding).squeeze(0)
    kernel, stride, padding = _pool_sizes("avg_pool2d", input, kernel_size, stride, padding)
    input = pad(input, (padding[1], padding[1], padding[0], padding[0]))
    size = _output_size("avg_pool2d", input.shape, kernel, stride)

    def backward(g):
        dx = np.zeros_like(input.data)
        for _, part in kernels.window_parts(dx, kernel, stride, size):
            part += g / (kernel[0] * kernel[1])
        return (dx,)

    out = kernels.windows(input.data, kernel, stride).mean(axis=(4, 5))
    return op(out, (input,), backward, "avg_pool2d")


def pad(input: Tensor, pad: tuple, mode: str = "constant", value: float | None = None) -> Tensor:
    """Add `value`, or 0, around the last axes: pad is (left, right), then (top, bottom).

    ValueError for negative counts, more pairs than axes and PyTorch's other modes: it never crops.

    >>> pad(Tensor([[1.0]]), (1, 0, 0, 1)).tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """
    check_tensors("pad", input)
    if mode != "constant":
        raise ValueError(f'pad: mode is "constant", not {mode!r}; give value=..., if it is not 0.')
    pad = tuple(int(n) for n in pad) if isinstance(pad, tuple | list) else (pad,)
    if len(pad) % 2 or len(pad) > 2 * input.ndim or any(n < 0 for n in pad):
        raise ValueError(f"pad: {pad} must be pairs of counts from the last axis backwards, at "
                         f"most {input.ndim} pairs for a tensor of shape {input.shape}.")
    if not any(pad):
        return input
    before_after = [(0, 0)] * (input.ndim - len(pad) // 2) + list(zip(pad[::2], pad[1::2]))[::-1]
    inside = tuple(slice(b, b + n) for (b, _), n in zip(before_after, input.shape))
    out = np.pad(input.data, before_after, constant_values=0 if value is None else value)
    return op(out, (input,), lambda g: (g[inside],), "pad")


# --- sizes of windows, and what may come in ---


def _output_size(name: str, shape: tuple, kernel: tuple, stride: tuple) -> tuple[int, int]:
    """(oh, ow): how often a kernel fits into images of shape (n, c, h, w)."""
    (h, w), (kh, kw) = shape[2:], kernel
    if kh > h or kw > w:
        raise ValueError(f"{name}: a kernel of {kh}x{kw} does not fit into images of {h}x{w} "
                         f"(padding included). Pad them, or use a smaller one.")
    return (h - kh) // stride[0] + 1, (w - kw) // stride[1] + 1


def _pool_sizes(name: str, input: Tensor, kernel_size, stride, padding) -> tuple:
    """(kernel, stride, padding), each as a pair and checked against images (n, c, h, w)."""
    kernel = pair(f"{name}: kernel_size", kernel_size, 1)
    stride = kernel if stride is None else pair(f"{name}: stride", stride, 1)
    padding = pair(f"{name}: padding", padding, 0)
    if input.ndim != 4:
        raise ValueError(f"{name}: input has shape {input.shape}; expected (n, channels, h, w).")
    if padding[0] * 2 > kernel[0] or padding[1] * 2 > kernel[1]:
        raise ValueError(f"{name}: padding {padding} is more than half of the kernel {kernel}, so "
                         f"a window would see nothing but padding.")
    return kernel, stride, padding


def _check_conv2d(input: Tensor, weight: Tensor) -> None:
    if weight.ndim != 4:
        raise ValueError(f"conv2d: weight has shape {weight.shape}; expected (out, in, kh, kw).")
    if input.ndim != 4:
        raise ValueError(f"conv2d: input has shape {input.shape}; expected (n, {weight.shape[1]}, "
                         f"h, w). For gray images of shape (n, h, w) write images[:, None].")
    if input.shape[1] != weight.shape[1]:
        raise ValueError(f"conv2d: input has {input.shape[1]} channels, weight {weight.shape} "
                         f"expects {weight.shape[1]}.")


def _check_bias(name: str, weight: Tensor, bias: Tensor | None) -> None:
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"{name}: bias has shape {bias.shape}, weight {weight.shape} expects "
                         f"{weight.shape[:1]}.")


def _conv2d_padding(padding, kernel: tuple, stride: tuple) -> tuple:
    """(left, right, top, bottom) from a number, a pair, "valid" or "same"."""
    if padding == "same":
        if stride != (1, 1):
            raise ValueError('conv2d: padding="same" works only with stride 1.')
        (top, left), total = [(k - 1) // 2 for k in kernel], [k - 1 for k in kernel]
        return left, total[1] - left, top, total[0] - top
    h, w = pair("conv2d: padding", 0 if padding == "valid" else padding, 0)
    return w, w, h, h
