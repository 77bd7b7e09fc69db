"""PyTorch's further names for what a tensor can do, as methods: most are a line in a table.

Nothing here is needed to understand how the library works: tensor.py, which inherits these
methods, has the operators from which most of them are made. names.py has the same as functions.
"""

from __future__ import annotations

import math

import numpy as np

from .. import checks
from ..checks import as_floats, numpy_names, one_axis
from . import elementwise, methods
from .inplace import fills, in_place
from .protocols import Protocols
from .reductions import Reductions
from .shapes import Shapes


class Spellings(Protocols, Reductions, Shapes):
    """Methods of Tensor; `x._op` is tensor.op and `x._beside(b)` is tensor.beside(b, x)."""

    __slots__ = ()

    # --- functions of each element ---

    def where(x, condition, other):
        """x where the condition is true, else `other`."""
        hit = condition.array.astype(bool)
        x, other = x._operands("where", other)
        return x._op("where", np.where(hit, x.array, other.array),
                     (x, lambda g: np.where(hit, g, 0)), (other, lambda g: np.where(hit, 0, g)))

    def masked_fill(x, mask, value):
        """`value` where the mask is true, else x."""
        if mask.dtype != bool:
            raise RuntimeError(f"masked_fill: the mask is {mask.dtype}, and only bool says what is "
                               f"hidden. Write mask.bool(), or mask == 0.")
        hit = np.broadcast_to(mask.array.astype(bool), np.broadcast_shapes(mask.shape, x.shape))
        value = value.item() if isinstance(value, Spellings) else value
        checks.check_fits(value, x.dtype)
        return x._op("masked_fill", np.where(hit, np.asarray(value, x.dtype), x.array),
                     (x, lambda g: np.where(hit, 0, g)))

    def _choose(a, name, b, better, worse):
        checks.check_tensors(name, b)
        a, b = a._operands(name, b)

        def part(x, y):  # where one is nan both have the gradient, as in PyTorch
            return lambda g: np.where(worse(x.array, y.array), 0, np.where(
                x.array == y.array, g / 2, g)).astype(g.dtype, copy=False)

        return a._op(name, better(a.array, b.array), (a, part(a, b)), (b, part(b, a)))

    def _lerp(x, end, weight):
        w = weight.array if isinstance(weight, Spellings) else weight
        out = x + w * (end.detach() - x.detach())
        parts = [(x, lambda g: g * (1 - w)), (end, lambda g: g * w)]
        if isinstance(weight, Spellings):
            parts.append((weight, lambda g: g * (end.array - x.array)))
        return x._op("lerp", out.array, *parts)

    def _limited(x, limit, better, beyond):
        x, limit = x._operands("clamp", limit)
        return x._op("clamp", better(x.array, limit.array),
                     (x, lambda g: np.where(beyond(limit.array, x.array) | (x.array == limit.array),
                                            g, 0)),
                     (limit, lambda g: np.where(beyond(x.array, limit.array), g, 0)))

    def clamp(x, min=None, max=None):
        """Limit each element to [min, max]; the derivative is 1 there and 0 outside.

        Limits that are tensors take the gradient of what they replace.
        """
        if min is None and max is None:
            raise RuntimeError("clamp: give at least one of min and max.")
        if isinstance(min, Spellings) or isinstance(max, Spellings):
            x = x if min is None else x._limited(min, np.maximum, np.less)
            return x if max is None else x._limited(max, np.minimum, np.greater)
        for limit in (v for v in (min, max) if v is not None):
            if isinstance(limit, int):
                checks.check_fits(limit, x.dtype)
            x, _ = x._operands("clamp", limit)
        low, high = -np.inf if min is None else min, np.inf if max is None else max
        return x._op("clamp", np.clip(x.array, min, max), (
            x, lambda g: np.where((x.array >= low) & (x.array <= high), g, 0)))

    def div(a, b, *, rounding_mode=None):
        """a / b, or its "floor" or "trunc"."""
        if rounding_mode == "floor":
            return a // b
        return a / b if rounding_mode is None else (a / b).trunc().to((a * b).dtype)

    # --- matrix products ---

    def _product(a, name, b, m, n):
        if (a.ndim, b.ndim) != (m, n):
            raise RuntimeError(f"{name} takes tensors with {m} and {n} axes, not shapes {a.shape} "
                               f"and {b.shape}. Write a @ b for other ranks.")
        if name == "bmm" and a.shape[0] != b.shape[0]:
            raise RuntimeError(f"bmm: {a.shape[0]} matrices and {b.shape[0]}. Write a @ b.")
        return a.unsqueeze(1) * b if name == "outer" else a @ b


# --- tables: each entry becomes a method of that name ---

def _add_methods(table: dict) -> None:
    for name, method in table.items():
        if "dim" in method.__code__.co_varnames[:method.__code__.co_argcount]:
            method = numpy_names(method)
        method.__name__ = name
        method.__qualname__ = f"Tensor.{name}"
        method.__doc__ = method.__doc__ or f"PyTorch's `{name}`."
        setattr(Spellings, name, method)


def _operator(special: str):
    return lambda a, *b, **options: getattr(a, special)(*b, **options)


def _reflected(special: str):
    return lambda b, a: getattr(b._beside(a), special)(b)


def _comparison(ufunc):
    return lambda a, b: a._compare(ufunc, b)


def _elementwise(name: str, formula, slope):
    """A function of each element with its derivative, slope(x, out)."""
    def method(x):
        out = formula(as_floats(x.array))
        return x._op(name, out, (x, lambda g: g * slope(x.array, out)))

    return method


def _steps(name: str, formula):
    """A step function of each element: its derivative is 0."""
    def method(x, *, decimals=0):
        if x.dtype.kind != "f":
            return x.clone()
        return x._op(name, formula(x.array * 10 ** decimals) / 10 ** decimals if decimals else (
            formula(x.array)), (x, np.zeros_like))

    return method


def _plus(a, *rest):
    """a + alpha * b from (a, b, alpha), and from PyTorch's old order (a, alpha, b, 1)."""
    b, alpha = rest if len(rest) == 2 else (rest[1], rest[0])
    return a + _scaled(a, b, alpha)


def _scaled(a, b, alpha):
    tensor = isinstance(b, Spellings)
    kind = b.dtype.kind if tensor else "f" if isinstance(b, float) else ""
    if isinstance(alpha, float) and "f" not in (a.dtype.kind, kind):
        raise RuntimeError(f"For integral input tensors, argument alpha must not be a floating "
                           f"point number like {alpha}. Write x.float().")
    if isinstance(alpha, int | float) and alpha == 1:
        return b
    if not tensor:
        return alpha * b
    b = a._operands("add", b)[1]
    return (alpha * b).to(b.dtype)


def _first(operands: tuple, value):
    """The factor that PyTorch's old order has in front of the two operands, or `value`."""
    return operands[0] if len(operands) == 3 else value


def _same_dtype(name: str, a, b) -> tuple:
    if a.dtype != b.dtype:
        raise RuntimeError(f"{name}: {a.dtype} beside {b.dtype}. Convert one: x.to(y.dtype).")
    return a.array, b.array


def _random(generator):
    from ..creation import as_generator  # creation.py stands above tensor.py

    return as_generator(generator)


_COMPARE = {"eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal,
            "gt": np.greater, "ge": np.greater_equal, "and": np.bitwise_and,
            "or": np.bitwise_or, "xor": np.bitwise_xor}
_add_methods({f"__{name}__": _comparison(ufunc) for name, ufunc in _COMPARE.items()})
_add_methods({f"__r{name}__": _comparison(_COMPARE[name]) for name in ("and", "or", "xor")})
_add_methods({f"__r{name}__": _reflected(f"__{name}__") for name in
              "add sub mul pow matmul mod floordiv".split()})
_add_methods({"__rtruediv__": lambda b, a: b.reciprocal() * a})  # to the last bit as PyTorch
_add_methods({f"__i{name}__": in_place(f"__{name}__") for name in
              "add sub mul truediv pow mod floordiv and or xor".split()})
_add_methods({name: _operator(f"__{special}__") for name, special in {
    "mul": "mul", "multiply": "mul", "neg": "neg", "negative": "neg", "pow": "pow",
    "matmul": "matmul", "true_divide": "truediv", "remainder": "mod",
    "floor_divide": "floordiv", "eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt",
    "ge": "ge", "greater": "gt", "less": "lt", "bitwise_and": "and", "bitwise_or": "or",
    "bitwise_xor": "xor", "bitwise_not": "invert"}.items()})
_add_methods({name: _elementwise(name, formula, slope) for name, (formula, slope) in {
    "expm1": (np.expm1, lambda x, out: out + 1),
    "log1p": (np.log1p, lambda x, out: 1 / (1 + x)),
    "log2": (np.log2, lambda x, out: 1 / (x * math.log(2))),
    "log10": (np.log10, lambda x, out: 1 / (x * math.log(10))),
    "tan": (np.tan, lambda x, out: 1 + out * out),
    "asin": (np.arcsin, lambda x, out: 1 / np.sqrt(1 - x * x)),
    "acos": (np.arccos, lambda x, out: -1 / np.sqrt(1 - x * x)),
    "atan": (np.arctan, lambda x, out: 1 / (1 + x * x)),
    "asinh": (np.arcsinh, lambda x, out: 1 / np.sqrt(x * x + 1)),
    "acosh": (np.arccosh, lambda x, out: 1 / np.sqrt(x * x - 1)),
    "atanh": (np.arctanh, lambda x, out: 1 / (1 - x * x)),
    "sinh": (np.sinh, lambda x, out: np.cosh(x)),
    "cosh": (np.cosh, lambda x, out: np.sinh(x)),
    "erf": (elementwise.erf, lambda x, out: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
}.items()})
_add_methods({name: _steps(name, formula) for name, formula in {
    "floor": np.floor, "ceil": np.ceil, "round": np.round, "trunc": np.trunc}.items()})
_add_methods({
    # what Python and NumPy ask for
    "__pos__": lambda x: x,
    "__abs__": lambda x: x.abs(),
    "__invert__": lambda x: x._op("invert", ~x.array),
    "__bool__": lambda x: bool(x.item()),
    "__int__": lambda x: int(x.item()),
    "__float__": lambda x: float(x.item()),
    "tolist": lambda x: x.array.tolist(),
    # what a tensor is
    "numel": lambda x: x.array.size,
    "nelement": lambda x: x.array.size,
    "dim": lambda x: x.array.ndim,
    "ndimension": lambda x: x.array.ndim,
    "element_size": lambda x: x.array.itemsize,
    "storage_offset": lambda x: 0 if x.array.base is None else (
        x.data_ptr() - x.array.base.__array_interface__["data"][0]) // x.itemsize,
    "data_ptr": lambda x: x.array.__array_interface__["data"][0],
    "is_floating_point": lambda x: x.array.dtype.kind == "f",
    "is_contiguous": lambda x: x.array.flags.c_contiguous,
    "contiguous": lambda x: x if x.is_contiguous() else x._op(
        "clone", x.array.copy(), (x, lambda g: g)),
    "float": lambda x: x.to(np.float32),
    "double": lambda x: x.to(np.float64),
    "long": lambda x: x.to(np.int64),
    "int": lambda x: x.to(np.int32),
    "bool": lambda x: x.to(np.bool_),
    "type_as": lambda x, other: x.to(other.dtype),
    "cpu": lambda x: x,
    "cuda": lambda x, *args, **options: x.to("cuda"),
    "share_memory_": lambda x: x,
    "zero_grad": lambda x: setattr(x, "grad", None),
    # functions of each element
    "sign": lambda x: x._op("sign", checks.sign(x.array) if x.dtype.kind != "b" else x.array.copy(),
                            (x, np.zeros_like)),
    "square": lambda x: x * x if x.dtype.kind != "b" else x.long(),
    "reciprocal": lambda x: x._beside(1) / x if x.is_floating_point() else 1 / x.float(),
    "rsqrt": lambda x: 1 / x.sqrt(),
    "clip": lambda x, min=None, max=None: x.clamp(min, max),
    "clamp_min": lambda x, min: x.clamp(min=min),
    "clamp_max": lambda x, max: x.clamp(max=max),
    "maximum": lambda a, b: a._choose("maximum", b, np.maximum, np.less),
    "minimum": lambda a, b: a._choose("minimum", b, np.minimum, np.greater),
    "isnan": lambda x: x._op("isnan", np.isnan(x.array)),
    "isinf": lambda x: x._op("isinf", np.isinf(x.array)),
    "isfinite": lambda x: x._op("isfinite", np.isfinite(x.array)),
    "logical_and": lambda a, b: a.bool() & b.bool(),
    "logical_or": lambda a, b: a.bool() | b.bool(),
    "logical_xor": lambda a, b: a.bool() ^ b.bool(),
    "logical_not": lambda x: ~x.bool(),
    "add": lambda a, *b, alpha=1: _plus(a, *b, alpha),
    "sub": lambda a, b, *, alpha=1: a - _scaled(a, b, alpha),
    "addcmul": lambda x, *ab, value=1: x + _first(ab, value) * (ab[-2] * ab[-1]),
    "addcdiv": lambda x, *ab, value=1: x + _first(ab, value) * (ab[-2] / ab[-1]),
    "lerp": lambda x, end, weight: x._lerp(end, weight),
    "equal": lambda a, b: a.shape == b.shape and bool((a.array == b.array).all()),
    "allclose": lambda a, b, rtol=1e-5, atol=1e-8, equal_nan=False: bool(
        a.isclose(b, rtol, atol, equal_nan).array.all()),
    "isclose": lambda a, b, rtol=1e-5, atol=1e-8, equal_nan=False: a._op(
        "isclose", np.asarray(np.isclose(*_same_dtype("isclose", a, b), rtol, atol, equal_nan))),
    # matrix products
    "mm": lambda a, b: a._product("mm", b, 2, 2),
    "mv": lambda a, b: a._product("mv", b, 2, 1),
    "dot": lambda a, b: a._product("dot", b, 1, 1),
    "bmm": lambda a, b: a._product("bmm", b, 3, 3),
    "outer": lambda a, b: a._product("outer", b, 1, 1),
    "ger": lambda a, b: a._product("outer", b, 1, 1),
    # reductions
    "amin": lambda x, dim=None, keepdim=False: x.amax(dim, keepdim, best=np.min),
    "all": lambda x, dim=None, keepdim=False: x._truth("all", np.all, dim, keepdim),
    "any": lambda x, dim=None, keepdim=False: x._truth("any", np.any, dim, keepdim),
    "count_nonzero": lambda x, dim=None: (x != 0).sum(dim),
    "sort": lambda x, dim=-1, descending=False, stable=False: x._extremes(
        "sort", dim, True, x.argsort(dim, descending)),
    "trace": lambda x: x.permute(0, 1).diag().sum(),
    # shape and indexing
    "view_as": lambda x, other: x.reshape(other.shape),
    "reshape_as": lambda x, other: x.reshape(other.shape),
    "ravel": lambda x: x.reshape(-1),
    "swapaxes": lambda x, dim0, dim1: x.transpose(dim0, dim1),
    "expand_as": lambda x, other: x.expand(other.shape),
    "broadcast_to": lambda x, *shape: x.expand(*shape),
    "tile": lambda x, *times: x.repeat(*times),
    "tril": lambda x, diagonal=0: x._triangle("tril", np.tril, diagonal),
    "triu": lambda x, diagonal=0: x._triangle("triu", np.triu, diagonal),
    "masked_select": lambda x, mask: x.expand(np.broadcast_shapes(x.shape, mask.shape))[
        mask.expand(np.broadcast_shapes(x.shape, mask.shape))],
    "take": lambda x, index: x.reshape(-1)[index],
    "unbind": lambda x, dim=0: tuple(x.select(dim, i) for i in range(x.size(dim))),
    "select": lambda x, dim, index: x[(slice(None),) * one_axis("select", x.ndim, dim) + (index,)],
    "chunk": lambda x, chunks, dim=0: x.split(
        -(-x.size(dim) // chunks) if x.size(dim) else [0] * chunks, dim),
    "squeeze_": lambda x, dim=None: x._reshaped(x.squeeze(dim)),
    "unsqueeze_": lambda x, dim: x._reshaped(x.unsqueeze(dim)),
    "t_": lambda x: x._reshaped(x.t()),
    "transpose_": lambda x, dim0, dim1: x._reshaped(x.transpose(dim0, dim1)),
    "swapaxes_": lambda x, dim0, dim1: x._reshaped(x.transpose(dim0, dim1)),
    # new tensors in this dtype
    "new_zeros": lambda x, *size, **options: x._new(np.zeros, size, **options),
    "new_ones": lambda x, *size, **options: x._new(np.ones, size, **options),
    "new_empty": lambda x, *size, **options: x._new(np.zeros, size, **options),
    "new_full": lambda x, size, fill_value, **options: x._new(
        lambda shape, dtype: np.full(shape, fill_value, dtype), size, **options),
    "new_tensor": lambda x, data, **options: x._new(
        lambda shape, dtype: checks.as_array(data, dtype).copy(), (), **options),
})
_add_methods(methods.METHODS)
_add_methods({f"{name}_": in_place(name) for name in methods.IN_PLACE.split()})
_add_methods({name: _operator(first) for name, first in methods.SAME.items()})
_add_methods({f"{name}_": in_place(name) for name in """
    abs add addcdiv addcmul ceil clamp clip cos cumsum div exp floor lerp log logical_not
    masked_fill mul neg pow reciprocal relu remainder round rsqrt scatter sigmoid sign sin sqrt
    square sub tanh tril triu trunc""".split()})
_add_methods({f"{name}_": fills(name, values) for name, values in {
    "zero": lambda shape: 0,
    "fill": lambda shape, value: value,
    "normal": lambda shape, mean=0, std=1, *, generator=None: (
        _random(generator).normal(mean, std, shape)),
    "uniform": lambda shape, a=0, b=1, *, generator=None: _random(generator).uniform(a, b, shape),
    "random": lambda shape, low=2 ** 24, high=None, *, generator=None: (
        _random(generator).integers(*((0, low) if high is None else (low, high)), shape)),
    "bernoulli": lambda shape, p=0.5, *, generator=None: _random(generator).random(shape) < p,
    "exponential": lambda shape, lambd=1, *, generator=None: (
        _random(generator).exponential(1 / lambd, shape)),
}.items()})
