"""A neuron with three activations."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake

ACTIVATIONS = {"step": lambda z: (z > 0).astype(int), "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
               "relu": lambda z: np.maximum(z, 0)}


def neuron(x, w, b, g, **other):
    return (ACTIVATIONS | other)[g](x @ w + b)


def random(rng):
    x, w = rng.normal(size=(rng.integers(1, 6), 3)), rng.normal(size=3)
    return {"x": x, "w": w, "b": float(max(rng.normal(), 0.1 - (x @ w).max())),
            "g": str(rng.choice(["step", "sigmoid", "relu"]))}


EXERCISE = Exercise(
    neuron,
    fixed=[{"x": np.array(x), "w": np.array(w), "b": b, "g": g} for x, w, b, g in (
        ([[2.0, 1.0, 3.0]], [0.5, -1.0, 0.25], -0.5, "step"),
        ([[1.0, 1.0], [0.0, 1.0], [2.0, 3.0], [0.0, -1.0]], [1.0, 1.0], -2.0, "step"),
        ([[0.0, 0.0], [0.0, 2.0]], [1.0, 1.0], 0.0, "sigmoid"),
        ([[1.0], [-1.0], [0.5]], [3.0], 1.0, "relu"),
        ([[1, 2], [3, -4]], [1, -1], 1, "step"),
        ([[1.0, 2.0], [3.0, -4.0]], [1.0, -1.0], 1.0, "relu"),
        ([[1.0, 2.0]], [300.0, 300.0], 0.0, "sigmoid"))],
    random=random,
    tries=12,
    mistakes=[
        Mistake("The bias is missing: z = x @ w + b.", lambda x, w, b, g: neuron(x, w, 0, g)),
        Mistake("The bias was subtracted. Add it: z = x @ w + b.",
                lambda x, w, b, g: neuron(x, w, -b, g)),
        Mistake("This is the sum z itself. The activation g comes after it.",
                lambda x, w, b, g: x @ w + b),
        Mistake("The step outputs 1 only where z is above 0; at exactly 0 it outputs 0.",
                partial(neuron, step=lambda z: (z >= 0).astype(int))),
        Mistake("The sigmoid has a minus sign in its exponent: 1 / (1 + exp(-z)).",
                partial(neuron, sigmoid=lambda z: 1 / (1 + np.exp(z)))),
        Mistake("Negative sums came through. ReLU is max(0, z).",
                partial(neuron, relu=lambda z: np.where(z > 0, z, 0.1 * z)),
                when=lambda got, want, args: args["g"] == "relu" and got.min() < 0),
        Mistake("Turn True and False into 1 and 0 with .astype(int).",
                partial(neuron, step=lambda z: z > 0)),
        Mistake("The examples were added together. x @ w gives one sum for each row of x.",
                lambda x, w, b, g: ACTIVATIONS[g]((x * w).sum() + b),
                when=lambda got, want, args: np.ndim(got) == 0),
    ],
    hints=["First the sum, the same for all three: z = x @ w + b, of shape (n,).",
           'Then an if for each activation: if g == "step": return …',
           "Step: (z > 0).astype(int). ReLU: np.maximum(0, z)."],
    bans=("functional.sigmoid", "functional.relu"),
)
