"""Processes that grade: `spread(…)` gives each a core and a limit of memory, and outlives them."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from . import stop

if sys.platform != "win32":
    import fcntl
    import resource

MEMORY = 5 << 29  # bytes that a worker may use
_core = None  # an open file whose lock says that a core is taken


def worker_start(parent: int, memory: int = 0, locks: str = "") -> None:
    """Workers end with the process that began them, and leave interrupts to it.

    Each keeps to a core of its own, so that a submission that takes all the time it can get takes
    none from its neighbors, and to so many bytes of memory, whatever it is told to read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if sys.platform != "win32":
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stop.SIGNALS)
    if sys.platform == "linux":
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(
                resource.RLIMIT_AS)[1]))
        if locks:
            take_a_core(Path(locks))


def take_a_core(locks: Path) -> None:
    """Keep to the first core that no other worker has; the lock ends with the process."""
    global _core
    for core in sorted(os.sched_getaffinity(0)):
        _core = open(locks / f"core-{core}", "w")
        try:
            fcntl.flock(_core, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _core.close()
            continue
        os.sched_setaffinity(0, {core})
        return


def spread(todo: list, settings, workers: int, done: Callable, function: Callable) -> list:
    """Do `function(x, settings)` for all in so many processes, `done(result)` after each.

    Returns those that were at work when a process died.
    """
    context, waiting, suspects = multiprocessing.get_context("spawn"), list(reversed(todo)), []
    pinned = sys.platform == "linux" and 1 < workers <= len(os.sched_getaffinity(0))
    start = (os.getpid(), MEMORY, settings.packages if pinned else "")
    others = multiprocessing.active_children()
    while waiting:
        running = {}
        with stop.held_back():
            pool = ProcessPoolExecutor(workers, mp_context=context, initializer=worker_start,
                                       initargs=start, max_tasks_per_child=200)
        with pool:
            try:
                while running or waiting:
                    while waiting and len(running) < 2 * workers:
                        with stop.held_back():  # what a worker inherits until it has begun
                            running[pool.submit(function, waiting[-1], settings)] = waiting[-1]
                        waiting.pop()
                    for future in wait(running, return_when=FIRST_COMPLETED)[0]:
                        result = future.result()
                        del running[future]
                        done(result)
            except BrokenProcessPool:
                suspects += running.values()
            except BaseException:  # to be stopped: what is at work is not waited for
                for process in multiprocessing.active_children():
                    if process not in others:
                        process.kill()
                pool.shutdown(cancel_futures=True)
                raise
    return suspects
