"""How much memory a submission uses: `used_mb(…)`, never less than it really has; Linux only.

The sum over its processes is quick, but counts twice what a process and its copy (a fork) share.
Only where that sum is too much, all are halted, so that nothing can change meanwhile, and each
page is counted once.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import time
from pathlib import Path

MB = 1 << 20
MOST = 1000  # processes that are looked at; more are too many


def children(pid: int) -> list[int]:
    """The processes that this one and its threads have started; none if it has ended."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found += [int(p) for p in file.read().split()]
    except OSError:
        pass
    return found


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, todo = [], [pid]
    while todo and len(found) < MOST:
        found.append(todo.pop())
        todo += children(found[-1])
    return found


def used_mb(pid: int, limit: float) -> float:
    """The memory of a process and all that descend from it, in MB; exact where it is the limit."""
    everybody = family(pid)
    total = sum(map(at_most, everybody))
    if total <= limit or total > 12 * limit or len(everybody) >= MOST:
        return total
    halted = []
    try:
        return sum(map(share, family(pid))) if halt(pid, halted) else total
    finally:
        for process in halted:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGCONT)


def halt(pid: int, halted: list[int]) -> bool:
    """Halt all that descend from the process; whether all stand still and no new one came."""
    for _ in range(200):
        below = family(pid)[1:]
        new = [p for p in below if p not in halted]
        if not new and all(map(stands, below)):
            return True
        for process in new:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGSTOP)
                halted.append(process)
        time.sleep(0.001)  # on one core they stand only when they had their turn
    return False


def stands(pid: int) -> bool:
    """Whether it is halted, or has ended."""
    try:
        states = [Path(f"/proc/{pid}/task/{t}/stat").read_text().rpartition(")")[2].split()[0]
                  for t in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return not os.path.exists(f"/proc/{pid}")
    return set(states) <= set("TtZXx")


def at_most(pid: int) -> float:
    """MB of memory that are its own or shared with a copy; without pages of files."""
    return numbers(pid, "status", "RssAnon", "VmSwap", "VmPTE")


def share(pid: int) -> float:
    """The same, but of each page only its part: half of one that two processes have."""
    exact = numbers(pid, "smaps_rollup", "Pss_Anon", "SwapPss")
    return exact + numbers(pid, "status", "VmPTE") if exact else at_most(pid)


@functools.cache
def per_socket() -> tuple[float, float]:
    """MB that may wait in a socket at most, and in one of the internet, however it was set."""
    def setting(name, usual):
        try:
            return int(Path("/proc/sys/net", name).read_text().split()[-1]) / MB
        except (OSError, ValueError):  # not to be seen in a container
            return usual

    local = 4 * setting("core/wmem_max", 1)  # what is set counts twice, and a packet may exceed it
    return local, setting("ipv4/tcp_rmem", 6) + setting("ipv4/tcp_wmem", 4) + 2 * setting(
        "core/rmem_max", 1)


def apart(pid: int) -> bool:
    """Whether the process has a network of its own, as all inside the sandbox have."""
    try:
        return not os.path.samefile(f"/proc/{pid}/ns/net", "/proc/self/ns/net")
    except PermissionError:
        return True
    except OSError:  # it has ended
        return False


def sockets_mb(pid: int) -> float:
    """What may wait in the sockets around that process, of which Linux tells only the number."""
    local, internet, total = *per_socket(), 0.0
    for file in ("sockstat", "sockstat6"):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/net/{file}").read_text()
            total += local * sum(map(int, re.findall(r"^sockets: used (\d+)", text, re.M)))
            total += internet * sum(map(int, re.findall(r"inuse (\d+)", text)))
    return total


def numbers(pid: int, file: str, *names: str) -> float:
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0.0
    found = dict(re.findall(r"^(\w+):\s*(\d+) kB$", text, re.M))
    return sum(int(found.get(name, 0)) for name in names) * 1024 / MB
