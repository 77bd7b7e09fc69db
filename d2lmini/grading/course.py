"""What was handed out: the points of each exercise, and whether a notebook is more than that.

A notebook may be a lesson instead of its exercises, the untouched handout, or the official
solution; all are told by their code, token by token, whatever they are called.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

from .. import exercises
from . import similar, submissions
from .submissions import Cell

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"
LONG_ENOUGH = 12  # tokens; shorter cells, such as imports, say nothing


@functools.cache
def points_of(lesson: str) -> tuple[str, dict[str, float]]:
    """The assignment's name, and the points of each exercise, from the solution notebook."""
    (path,) = SOLUTIONS.glob(f"{lesson}_*.ipynb")
    points = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        tag = cell["metadata"].get("nbgrader", {})
        if tag.get("grade"):
            points[tag["grade_id"].removeprefix("test_")] = tag["points"]
    return path.stem, points


def plain(source: str) -> str:
    return " ".join(similar.tokens(source))


@functools.cache
def code_in(folder: str, lesson: str) -> frozenset[str]:
    """The code in the course's own notebook of a lesson."""
    return frozenset(code_of(cells_of(folder, lesson)))


def code_of(cells) -> set[str]:
    """The code of the cells that are long enough to tell notebooks apart, without layout."""
    texts = (plain(c.source) for c in cells[:300]
             if c.kind == "code" and not c.locked and len(c.source) < 3_000)
    return {text for text in texts if text.count(" ") >= LONG_ENOUGH}


@functools.cache
def cells_of(folder: str, lesson: str) -> tuple[Cell, ...]:
    """The cells of the course's own notebook of a lesson, in notebooks/ or a folder of it."""
    paths = sorted((NOTEBOOKS / folder).glob(f"{lesson}_*.ipynb"))
    return tuple(c for path in paths for c in submissions.read(path.read_bytes()))


@functools.cache
def given(lesson: str) -> frozenset[str]:
    """The runs of tokens that the student's copy of a lesson's exercises holds."""
    return frozenset().union(*(similar.runs(c.source) for c in cells_of("exercises", lesson)))


def taught(cells: list[Cell]) -> str:
    """The name of the lesson that a notebook is, instead of exercises; "" if it is none."""
    code = set() if any(cell.locked for cell in cells) else code_of(cells)
    for lesson in exercises.LESSONS if code else ():
        if len(code & code_in("", lesson)) > len(code) / 2:
            return points_of(lesson)[0]
    return ""


def kind_of(lesson: str, code: dict[str, str]) -> str:
    """ "handout", "solution" or "work", from the code of each answer."""
    own = {name: plain(text) for name, text in code.items()}
    if own == answers("exercises", lesson):
        return "handout"
    written, official = {n: t for n, t in own.items() if t}, answers("solutions", lesson)
    same = all(text == official[name] for name, text in written.items())
    return "solution" if same and len(written) > len(own) / 2 else "work"


@functools.cache
def answers(folder: str, lesson: str) -> dict[str, str]:
    """The answer to each exercise in the course's own notebook, without layout."""
    found = submissions.definitions(list(cells_of(folder, lesson)))
    return {e.name: plain(submissions.answer(found, e)) for e in exercises.exercises(lesson)}
