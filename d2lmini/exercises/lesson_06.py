"""What judges the exercises of lesson 06, the multilayer perceptron.

The last of them, a network forward and backward, stands in lesson_06_network.py.
"""

from itertools import pairwise

import numpy as np

from .lesson_06_network import TWO_LAYER, same
from .spec import Case, Code, Exercise, Mistake

# --- relu ---


def relu(z):
    return np.maximum(0, z)


def relu_backward(g, z):
    return g * (z > 0)


def slopes(says, wrong):
    """The mistake that relu_backward gives wrong(g, z)."""
    return Mistake(says, when=lambda got, want, args: same(got, wrong(args["g"], args["z"])))


def random_relu(rng):
    g, z = rng.normal(size=(2, *rng.integers(1, 6, 2))) * 10.0 ** rng.integers(-2, 3)
    return Case("(relu(z), relu_backward(g, z))", {"g": g, "z": z})


RELU = Exercise(
    name="relu",
    reference={"relu": relu, "relu_backward": relu_backward},
    program="relu_backward(g, z)",
    fixed=[
        Case("relu(z)", {"z": np.array([2.0])}),
        Case("relu(z)", {"z": np.array([-3.0, -0.5, 0.0, 0.5, 3.0])}),
        Case("relu(z)", {"z": np.array([[1e9, -1e9, 1e-9], [-2, 0, 4]], np.float32)}),
        {"g": np.array([5.0]), "z": np.array([2.0])},
        {"g": np.array([5.0, 5.0, -5.0, -5.0]), "z": np.array([3.0, -3.0, 3.0, -3.0])},
        {"g": np.array([[7.0, -7.0]]), "z": np.array([[0.0, 0.0]])},
    ],
    random=random_relu,
    mistakes=[
        Mistake("That is the absolute value. A negative number does not change its sign, it "
                "becomes 0.", like=np.abs),
        Mistake("That is the derivative of relu, 0 or 1. Positive numbers pass unchanged.",
                like=lambda z: np.where(z > 0, 1.0, 0.0)),
        slopes("That is relu'(z) alone. The chain rule multiplies it with g.",
               lambda g, z: 1.0 * (z > 0)),
        slopes("At z = 0 the derivative counts as 0 here: use z > 0, not z >= 0.",
               lambda g, z: g * (z >= 0)),
        slopes("You looked at the sign of g. What counts is whether z was positive; a negative g "
               "passes as well.", lambda g, z: np.maximum(0, g)),
        slopes("You exchanged the two: g is what passes back, and z decides where.",
               lambda g, z: z * (g > 0)),
        slopes("You multiplied g by relu(z). Multiply it by the derivative: 1 where z > 0, else 0.",
               lambda g, z: g * np.maximum(0, z)),
    ],
    hints=[
        "np.maximum(a, b) gives the larger of two numbers, at every place of an array. (np.max "
        "looks for one largest number in the array.)",
        "The derivative of relu is 1 where z > 0, else 0. The comparison z > 0 is an array of True "
        "and False, and in a product these count as 1 and 0.",
        "The chain rule: the gradient by z is g times relu'(z), element by element.",
    ],
    bans=("functional.relu", "Tensor.relu", "nn.ReLU", "kernels.relu_grad"),
)

# --- mlp_parameters ---


def counting(biases=lambda sizes: sum(sizes[1:])):
    """mlp_parameters with another number of biases, biases(sizes)."""
    def mlp_parameters(sizes, bias=True):
        return sum(a * b for a, b in pairwise(sizes)) + (biases(sizes) if bias else 0)
    return mlp_parameters


PARAMETERS = Exercise(
    name="mlp_parameters",
    reference=counting(),
    program="mlp_parameters(sizes, bias=bias)",
    fixed=[
        Case("mlp_parameters(sizes)", {"sizes": [4, 5, 2]}),
        {"sizes": [4, 5, 2], "bias": False},
        {"sizes": [784, 512, 10], "bias": True},
        {"sizes": [1, 1, 1, 1], "bias": True},
        {"sizes": [7], "bias": True},
    ],
    random=lambda rng: {"sizes": [int(n) for n in rng.integers(1, 200, rng.integers(2, 7))],
                        "bias": bool(rng.integers(2))},
    exact=True,
    mistakes=[
        Mistake("A number of parameters is a whole number, an int.",
                when=lambda got, want, args: got == want),
        Mistake("The last layer is missing: [4, 5, 2] has two, from 4 to 5 and from 5 to 2.",
                like=lambda sizes, bias=True: counting()(sizes[:-1], bias)),
        Mistake("The biases are missing: one for each neuron that is not an input.",
                like=counting(lambda sizes: 0)),
        Mistake("bias=False means that no neuron has a bias. Leave them out of the count then.",
                when=lambda got, want, args: args.get("bias") is False),
        Mistake("You gave a bias to each input. Inputs are numbers that come in; only the neurons "
                "after them have one.", like=counting(sum)),
        Mistake("You counted one bias for a layer. Each neuron of the layer has its own.",
                like=counting(lambda sizes: len(sizes) - 1)),
        Mistake("You gave a bias to each number that goes into a layer. A bias belongs to a "
                "neuron, and a layer has n_out of them.",
                like=counting(lambda sizes: sum(sizes[:-1]))),
        Mistake("Not every size times every other: a layer is joined only to the one before it. "
                "Add up n_in times n_out, layer by layer.",
                like=lambda sizes, bias=True: int(np.prod(sizes))),
    ],
    hints=[
        "A layer from n_in to n_out numbers has one weight for each pair of them.",
        "pairwise(sizes) gives the pairs (n_in, n_out), layer by layer.",
        "A layer with biases has n_in * n_out + n_out parameters.",
    ],
    bans=("nn.Linear", "nn.Sequential", "nn.summary"),
)

# --- he_init ---


def start(std):
    """he_init with another standard deviation, std(n_in, n_out)."""
    def he_init(sizes, rng):
        return [(rng.normal(size=(n_out, n_in)) * std(n_in, n_out), np.zeros(n_out))
                for n_in, n_out in pairwise(sizes)]
    return he_init


HE = Exercise(
    name="he_init",
    reference=start(lambda n_in, n_out: np.sqrt(2 / n_in)),
    program="he_init(sizes, rng)",
    fixed=[
        {"sizes": [3, 2], "rng": Code("np.random.default_rng(0)")},
        {"sizes": [8, 5, 3], "rng": Code("np.random.default_rng(1)")},
        {"sizes": [6], "rng": Code("np.random.default_rng(3)")},
    ],
    random=lambda rng: {"sizes": [int(n) for n in rng.integers(3, 30, rng.integers(2, 6))],
                        "rng": Code(f"np.random.default_rng({rng.integers(1000)})")},
    mistakes=[
        Mistake("2 / n_in is the variance. The standard deviation is its root.",
                like=start(lambda n_in, n_out: 2 / n_in)),
        Mistake("You divided by n_out. He's formula has n_in: a neuron adds up n_in products.",
                like=start(lambda n_in, n_out: np.sqrt(2 / n_out))),
        Mistake("This is Xavier's formula, made for tanh. He's is sqrt(2 / n_in).",
                like=start(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)))),
        Mistake("The 2 is missing. ReLU loses half of the mean square, and the 2 makes up for it.",
                like=start(lambda n_in, n_out: np.sqrt(1 / n_in))),
        Mistake("W has one row for each neuron, as in nn.Linear: its shape is (n_out, n_in).",
                when=lambda got, want, args: got[0][0].shape == want[0][0].shape[::-1]),
        Mistake("Start the biases at 0, with np.zeros(n_out).",
                when=lambda got, want, args: any(
                    b.shape == v.shape and b.any() for (_, b), (_, v) in zip(got, want))),
        Mistake("A layer has a bias for each of its neurons: b has the shape (n_out,).",
                when=lambda got, want, args: any(
                    b.shape != v.shape for (_, b), (_, v) in zip(got, want))),
        Mistake("The shapes are right, the numbers are not. Draw from rng itself, each W with one "
                "call of rng.normal, the first layer first; the standard deviation is "
                "np.sqrt(2 / n_in).",
                when=lambda got, want, args: all(
                    W.shape == V.shape for (W, _), (V, _) in zip(got, want, strict=True))),
    ],
    hints=[
        "One layer first, from n_in to n_out. Then loop over pairwise(sizes).",
        "rng.normal(size=(n_out, n_in)) has standard deviation 1. Multiply it by the one you want.",
        "The variance is 2 / n_in, so the standard deviation is np.sqrt(2 / n_in).",
    ],
    bans=("init.kaiming_normal_", "nn.Linear"),
)

# --- dropout ---


def dropout(h, p, r, training=True):
    if not training:
        return h
    return h * (r >= p) / (1 - p) if p < 1 else np.zeros(h.shape)


def dropping(wrong):
    """dropout with another formula, wrong(h, p, r)."""
    return lambda h, p, r, training=True: wrong(h, p, r)


def random_dropout(rng):
    h = rng.normal(size=rng.integers(1, 6, rng.integers(1, 3)))
    return {"h": h, "p": float(rng.choice([0, 0.1, 0.25, 0.5, 0.8])), "r": rng.random(h.shape),
            "training": bool(rng.random() < 0.75)}


FIVE, DRAWN = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([0.1, 0.9, 0.2, 0.25, 0.7])
DROPOUT = Exercise(
    name="dropout",
    reference=dropout,
    program="dropout(h, p, r, training=training)",
    fixed=[
        Case("dropout(h, p, r)", {"h": FIVE, "p": 0.25, "r": DRAWN}),
        {"h": FIVE, "p": 0.25, "r": DRAWN, "training": False},
        {"h": FIVE, "p": 0.8, "r": DRAWN, "training": True},
        {"h": np.array([[1.0, -2.0]]), "p": 0.0, "r": np.array([[0.0, 0.5]]), "training": True},
        {"h": np.array([3.0, -4.0]), "p": 1.0, "r": np.array([0.0, 0.999]), "training": True},
        {"h": np.zeros((0, 3)), "p": 0.5, "r": np.zeros((0, 3)), "training": True},
    ],
    random=random_dropout,
    mistakes=[
        Mistake("With training=False dropout is switched off: return h as it is, whatever p is.",
                when=lambda got, want, args: not args.get("training", True)),
        Mistake("With p = 1 everything is off, and 1 - p is 0. Return zeros before you divide.",
                when=lambda got, want, args: args["p"] == 1),
        Mistake("You kept those that should be off, and the other way round: off is where r < p.",
                like=dropping(lambda h, p, r: h * (r < p) / (1 - p))),
        Mistake("The right ones are off. Now make the others larger, so that the mean stays: "
                "divide by 1 - p.", like=dropping(lambda h, p, r: h * (r >= p))),
        Mistake("Python divides before it subtracts: /1-p takes p away. Write / (1 - p).",
                like=dropping(lambda h, p, r: h * (r >= p) - p)),
        Mistake("You multiplied by 1 - p, which makes the others smaller. Divide by it.",
                like=dropping(lambda h, p, r: h * (r >= p) * (1 - p))),
        Mistake("You divided by p. A number survives with probability 1 - p: divide by that.",
                like=dropping(lambda h, p, r: h * (r >= p) / p)),
        Mistake("r equal to p is kept: off is only r < p. Otherwise p = 0 could switch one off.",
                like=dropping(lambda h, p, r: h * (r > p) / (1 - p))),
    ],
    hints=[
        "Begin with the easy case: if not training, return h.",
        "r >= p is True where a number is kept. In a product, True and False are 1 and 0.",
        "h * (r >= p) / (1 - p) is right for every p below 1. For p = 1 return zeros like h.",
    ],
    bans=("functional.dropout", "nn.Dropout"),
)

# --- early_stopping ---


def stopping(wait=0, reset=True, begin=1, better=lambda losses, i, best: losses[i] < losses[best]):
    """early_stopping; the options make typical mistakes."""
    def stop(losses, patience):
        best, bad = 0, 0
        for i in range(begin, len(losses)):
            if better(losses, i, best):
                best, bad = i, bad * (not reset)
            else:
                bad += 1
            if bad == patience + wait:
                return best, i + 1
        return best, len(losses)
    return stop


STOPPING = Exercise(
    name="early_stopping",
    reference=stopping(),
    program="early_stopping(losses, patience)",
    fixed=[
        {"losses": [0.9, 0.5, 0.6, 0.7, 0.8, 0.9], "patience": 2},
        {"losses": [0.9, 0.7, 0.8, 0.75, 0.6], "patience": 2},
        {"losses": [0.9, 0.7, 0.8, 0.6, 0.65, 0.5], "patience": 2},
        {"losses": [0.5, 0.5, 0.5, 0.4], "patience": 2},
        {"losses": [3.0, 2.0, 1.0], "patience": 1},
        {"losses": [1.0, 2.0, 3.0], "patience": 1},
        {"losses": [0.3], "patience": 3},
    ],
    random=lambda rng: {"losses": [float(x) for x in rng.integers(1, 9, rng.integers(2, 15)) / 10],
                        "patience": int(rng.integers(1, 5))},
    mistakes=[
        Mistake("The first number is the best epoch, the second how many epochs are trained; yours "
                "are exchanged.", like=lambda losses, patience: stopping()(losses, patience)[::-1]),
        Mistake("You counted epoch 0 as one that brought nothing new. It is the lowest so far, and "
                "the waiting begins after it.", like=stopping(begin=0)),
        Mistake("The second number is how many epochs were trained. After epoch 0 it is 1 already.",
                when=lambda got, want, args: (got[0], got[1] + 1) == want),
        Mistake("An equal loss is no improvement. Only a lower one starts the count again.",
                like=stopping(better=lambda losses, i, best: losses[i] <= losses[best])),
        Mistake("Each new lowest loss starts the count again: only epochs without one *in a row* "
                "count.", like=stopping(reset=False)),
        Mistake("The training stops before it reaches this epoch. Compare each loss with the "
                "lowest so far, not with the one before, and do not look at what comes after the "
                "stop.", like=stopping(better=lambda losses, i, best: losses[i] < losses[i - 1])),
        Mistake("You waited one epoch too long. With patience 1 the first epoch without a new "
                "lowest loss is the last one.", like=stopping(wait=1)),
        Mistake("You looked at epochs after the stop. They are never trained: stop once patience "
                "epochs in a row have brought no new lowest loss.",
                when=lambda got, want, args: got[1] > want[1] or got[0] >= want[1]),
    ],
    hints=[
        "Go through the losses with enumerate, and keep the number of the best epoch so far: if "
        "the loss is lower than losses[best], this epoch is the new best.",
        "epoch - best is the number of epochs in a row without a new lowest loss. If it has "
        "reached patience, return best and epoch + 1.",
        "If the loop ends without a stop, all epochs were trained: return best and len(losses).",
    ],
)

EXERCISES = [RELU, PARAMETERS, HE, DROPOUT, STOPPING, TWO_LAYER]
