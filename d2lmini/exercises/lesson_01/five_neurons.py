"""The forward pass of the network of five neurons, for a batch."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake

W1 = np.array([[0.2, -0.5, 0.3], [0.4, 0.1, -0.2], [-0.3, 0.2, 0.5]])
W2 = np.array([[0.5, -0.4, 0.7], [-0.2, 0.6, 0.1]])
BATCH = np.array([[22.0, 35.0, 86.0], [60.0, 20.0, 40.0], [10.0, 80.0, 15.0], [50.0, 50.0, 50.0]])


def five_neurons(X, W1, W2, scale, *, axis=1):
    e = np.exp(X / scale @ W1.T @ W2.T)
    return e / e.sum(axis=axis, keepdims=True)


def random(rng):
    n = rng.integers(1, 7)
    return {"X": rng.uniform(0, 100, (n, 3)), "W1": rng.normal(size=(3, 3)),
            "W2": rng.normal(size=(2, 3)), "scale": float(rng.choice([50.0, 100.0, 400.0]))}


EXERCISE = Exercise(
    five_neurons,
    fixed=[{"X": x, "W1": W1, "W2": W2, "scale": s} for x, s in (
        (BATCH[:1], 100.0), (BATCH, 100.0), (BATCH, 10.0), (-BATCH, 100),
        (BATCH[:2].astype(int), 100), (np.zeros((0, 3)), 100.0))],
    random=random,
    mistakes=[
        Mistake("The inputs must be divided by scale first.",
                lambda X, W1, W2, scale: five_neurons(X, W1, W2, 1)),
        Mistake("Divide the inputs by scale. Here they were multiplied.",
                lambda X, W1, W2, scale: five_neurons(X, W1, W2, 1 / scale)),
        Mistake("Each row of W1 holds the weights of one neuron, so a batch takes X @ W1.T.",
                lambda X, W1, W2, scale: five_neurons(X, W1.T, W2, scale)),
        Mistake("All numbers together sum to 1. Each row must: sum over axis=1, with "
                "keepdims=True.", partial(five_neurons, axis=(0, 1))),
        Mistake("Each column sums to 1. Each row must: sum over axis=1, with keepdims=True.",
                partial(five_neurons, axis=0)),
        Mistake("The two outputs of a row should be positive and sum to 1. Is the softmax missing? "
                "It is the last step.", lambda X, W1, W2, scale: X / scale @ W1.T @ W2.T,
                when=lambda got, want, args: got.shape == want.shape
                and not np.allclose(got.sum(axis=1), 1)),
        Mistake("The result has one row for each example, and two columns, one for each output.",
                lambda X, W1, W2, scale: five_neurons(X, W1, W2, scale).T,
                when=lambda got, want, args: got.shape != want.shape),
    ],
    hints=["The hidden layer of the whole batch is X / scale @ W1.T, of shape (n, 3).",
           "The outputs N come from it in the same way, with W2.T; their shape is (n, 2).",
           "Softmax: e = np.exp(N), divided by e.sum(axis=1, keepdims=True)."],
    bans=("functional.softmax", "functional.log_softmax"),
)
