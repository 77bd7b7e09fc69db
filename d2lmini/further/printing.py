"""How a tensor is printed: PyTorch's text, number by number. Nothing here is needed to compute."""

from __future__ import annotations

import math

import numpy as np

OPTIONS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}
_PROFILES = {"default": (4, 1000, 3, 80), "short": (2, 1000, 2, 80), "full": (4, math.inf, 3, 80)}


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None,
                     profile=None, sci_mode=None) -> None:
    """Choose digits, line width and how much of a large tensor is printed."""
    if profile is not None:
        OPTIONS.update(zip(OPTIONS, _PROFILES[profile]))
    given = dict(precision=precision, threshold=threshold, edgeitems=edgeitems,
                 linewidth=linewidth)
    OPTIONS.update({name: value for name, value in given.items() if value is not None})
    OPTIONS["sci_mode"] = sci_mode


def text(tensor, prefix: str = "tensor(") -> str:
    """What `repr` gives: tensor([0.5000, 1.0000], requires_grad=True)."""
    array, suffixes = tensor.array, []
    if array.dtype not in (np.float32, np.int64, np.bool_):
        suffixes.append(f"dtype={array.dtype}")
    if array.size == 0:
        body = "[]"
        if array.ndim != 1:
            suffixes.insert(0, f"size={array.shape}")
        if array.dtype in (np.int64, np.bool_):
            suffixes.append(f"dtype={array.dtype}")
    else:
        body = _body(array, len(prefix))
    if tensor.grad_fn is not None:
        suffixes.append(f"grad_fn={tensor.grad_fn!r}")
    elif tensor.requires_grad:
        suffixes.append("requires_grad=True")
    return _join(prefix + body, suffixes)


def _join(text: str, suffixes: list[str]) -> str:
    width = len(text) - text.rfind("\n") + 1
    parts = [text]
    for suffix in suffixes:
        if width + len(suffix) + 2 > OPTIONS["linewidth"]:
            parts.append(",\n" + " " * len("tensor(") + suffix)
            width = len("tensor(") + len(suffix)
        else:
            parts.append(", " + suffix)
            width += len(suffix) + 2
    return "".join(parts) + ")"


def _body(array: np.ndarray, indent: int) -> str:
    summarize = array.size > OPTIONS["threshold"]
    shown = _edges(array) if summarize else array
    return _rows(array, indent, summarize, _Formatter(shown))


def _edges(array: np.ndarray) -> np.ndarray:
    """The corners that are printed of a large array."""
    edge = OPTIONS["edgeitems"]
    for axis, n in enumerate(array.shape):
        if n > 2 * edge:
            array = np.take(array, [*range(edge), *range(n - edge, n)], axis)
    return array


def _rows(array, indent: int, summarize: bool, form) -> str:
    edge = OPTIONS["edgeitems"]
    if array.ndim == 0:
        return form(array.item())
    if array.ndim == 1:
        width = max(1, (OPTIONS["linewidth"] - indent) // (form.width + 2))
        items = [form(value) for value in array.tolist()]
        if summarize and len(items) > 2 * edge:
            items[edge:-edge] = [" ..."]
        lines = [", ".join(items[i:i + width]) for i in range(0, len(items), width)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    cut = summarize and len(array) > 2 * edge
    rows = [_rows(a, indent + 1, summarize, form)
            for a in ([*array[:edge], *array[-edge:]] if cut else array)]
    if cut:
        rows.insert(edge, "...")
    return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(rows) + "]"


class _Formatter:
    """Formats each number of an array in the width of the widest one."""

    def __init__(self, array: np.ndarray):
        self.floats, self.width = array.dtype.kind == "f", 1
        self.integers, self.scientific = True, False  # floats without fractions are 1., 2.
        values = array.reshape(-1)
        if self.floats:
            values = values[np.isfinite(values) & (values != 0)]
            if not values.size:
                return
            sizes = np.abs(values, dtype=np.float64)
            self.integers = bool((values == np.ceil(values)).all())
            with np.errstate(over="ignore"):
                self.scientific = bool(sizes.max() / sizes.min() > 1000 or sizes.max() > 1e8
                                       or sizes.min() < 1e-4)
            if OPTIONS["sci_mode"] is not None:
                self.scientific = OPTIONS["sci_mode"]
        self.width = max(len(self.number(value)) for value in values.tolist())

    def number(self, value) -> str:
        if not self.floats:
            return str(value)
        if self.scientific:
            return f"{value:.{OPTIONS['precision']}e}"
        if self.integers:
            return f"{value:.0f}." if math.isfinite(value) else str(value)
        return f"{value:.{OPTIONS['precision']}f}"

    def __call__(self, value) -> str:
        return self.number(value).rjust(self.width)


def named_text(name: str, fields, parts) -> str:
    """What a named result prints: `torch.return_types.max(values=…, indices=…)`."""
    lines = ",\n".join(f"{field}={part!r}" for field, part in zip(fields, parts))
    return f"torch.return_types.{name}(\n{lines})"
