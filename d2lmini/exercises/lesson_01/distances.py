"""The distance of each point of one set from each point of another."""

import numpy as np

from ..spec import Exercise, Mistake


def distances(a, b):
    return np.sqrt(((a[:, None] - b) ** 2).sum(axis=2))


def random(rng):
    n, m, d = rng.integers(1, 6, 3)
    return {"a": rng.normal(size=(n, d)), "b": rng.normal(size=(m, d))}


EXERCISE = Exercise(
    distances,
    fixed=[{"a": np.array(a), "b": np.array(b)} for a, b in (
        ([[0.0, 0.0]], [[3.0, 4.0]]), ([[0.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [4.0, 5.0]]),
        ([[1.0, 2.0, 2.0]], [[0.0, 0.0, 0.0], [1.0, 2.0, 2.0], [1.0, 0.0, 2.0]]),
        ([[-2], [5]], [[1], [2], [3]]), (np.zeros((0, 2)), [[1.0, 2.0]]))],
    random=random,
    mistakes=[
        Mistake("These are squared distances. Take the square root.",
                lambda a, b: distances(a, b) ** 2),
        Mistake("Rows belong to a and columns to b; here it is the other way round.",
                lambda a, b: distances(b, a)),
        Mistake("The absolute differences are added up. The distance is the square root of the sum "
                "of their squares.", lambda a, b: abs(a[:, None] - b).sum(axis=2)),
        Mistake("Without points in a, a list of rows is empty, and its m columns are lost. Begin "
                "with np.zeros((len(a), len(b))), or broadcast.",
                lambda a, b: np.array([[np.linalg.norm(p - q) for q in b] for p in a]),
                when=lambda got, want, args: len(args["a"]) == 0),
        Mistake("Each point of a was compared with one point of b only. Give a the shape "
                "(n, 1, d), so that all pairs meet.",
                lambda a, b: np.sqrt(((a - b[0]) ** 2).sum(axis=1)),
                when=lambda got, want, args: got.ndim == 1),
        Mistake("The last axis, with the d differences, must go away, and only this one: sum over "
                "axis=2.", lambda a, b: abs(a[:, None] - b),
                when=lambda got, want, args: np.shape(got) != want.shape),
    ],
    hints=["With two loops first: distance[i, j] = np.sqrt(((a[i] - b[j]) ** 2).sum()). That is a "
           "right answer, too.",
           "Without loops: a[:, None] has the shape (n, 1, d). Minus b, of shape (m, d), it gives "
           "(n, m, d).",
           "Square it, sum over axis=2, take the square root."],
)
