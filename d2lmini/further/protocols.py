"""What Python and NumPy ask a tensor for, what a tensor is, and other dtypes, as in PyTorch."""

from __future__ import annotations

import math
import weakref

import numpy as np

from .. import checks
from ..checks import ShapeError, one_axis
from .device import Device, check_device
from .inplace import InPlace
from .missing import missing

OLD_NAMES = {"float32": "Float", "float64": "Double", "float16": "Half", "int64": "Long",
             "int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}


class Size(tuple):
    """A shape: a tuple that the old constructors, Tensor(x.shape), take as a size, not as data."""

    __slots__ = ()

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        return math.prod(self)

    def __getitem__(self, index):
        part = tuple.__getitem__(self, index)
        return Size(part) if isinstance(index, slice) else part

    def __add__(self, other):
        return Size(tuple.__add__(self, other))


def run_hooks(hooks: dict, g):
    """The array g after all hooks, each called with a tensor."""
    from ..tensor import Tensor

    for hook in list(hooks.values()):
        given = Tensor.from_array(g)
        out = hook(given)
        g = (given if out is None else out).array.copy()  # the hook may keep what it was given
    return g


class Protocols(InPlace):
    """The part of Tensor that is no arithmetic."""

    __slots__ = ()
    __hash__ = object.__hash__

    # --- Python's and NumPy's protocols ---

    def __mod__(a, b):
        a, b = a._operands("remainder", b)
        checks.check_divisor(a.array, b.array)
        with np.errstate(invalid="ignore"):
            out = np.mod(a.array, b.array)
            if out.dtype.kind == "f":  # a zero has the sign of a, as in PyTorch
                out = np.where(out == 0, np.fmod(a.array, b.array), out)
        return a._op("remainder", out, (a, lambda g: g),
                     (b, lambda g: -g * np.floor_divide(a.array, b.array)))

    def __floordiv__(a, b):
        a, b = a._operands("floor_divide", b)
        checks.check_divisor(a.array, b.array)

        def derivative(g):
            raise RuntimeError("the derivative of // is not implemented, as in PyTorch: it is 0 "
                               "wherever it exists. Take x.detach() // y.")

        return a._op("floor_divide", np.floor_divide(a.array, b.array), (a, derivative),
                     (b, derivative))

    def _compare(a, ufunc, b):
        """`ufunc` of two tensors, without a gradient; no tensor equals None, a string or a list."""
        if (b is None or isinstance(b, str | list | tuple)) and ufunc in (np.equal, np.not_equal):
            return ufunc is np.not_equal
        a, b = a._operands(ufunc.__name__, b)
        return a._op(ufunc.__name__, np.asarray(ufunc(a.array, b.array)))

    def __getattr__(x, name):
        what = f"a tensor has no {name!r}"
        raise AttributeError(what if name.startswith("_") else missing(what, name))

    def __index__(x):
        return x.array.__index__()

    def __iter__(x):
        return (x[i] for i in range(len(x)))

    def __contains__(x, number):
        return (x == number).array.any()

    def __format__(x, spec):
        return format(x.item(), spec) if x.ndim == 0 else object.__format__(x, spec)

    def __len__(x):
        if x.ndim == 0:
            raise TypeError("len() of a 0-d tensor: a single number has no length.")
        return len(x.array)

    def __deepcopy__(x, memo):
        if x.grad_fn is not None:
            raise RuntimeError("deepcopy: only leaves can be copied, and this tensor was computed. "
                               "Take x.detach() first.")
        out = type(x).from_array(x.array.copy(), x.needs_grad)
        out.grad = None if x.grad is None else x.grad.clone()
        return out

    def __reduce__(x):
        return type(x).from_array, (x.array, x.needs_grad)

    def __array__(x, dtype=None, copy=None):
        return np.array(x.numpy(), dtype=dtype, copy=copy)

    def __array_ufunc__(x, ufunc, method, *inputs, out=None, **options):
        """NumPy's operators on tensors: `array * t` is a tensor; `array -= t` stays an array."""
        name = checks.UFUNCS.get(ufunc.__name__)
        if out is not None and not isinstance(out[0], InPlace):
            arrays = [i.numpy() if isinstance(i, InPlace) else i for i in inputs]
            return getattr(ufunc, method)(*arrays, out=out, **options)
        if method != "__call__" or options or name is None or out is not None:
            raise TypeError(f"np.{ufunc.__name__} cannot record a gradient. Use the tensor's own "
                            f"methods and operators, or t.detach().numpy() for a plain array.")
        first, *rest = inputs
        first = first if isinstance(first, InPlace) else (rest or [x])[0]._beside(first)
        return getattr(first, name)(*rest)

    # --- what a tensor is ---

    def item(x) -> float | int | bool:
        """The number in a tensor that holds exactly one."""
        if x.array.size != 1:
            raise ShapeError(f"a Tensor with {x.array.size} elements, shape {x.shape}, cannot be "
                               f"converted to a number. Reduce it with sum, mean, max, or pick "
                               f"one: t[0].")
        return x.array.item()

    def numpy(x, *, force: bool = False) -> np.ndarray:
        """The numbers as a NumPy array, in the same memory; RuntimeError if a gradient is asked."""
        if x.needs_grad and not force:
            raise RuntimeError("numpy: this tensor requires grad, and NumPy would not record what "
                               "happens to it. Write t.detach().numpy().")
        return x.array

    def size(x, dim=None):
        """The shape, or the length of one axis."""
        return x.shape if dim is None else x.shape[one_axis("size", x.ndim, dim)]

    def stride(x, dim=None):
        """How many numbers lie between neighbors along each axis."""
        strides, size = [s // x.array.itemsize for s in x.array.strides], 1
        for i in reversed(range(x.ndim)):
            if not x.numel() or (x.shape[i] == 1 and not strides[i]):  # NumPy's are 0
                strides[i] = size
            size = strides[i] * max(x.shape[i], 1)
        return tuple(strides) if dim is None else strides[dim]

    @property
    def grad(x):
        """The gradient that `backward` has left here, or None."""
        return x._grad

    @grad.setter
    def grad(x, value) -> None:
        if value is not None:
            if not isinstance(value, InPlace):
                raise TypeError(f"x.grad = …: a tensor or None, not a {type(value).__name__}.")
            if (value.shape, value.dtype) != (x.shape, x.dtype):
                raise RuntimeError(f"x.grad = …: a gradient of shape {value.shape} and dtype "
                                   f"{value.dtype} for a tensor of shape {x.shape} and {x.dtype}.")
        x._grad = value

    @property
    def requires_grad(x) -> bool:
        """Whether `backward` computes a gradient with respect to this tensor."""
        return x.needs_grad

    @requires_grad.setter
    def requires_grad(x, value: bool) -> None:
        x.requires_grad_(value)

    def requires_grad_(x, requires_grad: bool = True):
        """Ask for the gradient with respect to this tensor, or stop asking; returns the tensor."""
        if requires_grad:
            checks.check_floats(x.array)
        elif x.grad_fn is not None:
            raise RuntimeError("requires_grad_(False) is for leaves, and this tensor was computed. "
                               "Take y.detach(), or compute it inside no_grad.")
        x.needs_grad = bool(requires_grad)
        return x

    def retain_grad(x) -> None:
        """Let `backward()` keep the gradient with respect to this interior tensor, too."""
        if x.grad_fn is not None:
            x._receiver().keeper = weakref.ref(x)

    def register_hook(x, hook):
        """Call hook(g) with the gradient with respect to this tensor; a result replaces it.

        Of a leaf, accumulate_grad runs the hooks; of another tensor, a new edge under its node.
        """
        from ..nn.spellings import Handle  # nn stands above tensor.py

        if not x.needs_grad:
            raise RuntimeError("register_hook: this tensor does not require grad.")
        node, me = x.grad_fn, weakref.ref(x)
        if vars(x).get("hooks") is None or vars(x).get("hooked") is not node:
            x.hooks, x.hooked = hooks, _ = {}, node
            if node is None:
                x.accumulate_grad = lambda g: type(me()).accumulate_grad(me(), run_hooks(hooks, g))
            else:
                inner = type(node)(node.name, node.inputs, node.array)
                inner.time, inner.keeper, node.keeper = node.time, node.keeper, None
                node.inputs = ((inner, lambda g: run_hooks(hooks, g)),)
        return Handle(x.hooks, hook)

    def _receiver(x):
        """What receives this tensor's gradient after its hooks: a node, or the leaf itself."""
        node = x.grad_fn
        return x if node is None else node.inputs[0][0] if vars(x).get("hooked") is node else node

    def t(x):
        """The transpose of a matrix; a vector as it is."""
        if x.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, not shape {x.shape}.")
        return x.T

    is_leaf = property(lambda x: x.grad_fn is None)
    device = property(lambda x: Device())
    is_cuda = property(lambda x: False)
    retains_grad = property(lambda x: bool(x.grad_fn is not None and x._receiver().keeper))
    is_cpu = property(lambda x: True)
    is_sparse = is_quantized = is_mps = is_meta = property(lambda x: False)
    itemsize = property(lambda x: x.array.itemsize)
    nbytes = property(lambda x: x.array.nbytes)
    T = property(lambda x: x.permute(tuple(range(x.ndim))[::-1]))
    mT = property(lambda x: x.transpose(-1, -2))

    # --- other dtypes and places ---

    def to(x, *target, dtype=None, device=None, non_blocking=False, copy=False,
           memory_format=None):
        """The same numbers in another dtype; the gradient comes back in the old one."""
        copy = copy or [flag for flag in target if isinstance(flag, bool)][1:] == [True]
        for this in (*target, device):
            if isinstance(this, InPlace):
                dtype = this.dtype
            elif isinstance(this, str | Device):
                check_device(this)
            elif this is not None and not isinstance(this, bool):
                dtype = this
        if dtype is None or x.dtype == dtype:
            return x.clone() if copy else x
        with np.errstate(invalid="ignore"):
            return x._op("to", x.array.astype(dtype), (x, lambda g: g))

    def type(x, dtype=None):
        """The tensor in another dtype, or PyTorch's old name of its own: torch.FloatTensor."""
        dtype = getattr(dtype, "dtype_of_tensors", dtype)  # torch.FloatTensor, itself or its name
        if isinstance(dtype, str) and dtype.startswith("torch."):
            dtype = {f"torch.{old}Tensor": np.dtype(new) for new, old in OLD_NAMES.items()}[dtype]
        return f"torch.{OLD_NAMES[x.dtype.name]}Tensor" if dtype is None else x.to(dtype)
