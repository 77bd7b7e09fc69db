"""The losses of a stack of networks, and how many have solved XOR."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from ._network import PATTERNS, XOR, stack

START = np.random.default_rng(7)


def count_solved(W1, b1, W2, b2, X, y, *, g=np.tanh, softplus=lambda O: np.logaddexp(0, O),
                 mean=lambda each: each.mean(axis=(1, 2)), count=lambda solved: int(solved.sum())):
    O = g(X @ W1.mT + b1) @ W2.mT + b2
    losses = mean(softplus(O) - y * O)
    return losses, count(losses < 0.1)


def solution():
    """Three networks: one by hand that has solved XOR, the same but less sure, and zeros."""
    W1, b1 = np.array([[20.0, 20.0], [-20.0, -20.0]]), np.array([[-10.0, 30.0]])
    W2, b2 = np.array([[5.0, 5.0]]), np.array([[-5.0]])
    args = {"W1": np.stack([W1, W1, 0 * W1]), "b1": np.stack([b1, b1, 0 * b1]),
            "W2": np.stack([W2, 0.4 * W2, 0 * W2]), "b2": np.stack([b2, 0.4 * b2, 0 * b2])}
    return {**args, "X": PATTERNS.astype(float), "y": XOR}


but = partial(partial, count_solved)
EXERCISE = Exercise(
    count_solved,
    fixed=[solution(), stack(START, 1, 3), stack(START, 4, 2), stack(START, 3, 5, 10.0),
           stack(START, 2, 2, 2000.0)],
    random=lambda rng: stack(rng, *rng.integers(1, 7, 2), 10.0 ** rng.integers(0, 3)),
    mistakes=[
        Mistake("exp of a large sum overflows. np.logaddexp(0, O) is log(1 + exp(O)) without that.",
                but(softplus=lambda O: np.log(1 + np.exp(O))),
                when=lambda got, want, args: not np.isfinite(got[0]).all()),
        Mistake("These are sums over the four patterns; the loss is their mean.",
                but(mean=lambda each: each.sum(axis=(1, 2)))),
        Mistake("This is one loss for all networks together. Take the mean over the patterns only, "
                "axis=(1, 2), so that each network keeps its own.", but(mean=np.mean)),
        Mistake("The hidden layer uses tanh, not the sigmoid.",
                but(g=lambda z: 1 / (1 + np.exp(-z)))),
        Mistake("The result has one number for each network. Take the mean over axis=(1, 2), the "
                "patterns and the single output.", but(mean=lambda each: each.mean(axis=1)),
                when=lambda got, want, args: got[0].shape in (
                    (len(want[0]), 1), (len(want[0]), 1, 1))),
        Mistake("The second result is one number: how many of the losses are below 0.1.",
                but(count=lambda solved: solved), when=lambda got, want, args: np.ndim(got[1]) > 0),
        Mistake("The losses are right. The second result is how many of them are below 0.1.",
                but(count=lambda solved: int((~solved).sum())), part=1,
                when=lambda got, want, args: True),
    ],
    hints=["The stack needs no loop: H = np.tanh(X @ W1.mT + b1) has the shape (runs, 4, m).",
           "O = H @ W2.mT + b2 has the shape (runs, 4, 1), and np.logaddexp(0, O) - y * O is the "
           "loss of each pattern.",
           "Mean over axis=(1, 2); then (losses < 0.1).sum()."],
)
