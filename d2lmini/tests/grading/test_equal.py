"""`check` in the learner's kernel and the grader give the same verdict for the same work.

Every case of the exercises' own tests goes through both: each typical mistake, each text, right
answers, the solution, a blank and a missing answer.
"""

import dataclasses
import inspect
import linecache
import sys
from pathlib import Path

import pytest

from d2lmini import exercises
from d2lmini.data import data_dir
from d2lmini.exercises import spec
from d2lmini.grading.grade import Grading, seed_of
from d2lmini.grading.sandbox.sandbox import Limits
from d2lmini.grading.submissions import Cell
from d2lmini.tests.exercises import test_exercises as suite
from d2lmini.tests.grading.handin import with_sandbox
from d2lmini.tools import generate

# The files of the exercises as modules of a learner's, without d2lmini.exercises around them.
LOADER = """
import importlib, importlib.abc, importlib.util, sys
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name in SOURCES:
            return importlib.util.spec_from_loader(name, self, is_package=name in (
                "files", "files.lesson"))
    def exec_module(self, module):
        exec(SOURCES[module.__name__], vars(module))
sys.meta_path.insert(0, Finder())
def put(name, number):
    exercise = importlib.import_module("files.lesson." + name).EXERCISE
    right = exercise.a[0] if isinstance(exercise.a[0], tuple) else exercise.a[:1]
    called = [f.__name__ for f in right] if len(right) > 1 else [name]
    made = dict(zip(called, right))
    if number >= 0:
        mistake = exercise.k["mistakes"][number]
        wrong = (*mistake.a, *mistake.k.values())[1]
        made.update(wrong if isinstance(wrong, dict) else {called[0]: wrong})
    globals().update(made)
"""
SPEC = """
import numpy as np
class Kept:
    def __init__(self, *a, **k):
        self.a, self.k = a, k
Case = Code = Exercise = Mistake = Kept
"""


def loading(lesson):
    """The cell that brings a lesson's files into the notebook."""
    folder = Path(exercises.__file__).parent / f"lesson_{lesson}"
    sources = {f"files.lesson.{p.stem}": p.read_text("utf-8") for p in folder.glob("*.py")}
    sources |= {"files": "", "files.lesson": "", "files.spec": SPEC + inspect.getsource(spec.same)}
    return f"SOURCES = {sources!r}\n{LOADER}"


@pytest.fixture(autouse=True)
def clean():
    """The loading cell is run in this process, too."""
    before = list(sys.meta_path)
    yield
    sys.meta_path[:] = before
    for name in [n for n in sys.modules if n.split(".")[0] == "files"]:
        del sys.modules[name]


def cases(lesson):
    """(exercise, cell, what it is) of all cases of a lesson."""
    for exercise in exercises.exercises(lesson):
        names = list(exercise.references)
        yield exercise, f"for _name in {names}:\n    globals().pop(_name, None)", "missing"
        solution = suite.answer_cell(lesson, exercise)
        blank = generate.REGION.sub(lambda m: m[1] + generate.STUB.format(indent=m[1]), solution)
        yield exercise, blank, "blank"
        yield exercise, solution, "solution"
        for text in suite.bank(lesson).RIGHT[exercise.name]:
            yield exercise, text, "right"
        for name, _, old, new in suite.TEXTS:
            if name == exercise.name:
                yield exercise, solution.replace(old, new), "text"
        first = -1 if exercise.fixed else 0  # else the reference looks answers up that it made
        for number in range(first, len(exercise.mistakes)):
            yield exercise, f"put({exercise.name!r}, {number})", f"mistake {number}"


@with_sandbox
@pytest.mark.parametrize("lesson", exercises.LESSONS)
def test_check_and_the_grader_agree(lesson, packages):
    every = list(cases(lesson))
    cells = [*suite.set_up(lesson), loading(lesson), *(source for _, source, _ in every)]
    grading = Grading([Cell(source) for source in cells], lesson, Path(packages, lesson),
                      data_dir(), Limits(total=3000, cell=60), 1, "key")
    space, kinds = {"__name__": "__main__"}, set()
    try:
        for number, source in enumerate(cells):
            grading.run_cell(number)
            name = f"<cell {number}>"
            linecache.cache[name] = len(source), None, source.splitlines(True), name
            exec(compile(source, name, "exec"), space)
            if number < len(cells) - len(every):
                assert grading.errors[number] == "", grading.errors[number]
                continue
            exercise, _, what = every[number - len(cells) + len(every)]
            exercise = dataclasses.replace(exercise, seconds=exercise.seconds / 3)
            there = grading.ask(exercise, number + 1)
            here = exercises.try_answer(exercise, space, seed_of(1, "key", exercise.name, 0))
            assert (here.right, here.kind, here.case) == (there.right, there.kind, there.case), (
                exercise.name, what, here.message, there.message)
            assert here.right == (what in ("solution", "right", "mistake -1")), (what, here.message)
            if "mistake" not in what:
                assert here.message == there.message
            kinds.add(here.kind)
    finally:
        grading.stop()
    assert kinds >= {"right", "missing", "value"}
