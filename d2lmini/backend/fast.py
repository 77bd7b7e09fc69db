"""The operators of plain.py, with the same names and results, but fast. A learner may skip it.

The trick for images is the order in memory (the layout): tensors keep the shape (n, c, h, w), but
convolution and pooling store the elements as (h, c, w, n), with the batch last. Then a row of the
output is one matrix product with a block of input rows that needs no copy, every inner loop runs
over whole batches, and NumPy's element-wise operators keep that layout by themselves, so a chain of
layers pays nothing. Rows are computed independently, on all threads: see threads.py.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import as_strided

from . import plain
from .layout import as_integers, from_hcwn, to_hcwn
from .plain import __all__ as __all__
from .pooling import avg_pool2d, avg_pool2d_grad, max_pool2d, max_pool2d_grad  # noqa: F401
from .threads import chunk_bounds, get_pool, parallel_for

_CHUNK = 1 << 17  # elements; below that, handing a chunk to a thread costs more than it gains
_SMALL = 800_000  # multiplications; OpenBLAS takes up to 1,000,000 for a small product


# --- products ---


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b; a large product of two matrices is split in two or four, by rows if there are many.

    The split does not depend on the number of threads, so neither does the result.
    """
    if a.ndim > 2 and b.ndim == 2:  # one large product instead of one for each matrix in a
        rows = a.reshape(math.prod(a.shape[:-1]), a.shape[-1])
        return matmul(rows, b).reshape(*a.shape[:-1], b.shape[1])
    if a.ndim != 2 or b.ndim != 2 or a.size * b.shape[1] < 4096:
        return a @ b
    if a.dtype.kind != "f" or b.dtype.kind != "f":
        return a @ b
    out = np.empty((len(a), b.shape[1]), a.dtype if a.dtype == b.dtype else np.result_type(a, b))
    multiplications = a.size * b.shape[1]
    if multiplications < 1 << 18 or not get_pool().blas:
        multiply(a, b, out)  # OpenBLAS keeps it on one thread; another BLAS has threads of its own
        return out
    if multiplications < 1 << 21:
        parallel_for(lambda _: multiply(a, b, out), 1)  # OpenBLAS would wake its threads for it
        return out
    chunks = 2 if multiplications < 1 << 28 else 4
    by_rows = len(a) >= min(256, b.shape[1])
    bounds = chunk_bounds(len(a) if by_rows else b.shape[1], chunks)

    def work(i):
        chunk = slice(bounds[i], bounds[i + 1])
        if by_rows:
            multiply(a[chunk], b, out[chunk])
        else:
            multiply(a, b[:, chunk], out[:, chunk])

    parallel_for(work, chunks)
    return out


def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """out[...] = a @ b for two matrices: every product of two matrices in this file is made here.

    OpenBLAS first packs both into a layout of its own. For a narrow product packing takes as long
    as multiplying. For AVX-512 it has kernels that work without, but only for small products: so a
    narrow one is split into blocks: 1.5 times faster for 256 x 784 x 10.
    """
    (m, k), n = a.shape, b.shape[1]
    if m * k * n <= _SMALL or min(m, k, n) > 16 or not has_avx512():
        np.matmul(a, b, out=out)
        return
    if m < n:
        a, b, out, m, n = b.T, a.T, out.T, n, m
    rows = -(-m // (16 * -(-m * k * n // _SMALL))) * 16
    end = m // rows * rows if rows * k * n <= 1_000_000 else 0
    np.matmul(a[:end].reshape(-1, rows, k), b, out=out[:end].reshape(-1, rows, n))
    np.matmul(a[end:], b, out=out[end:])


def has_avx512() -> bool:
    """Whether OpenBLAS computes with its kernels for processors with AVX-512."""
    blas = get_pool().blas
    return blas is not None and blas.kernel in ("SkylakeX", "Cooperlake", "SapphireRapids")


# --- element by element, and sums ---


def sum(a: np.ndarray, axes: tuple, keepdims: bool = False) -> np.ndarray:
    """The sum over `axes`, exact for many rows and for bytes.

    NumPy adds row to row, and float32 loses a digit in some thousand additions: only then are they
    made in float64. (Along the axis contiguous in memory it adds pairs, and pairs of pairs.)
    """
    if a.dtype.kind != "f":
        return plain.sum(a, axes, keepdims)
    if len(axes) < a.ndim and a.size >= 4096:
        if math.prod(a.shape[i] for i in axes if a.strides[i] != a.itemsize) >= 4096:
            return plain.sum(a, axes, keepdims)
    return a.sum(axes, keepdims=keepdims)


def row_max(x: np.ndarray) -> np.ndarray:
    """The largest value of each row. Down a copy's columns: ten times sooner for short rows."""
    return np.ascontiguousarray(x.T).max(axis=0)[:, None]


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0), element by element; for many floats np.clip is twice as fast as np.maximum."""
    if x.size < 4096 or x.dtype.kind != "f":
        return plain.relu(x)
    return elementwise(lambda x, out=None: np.clip(x, 0, np.inf, out=out), x)


def relu_grad(g: np.ndarray, out: np.ndarray) -> np.ndarray:
    """g where out = relu(x) > 0, or nan, else 0."""
    if g.dtype != out.dtype or g.dtype.kind != "f":
        return plain.relu_grad(g, out)
    return elementwise(_relu_grad, g, out)


def _relu_grad(g: np.ndarray, y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """g where y is not 0, by integers, which is quicker than a mask of bools.

    Read as integers, 0 is 0, -0 the smallest one, which is its own absolute value, and the absolute
    value of any other float positive, of nan too. Cut off above 1 that is a mask of ones and zeros
    which needs no conversion, and g times it, also read as integers, is g or 0.
    """
    out = np.empty_like(g) if out is None else out
    mask = as_integers(out)
    np.abs(as_integers(y), out=mask)
    np.clip(mask, mask.dtype.type(0), mask.dtype.type(1), out=mask)
    np.multiply(as_integers(g), mask, out=mask)
    return out


def elementwise(f: Callable, *arrays: np.ndarray) -> np.ndarray:
    """f(*arrays) for an element-wise f(*arrays, out=None) and arrays of one shape.

    Large ones are split along the axis with the largest stride: then the result has the dtype and
    the layout of the first array, and f writes each chunk of it straight into `out`.
    """
    first = arrays[0]
    if first.size < 2 * _CHUNK:
        return f(*arrays)
    out = np.empty_like(first)
    order = np.argsort([-s for s in out.strides], kind="stable")
    *arrays, flat = (a.transpose(order) for a in (*arrays, out))
    bounds = chunk_bounds(len(flat), min(len(flat), first.size // _CHUNK, 16))

    def work(i):
        chunk = slice(bounds[i], bounds[i + 1])
        f(*(a[chunk] for a in arrays), out=flat[chunk])

    parallel_for(work, len(bounds) - 1)
    return out


# --- convolution ---


def unfold_rows(x: np.ndarray, kernel: tuple, stride: tuple) -> np.ndarray:
    """(n, c, h, w) -> (oh, kh*c*kw, ow*n): for each output row the windows it is computed from.

    This is im2col for each row. Only the kw shifts along the width are copied. Windows of
    neighboring output rows share input rows, and in this layout the rows of a window are adjacent,
    so the result is an overlapping view of that copy.
    """
    x, (kh, kw) = to_hcwn(x), kernel
    (h, c, w, n), (sh, sc, sw, sn) = x.shape, x.strides
    oh, ow = (h - kh) // stride[0] + 1, (w - kw) // stride[1] + 1
    shifts = as_strided(x, (h, c, kw, ow, n), (sh, sc, sw, sw * stride[1], sn), writeable=False)
    copy = np.empty(shifts.shape, x.dtype)
    parallel_for(lambda y: np.copyto(copy[y], shifts[y]), h)
    row, _, line, _, item = copy.strides
    strides = row * stride[0], line, item
    return as_strided(copy, (oh, kh * c * kw, ow * n), strides, writeable=False)


def conv2d(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, stride: tuple) -> tuple:
    """(n, c, h, w) with weight (o, c, kh, kw) and bias (o,) -> ((n, o, oh, ow), unfolded rows)."""
    rows = unfold_rows(x, weight.shape[2:], stride)
    w = weight.transpose(0, 2, 1, 3).reshape(len(weight), -1)
    out = np.empty((len(rows), len(w), rows.shape[2]), np.result_type(rows, w))

    def row(i):
        multiply(w, rows[i], out[i])
        if bias is not None:
            out[i] += bias[:, None]  # while the row is still in the cache

    parallel_for(row, len(rows))
    ow = (x.shape[3] - weight.shape[3]) // stride[1] + 1
    return from_hcwn(out.reshape(len(rows), len(w), ow, len(x))), rows


def conv2d_weight_grad(g: np.ndarray, kept: np.ndarray, shape: tuple, stride: tuple) -> np.ndarray:
    """The gradient with respect to the weight of shape `shape`, from g and the unfolded rows.

    Each row of the output gives a part. They are added up in at most eight groups, on all threads.
    """
    rows, (out, c, kh, kw) = kept, shape
    g = to_hcwn(g).reshape(len(rows), out, rows.shape[2])
    groups = min(8, len(rows))
    parts = np.empty((groups, rows.shape[1], out), np.result_type(rows, g))

    def group(j):
        multiply(rows[j], g[j].T, parts[j])  # faster than g @ rows.T
        part = np.empty_like(parts[j])
        for i in range(j + groups, len(rows), groups):
            multiply(rows[i], g[i].T, part)
            parts[j] += part

    parallel_for(group, groups)
    dw = parts.sum(axis=0).T.reshape(out, kh, c, kw).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(dw)


def conv2d_bias_grad(g: np.ndarray) -> np.ndarray:
    """(n, o, oh, ow) -> (o,): the sum, as a product with ones if the batch is last in memory."""
    rows = g.transpose(2, 1, 3, 0)
    if not rows.flags.c_contiguous or g.dtype.kind != "f":
        return sum(g, (0, 2, 3))
    rows = rows.reshape(*rows.shape[:2], -1)
    ones, parts = np.ones(rows.shape[2], g.dtype), np.empty(rows.shape[:2], g.dtype)
    parallel_for(lambda i: np.matmul(rows[i], ones, out=parts[i]), len(rows))
    return parts.sum(axis=0)


def conv2d_input_grad(g: np.ndarray, weight: np.ndarray, shape: tuple, stride: tuple) -> np.ndarray:
    """The gradient with respect to the input of shape `shape`, from g (n, o, oh, ow).

    Output row i saw input row y through kernel row k = y - i*stride: for each input row the output
    rows that saw it are multiplied by their kernel rows at once, then the kw shifts are added up.
    """
    (n, c, h, w), (_, _, kh, kw), (sh, sw) = shape, weight.shape, stride
    g = to_hcwn(g)
    oh, out, ow, _ = g.shape
    flipped = weight[:, :, ::-1].transpose(3, 1, 2, 0)  # (kw, c, kh, out), last kernel row first
    seen = [(max(0, -(-(y - kh + 1) // sh)), min(oh - 1, y // sh) + 1) for y in range(h)]
    taps = {}  # the kernel rows for an input row, by their start in `flipped` and their number
    for y, (first, end) in enumerate(seen):
        k, m = kh - 1 - y + first * sh, end - first
        if m > 0 and (k, m) not in taps:
            taps[k, m] = flipped[:, :, k:k + (m - 1) * sh + 1:sh].reshape(kw * c, m * out)
    dx = np.zeros((h, c, w, n), g.dtype)

    def row(y):
        first, end = seen[y]
        if first < end:
            m = end - first
            block = taps[kh - 1 - y + first * sh, m]
            shifts = np.empty((kw * c, ow * n), np.result_type(block, g))
            multiply(block, g[first:end].reshape(m * out, ow * n), shifts)
            shifts = shifts.reshape(kw, c, ow, n)
            for l in range(kw):
                dx[y, :, l:l + ow * sw:sw] += shifts[l]

    parallel_for(row, h)
    return from_hcwn(dx)


if sys.platform == "emscripten":  # a browser, where NumPy has no BLAS
    from .wasm import matmul, multiply
