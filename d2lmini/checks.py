"""Argument validation and conversion: numbers and lists into arrays, axes into tuples.

What is wrong is answered with a message that names the cure. Nothing here knows about gradients.
Read next: tensor.py.
"""

from __future__ import annotations

import functools

import numpy as np


class ShapeError(ValueError, RuntimeError):
    """Shapes or sizes that do not fit: a ValueError, and a RuntimeError as in PyTorch."""


class RangeError(ShapeError, IndexError):
    """A label or an index out of range; for PyTorch an IndexError here, a RuntimeError there."""


class LabelError(TypeError, RuntimeError):
    """Labels that are not integers: a TypeError, and a RuntimeError as in PyTorch."""


# NumPy's functions that may meet a tensor, and the tensor's methods that do the same.
UFUNCS = {
    "add": "__add__", "subtract": "__sub__", "multiply": "__mul__", "divide": "__truediv__",
    "power": "__pow__", "matmul": "__matmul__", "negative": "__neg__", "absolute": "abs",
    "equal": "__eq__", "not_equal": "__ne__", "less": "__lt__", "less_equal": "__le__",
    "greater": "__gt__", "greater_equal": "__ge__", "exp": "exp", "log": "log", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tanh": "tanh", "bitwise_and": "__and__", "bitwise_or": "__or__",
    "invert": "__invert__", "remainder": "__mod__", "floor_divide": "__floordiv__",
}


def as_array(data, dtype=None) -> np.ndarray:
    """`data` as an array in `dtype`; without one, Python's floats and float64 become float32.

    Integers are int64 on every platform.
    """
    if type(data) is float:  # the most frequent case, in one step
        return np.array(data, np.float32 if dtype is None else dtype)
    try:
        array = np.asarray(data)
        if dtype is not None and isinstance(data, list) and np.dtype(dtype).kind in "iu":
            array = np.asarray(data, dtype)  # refuses nan and what is too large
    except (ValueError, TypeError, OverflowError) as error:
        raise type(error)(f"tensor: cannot make an array of this {type(data).__name__} ({error}). "
                          f"Rows must be equally long and hold only numbers that fit.") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"tensor: a tensor holds numbers, not {array.dtype} "
                        f"(from {type(data).__name__}). Convert the data to numbers first.")
    if dtype is None:
        dtype = array.dtype.newbyteorder("=")
        if dtype == np.float64:
            dtype = np.float32
        elif array.dtype.kind == "i" and not isinstance(data, np.ndarray | np.generic):
            dtype = np.int64
    return array.astype(dtype, copy=False)


def check_fits(number, dtype: np.dtype) -> None:
    """RuntimeError if a Python number is too large for integers of this dtype."""
    if dtype.kind in "iu" and isinstance(number, int | float) and not (
            np.iinfo(dtype).min <= number <= np.iinfo(dtype).max):
        raise RuntimeError(f"value {number} cannot be converted to type {dtype} without overflow. "
                           f"Convert the tensor first: x.long(), or x.float().")


def check_divisor(a: np.ndarray, b: np.ndarray) -> None:
    """RuntimeError if an integer is divided by 0."""
    if b.dtype.kind != "f" and not b.all() and a.size:
        raise RuntimeError("ZeroDivisionError: an integer was divided by 0.")


def level(array: np.ndarray) -> int:
    """0 for bool, 1 for integers, 2 for floats: the higher one decides what a result is."""
    return "bif".index("i" if array.dtype.kind == "u" else array.dtype.kind)


def promoted(a, b) -> np.dtype:
    """PyTorch's dtype for two tensors: a float beats an integer, axes beat a single number."""
    levels = level(a.array), level(b.array)
    if levels[0] != levels[1]:
        return (a if levels[0] > levels[1] else b).dtype
    if (a.ndim == 0) != (b.ndim == 0):
        return (b if a.ndim == 0 else a).dtype
    return np.promote_types(a.dtype, b.dtype)


def as_result(name: str, data) -> np.ndarray:
    """What the formula of the operator `name` gave, as an array; not a tensor."""
    if hasattr(data, "requires_grad"):
        raise TypeError(f"{name}: the formula gave a tensor and must give an array. Compute it "
                        f"from x.array.")
    return np.asarray(data)


def as_floats(array: np.ndarray) -> np.ndarray:
    """`array` itself or, of integers, in float32: NumPy would take the exp of bytes in float16."""
    return array if array.dtype.kind == "f" else array.astype(np.float32)


def sign(array: np.ndarray) -> np.ndarray:
    """1, 0 or -1; of nan 0, as in PyTorch."""
    return np.nan_to_num(np.sign(array))


def check_floats(array: np.ndarray) -> None:
    """Raise RuntimeError unless `array` holds numbers that can have gradients."""
    if array.dtype.kind != "f":
        raise RuntimeError(f"requires_grad: only floating-point tensors have gradients, and this "
                           f"one is {array.dtype}. Write 1.0 instead of 1, or x.float().")


def check_tensors(name: str, *inputs) -> None:
    """Raise TypeError unless each of the inputs of the function `name` is a tensor or None."""
    for x in inputs:
        if x is not None and not hasattr(x, "requires_grad"):
            kind = "NumPy array" if isinstance(x, np.ndarray) else type(x).__name__
            raise TypeError(f"{name} takes tensors, not a {kind}. Write {name}(d2l.tensor(x)).")


def axes(name: str, ndim: int, dim=None) -> tuple[int, ...]:
    """`dim` as a tuple of axes counted from the front; None, () and [] mean all of them."""
    if dim is None or (isinstance(dim, tuple | list) and not dim):
        return tuple(range(ndim))
    result = []
    for d in dim if isinstance(dim, tuple | list) else (dim,):
        if not isinstance(d, int | np.integer) or isinstance(d, bool):
            raise TypeError(f"{name}: dim must be an integer or a tuple of integers, not {d!r}.")
        if not -max(ndim, 1) <= d < max(ndim, 1):
            raise IndexError(f"{name}: dim {d} does not exist in a tensor with {ndim} axes; "
                             f"count from 0 to {max(ndim, 1) - 1}, or from -1 backwards.")
        result.append(int(d) % max(ndim, 1))
    if len(set(result)) < len(result):
        raise ShapeError(f"{name}: dim {dim} names an axis twice.")
    return tuple(result) if ndim else ()


def one_axis(name: str, ndim: int, dim) -> int:
    """`dim`, a single axis, counted from the front; a single number counts as one row."""
    if isinstance(dim, tuple | list) or dim is None:
        raise TypeError(f"{name}: dim must be an integer, not {dim!r}.")
    return axes(name, ndim or 1, dim)[0]


def numpy_names(method):
    """Let a reduction also take NumPy's names `axis` and `keepdims`, as PyTorch does."""
    @functools.wraps(method)
    def call(x, *args, axis=None, keepdims=None, **options):
        if axis is not None:
            options["dim"] = axis
        if keepdims is not None:
            options["keepdim"] = keepdims
        return method(x, *args, **options)

    return call


def count(shape: tuple, dims: tuple) -> int:
    """How many numbers a reduction over the axes `dims` joins into one: (2, 3, 4), (0, 1) -> 6."""
    return int(np.prod([shape[i] for i in dims]))


def shape_argument(name: str, shape: tuple, least: int | None = None) -> tuple[int, ...]:
    """(2, 3) from both f(2, 3) and f((2, 3)), as in zeros(2, 3) and reshape((2, 3))."""
    shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    if not all(hasattr(n, "__index__") for n in shape):
        raise TypeError(f"{name}: a shape is made of integers, not {shape}.")
    if least is not None and min(shape, default=0) < least:
        raise ShapeError(f"{name}: no size in {shape} may be below {least}.")
    return tuple(n.__index__() for n in shape)


def pair(name: str, value, least: int) -> tuple[int, int]:
    """(3, 3) from 3, (3, 5) from (3, 5): a size, stride or padding along height and width."""
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) == 1:
        both *= 2
    if len(both) != 2 or not all(isinstance(n, int | np.integer) and n >= least for n in both):
        raise ValueError(f"{name} must be an integer of at least {least}, or a pair of them, "
                         f"not {value!r}.")
    return int(both[0]), int(both[1])


def index(shape: tuple, key) -> tuple[tuple, tuple | None]:
    """The index x[key] in two steps, basic and then by arrays (None if there are no arrays).

    As in PyTorch, integers take their axis away first: x[0, :, [1, 2]] of (2, 3, 4) is (3, 2).
    """
    keys = list(key) if isinstance(key, tuple) else [key]
    if any(getattr(k, "dtype", np.dtype(int)).kind == "f" for k in keys):
        raise IndexError("an index is made of integers or of True and False, not of floats")
    keys = [k.array if hasattr(k, "requires_grad") else
            np.asarray(k, None if len(k) else np.intp) if isinstance(k, list | tuple | range) else k
            for k in keys]
    if any(isinstance(k, bool | np.bool) for k in keys):
        raise IndexError("an index is an integer, not True or False; write x[None] for x[True]")
    keys = [k.__index__() if isinstance(k, np.ndarray) and not k.ndim and k.dtype.kind == "i"
            else k for k in keys]
    keys = [k.astype(bool) if isinstance(k, np.ndarray) and k.dtype == np.uint8 else k
            for k in keys]
    width = [0 if k is None or k is ... else k.ndim if _is_mask(k) else 1 for k in keys]
    at = next((i for i, k in enumerate(keys) if k is ...), len(keys))
    keys[at:at + 1] = [slice(None)] * max(0, len(shape) - sum(width))
    basic, arrays = [], []
    for k in keys:
        if isinstance(k, np.ndarray) and (k.ndim or k.dtype == bool):
            basic += [slice(None)] * (k.ndim if _is_mask(k) else 1)
            arrays.append(k)
        else:
            basic.append(k)
            if k is None or isinstance(k, slice):
                arrays.append(slice(None))
        if isinstance(k, slice) and k.step is not None and k.step < 1:
            raise ValueError(f"a slice of a tensor has a step of at least 1, not {k.step}. Write "
                             f"x.flip(0) to turn an axis around.")
    basic.append(...)  # so that an element is a view, too, and not a number of NumPy's
    return tuple(basic), tuple(arrays) if any(isinstance(k, np.ndarray) for k in arrays) else None


def _is_mask(k) -> bool:
    return isinstance(k, np.ndarray) and k.dtype == bool


def check_operands(name: str, a: tuple, b: tuple) -> None:
    """Raise ShapeError unless shapes `a` and `b` fit together in the operator `name`."""
    if name == "matmul":
        check_matmul(a, b)
    elif a != b:
        check_broadcast(name, a, b)


def check_broadcast(name: str, a: tuple, b: tuple) -> None:
    """Raise ShapeError unless shapes `a` and `b` broadcast."""
    for m, n in zip(a[::-1], b[::-1]):
        if m != n and m != 1 and n != 1:
            raise ShapeError(f"{name}: shapes {a} and {b} do not broadcast: aligned at their last "
                             f"axis, {m} meets {n}, and neither is 1. Reshape one of them.")


def check_matmul(a: tuple, b: tuple) -> None:
    """Raise ShapeError unless an array of shape `a` can be multiplied by one of shape `b`."""
    if not a or not b:
        raise ShapeError(f"matmul: {a} @ {b}: a single number has no rows. Use * for scaling.")
    m, n = a[-1], b[-2] if len(b) > 1 else b[0]
    if m != n:
        raise ShapeError(f"matmul: {a} @ {b}: the inner sizes {m} and {n} differ.")
    check_broadcast("matmul: batches of", a[:-2], b[:-2])


def at_least(name: str, steps: int, least: int) -> None:
    """Raise ValueError unless `steps`, the option `name`, is at least `least`."""
    if steps < least:
        raise ValueError(f"{name} is {steps}; it needs at least {least}. Count the calls of "
                         f"step(): with one a batch, epochs * len(loader).")


def check_backward(create_graph, inputs) -> None:
    if create_graph:
        raise RuntimeError("backward: create_graph=True needs derivatives of derivatives, which "
                           "d2lmini does not record.")
    if inputs is not None:
        raise RuntimeError("backward has no inputs=. Use autograd.grad(loss, inputs).")
