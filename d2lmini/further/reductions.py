"""PyTorch's reductions and orders as methods: max, var, norm, prod, median, topk and their kind."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .. import checks
from ..checks import RangeError, ShapeError, axes, count, numpy_names, one_axis
from .inplace import InPlace
from .printing import named_text
from .statistics import from_the_end


class Extremes(NamedTuple):
    """What max(dim), min(dim), sort and topk give: (values, indices)."""

    values: object
    indices: object

    def __repr__(self):
        return named_text(type(self).__name__, self._fields, self)


PAIRS = {name: type(name, (Extremes,), {}) for name in (
    "max", "min", "sort", "topk", "median", "kthvalue", "mode", "cummax", "cummin")}


class Reductions(InPlace):
    """The part of Tensor that makes one number of many, or puts them in order."""

    __slots__ = ()


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
        if dim is None or isinstance(dim, InPlace):
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
        if dim is None or isinstance(dim, InPlace):
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
            x, lambda g: from_the_end(np.add, g, dim)))

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
