"""More of PyTorch's functions, for functional.py: pooling, embedding, normalization."""

from __future__ import annotations

import math

import numpy as np

from ..checks import check_tensors
from ..creation import ones
from ..tensor import Tensor, op
from . import activations, convolution, losses, sizes
from .activations import *  # noqa: F403
from .convolution import *  # noqa: F403
from .losses import *  # noqa: F403

__all__ = [
    "adaptive_avg_pool2d", "batch_norm", "dropout2d", "embedding", "group_norm", "instance_norm",
    "layer_norm", "rms_norm", "scaled_dot_product_attention",
    *activations.__all__, *convolution.__all__, *losses.__all__,
]


def adaptive_avg_pool2d(input: Tensor, output_size) -> Tensor:
    """The mean of (oh, ow) windows that cover the image: (n, c, h, w) -> (n, c, oh, ow)."""
    (h, w), (oh, ow) = input.shape[-2:], sizes.output_pair(input, output_size)
    if h % oh == 0 and w % ow == 0:
        lead = input.shape[:-2]
        return input.reshape(*lead, oh, h // oh, ow, w // ow).mean((-3, -1))
    return convolution.resized(input, convolution.adaptive_matrix(oh, h),
                               convolution.adaptive_matrix(ow, w))


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Dropout of whole channels: (n, c, h, w) -> the same (Tompson et al., 2015)."""
    from ..functional import dropout  # functional.py takes these functions

    return input * dropout(ones(*input.shape[:-2], 1, 1, dtype=input.dtype), p, training)


def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    """The rows of `weight` (words, size) at the integers in `input`: (n, t) -> (n, t, size)."""
    rows, (words, _) = sizes.check_embedding(input, weight), weight.shape
    shape, dtype = weight.shape, weight.dtype

    def derivative(g):
        d = np.zeros(shape, dtype)
        np.add.at(d, rows, g)
        if padding_idx is not None:
            d[padding_idx % words] = 0
        return d

    return op("embedding", weight.array[rows], (weight, derivative))


def batch_norm(input: Tensor, running_mean, running_var, weight=None, bias=None,
               training: bool = False, momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """(x - mean) / sqrt(var + eps) * weight + bias, for each channel (Ioffe and Szegedy, 2015).

    (n, c) or (n, c, h, w). In training the mean and variance are the batch's own, and the running
    averages move toward them by `momentum`, in place; otherwise the running averages are used.
    """
    check_tensors("batch_norm", input, running_mean, running_var, weight, bias)
    dims = (0, *range(2, input.ndim))
    column = (-1,) + (1,) * (input.ndim - 2)  # (c,) -> (c, 1, 1): one number a channel
    sizes.check_each("batch_norm", input.dtype, input.shape[1], "channels", running_mean,
                     running_var, weight, bias)
    if training or running_mean is None:
        n = sizes.check_batch_norm(input)
        mean = input.mean(dims, keepdim=True)
        away = input - mean
        var = (away * away).mean(dims, keepdim=True)
        if running_mean is not None:
            for running, now in (running_mean, mean), (running_var, var * (n / max(n - 1, 1))):
                running.array += momentum * (now.array.reshape(-1) - running.array)
                running.bump()
    else:
        away, var = input - running_mean.reshape(column), running_var.reshape(column)
    out = away / (var + eps).sqrt()
    out = out if weight is None else out * weight.reshape(column)
    return out if bias is None else out + bias.reshape(column)


def layer_norm(input: Tensor, normalized_shape, weight=None, bias=None,
               eps: float = 1e-5) -> Tensor:
    """(x - mean) / sqrt(var + eps) * weight + bias over the last axes (Ba et al., 2016)."""
    shape = tuple(normalized_shape) if isinstance(normalized_shape, tuple | list) else (
        normalized_shape,)
    if input.shape[-len(shape):] != shape:
        raise RuntimeError(f"layer_norm: input has shape {input.shape}; its last axes should be "
                           f"{shape}.")
    sizes.check_each("layer_norm", input.dtype, math.prod(shape), "features", weight, bias)
    dims = tuple(range(-len(shape), 0))
    away = input - input.mean(dims, keepdim=True)
    out = away / ((away * away).mean(dims, keepdim=True) + eps).sqrt()
    out = out if weight is None else out * weight
    return out if bias is None else out + bias


def rms_norm(input: Tensor, normalized_shape, weight=None, eps: float | None = None) -> Tensor:
    """x / sqrt(mean(x^2) + eps) * weight over the last axes (Zhang and Sennrich, 2019)."""
    dims = tuple(range(-len(normalized_shape), 0))
    if input.shape[dims[0]:] != tuple(normalized_shape):
        raise RuntimeError(f"rms_norm: input has shape {input.shape}; its last axes should be "
                           f"{tuple(normalized_shape)}.")
    sizes.check_each("rms_norm", None, math.prod(normalized_shape), "features", weight)
    eps = np.finfo(input.dtype).eps if eps is None else eps
    out = input / ((input * input).mean(dims, keepdim=True) + float(eps)).sqrt()
    return out if weight is None else (out * weight).to(input.dtype)


def instance_norm(input: Tensor, running_mean=None, running_var=None, weight=None, bias=None,
                  use_input_stats: bool = True, momentum: float = 0.1,
                  eps: float = 1e-5) -> Tensor:
    """(x - mean) / sqrt(var + eps) of each channel of each image by itself."""
    if running_mean is not None or not use_input_stats:
        raise NotImplementedError("instance_norm: running averages are not in d2lmini.")
    return group_norm(input, input.shape[1], weight, bias, eps)


def group_norm(input: Tensor, num_groups: int, weight=None, bias=None,
               eps: float = 1e-5) -> Tensor:
    """layer_norm over each of num_groups groups of channels of (n, c, ...) (Wu and He, 2018)."""
    sizes.check_each("group_norm", input.dtype, input.shape[1], "channels", weight, bias)
    rows = input.reshape(len(input), num_groups, -1)
    out = layer_norm(rows, rows.shape[-1], eps=eps).reshape(input.shape)
    column = (-1,) + (1,) * (input.ndim - 2)
    out = out if weight is None else out * weight.reshape(column)
    return out if bias is None else out + bias.reshape(column)


def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask=None,
                                 dropout_p: float = 0.0, is_causal: bool = False,
                                 scale: float | None = None) -> Tensor:
    """softmax(query @ key.mT / sqrt(size)) @ value (Vaswani et al., 2017).

    Where a mask of bool is False there is no attention; one of floats is added to the products.
    """
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = query @ key.transpose(-2, -1) * scale
    if is_causal and attn_mask is not None:
        raise RuntimeError("scaled_dot_product_attention: give attn_mask or is_causal=True, not "
                           "both.")
    if is_causal:
        attn_mask = Tensor.from_array(np.tri(*scores.shape[-2:], dtype=bool))
    if attn_mask is not None:
        bools = attn_mask.dtype == bool
        scores = scores.masked_fill(~attn_mask, -math.inf) if bools else scores + attn_mask
    weights = scores.softmax(-1)
    if dropout_p:
        from ..functional import dropout

        weights = dropout(weights, dropout_p)
    return weights @ value
