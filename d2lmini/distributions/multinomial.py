"""`from d2lmini.distributions.multinomial import Multinomial`, as in PyTorch."""

from . import Multinomial

__all__ = ["Multinomial"]
