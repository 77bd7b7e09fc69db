"""Grades all submissions: `run(…)` spreads them over processes, stores each result, and resumes.

A result is one JSON file, written at a stroke and keyed by what it depends on: the submission, the
exercises, the grader and the seed. A second run does only what is missing.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import multiprocessing
import os
import re
import secrets
import signal
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from .. import data
from . import stop, submissions
from .grade import SOLUTIONS, Grading, result_of
from .sandbox import kits
from .sandbox.sandbox import Limits
from .submissions import Submission, Unreadable

if sys.platform != "win32":
    import fcntl
    import resource

PACKAGE, MEMORY = Path(__file__).parents[1], 5 << 29  # bytes of memory that a worker may use
NEW = ".d2lmini-new-"  # how unfinished files begin


@dataclass(frozen=True)
class Settings:
    """What all submissions of a run have in common; travels to the workers."""

    out: str
    seed: int
    version: str
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    hide: tuple = ()
    kit: str = ""  # the folder of the filtered packages, "" to make one

    @property
    def mark(self) -> str:
        """What a result depends on beside the submission; the end of its key."""
        rules = hashlib.sha256(repr((self.limits, self.unsafe)).encode()).hexdigest()[:8]
        return f"{self.version}-{self.seed}-{rules}"


def version() -> str:
    """A hash of all that decides on a mark: exercises, grader and solutions."""
    digest = hashlib.sha256()
    for folder, pattern in ((PACKAGE / "exercises", "*.py"), (PACKAGE / "grading", "*.py"),
                            (SOLUTIONS, "*.ipynb")):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def slug(submission: Submission) -> str:
    """A file name for the results of a submission: readable, safe, and its own."""
    safe = re.sub(r"[^\w.-]+", "_", submission.student, flags=re.ASCII).strip("._")[:40] or "_"
    return f"{safe}-{hashlib.sha256(submission.name.encode()).hexdigest()[:20]}"


def write(path: Path, text: str) -> None:
    """Replace the file in one step, so that a power cut leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=NEW)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(handle)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def ungraded(submission: Submission, settings: Settings) -> dict:
    """The result of a submission that was not graded; `reason` and the rest are still to come."""
    return {"student": submission.student, "notebook": submission.name, "seed": settings.seed,
            "assignment": "", "lesson": "", "status": "not graded", "score": None,
            "max_score": None, "exercises": [], "fingerprint": []}


def one(submission: Submission, settings: Settings, content: bytes | None = None) -> dict:
    """Grade one submission; whatever happens, the result says so."""
    about = ungraded(submission, settings)
    start, key = time.monotonic(), ""
    try:
        content = submissions.content_of(submission) if content is None else content
        key = hashlib.sha256(content).hexdigest()
        cells = submissions.read(content)
        lesson = submissions.lesson_of(cells)
        grading = Grading(cells, lesson, course(settings, lesson), data.data_dir(),
                          settings.limits, settings.seed, key, settings.unsafe, settings.hide,
                          start)
        about.update(result_of(grading.found, grading.run(), lesson))
        remarks = [submissions.other_name(submission.name, about["assignment"]), grading.reason]
        about["reason"] = "; ".join(filter(None, remarks))
    except Unreadable as why:
        about["reason"] = str(why)
    except MemoryError:
        about["reason"] = "the file is not a notebook of usual size: it needs too much memory"
    except Exception as error:
        about["reason"] = f"the grader failed: {type(error).__name__}: {error}"[:500]
    return {**about, "key": f"{key}-{settings.mark}",
            "seconds": round(time.monotonic() - start, 3)}


def course(settings: Settings, lesson: str) -> Path:
    """The folder with the filtered package of a lesson; made once a process if not given."""
    return Path(settings.kit or kits.own(lesson), lesson)


TEXTS = ("student", "notebook", "assignment", "lesson", "status", "reason", "key")
NUMBERS = ("points", "max_points")


def stored(path: Path) -> dict | None:
    """A result of an earlier run; None if there is none that can be read."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        rows = result["exercises"]
        whole = all(isinstance(result[name], str) for name in TEXTS) and all(
            isinstance(row["name"], str) and isinstance(row["kind"], str)
            and all(isinstance(row[n], int | float) for n in NUMBERS)
            and row.keys() >= {"right", "message", "code"} for row in rows) and (
            result["status"] != "graded" or result["max_score"] > 0 <= result["score"])
        return result if whole and result.keys() >= {"fingerprint", "seed", "seconds"} else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def settings_of(out: Path, seed: int | None, regrade: bool, **options) -> Settings:
    """The settings of a run: an interrupted run is continued with its own seed."""
    file = out / "run.json"
    try:
        old = json.loads(file.read_text(encoding="utf-8"))["seed"]
    except (OSError, ValueError, KeyError, TypeError):
        old = None
    if seed is None:
        seed = old if isinstance(old, int) and not regrade else secrets.randbelow(1 << 32)
    settings = Settings(str(out), seed, version(), **options)
    write(file, json.dumps({"seed": seed, "version": settings.version}) + "\n")
    return settings


@contextlib.contextmanager
def alone(out: Path):
    """Two graders must not write into one folder: the second is told so."""
    out.mkdir(parents=True, exist_ok=True)
    folder = os.open(out, os.O_RDONLY) if sys.platform != "win32" else None
    try:
        if folder is not None:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ValueError(f"{out}: another grader is at work in this folder.") from error
        clean(out)
        yield
    finally:
        if folder is not None:
            os.close(folder)


def clean(out: Path) -> None:
    """Remove what a run left that was killed: its unfinished files and its kit."""
    for folder in (out, out / "results", out / "feedback"):
        for left in folder.glob(f"{NEW}*"):
            if left.is_file() and not left.is_symlink():
                left.unlink(missing_ok=True)
    kits.sweep(out)


def current(submission: Submission, settings: Settings) -> bool:
    """Whether the stored result is what grading it now would give."""
    result, key, reason = stored(result_file(submission, settings)), "", ""
    if result is None or result["reason"].startswith("the grader failed"):
        return False
    try:
        key = hashlib.sha256(submissions.content_of(submission)).hexdigest()
    except Unreadable as why:
        reason = str(why)
    return result["key"] == f"{key}-{settings.mark}" and (bool(key) or result["reason"] == reason)


def result_file(submission: Submission, settings: Settings) -> Path:
    return Path(settings.out, "results", f"{slug(submission)}.json")


def work(submission: Submission, settings: Settings) -> dict:
    """In a worker: grade and store; the page and the table are made from what is stored."""
    result = one(submission, settings)
    write(result_file(submission, settings), json.dumps(result) + "\n")
    return {"status": result["status"]}


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


def run(todo: list[Submission], settings: Settings, workers: int, progress) -> None:
    """Grade them all; `progress()` is called after each.

    Those over which a worker died are tried again, alone, so that the guilty costs no other one
    its result.
    """
    suspects = spread(todo, settings, workers, progress)
    for submission in suspects:
        if spread([submission], settings, 1, progress) and spread(
                [submission], settings, 1, progress):
            give_up(submission, settings)
            progress()


def spread(todo: list[Submission], settings: Settings, workers: int, progress) -> list[Submission]:
    """Grade them in so many processes; return those that were at work when a process died."""
    context, waiting, suspects = multiprocessing.get_context("spawn"), list(reversed(todo)), []
    pinned = sys.platform == "linux" and 1 < workers <= len(os.sched_getaffinity(0))
    start = (os.getpid(), MEMORY, settings.kit if pinned else "")
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
                            running[pool.submit(work, waiting[-1], settings)] = waiting[-1]
                        waiting.pop()
                    for future in wait(running, return_when=FIRST_COMPLETED)[0]:
                        future.result()
                        del running[future]
                        progress()
            except BrokenProcessPool:
                suspects += running.values()
            except BaseException:  # to be stopped: what is at work is not waited for
                for process in multiprocessing.active_children():
                    if process not in others:
                        process.kill()
                pool.shutdown(cancel_futures=True)
                raise
    return suspects


def give_up(submission: Submission, settings: Settings) -> None:
    """A worker died over it each time: say so."""
    result = {**ungraded(submission, settings),
              "reason": "the grader failed: its process ended each time",
              "key": f"-{settings.mark}", "seconds": 0}
    write(result_file(submission, settings), json.dumps(result) + "\n")
