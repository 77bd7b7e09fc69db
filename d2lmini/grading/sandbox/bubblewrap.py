"""The sandbox's profile: `command(…)` gives the call of bubblewrap (bwrap).

Inside there is a system that can only be read, an empty home of limited size, own process numbers,
no network, no way to make namespaces, fewer system calls, and a user without rights.
"""

from __future__ import annotations

import functools
import os
import platform
import struct
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MB, LINUX = 1 << 20, sys.platform == "linux"
PACKAGE = Path(__file__).parents[2]
NOBODY = 60_001  # no account of Debian's has a number from here on
FOREIGN = (  # packages that hold what the exercises ask to write; an empty stub stands in
    "autograd", "chainer", "cupy", "cv2", "flax", "functorch", "jax", "jaxlib", "keras",
    "lightning", "mpmath", "mxnet", "networkx", "onnxruntime", "paddle", "pytensor", "scipy",
    "skimage", "sklearn", "statsmodels", "sympy", "tensorflow", "tf_keras", "theano", "tinygrad",
    "torch", "torchaudio", "torchgen", "torchvision")


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
    inodes: int = 20_000

    def kernel(self) -> dict:
        """As setrlimit(2) knows them."""
        return {"AS": self.memory * 2 * MB, "CPU": int(self.total) + 5, "FSIZE": self.files * MB,
                "NPROC": self.processes, "NOFILE": 256, "CORE": 0, "MEMLOCK": 0, "MSGQUEUE": 0}


def python() -> list[str]:
    """Where this Python lies, and its packages."""
    return sorted({sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(),
                   str(Path(np.__file__).parents[1]),
                   str(Path(sys.executable).resolve().parents[1])})


@functools.cache
def bound() -> list[str]:
    """What the inside may read: the system and this Python."""
    inside = ["/usr", *python()]
    kept = [p for p in inside if os.path.isdir(p) and p != "/" and not any(
        p != q and Path(p).is_relative_to(q) for q in inside if q != "/")]
    return list(dict.fromkeys(kept))


def packages() -> list[str]:
    paths = sysconfig.get_paths()
    return list(dict.fromkeys([paths["purelib"], paths["platlib"],
                               str(Path(np.__file__).parents[1])]))


@functools.cache
def foreign() -> list[str]:
    """The folders of the FOREIGN packages, and of a second d2lmini, wherever they can be read."""
    sites = {Path(p) for p in packages()}
    for place in ("/usr", *python()):
        for pattern in ("lib*/python*/*-packages", "local/lib/python*/*-packages",
                        "envs/*/lib/python*/*-packages"):
            sites.update(Path(place).glob(pattern))
    found = {str(site.resolve() / name) for site in sites for name in (*FOREIGN, PACKAGE.name)}
    return sorted(path for path in found if os.path.isdir(path))


def answers() -> list[str]:
    """The folders that hold the answers: the whole clone, whatever else lies in it."""
    top = PACKAGE.parent
    if os.path.realpath(top) in map(os.path.realpath, packages()):  # installed, and no clone
        return [str(PACKAGE), str(top / "notebooks")]
    return [str(top)]


def pieces() -> list[str]:
    """What Python needs, piece by piece, for when the folder around it must not be seen."""
    places = [os.path.realpath(place) for place in python()]
    inner = [os.path.join(place, name) for place in places
             for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    return list(dict.fromkeys(p for p in (*places, *inner) if os.path.exists(p)))


@functools.cache
def covers(hide: tuple = ()) -> list[str]:
    """Arguments that hide what is bound but secret: an empty folder over each, the outer first.

    Compared are the places that links lead to. What Python needs is bound anew over the cover.
    """
    arguments, covered = [], []
    for secret in sorted({os.path.realpath(p) for p in (*answers(), *hide)}, key=len):
        for cover in seen(secret):
            covered.append(cover)
            arguments += ["--perms", "0755", "--tmpfs", cover]
            for piece in pieces():
                inner = os.path.relpath(piece, secret)
                if piece != secret and Path(piece).is_relative_to(secret):
                    what = (["--symlink", os.readlink(piece)] if os.path.islink(piece) else
                            ["--ro-bind", piece])
                    arguments += [*what, os.path.join(cover, inner)]
    for package in foreign():
        for cover in seen(package):
            covered.append(cover)
            arguments += ["--tmpfs", cover]
    for cover in dict.fromkeys(covered):  # last: within a cover, folders may have to be made
        arguments += ["--remount-ro", cover]
    return arguments


def seen(folder: str) -> list[str]:
    """The paths under which a folder would be seen inside."""
    paths = []
    for place in bound():
        real = os.path.realpath(place)
        if os.path.isdir(folder) and Path(folder).is_relative_to(real):
            paths.append(os.path.normpath(os.path.join(place, os.path.relpath(folder, real))))
    return paths


def command(package: Path, data: Path | None, limits: Limits, hide: tuple = (),
            refused: int | None = None) -> list[str]:
    """The bwrap command, up to the program that is to run inside.

    `refused` is a file descriptor with the filter of system calls.
    """
    arguments, inside = [], bound()
    for path in [*inside, "/course"]:
        for parent in reversed(Path(path).parents[:-1]):
            arguments += ["--perms", "0755", "--dir", str(parent)]
    for path in inside:
        arguments += ["--ro-bind", path, path]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            arguments += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            arguments += ["--ro-bind", name, name]
    for file in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"):
        arguments += ["--ro-bind-try", file, file]
    arguments += ["--ro-bind", str(package), "/course"]
    if data is not None:
        arguments += ["--ro-bind", str(data), "/course-data"]
    small = ["--size", str(limits.files * MB), "--perms", "0755"]
    # A shared mapping of /dev/zero would be memory that nobody counts.
    private = ["--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero", *small, "--tmpfs",
               "/dev/shm", "--remount-ro", "/dev", *small, "--tmpfs", "/tmp", "--dir", "/tmp/home",
               "--chdir", "/tmp/home"]
    for path in inside:  # a clone of the course in /tmp: its Python must not vanish with the rest
        if Path(path).is_relative_to("/tmp"):
            private += ["--ro-bind", path, path]
    if refused is not None:
        private += ["--seccomp", str(refused)]
    alone = ["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000",
             "--unshare-ipc", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
             "--hostname", "grading", "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in environment().items():
        alone += ["--setenv", name, value]
    if os.geteuid() != 0:
        return ["bwrap", *arguments, "--proc", "/proc", "--unshare-pid", *alone, *private,
                *covers(hide), "--remount-ro", "/", "--remount-ro", "/proc"]
    # Limits on processes mean nothing to root, nor to a root in disguise. So: mounts as root, then
    # another user, then the namespaces. Each worker has a user of its own, for older kernels count
    # processes by user.
    nobody = NOBODY + os.getpid() % 999
    return ["bwrap", *arguments, "--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--dir",
            "/tmp", *covers(hide), "--unshare-pid", "--unshare-net", "--die-with-parent",
            "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP",
            "setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups",
            "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all",
            "bwrap", "--ro-bind", "/", "/", *alone, *private]


def environment() -> dict:
    """All the variables that exist inside; one thread each, for many submissions run at once."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    return {"PATH": "/usr/bin:/bin", "HOME": "/tmp/home", "LANG": "C.UTF-8", "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": "/tmp/home", "PYTHONHASHSEED": "0", "D2LMINI_THREADS": "1",
            "D2LMINI_MALLOC": "0", "D2LMINI_DATA": "/course-data", "TZ": "UTC", **threads}


# --- the filter of system calls ---

# Memory that belongs to no process (memfd, System V, shared and anonymous) escapes every limit on
# processes; the rest is what no exercise needs and what attacks on a kernel or on a neighbor use.
REFUSED = {  # name: its number on Linux for (x86-64, 64-bit ARM); other machines get no filter
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setattr": (314, 274), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "fsopen": (430, 430), "open_tree": (428, 428), "move_mount": (429, 429), "vmsplice": (278, 75),
}
ARCHITECTURES, MMAP = (0xC000003E, 0xC00000B7), (9, 222)  # AUDIT_ARCH_… of linux/audit.h
SHARED_ANONYMOUS = 0x21
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050001  # the second gives EPERM


def filter_program(machine: str | None = None) -> bytes:
    """The filter, as the kernel reads it (struct sock_filter); b"" for an unknown machine."""
    which = {"x86_64": 0, "AMD64": 0, "aarch64": 1, "arm64": 1}.get(machine or platform.machine())
    if which is None:
        return b""
    numbers = [both[which] for both in REFUSED.values()]
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, ARCHITECTURES[which]), (RETURN, 0, 0, REFUSE),
             (LOAD, 0, 0, 0)]
    left = len(numbers) + 2  # steps until the mmap test below is over
    steps.append((AT_LEAST, left + 3, 0, 0x40000000))  # the x32 numbers of x86-64
    for i, number in enumerate(numbers):
        steps.append((EQUAL, left + 2 - i, 0, number))
    steps += [(EQUAL, 0, 3, MMAP[which]), (LOAD, 0, 0, 40), (AND, 0, 0, SHARED_ANONYMOUS),
              (EQUAL, 1, 0, SHARED_ANONYMOUS), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def filter_pipe() -> int | None:
    """A pipe from which bwrap reads the filter; None on an unknown machine."""
    data = filter_program()
    if not data:
        return None
    end, begin = os.pipe()
    os.write(begin, data)
    os.close(begin)
    return end
