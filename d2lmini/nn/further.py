"""Further containers, layers and losses, beside those of layers.py, each as in PyTorch.

Batch normalization is read in lesson 09, embeddings in lesson 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from .. import functional as F
from ..creation import ones, tensor, where, zeros
from . import init
from .layers import Dropout
from .module import Module
from .parameter import Parameter
from .spellings import ListSpellings

# --- containers ---


class ModuleList(ListSpellings, Module):
    """A list of modules that are registered: for layer in self.layers: x = layer(x)."""

    def __init__(self, modules: Iterable[Module] = ()):
        super().__init__()
        self.extend(modules)

    def __getitem__(self, index):
        return type(self)(list(self)[index]) if isinstance(index, slice) else list(self)[index]

    def _child_texts(self):
        texts, start = [], 0
        for text, group in groupby(map(repr, self)):  # equal neighbors in one line
            n = len(list(group))
            texts.append(f"({start}): {text}" if n == 1 else
                         f"({start}-{start + n - 1}): {n} x {text}")
            start += n
        return texts


class ModuleDict(Module):
    """A dict of modules that are registered: x = self.branches["left"](x)."""

    def __init__(self, modules: Mapping[str, Module] | None = None):
        super().__init__()
        self.update(modules or {})

    def update(self, modules: Mapping[str, Module]) -> None:
        """Add modules, or replace them, by name."""
        for name, module in dict(modules).items():
            self.add_module(name, module)

    def __getitem__(self, name):
        return self._modules[name]

    def __setitem__(self, name, module):
        self.add_module(name, module)

    def __delitem__(self, name):
        del self._modules[name]

    def __contains__(self, name):
        return name in self._modules

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def keys(self):
        """The names."""
        return self._modules.keys()

    def values(self):
        """The modules."""
        return self._modules.values()

    def items(self):
        """Pairs of a name and a module."""
        return self._modules.items()


class ParameterList(Module):
    """A list of parameters that are registered; tensors become parameters."""

    def __init__(self, values: Iterable = ()):
        super().__init__()
        for value in values:
            self.append(value)

    def append(self, value):
        """Add a parameter at the end; returns the list."""
        param = value if isinstance(value, Parameter) else Parameter(value)
        self.register_parameter(str(len(self)), param)
        return self

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters.values())

    def __getitem__(self, index):
        return list(self)[index]

    def __setitem__(self, index, param):
        self.register_parameter(list(self._parameters)[index], param)


# --- activations and shapes ---


class Identity(Module):
    """x itself, whatever the arguments were."""

    def __init__(self, *args, **options):
        super().__init__()

    def forward(self, input):
        return input


class LeakyReLU(Module):
    """x where it is positive, else negative_slope * x."""

    def __init__(self, negative_slope: float = 0.01):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, input):
        return F.leaky_relu(input, self.negative_slope)

    def extra_repr(self):
        return f"negative_slope={self.negative_slope}"


class GELU(Module):
    """x times the probability that a standard normal number is below x."""

    def __init__(self, approximate: str = "none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, input):
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self):
        return f"approximate={self.approximate!r}"


class ELU(Module):
    """x where it is positive, else alpha * (exp(x) - 1) (Clevert et al., 2016)."""

    def __init__(self, alpha: float = 1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, input):
        return F.relu(input) + self.alpha * (input.clamp(max=0).exp() - 1)

    def extra_repr(self):
        return f"alpha={self.alpha}"


class SiLU(Module):
    """x sigmoid(x), also called swish."""

    def forward(self, input):
        return input * F.sigmoid(input)


class Softplus(Module):
    """log(1 + exp(beta x)) / beta: a smooth ReLU; x itself where beta x is above the threshold."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input):
        x = input * self.beta
        smooth = (1 + x.clamp(max=self.threshold).exp()).log() / self.beta
        return where(x > self.threshold, input, smooth)

    def extra_repr(self):
        return f"beta={self.beta}, threshold={self.threshold}"


class Softmax(Module):
    """exp(x) / exp(x).sum(dim)."""

    function = staticmethod(F.softmax)

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        return self.function(input, self.dim)

    def extra_repr(self):
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of softmax, finite for every finite x."""

    function = staticmethod(F.log_softmax)


class Dropout2d(Dropout):
    """Dropout of whole channels: (n, c, h, w) -> the same (Tompson et al., 2015)."""

    def forward(self, input):
        channels = ones(*input.shape[:2], 1, 1, dtype=input.dtype)
        return input * F.dropout(channels, self.p, self.training)


class Unflatten(Module):
    """One axis becomes several: Unflatten(1, (2, 3)) makes (n, 6) to (n, 2, 3)."""

    def __init__(self, dim: int, unflattened_size: tuple):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input):
        dim = range(input.ndim)[self.dim]
        return input.reshape(*input.shape[:dim], *self.unflattened_size, *input.shape[dim + 1:])

    def extra_repr(self):
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class AdaptiveAvgPool2d(Module):
    """Means over windows that give the output size: (n, c, h, w) -> (n, c, *output_size)."""

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, input):
        return F.adaptive_avg_pool2d(input, self.output_size)

    def extra_repr(self):
        return f"output_size={self.output_size}"


# --- normalization and embedding ---


class BatchNorm1d(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias for each channel of (n, c) or (n, c, l).

    In training mean and variance are those of the batch; running averages of them are kept, with
    momentum as the part of the new batch, for evaluation. (Ioffe and Szegedy, 2015)
    """

    ndims = 2, 3

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
                 affine: bool = True, track_running_stats: bool = True):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.register_parameter("weight", Parameter(ones(num_features)) if affine else None)
        self.register_parameter("bias", Parameter(zeros(num_features)) if affine else None)
        track = track_running_stats
        self.register_buffer("running_mean", zeros(num_features) if track else None)
        self.register_buffer("running_var", ones(num_features) if track else None)
        self.register_buffer("num_batches_tracked", tensor(0) if track else None)

    def forward(self, input):
        if input.ndim not in self.ndims:
            raise ValueError(f"{type(self).__name__}: input has shape {input.shape}; expected "
                             f"{' or '.join(map(str, self.ndims))} axes, (n, channels, ...).")
        momentum = self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked.add_(1)
            if momentum is None:
                momentum = 1 / self.num_batches_tracked.item()
        return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias,
                            self.training or not self.track_running_stats, momentum, self.eps)

    def extra_repr(self):
        return (f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
                f"affine={self.affine}, bias={self.affine}, "
                f"track_running_stats={self.track_running_stats}")


class BatchNorm2d(BatchNorm1d):
    """Batch normalization of each channel of images (n, c, h, w)."""

    ndims = (4,)


class LayerNorm(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias over the last axes (Ba et al., 2016)."""

    def __init__(self, normalized_shape, eps: float = 1e-5, elementwise_affine: bool = True):
        super().__init__()
        shape = normalized_shape if isinstance(normalized_shape, tuple | list) else (
            normalized_shape,)
        self.normalized_shape, self.eps = tuple(shape), eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(ones(*shape)) if elementwise_affine else None
        self.bias = Parameter(zeros(*shape)) if elementwise_affine else None

    def forward(self, input):
        dims = tuple(range(-len(self.normalized_shape), 0))
        if input.shape[dims[0]:] != self.normalized_shape:
            raise RuntimeError(f"LayerNorm: input has shape {input.shape}; its last axes should be "
                               f"{self.normalized_shape}.")
        centered = input - input.mean(dims, keepdim=True)
        out = centered / ((centered * centered).mean(dims, keepdim=True) + self.eps).sqrt()
        return out * self.weight + self.bias if self.elementwise_affine else out

    def extra_repr(self):
        return (f"{self.normalized_shape}, eps={self.eps}, "
                f"elementwise_affine={self.elementwise_affine}, bias={self.elementwise_affine}")


class Embedding(Module):
    """A learned vector for each of num_embeddings integers: (...) -> (..., embedding_dim)."""

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None):
        super().__init__()
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else range(num_embeddings)[padding_idx]
        self.weight = init.normal_(Parameter(zeros(num_embeddings, embedding_dim)))
        if padding_idx is not None:
            self.weight.array[padding_idx] = 0

    def forward(self, input):
        return F.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self):
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
