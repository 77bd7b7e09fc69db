"""The d2lmini that a submission finds inside the sandbox: without the answers.

A copy of the package in which `exercises` and `grading` are stubs, and in which the functions that
a lesson's exercises ask to write raise a clear error, so that there is nothing to be read either.
`make` writes one for each lesson into a folder of its own, `remove` takes it away.
"""

from __future__ import annotations

import ast
import compileall
import os
import re
import shutil
import tempfile
from pathlib import Path

from ... import exercises
from ...exercises import bans
from .bubblewrap import FOREIGN

PACKAGE = Path(__file__).parents[2]
MARK, PREFIX = "made-by-the-grader", ".d2lmini-packages-"
INSIDE = {"grading/sandbox/child.py": "child.py", "grading/sandbox/shell.py": "_shell.py",
          "exercises/ask.py": "_ask.py", "exercises/bans.py": "_bans.py"}
STUB = '''"""Stands in for the exercises while a notebook is graded: nothing is checked here."""


def check(*args, **options):
    return None


hint = score = check


class CheckFailed(AssertionError):
    pass
'''

ABSENT = """raise ModuleNotFoundError(
    f"{__name__} is not available while a notebook is graded", name=__name__)
"""


def make(out: Path, lessons=exercises.LESSONS) -> str:
    """The packages of the lessons, in a new folder below `out`."""
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=out)
    Path(folder, MARK).touch()
    try:
        build(Path(folder), lessons)
    except BaseException:
        remove(folder)
        raise
    return folder


def remove(folder: str | Path) -> None:
    """Remove a folder that `make` made, and nothing else; also one of a run that was killed."""
    if Path(folder, MARK).is_file() and not os.path.islink(folder):
        shutil.rmtree(folder, ignore_errors=True)


def build(folder: Path, lessons) -> None:
    """Write the package, and what runs beside it, into a folder for each lesson, compiled."""
    whole = folder / "whole"
    build_whole(whole)
    for lesson in lessons:
        shutil.copytree(whole, folder / lesson, copy_function=os.link)
        every = [ban for exercise in exercises.exercises(lesson) for ban in exercise.bans]
        for path in strip_all(folder / lesson / "d2lmini", every):
            compileall.compile_file(path, quiet=2, force=True)
    shutil.rmtree(whole)
    if os.geteuid() == 0:  # inside it is read by another user, see bubblewrap.py
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def build_whole(folder: Path) -> None:
    """The same for all lessons: the package without what gives answers away."""
    shutil.copytree(PACKAGE, folder / "d2lmini", ignore=shutil.ignore_patterns(
        "tools", *bans.NO_PART))
    for name in ("exercises", "grading"):
        (folder / "d2lmini" / name).mkdir()
        (folder / "d2lmini" / name / "__init__.py").write_text(STUB)
    for name in FOREIGN:
        (folder / f"{name}.py").write_text(ABSENT)
    for name, file in INSIDE.items():
        shutil.copy(PACKAGE / name, folder / file)
    compileall.compile_dir(folder, quiet=2)


def strip_all(package: Path, lesson_bans: list[str]) -> list[Path]:
    """Put an error into the place of every function, class or method that is banned.

    By the rule of exercises/bans.py, which `check` follows, too. Returns the files that were
    changed.
    """
    library, changed = bans.Library(lesson_bans), []
    begins = re.compile(rf"\b(def|class)\s+({'|'.join(library.names)})\b")
    for path in sorted(package.rglob("*.py") if library.names else ()):
        text = path.read_text(encoding="utf-8")
        if begins.search(text):
            tree = ast.parse(text)
            if strip(tree, library, (path.stem,)):
                path.unlink()  # the other lessons' copies are links to the same file
                path.write_text(ast.unparse(tree), encoding="utf-8")
                changed.append(path)
    return changed


def strip(node: ast.AST, library: bans.Library, places: tuple) -> bool:
    """Empty what is banned in a tree; whether there was any."""
    inner = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return any([strip(child, library, places) for child in inner])
    ban = library.ban(node.name, *places)
    if not ban:
        inside = (node.name, *places) if isinstance(node, ast.ClassDef) else places
        return any([strip(child, library, inside) for child in inner])
    error = f"raise RuntimeError({bans.sentence(ban)!r})"
    if isinstance(node, ast.ClassDef):
        error = f"def __init__(self, *a, **k):\n    {error}"
        node.bases, node.keywords = [], []
    node.body = ast.parse(error).body
    return True
