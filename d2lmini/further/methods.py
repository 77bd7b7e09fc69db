"""Still more of PyTorch's methods, of the kind that a lesson meets once: spellings.py adds them.

METHODS holds them by name, IN_PLACE the names whose `name_` writes into the tensor's own memory.
names.py has all of METHODS as functions, too.
"""

from __future__ import annotations

import math
from operator import itemgetter

import numpy as np

from .. import checks
from ..checks import RangeError, ShapeError, one_axis


def check_no_gradient(name: str, *tensors) -> None:
    """RuntimeError where a gradient would be lost: this function computes with NumPy."""
    if any(t.requires_grad for t in tensors):
        raise RuntimeError(f"{name}: d2lmini does not record its derivative. Write "
                           f"{name}(x.detach()), or compute it from operators.")


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
    """Windows of `size` along an axis, `step` apart, as a new last axis. Here they are a copy."""
    dim = one_axis("unfold", x.ndim, dimension)
    if not 0 < size <= x.shape[dim]:
        raise ShapeError(f"unfold: a window of {size} does not fit into {x.shape[dim]}.")
    starts = np.arange(0, x.shape[dim] - size + 1, step)
    out = x[(slice(None),) * dim + (starts[:, None] + np.arange(size),)]
    return out.movedim(dim + 1, -1)


def cumprod(x, dim):
    """The running product along `dim`."""
    x = x if x.is_floating_point() else x.long()
    dim = one_axis("cumprod", x.ndim, dim)
    if not x.ndim:
        return x.clone()
    exact = np.float64 if x.dtype.kind == "f" else None

    def derivative(g):
        zeros = np.cumsum(x.array == 0, dim)  # how many came so far
        first = (x.array == 0) & (zeros == 1)
        others = np.cumprod(np.where(first, 1, x.array), dim, exact)
        before, at = (from_the_end(np.add, np.where(zeros == i, g * others, 0), dim)
                      for i in (0, 1))
        with np.errstate(all="ignore"):
            return np.where(zeros == 0, before / x.array, np.where(first, at, 0))

    return x._op("cumprod", np.cumprod(x.array, dim, exact).astype(x.dtype), (x, derivative))


def from_the_end(ufunc, array, dim):
    """`ufunc` over each number and all after it, along `dim`."""
    return np.flip(ufunc.accumulate(np.flip(array, dim), dim), dim)


def diff(x, n=1, dim=-1):
    """The differences of neighbors along `dim`, n times."""
    if n < 0:
        raise RuntimeError(f"diff: n is a count, not {n}.")
    if not x.ndim:
        raise RuntimeError("diff: a single number has no neighbors.")
    x = x if n else x.clone()
    if not x.size(dim):
        return x
    for _ in range(n):
        size = x.size(dim)
        late, early = (x.narrow(dim, min(i, size), max(size - 1, 0)) for i in (1, 0))
        x = late != early if x.dtype == bool else late - early
    return x


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


def inner(a, b):
    """The sums of products over the last axis of both."""
    return tensordot(a, b, ([-1], [-1])) if a.ndim and b.ndim else a * b


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


def quantile(x, q, dim=None, keepdim=False):
    """The number below which the fraction q lies, between two numbers on a straight line."""
    flat, axis = (x.reshape(-1), 0) if dim is None else (x, one_axis("quantile", x.ndim, dim))
    if not np.isscalar(q):
        from ..creation import stack

        q = q.tolist() if hasattr(q, "tolist") else q
        return quantile(x, q, dim, keepdim) if np.isscalar(q) else stack(
            [quantile(x, part, dim, keepdim) for part in q])
    if not 0 <= q <= 1:
        raise RuntimeError(f"quantile: q is a fraction between 0 and 1, not {q}.")
    ranked, place = flat.sort(axis)[0], q * (flat.shape[axis] - 1)
    low, high, last = (ranked.select(axis, i) for i in (math.floor(place), math.ceil(place), -1))
    out = low + (place - math.floor(place)) * (high - low)
    if np.isnan(last.array).any():  # nan is sorted to the end
        out = _where(last.isnan(), last, out)
    shape = (1,) * x.ndim if dim is None else (*x.shape[:axis], 1, *x.shape[axis + 1:])
    return out.reshape(shape) if keepdim else out


def _moments(name):
    def both(x, dim=None, unbiased=True, keepdim=False, *, correction=None):
        return (getattr(x, name)(dim, unbiased, keepdim, correction=correction),
                x.mean(dim, keepdim))

    return both


def kthvalue(x, k, dim=-1, keepdim=False):
    """(values, indices) of the k-th smallest number along `dim`, counted from 1."""
    values, indices = x.sort(dim)
    if not 1 <= k <= x.size(dim):
        raise ShapeError(f"kthvalue: k = {k} is not one of the {x.size(dim)} numbers along dim.")
    return x._pair("kthvalue", *(t.narrow(dim, k - 1, 1) if keepdim else t.select(dim, k - 1)
                                 for t in (values, indices)))


def cov(x):
    """The covariances of the rows of a matrix, over n - 1."""
    away = x - x.mean(-1, keepdim=True)
    return away @ away.T / max(x.shape[-1] - 1, 0)


def histc(x, bins=100, min=0, max=0):
    """How many numbers lie in each of `bins` equal parts from min to max (the tensor's own)."""
    if x.dtype.kind != "f":
        raise NotImplementedError(f"histc: takes floats, not {x.dtype}. Write x.float().")
    low, high = (x.array.min(), x.array.max()) if min == max == 0 else (min, max)
    low, high = (low - 1, high + 1) if low == high else (low, high)
    inside = x.array[(x.array >= low) & (x.array <= high)]
    place = ((inside - x.dtype.type(low)) / x.dtype.type(high - low) * x.dtype.type(bins))
    counts = np.bincount(np.minimum(place.astype(int), bins - 1), minlength=bins)
    return x._op("histc", counts.astype(x.dtype))


def searchsorted(sorted_sequence, input, *, right=False):
    """Where each number of `input` belongs in a vector that rises."""
    input = input if hasattr(input, "array") else sorted_sequence._beside(input)
    if sorted_sequence.ndim != 1:
        raise RuntimeError("searchsorted: the sorted sequence has one axis here. Loop over rows.")
    found = np.searchsorted(sorted_sequence.array, input.array, "right" if right else "left")
    return input._op("searchsorted", np.asarray(found, np.int64))


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """x with a number in place of nan and of the infinities."""
    if x.dtype.kind != "f":
        return x.clone()
    fine = np.isfinite(x.array)
    return x._op("nan_to_num", np.nan_to_num(x.array, nan=nan, posinf=posinf, neginf=neginf),
                 (x, lambda g: np.where(fine, g, 0)))


def mode(x, dim=-1, keepdim=False):
    """(values, indices) of the most frequent number along `dim`; of several, the smallest."""
    values, indices = x.sort(dim, stable=True)
    dim = one_axis("mode", x.ndim, dim)
    rows, places = (np.moveaxis(t.array, dim, -1) for t in (values, indices))
    counts = (rows[..., None] == rows[..., None, :]).sum(-1)
    best = np.argmax(counts, -1)[..., None] + counts.max(-1)[..., None] - 1  # the last of them
    at = x._op("mode", np.moveaxis(np.take_along_axis(places, best, -1), -1, dim))
    return x._extremes("mode", dim, keepdim, at)


def _running(name: str, better):
    """(values, indices) of the best number so far along `dim`; of equal ones the last."""
    def call(x, dim):
        dim = one_axis(name, x.ndim, dim)
        best = np.moveaxis(better.accumulate(x.array, dim), dim, -1)
        values = np.moveaxis(x.array, dim, -1)
        hit = (values == best) | (values != values)
        at = np.maximum.accumulate(np.where(hit, np.arange(hit.shape[-1]), 0), -1)
        return x._extremes(name, dim, True, x._op(name, np.moveaxis(at, -1, dim)))

    return call


def logcumsumexp(x, dim):
    """log of the running sum of exp(x) along `dim`."""
    x = x if x.is_floating_point() else x.float()
    dim = one_axis("logcumsumexp", x.ndim, dim)
    out = np.logaddexp.accumulate(x.array, dim)

    def derivative(g):
        with np.errstate(all="ignore"):  # exp(x) * the sum of g / exp(out) over all after it
            parts = (from_the_end(np.logaddexp, np.where(
                sign * g > 0, np.log(np.abs(g)), -np.inf) - out, dim) for sign in (1, -1))
            positive, negative = (np.exp(part + x.array) for part in parts)
        return positive - negative

    return x._op("logcumsumexp", out, (x, derivative))


def rot90(x, k=1, dims=(0, 1)):
    """Turn the plane of two axes by 90 degrees, k times, from the first toward the second."""
    for _ in range(k % 4):
        x = x.transpose(*dims).flip(dims[0])
    return x.clone() if k % 4 == 0 else x


def trapezoid(y, x=None, *, dx=1.0, dim=-1):
    """The area under points (x, y), joined by straight lines; x may be its step dx."""
    if x is None:
        return (y.sum(dim) - (y.select(dim, 0) + y.select(dim, -1)) * 0.5) * dx
    n = y.size(dim) - 1
    return (x.diff(dim=-1) * (y.narrow(dim, 0, n) + y.narrow(dim, 1, n))).sum(dim) / 2


def kron(a, b):
    """Each number of a times the whole of b, for two matrices or two tensors of any shape."""
    ndim = max(a.ndim, b.ndim)
    a, b = (t.reshape((1,) * (ndim - t.ndim) + t.shape) for t in (a, b))
    out = a.reshape([n for pair in zip(a.shape, (1,) * ndim) for n in pair]) * b.reshape(
        [n for pair in zip((1,) * ndim, b.shape) for n in pair])
    return out.reshape([m * n for m, n in zip(a.shape, b.shape)])


def diag_embed(x):
    """Matrices with the vectors of the last axis as diagonals."""
    return _where(x._op("eye", np.eye(x.shape[-1], dtype=bool)), x.unsqueeze(-1), x.new_zeros(()))


def logaddexp(a, b):
    """log(exp(a) + exp(b)), finite where a and b are."""
    a, b = a._operands("logaddexp", b)

    def part(x, y):
        def derivative(g):
            with np.errstate(over="ignore"):
                return g / (1 + np.exp(y.array - x.array))

        return derivative

    return a._op("logaddexp", np.logaddexp(a.array, b.array), (a, part(a, b)), (b, part(b, a)))


def unique_consecutive(x):
    """A vector without the numbers that equal the one before."""
    check_no_gradient("unique_consecutive", x)
    flat = x.reshape(-1)
    return flat if len(flat) < 2 else flat[np.r_[True, flat.array[1:] != flat.array[:-1]]]


def tensor_split(x, indices_or_sections, dim=0):
    """Parts along `dim`: so many, equal up to 1, or cut at these places."""
    places = np.array_split(np.arange(x.size(dim)), indices_or_sections)
    return x.split([len(p) for p in places], dim)


def matrix_power(x, n):
    """The matrix times itself, n times; a negative n takes the inverse."""
    if n < 1:
        check_no_gradient("matrix_power", x)
        return x._op("matrix_power", np.linalg.matrix_power(x.array, n))
    out = x
    for _ in range(n - 1):
        out = out @ x
    return out


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


def apply_(x, callable):
    """Overwrite each number by callable(number)."""
    check_no_gradient("apply_", x)
    return x.copy_(x._op("apply", np.vectorize(callable, otypes=[x.dtype])(x.array)))


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


def _take_along(x, indices, dim):
    shape = np.broadcast_shapes(*((*t.shape[:dim % x.ndim], 1, *t.shape[dim % x.ndim + 1:])
                                  for t in (x, indices)))
    place = shape[:dim % x.ndim], shape[dim % x.ndim + 1:]
    x, indices = (t.expand(*place[0], t.shape[dim], *place[1]) for t in (x, indices))
    return x.gather(dim, indices)


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


def _shift(name: str, shift, beyond):
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


def _where(condition, x, y):
    from ..creation import where  # creation.py stands above tensor.py

    return where(condition, x, y)


def _larger(name: str, choose):
    """fmax and fmin: the other number where one is nan."""
    def call(a, b):
        check_no_gradient(name, a, b)
        a, b = a._operands(name, b)
        return a._op(name, choose(a.array, b.array))

    return call


def _lgamma(x):
    poles = (x <= 0) & (x == np.floor(x)) | np.isinf(x)
    values = np.vectorize(math.lgamma, otypes=[x.dtype])(np.where(poles, 1, x))
    return np.where(poles, np.inf, values).astype(x.dtype)


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


def _corrcoef(cov):
    size = cov.diag().sqrt()
    return cov / size.unsqueeze(0) / size.unsqueeze(1)


class _Aminmax(tuple):
    """The pair (min, max)."""

    min, max = property(itemgetter(0)), property(itemgetter(1))

    def __repr__(self):
        return f"torch.return_types.aminmax(\nmin={self[0]!r},\nmax={self[1]!r})"


METHODS = {
    **{name: f for name, f in vars().copy().items() if name in (
        "mode logcumsumexp rot90 trapezoid kron diag_embed logaddexp unique_consecutive "
        "tensor_split matrix_power fill_diagonal_ index_put_ apply_ "
        "index_add index_copy index_fill scatter_add unfold cumprod diff fmod atan2 quantile cov "
        "histc kthvalue searchsorted nan_to_num cdist cross tensordot new resize_ heaviside inner "
        "unflatten logit hypot xlogy").split()},
    "cummax": _running("cummax", np.maximum),
    "cummin": _running("cummin", np.minimum),
    "erfc": lambda x: 1 - x.erf(),
    "vdot": lambda a, b: a.dot(b),
    "diagflat": lambda x, offset=0: x.reshape(-1).diag(offset),
    "dist": lambda a, b, p=2: (a - b).norm(p),
    "corrcoef": lambda x: _corrcoef(x.cov()),
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
    "__lshift__": _shift("__lshift__", np.left_shift, lambda a, width: 0),
    "__rshift__": _shift("__rshift__", np.right_shift, lambda a, width: (
        a >> (width - 1) if a.dtype.kind == "i" else 0)),
    "frac": lambda x: x - x.trunc(),
    "exp2": lambda x: 2 ** (x if x.is_floating_point() else x.float()),
    "deg2rad": lambda x: x * (math.pi / 180),
    "rad2deg": lambda x: x * (180 / math.pi),
    "var_mean": _moments("var"),
    "std_mean": _moments("std"),
    "nansum": lambda x, dim=None, keepdim=False: x.masked_fill(x.isnan(), 0).sum(dim, keepdim),
    "nanmean": lambda x, dim=None, keepdim=False: (
        x.nansum(dim, keepdim) / (~x.isnan()).sum(dim, keepdim)),
    "addmm": _products("mm"),
    "addmv": _products("mv"),
    "baddbmm": _products("bmm"),
    "aminmax": lambda x, *, dim=None, keepdim=False: _Aminmax(
        (x.amin(dim, keepdim), x.amax(dim, keepdim))),
    "addr": _products("outer"),
    "msort": lambda x: x.sort(0)[0],
    "fmax": _larger("fmax", np.fmax),
    "fmin": _larger("fmin", np.fmin),
    "sinc": _numpys("sinc", lambda x: np.sinc(checks.as_floats(x))),
    "lgamma": _numpys("lgamma", lambda x: _lgamma(checks.as_floats(x))),
    "gcd": _numpys("gcd", lambda a, b: np.gcd(a, b.array)),
    "index_put": lambda x, indices, values, accumulate=False: x.clone().index_put_(
        indices, values, accumulate),
    "fliplr": lambda x: x.flip(1),
    "flipud": lambda x: x.flip(0),
    "argwhere": lambda x: x.nonzero(),
    "bucketize": lambda x, boundaries, *, right=False: searchsorted(boundaries, x, right=right),
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
