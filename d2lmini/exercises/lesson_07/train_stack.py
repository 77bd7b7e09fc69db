"""Train a stack of networks on XOR at once."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from ._network import stack

START = np.random.default_rng(17)


def train_stack(W1, b1, W2, b2, X, y, lr, steps, *, n=len, slope=lambda H: 1 - H * H, late=False,
                probability=lambda o: 1 / (1 + np.exp(-o)), bias=np.sum):
    for _ in range(steps):
        H = np.tanh(X @ W1 + b1)
        G_O = (probability(H @ W2 + b2) - y) / n(X)
        new = W2 - lr * H.swapaxes(1, 2) @ G_O
        G_Z = G_O @ (new if late else W2).swapaxes(1, 2) * slope(H)
        W2, b2 = new, b2 - lr * bias(G_O, axis=1, keepdims=True)
        W1, b1 = W1 - lr * X.T @ G_Z, b1 - lr * bias(G_Z, axis=1, keepdims=True)
    return W1, b1, W2, b2


def random(rng):
    return {**stack(rng, *rng.integers(1, 5, 2)), "lr": float(rng.choice([0.1, 0.5, 1.0])),
            "steps": int(rng.integers(1, 20))}


but = partial(partial, train_stack)
EXERCISE = Exercise(
    train_stack,
    fixed=[{**stack(START, 1, 2), "lr": 1.0, "steps": 1},
           {**stack(START, 3, 2), "lr": 0.5, "steps": 10},
           {**stack(START, 2, 3), "lr": 0.5, "steps": 0}],
    random=random,
    mistakes=[
        Mistake("The weights went uphill. Subtract lr times the gradient.",
                lambda W1, b1, W2, b2, X, y, lr, steps: train_stack(
                    W1, b1, W2, b2, X, y, -lr, steps)),
        Mistake("The gradient is that of the sum over the patterns. The loss is their mean: divide "
                "G_O by 4.", but(n=lambda X: 1)),
        Mistake("P is the sigmoid of O, 1 / (1 + exp(-O)), and not O itself.",
                but(probability=lambda o: o)),
        Mistake("Each gradient has the shape of its weights: sum G_Z and G_O over the patterns "
                "only, with axis=1 and keepdims=True.",
                but(bias=lambda G, axis, keepdims: G.sum(axis=0)),
                when=lambda got, want, args: any(g.shape != w.shape for g, w in zip(got, want))),
        Mistake("The derivative of tanh is missing: G_Z = (G_O W2ᵀ) * (1 - H²).",
                but(slope=np.ones_like)),
        Mistake("H (1 - H) is the derivative of the sigmoid. That of tanh is 1 - H².",
                but(slope=lambda H: H * (1 - H))),
        Mistake("b1 and b2 have not moved. They take steps, too: lr times the sum of G_Z and of "
                "G_O over the patterns.", but(bias=lambda G, **_: 0)),
        Mistake("The gradient with respect to a bias is the sum over the patterns. The 1/4 is in "
                "G_O already.", but(bias=np.mean)),
        Mistake("W2 was changed before it was used for G_Z. First all four gradients, then the "
                "steps.", but(late=True)),
        Mistake("W2 and b2 are right; look at G_Z, W1 and b1.", but(slope=lambda H: 1 - H),
                when=lambda got, want, args: args["steps"] == 1 and np.allclose(got[2], want[2])
                and np.allclose(got[3], want[3])),
    ],
    hints=["Forward: H = np.tanh(X @ W1 + b1), O = H @ W2 + b2, P = 1 / (1 + np.exp(-O)).",
           "G_O = (P - y) / 4. For a stack, the transpose of W2 is W2.swapaxes(1, 2).",
           "G_Z = G_O @ W2.swapaxes(1, 2) * (1 - H * H). The gradient with respect to W1 is "
           "X.T @ G_Z, to b1 it is G_Z.sum(axis=1, keepdims=True).",
           "W1 = W1 - lr * … makes a new array; W1 -= … would change the caller's."],
)
