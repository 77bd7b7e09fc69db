"""Making tensors: from data, filled, random, and from other tensors. Names as in PyTorch.

Random numbers come from one generator, which `manual_seed` sets, unless `generator=` gives another.
Read next: functional.py.
"""

from __future__ import annotations

import numpy as np

from .checks import ShapeError, as_array, numpy_names, one_axis, shape_argument
from .further.device import check_device
from .tensor import Tensor, beside

__all__ = [
    "Generator", "arange", "as_tensor", "bernoulli", "cat", "default_generator", "empty",
    "empty_like", "eye", "from_numpy", "full", "full_like", "linspace", "manual_seed",
    "multinomial", "normal", "ones", "ones_like", "rand", "rand_like", "randint", "randn",
    "randn_like", "randperm", "stack", "tensor", "where", "zeros", "zeros_like",
]
_generator = None  # made at first use, because importing numpy.random takes time


class Generator:
    """A source of random numbers of its own: Generator().manual_seed(0)."""

    def __init__(self, device="cpu"):
        check_device(device)
        self.manual_seed(None)

    def manual_seed(self, seed: int | None) -> Generator:
        """Start anew from `seed`."""
        self.random = np.random.default_rng(seed)
        return self


def manual_seed(seed: int | None) -> np.random.Generator:
    """Start the package's random numbers anew from `seed`, and return their generator."""
    global _generator
    _generator = np.random.default_rng(seed)
    return _generator


def default_generator() -> np.random.Generator:
    """The generator that `manual_seed` set: the source of all random numbers of the package."""
    return _generator or manual_seed(None)


def as_generator(generator=None) -> np.random.Generator:
    """NumPy's generator for a seed, a Generator, NumPy's own, or None: the package's."""
    if generator is None:
        return default_generator()
    if isinstance(generator, Generator):
        return generator.random
    return np.random.default_rng(generator)


def tensor(data, *, dtype=None, device=None, requires_grad: bool = False) -> Tensor:
    """A tensor with a copy of `data`: a number, nested lists, an array or a tensor.

    TypeError for what is not numbers, and for a list of tensors that have gradients.

    >>> tensor([[1.0, 2.0], [3.0, 4.0]]).shape
    (2, 2)
    """
    if isinstance(data, list | tuple):
        if any(getattr(d, "requires_grad", False) for d in data):
            raise TypeError("tensor: a list of tensors with gradients would lose them. Use "
                            "stack([...]) instead, or detach() them first.")
        if data and all(isinstance(d, Tensor) for d in data):
            dtype = dtype or _common_dtype(data)
        data = [d.tolist() if isinstance(d, Tensor) else d for d in data]
    if isinstance(data, Tensor):
        data, dtype = data.array, dtype or data.dtype
    return _made(np.array(as_array(data, dtype)), device, requires_grad)


def as_tensor(data, dtype=None, device=None) -> Tensor:
    """A tensor on the memory of `data` where that is possible, else of a copy."""
    check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    if isinstance(data, np.ndarray):
        return from_numpy(data) if dtype is None else from_numpy(data).to(dtype)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(array: np.ndarray) -> Tensor:
    """A tensor on the memory of an array, in its dtype."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"from_numpy takes a NumPy array, not a {type(array).__name__}. For other "
                        f"data write d2l.tensor(data).")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"from_numpy: a tensor holds numbers, not {array.dtype}.")
    return Tensor.from_array(array)


def _made(array, device=None, requires_grad=False, dtype=None) -> Tensor:
    """What every function here ends with: the options that all of them take."""
    if device is not None:
        check_device(device)
    array = np.asarray(array) if dtype is None else np.asarray(array, dtype)
    return Tensor.from_array(array, requires_grad)


def _size(name: str, shape: tuple, size) -> tuple[int, ...]:
    if not shape and size is None:
        raise TypeError(f"{name}: give a size, as in {name}(2, 3); {name}(()) is a single number.")
    return shape_argument(name, shape if size is None else (tuple(size),), 0)


def zeros(*shape, size=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """A tensor of zeros: zeros(2, 3) or zeros((2, 3))."""
    return _made(np.zeros(_size("zeros", shape, size), dtype or np.float32), device, requires_grad)


def ones(*shape, size=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """A tensor of ones: ones(2, 3) or ones((2, 3))."""
    return _made(np.ones(_size("ones", shape, size), dtype or np.float32), device, requires_grad)


def empty(*shape, size=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """A tensor whose numbers have no meaning yet; here they are 0."""
    return zeros(*shape, size=size, dtype=dtype, device=device, requires_grad=requires_grad)


def full(size, fill_value, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """The same number everywhere: full((2, 3), 7)."""
    array = as_array(fill_value.item() if isinstance(fill_value, Tensor) else fill_value, dtype)
    if not isinstance(size, tuple | list):
        raise TypeError(f"full: the size is a tuple, as in full((2, 3), 7), not {size!r}.")
    shape = shape_argument("full", (size,), 0)
    return _made(np.full(shape, array), device, requires_grad)


def eye(n: int, m: int | None = None, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """The identity matrix, n x n or n x m."""
    return _made(np.eye(n, m, dtype=dtype or np.float32), device, requires_grad)


def zeros_like(input: Tensor, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Zeros in the shape and dtype of `input`."""
    return _made(np.zeros(input.shape, dtype or input.dtype), device, requires_grad)


def ones_like(input: Tensor, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Ones in the shape and dtype of `input`."""
    return _made(np.ones(input.shape, dtype or input.dtype), device, requires_grad)


empty_like = zeros_like


def full_like(input: Tensor, fill_value, *, dtype=None, device=None, requires_grad=False):
    """The same number everywhere, in the shape and dtype of `input`."""
    return _made(np.full(input.shape, fill_value, dtype or input.dtype), device, requires_grad)


def arange(start, end=None, step=1, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """start, start + step, … before `end`; arange(n) counts from 0. Integers stay int64."""
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (v.item() if isinstance(v, Tensor) else v for v in (start, end, step))
    if step == 0 or (end - start) / step < 0:
        raise ShapeError(f"arange: steps of {step} do not lead from {start} to {end}.")
    whole = all(isinstance(v, int | np.integer) for v in (start, end, step))
    n = int(np.ceil((end - start) / step))
    array = start + step * np.arange(n, dtype=np.int64 if whole else np.float64)
    return _made(array, device, requires_grad, dtype or (np.int64 if whole else np.float32))


def linspace(start, end, steps: int, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """`steps` numbers at equal distances, from `start` to `end`, both included."""
    start, end = (v.item() if isinstance(v, Tensor) else v for v in (start, end))
    array = np.linspace(start, end, steps)
    return _made(array, device, requires_grad, dtype or np.float32)


# --- random numbers ---

def randn(*shape, size=None, generator=None, dtype=None, device=None, requires_grad=False):
    """Random numbers of the standard normal distribution, float32."""
    array = as_generator(generator).standard_normal(_size("randn", shape, size), np.float32)
    return _made(array, device, requires_grad, dtype)


def rand(*shape, size=None, generator=None, dtype=None, device=None, requires_grad=False):
    """Random numbers, uniform on [0, 1), float32."""
    array = as_generator(generator).random(_size("rand", shape, size), np.float32)
    return _made(array, device, requires_grad, dtype)


def randn_like(input: Tensor, **options) -> Tensor:
    """`randn` in the shape and dtype of `input`."""
    return randn(input.shape, **{"dtype": input.dtype, **options})


def rand_like(input: Tensor, **options) -> Tensor:
    """`rand` in the shape and dtype of `input`."""
    return rand(input.shape, **{"dtype": input.dtype, **options})


def randint(low=None, high=None, size=None, *, generator=None, dtype=np.int64, device=None,
            requires_grad=False) -> Tensor:
    """Random integers from low (0 if left out) to below high: randint(10, (2, 3))."""
    if size is None:
        low, high, size = 0, low, high
    low = 0 if low is None else low
    array = as_generator(generator).integers(low, high, shape_argument("randint", (size,), 0))
    return _made(array, device, requires_grad, dtype)


def randperm(n: int, *, generator=None, dtype=np.int64, device=None) -> Tensor:
    """0 to n - 1 in random order; RuntimeError if n is negative."""
    shape_argument("randperm", (n,), 0)
    return _made(as_generator(generator).permutation(n), device, False, dtype)


def normal(mean, std=1.0, size=None, *, generator=None, dtype=np.float32, device=None,
           requires_grad=False) -> Tensor:
    """Random numbers of normal distributions; mean and std are numbers or tensors."""
    mean, std = (v.array if isinstance(v, Tensor) else v for v in (mean, std))
    array = as_generator(generator).normal(mean, std, size)
    return _made(array, device, requires_grad, dtype)


def bernoulli(input: Tensor, *, generator=None) -> Tensor:
    """1 with the probability in `input`, element by element, else 0; RuntimeError beyond [0, 1]."""
    if not ((input.array >= 0) & (input.array <= 1)).all():
        raise RuntimeError("bernoulli: probabilities lie between 0 and 1.")
    return _made(as_generator(generator).random(input.shape) < input.array, dtype=input.dtype)


def multinomial(input: Tensor, num_samples: int, replacement=False, *, generator=None) -> Tensor:
    """Random indices, drawn with the weights in each row: (k,) -> (num_samples,), or (n, k).

    RuntimeError for negative weights, and for too few that are not 0 without `replacement`.
    """
    random = as_generator(generator)
    rows = np.atleast_2d(input.array).astype(np.float64)
    if rows.min(initial=0) < 0 or not (rows.sum(1) > 0).all():
        raise RuntimeError("multinomial: weights cannot be negative, nor all 0.")
    few = (rows > 0).sum(1).min(initial=rows.shape[1])
    if not replacement and num_samples > few:
        raise RuntimeError(f"multinomial: {num_samples} of {few} can only be drawn with "
                           f"replacement=True.")
    drawn = [random.choice(len(p), num_samples, replacement, p / p.sum()) for p in rows]
    return _made(drawn if input.ndim == 2 else drawn[0], dtype=np.int64)


# --- from other tensors ---

@numpy_names
def stack(tensors, dim: int = 0) -> Tensor:
    """Join tensors of one shape, else RuntimeError, along a new axis: k of (2, 3) -> (k, 2, 3)."""
    tensors = several("stack", tensors)
    if len({t.shape for t in tensors}) > 1:
        raise ShapeError(f"stack: all shapes must be equal, not {[t.shape for t in tensors]}.")
    dim = one_axis("stack", tensors[0].ndim + 1, dim)
    return cat([t.unsqueeze(dim) for t in tensors], dim)


@numpy_names
def cat(tensors, dim: int = 0) -> Tensor:
    """Join tensors along the axis `dim` they have: (2, 3) and (4, 3) -> (6, 3).

    RuntimeError if they differ in any other axis.
    """
    given = several("cat", tensors)  # an empty one, shape (0,), joins with any shape, as in PyTorch
    tensors = [t for t in given if t.shape != (0,)] or given[:1]
    empty = [(t, lambda g: np.zeros(0, g.dtype)) for t in given
             if t.shape == (0,) and t is not tensors[0]]
    dim = 0 if tensors[0].shape == (0,) else one_axis("cat", tensors[0].ndim, dim)
    others = {(t.ndim, t.shape[:dim], t.shape[dim + 1:]) for t in tensors}
    if len(others) > 1 or not tensors[0].ndim:
        raise ShapeError(f"cat: shapes may differ only along dim {dim}, not "
                           f"{[t.shape for t in tensors]}.")
    ends = np.cumsum([0] + [t.shape[dim] for t in tensors]).tolist()

    def part(i):  # a function, so that each lambda keeps a place of its own
        place = (slice(None),) * dim + (slice(ends[i], ends[i + 1]),)
        return lambda g: g[place]

    dtype = _common_dtype(given)
    array = np.concatenate([t.array for t in tensors], dim, dtype=dtype, casting="unsafe")
    return Tensor._op("cat", array, *((t, part(i)) for i, t in enumerate(tensors)), *empty)


def where(condition, input=None, other=None):
    """Elements of `input` where `condition` is true, else of `other`; all must broadcast.

    Without them: the indices of what is true, a tensor for each axis.
    """
    condition = condition if isinstance(condition, Tensor) else tensor(condition)
    if input is None:
        return condition.nonzero(as_tuple=True)
    like = input if isinstance(input, Tensor) else other if isinstance(other, Tensor) else tensor(0)
    return beside(input, like).where(condition, other)


def _common_dtype(tensors) -> np.dtype:
    """The dtype in which all these tensors meet."""
    empty = [Tensor.from_array(np.zeros(0, t.dtype)) for t in tensors]
    return sum(empty[1:], empty[0]).dtype  # as + decides


def several(name: str, tensors) -> list[Tensor]:
    """A list of at least one tensor or array, as tensors."""
    if isinstance(tensors, Tensor) or not len(tensors):
        raise TypeError(f"{name}: give a list of at least one tensor, as in {name}([a, b]).")
    return [t if isinstance(t, Tensor) else tensor(t) for t in tensors]
