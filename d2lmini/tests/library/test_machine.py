"""Threads and memory: pieces give what the whole gives, and NumPy's own threads are left alone."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from d2lmini.backend import fast as kernels
from d2lmini.backend import threads as machine

BLAS = (machine._find_blas() or [None])[0]


def test_each_does_every_piece_once_whatever_fails_or_nests():
    count = np.zeros(500, int)

    def work(i):
        count[i] += 1
        machine.each(lambda j: None, 3)

    for _ in range(50):
        machine.each(work, 500)
    assert (count == 50).all()

    def bad(i):
        if i == 7:
            raise ValueError("piece 7")

    with pytest.raises(ValueError, match="piece 7"):
        machine.each(bad, 500)
    machine.each(work, 500)
    assert (count == 51).all()


@pytest.mark.skipif(BLAS is None, reason="this NumPy has no OpenBLAS of its own")
def test_blas_has_its_threads_back_afterwards_and_one_meanwhile():
    get, put = BLAS
    before, seen = get(), []
    put(2)
    try:
        machine.each(lambda i: seen.append(get()), 4)
        with pytest.raises(ZeroDivisionError):
            machine.each(lambda i: 1 / 0, 4)
        assert get() == 2 and seen == [1] * 4
    finally:
        put(before)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0), (2, 1, 3, 0)])
def test_spread_equals_the_whole_and_keeps_the_order_in_memory(order):
    x = np.random.default_rng(0).standard_normal((13, 8, 26, 32)).astype(np.float32)
    x = np.ascontiguousarray(x).transpose(order)
    out = machine.spread(lambda a, b, out=None: np.multiply(a, b > 0, out=out), x, x)
    assert out.strides == x.strides and out.dtype == x.dtype
    np.testing.assert_array_equal(out, x * (x > 0))


def test_in_place_reaches_every_element_once():
    p, g = np.zeros((500, 301), np.float32), np.ones((500, 301), np.float32)

    def update(p, g):
        p += g

    machine.in_place(update, p, g)
    machine.in_place(update, p.T, g.T)  # not contiguous: as a whole
    assert (p == 2).all()


@pytest.mark.parametrize(("m", "k", "n"), [(3, 4, 5), (128, 784, 512), (512, 128, 784),
                                           (1, 9, 40000), (40000, 9, 1), (300, 300, 3)])
def test_product_is_the_matrix_product(m, k, n):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((m, k)), rng.standard_normal((n, k)).T
    np.testing.assert_allclose(machine.product(a, b), a @ b, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("m", "k", "n"), [
    (256, 784, 10), (10, 256, 784), (5000, 9, 32), (1, 90, 70000), (700, 300, 10),
    (10, 70000, 784), (0, 9, 32), (3, 0, 4)])
def test_a_narrow_product_in_blocks_is_the_matrix_product(m, k, n, monkeypatch):
    machine.each(lambda i: None, 1)
    rng, out = np.random.default_rng(0), {}
    a, b = rng.standard_normal((k, m)).T, rng.standard_normal((n, k)).T
    for kernel in b"SkylakeX", b"Haswell":
        monkeypatch.setattr(machine._team, "kernel", kernel)
        out[kernel] = np.full((m, n), np.nan)
        machine.multiply(a, b, out[kernel])
        np.testing.assert_allclose(out[kernel], a @ b, rtol=1e-9, atol=1e-9)


TRAIN = """
import hashlib, numpy as np, d2lmini as d2l
from d2lmini import nn, optim, functional as F
d2l.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3),
                    nn.ReLU(), nn.Flatten(), nn.Linear(32 * 11 * 11, 100), nn.ReLU(),
                    nn.Linear(100, 10))
step, x = optim.Adam(net.parameters()), d2l.randn(64, 1, 28, 28)
for _ in range(5):
    loss = F.cross_entropy(net(x), np.arange(64) % 10)
    step.zero_grad(); loss.backward(); step.step()
print(hashlib.sha256(b"".join(p.data.tobytes() for p in net.parameters())).hexdigest())
"""


def test_results_do_not_depend_on_the_number_of_threads():
    settings = [{"D2LMINI_THREADS": "1"}, {"D2LMINI_THREADS": "3"}, {"OPENBLAS_NUM_THREADS": "1"},
                {"D2LMINI_MALLOC": "0"}]
    prints = {subprocess.run([sys.executable, "-c", TRAIN], env=os.environ | setting, check=True,
                             capture_output=True, text=True).stdout for setting in settings}
    assert len(prints) == 1 or BLAS is None
    assert all(len(p.strip()) == hashlib.sha256().digest_size * 2 for p in prints)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside threads: that is the point
def test_a_forked_child_gets_threads_of_its_own():
    machine.each(lambda i: None, 8)
    child = os.fork()
    if child == 0:
        done = []
        machine.each(done.append, 8)
        os._exit(0 if sorted(done) == list(range(8)) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_environment_chooses_the_number_of_threads(monkeypatch):
    for name in ("D2LMINI_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(machine, "_quota", lambda: 1)
    assert machine.thread_count() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    assert machine.thread_count() == 5
    monkeypatch.setenv("D2LMINI_THREADS", "2")
    assert machine.thread_count() == 2


@pytest.mark.parametrize(("files", "cores"), [
    ({"cpu.max": "150000 100000\n"}, 2), ({"cpu.max": "max 100000\n"}, 1024),
    ({"cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
    ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1024), ({}, 1024)])
def test_a_container_limits_the_threads(monkeypatch, files, cores):
    def read(path):
        name = path.removeprefix("/sys/fs/cgroup/")
        if name not in files:
            raise FileNotFoundError(path)
        return files[name]

    monkeypatch.setattr(machine, "_read", read)
    assert machine._quota() == cores


def test_fast_kernels_equal_the_plain_ones():
    rng = np.random.default_rng(0)
    for _ in range(60):
        n, c, out, kh, kw, sh, sw = (int(v) for v in rng.integers(1, 5, 7))
        h, w = kh + int(rng.integers(0, 9)), kw + int(rng.integers(0, 9))
        x, weight = rng.standard_normal((n, c, h, w)), rng.standard_normal((out, c, kh, kw))
        oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
        rows = kernels.unfold_rows(x, (oh, ow), (kh, kw), (sh, sw))
        fast = kernels.conv2d(rows, weight, None, ow)
        np.testing.assert_allclose(fast, kernels.plain_conv2d(x, weight, (sh, sw)), atol=1e-9)
        g = rng.standard_normal(fast.shape)
        dx, dw = kernels.plain_conv2d_grads(x, weight, g, (sh, sw))
        np.testing.assert_allclose(
            kernels.conv2d_input_grad(g, weight, x.shape, (sh, sw)), dx, atol=1e-9)
        fast_dw, db = kernels.conv2d_weight_grad(rows, g, weight.shape)
        np.testing.assert_allclose(fast_dw, dw, atol=1e-9)
        np.testing.assert_allclose(db, g.sum(axis=(0, 2, 3)), atol=1e-9)


def test_fast_max_pooling_equals_the_plain_one_with_ties():
    rng = np.random.default_rng(0)
    for _ in range(60):
        n, c, kh, kw = (int(v) for v in rng.integers(1, 5, 4))
        shape = n, c, kh + int(rng.integers(0, 9)), kw + int(rng.integers(0, 9))
        x = rng.integers(0, 3, shape).astype(float)  # few values: many ties
        best, winner = kernels.plain_max_pool2d(x, (kh, kw), (kh, kw))
        out, winners = kernels.max_pool2d(x, (kh, kw))
        np.testing.assert_array_equal(out, best)
        g, dx = rng.standard_normal(best.shape), np.zeros_like(x)
        for i in np.ndindex(best.shape):
            k, l = divmod(winner[i], kw)
            dx[i[0], i[1], i[2] * kh + k, i[3] * kw + l] = g[i]
        np.testing.assert_array_equal(
            kernels.max_pool2d_grad(g, winners, x.shape, (kh, kw)), dx)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_gradient_of_relu_read_from_bits_equals_the_plain_one(dtype):
    rng, tiny = np.random.default_rng(0), np.finfo(dtype).smallest_subnormal
    x = rng.standard_normal((3, 50)).astype(dtype)
    x[0, :8] = 0.0, -0.0, tiny, -tiny, np.inf, -np.inf, 1, np.finfo(dtype).max
    y, g = np.maximum(x, 0), rng.standard_normal(x.shape).astype(dtype)
    y[1, 0] = -0.0  # whatever maximum makes of it
    for y_, g_ in ((y, g), (y.T, g.T), (y[:, ::2], g[:, ::2]), (y, np.broadcast_to(g[:1], g.shape)),
                   (y[0, 2, None][0:1].reshape(()), g[0, 2, None].reshape(()))):
        np.testing.assert_array_equal(kernels.relu_grad(g_, y_), g_ * (y_ > 0))
        out = np.empty_like(y_)
        np.testing.assert_array_equal(kernels.relu_grad(g_, y_, out=out), out)
        np.testing.assert_array_equal(out, g_ * (y_ > 0))


def test_the_gradient_of_relu_is_zero_where_nothing_came_through_even_if_it_is_infinite():
    g = np.array([np.inf, np.nan, -np.inf], np.float32)
    np.testing.assert_array_equal(kernels.relu_grad(g, np.zeros(3, np.float32)), 0)
