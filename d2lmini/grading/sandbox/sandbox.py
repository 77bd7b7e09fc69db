"""Runs one submission in bubblewrap: `Sandbox` talks to it over two pipes.

It receives cells and questions and sends answers; every wait has an end, every message a size, and
nothing that arrives is more than data. bubblewrap.py has the profile, child.py what runs inside.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from .bubblewrap import LINUX, MB, Limits, command, environment, filter_pipe, packages
from .memory import apart, children, sockets_mb, used_mb


class NotStarted(Exception):
    """The sandbox did not come up: a fault of this computer, and of no student."""


class Died(Exception):
    """The process inside ended, fell silent, or misbehaved; the message says how."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


class Sandbox:
    """One process that holds one submission. Use as a context manager: nothing survives its end."""

    def __init__(self, package: Path, data: Path | None, limits: Limits, deadline: float,
                 unsafe: bool = False, hide: tuple = (), files: dict[str, bytes] | None = None):
        self.limits, self.deadline, self.unsafe, self.files = limits, deadline, unsafe, files
        self.received, self.stray, self.buffer, self.looked = 0, 0, bytearray(), 0.0
        read_requests, self.requests = os.pipe()
        self.replies, write_replies = os.pipe()
        here = str(package) if unsafe else "/course"
        self.home = tempfile.TemporaryDirectory(prefix="d2lmini-unsafe-") if unsafe else None
        self.hello, filtered = secrets.token_hex(8), None if unsafe else filter_pipe()
        start = {"path": packages() if not unsafe else [here, *packages()], "token": self.hello,
                 "sandbox": not unsafe, "limits": limits.kernel()}
        program = [sys.executable, "-I", "-S", "-B", f"{here}/child.py", str(read_requests),
                   str(write_replies), json.dumps(start)]
        bwrap = [] if unsafe else command(package, data, limits, hide, filtered)
        passed = (read_requests, write_replies, *(() if filtered is None else (filtered,)))
        variables = environment()
        if unsafe:
            variables |= {"D2LMINI_DATA": str(data or ""), "HOME": self.home.name,
                          "MPLCONFIGDIR": self.home.name}
        try:
            self.process = subprocess.Popen(
                [*bwrap, *program], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, pass_fds=passed, env=variables |
                {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}, start_new_session=True,
                cwd=self.home.name if unsafe else "/")
        except OSError as error:
            os.close(self.requests)
            os.close(self.replies)
            raise NotStarted(f"the sandbox did not start: {error}") from error
        finally:
            for end in passed:
                os.close(end)
        os.set_blocking(self.replies, False)
        os.set_blocking(self.requests, False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """End everything inside and wait until nothing is left of it.

        The first process inside takes all others along: Linux lets it end only after them.
        """
        first = []
        for pid in children(self.process.pid) if LINUX else []:
            with contextlib.suppress(ProcessLookupError):  # it may end at any moment
                first.append(os.pidfd_open(pid))
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self.process.kill()
        self.process.wait()
        for handle in first:
            select.select([handle], [], [], 10)
            os.close(handle)
        for end in (self.requests, self.replies):
            os.close(end)
        if self.home:
            self.home.cleanup()

    def ready(self) -> None:
        """Wait until the process inside is there, before any of the student's code has run."""
        try:
            numpy = self._wait(60, self.hello).get("numpy")
            if self.files:
                self.send(20, do="files", files={name: base64.b64encode(data).decode()
                                                 for name, data in self.files.items()})
        except Died as died:
            if time.monotonic() < self.deadline:
                raise NotStarted(f"the sandbox did not start: {died}") from died
            raise
        if numpy != np.__version__:
            raise NotStarted(f"inside the sandbox there is NumPy {numpy}, outside {np.__version__}")

    def send(self, wait: float, **request) -> dict:
        """Send one request and wait so long for its reply; Died if none comes."""
        return self._wait(wait, self.post(**request))

    def post(self, **request) -> str:
        """Send a request whose reply comes later; return the token that the reply will carry."""
        token = secrets.token_hex(8)
        data = (json.dumps({**request, "token": token}) + "\n").encode()
        self._write(data, min(self.deadline, time.monotonic() + 10))
        return token

    def begin(self, **request) -> str:
        """Start an exercise; the token under which its questions are asked."""
        token = self.post(do="exercise", **request)
        self._wait(5, token)
        return token

    def ask(self, exercise: str, question: dict, seconds: float) -> dict:
        """The answer to a question of the exercise whose token is given; Died if it has ended."""
        token = self.post(do="ask", question=question, seconds=seconds)
        reply = self._wait(seconds + 2, token, exercise)
        if "ended" in reply:
            raise Died("exit", "your code ended its own process")
        return reply.get("answer")

    def end(self, exercise: str) -> None:
        """Close an exercise: the copy of the process that answered comes to its end."""
        self.post(do="end")
        self._wait(5, exercise)

    def _write(self, data: bytes, end: float) -> None:
        while data:
            self._watch(end, (), (self.requests,))
            try:
                data = data[os.write(self.requests, data[:1 << 16]):]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise Died("ended", "the process ended") from error

    def _wait(self, seconds: float, *tokens: str) -> dict:
        end = min(self.deadline, time.monotonic() + seconds)
        while True:
            whole = b"\n" in self.buffer
            while not whole:
                self._watch(end, (self.replies,), ())
                try:
                    piece = os.read(self.replies, 1 << 18)
                except BlockingIOError:
                    continue
                if not piece:
                    raise Died("ended", "the process ended")
                self.buffer += piece
                whole = b"\n" in piece
                self.received += len(piece)
                if len(self.buffer) > self.limits.reply or self.received > self.limits.replies:
                    raise Died("flood", "too much was sent")
            line, _, rest = self.buffer.partition(b"\n")
            self.buffer = bytearray(rest)
            try:
                message = json.loads(line)
                if isinstance(message, dict) and message.get("token") in tokens:
                    return message
            except (ValueError, RecursionError, MemoryError):
                pass
            self.stray += 1
            if self.stray > 200:
                raise Died("flood", "too many messages that nobody asked for")

    def _watch(self, end: float, read: tuple, write: tuple) -> None:
        """Wait until a pipe is ready, looking at the clock and at the memory in between."""
        while True:
            now = time.monotonic()
            if now >= end:
                raise Died("slow", "no answer in time")
            ready = select.select(read, write, (), min(end - now, 0.1))
            if now - self.looked > 0.1:  # also while it sends: a drip must not keep us from looking
                self.looked = now
                self._look()
            if ready[0] or ready[1]:
                return

    def _look(self) -> None:
        """Died if there is too much memory or too many files inside."""
        begin = time.monotonic()
        if used_mb(self.process.pid, self.limits.memory) > self.limits.memory:
            raise Died("memory", f"more than {self.limits.memory} MB of memory were used")
        self.looked += min(0.3, 2 * (time.monotonic() - begin))  # it may take a third of the time
        pid = self.process.pid
        for _ in range(3 if os.geteuid() == 0 else 2):  # bwrap stands before the first one inside
            pid = next(iter(children(pid)), pid)
        if self.unsafe or not apart(pid):  # not inside yet, or ended: it would be ours that we see
            return
        if sockets_mb(pid) > self.limits.memory:
            raise Died("memory", "too many sockets were opened")
        for place in ("tmp", "dev/shm"):
            try:
                about = os.statvfs(f"/proc/{pid}/root/{place}")
            except OSError:
                continue
            small = about.f_blocks * about.f_frsize <= self.limits.files * MB
            if small and about.f_files - about.f_ffree > self.limits.inodes:
                raise Died("memory", f"more than {self.limits.inodes} files were made")
