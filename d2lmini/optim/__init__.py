"""Optimizers and schedules: the part of `torch.optim` that the course needs, under the same names.

To be read: optimizer.py, then schedules.py. Beside the way: lr_scheduler.py and further.py.
"""

from ..further.missing import missing
from . import lr_scheduler
from .further import Adadelta, Adagrad, AdamW, RMSprop
from .optimizer import SGD, Adam, Optimizer

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]


def __getattr__(name: str):
    raise AttributeError(missing(f"optim has no {name!r}", name))
