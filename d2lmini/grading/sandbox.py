"""The walls around a submission, and the only door in them: `Sandbox`.

bubblewrap (bwrap) gives the code a system that it can only read, an empty home of limited size, its
own process numbers, no network, no way to make namespaces of its own, and a user without rights.
Through two pipes it receives cells and questions and sends answers; every wait has an end, every
message a size, and nothing that arrives is more than data.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MB, LINUX = 1 << 20, sys.platform == "linux"
PACKAGE = Path(__file__).parents[1]
NOBODY = 60_001  # no account of Debian's has this number
HELP = ("The grader needs bubblewrap (the command bwrap), which keeps student code from the rest "
        "of the computer. Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install "
        "bubblewrap), or, only if you trust every submission, add --unsafe-no-sandbox.")


class SandboxMissing(Exception):
    """bwrap is not installed, or this system does not let it work; the message says what to do."""


class Died(Exception):
    """The process inside ended, fell silent, or misbehaved; the message says how."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Limits:
    """Seconds, and megabytes of memory and files, that one submission may use."""

    total: float = 60.0
    cell: float = 10.0
    memory: int = 1024
    files: int = 64
    processes: int = 64
    reply: int = 12 * MB
    replies: int = 96 * MB

    def kernel(self) -> dict:
        """As setrlimit(2) knows them."""
        return {"AS": self.memory * 2 * MB, "CPU": int(self.total) + 5, "FSIZE": self.files * MB,
                "NPROC": self.processes, "NOFILE": 256, "CORE": 0, "MEMLOCK": 0, "MSGQUEUE": 0}


def require() -> None:
    """Raise SandboxMissing unless the sandbox works here."""
    if shutil.which("bwrap") is None:
        raise SandboxMissing(HELP)
    done = subprocess.run([*command(Path("/usr"), None, Limits()), "/bin/sh", "-c", "exit 7"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    if done.returncode != 7:
        raise SandboxMissing(f"bwrap is installed, but does not work here: {done.stderr.strip()} "
                             f"In a container, allow user namespaces. {HELP}")


def bound() -> list[str]:
    """What the inside may read: the system, this Python, and where its packages lie."""
    places = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(),
              str(Path(np.__file__).parents[1]), str(Path(sys.executable).resolve().parents[1])}
    inside = ["/usr", *sorted(places)]
    kept = [p for p in inside if os.path.isdir(p) and p != "/" and not any(
        p != q and Path(p).is_relative_to(q) for q in inside if q != "/")]
    return list(dict.fromkeys(kept))


def packages() -> list[str]:
    paths = sysconfig.get_paths()
    return list(dict.fromkeys([paths["purelib"], paths["platlib"],
                               str(Path(np.__file__).parents[1])]))


def command(course: Path, data: Path | None, limits: Limits, hide: tuple = ()) -> list[str]:
    """The bwrap command, up to the program that is to run inside."""
    walls, inside = [], bound()
    for path in [*inside, "/course"]:
        for parent in reversed(Path(path).parents[:-1]):
            walls += ["--perms", "0755", "--dir", str(parent)]
    for path in inside:
        walls += ["--ro-bind", path, path]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            walls += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            walls += ["--ro-bind", name, name]
    for file in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"):
        walls += ["--ro-bind-try", file, file]
    walls += ["--ro-bind", str(course), "/course"]
    if data is not None:
        walls += ["--ro-bind", str(data), "/course-data"]
    # A course that lies inside what is bound would be readable with its answers; so are the
    # submissions and the results.
    for secret in (PACKAGE, PACKAGE.parent / "notebooks", *hide):
        if any(Path(secret).is_relative_to(p) for p in inside) and Path(secret).is_dir():
            walls += ["--tmpfs", str(secret)]
    small = ["--size", str(limits.files * MB), "--perms", "0755"]
    private = ["--dev", "/dev", *small, "--tmpfs", "/dev/shm", "--remount-ro", "/dev", *small,
               "--tmpfs", "/tmp", "--dir", "/tmp/home", "--chdir", "/tmp/home"]
    alone = ["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000",
             "--unshare-ipc", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
             "--hostname", "grading", "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in environment().items():
        alone += ["--setenv", name, value]
    if os.geteuid() != 0:
        return ["bwrap", *walls, "--proc", "/proc", "--unshare-pid", *alone, *private]
    # Limits on processes mean nothing to root, nor to a root in disguise. So: walls as root, then
    # another user, then the namespaces.
    return ["bwrap", *walls, "--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--dir", "/tmp",
            "--unshare-pid", "--unshare-net", "--die-with-parent",
            "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP",
            "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
            "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all",
            "bwrap", "--ro-bind", "/", "/", *alone, *private]


def environment() -> dict:
    """All the variables that exist inside; one thread each, for many submissions run at once."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    return {"PATH": "/usr/bin:/bin", "HOME": "/tmp/home", "LANG": "C.UTF-8", "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": "/tmp/home", "PYTHONHASHSEED": "0", "D2LMINI_THREADS": "1",
            "D2LMINI_MALLOC": "0", "D2LMINI_DATA": "/course-data", "TZ": "UTC", **threads}


class Sandbox:
    """One process that holds one submission. Use as a context manager: nothing survives its end."""

    def __init__(self, course: Path, data: Path | None, limits: Limits, deadline: float,
                 unsafe: bool = False, hide: tuple = ()):
        self.limits, self.deadline = limits, deadline
        self.received, self.stray, self.buffer = 0, 0, bytearray()
        read_requests, self.requests = os.pipe()
        self.replies, write_replies = os.pipe()
        here = str(course) if unsafe else "/course"
        start = {"path": packages() if not unsafe else [here, *packages()],
                 "sandbox": not unsafe, "limits": limits.kernel()}
        program = [sys.executable, "-I", "-S", "-B", f"{here}/child.py", str(read_requests),
                   str(write_replies), json.dumps(start)]
        walls = [] if unsafe else command(course, data, limits, hide)
        variables = environment() | ({"D2LMINI_DATA": str(data)} if unsafe and data else {})
        try:
            self.process = subprocess.Popen(
                [*walls, *program], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, pass_fds=(read_requests, write_replies), env=variables |
                {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}, cwd="/", start_new_session=True)
        finally:
            os.close(read_requests)
            os.close(write_replies)
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
        first = [os.pidfd_open(pid) for pid in children(self.process.pid)] if LINUX else []
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
            while b"\n" not in self.buffer:
                self._watch(end, (self.replies,), ())
                try:
                    piece = os.read(self.replies, 1 << 18)
                except BlockingIOError:
                    continue
                if not piece:
                    raise Died("ended", "the process ended")
                self.buffer += piece
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
            left = end - time.monotonic()
            if left <= 0:
                raise Died("slow", "no answer in time")
            ready = select.select(read, write, (), min(left, 0.1))
            if ready[0] or ready[1]:
                return
            if memory_mb(self.process.pid) > self.limits.memory:
                raise Died("memory", f"more than {self.limits.memory} MB of memory were used")


def children(pid: int) -> list[int]:
    """The processes that this one has started; none if it has ended."""
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def memory_mb(pid: int) -> float:
    """The memory of a process and all that descend from it, in MB; Linux only, elsewhere 0."""
    total, todo = 0.0, [pid]
    page = os.sysconf("SC_PAGE_SIZE")
    while todo and len(todo) < 1000:
        pid = todo.pop()
        try:
            fields = Path(f"/proc/{pid}/statm").read_text().split()
            total += (int(fields[1]) - int(fields[2])) * page / MB  # without shared pages of files
            todo += children(pid)
        except (OSError, ValueError, IndexError):
            continue
    return total
