"""The running averages of batch normalization."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake


def running_averages(batches, momentum=0.1, *, ddof=1, start=(0.0, 1.0), old=None, root=False):
    old = 1 - momentum if old is None else old
    mean, var = (np.full(batches.shape[2], value) for value in start)
    for X in batches:
        mean = old * mean + momentum * X.mean(axis=0)
        var = old * var + momentum * X.var(axis=0, ddof=ddof)
    return mean, np.sqrt(var) if root else var


def exchanged(batches, momentum=0.1):
    return running_averages(batches, 1 - momentum)


def first(batches, momentum=0.1):
    mean, var = batches[0].mean(axis=0), batches[0].var(axis=0, ddof=1)
    for X in batches[1:]:
        mean = (1 - momentum) * mean + momentum * X.mean(axis=0)
        var = (1 - momentum) * var + momentum * X.var(axis=0, ddof=1)
    return mean, var


def plain_means(batches, momentum=0.1):
    return batches.mean(axis=(0, 1)), batches.var(axis=1, ddof=1).mean(axis=0)


def random(rng):
    shape = tuple(int(k) for k in rng.integers((2, 3, 2), (7, 7, 5)))
    size = rng.integers(1, 6, shape[2])
    return {"batches": np.round(rng.normal(3, size, shape), 1),
            "momentum": float(rng.choice([0.1, 0.2, 0.4]))}


but = partial(partial, running_averages)
EXERCISE = Exercise(
    running_averages,
    program="running_averages(batches, momentum=momentum)",
    fixed=[
        Case("running_averages(batches)", {"batches": np.array([[[4.0], [6.0]], [[1.0], [9.0]]])}),
        {"batches": np.array([[[4.0, 1], [6, 1], [8, 7]], [[0.0, 2], [3, 2], [9, 5]]]),
         "momentum": 0.25},
    ],
    random=random,
    mistakes=[
        Mistake("The momentum is the weight of the new batch: 0.9 of the old and 0.1 of the new.",
                exchanged),
        Mistake("The variance of a batch is divided by n - 1 here: X.var(axis=0, ddof=1).",
                but(ddof=0)),
        Mistake("The running variance starts at 1, not at 0.", but(start=(0.0, 0.0))),
        Mistake("The running mean starts at 0, not at 1.", but(start=(1.0, 1.0))),
        Mistake("The averages start at 0 and 1, not with the first batch.", first),
        Mistake("That is the plain mean over all batches. A running average takes one batch after "
                "the other.", plain_means),
        Mistake("The second result is the running variance, not its root.", but(root=True)),
        Mistake("The old value keeps only its part, 1 - momentum.", but(old=1.0)),
        Mistake("The mean comes first, then the variance.",
                lambda *args, **options: running_averages(*args, **options)[::-1]),
    ],
    hints=[
        "Begin with zeros and ones of the length of a row, batches.shape[2], and go through the "
        "batches with for X in batches.",
        "In each step: new = (1 - momentum) * old + momentum * now, for the mean and for the "
        "variance.",
        "now is X.mean(axis=0) for the mean, and X.var(axis=0, ddof=1) for the variance.",
    ],
)
