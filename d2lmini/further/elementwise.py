"""Functions of each element, of the kind that a lesson meets once: methods.py lists them."""

from __future__ import annotations

import math

import numpy as np

from .. import checks
from .missing import check_no_gradient


def heaviside(x, values):
    """0 below 0, 1 above it, and `values` at 0."""
    checks.check_tensors("heaviside", values)
    if x.dtype != values.dtype:
        raise RuntimeError(f"heaviside: {x.dtype} beside {values.dtype}. Write values.to(x.dtype).")
    x, values = x._operands("heaviside", values)

    def derivative(g):
        raise RuntimeError("the derivative of heaviside is not implemented, as in PyTorch: it is 0 "
                           "nearly everywhere.")

    out = np.where(x.array == 0, values.array, x.array > 0).astype(x.dtype)
    return x._op("heaviside", out, (x, derivative), (values, derivative))


def fmod(a, b):
    """What is left of a after the division by b, with the sign of a."""
    a, b = a._operands("fmod", b)
    checks.check_divisor(a.array, b.array)
    return a._op("fmod", np.fmod(a.array, b.array), (a, lambda g: g),
                 (b, lambda g: -g * np.trunc(a.array / b.array)))


def atan2(y, x):
    """The angle of the point (x, y), from -pi to pi."""
    checks.check_tensors("atan2", y, x)
    whole_y, whole_x = y, x
    y, x = y._operands("atan2", x)
    y, x = (t if t.is_floating_point() else t.float() for t in (y, x))

    def part(g, numerator):
        with np.errstate(all="ignore"):  # integers overflow in their own dtype, as in PyTorch
            squares = whole_x.array * whole_x.array + whole_y.array * whole_y.array
            return g * numerator * np.where(squares == 0, 0, 1 / squares)

    return y._op("atan2", np.arctan2(y.array, x.array), (y, lambda g: part(g, x.array)),
                 (x, lambda g: part(g, -y.array)))


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """x with a number in place of nan and of the infinities."""
    if x.dtype.kind != "f":
        return x.clone()
    fine = np.isfinite(x.array)
    return x._op("nan_to_num", np.nan_to_num(x.array, nan=nan, posinf=posinf, neginf=neginf),
                 (x, lambda g: np.where(fine, g, 0)))


def logaddexp(a, b):
    """log(exp(a) + exp(b)), finite where a and b are."""
    a, b = a._operands("logaddexp", b)

    def part(x, y):
        def derivative(g):
            with np.errstate(over="ignore"):
                return g / (1 + np.exp(y.array - x.array))

        return derivative

    return a._op("logaddexp", np.logaddexp(a.array, b.array), (a, part(a, b)), (b, part(b, a)))


def logit(x, eps=None):
    """log(x / (1 - x)) of a fraction; with eps, of one between eps and 1 - eps."""
    z = checks.as_floats(x.array)
    low, high = (0, 1) if eps is None else (z.dtype.type(eps), z.dtype.type(1 - eps))
    open_ended = eps is None or eps < 0  # a negative one means none, as in PyTorch
    inside = z if eps is None else np.where(z < low, low, np.where(z > high, high, z))

    def derivative(g):
        z = x.array
        beyond = np.where((z < 0) | (z > 1), np.nan, 1) if open_ended else (
            np.where((z < low) | (z > high), 0, 1))
        with np.errstate(all="ignore"):
            return np.where(beyond == 1, g / np.abs(z * (1 - z)), beyond)

    with np.errstate(all="ignore"):
        return x._op("logit", np.log(inside / (1 - inside)), (x, derivative))


def shift(name: str, shift, beyond):
    """a << b and a >> b of integers; beyond(a, width) where b is no number of bits of a."""
    def call(a, b):
        a, b = a._operands(name, b)
        if a.dtype.kind == "f":
            return a * 2 ** b if name == "__lshift__" else a / 2 ** b
        width = a.dtype.itemsize * 8
        fine = (b.array >= 0) & (b.array < width)
        return a._op(name, np.where(fine, shift(a.array, np.where(fine, b.array, 0)),
                                    beyond(a.array, width)).astype(a.dtype))

    return call


def larger(name: str, choose):
    """fmax and fmin: the other number where one is nan."""
    def call(a, b):
        check_no_gradient(name, a, b)
        a, b = a._operands(name, b)
        return a._op(name, choose(a.array, b.array))

    return call


def lgamma(x):
    poles = (x <= 0) & (x == np.floor(x)) | np.isinf(x)
    values = np.vectorize(math.lgamma, otypes=[x.dtype])(np.where(poles, 1, x))
    return np.where(poles, np.inf, values).astype(x.dtype)


def erf(x):
    """The error function, of an array: three times as fast as np.vectorize."""
    return np.fromiter(map(math.erf, x.ravel().tolist()), x.dtype, x.size).reshape(x.shape)


def xlogy(x, y):
    """x * log(y), which is 0 where x is 0."""
    x, y = (x if x.is_floating_point() else x.float())._operands("xlogy", y)
    with np.errstate(all="ignore"):
        log = np.log(y.array)
        out = np.where((x.array == 0) & ~np.isnan(y.array), 0, x.array * log)
    return x._op("xlogy", out.astype(x.dtype), (
        x, lambda g: g * np.where((x.array == 0) & (y.array <= 0), 0, log)),
        (y, lambda g: g * x.array / y.array))


def hypot(a, b):
    """sqrt(a^2 + b^2), which does not overflow."""
    a, b = a._operands("hypot", b)
    out = np.hypot(a.array, b.array)
    return a._op("hypot", out, (a, lambda g: g * (a.array / out)),
                 (b, lambda g: g * (b.array / out)))
