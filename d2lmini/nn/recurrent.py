"""Recurrent layers, read in lesson 10: a state that is fed back from one step of time to the next.

Shapes and names are PyTorch's: inputs (L, n, in) for L steps of n sequences, or (n, L, in) with
batch_first; weight_ih_l0 (gates * hidden, in) of layer 0, weight_hh_l0 (gates * hidden, hidden).
"""

from __future__ import annotations

import math

from .. import functional as F
from ..creation import cat, stack, zeros
from ..tensor import Tensor
from . import init
from .module import Module
from .parameter import Parameter
from .utils.rnn import PackedSequence, run_packed


class _Recurrent(Module):
    """The loop over time. Subclasses write `cell`, one step for a batch of sequences."""

    gates, states = 1, 1  # how many parts of size hidden the weights compute; how many are fed back

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
                 batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False):
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, dropout
        self.bidirectional = bidirectional
        self.passes = ["", "_reverse"] if bidirectional else [""]  # through time, in each layer
        limit, rows = 1 / math.sqrt(hidden_size), self.gates * hidden_size
        for k in range(num_layers):
            inputs = hidden_size * len(self.passes) if k else input_size
            shapes = {"weight_ih": (rows, inputs), "weight_hh": (rows, hidden_size),
                      "bias_ih": (rows,), "bias_hh": (rows,)}
            for way in self.passes:
                for name, shape in shapes.items():
                    if bias or name.startswith("weight"):
                        p = init.uniform_(Parameter(zeros(*shape)), -limit, limit)
                        self.register_parameter(f"{name}_l{k}{way}", p)

    def cell(self, x: Tensor, h: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        """The next state, from what input and hidden state give to the gates: (n, gates * hidden).

        The first part of the state is the output.
        """
        raise NotImplementedError

    def forward(self, input, hx=None):
        """(outputs of the last layer at each step, last state of each layer and direction)."""
        if type(input) is PackedSequence:
            return run_packed(self, input, hx)
        x = self._time_first(input)
        state = self._first_state(hx, x.shape[1], x.dtype)
        last = []
        for k in range(self.num_layers):
            if k and self.dropout:
                x = F.dropout(x, self.dropout, self.training)
            outs = []
            for way in self.passes:
                out, now = self._through_time(x, [s[len(last)] for s in state], f"_l{k}{way}")
                outs.append(out)
                last.append(now)
            x = outs[0] if len(outs) == 1 else cat(outs, 2)
        state = tuple(stack(parts) for parts in zip(*last))
        if input.ndim == 2:
            x, state = x.squeeze(1), tuple(s.squeeze(1) for s in state)
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, state if self.states > 1 else state[0]

    def _through_time(self, x: Tensor, now: list[Tensor], name: str) -> tuple:
        """The outputs of each step and the last state, of one layer in one direction."""
        w_ih, w_hh, b_ih, b_hh = (getattr(self, part + name, None) for part in (
            "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        order, outputs = range(len(x)), {}
        for t in reversed(order) if name.endswith("_reverse") else order:
            now = self.cell(F.linear(x[t], w_ih, b_ih), F.linear(now[0], w_hh, b_hh), *now)
            outputs[t] = now[0]
        return stack([outputs[t] for t in order]), now

    def _time_first(self, x: Tensor) -> Tensor:
        """The input as (L, n, in), also of one sequence (L, in) without a batch axis."""
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size or 0 in x.shape:
            raise RuntimeError(f"{type(self).__name__}: input has shape {x.shape}; expected "
                               f"(length, n, {self.input_size}), or (n, length, "
                               f"{self.input_size}) with batch_first=True.")
        if x.ndim == 2:
            return x.unsqueeze(1)
        return x.transpose(0, 1) if self.batch_first else x

    def _first_state(self, hx, n: int, dtype) -> list[Tensor]:
        """The parts of the state, each (num_layers, n, hidden): zeros unless given."""
        shape = self.num_layers * len(self.passes), n, self.hidden_size
        if hx is None:
            return [zeros(*shape, dtype=dtype) for _ in range(self.states)]
        state = [s.unsqueeze(1) if s.ndim == 2 else s for s in (
            hx if isinstance(hx, tuple | list) else [hx])]
        if len(state) != self.states or any(s.shape != shape for s in state):
            raise RuntimeError(f"{type(self).__name__}: the state has shapes "
                               f"{[s.shape for s in state]}; expected {self.states} of {shape}.")
        return state

    def flatten_parameters(self) -> None:
        """Nothing to do: it is for GPUs."""

    def extra_repr(self):
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0,
                 "bidirectional": False}
        options = [f", {name}={getattr(self, name)}" for name, value in usual.items()
                   if getattr(self, name) != value]
        return f"{self.input_size}, {self.hidden_size}{''.join(options)}"


class RNN(_Recurrent):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu (Elman, 1990)."""

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1,
                 nonlinearity: str = "tanh", bias: bool = True, batch_first: bool = False,
                 dropout: float = 0.0, bidirectional: bool = False):
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"RNN: nonlinearity is 'tanh' or 'relu', not {nonlinearity!r}.")
        self.nonlinearity = nonlinearity

    def cell(self, x, h, hidden):
        return (F.relu(x + h) if self.nonlinearity == "relu" else F.tanh(x + h),)


class GRU(_Recurrent):
    """h' = (1 - z) n + z h: a gate z decides what stays (Cho et al., 2014).

    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z);  n = tanh(x_n + r h_n), where x_r is a third of
    W_ih x + b_ih and h_r a third of W_hh h + b_hh.
    """

    gates = 3

    def cell(self, x, h, hidden):
        (x_r, x_z, x_n), (h_r, h_z, h_n) = _parts(x, 3), _parts(h, 3)
        r, z = F.sigmoid(x_r + h_r), F.sigmoid(x_z + h_z)
        n = F.tanh(x_n + r * h_n)
        return ((1 - z) * n + z * hidden,)


class LSTM(_Recurrent):
    """c' = f c + i g;  h' = o tanh(c'): a memory c beside the output (Hochreiter et al., 1997).

    i, f, o are sigmoids and g the tanh of the quarters of W_ih x + b_ih + W_hh h + b_hh, in the
    order i, f, g, o.
    """

    gates, states = 4, 2

    def cell(self, x, h, hidden, memory):
        i, f, g, o = _parts(x + h, 4)
        memory = F.sigmoid(f) * memory + F.sigmoid(i) * F.tanh(g)
        return F.sigmoid(o) * F.tanh(memory), memory


def _parts(x: Tensor, n: int) -> list[Tensor]:
    """(m, n * hidden) -> n parts of (m, hidden)."""
    size = x.shape[1] // n
    return [x[:, i * size:(i + 1) * size] for i in range(n)]


class _Cell(Module):
    """One step of a recurrent layer: (n, in) and a state (n, hidden) -> the next state."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, **options):
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        layer = type(self).layer(input_size, hidden_size, bias=bias, **options)
        self.__dict__["step"] = layer.cell
        for name, p in layer.named_parameters():
            self.register_parameter(name.removesuffix("_l0"), p)

    def forward(self, input, hx=None):
        states = type(self).layer.states
        x = F.linear(input, self.weight_ih, getattr(self, "bias_ih", None))
        if hx is None:
            empty = zeros(*input.shape[:-1], self.hidden_size, dtype=input.dtype)
            state = [empty] * states
        else:
            state = list(hx) if states > 1 else [hx]
        if any(s.shape[:-1] != input.shape[:-1] for s in state):
            raise RuntimeError(f"{type(self).__name__}: input {input.shape} needs a state of shape "
                               f"{(*input.shape[:-1], self.hidden_size)}, not {state[0].shape}.")
        h = F.linear(state[0], self.weight_hh, getattr(self, "bias_hh", None))
        if input.ndim == 1:
            now = [s[0] for s in self.step(x[None], h[None], *(s[None] for s in state))]
        else:
            now = self.step(x, h, *state)
        return tuple(now) if states > 1 else now[0]

    def extra_repr(self):
        return f"{self.input_size}, {self.hidden_size}{', bias=False' * (not self.bias)}"


class RNNCell(_Cell):
    """One step of an RNN."""

    layer = RNN

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 nonlinearity: str = "tanh"):
        super().__init__(input_size, hidden_size, bias, nonlinearity=nonlinearity)
        self.nonlinearity = nonlinearity

    def extra_repr(self):
        other = f", nonlinearity={self.nonlinearity}" * (self.nonlinearity != "tanh")
        return super().extra_repr() + other


class GRUCell(_Cell):
    """One step of a GRU."""

    layer = GRU


class LSTMCell(_Cell):
    """One step of an LSTM: the state is the pair (h, c)."""

    layer = LSTM
