"""The d2lmini that a submission finds inside the sandbox: without the answers.

A copy of the package in which `exercises` and `grading` are stubs, and in which the functions that
a lesson's exercises ask to write raise a clear error, so that there is nothing to be read either.
"""

from __future__ import annotations

import ast
import compileall
import shutil
from pathlib import Path

from .. import exercises
from .walls import FOREIGN

PACKAGE = Path(__file__).parents[1]
LEFT_OUT = ("exercises", "grading", "tests", "course", "bench", "__pycache__")
STUB = '''"""Stands in for the exercises while a notebook is graded: nothing is checked here."""


def check(*args, **options):
    return None


hint = score = check


class CheckFailed(AssertionError):
    pass
'''

ABSENT = '''"""Stands in for a package that is not there while a notebook is graded."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise RuntimeError(f"{__name__} is not there while a notebook is graded.")
'''


def build(folder: Path, lessons) -> None:
    """Write the package, child.py and ask.py into a folder for each lesson, compiled."""
    whole = folder / "whole"
    build_whole(whole)
    for lesson in lessons:
        shutil.copytree(whole, folder / lesson)
        changed = {path for exercise in exercises.exercises(lesson) for ban in exercise.bans
                   for path in remove(folder / lesson / "d2lmini", ban)}
        for path in changed:
            compileall.compile_file(path, quiet=2, force=True)
    shutil.rmtree(whole)


def build_whole(folder: Path) -> None:
    """The same for all lessons: the package without what gives answers away."""
    shutil.copytree(PACKAGE, folder / "d2lmini", ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name in ("exercises", "grading"):
        (folder / "d2lmini" / name).mkdir()
        (folder / "d2lmini" / name / "__init__.py").write_text(STUB)
    for name in FOREIGN:
        (folder / f"{name}.py").write_text(ABSENT)
    shutil.copy(PACKAGE / "grading" / "child.py", folder)
    shutil.copy(PACKAGE / "exercises" / "ask.py", folder)
    compileall.compile_dir(folder, quiet=2)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)


def remove(package: Path, ban: str) -> list[Path]:
    """Put an error into the place of every function, class or method called as `ban` ends.

    Returns the files that were changed.
    """
    module, _, name = ban.rpartition(".")
    changed = []
    if module.split(".")[0] in ("np", "numpy", "math"):
        return changed
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if name not in text:
            continue
        tree = ast.parse(text)
        hit = [node for node in ast.walk(tree) if getattr(node, "name", None) == name
               and isinstance(node, ast.FunctionDef | ast.ClassDef)]
        if not hit:
            continue
        error = (f'raise RuntimeError("in this exercise you write it yourself: {ban} is not '
                 'allowed.")')
        for node in hit:
            if isinstance(node, ast.ClassDef):
                init = ast.parse(f"def __init__(self, *a, **k):\n    {error}").body
                node.body, node.bases, node.keywords = init, [], []
            else:
                node.body = ast.parse(error).body
        path.write_text(ast.unparse(tree), encoding="utf-8")
        changed.append(path)
    return changed
