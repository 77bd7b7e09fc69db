"""The backend: fast gives what plain defines, and the thread pool serves and disturbs nobody."""

import ctypes
import glob
import hashlib
import inspect
import os
import subprocess
import sys
import threading
import time
import types
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lmini.backend import fast, plain, pooling, threads

OPENBLAS = threads.find_blas()
needs_openblas = pytest.mark.skipif(OPENBLAS is None, reason="this NumPy brings no OpenBLAS")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
FLOATS = np.float32, np.float64


def python(code: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], env=os.environ | environment,
                          capture_output=True, text=True, timeout=120)


# --- fast gives what plain defines ---

# The same numbers, each time in another order in memory.
LAYOUTS = {
    "row by row": np.ascontiguousarray,
    "images last": lambda x: np.ascontiguousarray(x.T).T,
    "as convolution leaves it": lambda x: fast.from_hcwn(fast.to_hcwn(x)),
    "backwards": lambda x: np.ascontiguousarray(x[..., ::-1])[..., ::-1],
    "every second": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "read-only": lambda x: np.broadcast_to(x, (1, *x.shape))[0],
}


@st.composite
def arrays(draw, shape: tuple, dtypes=FLOATS, least=-3, most=3) -> np.ndarray:
    """Small whole numbers as floats: then every sum is exact, in whatever order it is made."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.integers(least, most, shape, endpoint=True).astype(draw(st.sampled_from(dtypes)))
    if x.ndim != 4:
        return draw(st.sampled_from([np.ascontiguousarray, np.asfortranarray]))(x)
    return draw(st.sampled_from(list(LAYOUTS.values())))(x)


@st.composite
def geometry(draw) -> tuple:
    """The shape (n, c, h, w) of images, a kernel that fits into them, a stride, (oh, ow)."""
    n, c = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(st.one_of(st.just(kernel), st.tuples(st.integers(1, 4), st.integers(1, 4))))
    size = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    left = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))  # rows and columns never seen
    h, w = ((o - 1) * s + k + min(e, s - 1)
            for o, s, k, e in zip(size, stride, kernel, left))
    return (n, c, h, w), kernel, stride, size


def same(fast_result, plain_result) -> None:
    """Equal in shape, dtype and every number."""
    assert fast_result.dtype == plain_result.dtype
    np.testing.assert_array_equal(fast_result, plain_result, strict=True)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_convolution_is_the_plain_one(data):
    shape, kernel, stride, size = data.draw(geometry())
    out = data.draw(st.integers(1, 3))
    x, weight = data.draw(arrays(shape)), data.draw(arrays((out, shape[1], *kernel)))
    bias = data.draw(st.one_of(st.none(), arrays((out,))))
    if bias is not None:  # no wider than the result
        bias = bias.astype(x.dtype)
    y, seen = plain.conv2d(x, weight, bias, stride)
    fast_y, fast_seen = fast.conv2d(x, weight, bias, stride)
    same(fast_y, y)
    assert y.shape == (shape[0], out, *size)
    g = data.draw(arrays(y.shape))
    same(fast.conv2d_input_grad(g, weight, shape, stride),
         plain.conv2d_input_grad(g, weight, shape, stride))
    same(fast.conv2d_weight_grad(g, fast_seen, weight.shape, stride),
         plain.conv2d_weight_grad(g, seen, weight.shape, stride))
    same(fast.conv2d_bias_grad(g), plain.conv2d_bias_grad(g))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_max_pooling_is_the_plain_one(data):
    shape, kernel, stride, size = data.draw(geometry())
    x = data.draw(arrays(shape, (*FLOATS, np.int64, np.uint8), least=0, most=2))  # many ties
    out, winners = plain.max_pool2d(x, kernel, stride)
    fast_out, fast_winners = fast.max_pool2d(x, kernel, stride)
    same(fast_out, out)
    assert out.shape == (*shape[:2], *size)
    for module in plain, fast:
        without, nothing = module.max_pool2d(x, kernel, stride, keep=False)
        assert nothing is None
        same(without, out)
    g = data.draw(arrays(out.shape))
    dx = plain.max_pool2d_grad(g, winners, shape, kernel, stride)
    same(fast.max_pool2d_grad(g, fast_winners, shape, kernel, stride), dx)
    assert dx.sum() == g.sum()  # each window's gradient arrives, once


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_average_pooling_is_the_plain_one(data):
    shape, kernel, stride, size = data.draw(geometry())
    x = data.draw(arrays(shape, (*FLOATS, np.int64, np.uint8), least=0, most=200))
    before, out = x.copy(), plain.avg_pool2d(x, kernel, stride)
    fast_out = fast.avg_pool2d(x, kernel, stride)
    same(fast_out, out)
    assert out.shape == (*shape[:2], *size) and not np.shares_memory(fast_out, x)
    np.testing.assert_array_equal(x, before)
    g = data.draw(arrays(out.shape))
    before, dx = g.copy(), plain.avg_pool2d_grad(g, shape, kernel, stride)
    fast_dx = fast.avg_pool2d_grad(g, shape, kernel, stride)
    np.testing.assert_allclose(fast_dx, dx, rtol=1e-5, atol=1e-6, strict=True)
    assert not np.shares_memory(fast_dx, g)
    np.testing.assert_array_equal(g, before)


@pytest.mark.parametrize("module", [plain, fast])
def test_the_gradient_of_a_window_of_minus_infinity_stays_in_the_image(module):
    x = np.full((1, 1, 2, 5), -np.inf)
    x[..., 4] = 1.0
    x = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=-np.inf)  # (1, 1, 4, 7)
    out, winners = module.max_pool2d(x, (2, 2), (2, 2))
    np.testing.assert_array_equal(out[0, 0], [[-np.inf, -np.inf, 1]] * 2)
    g = np.array([[[[1.0, 2, 3], [4, 5, 6]]]])
    dx = module.max_pool2d_grad(g, winners, x.shape, (2, 2), (2, 2), padding=(1, 1))
    expected = np.zeros((4, 7))
    expected[1:3, 1:6] = [[1, 2, 0, 0, 3], [4, 5, 0, 0, 6]]
    np.testing.assert_array_equal(dx[0, 0], expected)
    torch = pytest.importorskip("torch")
    image = torch.tensor(x[..., 1:3, 1:6], requires_grad=True)
    torch.nn.functional.max_pool2d(image, 2, padding=1).backward(torch.tensor(g))
    np.testing.assert_array_equal(image.grad[0, 0], expected[1:3, 1:6])


@pytest.mark.parametrize("padding", [(0, 1), (1, 0), (2, 1)])
def test_what_fell_on_the_padding_moves_to_the_nearest_pixel(padding):
    (p, q), rng = padding, np.random.default_rng(0)
    dx = rng.random((2, 3, 2 + 2 * p, 1 + 2 * q))
    expected = np.zeros_like(dx)
    for n, c, i, j in np.ndindex(dx.shape):
        expected[n, c, min(max(i, p), p + 1), q] += dx[n, c, i, j]
    np.testing.assert_allclose(plain.fold_padding(dx, padding), expected)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_pooling_sends_an_infinite_gradient_to_one_pixel_and_zeros_to_the_others(value):
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    for module in plain, fast:
        out, winners = module.max_pool2d(x, (2, 2), (2, 2))
        dx = module.max_pool2d_grad(np.full_like(out, value), winners, x.shape, (2, 2), (2, 2))
        np.testing.assert_array_equal(dx[0, 0, 1::2, 1::2], value)
        assert np.count_nonzero(dx) == 4


RANKS = [((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((3, 4), (4, 5)), ((2, 3, 4), (4, 5)),
         ((3, 4), (2, 4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (6, 4, 5)), ((0, 4), (4, 5)),
         ((3, 0), (0, 5)), ((2, 3, 0), (0, 5)), ((0, 3, 4), (4, 5)), ((2, 0, 4), (4, 5)),
         ((40, 50), (50, 60)), ((4, 40, 50), (50, 60)), ((300, 40), (40, 300)),
         ((40, 300), (300, 300)), ((3, 2000), (2000, 400)), ((300, 300), (300, 300))]


@pytest.mark.parametrize("dtype", [*FLOATS, np.int64, np.bool_])
@pytest.mark.parametrize(("a", "b"), RANKS)
def test_matmul_is_the_product_for_all_ranks(a, b, dtype):
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 3, shape).astype(dtype) for shape in (a, b))
    for a_, b_ in (a, b), (np.asfortranarray(a), b), (a, np.asfortranarray(b)):
        np.testing.assert_array_equal(fast.matmul(a_, b_), a @ b)
        assert fast.matmul(a_, b_).dtype == dtype
    same(plain.matmul(a, b), a @ b)
    if dtype == np.float32:
        assert fast.matmul(a, b.astype(np.float64)).dtype == np.float64


@pytest.mark.parametrize(("a", "b"), [((3, 4), (5, 6)), ((300, 40), (50, 300)), ((2, 3, 4), (5, 6)),
                                      ((3, 4), (2, 5, 6)), ((), (3,))])
def test_matmul_refuses_what_does_not_fit(a, b):
    for module in plain, fast:
        with pytest.raises(ValueError, match="matmul"):
            module.matmul(np.ones(a), np.ones(b))


@needs_openblas
@pytest.mark.parametrize("kernel", ["SkylakeX", "Haswell"])
@pytest.mark.parametrize(("m", "k", "n"), [
    (256, 784, 10), (10, 256, 784), (5000, 9, 32), (1, 90, 70000), (700, 300, 10),
    (10, 7000, 784), (0, 9, 32), (3, 0, 4), (17, 700, 120), (90_000, 1, 17), (16, 700, 784)])
def test_a_narrow_product_in_blocks_is_the_product(m, k, n, kernel, monkeypatch):
    monkeypatch.setattr(threads.get_pool().blas, "kernel", kernel)
    rng = np.random.default_rng(0)
    a, b = (rng.integers(-3, 4, s).astype(np.float32).T for s in ((k, m), (n, k)))
    out = np.full((m, n), np.nan, np.float32)
    fast.multiply(a, b, out)
    np.testing.assert_array_equal(out, a @ b)


def test_every_product_of_two_matrices_goes_through_multiply(monkeypatch):
    rng, shapes = np.random.default_rng(0), []

    def multiply(a, b, out):
        shapes.append((*a.shape, b.shape[1]))
        np.matmul(a, b, out=out)

    monkeypatch.setattr(fast, "multiply", multiply)
    x, weight = rng.random((2, 3, 5, 6)), rng.random((4, 3, 2, 3))
    y, seen = fast.conv2d(x, weight, None, (1, 1))
    assert shapes == [(4, 18, 8)] * 4 and not shapes.clear()
    fast.conv2d_weight_grad(y, seen, weight.shape, (1, 1))
    assert shapes == [(18, 8, 4)] * 4 and not shapes.clear()
    fast.conv2d_input_grad(y, weight, x.shape, (1, 1))
    assert sorted(shapes) == [(9, 4, 8)] * 2 + [(9, 8, 8)] * 3 and not shapes.clear()
    fast.matmul(rng.random((40, 50)), rng.random((50, 60)))
    assert shapes == [(40, 50, 60)]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_sum_is_the_plain_one(data):
    shape = tuple(data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=4)))
    x = data.draw(arrays(shape, (*FLOATS, np.int64, np.uint8, np.bool_), least=0, most=200))
    axes = tuple(data.draw(st.sets(st.integers(0, len(shape) - 1))))
    keepdims = data.draw(st.booleans())
    assert axes or x.ndim
    result = fast.sum(x, axes, keepdims)
    same(np.asarray(result), np.asarray(plain.sum(x, axes, keepdims)))
    assert result.dtype == (x.dtype if x.dtype.kind == "f" else np.int64)


@pytest.mark.parametrize(("shape", "axes", "count"), [
    ((70_000, 3), (0,), 70_000), ((3, 70_000), (1,), 70_000), ((300, 3, 300), (0, 2), 90_000),
    ((300, 300, 3), (0, 1), 90_000), ((4096, 2), (0,), 4096), ((70_000,), (0,), 70_000)])
def test_sums_of_many_rows_are_exact_to_the_last_digit(shape, axes, count):
    x = np.full(shape, 0.1, np.float32)
    for module in plain, fast:
        for layout in np.ascontiguousarray, np.asfortranarray:
            total = module.sum(layout(x), axes)
            np.testing.assert_allclose(total, count * float(np.float32(0.1)), rtol=3e-7)
        assert module.sum(np.full(100_000, 255, np.uint8), (0,)) == 25_500_000


@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (3, 500)])
def test_the_largest_of_each_row_is_the_plain_one(shape):
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    x[0, 0] = np.nan
    for rows in x, np.asfortranarray(x), x[:, ::-1]:
        same(fast.row_max(rows), plain.row_max(rows))
    assert plain.row_max(np.array([[1.0, 3.0], [5.0, 2.0]])).tolist() == [[3.0], [5.0]]


def test_plain_relu_and_its_gradient():
    x = np.array([-2.0, -0.0, 0.0, 3.0, np.inf, -np.inf, np.nan], np.float32)
    out = plain.relu(x)
    same(out, np.array([0, 0, 0, 3, np.inf, 0, np.nan], np.float32))
    g = np.array([1, np.inf, np.nan, 2, 3, 4, 5], np.float32)
    same(plain.relu_grad(g, out), np.array([0, 0, 0, 2, 3, 0, 5], np.float32))  # nan passes


@pytest.mark.parametrize("dtype", [np.float16, *FLOATS, np.int64])
@pytest.mark.parametrize("shape", [(), (0, 3), (3, 50), (64, 64), (4, 8, 9, 1000)])
def test_relu_and_its_gradient_are_the_plain_ones(shape, dtype):
    rng = np.random.default_rng(0)
    x = rng.integers(-3, 4, shape).astype(dtype)
    if x.dtype.kind == "f" and x.ndim == 2 and x.size:
        tiny = np.finfo(dtype).smallest_subnormal
        x[0, :8] = 0.0, -0.0, tiny, -tiny, np.inf, -np.inf, 1, np.finfo(dtype).max
    y, g = plain.relu(x), rng.integers(-3, 4, shape).astype(dtype)
    same(fast.relu(x), y)
    if x.ndim == 2 and x.size:
        y[1, 0] = -0.0  # whatever maximum makes of it
        if x.dtype.kind == "f":
            y[1, 1:3] = np.nan, -np.nan
    if g.dtype.kind == "f" and x.ndim:
        g[..., ::7] = np.inf
    pairs = [(g, y), (g.T, y.T), (g, y.copy(order="F")), (g, y.astype(np.float64)),
             (np.broadcast_to(g[:1], g.shape) if g.ndim else g, y)]
    for g_, y_ in pairs + ([(g[..., ::2], y[..., ::2])] if g.ndim else []):
        before = g_.copy(), y_.copy()
        same(fast.relu_grad(g_, y_), plain.relu_grad(g_, y_))
        same(g_, before[0])
        same(y_, before[1])


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0), (2, 1, 3, 0)])
def test_elementwise_in_pieces_keeps_the_order_in_memory(order):
    x = np.random.default_rng(0).standard_normal((13, 8, 52, 64)).astype(np.float32)
    x, pieces = x.transpose(order), []

    def f(a, b, out=None):
        pieces.append(a.size)
        return np.multiply(a, b > 0, out=out)

    out = fast.elementwise(f, x, x)
    assert out.strides == x.strides and out.dtype == x.dtype
    np.testing.assert_array_equal(out, x * (x > 0))
    assert len(pieces) == 2 and sum(pieces) == x.size
    fast.elementwise(f, x[:4, :4], x[:4, :4])  # small: as a whole
    assert len(pieces) == 3


@pytest.mark.parametrize(("shape", "pieces"), [((262_143,), 1), ((262_144,), 2), ((1, 300_000), 1),
                                               ((400_000,), 3), ((5_000_000,), 16)])
def test_elementwise_cuts_large_arrays_only(shape, pieces, monkeypatch):
    seen = []
    monkeypatch.setattr(fast, "parallel_for", lambda work, n: [work(i) for i in range(n)])
    fast.elementwise(lambda x, out=None: seen.append(x.size), np.zeros(shape, np.int8))
    assert len(seen) == pieces and sum(seen) == np.prod(shape)
    assert max(seen) - min(seen) <= 1


# --- the choice of the backend ---


def test_fast_and_plain_have_the_same_names_and_signatures():
    assert plain.__all__ == fast.__all__ == sorted(plain.__all__)
    for name in plain.__all__:
        slow, quick = getattr(plain, name), getattr(fast, name)
        assert slow is not quick, name
        parameters = [[(p.name, p.default) for p in inspect.signature(f).parameters.values()]
                      for f in (slow, quick)]
        assert parameters[0] == parameters[1], name


@pytest.mark.parametrize(("choice", "module"), [("plain", "plain"), ("fast", "fast"),
                                                (None, "fast")])
def test_the_environment_chooses_the_backend(choice, module, monkeypatch):
    monkeypatch.delenv("D2LMINI_BACKEND", raising=False)
    code = ("from d2lmini import backend\n"
            f"from d2lmini.backend import {module} as chosen\n"
            "print(all(getattr(backend, name) is getattr(chosen, name) "
            "for name in backend.__all__))")
    done = python(code, **({"D2LMINI_BACKEND": choice} if choice else {}))
    assert done.stdout == "True\n", done.stderr


def test_another_backend_is_refused_in_a_sentence():
    done = python("import d2lmini.backend", D2LMINI_BACKEND="quick")
    assert done.returncode and done.stderr.endswith(
        'ValueError: D2LMINI_BACKEND=\'quick\': choose "fast" (the default) or "plain".\n')


def test_nothing_starts_at_import_nor_for_small_operators():
    code = """
import threading
import numpy as np
from d2lmini import backend
from d2lmini.backend import threads
a = np.ones((50, 50))
backend.matmul(a, a), backend.sum(a, (0,)), backend.relu_grad(a, backend.relu(a))
assert threads._pool is None and threading.active_count() == 1
"""
    done = python(code)
    assert done.returncode == 0, done.stderr


# --- the thread pool ---


@pytest.fixture
def pool(monkeypatch):
    """A new pool of three threads, made when it is first used."""
    monkeypatch.setenv("D2LMINI_THREADS", "3")
    monkeypatch.setattr(threads, "_pool", None)


@pytest.fixture
def three(pool, monkeypatch):
    """A pool of three threads also where NumPy brings no OpenBLAS."""
    monkeypatch.setattr(threads, "find_blas", lambda: types.SimpleNamespace(
        get_threads=lambda: 2, set_threads=lambda n: None, kernel="Haswell"))


def test_each_piece_is_done_once_also_from_within_a_piece(three):
    count, inner = np.zeros(500, int), []

    def work(i):
        count[i] += 1
        threads.parallel_for(lambda j: inner.append((i, j)), 3)

    for _ in range(20):
        threads.parallel_for(work, 500)
    assert (count == 20).all()
    assert sorted(inner) == sorted([(i, j) for i in range(500) for j in range(3)] * 20)
    threads.parallel_for(work, 0)
    threads.parallel_for(work, 1)
    assert count[0] == 21 and count[1] == 20


def test_three_threads_work_at_once(three):
    meeting, names = threading.Barrier(3, timeout=15), set()

    def work(i):
        meeting.wait()  # comes back only if all three pieces are at work
        names.add(threading.current_thread().name + str(threading.get_ident()))

    threads.parallel_for(work, 3)
    threads.parallel_for(work, 3)
    assert len(names) == 3 and sum(name.startswith("d2lmini") for name in names) == 2
    assert threads.get_pool().size == 3
    assert threading.current_thread().daemon is False
    assert all(t.daemon for t in threading.enumerate() if t.name == "d2lmini")


def test_no_more_threads_than_pieces(three):
    meeting, busy = threading.Barrier(2, timeout=15), []
    pool = threads.get_pool()
    jobs = pool.jobs
    pool.jobs = types.SimpleNamespace(
        get=jobs.get, put=lambda job: (busy.append(job), jobs.put(job)))
    threads.parallel_for(lambda i: meeting.wait(), 2)
    assert len(busy) == 1
    threads.parallel_for(lambda i: None, 1)  # nobody else is woken
    assert len(busy) == 1
    threads.parallel_for(lambda i: None, 50)
    assert len(busy) == 3


def test_the_caller_works_from_the_front_and_workers_from_the_back(three):
    meeting, mine, theirs = threading.Barrier(3, timeout=15), [], []

    def work(i):
        (theirs if threading.current_thread().name == "d2lmini" else mine).append(i)
        if len(mine) + len(theirs) <= 3 and i in (0, 8, 9):
            meeting.wait()

    threads.parallel_for(work, 10)
    assert mine[0] == 0 and sorted(theirs[:2]) == [8, 9]
    assert mine == sorted(mine) and sorted(mine + theirs) == list(range(10))


@pytest.mark.parametrize("where", ["caller", "worker"])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_of_a_piece_ends_the_job_and_is_raised(three, where, error):
    done = []

    def work(i):
        at_work = threading.current_thread().name == "d2lmini"
        if at_work == (where == "worker"):
            raise error(f"piece {i}")
        time.sleep(0.01)
        done.append(i)

    with pytest.raises(error, match="piece"):
        threads.parallel_for(work, 300)
    assert len(done) < 20  # nobody began another one
    again = []
    threads.parallel_for(again.append, 300)  # the pool is still there
    assert sorted(again) == list(range(300))


def test_an_exception_stops_the_pieces_of_one_thread(monkeypatch):
    monkeypatch.setenv("D2LMINI_THREADS", "1")
    monkeypatch.setattr(threads, "_pool", None)
    done = []

    def work(i):
        if i == 2:
            raise ValueError("piece 2")
        done.append(i)

    with pytest.raises(ValueError, match="piece 2"):
        threads.parallel_for(work, 5)
    assert done == [0, 1] and threads.get_pool().size == 1


@needs_openblas
@pytest.mark.parametrize("n", [1, 4])
def test_blas_has_one_thread_meanwhile_and_its_threads_back_afterwards(pool, n):
    blas = OPENBLAS
    before, seen = blas.get_threads(), []

    def work(i):
        seen.append(blas.get_threads())
        if i == n - 1:
            raise ZeroDivisionError

    blas.set_threads(2)
    try:
        threads.parallel_for(lambda i: seen.append(blas.get_threads()), n)
        assert seen == [1] * n and blas.get_threads() == 2
        with pytest.raises(ZeroDivisionError):
            threads.parallel_for(work, n)
        assert set(seen) == {1} and blas.get_threads() == 2
        threads.parallel_for(lambda i: threads.parallel_for(lambda j: None, 2), n)
        assert blas.get_threads() == 2
    finally:
        blas.set_threads(before)


def test_without_openblas_no_thread_is_started_and_products_stay_whole(pool, monkeypatch):
    monkeypatch.setattr(threads, "find_blas", lambda: None)
    calls, before = [], threading.active_count()
    monkeypatch.setattr(fast, "parallel_for", lambda *job: calls.append(job))
    a = np.ones((512, 512), np.float32)
    assert (fast.matmul(a, a) == 512).all() and not calls
    assert not fast.has_avx512()
    done = []
    threads.parallel_for(done.append, 4)
    assert done == [0, 1, 2, 3]  # one after the other, on this thread
    assert threads.get_pool().size == 1 and threading.active_count() == before


@pytest.mark.parametrize(("m", "k", "n", "pieces"), [
    (64, 64, 64, [(64, 64, 64)]), (63, 64, 65, []), (100, 784, 10, [(100, 784, 10)]),
    (128, 128, 128, [(64, 128, 128)] * 2), (127, 128, 128, [(127, 128, 128)]),
    (256, 64, 512, [(128, 64, 512)] * 2), (255, 64, 512, [(255, 64, 256)] * 2),
    (200, 300, 100, [(100, 300, 100)] * 2), (200, 300, 400, [(200, 300, 200)] * 2),
    (512, 1024, 512, [(128, 1024, 512)] * 4), (511, 1024, 512, [(255, 1024, 512),
                                                                (256, 1024, 512)]),
    (3, 1000, 1001, [(3, 1000, 500), (3, 1000, 501)])])
def test_products_are_cut_by_their_size_and_only_large_ones(m, k, n, pieces, three, monkeypatch):
    seen, jobs, multiply = [], [], fast.multiply

    def record(a, b, out):
        seen.append((*a.shape, b.shape[1]))
        multiply(a, b, out)

    def parallel_for(work, pieces):
        jobs.append(pieces)
        threads.parallel_for(work, pieces)

    monkeypatch.setattr(fast, "multiply", record)
    monkeypatch.setattr(fast, "parallel_for", parallel_for)
    a = np.ones((m, k), np.float32)
    out = fast.matmul(a, np.ones((k, n), np.float32))
    assert (out == k).all()
    assert sorted(seen) == (pieces or [(m, k, n)]) and jobs == ([len(pieces)] if pieces else [])
    assert all(a.flags.c_contiguous for a in (out,))


def test_integers_are_multiplied_on_this_thread(three, monkeypatch):
    monkeypatch.setattr(fast, "parallel_for", lambda *job: pytest.fail("cut"))
    a = np.ones((130, 130), np.int64)
    assert (fast.matmul(a, a) == 130).all()


@pytest.mark.parametrize("call", [
    lambda x, g: fast.conv2d(x, np.ones((4, 3, 2, 2), np.float32), None, (1, 1)),
    lambda x, g: fast.conv2d_input_grad(g, np.ones((4, 3, 2, 2), np.float32), x.shape, (1, 1)),
    lambda x, g: fast.conv2d_bias_grad(fast.from_hcwn(fast.to_hcwn(g))),
    lambda x, g: fast.max_pool2d(x, (2, 2), (1, 1)),
    lambda x, g: fast.relu(np.ones(300_000, np.float32)),
    lambda x, g: fast.relu_grad(*[np.ones(300_000, np.float32)] * 2),
    lambda x, g: fast.matmul(*[np.ones((300, 300), np.float32)] * 2)])
def test_large_operators_use_several_threads(call, monkeypatch):
    pieces = []

    def parallel_for(work, n):
        pieces.append(n)
        for i in range(n):
            work(i)

    for module in (fast, pooling):
        monkeypatch.setattr(module, "parallel_for", parallel_for)
    call(np.ones((2, 3, 6, 6), np.float32), np.ones((2, 4, 5, 5), np.float32))
    assert pieces and min(pieces) >= 2


def test_the_first_use_may_come_from_several_threads_at_once(three, monkeypatch):
    made, init = [], threads.ThreadPool.__init__

    def slowly(self):
        made.append(self)
        time.sleep(0.02)
        init(self)

    monkeypatch.setattr(threads.ThreadPool, "__init__", slowly)
    a = np.arange(512.0 * 512).reshape(512, 512) % 7
    expected = a @ a
    start, right = threading.Barrier(4), []

    def use():
        start.wait()
        right.append((fast.matmul(a, a) == expected).all())

    for _ in range(3):
        monkeypatch.setattr(threads, "_pool", None)
        made.clear()
        right.clear()
        users = [threading.Thread(target=use) for _ in range(4)]
        for user in users:
            user.start()
        for user in users:
            user.join()
        assert right == [True] * 4 and len(made) == 1


def test_another_thread_computes_while_the_pool_is_busy(three):
    started, finish, results = threading.Event(), threading.Event(), []

    def busy(i):
        started.set()
        assert finish.wait(30)

    def user():
        threads.parallel_for(busy, 3)

    thread = threading.Thread(target=user)
    thread.start()
    assert started.wait(30)
    threads.parallel_for(results.append, 4)  # does not wait for the other
    assert results == [0, 1, 2, 3]
    finish.set()
    thread.join()
    meeting = threading.Barrier(3, timeout=15)
    threads.parallel_for(lambda i: meeting.wait(), 3)  # all are free again


def test_finished_work_is_not_kept_alive(three):
    class Big:
        pass

    big = Big()
    gone = weakref.ref(big)
    meeting = threading.Barrier(3, timeout=15)
    threads.parallel_for(lambda i, big=big: meeting.wait(), 3)
    del big
    end = time.monotonic() + 10
    while gone() is not None and time.monotonic() < end:
        time.sleep(0.001)
    assert gone() is None


HASHES = """
import hashlib
import numpy as np
from d2lmini import backend
rng, found = np.random.default_rng(0), hashlib.sha256()
def random(*shape):
    return rng.standard_normal(shape).astype(np.float32)
x, weight = random(32, 16, 26, 26), random(32, 16, 3, 3)
y, seen = backend.conv2d(x, weight, random(32), (1, 1))
z, winners = backend.max_pool2d(backend.relu(y), (2, 2), (2, 2))
dy = backend.relu_grad(backend.max_pool2d_grad(z, winners, y.shape, (2, 2), (2, 2)), y)
results = [y, z, dy, backend.conv2d_weight_grad(dy, seen, weight.shape, (1, 1)),
           backend.conv2d_bias_grad(dy), backend.conv2d_input_grad(dy, weight, x.shape, (1, 1))]
for m, k, n in (128, 784, 512), (100, 784, 10), (300, 3000, 300), (512, 128, 784):
    results.append(backend.matmul(random(m, k), random(n, k).T))
for array in results:
    found.update(np.ascontiguousarray(array))
print(found.hexdigest())
"""


@needs_openblas
def test_results_do_not_depend_on_the_number_of_threads():
    settings = [{"D2LMINI_THREADS": "1"}, {"D2LMINI_THREADS": "3"}, {"OPENBLAS_NUM_THREADS": "1"},
                {"D2LMINI_MALLOC": "0", "D2LMINI_THREADS": "2"}]
    runs = [python(HASHES, **setting) for setting in settings]
    assert all(len(run.stdout) == hashlib.sha256().digest_size * 2 + 1 for run in runs), runs
    assert len({run.stdout for run in runs}) == 1


@needs_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside threads: that is the point
@pytest.mark.parametrize("moment", ["afterwards", "within a piece", "while the pool is made"])
def test_a_forked_child_gets_threads_of_its_own(three, moment):
    code, parent = [], os.getpid()

    def fork(i=0):
        if i:
            return
        child = os.fork()
        if child:
            code.append(os.waitpid(child, 0)[1])
            return
        try:
            meeting, done = threading.Barrier(3, timeout=15), []
            threads.parallel_for(lambda i: (meeting.wait(), done.append(i)), 3)
            os._exit(0 if sorted(done) == [0, 1, 2] else 1)
        except BaseException:
            os._exit(2)

    threads.parallel_for(lambda i: None, 8)
    if moment == "afterwards":
        fork()
    elif moment == "within a piece":
        threads.parallel_for(fork, 2)
    else:
        with threads._pool_lock:
            fork()
    assert os.getpid() == parent and code == [0]
    meeting = threading.Barrier(3, timeout=15)
    threads.parallel_for(lambda i: meeting.wait(), 3)  # the parent keeps its own


@pytest.mark.parametrize(("n", "pieces", "ends"), [(10, 2, [0, 5, 10]), (7, 3, [0, 2, 4, 7]),
                                                   (2, 4, [0, 0, 1, 1, 2]), (0, 1, [0, 0])])
def test_pieces_are_of_nearly_equal_length(n, pieces, ends):
    assert threads.chunk_bounds(n, pieces) == ends


# --- how many threads, which BLAS, which memory ---


def test_the_environment_chooses_the_number_of_threads(monkeypatch):
    for name in ("D2LMINI_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(threads, "container_cores", lambda: 1)
    assert threads.thread_count() == 1
    for name, value, count in [("OMP_NUM_THREADS", "5", 5), ("OPENBLAS_NUM_THREADS", "20", 20),
                               ("D2LMINI_THREADS", "2", 2), ("D2LMINI_THREADS", "0", 1),
                               ("D2LMINI_THREADS", "many", 20), ("D2LMINI_THREADS", "", 20)]:
        monkeypatch.setenv(name, value)
        assert threads.thread_count() == count, (name, value)


@pytest.mark.parametrize(("allowed", "machine", "container", "count"), [
    ({0, 3, 5}, 8, 1024, 3), ({0, 3, 5}, 8, 2, 2), (None, 8, 1024, 8), (None, None, 1024, 1),
    (set(range(40)), 40, 1024, 16), (None, 40, 1024, 16), ({7}, 8, 1024, 1)])
def test_otherwise_there_are_as_many_threads_as_cores(
        allowed, machine, container, count, monkeypatch):
    for name in ("D2LMINI_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(threads, "container_cores", lambda: container)
    monkeypatch.setattr(os, "cpu_count", lambda: machine)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    if allowed:
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0: allowed}[pid], raising=False)
    assert threads.thread_count() == count


@pytest.mark.parametrize(("files", "cores"), [
    ({"cpu.max": "150000 100000\n"}, 2), ({"cpu.max": "max 100000\n"}, 1024),
    ({"cpu.max": "400000 100000\n"}, 4), ({"cpu.max": "20000 100000\n"}, 1),
    ({"cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
    ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
    ({"cpu.max": "", "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1024),
    ({}, 1024)])
def test_a_container_limits_the_threads(monkeypatch, files, cores):
    def read(path):
        name = path.removeprefix("/sys/fs/cgroup/")
        if name not in files:
            raise FileNotFoundError(path)
        return files[name]

    monkeypatch.setattr(threads, "_read", read)
    assert threads.container_cores() == cores


def test_a_file_is_read_as_a_whole(tmp_path):
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert threads._read(str(tmp_path / "cpu.max")) == "max 100000\n"


@needs_openblas
def test_numpys_own_openblas_is_found_and_its_threads_are_set():
    before = OPENBLAS.get_threads()
    try:
        for n in (1, 2):
            OPENBLAS.set_threads(n)
            assert threads.find_blas().get_threads() == n
    finally:
        OPENBLAS.set_threads(before)
    assert OPENBLAS.kernel.isalnum()


def test_another_blas_is_not_taken_for_openblas(monkeypatch, tmp_path):
    other = tmp_path / "libopenblas.so"
    other.write_text("no library")
    assert not hasattr(ctypes.CDLL(None), "openblas_get_corename")
    for files in [], [str(other)], [str(other), None], [None]:  # None: this program itself
        monkeypatch.setattr(threads, "blas_files", lambda files=files: files)
        assert threads.find_blas() is None
    real = threads.OpenBLAS
    monkeypatch.setattr(threads, "OpenBLAS", lambda f: "found" if f == "good" else real(f))
    monkeypatch.setattr(threads, "blas_files", lambda: [str(other), "good"])
    assert threads.find_blas() == "found"


@pytest.mark.parametrize("pattern", [
    "scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}"])
def test_openblas_is_known_by_each_of_its_names(pattern, monkeypatch):
    def corename():
        return b"Zen"

    library = types.SimpleNamespace(**{
        pattern.format("get_num_threads"): lambda: 7, pattern.format("get_corename"): corename,
        pattern.format("set_num_threads"): lambda n: n + 1})
    monkeypatch.setattr(ctypes, "CDLL", {"file": library}.get)
    blas = threads.OpenBLAS("file")
    assert (blas.kernel, blas.get_threads(), blas.set_threads(1)) == ("Zen", 7, 2)
    assert corename.restype is ctypes.c_char_p


def test_openblas_is_looked_for_where_wheels_put_it(monkeypatch, tmp_path):
    package = tmp_path / "[site]" / "numpy"
    wanted = [package.with_name("numpy.libs") / "libscipy_openblas64_-1.so",
              package / ".dylibs" / "libopenblas.dylib"]
    others = [wanted[0].with_name("libgfortran.so"), wanted[1].with_name("libm.dylib")]
    for file in wanted + others:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.setattr(np, "__file__", str(package / "__init__.py"))
    assert threads.blas_files() == [str(file) for file in wanted]
    assert glob.escape(str(package)) != str(package)


@pytest.mark.parametrize(("platform", "setting", "calls"), [
    ("linux", None, [(-3, 32 * 2**20), (-1, 512 * 2**20)]), ("linux", "0", []),
    ("linux", "1", [(-3, 32 * 2**20), (-1, 512 * 2**20)]), ("linux, musl", None, []),
    ("darwin", None, [])])
def test_glibc_is_told_to_keep_memory_unless_that_is_unwanted(
        platform, setting, calls, monkeypatch):
    seen = []
    monkeypatch.delenv("D2LMINI_MALLOC", raising=False)
    if setting:
        monkeypatch.setenv("D2LMINI_MALLOC", setting)
    monkeypatch.setattr(sys, "platform", platform.split(",")[0])
    glibc = types.SimpleNamespace(mallopt=lambda *args: seen.append(args))
    monkeypatch.setattr(ctypes, "CDLL", {
        None: types.SimpleNamespace() if "musl" in platform else glibc}.get)
    threads.keep_freed_memory()
    assert seen == calls


FAULTS = """
import resource
import numpy as np
from d2lmini.backend import threads
threads.parallel_for(lambda i: None, 1)
[np.ones(2_000_000) for _ in range(5)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    [np.ones(2_000_000) for _ in range(5)]
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not (sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt")),
                    reason="only glibc gives memory back")
def test_large_arrays_come_without_page_faults_once_the_pool_is_there():
    kept, given_back = (int(python(FAULTS, D2LMINI_MALLOC=m).stdout) for m in "10")
    assert kept < 100 < given_back
