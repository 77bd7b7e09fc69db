"""`torch.distributions`: samples, logarithms of probabilities and entropies of the usual ones.

Normal, Uniform, Bernoulli, Categorical and Multinomial, with numbers or tensors as parameters;
log_prob, entropy and rsample record gradients.
"""

from __future__ import annotations

import math

import numpy as np

from .. import creation
from .. import functional as F
from ..creation import rand, randn, tensor
from ..engine import no_grad
from ..further.missing import missing
from ..tensor import Tensor

__all__ = ["Bernoulli", "Categorical", "Distribution", "Multinomial", "Normal", "Uniform",
           "kl_divergence"]


def _tensors(*values) -> list[Tensor]:
    """The parameters as tensors of one shape."""
    made = [v if isinstance(v, Tensor) else tensor(float(v)) for v in values]
    shape = np.broadcast_shapes(*(t.shape for t in made))
    return [t.expand(*shape) for t in made]


class Distribution:
    """What all of them share: `sample` is `rsample` without a gradient."""

    def sample(self, sample_shape=()) -> Tensor:
        """Random numbers, sample_shape of them for each parameter."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape=()) -> Tensor:
        """Random numbers through which gradients pass to the parameters."""
        raise NotImplementedError(f"{type(self).__name__} has no rsample.")

    parts = ()  # the parameters that the text names

    def __repr__(self):
        texts = [f"{n}: {v if v.numel() == 1 else v.shape}" for n, v in (
            (n, getattr(self, n)) for n in self.parts)]
        return f"{type(self).__name__}({', '.join(texts)})"


class Normal(Distribution):
    """The normal distribution with mean `loc` and standard deviation `scale`."""

    parts = "loc", "scale"

    def __init__(self, loc, scale):
        self.loc, self.scale = self.mean, self.stddev = _tensors(loc, scale)

    @property
    def variance(self) -> Tensor:
        """The square of the scale."""
        return self.scale ** 2

    def rsample(self, sample_shape=()):
        """loc + scale * randn."""
        return self.loc + self.scale * randn((*sample_shape, *self.loc.shape))

    def log_prob(self, value) -> Tensor:
        """The logarithm of the density."""
        value = value if isinstance(value, Tensor) else tensor(value)
        return (-(value - self.loc) ** 2 / (2 * self.scale ** 2) - self.scale.log()
                - math.log(math.sqrt(2 * math.pi)))

    def entropy(self) -> Tensor:
        """The mean of -log_prob."""
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()

    def cdf(self, value) -> Tensor:
        """The probability of a smaller number."""
        return 0.5 * (1 + ((value - self.loc) / self.scale / math.sqrt(2)).erf())


class Uniform(Distribution):
    """Uniform on [low, high)."""

    parts = "low", "high"

    def __init__(self, low, high):
        self.low, self.high = _tensors(low, high)

    @property
    def mean(self) -> Tensor:
        """The middle."""
        return (self.high + self.low) / 2

    def rsample(self, sample_shape=()):
        """low + (high - low) * rand."""
        return self.low + (self.high - self.low) * rand((*sample_shape, *self.low.shape))

    def log_prob(self, value) -> Tensor:
        """The logarithm of the density, -inf outside."""
        inside = (self.low <= value) & (value < self.high)
        return inside.type_as(self.low).log() - (self.high - self.low).log()

    def entropy(self) -> Tensor:
        """The logarithm of the width."""
        return (self.high - self.low).log()


class Bernoulli(Distribution):
    """1 with probability `probs`, else 0; or give the logits."""

    def __init__(self, probs=None, logits=None):
        if (probs is None) == (logits is None):
            raise ValueError("Bernoulli: give either probs or logits.")
        self.parts = ("probs",) if logits is None else ("logits",)
        self.probs, = _tensors(probs) if logits is None else [_tensors(logits)[0].sigmoid()]
        self._logits = None if logits is None else _tensors(logits)[0]

    @property
    def logits(self) -> Tensor:
        """log(p / (1 - p))."""
        if self._logits is not None:
            return self._logits
        eps = np.finfo(self.probs.dtype).eps
        p = self.probs.clamp(eps, 1 - eps)
        return p.log() - (-p).log1p()

    def sample(self, sample_shape=()):
        """Zeros and ones."""
        with no_grad():
            return creation.bernoulli(self.probs.expand(*sample_shape, *self.probs.shape))

    def log_prob(self, value) -> Tensor:
        """The logarithm of the probability of 0 or 1."""
        return -F.binary_cross_entropy_with_logits(*_tensors(self.logits, value), reduction="none")

    def entropy(self) -> Tensor:
        """The mean of -log_prob."""
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")


class Categorical(Distribution):
    """The integers 0 to n - 1 with these probabilities (or weights), or with these logits."""

    def __init__(self, probs=None, logits=None):
        if (probs is None) == (logits is None):
            raise ValueError("Categorical: give either probs or logits.")
        self.parts = ("probs",) if logits is None else ("logits",)
        if logits is None:
            self.probs = probs / probs.sum(-1, keepdim=True)
            eps = np.finfo(probs.dtype).eps
            self.logits = self.probs.clamp(eps, 1 - eps).log()
        else:
            self.logits = logits - logits.logsumexp(-1, keepdim=True)
            self.probs = F.softmax(self.logits, -1)

    def sample(self, sample_shape=()):
        """Random integers."""
        shape = (*sample_shape, *self.probs.shape[:-1])
        with no_grad():
            rows = self.probs.reshape(-1, self.probs.shape[-1])
            drawn = creation.multinomial(rows, math.prod(sample_shape), True)
        return drawn.T.reshape(shape)

    def log_prob(self, value) -> Tensor:
        """The logarithm of the probability of each integer."""
        value = value.long().unsqueeze(-1)
        shape = np.broadcast_shapes(value.shape[:-1], self.logits.shape[:-1])
        logits = self.logits.expand(*shape, self.logits.shape[-1])
        return logits.gather(-1, value.expand(*shape, 1)).squeeze(-1)

    def entropy(self) -> Tensor:
        """The mean of -log_prob."""
        return -(self.logits * self.probs).sum(-1)


class Multinomial(Distribution):
    """How often each of n outcomes comes in total_count draws."""

    def __init__(self, total_count: int = 1, probs=None, logits=None):
        self.total_count, self._one = total_count, Categorical(probs, logits)
        self.probs = self._one.probs

    def sample(self, sample_shape=()):
        """Counts that add up to total_count."""
        draws = self._one.sample((self.total_count, *sample_shape))
        counts = F.one_hot(draws, self.probs.shape[-1]).sum(0)
        return counts.type_as(self.probs)


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """The mean of p.log_prob(x) - q.log_prob(x), x drawn from p: two Normal or two Categorical."""
    if isinstance(p, Normal) and isinstance(q, Normal):
        ratio = (p.scale / q.scale) ** 2
        return 0.5 * (ratio + ((p.loc - q.loc) / q.scale) ** 2 - 1 - ratio.log())
    if isinstance(p, Categorical) and isinstance(q, Categorical):
        return (p.probs * (p.logits - q.logits)).sum(-1)
    raise NotImplementedError("kl_divergence: of two Normal or two Categorical distributions.")


def __getattr__(name: str):
    if name in ("categorical", "multinomial", "normal"):
        import importlib

        return importlib.import_module(f"d2lmini.distributions.{name}")
    raise AttributeError(missing(f"distributions has no {name!r}", name))
