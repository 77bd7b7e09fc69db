"""The table of all differentiable operators: what test_operators.py checks in five ways.

A case is a function of a library `L` (d2lmini's names or torch's) and of tensors. Shapes are words:
a digit is a size, a small letter a random size of 1 to 3, a capital one of 5 or 6, the same letter
the same size. Add a line here for each new operator; nothing else is needed.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import d2lmini
from d2lmini import functional

OURS = SimpleNamespace(
    F=functional, stack=d2lmini.stack, cat=d2lmini.cat, where=d2lmini.where, array=d2lmini.tensor,
    amax=lambda x, *a, **k: x.amax(*a, **k), amin=lambda x, *a, **k: x.amin(*a, **k),
    hinge=functional.hinge_loss)


def torch_library(torch):
    """PyTorch with the same names, for the few that differ."""
    F = torch.nn.functional

    def hinge(x, y, margin=1.0, reduction="mean"):  # PyTorch divides by the number of classes
        return x.shape[1] * F.multi_margin_loss(x, y, margin=margin, reduction=reduction)

    return SimpleNamespace(
        F=F, stack=torch.stack, cat=torch.cat, where=torch.where, array=torch.tensor, hinge=hinge,
        amax=lambda x, dim=(), keepdim=False: torch.amax(x, () if dim is None else dim, keepdim),
        amin=lambda x, dim=(), keepdim=False: torch.amin(x, () if dim is None else dim, keepdim))


class Case(NamedTuple):
    name: str
    function: Callable
    shapes: tuple[str, ...]
    domain: str = "any"

    def inputs(self, seed: int = 0, dtype=np.float64) -> list[np.ndarray]:
        """Random arrays, of random shapes, of the domain; the same for the same seed."""
        rng, sizes = np.random.default_rng(seed), {}
        arrays = []
        for word in self.shapes:
            for c in word:
                sizes.setdefault(c, int(c) if c.isdigit() else int(rng.integers(*(
                    (1, 4) if c.islower() else (5, 7)))))
            arrays.append(draw(rng, tuple(sizes[c] for c in word), self.domain).astype(dtype))
        return arrays

    def __str__(self):
        return f"{self.name}({','.join(self.shapes)})"


def draw(rng, shape, domain):
    """Numbers for a case. "apart": no two of them nor 0 are near each other, so no kink is near."""
    if domain == "positive":
        return rng.uniform(0.3, 2.5, shape)
    if domain == "unit":
        return rng.uniform(0.05, 0.95, shape)
    n = int(np.prod(shape))
    if domain == "apart":
        return ((rng.permutation(n) - n // 2 + 0.37) * 0.11).reshape(shape)
    if domain == "ties":
        return rng.integers(0, 3, shape).astype(float)
    return rng.standard_normal(shape)


CASES: list[Case] = []


def add(name, function, *shapes, domain="any"):
    """A case for each entry of `shapes`: words for the operands, separated by spaces; "." is ()."""
    CASES.extend(Case(name, function, tuple(w.replace(".", "") for w in shape.split()), domain)
                 for shape in shapes)


# --- arithmetic, with every way to broadcast ---

PAIRS = (". .", "a a", "ab ab", "ab b", "b ab", "ab a1", "a1 1b", "abc .", ". abc", "abc 1b1",
         "abc bc", "1 abc", "11 a", "aa a", "aa 1a", "aa a1")
add("add", lambda L, x, y: x + y, *PAIRS)
add("sub", lambda L, x, y: x - y, *PAIRS)
add("mul", lambda L, x, y: x * y, *PAIRS)
add("div", lambda L, x, y: x / y, *PAIRS, domain="positive")
add("pow", lambda L, x, y: x ** y, *PAIRS, domain="positive")
add("neg", lambda L, x: -x, ".", "ab")
for n in (0, 1, 2, 3, -1, -2, 0.5):
    add(f"pow{n}", lambda L, x, n=n: x ** n, ".", "ab", domain="positive")
add("square of negatives", lambda L, x: x ** 2 + x ** 3, "ab")
add("rpow", lambda L, x: 2 ** x + 0.5 ** x, ".", "ab")
add("reflected", lambda L, x: (2 - x) * (1 / x) + 3 * x + (1 + x), ".", "ab", domain="positive")
add("same twice", lambda L, x: x * x + x - x / x, ".", "ab", domain="positive")
add("matmul", lambda L, x, y: x @ y, "k k", "nk k", "k km", "nk km", "bnk km", "bnk bkm", "bnk k",
    "k bkm", "nk bkm", "abnk bkm", "bnk 1km", "a1nk bkm", "1nk bkm", "nn nn")

# --- functions of each element ---

for name in ("exp", "sin", "cos", "tanh", "sigmoid"):
    add(name, lambda L, x, f=name: getattr(x, f)(), ".", "ab", "abc")
for name in ("log", "sqrt"):
    add(name, lambda L, x, f=name: getattr(x, f)(), ".", "ab", domain="positive")
for name in ("relu", "abs"):
    add(name, lambda L, x, f=name: getattr(x, f)(), ".", "ab", "ABc", domain="apart")
add("F.relu", lambda L, x: L.F.relu(x), "ab", domain="apart")
add("F.sigmoid", lambda L, x: L.F.sigmoid(x), "ab")
add("F.tanh", lambda L, x: L.F.tanh(x), "ab")
add("clamp", lambda L, x: x.clamp(-0.2, 0.3), ".", "AB", domain="apart")
add("clamp min", lambda L, x: x.clamp(min=-0.1), "AB", domain="apart")
add("clamp max", lambda L, x: x.clamp(max=0.2), "AB", domain="apart")
add("pow method", lambda L, x: x.pow(2), "ab")

# --- reductions ---

DIMS = {"abc": (None, 0, 1, -1, -3, (0, 2), (1, -1), (0, 1, 2)), "aa": (0, 1, (0, 1)), "a": (0, -1),
        "": (None,)}
for shape, dims in DIMS.items():
    for dim in dims:
        for keep in (False, True):
            at, word = f"{dim} {keep}", shape or "."
            for name in ("sum", "mean"):
                add(f"{name} {at}", lambda L, x, f=name, d=dim, k=keep: getattr(x, f)(
                    dim=d, keepdim=k), word)
            for name in ("amax", "amin"):
                add(f"{name} {at}", lambda L, x, f=name, d=dim, k=keep: getattr(L, f)(
                    x, d, k), word, domain="apart")
            if shape:
                add(f"var {at}", lambda L, x, d=dim, k=keep: x.var(
                    dim=d, correction=0, keepdim=k), word)
add("var", lambda L, x: x.var(), "AB")
add("var dim", lambda L, x: x.var(dim=1), "AB", "AA")
add("var squared", lambda L, x: x.var(dim=0, keepdim=True) * x, "AB")
for name in ("sum", "mean"):  # NumPy's names, which PyTorch also takes
    add(f"{name} axis", lambda L, x, f=name: getattr(x, f)(axis=1, keepdims=True) + getattr(x, f)(
        axis=(0, 1)), "ab", "aa")

# --- shapes, joining, indexing ---

add("reshape", lambda L, x: x.reshape(2, -1) * x.reshape((-1, 3)).sum(), "23", "6", "A6")
add("reshape to ()", lambda L, x: x.reshape(()), "11")
add("flatten", lambda L, x: x.flatten(), ".", "ab", "abc")
add("flatten 1", lambda L, x: x.flatten(1), "abc", "abcd")
add("flatten 1 2", lambda L, x: x.flatten(1, 2) + x.flatten(-3, -2), "abcd")
add("permute", lambda L, x: x.permute(2, 0, 1) * x.permute((-1, 0, -2)), "abc", "aaa")
add("transpose", lambda L, x: x.transpose(0, 1) + x.transpose(-1, -2), "ab", "aa")
add("T", lambda L, x: x.T @ x, "ab")
add("squeeze", lambda L, x: x.squeeze(), "1a1", "11", ".", "23")
add("squeeze dim", lambda L, x: x.squeeze(0) * x.squeeze(-1).sum() * x.squeeze((0, 2)).sum(), "1A1")
add("unsqueeze", lambda L, x: x.unsqueeze(0) * x.unsqueeze(-1).sum(), "a", "ab", ".")
add("clone", lambda L, x: x.clone() * x, ".", "ab")
add("stack", lambda L, x, y: L.stack([x, y, x]), ". .", "a a", "ab ab")
add("stack 1", lambda L, x, y: L.stack((x, y), dim=1), "a a", "ab ab", "aa aa")
add("stack -1", lambda L, x, y: L.stack((x, y), dim=-1), ". .", "a a", "abc abc")
add("cat", lambda L, x, y: L.cat([x, y, x]), "a b", "ab cb")
add("cat 1", lambda L, x, y: L.cat((x, y), dim=1), "ab ac", "abc a2c")
add("cat -1", lambda L, x, y: L.cat((x, y), dim=-1), "ab ac", "abc ab3")
MASK = np.array([[True, False, True], [False, False, True]])
add("where", lambda L, x, y: L.where(L.array(MASK), x, y), "23 23", "3 21", ". 3", "a23 23", ". .")
add("where x > y", lambda L, x, y: L.where(x > y, x * x, y), "ab ab", "ab b")
add("where number", lambda L, x: L.where(L.array(MASK), x, 0.5) + L.where(x > 0, 1.0, x), "23",
    domain="apart")
INDICES = {
    "int": 1, "negative int": -2, "ints": (1, 2), "slice": slice(1, 4),
    "step": slice(None, None, 2), "None": None, "Ellipsis": (..., 0),
    "slice None": (slice(None), None, 0), "all": slice(None),
    "list": [2, 0], "repeated": [1, 1, -1, 1], "list and slice": (slice(1, 3), [0, 0, 2]),
    "two lists": ([0, 2, 0], [1, 1, 1]), "column and row": ([[0], [2]], [0, 1, 0]),
    "list and int": ([1, 1], 2), "empty": slice(2, 2)}
for name, index in INDICES.items():
    add(f"getitem {name}", lambda L, x, i=index: x[i], "AB", "AA", "ABc")
add("getitem tensor", lambda L, x: x[L.array(np.array([0, 0, 3]))], "A", "AB")
add("getitem tensors", lambda L, x: x[L.array(np.array([0, 0])), L.array(np.array([4, 4]))], "AB")
add("getitem mask", lambda L, x: x[x > 0], "A", "AB", domain="apart")
add("getitem rows by mask", lambda L, x: x[L.array(np.arange(5) % 2 == 0)], "5B", "5")
add("getitem twice", lambda L, x: x[1:][0] * x[0], "AB")

# --- PyTorch's further spellings ---

for name in ("log1p", "expm1", "log2", "log10", "atan", "sinh", "cosh", "tan", "erf", "square",
             "reciprocal", "rsqrt"):
    add(name, lambda L, x, f=name: getattr(x, f)(), "ab", domain="unit")
add("maximum", lambda L, x, y: x.maximum(y) + x.minimum(y) * 2, "AB AB", domain="apart")
add("remainder", lambda L, x: x % 0.7 + (-x) % 0.4, "ab", domain="unit")
add("max dim", lambda L, x: x.max(1)[0] * x.min(0).values.sum(), "AB", domain="apart")
add("sort topk", lambda L, x: x.sort(1, descending=True)[0] * x.topk(2, 0)[0].sum(), "AB",
    domain="apart")
add("std norm prod", lambda L, x: x.std(0) + x.norm() + x.norm(1, 1).sum() + x.prod(0), "AB",
    domain="positive")
add("cumsum", lambda L, x: x.cumsum(0) * x.cumsum(-1), "AB")
add("median", lambda L, x: x.median(), "AB", domain="apart")
add("logsumexp", lambda L, x: x.logsumexp(1) + x.softmax(1).sum() + x.log_softmax(0).sum(), "AB")
add("expand repeat", lambda L, x: x.expand(3, -1, -1).sum() * x.repeat(2, 1) + x.repeat_interleave(
    2, 0), "ab")
add("flip roll", lambda L, x: x.flip(0) * x.roll(1, 1), "AB")
add("tril diag", lambda L, x: x.tril() + x.triu(1) * x.diag().sum() + x.trace(), "AA")
add("gather scatter", lambda L, x: x.gather(1, L.array(np.array([[0, 1], [2, 2]]))) + x.scatter(
    0, L.array(np.array([[1, 0, 1]])), 0.5).sum(), "23")
add("split chunk", lambda L, x: x.split(2)[1] * x.chunk(2, 1)[0].sum() * x.unbind(0)[0].sum(), "AB")
add("masked_fill", lambda L, x: x.masked_fill(x > 0, 2.0) * x, "AB", domain="apart")
add("in place", lambda L, x: (x * 2).add_(x).mul_(3).sub_(1, alpha=2).div_(2).exp_(), "ab")
add("set item", lambda L, x: set_item(x), "45")
add("lerp addcmul", lambda L, x, y: x.lerp(y, 0.3).addcmul(x, y, value=2).addcdiv(y, x), "ab ab",
    domain="positive")


def set_item(x):
    y = x * 2
    y[1] = x[0] * x[2]
    y[:, 1:3] += x[:, :2]
    y[[0, 2], 0] *= 3
    return y


# --- functional: activations, losses, layers ---

add("leaky_relu", lambda L, x: L.F.leaky_relu(x, 0.1), "AB", domain="apart")
add("gelu", lambda L, x: L.F.gelu(x) + L.F.gelu(x, approximate="tanh"), "ab")
add("batch_norm", lambda L, x, w, b: L.F.batch_norm(x, None, None, w, b, training=True),
    "5c c c", "4c23 c c")
add("batch_norm evaluated", lambda L, x: L.F.batch_norm(
    x, x[0].detach() * 0 + 0.5, x[0].detach() * 0 + 2, training=False), "ab", domain="positive")
add("embedding", lambda L, x: L.F.embedding(L.array(np.array([[0, 2], [2, 1]])), x), "Ab")
add("adaptive_avg_pool2d", lambda L, x: L.F.adaptive_avg_pool2d(x, 1) + L.F.adaptive_avg_pool2d(
    x, (2, 3)).sum(), "nc46")
for dim in (0, 1, -1):
    for name in ("softmax", "log_softmax"):
        add(f"{name} {dim}", lambda L, x, f=name, d=dim: getattr(L.F, f)(x, dim=d),
            "ab", "AA", "abc")
add("dropout off", lambda L, x: L.F.dropout(x, 0.5, training=False) * x, "ab")
add("pad", lambda L, x: L.F.pad(x, (1, 2)), "a", "ab")
add("pad 2", lambda L, x: L.F.pad(x, (0, 1, 2, 0), value=1.5), "ab", "abcd")
add("linear", lambda L, x, w, b: L.F.linear(x, w, b), "i oi o", "ni oi o", "nmi oi o", "aa aa a")
add("linear without bias", lambda L, x, w: L.F.linear(x, w), "i oi", "ni oi", "nmi oi")


def labels(L, x):
    return L.array((np.arange(x.shape[0]) * 7 + 2) % x.shape[1])


for r in ("mean", "sum", "none"):
    add(f"cross_entropy {r}", lambda L, x, r=r: L.F.cross_entropy(x, labels(L, x), reduction=r),
        "ab", "1B", "A1", "AB")
    add(f"mse_loss {r}", lambda L, x, y, r=r: L.F.mse_loss(x, y, reduction=r),
        ". .", "a a", "ab ab")
    add(f"bce {r}", lambda L, x, y, r=r: L.F.binary_cross_entropy_with_logits(
        3 * x - 1.5, y, reduction=r), ". .", "a a", "ab ab", domain="unit")
    add(f"hinge_loss {r}", lambda L, x, r=r: L.hinge(x, labels(L, x), reduction=r), "aB", "AB",
        domain="apart")
    add(f"nll_loss {r}", lambda L, x, r=r: L.F.nll_loss(x, labels(L, x), reduction=r), "AB")
    for name in ("l1_loss", "huber_loss", "smooth_l1_loss"):
        add(f"{name} {r}", lambda L, x, y, f=name, r=r: getattr(L.F, f)(3 * x, y, reduction=r),
            "a a", "AB AB", domain="unit")
    add(f"binary_cross_entropy {r}", lambda L, x, y, r=r: L.F.binary_cross_entropy(
        x, y, reduction=r), "a a", "ab ab", domain="unit")
add("cross_entropy of probabilities", lambda L, x, y: L.F.cross_entropy(
    x, y / y.sum(1, keepdim=True)), "AB AB", domain="positive")
add("cross_entropy smoothed", lambda L, x: L.F.cross_entropy(
    x, labels(L, x), label_smoothing=0.2), "AB")
add("hinge_loss margin", lambda L, x: L.hinge(x, labels(L, x), margin=0.4), "AB", domain="apart")

# (input, weight, options): kernel 1x1, kernel = image, wider than high, each stride and padding
CONVOLUTIONS = (
    ("ncAB ocr2", {}), ("ncAB oc11", {}), ("nc54 oc54", {}), ("nc55 oc33", {"stride": 2}),
    ("nc67 oc23", {"stride": (2, 3)}), ("nc78 oc22", {"stride": 3}), ("nc54 oc33", {"padding": 1}),
    ("nc54 oc23", {"padding": (2, 1)}), ("nc33 oc44", {"padding": 2}),
    ("nc56 oc33", {"stride": 2, "padding": 1}),
    ("nc56 oc32", {"stride": (3, 1), "padding": (0, 2)}),
    ("nc45 oc33", {"padding": "same"}), ("nc54 oc24", {"padding": "same"}),
    ("nc54 oc32", {"padding": "valid"}), ("1155 o133", {"padding": "valid", "stride": 2}),
    ("cAB oc33", {}), ("c55 oc32", {"stride": 2, "padding": 1}), ("nc54 oc32", {"stride": [2]}))
for words, options in CONVOLUTIONS:
    add(f"conv2d {options}", lambda L, x, w, b, o=options: L.F.conv2d(x, w, b, **o), words + " o")
    add(f"conv2d without bias {options}", lambda L, x, w, o=options: L.F.conv2d(x, w, **o), words)
POOLS = (
    ("ncAB", {"kernel_size": 2}), ("nc67", {"kernel_size": (2, 3)}), ("nc55", {"kernel_size": 5}),
    ("nc77", {"kernel_size": 3, "stride": 2}), ("nc66", {"kernel_size": 3, "stride": 1}),
    ("nc67", {"kernel_size": 2, "stride": 3}), ("nc56", {"kernel_size": 3, "padding": 1}),
    ("nc56", {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}),
    ("nc65", {"kernel_size": 4, "stride": 1, "padding": 2}), ("cAB", {"kernel_size": 2}),
    ("ncAB", {"kernel_size": 1}))
for words, options in POOLS:
    add(f"max_pool2d {options}", lambda L, x, o=options: L.F.max_pool2d(x, **o), words,
        domain="apart")
    add(f"avg_pool2d {options}", lambda L, x, o=options: L.F.avg_pool2d(x, **o), words)

# Ties: the derivative is a convention there, so no central differences.
TIES = [
    Case("amax ties", lambda L, x: L.amax(x, 1), ("AB",), "ties"),
    Case("amax ties over all", lambda L, x: L.amax(x, None), ("AB",), "ties"),
    Case("amin ties", lambda L, x: L.amin(x, (0, 2), True), ("A3C",), "ties"),
    Case("max_pool2d ties", lambda L, x: L.F.max_pool2d(x, 3, 1, 1), ("n2AB",), "ties"),
    Case("relu at 0", lambda L, x: (x - 1).relu(), ("AB",), "ties"),
    Case("abs at 0", lambda L, x: (x - 1).abs(), ("AB",), "ties"),
    Case("clamp at its ends", lambda L, x: x.clamp(0, 1), ("AB",), "ties"),
    Case("hinge at the margin", lambda L, x: L.hinge(x, labels(L, x)), ("AB",), "ties"),
    Case("pow at 0", lambda L, x: x ** 2 + x ** 1 + x ** 0, ("AB",), "ties"),
    Case("0 ** y", lambda L, x, y: x ** (y + 1), ("AB", "AB"), "ties"),
]
