"""Each operator of the table in operators.py, five ways; and the fused ones against plain loops."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import Tensor
from d2lmini import functional as F
from d2lmini.gradcheck import gradcheck
from d2lmini.tests.library.operators import CASES, OURS, TIES, torch_library

each_case = pytest.mark.parametrize("case", CASES, ids=str)


def run(case, arrays):
    """The result of a case as an array, and the gradients of (result * weights).sum()."""
    inputs = [d2l.tensor(a, requires_grad=True, dtype=a.dtype) for a in arrays]
    out = case.function(OURS, *inputs)
    weights = np.random.default_rng(9).uniform(0.5, 1.5, out.shape)
    out.backward(weights)
    return out.array, [np.zeros_like(t.array) if t.grad is None else t.grad.array for t in inputs]


@each_case
def test_gradcheck(case):
    assert gradcheck(lambda *x: case.function(OURS, *x), case.inputs(1), atol=1e-6, rtol=1e-6)


@each_case
def test_dtype(case):
    for dtype in np.float32, np.float64:
        arrays = case.inputs(2, dtype)
        out, grads = run(case, arrays)
        assert out.dtype == dtype
        for array, grad in zip(arrays, grads, strict=True):
            assert grad.dtype == dtype and grad.shape == array.shape


@each_case
def test_derivatives_are_pure_functions(case):
    inputs = [d2l.tensor(a, requires_grad=True, dtype=a.dtype) for a in case.inputs(3)]
    out = case.function(OURS, *inputs)
    value, before = out.array.copy(), [t.array.copy() for t in inputs]
    g = np.ones(out.shape)
    g.flags.writeable = False  # writing into it would raise
    for _, derivative in out.grad_fn.inputs:
        np.testing.assert_array_equal(derivative(g), derivative(g))
    np.testing.assert_array_equal(out.array, value)
    for t, b in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(t.array, b)


def test_the_table_is_complete():
    """Every public operator occurs in the table's source, or in the tests of further/ and nn."""
    import d2lmini.tests.library.operators as table
    source = inspect.getsource(table)
    beside = [Path(__file__).with_name(f"test_{name}.py").read_text(encoding="utf-8")
              for name in ("further", "nn_torch")]
    found = re.findall(r'\("(\w+)"|nn\.(\w+)\(', "".join(beside))
    modules = {"".join(name).lower() for name in found}
    public = {name for name, f in inspect.getmembers(F, inspect.isfunction)
              if [*inspect.signature(f).parameters][:1] == ["input"] and name[0] != "_"}
    assert len(public) > 12
    for name in public - {"hinge_loss"}:  # there under the name L.hinge
        assert (f"L.F.{name}" in source or f'"{name}"' in source or f"F.{name}(" in beside[0]
                or any(m.startswith(name.replace("_", "")) for m in modules)), name


# --- against PyTorch ---

def run_torch(torch, case, arrays):
    inputs = [torch.tensor(a, requires_grad=True) for a in arrays]
    out = case.function(torch_library(torch), *inputs)
    weights = np.random.default_rng(9).uniform(0.5, 1.5, tuple(out.shape)).astype(arrays[0].dtype)
    out.backward(torch.tensor(weights))
    return out.detach().numpy(), [np.zeros(t.shape) if t.grad is None else t.grad.numpy()
                                  for t in inputs]


def assert_near(ours, theirs, rtol, what):
    assert ours.shape == theirs.shape, what
    scale = np.abs(theirs).max(initial=0)
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol * scale, err_msg=what)


@pytest.mark.parametrize("case", CASES + TIES, ids=str)
@pytest.mark.filterwarnings("ignore:.*same:UserWarning")  # PyTorch's, about even kernels
def test_equals_torch(case):
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    narrow, wide = np.float32, np.float64
    for seed, dtype in (0, narrow), (1, narrow), (0, wide), (2, wide), (3, wide):
        arrays = case.inputs(seed, dtype)
        out, grads = run(case, arrays)
        expected, expected_grads = run_torch(torch, case, arrays)
        tight = dtype == wide
        assert_near(out, expected, 1e-12 if tight else 1e-5, f"value, seed {seed}")
        for k, (grad, other) in enumerate(zip(grads, expected_grads, strict=True)):
            assert_near(grad, other, 1e-11 if tight else 1e-4, f"gradient {k}, seed {seed}")


# --- dtype: numbers on either side, lists, arrays ---

NUMBERS = [2, 2.5, True, np.float64(2.5), np.float32(2.5), np.int64(2), np.uint8(2), np.array(2.5),
           np.array([2.5, 1.0]), np.array([2, 1]), [2.5, 1.0]]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: f"{type(n).__name__} {n}")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**"])
def test_numbers_on_either_side(number, dtype, symbol):
    compute = eval(f"lambda a, b: a {symbol} b")
    for order in (1, -1):
        t = d2l.tensor([1.5, 0.5], requires_grad=True, dtype=dtype)
        out = compute(*(t, number)[::order])
        assert type(out) is Tensor and out.dtype == dtype
        out.sum().backward()
        assert t.grad.dtype == dtype
        expected = compute(*(t.array, np.asarray(number, dtype))[::order])
        np.testing.assert_allclose(out.array, expected, rtol=1e-6)


def test_integers_become_float32_in_formulas_of_floats():
    n = d2l.tensor([1, 2, 3])
    assert (n + 1).dtype == (n * n).dtype == n.sum().dtype == np.int64
    for out in (n / 2, n * 0.5, n.exp(), n.sqrt(), n.sigmoid(), n ** 0.5, n.log2()):
        assert out.dtype == np.float32
    pixels = d2l.tensor(np.array([0, 100, 255], np.uint8))
    assert (pixels / 255).dtype == np.float32
    np.testing.assert_allclose(pixels.sqrt().array, np.sqrt([0, 100, 255.0]), rtol=1e-6)
    np.testing.assert_allclose(pixels.sigmoid().array, [0.5, 1, 1], rtol=1e-6)


BYTES = np.array([[1, 2, 250], [3, 4, 5]], np.uint8)


@pytest.mark.parametrize("function", [
    F.softmax, F.log_softmax, lambda x: F.mse_loss(x, x[[1, 0]]), lambda x: F.hinge_loss(x, [2, 0]),
    lambda x: F.cross_entropy(x, [0, 1]),
    lambda x: F.conv2d(x.reshape(1, 1, 2, 3), d2l.ones(1, 1, 2, 2) / 3, d2l.ones(1))])
def test_integers_give_what_floats_give(function):
    for array in BYTES, BYTES.astype(int):
        out, expected = function(Tensor(array)), function(Tensor(BYTES.astype(np.float32)))
        np.testing.assert_array_equal(out.array, expected.array)


@pytest.mark.parametrize("loss", [F.binary_cross_entropy, F.binary_cross_entropy_with_logits])
@pytest.mark.parametrize("target", [[1, 0], [True, False]])
def test_a_yes_or_no_loss_wants_floats_as_pytorch_does(loss, target):
    with pytest.raises(RuntimeError, match=r"of integers, target.float\(\)"):
        loss(d2l.tensor([0.5, 0.25]), d2l.tensor(target))


def test_sums_of_bytes_and_flags_are_int64():
    for t in (d2l.tensor(BYTES), d2l.tensor(BYTES) > 2):
        assert t.sum().dtype == t.sum(0).dtype == np.int64
    assert (3 - (d2l.tensor(BYTES) > 2).sum()).item() == -1


def test_sums_over_many_rows_keep_their_digits():
    many = d2l.tensor(np.full((300_000, 3), 100.5, np.float32))
    assert many.mean(0).tolist() == [100.5] * 3 and many.var(0).tolist() == [0] * 3
    assert many.T.sum(1).array[0] == many.reshape(-1, 2, 3).mean((0, 1)).array[0] * 300_000
    for add in (lambda b: many + b, lambda b: F.linear(many, d2l.zeros(3, 3), b)):
        b = d2l.zeros(3, requires_grad=True)
        add(b).backward(many.array)
        assert b.grad.dtype == np.float32 and b.grad.tolist() == [100.5 * 300_000] * 3


def test_float32_meets_integer_and_float64_tensors():
    w = d2l.tensor([1.0, 2.0], requires_grad=True)
    out = w * d2l.tensor([3, 4])
    assert out.dtype == np.float32
    wide = w * d2l.tensor([1.0, 2.0], dtype=np.float64)
    assert wide.dtype == np.float64
    (out.sum() + wide.sum()).backward()
    assert w.grad.dtype == np.float32
    np.testing.assert_array_equal(w.grad.array, [4, 6])


def test_to_changes_the_dtype_and_the_gradient_comes_back():
    x = d2l.tensor([1.5, 2.5], requires_grad=True)
    assert x.to(np.float32) is x and x.to(np.float64).dtype == np.float64
    (x.to(np.float64) * 3).sum().backward()
    assert x.grad.dtype == np.float32 and x.grad.tolist() == [3, 3]
    whole = x.to(np.int64)
    assert whole.tolist() == [1, 2] and not whole.requires_grad


# --- extremes ---

def test_functions_do_not_overflow():
    x = d2l.tensor([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]], requires_grad=True)
    for f in (F.softmax, F.log_softmax, F.sigmoid, F.tanh,
              lambda x: F.cross_entropy(x, [1, 0]), lambda x: F.hinge_loss(x, [1, 0]),
              lambda x: F.binary_cross_entropy_with_logits(x, d2l.ones(2, 3))):
        x.zero_grad()
        out = f(x)
        out.backward(np.ones(out.shape))
        assert np.isfinite(out.array).all() and np.isfinite(x.grad.array).all()
    assert F.cross_entropy(x, [1, 0]).item() == pytest.approx(20000 + np.log(2) / 2)


def test_onnx_softmax_of_large_numbers():
    x = d2l.tensor([[0.0, 1, 2, 3], [10000, 10001, 10002, 10003]])
    row = [0.032058604, 0.08714432, 0.23688284, 0.6439143]
    np.testing.assert_allclose(F.softmax(x).array, [row, row], rtol=1e-6)
    np.testing.assert_allclose(F.log_softmax(x).array, np.log([row, row]), rtol=1e-5)


@pytest.mark.parametrize("h, stride, padding, expected", [
    (5, 1, 1, [[12, 21, 27, 33, 24], [33, 54, 63, 72, 51], [63, 99, 108, 117, 81],
               [93, 144, 153, 162, 111], [72, 111, 117, 123, 84]]),
    (5, 1, 0, [[54, 63, 72], [99, 108, 117], [144, 153, 162]]),
    (7, 2, 1, [[12, 27, 24], [63, 108, 81], [123, 198, 141], [112, 177, 124]]),
    (7, 2, 0, [[54, 72], [144, 162], [234, 252]]),
    (7, 2, (1, 0), [[21, 33], [99, 117], [189, 207], [171, 183]])])
def test_onnx_convolutions(h, stride, padding, expected):
    """The test vectors of ONNX's operator Conv: 0, 1, 2, ... under a kernel of ones."""
    x = d2l.arange(5 * h).float().reshape(1, 1, h, 5)
    out = F.conv2d(x, d2l.ones(1, 1, 3, 3), stride=stride, padding=padding)
    np.testing.assert_array_equal(out.array[0, 0], expected)


def test_onnx_max_pool():
    x = d2l.arange(1, 26).float().reshape(1, 1, 5, 5)
    assert F.max_pool2d(x, 5, 1, 2)[0, 0, 0].tolist() == [13, 14, 15, 15, 15]
    assert F.max_pool2d(x, 2, 2).tolist() == [[[[7, 9], [17, 19]]]]


@pytest.mark.parametrize("select", [
    lambda x: d2l.where(x > 0, x, 0.0), lambda x: d2l.where(x <= 0, 0.0, x),
    lambda x: x.clamp(min=0), lambda x: F.max_pool2d(x.reshape(1, 1, 1, 2), (1, 2), 1)])
def test_what_is_not_selected_gets_no_nan(select):
    """As where(x > 0, x, 0).sqrt() has it at 0: times 0, an infinite slope would be nan."""
    x = d2l.tensor([-1.0, 4.0], requires_grad=True)
    select(x).backward(np.full(select(x).shape, np.inf))
    assert x.grad.tolist() == [0, np.inf]


@pytest.mark.parametrize("function, shapes", [
    (lambda x: F.max_pool2d(x, 2), [(0, 1, 4, 4)]), (lambda x: F.avg_pool2d(x, 2), [(0, 1, 4, 4)]),
    (lambda x: F.max_pool2d(x, 3, 1), [(0, 1, 4, 4)]),
    (F.conv2d, [(0, 1, 4, 4), (2, 1, 3, 3), (2,)]), (F.linear, [(0, 4), (3, 4), (3,)]),
    (F.linear, [(2, 0), (3, 0), (3,)]), (F.linear, [(2, 3), (0, 3), (0,)])])
def test_empty_batches(function, shapes):
    inputs = [d2l.ones(shape, requires_grad=True) for shape in shapes]
    out = function(*inputs)
    out.backward(np.ones(out.shape))
    assert [t.grad.shape for t in inputs] == shapes


# --- fused operators against the formula in their docstring ---

def agree(fused, plain, *shapes):
    """Values and gradients of two functions of float64 tensors are equal."""
    rng, got = np.random.default_rng(4), []
    arrays = [rng.standard_normal(shape) for shape in shapes]
    for f in (fused, plain):
        inputs = [d2l.tensor(a, requires_grad=True, dtype=np.float64) for a in arrays]
        out = f(*inputs)
        out.backward(np.linspace(1, 2, out.array.size).reshape(out.shape))
        got.append([out.array] + [t.grad.array for t in inputs])
    for a, b in zip(*got, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


Y = np.array([2, 0, 1, 2])


def picked(x):
    return -F.log_softmax(x, 1)[np.arange(4), Y]


def plain_conv2d(x, w, b, stride, padding):
    x = F.pad(x, (padding,) * 4)
    (n, _, h, width), (o, _, kh, kw) = x.shape, w.shape
    return d2l.stack([d2l.stack([d2l.stack([d2l.stack([
        (x[i, :, r:r + kh, c:c + kw] * w[k]).sum() + b[k]
        for c in range(0, width - kw + 1, stride)]) for r in range(0, h - kh + 1, stride)])
        for k in range(o)]) for i in range(n)])


def plain_pool2d(x, kernel, stride, reduce):
    (n, channels, h, w) = x.shape
    return d2l.stack([d2l.stack([d2l.stack([d2l.stack([
        reduce(x[i, k, r:r + kernel, c:c + kernel])
        for c in range(0, w - kernel + 1, stride)]) for r in range(0, h - kernel + 1, stride)])
        for k in range(channels)]) for i in range(n)])


FUSED = {
    "linear": (F.linear, lambda x, w, b: x @ w.T + b, (5, 3), (4, 3), (4,)),
    "linear 3-D": (F.linear, lambda x, w, b: x @ w.T + b, (2, 5, 3), (4, 3), (4,)),
    "softmax": (F.softmax, lambda x: x.exp() / x.exp().sum(-1, keepdim=True), (4, 3)),
    "log_softmax": (F.log_softmax, lambda x: x - x.exp().sum(-1, keepdim=True).log(), (4, 3)),
    "cross_entropy": (lambda x: F.cross_entropy(x, Y), lambda x: picked(x).mean(), (4, 3)),
    "cross_entropy sum": (lambda x: F.cross_entropy(x, Y, reduction="sum"),
                          lambda x: picked(x).sum(), (4, 3)),
    "cross_entropy none": (lambda x: F.cross_entropy(x, Y, reduction="none"), picked,
                           (4, 3)),
    "mse_loss": (F.mse_loss, lambda x, y: ((x - y) ** 2).mean(), (4, 3), (4, 3)),
    "sigmoid": (F.sigmoid, lambda x: 1 / (1 + (-x).exp()), (4, 3)),
    "tanh": (F.tanh, lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()), (4, 3)),
    "bce": (lambda x: F.binary_cross_entropy_with_logits(x, Y == 1), lambda x: -(
        (Y == 1) * x.sigmoid().log() + (Y != 1) * (1 - x.sigmoid()).log()).mean(), (4,)),
    "hinge": (lambda x: F.hinge_loss(x, Y), lambda x: ((
        x - x[np.arange(4), Y].unsqueeze(1) + 1).relu().sum(1) - 1).mean(), (4, 3)),
    **{f"conv2d {s} {p}": (lambda x, w, b, s=s, p=p: F.conv2d(x, w, b, s, p),
                           lambda x, w, b, s=s, p=p: plain_conv2d(x, w, b, s, p),
                           (2, 2, 4, 5), (3, 2, 3, 2), (3,)) for s in (1, 2) for p in (0, 1)},
    **{f"max_pool2d {k} {s}": (lambda x, k=k, s=s: F.max_pool2d(x, k, s), lambda x, k=k, s=s:
                               plain_pool2d(x, k, s, Tensor.max), (2, 2, 5, 4))
       for k, s in ((2, 2), (3, 1))},
    **{f"avg_pool2d {k} {s}": (lambda x, k=k, s=s: F.avg_pool2d(x, k, s), lambda x, k=k, s=s:
                               plain_pool2d(x, k, s, Tensor.mean), (2, 2, 5, 4))
       for k, s in ((2, 2), (3, 1))}}


@pytest.mark.parametrize("name", FUSED)
def test_fused_equals_composed(name):
    agree(*FUSED[name])


def test_derivatives_by_convention():
    x = d2l.tensor([[0.0, 2.0, 2.0], [2.0, -1.0, 0.0]], requires_grad=True)
    third = 1 / 3
    for f, expected in (
            (lambda: x.max(), [[0, third, third], [third, 0, 0]]),
            (lambda: x.amax(1).sum(), [[0, 0.5, 0.5], [1, 0, 0]]),
            (lambda: x.max(1).values.sum(), [[0, 1, 0], [1, 0, 0]]),
            (lambda: x.amin(0, keepdim=True).sum(), [[1, 0, 0], [0, 1, 1]]),
            (lambda: x.relu().sum(), [[0, 1, 1], [1, 0, 0]]),
            (lambda: x.abs().sum(), [[0, 1, 1], [1, -1, 0]]),
            (lambda: x.clamp(0, 2).sum(), [[1, 1, 1], [1, 0, 1]])):
        x.zero_grad()
        f().backward()
        np.testing.assert_allclose(x.grad.array, expected, rtol=1e-6)


def test_max_pool_sends_each_windows_gradient_on_once():
    x = d2l.ones(1, 1, 4, 4, requires_grad=True)
    F.max_pool2d(x, 2).sum().backward()
    assert x.grad.array.sum() == 4 and x.grad.array[0, 0, ::2, ::2].min() == 1
