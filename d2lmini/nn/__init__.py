"""Layers and models: the part of `torch.nn` that the course needs, under the same names.

To be read: module.py, then layers.py with init.py. Beside the way: further.py (batch
normalization, lesson 09), recurrent.py (lesson 10), losses.py, spellings.py and utils.py.
"""

from .. import functional
from ..further.spellings import missing
from . import init, utils
from .further import (
    ELU,
    GELU,
    AdaptiveAvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Dropout2d,
    Embedding,
    Identity,
    LayerNorm,
    LeakyReLU,
    LogSoftmax,
    ModuleDict,
    ModuleList,
    ParameterList,
    SiLU,
    Softmax,
    Softplus,
    Unflatten,
)
from .layers import (
    AvgPool2d,
    Conv2d,
    CrossEntropyLoss,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    MSELoss,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
)
from .losses import BCELoss, BCEWithLogitsLoss, HuberLoss, L1Loss, NLLLoss, SmoothL1Loss
from .models import load, save, summary
from .module import Module
from .parameter import Parameter
from .recurrent import GRU, LSTM, RNN

__all__ = [
    "ELU", "GELU", "GRU", "LSTM", "RNN", "AdaptiveAvgPool2d", "AvgPool2d", "BCELoss",
    "BCEWithLogitsLoss", "BatchNorm1d", "BatchNorm2d", "Conv2d", "CrossEntropyLoss", "Dropout",
    "Dropout2d", "Embedding", "Flatten", "HuberLoss", "Identity", "L1Loss", "LayerNorm",
    "LeakyReLU", "Linear", "LogSoftmax", "MSELoss", "MaxPool2d", "Module", "ModuleDict",
    "ModuleList", "NLLLoss", "Parameter", "ParameterList", "ReLU", "Sequential", "SiLU",
    "Sigmoid", "SmoothL1Loss", "Softmax", "Softplus", "Tanh", "Unflatten", "functional", "init",
    "load", "save", "summary", "utils",
]


def __getattr__(name: str):
    if name.startswith("Lazy"):
        raise AttributeError(f"nn has no {name!r}. Use nn.{name[4:]} with the number of its "
                             f"inputs.")
    raise AttributeError(missing(f"nn has no {name!r}", name))
