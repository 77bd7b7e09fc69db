"""The training loop: predict, loss, zero_grad, backward, step, again and again; and how good it is.

`fit` writes one line an epoch. Where a person watches, in a terminal or a notebook, a bar moves
along while an epoch runs; where nobody does (a test, a file), only those lines are written.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from . import functional as F
from .engine import no_grad
from .nn import Module
from .tensor import Tensor


@dataclass
class History:
    """What `fit` saw, one entry an epoch; accuracies only where labels are whole numbers."""

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    valid_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def accuracy(output, target) -> float:
    """The share of rows whose largest score stands at the label: (n, classes), (n,) -> 0 … 1.

    ValueError for other shapes and for an empty batch.
    """
    scores, labels = np.asarray(output), np.asarray(target)
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise ValueError(f"accuracy: scores {scores.shape} need the shape (n, classes) and labels "
                         f"{labels.shape} the shape (n,).")
    if not len(labels):
        raise ValueError("accuracy: the batch is empty.")
    return float((scores.argmax(axis=1) == labels).mean())


def evaluate(model: Module, loader,
             loss_fn: Callable = F.cross_entropy) -> tuple[float, float | None]:
    """(mean loss, accuracy) over all batches of `loader`, without dropout and without recording.

    The accuracy is None where targets are not whole numbers. The model's mode is left as it was.
    ValueError if there are no batches.
    """
    modes = [(module, module.training) for _, module in model.named_modules()]
    totals = _Totals()
    try:
        model.eval()
        with no_grad():
            for x, y in loader:
                out = model(x)
                totals.add(loss_fn(out, y).item(), out, y)
    finally:
        for module, mode in modes:
            module.training = mode
    return totals.means("evaluate")


def fit(model: Module, train_loader, optimizer, loss_fn: Callable = F.cross_entropy,
        epochs: int = 1, valid_loader=None, scheduler=None, verbose: bool = True) -> History:
    """Train `model` for `epochs` passes over `train_loader`, and return what happened.

    `scheduler.step()`, if there is one, is called after every batch. Ctrl-C (or Interrupt in
    Jupyter) ends the training and returns the epochs so far. A loss that is nan or infinite raises
    FloatingPointError with the epoch, the step and the operator that produced it.
    """
    history, bar = History(), _Bar(verbose and _watched())
    try:
        for epoch in range(1, epochs + 1):
            start, totals = time.perf_counter(), _Totals()
            model.train()
            for step, (x, y) in enumerate(train_loader, 1):
                out = model(x)
                loss = loss_fn(out, y)
                value = loss.item()
                if not math.isfinite(value):
                    raise FloatingPointError(_explain(model, loss, epoch, step, optimizer, (x, y)))
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                if scheduler is not None:
                    scheduler.step()
                totals.add(value, out, y)
                bar.show(epoch, epochs, step, train_loader, value)
            valid = None if valid_loader is None else evaluate(model, valid_loader, loss_fn)
            _record(history, "train", totals.means("fit"))
            if valid is not None:
                _record(history, "valid", valid)
            history.seconds.append(time.perf_counter() - start)
            bar.clear()
            if verbose:
                print(_line(history, epoch, epochs), flush=True)
    except KeyboardInterrupt:
        bar.clear()
        print(f"Stopped by you in epoch {epoch}; the model keeps what it has learned so far.")
    except BaseException:
        bar.clear()
        raise
    return history


class _Totals:
    """Sums over batches, weighted by their sizes, so that a short last batch counts for less."""

    def __init__(self):
        self.n, self.loss, self.hits = 0, 0.0, 0.0

    def add(self, loss: float, out: Tensor, y) -> None:
        n, y = len(out), np.asarray(y)
        self.n += n
        self.loss += n * loss
        labels = y.dtype.kind in "iu" and out.ndim == 2
        self.hits = self.hits + n * accuracy(out, y) if labels and self.hits is not None else None

    def means(self, name: str) -> tuple[float, float | None]:
        if not self.n:
            raise ValueError(f"{name}: the loader has no batches. Is the data set smaller than one "
                             f"batch with drop_last=True?")
        return self.loss / self.n, None if self.hits is None else self.hits / self.n


def _record(history: History, part: str, means: tuple[float, float | None]) -> None:
    getattr(history, f"{part}_loss").append(means[0])
    if means[1] is not None:
        getattr(history, f"{part}_accuracy").append(means[1])


def _line(history: History, epoch: int, epochs: int) -> str:
    parts = []
    for part, title in (("train", "training"), ("valid", "validation")):
        losses, hits = getattr(history, f"{part}_loss"), getattr(history, f"{part}_accuracy")
        if losses:
            share = f", accuracy {hits[-1]:.4f}" if hits else ""
            parts.append(f"{title} loss {losses[-1]:.4f}{share}")
    return f"epoch {epoch:{len(str(epochs))}}/{epochs}: " + " | ".join(parts)


def _watched() -> bool:
    """Whether a person sees the output appear: a terminal, or a notebook open in a front end.

    JupyterLab, Notebook and VS Code send the id of the cell with each request; a notebook that is
    executed by a program (nbclient, nbval) does not get one.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return sys.stdout.isatty()
    try:
        return "cellId" in kernel.get_parent().get("metadata", {})
    except Exception:  # an unknown kernel: then write only what is stable
        return False


class _Bar:
    """A line that is overwritten while an epoch runs, ten times a second at most."""

    def __init__(self, live: bool):
        self.live, self.width, self.last = live, 0, 0.0

    def show(self, epoch: int, epochs: int, step: int, loader, loss: float) -> None:
        now = time.perf_counter()
        if not self.live or now - self.last < 0.1:
            return
        steps = len(loader) if hasattr(loader, "__len__") else 0
        done = "#" * (20 * step // steps) if steps else ""
        text = f"epoch {epoch}/{epochs} [{done:<20}] step {step}/{steps or '?'}, loss {loss:.4f}"
        sys.stdout.write("\r" + text.ljust(self.width))
        sys.stdout.flush()
        self.width, self.last = len(text), now

    def clear(self) -> None:
        if self.width:
            sys.stdout.write("\r" + " " * self.width + "\r")
            sys.stdout.flush()
            self.width = 0


def _explain(model: Module, loss: Tensor, epoch: int, step: int, optimizer, batch) -> str:
    """The sentence for a loss that is not finite: where, and the first operator that made it so."""
    names = {id(p): name for name, p in model.named_parameters()}
    done, stack, culprit = set(), [(loss, False)], loss
    while stack:  # operands before results; the first that is not finite is the culprit
        node, ready = stack.pop()
        if ready:
            if not np.isfinite(node.data).all():
                culprit = node
                break
        elif id(node) not in done:
            done.add(id(node))
            stack.append((node, True))
            stack.extend((p, False) for p in reversed(node._parents))
    if id(culprit) in names:
        what = f"The parameter {names[id(culprit)]} was no longer finite before this step"
    elif not all(np.isfinite(np.asarray(part)).all() for part in batch):
        what = "The batch itself holds numbers that are not finite"
    else:
        what = f"The first result that is not finite came from the operator {culprit.name}"
    return (f"fit: the loss is {loss.item()} in epoch {epoch}, step {step}. {what}. Try a smaller "
            f"learning rate (it is {optimizer.lr:g}), and look for log(0), division by 0 or inputs "
            f"that are not scaled.")
