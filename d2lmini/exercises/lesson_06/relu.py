"""ReLU and its gradient."""

import numpy as np

from ..spec import Case, Exercise, Mistake


def relu(z):
    return np.maximum(0, z)


def relu_backward(g, z):
    return g * (z > 0)


def backward(says, wrong):
    return Mistake(says, {"relu_backward": wrong})


def random(rng):
    g, z = rng.normal(size=(2, *rng.integers(1, 6, 2))) * 10.0 ** rng.integers(-2, 3)
    return Case("(relu(z), relu_backward(g, z))", {"g": g, "z": z})


EXERCISE = Exercise(
    (relu, relu_backward),
    program="relu_backward(g, z)",
    fixed=[
        Case("relu(z)", {"z": np.array([2.0])}),
        Case("relu(z)", {"z": np.array([-3.0, -0.5, 0.0, 0.5, 3.0])}),
        Case("relu(z)", {"z": np.array([[1e9, -1e9, 1e-9], [-2, 0, 4]], np.float32)}),
        {"g": np.array([5.0]), "z": np.array([2.0])},
        {"g": np.array([5.0, 5.0, -5.0, -5.0]), "z": np.array([3.0, -3.0, 3.0, -3.0])},
        {"g": np.array([[7.0, -7.0]]), "z": np.array([[0.0, 0.0]])},
    ],
    random=random,
    mistakes=[
        Mistake("That is the absolute value. A negative number does not change its sign, it "
                "becomes 0.", np.abs),
        Mistake("That is the derivative of relu, 0 or 1. Positive numbers pass unchanged.",
                lambda z: np.where(z > 0, 1.0, 0.0)),
        backward("That is relu'(z) alone. The chain rule multiplies it by g.",
                 lambda g, z: 1.0 * (z > 0)),
        backward("At z = 0 the derivative counts as 0 here: use z > 0, not z >= 0.",
                 lambda g, z: g * (z >= 0)),
        backward("You looked at the sign of g. What counts is whether z was positive; a negative g "
                 "passes as well.", lambda g, z: np.maximum(0, g)),
        backward("You exchanged the two: g is what passes back, and z decides where.",
                 lambda g, z: z * (g > 0)),
        backward("You multiplied g by relu(z). Multiply it by the derivative: 1 where z > 0, else "
                 "0.", lambda g, z: g * np.maximum(0, z)),
    ],
    hints=[
        "np.maximum(a, b) gives the larger of two numbers, element by element. (np.max looks for "
        "one largest number in the array.)",
        "The derivative of relu is 1 where z > 0, else 0. The comparison z > 0 is an array of True "
        "and False, and in a product these count as 1 and 0.",
        "The chain rule: the gradient with respect to z is g times relu'(z), element by element.",
    ],
    bans=("functional.relu", "Tensor.relu", "nn.ReLU", "backend.plain.relu_grad"),
)
