"""What may come in: numbers, lists and arrays made into arrays, axes made into tuples.

Everything that is wrong here is answered with a sentence that names the cure. Nothing in this file
knows about tensors or gradients. Read next: tensor.py.
"""

from __future__ import annotations

import numpy as np

# NumPy's functions that may meet a tensor, and the tensor's methods that do the same.
UFUNCS = {
    "add": "__add__", "subtract": "__sub__", "multiply": "__mul__", "divide": "__truediv__",
    "power": "__pow__", "matmul": "__matmul__", "negative": "__neg__", "absolute": "abs",
    "equal": "__eq__", "not_equal": "__ne__", "less": "__lt__", "less_equal": "__le__",
    "greater": "__gt__", "greater_equal": "__ge__", "exp": "exp", "log": "log", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tanh": "tanh", "bitwise_and": "__and__", "bitwise_or": "__or__",
    "invert": "__invert__",
}


def as_array(data, dtype=None) -> np.ndarray:
    """`data` as an array: float64 and Python's floats become float32 unless `dtype` is given."""
    if isinstance(data, np.ndarray) and dtype is not None and data.dtype == dtype:
        return data
    if type(data) is float:  # the most frequent case, in one step
        return np.array(data, np.float32 if dtype is None else dtype)
    try:
        array = np.asarray(data, dtype if isinstance(data, int | float) else None)
        if isinstance(data, list) and dtype is not None and np.dtype(dtype).kind in "iu":
            array = np.asarray(data, dtype)  # refuses nan and what is too large
    except (ValueError, TypeError, OverflowError) as error:
        raise type(error)(f"tensor: cannot make an array of this {type(data).__name__} ({error}). "
                          f"Rows must be equally long and hold only numbers that fit.") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"tensor: a tensor holds numbers, not {array.dtype} "
                        f"(from {type(data).__name__}). Convert the data to numbers first.")
    if dtype is None:
        keeps = array.dtype.kind != "f" or array.itemsize <= 4 or hasattr(data, "requires_grad")
        dtype = array.dtype if keeps else np.float32
    return array.astype(dtype, copy=False)


def as_result(name: str, data) -> np.ndarray:
    """What the formula of the operator `name` gave, as an array; not a tensor."""
    if hasattr(data, "requires_grad"):
        raise TypeError(f"{name}: `data` of an operand is a tensor and must be an array. Write "
                        f"w.data -= lr * w.grad.data, not w.data = w.data - lr * w.grad.")
    return np.asarray(data)


def as_floats(array: np.ndarray) -> np.ndarray:
    """`array` itself or, of integers, in float32: NumPy would take the exp of bytes in float16."""
    return array if array.dtype.kind == "f" else array.astype(np.float32)


def check_floats(array: np.ndarray) -> None:
    """Raise a sentence unless `array` holds numbers that can have gradients."""
    if array.dtype.kind != "f":
        raise TypeError(f"requires_grad: only floating-point tensors have gradients, and this one "
                        f"is {array.dtype}. Write its numbers with a point, or dtype=float.")


def check_tensors(name: str, *inputs) -> None:
    """Raise a sentence unless each of the inputs of the function `name` is a tensor or None."""
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
            raise TypeError(f"{name}: dim must be a whole number or a tuple of them, not {d!r}.")
        if not -max(ndim, 1) <= d < max(ndim, 1):
            raise IndexError(f"{name}: dim {d} does not exist in a tensor with {ndim} axes; "
                             f"count from 0 to {max(ndim, 1) - 1}, or from -1 backwards.")
        result.append(int(d) % max(ndim, 1))
    if len(set(result)) < len(result):
        raise ValueError(f"{name}: dim {dim} names an axis twice.")
    return tuple(result) if ndim else ()


def one_axis(name: str, ndim: int, dim) -> int:
    """`dim`, a single axis, counted from the front; a single number counts as one row."""
    if isinstance(dim, tuple | list) or dim is None:
        raise TypeError(f"{name}: dim must be a whole number, not {dim!r}.")
    return axes(name, ndim or 1, dim)[0]


def reduction(name: str, shape: tuple, dim, keepdim, axis=None, keepdims=False, dtype=None,
              out=None) -> tuple[tuple[int, ...], bool]:
    """The axes and whether to keep them, by PyTorch's names or by those that np.sum(t) uses."""
    if not isinstance(keepdim, bool) or dtype is not None or out is not None:
        raise TypeError(f"{name}: keepdim is True or False, several axes are a tuple, as in "
                        f"{name}((0, 1)), and dtype and out cannot be given.")
    dims = axes(name, len(shape), axis if dim is None else dim)
    if name == "max" and not count(shape, dims):
        raise ValueError(f"max, min: nothing to choose from in a tensor of shape {shape}.")
    return dims, keepdim or keepdims


def count(shape: tuple, dims: tuple) -> int:
    """How many numbers a reduction over the axes `dims` joins into one: (2, 3, 4), (0, 1) -> 6."""
    return int(np.prod([shape[i] for i in dims]))


def shape_argument(name: str, shape: tuple, least: int | None = None) -> tuple[int, ...]:
    """(2, 3) from both f(2, 3) and f((2, 3)), as in zeros(2, 3) and reshape((2, 3))."""
    shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    if not all(isinstance(n, int | np.integer) for n in shape):
        raise TypeError(f"{name}: a shape is made of whole numbers, not {shape}.")
    if least is not None and min(shape, default=0) < least:
        raise ValueError(f"{name}: no size in {shape} may be below {least}.")
    return tuple(int(n) for n in shape)


def pair(name: str, value, least: int) -> tuple[int, int]:
    """(3, 3) from 3, (3, 5) from (3, 5): a size, stride or padding along height and width."""
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) == 1:
        both *= 2
    if len(both) != 2 or not all(isinstance(n, int | np.integer) and n >= least for n in both):
        raise ValueError(f"{name} must be a whole number of at least {least}, or a pair of them, "
                         f"not {value!r}.")
    return int(both[0]), int(both[1])


def check_operands(name: str, a: tuple, b: tuple) -> None:
    """Raise a sentence unless shapes `a` and `b` fit together in the operator `name`."""
    if name == "matmul":
        check_matmul(a, b)
    elif a != b:
        check_broadcast(name, a, b)


def check_broadcast(name: str, a: tuple, b: tuple) -> None:
    """Raise a sentence unless shapes `a` and `b` broadcast."""
    for m, n in zip(a[::-1], b[::-1]):
        if m != n and m != 1 and n != 1:
            raise ValueError(f"{name}: shapes {a} and {b} do not broadcast: aligned at their last "
                             f"axis, {m} meets {n}, and neither is 1. Reshape one of them.")


def check_matmul(a: tuple, b: tuple) -> None:
    """Raise a sentence unless an array of shape `a` can be multiplied by one of shape `b`."""
    if not a or not b:
        raise ValueError(f"matmul: {a} @ {b}: a single number has no rows. Use * for scaling.")
    m, n = a[-1], b[-2] if len(b) > 1 else b[0]
    if m != n:
        raise ValueError(f"matmul: {a} @ {b}: the inner sizes {m} and {n} differ.")
    check_broadcast("matmul: batches of", a[:-2], b[:-2])
