"""`d2lmini.utils.data`, where PyTorch has its data sets and loaders."""

from ..further.missing import missing
from . import data

__all__ = ["data"]


def __getattr__(name: str):
    raise AttributeError(missing(f"utils has no {name!r}", name))
