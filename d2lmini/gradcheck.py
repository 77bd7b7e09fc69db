"""Is this gradient right? Compare it with central differences, in float64.

(f(x + h) - f(x - h)) / 2h is off by h² / 6 times the third derivative, and by rounding of size
1e-16 |f| / h in float64, 1e-7 |f| / h in float32. At h = 1e-6 both are tiny in float64; in float32
the rounding is far too large.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .tensor import Tensor


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray,
                       h: float = 1e-6) -> np.ndarray:
    """The gradient of the number f(x) with respect to the float64 array `x`, in its shape.

    x is changed in place, and put back.
    """
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        above = f(x)
        x[i] = here - h
        below = f(x)
        x[i] = here
        gradient[i] = (above - below) / (2 * h)
    return gradient


def gradcheck(func: Callable, inputs, eps: float = 1e-6, atol: float = 1e-6,
              rtol: float = 1e-4) -> bool:
    """True if backward() through func(*inputs) agrees with differences, else AssertionError.

    The inputs are arrays or tensors of any float dtype; copies in float64 are differentiated. An
    output with several elements is first reduced to a sum with fixed random weights.
    """
    inputs = (inputs,) if isinstance(inputs, Tensor | np.ndarray) else inputs
    tensors = [Tensor.from_array(np.array(x.array if isinstance(x, Tensor) else x, np.float64),
                                 requires_grad=True) for x in inputs]
    out = func(*tensors)
    weight = np.ones(out.shape)
    if out.numel() != 1:
        weight = np.random.default_rng(0).uniform(0.5, 1.5, out.shape)
    if not out.requires_grad:
        raise AssertionError("gradcheck: the result does not depend on the inputs, or the function "
                             "left the graph (detach, numpy, no_grad).")
    out.backward(weight)

    def loss(_):  # of the tensors as they are now: numerical_gradient changes them in place
        return float((func(*tensors).array * weight).sum())

    for k, t in enumerate(tensors):
        numeric = numerical_gradient(loss, t.array, eps)
        exact = np.zeros(t.shape) if t.grad is None else t.grad.array
        off = np.abs(exact - numeric) - (atol + rtol * np.abs(numeric))
        if (off <= 0).all():
            continue
        worst = np.nan_to_num(off, nan=np.inf).argmax()
        at = tuple(int(i) for i in np.unravel_index(worst, off.shape))
        what = " (of the outputs, summed with random weights)" if out.numel() != 1 else ""
        raise AssertionError(f"gradcheck: with respect to input {k} at index {at}, backward gives "
                             f"{exact[at]:.8g}, central differences {numeric[at]:.8g}{what}.")
    return True
