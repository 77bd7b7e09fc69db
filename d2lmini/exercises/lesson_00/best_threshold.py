"""The smallest machine that learns: one threshold, found by trying them all."""

from functools import partial
from operator import ge, gt, lt

import numpy as np

from ..spec import Exercise, Mistake


def best_threshold(x, y, thresholds, *, above=gt, best=np.argmax):
    accuracy = [(above(x, t) == y).mean() for t in thresholds]
    place = int(best(accuracy))
    return thresholds[place], accuracy[place]


def changed(change):
    """best_threshold with another result: change(place, accuracies, thresholds)."""
    def wrong(x, y, thresholds):
        accuracy = np.array([((x > t) == y).mean() for t in thresholds])
        return change(int(accuracy.argmax()), accuracy, thresholds)
    return wrong


def random(rng):
    n = rng.integers(1, 40)
    x = rng.integers(140, 200, n)
    y = x + rng.normal(0, 10, n) > 170
    return {"x": x, "y": y, "thresholds": np.arange(140, 200, rng.integers(1, 8))}


EXERCISE = Exercise(
    best_threshold,
    fixed=[{"x": np.array(x), "y": np.array(y), "thresholds": np.array(t)} for x, y, t in (
        ([150.0, 160.0, 170.0, 180.0], [False, False, True, True], [155.0, 165.0, 175.0]),
        ([1.0, 2.0, 3.0], [False, True, True], [0.0, 1.0, 2.0, 3.0]),
        ([1, 2], [True, False], [0, 1, 2]), ([5.0], [True], [9.0]),
        ([-3.0, -1.0, 4.0], [True, True, True], [4.0, -2.0, -4.0, -5.0]))],
    random=random,
    mistakes=[
        Mistake("There is always a best threshold, even if its accuracy is 0: begin your search "
                "below 0, or with the first threshold.",
                changed(lambda i, a, t: (t[i], a[i]) if a[i] > 0 else (None, 0)),
                when=lambda got, want, args: got[0] is None),
        Mistake("This threshold is as good, but where several are equally good, take the first "
                "of them.",
                partial(best_threshold, best=lambda a: len(a) - 1 - np.argmax(a[::-1]))),
        Mistake("The rule is x > t; someone who is exactly t does not count as above.",
                partial(best_threshold, above=ge)),
        Mistake("The two are exchanged: first the threshold, then its accuracy.",
                changed(lambda i, a, t: (a[i], t[i]))),
        Mistake("The rule is x > t: everyone above t is called True.",
                partial(best_threshold, above=lt)),
        Mistake("The first number is the index of the threshold in the list, not the threshold: "
                "thresholds[index].", changed(lambda i, a, t: (i, a[i]))),
        Mistake("The second number counts people. The accuracy is the fraction of right answers, "
                "the mean of the comparison.", lambda x, y, thresholds: (
                    best_threshold(x, y, thresholds)[0],
                    len(x) * best_threshold(x, y, thresholds)[1]),
                when=lambda got, want, args: got[1] > 1),
        Mistake("The second number is the fraction of mistakes, not of right answers.",
                changed(lambda i, a, t: (t[i], 1 - a[i]))),
        Mistake("This is the worst threshold: look for the largest accuracy.",
                partial(best_threshold, best=np.argmin),
                when=lambda got, want, args: got[1] < want[1]),
    ],
    hints=["For one threshold: (x > t) == y is True where the answer is right, and its mean is the "
           "accuracy.",
           "Do this for each t in thresholds, and keep the accuracies in a list.",
           "np.argmax(accuracies) is the index of the first largest one."],
)
