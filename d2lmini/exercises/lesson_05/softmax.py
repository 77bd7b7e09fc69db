"""A softmax of each row that does not overflow."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def softmax(logits, *, axis=1, keepdims=True, total=np.sum, largest=np.max):
    e = np.exp(logits - largest(logits, axis=axis, keepdims=keepdims))
    return e / total(e, axis=axis, keepdims=True)


EXERCISE = Exercise(
    softmax,
    fixed=[
        {"logits": np.array([[1.0, 2.0, 3.0]])},
        {"logits": np.array([[0.0, np.log(3.0)], [5.0, 5.0]])},
        {"logits": np.array([[1000.0, 0.0], [-1000.0, 0.0]])},
        {"logits": np.zeros((0, 4))},
    ],
    random=lambda rng: {"logits": rng.normal(size=rng.integers(1, 6, 2)) * 10.0 ** rng.integers(
        0, 4)},
    mistakes=[
        Mistake("Each column sums to 1. Every row is an example, so each row must: sum over "
                "axis=1.", partial(softmax, axis=0)),
        Mistake("All the numbers together sum to 1. Each row must: sum over axis=1, with "
                "keepdims=True.", partial(softmax, axis=(0, 1))),
        Mistake("max(axis=1) gives one number for each row. Without keepdims=True it broadcasts "
                "along the columns: write logits.max(axis=1, keepdims=True).",
                partial(softmax, keepdims=False)),
        Mistake("exp of a large logit overflows. Subtract the largest logit of each row first: "
                "that changes nothing else.", partial(softmax, largest=lambda o, **_: 0),
                when=lambda got, want, args: not np.isfinite(got).all()),
        Mistake("The rows do not sum to 1. Divide each by its own sum, e.sum(axis=1, "
                "keepdims=True).", partial(softmax, total=lambda e, **_: 1),
                when=lambda got, want, args: not np.allclose(got.sum(axis=1), 1)),
    ],
    hints=[
        "Write it for one row first: exp of each logit, divided by the sum of these.",
        "For all rows at once the sum needs axis=1 and keepdims=True, so that its shape (n, 1) "
        "broadcasts.",
        "Before exp, subtract logits.max(axis=1, keepdims=True).",
    ],
    bans=("functional.softmax", "functional.log_softmax"),
)
