"""Design a recurrent network by hand that notices two ones in a row."""

import itertools

import numpy as np

from ..spec import Exercise, Mistake


def two_in_a_row():
    return [1, 1], [[0, 1], [0, 0]], [-1.5, -0.5]


def weights(Wx=(1, 1), Wh=((0, 1), (0, 0)), b=(-1.5, -0.5)):
    return lambda: (Wx, Wh, b)


def answers(value, args):
    """The first neuron after each bit; a sentence where the shapes do not fit."""
    if not isinstance(value, tuple | list) or len(value) != 3:
        return "no Wx, Wh, b"
    try:
        Wx, Wh, b = (np.asarray(part, float) for part in value)
    except (TypeError, ValueError):
        return "no Wx, Wh, b"
    if (Wx.shape, Wh.shape, b.shape) != ((2,), (2, 2), (2,)):
        return "no Wx (2,), Wh (2, 2), b (2,)"
    h, found = np.zeros(2), []
    for x in args["bits"]:
        h = 1.0 * (Wx * x + Wh @ h + b > 0)
        found.append(int(h[0]))
    return found


def says(rule):
    """Whether the answers are those of rule(bits): a list."""
    return lambda got, want, args: got == rule(args["bits"])


def apart(bits):
    return [int(x and sum(bits[:t]) > 0) for t, x in enumerate(bits)]


def ever(bits):
    right = [int(a and b) for a, b in zip([0, *bits], bits)]
    return list(itertools.accumulate(right, max))


def case(*bits):
    return {"bits": list(bits)}


EXERCISE = Exercise(
    two_in_a_row,
    view=answers,
    fixed=[case(1, 1, 0, 1, 0, 0, 1, 1, 1), case(0, 1, 1, 0, 1), case(1, 0, 0, 1)],
    random=lambda rng: {"bits": rng.integers(0, 2, 12).tolist()},
    mistakes=[
        Mistake("These three do not fit together. Wx has the shape (2,), Wh (2, 2) and b (2,).",
                weights(Wx=((1, 1),)), when=lambda got, want, args: isinstance(got, str)),
        Mistake("The first neuron never fires. With both the bit and the second neuron on, its sum "
                "must be above 0.", weights(b=(-2.5, -0.5)),
                when=lambda got, want, args: not any(got)),
        Mistake("The first neuron fires at every 1. It must wait for two: one input alone must not "
                "lift its sum above 0.", weights(b=(-0.5, -0.5), Wh=((0, 0), (0, 0))),
                when=says(list)),
        Mistake("It fires at a 1 even where the 1 before is long past. The second neuron must "
                "forget: no weight from itself to itself.",
                weights(Wh=((0, 1), (0, 1))), when=says(apart)),
        Mistake("Once on, it stays on. There must be no weight from the first neuron to itself.",
                weights(Wh=((2, 1), (0, 0))), when=says(ever)),
        Mistake("The second neuron should simply repeat the bit, and the first is an AND of the "
                "new bit and the second neuron of the step before. Write down both for 1, 1, 0.",
                weights(Wx=(0, 1), b=(-0.5, -0.5)), when=lambda got, want, args: True),
    ],
    hints=["The first neuron has to know the bit before. So let the second neuron keep it: after "
           "each step it is on exactly if the bit was 1.",
           "Row 0 of Wh and b[0] belong to the first neuron, row 1 and b[1] to the second. "
           "Wh[0, 1] is the weight from the second to the first.",
           "The first is an AND of the new bit and the old second neuron: weights 1 and 1, bias "
           "-1.5 (lesson 00)."],
)
