"""What the computer gives: cores for one operator, and memory that need not be asked for twice.

Cores. NumPy lets go of Python's lock while it computes, so plain threads run side by side. BLAS has
threads of its own, but they wait for each other by spinning: beside another busy program that is
ten times slower, and small products gain little. Ours sleep, take the next piece of work when they
are ready, and call a BLAS of one thread. They take from the back and the caller from the front, so
a core often finds its part of an array still in its cache. Pieces do not depend on the number of
threads, so neither do the results. BLAS is set back after each operator: NumPy code outside d2lmini
keeps its threads.
D2LMINI_THREADS chooses the number (otherwise OPENBLAS_NUM_THREADS or OMP_NUM_THREADS, otherwise the
cores that this process may use).

Memory. Training frees and asks for the same large arrays again and again. glibc hands them back to
Linux each time, and every page is then fetched and cleared anew. `_keep_memory` tells it to keep up
to 512 MB, for the whole process; D2LMINI_MALLOC=0 leaves glibc as it is.

A learner may skip this file, and read on in tensor.py.
"""

from __future__ import annotations

import ctypes
import math
import os
import sys
from collections import deque
from collections.abc import Callable

import numpy as np

_PIECE = 1 << 17  # elements: with fewer in a piece, taking turns costs more than it brings
_SMALL = 800_000  # multiplications: OpenBLAS takes up to 1,000,000 for a small product
_AVX512 = b"SkylakeX", b"Cooperlake", b"SapphireRapids"  # as OpenBLAS calls the processors with it


class _Team:
    """The helper threads, and the functions (get, set) for the number of BLAS's own threads."""

    def __init__(self):
        import queue
        import threading  # both only when there is work: `import d2lmini` is to be quick

        _keep_memory()
        self.blas, self.kernel = _find_blas() or (None, "")
        self.lock, self.queue, self.jobs = threading.Lock(), queue.SimpleQueue, queue.SimpleQueue()
        self.helpers = thread_count() - 1 if self.blas else 0
        for _ in range(self.helpers):
            threading.Thread(target=self._help, name="d2lmini", daemon=True).start()

    def _help(self):
        while True:
            work, numbers, done = self.jobs.get()
            done.put(_work_off(work, numbers, numbers.pop))
            del work, numbers  # or arrays would live on until the next job comes

    def run(self, work: Callable[[int], None], n: int) -> None:
        helpers = min(self.helpers, n - 1)
        get_threads, set_threads = self.blas or (lambda: 0, lambda n: None)
        before = get_threads()
        try:
            set_threads(1)
            if not helpers:
                for i in range(n):
                    work(i)
                return
            numbers, done = deque(range(n)), self.queue()
            for _ in range(helpers):
                self.jobs.put((work, numbers, done))
            errors = [_work_off(work, numbers, numbers.popleft)]  # from the other end
            errors += [done.get() for _ in range(helpers)]
        finally:
            set_threads(before)
        for error in filter(None, errors):
            raise error


def _work_off(work: Callable[[int], None], numbers: deque, take: Callable) -> BaseException | None:
    try:
        while True:
            try:
                i = take()
            except IndexError:
                return None
            work(i)
    except BaseException as error:
        numbers.clear()  # nobody needs to begin another piece
        return error


_team: _Team | None = None


def each(work: Callable[[int], None], n: int) -> None:
    """Call work(0), …, work(n - 1) in any order, on all cores; return when all are done."""
    global _team
    if _team is None:
        _team = _Team()
    if not _team.lock.acquire(blocking=False):  # called from within a piece, or by another thread
        return [work(i) for i in range(n)] and None
    try:
        _team.run(work, n)
    finally:
        _team.lock.release()


def spread(f: Callable, *arrays: np.ndarray) -> np.ndarray:
    """f(*arrays) for an element-wise f(*arrays, out=None) and arrays of one shape.

    Large ones go piece by piece: then the result has the dtype of the first array and lies in
    memory as that does, and f writes each piece of it straight into `out`.
    """
    first = arrays[0]
    if first.size < 2 * _PIECE:
        return f(*arrays)
    out = np.empty_like(first)
    order = np.argsort([-s for s in out.strides], kind="stable")
    *arrays, flat = (a.transpose(order) for a in (*arrays, out))
    ends = _cut(len(flat), min(len(flat), first.size // _PIECE, 16))

    def work(i):
        piece = slice(ends[i], ends[i + 1])
        f(*(a[piece] for a in arrays), out=flat[piece])

    each(work, len(ends) - 1)
    return out


def in_place(f: Callable, *arrays: np.ndarray) -> None:
    """Call f(*arrays), which changes arrays of one shape element by element, piece by piece."""
    if arrays[0].size < 2 * _PIECE or not all(a.flags.c_contiguous for a in arrays):
        f(*arrays)
        return
    flat = [a.reshape(-1) for a in arrays]
    ends = _cut(len(flat[0]), -(-len(flat[0]) // _PIECE // 2) * 2)  # an even number of pieces
    each(lambda i: f(*(a[ends[i]:ends[i + 1]] for a in flat)), len(ends) - 1)


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b; a large product of two matrices is cut in two or four, by rows if there are many."""
    if a.ndim != 2 or b.ndim != 2 or a.size * b.shape[1] < 1 << 18:
        return a @ b
    out = np.empty((len(a), b.shape[1]), np.result_type(a, b))
    multiplications = a.size * b.shape[1]
    parts = 1 if multiplications < 1 << 21 else 2 if multiplications < 1 << 28 else 4
    by_rows = len(a) >= min(256, b.shape[1])
    ends = _cut(len(a) if by_rows else b.shape[1], parts)

    def work(i):
        piece = slice(ends[i], ends[i + 1])
        if by_rows:
            multiply(a[piece], b, out[piece])
        else:
            multiply(a, b[:, piece], out[:, piece])

    each(work, parts)
    return out


def total(a: np.ndarray, dims: tuple, keepdims: bool = False) -> np.ndarray:
    """a.sum(dims), also exact for many rows and for bytes.

    NumPy adds row to row, and float32 loses a digit in some thousand additions: then they are made
    in float64. (Along the axis that is contiguous in memory it adds pairs, and pairs of pairs.)
    """
    dtype = np.int64 if a.dtype.kind in "ub" else None
    if len(dims) < a.ndim and a.size >= 4096 and a.dtype.kind == "f":
        if math.prod(a.shape[i] for i in dims if a.strides[i] != a.itemsize) >= 4096:
            return a.sum(dims, dtype=np.float64, keepdims=keepdims).astype(a.dtype)
    return a.sum(dims, dtype=dtype, keepdims=keepdims)


def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """out[...] = a @ b for two matrices, on this thread, within `each`.

    OpenBLAS first copies both into an order of its own. For a narrow product that takes as long as
    the multiplying. For AVX-512 it has kernels that do without, but only for small products: so a
    narrow one is cut into blocks.
    """
    (m, k), n = a.shape, b.shape[1]
    if _team.kernel not in _AVX512 or m * k * n <= _SMALL or min(m, k, n) > 16:
        np.matmul(a, b, out=out)
        return
    if m < n:
        a, b, out, m, n = b.T, a.T, out.T, n, m
    rows = -(-m // (16 * -(-m * k * n // _SMALL))) * 16
    end = m // rows * rows if rows * k * n <= 1_000_000 else 0
    np.matmul(a[:end].reshape(-1, rows, k), b, out=out[:end].reshape(-1, rows, n))
    np.matmul(a[end:], b, out=out[end:])


def _cut(n: int, parts: int) -> list[int]:
    """The ends of `parts` pieces of nearly equal length: 0, …, n."""
    return [n * i // parts for i in range(parts + 1)]


def thread_count() -> int:
    """How many threads to use: what the environment asks for, or the cores this process may use."""
    for name in ("D2LMINI_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        if os.environ.get(name, "").isdecimal():
            return max(1, int(os.environ[name]))
    mine = getattr(os, "sched_getaffinity", None)  # Linux: the cores this process is allowed
    return max(1, min(len(mine(0)) if mine else os.cpu_count() or 1, _quota(), 16))


def _quota() -> int:
    """The cores that a container grants (Linux control groups 2 or 1); many if no limit."""
    for files in ("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"):
        try:
            quota, period = " ".join(_read(f"/sys/fs/cgroup/{name}") for name in files).split()
        except (OSError, ValueError):
            continue
        return 1024 if quota in ("max", "-1") else max(1, round(int(quota) / int(period)))
    return 1024


def _read(path: str) -> str:
    with open(path) as file:
        return file.read()


def blas_files() -> list[str]:
    """The OpenBLAS that NumPy brought along, as a list of one file or none."""
    import glob

    numpy = os.path.dirname(np.__file__)
    return [*glob.glob(f"{glob.escape(numpy)}.libs/*openblas*"),
            *glob.glob(f"{glob.escape(numpy)}/.dylibs/*openblas*")]


def _find_blas():
    """(get, set) for the number of threads of that OpenBLAS and its processor's name, or None."""
    for file in blas_files():
        try:
            library = ctypes.CDLL(file)
        except OSError:
            continue
        for prefix, suffix in (("scipy_", "64_"), ("scipy_", ""), ("", "64_"), ("", "")):
            names = [f"{prefix}openblas_{name}{suffix}"
                     for name in ("get_num_threads", "set_num_threads", "get_corename")]
            if all(hasattr(library, name) for name in names):
                get, put, core = (getattr(library, name) for name in names)
                core.restype = ctypes.c_char_p
                return (get, put), core()
    return None


def _keep_memory() -> None:
    """Let glibc keep freed memory (mallopt(3)): 1.4 times faster training of the course's CNN."""
    if sys.platform == "linux" and os.environ.get("D2LMINI_MALLOC") != "0":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD: arrays below 32 MB come from the heap,
            mallopt(-1, 512 << 20)  # M_TRIM_THRESHOLD: and the heap keeps up to 512 MB


def _forget():
    global _team
    _team = None  # threads do not survive a fork


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
