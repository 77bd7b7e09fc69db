"""PyTorch's further names for what a tensor can do, as methods: a line or two each.

Nothing here is needed to understand how the library works: tensor.py, which inherits these
methods, has the operators from which most of them are made. names.py has the same as functions.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from . import checks
from .checks import as_floats, axes, count, one_axis, shape_argument
from .inplace import InPlace, fills, in_place

CPU = "cpu"


class Extremes(NamedTuple):
    """What max(dim), min(dim), sort and topk give: (values, indices)."""

    values: object
    indices: object

    def __repr__(self):
        return f"(\nvalues={self.values!r},\nindices={self.indices!r})"


class Spellings(InPlace):
    """Methods of Tensor; `x._op` is tensor.op and `x._beside(b)` is tensor.as_tensor(b, x)."""

    __slots__ = ()

    # --- Python's and NumPy's protocols ---

    def __radd__(b, a):
        return b._beside(a) + b

    def __rsub__(b, a):
        return b._beside(a) - b

    def __rmul__(b, a):
        return b._beside(a) * b

    def __rtruediv__(b, a):
        return b._beside(a) / b

    def __rpow__(b, a):
        return b._beside(a) ** b

    def __rmatmul__(b, a):
        return b._beside(a) @ b

    def __rmod__(b, a):
        return b._beside(a) % b

    def __rfloordiv__(b, a):
        return b._beside(a) // b

    def __mod__(a, b):
        """The remainder, with the sign of b."""
        a, b = a._operands("remainder", b)
        with np.errstate(invalid="ignore"):
            out = np.mod(a.array, b.array)
        return a._op("remainder", out, (a, lambda g: g),
                     (b, lambda g: -g * np.floor(a.array / b.array)))

    def __floordiv__(a, b):
        a, b = a._operands("floor_divide", b)
        if b.dtype.kind != "f" and not b.array.all():
            raise RuntimeError("ZeroDivisionError: an integer was divided by 0.")
        return a._op("floor_divide", np.floor_divide(a.array, b.array))

    def __pos__(x):
        return x

    def __eq__(a, b):
        return a._compare(np.equal, b)

    def __ne__(a, b):
        return a._compare(np.not_equal, b)

    def __lt__(a, b):
        return a._compare(np.less, b)

    def __le__(a, b):
        return a._compare(np.less_equal, b)

    def __gt__(a, b):
        return a._compare(np.greater, b)

    def __ge__(a, b):
        return a._compare(np.greater_equal, b)

    def __and__(a, b):
        return a._compare(np.bitwise_and, b)

    def __or__(a, b):
        return a._compare(np.bitwise_or, b)

    def __xor__(a, b):
        return a._compare(np.bitwise_xor, b)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__
    __hash__ = object.__hash__

    def __invert__(x):
        return x._op("invert", ~x.array)

    def _compare(a, ufunc, b):
        """`ufunc` of two tensors, without a gradient; no tensor equals None or a string."""
        if (b is None or isinstance(b, str)) and ufunc in (np.equal, np.not_equal):
            return ufunc is np.not_equal
        a, b = a._operands(ufunc.__name__, b)
        return a._op(ufunc.__name__, np.asarray(ufunc(a.array, b.array)))

    def __bool__(x):
        return bool(x.item())

    def __int__(x):
        return int(x.item())

    def __float__(x):
        return float(x.item())

    def __index__(x):
        return x.array.__index__()

    def __iter__(x):
        return (x[i] for i in range(len(x)))

    def __contains__(x, number):
        return bool((x == number).any())

    def __format__(x, spec):
        return format(x.item(), spec) if x.ndim == 0 or spec else repr(x)

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
            raise RuntimeError(f"a Tensor with {x.array.size} elements, shape {x.shape}, cannot be "
                               f"converted to a number. Reduce it with sum, mean, max, or pick "
                               f"one: t[0].")
        return x.array.item()

    def tolist(x):
        """Nested lists, or a single number."""
        return x.array.tolist()

    def size(x, dim=None):
        """The shape, or the length of one axis."""
        return x.shape if dim is None else x.shape[one_axis("size", x.ndim, dim)]

    def numel(x) -> int:
        """How many numbers there are."""
        return x.array.size

    def dim(x) -> int:
        """The number of axes."""
        return x.array.ndim

    nelement, ndimension = numel, dim

    def is_floating_point(x) -> bool:
        """Whether the numbers are floats."""
        return x.array.dtype.kind == "f"

    def element_size(x) -> int:
        """Bytes of one number."""
        return x.array.itemsize

    def is_contiguous(x) -> bool:
        """Whether the numbers lie in memory row by row."""
        return x.array.flags.c_contiguous

    def contiguous(x):
        """The tensor itself if its numbers lie row by row, or else a copy that does."""
        return x if x.is_contiguous() else x.clone()

    def stride(x, dim=None):
        """How many numbers lie between neighbors along each axis."""
        strides = tuple(s // x.array.itemsize for s in x.array.strides)
        return strides if dim is None else strides[dim]

    def data_ptr(x) -> int:
        """The address of the first number."""
        return x.array.__array_interface__["data"][0]

    is_leaf = property(lambda x: x.grad_fn is None)
    device = property(lambda x: Device(CPU))
    is_cuda = property(lambda x: False)
    itemsize = property(lambda x: x.array.itemsize)
    nbytes = property(lambda x: x.array.nbytes)
    T = property(lambda x: x.permute(tuple(range(x.ndim))[::-1]))
    mT = property(lambda x: x.transpose(-1, -2))

    def t(x):
        """The transpose of a matrix; a vector as it is."""
        if x.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, not shape {x.shape}.")
        return x.T

    # --- other dtypes and places ---

    def to(x, *target, dtype=None, device=None, **ignored):
        """The same numbers in another dtype; the gradient comes back in the old one."""
        for this in (*target, device):
            if isinstance(this, Spellings):
                dtype = this.dtype
            elif isinstance(this, str | Device):
                Device(this)
            elif this is not None and not isinstance(this, bool):
                dtype = this
        if dtype is None or x.dtype == dtype:
            return x
        with np.errstate(invalid="ignore"):
            return x._op("to", x.array.astype(dtype), (x, lambda g: g))

    def type(x, dtype=None):
        """The tensor in another dtype, or the name of its own."""
        return f"d2lmini.{x.dtype}" if dtype is None else x.to(dtype)

    def float(x):
        """In float32."""
        return x.to(np.float32)

    def double(x):
        """In float64."""
        return x.to(np.float64)

    def long(x):
        """In int64; fractions are cut off."""
        return x.to(np.int64)

    def int(x):
        """In int32; fractions are cut off."""
        return x.to(np.int32)

    def bool(x):
        """False where the number is 0."""
        return x.to(np.bool_)

    def cpu(x):
        """The tensor itself: the CPU is the only device."""
        return x

    def cuda(x, *args, **options):
        """Refused: the CPU is the only device."""
        return x.to("cuda")

    def type_as(x, other):
        """In the dtype of `other`."""
        return x.to(other.dtype)

    # --- functions of each element ---

    def _flat(x, name, function):
        """A step function of each element: its derivative is 0."""
        array = x.array if x.dtype.kind != "f" else function(x.array)
        return x._op(name, array.copy() if array is x.array else array, (x, np.zeros_like))

    def floor(x):
        """The next integer below."""
        return x._flat("floor", np.floor)

    def ceil(x):
        """The next integer above."""
        return x._flat("ceil", np.ceil)

    def round(x, *, decimals=0):
        """The nearest integer; halves go to the even one."""
        return x._flat("round", lambda a: np.round(a, decimals))

    def trunc(x):
        """The integer part."""
        return x._flat("trunc", np.trunc)

    def sign(x):
        """-1, 0 or 1."""
        return x._op("sign", np.sign(x.array), (x, np.zeros_like))

    def square(x):
        """x times x."""
        return x * x if x.dtype.kind != "b" else x.long() * x.long()

    def reciprocal(x):
        """1 / x."""
        return 1 / x

    def rsqrt(x):
        """1 / sqrt(x)."""
        return 1 / x.sqrt()

    def expm1(x):
        """exp(x) - 1, precise for small x."""
        out = np.expm1(as_floats(x.array))
        return x._op("expm1", out, (x, lambda g: g * (out + 1)))

    def log1p(x):
        """log(1 + x), precise for small x."""
        return x._op("log1p", np.log1p(as_floats(x.array)), (x, lambda g: g / (1 + x.array)))

    def log2(x):
        """The logarithm to base 2."""
        return x._op("log2", np.log2(as_floats(x.array)),
                     (x, lambda g: g / (x.array * math.log(2))))

    def log10(x):
        """The logarithm to base 10."""
        return x._op("log10", np.log10(as_floats(x.array)),
                     (x, lambda g: g / (x.array * math.log(10))))

    def tan(x):
        """The tangent of x in radians."""
        out = np.tan(as_floats(x.array))
        return x._op("tan", out, (x, lambda g: g * (1 + out * out)))

    def atan(x):
        """The angle in radians whose tangent is x."""
        return x._op("atan", np.arctan(as_floats(x.array)), (x, lambda g: g / (1 + x.array ** 2)))

    def sinh(x):
        """The hyperbolic sine."""
        return x._op("sinh", np.sinh(as_floats(x.array)), (x, lambda g: g * np.cosh(x.array)))

    def cosh(x):
        """The hyperbolic cosine."""
        return x._op("cosh", np.cosh(as_floats(x.array)), (x, lambda g: g * np.sinh(x.array)))

    def erf(x):
        """The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""
        floats = as_floats(x.array)
        out = np.vectorize(math.erf, otypes=[floats.dtype])(floats)
        return x._op("erf", out, (x, lambda g: (
            g * np.exp(-x.array * x.array) * np.float32(2 / math.sqrt(math.pi)))))

    def softmax(x, dim, dtype=None):
        """exp(x) / exp(x).sum(dim), as F.softmax."""
        e = (x - x.amax(dim, keepdim=True).detach()).exp()
        return e / e.sum(dim, keepdim=True)

    def log_softmax(x, dim, dtype=None):
        """x - log(exp(x).sum(dim)), as F.log_softmax."""
        return x - x.logsumexp(dim, keepdim=True)

    def logsumexp(x, dim, keepdim=False):
        """log(exp(x).sum(dim)), finite for every finite x."""
        top = x.amax(dim, keepdim=True).detach()
        out = (x - top).exp().sum(dim, keepdim=True).log() + top
        return out if keepdim else out.squeeze(dim)

    def clip(x, min=None, max=None):
        """As clamp."""
        return x.clamp(min, max)

    def clamp_min(x, min):
        """clamp(min=min)."""
        return x.clamp(min)

    def clamp_max(x, max):
        """clamp(max=max)."""
        return x.clamp(max=max)

    def maximum(a, b):
        """The larger of each pair; a tie shares the gradient equally."""
        return a._choose("maximum", b, np.maximum)

    def minimum(a, b):
        """The smaller of each pair; a tie shares the gradient equally."""
        return a._choose("minimum", b, np.minimum)

    def _choose(a, name, b, better):
        a, b = a._operands(name, b)
        out = better(a.array, b.array)

        def part(x, y):
            return lambda g: g * ((x.array == out) / (1.0 + (x.array == y.array))).astype(g.dtype)

        return a._op(name, out, (a, part(a, b)), (b, part(b, a)))

    def fmod(a, b):
        """The remainder, with the sign of a."""
        a, b = a._operands("fmod", b)
        return a._op("fmod", np.fmod(a.array, b.array), (a, lambda g: g),
                     (b, lambda g: -g * np.trunc(a.array / b.array)))

    def atan2(a, b):
        """The angle in radians of the point (b, a)."""
        a, b = a._operands("atan2", b)
        return a._op("atan2", np.arctan2(as_floats(a.array), as_floats(b.array)),
                     (a, lambda g: g * b.array / (a.array ** 2 + b.array ** 2)),
                     (b, lambda g: -g * a.array / (a.array ** 2 + b.array ** 2)))

    def where(x, condition, other):
        """x where the condition is true, else `other`."""
        hit = condition.array.astype(bool)
        x, other = x._operands("where", other)
        return x._op("where", np.where(hit, x.array, other.array),
                     (x, lambda g: np.where(hit, g, 0)), (other, lambda g: np.where(hit, 0, g)))

    def masked_fill(x, mask, value):
        """`value` where the mask is true, else x."""
        hit = np.broadcast_to(mask.array.astype(bool), np.broadcast_shapes(mask.shape, x.shape))
        value = value.item() if isinstance(value, Spellings) else value
        return x._op("masked_fill", np.where(hit, np.asarray(value, x.dtype), x.array),
                     (x, lambda g: np.where(hit, 0, g)))

    def masked_select(x, mask):
        """The numbers where the mask is true, in a row."""
        return x[mask]

    def isnan(x):
        """Where x is not a number."""
        return x._op("isnan", np.isnan(x.array))

    def isinf(x):
        """Where x is infinite."""
        return x._op("isinf", np.isinf(x.array))

    def isfinite(x):
        """Where x is neither infinite nor nan."""
        return x._op("isfinite", np.isfinite(x.array))

    def logical_and(a, b):
        """Where both are not 0."""
        return a.bool() & b.bool()

    def logical_or(a, b):
        """Where at least one is not 0."""
        return a.bool() | b.bool()

    def logical_xor(a, b):
        """Where exactly one is not 0."""
        return a.bool() ^ b.bool()

    def logical_not(x):
        """Where x is 0."""
        return ~x.bool()

    def add(a, b, *, alpha=1):
        """a + alpha * b."""
        return a + b if alpha == 1 else a + alpha * b

    def sub(a, b, *, alpha=1):
        """a - alpha * b."""
        return a - b if alpha == 1 else a - alpha * b

    def div(a, b, *, rounding_mode=None):
        """a / b, or its "floor" or "trunc"."""
        if rounding_mode == "floor":
            return a // b
        return a / b if rounding_mode is None else (a / b).trunc().to((a * b).dtype)

    def addcmul(x, a, b, *, value=1):
        """x + value * a * b."""
        return x + value * (a * b)

    def addcdiv(x, a, b, *, value=1):
        """x + value * a / b."""
        return x + value * (a / b)

    def lerp(x, end, weight):
        """x + weight * (end - x)."""
        return x + weight * (end - x)

    # --- matrix products ---

    def mm(a, b):
        """(m, k) @ (k, n) -> (m, n)."""
        return a._product("mm", b, 2, 2)

    def mv(a, b):
        """(m, k) @ (k,) -> (m,)."""
        return a._product("mv", b, 2, 1)

    def dot(a, b):
        """The sum of the products of two vectors."""
        return a._product("dot", b, 1, 1)

    def bmm(a, b):
        """(n, m, k) @ (n, k, p) -> (n, m, p)."""
        return a._product("bmm", b, 3, 3)

    def _product(a, name, b, m, n):
        if (a.ndim, b.ndim) != (m, n):
            raise RuntimeError(f"{name} takes tensors with {m} and {n} axes, not shapes {a.shape} "
                               f"and {b.shape}. Write a @ b for other ranks.")
        return a @ b

    def outer(a, b):
        """Every number of a times every number of b: (m,), (n,) -> (m, n)."""
        return a.unsqueeze(1) * b

    ger, inner = outer, dot

    # --- reductions ---

    def min(x, dim=None, keepdim=False):
        """The smallest element; min(dim): (values, indices); min(y): the smaller of each."""
        if dim is None or isinstance(dim, Spellings):
            return x.amin() if dim is None else x.minimum(dim)
        indices = x.argmin(dim, keepdim=True)
        values = x.gather(dim, indices)
        return Extremes(values, indices) if keepdim else Extremes(
            values.squeeze(dim), indices.squeeze(dim))

    def amin(x, dim=None, keepdim=False):
        """The smallest values over the axes `dim`; ties share the gradient equally."""
        return x.amax(dim, keepdim, best=np.min)

    def argmin(x, dim=None, keepdim=False):
        """The index of the first smallest value along `dim`, or in the flattened tensor."""
        dim = None if dim is None or not x.ndim else one_axis("argmin", x.ndim, dim)
        array = np.argmin(x.array, axis=dim, keepdims=keepdim)
        return x._op("argmin", np.asarray(array, np.int64))

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

    def std(x, dim=None, unbiased=True, keepdim=False, *, correction=None):
        """The square root of `var`."""
        return x.var(dim, unbiased, keepdim, correction=correction).sqrt()

    def norm(x, p=2, dim=None, keepdim=False):
        """The p-norm over the axes `dim`: p = 2 is the length of a vector, p = 1 adds sizes up."""
        if p in (math.inf, "inf"):
            return x.abs().amax(dim, keepdim)
        if p in (2, "fro", None):
            squares = (x * x).sum(dim, keepdim)
            out = np.sqrt(squares.array)
            return x._op("norm", out, (squares, lambda g: g / np.where(out == 0, np.inf, 2 * out)))
        return (x.abs() ** p).sum(dim, keepdim) ** (1 / p) if p != 1 else x.abs().sum(dim, keepdim)

    def prod(x, dim=None, keepdim=False, *, dtype=None):
        """The product over the axis `dim`."""
        x = x if dtype is None else x.to(dtype)
        dims = axes("prod", x.ndim, dim)
        array = x.array if x.dtype.kind == "f" else x.array.astype(np.int64)
        out = array.prod(dims, keepdims=True)

        def derivative(g):
            g = g if keepdim else np.expand_dims(g, dims)
            others = np.ones_like(array)
            for i in np.ndindex(array.shape):  # the product of all others, also where one is 0
                part = tuple(slice(None) if k in dims else slice(j, j + 1)
                             for k, j in enumerate(i))
                rest = array[part].copy()
                rest[tuple(j if k in dims else 0 for k, j in enumerate(i))] = 1
                others[i] = rest.prod()
            return g * others

        return x._op("prod", out if keepdim else out.squeeze(dims), (x, derivative))

    def all(x, dim=None, keepdim=False):
        """Whether all are not 0."""
        return x._op("all", np.asarray(x.array.all(axes("all", x.ndim, dim), keepdims=keepdim)))

    def any(x, dim=None, keepdim=False):
        """Whether at least one is not 0."""
        return x._op("any", np.asarray(x.array.any(axes("any", x.ndim, dim), keepdims=keepdim)))

    def count_nonzero(x, dim=None):
        """How many are not 0."""
        return (x != 0).sum(dim)

    def median(x, dim=None, keepdim=False):
        """The middle value, the lower one of two; with `dim`, (values, indices)."""
        flat, axis = (x.reshape(-1), 0) if dim is None else (x, one_axis("median", x.ndim, dim))
        values, indices = flat.sort(axis)
        middle = (flat.shape[axis] - 1) // 2
        pick = (slice(None),) * axis + (slice(middle, middle + 1),)
        values, indices = values[pick], indices[pick]
        if dim is None:
            return values.reshape(())
        return Extremes(values, indices) if keepdim else Extremes(
            values.squeeze(axis), indices.squeeze(axis))

    def cumsum(x, dim, dtype=None):
        """The running sum along `dim`."""
        dim = one_axis("cumsum", x.ndim, dim)
        x = x if dtype is None else x.to(dtype)
        kind = None if x.dtype.kind == "f" else np.int64
        return x._op("cumsum", np.cumsum(x.array, axis=dim, dtype=kind), (
            x, lambda g: np.flip(np.cumsum(np.flip(g, dim), axis=dim), dim)))

    def sort(x, dim=-1, descending=False, stable=False):
        """(values, indices) in rising order along `dim`; equal values keep their order."""
        indices = x.argsort(dim, descending)
        return Extremes(x.gather(dim, indices), indices)

    def argsort(x, dim=-1, descending=False, stable=False):
        """The indices that `sort` gives."""
        dim = one_axis("sort", x.ndim, dim)
        array = np.flip(x.array, dim) if descending else x.array
        order = np.argsort(array, axis=dim, kind="stable")
        order = np.flip(array.shape[dim] - 1 - order, dim) if descending else order
        return x._op("argsort", np.ascontiguousarray(order, np.int64))

    def topk(x, k, dim=-1, largest=True, sorted=True):
        """(values, indices) of the k largest (or smallest) along `dim`, the best first."""
        dim = one_axis("topk", x.ndim, dim)
        if k > x.shape[dim]:
            raise RuntimeError(f"topk: k = {k} is more than the {x.shape[dim]} numbers along dim.")
        pick = (slice(None),) * dim + (slice(0, k),)
        values, indices = x.sort(dim, descending=largest)
        return Extremes(values[pick], indices[pick])

    def unique(x, sorted=True, return_counts=False):
        """The different numbers, in rising order."""
        found = np.unique(x.array, return_counts=return_counts)
        if return_counts:
            return tuple(x._op("unique", np.asarray(a)) for a in found)
        return x._op("unique", found)

    def bincount(x, weights=None, minlength=0):
        """How often each integer from 0 occurs."""
        weights = None if weights is None else weights.array
        counts = np.bincount(x.array.astype(np.intp), weights, minlength)
        return x._op("bincount", counts if weights is not None else counts.astype(np.int64))

    def equal(a, b):
        """Whether shapes and all numbers are equal."""
        return a.shape == b.shape and bool((a.array == b.array).all())

    def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
        """Whether all numbers are equal to within atol + rtol * |b|."""
        return bool(np.allclose(a.array, b.array, rtol, atol, equal_nan))

    def isclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
        """Where the numbers are equal to within atol + rtol * |b|."""
        return a._op("isclose", np.isclose(a.array, b.array, rtol, atol, equal_nan))

    # --- shape and indexing ---

    def view(x, *shape):
        """As `reshape`; a dtype as in `to` is refused."""
        if shape and isinstance(shape[0], type | np.dtype):
            raise RuntimeError("view(dtype) reads memory anew, which d2lmini does not do; x.to(…).")
        return x.reshape(*shape)

    def view_as(x, other):
        """In the shape of `other`."""
        return x.reshape(other.shape)

    reshape_as = view_as

    def flatten(x, start_dim=0, end_dim=-1):
        """Join the axes start_dim to end_dim: (n, c, h, w).flatten(1) -> (n, c*h*w)."""
        i, j = one_axis("flatten", x.ndim, start_dim), one_axis("flatten", x.ndim, end_dim)
        if i > j:
            raise RuntimeError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}.")
        return x.reshape(*x.shape[:i], math.prod(x.shape[i:j + 1]), *x.shape[j + 1:])

    def ravel(x):
        """All numbers in a row."""
        return x.reshape(-1)

    def unflatten(x, dim, sizes):
        """Divide the axis `dim` into several."""
        dim = one_axis("unflatten", x.ndim, dim)
        return x.reshape(*x.shape[:dim], *sizes, *x.shape[dim + 1:])

    def transpose(x, dim0, dim1):
        """Exchange two axes."""
        i, j = one_axis("transpose", x.ndim, dim0), one_axis("transpose", x.ndim, dim1)
        dims = list(range(x.ndim))
        if dims:
            dims[i], dims[j] = j, i
        return x.permute(dims)

    swapaxes = swapdims = transpose

    def movedim(x, source, destination):
        """Put one axis at another place."""
        return x.permute(tuple(np.moveaxis(np.empty((0,) * x.ndim), source, destination).shape)
                         and tuple(_moved(x.ndim, source, destination)))

    def squeeze(x, dim=None):
        """Drop all axes of length 1, or only those of `dim` whose length is 1."""
        drop = axes("squeeze", x.ndim, dim)
        return x.reshape([n for i, n in enumerate(x.shape) if n != 1 or i not in drop])

    def unsqueeze(x, dim):
        """Insert an axis of length 1 at position `dim`."""
        return x.reshape(np.expand_dims(x.array, one_axis("unsqueeze", x.ndim + 1, dim)).shape)

    def expand(x, *shape):
        """Repeat axes of length 1 without copying; -1 keeps a length."""
        shape = list(shape_argument("expand", shape, -1))
        lead = len(shape) - x.ndim
        shape = tuple(x.shape[i - lead] if n == -1 else n for i, n in enumerate(shape))
        try:
            return x._op("expand", np.broadcast_to(x.array, shape), (x, lambda g: g))
        except ValueError:
            raise RuntimeError(f"expand: shape {x.shape} cannot become {shape}: only axes of "
                               f"length 1 grow.") from None

    def expand_as(x, other):
        """In the shape of `other`, without copying."""
        return x.expand(other.shape)

    broadcast_to = expand

    def repeat(x, *times):
        """Copies of the whole tensor along each axis, as np.tile."""
        times = shape_argument("repeat", times, 0)
        if len(times) < x.ndim:
            raise RuntimeError(f"repeat: give a number for each of the {x.ndim} axes, not {times}.")
        shape = (1,) * (len(times) - x.ndim) + x.shape
        split = [n for pair in zip(times, shape) for n in pair]
        ones = [n for size in shape for n in (1, size)]
        return x.reshape(ones).expand(split).clone().reshape(
            [m * n for m, n in zip(times, shape)])

    tile = repeat

    def repeat_interleave(x, repeats, dim=None):
        """Each element several times in a row."""
        x, dim = (x.reshape(-1), 0) if dim is None else (x, one_axis("repeat", x.ndim, dim))
        repeats = repeats.array if isinstance(repeats, Spellings) else repeats
        return x.index_select(dim, np.repeat(np.arange(x.shape[dim]), repeats))

    def flip(x, *dims):
        """Turn axes around."""
        dims = axes("flip", x.ndim, shape_argument("flip", dims))
        return x._op("flip", np.flip(x.array, dims).copy(), (x, lambda g: np.flip(g, dims)))

    def roll(x, shifts, dims=None):
        """Move along axes; what leaves at the end comes back at the start."""
        back = tuple(-s for s in shifts) if isinstance(shifts, tuple) else -shifts
        return x._op("roll", np.roll(x.array, shifts, dims),
                     (x, lambda g: np.roll(g, back, dims)))

    def tril(x, diagonal=0):
        """0 above the diagonal."""
        return x._op("tril", np.tril(x.array, diagonal), (x, lambda g: np.tril(g, diagonal)))

    def triu(x, diagonal=0):
        """0 below the diagonal."""
        return x._op("triu", np.triu(x.array, diagonal), (x, lambda g: np.triu(g, diagonal)))

    def diagonal(x):
        """The diagonal of a matrix."""
        i = np.arange(min(x.shape))
        return x[i, i]

    def diag(x, diagonal=0):
        """The diagonal of a matrix, or the matrix with this diagonal."""
        if x.ndim == 1:
            return x._op("diag", np.diag(x.array, diagonal), (x, lambda g: np.diag(g, diagonal)))
        i = np.arange(len(np.diag(x.array, diagonal)))
        return x[i + max(0, -diagonal), i + max(0, diagonal)]

    def trace(x):
        """The sum of the diagonal."""
        return x.diagonal().sum()

    def gather(x, dim, index):
        """x[i][index[i][j]] for dim = 1: from each row the entries that `index` names."""
        dim, shape = one_axis("gather", x.ndim, dim), x.shape
        at = index.array.astype(np.intp)
        if x.ndim == 0:
            return x.reshape(())
        places = list(np.indices(at.shape, sparse=True))
        places[dim] = at
        places = tuple(places)
        if at.size and not -1 < at.min() <= at.max() < shape[dim]:
            raise IndexError(f"gather: index {at.min()} to {at.max()} is out of bounds for "
                             f"dimension {dim} with size {shape[dim]}.")

        def derivative(g):
            dx = np.zeros(shape, g.dtype)
            np.add.at(dx, places, g)
            return dx

        return x._op("gather", x.array[places], (x, derivative))

    def scatter(x, dim, index, src):
        """A copy of x in which the entries that `index` names, as in gather, are those of `src`."""
        dim, at = one_axis("scatter", x.ndim, dim), index.array.astype(np.intp)
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

    def index_select(x, dim, index):
        """The entries along `dim` that `index` names."""
        index = index.array if isinstance(index, Spellings) else index
        return x[(slice(None),) * one_axis("index_select", x.ndim, dim) + (index,)]

    def take(x, index):
        """The entries of the flattened tensor that `index` names."""
        return x.reshape(-1)[index]

    def nonzero(x, as_tuple=False):
        """The positions of what is not 0, a row each."""
        found = [a.astype(np.int64) for a in np.nonzero(x.array)]
        if as_tuple:
            return tuple(x._op("nonzero", a) for a in found)
        return x._op("nonzero", np.stack(found, 1) if found else np.zeros((0, 0), np.int64))

    def unbind(x, dim=0):
        """The slices along `dim`."""
        dim = one_axis("unbind", x.ndim, dim)
        return tuple(x[(slice(None),) * dim + (i,)] for i in range(x.shape[dim]))

    def split(x, size, dim=0):
        """Views of at most `size` along `dim`, or of the sizes in a list."""
        dim = one_axis("split", x.ndim, dim)
        n = x.shape[dim]
        sizes = list(size) if isinstance(size, list | tuple) else [
            min(size, n - i) for i in range(0, n, size)]
        if sum(sizes) != n:
            raise RuntimeError(f"split: the sizes {sizes} do not add up to {n}.")
        ends = np.cumsum(sizes).tolist()
        return tuple(x[(slice(None),) * dim + (slice(end - n, end),)]
                     for n, end in zip(sizes, ends))

    def chunk(x, chunks, dim=0):
        """At most `chunks` equal views along `dim`; the last may be smaller."""
        return x.split(max(1, -(-x.shape[one_axis("chunk", x.ndim, dim)] // chunks)), dim)

    def unfold(x, dimension, size, step):
        """All windows of `size` along an axis, as a new last axis."""
        dim = one_axis("unfold", x.ndim, dimension)
        starts = np.arange(0, x.shape[dim] - size + 1, step)[:, None] + np.arange(size)
        return x[(slice(None),) * dim + (starts,)].movedim(dim + 1, -1)

    # --- new tensors like this one ---

    def new_zeros(x, *size):
        """Zeros in this dtype."""
        return x._op("new_zeros", np.zeros(shape_argument("new_zeros", size, 0), x.dtype))

    def new_ones(x, *size):
        """Ones in this dtype."""
        return x._op("new_ones", np.ones(shape_argument("new_ones", size, 0), x.dtype))

    def new_full(x, size, fill_value):
        """A number again and again, in this dtype."""
        return x._op("new_full", np.full(size, fill_value, x.dtype))

    def new_tensor(x, data):
        """Data in this dtype."""
        return x._op("new_tensor", checks.as_array(data, x.dtype).copy())

    def share_memory_(x):
        """The tensor itself; only one process works on it."""
        return x

    # --- in place: x.add_(y) is x += y ---

    @fills
    def zero_(shape):
        """All numbers 0."""
        return 0

    @fills
    def fill_(shape, value):
        """All numbers `value`."""
        return value

    @fills
    def normal_(shape, mean=0, std=1, *, generator=None):
        """Random numbers of a normal distribution."""
        return _random(generator).normal(mean, std, shape)

    @fills
    def uniform_(shape, a=0, b=1, *, generator=None):
        """Random numbers, uniform on [a, b)."""
        return _random(generator).uniform(a, b, shape)

    @fills
    def random_(shape, low, high=None, *, generator=None):
        """Random integers from low (or 0) to below high."""
        return _random(generator).integers(*((0, low) if high is None else (low, high)), shape)

    @fills
    def bernoulli_(shape, p=0.5, *, generator=None):
        """1 with probability p, else 0."""
        return _random(generator).random(shape) < p

    @fills
    def exponential_(shape, lambd=1, *, generator=None):
        """Random numbers of an exponential distribution."""
        return _random(generator).exponential(1 / lambd, shape)

    def detach_(x):
        """Forget how this tensor was made."""
        x.grad_fn, x.needs_grad = None, False
        return x

    def squeeze_(x, dim=None):
        """`squeeze`, of the tensor itself."""
        return x._reshaped(x.squeeze(dim))

    def unsqueeze_(x, dim):
        """`unsqueeze`, of the tensor itself."""
        return x._reshaped(x.unsqueeze(dim))

    def t_(x):
        """`t`, of the tensor itself."""
        return x._reshaped(x.t())

    def _reshaped(x, out):
        x.array, x.grad_fn = out.array, out.grad_fn
        return x


def _moved(ndim, source, destination):
    order = [i for i in range(ndim) if i != source % ndim]
    order.insert(destination % ndim, source % ndim)
    return order


def _random(generator):
    from .creation import as_generator  # creation.py stands above tensor.py

    return as_generator(generator)


_IN_PLACE = """add sub mul div pow fmod neg abs exp log sqrt rsqrt sin cos tanh sigmoid relu clamp
    floor ceil round trunc sign square reciprocal masked_fill scatter tril triu lerp addcmul addcdiv
    log1p expm1 logical_not cumsum"""
for _name in _IN_PLACE.split():
    setattr(Spellings, f"{_name}_", in_place(_name))
for _name in "add sub mul truediv pow mod floordiv and or xor".split():
    setattr(Spellings, f"__i{_name}__", in_place(f"__{_name}__"))


_OPERATORS = {"matmul": "matmul", "mul": "mul", "neg": "neg", "pow": "pow", "eq": "eq", "ne": "ne",
              "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "remainder": "mod",
              "floor_divide": "floordiv", "bitwise_and": "and", "bitwise_or": "or",
              "bitwise_xor": "xor", "multiply": "mul", "true_divide": "truediv", "subtract": "sub",
              "bitwise_not": "invert"}


def _operator(name: str, special: str):
    def call(a, *b):
        return getattr(a, special)(*b)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"As the operator `{special}`."
    return call


for _name, _special in _OPERATORS.items():
    setattr(Spellings, _name, _operator(_name, f"__{_special}__"))


class Device:
    """The one place where tensors are: device("cpu"); RuntimeError for another."""

    def __init__(self, name, index=None):
        name = name.type if isinstance(name, Device) else str(name)
        if name.split(":")[0] != CPU:
            raise RuntimeError(f"device {name!r}: d2lmini computes on the CPU only. Write "
                               f'device = "cuda" if torch.cuda.is_available() else "cpu".')
        self.type, self.index = CPU, index

    def __eq__(self, other):
        return str(self) == str(other)

    def __hash__(self):
        return hash(CPU)

    def __str__(self):
        return CPU

    def __repr__(self):
        return f"device(type='{CPU}')"


INSTEAD = {
    "svd": "np.linalg.svd(x.numpy())", "register_hook": "x.retain_grad(), then x.grad",
    "storage": "x.numpy()", "untyped_storage": "x.numpy()", "jit": "the function itself",
    "compile": "the function itself", "distributions": "d2l.randn, rand, randint, multinomial",
    "half": "x.float()", "einsum": "@, permute and sum", "fft": "np.fft",
    "inverse": "np.linalg.inv(x.numpy())", "det": "np.linalg.det(x.numpy())",
    "to_sparse": "a dense tensor", "index_add_": "x[i] = x[i] + v", "is_sparse": "False",
    "quantile": "np.quantile(x.numpy(), q)", "histc": "np.histogram(x.numpy())",
}


def missing(what: str, name: str) -> str:
    """The message for a name of PyTorch's that is not here."""
    cure = f" Use {INSTEAD[name]}." if name in INSTEAD else (
        " If PyTorch has it: d2lmini holds only what the course needs; write it with the operators "
        "that are here, or in NumPy on x.detach().numpy().")
    return f"{what}.{cure}"


def _refused(name: str):
    def refuse(x, *args, **options):
        raise AttributeError(missing(f"a tensor has no {name!r}", name))

    return refuse


for _name in INSTEAD:
    setattr(Spellings, _name, _refused(_name))
