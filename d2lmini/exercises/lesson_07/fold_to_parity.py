"""Parity by folding the number line, again and again."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def fold_to_parity(s, n, *, last=1, factor=2, most=99):
    while n > last and most:
        n, most = n / 2, most - 1
        s = s - factor * np.maximum(0, s - n)
    return s


def as_floats(s, args):
    """Whole numbers may come back as integers or as floats: both are right."""
    return np.asarray(s, float)


def random(rng):
    n = 2 ** int(rng.integers(0, 9))
    return {"s": rng.uniform(0, n, rng.integers(1, 12)), "n": n}


EXERCISE = Exercise(
    fold_to_parity,
    view=as_floats,
    fixed=[{"s": np.array(s), "n": n} for s, n in (
        ([0.0, 1.0, 2.0], 2), ([0.0, 1.0, 2.0, 3.0, 4.0], 4), ([0.5, 1.25, 3.5], 4),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], 8), ([0.0, 1.0], 1), ([1023.0, 512.0, 6.75], 1024))],
    random=random,
    mistakes=[
        Mistake("One fold is right only for 2 bits. Go on with half the position, until 1.",
                partial(fold_to_parity, most=1)),
        Mistake("What is above the fold must come down on the other side: subtract it twice.",
                partial(fold_to_parity, factor=1)),
        Mistake("The last fold, at 1, is missing.", partial(fold_to_parity, last=2)),
        Mistake("At whole numbers it is right. Between them the folded line is straight; s % 2 is "
                "not.", lambda s, n: s % 2 if n > 1 else s),
        Mistake("Between whole numbers the folded line is straight: from 0.5 comes 0.5. Do not "
                "round.", lambda s, n: np.round(s) % 2,
                when=lambda got, want, args: (args["s"] % 1).any() and not (got % 1).any()),
        Mistake("Every whole count ends at 0. The last fold is at 1: one more, at ½, would lay the "
                "1 onto 0.", partial(fold_to_parity, last=0.5)),
        Mistake("A fold is s - 2 max(0, s - c), first at c = n/2.", lambda s, n: 0 * s + 1,
                when=lambda got, want, args: True),
    ],
    hints=["Do it by hand for n = 4: fold 0, 1, 2, 3, 4 at 2, and the result at 1.",
           "A loop: halve n, fold there, and go on as long as n is above 1.",
           "One fold: s = s - 2 * np.maximum(0, s - n), which makes a new array."],
)
