"""`from d2lmini.distributions.normal import Normal`, as in PyTorch."""

from . import Normal

__all__ = ["Normal"]
