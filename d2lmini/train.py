"""The training loop: predict, loss, zero_grad, backward, step, again and again; and how good it is.

`fit` writes one line an epoch. The bar that moves while an epoch runs, the means over batches and
the search for the origin of nan are in progress.py, which need not be read. Read next:
gradcheck.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from . import functional as F
from .engine import no_grad
from .nn import Module
from .progress import Means, Progress
from .tensor import Tensor


@dataclass
class History:
    """What `fit` saw, one entry an epoch; accuracies only where labels are integers.

    train_* are means over the batches, each before its step; `seconds` include the validation.
    """

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    valid_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def fit(model: Module, train_loader, optimizer, loss_fn: Callable = F.cross_entropy,
        epochs: int = 1, valid_loader=None, scheduler=None, verbose: bool = True) -> History:
    """Train `model` for `epochs` passes over `train_loader`, and return what happened.

    `scheduler.step()`, if there is one, is called after every batch. Ctrl-C (or Interrupt in
    Jupyter) raises KeyboardInterrupt; the model keeps what it has learned. A loss that is nan or
    infinite raises FloatingPointError with the epoch, the step and the operator that produced it;
    a loader without batches ValueError. `verbose` prints a line an epoch.
    """
    history = History()
    with Progress(model, loss_fn, epochs, verbose) as progress:
        for _ in range(epochs):
            model.train()
            progress.start_epoch(train_loader)
            for x, y in train_loader:
                prediction = model(x)
                loss = loss_fn(prediction, y)
                progress.add(loss, prediction, x, y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                if scheduler is not None:
                    scheduler.step()
            progress.end_epoch(history, None if valid_loader is None else
                               evaluate(model, valid_loader, loss_fn))
    return history


def evaluate(model: Module, loader,
             loss_fn: Callable = F.cross_entropy) -> tuple[float, float | None]:
    """(mean loss, accuracy) over all batches of `loader`, in evaluation mode, without recording.

    The accuracy is None where targets are not integers. The model's mode is left as it was.
    ValueError if there are no batches.
    """
    modes = [(module, module.training) for module in model.modules()]
    means = Means()
    try:
        model.eval()
        with no_grad():
            for x, y in loader:
                prediction = model(x)
                means.add(loss_fn(prediction, y).item(), prediction, y)
    finally:
        for module, mode in modes:
            module.training = mode
    return means.values("evaluate")


def accuracy(output, target) -> float:
    """The fraction of rows whose largest score is at the label: (n, classes), (n,) -> 0 … 1.

    ValueError for other shapes and for an empty batch.
    """
    scores, labels = (x.array if isinstance(x, Tensor) else np.asarray(x) for x in (output, target))
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise ValueError(f"accuracy: scores {scores.shape} need the shape (n, classes) and labels "
                         f"{labels.shape} the shape (n,).")
    if not len(labels):
        raise ValueError("accuracy: the batch is empty.")
    return float((scores.argmax(axis=1) == labels).mean())
