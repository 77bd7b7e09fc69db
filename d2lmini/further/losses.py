"""More of PyTorch's losses, for functional.py; of each example, then reduced."""

from __future__ import annotations

import math

import numpy as np

from ..checks import as_floats
from ..creation import ones, where
from ..tensor import Tensor, op
from . import activations, sizes
from .sizes import labels_of, reduce, target_of

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss",
    "gaussian_nll_loss", "hinge_embedding_loss", "hinge_loss", "huber_loss", "kl_div", "l1_loss",
    "margin_ranking_loss", "multi_margin_loss", "nll_loss", "poisson_nll_loss", "smooth_l1_loss",
    "soft_margin_loss", "triplet_margin_loss",
]

def l1_loss(input: Tensor, target, *, reduction: str = "mean", **old) -> Tensor:
    """The mean of |prediction - target|; ValueError if their shapes differ."""
    return reduce("l1_loss", (input - target_of("l1_loss", input, target)).abs(), reduction, **old)


def _huber(error: Tensor, delta: float) -> Tensor:
    """Half the squared error up to `delta`, then a straight line."""
    e, size = error.array, np.abs(error.array)
    losses = np.where(size < delta, e * e / 2, delta * (size - delta / 2)).astype(e.dtype)
    return op("huber", losses, (error, lambda g: g * np.clip(e, -delta, delta)))


def huber_loss(input: Tensor, target, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """Half the squared error up to `delta`, then a straight line (Huber, 1964)."""
    error = input - target_of("huber_loss", input, target)
    return reduce("huber_loss", _huber(error, delta).to(input.dtype), reduction)


def smooth_l1_loss(input: Tensor, target, *, reduction: str = "mean", beta: float = 1.0,
                   **old) -> Tensor:
    """huber_loss with delta = beta, divided by beta."""
    if beta == 0:
        return l1_loss(input, target, reduction=reduction, **old)
    error = input - target_of("smooth_l1_loss", input, target)
    return reduce("smooth_l1_loss", _huber(error, beta) / beta, reduction, **old)


def nll_loss(input: Tensor, target, weight: Tensor | None = None, *, ignore_index: int = -100,
             reduction: str = "mean", **old) -> Tensor:
    """-log_p[i, labels[i]] for log-probabilities (n, classes), as log_softmax gives them.

    With `weight`, a number for each class, an example counts as much as its class, also in the
    mean; one whose label is `ignore_index` does not count. One row (classes,) has a single label.
    """
    reduction = sizes.reduction_of(reduction, **old)
    if input.ndim != 2:
        input, target, shape = sizes.flat_classes(input, target)
        loss = nll_loss(input, target, weight, ignore_index=ignore_index, reduction=reduction)
        return sizes.in_shape(loss, shape, reduction)
    target = target.array if isinstance(target, Tensor) else np.asarray(target)
    sizes.check_each("nll_loss", input.dtype, input.shape[1], "classes", weight)
    counts = target != ignore_index
    labels = labels_of("nll_loss", input, np.where(counts, target, 0) if target.size else target)
    labels = labels.astype(np.intp)  # as an index, bytes would be a mask
    losses = -input[np.arange(len(labels)), labels]
    if weight is None and counts.all():
        return reduce("nll_loss", losses, reduction)
    nothing, counts = not counts.any(), counts * (1 if weight is None else weight.array[labels])
    losses = losses * Tensor.from_array(counts.astype(input.dtype))
    losses = losses.masked_fill(Tensor.from_array(target == ignore_index), 0)
    if reduction == "mean" and nothing:
        return losses.sum() + np.nan  # as PyTorch: the mean of nothing, whose gradient is 0
    return losses.sum() / counts.sum() if reduction == "mean" else reduce(
        "nll_loss", losses, reduction)


def weighted_cross_entropy(log_p: Tensor, target, weight: Tensor | None, ignore_index: int,
                           reduction: str, label_smoothing: float) -> Tensor:
    """cross_entropy of log-probabilities with weights of the classes, or labels left out."""
    if sizes.is_probabilities(log_p, target):
        if ignore_index >= 0:
            raise RuntimeError("cross_entropy: ignore_index is for labels, not for probabilities.")
        goal = sizes.smooth_targets(log_p, target, label_smoothing)
        losses = -(log_p * goal * (1 if weight is None else weight)).sum(1)
        return reduce("cross_entropy", losses, reduction)
    options = {"ignore_index": ignore_index, "reduction": reduction}
    hard = nll_loss(log_p, target, weight, **options)
    if not label_smoothing:
        return hard
    target = target.array if isinstance(target, Tensor) else np.asarray(target)
    counts = (target != ignore_index).astype(log_p.dtype)
    weight = ones(log_p.shape[1], dtype=log_p.dtype) if weight is None else weight
    soft = -(log_p * weight).sum(1) * Tensor.from_array(counts)
    if reduction == "mean":
        total = (counts * weight.array[np.where(counts, target, 0)]).sum()
        soft = soft.sum() / total if total else soft.sum() + np.nan
    else:
        soft = reduce("cross_entropy", soft, reduction)
    return (1 - label_smoothing) * hard + label_smoothing / log_p.shape[1] * soft


def _weighted(losses: Tensor, weight: Tensor | None) -> Tensor:
    out = losses if weight is None else losses * weight
    if out.shape != losses.shape:
        raise sizes.ShapeError(f"a weight of shape {weight.shape} would broadcast losses of shape "
                               f"{losses.shape} to {out.shape}.")
    return out


def binary_cross_entropy(input: Tensor, target, weight: Tensor | None = None, *,
                         reduction: str = "mean", **old) -> Tensor:
    """-y log p - (1 - y) log(1 - p) for probabilities p; a logarithm counts for at least -100."""
    y = sizes.probabilities_of("binary_cross_entropy", input, target)
    sizes.check_probabilities("binary_cross_entropy", input)
    log_p, log_q = input.log().clamp(min=-100), (1 - input).log().clamp(min=-100)
    losses = _weighted(-(y * log_p + (1 - y) * log_q), weight)
    return reduce("binary_cross_entropy", losses, reduction, **old)


def binary_cross_entropy_with_logits(
        input: Tensor, target, weight: Tensor | None = None, *, reduction: str = "mean",
        pos_weight: Tensor | None = None, **old) -> Tensor:
    """-y log p - (1 - y) log(1 - p) with p = sigmoid(logit); logits and targets y in one shape.

    `weight` multiplies each loss, `pos_weight` its first part. ValueError if the shapes differ, or
    if a target is not between 0 and 1.
    """
    name = "binary_cross_entropy_with_logits"
    if weight is not None or pos_weight is not None:
        losses = binary_cross_entropy_with_logits(input, target, reduction="none")
        if pos_weight is not None:
            losses = losses - _weighted(target * activations.logsigmoid(input), pos_weight - 1)
        return reduce(name, _weighted(losses, weight), reduction, **old)
    y = sizes.probabilities_of(name, input, target)
    x = as_floats(input.array)
    e = np.exp(-np.abs(x))
    p = np.where(x >= 0, 1, e) / (1 + e)
    losses = (np.maximum(x, 0) - x * y.array + np.log1p(e)).astype(y.dtype)  # PyTorch's choice
    return reduce(name, op("binary_cross_entropy_with_logits", losses,
                            (input, lambda g: g * (p - y.array)),
                            (y, lambda g: -g * x)), reduction, **old)


def hinge_loss(input: Tensor, target, *, margin: float = 1.0,
               reduction: str = "mean", **old) -> Tensor:
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

    losses = op("hinge_loss", over.sum(axis=1), (input, derivative))
    return reduce("hinge_loss", losses, reduction, **old)


def kl_div(input: Tensor, target: Tensor, *, reduction: str = "mean",
           log_target: bool = False, **old) -> Tensor:
    """target * (log(target) - input) for log-probabilities `input`; 0 where the target is 0."""
    losses = target.exp() * (target - input) if log_target else (
        target.xlogy(target) - target * input)
    if reduction == "batchmean":
        return losses.sum() / len(input)
    return reduce("kl_div", losses, reduction, **old)


def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0,
                        p: float = 2.0, eps: float = 1e-6, *, reduction: str = "mean",
                        **old) -> Tensor:
    """max(0, margin + distance to the positive example - distance to the negative one)."""
    distance = activations.pairwise_distance
    near, far = distance(anchor, positive, p, eps), distance(anchor, negative, p, eps)
    return reduce("triplet_margin_loss", (margin + near - far).clamp(min=0), reduction, **old)


def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, *,
                        reduction: str = "mean", **old) -> Tensor:
    """max(0, margin - y (x1 - x2)), y being 1 or -1."""
    losses = (margin - target * (input1 - input2)).clamp(min=0)
    return reduce("margin_ranking_loss", losses, reduction, **old)


def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, *,
                          reduction: str = "mean", **old) -> Tensor:
    """1 - cosine where y is 1, max(0, cosine - margin) where it is -1."""
    cosine = activations.cosine_similarity(input1, input2, -1)
    losses = where(target > 0, 1 - cosine, (cosine - margin).clamp(min=0))
    return reduce("cosine_embedding_loss", losses, reduction, **old)


def multi_margin_loss(input: Tensor, target, *, margin: float = 1.0,
                      reduction: str = "mean", **old) -> Tensor:
    """hinge_loss divided by the number of classes."""
    return hinge_loss(input, target, margin=margin, reduction=reduction, **old) / input.shape[-1]


def soft_margin_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", **old) -> Tensor:
    """log(1 + exp(-y x)), y being 1 or -1."""
    target = target_of("soft_margin_loss", input, target)
    losses = (-input * target).exp().log1p().to(input.dtype)
    return reduce("soft_margin_loss", losses, reduction, **old)


def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, *,
                         reduction: str = "mean", **old) -> Tensor:
    """x where y is 1, max(0, margin - x) where it is -1 (and, as in PyTorch, both elsewhere)."""
    losses = where(target != 1, (margin - input).clamp(min=0), 0) + where(target != -1, input, 0)
    return reduce("hinge_embedding_loss", losses, reduction, **old)


def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool = True, *, eps: float = 1e-8,
                     reduction: str = "mean", **old) -> Tensor:
    """exp(x) - y x for the logarithm x of a rate (without log_input: the rate), and counts y."""
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    return reduce("poisson_nll_loss", losses, reduction, **old)


def gaussian_nll_loss(input: Tensor, target: Tensor, var: Tensor, full: bool = False,
                      eps: float = 1e-6, reduction: str = "mean") -> Tensor:
    """(log var + (x - y)^2 / var) / 2: how unlikely y is under a normal distribution."""
    var = var if isinstance(var, Tensor) else input.new_full(input.shape, var)
    var = where(var.detach() < eps, var - var.detach() + eps, var)  # its gradient passes
    losses = (var.log() + (input - target) ** 2 / var) / 2
    return reduce("gaussian_nll_loss", losses + math.log(2 * math.pi) / 2 * full, reduction)
