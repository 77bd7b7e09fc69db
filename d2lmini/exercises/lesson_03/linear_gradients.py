"""The gradients of the mean squared error of a linear neuron."""

import numpy as np

from ..spec import Exercise, Mistake


def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(X) * X.T @ error, 2 * error.mean()


def changed(change):
    """linear_gradients with another result: change(dw, db, n)."""
    return lambda X, y, w, b: change(*linear_gradients(X, y, w, b), len(X))


def with_error(dw=lambda X, e: 2 / len(X) * X.T @ e, db=lambda X, e: 2 * e.mean()):
    """linear_gradients with other formulas of the error."""
    return lambda X, y, w, b: (dw(X, X @ w + b - y), db(X, X @ w + b - y))


def random(rng):
    n, d = (int(v) for v in rng.integers(1, 6, 2))
    return {"X": rng.normal(size=(n, d)), "y": rng.normal(size=n), "w": rng.normal(size=d),
            "b": float(rng.normal())}


EXERCISE = Exercise(
    linear_gradients,
    fixed=[
        {"X": np.array([[1.0], [2.0], [3.0]]), "y": np.array([4.0, 5.0, 6.0]),
         "w": np.array([0.0]), "b": 0.0},
        {"X": np.array([[2.0, -1.0]]), "y": np.array([3.0]), "w": np.array([1.0, 1.0]), "b": 0.5},
        {"X": np.array([[1, 2], [3, 4]]), "y": np.array([1, 0]), "w": np.array([1, -1]), "b": 2},
        {"X": np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), "y": np.array([2.0, -1.0]),
         "w": np.array([1.0, 0.0, 0.5]), "b": -1.0},
    ],
    random=random,
    mistakes=[
        Mistake("Return two things as a tuple: the gradients with respect to w and b.",
                changed(lambda dw, db, n: dw),
                when=lambda got, want, args: not isinstance(got, list | tuple)),
        Mistake("The bias is missing in the error: X @ w + b - y.",
                lambda X, y, w, b: linear_gradients(X, y, w, 0)),
        Mistake("Both are half of what they should be: the loss has no half, so the 2 of the "
                "square stays.", changed(lambda dw, db, n: (dw / 2, db / 2))),
        Mistake("Both have the wrong sign: the error is prediction minus truth.",
                changed(lambda dw, db, n: (-dw, -db))),
        Mistake("These are sums over the examples. The loss is a mean: divide by n = len(X).",
                changed(lambda dw, db, n: (dw * n, db * n))),
        Mistake("These are sums over the examples, and the 2 is missing: 2 / n in front.",
                changed(lambda dw, db, n: (dw * n / 2, db * n / 2))),
        Mistake("The gradient with respect to w is right, the one with respect to b is not: it is "
                "one number, 2 times the mean error. No input is in it, because the derivative of "
                "the prediction with respect to b is 1.",
                with_error(db=lambda X, e: 2 * (X[:, 0] * e).mean()),
                when=lambda got, want, args: got[0].dtype.kind == "f"
                and np.shape(got[0]) == want[0].shape and np.allclose(got[0], want[0])),
        Mistake("Use X.T @ error: entry j adds up error times input j over the examples. "
                "X @ error adds up over the inputs.",
                with_error(lambda X, e: 2 / len(X) * (X if len(X) == X.shape[1] else X.T) @ e)),
        Mistake("The gradient with respect to w has one entry for each weight, shape (d,): "
                "X.T @ error.", with_error(lambda X, e: 2 / len(X) * X * e[:, None]),
                when=lambda got, want, args: np.shape(got[0]) != want[0].shape),
        Mistake("The gradient with respect to b is right, the one with respect to w is not: it is "
                "2 / n times X.T @ error.", with_error(lambda X, e: 2 / X.size * X.T @ e), part=0,
                when=lambda got, want, args: np.allclose(got[1], want[1])),
    ],
    hints=[
        "First the error, one number for each example: error = X @ w + b - y.",
        "For one example the gradient with respect to w is 2 * error * x, and with respect to b it "
        "is 2 * error. Take the mean over the examples.",
        "In arrays: 2 / n * X.T @ error, and 2 * error.mean().",
    ],
    bans=("Tensor.backward",),
)
