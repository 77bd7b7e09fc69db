"""Find two arrays that expose a function which broadcasts without a word."""

import numpy as np

from ..spec import Exercise, Mistake


def silent_bug():
    return np.array([[0.0], [2.0], [4.0]]), np.array([0.0, 2.0, 4.0])


def average_error(prediction, truth):
    """The function under test, as the statement has it."""
    return ((prediction - truth) ** 2).mean()


def exposed(pair, args):
    """What the function says about two arrays of three equal numbers."""
    prediction, truth = (np.asarray(a, float) for a in pair)
    if prediction.size != 3 or truth.size != 3:
        return "not three numbers each"
    if not np.array_equal(prediction.ravel(), truth.ravel()):
        return "not the same numbers"
    return "an error above 1" if average_error(prediction, truth) > 1 else "an error of at most 1"


def pair(prediction, truth):
    return lambda: (np.array(prediction), np.array(truth))


EXERCISE = Exercise(
    silent_bug,
    view=exposed,
    fixed=[{}],
    mistakes=[
        Mistake("Each array has three numbers: np.size is 3 for both.",
                pair([[0.0], [2.0]], [0.0, 2.0]),
                when=lambda got, want, args: got == "not three numbers each"),
        Mistake("The prediction must be perfect: the same three numbers in the same order, in "
                "arrays of different shapes.", pair([[1.0], [2.0], [9.0]], [1.0, 2.0, 3.0]),
                when=lambda got, want, args: got == "not the same numbers"),
        Mistake("These shapes do not expose it, or the numbers are too close together. Which "
                "shape, minus (3,), gives (3, 3)? There, every number meets every other.",
                pair([0.0, 2.0, 4.0], [0.0, 2.0, 4.0]), when=lambda got, want, args: True),
    ],
    hints=["Three equal numbers in equal shapes give an error of 0, as they should. So the shapes "
           "must differ.",
           "A column of shape (3, 1) minus a row of shape (3,) is a table of shape (3, 3).",
           "In that table only the diagonal is 0. With the numbers 0, 2 and 4, what is the mean of "
           "the squares of all nine?"],
)
