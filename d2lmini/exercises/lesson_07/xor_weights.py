"""Design a network for XOR by hand."""

from ..spec import Exercise, Mistake
from ._network import PATTERNS, misfit, network


def xor_weights():
    return [[1, 1], [-1, -1]], [-0.5, 1.5], [[1, 1]], [-1.5]


def weights(W1=((1, 1), (-1, -1)), b1=(-0.5, 1.5), W2=((1, 1),), b2=(-1.5,)):
    return lambda: (W1, b1, W2, b2)


EXERCISE = Exercise(
    xor_weights,
    view=network,
    fixed=[{"x": PATTERNS}, *({"x": PATTERNS + off} for off in (
        [0.2, 0.2], [-0.2, -0.2], [0.2, -0.2], [-0.2, 0.2]))],
    random=lambda rng: {"x": PATTERNS + rng.uniform(-0.2, 0.2, (4, 2))},
    mistakes=[
        Mistake("These four do not fit together. In this order, W1 has the shape (2, 2), b1 (2,), "
                "W2 (1, 2), b2 (1,).", weights(W2=((1,), (1,))),
                when=lambda got, want, args: misfit(got)),
        Mistake("These are the outputs for the four patterns with each input off by up to 0.2. For "
                "the exact patterns they are right: put each line halfway between the points that "
                "it separates.", weights(b1=(-0.1, 1.1)),
                when=lambda got, want, args: args["x"].dtype.kind == "f"),
        Mistake("This is the opposite of XOR: change the signs of W2 and b2.",
                weights(W2=((-1, -1),), b2=(1.5,)),
                when=lambda got, want, args: (got + want == 1).all()),
        Mistake("This is OR. At (1, 1) the second hidden neuron must stop it.",
                weights(W1=((1, 1), (1, 1)), b1=(-0.5, -1.5), b2=(-0.5,)),
                when=lambda got, want, args: got.ravel().tolist() == [0, 1, 1, 1]),
        Mistake("It never fires: look at the output neuron, W2 and b2.", weights(b2=(-2.5,)),
                when=lambda got, want, args: not got.any()),
        Mistake("It fires for all four patterns: look at the output neuron, W2 and b2.",
                weights(b2=(-0.5,)), when=lambda got, want, args: got.all()),
        Mistake("There is one output: W2 has the shape (1, 2), and b2 the shape (1,).",
                weights(W2=((1, 1), (1, 1)), b2=(-1.5, -1.5)),
                when=lambda got, want, args: got.shape != want.shape),
        Mistake("Write down h1 and h2 for each pattern, and the sum of the output neuron.",
                weights(W1=((1, 0), (0, 1)), b1=(-0.5, -0.5)),
                when=lambda got, want, args: True),
    ],
    hints=["Exactly one means: at least one (OR), and not both (NAND).",
           "Row 0 of W1 and b1[0] are the OR, row 1 and b1[1] the NAND; lesson 00 has them.",
           "The output neuron is an AND of the two: weights 1, 1 and bias −1.5."],
)
