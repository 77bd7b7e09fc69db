"""`import d2lmini.nn.functional as F`, as in PyTorch: the same as d2lmini/functional.py."""

from ..functional import *  # noqa: F403
from ..further.missing import missing


def __getattr__(name: str):
    raise AttributeError(missing(f"functional has no {name!r}", name))
