"""Running sums, ranks and moments, of the kind that a lesson meets once: methods.py lists them."""

from __future__ import annotations

import math
from operator import itemgetter

import numpy as np

from ..checks import ShapeError, one_axis
from .missing import check_no_gradient
from .printing import named_text


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


def trapezoid(y, x=None, *, dx=1.0, dim=-1):
    """The area under points (x, y), joined by straight lines; x may be its step dx."""
    if x is None:
        return (y.sum(dim) - (y.select(dim, 0) + y.select(dim, -1)) * 0.5) * dx
    n = y.size(dim) - 1
    return (x.diff(dim=-1) * (y.narrow(dim, 0, n) + y.narrow(dim, 1, n))).sum(dim) / 2


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
        out = last.where(last.isnan(), out)
    shape = (1,) * x.ndim if dim is None else (*x.shape[:axis], 1, *x.shape[axis + 1:])
    return out.reshape(shape) if keepdim else out


def moments(name):
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


def mode(x, dim=-1, keepdim=False):
    """(values, indices) of the most frequent number along `dim`; of several, the smallest."""
    values, indices = x.sort(dim, stable=True)
    dim = one_axis("mode", x.ndim, dim)
    rows, places = (np.moveaxis(t.array, dim, -1) for t in (values, indices))
    counts = (rows[..., None] == rows[..., None, :]).sum(-1)
    best = np.argmax(counts, -1)[..., None] + counts.max(-1)[..., None] - 1  # the last of them
    at = x._op("mode", np.moveaxis(np.take_along_axis(places, best, -1), -1, dim))
    return x._extremes("mode", dim, keepdim, at)


def running(name: str, better):
    """(values, indices) of the best number so far along `dim`; of equal ones the last."""
    def call(x, dim):
        dim = one_axis(name, x.ndim, dim)
        best = np.moveaxis(better.accumulate(x.array, dim), dim, -1)
        values = np.moveaxis(x.array, dim, -1)
        hit = (values == best) | (values != values)
        at = np.maximum.accumulate(np.where(hit, np.arange(hit.shape[-1]), 0), -1)
        return x._extremes(name, dim, True, x._op(name, np.moveaxis(at, -1, dim)))

    return call


def cov(x):
    """The covariances of the rows of a matrix, over n - 1."""
    away = x - x.mean(-1, keepdim=True)
    return away @ away.T / max(x.shape[-1] - 1, 0)


def corrcoef(cov):
    size = cov.diag().sqrt()
    return cov / size.unsqueeze(0) / size.unsqueeze(1)


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


def unique_consecutive(x):
    """A vector without the numbers that equal the one before."""
    check_no_gradient("unique_consecutive", x)
    flat = x.reshape(-1)
    return flat if len(flat) < 2 else flat[np.r_[True, flat.array[1:] != flat.array[:-1]]]


class Aminmax(tuple):
    """The pair (min, max)."""

    min, max = property(itemgetter(0)), property(itemgetter(1))

    def __repr__(self):
        return named_text("aminmax", ("min", "max"), self)
