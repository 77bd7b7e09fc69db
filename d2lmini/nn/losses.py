"""Losses as modules: the formulas are in functional.py and in further/losses.py."""

from __future__ import annotations

from .. import functional as F
from ..further import sizes
from .module import Module


class _Loss(Module):
    """`reduction` is "mean", "sum" or "none"; `old` are size_average and reduce, as in PyTorch."""

    def __init__(self, *, reduction: str = "mean", **old):
        super().__init__()
        self.reduction = sizes.reduction_of(reduction, **old)


class MSELoss(_Loss):
    """The mean (or "sum", or "none") of (prediction - target)^2."""

    def forward(self, input, target):
        return F.mse_loss(input, target, reduction=self.reduction)


class CrossEntropyLoss(_Loss):
    """Softmax and the mean of -log(probability of the label): logits (n, classes), labels (n,)."""

    def __init__(self, weight=None, *, ignore_index: int = -100, reduction: str = "mean",
                 label_smoothing: float = 0.0, **old):
        super().__init__(reduction=reduction, **old)
        self.register_buffer("weight", weight)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, input, target):
        return F.cross_entropy(input, target, self.weight, ignore_index=self.ignore_index,
                               reduction=self.reduction, label_smoothing=self.label_smoothing)


class L1Loss(_Loss):
    """The mean of |prediction - target|."""

    def forward(self, input, target):
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """A parabola where |prediction - target| < beta, straight lines outside."""

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0, **old):
        super().__init__(reduction=reduction, **old)
        self.beta = beta

    def forward(self, input, target):
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """A parabola where |prediction - target| < delta, lines of slope delta outside."""

    def __init__(self, *, reduction: str = "mean", delta: float = 1.0, **old):
        super().__init__(reduction=reduction, **old)
        self.delta = delta

    def forward(self, input, target):
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class NLLLoss(_Loss):
    """The mean of -log(probability of the label), of log probabilities (n, classes)."""

    def __init__(self, weight=None, *, ignore_index: int = -100, reduction: str = "mean", **old):
        super().__init__(reduction=reduction, **old)
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index

    def forward(self, input, target):
        return F.nll_loss(input, target, self.weight, ignore_index=self.ignore_index,
                          reduction=self.reduction)


class BCELoss(_Loss):
    """The mean of -y log p - (1 - y) log(1 - p), of probabilities p, times `weight` if given."""

    def __init__(self, weight=None, *, reduction: str = "mean", **old):
        super().__init__(reduction=reduction, **old)
        self.register_buffer("weight", weight)

    def forward(self, input, target):
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """The same of logits: p = sigmoid(logit), without overflow; pos_weight multiplies y log p."""

    def __init__(self, weight=None, *, reduction: str = "mean", pos_weight=None,
                 **old):
        super().__init__(reduction=reduction, **old)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input, target):
        return F.binary_cross_entropy_with_logits(input, target, self.weight,
                                                  reduction=self.reduction,
                                                  pos_weight=self.pos_weight)


class KLDivLoss(_Loss):
    """The mean of target * (log(target) - input), of log-probabilities `input`."""

    def __init__(self, *, reduction: str = "mean", log_target: bool = False, **old):
        super().__init__(reduction=reduction, **old)
        self.log_target = log_target

    def forward(self, input, target):
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class _MarginLoss(_Loss):
    function, default = None, 0.0

    def __init__(self, margin: float | None = None, *, reduction: str = "mean", **old):
        super().__init__(reduction=reduction, **old)
        self.margin = self.default if margin is None else margin

    def forward(self, *inputs):
        return type(self).function(*inputs, margin=self.margin, reduction=self.reduction)


class TripletMarginLoss(_MarginLoss):
    """The mean of max(0, margin + distance to the positive - distance to the negative one)."""

    def __init__(self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, *,
                 reduction: str = "mean", **old):
        super().__init__(margin, reduction=reduction, **old)
        self.p, self.eps = p, eps

    def forward(self, anchor, positive, negative):
        return F.triplet_margin_loss(anchor, positive, negative, self.margin, self.p, self.eps,
                                     reduction=self.reduction)


class MarginRankingLoss(_MarginLoss):
    """The mean of max(0, margin - y (x1 - x2)), y being 1 or -1."""

    function = staticmethod(F.margin_ranking_loss)


class CosineEmbeddingLoss(_MarginLoss):
    """1 - cosine where y is 1, max(0, cosine - margin) where it is -1."""

    function = staticmethod(F.cosine_embedding_loss)


class MultiMarginLoss(_MarginLoss):
    """The hinge loss of scores and labels, divided by the number of classes."""

    function, default = staticmethod(F.multi_margin_loss), 1.0

    def __init__(self, p: int = 1, margin: float = 1.0, *, reduction: str = "mean", **old):
        super().__init__(margin, reduction=reduction, **old)
        if p != 1:
            raise NotImplementedError(f"MultiMarginLoss: p is 1 here, not {p}.")


class HingeEmbeddingLoss(_MarginLoss):
    """x where y is 1, max(0, margin - x) where it is -1."""

    function, default = staticmethod(F.hinge_embedding_loss), 1.0


class SoftMarginLoss(_Loss):
    """log(1 + exp(-y x)), y being 1 or -1."""

    def forward(self, input, target):
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class PoissonNLLLoss(_Loss):
    """exp(x) - y x for the logarithm x of a rate (without log_input: the rate), and counts y."""

    def __init__(self, log_input: bool = True, *, eps: float = 1e-8, reduction: str = "mean",
                 **old):
        super().__init__(reduction=reduction, **old)
        self.log_input, self.eps = log_input, eps

    def forward(self, log_input, target):
        return F.poisson_nll_loss(log_input, target, self.log_input, eps=self.eps,
                                  reduction=self.reduction)


class GaussianNLLLoss(_Loss):
    """(log var + (x - y)^2 / var) / 2: how unlikely y is under a normal distribution."""

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.full, self.eps = full, eps

    def forward(self, input, target, var):
        return F.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)
