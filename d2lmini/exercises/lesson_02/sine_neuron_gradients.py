"""Backward through a neuron by hand."""

import numpy as np

from ..spec import Exercise, Mistake


def sine_neuron_gradients(x, w, y):
    return with_slope(lambda a: np.cos(a))(x, w, y)


def with_slope(slope, change=lambda dx, dw, dy: (dx, dw, dy)):
    def gradients(x, w, y):
        a = x @ w
        dz_ds = 2 * (np.sin(a) - y)
        dz_da = dz_ds * slope(a)
        return change(dz_da * w, dz_da * x, -dz_ds)
    return gradients


def random(rng):
    x, w = rng.normal(size=(2, int(rng.integers(1, 6))))
    return {"x": x, "w": w, "y": float(rng.normal())}


EXERCISE = Exercise(
    sine_neuron_gradients,
    fixed=[
        {"x": np.array([1.0, 2.0]), "w": np.array([0.5, -0.25]), "y": 0.5},
        {"x": np.array([1.0, 2.0]), "w": np.array([0.5, 0.25]), "y": 0.5},
        {"x": np.array([2.0]), "w": np.array([-3.0]), "y": 0.0},
        {"x": np.array([1, -1, 2]), "w": np.array([2, 0, -1]), "y": 3},
    ],
    random=random,
    mistakes=[
        Mistake("Return three things as a tuple: the gradients with respect to x, w and y.",
                lambda x, w, y: sine_neuron_gradients(x, w, y)[1],
                when=lambda got, want, args: not isinstance(got, list | tuple)),
        Mistake("The step from s back to a is missing: multiply by the derivative of the sine, "
                "cos(a).", with_slope(lambda a: 1)),
        Mistake("The derivative of the sine is cos(a), at the a that went into it, not cos(s).",
                with_slope(lambda a: np.cos(np.sin(a)))),
        Mistake("The gradients with respect to x and w are exchanged: the derivative of <x, w> "
                "with respect to w is x, and with respect to x it is w.",
                with_slope(np.cos, lambda dx, dw, dy: (dw, dx, dy))),
        Mistake("All are half of what they should be: the derivative of b² is 2b.",
                with_slope(np.cos, lambda dx, dw, dy: (dx / 2, dw / 2, dy / 2))),
        Mistake("Only the sign with respect to y is wrong: s - y falls when y rises.",
                with_slope(np.cos, lambda dx, dw, dy: (dx, dw, -dy))),
        Mistake("The gradient with respect to y does not pass through the sine: y enters after it.",
                lambda x, w, y: (*sine_neuron_gradients(x, w, y)[:2],
                                 -2 * (np.sin(x @ w) - y) * np.cos(x @ w))),
    ],
    hints=[
        "Go forward first and keep every value: a = x @ w, s = np.sin(a), b = s - y.",
        "Go back one step at a time: dz_db = 2 * b, dz_ds = dz_db, dz_da = dz_ds * (derivative of "
        "the sine at a).",
        "At the end dz_dw = dz_da * x and dz_dx = dz_da * w; y gets dz_db * -1.",
    ],
    bans=("Tensor.backward",),
)
