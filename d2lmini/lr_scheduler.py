"""Schedules that change an optimizer's learning rate: `optim.lr_scheduler`, with PyTorch's names.

Each is a formula for the rate after t calls of `step()`. Read next: optim.py.
"""

from __future__ import annotations

import math


class LRScheduler:
    """Sets `optimizer.lr` to `rate(t)` now (t = 0) and after each of the t calls of `step()`."""

    def __init__(self, optimizer):
        if not hasattr(optimizer, "lr"):
            raise TypeError(f"{type(self).__name__}: the first argument is the optimizer, not a "
                            f"{type(optimizer).__name__}.")
        self.optimizer, self.base_lr, self.t = optimizer, optimizer.lr, 0
        optimizer.lr = self.rate(0)

    def rate(self, t: int) -> float:
        """The learning rate after t steps; every schedule writes its own."""
        raise NotImplementedError

    def step(self) -> None:
        """Count one more step (a batch or an epoch, as you like) and set the rate for the next."""
        self.t += 1
        self.optimizer.lr = self.rate(self.t)

    def get_last_lr(self) -> list[float]:
        """The rate in force, in a list as in PyTorch."""
        return [self.optimizer.lr]


class StepLR(LRScheduler):
    """base_lr * gamma^(t // step_size): the rate drops every `step_size` steps, at least 1."""

    def __init__(self, optimizer, step_size: int, gamma: float = 0.1):
        _at_least("StepLR: step_size", step_size, 1)
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def rate(self, t):
        return self.base_lr * self.gamma ** (t // self.step_size)


class CosineAnnealingLR(LRScheduler):
    """Half a cosine from base_lr to eta_min in T_max steps (Loshchilov and Hutter, 2017)."""

    def __init__(self, optimizer, T_max: int, eta_min: float = 0.0):
        _at_least("CosineAnnealingLR: T_max", T_max, 1)
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def rate(self, t):
        share = (1 + math.cos(math.pi * t / self.T_max)) / 2
        return self.eta_min + (self.base_lr - self.eta_min) * share


class OneCycleLR(LRScheduler):
    """Up by a cosine to max_lr, then down to almost nothing (Smith and Topin, 2018).

    It begins at max_lr / div_factor, reaches max_lr after the share `pct_start` of `total_steps`
    and ends at max_lr / div_factor / final_div_factor. The momentum stays as it is. ValueError
    for fewer than 2 steps, or a share that is not between 0 and 1.
    """

    def __init__(self, optimizer, max_lr: float, total_steps: int, pct_start: float = 0.3,
                 div_factor: float = 25.0, final_div_factor: float = 1e4):
        _at_least("OneCycleLR: total_steps", total_steps, 2)
        if not 0 <= pct_start <= 1:
            raise ValueError(f"OneCycleLR: pct_start is a share between 0 and 1, not {pct_start}.")
        self.max_lr, self.total_steps, self.pct_start = max_lr, total_steps, pct_start
        self.first, self.last = max_lr / div_factor, max_lr / div_factor / final_div_factor
        super().__init__(optimizer)

    def rate(self, t):
        top, end = self.pct_start * self.total_steps - 1, self.total_steps - 1
        t = min(t, end)
        if t <= top:
            return _cosine(self.first, self.max_lr, t / top if top > 0 else 1.0)
        return _cosine(self.max_lr, self.last, (t - top) / (end - top))


def _at_least(name: str, steps: int, least: int) -> None:
    """Raise a sentence unless `steps`, the option `name`, is at least `least`."""
    if steps < least:
        raise ValueError(f"{name} is {steps}; it needs at least {least}. Count the calls of "
                         f"step(): with one a batch, epochs * len(loader).")


def _cosine(start: float, end: float, share: float) -> float:
    """From `start` (share 0) to `end` (share 1) along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
