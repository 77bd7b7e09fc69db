"""Mirrored pictures, with the labels that they have then."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def with_mirrored(x, y, table, *, flip=np.s_[:, :, ::-1], keep=lambda new: new >= 0,
                  label=lambda y, table: np.array(table)[y]):
    new = label(y, table)
    kept = keep(new)
    return np.concatenate([x, x[flip][kept]]), np.concatenate([y, new[kept]])


def random(rng):
    n, classes = int(rng.integers(1, 6)), int(rng.integers(2, 6))
    return {"x": rng.integers(0, 9, (n, *rng.integers(2, 4, 2))).astype(float),
            "y": rng.integers(0, classes, n),
            "table": [int(k) for k in rng.integers(-1, classes, classes)]}


but = partial(partial, with_mirrored)
TWO = np.arange(12.0).reshape(2, 2, 3)
EXERCISE = Exercise(
    with_mirrored,
    fixed=[
        {"x": np.array([[[1.0, 2.0], [3.0, 4.0]]]), "y": np.array([0]), "table": [0]},
        {"x": TWO, "y": np.array([1, 2]), "table": [0, 2, 1]},
        {"x": TWO, "y": np.array([0, 1]), "table": [-1, 1]},
        {"x": TWO, "y": np.array([0, 0]), "table": [-1, 1]},
    ],
    random=random,
    mistakes=[
        Mistake("You turned the pictures upside down. A mirror exchanges left and right: the last "
                "axis.", but(flip=np.s_[:, ::-1])),
        Mistake("You turned the pictures by half a turn. A mirror exchanges only left and right: "
                "the last axis.", but(flip=np.s_[:, ::-1, ::-1])),
        Mistake("You turned around the order of the pictures. A mirror changes each picture: its "
                "last axis.", but(flip=np.s_[::-1])),
        Mistake("The mirrored pictures have their old labels. Look up the new ones: "
                "np.array(table)[y].",
                but(label=lambda y, table: np.where(np.array(table)[y] < 0, -1, y))),
        Mistake("Pictures whose mirror image is none of the classes (-1 in the table) are to be "
                "left out.", but(keep=lambda new: new > -2)),
        Mistake("Only the mirrored picture is left out; the original stays.",
                lambda x, y, table: with_mirrored(x[np.array(table)[y] >= 0],
                                                  y[np.array(table)[y] >= 0], table)),
        Mistake("Label 0 is a class like any other. Only -1 means: leave it out.",
                but(keep=lambda new: new > 0)),
        Mistake("First all originals, then the mirrored pictures.",
                lambda *args: tuple(np.concatenate([a[len(args[1]):], a[:len(args[1])]])
                                    for a in with_mirrored(*args))),
    ],
    hints=[
        "x[:, :, ::-1] are the mirrored pictures, and np.array(table)[y] their labels.",
        "new >= 0 is a mask of those to keep; use it for pictures and labels alike.",
        "np.concatenate([x, mirrored]) puts the originals first.",
    ],
)
