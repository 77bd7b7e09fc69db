"""Losses: how wrong a batch of predictions is, as one number, with the gradient by the predictions.

`reduction` says what becomes of the losses of the single examples or elements: their "mean", their
"sum", or "none" to get each of them. Read next: functional.py, which offers these losses, too, so
that `F.cross_entropy` is found where PyTorch has it.
"""

from __future__ import annotations

import numpy as np

from .checks import as_floats, check_tensors
from .tensor import Tensor, as_tensor, op


def mse_loss(input: Tensor, target, *, reduction: str = "mean") -> Tensor:
    """The mean of (prediction - target)^2 over all elements; ValueError if their shapes differ."""
    check_tensors("mse_loss", input)
    target = as_tensor(target, input)
    if input.shape != target.shape:
        try:
            becomes = f"that would broadcast to {np.broadcast_shapes(input.shape, target.shape)}"
        except ValueError:
            becomes = "they do not even broadcast"
        raise ValueError(f"mse_loss: prediction {input.shape} and target {target.shape} differ in "
                         f"shape; {becomes}. Reshape one.")
    error = as_floats(input.data) - target.data
    spread, value = _reduce("mse_loss", error * error, reduction)

    def backward(g):
        d = 2 * error * spread(g)
        return d, target.requires_grad and -d

    return op(value, (input, target), backward, "mse_loss")


def cross_entropy(input: Tensor, target, *, reduction: str = "mean") -> Tensor:
    """-log_softmax(logits)[i, labels[i]]: logits (n, classes) and n labels -> the mean, a number.

    The gradient by the logits is softmax(logits) minus one_hot(labels). The labels are an array, a
    list or a tensor: TypeError unless they are whole numbers, ValueError unless in [0, classes).
    """
    x, labels = _labels("cross_entropy", input, target)
    rows = np.arange(len(x))
    shifted = x - np.ascontiguousarray(x.T).max(axis=0)[:, None]  # quicker than x.max(axis=1)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    spread, value = _reduce("cross_entropy", np.log(total[:, 0]) - shifted[rows, labels], reduction)

    def backward(g):
        d = e / total
        d[rows, labels] -= 1
        d *= spread(g)[:, None] if reduction == "none" else spread(g)
        return (d,)

    return op(value, (input,), backward, "cross_entropy")


def binary_cross_entropy_with_logits(input: Tensor, target, *,
                                     reduction: str = "mean") -> Tensor:
    """-y log p - (1 - y) log(1 - p) with p = sigmoid(logit); logits and targets y in one shape.

    ValueError if the shapes differ, or if a target is not between 0 and 1.
    """
    name = "binary_cross_entropy_with_logits"
    check_tensors(name, input)
    target = as_tensor(target, input)
    if input.shape != target.shape:
        raise ValueError(f"{name}: logits {input.shape} and target {target.shape} differ in shape. "
                         f"Reshape one.")
    x, y = as_floats(input.data), target.data
    if y.size and not (y.min() >= 0 and y.max() <= 1):
        raise ValueError(f"{name}: targets are probabilities between 0 and 1, not {y.min():g} "
                         f"to {y.max():g}.")
    e = np.exp(-np.abs(x))
    spread, value = _reduce(name, np.maximum(x, 0) - x * y + np.log1p(e), reduction)

    def backward(g):
        p = np.where(x >= 0, 1, e) / (1 + e)
        return (p - y) * spread(g), target.requires_grad and -x * spread(g)

    return op(value, (input, target), backward, name)


def hinge_loss(input: Tensor, target, *, margin: float = 1.0,
               reduction: str = "mean") -> Tensor:
    """The sum over j of max(0, margin + s_j - s_y), j not y, of Weston and Watkins (1999).

    Scores s (n, classes) and n labels y, with the errors of cross_entropy. PyTorch's
    multi_margin_loss divides by the number of classes, too.
    """
    s, labels = _labels("hinge_loss", input, target)
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
    """Labels (n,) -> (n, num_classes), 1 at the label and 0 elsewhere; errors as in cross_entropy.

    >>> one_hot([1, 0], 3).tolist()
    [[0, 1, 0], [1, 0, 0]]
    """
    labels = target.data if isinstance(target, Tensor) else np.asarray(target)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"one_hot: labels are whole numbers, not {labels.dtype}.")
    if not isinstance(num_classes, int | np.integer):
        raise TypeError(f"one_hot: num_classes is a whole number, not {num_classes!r}.")
    if num_classes < 0:
        num_classes = int(labels.max()) + 1 if labels.size else 0
    _check_range("one_hot", labels, num_classes)
    return Tensor((labels[..., None] == np.arange(num_classes)).astype(np.int64))


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


def _labels(name: str, input: Tensor, target) -> tuple[np.ndarray, np.ndarray]:
    """The scores (n, classes) as floats, and the labels as integers, checked against them."""
    check_tensors(name, input)
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
    return as_floats(input.data), labels


def _check_range(name: str, labels, classes: int) -> None:
    """Raise a sentence unless every label is one of 0 to classes - 1."""
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"{name}: labels go from {labels.min()} to {labels.max()}, but there are "
                         f"{classes} classes, 0 to {classes - 1}.")
