"""`optim.lr_scheduler`: the schedules of schedules.py and further ones, each as in PyTorch."""

from __future__ import annotations

import math
from collections import Counter

from .schedules import CosineAnnealingLR, LRScheduler, StepLR, at_least

__all__ = ["CosineAnnealingLR", "ExponentialLR", "LRScheduler", "LambdaLR", "MultiStepLR",
           "OneCycleLR", "ReduceLROnPlateau", "StepLR"]


class OneCycleLR(LRScheduler):
    """Up to max_lr, then down to almost nothing, along half a cosine each (Smith and Topin, 2018).

    It begins at max_lr / div_factor, reaches max_lr after the fraction `pct_start` of the steps and
    ends at max_lr / div_factor / final_div_factor. The momentum, or Adam's first beta, goes the
    other way, from max_momentum to base_momentum and back, unless cycle_momentum=False. total_steps
    may be given as epochs and steps_per_epoch. ValueError for wrong counts, or a step too many.
    """

    def __init__(self, optimizer, max_lr: float, total_steps: int | None = None,
                 epochs: int | None = None, steps_per_epoch: int | None = None,
                 pct_start: float = 0.3, anneal_strategy: str = "cos", cycle_momentum: bool = True,
                 base_momentum: float = 0.85, max_momentum: float = 0.95,
                 div_factor: float = 25.0, final_div_factor: float = 1e4,
                 three_phase: bool = False):
        if total_steps is None:
            total_steps = (epochs or 0) * (steps_per_epoch or 0)
        at_least("OneCycleLR: total_steps", total_steps, 1)
        if not 0 <= pct_start <= 1:
            raise ValueError(f"OneCycleLR: pct_start is a fraction between 0 and 1, not "
                             f"{pct_start}.")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy is 'cos' or 'linear', not "
                             f"{anneal_strategy!r}.")
        self.total_steps, self.cycle_momentum = total_steps, cycle_momentum
        self.anneal = _cosine if anneal_strategy == "cos" else _line
        top, end = pct_start * total_steps - 1, total_steps - 1
        self.phases = [(top, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
                       (end, "max_lr", "min_lr", "base_momentum", "max_momentum")]
        if three_phase:
            self.phases[1:] = [
                (2 * top, "max_lr", "initial_lr", "base_momentum", "max_momentum"),
                (end, "initial_lr", "min_lr", "max_momentum", "max_momentum")]
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(f"OneCycleLR: {type(optimizer).__name__} has no momentum. Write "
                             f"cycle_momentum=False.")
        options = zip(optimizer.param_groups, *(_for_each_group(optimizer, option) for option in (
            max_lr, base_momentum, max_momentum)))
        for group, highest, low, high in options:
            first = highest / div_factor
            group.update(max_lr=highest, initial_lr=first, min_lr=first / final_div_factor)
            if cycle_momentum:
                group.update(base_momentum=low, max_momentum=high)
        super().__init__(optimizer)

    def get_lr(self):
        t, start = self.last_epoch, 0
        if t > self.total_steps:
            raise ValueError(f"OneCycleLR: step {t} of {self.total_steps}: the cycle is over.")
        phases = list(self.phases)
        while t > phases[0][0] and len(phases) > 1:
            start = phases.pop(0)[0]
        end, *names = phases[0]
        fraction = (t - start) / ((end - start) or 1)
        rates = []
        for group in self.optimizer.param_groups:
            lr_from, lr_to, *momenta = (group[name] for name in names if name in group)
            rates.append(self.anneal(lr_from, lr_to, fraction))
            if self.cycle_momentum and "betas" in group:
                group["betas"] = (self.anneal(*momenta, fraction), *group["betas"][1:])
            elif self.cycle_momentum:
                group["momentum"] = self.anneal(*momenta, fraction)
        return rates


class MultiStepLR(LRScheduler):
    """The rate drops by gamma after each of the `milestones`."""

    def __init__(self, optimizer, milestones, gamma: float = 0.1):
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer)

    def get_lr(self):
        return [lr * self.gamma ** self.milestones[self.last_epoch] for lr in self.rates()]


class ExponentialLR(LRScheduler):
    """lr gamma^t: the rate drops by gamma at every step."""

    def __init__(self, optimizer, gamma: float):
        self.gamma = gamma
        super().__init__(optimizer)

    def get_lr(self):
        return [lr * self.gamma if self.last_epoch else lr for lr in self.rates()]


class LambdaLR(LRScheduler):
    """lr f(t) for a function f, or a list of one for each group."""

    def __init__(self, optimizer, lr_lambda):
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def get_lr(self):
        functions = _for_each_group(self.optimizer, self.lr_lambda)
        return [lr * f(self.last_epoch) for lr, f in zip(self.base_lrs, functions)]


class ReduceLROnPlateau(LRScheduler):
    """Multiply the rate by `factor` when the metric has not improved for `patience` steps.

    Better is smaller (mode "min") or larger ("max") by the fraction `threshold`, or by `threshold`
    itself with threshold_mode="abs". After a drop, `cooldown` steps do not count.
    """

    def __init__(self, optimizer, mode: str = "min", factor: float = 0.1, patience: int = 10,
                 threshold: float = 1e-4, threshold_mode: str = "rel", cooldown: int = 0,
                 min_lr: float = 0, eps: float = 1e-8):
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(f"ReduceLROnPlateau: mode is 'min' or 'max' and threshold_mode 'rel' "
                             f"or 'abs', not {mode!r} and {threshold_mode!r}.")
        self.optimizer, self.last_epoch, self._last_lr = optimizer, 0, None
        self.mode, self.factor, self.patience = mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown = threshold, threshold_mode, cooldown
        self.min_lrs, self.eps = _for_each_group(optimizer, min_lr), eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs, self.cooldown_counter = 0, 0

    def step(self, metrics) -> None:
        """Look at the metric of one more epoch, such as the validation loss."""
        value, self.last_epoch = float(metrics), self.last_epoch + 1
        self.num_bad_epochs += 1
        if self._is_better(value):
            self.best, self.num_bad_epochs = value, 0
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
            for group, lowest in zip(self.optimizer.param_groups, self.min_lrs):
                lr = max(group["lr"] * self.factor, lowest)
                if group["lr"] - lr > self.eps:
                    group["lr"] = lr
        self._last_lr = self.rates()

    def _is_better(self, value: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "rel":
            return sign * value > sign * self.best * (1 + sign * self.threshold)
        return sign * value > sign * self.best + self.threshold


def _for_each_group(optimizer, option) -> list:
    """An option given once, or as a list, for each group of parameters."""
    many = isinstance(option, list | tuple)
    return list(option) if many else [option] * len(optimizer.param_groups)


def _cosine(start: float, end: float, fraction: float) -> float:
    """From `start` (fraction 0) to `end` (fraction 1) along half a cosine."""
    return end + (start - end) / 2 * (math.cos(math.pi * fraction) + 1)


def _line(start: float, end: float, fraction: float) -> float:
    return start + (end - start) * fraction
