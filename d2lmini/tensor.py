"""Tensors: NumPy arrays that remember how they were made, so that gradients can be computed.

`op` makes every node of the graph. Then the operators, each its formula with its derivatives under
it: for each operand the function from g, the gradient of the loss with respect to the result, to
the gradient with respect to that operand. A derivative captures the tensors whose values it uses.
Read next: functional.py, written the same way. further/spellings.py has PyTorch's further names.
"""

from __future__ import annotations

import numpy as np

from . import backend, checks, engine
from .checks import ShapeError, as_array, as_floats, axes, count, numpy_names, shape_argument
from .engine import Node, mode, recorded
from .further import printing
from .further.protocols import Size
from .further.spellings import Spellings


def op(name: str, array, *inputs) -> Tensor:
    """The tensor `array`, made by the operator `name`.

    `inputs` are pairs (parent, derivative): a tensor, and a function from the gradient with respect
    to the result, an array of its shape, to the gradient with respect to that parent. The function
    must not refer to the resulting tensor: that would be a reference cycle.
    """
    if type(array) is not np.ndarray:
        array = checks.as_result(name, array)
    out = Tensor.from_array(array)
    if recorded:
        for parent, _ in inputs:
            parent.check_history()
    if mode.recording and array.dtype.kind == "f":
        edges = tuple([(p.grad_fn or p, d) for p, d in inputs if p.needs_grad])
        if edges:
            out.needs_grad, out.grad_fn = True, Node(name, edges, array)
    return out


class Tensor(Spellings):
    """A NumPy array in `array`, its gradient in `grad`, and how it was made in `grad_fn`.

    `grad` and `requires_grad` are properties (further/protocols.py) over `_grad` and `needs_grad`;
    `time` is engine.clock when it was made. `Tensor([1, 2])` is float32 and `Tensor(2, 3)` has that
    shape, as in PyTorch; `d2l.tensor(data)` is the usual way to make one.
    """

    __slots__ = ("array", "_grad", "grad_fn", "needs_grad", "time", "__weakref__",
                 "__dict__")  # for attributes of one's own, such as layer.out.g
    inputs = ()  # a leaf ends the walk back
    _op = staticmethod(op)

    def __new__(cls, *data):
        data = data or (0,)
        size = len(data) != 1 or isinstance(data[0], int | Size)
        data = data[0] if len(data) == 1 else data
        return cls.from_array(np.zeros(data, np.float32) if size else as_array(data, np.float32))

    @classmethod
    def from_array(cls, array: np.ndarray, requires_grad: bool = False) -> Tensor:
        """A tensor on the memory of `array`."""
        self = object.__new__(cls)
        self.array, self._grad, self.grad_fn = array, None, None
        self.needs_grad, self.time = False, engine.clock
        if requires_grad:
            self.requires_grad_()
        return self

    # --- gradients ---

    def backward(self, gradient=None, retain_graph: bool = False, create_graph: bool = False,
                 inputs=None) -> None:
        """Add the derivative of this tensor, a single number, to the `grad` of each leaf below it.

        For another shape give `gradient`: then `(self * gradient).sum()` is differentiated. The
        graph is freed unless `retain_graph`. RuntimeError where there is no graph.
        """
        checks.check_backward(create_graph, inputs)
        engine.backward(self, getattr(gradient, "array", gradient), bool(retain_graph))

    def accumulate_grad(self, g) -> None:
        """Keep the array `g` as the gradient of this leaf, or add it to the one that is there."""
        if self.grad_fn is not None:  # by detach_() and a change in place
            raise RuntimeError("a leaf variable has been moved into the graph interior. Write "
                               "x = x.detach() in place of x.detach_().")
        if self.needs_grad:
            self.add_grad(g)

    def add_grad(self, g) -> None:
        if self.grad is None:
            self._grad = Tensor.from_array(np.asarray(g))  # x.grad = … checks shape and dtype
        else:
            self.grad.array += g
            self.grad.bump()

    # --- what a tensor is, and how to get at its numbers ---

    @property
    def shape(self) -> Size:
        """The length of each axis: a tuple."""
        return Size(self.array.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.array.ndim

    @property
    def dtype(self) -> np.dtype:
        """The type of the numbers, NumPy's: float32, int64, …"""
        return self.array.dtype

    def detach(self) -> Tensor:
        """The same numbers, in the same memory, as a leaf that knows no graph."""
        return Tensor.from_array(self.array)

    def __repr__(self):
        return printing.text(self)

    # --- arithmetic ---

    def __add__(a, b):
        a, b = operands("add", a, b)
        return op("add", a.array + b.array, (a, lambda g: g), (b, lambda g: g))

    def __sub__(a, b):
        a, b = operands("sub", a, b)
        return op("sub", a.array - b.array, (a, lambda g: g), (b, lambda g: -g))

    def __mul__(a, b):
        a, b = operands("mul", a, b)
        return op("mul", a.array * b.array, (a, lambda g: g * b.array), (b, lambda g: g * a.array))

    def __truediv__(a, b):
        if a.dtype.kind != "f" and not (isinstance(b, Tensor) and b.dtype.kind == "f"):
            a = a.float()
        a, b = operands("div", a, b)
        return op("div", as_floats(a.array) / as_floats(b.array),
                  (a, lambda g: g / b.array),
                  (b, lambda g: -g * (a.array / b.array / b.array)))  # b * b could underflow

    def __pow__(a, b):
        a, b = operands("pow", a, b)
        out = (a.array ** b.array).astype(a.dtype, copy=False)  # NumPy's bool ** bool is int8

        def base_grad(g):
            with np.errstate(all="ignore"):
                return np.where(b.array == 0, 0, g * (b.array * a.array ** (b.array - 1)))

        def exponent_grad(g):
            with np.errstate(all="ignore"):
                zero = (a.array == 0) & (b.array >= 0)
                return g * np.where(zero, 0, out * np.log(a.array))

        return op("pow", out, (a, base_grad), (b, exponent_grad))

    def __matmul__(a, b):
        """(m, k) @ (k, n) -> (m, n); vectors and batches as in np.matmul."""
        a, b = operands("matmul", a, b, same_dtype=True)

        row, column = a.ndim == 1, b.ndim == 1  # a vector is a row on the left, a column right

        def matrix(g):
            g = np.expand_dims(g, -1) if column else g
            return np.expand_dims(g, -2) if row else g

        def left(g):
            columns = b.array[:, None] if column else b.array
            da = backend.matmul(matrix(g), columns.swapaxes(-1, -2))
            return da[..., 0, :] if row else da

        def right(g):
            rows = a.array[None] if row else a.array
            db = backend.matmul(rows.swapaxes(-1, -2), matrix(g))
            return db[..., 0] if column else db

        return op("matmul", backend.matmul(a.array, b.array), (a, left), (b, right))

    def __neg__(x):
        return op("neg", -x.array, (x, lambda g: -g))

    def _operands(a, name, b):  # for further/, which cannot import this file
        return operands(name, a, b)

    def _beside(a, b):
        return beside(b, a)

    # --- functions of each element ---

    def exp(x):
        """e to the power of x."""
        out = np.exp(as_floats(x.array))
        return op("exp", out, (x, lambda g: g * out))

    def log(x):
        """The natural logarithm."""
        return op("log", np.log(as_floats(x.array)), (x, lambda g: g / x.array))

    def sin(x):
        """The sine of x in radians."""
        return op("sin", np.sin(as_floats(x.array)), (x, lambda g: g * np.cos(x.array)))

    def cos(x):
        """The cosine of x in radians."""
        return op("cos", np.cos(as_floats(x.array)), (x, lambda g: -g * np.sin(x.array)))

    def sqrt(x):
        """The square root."""
        out = np.sqrt(as_floats(x.array))
        return op("sqrt", out, (x, lambda g: g / (2 * out)))

    def abs(x):
        """The absolute value; the derivative at 0 is taken as 0."""
        return op("abs", np.abs(x.array), (x, lambda g: g * checks.sign(x.array)))

    def tanh(x):
        """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
        out = np.tanh(as_floats(x.array))
        return op("tanh", out, (x, lambda g: g * (1 - out * out)))

    def sigmoid(x):
        """1 / (1 + exp(-x)), written with exp(-|x|), which cannot overflow."""
        e = np.exp(-np.abs(as_floats(x.array)))
        out = np.where(x.array >= 0, 1, e) / (1 + e)
        return op("sigmoid", out, (x, lambda g: g * out * (1 - out)))

    def relu(x):
        """max(x, 0); the derivative at 0 is taken as 0."""
        out = backend.relu(x.array)
        return op("relu", out, (x, lambda g: backend.relu_grad(g, out)))

    # --- reductions over dim: None (all), an integer or a tuple ---

    @numpy_names
    def sum(x, dim=None, keepdim=False, *, dtype=None):
        """The sum over the axes `dim`: (2, 3).sum(1) -> (2,)."""
        dims, shape = axes("sum", x.ndim, dim), x.shape
        x = x if dtype is None else x.to(dtype)
        return op("sum", backend.sum(x.array, dims, keepdim), (
            x, lambda g: spread(g, shape, dims, keepdim)))

    @numpy_names
    def mean(x, dim=None, keepdim=False, *, dtype=None):
        """The mean over the axes `dim`, of floats."""
        if x.dtype.kind != "f" and dtype is None:
            raise RuntimeError(f"mean: the mean of {x.dtype} is a fraction: write "
                               f"x.float().mean().")
        dims, shape = axes("mean", x.ndim, dim), x.shape
        x, n = x if dtype is None else x.to(dtype), count(shape, dims)
        return op("mean", backend.sum(x.array, dims, keepdim) / x.dtype.type(n), (
            x, lambda g: spread(g, shape, dims, keepdim, n)))

    @numpy_names
    def amax(x, dim=None, keepdim=False, *, best=np.max):
        """The largest (or `best`) values over the axes `dim`; ties share the gradient equally."""
        dims = axes("amax", x.ndim, dim)
        if not count(x.shape, dims):
            raise ShapeError(f"max, min: no element to choose in a tensor of shape {x.shape}.")
        top = best(x.array, axis=dims, keepdims=True)

        def derivative(g):
            ties = (x.array == top).astype(g.dtype)
            return ties / ties.sum(dims, keepdims=True) * spread(g, x.shape, dims, keepdim)

        return op("amax", top if keepdim else top.squeeze(dims), (x, derivative))

    # --- shape and indexing ---

    def reshape(x, *shape):
        """The same numbers in another shape, in which one size may be -1: (2, 6) -> (3, -1)."""
        shape, old = shape_argument("reshape", shape, -1), x.shape
        try:
            new = x.array.reshape(shape)
        except ValueError:
            raise ShapeError(f"reshape: {x.array.size} numbers, shape {old}, cannot have shape "
                               f"{shape}.") from None
        return op("reshape", new, (x, lambda g: g.reshape(old)))

    def permute(x, *dims):
        """The axes in another order: (2, 3, 4).permute(2, 0, 1) -> (4, 2, 3)."""
        dims = shape_argument("permute", dims)
        if len(dims) != x.ndim:
            raise ShapeError(f"permute: {dims} must name each of the {x.ndim} axes once.")
        dims = axes("permute", x.ndim, dims)
        return op("permute", x.array.transpose(dims), (
            x, lambda g: g.transpose(np.argsort(dims))))  # the inverse order

    def __getitem__(x, key):
        """x[key] for integers, slices, None, lists, masks and integer tensors.

        The gradients of an element that is taken twice add up.
        """
        basic, arrays = x._index(key)  # a view, and what is then taken from it with lists and masks
        part, shape, dtype = x.array[basic], x.shape, x.dtype

        def derivative(g):
            dx = np.zeros(shape, dtype)
            if arrays is None:
                dx[basic] = g
            else:
                np.add.at(dx[basic], arrays, g)
            return dx

        return op("getitem", part if arrays is None else (
            np.asarray(part[arrays], order="C")), (x, derivative))

    def clone(x):
        """A copy in its own memory, through which gradients flow."""
        order = "C" if 0 in x.array.strides else "K"  # an expanded one becomes contiguous
        return op("clone", x.array.copy(order), (x, lambda g: g))


# --- operands: numbers, lists and arrays beside a tensor, and dtypes that meet ---

def beside(b, a: Tensor) -> Tensor:
    """`b` as a tensor; a number, list or array that meets floats in `a` takes their dtype."""
    if isinstance(b, Tensor):
        return b
    dtype = a.array.dtype
    if isinstance(b, bool | int | float | np.generic):
        b = np.asarray(b)
        if checks.level(b) > checks.level(a.array):
            dtype = (bool, np.int64, np.float32)[checks.level(b)]
        return Tensor.from_array(b.astype(dtype))
    return Tensor.from_array(as_array(b, dtype if dtype.kind == "f" else None))


def operands(name: str, a: Tensor, b, same_dtype=False) -> tuple[Tensor, Tensor]:
    """Both as tensors of PyTorch's result dtype; ValueError for shapes, RuntimeError for dtypes."""
    b = beside(b, a)
    if name == "sub" and "b" in (a.dtype.kind, b.dtype.kind):
        raise RuntimeError("sub: minus with a tensor of bool. Write ~mask, or mask.float().")
    if a.array.dtype != b.array.dtype:
        if same_dtype:
            raise RuntimeError(f"{name}: {a.dtype} meets {b.dtype}. Convert one: x.to(y.dtype).")
        dtype = checks.promoted(a, b)
        a, b = a.to(dtype), b.to(dtype)
    if a.array.shape != b.array.shape or name == "matmul":
        checks.check_operands(name, a.array.shape, b.array.shape)
    return a, b


def spread(g, shape: tuple, dims: tuple, keepdim: bool, n: int = 1):
    """The gradient of a sum over `dims` divided by n, repeated for each element that was added."""
    g = g if keepdim else np.expand_dims(g, dims)
    return np.broadcast_to(g if n == 1 else g / n, shape)
