"""Fast convolution and pooling on plain arrays; functional.py says what they compute.

A learner may skip this file. The trick is the order in memory: tensors keep the shape (n, c, h, w),
but these functions lay the numbers out as (h, c, w, n), images last. Then a row of the output is
one matrix product with a block of input rows that needs no copy, every inner loop runs over whole
batches, and NumPy's element-wise operators keep that order by themselves, so a chain of layers pays
nothing. Rows are computed independently, on all cores: see machine.py.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from .threads import each, multiply

# --- the plain versions: what the fast ones compute, and what they are tested against ---


def windows(x: np.ndarray, kernel: tuple, stride: tuple) -> np.ndarray:
    """x (n, c, h, w) as a view (n, c, oh, ow, kh, kw): what lies under each kernel position."""
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::stride[0], ::stride[1]]


def window_parts(x: np.ndarray, kernel: tuple, stride: tuple, size: tuple):
    """For each kernel position (k, l) the view of x with what lies under it in all the windows."""
    for k in range(kernel[0]):
        for l in range(kernel[1]):
            yield (k, l), x[:, :, k:k + stride[0] * size[0]:stride[0],
                            l:l + stride[1] * size[1]:stride[1]]


def plain_conv2d(x: np.ndarray, weight: np.ndarray, stride: tuple) -> np.ndarray:
    """im2col: every window times every kernel, summed over channels and kernel positions."""
    seen = windows(x, weight.shape[2:], stride)
    return np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


def plain_conv2d_grads(x: np.ndarray, weight: np.ndarray, g: np.ndarray, stride: tuple) -> tuple:
    """The gradients by x and weight: each output's g goes back through the kernel it came by."""
    kernel, dx = weight.shape[2:], np.zeros_like(x)
    for (k, l), part in window_parts(dx, kernel, stride, g.shape[2:]):
        part += np.tensordot(g, weight[:, :, k, l], ((1,), (0,))).transpose(0, 3, 1, 2)
    return dx, np.tensordot(g, windows(x, kernel, stride), ((0, 2, 3), (0, 2, 3)))


def plain_max_pool2d(x: np.ndarray, kernel: tuple, stride: tuple) -> tuple:
    """The largest value of each window, and its position in the window, row by row."""
    seen = windows(x, kernel, stride)
    flat = seen.reshape(*seen.shape[:4], kernel[0] * kernel[1])
    winner = flat.argmax(axis=-1)
    return np.take_along_axis(flat, winner[..., None], axis=-1)[..., 0], winner


# --- the fast versions ---


def images_last(x: np.ndarray) -> np.ndarray:
    """(n, c, h, w) -> (h, c, w, n), contiguous: a copy only if the numbers lie otherwise."""
    return np.ascontiguousarray(x.transpose(2, 1, 3, 0))


def images_first(x: np.ndarray) -> np.ndarray:
    """(h, c, w, n) -> (n, c, h, w), the same memory."""
    return x.transpose(3, 1, 0, 2)


def relu_grad(g: np.ndarray, y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """g where y = relu(x) is above 0, else 0: g * (y > 0), for floats of one dtype.

    A positive float, read as an integer, is positive. Cut off above 1 that is a mask of ones and
    zeros which needs no conversion, and g times it, also read as integers, is g or 0.
    """
    bits = {4: np.int32, 8: np.int64}.get(g.itemsize)
    if bits is None or g.dtype != y.dtype or g.dtype.kind != "f":
        return np.multiply(g, y > 0, out=out)
    out = np.empty_like(g) if out is None else out
    mask = out.view(bits)
    np.clip(y.view(bits), bits(0), bits(1), out=mask)
    np.multiply(g.view(bits), mask, out=mask)
    return out


def unfold_rows(x: np.ndarray, size: tuple, kernel: tuple, stride: tuple) -> np.ndarray:
    """(n, c, h, w) -> (oh, kh*c*kw, ow*n): for each output row the windows it is computed from.

    Only the shifts along the width are copied. Windows of neighboring output rows share input rows,
    and in this order the rows of a window stand one after the other, so the result is a view.
    """
    x, (oh, ow), (kh, kw) = images_last(x), size, kernel
    (h, c, _, n), (sh, sc, sw, sn) = x.shape, x.strides
    shifts = as_strided(x, (h, c, kw, ow, n), (sh, sc, sw, sw * stride[1], sn), writeable=False)
    copy = np.empty(shifts.shape, x.dtype)
    each(lambda y: np.copyto(copy[y], shifts[y]), h)
    row, _, line, _, item = copy.strides
    strides = row * stride[0], line, item
    return as_strided(copy, (oh, kh * c * kw, ow * n), strides, writeable=False)


def conv2d(rows: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, ow: int) -> np.ndarray:
    """The output (n, out, oh, ow) from `unfold_rows` and a weight (out, c, kh, kw)."""
    w = weight.transpose(0, 2, 1, 3).reshape(len(weight), -1)
    out = np.empty((len(rows), len(w), rows.shape[2]), np.result_type(rows, w))

    def row(i):
        multiply(w, rows[i], out[i])
        if bias is not None:
            out[i] += bias[:, None]  # while the row is still in the cache

    each(row, len(rows))
    return images_first(out.reshape(*out.shape[:2], ow, rows.shape[2] // ow))


def conv2d_weight_grad(rows: np.ndarray, g: np.ndarray, shape: tuple) -> tuple:
    """The gradients by the weight (of shape `shape`) and by the bias, from g (n, out, oh, ow)."""
    out, c, kh, kw = shape
    g = images_last(g).reshape(len(rows), out, rows.shape[2])
    groups = [range(i, len(rows), 8) for i in range(min(8, len(rows)))]
    dw = np.empty((len(groups), rows.shape[1], out), np.result_type(rows, g))
    db, ones = np.empty((len(groups), out), g.dtype), np.ones(g.shape[2], g.dtype)

    def group(j):
        first, *others = groups[j]
        np.matmul(rows[first], g[first].T, out=dw[j])  # faster than g @ rows.T
        for i in others:
            dw[j] += rows[i] @ g[i].T
        db[j] = (g[j::8] @ ones).sum(axis=0)

    each(group, len(groups))
    dw = dw.sum(axis=0).T.reshape(out, kh, c, kw).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(dw), db.sum(axis=0)


def conv2d_input_grad(g: np.ndarray, weight: np.ndarray, shape: tuple, stride: tuple) -> np.ndarray:
    """The gradient by the input of shape `shape`, from g (n, out, oh, ow).

    Output row i saw input row y through kernel row k = y - i*stride: for each input row the output
    rows that saw it are multiplied by their kernel rows at once, then the kw shifts are added up.
    """
    (n, c, h, w), (_, _, kh, kw), (sh, sw) = shape, weight.shape, stride
    g = images_last(g)
    oh, out, ow, _ = g.shape
    flipped = weight[:, :, ::-1].transpose(3, 1, 2, 0)  # (kw, c, kh, out), last kernel row first
    seen = [(max(0, -(-(y - kh + 1) // sh)), min(oh - 1, y // sh) + 1) for y in range(h)]
    taps = {}  # the kernel rows for an input row, by where they begin in `flipped` and their number
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
            shifts = (block @ g[first:end].reshape(m * out, ow * n)).reshape(kw, c, ow, n)
            for l in range(kw):
                dx[y, :, l:l + ow * sw:sw] += shifts[l]

    each(row, h)
    return images_first(dx)


def max_pool2d(x: np.ndarray, kernel: tuple, keep: bool = True) -> tuple:
    """The largest value of each window, windows side by side: (n, c, h, w) -> (n, c, oh, ow).

    Also, if asked to `keep` them, the winners that `max_pool2d_grad` needs: for each row of windows
    where a column beats those before it, and then where a row does.
    """
    x, (kh, kw) = images_last(x), kernel
    h, c, w, n = x.shape
    out, winners = np.empty((h // kh, c, w // kw, n), x.dtype), [()] * (h // kh)

    def row(i):
        columns = _columns(x[i * kh:(i + 1) * kh], kw)
        best = _running_max(columns)
        tops = _running_max(best[-1])
        out[i] = tops[-1]
        if keep:
            winners[i] = _beats(columns, best), _beats(best[-1], tops)

    each(row, len(out))
    return images_first(out), winners


def max_pool2d_grad(g: np.ndarray, winners: list, shape: tuple, kernel: tuple) -> np.ndarray:
    """The gradient by x of `shape` from g (n, c, oh, ow): a window's goes to its first largest."""
    g, (n, c, h, w), (kh, kw) = images_last(g), shape, kernel
    dx = (np.zeros if h % kh or w % kw else np.empty)((h, c, w, n), g.dtype)

    def row(i):
        d_rows = np.empty((kh, *g[i].shape), g.dtype)
        _share(g[i], winners[i][1], d_rows)
        _share(d_rows, winners[i][0], _columns(dx[i * kh:(i + 1) * kh], kw))

    each(row, len(g))
    return images_first(dx)


def _columns(rows: np.ndarray, kw: int) -> list:
    """(kh, c, w, n) -> kw views (kh, c, w // kw, n): first, second, … column of each window."""
    end = rows.shape[2] // kw * kw
    return [rows[:, :, j:end:kw] for j in range(kw)]


def _running_max(parts) -> list:
    """[p0, max(p0, p1), max(p0, p1, p2), …]: the maximum of the first one, two, three, … parts."""
    best = [parts[0]]
    for part in parts[1:]:
        best.append(np.maximum(best[-1], part))
    return best


def _beats(parts, best: list) -> list:
    """Where the second, third, … part is larger than all before it."""
    return [part > before for part, before in zip(parts[1:], best)]


def _share(g: np.ndarray, beats: list, into) -> None:
    """Write into `into` the gradient by each part: g where it is the first largest, else 0."""
    for j in range(len(beats), 0, -1):
        np.multiply(g, beats[j - 1], out=into[j])
        g = np.subtract(g, into[j], out=into[0])  # what is left for the parts before
    if not beats:
        into[0][...] = g
