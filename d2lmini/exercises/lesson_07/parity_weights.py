"""Design a wide network that fires for an even number of ones."""

from itertools import product

import numpy as np

from ..spec import Exercise, Mistake
from ._network import misfit, network


def parity_weights(n, *, W1=np.ones, b1=lambda k: 0.5 - k, W2=lambda k: (-1.0) ** k, b2=0.5):
    k = np.arange(1, n + 1)
    return W1((n, n)), b1(k), W2(k)[None], np.array([b2])


def but(**other):
    return lambda n: parity_weights(n, **other)


def outputs(weights, args):
    return len(weights[0]), network(weights, args)


def bits(n, off=0.0):
    """All patterns of n bits; `off` is added to each bit, and is at most 0.4 for all together."""
    return {"n": n, "x": np.array(list(product([0, 1], repeat=n))) + off / n}


EXERCISE = Exercise(
    parity_weights,
    view=outputs,
    fixed=[bits(2), bits(3), bits(1), bits(5),
           *(bits(n, off) for n in (1, 2, 3, 4) for off in (0.4, -0.4)), bits(8)],
    mistakes=[
        Mistake("These four do not fit together. In this order, W1 has the shape (n, n), b1 (n,), "
                "W2 (1, n), b2 (1,).",
                lambda n: (*parity_weights(n)[:2], [[1]] * n, [0.5]),
                when=lambda got, want, args: misfit(got[1])),
        Mistake("The hidden layer has n neurons, one for each count from 1 to n: W1 has the shape "
                "(n, n).", lambda n: ([[1] * n], [-0.5], [[-1]], [0.5]),
                when=lambda got, want, args: got[0] != want[0]),
        Mistake("The exact patterns are right, but not these, which are off by up to 0.4 in all: "
                "neuron k fires above k - 1/2.", but(b1=lambda k: 0.9 - k),
                when=lambda got, want, args: args["x"].dtype.kind == "f"
                and (args["x"] % 1).any()),
        Mistake("Every output is reversed: this is parity, and 1 is for an even number of ones.",
                but(W2=lambda k: -(-1.0) ** k, b2=-0.5),
                when=lambda got, want, args: (got[1] + want[1] == 1).all()),
        Mistake("It fires only for the pattern without ones. The hidden neurons must count with "
                "alternating signs in W2: two ones have to add up to 0 again.",
                but(W2=lambda k: -1.0 + 0 * k), when=lambda got, want, args: np.array_equal(
                    got[1].ravel(), args["x"].sum(axis=1) == 0)),
        Mistake("It never fires. Where no hidden neuron fires, the output sees only b2, and the "
                "number of ones, 0, is even.", but(b2=-0.5),
                when=lambda got, want, args: not got[1].any()),
        Mistake("It fires for all patterns. With ones in W1, the biases b1 are -1/2, -3/2, …, and "
                "the first sign in W2 must bring the output below 0.", but(b2=1.5),
                when=lambda got, want, args: got[1].all()),
        Mistake("Look at the hidden layer: neuron k, counted from 1, must fire if at least k bits "
                "are 1. All its weights are 1, and its threshold is k - 1/2.",
                but(W1=lambda shape: np.eye(shape[0])),
                when=lambda got, want, args: got[1].shape == want[1].shape),
    ],
    hints=["All hidden neurons count the ones: all weights in W1 are 1.",
           "Neuron k, counted from 1, fires if there are at least k ones: its bias is 0.5 − k.",
           "W2 has the signs −1, +1, −1, … in one row. The sum is then −1 or 0; with the bias 0.5 "
           "the output decides."],
)
