"""`import d2lmini.nn.functional as F`, as in PyTorch: the same as d2lmini/functional.py."""

from ..functional import *  # noqa: F403
