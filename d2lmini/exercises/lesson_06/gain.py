"""Find by experiment how large the first weights must be, for three activations."""

import numpy as np

from ..spec import Exercise, Mistake

ACTIVATIONS = {"leaky": lambda z: np.where(z > 0, z, 0.3 * z), "abs": np.abs,
               "elu": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)}
LAYERS, WIDTH, EXAMPLES = 16, 64, 16


def gain(activation):
    return {"leaky": 1.36, "abs": 1.0, "elu": 1.27}[activation]


def size(a, activation, seed):
    """The root mean square of a signal after all layers; it starts as 1."""
    rng = np.random.default_rng(seed)
    h = rng.normal(size=(EXAMPLES, WIDTH))
    for _ in range(LAYERS):
        W = a / np.sqrt(WIDTH) * rng.normal(size=(WIDTH, WIDTH))
        h = ACTIVATIONS[activation](h @ W.T)
    return np.sqrt((h**2).mean())


def outcome(value, args):
    """What becomes of a signal, in the geometric mean of five networks."""
    a = float(value)
    if not a > 0.2:
        return "no factor: it is " + ("too small for that" if a > 0 else "not positive")
    mean = np.exp(np.mean([np.log(size(a, args["activation"], seed)) for seed in range(5)]))
    if 1 / 3 < mean < 3:
        return "a signal that keeps its size"
    return f"a signal {mean:.1g} times as large"


EXERCISE = Exercise(
    gain,
    view=outcome,
    fixed=[{"activation": name} for name in ACTIVATIONS],
    mistakes=[
        Mistake("Return the factor a alone. The weights get the standard deviation a divided by "
                "the square root of n_in.", lambda activation: gain(activation) / np.sqrt(WIDTH),
                when=lambda got, want, args: got.endswith("small for that")),
        Mistake("A standard deviation is positive, and so is the factor in it.",
                lambda activation: 0.0, when=lambda got, want, args: got.startswith("no factor")),
        Mistake("The signal vanishes on its way: a small loss in each layer. Take a larger "
                "factor.", lambda activation: 1.0,
                when=lambda got, want, args: float(got.split()[2]) < 1),
        Mistake("The signal explodes on its way. Take a smaller factor.",
                lambda activation: 2**0.5, when=lambda got, want, args: True),
    ],
    hints=[
        "Write the experiment as a function of the activation and the factor, which returns the "
        "root mean square of the last layer. Print it for the factors 0.8, 1, 1.2, 1.4 and 1.6.",
        "If the size after 16 layers is r, each layer has multiplied it by about r ** (1 / 16). "
        "Divide your factor by that, and try again.",
        "For abs no square is lost: which factor keeps the mean square?",
    ],
)
