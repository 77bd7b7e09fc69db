"""`d2lmini.utils.data`, where PyTorch has its data sets and loaders."""

from . import data

__all__ = ["data"]
