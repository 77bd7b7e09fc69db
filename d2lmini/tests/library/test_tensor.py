"""Tensors as Python objects: with NumPy on the left, comparison, printing, making them."""

import copy
import pickle

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import Tensor


def leaf(*numbers):
    return d2l.tensor(list(numbers), requires_grad=True)


# --- NumPy on the left ---

@pytest.mark.parametrize("number", [
    np.full(3, 2.0), np.float64(2), np.float32(2), np.int64(2), 2, 2.0], ids=repr)
@pytest.mark.parametrize("compute, value, gradient", [
    (lambda a, t: a + t, 6, 1), (lambda a, t: a - t, -2, -1), (lambda a, t: a * t, 8, 2),
    (lambda a, t: a / t, 0.5, -0.125), (lambda a, t: a ** t, 16, 16 * np.log(2))])
def test_reflected_operators_record(number, compute, value, gradient):
    t = leaf(4.0, 4.0, 4.0)
    out = compute(number, t)
    assert type(out) is Tensor and out.dtype == np.float32 and out.requires_grad
    out.sum().backward()
    np.testing.assert_allclose(out.array, [value] * 3)
    np.testing.assert_allclose(t.grad.array, [gradient] * 3, rtol=1e-6)


def test_array_matmul_tensor():
    t = leaf(1.0, 2.0)
    out = np.array([[3.0, 4.0]]) @ t
    out.sum().backward()
    assert out.tolist() == [11] and t.grad.tolist() == [3, 4] and out.dtype == np.float32


def test_an_array_changed_in_place_stays_an_array():
    array = np.array([5.0, 5.0])
    same = array
    array -= d2l.tensor([1.0, 2.0])
    array *= d2l.tensor(2.0)
    assert type(array) is np.ndarray and array is same and array.tolist() == [8, 6]
    w = d2l.ones(2)
    w.array -= 0.5 * d2l.ones(2)
    assert w.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("name", [
    "exp", "log", "sqrt", "sin", "cos", "tanh", "negative", "absolute"])
def test_numpy_functions_record(name):
    t = leaf(0.5, 2.0)
    out = getattr(np, name)(t)
    np.testing.assert_allclose(out.array, getattr(np, name)(t.array))
    out.sum().backward()
    assert type(out) is Tensor and t.grad is not None


def test_numpy_binary_functions_record():
    t = leaf(1.0, 2.0)
    (np.add(t, 1) * np.multiply([2, 2], t) / np.subtract(5, t)).sum().backward()
    assert t.grad is not None
    assert np.less(t, 1.5).tolist() == [True, False]


# --- comparison, conversion, printing ---

def test_comparison():
    t = leaf(1.0, 2.0, 3.0)
    for other in (2, 2.0, np.float64(2), np.full(3, 2), d2l.tensor(2.0)):
        assert (t < other).tolist() == [True, False, False]
        assert (t <= other).tolist() == [True, True, False]
        assert (t == other).tolist() == [False, True, False]
        assert (t != other).tolist() == [True, False, True]
        assert (t > other).tolist() == [False, False, True]
        assert (t >= other).tolist() == [False, True, True]
    assert (np.full(3, 2.0) < t).tolist() == [False, False, True]
    assert (t == [1, 2, 3]) is False and (t != (1, 2, 3)) is True  # as in PyTorch
    assert (t == t).dtype == np.bool_ and not (t == t).requires_grad
    assert (t == None) is False and (t != None) is True  # noqa: E711
    assert (t == "a") is False and (t != "a") is True and 2.0 in t and 5 not in t
    assert (d2l.tensor([0.1]) == 0.1).item() is True
    assert len({t, t.clone()}) == 2


def test_python_conversions():
    t = d2l.tensor([2.75])
    assert float(t) == 2.75 and int(t) == 2 and bool(t) and not bool(d2l.tensor(0))
    assert type(t.item()) is float and type(d2l.tensor(3).item()) is int
    assert len(d2l.ones(3, 2)) == 3 and d2l.ones(3, 2).numel() == 6
    assert [row.tolist() for row in d2l.tensor([[1, 2], [3, 4]])] == [[1, 2], [3, 4]]
    assert f"{t[0]:.1f}" == "2.8" and f"{d2l.tensor(3):03d}" == "003"
    with pytest.raises(TypeError, match="unsupported format string"):
        f"{t:.1f}"
    assert f"{d2l.tensor([1, 2])}" == "tensor([1, 2])"
    np.testing.assert_array_equal(np.asarray(d2l.ones(2), np.float64), [1, 1])


def test_a_whole_number_is_an_index():
    assert "abc"[d2l.tensor(1)] == "b" and list(range(d2l.tensor(2))) == [0, 1]
    with pytest.raises(TypeError):
        "abc"[d2l.tensor(1.0)]
    assert np.arange(3)[d2l.tensor([1])].tolist() == [1]


def test_masks_combine():
    a, b = d2l.tensor([True, True, False]), d2l.tensor([True, False, False])
    assert (a & b).tolist() == (np.array([True] * 3) & b).tolist() == [True, False, False]
    assert (~a | b).tolist() == [True, False, True] and (True & a).tolist() == a.tolist()


def test_reductions_by_numpys_names_record():
    t = leaf(1.0, 2.0)
    (t.sum(axis=0) + t.mean(axis=0) + t.max()).backward()
    assert t.grad.tolist() == [1.5, 2.5]


def test_iteration_records():
    x = leaf(1.0, 2.0)
    a, b = x
    (a * b).backward()
    assert x.grad.tolist() == [2, 1]


@pytest.mark.parametrize("make, text", [
    (lambda: d2l.tensor([1.0, 0.5]), "tensor([1.0000, 0.5000])"),
    (lambda: d2l.tensor(3), "tensor(3)"),
    (lambda: d2l.tensor([True]), "tensor([True])"),
    (lambda: d2l.tensor([1 / 3], requires_grad=True), "tensor([0.3333], requires_grad=True)"),
    (lambda: leaf(1.0) * 2, "tensor([2.], grad_fn=<MulBackward0>)"),
    (lambda: d2l.tensor([1.0], dtype=np.float64), "tensor([1.], dtype=float64)"),
    (lambda: d2l.zeros(0, 2), "tensor([], size=(0, 2))"),
    (lambda: d2l.tensor([[1, 2], [3, 4]]), "tensor([[1, 2],\n        [3, 4]])")])
def test_repr(make, text):
    assert repr(make()) == str(make()) == text


# --- making tensors ---

@pytest.mark.parametrize("data, dtype", [
    ([1.5], "float32"), ([1, 2], "int64"), (True, "bool"), (2.5, "float32"),
    (np.ones(2), "float32"), (np.ones(2, np.float32), "float32"), (np.ones(2, np.uint8), "uint8"),
    (np.float64(1), "float32"), (np.ones(2, ">f8"), "float32"),
    ([[1, 2.5]], "float32"), (range(3), "int64")])
def test_dtype_of_a_new_tensor(data, dtype):
    assert d2l.tensor(data).dtype == dtype
    assert d2l.tensor(data, dtype=np.float64).dtype == np.float64
    assert d2l.tensor(data).shape == np.shape(data)


def test_tensor_copies_and_detach_does_not():
    array = np.ones(2, np.float32)
    t = d2l.tensor(array, requires_grad=True)
    for copied in (t, d2l.tensor(t), t.clone()):
        assert not np.shares_memory(copied.array, array)
    assert not np.shares_memory(d2l.tensor(t).array, t.array)
    assert np.shares_memory(t.detach().array, t.array) and not t.detach().requires_grad
    assert t.detach().numpy() is t.array
    wide = d2l.tensor([1.0], dtype=np.float64)
    assert d2l.tensor(wide).dtype == wide.detach().dtype == np.float64


def test_filled_and_random_tensors():
    assert d2l.zeros(2, 3).shape == d2l.zeros((2, 3)).shape == d2l.ones([2, 3]).shape == (2, 3)
    assert d2l.zeros(()).shape == () and d2l.ones(2).tolist() == [1, 1]
    with pytest.raises(TypeError, match="give a size"):
        d2l.zeros()
    assert d2l.zeros_like(d2l.arange(2)).dtype == d2l.ones_like(d2l.arange(2)).dtype == np.int64
    assert d2l.where(d2l.ones(2) > 0, 1, 0).dtype == np.int64
    assert d2l.where(d2l.ones(1) > 0, 1, 0.5).dtype == np.float32
    assert d2l.Tensor().shape == (0,) and d2l.arange(-5, -3).tolist() == [-5, -4]
    assert d2l.arange(3).tolist() == [0, 1, 2] and d2l.arange(1, 2, 0.5).tolist() == [1, 1.5]
    d2l.manual_seed(1)
    normal, even = d2l.randn(100, 100), d2l.rand(100, 100)
    assert normal.dtype == even.dtype == np.float32
    assert abs(normal.array.mean()) < 0.05 and abs(normal.array.std() - 1) < 0.05
    assert 0 <= even.array.min() < 0.01 and 0.99 < even.array.max() < 1
    d2l.manual_seed(1)
    np.testing.assert_array_equal(d2l.randn(100, 100).array, normal.array)
    assert (d2l.randn(100, 100).array != normal.array).all()


def test_tensors_can_be_copied_and_pickled():
    t = leaf(1.0, 2.0)
    (t * t).sum().backward()
    for twin in (copy.deepcopy(t), pickle.loads(pickle.dumps(t))):
        assert twin.requires_grad and twin.tolist() == t.tolist()
        assert not np.shares_memory(twin.array, t.array)


def test_argmax_and_one_hot():
    t = d2l.tensor([[1.0, 3.0, 3.0], [5.0, 2.0, 1.0]])
    assert t.argmax().item() == 3 and t.argmax(1).tolist() == [1, 0]
    assert t.argmax(axis=0, keepdims=True).tolist() == [[1, 0, 0]]
    assert d2l.functional.one_hot(d2l.tensor([2, 0])).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert d2l.functional.one_hot(t.argmax(1), 4).shape == (2, 4)


def test_transposed_shapes():
    t = d2l.zeros(2, 3, 4)
    assert d2l.tensor(1.0).transpose(0, -1).item() == 1 and d2l.ones(2).sum([]).item() == 2
    assert t.T.shape == (4, 3, 2) and t.ndim == 3
    assert t.unsqueeze(-1).shape == (2, 3, 4, 1) and t.flatten(1).shape == (2, 12)
    assert t.reshape(-1, 6).shape == t.reshape((4, -1)).shape == (4, 6)
