"""Activations, losses and layers as functions of tensors: `import d2lmini.functional as F`.

Each is its formula with its derivative under it, made with `op` as in tensor.py. Names, arguments and
defaults are PyTorch's. Where several steps are fused into one operator, the docstring gives the plain
formula, and a test holds the two equal. Read next: nn.py, which gives the layers their weights.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .checks import axes, pair
from .creation import default_generator
from .tensor import Tensor, as_tensor, op

# --- activations ---


def relu(input: Tensor) -> Tensor:
    """max(x, 0), element by element."""
    return input.relu()


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), element by element."""
    return input.sigmoid()


def tanh(input: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), element by element."""
    return input.tanh()


def softmax(input: Tensor, dim: int = -1) -> Tensor:
    """exp(x) / exp(x).sum(dim), computed from x - max(x), which cannot overflow.

    >>> softmax(Tensor([0.0, 0.0]))
    tensor([0.5, 0.5])
    """
    axes("softmax", input.ndim, dim)
    e = np.exp(input.data - input.data.max(axis=dim, keepdims=True))
    p = e / e.sum(axis=dim, keepdims=True)
    return op(p, (input,), lambda g: (p * (g - (g * p).sum(axis=dim, keepdims=True)),), "softmax")


def log_softmax(input: Tensor, dim: int = -1) -> Tensor:
    """x - log(exp(x).sum(dim)), finite for every finite x."""
    axes("log_softmax", input.ndim, dim)
    x = input.data - input.data.max(axis=dim, keepdims=True)
    out = x - np.log(np.exp(x).sum(axis=dim, keepdims=True))

    def backward(g):
        return (g - np.exp(out) * g.sum(axis=dim, keepdims=True),)

    return op(out, (input,), backward, "log_softmax")


def dropout(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Each element is 0 with probability p, else x / (1 - p) (Srivastava et al., 2014)."""
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is a probability between 0 and 1, not {p}.")
    if not training or p == 0:
        return input
    keep = default_generator().random(input.shape, np.float32) >= p
    scale = (keep / max(1 - p, 1e-12)).astype(input.dtype)
    return op(input.data * scale, (input,), lambda g: (g * scale,), "dropout")


# --- losses: one number for a batch; reduction is "mean", "sum" or "none" ---


def mse_loss(input: Tensor, target, reduction: str = "mean") -> Tensor:
    """The mean of (prediction - target)^2 over all elements; both have the same shape."""
    target = as_tensor(target, input)
    if input.shape != target.shape:
        try:
            becomes = f"that would broadcast to {np.broadcast_shapes(input.shape, target.shape)}"
        except ValueError:
            becomes = "they do not even broadcast"
        raise ValueError(f"mse_loss: prediction {input.shape} and target {target.shape} differ in "
                         f"shape; {becomes}. Reshape one.")
    error = input.data - target.data
    spread, value = _reduce("mse_loss", error * error, reduction)

    def backward(g):
        d = 2 * error * spread(g)
        return d, target.requires_grad and -d

    return op(value, (input, target), backward, "mse_loss")


def cross_entropy(input: Tensor, target, reduction: str = "mean") -> Tensor:
    """-log_softmax(logits)[i, labels[i]]: logits (n, classes) and n labels -> the mean, a number.

    The labels are whole numbers, as an array, a list or a tensor. The gradient by the logits is
    softmax(logits) minus one_hot(labels).
    """
    x, labels = input.data, _labels("cross_entropy", input, target)
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    spread, value = _reduce("cross_entropy", np.log(total[:, 0]) - shifted[rows, labels], reduction)

    def backward(g):
        d = e / total
        d[rows, labels] -= 1
        return (d * (spread(g)[:, None] if reduction == "none" else spread(g)),)

    return op(value, (input,), backward, "cross_entropy")


def binary_cross_entropy_with_logits(input: Tensor, target, reduction: str = "mean") -> Tensor:
    """-y log p - (1 - y) log(1 - p) with p = sigmoid(logit); logits and y in [0, 1], same shape."""
    target, name = as_tensor(target, input), "binary_cross_entropy_with_logits"
    if input.shape != target.shape:
        raise ValueError(f"{name}: logits {input.shape} and target {target.shape} differ in shape. "
                         f"Reshape one.")
    x, y = input.data, target.data
    if y.size and not (y.min() >= 0 and y.max() <= 1):
        raise ValueError(f"{name}: targets are probabilities between 0 and 1, not {y.min():g} "
                         f"to {y.max():g}.")
    e = np.exp(-np.abs(x))
    spread, value = _reduce(name, np.maximum(x, 0) - x * y + np.log1p(e), reduction)

    def backward(g):
        p = np.where(x >= 0, 1, e) / (1 + e)
        return (p - y) * spread(g), target.requires_grad and -x * spread(g)

    return op(value, (input, target), backward, name)


def hinge_loss(input: Tensor, target, margin: float = 1.0, reduction: str = "mean") -> Tensor:
    """The sum over j of max(0, margin + s_j - s_y), j not y, as in Crammer and Singer (2001)'s SVM.

    Scores s (n, classes) and n labels y. PyTorch's multi_margin_loss divides by the classes, too.
    """
    s, labels = input.data, _labels("hinge_loss", input, target)
    rows = np.arange(len(s))
    over = np.maximum(0, s - s[rows, labels][:, None] + s.dtype.type(margin))
    over[rows, labels] = 0
    spread, value = _reduce("hinge_loss", over.sum(axis=1), reduction)

    def backward(g):
        d = (over > 0).astype(s.dtype)
        d[rows, labels] = -d.sum(axis=1)
        return (d * (spread(g)[:, None] if reduction == "none" else spread(g)),)

    return op(value, (input,), backward, "hinge_loss")


def one_hot(target, num_classes: int = -1) -> Tensor:
    """Labels (n,) -> (n, num_classes), 1 at the label and 0 elsewhere, as integers.

    >>> one_hot([1, 0], 3).tolist()
    [[0, 1, 0], [1, 0, 0]]
    """
    labels = target.data if isinstance(target, Tensor) else np.asarray(target)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"one_hot: labels are whole numbers, not {labels.dtype}.")
    if num_classes < 0:
        num_classes = int(labels.max()) + 1 if labels.size else 0
    _check_range("one_hot", labels, num_classes)
    return Tensor((labels[..., None] == np.arange(num_classes)).astype(np.int64))


# --- layers ---


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input @ weight.T + bias: (..., in), (out, in), (out,) -> (..., out)."""
    x, w = input.data, weight.data
    if w.ndim != 2 or x.ndim < 1 or x.shape[-1] != w.shape[1]:
        features = x.shape[-1] if x.ndim else "no"
        raise ValueError(f"linear: input has {features} features, weight {w.shape} expects "
                         f"{w.shape[-1]}. Did you forget to flatten?")
    _check_bias("linear", weight, bias)
    out = x @ w.T if bias is None else x @ w.T + bias.data

    def backward(g):
        rows = g.reshape(-1, g.shape[-1])
        return (input.requires_grad and g @ w,
                weight.requires_grad and rows.T @ x.reshape(-1, x.shape[-1]),
                bias is not None and bias.requires_grad and rows.sum(axis=0))

    return op(out, (input, weight) if bias is None else (input, weight, bias), backward, "linear")


def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride=1, padding=0) -> Tensor:
    """Cross-correlation: (n, c, h, w) with (out, c, kh, kw) -> (n, out, oh, ow).

    out[n, o, i, j] = sum over c, k, l of input[n, c, i*stride + k, j*stride + l] weight[o, c, k, l].
    With padding p, oh = (h + 2p - kh) // stride + 1; "same" keeps h and w, "valid" is 0.
    """
    if input.ndim == 3:  # one image without a batch axis, as PyTorch allows
        return conv2d(input.unsqueeze(0), weight, bias, stride, padding).squeeze(0)
    _check_conv2d(input, weight)
    _check_bias("conv2d", weight, bias)
    stride, kernel = pair("conv2d: stride", stride, 1), weight.shape[2:]
    input = pad(input, _conv2d_padding(padding, kernel, stride))
    x, w = input.data, weight.data
    windows = _windows("conv2d", x, kernel, stride)
    out = np.tensordot(windows, w, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)

    def backward(g):
        dw = weight.requires_grad and np.tensordot(g, windows, ((0, 2, 3), (0, 2, 3)))
        dx = input.requires_grad and np.zeros_like(x)
        if input.requires_grad:
            for (k, l), part in _window_parts(dx, kernel, stride, g.shape[2:]):
                part += np.tensordot(g, w[:, :, k, l], ((1,), (0,))).transpose(0, 3, 1, 2)
        return dx, dw, bias is not None and bias.requires_grad and g.sum(axis=(0, 2, 3))

    if bias is None:
        return op(out, (input, weight), backward, "conv2d")
    return op(out + bias.data[:, None, None], (input, weight, bias), backward, "conv2d")


def max_pool2d(input: Tensor, kernel_size, stride=None, padding=0) -> Tensor:
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow); stride is the kernel's size.

    The gradient of a window goes to its first largest value, exactly once.
    """
    if input.ndim == 3:
        return max_pool2d(input.unsqueeze(0), kernel_size, stride, padding).squeeze(0)
    kernel, stride, padding = _pool_sizes("max_pool2d", input, kernel_size, stride, padding)
    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min
    input = pad(input, (padding[1], padding[1], padding[0], padding[0]), value=lowest)
    windows = _windows("max_pool2d", input.data, kernel, stride)
    flat = windows.reshape(*windows.shape[:4], -1)
    winner = flat.argmax(axis=-1)

    def backward(g):
        dx = np.zeros_like(input.data)
        for (k, l), part in _window_parts(dx, kernel, stride, g.shape[2:]):
            part += g * (winner == k * kernel[1] + l)
        return (dx,)

    out = np.take_along_axis(flat, winner[..., None], axis=-1)[..., 0]
    return op(out, (input,), backward, "max_pool2d")


def avg_pool2d(input: Tensor, kernel_size, stride=None, padding=0) -> Tensor:
    """The mean of each window: (n, c, h, w) -> (n, c, oh, ow); zeros of the padding count."""
    if input.ndim == 3:
        return avg_pool2d(input.unsqueeze(0), kernel_size, stride, padding).squeeze(0)
    kernel, stride, padding = _pool_sizes("avg_pool2d", input, kernel_size, stride, padding)
    input = pad(input, (padding[1], padding[1], padding[0], padding[0]))
    windows = _windows("avg_pool2d", input.data, kernel, stride)

    def backward(g):
        dx = np.zeros_like(input.data)
        for _, part in _window_parts(dx, kernel, stride, g.shape[2:]):
            part += g / (kernel[0] * kernel[1])
        return (dx,)

    return op(windows.mean(axis=(4, 5)), (input,), backward, "avg_pool2d")


def pad(input: Tensor, pad: tuple, value: float = 0.0) -> Tensor:
    """Add `value` around the last axes: pad is (left, right), then (top, bottom), as in PyTorch.

    >>> pad(Tensor([[1.0]]), (1, 0, 0, 1)).tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """
    pad = tuple(int(n) for n in pad)
    if len(pad) % 2 or len(pad) > 2 * input.ndim or any(n < 0 for n in pad):
        raise ValueError(f"pad: {pad} must be pairs of counts from the last axis backwards, at most "
                         f"{input.ndim} pairs for a tensor of shape {input.shape}.")
    if not any(pad):
        return input
    before_after = [(0, 0)] * (input.ndim - len(pad) // 2) + list(zip(pad[::2], pad[1::2]))[::-1]
    inside = tuple(slice(b, b + n) for (b, _), n in zip(before_after, input.shape))
    out = np.pad(input.data, before_after, constant_values=value)
    return op(out, (input,), lambda g: (g[inside],), "pad")


# --- windows of images ---


def _windows(name: str, x, kernel: tuple, stride: tuple):
    """A view of x (n, c, h, w) as (n, c, oh, ow, kh, kw): the window under each kernel position."""
    if kernel[0] > x.shape[2] or kernel[1] > x.shape[3]:
        raise ValueError(f"{name}: a kernel of {kernel[0]}x{kernel[1]} does not fit into images of "
                         f"{x.shape[2]}x{x.shape[3]} (padding included). Pad them, or use a smaller one.")
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::stride[0], ::stride[1]]


def _window_parts(x, kernel: tuple, stride: tuple, size: tuple):
    """For each kernel position (k, l) the view of x with what lies under it in all the windows."""
    for k in range(kernel[0]):
        for l in range(kernel[1]):  # noqa: E741
            yield (k, l), x[:, :, k:k + stride[0] * size[0]:stride[0],
                            l:l + stride[1] * size[1]:stride[1]]


def _pool_sizes(name: str, input: Tensor, kernel_size, stride, padding):
    kernel = pair(f"{name}: kernel_size", kernel_size, 1)
    stride = kernel if stride is None else pair(f"{name}: stride", stride, 1)
    padding = pair(f"{name}: padding", padding, 0)
    if input.ndim != 4:
        raise ValueError(f"{name}: input has shape {input.shape}; expected (n, channels, h, w).")
    if padding[0] * 2 > kernel[0] or padding[1] * 2 > kernel[1]:
        raise ValueError(f"{name}: padding {padding} is more than half of the kernel {kernel}, so a "
                         f"window would see nothing but padding.")
    return kernel, stride, padding


def _check_conv2d(input: Tensor, weight: Tensor) -> None:
    if weight.ndim != 4:
        raise ValueError(f"conv2d: weight has shape {weight.shape}; expected (out, in, kh, kw).")
    if input.ndim != 4:
        raise ValueError(f"conv2d: input has shape {input.shape}; expected (n, {weight.shape[1]}, h, w). "
                         f"For gray images of shape (n, h, w) write images[:, None].")
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


# --- what the losses share ---


def _reduce(name: str, losses, reduction: str):
    """The loss, reduced, and the function that spreads its gradient over the single losses."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{name}: reduction is 'mean', 'sum' or 'none', not {reduction!r}.")
    if reduction == "none":
        return (lambda g: g), losses
    if not losses.size:
        raise ValueError(f"{name}: the batch is empty.")
    if reduction == "sum":
        return (lambda g: g), losses.sum()
    return (lambda g: g / losses.dtype.type(losses.size)), losses.mean()


def _labels(name: str, input: Tensor, target) -> np.ndarray:
    """The labels as an integer array, checked against scores of shape (n, classes)."""
    labels = target.data if isinstance(target, Tensor) else np.asarray(target)
    if input.ndim != 2:
        raise ValueError(f"{name}: scores have shape {input.shape}; expected (n, classes).")
    if labels.shape != input.shape[:1]:
        hint = " For one-hot labels write labels.argmax(1)." if labels.ndim == 2 else ""
        raise ValueError(f"{name}: {input.shape[0]} rows of scores need labels of shape "
                         f"{input.shape[:1]}, not {labels.shape}.{hint}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name}: labels are the numbers of the classes, whole numbers, not "
                        f"{labels.dtype}. Convert them with labels.astype(int).")
    _check_range(name, labels, input.shape[1])
    return labels


def _check_range(name: str, labels, classes: int) -> None:
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise ValueError(f"{name}: labels go from {labels.min()} to {labels.max()}, but there are "
                         f"{classes} classes, 0 to {classes - 1}.")
