"""PyTorch's further names for shapes and places, as methods: view, expand, gather, split, ..."""

from __future__ import annotations

import math

import numpy as np

from ..checks import RangeError, ShapeError, axes, numpy_names, one_axis, shape_argument
from .device import check_device
from .inplace import InPlace


class Shapes(InPlace):
    """The part of Tensor that arranges its numbers anew."""

    __slots__ = ()


    def view(x, *shape):
        """As `reshape`; a dtype as in `to` is refused."""
        if shape and isinstance(shape[0], type | np.dtype):
            raise RuntimeError("view(dtype) reads memory anew, which d2lmini does not do; x.to(…).")
        return x.reshape(*shape)

    def flatten(x, start_dim=0, end_dim=-1):
        """Join the axes start_dim to end_dim: (n, c, h, w).flatten(1) -> (n, c*h*w)."""
        i, j = one_axis("flatten", x.ndim, start_dim), one_axis("flatten", x.ndim, end_dim)
        if i > j:
            raise ShapeError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}.")
        if i == j and x.ndim:
            return x
        shape = x.array.shape
        return x.reshape(*shape[:i], math.prod(shape[i:j + 1]), *shape[j + 1:])

    def transpose(x, dim0, dim1):
        """Exchange two axes."""
        i, j = one_axis("transpose", x.ndim, dim0), one_axis("transpose", x.ndim, dim1)
        dims = list(range(x.ndim))
        if dims:
            dims[i], dims[j] = j, i
        return x.permute(dims)

    @numpy_names
    def squeeze(x, dim=None):
        """Drop all axes of length 1, or only those of `dim` whose length is 1."""
        drop = axes("squeeze", x.ndim, dim)
        return x.reshape([n for i, n in enumerate(x.shape) if n != 1 or i not in drop])

    @numpy_names
    def unsqueeze(x, dim):
        """Insert an axis of length 1 at position `dim`."""
        return x.reshape(np.expand_dims(x.array, one_axis("unsqueeze", x.ndim + 1, dim)).shape)

    def expand(x, *shape):
        """Repeat axes of length 1 without copying; -1 keeps a length."""
        shape = list(shape_argument("expand", shape, -1))
        lead = len(shape) - x.ndim
        shape = tuple(x.shape[i - lead] if n == -1 else n for i, n in enumerate(shape))
        if lead >= 0 and shape[lead:] == x.shape and math.prod(shape[:lead]) == 1:
            return x.reshape(shape)  # nothing grows: the memory can still be written to
        try:
            return x._op("expand", np.broadcast_to(x.array, shape), (x, lambda g: g))
        except ValueError:
            raise ShapeError(f"expand: shape {x.shape} cannot become {shape}: only axes of "
                               f"length 1 grow.") from None

    def repeat(x, *times):
        """Copies of the whole tensor along each axis, as np.tile."""
        times = shape_argument("repeat", times, 0)
        if len(times) < x.ndim:
            raise ShapeError(f"repeat: give a number for each of the {x.ndim} axes, not {times}.")
        shape = (1,) * (len(times) - x.ndim) + x.shape
        split = [n for pair in zip(times, shape) for n in pair]
        ones = [n for size in shape for n in (1, size)]
        return x.reshape(ones).expand(split).clone().reshape(
            [m * n for m, n in zip(times, shape)])

    def repeat_interleave(x, repeats, dim=None):
        """Each element several times in a row."""
        x, dim = (x.reshape(-1), 0) if dim is None else (x, one_axis("repeat", x.ndim, dim))
        repeats = repeats.array if isinstance(repeats, InPlace) else repeats
        return x.index_select(dim, np.repeat(np.arange(x.shape[dim]), repeats))

    def flip(x, *args, dims=None):
        """Turn axes around."""
        dims = axes("flip", x.ndim, shape_argument("flip", args if dims is None else (dims,)))
        return x._op("flip", np.flip(x.array, dims).copy(), (x, lambda g: np.flip(g, dims)))

    def roll(x, shifts, dims=None):
        """Move along axes; what leaves at the end comes back at the start."""
        back = tuple(-s for s in shifts) if isinstance(shifts, tuple) else -shifts
        return x._op("roll", np.roll(x.array, shifts, dims),
                     (x, lambda g: np.roll(g, back, dims)))

    def diag(x, diagonal=0):
        """The diagonal of a matrix, or the matrix with this diagonal."""
        if x.ndim == 1:
            return x._op("diag", np.diag(x.array, diagonal), (x, lambda g: np.diag(g, diagonal)))
        i = np.arange(len(np.diag(x.array, diagonal)))
        return x[i + max(0, -diagonal), i + max(0, diagonal)]

    def _triangle(x, name, part, diagonal):
        if x.ndim < 2:
            raise RuntimeError(f"{name} takes a matrix, or a batch of them, not shape {x.shape}.")
        return x._op(name, part(x.array, diagonal), (x, lambda g: part(g, diagonal)))

    def gather(x, dim, index):
        """x[i][index[i][j]] for dim = 1: from each row the entries that `index` names."""
        dim, shape = one_axis("gather", x.ndim, dim), x.shape
        at = index.array.astype(np.intp)
        if x.ndim == 0 and at.size:
            return x.clone()
        if not at.size:
            return x._op("gather", np.empty(at.shape, x.dtype), (
                x, lambda g: np.zeros_like(x.array)))
        places = list(np.indices(at.shape, sparse=True))
        places[dim] = at
        places = tuple(places)
        if not -1 < at.min() <= at.max() < shape[dim]:
            raise RangeError(f"gather: index {at.min()} to {at.max()} is out of bounds for "
                             f"dimension {dim} with size {shape[dim]}.")

        def derivative(g):
            dx = np.zeros(shape, g.dtype)
            np.add.at(dx, places, g)
            return dx

        return x._op("gather", x.array[places], (x, derivative))

    def scatter(x, dim, index, src=None, *, value=None):
        """A copy of x in which the entries that `index` names, as in gather, are those of `src`."""
        src = value if src is None else src
        dim, at = one_axis("scatter", x.ndim, dim), np.atleast_1d(index.array.astype(np.intp))
        places = list(np.indices(at.shape, sparse=True))
        places[dim] = at
        places = tuple(places)
        src = x._beside(src).expand(at.shape) if not isinstance(src, InPlace) else src[
            tuple(slice(n) for n in at.shape)]
        out = x.array.copy()
        out[places] = src.array

        def rest(g):
            g = g.copy()
            g[places] = 0
            return g

        return x._op("scatter", out, (x, rest), (src, lambda g: g[places]))

    def nonzero(x, as_tuple=False):
        """The positions of what is not 0, a row each."""
        found = [a.astype(np.int64) for a in np.nonzero(np.atleast_1d(x.array))]
        if as_tuple:
            return tuple(x._op("nonzero", a) for a in found)
        return x._op("nonzero", np.stack(found).T[:, :x.ndim])

    def split(x, split_size, dim=0):
        """Views of at most `size` along `dim`, or of the sizes in a list."""
        dim = one_axis("split", x.ndim, dim)
        n = x.shape[dim]
        sizes = list(split_size) if isinstance(split_size, list | tuple) else [
            min(split_size, n - i) for i in range(0, n, split_size)] or [0]
        if sum(sizes) != n:
            raise ShapeError(f"split: the sizes {sizes} do not add up to {n}.")
        ends = np.cumsum(sizes).tolist()
        return tuple(x[(slice(None),) * dim + (slice(end - n, end),)]
                     for n, end in zip(sizes, ends))

    def detach_(x):
        """Forget how this tensor was made."""
        x.grad_fn, x.needs_grad = None, False
        return x

    def _new(x, make, size, *, dtype=None, device=None, requires_grad=False):
        check_device(device)
        array = make(shape_argument("size", size, 0), dtype or x.dtype)
        return type(x).from_array(array, requires_grad) if requires_grad else x._op("new", array)

    def _reshaped(x, out):
        x._old()  # RuntimeError for a leaf
        x.bump()
        x.array, x.grad_fn = out.array, out.grad_fn
        return x

    @numpy_names
    def index_select(x, dim, index):
        """The slices along `dim` that the vector `index` names."""
        if index.ndim > 1:
            raise RangeError(f"index_select: the index is a vector, not of shape {index.shape}.")
        return x[(slice(None),) * one_axis("index_select", x.ndim, dim) + (index,)]

    @numpy_names
    def narrow(x, dim, start, length):
        """A view of `length` slices along `dim`, from `start` on."""
        dim = one_axis("narrow", x.ndim, dim)
        n = x.size(dim)
        start = int(start) + n * (start < 0)
        if not 0 <= start <= start + length <= n:
            raise RangeError(f"narrow: {length} from {start} on is more than the size {n}.")
        return x[(slice(None),) * dim + (slice(start, start + length),)]

    def diagonal(x, offset=0, dim1=0, dim2=1):
        """A view of the diagonal of two axes, as a new last axis."""
        dim1, dim2 = (one_axis("diagonal", x.ndim, d) for d in (dim1, dim2))
        shape = x.shape

        def view(array):
            part = np.diagonal(array, offset, dim1, dim2)
            part.flags.writeable = array.flags.writeable
            return part

        def derivative(g):
            dx = np.zeros(shape, g.dtype)
            view(dx)[...] = g
            return dx

        return x._op("diagonal", view(x.array), (x, derivative))

    def movedim(x, source, destination):
        """Axes put at other places; the rest keeps its order."""
        source, destination = ((d,) if isinstance(d, int) else d for d in (source, destination))
        if len(source) != len(destination):
            raise ShapeError(f"movedim: {source} and {destination} must name as many axes.")
        ends = {one_axis("movedim", x.ndim, j): one_axis("movedim", x.ndim, i)
                for i, j in zip(source, destination)}
        rest = iter(k for k in range(x.ndim) if k not in ends.values())
        return x.permute([ends[j] if j in ends else next(rest) for j in range(x.ndim)])
