"""d2lmini: a deep-learning library on NumPy alone that can be read in an afternoon.

Read engine.py and tensor.py (how gradients come about), then functional.py, nn.py, optim.py,
data.py, train.py and gradcheck.py. Names, arguments and shapes are PyTorch's: what is learned here
holds there, and the README lists what differs.
"""

from . import autograd, data, functional, nn, optim, utils  # noqa: F401
from .creation import *  # noqa: F403
from .engine import is_grad_enabled, no_grad  # noqa: F401
from .further import names
from .further.missing import missing
from .further.serialization import load, save  # noqa: F401
from .tensor import Tensor, op  # noqa: F401

__version__ = "0.2.0"
globals().update(names.NAMES)  # the further names of PyTorch's: exp, float32, device, …


def __getattr__(name: str):
    if name in ("amp", "backends", "cuda", "distributions", "profiler"):  # seldom needed
        import importlib

        return importlib.import_module(f"d2lmini.{name}")
    raise AttributeError(missing(f"d2lmini has no {name!r}", name))
