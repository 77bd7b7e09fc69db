"""The pooling of fast.py: windows of images, a row of them at a time. A learner may skip it."""

from __future__ import annotations

import numpy as np

from . import plain
from .layout import as_integers, from_hcwn, to_hcwn
from .threads import parallel_for


def max_pool2d(x: np.ndarray, kernel: tuple, stride: tuple, keep: bool = True) -> tuple:
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow).

    Columns first, then rows: (kw - 1) + (kh - 1) maxima of whole rows instead of an argmax in each
    window, ten times faster. The winners, for each row of windows: masks of where a column exceeds
    those before it, and then of where a row does.
    """
    x, (kh, kw), (sh, sw) = to_hcwn(x), kernel, stride
    h, c, w, n = x.shape
    oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
    out, winners = np.empty((oh, c, ow, n), x.dtype), [()] * oh

    def row(i):
        columns = _columns(x[i * sh:i * sh + kh], kw, sw, ow)
        best = _running_max(columns)
        tops = _running_max(best[-1])
        out[i] = tops[-1]
        if keep:
            winners[i] = _exceeds(columns, best), _exceeds(best[-1], tops)

    parallel_for(row, oh)
    return from_hcwn(out), winners if keep else None


def max_pool2d_grad(g: np.ndarray, winners: list, shape: tuple, kernel: tuple, stride: tuple,
                    padding: tuple = (0, 0)) -> np.ndarray:
    """The gradient with respect to x of `shape`: each window's g goes to its first largest value.

    Windows side by side are written straight into the result, on all threads; others are added.
    """
    g, (n, c, h, w), (kh, kw), (sh, sw) = to_hcwn(g), shape, kernel, stride
    oh, _, ow, _ = g.shape
    tiled = stride == kernel and h == oh * kh and w == ow * kw
    dx = (np.empty if tiled else np.zeros)((h, c, w, n), g.dtype)

    def row(i):
        d_rows = np.empty((kh, *g[i].shape), g.dtype)
        _scatter(g[i], winners[i][1], d_rows)
        columns = _columns(dx[i * sh:i * sh + kh], kw, sw, ow)
        if sw >= kw and sh >= kh:
            _scatter(d_rows, winners[i][0], columns)
            return
        parts = np.empty((kw, *d_rows.shape), g.dtype)
        _scatter(d_rows, winners[i][0], parts)
        for column, part in zip(columns, parts):
            column += part

    if sh >= kh:
        parallel_for(row, oh)
    else:  # windows of neighboring rows overlap
        for i in range(oh):
            row(i)
    return plain.fold_padding(from_hcwn(dx), padding)


def _columns(rows: np.ndarray, kw: int, stride: int, ow: int) -> list:
    """(kh, c, w, n) -> kw views (kh, c, ow, n): first, second, … column of each window."""
    return [rows[:, :, l:l + stride * ow:stride] for l in range(kw)]


def _running_max(parts) -> list:
    """[p0, max(p0, p1), max(p0, p1, p2), …]: the maximum of the first one, two, three, … parts."""
    best = [parts[0]]
    for part in parts[1:]:
        best.append(np.maximum(best[-1], part))
    return best


def _exceeds(parts, best: list) -> list:
    """Masks of where the second, third, … part is larger than all before it."""
    return [part > before for part, before in zip(parts[1:], best)]


def _scatter(g: np.ndarray, masks: list, out) -> None:
    """Write into `out` the gradient of each part: g where it is the first largest, else 0."""
    g, out = as_integers(g), [as_integers(part) for part in out]
    for j in range(len(masks), 0, -1):
        np.multiply(g, masks[j - 1], out=out[j])
        g = np.subtract(g, out[j], out=out[0])  # what is left for the parts before
    if not masks:
        out[0][...] = g


def avg_pool2d(x: np.ndarray, kernel: tuple, stride: tuple) -> np.ndarray:
    """The mean of each window: rows are added first, then columns, in the layout of x."""
    if x.dtype.kind != "f":
        return plain.avg_pool2d(x, kernel, stride)
    for axis, k, s in zip((2, 3), kernel, stride):
        size = (x.shape[axis] - k) // s + 1
        first, *others = [_part(x, axis, i, s, size) for i in range(k)]
        total = first.copy(order="K")
        for part in others:
            total += part
        x = total
    x /= kernel[0] * kernel[1]
    return x


def avg_pool2d_grad(g: np.ndarray, shape: tuple, kernel: tuple, stride: tuple) -> np.ndarray:
    """The gradient with respect to x of `shape`: columns first, then rows, in the layout of g."""
    d = g / (kernel[0] * kernel[1])
    for axis in (3, 2):
        size, wide = d.shape[axis], list(d.shape)
        wide[axis] = shape[axis]
        d, narrow = np.zeros_like(d, shape=wide), d
        for i in range(kernel[axis - 2]):
            part = _part(d, axis, i, stride[axis - 2], size)
            part += narrow
    return d


def _part(x: np.ndarray, axis: int, start: int, step: int, size: int) -> np.ndarray:
    """The view x[start], x[start + step], … along `axis`: `size` of them."""
    return x[(slice(None),) * axis + (slice(start, start + step * size, step),)]
