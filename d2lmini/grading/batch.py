"""Grades all submissions: `run(…)` spreads them over processes, stores each result, and resumes.

A result is one JSON file, written atomically and keyed by all that decides it: the submission, the
seed, the limits and the versions. A second run does only what is missing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import re
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .. import data, exercises
from . import course, names, submissions
from .grade import Grading, result_of
from .names import Submission
from .sandbox import filtered
from .sandbox.sandbox import Limits
from .submissions import Content, Unreadable
from .workers import spread

if sys.platform != "win32":
    import fcntl

PACKAGE = Path(__file__).parents[1]
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
    packages: str = ""  # the folder of the filtered packages

    @property
    def mark(self) -> str:
        """What a result depends on beside the submission; the end of its key."""
        rules = hashlib.sha256(repr((self.limits, self.unsafe)).encode()).hexdigest()[:8]
        return f"{hashed(self.version.encode())}-{self.seed}-{rules}"


def hashed(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:12]


@functools.cache
def version() -> str:
    """All that decides on a mark, in words: two graders with the same give the same marks."""
    def of(folder: Path, pattern: str) -> str:
        paths = sorted(p for p in folder.rglob(pattern) if p.is_file())
        return hashed(*(part for p in paths for part in (p.name.encode(), p.read_bytes())))

    library = hashed(*(part for p in sorted(PACKAGE.rglob("*.py"))
                       if p.relative_to(PACKAGE).parts[0] not in ("exercises", "grading", "tests",
                                                                  "tools")
                       for part in (p.name.encode(), p.read_bytes())))
    folder = data.data_dir()
    return (f"exercises {of(PACKAGE / 'exercises', '*.py')}, solutions "
            f"{of(course.SOLUTIONS, '*.ipynb')}, grader {of(PACKAGE / 'grading', '*.py')}, d2lmini "
            f"{library}, data {of(folder, '*') if folder else 'none'}, NumPy {np.__version__}, "
            f"Python {'.'.join(platform.python_version_tuple()[:2])}")


def differ(here: str, there: str, where: str) -> str:
    """A sentence with the parts of two versions that are not the same; "" if all are."""
    pairs = [(a, b) for a, b in zip(here.split(", "), there.split(", ")) if a != b]
    if here == there:
        return ""
    return (f"{where} has {', '.join(b for _, b in pairs) or there or 'no version'}; here is "
            f"{', '.join(a for a, _ in pairs) or here}. Results of different versions do not go "
            "together: install the same everywhere, and grade anew.")


def slug(submission: Submission) -> str:
    """A file name for the results of a submission: readable, safe, and its own."""
    stem = submission.name.replace("/", "_").removesuffix(".ipynb")
    safe = re.sub(r"[^\w.-]+", "_", stem, flags=re.ASCII).strip("._")[:40] or "_"
    return f"{safe}-{hashlib.sha256(submission.name.encode()).hexdigest()[:20]}"


def write(path: Path, text: str) -> None:
    """Replace the file in one step, so that a power cut leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{NEW}{secrets.token_hex(8)}")
    try:
        with open(new, "x", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def ungraded(submission: Submission, settings: Settings) -> dict:
    """The result of a submission that was not graded; `reason` and the rest are still to come."""
    return {**submission.about(), "seed": settings.seed, "version": settings.version,
            "assignment": "", "lesson": "", "kind": "", "status": "not graded", "score": None,
            "max_score": None, "exercises": [], "fingerprint": [], "remarks": [], "more": []}


def one(submission: Submission, settings: Settings, content: Content | None = None) -> dict:
    """Grade one submission; whatever happens, the result says so.

    A notebook with the exercises of several lessons has the others' results in `more`.
    """
    about, start, key = ungraded(submission, settings), time.monotonic(), ""
    try:
        content = submissions.load(submission) if content is None else content
        key = content.key
        cells = submissions.read(content.notebook)
        if lesson := course.taught(cells):
            about["kind"] = "lesson"
            raise Unreadable(f"this is the lesson {lesson}, not its exercises")
        first, *more = [lesson_result(cells, lesson, content, settings)
                        for lesson in submissions.lessons_of(cells)]
        about.update(first, more=more)
        other = names.other_name(submission.name, first["assignment"]) if not more else ""
        also = ", ".join(part["assignment"] for part in more)
        said = (other, f"files taken along: {', '.join(content.files)}" * bool(content.files),
                f"holds other exercises too: {also}" * bool(also))
        about["remarks"] = [*content.remarks, *first["remarks"], *(("info", s) for s in said if s)]
    except Unreadable as why:
        about["remarks"] = [("unread", str(why))]
    except MemoryError:
        about["remarks"] = [("unread", "the file is not a notebook of usual size: it needs too "
                                       "much memory")]
    except Exception as error:
        about["remarks"] = [("grader", f"the grader failed: {type(error).__name__}: {error}"[:500])]
    return {**about, "reason": reason(about["remarks"]), "key": f"{key}-{settings.mark}",
            "seconds": round(time.monotonic() - start, 3)}


def lesson_result(cells: list, lesson: str, content: Content, settings: Settings) -> dict:
    grading = Grading(cells, lesson, Path(settings.packages, lesson), data.data_dir(),
                      settings.limits, settings.seed, content.key, settings.unsafe, settings.hide,
                      content.files)
    grading.run()
    return result_of(grading)


def reason(remarks) -> str:
    return "; ".join(dict.fromkeys(text for _, text in remarks if text))


def check_solution(lesson: str, settings: Settings) -> str:
    """Grade the reference solution of a lesson; what is wrong with this computer, else ""."""
    (path,) = course.SOLUTIONS.glob(f"{lesson}_*.ipynb")
    result = one(Submission("solution", str(path), path.name), settings)
    if result["status"] == "graded" and result["score"] == result["max_score"]:
        return ""
    wrong = [e["message"] for e in result["exercises"] if not e["right"]]
    lacks = " ".join([result["reason"], *wrong])
    cure = ""
    if re.search("ModuleNotFound|No module|did not start", lacks):
        path = f" (it is {os.environ['PYTHONPATH']})" if "PYTHONPATH" in os.environ else ""
        cure = (" Inside the sandbox are the packages of this Python's own site-packages only: "
                f"install NumPy there, not by PYTHONPATH{path}, a .pth file or the user's "
                "site-packages.")
    elif re.search("data|FileNotFound", lacks):
        cure = f" Are the data complete? They are looked for in {data.data_dir()}."
    return (f"Nothing was graded: on this computer the reference solution of lesson {lesson} does "
            f"not get full marks ({result['score']} of {result['max_score']}). "
            f"{lacks.strip()[:600]}{cure}")


TEXTS = ("student", "notebook", "assignment", "lesson", "status", "reason", "key", "version")
NUMBERS = ("points", "max_points")


def stored(path: Path) -> dict | None:
    """A result of an earlier run; None if there is none that can be read."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        whole = all(isinstance(result[name], str) for name in TEXTS) and result.keys() >= {
            "fingerprint", "seed", "seconds", "time", "owners"}
        for part in (result, *result["more"]):
            whole = whole and all(
                isinstance(row["name"], str) and isinstance(row["kind"], str)
                and all(isinstance(row[n], int | float) for n in NUMBERS)
                and row.keys() >= {"right", "message", "code"} for row in part["exercises"]) and (
                part["status"] != "graded" or part["max_score"] > 0 <= part["score"])
            whole = whole and all(len(remark) == 2 for remark in part["remarks"])
        return result if whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def settings_of(out: Path, seed: int | None, regrade: bool, **options) -> Settings:
    """The settings of a run: an interrupted run is continued with its own seed."""
    old = run_file(out)
    if seed is None:
        seed = old["seed"] if isinstance(old.get("seed"), int) and not regrade else (
            secrets.randbelow(1 << 32))
    settings = Settings(str(out), seed, version(), **options)
    write(out / "run.json", json.dumps({**old, "seed": seed, "version": settings.version}) + "\n")
    return settings


def run_file(out: Path) -> dict:
    """What run.json says of the last run, {} if there was none."""
    try:
        found = json.loads((out / "run.json").read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}


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
    """Remove what a run left that was killed: its unfinished files and its packages."""
    for folder in (out, out / "results", out / "feedback"):
        for left in folder.glob(f"{NEW}*"):
            if left.is_file() and not left.is_symlink():
                left.unlink(missing_ok=True)
    for folder in out.glob(f"{filtered.PREFIX}*"):
        filtered.remove(folder)


def current(submission: Submission, settings: Settings) -> bool:
    """Whether the stored result is what grading it now would give."""
    result, key, why = stored(result_file(submission, settings)), "", ""
    if result is None or any(kind == "grader" for kind, _ in result["remarks"]):
        return False
    try:
        key = submissions.load(submission).key
    except Unreadable as error:
        why = str(error)
    return result["key"] == f"{key}-{settings.mark}" and (bool(key) or result["reason"] == why)


def result_file(submission: Submission, settings: Settings) -> Path:
    return Path(settings.out, "results", f"{slug(submission)}.json")


def store(submission: Submission, settings: Settings, result: dict) -> None:
    write(result_file(submission, settings), json.dumps(result) + "\n")


def work(submission: Submission, settings: Settings) -> None:
    """In a worker: grade and store; the pages and the tables are made from what is stored."""
    store(submission, settings, one(submission, settings))


def check_computer(settings: Settings, workers: int, lessons=exercises.LESSONS) -> None:
    """ValueError if the reference solution of any lesson does not get full marks here."""
    problems = []
    longest = sorted(lessons, key=lambda name: -max(e.training for e in exercises.exercises(name)))
    died = spread(longest, settings, workers, problems.append, check_solution)
    problems += [f"Nothing was graded: the process ended that graded the reference solution of "
                 f"lesson {lesson}." for lesson in died]
    for problem in sorted(filter(None, problems)):
        raise ValueError(problem)


def run(todo: list[Submission], settings: Settings, workers: int, progress: Callable) -> None:
    """Grade them all; `progress(None)` is called after each.

    Those over which a worker died are tried again, alone, so that the guilty costs no other one
    its result.
    """
    for submission in spread(todo, settings, workers, progress, work):
        if spread([submission], settings, 1, progress, work) and spread(
                [submission], settings, 1, progress, work):
            remarks = [("grader", "the grader failed: its process ended each time")]
            store(submission, settings, {
                **ungraded(submission, settings), "remarks": remarks, "reason": reason(remarks),
                "key": f"-{settings.mark}", "seconds": 0})
            progress(None)
