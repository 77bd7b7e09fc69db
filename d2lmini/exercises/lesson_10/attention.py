"""Attention to the first steps of a sequence that is filled up with padding."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def softmax(S, axis=1):
    E = np.exp(S - S.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def plain_softmax(S):
    with np.errstate(all="ignore"):
        E = np.exp(S)
        return E / E.sum(axis=1, keepdims=True)


def attention(Q, K, V, length, *, root=lambda Q, K: np.sqrt(Q.shape[1]), hide=-np.inf,
              softmax=softmax):
    S = Q @ K.T / root(Q, K)
    S[:, length:] = hide
    return softmax(S) @ V


def not_hidden(Q, K, V, length):
    return attention(Q, K, V, len(K))


def hidden_late(Q, K, V, length):
    A = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    A[:, length:] = 0
    return A @ V


def weights(Q, K, V, length):
    return attention(Q, K, np.eye(len(K)), length)


def draw(rng, m, length, k, d, v, size=1.0):
    return {"Q": size * rng.normal(size=(m, d)), "K": rng.normal(size=(k, d)),
            "V": rng.normal(size=(k, v)), "length": length}


def random(rng):
    k = int(rng.integers(2, 6))
    return draw(rng, int(rng.integers(1, 5)), int(rng.integers(1, k + 1)), k,
                int(rng.integers(2, 5)), int(rng.integers(1, 4)), float(rng.choice([1, 3])))


but = partial(partial, attention)
START = np.random.default_rng(10)
EXERCISE = Exercise(
    attention,
    fixed=[
        {"Q": np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 6.0, 0.0, 0.0]]),
         "K": np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [2.0, 1.0, 0.0, 0.0]]),
         "V": np.array([[10.0, 0.0], [0.0, 10.0], [5.0, 5.0]]), "length": 2},
        draw(START, 3, 4, 4, 2, 3), draw(START, 2, 3, 5, 3, 2),
        {"Q": np.array([[4000.0, 0.0], [-4000.0, 0.0]]), "K": np.array([[2.0, 1.0], [1.0, 3.0]]),
         "V": np.array([[1.0], [2.0]]), "length": 2},
    ],
    random=random,
    mistakes=[
        Mistake("The scores are so large that np.exp overflows. Subtract the largest of each row "
                "first (lesson 05).", but(softmax=plain_softmax),
                when=lambda got, want, args: not np.isfinite(got).all()),
        Mistake("The steps from `length` on are padding, but they got weight, too.", not_hidden),
        Mistake("A score of 0 does not hide a step: e to the 0 is 1. Set the scores of padding to "
                "-np.inf.", but(hide=0.0)),
        Mistake("You set weights to 0 after the softmax, so the rest no longer adds up to 1. Hide "
                "the padding before the softmax.", hidden_late),
        Mistake("Divide the scores by the root of d, the number of columns of Q.",
                but(root=lambda Q, K: 1.0)),
        Mistake("Divide by the root of d, not by d.", but(root=lambda Q, K: Q.shape[1])),
        Mistake("Divide by the root of d, the number of columns of K; you took the number of its "
                "rows.", but(root=lambda Q, K: np.sqrt(len(K)))),
        Mistake("The weights of each query, a row, add up to 1. You took the softmax of the "
                "columns.", lambda Q, K, V, length: attention(
                    Q, K[:length], V[:length], length, softmax=partial(softmax, axis=0))),
        Mistake("These are the weights. Multiply them by V.", weights),
    ],
    hints=["The scores are Q @ K.T / np.sqrt(d), of the shape (m, L). The columns from `length` on "
           "must get no weight.",
           "Either set these columns to -np.inf before the softmax, or cut K and V off: "
           "K[:length], V[:length].",
           "The softmax is along axis 1, with keepdims=True, after subtracting the maximum of each "
           "row. The result is weights @ V."],
    bans=("functional.softmax", "functional.log_softmax", "nn.Softmax"),
)
