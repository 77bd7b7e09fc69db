"""Further optimizers, each as in PyTorch: AdamW, and Adam's ancestors."""

from __future__ import annotations

import numpy as np

from .optimizer import Adam, Optimizer, numbers


class AdamW(Adam):
    """Adam with p = p - lr weight_decay p instead of a larger g (Loshchilov and Hutter, 2019)."""

    def __init__(self, params, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 1e-2):
        super().__init__(params, lr, betas, eps, weight_decay)

    def decayed(self, p, g, group):
        lr, decay = numbers(group, "lr", "weight_decay")
        p *= 1 - lr * decay
        return g


class RMSprop(Optimizer):
    """s = alpha s + (1 - alpha) g^2;  p = p - lr g / (sqrt(s) + eps)  (Tieleman and Hinton, 2012).

    With momentum, v = momentum v + g / (sqrt(s) + eps) and p = p - lr v. `centered` subtracts the
    square of an average of g from s. weight_decay adds weight_decay * p to g.
    """

    def __init__(self, params, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
                 weight_decay: float = 0, momentum: float = 0, centered: bool = False):
        super().__init__(params, dict(lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay,
                                      momentum=momentum, centered=centered))

    def update(self, p, g, state, group):
        lr, alpha, eps, decay, momentum = numbers(
            group, "lr", "alpha", "eps", "weight_decay", "momentum")
        g = g + decay * p if decay else g
        s = state.setdefault("square_avg", np.zeros_like(p))
        s *= alpha
        s += (1 - alpha) * g * g
        if group["centered"]:
            m = state.setdefault("grad_avg", np.zeros_like(p))
            m += (1 - alpha) * (g - m)
            s = s - m * m
        g = g / (np.sqrt(s) + eps)
        if momentum:
            v = state.setdefault("momentum_buffer", np.zeros_like(p))
            v *= momentum
            v += g
            g = v
        p -= lr * g


class Adagrad(Optimizer):
    """s = s + g^2;  p = p - lr g / (sqrt(s) + eps), lr / (1 + (t - 1) lr_decay) at step t.

    weight_decay adds weight_decay * p to g. Duchi, Hazan and Singer (2011).
    """

    def __init__(self, params, lr: float = 1e-2, lr_decay: float = 0, weight_decay: float = 0,
                 initial_accumulator_value: float = 0, eps: float = 1e-10):
        super().__init__(params, dict(
            lr=lr, lr_decay=lr_decay, weight_decay=weight_decay, eps=eps,
            initial_accumulator_value=initial_accumulator_value))

    def update(self, p, g, state, group):
        lr, lr_decay, decay, start, eps = numbers(
            group, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")
        g = g + decay * p if decay else g
        t = state.setdefault("step", np.zeros((), np.float32))
        s = state.setdefault("sum", np.full_like(p, start))
        t += 1
        s += g * g
        p -= lr / (1 + (float(t) - 1) * lr_decay) * g / (np.sqrt(s) + eps)


class Adadelta(Optimizer):
    """s = rho s + (1 - rho) g^2;  d = sqrt(u + eps) / sqrt(s + eps) g;  p = p - lr d.

    u averages d^2 as s averages g^2, so that a step has the unit of p. weight_decay adds
    weight_decay * p to g. Zeiler (2012).
    """

    def __init__(self, params, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6,
                 weight_decay: float = 0):
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay))

    def update(self, p, g, state, group):
        lr, rho, eps, decay = numbers(group, "lr", "rho", "eps", "weight_decay")
        g = g + decay * p if decay else g
        s = state.setdefault("square_avg", np.zeros_like(p))
        u = state.setdefault("acc_delta", np.zeros_like(p))
        s *= rho
        s += (1 - rho) * g * g
        d = np.sqrt(u + eps) / np.sqrt(s + eps) * g
        u *= rho
        u += (1 - rho) * d * d
        p -= lr * d
