"""Each name that PyTorch has too, called with zeros, nan, infinities, and the ends of each dtype.

The random programs of test_differential.py take ordinary numbers; here are the others, in every
dtype: values, shapes, dtypes and gradients are PyTorch's, or a message says what differs.
"""

import inspect
import math
import re

import numpy as np
import pytest

import d2lmini as d2l
import d2lmini.functional

torch = pytest.importorskip("torch")
inf, nan = math.inf, math.nan

FLOATS = {
    "special": [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, inf, -inf, nan],
    "huge": [1e30, -1e30, 3e38, 1e-30, -1e-38, 1e-45, 88.0, 89.0, -104.0, 100.0],
    "usual": [0.1, 1.5, 2.5, -2.5, 3.7, -3.2, 10.0, 20.5, -21.0, 7.0],
    "unit": [0.1, 0.2, 0.9, -0.3, -0.99, 0.999, 1.0, 0.0, -1.0, 0.33],
}
INTEGERS = {
    "int64": [0, 1, -1, 2, -2, 7, -7, 3, 100, -100], "uint8": [0, 1, 255, 128, 127, 2, 3, 254, 10],
    "bool": [True, False, True, True, False, False, True, False, True, False],
}
MAKE = {f"{name} {kind}": (values, kind) for kind in ("float32", "float64")
        for name, values in FLOATS.items()}
MAKE |= {kind: (values, kind) for kind, values in INTEGERS.items()} | {
    "int32": (INTEGERS["int64"], "int32"),
    "limits int64": ([2**31, -2**31, 2**62, 5, -5, 0, 1, 63, 64, -2**63], "int64"),
    "matrix": ([[0.1, 1.5, 2.5], [-2.5, 3.7, -3.2], [10.0, 20.5, -21.0]], "float32"),
    "number": (2.5, "float32"), "empty": ([], "float32"), "empty rows": ([[], []], "float32")}
FEW = ["special float32", "huge float32", "unit float64", "int64", "uint8", "bool", "matrix",
       "number"]  # as a second tensor
SECOND = {"nothing": [None], "a number": [0, 1, -1, 2, 0.5, -1.5, inf], "a tensor": FEW}

# Random numbers, the library's state, and what is compared in other tests.
LEFT_OUT = set("""rand randn rand_like randn_like randint randint_like randperm normal bernoulli
    multinomial dropout dropout1d dropout2d dropout3d alpha_dropout gumbel_softmax normal_ uniform_
    exponential_ random_ bernoulli_ empty empty_like new_empty new empty_strided load save compile
    set_printoptions data_ptr seed initial_seed manual_seed set_default_dtype set_default_device
    set_num_threads get_rng_state set_rng_state set_grad_enabled no_grad enable_grad result_type
    promote_types can_cast unique register_hook backward numpy requires_grad_ retain_grad vmap
    __iter__ __array__ __getattribute__ __setattr__ __delattr__ __init__ __new__ __class__ __dir__
    __reduce__ __reduce_ex__ __getstate__ __setstate__ __sizeof__ __subclasshook__ __repr__ __str__
    __init_subclass__ __format__ __hash__ __deepcopy__ set_default_tensor_type""".split())

# Where the two may differ, and why: by the name and the inputs.
ENDS = "beyond float32 or int64 an intermediate result overflows in one of them"
ROUNDING = "a sum of huge numbers that cancel"
KNOWN = [
    (r"^F\.gelu .*(special|huge) float32", "PyTorch has nan at inf, in vectors of 8 numbers only"),
    (r"^F\.glu huge|(std|std_mean|histc|histogram|cumprod_?|hypot_?|arctan2|atan2)\b.*huge", ENDS),
    (r"\bnorm .*, 0 ", "the norm that counts: PyTorch leaves no gradient, here it is 0"),
    (r"(pow|rpow__|atan2|arctan2)\b.*(limits|huge|uint8)", ENDS),
    (r"^F\.(cross_entropy|hinge_embedding_loss) .*huge|trap\w+ huge", ROUNDING),
    (r"^F\.soft_margin_loss .*(uint8|limits)", "PyTorch negates the target in its own dtype"),
    (r"(pow\w*|float_power) special.*0.5", "PyTorch: sqrt(-inf) is nan, and at -0 the slope -inf"),
    (r"gcd .*limits", "PyTorch: the gcd of -2**63 is negative"),
    (r"searchsorted|bucketize", "the numbers do not rise"),
    (r"histogram unit", "a number on an edge, which linspace computes to the last bit otherwise"),
    (r"cross matrix", "differences of equal products, of the size of rounding"),
]


def made(library, label: str):
    values, kind = MAKE[label]
    return library.tensor(values, dtype=getattr(library, kind))


def names(kind: str):
    """(name, PyTorch's, d2lmini's) of what both have, as functions of tensors."""
    if kind == "methods":
        for name in sorted(set(dir(torch.Tensor)) & set(dir(d2l.Tensor)) - LEFT_OUT):
            if callable(getattr(torch.Tensor, name)) and not re.match("_[^_]", name):
                def call(x, *rest, name=name):
                    return getattr(x, name)(*rest)

                yield f"x.{name}", call, call
        return
    theirs, ours, short = (torch, d2l, "torch") if kind == "functions" else (
        torch.nn.functional, d2lmini.functional, "F")
    for name in sorted(set(dir(theirs)) & set(dir(ours)) - LEFT_OUT):
        a, b = getattr(theirs, name), getattr(ours, name)
        if callable(a) and name[0] != "_" and not isinstance(a, type) and not inspect.ismodule(a):
            yield f"{short}.{name}", a, b


def plain(x):
    """What a result is: (dtype, shape, numbers) of a tensor, a list of a tuple, or itself."""
    if isinstance(x, torch.Tensor | d2l.Tensor):
        return str(x.dtype).replace("torch.", ""), tuple(x.shape), x.detach().numpy()
    return [plain(v) for v in x] if isinstance(x, tuple | list) else x


def equal(a, b, loose: bool) -> bool:
    if isinstance(a, list) or isinstance(b, list):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b, [loose] * len(a)))
    if not (isinstance(a, tuple) and isinstance(b, tuple)):
        return str(a) == str(b) or (isinstance(a, float) and math.isclose(a, b, rel_tol=1e-6))
    if a[:2] != b[:2]:
        return False
    if not a[0].startswith("float"):
        return np.array_equal(a[2], b[2])
    loose = loose or a[0] != "float64"
    return np.allclose(a[2], b[2], rtol=2e-5 if loose else 1e-9, atol=3e-6 if loose else 1e-12,
                       equal_nan=True)


def result(function, tensors, others, wanted: bool):
    """The result and the gradients, or the error; `wanted`: whether gradients are asked for."""
    if wanted:
        for t in tensors:
            if t.is_floating_point():
                t.requires_grad_()
    try:
        out = function(*tensors, *others)
    except Exception as error:
        return error, None
    parts = [o for o in (out if isinstance(out, tuple | list) else [out])
             if isinstance(o, torch.Tensor | d2l.Tensor) and o.requires_grad]
    grads = "no graph"
    if parts:
        try:
            sum((i + 2) * part.sum() for i, part in enumerate(parts)).backward()
            grads = [None if t.grad is None else plain(t.grad) for t in tensors]
        except RuntimeError:
            grads = "no derivative"
    return plain(out), grads


@pytest.mark.filterwarnings("ignore")
@np.errstate(all="ignore")
@pytest.mark.parametrize("kind", ["functions", "methods", "losses and activations"])
@pytest.mark.parametrize("second", SECOND)
def test_special_values(kind, second):
    found, calls = {}, 0
    for name, theirs, ours in names(kind):
        for first in MAKE:
            for other in SECOND[second]:
                for wanted in (False, True):
                    label = f"{name} {first}, {other}{' with gradients' * wanted}"
                    if any(re.search(pattern, label) for pattern, _ in KNOWN):
                        continue
                    results = []
                    for library, function in (torch, theirs), (d2l, ours):
                        tensors = [made(library, first)]
                        tensors += [made(library, other)] if second == "a tensor" else []
                        others = [other] if second == "a number" else []
                        results.append(result(function, tensors, others, wanted))
                    calls += 1
                    (a, da), (b, db) = results
                    if isinstance(a, Exception) or isinstance(b, Exception):
                        continue  # test_differential.py looks at who refuses what
                    loose = re.search("float32|int|bool|number", label) is not None
                    if not equal(a, b, loose):
                        found.setdefault(f"value of {name}", (label, a, b))
                    elif "no derivative" not in (da, db) and "no graph" not in (da, db) and (
                            not equal(da, db, loose)):
                        found.setdefault(f"gradient of {name}", (label, da, db))
                    elif da not in ("no graph", "no derivative") and db == "no graph":
                        found.setdefault(f"graph of {name}", (label, da, db))
    assert calls > 1000
    assert not found, "\n".join(f"{key}: {a}\n  PyTorch {str(b)[:300]}\n  d2lmini {str(c)[:300]}"
                                for key, (a, b, c) in found.items())
