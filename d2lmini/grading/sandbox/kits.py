"""The filtered packages that the sandboxes read, a folder for each lesson: a kit.

`make` writes one into a folder, `remove` takes it away; `own` keeps one for a process of a cluster.
A grader that was killed leaves its kit: `sweep` finds those by the mark inside, which holds a lock
as long as the grader lives, and removes nothing else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from multiprocessing import util
from pathlib import Path

from ... import exercises
from . import filtered

if sys.platform != "win32":
    import fcntl

MARK, PREFIX = "kit-of-the-grader", ".kit-"
TEMPORARY, OWN = Path(tempfile.gettempdir()), "d2lmini-kit-"
_own: dict[str, str] = {}
_locks: dict[str, int | None] = {}


def make(out: Path, lessons=exercises.LESSONS, prefix: str = PREFIX) -> str:
    """The filtered packages of the lessons, in a new folder below `out`."""
    folder = tempfile.mkdtemp(prefix=prefix, dir=out)
    try:
        os.chmod(folder, 0o755)
        mark(folder)
        filtered.build(Path(folder), lessons)
    except BaseException:
        remove(folder)
        raise
    return folder


def mark(folder: str) -> None:
    """Lock a file in it before it gets its name, so that nobody takes the kit for a dead one's."""
    if sys.platform == "win32":
        _locks[folder] = None
        return
    handle = os.open(Path(folder, "new"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.rename(Path(folder, "new"), Path(folder, MARK))
    _locks[folder] = handle


def remove(folder: str) -> None:
    """Remove a kit that `make` made in this process, and nothing else."""
    if folder in _locks:
        shutil.rmtree(folder, ignore_errors=True)
        handle = _locks.pop(folder)
        if handle is not None:
            os.close(handle)


def sweep(out: Path, prefix: str = PREFIX) -> None:
    """Remove the kits that graders left which were killed."""
    for folder in out.glob(f"{prefix}*") if sys.platform != "win32" else ():
        with contextlib.suppress(OSError):
            about = os.lstat(folder)
            if stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid():
                remove_dead(folder)


def remove_dead(folder: Path) -> None:
    handle = os.open(folder / MARK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # OSError if its maker lives
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def own(lesson: str) -> str:
    """A kit with this one lesson, for a process that was given none; removed when it ends."""
    if lesson not in _own:
        sweep(TEMPORARY, OWN)
        _own[lesson] = make(TEMPORARY, (lesson,), OWN)
        util.Finalize(None, remove, (_own[lesson],), exitpriority=0)  # also in a child's end
    return _own[lesson]
