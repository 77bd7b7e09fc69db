"""Sequences of different lengths as one tensor: `nn.utils.rnn`."""

from __future__ import annotations

from ...creation import cat, full, stack
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


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    """Not in d2lmini: NotImplementedError."""
    raise NotImplementedError("packed sequences are not in d2lmini. Run the layer on the padded "
                              "batch, and take the output of each sequence at its own length.")


pad_packed_sequence = pack_sequence = pack_padded_sequence
