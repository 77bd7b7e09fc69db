"""The right functions of lesson 07, XOR, and typical wrong ones: lesson_07.py."""

from itertools import product

import numpy as np

PATTERNS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([[0.0], [1.0], [1.0], [0.0]])


def network(weights, args):
    """What a network of step neurons with the learner's weights answers to the patterns x."""
    W1, b1, W2, b2 = (np.asarray(w, float) for w in weights)
    x = args["x"]
    try:
        if b1.ndim > W2.ndim:
            raise ValueError("b1 and W2 are exchanged")
        h = (x @ W1.T + b1 > 0) * 1.0
        return (h @ W2.T + b2 > 0).astype(int).reshape(len(x), -1)
    except ValueError:
        return "arrays of shape " + ", ".join(str(w.shape) for w in (W1, b1, W2, b2))


def sized_network(weights, args):
    return len(weights[0]), network(weights, args)


def misfit(outputs):
    """Whether network found shapes that do not fit together."""
    return isinstance(outputs, str)


# --- xor_weights ---


def xor_weights():
    return [[1, 1], [-1, -1]], [-0.5, 1.5], [[1, 1]], [-1.5]


# --- truth_tables ---


def truth_tables(lines):
    outputs = (lines[:, :2] @ PATTERNS.T + lines[:, 2:] > 0).astype(int)
    return np.unique(outputs, axis=0), int((outputs == [0, 1, 1, 0]).sum(axis=1).max())


def tables_at_least(lines):
    outputs = (lines[:, :2] @ PATTERNS.T + lines[:, 2:] >= 0).astype(int)
    return np.unique(outputs, axis=0), int((outputs == [0, 1, 1, 0]).sum(axis=1).max())


def tables_repeated(lines):
    outputs = (lines[:, :2] @ PATTERNS.T + lines[:, 2:] > 0).astype(int)
    return outputs, truth_tables(lines)[1]


def tables_sorted_backward(lines):
    tables, best = truth_tables(lines)
    return tables[::-1], best


def tables_without_bias(lines):
    return truth_tables(lines * [1, 1, 0])


def tables_worst(lines):
    tables, _ = truth_tables(lines)
    return tables, int((tables == [0, 1, 1, 0]).sum(axis=1).min())


# --- parity_weights ---


def parity_weights(n):
    k = np.arange(1, n + 1)
    return np.ones((n, n)), 0.5 - k, np.where(k % 2 == 1, 1.0, -1.0)[None], np.array([-0.5])


def bits(n, off=0.0):
    """All patterns of n bits; `off` is added to each bit, and is at most 0.4 for all together."""
    return {"n": n, "x": np.array(list(product([0, 1], repeat=n))) + off / n}


# --- fold_to_parity ---


def fold_to_parity(s, n):
    while n > 1:
        n //= 2
        s = s - 2 * np.maximum(0, s - n)
    return s


def fold_once(s, n):
    return s - 2 * np.maximum(0, s - n // 2) if n > 1 else s


def fold_cut_off(s, n):
    while n > 1:
        n //= 2
        s = s - np.maximum(0, s - n)
    return s


def fold_too_far(s, n):
    s = fold_to_parity(s, n)
    return s - 2 * np.maximum(0, s - 0.5)


def fold_stops_early(s, n):
    while n > 2:
        n //= 2
        s = s - 2 * np.maximum(0, s - n)
    return s


def as_floats(s, args):
    """Whole numbers may come back as integers or as floats: both are right."""
    return np.asarray(s, float)


def random_counts(rng):
    n = 2 ** int(rng.integers(0, 9))
    return {"s": rng.uniform(0, n, rng.integers(1, 12)), "n": n}


# --- count_solved, train_stack ---


def sums(W1, b1, W2, b2, X):
    H = np.tanh(X @ W1 + b1)
    return H, H @ W2 + b2


def count_solved(W1, b1, W2, b2, X, y):
    O = sums(W1, b1, W2, b2, X)[1]
    losses = (np.logaddexp(0, O) - y * O).mean(axis=(1, 2))
    return losses, int((losses < 0.1).sum())


def losses_total(W1, b1, W2, b2, X, y):
    losses = len(X) * count_solved(W1, b1, W2, b2, X, y)[0]
    return losses, int((losses < 0.1).sum())


def losses_of_all(W1, b1, W2, b2, X, y):
    loss = count_solved(W1, b1, W2, b2, X, y)[0].mean()
    return loss, int(loss < 0.1)


def losses_sigmoid(W1, b1, W2, b2, X, y):
    O = (1 / (1 + np.exp(-(X @ W1 + b1)))) @ W2 + b2
    losses = (np.logaddexp(0, O) - y * O).mean(axis=(1, 2))
    return losses, int((losses < 0.1).sum())


def sigmoid(o):
    return 1 / (1 + np.exp(-o))


def train_stack(W1, b1, W2, b2, X, y, lr, steps, share=True, slope=lambda H: 1 - H * H,
                probability=sigmoid, bias=np.sum):
    for _ in range(steps):
        H, O = sums(W1, b1, W2, b2, X)
        G_O = (probability(O) - y) / (len(X) if share else 1)
        G_Z = G_O @ W2.swapaxes(1, 2) * slope(H)
        W2, b2 = W2 - lr * H.swapaxes(1, 2) @ G_O, b2 - lr * bias(G_O, axis=1, keepdims=True)
        W1, b1 = W1 - lr * X.T @ G_Z, b1 - lr * bias(G_Z, axis=1, keepdims=True)
    return W1, b1, W2, b2


def train_upward(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, -lr, steps)


def train_total(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, lr, steps, share=False)


def train_no_sigmoid(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, lr, steps, probability=lambda o: o)


def train_no_slope(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, lr, steps, slope=np.ones_like)


def train_biases_fixed(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, lr, steps, bias=lambda G, **axes: 0)


def train_biases_mean(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, lr, steps, bias=np.mean)


def train_sigmoid_slope(W1, b1, W2, b2, X, y, lr, steps):
    return train_stack(W1, b1, W2, b2, X, y, lr, steps, slope=lambda H: H * (1 - H))


def train_new_output(W1, b1, W2, b2, X, y, lr, steps):
    """The hidden layer's gradient is taken after W2 has moved."""
    for _ in range(steps):
        H, O = sums(W1, b1, W2, b2, X)
        G_O = (1 / (1 + np.exp(-O)) - y) / len(X)
        W2, b2 = W2 - lr * H.swapaxes(1, 2) @ G_O, b2 - lr * G_O.sum(axis=1, keepdims=True)
        G_Z = G_O @ W2.swapaxes(1, 2) * (1 - H * H)
        W1, b1 = W1 - lr * X.T @ G_Z, b1 - lr * G_Z.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2


def stack(rng, runs, width, size=1.0):
    """Random weights of so many networks, and the patterns of XOR."""
    W1, b1 = rng.normal(size=(runs, 2, width)), rng.normal(size=(runs, 1, width))
    W2, b2 = rng.normal(size=(runs, width, 1)), rng.normal(size=(runs, 1, 1))
    return {"W1": W1, "b1": b1, "W2": size * W2, "b2": b2, "X": PATTERNS.astype(float), "y": XOR}


def solution():
    """Three networks: one by hand that has solved XOR, the same but less sure, and zeros."""
    W1, b1 = np.array([[20.0, -20.0], [20.0, -20.0]]), np.array([[-10.0, 30.0]])
    W2, b2 = np.array([[5.0], [5.0]]), np.array([[-5.0]])
    args = {"W1": np.stack([W1, W1, 0 * W1]), "b1": np.stack([b1, b1, 0 * b1]),
            "W2": np.stack([W2, 0.4 * W2, 0 * W2]), "b2": np.stack([b2, 0.4 * b2, 0 * b2])}
    return {**args, "X": PATTERNS.astype(float), "y": XOR}


def random_training(rng):
    return {**stack(rng, *rng.integers(1, 5, 2)), "lr": float(rng.choice([0.1, 0.5, 1.0])),
            "steps": int(rng.integers(1, 20))}
