"""Schedules: learning rates that change while a model is trained.

Each changes "lr" in the optimizer's param_groups, one step at a time: call `step()` after the
optimizer's, once a batch or once an epoch as you like. lr_scheduler.py has the one-cycle schedule
and more. Read next: data.py and train.py.
"""

from __future__ import annotations

import math

from ..checks import at_least


class LRScheduler:
    """`step()` adds 1 to `last_epoch`, which counts steps, and sets the rates to `get_lr()`.

    The first step is made at once, and gives 0.
    """

    def __init__(self, optimizer, last_epoch: int = -1):
        if not hasattr(optimizer, "param_groups"):
            raise TypeError(f"{type(self).__name__}: the first argument is the optimizer, not a "
                            f"{type(optimizer).__name__}.")
        self.optimizer, self.last_epoch = optimizer, last_epoch
        self.base_lrs = [group.setdefault("initial_lr", group["lr"])
                         for group in optimizer.param_groups]
        self.step()

    def get_lr(self) -> list[float]:
        """The next rate of each group; every schedule writes its own."""
        raise NotImplementedError

    def rates(self) -> list[float]:
        """The rate of each group now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def step(self) -> None:
        """Count one more step and set the rates for the next."""
        self.last_epoch += 1
        for group, lr in zip(self.optimizer.param_groups, self.get_lr()):
            group["lr"] = lr
        self._last_lr = self.rates()

    def get_last_lr(self) -> list[float]:
        """The rates that the last step set, one for each group."""
        return self._last_lr

    def state_dict(self) -> dict:
        """All but the optimizer."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict) -> None:
        """Go on where `state_dict()` was taken."""
        vars(self).update(state_dict)


class StepLR(LRScheduler):
    """lr gamma^(t // step_size) after t steps; ValueError if step_size < 1."""

    def __init__(self, optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1):
        at_least("StepLR: step_size", step_size, 1)
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        drop = self.last_epoch > 0 and self.last_epoch % self.step_size == 0
        return [lr * self.gamma if drop else lr for lr in self.rates()]


class CosineAnnealingLR(LRScheduler):
    """eta_min + (lr - eta_min) (1 + cos(pi t / T_max)) / 2  (Loshchilov and Hutter, 2017).

    Down from lr to eta_min in T_max steps, then up again. Each step multiplies by the ratio to the
    one before, so that other changes of the rate stay.
    """

    def __init__(self, optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1):
        at_least("CosineAnnealingLR: T_max", T_max, 1)
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        t, T, low = self.last_epoch, self.T_max, self.eta_min
        if t == 0:
            return self.rates()
        if (t - 1 - T) % (2 * T) == 0:  # up again, from the bottom
            up = (1 - math.cos(math.pi / T)) / 2
            return [lr + (base - low) * up for lr, base in zip(self.rates(), self.base_lrs)]
        ratio = (1 + math.cos(math.pi * t / T)) / (1 + math.cos(math.pi * (t - 1) / T))
        return [low + ratio * (lr - low) for lr in self.rates()]
