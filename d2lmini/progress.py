"""What `train.fit` shows while it runs: means over batches, lines, a bar, and where nan came from.

In an interactive session, a terminal or a notebook, a bar moves while an epoch runs; elsewhere, as
in a test or with a file, only one line an epoch is written. A learner may skip this file.
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np

from .tensor import Tensor


class Means:
    """Means over examples: a batch counts by its size, so a short last batch counts for less."""

    def __init__(self):
        self.n, self.loss, self.hits = 0, 0.0, 0.0

    def add(self, loss: float, prediction: Tensor, target) -> None:
        """Count one batch; hits only where the targets are labels, integers (n,)."""
        n, scores = len(prediction), prediction.array
        labels = target.array if isinstance(target, Tensor) else np.asarray(target)
        self.n += n
        self.loss += n * loss
        if scores.ndim != 2 or labels.ndim != 1 or labels.dtype.kind not in "iu":
            self.hits = None
        elif self.hits is not None:
            self.hits += int((scores.argmax(axis=1) == labels).sum())

    def values(self, name: str) -> tuple[float, float | None]:
        """(mean loss, accuracy or None); ValueError if there was no batch."""
        if not self.n:
            raise ValueError(f"{name}: the loader has no batches. Is the data set smaller than one "
                             f"batch with drop_last=True?")
        return self.loss / self.n, None if self.hits is None else self.hits / self.n


class Stopped(KeyboardInterrupt):
    """Ctrl-C in `fit`. It also ends a loop around `fit`, and Jupyter drops the cells that wait."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]  # what IPython shows: no traceback, since nothing is wrong


class Progress:
    """Watches over the epochs of one call of `fit`; on Ctrl-C it says what is kept."""

    def __init__(self, model, loss_fn, epochs: int, verbose: bool):
        self.model, self.loss_fn, self.epochs, self.verbose = model, loss_fn, epochs, verbose
        self.epoch = 0
        self.bar = Bar(verbose and interactive())

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.bar.clear()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            raise Stopped(f"Stopped by you in epoch {self.epoch}; the model keeps what it has "
                          f"learned so far.") from None

    def start_epoch(self, loader) -> None:
        """Begin to count."""
        self.epoch, self.step, self.means, self.loader = self.epoch + 1, 0, Means(), loader
        self.start = time.perf_counter()

    def add(self, loss: Tensor, prediction: Tensor, x, y) -> None:
        """Count one batch; FloatingPointError if its loss is not finite."""
        self.step += 1
        value = loss.item()
        if not math.isfinite(value):
            raise FloatingPointError(f"fit: the loss is {value} in epoch {self.epoch}, step "
                                     f"{self.step}. {explain(self.model, self.loss_fn, x, y)}")
        self.means.add(value, prediction, y)
        steps = len(self.loader) if hasattr(self.loader, "__len__") else 0
        self.bar.show(f"epoch {self.epoch}/{self.epochs}", self.step, steps, value)

    def end_epoch(self, history, valid: tuple[float, float | None] | None) -> None:
        """Add the means to the history, and write the line."""
        parts = []
        means = self.means.values("fit")
        for name, title, values in ("train", "training", means), ("valid", "validation", valid):
            if values is not None:
                loss, accuracy = values
                getattr(history, f"{name}_loss").append(loss)
                parts.append(f"{title} loss {loss:.4f}")
                if accuracy is not None:
                    getattr(history, f"{name}_accuracy").append(accuracy)
                    parts[-1] += f", accuracy {accuracy:.4f}"
        history.seconds.append(time.perf_counter() - self.start)
        self.bar.clear()
        if self.verbose:
            width = len(str(self.epochs))
            print(f"epoch {self.epoch:{width}}/{self.epochs}: " + " | ".join(parts), flush=True)


def interactive() -> bool:
    """Whether somebody sees the output appear: a terminal, or a notebook open in a front end.

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


class Bar:
    """A line that is overwritten while an epoch runs, at most ten times a second."""

    def __init__(self, live: bool):
        self.live, self.width, self.last = live, 0, 0.0

    def show(self, epoch: str, step: int, steps: int, loss: float) -> None:
        """Write how far the epoch is; `steps` is 0 where nobody knows how many there are."""
        now = time.perf_counter()
        if not self.live or now - self.last < 0.1:
            return
        done = "#" * (20 * step // steps) if steps else ""
        text = f"{epoch} [{done:<20}] step {step}/{steps or '?'}, loss {loss:.4f}"
        sys.stdout.write("\r" + text.ljust(self.width))
        sys.stdout.flush()
        self.width, self.last = len(text), now

    def clear(self) -> None:
        """Wipe the line."""
        if self.width:
            sys.stdout.write("\r" + " " * self.width + "\r")
            sys.stdout.flush()
            self.width = 0


def explain(model, loss_fn, x: Tensor, y) -> str:
    """Why a loss is not finite: the first parameter, input or operator that was not.

    The loss is computed once more with a gradient for the input, so that all of it is recorded.
    """
    cure = ("Try a smaller learning rate, and look for log(0), division by 0 or inputs that are "
            "not scaled.")
    for name, p in model.named_parameters():
        if not np.isfinite(p.array).all():
            return f"The parameter {name} was no longer finite before this step. {cure}"
    for part in x, y:
        array = part.array if isinstance(part, Tensor) else np.asarray(part)
        if not np.isfinite(array).all():
            return f"The batch itself holds numbers that are not finite. {cure}"
    if x.dtype.kind == "f":
        x = x.detach().requires_grad_()
    done, stack = set(), [(loss_fn(model(x), y).grad_fn, False)]
    while stack:  # operands before results
        node, ready = stack.pop()
        if ready and not np.isfinite(node.array).all():
            return (f"The first result that is not finite came from the operator {node.name}. "
                    f"{cure}")
        if not ready and node is not None and id(node) not in done:
            done.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in reversed(node.inputs))
    return cure
