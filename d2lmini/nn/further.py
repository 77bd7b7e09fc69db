"""Further layers, beside those of layers.py, each as in PyTorch.

Batch normalization is read in lesson 09, embeddings in lesson 10.
"""

from __future__ import annotations

from .. import functional as F
from ..creation import ones, stack, tensor, zeros
from . import init
from .layers import Dropout
from .module import Module
from .parameter import Parameter

# --- activations and shapes ---


class Identity(Module):
    """x itself, whatever the arguments were."""

    def __init__(self, *args, **options):
        super().__init__()

    def forward(self, input):
        return input


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
        return F.dropout2d(input, self.p, self.training)


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
                f"affine={self.affine}, bias={self.bias is not None}, "
                f"track_running_stats={self.track_running_stats}")


class BatchNorm2d(BatchNorm1d):
    """Batch normalization of each channel of images (n, c, h, w)."""

    ndims = (4,)


class LayerNorm(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias over the last axes (Ba et al., 2016)."""

    def __init__(self, normalized_shape, eps: float = 1e-5, elementwise_affine: bool = True,
                 bias: bool = True):
        super().__init__()
        shape = normalized_shape if isinstance(normalized_shape, tuple | list) else (
            normalized_shape,)
        self.normalized_shape, self.eps = tuple(shape), eps
        self.elementwise_affine = elementwise_affine
        self.register_parameter("weight", Parameter(ones(*shape)) if elementwise_affine else None)
        self.register_parameter("bias", Parameter(zeros(*shape)) if elementwise_affine and bias
                                else None)

    def forward(self, input):
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (f"{self.normalized_shape}, eps={self.eps}, "
                f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}")


class RMSNorm(Module):
    """x / sqrt(mean(x^2) + eps) * weight over the last axes (Zhang and Sennrich, 2019)."""

    def __init__(self, normalized_shape, eps: float | None = None, elementwise_affine: bool = True):
        super().__init__()
        shape = normalized_shape if isinstance(normalized_shape, tuple | list) else (
            normalized_shape,)
        self.normalized_shape, self.eps = tuple(shape), eps
        self.elementwise_affine = elementwise_affine
        self.register_parameter("weight", Parameter(ones(*shape)) if elementwise_affine else None)

    def forward(self, input):
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self):
        return (f"{self.normalized_shape}, eps={self.eps}, "
                f"elementwise_affine={self.elementwise_affine}")


class GroupNorm(Module):
    """LayerNorm over each of num_groups groups of channels of (n, c, ...) (Wu and He, 2018)."""

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True):
        super().__init__()
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.affine = affine
        self.register_parameter("weight", Parameter(ones(num_channels)) if affine else None)
        self.register_parameter("bias", Parameter(zeros(num_channels)) if affine else None)

    def forward(self, input):
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
                f"bias={self.affine}")


class InstanceNorm2d(Module):
    """(x - mean) / sqrt(var + eps) of each channel of each image (n, c, h, w) by itself."""

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1,
                 affine: bool = False, track_running_stats: bool = False):
        super().__init__()
        if track_running_stats:
            raise NotImplementedError("InstanceNorm2d: running averages are not in d2lmini.")
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine = affine
        self.register_parameter("weight", Parameter(ones(num_features)) if affine else None)
        self.register_parameter("bias", Parameter(zeros(num_features)) if affine else None)

    def forward(self, input):
        return F.instance_norm(input, weight=self.weight, bias=self.bias, eps=self.eps)

    def extra_repr(self):
        return (f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
                f"affine={self.affine}, bias={self.affine}, track_running_stats=False")


class Embedding(Module):
    """A learned vector for each of num_embeddings integers: (...) -> (..., embedding_dim)."""

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None,
                 *, sparse: bool = False, _weight=None):
        super().__init__()
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else range(num_embeddings)[padding_idx]
        given, size = _weight is not None, (num_embeddings, embedding_dim)
        self.weight = Parameter(_weight) if given else init.normal_(Parameter(zeros(*size)))
        if padding_idx is not None and not given:
            self.weight.array[padding_idx] = 0

    @classmethod
    def from_pretrained(cls, embeddings, freeze: bool = True, padding_idx: int | None = None):
        """An embedding with these vectors, (words, size), which are not trained if `freeze`."""
        made = cls(*embeddings.shape, padding_idx, _weight=embeddings)
        made.weight.requires_grad_(not freeze)
        return made

    def forward(self, input):
        return F.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self):
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


class EmbeddingBag(Module):
    """The mean, sum or max of the vectors of each bag of words: (n, words) -> (n, size).

    Bags of different lengths stand in one vector of words; `offsets` says where each begins.
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, mode: str = "mean", *,
                 sparse: bool = False):
        super().__init__()
        if mode not in ("mean", "sum", "max"):
            raise ValueError(f"EmbeddingBag: mode is 'mean', 'sum' or 'max', not {mode!r}.")
        self.num_embeddings, self.embedding_dim, self.mode = num_embeddings, embedding_dim, mode
        self.weight = init.normal_(Parameter(zeros(num_embeddings, embedding_dim)))

    def forward(self, input, offsets=None):
        if (input.ndim == 1) == (offsets is None):
            raise ValueError(f"EmbeddingBag: input has shape {input.shape}; give (n, words), or a "
                             f"vector with the offsets of its bags.")
        bags = input if offsets is None else input.split(
            [b - a for a, b in zip(offsets.tolist(), [*offsets.tolist()[1:], len(input)])])
        return stack([self._join(F.embedding(bag, self.weight)) for bag in bags])

    def _join(self, vectors):
        if not len(vectors):
            return zeros(self.embedding_dim, dtype=self.weight.dtype)
        return vectors.amax(0) if self.mode == "max" else getattr(vectors, self.mode)(0)

    def extra_repr(self):
        return f"{self.num_embeddings}, {self.embedding_dim}, mode={self.mode!r}"
