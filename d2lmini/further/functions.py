"""More of PyTorch's functions at the top that are no methods: einsum, grids, torch.linalg.

names.py, which __init__.py reads, takes FUNCTIONS and LINALG from here.
"""

from __future__ import annotations

import functools
import types
from collections import namedtuple

import numpy as np

from .. import creation
from ..tensor import Tensor
from .missing import check_no_gradient, missing
from .printing import named_text


def einsum(equation: str, *operands) -> Tensor:
    """Products of tensors, summed over the letters that the result lacks: "ij,jk->ik" is a @ b.

    Each derivative is a sum of the same kind, with the gradient in place of its operand.
    """
    if len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = tuple(operands[0])
    inputs, arrow, out = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if not arrow:
        free = sorted(c for c in set(inputs) if c.isalpha() and inputs.count(c) == 1)
        out = "..." * ("..." in inputs) + "".join(free)
    dtype = functools.reduce(np.promote_types, {t.dtype for t in operands if (
        t.is_floating_point() or not any(u.is_floating_point() for u in operands))})
    operands = tuple(t.to(dtype) for t in operands)
    arrays = [t.array for t in operands]
    try:
        array = np.asarray(np.einsum(f"{inputs}->{out}", *arrays, optimize=True))
    except ValueError as error:
        raise RuntimeError(f"einsum {equation!r} of shapes {[t.shape for t in operands]}: "
                           f"{error}.") from None

    def derivative(i):
        term, others = terms[i], [k for k in range(len(terms)) if k != i]
        known = out + "".join(terms[k] for k in others)
        kept = "".join(c for c in term if c in known or c == ".")

        def back(g):
            names = [out, *(terms[k] for k in others)]
            values = [g, *(operands[k].array for k in others)]
            d = np.einsum(f"{','.join(names)}->{kept}", *values, optimize=True)
            if kept != term:  # letters that were summed out of this operand alone
                lost = [k for k, c in enumerate(term) if c not in kept]
                d = np.broadcast_to(np.expand_dims(d, lost), operands[i].shape)
            return d

        return back

    for term, t in zip(terms, operands):
        letters = term.replace("...", "")
        if len(set(letters)) < len(letters) or (letters != term and "..." not in out):
            check_no_gradient(f"einsum({equation!r})", t)
    return Tensor._op("einsum", array, *((t, derivative(i)) for i, t in enumerate(operands)))


def logspace(start, end, steps: int, base: float = 10.0, **options) -> Tensor:
    """base ** linspace(start, end, steps)."""
    dtype = options.pop("dtype", None) or np.float32
    return creation.tensor(np.logspace(start, end, steps, base=base), dtype=dtype, **options)


def broadcast_tensors(*tensors) -> tuple:
    """All of them in the shape in which they meet."""
    shape = np.broadcast_shapes(*(t.shape for t in tensors))
    return tuple(t.expand(*shape) for t in tensors)


def column_stack(tensors) -> Tensor:
    """Join side by side; vectors become columns."""
    return creation.cat([t.reshape(-1, 1) if t.ndim < 2 else t for t in tensors], 1)


def dstack(tensors) -> Tensor:
    """Join along a third axis."""
    return creation.cat([Tensor.reshape(t, *np.atleast_3d(t.array).shape) for t in tensors], 2)


def atleast_1d(input) -> Tensor:
    """A vector of one number, of a number."""
    return input if input.ndim else input.reshape(1)


def atleast_2d(input) -> Tensor:
    """A matrix of one row, of a vector or a number."""
    return input if input.ndim >= 2 else input.reshape(1, -1)


def _indices(part):
    def indices(row: int, col: int, offset: int = 0, *, dtype=np.int64, device=None) -> Tensor:
        """The positions of a triangle, a row of row numbers and one of column numbers."""
        return creation.tensor(np.stack(part(np.ones((row, col)), offset)), dtype=dtype)

    return indices


_Histogram = namedtuple("_Histogram", "hist bin_edges")


def histogram(input: Tensor, bins: int = 100, *, range=None, density: bool = False) -> tuple:
    """(hist, bin_edges): how many numbers lie between each two edges, or their density."""
    low, high = range or (input.array.min(), input.array.max())
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    edges = creation.linspace(float(low), float(high), bins + 1, dtype=input.dtype).array
    inside = input.array[(input.array >= low) & (input.array <= high)]
    place = np.minimum(np.searchsorted(edges, inside, "right") - 1, bins - 1)
    hist = np.bincount(place, minlength=bins).astype(input.dtype)
    hist = hist / (hist.sum() * np.diff(edges)) if density else hist
    return _Histogram(*(Tensor.from_array(a.astype(input.dtype)) for a in (hist, edges)))


def meshgrid(*tensors, indexing: str = "ij") -> tuple:
    """Coordinates of every point of a grid."""
    tensors = tensors[0] if isinstance(tensors[0], list | tuple) else tensors
    if indexing not in ("ij", "xy"):
        raise RuntimeError(f"meshgrid: indexing is 'ij' or 'xy', not {indexing!r}.")
    swap = indexing == "xy" and len(tensors) > 1
    order = [1, 0, *range(2, len(tensors))] if swap else range(len(tensors))
    shape = [tensors[i].numel() for i in order]
    return tuple(t.reshape([-1 if i == k else 1 for k in order]).expand(shape)
                 for i, t in enumerate(tensors))


def cartesian_prod(*tensors) -> Tensor:
    """Each combination of an element of every vector, a row each."""
    if len(tensors) == 1:
        return tensors[0]
    if any(t.ndim != 1 for t in tensors):
        shapes = [t.shape for t in tensors]
        raise RuntimeError(f"cartesian_prod: takes vectors, not tensors of shapes {shapes}.")
    return creation.stack([grid.reshape(-1) for grid in meshgrid(*tensors)], 1)


def combinations(input: Tensor, r: int = 2) -> Tensor:
    """Each choice of r elements of a vector, a row each."""
    from itertools import combinations

    return input[np.array(list(combinations(range(len(input)), r)), np.intp).reshape(-1, r)]


FUNCTIONS = {f.__name__: f for f in (
    einsum, logspace, broadcast_tensors, column_stack, dstack, atleast_1d, atleast_2d, histogram,
    meshgrid, cartesian_prod, combinations)} | {
    "tril_indices": _indices(lambda ones, k: np.nonzero(np.tril(ones, k))),
    "triu_indices": _indices(lambda ones, k: np.nonzero(np.triu(ones, k))),
}


# --- torch.linalg: NumPy's, on values ---

class LinAlgError(np.linalg.LinAlgError, RuntimeError):
    """A matrix without what was asked for: NumPy's error, and a RuntimeError as in PyTorch."""


@functools.cache
def _return_type(name: str, fields: tuple) -> type:
    """A named tuple that prints as PyTorch's."""
    return type(name, (namedtuple(name, fields),), {
        "__repr__": lambda found: named_text(f"linalg_{name}", fields, found), "__slots__": ()})


def _linalg(name: str):
    def call(*tensors, **options):
        check_no_gradient(f"linalg.{name}", *tensors)
        try:
            found = getattr(np.linalg, name)(*(t.array for t in tensors), **options)
        except np.linalg.LinAlgError as error:
            raise LinAlgError(f"linalg.{name}: {error}.") from None
        if isinstance(found, tuple):
            kind = _return_type(name, type(found)._fields)
            return kind(*(Tensor.from_array(np.asarray(a)) for a in found))
        return Tensor.from_array(np.asarray(found))

    call.__doc__ = f"np.linalg.{name}, without a gradient."
    return call


def _complex(name: str, symmetric: str):
    def refuse(A, *args, **options):
        raise RuntimeError(f"linalg.{name}: eigenvalues may be complex, and d2lmini has real "
                           f"numbers only. Use linalg.{symmetric} if the matrix is symmetric, or "
                           f"np.linalg.{name}(A.numpy()).")

    return refuse


def _norm(A: Tensor, ord=None, dim=None, keepdim: bool = False) -> Tensor:
    """The length of vectors, or of all numbers; with `ord`, a matrix has its matrix norm."""
    if ord is not None and (A.ndim == 2 if dim is None else isinstance(dim, tuple | list)):
        return _matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim)
    return _vector_norm(A, 2 if ord is None else ord, dim, keepdim)


def _vector_norm(x: Tensor, ord=2, dim=None, keepdim: bool = False) -> Tensor:
    """The p-norm over the axes `dim`, or of all numbers."""
    return x.norm(ord, dim, keepdim)


def _matrix_norm(A: Tensor, ord="fro", dim=(-2, -1), keepdim: bool = False) -> Tensor:
    """The length of all numbers, the largest sum of a column (1) or of a row (inf), and others."""
    if ord == "fro":
        return A.norm(2, tuple(dim), keepdim)
    if A.ndim != 2 or keepdim or tuple(d % 2 for d in dim) != (0, 1):
        raise RuntimeError(f"linalg.norm: ord={ord!r} over two axes is the norm of one matrix "
                           f"here, not of shape {A.shape}. Loop over the batch.")
    if ord in (1, np.inf):
        return A.abs().sum(0 if ord == 1 else 1).amax()
    check_no_gradient(f"linalg.norm with ord={ord!r}", A)
    return Tensor.from_array(np.asarray(np.linalg.norm(A.array, ord), A.dtype))


def _svd(A: Tensor, full_matrices: bool = True):
    return _linalg("svd")(A, full_matrices=full_matrices)


def _multi_dot(tensors) -> Tensor:
    out = tensors[0]
    for t in tensors[1:]:
        out = out @ t
    return out


class _Linalg(types.SimpleNamespace):
    def __getattr__(self, name: str):
        raise AttributeError(missing(f"linalg has no {name!r}", name))


LINALG = _Linalg(
    LinAlgError=LinAlgError, diagonal=lambda A, *, offset=0, dim1=-2, dim2=-1: (
        A.diagonal(offset, dim1, dim2)),
    svdvals=lambda A: _svd(A).S,
    norm=_norm, vector_norm=_vector_norm, matrix_norm=_matrix_norm, cross=Tensor.cross,
    matrix_power=Tensor.matrix_power, matmul=Tensor.matmul, multi_dot=_multi_dot,
    svd=_svd, eig=_complex("eig", "eigh"), eigvals=_complex("eigvals", "eigvalsh"),
    **{name: _linalg(name) for name in (
        "inv det solve eigh eigvalsh qr pinv cholesky matrix_rank cond slogdet".split())})
