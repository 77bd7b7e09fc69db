"""PyTorch's further names for what a tensor can do, as methods: a line or two each.

Nothing here is needed to understand how the library works: tensor.py, which inherits these
methods, has the operators from which most of them are made. names.py has the same as functions.
"""

from __future__ import annotations

import math
import weakref
from typing import NamedTuple

import numpy as np

from .. import checks
from ..checks import (
    RangeError,
    ShapeError,
    as_floats,
    axes,
    count,
    numpy_names,
    one_axis,
    shape_argument,
)
from . import methods
from .inplace import InPlace, fills, in_place

OLD_NAMES = {"float32": "Float", "float64": "Double", "float16": "Half", "int64": "Long",
             "int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}


class Extremes(NamedTuple):
    """What max(dim), min(dim), sort and topk give: (values, indices)."""

    values: object
    indices: object

    def __repr__(self):
        name = type(self).__name__
        return f"torch.return_types.{name}(\nvalues={self.values!r},\nindices={self.indices!r})"


PAIRS = {name: type(name, (Extremes,), {}) for name in (
    "max", "min", "sort", "topk", "median", "kthvalue", "mode", "cummax", "cummin")}


class Device:
    """Where tensors are: device("cpu"). Another may be named, but nothing can be put there."""

    def __init__(self, name="cpu", index=None):
        self.type, _, number = str(name).partition(":")
        if self.type not in ("cpu", "cuda", "mps", "xpu", "meta"):
            raise RuntimeError(f"device {name!r}: write device = \"cuda\" if "
                               f"torch.cuda.is_available() else \"cpu\".")
        self.index = int(number) if number else index

    def __eq__(self, other):
        return isinstance(other, Device) and str(self) == str(other)

    def __hash__(self):
        return hash(str(self))

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self):
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"


def check_device(device) -> None:
    """RuntimeError for any device but the CPU."""
    if device is not None and (device if isinstance(device, Device) else Device(device)
                               ).type != "cpu":
        raise RuntimeError(f"device {str(device)!r}: d2lmini computes on the CPU only. Write "
                           f'device = "cuda" if torch.cuda.is_available() else "cpu".')


def run_hooks(hooks: dict, g):
    """The array g after all hooks, each called with a tensor."""
    from ..tensor import Tensor

    for hook in list(hooks.values()):
        given = Tensor.from_array(g)
        out = hook(given)
        g = (given if out is None else out).array.copy()  # the hook may keep what it was given
    return g


class Spellings(InPlace):
    """Methods of Tensor; `x._op` is tensor.op and `x._beside(b)` is tensor.as_tensor(b, x)."""

    __slots__ = ()
    __hash__ = object.__hash__

    # --- Python's and NumPy's protocols ---

    def __mod__(a, b):
        a, b = a._operands("remainder", b)
        checks.check_divisor(a.array, b.array)
        with np.errstate(invalid="ignore"):
            out = np.mod(a.array, b.array)
            if out.dtype.kind == "f":  # a zero has the sign of a, as in PyTorch
                out = np.where(out == 0, np.fmod(a.array, b.array), out)
        return a._op("remainder", out, (a, lambda g: g),
                     (b, lambda g: -g * np.floor_divide(a.array, b.array)))

    def __floordiv__(a, b):
        a, b = a._operands("floor_divide", b)
        checks.check_divisor(a.array, b.array)

        def derivative(g):
            raise RuntimeError("the derivative of // is not implemented, as in PyTorch: it is 0 "
                               "wherever it exists. Take x.detach() // y.")

        return a._op("floor_divide", np.floor_divide(a.array, b.array), (a, derivative),
                     (b, derivative))

    def _compare(a, ufunc, b):
        """`ufunc` of two tensors, without a gradient; no tensor equals None, a string or a list."""
        if (b is None or isinstance(b, str | list | tuple)) and ufunc in (np.equal, np.not_equal):
            return ufunc is np.not_equal
        a, b = a._operands(ufunc.__name__, b)
        return a._op(ufunc.__name__, np.asarray(ufunc(a.array, b.array)))

    def __getattr__(x, name):
        what = f"a tensor has no {name!r}"
        raise AttributeError(what if name.startswith("_") else missing(what, name))

    def __index__(x):
        return x.array.__index__()

    def __iter__(x):
        return (x[i] for i in range(len(x)))

    def __contains__(x, number):
        return (x == number).array.any()

    def __format__(x, spec):
        return format(x.item(), spec) if x.ndim == 0 else object.__format__(x, spec)

    def __len__(x):
        if x.ndim == 0:
            raise TypeError("len() of a 0-d tensor: a single number has no length.")
        return len(x.array)

    def __deepcopy__(x, memo):
        if x.grad_fn is not None:
            raise RuntimeError("deepcopy: only leaves can be copied, and this tensor was computed. "
                               "Take x.detach() first.")
        out = type(x).from_array(x.array.copy(), x.needs_grad)
        out.grad = None if x.grad is None else x.grad.clone()
        return out

    def __reduce__(x):
        return type(x).from_array, (x.array, x.needs_grad)

    def __array__(x, dtype=None, copy=None):
        return np.array(x.numpy(), dtype=dtype, copy=copy)

    def __array_ufunc__(x, ufunc, method, *inputs, out=None, **options):
        """NumPy's operators on tensors: `array * t` is a tensor; `array -= t` stays an array."""
        name = checks.UFUNCS.get(ufunc.__name__)
        if out is not None and not isinstance(out[0], Spellings):
            arrays = [i.numpy() if isinstance(i, Spellings) else i for i in inputs]
            return getattr(ufunc, method)(*arrays, out=out, **options)
        if method != "__call__" or options or name is None or out is not None:
            raise TypeError(f"np.{ufunc.__name__} cannot record a gradient. Use the tensor's own "
                            f"methods and operators, or t.detach().numpy() for a plain array.")
        first, *rest = inputs
        first = first if isinstance(first, Spellings) else (rest or [x])[0]._beside(first)
        return getattr(first, name)(*rest)

    # --- what a tensor is ---

    def item(x) -> float | int | bool:
        """The number in a tensor that holds exactly one."""
        if x.array.size != 1:
            raise ShapeError(f"a Tensor with {x.array.size} elements, shape {x.shape}, cannot be "
                               f"converted to a number. Reduce it with sum, mean, max, or pick "
                               f"one: t[0].")
        return x.array.item()

    def numpy(x, *, force: bool = False) -> np.ndarray:
        """The numbers as a NumPy array, in the same memory; RuntimeError if a gradient is asked."""
        if x.needs_grad and not force:
            raise RuntimeError("numpy: this tensor requires grad, and NumPy would not record what "
                               "happens to it. Write t.detach().numpy().")
        return x.array

    def size(x, dim=None):
        """The shape, or the length of one axis."""
        return x.shape if dim is None else x.shape[one_axis("size", x.ndim, dim)]

    def stride(x, dim=None):
        """How many numbers lie between neighbors along each axis."""
        strides, size = [s // x.array.itemsize for s in x.array.strides], 1
        for i in reversed(range(x.ndim)):
            if not x.numel() or (x.shape[i] == 1 and not strides[i]):  # NumPy's are 0
                strides[i] = size
            size = strides[i] * max(x.shape[i], 1)
        return tuple(strides) if dim is None else strides[dim]

    @property
    def grad(x):
        """The gradient that `backward` has left here, or None."""
        return x._grad

    @grad.setter
    def grad(x, value) -> None:
        if value is not None:
            if not isinstance(value, Spellings):
                raise TypeError(f"x.grad = …: a tensor or None, not a {type(value).__name__}.")
            if (value.shape, value.dtype) != (x.shape, x.dtype):
                raise RuntimeError(f"x.grad = …: a gradient of shape {value.shape} and dtype "
                                   f"{value.dtype} for a tensor of shape {x.shape} and {x.dtype}.")
        x._grad = value

    @property
    def requires_grad(x) -> bool:
        """Whether `backward` computes a gradient with respect to this tensor."""
        return x.needs_grad

    @requires_grad.setter
    def requires_grad(x, value: bool) -> None:
        x.requires_grad_(value)

    def requires_grad_(x, requires_grad: bool = True):
        """Ask for the gradient with respect to this tensor, or stop asking; returns the tensor."""
        if requires_grad:
            checks.check_floats(x.array)
        elif x.grad_fn is not None:
            raise RuntimeError("requires_grad_(False) is for leaves, and this tensor was computed. "
                               "Take y.detach(), or compute it inside no_grad.")
        x.needs_grad = bool(requires_grad)
        return x

    def retain_grad(x) -> None:
        """Let `backward()` keep the gradient with respect to this interior tensor, too."""
        if x.grad_fn is not None:
            x._receiver().keeper = weakref.ref(x)

    def register_hook(x, hook):
        """Call hook(g) with the gradient with respect to this tensor; a result replaces it.

        Of a leaf, accumulate_grad runs the hooks; of another tensor, a new edge under its node.
        """
        from ..nn.spellings import Handle  # nn stands above tensor.py

        if not x.needs_grad:
            raise RuntimeError("register_hook: this tensor does not require grad.")
        node, me = x.grad_fn, weakref.ref(x)
        if vars(x).get("hooks") is None or vars(x).get("hooked") is not node:
            x.hooks, x.hooked = hooks, _ = {}, node
            if node is None:
                x.accumulate_grad = lambda g: type(me()).accumulate_grad(me(), run_hooks(hooks, g))
            else:
                inner = type(node)(node.name, node.inputs, node.array)
                inner.time, inner.keeper, node.keeper = node.time, node.keeper, None
                node.inputs = ((inner, lambda g: run_hooks(hooks, g)),)
        return Handle(x.hooks, hook)

    def _receiver(x):
        """What receives this tensor's gradient after its hooks: a node, or the leaf itself."""
        node = x.grad_fn
        return x if node is None else node.inputs[0][0] if vars(x).get("hooked") is node else node

    def t(x):
        """The transpose of a matrix; a vector as it is."""
        if x.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, not shape {x.shape}.")
        return x.T

    is_leaf = property(lambda x: x.grad_fn is None)
    device = property(lambda x: Device())
    is_cuda = property(lambda x: False)
    retains_grad = property(lambda x: bool(x.grad_fn is not None and x._receiver().keeper))
    is_cpu = property(lambda x: True)
    is_sparse = is_quantized = is_mps = is_meta = property(lambda x: False)
    itemsize = property(lambda x: x.array.itemsize)
    nbytes = property(lambda x: x.array.nbytes)
    T = property(lambda x: x.permute(tuple(range(x.ndim))[::-1]))
    mT = property(lambda x: x.transpose(-1, -2))

    # --- other dtypes and places ---

    def to(x, *target, dtype=None, device=None, non_blocking=False, copy=False,
           memory_format=None):
        """The same numbers in another dtype; the gradient comes back in the old one."""
        copy = copy or [flag for flag in target if isinstance(flag, bool)][1:] == [True]
        for this in (*target, device):
            if isinstance(this, Spellings):
                dtype = this.dtype
            elif isinstance(this, str | Device):
                check_device(this)
            elif this is not None and not isinstance(this, bool):
                dtype = this
        if dtype is None or x.dtype == dtype:
            return x.clone() if copy else x
        with np.errstate(invalid="ignore"):
            return x._op("to", x.array.astype(dtype), (x, lambda g: g))

    def type(x, dtype=None):
        """The tensor in another dtype, or PyTorch's old name of its own: torch.FloatTensor."""
        dtype = getattr(dtype, "dtype_of_tensors", dtype)  # torch.FloatTensor, itself or its name
        if isinstance(dtype, str) and dtype.startswith("torch."):
            dtype = {f"torch.{old}Tensor": np.dtype(new) for new, old in OLD_NAMES.items()}[dtype]
        return f"torch.{OLD_NAMES[x.dtype.name]}Tensor" if dtype is None else x.to(dtype)

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

    @numpy_names
    def softmax(x, dim, dtype=None):
        """exp(x) / exp(x).sum(dim), as F.softmax."""
        from ..functional import softmax  # functional.py stands above tensor.py
        return softmax(x, one_axis("softmax", x.ndim, dim), dtype)

    @numpy_names
    def log_softmax(x, dim, dtype=None):
        """x - log(exp(x).sum(dim)), as F.log_softmax."""
        from ..functional import log_softmax
        return log_softmax(x, one_axis("log_softmax", x.ndim, dim), dtype)

    @numpy_names
    def logsumexp(x, dim, keepdim=False):
        """log(exp(x).sum(dim)), finite for every finite x."""
        x = x if x.is_floating_point() else x.float()
        top = x.amax(dim, keepdim=True).detach()
        top = top.masked_fill(~top.isfinite(), 0)
        out = (x - top).exp().sum(dim, keepdim=True).log() + top
        return out if keepdim else out.squeeze(dim)

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

    def clamp(x, min=None, max=None):
        """Limit each element to [min, max]; the derivative is 1 there and 0 outside."""
        if min is None and max is None:
            raise RuntimeError("clamp: give at least one of min and max.")
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

    # --- reductions ---

    def _pair(x, name, values, indices):
        return PAIRS[name](values, indices)

    def _extremes(x, name, dim, keepdim, indices):
        values = x.gather(dim, indices)
        return PAIRS[name](values, indices) if keepdim else PAIRS[name](
            values.squeeze(dim), indices.squeeze(dim))

    def _extreme(x, name, top):
        """The one largest or smallest number, `top`; equal ones, or all nan, share the gradient."""
        def derivative(g):
            ties = np.isnan(x.array) if np.isnan(top.array) else x.array == top.array
            return np.where(ties, g / ties.sum(), 0)

        return x._op(name, top.array, (x, derivative))

    @numpy_names
    def max(x, dim=None, keepdim=False):
        """The largest element; max(dim): the pair (values, indices); max(y): the larger of each."""
        if dim is None or isinstance(dim, Spellings):
            return x._extreme("max", x.amax()) if dim is None else x.maximum(dim)
        return x._extremes("max", dim, keepdim, x.argmax(dim, keepdim=True))

    @numpy_names
    def argmax(x, dim=None, keepdim=False):
        """The index of the first largest value along `dim`, or in the flattened tensor."""
        dim = None if dim is None else one_axis("argmax", x.ndim, dim)
        array = np.argmax(x.array, axis=dim if x.ndim else None, keepdims=keepdim)
        return x._op("argmax", np.asarray(array, np.int64))

    @numpy_names
    def min(x, dim=None, keepdim=False):
        """The smallest element; min(dim): (values, indices); min(y): the smaller of each."""
        if dim is None or isinstance(dim, Spellings):
            return x._extreme("min", x.amin()) if dim is None else x.minimum(dim)
        return x._extremes("min", dim, keepdim, x.argmin(dim, keepdim=True))

    def _truth(x, name, found, dim, keepdim):
        out = np.asarray(found(x.array, axis=axes(name, x.ndim, dim), keepdims=keepdim))
        return x._op(name, out.astype(np.uint8) if x.dtype == np.uint8 else out)

    @numpy_names
    def argmin(x, dim=None, keepdim=False):
        """The index of the first smallest value along `dim`, or in the flattened tensor."""
        dim = None if dim is None or not x.ndim else one_axis("argmin", x.ndim, dim)
        array = np.argmin(x.array, axis=dim, keepdims=keepdim)
        return x._op("argmin", np.asarray(array, np.int64))

    @numpy_names
    def var(x, dim=None, unbiased=True, keepdim=False, *, correction=None):
        """Mean squared distance from the mean, over n - correction: 1 in PyTorch, 0 in NumPy."""
        if dim is True or dim is False:
            dim, unbiased = None, dim
        n = count(x.shape, axes("var", x.ndim, dim))
        away = x - x.mean(dim, keepdim=True)
        squares = (away * away).sum(dim, keepdim)
        n -= unbiased if correction is None else correction
        with np.errstate(all="ignore"):
            return squares / max(n, 0)

    @numpy_names
    def std(x, dim=None, unbiased=True, keepdim=False, *, correction=None):
        """The square root of `var`; the derivative at 0 is taken as 0."""
        return x._root("std", x.var(dim, unbiased, keepdim, correction=correction))

    def _root(x, name, squares):
        out = np.sqrt(squares.array)
        return x._op(name, out, (squares, lambda g: np.divide(
            g, 2 * out, out=np.zeros_like(out), where=out != 0)))

    @numpy_names
    def norm(x, p="fro", dim=None, keepdim=False):
        """The p-norm over the axes `dim`: p = 2 is the length of a vector, p = 1 adds sizes up."""
        if p in ("fro", None) and isinstance(dim, tuple | list) and len(dim) > 2:
            raise RuntimeError(f"norm: dim is an axis or a pair of them, not {dim}: give p=2.")
        if not x.ndim and p != 0:
            return x._op("norm", np.abs(x.array), (
                x, lambda g: g * (checks.sign(x.array) if x == x else np.nan)))
        if p in (2, "fro", None):
            return x._root("norm", (x * x).sum(dim, keepdim))
        p, dims = float(p), axes("norm", x.ndim, dim)
        size = np.abs(x.array)
        with np.errstate(all="ignore"):
            out = (size.max(dims, keepdims=True) if p == math.inf else
                   size.min(dims, keepdims=True) if p == -math.inf else
                   (size != 0).sum(dims, keepdims=True).astype(x.dtype) if p == 0 else
                   (size ** p).sum(dims, keepdims=True) ** (1 / p))

        def derivative(g):
            g = (g if keepdim else np.expand_dims(g, dims)) * checks.sign(x.array)
            if math.isinf(p):  # equal ones share it
                ties = (size == out) | (np.isnan(size) & np.isnan(out))
                return g * ties / ties.sum(dims, keepdims=True)
            with np.errstate(all="ignore"):
                return g * (0 if p == 0 else np.where((size == 0) & (p < 1), 0, size ** (p - 1)) * (
                    np.where((out == 0) & (p >= 1), 0, out ** (1 - p))))

        return x._op("norm", out if keepdim else out.squeeze(dims), (x, derivative))

    @numpy_names
    def prod(x, dim=None, keepdim=False, *, dtype=None):
        """The product over the axis `dim`."""
        x = x if dtype is None else x.to(dtype)
        dims = axes("prod", x.ndim, dim)
        kind = None if x.dtype.kind == "f" else np.int64
        out = x.array.prod(dims, kind, keepdims=True)

        def derivative(g):
            g, array = g if keepdim else np.expand_dims(g, dims), x.array
            if not x.ndim:
                return g
            if array.all():
                return g * out / array
            if dim is None and (array == 0).sum() > 1:
                return np.zeros_like(array)
            front = np.moveaxis(array, dims, range(len(dims)))
            rows = front.reshape(-1, *front.shape[len(dims):])
            one = np.ones_like(rows[:1])
            before = np.cumprod(np.concatenate([one, rows[:-1]]), 0)  # each row: of those before
            after = np.cumprod(np.concatenate([one, rows[:0:-1]]), 0)[::-1]
            return g * np.moveaxis((before * after).reshape(front.shape), range(len(dims)), dims)

        return x._op("prod", out if keepdim else out.squeeze(dims), (x, derivative))

    @numpy_names
    def median(x, dim=None, keepdim=False):
        """The middle value, the lower one of two; with `dim`, (values, indices)."""
        single = dim is None or not x.ndim
        if dim is None and not x.numel() and x.is_floating_point():
            return x._op("median", np.array(math.nan, x.dtype), (
                x, lambda g: np.zeros_like(x.array)))
        flat, axis = (x.reshape(-1), 0) if single else (x, one_axis("median", x.ndim, dim))
        if not flat.shape[axis]:
            raise RangeError(f"median: dim {dim} of shape {x.shape} holds no number.")
        values, indices = flat.sort(axis)
        real = (values.array == values.array).sum(axis, keepdims=True)  # nan is at the end
        n = flat.shape[axis]
        at = x._op("median", np.where(real < n, real, (n - 1) // 2))
        values, indices = values.gather(axis, at), indices.gather(axis, at)
        if dim is None:
            return x._extreme("median", values.detach().reshape(()))
        return PAIRS["median"](*((values, indices) if keepdim and x.ndim else (
            values.squeeze(axis), indices.squeeze(axis))))

    @numpy_names
    def cumsum(x, dim, dtype=None):
        """The running sum along `dim`."""
        dim = one_axis("cumsum", x.ndim, dim)
        x = x if dtype is None else x.to(dtype)
        kind = None if x.dtype.kind == "f" else np.int64
        if not x.ndim:
            return x.sum()
        return x._op("cumsum", np.cumsum(x.array, axis=dim, dtype=kind), (
            x, lambda g: methods.from_the_end(np.add, g, dim)))

    @numpy_names
    def argsort(x, dim=-1, descending=False, stable=False):
        """The indices that `sort` gives."""
        dim = one_axis("sort", x.ndim, dim)
        array = np.flip(x.array, dim) if descending else x.array
        order = np.argsort(array, axis=dim, kind="stable").reshape(array.shape)
        order = np.flip(array.shape[dim] - 1 - order, dim) if descending else order
        return x._op("argsort", np.asarray(order, np.int64, order="C"))

    @numpy_names
    def topk(x, k, dim=-1, largest=True, sorted=True):
        """(values, indices) of the k largest (or smallest) along `dim`, the best first."""
        dim = one_axis("topk", x.ndim, dim)
        if k > x.shape[dim]:
            raise ShapeError(f"topk: k = {k} is more than the {x.shape[dim]} numbers along dim.")
        pick = (slice(None),) * dim + (slice(0, k),)
        values, indices = x.sort(dim, descending=largest)
        return PAIRS["topk"](values[pick].contiguous(), indices[pick].contiguous())

    def unique(x, sorted=True, return_inverse=False, return_counts=False, dim=None):
        """The different numbers (or slices along `dim`), in rising order."""
        found = np.unique(x.array, False, return_inverse, return_counts, dim)
        if return_inverse or return_counts:
            return tuple(x._op("unique", np.asarray(a)) for a in found)
        return x._op("unique", found)

    def bincount(x, weights=None, minlength=0):
        """How often each integer from 0 occurs."""
        weights = None if weights is None else weights.array
        dtype = np.int64 if weights is None else (
            np.float32 if weights.dtype == np.float32 else np.float64)
        counts = np.bincount(x.array.astype(np.intp), weights, minlength)
        return x._op("bincount", counts.astype(dtype))

    # --- shape and indexing ---

    def view(x, *shape):
        """As `reshape`; a dtype as in `to` is refused."""
        if shape and isinstance(shape[0], type | np.dtype):
            raise RuntimeError("view(dtype) reads memory anew, which d2lmini does not do; x.to(…).")
        return x.reshape(*shape)

    def flatten(x, start_dim=0, end_dim=-1):
        """Join the axes start_dim to end_dim: (n, c, h, w).flatten(1) -> (n, c*h*w)."""
        i, j = one_axis("flatten", x.ndim, start_dim), one_axis("flatten", x.ndim, end_dim)
        if i > j:
            raise ShapeError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}.")
        if i == j and x.ndim:
            return x
        return x.reshape(*x.shape[:i], math.prod(x.shape[i:j + 1]), *x.shape[j + 1:])

    def transpose(x, dim0, dim1):
        """Exchange two axes."""
        i, j = one_axis("transpose", x.ndim, dim0), one_axis("transpose", x.ndim, dim1)
        dims = list(range(x.ndim))
        if dims:
            dims[i], dims[j] = j, i
        return x.permute(dims)

    @numpy_names
    def squeeze(x, dim=None):
        """Drop all axes of length 1, or only those of `dim` whose length is 1."""
        drop = axes("squeeze", x.ndim, dim)
        return x.reshape([n for i, n in enumerate(x.shape) if n != 1 or i not in drop])

    @numpy_names
    def unsqueeze(x, dim):
        """Insert an axis of length 1 at position `dim`."""
        return x.reshape(np.expand_dims(x.array, one_axis("unsqueeze", x.ndim + 1, dim)).shape)

    def expand(x, *shape):
        """Repeat axes of length 1 without copying; -1 keeps a length."""
        shape = list(shape_argument("expand", shape, -1))
        lead = len(shape) - x.ndim
        shape = tuple(x.shape[i - lead] if n == -1 else n for i, n in enumerate(shape))
        if lead >= 0 and shape[lead:] == x.shape and math.prod(shape[:lead]) == 1:
            return x.reshape(shape)  # nothing grows: the memory can still be written to
        try:
            return x._op("expand", np.broadcast_to(x.array, shape), (x, lambda g: g))
        except ValueError:
            raise ShapeError(f"expand: shape {x.shape} cannot become {shape}: only axes of "
                               f"length 1 grow.") from None

    def repeat(x, *times):
        """Copies of the whole tensor along each axis, as np.tile."""
        times = shape_argument("repeat", times, 0)
        if len(times) < x.ndim:
            raise ShapeError(f"repeat: give a number for each of the {x.ndim} axes, not {times}.")
        shape = (1,) * (len(times) - x.ndim) + x.shape
        split = [n for pair in zip(times, shape) for n in pair]
        ones = [n for size in shape for n in (1, size)]
        return x.reshape(ones).expand(split).clone().reshape(
            [m * n for m, n in zip(times, shape)])

    def repeat_interleave(x, repeats, dim=None):
        """Each element several times in a row."""
        x, dim = (x.reshape(-1), 0) if dim is None else (x, one_axis("repeat", x.ndim, dim))
        repeats = repeats.array if isinstance(repeats, Spellings) else repeats
        return x.index_select(dim, np.repeat(np.arange(x.shape[dim]), repeats))

    def flip(x, *args, dims=None):
        """Turn axes around."""
        dims = axes("flip", x.ndim, shape_argument("flip", args if dims is None else (dims,)))
        return x._op("flip", np.flip(x.array, dims).copy(), (x, lambda g: np.flip(g, dims)))

    def roll(x, shifts, dims=None):
        """Move along axes; what leaves at the end comes back at the start."""
        back = tuple(-s for s in shifts) if isinstance(shifts, tuple) else -shifts
        return x._op("roll", np.roll(x.array, shifts, dims),
                     (x, lambda g: np.roll(g, back, dims)))

    def diag(x, diagonal=0):
        """The diagonal of a matrix, or the matrix with this diagonal."""
        if x.ndim == 1:
            return x._op("diag", np.diag(x.array, diagonal), (x, lambda g: np.diag(g, diagonal)))
        i = np.arange(len(np.diag(x.array, diagonal)))
        return x[i + max(0, -diagonal), i + max(0, diagonal)]

    def _triangle(x, name, part, diagonal):
        if x.ndim < 2:
            raise RuntimeError(f"{name} takes a matrix, or a batch of them, not shape {x.shape}.")
        return x._op(name, part(x.array, diagonal), (x, lambda g: part(g, diagonal)))

    def gather(x, dim, index):
        """x[i][index[i][j]] for dim = 1: from each row the entries that `index` names."""
        dim, shape = one_axis("gather", x.ndim, dim), x.shape
        at = index.array.astype(np.intp)
        if x.ndim == 0 and at.size:
            return x.clone()
        if not at.size:
            return x._op("gather", np.empty(at.shape, x.dtype), (
                x, lambda g: np.zeros_like(x.array)))
        places = list(np.indices(at.shape, sparse=True))
        places[dim] = at
        places = tuple(places)
        if not -1 < at.min() <= at.max() < shape[dim]:
            raise RangeError(f"gather: index {at.min()} to {at.max()} is out of bounds for "
                             f"dimension {dim} with size {shape[dim]}.")

        def derivative(g):
            dx = np.zeros(shape, g.dtype)
            np.add.at(dx, places, g)
            return dx

        return x._op("gather", x.array[places], (x, derivative))

    def scatter(x, dim, index, src=None, *, value=None):
        """A copy of x in which the entries that `index` names, as in gather, are those of `src`."""
        src = value if src is None else src
        dim, at = one_axis("scatter", x.ndim, dim), np.atleast_1d(index.array.astype(np.intp))
        places = list(np.indices(at.shape, sparse=True))
        places[dim] = at
        places = tuple(places)
        src = x._beside(src).expand(at.shape) if not isinstance(src, Spellings) else src[
            tuple(slice(n) for n in at.shape)]
        out = x.array.copy()
        out[places] = src.array

        def rest(g):
            g = g.copy()
            g[places] = 0
            return g

        return x._op("scatter", out, (x, rest), (src, lambda g: g[places]))

    def nonzero(x, as_tuple=False):
        """The positions of what is not 0, a row each."""
        found = [a.astype(np.int64) for a in np.nonzero(np.atleast_1d(x.array))]
        if as_tuple:
            return tuple(x._op("nonzero", a) for a in found)
        return x._op("nonzero", np.stack(found).T[:, :x.ndim])

    def split(x, split_size, dim=0):
        """Views of at most `size` along `dim`, or of the sizes in a list."""
        dim = one_axis("split", x.ndim, dim)
        n = x.shape[dim]
        sizes = list(split_size) if isinstance(split_size, list | tuple) else [
            min(split_size, n - i) for i in range(0, n, split_size)] or [0]
        if sum(sizes) != n:
            raise ShapeError(f"split: the sizes {sizes} do not add up to {n}.")
        ends = np.cumsum(sizes).tolist()
        return tuple(x[(slice(None),) * dim + (slice(end - n, end),)]
                     for n, end in zip(sizes, ends))

    def detach_(x):
        """Forget how this tensor was made."""
        x.grad_fn, x.needs_grad = None, False
        return x

    def _new(x, make, size, *, dtype=None, device=None, requires_grad=False):
        check_device(device)
        array = make(shape_argument("size", size, 0), dtype or x.dtype)
        return type(x).from_array(array, requires_grad) if requires_grad else x._op("new", array)

    def _reshaped(x, out):
        x._old()  # RuntimeError for a leaf
        x.bump()
        x.array, x.grad_fn = out.array, out.grad_fn
        return x


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
    "erf": (lambda x: np.vectorize(math.erf, otypes=[x.dtype])(x),
            lambda x, out: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
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
    "movedim": lambda x, source, destination: x.permute(_moved(x.ndim, source, destination)),
    "expand_as": lambda x, other: x.expand(other.shape),
    "broadcast_to": lambda x, *shape: x.expand(*shape),
    "tile": lambda x, *times: x.repeat(*times),
    "tril": lambda x, diagonal=0: x._triangle("tril", np.tril, diagonal),
    "triu": lambda x, diagonal=0: x._triangle("triu", np.triu, diagonal),
    "diagonal": lambda x, offset=0, dim1=0, dim2=1: _diagonal(x, offset, dim1, dim2),
    "masked_select": lambda x, mask: x.expand(np.broadcast_shapes(x.shape, mask.shape))[
        mask.expand(np.broadcast_shapes(x.shape, mask.shape))],
    "index_select": lambda x, dim, index: x[
        (slice(None),) * one_axis("index_select", x.ndim, dim) + (_vector(index),)],
    "take": lambda x, index: x.reshape(-1)[index],
    "unbind": lambda x, dim=0: tuple(x.select(dim, i) for i in range(x.size(dim))),
    "select": lambda x, dim, index: x[(slice(None),) * one_axis("select", x.ndim, dim) + (index,)],
    "narrow": lambda x, dim, start, length: x[
        (slice(None),) * one_axis("narrow", x.ndim, dim) + (_part(x.size(dim), start, length),)],
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


def _vector(index):
    if index.ndim > 1:
        raise RangeError(f"index_select: the index is a vector, not of shape {index.shape}.")
    return index


def _part(n: int, start: int, length: int) -> slice:
    start = int(start) + n * (start < 0)
    if not 0 <= start <= start + length <= n:
        raise RangeError(f"narrow: {length} from {start} on is more than the size {n}.")
    return slice(start, start + length)


def _diagonal(x, offset: int, dim1: int, dim2: int):
    dim1, dim2 = (one_axis("diagonal", x.ndim, d) for d in (dim1, dim2))
    shape = x.shape

    def view(array):
        part = np.diagonal(array, offset, dim1, dim2)
        part.flags.writeable = array.flags.writeable
        return part

    def derivative(g):
        dx = np.zeros(shape, g.dtype)
        view(dx)[...] = g
        return dx

    return x._op("diagonal", view(x.array), (x, derivative))


def _moved(ndim: int, source, destination) -> list[int]:
    source, destination = ((d,) if isinstance(d, int) else d for d in (source, destination))
    if len(source) != len(destination):
        raise ShapeError(f"movedim: {source} and {destination} must name as many axes.")
    ends = {one_axis("movedim", ndim, j): one_axis("movedim", ndim, i)
            for i, j in zip(source, destination)}
    rest = iter(k for k in range(ndim) if k not in ends.values())
    return [ends[j] if j in ends else next(rest) for j in range(ndim)]


# --- what is not here, and what to use instead ---

INSTEAD = {
    "svd": "np.linalg.svd(x.numpy())", "storage": "x.numpy()",
    "untyped_storage": "x.numpy()", "jit": "the function itself",
    "compile": "the function itself", "distributions": "d2l.randn, rand, randint, multinomial",
    "fft": "np.fft", "to_sparse": "a dense tensor",
    "functional": "autograd.grad, once for each output", "profiler": "d2lmini.profiler",
    "LBFGS": "SGD or Adam", "Transformer": "TransformerEncoder", "special": "the function itself",
    "lstsq": "np.linalg.lstsq", "conv3d": "conv2d", "Conv3d": "Conv2d", "func": "autograd.grad",
    "vmap": "a tensor with one more dimension", "hub": "a network of your own",
    "bfloat16": "float32", "autocast": "float32, without autocast",
}


def missing(what: str, name: str) -> str:
    """The message for a name of PyTorch's that is not here."""
    cure = f" Use {INSTEAD[name]}." if name in INSTEAD else (
        " If PyTorch has it: d2lmini holds only what the course needs; write it with the operators "
        "that are here, or in NumPy on x.detach().numpy().")
    return f"{what}.{cure}"
