"""The weights of a neuron for each Boolean gate, by hand."""

import numpy as np

from ..spec import Exercise, Mistake

PATTERNS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5), "NOR": (-1, -1, 0.5),
         "NOT x1": (-1, 0, 0.5), "x1 AND NOT x2": (1, -1, -0.5)}


def gate(name):
    return GATES[name]


def but(**other):
    """gate with other numbers for some gates, such as AND=(1, 1, -1)."""
    return lambda name: other.get(name.replace(" ", "_"), GATES[name])


def outputs(weights, args):
    """What the neuron with the learner's weights outputs for the patterns."""
    w1, w2, b = (float(v) for v in weights)
    return np.array([int(w1 * p + w2 * q + b > 0) for p, q in args["x"]])


EXERCISE = Exercise(
    gate,
    view=outputs,
    fixed=[{"name": name, "x": PATTERNS} for name in GATES]
    + [{"name": name, "x": PATTERNS + off} for name in GATES
       for off in ([0.2, 0.2], [-0.2, -0.2], [0.2, -0.2], [-0.2, 0.2])],
    mistakes=[
        Mistake("These are your neuron's outputs for the four rows of the table, with each input "
                "off by 0.2. For the exact rows they are right: put the line halfway between the "
                "ones and the zeros.", but(AND=(1, 1, -1)),
                when=lambda got, want, args: args["x"].dtype.kind == "f"),
        Mistake("Is the bias the last of your three numbers? The two weights come first.",
                lambda name: (GATES[name][2], *GATES[name][:2])),
        Mistake("Every output is reversed: change all three signs.",
                lambda name: tuple(-v for v in GATES[name])),
        Mistake("It fires for all four patterns: the bias is too large.", but(AND=(1, 1, 0.5)),
                when=lambda got, want, args: got.all()),
        Mistake("It never fires: the bias is too small.", but(AND=(1, 1, -2.5)),
                when=lambda got, want, args: not got.any()),
        Mistake("NOT x1 does not depend on x2: give x2 the weight 0.", but(NOT_x1=(-1, -1, 0.5)),
                when=lambda got, want, args: args["name"] == "NOT x1"),
        Mistake("It fires for too many of the four patterns. A smaller bias makes it less "
                "sensitive.", but(AND=(1, 1, -0.5)),
                when=lambda got, want, args: (got >= want).all()),
        Mistake("It fires for too few of the four patterns. A larger bias makes it more "
                "sensitive.", but(OR=(1, 1, -1.5)),
                when=lambda got, want, args: (got <= want).all()),
    ],
    hints=["All six work with weights 1, −1 or 0. Only the bias needs thought.",
           "For AND with the weights 1 and 1 the sums are 0, 1, 1, 2. Put the threshold between 1 "
           "and 2, at 1.5: the bias is −1.5.",
           "Change all three signs of AND, and you have NAND. NOR is to OR as NAND is to AND.",
           'For "x1 AND NOT x2", x1 speaks for firing and x2 against it: the weights are 1 and '
           "−1. The sums are 0, −1, 1, 0."],
)
