"""Count the parameters of a multilayer perceptron."""

from functools import partial
from itertools import pairwise

import numpy as np

from ..spec import Case, Exercise, Mistake


def mlp_parameters(sizes, bias=True, *, biases=lambda sizes: sum(sizes[1:])):
    return sum(a * b for a, b in pairwise(sizes)) + (biases(sizes) if bias else 0)


EXERCISE = Exercise(
    mlp_parameters,
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
        Mistake("A number of parameters is an integer, an int.",
                lambda *args, **options: float(mlp_parameters(*args, **options)),
                when=lambda got, want, args: got == want),
        Mistake("The last layer is missing: [4, 5, 2] has two, from 4 to 5 and from 5 to 2.",
                lambda sizes, bias=True: mlp_parameters(sizes[:-1], bias)),
        Mistake("The biases are missing: one for each neuron that is not an input.",
                partial(mlp_parameters, biases=lambda sizes: 0)),
        Mistake("bias=False means that no neuron has a bias. Leave them out of the count then.",
                lambda sizes, bias=True: mlp_parameters(sizes),
                when=lambda got, want, args: args.get("bias") is False),
        Mistake("You gave a bias to each input. Inputs are numbers that come in; only the neurons "
                "after them have one.", partial(mlp_parameters, biases=sum)),
        Mistake("You counted one bias for a layer. Each neuron of the layer has its own.",
                partial(mlp_parameters, biases=lambda sizes: len(sizes) - 1)),
        Mistake("You gave a bias to each number that goes into a layer. A bias belongs to a "
                "neuron, and a layer has n_out of them.",
                partial(mlp_parameters, biases=lambda sizes: sum(sizes[:-1]))),
        Mistake("Not every size times every other: a layer is connected only to the one before it. "
                "Add up n_in times n_out, layer by layer.",
                lambda sizes, bias=True: int(np.prod(sizes))),
    ],
    hints=[
        "A layer from n_in to n_out numbers has one weight for each pair of them.",
        "pairwise(sizes) gives the pairs (n_in, n_out), layer by layer.",
        "A layer with biases has n_in * n_out + n_out parameters.",
    ],
    bans=("nn.Linear", "nn.Sequential", "nn.summary"),
)
