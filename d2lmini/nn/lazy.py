"""Layers that learn the number of their inputs from the first input: LazyLinear(10).

Until then their parameters have no shape, and raise when asked for it. After the first call a layer
is what it stands for, a Linear, Conv2d or BatchNorm2d, with the parameters an optimizer may hold.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from .convolutions import Conv1d
from .further import BatchNorm1d, BatchNorm2d
from .layers import Conv2d, Linear
from .module import Module
from .parameter import Parameter


class UninitializedParameter(Parameter):
    """A parameter of a lazy layer before the first call."""

    __slots__ = ()

    def __new__(cls):
        return cls.from_array(np.zeros(0, np.float32), True)

    @property
    def shape(self):
        """RuntimeError: it is not known yet."""
        raise RuntimeError("this parameter of a lazy layer has no shape and no numbers before the "
                           "first call. Call the model on a batch first.")

    numel = nelement = size = detach = lambda self, *args: self.shape

    def __repr__(self):
        return "<UninitializedParameter>"


class _Lazy(Module):
    layer: ClassVar = None  # the class that it becomes

    def __init__(self, *args, **options):
        super().__init__()
        self.made_with = args, options
        self.weight = UninitializedParameter() if options.get("affine", True) else None
        bias = options.get("bias", args[1] if self.layer is Linear and len(args) > 1 else True)
        self.register_parameter("bias", UninitializedParameter() if bias and self.weight is not None
                                else None)

    def count_inputs(self, input) -> int:
        """How many inputs the layer has: the length of an axis."""
        return input.shape[-1]

    def __call__(self, input):
        args, options = self.made_with
        made = self.layer(self.count_inputs(input), *args, **options)
        for name, param in self._parameters.items():
            if param is not None:
                param.__class__, param.array = Parameter, made._parameters[name].array
                made._parameters[name] = param
        mine = vars(self)
        keep = {name: mine[name] for name in mine if name.endswith("hooks") or name == "training"}
        mine.clear()
        mine.update(vars(made) | keep)
        self.__class__ = self.layer
        return self(input)

    def extra_repr(self):
        args, options = self.made_with
        return self.layer(1, *args, **options).extra_repr().replace("1", "0", 1)


class LazyLinear(_Lazy):
    """Linear(in_features, out_features) with in_features from the first input."""

    layer = Linear


class LazyConv2d(_Lazy):
    """Conv2d(in_channels, ...) with in_channels from the first input."""

    layer = Conv2d

    def count_inputs(self, input):
        return input.shape[-1 - self.layer.axes]


class LazyConv1d(LazyConv2d):
    """Conv1d(in_channels, ...) with in_channels from the first input."""

    layer = Conv1d


class LazyBatchNorm1d(_Lazy):
    """BatchNorm1d(num_features) with num_features from the first input."""

    layer = BatchNorm1d

    def count_inputs(self, input):
        return input.shape[1]


class LazyBatchNorm2d(LazyBatchNorm1d):
    """BatchNorm2d(num_features) with num_features from the first input."""

    layer = BatchNorm2d
