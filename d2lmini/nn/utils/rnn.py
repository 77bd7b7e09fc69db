"""Sequences of different lengths as one tensor: `nn.utils.rnn`."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from ... import functional as F
from ...creation import cat, full, stack, tensor
from ...tensor import Tensor


def pad_sequence(sequences: list[Tensor], batch_first: bool = False,
                 padding_value: float = 0.0, padding_side: str = "right") -> Tensor:
    """Tensors (length, ...) filled up to the longest: (length, n, ...), or (n, length, ...)."""
    longest, first = max(len(s) for s in sequences), sequences[0]
    rows = []
    for s in sequences:
        rest = full((longest - len(s), *first.shape[1:]), padding_value, dtype=first.dtype)
        rows.append((s, rest) if padding_side == "right" else (rest, s))
    return stack([cat(row) for row in rows], 0 if batch_first else 1)


class PackedSequence(tuple):
    """Sequences from long to short without their padding: batch_sizes[t] rows of step t."""

    data, batch_sizes, sorted_indices, unsorted_indices = (
        property(itemgetter(i)) for i in range(4))

    def __new__(cls, data, batch_sizes, sorted_indices=None, unsorted_indices=None):
        return super().__new__(cls, (data, batch_sizes, sorted_indices, unsorted_indices))

    def __getnewargs__(self):
        return tuple(self)

    def __repr__(self):
        names = "data", "batch_sizes", "sorted_indices", "unsorted_indices"
        return f"PackedSequence({', '.join(f'{n}={part!r}' for n, part in zip(names, self))})"


def pack_padded_sequence(input: Tensor, lengths, batch_first: bool = False,
                         enforce_sorted: bool = True) -> PackedSequence:
    """The padded sequences without their padding, for a recurrent layer."""
    lengths = np.array(lengths.tolist() if isinstance(lengths, Tensor) else lengths)
    x, order = input.transpose(0, 1) if batch_first else input, np.argsort(-lengths, kind="stable")
    if len(lengths) != x.shape[1] or lengths.min() < 1 or lengths.max() > len(x):
        raise RuntimeError(f"pack_padded_sequence: lengths {lengths.tolist()} do not fit an input "
                           f"of shape {input.shape}.")
    if enforce_sorted and (order != np.arange(len(order))).any():
        raise RuntimeError(f"pack_padded_sequence: lengths {lengths.tolist()} do not fall. Write "
                           f"enforce_sorted=False.")
    sizes = (lengths > np.arange(lengths.max())[:, None]).sum(1).tolist()
    x = x if enforce_sorted else x[:, order]
    orders = [None, None] if enforce_sorted else [tensor(order), tensor(np.argsort(order))]
    return PackedSequence(cat([x[t, :n] for t, n in enumerate(sizes)]), tensor(sizes), *orders)


def pack_sequence(sequences: list[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences (length, ...) for a recurrent layer."""
    return pack_padded_sequence(pad_sequence(sequences), [len(s) for s in sequences],
                                enforce_sorted=enforce_sorted)


def pad_packed_sequence(sequence: PackedSequence, batch_first: bool = False,
                        padding_value: float = 0.0, total_length: int | None = None) -> tuple:
    """(padded sequences, their lengths), in the order that they had before packing."""
    data, sizes, _, back = sequence
    sizes = sizes.tolist() + [0] * ((total_length or 0) - len(sizes))
    rows = [cat([part, full((sizes[0] - n, *data.shape[1:]), padding_value, dtype=data.dtype)])
            for n, part in zip(sizes, data.split(sizes))]
    x, lengths = stack(rows, 1), (tensor(sizes)[:, None] > tensor(range(sizes[0]))).sum(0)
    x, lengths = (x, lengths) if back is None else (x[back], lengths[back])
    return x if batch_first else x.transpose(0, 1), lengths


def run_packed(layer, sequence: PackedSequence, hx=None) -> tuple:
    """What the recurrent `layer` gives for packed sequences: each stops at its own end."""
    data, sizes, order, back = sequence
    x, last = data.split(sizes.tolist()), []
    if hx is not None and order is not None:
        hx = hx[:, order] if isinstance(hx, Tensor) else tuple(s[:, order] for s in hx)
    state = layer._first_state(hx, len(x[0]), data.dtype)
    for k in range(layer.num_layers):
        if k and layer.dropout:
            x = F.dropout(cat(x), layer.dropout, layer.training).split(sizes.tolist())
        outs = []
        for way in layer.passes:
            now, steps = [s[len(last)] for s in state], [None] * len(x)
            for t in reversed(range(len(x))) if way else range(len(x)):
                step, n = x[t], len(x[t])
                out, new = layer._through_time(step[None], [s[:n] for s in now], f"_l{k}{way}")
                steps[t] = out[0]
                now = [cat([a, s[n:]]) for a, s in zip(new, now)]
            outs.append(steps)
            last.append(now)
        x = outs[0] if len(outs) == 1 else [cat(pair, 1) for pair in zip(*outs)]
    state = tuple(stack(parts) for parts in zip(*last))
    state = state if back is None else tuple(s[:, back] for s in state)
    return PackedSequence(cat(x), sizes, order, back), state if layer.states > 1 else state[0]
