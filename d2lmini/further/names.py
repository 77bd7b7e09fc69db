"""PyTorch's further names at the top: torch.exp(x) for x.exp(), dtypes, devices, save and load.

__init__.py takes NAMES from here. Nothing in this file is needed to read the library.
"""

from __future__ import annotations

import contextlib
import functools
import math
import types

import numpy as np

from .. import autograd, creation
from ..tensor import Tensor
from . import device, functions, methods, printing
from .protocols import OLD_NAMES, Size

# --- functions that are methods: exp(x) is x.exp() ---

_METHODS = """
    abs acosh add addcdiv addcmul all allclose amax amin any argmax argmin argsort asin asinh acos
    atan atanh bincount
    bitwise_and bitwise_not bitwise_or bitwise_xor bmm broadcast_to ceil chunk clamp clamp_max
    clamp_min clip clone cos cosh count_nonzero cumsum detach diag diagonal div dot eq equal erf exp
    expm1 flatten flip floor floor_divide gather ge ger greater gt index_select isclose isfinite
    isinf isnan le lerp less log log10 log1p log2 log_softmax logical_and logical_not logical_or
    logical_xor logsumexp lt masked_fill masked_select matmul max maximum mean median min minimum mm
    movedim mul multiply mv narrow ne neg negative nonzero norm numel outer permute pow prod ravel
    reciprocal relu remainder repeat_interleave reshape roll round rsqrt scatter select sigmoid sign
    sin sinh softmax sort split sqrt square squeeze std sub sum swapaxes t take tan tanh tile topk
    trace transpose tril triu true_divide trunc unbind unflatten unique unsqueeze var abs_ ceil_
    clamp_ cos_ exp_ fill_ floor_ neg_ reciprocal_ relu_ round_ rsqrt_ sigmoid_ sin_ sqrt_ square_
    tanh_ trunc_ zero_
"""


# What PyTorch calls the second argument, where a method here has another name for it.
_SECOND = {"other", "exponent", "mat2", "vec2", "vec", "dims", "shape", "split_size_or_sections"}


def _function(name: str):
    method = getattr(Tensor, name)

    def call(input, *args, out=None, **options):
        args += tuple(options.pop(key) for key in _SECOND & options.keys() if name != "roll")
        input = input if isinstance(input, Tensor) else creation.tensor(input)
        result = method(input, *args, **options)
        return result if out is None else out.copy_(result)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = method.__doc__ or f"`{name}` as a function: {name}(x) is x.{name}()."
    return call


_ONLY_METHODS = """new resize_ pin_memory half byte short char apply_ fill_diagonal_ get_device
    index_put_ is_same_size __lshift__ __rshift__""".split()
FUNCTIONS = {name: _function(name) for name in (*_METHODS.split(), *methods.METHODS, *methods.SAME)
             if name not in _ONLY_METHODS}


def is_tensor(obj) -> bool:
    """Whether it is a tensor."""
    return isinstance(obj, Tensor)


def result_type(a, b) -> np.dtype:
    """The dtype in which two tensors or numbers meet."""
    return (a + b).dtype


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


# --- dtypes by name ---

_SIZED = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]
DTYPES = {name: np.dtype(name) for name in _SIZED} | {
    "float": np.dtype("float32"), "double": np.dtype("float64"), "half": np.dtype("float16"),
    "short": np.dtype("int16"), "int": np.dtype("int32"), "long": np.dtype("int64")}


class _Typed(type):
    """FloatTensor, LongTensor, …: the tensors of one dtype."""

    def __instancecheck__(cls, x):
        return isinstance(x, Tensor) and x.dtype == cls.dtype_of_tensors

    def __call__(cls, *data):
        """A tensor of this dtype, or an empty one of this size."""
        if len(data) != 1 or isinstance(data[0], int | np.integer | Size):
            return creation.zeros(*data, dtype=cls.dtype_of_tensors)
        return creation.tensor(data[0], dtype=cls.dtype_of_tensors)


TYPED = {f"{old}Tensor": _Typed(f"{old}Tensor", (), {"dtype_of_tensors": np.dtype(new)})
         for new, old in OLD_NAMES.items()}


def get_default_dtype():
    """float32."""
    return np.dtype("float32")


def set_default_dtype(dtype) -> None:
    """Refused unless float32, which it is."""
    if np.dtype(dtype) != np.float32:
        raise RuntimeError(f"set_default_dtype: floats are float32 here, not {dtype}. Give dtype= "
                           f"where you make a tensor.")


def set_default_tensor_type(t) -> None:
    """Refused unless torch.FloatTensor, which it is."""
    t = TYPED.get(str(t).rpartition(".")[2], t)
    set_default_dtype(getattr(t, "dtype_of_tensors", t))


def promote_types(type1, type2) -> np.dtype:
    """The dtype in which tensors of two dtypes meet."""
    return result_type(creation.zeros(1, dtype=type1), creation.zeros(1, dtype=type2))


def randint_like(input: Tensor, low: int, high: int | None = None) -> Tensor:
    """Random integers from low to high - 1, in the shape and dtype of `input`."""
    low, high = (0, low) if high is None else (low, high)
    return creation.randint(low, high, input.shape, dtype=input.dtype)


def block_diag(*tensors) -> Tensor:
    """A matrix with these along its diagonal, and 0 elsewhere."""
    tensors = [functions.atleast_2d(t) for t in tensors]
    if any(t.ndim > 2 for t in tensors):
        raise RuntimeError("block_diag: takes matrices, with 2 or fewer axes.")
    dtype = functools.reduce(promote_types, (t.dtype for t in tensors))
    out = creation.zeros(*np.sum([t.shape for t in tensors], 0).tolist(), dtype=dtype)
    i = j = 0
    for t in tensors:
        out[i:i + len(t), j:j + t.shape[1]] = t
        i, j = i + len(t), j + t.shape[1]
    return out


# --- one device ---

mps = types.SimpleNamespace(is_available=lambda: False, is_built=lambda: False,
                            manual_seed=lambda seed: None)
accelerator = types.SimpleNamespace(is_available=lambda: False, current_accelerator=lambda: None,
                                    device_count=lambda: 0)
version = types.SimpleNamespace(cuda=None)


# --- what a program says to the library as a whole ---

def manual_seed(seed: int):
    """As d2l.manual_seed."""
    return creation.manual_seed(seed)


def get_rng_state() -> dict:
    """Where the random numbers are now, for set_rng_state."""
    return creation.default_generator().bit_generator.state


def set_rng_state(state: dict) -> None:
    """Go on where get_rng_state was called."""
    creation.default_generator().bit_generator.state = state


def finfo(type=np.float32):
    """The limits of a dtype of floats: eps, max, min, tiny."""
    limits = np.finfo(type)
    numbers = {name: float(getattr(limits, name)) for name in (
        "resolution", "min", "max", "eps", "smallest_normal", "tiny")}
    return _Finfo(**numbers, dtype=str(limits.dtype), bits=limits.bits)


class _Finfo(types.SimpleNamespace):
    def __repr__(self):
        numbers = (f"{name}={value if name == 'dtype' else format(value, 'g')}"
                   for name, value in vars(self).items() if name != "bits")
        return f"finfo({', '.join(numbers)})"


class iinfo(np.iinfo):
    """The limits of a dtype of integers: min, max, bits."""

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"

    __str__ = __repr__


def can_cast(from_, to) -> bool:
    """Whether a tensor of one dtype may become one of another in a change in place."""
    return np.can_cast(from_, to, "same_kind")


def seed() -> int:
    """Start the random numbers anew from a number that nobody chose, and return it."""
    chosen = int(np.random.SeedSequence().entropy % 2 ** 63)
    manual_seed(chosen)
    return chosen


@contextlib.contextmanager
def fork_rng(*args, **options):
    """What is drawn inside leaves the random numbers after it as they were."""
    state = get_rng_state()
    try:
        yield
    finally:
        set_rng_state(state)


random = types.SimpleNamespace(manual_seed=manual_seed, get_rng_state=get_rng_state, seed=seed,
                               set_rng_state=set_rng_state, fork_rng=fork_rng)


def compile(model=None, **options):
    """The function or module itself: it runs as it is, with the same results."""
    return (lambda function: function) if model is None else model


jit = types.SimpleNamespace(script=compile, trace=lambda func, *inputs, **options: func)


def get_num_threads() -> int:
    """The threads that large operators run on."""
    from ..backend import threads

    return threads.thread_count()


def set_num_threads(int: int) -> None:
    """Refused for another number than there is: it is chosen before the start."""
    if int != get_num_threads():
        raise RuntimeError(f"set_num_threads: set D2LMINI_THREADS={int} before Python starts.")


NAMES = FUNCTIONS | functions.FUNCTIONS | DTYPES | TYPED | {
    "accelerator": accelerator, "compile": compile, "concat": creation.cat,
    "concatenate": creation.cat, "device": device.Device, "dtype": np.dtype,
    "e": math.e, "enable_grad": autograd.enable_grad, "finfo": finfo,
    "asarray": creation.as_tensor, "block_diag": block_diag, "can_cast": can_cast,
    "broadcast_shapes": np.broadcast_shapes,
    "get_default_device": device.Device,
    "get_default_dtype": get_default_dtype, "get_num_threads": get_num_threads,
    "get_rng_state": get_rng_state, "hstack": hstack, "iinfo": iinfo,
    "inference_mode": autograd.inference_mode, "inf": math.inf,
    "is_floating_point": is_floating_point,
    "is_tensor": is_tensor, "jit": jit, "linalg": functions.LINALG,
    "mps": mps, "nan": math.nan, "newaxis": None, "pi": math.pi, "random": random,
    "promote_types": promote_types, "randint_like": randint_like, "result_type": result_type,
    "row_stack": vstack, "scalar_tensor": creation.tensor, "seed": seed,
    "set_default_tensor_type": set_default_tensor_type,
    "set_default_device": device.check_device,
    "set_default_dtype": set_default_dtype, "set_float32_matmul_precision": lambda precision: None,
    "set_grad_enabled": autograd.set_grad_enabled, "set_num_threads": set_num_threads,
    "set_printoptions": printing.set_printoptions, "set_rng_state": set_rng_state, "Size": Size,
    "use_deterministic_algorithms": lambda mode, **options: None, "version": version,
    "vstack": vstack,
}
