"""`optim.lr_scheduler`: the schedules of schedules.py and further ones, each as in PyTorch."""

from __future__ import annotations

import math
from collections import Counter

from ..checks import at_least
from ..further.missing import missing
from .plateau import ReduceLROnPlateau, for_each_group
from .schedules import CosineAnnealingLR, LRScheduler, StepLR

__all__ = [
    "ChainedScheduler", "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts",
    "CyclicLR", "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR",
    "MultiplicativeLR", "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau", "SequentialLR",
    "StepLR",
]
_LRScheduler = LRScheduler  # its name in older programs


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
                 three_phase: bool = False, last_epoch: int = -1):
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
        options = zip(optimizer.param_groups, *(for_each_group(optimizer, option) for option in (
            max_lr, base_momentum, max_momentum)))
        for group, highest, low, high in options:
            first = highest / div_factor
            group.update(max_lr=highest, initial_lr=first, min_lr=first / final_div_factor)
            if cycle_momentum:
                group.update(base_momentum=low, max_momentum=high)
        super().__init__(optimizer, last_epoch)

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

    def __init__(self, optimizer, milestones, gamma: float = 0.1, last_epoch: int = -1):
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [lr * self.gamma ** self.milestones[self.last_epoch] for lr in self.rates()]


class ExponentialLR(LRScheduler):
    """lr gamma^t: the rate drops by gamma at every step."""

    def __init__(self, optimizer, gamma: float, last_epoch: int = -1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [lr * self.gamma if self.last_epoch else lr for lr in self.rates()]


class LambdaLR(LRScheduler):
    """lr f(t) for a function f, or a list of one for each group."""

    def __init__(self, optimizer, lr_lambda, last_epoch: int = -1):
        self.lr_lambda = lr_lambda
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        functions = for_each_group(self.optimizer, self.lr_lambda)
        return [lr * f(self.last_epoch) for lr, f in zip(self.base_lrs, functions)]


class MultiplicativeLR(LambdaLR):
    """Each step t multiplies the rate by f(t)."""

    def get_lr(self):
        if self.last_epoch == 0:
            return self.rates()
        functions = for_each_group(self.optimizer, self.lr_lambda)
        return [lr * f(self.last_epoch) for lr, f in zip(self.rates(), functions)]


class LinearLR(LRScheduler):
    """From start_factor lr to end_factor lr on a straight line, in total_iters steps."""

    def __init__(self, optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0,
                 total_iters: int = 5, last_epoch: int = -1):
        if not 0 < start_factor <= 1 or not 0 <= end_factor <= 1:
            raise ValueError(f"LinearLR: factors lie between 0 and 1, not {start_factor} and "
                             f"{end_factor}.")
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        t, first, way = self.last_epoch, self.start_factor, self.end_factor - self.start_factor
        if t == 0:
            return [lr * first for lr in self.rates()]
        if t > self.total_iters:
            return self.rates()
        ratio = 1 + way / (self.total_iters * first + (t - 1) * way)
        return [lr * ratio for lr in self.rates()]


class ConstantLR(LRScheduler):
    """factor lr for total_iters steps, then lr."""

    def __init__(self, optimizer, factor: float = 1 / 3, total_iters: int = 5,
                 last_epoch: int = -1):
        if not 0 <= factor <= 1:
            raise ValueError(f"ConstantLR: the factor lies between 0 and 1, not {factor}.")
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        ratio = {0: self.factor, self.total_iters: 1 / (self.factor or 1)}.get(self.last_epoch, 1)
        return [lr * ratio for lr in self.rates()]


class PolynomialLR(LRScheduler):
    """lr (1 - t / total_iters)^power, then 0."""

    def __init__(self, optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1):
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        t, total = self.last_epoch, self.total_iters
        if t == 0 or t > total:
            return self.rates()
        ratio = ((1 - t / total) / (1 - (t - 1) / total)) ** self.power
        return [lr * ratio for lr in self.rates()]


class CosineAnnealingWarmRestarts(LRScheduler):
    """CosineAnnealingLR again and again, in T_0 steps, then T_0 T_mult, T_0 T_mult^2, …

    step(epoch) may be given a fraction, such as epoch + i / len(loader). Loshchilov and Hutter
    (2017).
    """

    def __init__(self, optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0,
                 last_epoch: int = -1):
        at_least("CosineAnnealingWarmRestarts: T_0", T_0, 1)
        at_least("CosineAnnealingWarmRestarts: T_mult", T_mult, 1)
        self.T_0, self.T_i, self.T_mult, self.eta_min = T_0, T_0, T_mult, eta_min
        self.T_cur = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        fall = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * fall for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """One more step, or the place `epoch`, counted from the start."""
        if epoch is None:
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur - self.T_i, self.T_i * self.T_mult
        else:
            self.T_cur, self.T_i, self.last_epoch = epoch, self.T_0, math.floor(epoch) - 1
            while self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur - self.T_i, self.T_i * self.T_mult
        super().step()


class CyclicLR(LRScheduler):
    """Up from base_lr to max_lr in step_size_up steps, down again, and so on (Smith, 2017).

    mode "triangular2" halves the height after each cycle, "exp_range" multiplies it by gamma^t. The
    momentum goes the other way unless cycle_momentum=False.
    """

    def __init__(self, optimizer, base_lr, max_lr, step_size_up: int = 2000,
                 step_size_down: int | None = None, mode: str = "triangular", gamma: float = 1.0,
                 scale_fn=None, scale_mode: str = "cycle", cycle_momentum: bool = True,
                 base_momentum: float = 0.8, max_momentum: float = 0.9, last_epoch: int = -1):
        shapes = {"triangular": lambda cycle: 1.0, "triangular2": lambda cycle: 0.5 ** (cycle - 1),
                  "exp_range": lambda t: gamma ** t}
        if scale_fn is None and mode not in shapes:
            raise ValueError(f"CyclicLR: mode is one of {list(shapes)}, not {mode!r}.")
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(f"CyclicLR: {type(optimizer).__name__} has no momentum. Write "
                             f"cycle_momentum=False.")
        self.scale_mode = scale_mode if scale_fn else (
            "iterations" if mode == "exp_range" else "cycle")
        self.scale_fn = scale_fn or shapes[mode]
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size, self.step_ratio = step_size_up + down, step_size_up / (step_size_up + down)
        self.max_lrs, self.cycle_momentum = for_each_group(optimizer, max_lr), cycle_momentum
        self.momenta = base_momentum, max_momentum
        for group, lr in zip(optimizer.param_groups, for_each_group(optimizer, base_lr)):
            group["lr"] = lr
            group["initial_lr"] = lr
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        t = self.last_epoch
        cycle = math.floor(1 + t / self.total_size)
        x = 1 + t / self.total_size - cycle
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        height *= self.scale_fn(cycle if self.scale_mode == "cycle" else t)
        if self.cycle_momentum:
            low, high = self.momenta
            for group in self.optimizer.param_groups:
                momentum = high - (high - low) * height
                if "betas" in group:
                    group["betas"] = (momentum, *group["betas"][1:])
                else:
                    group["momentum"] = momentum
        return [low + (high - low) * height for low, high in zip(self.base_lrs, self.max_lrs)]


class SequentialLR(LRScheduler):
    """One schedule after the other: the next begins anew at each of the `milestones`."""

    def __init__(self, optimizer, schedulers, milestones, last_epoch: int = -1):
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(f"SequentialLR: {len(schedulers)} schedulers need "
                             f"{len(schedulers) - 1} milestones, not {len(milestones)}.")
        self.optimizer, self.last_epoch = optimizer, last_epoch + 1
        self._schedulers, self._milestones = list(schedulers), list(milestones)
        self._begin(self._schedulers[0])

    def _begin(self, scheduler) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        scheduler.last_epoch = -1
        scheduler.step()
        self._last_lr = self.rates()

    def step(self) -> None:
        """One more step of the schedule whose turn it is."""
        self.last_epoch += 1
        turn = sum(self.last_epoch >= m for m in self._milestones)
        scheduler = self._schedulers[turn]
        if turn and self._milestones[turn - 1] == self.last_epoch:
            self._begin(scheduler)
        else:
            scheduler.step()
            self._last_lr = self.rates()


class ChainedScheduler(LRScheduler):
    """Several schedules at once: each multiplies the rate that the others leave."""

    def __init__(self, schedulers, optimizer=None):
        self._schedulers = list(schedulers)
        self.optimizer = optimizer or self._schedulers[-1].optimizer
        self._last_lr = self.rates()

    def step(self) -> None:
        """One step of each."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self.rates()


def _cosine(start: float, end: float, fraction: float) -> float:
    """From `start` (fraction 0) to `end` (fraction 1) along half a cosine."""
    return end + (start - end) / 2 * (math.cos(math.pi * fraction) + 1)


def _line(start: float, end: float, fraction: float) -> float:
    return start + (end - start) * fraction


def __getattr__(name: str):
    raise AttributeError(missing(f"lr_scheduler has no {name!r}", name))
