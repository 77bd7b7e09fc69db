"""How a parameter moves once its gradient is known: SGD and Adam, as in `torch.optim`.

`step()` calls `update` for each parameter that has a gradient; the formula is in the docstring.
Options live in `param_groups`, a list of dicts, and may be changed there at any time. further.py
has AdamW and others. Read next: schedules.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from ..tensor import Tensor
from .spellings import ADAM_OPTIONS, OptimizerSpellings, check_betas


class Optimizer(OptimizerSpellings):
    """Holds the parameters and their options; subclasses write `update`.

    `params` are tensors, or dicts such as {"params": tensors, "lr": 0.1} with options of their own.
    TypeError for anything else; ValueError for an option below 0 or a tensor that was computed.
    """

    def __init__(self, params: Iterable, defaults: dict, **further):
        self.param_groups, self.defaults = [], self.with_further(defaults, further)
        self.state = defaultdict(dict)  # of each parameter: what `update` keeps between steps
        for group in self.as_groups(params):
            self.add_param_group(group)

    def add_param_group(self, group: dict) -> None:
        """Train more parameters, {"params": tensors}, with options of their own where given."""
        params = group["params"]
        group["params"] = [params] if isinstance(params, Tensor) else list(params)
        for name, value in self.defaults.items():
            group.setdefault(name, value)
        self.check_group(group)
        self.param_groups.append(group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients, so that the next backward() starts from nothing."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad.zero_()

    def step(self, closure: Callable | None = None):
        """Move each parameter that has a gradient; returns what `closure()`, called first, gave."""
        loss = None if closure is None else closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    g = -p.grad.array if group["maximize"] else p.grad.array
                    self.update(p.array, g, self.state[p], group)
                    p.bump()
        return loss

    def update(self, p: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        """Change p in place, given its gradient g, what was kept in `state`, and the options."""
        raise NotImplementedError


def numbers(group: dict, *names: str) -> list[float]:
    """These options as Python's floats, which leave the dtype of an array as it is."""
    return [float(group[name]) for name in names]


def kept(state: dict, name: str, p: np.ndarray) -> np.ndarray:
    """What is kept of p under this name between steps: at first zeros."""
    if name not in state:
        state[name] = np.zeros_like(p)
    return state[name]


def step_number(state: dict) -> float:
    """The number of this step of a parameter: 1, 2, …"""
    state["step"] = np.float32(state.get("step", 0) + 1)
    return float(state["step"])


class SGD(Optimizer):
    """v = momentum v + (1 - dampening) g;  p = p - lr v, or with Nesterov p - lr (g + momentum v).

    v is g in the first step. weight_decay adds weight_decay * p to g. Polyak (1964); Nesterov
    (1983); Sutskever et al. (2013).
    """

    def __init__(self, params, lr: float = 1e-3, momentum: float = 0, dampening: float = 0,
                 weight_decay: float = 0, nesterov: bool = False, **further):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("SGD: nesterov=True needs a momentum above 0, for example 0.9, and no "
                             "dampening.")
        super().__init__(params, dict(lr=lr, momentum=momentum, dampening=dampening,
                                      weight_decay=weight_decay, nesterov=nesterov), **further)

    def update(self, p, g, state, group):
        lr, momentum, dampening, decay = numbers(
            group, "lr", "momentum", "dampening", "weight_decay")
        if decay:
            g = g + decay * p
        if momentum:
            v = state.get("momentum_buffer")
            if v is None:
                v = state["momentum_buffer"] = np.array(g)
            else:
                v *= momentum
                v += (1 - dampening) * g if dampening else g
            g = g + momentum * v if group["nesterov"] else v
        p -= lr * g


class Adam(Optimizer):
    """m = b1 m + (1 - b1) g;  s = b2 s + (1 - b2) g^2;  p = p - lr m' / (sqrt(s') + eps).

    m' and s' are m / (1 - b1^t) and s / (1 - b2^t) at step t, which undoes the start from zero.
    weight_decay adds weight_decay * p to g, or, decoupled, shrinks p itself (AdamW). amsgrad takes
    the largest s so far. Kingma and Ba (2015); Reddi et al. (2018).
    """

    further = ADAM_OPTIONS

    def __init__(self, params, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0, amsgrad: bool = False, **further):
        check_betas(betas)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      amsgrad=amsgrad), **further)

    def update(self, p, g, state, group):
        lr, eps, decay = numbers(group, "lr", "eps", "weight_decay")
        b1, b2 = map(float, group["betas"])
        if group["decoupled_weight_decay"]:
            p *= 1 - lr * decay
        elif decay:
            g = g + decay * p
        t, m, s = step_number(state), kept(state, "exp_avg", p), kept(state, "exp_avg_sq", p)
        m *= b1
        m += (1 - b1) * g
        s *= b2
        s += (1 - b2) * g * g
        if group["amsgrad"]:
            s = state["max_exp_avg_sq"] = np.maximum(s, state.get("max_exp_avg_sq", 0))
        # Numerator and denominator of the formula times `root`, because s' itself could overflow.
        root = (1 - b2**t) ** 0.5
        p -= lr * root / (1 - b1**t) * m / (np.sqrt(s) + eps * root)
