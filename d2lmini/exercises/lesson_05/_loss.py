"""What the exercises with logits and labels share."""

import numpy as np


def one_hot(scores, labels):
    return np.eye(scores.shape[1])[labels]


def random(name):
    def draw(rng):
        n, classes = rng.integers(1, 6), rng.integers(2, 5)
        return {name: rng.normal(size=(n, classes)) * 10.0 ** rng.integers(0, 3),
                "labels": rng.integers(0, classes, n)}
    return draw


def changed(loss, part, change):
    """The loss function with one part of its result changed: change(it, scores, labels)."""
    def wrong(scores, labels):
        result = list(loss(scores, labels))
        result[part] = change(result[part], scores, labels)
        return tuple(result)
    return wrong


def misshapen(part):
    """Recognizes that this part has a wrong shape, and those before it are right."""
    return lambda got, want, args: np.shape(got[part]) != np.shape(want[part]) and all(
        np.allclose(g, w) for g, w in zip(got[:part], want))
