"""A tensor in which each element tells its own index."""

import numpy as np

from ..spec import Exercise, Mistake


def place_numbers(a, b, c):
    i, j, k = np.indices((a, b, c))
    return 100 * i + 10 * j + k


EXERCISE = Exercise(
    place_numbers,
    fixed=[{"a": a, "b": b, "c": c}
           for a, b, c in ((4, 5, 6), (2, 2, 3), (1, 1, 1), (3, 1, 2), (10, 1, 1), (0, 2, 3))],
    random=lambda rng: dict(zip("abc", rng.integers(1, 9, 3).tolist())),
    mistakes=[
        Mistake("These are the numbers 0, 1, 2, … in a row. Each element must tell its own index: "
                "100 i + 10 j + k.", lambda a, b, c: np.arange(a * b * c).reshape(a, b, c)),
        Mistake("Indices are counted from 0: the first element is 0, not 111.",
                lambda a, b, c: place_numbers(a, b, c) + 111),
        Mistake("The digits are in reverse order: i is the hundreds, and k the ones.",
                lambda a, b, c: np.einsum("aijk,a->ijk", np.indices((a, b, c)), [1, 10, 100])),
        Mistake("The axes are in the wrong order: i runs along the first axis, of length a.",
                lambda a, b, c: place_numbers(a, b, c).transpose(2, 1, 0),
                when=lambda got, want, args: got.ndim == 3 and got.shape != want.shape
                and sorted(got.shape) == sorted(want.shape)),
        Mistake("Where a is 0, a list of layers is empty, and its other axes are lost. Begin with "
                "np.zeros((a, b, c), dtype=int), or broadcast.",
                lambda a, b, c: np.array([[[100 * i + 10 * j + k for k in range(c)]
                                           for j in range(b)] for i in range(a)], dtype=int),
                when=lambda got, want, args: args["a"] == 0 and got.shape != want.shape),
        Mistake("The three ranges were not combined: give them the shapes (a, 1, 1), (b, 1) and "
                "(c,), so that they broadcast.",
                lambda a, b, c: 100 * np.arange(a)[:, None] + 10 * np.arange(b),
                when=lambda got, want, args: got.ndim < 3),
    ],
    hints=["np.arange(c) is right for the last digit, along the last axis.",
           "np.arange(b)[:, None], or np.arange(b).reshape(b, 1), is a column: ten times it gives "
           "the tens, one for each row.",
           "The hundreds need the shape (a, 1, 1): np.arange(a).reshape(a, 1, 1). Then add all "
           "three."],
)
