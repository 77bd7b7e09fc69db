"""A thread pool for large operators, and malloc tuning. A learner may skip this file.

Threads. NumPy releases Python's lock (the GIL) while it computes, so plain threads run in parallel.
OpenBLAS has threads of its own, but they spin while they wait for each other: beside another busy
program that is ten times slower, and small products gain little. Ours sleep, take the next chunk of
work when they are ready, and call a BLAS of one thread. Workers take chunks from the back and the
caller from the front, so a core often finds its part of an array still in its cache. Chunks do not
depend on the number of threads, so neither do the results. The number of BLAS threads is restored
after each operator: NumPy code outside d2lmini keeps its threads.
D2LMINI_THREADS sets the number of threads (otherwise OPENBLAS_NUM_THREADS or OMP_NUM_THREADS,
otherwise the cores that this process may use).

Memory. Training frees and asks for the same large arrays again and again. glibc returns them to
Linux each time, and every page is then faulted in and cleared anew. `keep_freed_memory` tells it to
keep up to 512 MB, for the whole process; D2LMINI_MALLOC=0 leaves glibc as it is.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections import deque
from collections.abc import Callable

import numpy as np


class ThreadPool:
    """Worker threads that share one job at a time with the thread that asks for it."""

    def __init__(self):
        from queue import SimpleQueue  # here, so that `import d2lmini` is quick

        keep_freed_memory()
        self.blas = find_blas()
        self.lock, self.new_queue, self.jobs = threading.Lock(), SimpleQueue, SimpleQueue()
        # Beside a BLAS whose threads cannot be set, ours would only get in its way.
        self.size = thread_count() if self.blas else 1
        for _ in range(self.size - 1):
            threading.Thread(target=self._serve, name="d2lmini", daemon=True).start()

    def _serve(self):
        while True:
            work, chunks, done = self.jobs.get()
            done.put(drain(work, chunks, chunks.pop))
            del work, chunks  # or arrays would live on until the next job comes

    def run(self, work: Callable[[int], None], n: int) -> None:
        """work(0), …, work(n - 1) on all threads; raises the first exception of a chunk."""
        workers = min(self.size, n) - 1
        if self.blas:
            before = self.blas.get_threads()
            self.blas.set_threads(1)
        try:
            if workers < 1:
                for i in range(n):
                    work(i)
                return
            chunks, done = deque(range(n)), self.new_queue()
            for _ in range(workers):
                self.jobs.put((work, chunks, done))
            errors = [drain(work, chunks, chunks.popleft)]
            errors += [done.get() for _ in range(workers)]
        finally:
            if self.blas:
                self.blas.set_threads(before)
        for error in filter(None, errors):
            raise error


def drain(work: Callable[[int], None], chunks: deque, take: Callable) -> BaseException | None:
    """Work on chunks until none is left; an exception cancels the others and is returned."""
    try:
        while True:
            try:
                i = take()
            except IndexError:
                return None
            work(i)
    except BaseException as error:
        chunks.clear()  # nobody starts another one
        return error


_pool: ThreadPool | None = None
_pool_lock = threading.Lock()


def get_pool() -> ThreadPool:
    """The pool of this process, made at the first call."""
    global _pool
    pool = _pool  # read once: another thread may be making it, a fork may be dropping it
    if pool is None:
        with _pool_lock:
            if _pool is None:
                _pool = ThreadPool()
            pool = _pool
    return pool


def reset_after_fork() -> None:
    global _pool, _pool_lock
    _pool, _pool_lock = None, threading.Lock()  # threads do not survive a fork, a held lock does


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=reset_after_fork)


def parallel_for(work: Callable[[int], None], n: int) -> None:
    """Call work(0), …, work(n - 1) in any order, on all threads; return when all are done."""
    pool = get_pool()
    if pool.lock.acquire(blocking=False):
        try:
            pool.run(work, n)
        finally:
            pool.lock.release()
    else:  # nested in another one, or the pool is busy for another thread
        for i in range(n):
            work(i)


def chunk_bounds(n: int, chunks: int) -> list[int]:
    """Where range(n) is split into `chunks` chunks of nearly equal length: 0, …, n."""
    return [n * i // chunks for i in range(chunks + 1)]


def thread_count() -> int:
    """How many threads to use: what the environment asks for, or the cores this process may use."""
    for name in ("D2LMINI_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        if os.environ.get(name, "").isdecimal():
            return max(1, int(os.environ[name]))
    mine = getattr(os, "sched_getaffinity", None)  # Linux: the cores this process is allowed
    return max(1, min(len(mine(0)) if mine else os.cpu_count() or 1, container_cores(), 16))


def container_cores() -> int:
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


class OpenBLAS:
    """The OpenBLAS in `file`: its number of threads, and the processor its kernels are made for.

    AttributeError where the library has no functions with names of OpenBLAS.
    """

    def __init__(self, file: str):
        library = ctypes.CDLL(file)
        for name in "scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}":
            if hasattr(library, name.format("get_corename")):
                break
        self.get_threads = getattr(library, name.format("get_num_threads"))
        self.set_threads = getattr(library, name.format("set_num_threads"))
        corename = getattr(library, name.format("get_corename"))
        corename.restype = ctypes.c_char_p
        self.kernel = corename().decode()


def blas_files() -> list[str]:
    """The OpenBLAS that NumPy brought along, as a list of one file or none."""
    import glob

    numpy = os.path.dirname(np.__file__)
    return [*glob.glob(f"{glob.escape(numpy)}.libs/*openblas*"),
            *glob.glob(f"{glob.escape(numpy)}/.dylibs/*openblas*")]


def find_blas() -> OpenBLAS | None:
    """That OpenBLAS, or None where NumPy uses another BLAS (Accelerate, MKL, the system's)."""
    for file in blas_files():
        try:
            return OpenBLAS(file)
        except (OSError, AttributeError):
            continue
    return None


def keep_freed_memory() -> None:
    """Let glibc keep freed memory (mallopt(3)): 1.4 times faster training of the course's CNN."""
    if sys.platform == "linux" and os.environ.get("D2LMINI_MALLOC") != "0":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD: arrays below 32 MB come from the heap,
            mallopt(-1, 512 << 20)  # M_TRIM_THRESHOLD: and the heap keeps up to 512 MB
