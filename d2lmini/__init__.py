"""d2lmini: a deep-learning library on NumPy alone that can be read in an afternoon.

Read engine.py and tensor.py (how gradients come about), then losses.py, functional.py, nn.py,
optim.py, data.py and train.py. Names, arguments and shapes are PyTorch's: what is learned here
holds there.
"""

from numpy import float32, float64, int64, uint8

from . import functional, nn, optim
from .creation import (
    arange,
    cat,
    default_generator,
    manual_seed,
    ones,
    ones_like,
    rand,
    randn,
    stack,
    tensor,
    where,
    zeros,
    zeros_like,
)
from .engine import is_grad_enabled, no_grad
from .tensor import Tensor, op

__version__ = "0.1.0"
__all__ = [
    "Tensor", "arange", "cat", "default_generator", "float32", "float64", "functional", "int64",
    "is_grad_enabled", "manual_seed", "nn", "no_grad", "ones", "ones_like", "op", "optim", "rand",
    "randn", "stack", "tensor", "uint8", "where", "zeros", "zeros_like",
]
