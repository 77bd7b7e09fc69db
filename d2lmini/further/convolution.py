"""Beside conv2d and pooling: groups, dilation, one dimension, transposed convolution, resizing.

functional.py takes these names from here. All is built from its conv2d, whose shapes it keeps.
"""

from __future__ import annotations

import math

import numpy as np

from .. import backend
from ..checks import ShapeError, pair
from ..creation import cat
from ..tensor import Tensor, op

__all__ = [
    "adaptive_avg_pool1d", "adaptive_max_pool2d", "avg_pool1d", "conv1d", "conv_transpose2d",
    "interpolate", "max_pool1d", "pixel_shuffle", "unfold", "upsample",
]

def spread_kernel(weight: Tensor, dilation) -> Tensor:
    """The kernel with dilation - 1 zeros between neighbors: (o, c, 3, 3), 2 -> (o, c, 5, 5)."""
    dh, dw = pair("conv2d: dilation", dilation, 1)
    if (dh, dw) == (1, 1):
        return weight
    o, c, kh, kw = weight.shape
    out = np.zeros((o, c, (kh - 1) * dh + 1, (kw - 1) * dw + 1), weight.dtype)
    place = (..., slice(None, None, dh), slice(None, None, dw))
    out[place] = weight.array
    return op("dilate", out, (weight, lambda g: g[place]))


def grouped(conv, input, weight, bias, stride, padding, dilation, groups: int) -> Tensor:
    """`conv`, conv2d itself, of a dilated kernel and of each group of channels with its own."""
    weight = spread_kernel(weight, dilation)
    if groups == 1:
        return conv(input, weight, bias, stride, padding)
    if input.shape[-3] % groups or weight.shape[0] % groups:
        raise ShapeError(f"conv2d: {input.shape[-3]} channels in and {weight.shape[0]} out cannot "
                         f"be divided into {groups} groups.")
    parts = zip(input.chunk(groups, -3), weight.chunk(groups, 0))
    out = cat([conv(x, w, None, stride, padding) for x, w in parts], -3)
    return out if bias is None else out + bias.reshape(-1, 1, 1)


def _one(value):
    """A size along the only axis, as given for one dimension: 3 or (3,)."""
    return value[0] if isinstance(value, tuple | list) else value


def conv1d(input: Tensor, weight: Tensor, bias=None, stride=1, padding=0, dilation=1,
           groups: int = 1) -> Tensor:
    """Cross-correlation along one axis: (n, c, l) with (out, c, k) -> (n, out, ol)."""
    from ..functional import conv2d  # functional.py takes these functions

    if weight.ndim != 3 or input.ndim not in (2, 3):
        raise ShapeError(f"conv1d: input {input.shape} and weight {weight.shape}; expected "
                         f"(n, c, l) and (out, c, k).")
    padding = padding if isinstance(padding, str) else (0, _one(padding))
    return conv2d(input.unsqueeze(-2), weight.unsqueeze(-2), bias, (1, _one(stride)), padding,
                  (1, _one(dilation)), groups).squeeze(-2)


def conv_transpose2d(input: Tensor, weight: Tensor, bias=None, stride=1, padding=0,
                     output_padding=0, groups: int = 1, dilation=1) -> Tensor:
    """What conv2d does to gradients: (n, c, h, w) with (c, out, kh, kw) -> (n, out, oh, ow).

    Each pixel spreads over a window, times the kernel; windows that overlap add up, and `padding`
    is cut off: oh = (h - 1) * stride + kh - 2 * padding + output_padding.
    """
    if input.ndim == 3:
        return conv_transpose2d(input.unsqueeze(0), weight, bias, stride, padding, output_padding,
                                groups, dilation).squeeze(0)
    if input.ndim != 4 or weight.ndim != 4 or input.shape[1] != weight.shape[0]:
        raise ShapeError(f"conv_transpose2d: input {input.shape} and weight {weight.shape}; "
                         f"expected (n, c, h, w) and (c, out, kh, kw).")
    if groups != 1:
        parts = zip(input.chunk(groups, 1), weight.chunk(groups, 0))
        out = cat([conv_transpose2d(x, w, None, stride, padding, output_padding, 1, dilation)
                   for x, w in parts], 1)
        return out if bias is None else out + bias.reshape(-1, 1, 1)
    weight = spread_kernel(weight, dilation)
    stride = pair("conv_transpose2d: stride", stride, 1)
    cut, more = (pair(f"conv_transpose2d: {name}", value, 0) for name, value in (
        ("padding", padding), ("output_padding", output_padding)))
    if any(m >= s for m, s in zip(more, stride)):
        raise RuntimeError(f"conv_transpose2d: output_padding {more} must be smaller than the "
                           f"stride {stride}.")
    whole = [(n - 1) * s + k + m for n, s, k, m in zip(
        input.shape[2:], stride, weight.shape[2:], more)]
    if any(n <= 2 * p for n, p in zip(whole, cut)):
        raise ShapeError(f"conv_transpose2d: padding {cut} leaves nothing of {whole}.")
    shape = (len(input), weight.shape[1], *whole)
    inside = (..., *(slice(p, n - p) for n, p in zip(whole, cut)))

    def around(g):
        full = np.zeros(shape, g.dtype)
        full[inside] = g
        return full

    out = backend.conv2d_input_grad(input.array, weight.array, shape, stride)[inside]
    out = op("conv_transpose2d", np.ascontiguousarray(out), (
        input, lambda g: backend.conv2d(around(g), weight.array, None, stride)[0]), (
        weight, lambda g: backend.conv2d_weight_grad(
            input.array, backend.conv2d(around(g), weight.array, None, stride)[1], weight.shape,
            stride)))
    return out if bias is None else out + bias.reshape(-1, 1, 1)


def max_pool1d(input: Tensor, kernel_size, stride=None, padding=0) -> Tensor:
    """The largest value of each window: (n, c, l) -> (n, c, ol)."""
    from ..functional import max_pool2d

    stride = _one(kernel_size if stride is None else stride)
    return max_pool2d(input.unsqueeze(-2), (1, _one(kernel_size)), (1, stride),
                      (0, _one(padding))).squeeze(-2)


def avg_pool1d(input: Tensor, kernel_size, stride=None, padding=0) -> Tensor:
    """The mean of each window: (n, c, l) -> (n, c, ol)."""
    from ..functional import avg_pool2d

    stride = _one(kernel_size if stride is None else stride)
    return avg_pool2d(input.unsqueeze(-2), (1, _one(kernel_size)), (1, stride),
                      (0, _one(padding))).squeeze(-2)


def ceil_padding(shape: tuple, kernel: tuple, stride: tuple, padding: tuple) -> tuple:
    """What ceil_mode adds at the right and at the bottom, so that the last window is whole."""
    more = []
    for n, k, s, p in zip(shape[-2:], kernel, stride, padding):
        windows = math.ceil((n + 2 * p - k) / s) + 1
        windows -= (windows - 1) * s >= n + p  # a window begins inside the image
        more.append(max(0, (windows - 1) * s + k - n - 2 * p))
    return 0, more[1], 0, more[0]


def _rows(out: int, size: int, weights) -> Tensor:
    """A matrix (out, size) with the weights of each new pixel: pairs (position, weight)."""
    matrix = np.zeros((out, size), np.float64)
    for i in range(out):
        for j, w in weights(i):
            matrix[i, j] += w
    return matrix


def resized(input: Tensor, rows, columns) -> Tensor:
    """rows @ image @ columns.T, of each image (..., h, w)."""
    rows, columns = (Tensor.from_array(m.astype(input.dtype)) for m in (rows, columns))
    return rows @ input @ columns.T


def adaptive_matrix(out: int, size: int) -> np.ndarray:
    """The mean over windows that cover `size` pixels, as a matrix (out, size)."""
    def weights(i):
        window = range(i * size // out, -(-(i + 1) * size // out))
        return [(j, 1 / len(window)) for j in window]

    return _rows(out, size, weights)


def adaptive_avg_pool1d(input: Tensor, output_size) -> Tensor:
    """The mean of `output_size` windows that cover the axis: (n, c, l) -> (n, c, output_size)."""
    if not input.shape[-1]:
        raise ShapeError(f"adaptive_avg_pool1d: no number to average in shape {input.shape}.")
    return input @ Tensor.from_array(
        adaptive_matrix(_one(output_size), input.shape[-1]).T.astype(input.dtype))


def adaptive_max_pool2d(input: Tensor, output_size) -> Tensor:
    """The largest value of (oh, ow) equal windows: (n, c, h, w) -> (n, c, oh, ow)."""
    from ..functional import max_pool2d
    from .sizes import output_pair

    (h, w), (oh, ow) = input.shape[-2:], output_pair(input, output_size)
    if h % oh or w % ow:
        raise ShapeError(f"adaptive_max_pool2d: {h}x{w} pixels cannot be divided into {oh}x{ow} "
                         f"equal windows. Use max_pool2d.")
    return max_pool2d(input, (h // oh, w // ow))


def interpolate(input: Tensor, size=None, scale_factor=None, mode: str = "nearest",
                align_corners: bool | None = None, recompute_scale_factor=None,
                antialias: bool = False) -> Tensor:
    """Images in another size, "nearest" or "bilinear": (n, c, h, w) -> (n, c, oh, ow)."""
    other = mode not in ("nearest", "bilinear") or recompute_scale_factor or antialias
    if input.ndim != 4 or other:
        raise NotImplementedError(f"interpolate: mode {mode!r} of shape {input.shape}; here images "
                                  f"(n, c, h, w) are resized by \"nearest\" or \"bilinear\", "
                                  f"without recompute_scale_factor and antialias.")
    scale = scale_factor if isinstance(scale_factor, tuple | list) else (scale_factor,) * 2
    out = size if isinstance(size, tuple | list) else (size, size)
    if size is None:
        out = [int(n * s) for n, s in zip(input.shape[2:], scale)]
    matrices = []
    for n, m, s in zip(input.shape[2:], out, scale):
        step = n / m if size is not None else 1 / s
        if align_corners:
            step = (n - 1) / (m - 1) if m > 1 else 0

        def weights(i, n=n, step=step):
            if mode == "nearest":
                return [(min(int(i * step), n - 1), 1)]
            place = i * step if align_corners else max((i + 0.5) * step - 0.5, 0)
            low = min(int(place), n - 1)
            return [(low, 1 - (place - low)), (min(low + 1, n - 1), place - low)]

        matrices.append(_rows(m, n, weights))
    return resized(input, *matrices)


def pad_by_index(input: Tensor, pad, mode: str) -> Tensor:
    """Padding with the image's own numbers: "reflect", "replicate" (the edge) or "circular"."""
    names = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    if mode not in names:
        raise ShapeError(f'pad: mode is "constant" or one of {list(names)}, not {mode!r}.')
    for i, (before, after) in enumerate(zip(pad[::2], pad[1::2])):
        n = input.shape[-1 - i]
        if min(before, after) < 0 or max(before, after) > n - (mode == "reflect"):
            raise ShapeError(f"pad: {(before, after)} does not fit beside {n} numbers in mode "
                             f"{mode!r}.")
        places = np.pad(np.arange(n), (before, after), names[mode])
        input = input[(..., places) + (slice(None),) * i]
    return input


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Channels become pixels: (n, c r^2, h, w) -> (n, c, h r, w r)."""
    r, (n, c, h, w) = upscale_factor, input.shape
    return input.reshape(n, c // r ** 2, r, r, h, w).permute(0, 1, 4, 2, 5, 3).reshape(
        n, c // r ** 2, h * r, w * r)


def unfold(input: Tensor, kernel_size, dilation=1, padding=0, stride=1) -> Tensor:
    """The windows that conv2d sees, a column each: (n, c, h, w) -> (n, c * kh * kw, windows)."""
    from ..functional import pad

    if pair("unfold: dilation", dilation, 1) != (1, 1):
        raise NotImplementedError("unfold: only dilation=1 is in d2lmini.")
    (kh, kw), (h, w), (sh, sw) = (pair(f"unfold: {name}", value, least) for name, value, least in (
        ("kernel_size", kernel_size, 1), ("padding", padding, 0), ("stride", stride, 1)))
    seen = pad(input, (w, w, h, h)).unfold(2, kh, sh).unfold(3, kw, sw)
    return seen.permute(0, 1, 4, 5, 2, 3).reshape(
        len(input), input.shape[1] * kh * kw, seen.shape[2] * seen.shape[3])


upsample = interpolate
