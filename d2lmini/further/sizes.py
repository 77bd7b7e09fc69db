"""Argument checks of functional.py: shapes that fit, labels in range, and messages for the rest."""

from __future__ import annotations

import functools

import numpy as np

from ..checks import LabelError, RangeError, ShapeError, check_tensors, one_axis, pair
from ..tensor import Tensor, beside


def softmax_axis(name: str, input: Tensor, dim: int | None) -> int:
    """The axis `dim`, counted from the front; without one the classes' axis of (n, classes)."""
    check_tensors(name, input)
    if dim is None:
        if input.ndim not in (1, 2):
            raise TypeError(f"{name}: input has shape {input.shape}; say along which axis the "
                            f"classes are: {name}(x, dim=-1).")
        dim = input.ndim - 1
    return one_axis(name, input.ndim, dim)


def check_linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    check_tensors("linear", input, weight, bias)
    x, w = input.array, weight.array
    if w.ndim != 2:
        raise ShapeError(f"linear: weight has shape {w.shape}; expected (out, in).")
    if x.ndim < 1 or x.shape[-1] != w.shape[1]:
        features = x.shape[-1] if x.ndim else "no"
        raise ShapeError(f"linear: input has {features} features, weight {w.shape} expects "
                         f"{w.shape[1]}. Did you forget to flatten?")
    if x.dtype != w.dtype:
        raise RuntimeError(f"linear: input is {x.dtype} and weight {w.dtype}, and they must have "
                           f"the same dtype. Write x.to(weight.dtype), or x.float().")
    _check_bias("linear", weight, bias)


def also_single_images(function):
    """Let a function of images (n, c, h, w) also take one (c, h, w), as PyTorch does."""
    @functools.wraps(function)
    def call(input, *args, **options):
        check_tensors(function.__name__, input)
        if input.ndim == 3:
            return function(input.unsqueeze(0), *args, **options).squeeze(0)
        return function(input, *args, **options)

    return call


def check_conv2d(input: Tensor, weight: Tensor, bias: Tensor | None, stride, padding) -> tuple:
    """The stride as a pair, and (left, right, top, bottom) of the padding."""
    check_tensors("conv2d", input, weight, bias)
    if weight.ndim != 4:
        raise ShapeError(f"conv2d: weight has shape {weight.shape}; expected (out, in, kh, kw).")
    if input.ndim != 4:
        raise ShapeError(f"conv2d: input has shape {input.shape}; expected (n, {weight.shape[1]}, "
                         f"h, w). For gray images of shape (n, h, w) write images[:, None].")
    if input.shape[1] != weight.shape[1]:
        raise ShapeError(f"conv2d: input has {input.shape[1]} channels, weight {weight.shape} "
                         f"expects {weight.shape[1]}.")
    if input.dtype != weight.dtype:
        raise RuntimeError(f"conv2d: input is {input.dtype} and weight {weight.dtype}, and they "
                           f"must have the same dtype. Write x.to(weight.dtype), or x.float().")
    _check_bias("conv2d", weight, bias)
    stride, kernel = pair("conv2d: stride", stride, 1), weight.shape[2:]
    padding = _conv2d_padding(padding, kernel, stride)
    left, right, top, bottom = padding
    _check_kernel("conv2d", (input.shape[2] + top + bottom, input.shape[3] + left + right), kernel)
    return stride, padding


def check_groups(inputs: int, outputs: int, groups: int, padding_mode: str) -> None:
    if padding_mode != "zeros":
        raise NotImplementedError(f"Conv2d: padding_mode is 'zeros' in d2lmini, not "
                                  f"{padding_mode!r}.")
    if inputs % groups or outputs % groups:
        raise ValueError(f"Conv2d: {inputs} channels in and {outputs} out cannot be divided into "
                         f"{groups} groups.")


def check_pool(name: str, input: Tensor, kernel_size, stride, padding, dilation=1) -> tuple:
    """(kernel, stride, padding), each as a pair and checked against images (n, c, h, w)."""
    if dilation not in (1, (1, 1)):
        raise NotImplementedError(f"{name}: only dilation=1 is in d2lmini, not {dilation}.")
    kernel = pair(f"{name}: kernel_size", kernel_size, 1)
    stride = kernel if stride is None else pair(f"{name}: stride", stride, 1)
    padding = pair(f"{name}: padding", padding, 0)
    if input.ndim != 4:
        raise ShapeError(f"{name}: input has shape {input.shape}; expected (n, channels, h, w).")
    if padding[0] * 2 > kernel[0] or padding[1] * 2 > kernel[1]:
        raise ShapeError(f"{name}: padding {padding} is more than half of the kernel {kernel}, so "
                         f"a window would see nothing but padding.")
    _check_kernel(name, [n + 2 * p for n, p in zip(input.shape[2:], padding)], kernel)
    return kernel, stride, padding


def check_avg_pool(input: Tensor, ceil_mode: bool, count_include_pad: bool,
                   padding: tuple) -> None:
    if input.dtype.kind != "f":
        raise RuntimeError(f"avg_pool2d: takes floats, not {input.dtype}: a mean of integers is a "
                           f"fraction. Write x.float().")
    if ceil_mode or (not count_include_pad and any(padding)):
        raise NotImplementedError("avg_pool2d: ceil_mode=True, and count_include_pad=False beside "
                                  "a padding, are not in d2lmini.")


def output_pair(input: Tensor, output_size) -> tuple[int, int]:
    """The output size of adaptive pooling; None keeps the input's."""
    check_tensors("adaptive_avg_pool2d", input)
    if input.ndim < 3:
        raise ShapeError(f"adaptive_avg_pool2d: images (n, c, h, w) or (c, h, w), not shape "
                         f"{input.shape}.")
    both = output_size if isinstance(output_size, tuple | list) else (output_size, output_size)
    return pair("adaptive_avg_pool2d: output_size",
                tuple(n if o is None else o for o, n in zip(both, input.shape[-2:])), 1)


def _check_kernel(name: str, image, kernel: tuple) -> None:
    (h, w), (kh, kw) = image, kernel
    if kh > h or kw > w:
        raise ShapeError(f"{name}: a kernel of {kh}x{kw} does not fit into images of {h}x{w} "
                         f"(padding included). Pad them, or use a smaller one.")


def _check_bias(name: str, weight: Tensor, bias: Tensor | None) -> None:
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ShapeError(f"{name}: bias has shape {bias.shape}, weight {weight.shape} expects "
                         f"{weight.shape[:1]}.")


def _conv2d_padding(padding, kernel: tuple, stride: tuple) -> tuple:
    """(left, right, top, bottom) from a number, a pair, "valid" or "same"."""
    if padding == "same":
        if stride != (1, 1):
            raise ShapeError('conv2d: padding="same" works only with stride 1.')
        (top, left), total = [(k - 1) // 2 for k in kernel], [k - 1 for k in kernel]
        return left, total[1] - left, top, total[0] - top
    h, w = pair("conv2d: padding", 0 if padding == "valid" else padding, 0)
    return w, w, h, h


def pad_widths(input: Tensor, pad) -> list[tuple[int, int]]:
    """(before, after) for each axis, from PyTorch's pairs that begin with the last axis."""
    check_tensors("pad", input)
    pad = tuple(int(n) for n in pad) if isinstance(pad, tuple | list) else (pad,)
    if len(pad) % 2 or len(pad) > 2 * input.ndim or any(n < 0 for n in pad):
        raise ShapeError(f"pad: {pad} must be pairs of counts from the last axis backwards, at "
                         f"most {input.ndim} pairs for a tensor of shape {input.shape}.")
    return [(0, 0)] * (input.ndim - len(pad) // 2) + list(zip(pad[::2], pad[1::2]))[::-1]


def check_batch_norm(input: Tensor) -> int:
    """How many numbers each channel has; ValueError for a single one."""
    if input.ndim < 2:
        raise ShapeError(f"batch_norm: input has shape {input.shape}; expected (n, c) or "
                         f"(n, c, h, w).")
    n = input.numel() // max(input.shape[1], 1)
    if n == 1:
        raise ShapeError("batch_norm: Expected more than 1 value per channel when training, got "
                         f"input size {input.shape}. Give a larger batch, or call model.eval().")
    return n


def check_embedding(input, weight: Tensor) -> np.ndarray:
    """The row numbers as integers that index the weight."""
    check_tensors("embedding", weight)
    rows = input.array if isinstance(input, Tensor) else np.asarray(input)
    if rows.dtype.kind not in "iu":
        raise RuntimeError(f"embedding: the indices are integers, not {rows.dtype}. Write "
                           f"x.long().")
    if rows.size and not 0 <= rows.min() <= rows.max() < len(weight):
        raise IndexError(f"embedding: index {rows.min()} to {rows.max()} is out of range: there "
                         f"are {len(weight)} rows, 0 to {len(weight) - 1}.")
    return rows.astype(np.intp)


# --- losses ---

def reduction_of(reduction: str, **old) -> str:
    """The reduction, also from PyTorch's older arguments, of which False says something."""
    if not old or set(old.values()) == {None}:
        return reduction
    for name in old.keys() - {"size_average", "reduce"}:
        raise TypeError(f"a loss has no argument {name!r}; how it is reduced says reduction=.")
    if old.get("reduce") is False:
        return "none"
    return "sum" if old.get("size_average") is False else "mean"


def reduce(name: str, losses: Tensor, reduction: str, **old) -> Tensor:
    """The losses of the examples, reduced: their "mean", their "sum", or "none"."""
    reduction = reduction_of(reduction, **old)
    check_reduction(name, reduction, losses.numel())
    return losses if reduction == "none" else getattr(losses, reduction)()


def check_reduction(name: str, reduction: str, size: int) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ShapeError(f"{name}: reduction is 'mean', 'sum' or 'none', not {reduction!r}.")
    if not size and reduction != "none":
        raise ShapeError(f"{name}: the batch is empty.")


def target_of(name: str, input: Tensor, target) -> Tensor:
    """The target as a tensor in the shape of the prediction; ValueError if it has another."""
    check_tensors(name, input)
    target = beside(target, input)
    if input.shape != target.shape:
        try:
            becomes = f"that would broadcast to {np.broadcast_shapes(input.shape, target.shape)}"
        except ValueError:
            becomes = "they do not even broadcast"
        raise ShapeError(f"{name}: prediction {input.shape} and target {target.shape} differ in "
                         f"shape; {becomes}. Reshape one.")
    return target


def probabilities_of(name: str, input: Tensor, target) -> Tensor:
    """The target of a yes-or-no loss; ValueError unless it is between 0 and 1."""
    target = target_of(name, input, target)
    if target.dtype != input.dtype and (target.dtype.kind != "f" or name == "binary_cross_entropy"):
        raise RuntimeError(f"{name}: Found dtype {target.dtype} but expected {input.dtype}. Write "
                           f"target.to(input.dtype); of integers, target.float().")
    check_probabilities(name, target, "targets")
    return target


def check_probabilities(name: str, p: Tensor, what: str = "predictions") -> None:
    if p.array.size and not (p.array.min() >= 0 and p.array.max() <= 1):
        raise ShapeError(f"{name}: {what} are probabilities between 0 and 1, not "
                         f"{p.array.min():g} to {p.array.max():g}.")


def is_probabilities(input: Tensor, target) -> bool:
    """Whether the target of cross_entropy is a float for every class."""
    return (isinstance(target, Tensor) and target.dtype.kind == "f"
            and target.shape == input.shape and input.ndim == 2)


def smooth_targets(input: Tensor, target, label_smoothing: float) -> Tensor:
    """Probabilities (n, classes): the target mixed with the uniform distribution."""
    if not is_probabilities(input, target):
        labels = labels_of("cross_entropy", input, target)
        target = Tensor.from_array(np.eye(input.shape[1], dtype=input.dtype)[labels])
    return target * (1 - label_smoothing) + label_smoothing / input.shape[1]


def leaves_out_ignored(loss):
    """cross_entropy with labels of -100, which do not count: nll_loss knows them."""
    @functools.wraps(loss)
    def call(input, target, weight=None, **options):
        try:
            return loss(input, target, weight, **options)
        except ShapeError:
            labels = np.asarray(getattr(target, "array", target))
            if weight is not None or labels.dtype.kind != "i" or -100 not in labels:
                raise
            classes = input.shape[input.ndim > 1]
            return loss(input, target, Tensor.from_array(np.ones(classes, input.dtype)), **options)

    return call


def in_shape(loss: Tensor, shape: tuple, reduction: str) -> Tensor:
    """The losses of flat_classes in the shape that it found; of a single row never -0."""
    loss = loss if shape else loss + 0.0
    return loss.reshape(shape) if reduction == "none" else loss


def flat_classes(input: Tensor, target) -> tuple:
    """Scores (n, classes, d1, ...) and labels (n, d1, ...) as rows, and the shape of the losses.

    Also of a single row (classes,) with one label.
    """
    target = target if isinstance(target, Tensor) else Tensor.from_array(np.asarray(target))
    check_tensors("cross_entropy", input)
    shape = input.shape[:1] * (input.ndim > 1) + input.shape[2:]
    if not input.ndim or target.shape not in (shape, input.shape):
        raise ShapeError(f"cross_entropy: scores {input.shape} need labels of shape {shape}, not "
                         f"{target.shape}.")
    rows = lambda x: x.movedim(min(1, x.ndim - 1), -1).reshape(-1, x.shape[min(1, x.ndim - 1)])
    target = rows(target) if target.shape == input.shape and target.dtype.kind == "f" else (
        target.reshape(-1))
    return rows(input), target, shape


def labels_of(name: str, input: Tensor, target) -> np.ndarray:
    """The labels as integers, checked against the scores (n, classes)."""
    check_tensors(name, input)
    labels = target.array if isinstance(target, Tensor) else np.asarray(target)
    if input.ndim != 2:
        raise ShapeError(f"{name}: scores have shape {input.shape}; expected (n, classes).")
    if labels.shape != input.shape[:1]:
        hint = " For one-hot labels write labels.argmax(1)." if labels.ndim == 2 else ""
        raise ShapeError(f"{name}: {input.shape[0]} rows of scores need labels of shape "
                         f"{input.shape[:1]}, not {labels.shape}.{hint}")
    if labels.dtype.kind not in "iu":
        raise LabelError(f"{name}: labels are the numbers of the classes, integers, not "
                         f"{labels.dtype}. Convert them with labels.long().")
    _check_range(name, labels, input.shape[1])
    return labels


def check_each(name: str, dtype, n: int, of: str, *tensors) -> None:
    """ShapeError unless each tensor that is there holds n numbers, which would broadcast otherwise.

    RuntimeError unless they are of the input's `dtype`.
    """
    for t in tensors:
        if t is not None and t.dtype != (dtype or t.dtype):
            raise RuntimeError(f"{name}: mixed dtypes, the input is {dtype} and a parameter "
                               f"{t.dtype}. Convert one: x.to(model.weight.dtype).")
        if t is not None and t.numel() != n:
            raise ShapeError(f"{name}: {n} {of} need as many numbers, not a tensor of shape "
                             f"{t.shape}. Give the layer the sizes of its input.")


def _check_range(name: str, labels, classes: int) -> None:
    """Raise ValueError unless every label is one of 0 to classes - 1."""
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise RangeError(f"{name}: labels go from {labels.min()} to {labels.max()}, but there are "
                         f"{classes} classes, 0 to {classes - 1}.")


def one_hot(target, num_classes: int = -1) -> Tensor:
    """Labels (n,) -> (n, num_classes), 1 at the label and 0 elsewhere; errors as in cross_entropy.

    >>> one_hot([1, 0], 3).tolist()
    [[0, 1, 0], [1, 0, 0]]
    """
    labels = target.array if isinstance(target, Tensor) else np.asarray(target)
    if labels.dtype.kind not in "iu":
        raise LabelError(f"one_hot: labels are integers, not {labels.dtype}. Write labels.long().")
    if not isinstance(num_classes, int | np.integer):
        raise TypeError(f"one_hot: num_classes is an integer, not {num_classes!r}.")
    if num_classes < 0:
        num_classes = int(labels.max()) + 1 if labels.size else 0
    _check_range("one_hot", labels, num_classes)
    return Tensor.from_array((labels[..., None] == np.arange(num_classes)).astype(np.int64))


