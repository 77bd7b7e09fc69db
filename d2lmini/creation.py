"""Making tensors: from data, filled, random, and from other tensors. Names as in PyTorch.

All randomness of the package comes from one generator, which `manual_seed` sets.
Read next: losses.py.
"""

from __future__ import annotations

import numpy as np

from .checks import check_broadcast, one_axis, shape_argument
from .tensor import Tensor, as_tensor, op

_generator = None  # made when it is first needed: `import numpy` leaves numpy.random for later, too


def manual_seed(seed: int | None) -> np.random.Generator:
    """Start the package's random numbers anew from `seed`, and return their generator."""
    global _generator
    _generator = np.random.default_rng(seed)
    return _generator


def default_generator() -> np.random.Generator:
    """The generator that `manual_seed` set: the source of all random numbers of the package."""
    return _generator or manual_seed(None)


def tensor(data, requires_grad: bool = False, dtype=None) -> Tensor:
    """A tensor with a copy of `data`: a number, nested lists, an array or a tensor.

    TypeError for what is not numbers, and for a list of tensors that have gradients.

    >>> tensor([[1.0, 2.0], [3.0, 4.0]]).shape
    (2, 2)
    """
    if isinstance(data, list | tuple) and any(getattr(d, "requires_grad", False) for d in data):
        raise TypeError("tensor: a list of tensors with gradients would lose them. Use "
                        "stack([...]) instead, or detach() them first.")
    return Tensor(np.array(data, dtype) if isinstance(data, np.ndarray) else
                  data.data.copy() if isinstance(data, Tensor) else data, requires_grad,
                  dtype or (data.dtype if isinstance(data, Tensor) else None))


def zeros(*shape, requires_grad: bool = False, dtype=np.float32) -> Tensor:
    """A tensor of zeros: zeros(2, 3) or zeros((2, 3))."""
    return Tensor(np.zeros(shape_argument("zeros", shape, 0), dtype), requires_grad, dtype)


def ones(*shape, requires_grad: bool = False, dtype=np.float32) -> Tensor:
    """A tensor of ones: ones(2, 3) or ones((2, 3))."""
    return Tensor(np.ones(shape_argument("ones", shape, 0), dtype), requires_grad, dtype)


def zeros_like(input: Tensor, requires_grad: bool = False) -> Tensor:
    """Zeros in the shape and dtype of `input`."""
    return zeros(input.shape, requires_grad=requires_grad, dtype=input.dtype)


def ones_like(input: Tensor, requires_grad: bool = False) -> Tensor:
    """Ones in the shape and dtype of `input`."""
    return ones(input.shape, requires_grad=requires_grad, dtype=input.dtype)


def arange(start, end=None, step=1, requires_grad: bool = False, dtype=None) -> Tensor:
    """start, start + step, … before `end`; arange(n) counts from 0. Integers stay integers."""
    start, end = (0, start) if end is None else (start, end)
    if step == 0:
        raise ValueError("arange: with a step of 0 there is no end.")
    return Tensor(np.arange(start, end, step), requires_grad, dtype)


def randn(*shape, requires_grad: bool = False) -> Tensor:
    """Random numbers of the standard normal distribution, float32."""
    shape = shape_argument("randn", shape, 0)
    return Tensor(default_generator().standard_normal(shape, np.float32), requires_grad)


def rand(*shape, requires_grad: bool = False) -> Tensor:
    """Random numbers spread evenly over [0, 1), float32."""
    shape = shape_argument("rand", shape, 0)
    return Tensor(default_generator().random(shape, np.float32), requires_grad)


def stack(tensors, dim: int = 0) -> Tensor:
    """Join tensors of one shape, else ValueError, along a new axis: k of (2, 3) -> (k, 2, 3)."""
    tensors = _several("stack", tensors)
    if len({t.shape for t in tensors}) > 1:
        raise ValueError(f"stack: all shapes must be equal, not {[t.shape for t in tensors]}.")
    dim = one_axis("stack", tensors[0].ndim + 1, dim)

    def backward(g):
        return tuple(np.moveaxis(g, dim, 0))

    return op(np.stack([t.data for t in tensors], dim), tensors, backward, "stack")


def cat(tensors, dim: int = 0) -> Tensor:
    """Join tensors along the axis `dim` they have: (2, 3) and (4, 3) -> (6, 3).

    ValueError if they differ in any other axis.
    """
    tensors = _several("cat", tensors)
    dim = one_axis("cat", tensors[0].ndim, dim)
    others = {(t.ndim, t.shape[:dim], t.shape[dim + 1:]) for t in tensors}
    if len(others) > 1 or not tensors[0].ndim:
        raise ValueError(f"cat: shapes may differ only along dim {dim}, not "
                         f"{[t.shape for t in tensors]}.")
    ends = np.cumsum([t.shape[dim] for t in tensors])[:-1]

    def backward(g):
        return tuple(np.split(g, ends, dim))

    return op(np.concatenate([t.data for t in tensors], dim), tensors, backward, "cat")


def where(condition, input, other) -> Tensor:
    """Elements of `input` where `condition` is true, else of `other`; all must broadcast."""
    hit = np.asarray(condition).astype(bool)
    like = next((t for t in (input, other) if isinstance(t, Tensor)), Tensor(0))
    a, b = as_tensor(input, like), as_tensor(other, like)
    check_broadcast("where", a.shape, b.shape)
    check_broadcast("where", hit.shape, np.broadcast_shapes(a.shape, b.shape))
    return op(np.where(hit, a.data, b.data), (a, b), lambda g: (
        np.where(hit, g, 0), np.where(hit, 0, g)), "where")


def _several(name: str, tensors) -> tuple[Tensor, ...]:
    """A list of at least one tensor or array, as tensors."""
    if isinstance(tensors, Tensor) or not len(tensors):
        raise ValueError(f"{name}: give a list of at least one tensor, as in {name}([a, b]).")
    return tuple(t if isinstance(t, Tensor) else Tensor(t) for t in tensors)
