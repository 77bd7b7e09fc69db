"""Activations as modules, beside those of layers.py: each calls its function in F."""

from __future__ import annotations

from typing import ClassVar

from .. import functional as F
from ..creation import full
from .module import Module
from .parameter import Parameter


class _Activation(Module):
    """function(input, *options); the options of a subclass are named with their defaults."""

    function: ClassVar = None
    options: ClassVar = {}

    def __init__(self, *values, inplace: bool = False, **named):
        super().__init__()
        if len(values) > len(self.options) + 1 or set(named) - set(self.options):
            raise TypeError(f"{type(self).__name__} takes {[*self.options, 'inplace']}, not "
                            f"{[*values, *named]}.")
        if len(values) > len(self.options):
            *values, inplace = values
        vars(self).update(self.options | dict(zip(self.options, values)) | named, inplace=inplace)

    def forward(self, input):
        more = {"inplace": True} if self.inplace else {}
        return type(self).function(input, *(getattr(self, name) for name in self.options), **more)

    def extra_repr(self):
        options = [f"{name}={getattr(self, name)!r}" for name in self.options]
        return ", ".join(options + ["inplace=True"] * self.inplace)


def _module(name: str, function, **options):
    return type(name, (_Activation,), {
        "function": staticmethod(function), "options": options, "__module__": __name__,
        "__doc__": f"F.{function.__name__} as a module. {function.__doc__ or ''}".strip()})


LeakyReLU = _module("LeakyReLU", F.leaky_relu, negative_slope=0.01)
ELU = _module("ELU", F.elu, alpha=1.0)
CELU = _module("CELU", F.celu, alpha=1.0)
SELU = _module("SELU", F.selu)
SiLU = _module("SiLU", F.silu)
Mish = _module("Mish", F.mish)
ReLU6 = _module("ReLU6", F.relu6)
Hardtanh = _module("Hardtanh", F.hardtanh, min_val=-1.0, max_val=1.0)
Hardsigmoid = _module("Hardsigmoid", F.hardsigmoid)
Hardswish = _module("Hardswish", F.hardswish)
Softsign = _module("Softsign", F.softsign)
Tanhshrink = _module("Tanhshrink", F.tanhshrink)
LogSigmoid = _module("LogSigmoid", F.logsigmoid)
Softplus = _module("Softplus", F.softplus, beta=1.0, threshold=20.0)
GLU = _module("GLU", F.glu, dim=-1)
Hardshrink = _module("Hardshrink", F.hardshrink, lambd=0.5)
Softshrink = _module("Softshrink", F.softshrink, lambd=0.5)
Threshold = _module("Threshold", F.threshold, threshold=0, value=0)
Softmin = _module("Softmin", F.softmin, dim=None)


class GELU(_Activation):
    """x times the probability that a standard normal number is below x."""

    options: ClassVar = {"approximate": "none"}

    def forward(self, input):
        return F.gelu(input, approximate=self.approximate)


class PReLU(Module):
    """x where it is positive, else a learned weight times x; one weight, or one a channel."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25):
        super().__init__()
        self.num_parameters = num_parameters
        self.weight = Parameter(full((num_parameters,), float(init)))

    def forward(self, input):
        return F.prelu(input, self.weight)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}"


class CosineSimilarity(Module):
    """The cosine of the angle between vectors along `dim`."""

    def __init__(self, dim: int = 1, eps: float = 1e-8):
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1, x2):
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    """The p-norm of x1 - x2 + eps along the last axis."""

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False):
        super().__init__()
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1, x2):
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
