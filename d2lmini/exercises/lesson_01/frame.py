"""A matrix with 1 on its border."""

import numpy as np

from ..spec import Exercise, Mistake


def frame(m, n):
    x = np.zeros((m, n), dtype=int)
    x[[0, -1], :] = 1
    x[:, [0, -1]] = 1
    return x


def rows_only(m, n):
    x = np.zeros((m, n), dtype=int)
    x[[0, -1], :] = 1
    return x


EXERCISE = Exercise(
    frame,
    fixed=[{"m": m, "n": n} for m, n in ((4, 4), (3, 5), (2, 2), (1, 4), (5, 1), (1, 1))],
    random=lambda rng: {"m": int(rng.integers(1, 9)), "n": int(rng.integers(1, 9))},
    mistakes=[
        Mistake("Only the first and the last row are filled; the first and the last column are "
                "part of the frame, too.", rows_only),
        Mistake("Only the first and the last column are filled; the first and the last row are "
                "part of the frame, too.", lambda m, n: rows_only(n, m).T),
        Mistake("It is inside out: 1 belongs on the border, and 0 inside.",
                lambda m, n: 1 - frame(m, n)),
        Mistake("Rows come first: m is the number of rows.", lambda m, n: frame(n, m)),
        Mistake("Part of the border is missing. The last row is x[-1, :], and the last column "
                "x[:, -1].", lambda m, n: (np.indices((m, n)) == 0).any(axis=0).astype(int),
                when=lambda got, want, args: (got < want).any()),
        Mistake("A number inside is not 0.", lambda m, n: np.ones((m, n), dtype=int),
                when=lambda got, want, args: (got > want).any()),
    ],
    hints=["Begin with np.zeros((m, n), dtype=int), and then write into it.",
           "x[0, :] = 1 fills the first row. The last row has the index -1.",
           "Columns work the same way: x[:, 0] = 1."],
)
