"""Design a network for XOR by hand, from inputs -1 and 1."""

from ..spec import Exercise, Mistake
from ._network import PATTERNS, misfit, network

SIGNS = 2 * PATTERNS - 1                        # -1 for off, 1 for on


def xor_weights():
    return [[1, 1], [-1, -1]], [1, 1], [[1, 1]], [-1.5]


def weights(W1=((1, 1), (-1, -1)), b1=(1, 1), W2=((1, 1),), b2=(-1.5,)):
    return lambda: (W1, b1, W2, b2)


EXERCISE = Exercise(
    xor_weights,
    view=network,
    fixed=[{"x": SIGNS}, *({"x": SIGNS + wrong} for wrong in (
        [0.4, 0.4], [-0.4, -0.4], [0.4, -0.4], [-0.4, 0.4]))],
    random=lambda rng: {"x": SIGNS + rng.uniform(-0.4, 0.4, (4, 2))},
    mistakes=[
        Mistake("These four do not fit together. In this order, W1 has the shape (2, 2), b1 (2,), "
                "W2 (1, 2), b2 (1,).", weights(W2=((1,), (1,))),
                when=lambda got, want, args: misfit(got)),
        Mistake("These are the outputs for the four patterns with each input wrong by up to 0.4. "
                "For the exact patterns they are right: put each line halfway between the points "
                "that it separates.", weights(b1=(0.2, 1.8)),
                when=lambda got, want, args: args["x"].dtype.kind == "f"),
        Mistake("This is the opposite of XOR: change the signs of W2 and b2.",
                weights(W2=((-1, -1),), b2=(1.5,)),
                when=lambda got, want, args: (got + want == 1).all()),
        Mistake("This is OR. At (1, 1) the second hidden neuron must stop it.",
                weights(W1=((1, 1), (1, 1)), b1=(1, -1), b2=(-0.5,)),
                when=lambda got, want, args: got.ravel().tolist() == [0, 1, 1, 1]),
        Mistake("It never fires. With the weights 1 and 1, the inputs add up to -2, 0 or 2, so the "
                "biases b1 are not those of the lesson. If b1 is right, look at W2 and b2.",
                weights(b1=(-0.5, 1.5)), when=lambda got, want, args: not got.any()),
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
           "Row 0 of W1 and b1[0] are the OR: with the weights 1 and 1, it fires for the sums 0 "
           "and 2, and not for −2. Row 1 and b1[1] are the NAND.",
           "The output neuron sees 0 and 1 again. It is an AND: weights 1, 1 and bias −1.5."],
)
