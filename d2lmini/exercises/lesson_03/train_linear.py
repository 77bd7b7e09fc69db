"""Linear regression, trained by mini-batch gradient descent."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from .linear_gradients import linear_gradients

LINE = {"X": np.array([[1.0], [2.0], [3.0]]), "y": np.array([4.0, 5.0, 6.0]), "rate": 0.1}


def train_linear(X, y, rate, batch_size, epochs, *, change=lambda dw, db, n, size: (dw, db),
                 gradients=lambda X, y, w, b, rate: linear_gradients(X, y, w, b),
                 stop=lambda n, size: n, loss=lambda error: (error**2).mean()):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        for start in range(0, stop(len(X), batch_size), batch_size):
            rows = slice(start, start + batch_size)
            dw, db = gradients(X[rows], y[rows], w, b, rate)
            dw, db = change(dw, db, len(X[rows]), batch_size)
            w, b = w - rate * dw, b - rate * db
        losses.append(float(loss(X @ w + b - y)))
    return w, b, losses


def one_after_the_other(X, y, w, b, rate):
    dw = linear_gradients(X, y, w, b)[0]
    return dw, linear_gradients(X, y, w - rate * dw, b)[1]


def random(rng):
    n, d = int(rng.integers(1, 12)), int(rng.integers(1, 4))
    return {"X": rng.normal(size=(n, d)), "y": rng.normal(size=n), "rate": 0.05,
            "batch_size": int(rng.integers(1, 6)), "epochs": int(rng.integers(1, 4))}


EXERCISE = Exercise(
    train_linear,
    fixed=[
        *({**LINE, "batch_size": size, "epochs": epochs}
          for size, epochs in ((3, 1), (1, 1), (2, 1), (2, 200), (10, 3), (2, 0))),
        {"X": np.array([[1, 0], [0, 1], [1, 1]]), "y": np.array([1, 2, 3]), "rate": 0.1,
         "batch_size": 2, "epochs": 3},
    ],
    random=random,
    mistakes=[
        Mistake("Return three things as a tuple: w, b and the list of losses.",
                lambda *args: train_linear(*args)[0],
                when=lambda got, want, args: not isinstance(got, list | tuple)),
        Mistake("Each step is half as long as it should be: the loss has no half, so the 2 of the "
                "square stays in the gradients.",
                partial(train_linear, change=lambda dw, db, n, size: (dw / 2, db / 2))),
        Mistake("It walks uphill: subtract rate times gradient.",
                partial(train_linear, change=lambda dw, db, n, size: (-dw, -db))),
        Mistake("The gradient is the mean over the batch: divide by its number of rows.",
                partial(train_linear, change=lambda dw, db, n, size: (n * dw, n * db))),
        Mistake("The last batch is shorter: take the mean over its own rows, so divide by "
                "len(x_batch), not by batch_size.",
                partial(train_linear, change=lambda dw, db, n, size: (dw * n / size,
                                                                      db * n / size))),
        Mistake("w and b must move together: the gradient with respect to b was taken after w had "
                "moved.", partial(train_linear, gradients=one_after_the_other)),
        Mistake("All examples were used at each step. A step looks at one batch.",
                lambda X, y, rate, batch_size, epochs: train_linear(X, y, rate, len(X), epochs)),
        Mistake("The last, shorter batch is missing.",
                partial(train_linear, stop=lambda n, size: n // size * size)),
        Mistake("The weights are right, the losses are not: one for each epoch, after its last "
                "step, the mean squared error over all examples.",
                partial(train_linear, loss=lambda error: (error**2).mean() / 2), part=2,
                when=lambda got, want, args: np.allclose(got[0], want[0])
                and np.allclose(got[1], want[1])),
    ],
    hints=[
        "Two loops: over the epochs, and inside over the batches, X[start:start + batch_size].",
        "In the inner loop: the error of the batch, both gradients, then w and b move.",
        "After the inner loop append np.mean((X @ w + b - y) ** 2) of all examples.",
        "dw = 2 / n * x.T @ error and db = 2 * error.mean(), where n is len(x).",
    ],
    bans=("Tensor.backward", "optim.SGD"),
)
