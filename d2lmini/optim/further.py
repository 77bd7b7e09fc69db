"""Further optimizers, each as in PyTorch: AdamW, and Adam's ancestors."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from .optimizer import Adam, Optimizer, kept, numbers, step_number
from .spellings import ADAM_OPTIONS


class AdamW(Adam):
    """Adam with p = p - lr weight_decay p instead of a larger g (Loshchilov and Hutter, 2019)."""

    further: ClassVar = ADAM_OPTIONS | {"decoupled_weight_decay": True}

    def __init__(self, params, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 1e-2, amsgrad: bool = False, **further):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, **further)


class RMSprop(Optimizer):
    """s = alpha s + (1 - alpha) g^2;  p = p - lr g / (sqrt(s) + eps)  (Tieleman and Hinton, 2012).

    With momentum, v = momentum v + g / (sqrt(s) + eps) and p = p - lr v. `centered` subtracts the
    square of an average of g from s. weight_decay adds weight_decay * p to g.
    """

    further: ClassVar = {"capturable": False, "foreach": None, "maximize": False,
                         "differentiable": False}

    def __init__(self, params, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
                 weight_decay: float = 0, momentum: float = 0, centered: bool = False, **further):
        super().__init__(params, dict(lr=lr, momentum=momentum, alpha=alpha, eps=eps,
                                      centered=centered, weight_decay=weight_decay), **further)

    def update(self, p, g, state, group):
        lr, alpha, eps, decay, momentum = numbers(
            group, "lr", "alpha", "eps", "weight_decay", "momentum")
        g = g + decay * p if decay else g
        step_number(state)  # as PyTorch does; the formula does not need it
        s = kept(state, "square_avg", p)
        s *= alpha
        s += (1 - alpha) * g * g
        if group["centered"]:
            m = kept(state, "grad_avg", p)
            m += (1 - alpha) * (g - m)
            s = s - m * m
        g = g / (np.sqrt(s) + eps)
        if momentum:
            v = kept(state, "momentum_buffer", p)
            v *= momentum
            v += g
            g = v
        p -= lr * g


class Adagrad(Optimizer):
    """s = s + g^2;  p = p - lr g / (sqrt(s) + eps), lr / (1 + (t - 1) lr_decay) at step t.

    weight_decay adds weight_decay * p to g. Duchi, Hazan and Singer (2011).
    """

    further: ClassVar = {"foreach": None, "maximize": False, "differentiable": False, "fused": None}

    def __init__(self, params, lr: float = 1e-2, lr_decay: float = 0, weight_decay: float = 0,
                 initial_accumulator_value: float = 0, eps: float = 1e-10, **further):
        super().__init__(params, dict(
            lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value), **further)

    def update(self, p, g, state, group):
        lr, lr_decay, decay, start, eps = numbers(
            group, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")
        g = g + decay * p if decay else g
        t = step_number(state)
        if "sum" not in state:
            state["sum"] = np.full_like(p, start)
        s = state["sum"]
        s += g * g
        p -= lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(s) + eps)


class Adadelta(Optimizer):
    """s = rho s + (1 - rho) g^2;  d = sqrt(u + eps) / sqrt(s + eps) g;  p = p - lr d.

    u averages d^2 as s averages g^2, so that a step has the unit of p. weight_decay adds
    weight_decay * p to g. Zeiler (2012).
    """

    further: ClassVar = {"maximize": False, "capturable": False, "foreach": None,
                         "differentiable": False}

    def __init__(self, params, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6,
                 weight_decay: float = 0, **further):
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay),
                         **further)

    def update(self, p, g, state, group):
        lr, rho, eps, decay = numbers(group, "lr", "rho", "eps", "weight_decay")
        g = g + decay * p if decay else g
        step_number(state)  # as PyTorch does; the formula does not need it
        s, u = kept(state, "square_avg", p), kept(state, "acc_delta", p)
        s *= rho
        s += (1 - rho) * g * g
        d = np.sqrt(u + eps) / np.sqrt(s + eps) * g
        u *= rho
        u += (1 - rho) * d * d
        p -= lr * d
