"""Tensors: NumPy arrays that remember how they were made, so that gradients can be computed.

`op` makes every node of the graph. Then the operators, each its formula with its derivative under
it: a function of g, the gradient by the result, that returns the gradients by the operands, for
engine.py to use. Read next: creation.py, then losses.py and functional.py, written the same way.
"""

from __future__ import annotations

import math

import numpy as np

from . import checks
from .backend.fast import relu_grad
from .backend.threads import product, spread, total
from .checks import as_array, as_floats, axes, count, one_axis, reduction, shape_argument
from .engine import Node, is_grad_enabled

_FLOAT32 = np.dtype(np.float32)


def op(data, parents: tuple, backward, name: str) -> Tensor:
    """The tensor `data`, made from the tensors `parents` by the operator `name`.

    `backward(g)` gets the gradient by the result, an array of its shape, and returns one array a
    parent (None where none is needed). It must not refer to the result: that would be a cycle.
    """
    data = data if type(data) is np.ndarray else checks.as_result(name, data)
    if data.dtype is not _FLOAT32 and data.dtype.kind == "f":
        if not any(p.data.dtype == data.dtype for p in parents):
            data = data.astype(np.float32)  # integers entered a formula of floats: stay in float32
    out = Tensor.__new__(Tensor)
    out.data, out.grad, out.name, out._keep_grad = data, None, name, False
    out.requires_grad, out._parents, out._backward = False, (), None
    if is_grad_enabled() and data.dtype.kind == "f":
        for parent in parents:
            if parent.requires_grad:
                out.requires_grad, out._parents, out._backward = True, parents, backward
                break
    return out


class Tensor(Node):
    """A NumPy array in `data`, its gradient in `grad`, and how it was made from other tensors.

    Lists and float64 arrays become float32 unless `dtype` says otherwise; integers stay integers.
    """

    __slots__ = ()

    def __init__(self, data, requires_grad: bool = False, dtype=None):
        self.data, self.grad, self.name, self._keep_grad = as_array(data, dtype), None, "", False
        self.requires_grad, self._parents, self._backward = False, (), None
        if requires_grad:
            self.requires_grad_()

    def accumulate_grad(self, g) -> None:
        """Keep the array `g` as the gradient, or add it to the one that is there."""
        self.grad = Tensor(g if self.grad is None else np.asarray(self.grad) + g, dtype=g.dtype)

    # --- what a tensor is, and how to get at its numbers ---

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    T = property(lambda self: self.permute(tuple(range(self.ndim))[::-1]))

    def detach(self) -> Tensor:
        """The same numbers, in the same memory, as a leaf that knows no graph."""
        return Tensor(self.data, dtype=self.dtype)

    def numpy(self) -> np.ndarray:
        """The numbers as a NumPy array, in the same memory."""
        return self.data

    def item(self) -> float | int | bool:
        """The number in a tensor that holds exactly one."""
        if self.data.size != 1:
            raise ValueError(f"a tensor of shape {self.shape} holds {self.data.size} numbers where "
                             f"one is needed. Reduce it with sum, mean, max, or pick one: t[0].")
        return self.data.item()

    numel = lambda self: self.data.size
    tolist = lambda self: self.data.tolist()
    __float__ = lambda self: float(self.item())
    __int__ = lambda self: int(self.item())
    __bool__ = lambda self: bool(self.item())
    __index__ = lambda self: self.data.__index__()
    __iter__ = lambda self: (self[i] for i in range(len(self)))
    __contains__ = lambda self, number: number in self.data
    __format__ = lambda self, spec: format(self.item(), spec) if spec else repr(self)

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len: a tensor of shape () is a single number and has no length.")
        return len(self.data)

    def __repr__(self):
        body = np.array2string(self.data, separator=", ", prefix="tensor(", precision=4)
        usual = self.dtype in (np.float32, np.int64, np.bool_)
        made = f"grad_fn=<{self.name}>" if self._backward else "requires_grad=True"
        return "tensor(" + ", ".join([body] + [f"dtype={self.dtype}"] * (not usual)
                                     + [made] * self.requires_grad) + ")"

    def __setitem__(self, index, value):
        raise TypeError("t[i] = value would change numbers that a graph may still need. Change "
                        "the array instead, t.data[i] = value, or build a new tensor with where "
                        "or cat.")

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        """NumPy's operators on tensors: `array * t` is a tensor; `array -= t` stays an array."""
        name = checks.UFUNCS.get(ufunc.__name__)
        if out is not None and not isinstance(out[0], Tensor):
            arrays = [i.data if isinstance(i, Tensor) else i for i in inputs]
            return getattr(ufunc, method)(*arrays, out=out, **options)
        if method != "__call__" or options or name is None or out is not None:
            raise TypeError(f"np.{ufunc.__name__} cannot record a gradient. Use the tensor's own "
                            f"methods and operators, or t.numpy() for a plain array.")
        first, *rest = inputs
        return getattr(as_tensor(first, rest[0] if rest else self), name)(*rest)

    # --- arithmetic ---

    def __add__(a, b):
        b = operand("add", a, b)
        return op(a.data + b.data, (a, b), lambda g: (g, g), "add")

    def __sub__(a, b):
        b = operand("sub", a, b)
        return op(a.data - b.data, (a, b), lambda g: (g, b.requires_grad and -g), "sub")

    def __mul__(a, b):
        b = operand("mul", a, b)
        return op(a.data * b.data, (a, b), lambda g: (
            a.requires_grad and g * b.data, b.requires_grad and g * a.data), "mul")

    def __truediv__(a, b):
        b = operand("div", a, b)
        return op(a.data / b.data, (a, b), lambda g: (
            g / b.data, b.requires_grad and -g * a.data / b.data / b.data), "div")

    def __pow__(a, b):
        b = operand("pow", a, b)
        x, n, out = a.data, b.data, a.data ** b.data

        def backward(g):
            with np.errstate(divide="ignore", invalid="ignore"):
                return (a.requires_grad and g * np.where(n == 0, n, n * x ** (n - 1)),
                        b.requires_grad and g * np.where((x == 0) & (n >= 0), x, out * np.log(x)))

        return op(out, (a, b), backward, "pow")

    def __matmul__(a, b):
        b = operand("matmul", a, b)

        def backward(g):
            x = a.data if a.ndim > 1 else a.data[None, :]  # a vector on the left is a row,
            w = b.data if b.ndim > 1 else b.data[:, None]  # a vector on the right a column
            g = g if b.ndim > 1 else np.expand_dims(g, -1)
            g = g if a.ndim > 1 else np.expand_dims(g, -2)
            dx = a.requires_grad and product(g, w.swapaxes(-1, -2))
            dw = b.requires_grad and product(x.swapaxes(-1, -2), g)
            return (dx[..., 0, :] if a.requires_grad and a.ndim == 1 else dx,
                    dw[..., 0] if b.requires_grad and b.ndim == 1 else dw)

        return op(product(a.data, b.data), (a, b), backward, "matmul")

    __pos__ = lambda x: x
    __neg__ = lambda x: op(-x.data, (x,), lambda g: (-g,), "neg")
    __radd__ = lambda b, a: as_tensor(a, b) + b
    __rsub__ = lambda b, a: as_tensor(a, b) - b
    __rmul__ = lambda b, a: as_tensor(a, b) * b
    __rtruediv__ = lambda b, a: as_tensor(a, b) / b
    __rpow__ = lambda b, a: as_tensor(a, b) ** b
    __rmatmul__ = lambda b, a: as_tensor(a, b) @ b
    __eq__ = lambda a, b: _compare(np.equal, a, b)
    __ne__ = lambda a, b: _compare(np.not_equal, a, b)
    __lt__ = lambda a, b: _compare(np.less, a, b)
    __le__ = lambda a, b: _compare(np.less_equal, a, b)
    __gt__ = lambda a, b: _compare(np.greater, a, b)
    __ge__ = lambda a, b: _compare(np.greater_equal, a, b)
    __and__ = __rand__ = lambda a, b: _compare(np.bitwise_and, a, b)
    __or__ = __ror__ = lambda a, b: _compare(np.bitwise_or, a, b)
    __invert__ = lambda a: Tensor(~a.data)
    __hash__ = object.__hash__

    # --- functions of each element ---

    log = lambda x: op(np.log(as_floats(x.data)), (x,), lambda g: (g / x.data,), "log")
    sin = lambda x: op(np.sin(as_floats(x.data)), (x,), lambda g: (g * np.cos(x.data),), "sin")
    cos = lambda x: op(np.cos(as_floats(x.data)), (x,), lambda g: (-g * np.sin(x.data),), "cos")
    abs = lambda x: op(np.abs(x.data), (x,), lambda g: (g * np.sign(x.data),), "abs")
    pow, __abs__ = __pow__, abs

    def exp(x):
        out = np.exp(as_floats(x.data))
        return op(out, (x,), lambda g: (g * out,), "exp")

    def sqrt(x):
        out = np.sqrt(as_floats(x.data))
        return op(out, (x,), lambda g: (g / (2 * out),), "sqrt")

    def tanh(x):
        out = np.tanh(as_floats(x.data))
        return op(out, (x,), lambda g: (g * (1 - out * out),), "tanh")

    def sigmoid(x):
        """1 / (1 + exp(-x)), written with exp(-|x|), which cannot overflow."""
        e = np.exp(-np.abs(as_floats(x.data)))
        out = np.where(x.data >= 0, 1, e) / (1 + e)
        return op(out, (x,), lambda g: (g * out * (1 - out),), "sigmoid")

    def relu(x):
        """max(x, 0); the derivative at 0 is taken as 0."""
        y = spread(lambda x, out=None: np.maximum(x, 0, out=out), x.data)
        return op(y, (x,), lambda g: (spread(relu_grad, g, y),), "relu")

    def clamp(x, min=None, max=None):
        """Limit each element to [min, max]; the derivative is 1 there and 0 outside."""
        out = np.clip(x.data, min, max)
        return op(out, (x,), lambda g: (np.where(out == x.data, g, 0),), "clamp")

    # --- reductions over dim: None (all), a number or a tuple; NumPy's axis and keepdims, too ---

    def sum(x, dim=None, keepdim=False, **numpy):
        dims, keep = reduction("sum", x.shape, dim, keepdim, **numpy)
        return op(total(x.data, dims, keep), (x,), lambda g: (
            np.broadcast_to(g if keep else np.expand_dims(g, dims), x.shape),), "sum")

    def mean(x, dim=None, keepdim=False, **numpy):
        dims, keep = reduction("mean", x.shape, dim, keepdim, **numpy)
        return x.sum(dims, keep) / count(x.shape, dims)

    def var(x, dim=None, correction=1, keepdim=False, **numpy):
        """Mean squared distance from the mean, over n - correction: 1 in PyTorch, 0 in NumPy."""
        dims, keep = reduction("var", x.shape, dim, keepdim, **numpy)
        away = x - x.mean(dims, keepdim=True)
        n = max(count(x.shape, dims) - correction, 0)
        return (away * away).sum(dims, keep) / n

    def max(x, dim=None, keepdim=False, *, _best=np.max, **numpy):
        """The largest values (no indices: PyTorch's amax); ties share the gradient equally."""
        dims, keep = reduction("max", x.shape, dim, keepdim, **numpy)
        top = _best(x.data, axis=dims, keepdims=True)

        def backward(g):
            hit = (x.data == top).astype(g.dtype)
            return (hit / hit.sum(dims, keepdims=True) * (g if keep else np.expand_dims(g, dims)),)

        return op(top if keep else top.squeeze(dims), (x,), backward, "max")

    def min(x, dim=None, keepdim=False, **numpy):
        """The smallest values (no indices: PyTorch's amin); ties share the gradient equally."""
        return x.max(dim, keepdim, _best=np.min, **numpy)

    def argmax(x, dim=None, keepdim=False, *, axis=None, keepdims=False):
        """The index of the first largest value along `dim`, or in the flattened tensor."""
        dim = axis if dim is None else dim
        dim = dim if dim is None else one_axis("argmax", x.ndim, dim)
        return Tensor(np.argmax(x.data, axis=dim, keepdims=keepdim or keepdims))

    # --- shape and indexing ---

    def reshape(x, *shape):
        new = x.data.reshape(shape_argument("reshape", shape, -1))
        return op(new, (x,), lambda g: (g.reshape(x.shape),), "reshape")

    def flatten(x, start_dim=0, end_dim=-1):
        """Join the axes start_dim to end_dim: (n, c, h, w).flatten(1) -> (n, c*h*w)."""
        i, j = one_axis("flatten", x.ndim, start_dim), one_axis("flatten", x.ndim, end_dim)
        if i > j:
            raise ValueError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}.")
        return x.reshape(*x.shape[:i], math.prod(x.shape[i:j + 1]), *x.shape[j + 1:])

    def permute(x, *dims):
        dims = shape_argument("permute", dims)
        if len(dims) != x.ndim:
            raise ValueError(f"permute: {dims} must name each of the {x.ndim} axes once.")
        dims = axes("permute", x.ndim, dims)
        new = x.data.transpose(dims)
        return op(new, (x,), lambda g: (g.transpose(np.argsort(dims)),), "permute")

    def transpose(x, dim0, dim1):
        i, j = one_axis("transpose", x.ndim, dim0), one_axis("transpose", x.ndim, dim1)
        swap = lambda a: a.swapaxes(i, j) if i != j else a
        return op(swap(x.data), (x,), lambda g: (swap(g),), "transpose")

    def squeeze(x, dim=None):
        """Drop all axes of length 1, or only axis `dim`, if its length is 1."""
        drop = axes("squeeze", x.ndim, dim)
        return x.reshape([n for i, n in enumerate(x.shape) if n != 1 or i not in drop])

    def unsqueeze(x, dim):
        """Insert an axis of length 1 at position `dim`."""
        return x.reshape(np.expand_dims(x.data, one_axis("unsqueeze", x.ndim + 1, dim)).shape)

    def __getitem__(x, index):
        """Integers, slices, None, lists, masks, integer tensors; repeated indices add up.

        NumPy's rules: nested lists and bytes are positions, and x[0, :, [0, 1]] is (2, ...).
        """
        index = index if isinstance(index, tuple) else (index,)
        index = tuple(i.data if isinstance(i, Tensor) else i for i in index)

        def backward(g):
            dx = np.zeros_like(x.data)
            if all(i is None or i is ... or isinstance(i, int | np.integer | slice) for i in index):
                dx[index] = g
            else:
                np.add.at(dx, index, g)
            return (dx,)

        return op(x.data[index], (x,), backward, "getitem")

    def to(x, dtype):
        """The same numbers in another dtype; the gradient comes back in the old one."""
        if x.dtype == dtype or np.dtype(dtype).kind != "f":
            return x if x.dtype == dtype else Tensor(x.data.astype(dtype))
        out = op(x.data, (x,), lambda g: (g,), "to")
        out.data = x.data.astype(dtype)
        return out

    float = lambda x: x.to(np.float32)
    clone = lambda x: op(x.data.copy(), (x,), lambda g: (g,), "clone")


# --- what stands beside a tensor in a formula ---
def as_tensor(b, a: Tensor) -> Tensor:
    """`b` as a tensor; a number, list or array that meets floats in `a` takes their dtype."""
    if isinstance(b, Tensor):
        return b
    return Tensor(b, dtype=a.data.dtype if a.data.dtype.kind == "f" else None)


def operand(name: str, a: Tensor, b) -> Tensor:
    """`b` as a tensor that stands beside `a` in the operator `name`; wrong shapes are an error."""
    b = as_tensor(b, a)
    checks.check_operands(name, a.data.shape, b.data.shape)
    return b


def _compare(better, a: Tensor, b) -> Tensor | bool:
    """Where `better(a, b)`, element by element; no tensor equals None or a string."""
    if (b is None or isinstance(b, str)) and better in (np.equal, np.not_equal):
        return better is np.not_equal
    return Tensor(better(a.data, operand(better.__name__, a, b).data))
