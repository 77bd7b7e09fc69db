"""Shapes: whatever hypothesis thinks of, tensors give what NumPy, a formula or a loop gives."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import d2lmini as d2l
from d2lmini import Tensor
from d2lmini import functional as F

NUMBERS = st.floats(-4, 4, width=32).map(lambda x: round(x, 2))
SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=4)
few = settings(max_examples=50)


def tensor(array):
    return d2l.tensor(array, requires_grad=True, dtype=np.float64)


def array(draw, shape):
    return np.random.default_rng(draw(st.integers(0, 99))).standard_normal(shape)


@few
@given(arrays.mutually_broadcastable_shapes(num_shapes=3, max_dims=4, max_side=3), st.data())
def test_broadcasting(shapes, data):
    a, b, c = (array(data.draw, s) for s in shapes.input_shapes)
    x, y, z = tensor(a), tensor(b), tensor(c)
    out = x * y - z
    np.testing.assert_allclose(out.array, a * b - c)
    out.sum().backward()
    full = shapes.result_shape
    for t, g in ((x, b), (y, a), (z, -1.0)):
        g = np.broadcast_to(g, full)
        lead = len(full) - t.ndim  # sum over the axes that were added, then over the stretched ones
        g = g.sum(tuple(range(lead)))
        g = g.sum(tuple(i for i, n in enumerate(t.shape) if n == 1), keepdims=True)
        assert t.grad.shape == t.shape
        np.testing.assert_allclose(t.grad.array, g, atol=1e-12)


@few
@given(SHAPES, SHAPES)
def test_shapes_that_do_not_broadcast_are_refused(a, b):
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="do not broadcast"):
            Tensor(np.zeros(a)) + Tensor(np.zeros(b))
    else:
        assert (Tensor(np.zeros(a)) + Tensor(np.zeros(b))).shape == np.broadcast_shapes(a, b)


@few
@given(SHAPES, st.data(), st.booleans(), st.sampled_from(["sum", "mean", "amax", "amin", "var"]))
def test_reductions(shape, data, keep, name):
    axis = data.draw(st.none() | arrays.valid_tuple_axes(len(shape)) | (
        st.integers(-len(shape), len(shape) - 1) if shape else st.none()))
    axis = None if axis == () else axis  # PyTorch reduces over all axes, NumPy over none
    a = array(data.draw, shape)
    x = tensor(a)
    options = {"correction": 0} if name == "var" else {}
    out = getattr(x, name)(axis, keepdim=keep, **options)
    expected = getattr(a, name.lstrip("a"))(axis=axis, keepdims=keep)
    assert out.shape == expected.shape
    np.testing.assert_allclose(out.array, expected, atol=1e-12)
    out.sum().backward()
    total = {"sum": a.size, "var": 0}.get(name, out.array.size)
    np.testing.assert_allclose(x.grad.array.sum(), total, atol=1e-9)
    if name in ("amax", "amin"):  # no ties among random numbers: the gradient is a mask
        best = getattr(a, name[1:])(axis=axis, keepdims=True)
        np.testing.assert_array_equal(x.grad.array, a == best)


def forward(index):
    """Whether all slices run forward: PyTorch, and so d2lmini, knows no others."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(part.step is None or part.step > 0 for part in parts if isinstance(part, slice))


@few
@given(st.data())
def test_indexing(data):
    shape = data.draw(arrays.array_shapes(min_dims=1, max_dims=4, max_side=5))
    index = data.draw(arrays.basic_indices(shape, allow_newaxis=True).filter(forward))
    check_index(array(data.draw, shape), index)


@few
@given(st.data())
def test_indexing_by_arrays(data):
    shape = data.draw(arrays.array_shapes(min_dims=1, max_dims=3, max_side=5))
    index = data.draw(arrays.integer_array_indices(shape))
    a = array(data.draw, shape)
    check_index(a, index)
    check_index(a, tuple(i.tolist() for i in index))
    check_index(a, data.draw(arrays.arrays(bool, shape)))


def check_index(a, index):
    """Value and gradient of x[index]: an element counts as often as it was taken."""
    x = tensor(a)
    out = x[index]
    np.testing.assert_array_equal(out.array, a[index])
    positions = np.arange(a.size).reshape(a.shape)[index]
    weights = np.arange(1.0, positions.size + 1).reshape(positions.shape)
    out.backward(weights)
    expected = np.bincount(positions.ravel(), weights.ravel(), minlength=a.size)
    np.testing.assert_allclose(x.grad.array.ravel(), expected)


@few
@given(st.data(), SHAPES)
def test_reshape_permute_transpose(data, shape):
    a = array(data.draw, shape)
    order = data.draw(st.permutations(range(len(shape))))
    x = tensor(a)
    y = x.permute(*order).flatten().reshape(-1, 1).squeeze()
    np.testing.assert_array_equal(y.array, a.transpose(order).reshape(y.shape))
    y.backward(np.arange(a.size, dtype=float).reshape(y.shape))
    np.testing.assert_array_equal(x.grad.array.transpose(order).ravel(), np.arange(a.size))


@few
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4),
       arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3), st.data())
def test_matmul(n, k, m, batches, data):
    a, b = (array(data.draw, batch + end) for batch, end in zip(
        batches.input_shapes, ((n, k), (k, m)), strict=True))
    x, y = tensor(a), tensor(b)
    out = x @ y
    np.testing.assert_allclose(out.array, a @ b)
    plain = (tensor(a).unsqueeze(-1) * tensor(b).unsqueeze(-3)).sum(-2)
    np.testing.assert_allclose(plain.array, out.array, atol=1e-12)
    x2, y2 = tensor(a), tensor(b)
    (x2.unsqueeze(-1) * y2.unsqueeze(-3)).sum(-2).backward(np.cos(out.array))
    out.backward(np.cos(out.array))
    np.testing.assert_allclose(x.grad.array, x2.grad.array, atol=1e-12)
    np.testing.assert_allclose(y.grad.array, y2.grad.array, atol=1e-12)


PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


def windows(a, kernel, stride, padding, fill):
    """The padded array and each window of it by a loop: (i, j, rows, columns)."""
    a = np.pad(a, ((0, 0), (0, 0), *((p, p) for p in padding)), constant_values=fill)
    places = [(i, j, slice(i * stride[0], i * stride[0] + kernel[0]),
               slice(j * stride[1], j * stride[1] + kernel[1]))
              for i in range((a.shape[2] - kernel[0]) // stride[0] + 1)
              for j in range((a.shape[3] - kernel[1]) // stride[1] + 1)]
    return a, places


def size(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


@few
@given(st.data(), PAIRS, PAIRS, st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_conv2d(data, kernel, stride, padding):
    n, c, o, h, w = (data.draw(st.integers(1, top)) for top in (2, 3, 3, 6, 6))
    assume(all(s + 2 * p >= k for s, p, k in zip((h, w), padding, kernel, strict=True)))
    a, k, b = array(data.draw, (n, c, h, w)), array(data.draw, (o, c, *kernel)), array(data.draw, o)
    x, weight, bias = tensor(a), tensor(k), tensor(b)
    out = F.conv2d(x, weight, bias, stride, padding)
    oh, ow = (size(*args) for args in zip((h, w), kernel, stride, padding, strict=True))
    assert out.shape == (n, o, oh, ow)
    g = np.cos(np.arange(out.array.size)).reshape(out.shape)
    out.backward(g)
    padded, places = windows(a, kernel, stride, padding, 0)
    dx, dw = np.zeros_like(padded), np.zeros_like(k)
    for i, j, rows, columns in places:
        window = padded[:, :, rows, columns]
        np.testing.assert_allclose(out.array[:, :, i, j], np.einsum("ncij,ocij->no", window, k) + b)
        dx[:, :, rows, columns] += np.einsum("no,ocij->ncij", g[:, :, i, j], k)
        dw += np.einsum("no,ncij->ocij", g[:, :, i, j], window)
    inside = dx[:, :, padding[0]:padding[0] + h, padding[1]:padding[1] + w]
    np.testing.assert_allclose(x.grad.array, inside, atol=1e-12)
    np.testing.assert_allclose(weight.grad.array, dw, atol=1e-12)
    np.testing.assert_allclose(bias.grad.array, g.sum((0, 2, 3)), atol=1e-12)


@few
@given(st.data(), PAIRS, st.none() | PAIRS, st.sampled_from(["max", "mean"]), st.booleans())
def test_pools(data, kernel, stride, name, whole):
    n, c, h, w = (data.draw(st.integers(1, top)) for top in (2, 2, 6, 6))
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    assume(all(s + 2 * p >= k for s, p, k in zip((h, w), padding, kernel, strict=True)))
    a = array(data.draw, (n, c, h, w))
    a = np.round(a) if whole else a  # with ties
    x = tensor(a)
    out = (F.max_pool2d if name == "max" else F.avg_pool2d)(x, kernel, stride, padding)
    stride = stride or kernel
    oh, ow = (size(*args) for args in zip((h, w), kernel, stride, padding, strict=True))
    assert out.shape == (n, c, oh, ow)
    g = np.cos(np.arange(out.array.size)).reshape(out.shape)
    out.backward(g)
    padded, places = windows(a, kernel, stride, padding, -np.inf if name == "max" else 0)
    dx = np.zeros_like(padded)
    for i, j, rows, columns in places:
        window = padded[:, :, rows, columns]
        np.testing.assert_allclose(out.array[:, :, i, j], getattr(window, name)((2, 3)))
        flat = window.reshape(n, c, -1)
        first = np.eye(flat.shape[2])[flat.argmax(2)] if name == "max" else (
            np.full(flat.shape, 1 / flat.shape[2]))
        dx[:, :, rows, columns] += (g[:, :, i, j, None] * first).reshape(n, c, *kernel)
    inside = dx[:, :, padding[0]:padding[0] + h, padding[1]:padding[1] + w]
    np.testing.assert_allclose(x.grad.array, inside, atol=1e-12)


@few
@given(arrays.arrays(np.float32, arrays.array_shapes(min_dims=2, max_dims=2), elements=NUMBERS))
def test_softmax_is_a_distribution_and_cross_entropy_its_logarithm(x):
    p = F.softmax(Tensor(x), 1).array
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-5)
    assert (p > 0).all()
    labels = np.arange(len(x)) % x.shape[1]
    losses = F.cross_entropy(Tensor(x), labels, reduction="none").array
    np.testing.assert_allclose(losses, -np.log(p[np.arange(len(x)), labels]), rtol=1e-3, atol=1e-5)
