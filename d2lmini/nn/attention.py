"""Attention with several heads, and the encoder of a transformer: `nn.MultiheadAttention`."""

from __future__ import annotations

import copy
import math

from .. import functional as F
from ..creation import zeros
from . import init
from .containers import ModuleList
from .further import LayerNorm
from .layers import Dropout, Linear
from .module import Module
from .parameter import Parameter


class NonDynamicallyQuantizableLinear(Linear):
    """PyTorch's name for the last layer of an attention."""


class MultiheadAttention(Module):
    """Attention in num_heads parts of the vectors at once (Vaswani et al., 2017).

    query (L, n, e), key and value (S, n, e), or (n, L, e) with batch_first, give (L, n, e) and the
    attention (n, L, S), the mean over the heads. Where a mask of bool is True there is none.
    """

    def __init__(self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True, *,
                 batch_first: bool = False):
        super().__init__()
        if embed_dim % num_heads:
            raise AssertionError(f"MultiheadAttention: embed_dim {embed_dim} must be divisible by "
                                 f"num_heads {num_heads}.")
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, dropout
        self.batch_first, self.head_dim = batch_first, embed_dim // num_heads
        self.in_proj_weight = Parameter(zeros(3 * embed_dim, embed_dim))
        self.register_parameter("in_proj_bias", Parameter(zeros(3 * embed_dim)) if bias else None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias)
        init.xavier_uniform_(self.in_proj_weight)
        if bias:
            init.zeros_(self.out_proj.bias)

    def forward(self, query, key, value, key_padding_mask=None, need_weights: bool = True,
                attn_mask=None, average_attn_weights: bool = True, is_causal: bool = False):
        if is_causal and attn_mask is None:
            raise RuntimeError("MultiheadAttention: is_causal=True is a hint, and needs attn_mask "
                               "as well: d2l.ones(n, n).triu(1).bool().")
        if query.ndim != 3:
            raise RuntimeError(f"MultiheadAttention: query has shape {query.shape}; expected three "
                               f"axes. Write x.unsqueeze(0) for one sequence with batch_first.")
        inputs = [x if self.batch_first else x.transpose(0, 1) for x in (query, key, value)]
        sizes = [x.shape[:2] for x in inputs]
        if len({n for n, _ in sizes}) > 1 or sizes[1] != sizes[2]:
            raise RuntimeError(f"MultiheadAttention: query, key and value hold (n, length) "
                               f"{sizes}; n and the length of key and value must agree.")
        weights = self.in_proj_weight.chunk(3)
        biases = (None,) * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        q, k, v = (self._heads(F.linear(x, w, b)) for x, w, b in zip(inputs, weights, biases))
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.head_dim)
        if attn_mask is not None:
            if attn_mask.ndim == 2 and attn_mask.shape != scores.shape[-2:]:
                raise RuntimeError(f"MultiheadAttention: attn_mask has shape {attn_mask.shape}, "
                                   f"not {scores.shape[-2:]}.")
            mask = attn_mask if attn_mask.ndim == 2 else attn_mask.reshape(scores.shape)
            scores = _masked(scores, mask)
        if key_padding_mask is not None:
            if key_padding_mask.shape != sizes[1]:
                raise AssertionError(f"MultiheadAttention: key_padding_mask has shape "
                                     f"{key_padding_mask.shape}, not {sizes[1]}.")
            scores = _masked(scores, key_padding_mask[:, None, None])
        attention = F.dropout(scores.softmax(-1), self.dropout, self.training)
        out = self.out_proj((attention @ v).transpose(1, 2).flatten(2))
        out = out if self.batch_first else out.transpose(0, 1)
        if not need_weights:
            return out, None
        return out, attention.mean(1) if average_attn_weights else attention

    def _heads(self, x):
        """(n, L, e) -> (n, heads, L, e / heads)."""
        return x.unflatten(-1, (self.num_heads, self.head_dim)).transpose(1, 2)


def _masked(scores, mask):
    return scores.masked_fill(mask, -math.inf) if mask.dtype == bool else scores + mask


class TransformerEncoderLayer(Module):
    """Attention of a sequence to itself, then a small network at each place, each with a bypass."""

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048,
                 dropout: float = 0.1, activation=F.relu, layer_norm_eps: float = 1e-5,
                 batch_first: bool = False, norm_first: bool = False, bias: bool = True):
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first)
        self.linear1 = Linear(d_model, dim_feedforward, bias)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.norm_first = norm_first
        self.activation = getattr(F, activation) if isinstance(activation, str) else activation

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal: bool = False):
        attend = lambda x: self.dropout1(self.self_attn(
            x, x, x, attn_mask=src_mask, key_padding_mask=src_key_padding_mask,
            need_weights=False, is_causal=is_causal)[0])
        feed = lambda x: self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))
        if self.norm_first:
            x = src + attend(self.norm1(src))
            return x + feed(self.norm2(x))
        x = self.norm1(src + attend(src))
        return self.norm2(x + feed(x))


class TransformerEncoder(Module):
    """num_layers copies of a layer, one after the other."""

    def __init__(self, encoder_layer, num_layers: int, norm=None,
                 enable_nested_tensor: bool = True, mask_check: bool = True):
        super().__init__()
        self.layers = ModuleList([copy.deepcopy(encoder_layer) for _ in range(num_layers)])
        self.num_layers, self.norm = num_layers, norm

    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal: bool = False):
        for layer in self.layers:
            src = layer(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask,
                        is_causal=is_causal)
        return src if self.norm is None else self.norm(src)
