"""Still more of PyTorch's methods, of the kind that a lesson meets once: spellings.py adds them.

METHODS holds them by name, IN_PLACE the names whose `name_` writes into the tensor's own memory.
names.py has all of METHODS as functions, too.
"""

from __future__ import annotations

import math

import numpy as np

from .. import checks
from ..checks import RangeError, ShapeError, one_axis
from . import elementwise, statistics
from .missing import check_no_gradient


def _places(name, x, dim, index) -> tuple:
    """The index of the slices of x along `dim` that `index` names."""
    dim = one_axis(name, x.ndim, dim)
    return (slice(None),) * dim + (index.array.astype(np.intp),)


def _check_slices(name, x, dim, index, source) -> None:
    if index.ndim < 2 and source.ndim and source.size(dim) != index.numel():
        raise RangeError(f"{name}: {index.numel()} indices need as many slices along dim {dim}, "
                         f"not a source of shape {source.shape}.")


def index_add(x, dim, index, source, *, alpha=1):
    """A copy of x with `source` added to the slices that `index` names; repeated ones add up."""
    _check_slices("index_add", x, dim, index, source)
    at, out = _places("index_add", x, dim, index), x.array.copy()
    np.add.at(out, at, alpha * source.array.astype(x.dtype))
    return x._op("index_add", out, (x, lambda g: g), (source, lambda g: alpha * g[at]))


def index_copy(x, dim, index, source):
    """A copy of x in which the slices that `index` names are those of `source`."""
    _check_slices("index_copy", x, dim, index, source)
    out = x.clone()
    out[_places("index_copy", x, dim, index)] = source
    return out


def index_fill(x, dim, index, value):
    """A copy of x in which the slices that `index` names are `value`."""
    out = x.clone()
    out[_places("index_fill", x, dim, index)] = value
    return out


def scatter_add(x, dim, index, src):
    """A copy of x with src[i][j] added at x[i][index[i][j]], for dim = 1; repeated ones add up."""
    dim, at = one_axis("scatter_add", x.ndim, dim), index.array.astype(np.intp)
    places, shape = list(np.indices(at.shape, sparse=True)), src.shape
    places[dim] = at
    places, part, out = tuple(places), tuple(slice(n) for n in at.shape), x.array.copy()
    np.add.at(out, places, src.array[part])

    def derivative(g):
        d = np.zeros(shape, g.dtype)
        d[part] = g[places]
        return d

    return x._op("scatter_add", out, (x, lambda g: g), (src, derivative))


def unfold(x, dimension, size, step):
    """Windows of `size` along an axis, `step` apart, as a new last axis: a copy to be read."""
    dim = one_axis("unfold", x.ndim, dimension)
    if not 0 < size <= x.shape[dim]:
        raise ShapeError(f"unfold: a window of {size} does not fit into {x.shape[dim]}.")
    starts = np.arange(0, x.shape[dim] - size + 1, step)
    out = x[(slice(None),) * dim + (starts[:, None] + np.arange(size),)]
    out = out.movedim(dim + 1, -1)
    out.array.flags.writeable = False  # in PyTorch this is a view: a change would reach x
    return out


def unflatten(x, dim, sizes):
    """One axis as several, of these sizes; one of them may be -1."""
    if not x.ndim or not len(sizes):
        raise RuntimeError(f"unflatten: axis {dim} of shape {x.shape} into sizes {tuple(sizes)}.")
    dim, sizes = one_axis("unflatten", x.ndim, dim), list(sizes)
    others = math.prod(n for n in sizes if n != -1)
    if -1 in sizes and others:
        sizes[sizes.index(-1)] = x.shape[dim] // others
    if math.prod(sizes) != x.shape[dim]:
        raise RuntimeError(f"unflatten: the sizes {sizes} don't multiply up to the size of dim "
                           f"{dim} ({x.shape[dim]}).")
    return x.reshape(*x.shape[:dim], *sizes, *x.shape[dim + 1:])


def rot90(x, k=1, dims=(0, 1)):
    """Turn the plane of two axes by 90 degrees, k times, from the first toward the second."""
    for _ in range(k % 4):
        x = x.transpose(*dims).flip(dims[0])
    return x.clone() if k % 4 == 0 else x


def tensor_split(x, indices_or_sections, dim=0):
    """Parts along `dim`: so many, equal up to 1, or cut at these places."""
    places = np.array_split(np.arange(x.size(dim)), indices_or_sections)
    return x.split([len(p) for p in places], dim)


def diag_embed(x):
    """Matrices with the vectors of the last axis as diagonals."""
    return x.unsqueeze(-1).where(x._op("eye", np.eye(x.shape[-1], dtype=bool)), x.new_zeros(()))


def fill_diagonal_(x, fill_value):
    """Overwrite the diagonal of a matrix."""
    i = np.arange(min(x.shape))
    x[i, i] = fill_value
    return x


def index_put_(x, indices, values, accumulate=False):
    """x[indices] = values, or += with repeated places added up."""
    if accumulate:
        check_no_gradient("index_put_", x, values)
        np.add.at(x.array, tuple(i.array for i in indices), values.array)
        x.bump()
    else:
        x[tuple(indices)] = values
    return x


def _take_along(x, indices, dim):
    shape = np.broadcast_shapes(*((*t.shape[:dim % x.ndim], 1, *t.shape[dim % x.ndim + 1:])
                                  for t in (x, indices)))
    place = shape[:dim % x.ndim], shape[dim % x.ndim + 1:]
    x, indices = (t.expand(*place[0], t.shape[dim], *place[1]) for t in (x, indices))
    return x.gather(dim, indices)


def inner(a, b):
    """The sums of products over the last axis of both."""
    return tensordot(a, b, ([-1], [-1])) if a.ndim and b.ndim else a * b


def kron(a, b):
    """Each number of a times the whole of b, for two matrices or two tensors of any shape."""
    ndim = max(a.ndim, b.ndim)
    a, b = (t.reshape((1,) * (ndim - t.ndim) + t.shape) for t in (a, b))
    out = a.reshape([n for pair in zip(a.shape, (1,) * ndim) for n in pair]) * b.reshape(
        [n for pair in zip((1,) * ndim, b.shape) for n in pair])
    return out.reshape([m * n for m, n in zip(a.shape, b.shape)])


def matrix_power(x, n):
    """The matrix times itself, n times; a negative n takes the inverse."""
    if n < 1:
        check_no_gradient("matrix_power", x)
        return x._op("matrix_power", np.linalg.matrix_power(x.array, n))
    out = x
    for _ in range(n - 1):
        out = out @ x
    return out


def cdist(a, b, p=2.0):
    """The distance of each row of a from each row of b: (m, k), (n, k) -> (m, n)."""
    if a.shape[-1] != b.shape[-1]:
        raise ShapeError(f"cdist: rows of {a.shape[-1]} and of {b.shape[-1]} numbers, shapes "
                         f"{a.shape} and {b.shape}, have no distance.")
    return (a.unsqueeze(-2) - b.unsqueeze(-3)).norm(p, -1)


def cross(a, b, dim=-1):
    """The vector product of vectors of length 3 along `dim`."""
    a, b = a._operands("cross", b)
    dim = one_axis("cross", a.ndim, dim)
    if a.size(dim) != 3:
        raise RuntimeError(f"cross: the vectors along dim {dim} have length {a.size(dim)}, not 3.")
    after, before = [1, 2, 0], [2, 0, 1]
    pick = lambda x, order: x[(slice(None),) * dim + (order,)]
    return pick(a, after) * pick(b, before) - pick(a, before) * pick(b, after)


def tensordot(a, b, dims=2):
    """The sum of products over the last `dims` axes of a and the first of b, or over two lists."""
    if isinstance(dims, int):
        dims = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    first = [one_axis("tensordot", a.ndim, d) for d in dims[0]]
    second = [one_axis("tensordot", b.ndim, d) for d in dims[1]]
    kept_a = [i for i in range(a.ndim) if i not in first]
    kept_b = [i for i in range(b.ndim) if i not in second]
    size = math.prod(a.shape[i] for i in first)
    rows, columns = [a.shape[i] for i in kept_a], [b.shape[i] for i in kept_b]
    out = (a.permute(kept_a + first).reshape(math.prod(rows), size)
           @ b.permute(second + kept_b).reshape(size, math.prod(columns)))
    return out.reshape(rows + columns)


def new(x, *data):
    """An empty tensor of this dtype: x.new(2, 3), or one with this data: x.new([1, 2])."""
    if len(data) == 1 and isinstance(data[0], list):
        return x.new_tensor(data[0])
    return x.new_zeros(*(data or [0]))


def resize_(x, *shape):
    """Another shape of as many numbers, in place; RuntimeError for more or fewer."""
    shape = checks.shape_argument("resize_", shape, 0)
    if math.prod(shape) != x.array.size:
        raise RuntimeError(f"resize_: shape {x.shape} cannot become {shape} here, which has "
                           f"another number of elements. Make a new tensor.")
    return x._reshaped(x.reshape(shape))


def apply_(x, callable):
    """Overwrite each number by callable(number)."""
    check_no_gradient("apply_", x)
    return x.copy_(x._op("apply", np.vectorize(callable, otypes=[x.dtype])(x.array)))


def _numpys(name: str, formula):
    """A function of NumPy's on values; RuntimeError where a gradient would be lost."""
    def call(x, *args, **options):
        check_no_gradient(name, x)
        found = formula(x.array, *args, **options)
        return x._op(name, np.asarray(found))

    return call


def _products(name: str):
    """beta * x + alpha * (a @ b), as `addmm`."""
    def call(x, a, b, *, beta=1, alpha=1):
        product = getattr(a, name)(b)
        return beta * x + (product if alpha == 1 else alpha * product)

    return call


METHODS = {
    **{f.__name__: f for f in (
        apply_, cdist, cross, diag_embed, fill_diagonal_, index_add, index_copy, index_fill,
        index_put_, inner, kron, matrix_power, new, resize_, rot90, scatter_add, tensor_split,
        tensordot, unflatten, unfold, elementwise.atan2, elementwise.fmod, elementwise.heaviside,
        elementwise.hypot, elementwise.logaddexp, elementwise.logit, elementwise.nan_to_num,
        elementwise.xlogy, statistics.cov, statistics.cumprod, statistics.diff, statistics.histc,
        statistics.kthvalue, statistics.logcumsumexp, statistics.mode, statistics.quantile,
        statistics.searchsorted, statistics.trapezoid, statistics.unique_consecutive)},
    "cummax": statistics.running("cummax", np.maximum),
    "cummin": statistics.running("cummin", np.minimum),
    "erfc": lambda x: 1 - x.erf(),
    "vdot": lambda a, b: a.dot(b),
    "diagflat": lambda x, offset=0: x.reshape(-1).diag(offset),
    "dist": lambda a, b, p=2: (a - b).norm(p),
    "corrcoef": lambda x: statistics.corrcoef(x.cov()),
    "hsplit": lambda x, parts: x.tensor_split(parts, 0 if x.ndim == 1 else 1),
    "vsplit": lambda x, parts: x.tensor_split(parts, 0),
    "float_power": lambda a, b: a.double() ** (b.double() if hasattr(b, "double") else b),
    "rsub": lambda a, b, *, alpha=1: b - alpha * a,
    "positive": lambda x: x,
    "logdet": lambda x: x.det().log(),
    "nanmedian": lambda x: x[~x.isnan()].median(),
    "isneginf": lambda x: x == -math.inf,
    "isposinf": lambda x: x == math.inf,
    "isreal": lambda x: x._op("isreal", np.ones(x.shape, bool)),
    "signbit": lambda x: x._op("signbit", np.signbit(x.array)),
    "is_nonzero": lambda x: bool(x),
    "is_complex": lambda x: False,
    "is_signed": lambda x: x.dtype.kind in "if",
    "is_same_size": lambda x, other: x.shape == other.shape,
    "get_device": lambda x: -1,
    "__lshift__": elementwise.shift("__lshift__", np.left_shift, lambda a, width: 0),
    "__rshift__": elementwise.shift("__rshift__", np.right_shift, lambda a, width: (
        a >> (width - 1) if a.dtype.kind == "i" else 0)),
    "frac": lambda x: x - x.trunc(),
    "exp2": lambda x: 2 ** (x if x.is_floating_point() else x.float()),
    "deg2rad": lambda x: x * (math.pi / 180),
    "rad2deg": lambda x: x * (180 / math.pi),
    "var_mean": statistics.moments("var"),
    "std_mean": statistics.moments("std"),
    "nansum": lambda x, dim=None, keepdim=False: x.masked_fill(x.isnan(), 0).sum(dim, keepdim),
    "nanmean": lambda x, dim=None, keepdim=False: (
        x.nansum(dim, keepdim) / (~x.isnan()).sum(dim, keepdim)),
    "addmm": _products("mm"),
    "addmv": _products("mv"),
    "baddbmm": _products("bmm"),
    "aminmax": lambda x, *, dim=None, keepdim=False: statistics.Aminmax(
        (x.amin(dim, keepdim), x.amax(dim, keepdim))),
    "addr": _products("outer"),
    "msort": lambda x: x.sort(0)[0],
    "fmax": elementwise.larger("fmax", np.fmax),
    "fmin": elementwise.larger("fmin", np.fmin),
    "sinc": _numpys("sinc", lambda x: np.sinc(checks.as_floats(x))),
    "lgamma": _numpys("lgamma", lambda x: elementwise.lgamma(checks.as_floats(x))),
    "gcd": _numpys("gcd", lambda a, b: np.gcd(a, b.array)),
    "index_put": lambda x, indices, values, accumulate=False: x.clone().index_put_(
        indices, values, accumulate),
    "fliplr": lambda x: x.flip(1),
    "flipud": lambda x: x.flip(0),
    "argwhere": lambda x: x.nonzero(),
    "bucketize": lambda x, boundaries, *, right=False: statistics.searchsorted(
        boundaries, x, right=right),
    "isin": lambda x, other: x._op("isin", np.isin(x.array, other.array)),
    "take_along_dim": _take_along,
    "inverse": _numpys("inverse", np.linalg.inv),
    "det": _numpys("det", np.linalg.det),
    "pinverse": _numpys("pinverse", np.linalg.pinv),
    "multinomial": lambda x, num_samples, replacement=False, *, generator=None: _creation(
        "multinomial")(x, num_samples, replacement, generator=generator),
    "bernoulli": lambda x, *, generator=None: _creation("bernoulli")(x, generator=generator),
    "half": lambda x: x.to(np.float16),
    "byte": lambda x: x.to(np.uint8),
    "short": lambda x: x.to(np.int16),
    "char": lambda x: x.to(np.int8),
    "pin_memory": lambda x, device=None: x,
}
IN_PLACE = """absolute addmm arcsin arccos arctan asin acos atan clamp_max clamp_min cumprod
    divide eq erf expm1 floor_divide fmod frac ge gt hypot index_add index_copy index_fill le log10
    log1p log2 logical_and logical_or lt multiply nan_to_num ne negative scatter_add subtract"""
SAME = {  # a second name of the first
    "absolute": "abs", "arccos": "acos", "arcsin": "asin", "arctan": "atan", "divide": "div",
    "fix": "trunc", "greater_equal": "ge", "less_equal": "le", "moveaxis": "movedim",
    "not_equal": "ne", "sgn": "sign", "trapz": "trapezoid", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "bitwise_left_shift": "__lshift__",
    "bitwise_right_shift": "__rshift__", "subtract": "sub", "swapdims": "swapaxes",
    "arctan2": "atan2",
}


def _creation(name: str):
    from .. import creation

    return getattr(creation, name)
