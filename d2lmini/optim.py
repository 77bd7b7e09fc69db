"""Optimizers: how a parameter moves once its gradient is known. PyTorch's `torch.optim`, in short.

`step()` applies the formula in the docstring to each parameter p with gradient g; parameters whose
gradient is None stay. Schedules for the rate are in lr_scheduler.py. Read next: data.py, train.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from numbers import Real

import numpy as np

from . import lr_scheduler  # noqa: F401  (optim.lr_scheduler.StepLR, as in PyTorch)
from .backend.threads import in_place
from .engine import Node


class Optimizer:
    """Holds the parameters and their learning rate `lr`; subclasses write `update`.

    TypeError unless the parameters are a list of float tensors; ValueError if one was computed, or
    for an option that is not a number of at least 0.
    """

    def __init__(self, params: Iterable[Node], lr: float, weight_decay: float = 0.0):
        if isinstance(params, Node) or not isinstance(params, Iterable):
            raise TypeError(f"{type(self).__name__}: give the parameters as model.parameters() or "
                            f"a list of tensors, not a {type(params).__name__}.")
        self.params = list(params)
        if not self.params:
            raise ValueError(f"{type(self).__name__}: there are no parameters to train.")
        for p in self.params:
            if not isinstance(p, Node) or p.data.dtype.kind != "f":
                raise TypeError(f"{type(self).__name__}: {p!r} is not a tensor of floats.")
            if p._backward is not None:
                raise ValueError(f"{type(self).__name__}: a parameter of shape {p.data.shape} was "
                                 f"computed from other tensors, so it never gets a gradient; make "
                                 f"it a leaf: d2l.tensor(w.data, requires_grad=True).")
        self._check_options(lr=lr, weight_decay=weight_decay)
        self.lr, self.weight_decay = lr, weight_decay
        self.t = [0] * len(self.params)
        self.state: list[list[np.ndarray]] = [[] for _ in self.params]

    def _check_options(self, **options) -> None:
        if not all(isinstance(n, Real) and n >= 0 for n in options.values()):
            given = " and ".join(f"{name} ({n!r})" for name, n in options.items())
            raise ValueError(f"{type(self).__name__}: {given} cannot be negative; give plain "
                             f"numbers of at least 0.")

    def zero_grad(self) -> None:
        """Forget all gradients, so that the next backward() starts from nothing."""
        for p in self.params:
            p.grad = None

    def step(self) -> None:
        """Move each parameter, in place, by one step against its gradient.

        TypeError where `data` is no longer an array, or `grad` not a tensor.
        """
        for i, p in enumerate(self.params):
            if p.grad is not None:
                if isinstance(p.data, np.generic):  # a single number after p.data = p.data - 0.1
                    p.data = np.asarray(p.data)
                if not isinstance(p.data, np.ndarray) or not isinstance(p.grad, Node):
                    raise TypeError(f"step: a parameter's data must be an array and its grad a "
                                    f"tensor, not {type(p.data).__name__} and "
                                    f"{type(p.grad).__name__}. Write w.data[...] = values, "
                                    f"w.grad = d2l.tensor(values).")
                self.t[i] += 1
                if not self.state[i]:
                    self.state[i] = [np.zeros_like(p.data) for _ in range(self.kept)]
                in_place(partial(self._update, self.t[i]), p.data, p.grad.data, *self.state[i])

    def _update(self, t, p, g, *state):
        self.update(t, p, g + self.weight_decay * p if self.weight_decay else g, *state)

    kept = 0  # how many arrays of a parameter's shape, at first zero, `update` keeps between steps

    def update(self, t: int, p: np.ndarray, g: np.ndarray, *state: np.ndarray) -> None:
        """Change p and the state in place, element by element, in step t = 1, 2, … of p."""
        raise NotImplementedError


class SGD(Optimizer):
    """v = momentum v + g;  p = p - lr v, or with Nesterov's look ahead p - lr (g + momentum v).

    weight_decay adds weight_decay * p to g. Polyak (1964); Nesterov (1983); Sutskever (2013).
    """

    def __init__(self, params, lr: float = 1e-3, momentum: float = 0.0, *,
                 weight_decay: float = 0.0, nesterov: bool = False):
        super().__init__(params, lr, weight_decay)
        self._check_options(momentum=momentum)
        if nesterov and momentum <= 0:
            raise ValueError("SGD: nesterov=True needs a momentum above 0, for example 0.9.")
        self.momentum, self.nesterov, self.kept = momentum, nesterov, 1 if momentum else 0

    def update(self, t, p, g, v=None):
        if self.momentum:
            v *= self.momentum
            v += g
            g = g + self.momentum * v if self.nesterov else v
        p -= self.lr * g


class Adam(Optimizer):
    """m = b1 m + (1 - b1) g;  s = b2 s + (1 - b2) g^2;  p = p - lr m' / (sqrt(s') + eps).

    m' and s' are m / (1 - b1^t) and s / (1 - b2^t) at step t, which undoes the start from zero.
    weight_decay adds weight_decay * p to g. Kingma and Ba (2015).
    """

    def __init__(self, params, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0.0):
        super().__init__(params, lr, weight_decay)
        self._check_options(eps=eps)
        if np.shape(betas) != (2,) or not all(0 <= b < 1 for b in betas):
            raise ValueError(f"Adam: both betas lie in [0, 1), not {betas!r}.")
        self.betas, self.eps = betas, eps

    kept = 2

    def update(self, t, p, g, m, s):
        b1, b2 = self.betas
        m *= b1
        m += (1 - b1) * g
        s *= b2
        s += (1 - b2) * g * g
        p -= self.lr / (1 - b1**t) * m / (np.sqrt(s) / (1 - b2**t) ** 0.5 + self.eps)
