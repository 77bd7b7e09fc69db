"""Cross-entropy from logits, and its gradient."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from ._loss import changed, misshapen, one_hot, random
from .softmax import softmax


def cross_entropy(logits, labels):
    rows, m = np.arange(len(labels)), logits.max(axis=1, keepdims=True)
    log_sum = m[:, 0] + np.log(np.exp(logits - m).sum(axis=1))
    gradient = (softmax(logits) - one_hot(logits, labels)) / len(labels)
    return (log_sum - logits[rows, labels]).mean(), gradient


def log_of_softmax(logits, labels):
    p = softmax(logits)[np.arange(len(labels)), labels]
    return -np.log(p).mean(), cross_entropy(logits, labels)[1]


def columns(logits, labels):
    """The logits[:, labels] of every row."""
    return logits[:, labels].mean() - logits[np.arange(len(labels)), labels].mean()


but = partial(changed, cross_entropy)
EXERCISE = Exercise(
    cross_entropy,
    fixed=[
        {"logits": np.log([[0.7, 0.2, 0.1]]), "labels": np.array([1])},
        {"logits": np.log([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]]), "labels": np.array([1, 2])},
        {"logits": np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 2.0, 5.0]]),
         "labels": np.array([0, 2, 0])},
        {"logits": np.array([[200, 0], [0, 3]]), "labels": np.array([0, 0])},
        {"logits": np.array([[1000.0, 0.0], [0.0, 0.0]]), "labels": np.array([1, 0])},
        {"logits": np.array([[-1000.0, 0.0], [9000.0, 9001.0]]), "labels": np.array([0, 1])},
        {"logits": np.array([[5.0], [-3.0]]), "labels": np.array([0, 0])},
    ],
    random=random("logits"),
    mistakes=[
        Mistake("The loss is one number, the mean over the examples.",
                but(0, lambda loss, o, y: np.full(len(y), loss)), when=misshapen(0)),
        Mistake("The gradient has the shape of the logits: a number for each of them.",
                but(1, lambda g, o, y: g.sum(axis=0)), when=misshapen(1)),
        Mistake("exp of a large logit overflows, or a probability becomes 0 and its logarithm "
                "-inf. Use log-sum-exp, row by row.", log_of_softmax,
                when=lambda got, want, args: not np.isfinite(got[0]) or not np.isfinite(
                    got[1]).all()),
        Mistake("The loss is -log of the probability: a positive number.",
                but(0, lambda loss, o, y: -loss), part=0),
        Mistake("The loss is the sum over the examples. Take the mean.",
                but(0, lambda loss, o, y: loss * len(y)), part=0),
        Mistake("The loss is divided by all n · K numbers. Divide by the n examples.",
                but(0, lambda loss, o, y: loss / o.shape[1]), part=0),
        Mistake("The gradient of a mean is divided by n, too.",
                but(1, lambda g, o, y: g * len(y)), part=1),
        Mistake("The gradient is softmax minus one-hot; yours is one-hot minus softmax.",
                but(1, lambda g, o, y: -g), part=1),
        Mistake("The gradient is softmax minus one-hot; the one-hot is missing.",
                but(1, lambda g, o, y: softmax(o) / len(y)), part=1),
        Mistake("logits[:, labels] takes these columns of every row. To take one number from each "
                "row, write logits[np.arange(n), labels].",
                but(0, lambda loss, o, y: loss - columns(o, y)), part=0),
        Mistake("In the loss, add the largest logit, which you subtracted before exp, back to the "
                "logarithm.", but(0, lambda loss, o, y: loss - o.max(axis=1).mean()), part=0),
        Mistake("G[:, labels] -= 1 changes these columns in every row. To change one number in "
                "each row, write G[np.arange(n), labels] -= 1.",
                but(1, lambda g, o, y: (softmax(o) - np.isin(range(o.shape[1]), y)) / len(y)),
                part=1),
        Mistake("The loss is right, the gradient is not.",
                but(1, lambda g, o, y: g * len(y) / o.shape[1] ** 2), part=1,
                when=lambda got, want, args: True),
        Mistake("The gradient is right, the loss is not.", but(0, lambda loss, o, y: loss + 1),
                part=0, when=lambda got, want, args: np.allclose(got[1], want[1])),
    ],
    hints=[
        "For one row: the loss is the logarithm of the sum of exp(o), minus the logit of the "
        "label.",
        "Subtract the largest logit m of the row before exp, and add m to the logarithm.",
        "logits[np.arange(n), labels] picks the logit of the label from each row.",
        "The gradient: softmax of the logits, minus 1 at [np.arange(n), labels], all divided by n.",
    ],
    bans=("functional.cross_entropy", "functional.log_softmax", "Tensor.logsumexp"),
)
