"""Find the bugs in softmax regression that runs and learns badly, and write it right."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from ._loss import misshapen
from .softmax import softmax

THREE = {"X": np.array([[1.0], [2.0], [6.0]]), "y": np.array([2, 0, 1]), "classes": 3, "rate": 0.1}


def counts(y, answer, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (y, answer), 1)
    return table


def train_classifier(X, y, classes, rate, steps, *, n=len, bias=np.sum, probability=softmax,
                     axis=1, extra=0, table=counts):
    W, b = np.zeros((classes, X.shape[1])), np.zeros(classes)
    for _ in range(steps + extra):
        G = (probability(X @ W.T + b) - np.eye(classes)[y]) / n(y)
        W, b = W - rate * (G.T @ X), b - rate * bias(G, axis=0)
    return W, b, table(y, (X @ W.T + b).argmax(axis=axis), classes)


def added_once(y, answer, classes):
    table = np.zeros((classes, classes), int)
    table[y, answer] += 1
    return table


but = partial(partial, train_classifier)


def random(rng):
    classes, d = int(rng.integers(2, 5)), rng.integers(1, 4)
    y = np.concatenate([np.arange(classes), rng.integers(0, classes, rng.integers(0, 6))])
    return {"X": rng.normal(size=(len(y), d)), "y": y, "classes": classes,
            "rate": round(rng.uniform(0.1, 1), 2), "steps": int(rng.integers(1, 6))}


EXERCISE = Exercise(
    train_classifier,
    fixed=[
        {"X": np.array([[1.0, 2.0], [3.0, 1.0]]), "y": np.array([0, 1]), "classes": 2,
         "rate": 0.5, "steps": 1},
        {**THREE, "steps": 3},
        {**THREE, "steps": 0},
        {"X": np.array([[0, 1, 0], [1, 0, 2], [3, 0, 1], [4, 1, 1], [5, 5, 0]]), "classes": 3,
         "y": np.array([1, 1, 0, 0, 0]), "rate": 0.2, "steps": 20},
        {"X": np.array([[1000.0, 0.0], [0.0, 700.0]]), "y": np.array([1, 0]), "classes": 2,
         "rate": 1.0, "steps": 3},
    ],
    random=random,
    mistakes=[
        Mistake("The logits grow beyond what exp can take. Make your softmax stable.",
                but(probability=partial(softmax, largest=lambda o, **_: 0)),
                when=lambda got, want, args: not np.isfinite(got[0]).all()),
        Mistake("The third result is a table of counts, of shape (K, K).",
                but(table=lambda y, answer, classes: (y == answer).mean()), when=misshapen(2)),
        Mistake("W and b are right; the table is transposed: a row is the true class, a column the "
                "prediction.", but(table=lambda y, answer, classes: counts(answer, y, classes)),
                part=2),
        Mistake("W and b are right; argmax(axis=0) looks for the best example of each class. Take "
                "argmax(axis=1): the best class of each example.",
                but(axis=0)),
        Mistake("table[y, answer] += 1 adds only once where a pair occurs several times. Count in "
                "a loop, or with np.add.at(table, (y, answer), 1).", but(table=added_once), part=2),
        Mistake("W and b are right; the table is not. Add 1 in row y, column answer, for each "
                "example. Count with the W and b at the end.",
                but(table=lambda y, answer, classes: counts(y, 0 * y, classes)), part=2,
                when=lambda got, want, args: True),
        Mistake("Divide the gradient by n: the loss is a mean.", but(n=lambda y: 1)),
        Mistake("W is right; the gradient with respect to b is the sum of G over the examples, not "
                "the mean: G is divided by n already.", but(bias=np.mean)),
        Mistake("You step uphill.", lambda X, y, classes, rate, steps: train_classifier(
            X, y, classes, -rate, steps)),
        Mistake("You take one step too many.", but(extra=1)),
        Mistake("You take one step too few.", but(extra=-1)),
        Mistake("Your softmax sums over the examples, axis 0. Sum over the classes, axis 1.",
                but(probability=partial(softmax, axis=0))),
        Mistake("Take softmax of the logits, not the logits themselves.",
                but(probability=lambda o: o)),
    ],
    hints=[
        "Begin with one step on the first example of check, by hand: what are O, softmax(O), G?",
        "Look at each sum and each mean: over which axis does it go, and was the division by n "
        "made already?",
        "W falls by rate * G.T @ X, and b by rate * G.sum(axis=0).",
        "At the end, for each example, add 1 to the table at [y, argmax of its logits]; "
        "np.add.at(table, (y, answer), 1) does it for all.",
    ],
    bans=("nn.Linear", "optim.SGD", "Tensor.backward"),
)
