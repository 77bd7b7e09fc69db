"""PyTorch's further names at the top: torch.exp(x) for x.exp(), dtypes, devices, save and load.

__init__.py takes NAMES from here. Nothing in this file is needed to read the library.
"""

from __future__ import annotations

import types

import numpy as np

from .. import creation, engine
from ..tensor import Tensor
from . import printing, spellings

# --- functions that are methods: exp(x) is x.exp() ---

_METHODS = """
    abs add addcdiv addcmul all allclose amax amin any argmax argmin argsort asin acos atan bincount
    bitwise_and bitwise_or bitwise_xor bmm broadcast_to ceil chunk clamp clip clone cos cosh
    count_nonzero cumsum detach diag diagonal div dot eq equal erf exp expm1 flatten flip floor
    floor_divide gather ge ger gt index_select isclose isfinite isinf isnan le lerp log
    log10 log1p log2 log_softmax logical_and logical_not logical_or logical_xor logsumexp lt
    masked_fill masked_select matmul max maximum mean median min minimum mm movedim mul mv ne neg
    nonzero norm numel outer permute pow prod ravel reciprocal relu remainder repeat_interleave
    reshape roll round rsqrt scatter sigmoid sign sin sinh softmax sort split sqrt square squeeze
    std sub sum swapaxes t take tan tanh tile topk trace transpose tril triu trunc unbind unflatten
    unique unsqueeze var
    abs_ ceil_ clamp_ cos_ exp_ fill_ floor_ neg_ reciprocal_ relu_ round_ rsqrt_ sigmoid_ sin_
    sqrt_ square_ tanh_ trunc_ zero_
"""


def _function(name: str):
    method = getattr(Tensor, name)

    def call(input, *args, out=None, **options):
        input = input if isinstance(input, Tensor) else creation.tensor(input)
        result = method(input, *args, **options)
        return result if out is None else out.copy_(result)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = method.__doc__ or f"`{name}` as a function: {name}(x) is x.{name}()."
    return call


FUNCTIONS = {name: _function(name) for name in _METHODS.split()}

def is_tensor(obj) -> bool:
    """Whether it is a tensor."""
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """Whether the numbers are floats."""
    return input.is_floating_point()


def hstack(tensors) -> Tensor:
    """Join side by side: along axis 1, vectors along axis 0."""
    tensors = [t if t.ndim else t.reshape(1) for t in creation.several("hstack", tensors)]
    return creation.cat(tensors, 0 if tensors[0].ndim < 2 else 1)


def vstack(tensors) -> Tensor:
    """Join one below the other; vectors become rows."""
    return creation.cat([t.reshape(1, -1) if t.ndim < 2 else t
                         for t in creation.several("vstack", tensors)], 0)


def meshgrid(*tensors, indexing: str = "ij") -> tuple:
    """Coordinates of every point of a grid."""
    tensors = tensors[0] if isinstance(tensors[0], list | tuple) else tensors
    arrays = np.meshgrid(*(t.array for t in tensors), indexing=indexing)
    return tuple(Tensor.from_array(a.copy()) for a in arrays)


def einsum(equation: str, *operands) -> Tensor:
    """Refused, with the cure."""
    raise RuntimeError(f"einsum({equation!r}): {spellings.missing('d2lmini has none', 'einsum')}")


# --- dtypes by name ---

_SIZED = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]
DTYPES = {name: np.dtype(name) for name in _SIZED} | {
    "float": np.dtype("float32"), "double": np.dtype("float64"), "half": np.dtype("float16"),
    "short": np.dtype("int16"), "int": np.dtype("int32"), "long": np.dtype("int64")}


def _typed(dtype: str):
    def make(*data):
        """A tensor of this dtype, or an empty one of this size."""
        if len(data) != 1 or isinstance(data[0], int | np.integer):
            return creation.zeros(*data, dtype=dtype)
        return creation.tensor(data[0], dtype=dtype)

    return make


TYPED = {f"{name}Tensor": _typed(dtype) for name, dtype in {
    "Float": "float32", "Double": "float64", "Long": "int64", "Int": "int32", "Byte": "uint8",
    "Bool": "bool"}.items()}


def get_default_dtype():
    """float32."""
    return np.dtype("float32")


def set_default_dtype(dtype) -> None:
    """Refused unless float32, which it is."""
    if np.dtype(dtype) != np.float32:
        raise RuntimeError(f"set_default_dtype: floats are float32 here, not {dtype}. Give dtype= "
                           f"where you make a tensor.")


# --- gradients on and off ---

class enable_grad(engine.no_grad):
    """Record inside, also within no_grad."""

    recording = True


class set_grad_enabled(engine.no_grad):
    """Record from now on, or not; as a context, until its end."""

    def __new__(cls, mode: bool):
        return object.__new__(cls)

    def __init__(self, mode: bool):
        self.recording, self.before = mode, [engine.mode.recording]
        engine.mode.recording = mode

    def __enter__(self):
        engine.mode.recording = self.recording


def _grad(outputs, inputs, grad_outputs=None, retain_graph=False, create_graph=False,
          allow_unused=False) -> tuple:
    """The gradients of `outputs` with respect to `inputs`, without touching anybody's `.grad`."""
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if create_graph:
        outputs.backward(create_graph=True)  # says why not
    found, nodes = {}, {id(t.grad_fn or t): t for t in inputs}

    def receive(node, g):
        if id(node) in nodes:
            found[id(nodes[id(node)])] = Tensor.from_array(np.array(g))

    gradient = None if grad_outputs is None else grad_outputs.array
    engine.backward(outputs, gradient, retain_graph, receive)
    if len(found) < len({id(t) for t in inputs}) and not allow_unused:
        raise RuntimeError("grad: one of the inputs was not used to compute the outputs. Leave it "
                           "out, or pass allow_unused=True.")
    return tuple(found.get(id(t)) for t in inputs)


autograd = types.SimpleNamespace(
    grad=_grad, no_grad=engine.no_grad, enable_grad=enable_grad, Variable=lambda t, requires_grad=(
        False): t.requires_grad_() if requires_grad else t,
    backward=lambda tensors, grad_tensors=None: tensors.backward(grad_tensors))

# --- one device ---

cuda = types.SimpleNamespace(
    is_available=lambda: False, device_count=lambda: 0, manual_seed=lambda seed: None,
    manual_seed_all=lambda seed: None, synchronize=lambda: None, empty_cache=lambda: None)
_mps = types.SimpleNamespace(is_available=lambda: False, is_built=lambda: False)
backends = types.SimpleNamespace(mps=_mps, cudnn=types.SimpleNamespace())

def _norm(x, ord=None, dim=None, keepdim=False):
    """The length of a vector, or of all numbers of a matrix."""
    return x.norm(2 if ord is None else ord, dim, keepdim)


linalg = types.SimpleNamespace(norm=_norm, vector_norm=_norm)
NAMES = FUNCTIONS | DTYPES | TYPED | {
    "autograd": autograd, "backends": backends, "concat": creation.cat, "cuda": cuda,
    "device": spellings.Device, "einsum": einsum, "enable_grad": enable_grad,
    "get_default_dtype": get_default_dtype, "hstack": hstack, "inference_mode": engine.no_grad,
    "is_floating_point": is_floating_point, "is_tensor": is_tensor, "linalg": linalg,
    "meshgrid": meshgrid, "set_default_dtype": set_default_dtype, "Size": tuple,
    "set_grad_enabled": set_grad_enabled, "set_printoptions": printing.set_printoptions,
    "vstack": vstack,
}
