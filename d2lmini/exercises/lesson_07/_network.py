"""What the exercises of lesson 07 share: the patterns of XOR, and networks of step neurons."""

import numpy as np

PATTERNS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([[0.0], [1.0], [1.0], [0.0]])


def network(weights, args):
    """What a network of step neurons with the learner's weights outputs for the patterns x."""
    W1, b1, W2, b2 = (np.asarray(w, float) for w in weights)
    x = args["x"]
    try:
        if b1.ndim > W2.ndim:
            raise ValueError("b1 and W2 are exchanged")
        h = (x @ W1.T + b1 > 0) * 1.0
        return (h @ W2.T + b2 > 0).astype(int).reshape(len(x), -1)
    except ValueError:
        return "arrays of shape " + ", ".join(str(w.shape) for w in (W1, b1, W2, b2))


def misfit(outputs):
    """Whether `network` found shapes that do not fit together."""
    return isinstance(outputs, str)


def stack(rng, runs, width, size=1.0):
    """Random weights of so many networks, and the patterns of XOR."""
    W1, b1 = rng.normal(size=(runs, width, 2)), rng.normal(size=(runs, 1, width))
    W2, b2 = rng.normal(size=(runs, 1, width)), rng.normal(size=(runs, 1, 1))
    return {"W1": W1, "b1": b1, "W2": size * W2, "b2": b2, "X": PATTERNS.astype(float), "y": XOR}
