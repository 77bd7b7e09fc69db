"""Hinge loss and its gradient."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from ._loss import changed, one_hot, random


def hinge(scores, labels, *, margin=1, true_class=1, kink=0):
    """At margin - s_y + s_j = 0 the derivative is `kink`."""
    truth = one_hot(scores, labels)
    missing = (margin + scores - scores[np.arange(len(labels)), labels][:, None]) * (1 - truth)
    slope = ((missing > 0) + kink * (missing == 0)) * (1 - truth)
    gradient = (slope - true_class * slope.sum(axis=1, keepdims=True) * truth) / len(labels)
    return np.maximum(missing, 0).sum() / len(labels), gradient


def only_the_largest(scores, labels):
    rows, truth = np.arange(len(labels)), one_hot(scores, labels)
    missing = 1 + scores - scores[rows, labels][:, None] - 2 * truth * 1e9
    slope = np.zeros(scores.shape)
    slope[rows, missing.argmax(axis=1)] = missing.max(axis=1) > 0
    return np.maximum(missing.max(axis=1), 0).mean(), (
        slope - slope.sum(axis=1, keepdims=True) * truth) / len(labels)


def others(gradient, args):
    """The gradient with respect to the scores of the wrong classes."""
    return gradient * (1 - one_hot(args["scores"], args["labels"]))


but = partial(changed, hinge)
EXERCISE = Exercise(
    hinge,
    fixed=[
        {"scores": np.array([[1.2, 1.0, 0.0]]), "labels": np.array([0])},
        {"scores": np.array([[1.0, 3.0, 0.0]]), "labels": np.array([0])},
        {"scores": np.array([[5.0, 1.0, 0.0], [1.0, 1.0, 2.0]]), "labels": np.array([0, 0])},
        {"scores": np.array([[2, 1, 0], [0, 1, -1]]), "labels": np.array([0, 1])},
        {"scores": np.array([[0.5, 1.0, 0.0], [3.0, 2.5, 0.0], [4.0, 3.0, 3.5]]),
         "labels": np.array([2, 1, 0])},
        {"scores": np.array([[5.0], [-3.0]]), "labels": np.array([0, 0])},
    ],
    random=random("scores"),
    mistakes=[
        Mistake("You count the true class as well: its term, max(0, 1 + 0), adds 1 to each row. "
                "Leave j = y out.", but(0, lambda loss, s, y: loss + 1), part=0),
        Mistake("The margin of 1 is missing: max(0, 1 + s_j - s_y).", partial(hinge, margin=0)),
        Mistake("Sum over all the wrong classes, not only the largest of them.", only_the_largest),
        Mistake("The loss is the sum over the examples. Take the mean.",
                but(0, lambda loss, s, y: loss * len(y)), part=0),
        Mistake("The loss is divided by all n · K numbers. Add up each row, and divide by the n "
                "examples.", but(0, lambda loss, s, y: loss / s.shape[1]), part=0),
        Mistake("The loss is right. The score of the true class has a derivative, too: minus the "
                "number of terms above 0 in its row.", partial(hinge, true_class=0)),
        Mistake("The loss is right. A larger score of the true class makes it smaller: there the "
                "derivative is minus the number of terms above 0 in its row.",
                partial(hinge, true_class=-1)),
        Mistake("The loss is right. The derivative for the true class counts all terms above 0 in "
                "its row, not just one: 0 if there are none, and -2 if there are two.",
                but(1, lambda g, s, y: np.where(one_hot(s, y), -1 / len(y), g)), part=1,
                when=lambda got, want, args: np.allclose(
                    *(others(g, args) for g in (got[1], want[1]))) and np.isin(
                    got[1] * len(got[1]), [-1, 0, 1]).all()),
        Mistake("The loss is right. Where a term is exactly 0, its derivative counts as 0.",
                partial(hinge, kink=1)),
        Mistake("The gradient of a mean is divided by n, which makes floats of the counts.",
                but(1, lambda g, s, y: (g * len(y)).astype(int)),
                when=lambda got, want, args: got[1].dtype.kind == "i"),
        Mistake("The gradient of a mean is divided by n, too.",
                but(1, lambda g, s, y: g * len(y)), part=1),
        Mistake("The gradient has the wrong sign: a larger score of the true class makes the loss "
                "smaller.", but(1, lambda g, s, y: -g), part=1),
    ],
    hints=[
        "scores[np.arange(n), labels][:, None] is the true score of each row, with shape (n, 1).",
        "missing = 1 + scores - that column; set missing[np.arange(n), labels] to 0. The loss is "
        "the sum of np.maximum(missing, 0), divided by n.",
        "Each term above 0 gives +1 to the gradient at j, and -1 at the true class.",
        "gradient = (missing > 0).astype(float); then subtract its row sums at "
        "[np.arange(n), labels], and divide by n.",
    ],
    bans=("functional.hinge_loss",),
)
