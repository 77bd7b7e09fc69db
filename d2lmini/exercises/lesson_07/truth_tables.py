"""All truth tables that single neurons can output, and how near they come to XOR."""

from functools import partial
from itertools import product
from operator import ge, gt

import numpy as np

from ..spec import Exercise, Mistake
from ._network import PATTERNS


def truth_tables(lines, *, above=gt, sort=lambda outputs: np.unique(outputs, axis=0), best=np.max):
    outputs = above(lines[:, :2] @ PATTERNS.T + lines[:, 2:], 0).astype(int)
    return sort(outputs), int(best((outputs == [0, 1, 1, 0]).sum(axis=1)))


def changed(change):
    return lambda lines: (change(truth_tables(lines)[0]), truth_tables(lines)[1])


EXERCISE = Exercise(
    truth_tables,
    fixed=[{"lines": np.array(lines)} for lines in (
        [[1.0, 1.0, -0.5]], [[1.0, 1.0, -0.5], [2.0, 2.0, -1.0], [1.0, 1.0, -1.5]],
        [[1, 1, -1], [0, 0, 0], [-1, 0, 0], [-1, -1, 1]], [[-1.0, 0.0, 0.5], [1.0, -1.0, 1.0]],
        list(product([-1, 0, 1], [-1, 0, 1], [-1.5, -0.5, 0.5, 1.5])))],
    random=lambda rng: {"lines": rng.normal(size=(rng.integers(1, 60), 3))},
    mistakes=[
        Mistake("These are True and False. Make 1 and 0 of them, with .astype(int).",
                changed(lambda tables: tables > 0),
                when=lambda got, want, args: got[0].dtype == bool),
        Mistake("The right tables as floats. Make integers of them, with .astype(int).",
                changed(lambda tables: 1.0 * tables),
                when=lambda got, want, args: got[0].dtype.kind == "f"
                and np.array_equal(got[0], want[0])),
        Mistake("A neuron fires only where its sum is above 0; at exactly 0 it does not.",
                partial(truth_tables, above=ge)),
        Mistake("The same table occurs several times. Keep one of each, as np.unique does with "
                "axis=0.", partial(truth_tables, sort=lambda outputs: outputs)),
        Mistake("The right tables, but not in order: 0, 0, 0, 0 comes first.",
                changed(lambda tables: tables[::-1])),
        Mistake("The bias is missing: it is the third number of each line.",
                lambda lines: truth_tables(lines * [1, 1, 0])),
        Mistake("The second result is the score of the worst line. Return that of the best.",
                partial(truth_tables, best=np.min)),
        Mistake("The tables are right. Compare each with XOR, 0, 1, 1, 0, count how many of the "
                "four agree, and take the largest count.", partial(truth_tables, best=np.sum),
                part=1, when=lambda got, want, args: True),
    ],
    hints=["x @ w + b for all lines and all patterns at once: lines[:, :2] @ patterns.T has the "
           "shape (k, 4), and lines[:, 2:] the shape (k, 1).",
           "outputs = (… > 0).astype(int), and np.unique(outputs, axis=0) sorts and drops "
           "duplicates.",
           "(outputs == [0, 1, 1, 0]).sum(axis=1) is the score of each line."],
)
