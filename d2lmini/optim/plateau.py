"""ReduceLROnPlateau: the one schedule that looks at a loss, as in PyTorch."""

from __future__ import annotations

import math

from .schedules import LRScheduler


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
        self.min_lrs, self.eps = for_each_group(optimizer, min_lr), eps
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


def for_each_group(optimizer, option) -> list:
    """An option given once, or as a list, for each group of parameters."""
    many = isinstance(option, list | tuple)
    return list(option) if many else [option] * len(optimizer.param_groups)
