"""`from d2lmini.distributions.categorical import Categorical`, as in PyTorch."""

from . import Categorical

__all__ = ["Categorical"]
