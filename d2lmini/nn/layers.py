"""Layers that own their weights: each a few lines around a function of functional.py.

Losses as modules are in losses.py, further layers in further.py (among them batch normalization,
lesson 09), recurrent.py (lesson 10), activations.py and convolutions.py. Read next: optim.
"""

from __future__ import annotations

import math
from collections import OrderedDict

from .. import functional as F
from ..checks import pair
from ..creation import zeros
from ..further import sizes
from . import init
from .module import Module
from .parameter import Parameter
from .spellings import ListSpellings


class Sequential(ListSpellings, Module):
    """Modules one after the other: Sequential(Linear(2, 8), ReLU(), Linear(8, 1))."""

    def __init__(self, *modules):
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], OrderedDict):
            names, modules = modules[0].keys(), modules[0].values()
        else:
            names = map(str, range(len(modules)))
        for name, module in zip(names, modules):
            self.add_module(name, module)

    def forward(self, x):
        for module in self:
            x = module(x)
        return x

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Sequential(OrderedDict(list(self._modules.items())[index]))
        return list(self)[index]


class _Affine(Module):
    """What `Linear` and `Conv2d` share: a weight of shape `shape`, and `biases` biases or None."""

    def __init__(self, shape: tuple, biases: int | None, device=None,
                 dtype=None):
        super().__init__()
        make = {"device": device, "dtype": dtype}
        self.weight = Parameter(zeros(*shape, **make))
        self.register_parameter(
            "bias", None if biases is None else Parameter(zeros(biases, **make)))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """PyTorch's default: weight and bias uniform from -1 / sqrt(fan_in) to 1 / sqrt(fan_in)."""
        limit = 1 / math.sqrt(max(1, init.fans(self.weight)[0]))
        init.uniform_(self.weight, -limit, limit)
        if self.bias is not None:
            init.uniform_(self.bias, -limit, limit)


class Linear(_Affine):
    """x @ weight.T + bias: (..., in_features) -> (..., out_features); weight is (out, in)."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True, device=None,
                 dtype=None):
        super().__init__((out_features, in_features), out_features if bias else None, device,
                         dtype)
        self.in_features, self.out_features = in_features, out_features

    def forward(self, input):
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        return (f"in_features={self.in_features}, out_features={self.out_features}, "
                f"bias={self.bias is not None}")


class Conv2d(_Affine):
    """Cross-correlation, learned: (n, in_channels, h, w) -> (n, out_channels, oh, ow).

    The weight is (out_channels, in_channels / groups, kh, kw); oh and ow as in F.conv2d.
    """

    axes = 2  # Conv1d has 1

    def __init__(self, in_channels: int, out_channels: int, kernel_size, stride=1, padding=0,
                 dilation=1, groups: int = 1, bias: bool = True, padding_mode: str = "zeros",
                 device=None, dtype=None):
        sizes.check_groups(in_channels, out_channels, groups, padding_mode)
        kernel = self._sizes("kernel_size", kernel_size, 1)
        super().__init__((out_channels, in_channels // groups, *kernel),
                         out_channels if bias else None, device, dtype)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = kernel, self._sizes("stride", stride, 1)
        self.padding, self.dilation = padding, self._sizes("dilation", dilation, 1)
        if not isinstance(padding, str):
            self.padding = self._sizes("padding", padding, 0)

    def _sizes(self, name: str, value, least: int) -> tuple:
        return pair(f"{type(self).__name__}: {name}", value, least)[:self.axes]

    def forward(self, input):
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation,
                        self.groups)

    def extra_repr(self, **more):
        usual = {"padding": (0,) * self.axes, "dilation": (1,) * self.axes, **more, "groups": 1}
        options = [f", {name}={getattr(self, name)}" for name, value in usual.items()
                   if getattr(self, name) != value]
        return (f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
                f"stride={self.stride}{''.join(options)}"
                f"{', bias=False' if self.bias is None else ''}")


class _Pool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0, **options):
        super().__init__()
        self.kernel_size, self.padding, self.options = kernel_size, padding, options
        self.stride = kernel_size if stride is None else stride

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxPool2d(_Pool2d):
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow)."""

    def forward(self, input):
        return F.max_pool2d(input, self.kernel_size, self.stride, self.padding, **self.options)

    def extra_repr(self):
        ceil_mode = self.options.get("ceil_mode", False)
        return f"{super().extra_repr()}, dilation=1, ceil_mode={ceil_mode}"


class AvgPool2d(_Pool2d):
    """The mean of each window: (n, c, h, w) -> (n, c, oh, ow); padding counts as zeros."""

    def forward(self, input):
        return F.avg_pool2d(input, self.kernel_size, self.stride, self.padding, **self.options)


class Flatten(Module):
    """(n, c, h, w) -> (n, c*h*w), or the axes start_dim to end_dim joined into one."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self):
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class ReLU(Module):
    """max(x, 0), element by element; with inplace=True, x itself becomes the result."""

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input):
        return F.relu(input, self.inplace)

    def extra_repr(self):
        return "inplace=True" if self.inplace else ""


class Sigmoid(Module):
    """1 / (1 + exp(-x)), element by element."""

    def forward(self, input):
        return F.sigmoid(input)


class Tanh(Module):
    """Hyperbolic tangent, element by element."""

    def forward(self, input):
        return F.tanh(input)


class Dropout(Module):
    """In training each element is 0 with probability p, else x / (1 - p); in evaluation x."""

    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p is a probability between 0 and 1, not {p}.")
        self.p, self.inplace = p, inplace

    def forward(self, input):
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self):
        return f"p={self.p}, inplace={self.inplace}"
