"""How the command is stopped: Ctrl-C, SIGTERM and SIGHUP raise `Stopped`, once.

What is at work is ended, what was made for it is removed, and the results stay: `main` says so.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP")
           if hasattr(signal, name)]


class Stopped(KeyboardInterrupt):
    """Somebody wants the command to end; `status` is what it should return."""

    def __init__(self, number: int):
        super().__init__()
        self.status = 128 + number


def ignore(*_) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def once():
    """The first signal raises Stopped, later ones do not disturb the clearing up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number, _):
        if _late is not None:
            _late.append(number)
            return
        ignore()
        raise Stopped(number)

    old = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in old.items():
        if handler not in (signal.SIG_IGN, None):  # as under nohup
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in old.items():
            if handler is not None:
                signal.signal(number, handler)


_late: list | None = None  # signals that another thread took while this one holds them back


@contextlib.contextmanager
def held_back():
    """Signals wait until the end of the block; a process that begins in it holds them back, too."""
    global _late
    if sys.platform == "win32":
        yield
        return
    _late, old = [], signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        late, _late = _late, None
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
        if late:
            signal.raise_signal(late[0])
