"""More of PyTorch's functions, for functional.py: activations, pooling, embedding, losses."""

from __future__ import annotations

import math

import numpy as np

from ..checks import ShapeError, as_floats, check_tensors
from ..creation import where
from ..tensor import Tensor, op
from . import sizes
from .sizes import labels_of, reduce, target_of


def leaky_relu(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x where x > 0, else negative_slope * x."""
    check_tensors("leaky_relu", input)
    slope = np.where(input.array > 0, 1, negative_slope).astype(input.dtype)
    return op("leaky_relu", input.array * slope, (input, lambda g: g * slope))


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x times the probability that a standard normal number is below x."""
    check_tensors("gelu", input)
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (input + 0.044715 * input ** 3)
        return 0.5 * input * (1 + inner.tanh())
    return input * 0.5 * (1 + (input / math.sqrt(2)).erf())


def adaptive_avg_pool2d(input: Tensor, output_size) -> Tensor:
    """The mean of (oh, ow) windows that cover the image: (n, c, h, w) -> (n, c, oh, ow)."""
    (h, w), (oh, ow) = input.shape[-2:], sizes.output_pair(input, output_size)
    if h % oh == 0 and w % ow == 0:
        lead = input.shape[:-2]
        return input.reshape(*lead, oh, h // oh, ow, w // ow).mean((-3, -1))
    raise ShapeError(f"adaptive_avg_pool2d: {h}x{w} pixels cannot be divided into {oh}x{ow} equal "
                     f"windows. Use avg_pool2d, or an output size that divides them.")


def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    """The rows of `weight` (words, size) at the integers in `input`: (n, t) -> (n, t, size)."""
    rows, (words, _) = sizes.check_embedding(input, weight), weight.shape
    shape, dtype = weight.shape, weight.dtype

    def derivative(g):
        d = np.zeros(shape, dtype)
        np.add.at(d, rows, g)
        if padding_idx is not None:
            d[padding_idx % words] = 0
        return d

    return op("embedding", weight.array[rows], (weight, derivative))


def l1_loss(input: Tensor, target, *, reduction: str = "mean") -> Tensor:
    """The mean of |prediction - target|; ValueError if their shapes differ."""
    return reduce("l1_loss", (input - target_of("l1_loss", input, target)).abs(), reduction)


def huber_loss(input: Tensor, target, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """Half the squared error up to `delta`, then a straight line (Huber, 1964)."""
    error = (input - target_of("huber_loss", input, target)).abs()
    small = where(error < delta, error, 0)
    line = where(error < delta, 0, delta * (error - delta / 2))
    return reduce("huber_loss", small * small / 2 + line, reduction)


def smooth_l1_loss(input: Tensor, target, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """huber_loss with delta = beta, divided by beta."""
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return huber_loss(input, target, reduction=reduction, delta=beta) / beta


def nll_loss(input: Tensor, target, weight: Tensor | None = None, *, ignore_index: int = -100,
             reduction: str = "mean") -> Tensor:
    """-log_p[i, labels[i]] for log-probabilities (n, classes), as log_softmax gives them.

    With `weight`, a number for each class, an example counts as much as its class, also in the
    mean; one whose label is `ignore_index` does not count. One row (classes,) has a single label.
    """
    if input.ndim == 1:
        loss = nll_loss(input.unsqueeze(0), target.reshape(1), weight, ignore_index=ignore_index,
                        reduction=reduction)
        return loss.reshape(())
    target = target.array if isinstance(target, Tensor) else np.asarray(target)
    counts = target != ignore_index
    labels = labels_of("nll_loss", input, np.where(counts, target, 0) if target.size else target)
    losses = -input[np.arange(len(labels)), labels]
    if weight is None and counts.all():
        return reduce("nll_loss", losses, reduction)
    counts = counts * (1 if weight is None else weight.array[labels])
    losses = losses * Tensor.from_array(counts.astype(input.dtype))
    if reduction == "mean" and not counts.any():
        return losses.sum() + np.nan  # as PyTorch: the mean of nothing, whose gradient is 0
    return losses.sum() / counts.sum() if reduction == "mean" else reduce(
        "nll_loss", losses, reduction)


def binary_cross_entropy(input: Tensor, target, *, reduction: str = "mean") -> Tensor:
    """-y log p - (1 - y) log(1 - p) for probabilities p; a logarithm counts for at least -100."""
    y = sizes.probabilities_of("binary_cross_entropy", input, target)
    sizes.check_probabilities("binary_cross_entropy", input)
    log_p, log_q = input.log().clamp(min=-100), (1 - input).log().clamp(min=-100)
    return reduce("binary_cross_entropy", -(y * log_p + (1 - y) * log_q), reduction)


def batch_norm(input: Tensor, running_mean, running_var, weight=None, bias=None,
               training: bool = False, momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """(x - mean) / sqrt(var + eps) * weight + bias, for each channel (Ioffe and Szegedy, 2015).

    (n, c) or (n, c, h, w). In training the mean and variance are the batch's own, and the running
    averages move toward them by `momentum`, in place; otherwise the running averages are used.
    """
    check_tensors("batch_norm", input, running_mean, running_var, weight, bias)
    dims = (0, *range(2, input.ndim))
    column = (-1,) + (1,) * (input.ndim - 2)  # (c,) -> (c, 1, 1): one number a channel
    if training or running_mean is None:
        n = sizes.check_batch_norm(input)
        mean = input.mean(dims, keepdim=True)
        away = input - mean
        var = (away * away).mean(dims, keepdim=True)
        if running_mean is not None:
            for running, now in (running_mean, mean), (running_var, var * (n / max(n - 1, 1))):
                running.array += momentum * (now.array.reshape(-1) - running.array)
                running.bump()
    else:
        away, var = input - running_mean.reshape(column), running_var.reshape(column)
    out = away / (var + eps).sqrt()
    out = out if weight is None else out * weight.reshape(column)
    return out if bias is None else out + bias.reshape(column)


def binary_cross_entropy_with_logits(input: Tensor, target, *,
                                     reduction: str = "mean") -> Tensor:
    """-y log p - (1 - y) log(1 - p) with p = sigmoid(logit); logits and targets y in one shape.

    ValueError if the shapes differ, or if a target is not between 0 and 1.
    """
    name = "binary_cross_entropy_with_logits"
    y = sizes.probabilities_of(name, input, target)
    x = as_floats(input.array)
    e = np.exp(-np.abs(x))
    p = np.where(x >= 0, 1, e) / (1 + e)
    losses = np.maximum(x, 0) - x * y.array + np.log1p(e)
    return reduce(name, op("binary_cross_entropy_with_logits", losses,
                            (input, lambda g: g * (p - y.array)),
                            (y, lambda g: -g * x)), reduction)


def hinge_loss(input: Tensor, target, *, margin: float = 1.0,
               reduction: str = "mean") -> Tensor:
    """The sum over j of max(0, margin + s_j - s_y), j not y, of Weston and Watkins (1999).

    Scores s (n, classes) and n labels y, with the errors of cross_entropy. PyTorch's
    multi_margin_loss divides by the number of classes, too.
    """
    labels = labels_of("hinge_loss", input, target)
    s, rows = as_floats(input.array), np.arange(len(labels))
    over = np.maximum(0, s - s[rows, labels][:, None] + s.dtype.type(margin))
    over[rows, labels] = 0

    def derivative(g):
        d = (over > 0).astype(s.dtype)
        d[rows, labels] = -d.sum(axis=1)
        return d * g[:, None]

    return reduce("hinge_loss", op("hinge_loss", over.sum(axis=1), (input, derivative)), reduction)
