"""Exercises that answer at once: `check("softmax")`, `hint("softmax")`, `score()`.

`check` finds what you wrote, tries it with fixed and random inputs, and says in one or two
sentences whether it is right, or what went wrong. Nothing leaves your computer, and nothing is
stored: after a restart of the kernel, run the notebook again.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import importlib
import json
import os
import re
import secrets
import sys
from pathlib import Path

import numpy as np

from . import ask, bans
from .judge import Verdict, judge
from .spec import Exercise

__all__ = ["CheckFailed", "check", "hint", "score"]

HERE = Path(__file__).parent
SOLUTIONS = HERE.parents[1] / "notebooks" / "solutions"
LESSONS = tuple(sorted(folder.name.removeprefix("lesson_") for folder in HERE.glob("lesson_??")))
_results: dict[str, tuple[float, Verdict]] = {}  # by name: points, verdict
_hints: dict[str, int] = {}


class CheckFailed(AssertionError):
    """The answer is not right yet; the message says why. Jupyter shows it without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


# --- the exercises: a lesson is a folder, an exercise is a file ---


@functools.cache
def worth(lesson: str) -> dict[str, float]:
    """The exercises of a lesson in order, with their points, as the solution notebook has them.

    Where that is not at hand, as in the browser, it is empty.
    """
    found = {}
    for path in SOLUTIONS.glob(f"{lesson}_*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            tag = cell["metadata"].get("nbgrader", {})
            if tag.get("grade"):
                found[tag["grade_id"].removeprefix("test_")] = tag["points"]
    return found


def names(lesson: str) -> list[str]:
    """The exercises of a lesson: its files, in the notebook's order, else the alphabet's."""
    order = list(worth(lesson))
    found = sorted(path.stem for path in HERE.glob(f"lesson_{lesson}/[!_]*.py"))
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))


@functools.cache
def exercises(lesson: str) -> list[Exercise]:
    """The exercises of a lesson, such as "05", in order."""
    return [importlib.import_module(f"{__name__}.lesson_{lesson}.{name}").EXERCISE
            for name in names(lesson)]


def find(name: str) -> tuple[str, Exercise]:
    """The lesson and the exercise of this name; CheckFailed if there is none."""
    every = {one: lesson for lesson in LESSONS for one in names(lesson)}
    if name in every:
        return every[name], {e.name: e for e in exercises(every[name])}[name]
    near = difflib.get_close_matches(str(name), every, 1)
    raise CheckFailed(f"There is no exercise {name!r}." +
                      (f" Did you mean {near[0]!r}?" if near else ""))


# --- what a learner calls ---


def check(name: str, points: float | None = None, *, seed: int | None = None) -> None:
    """Try the answer to the exercise `name`: print a line if it is right, else raise CheckFailed.

    The answer is looked for in the notebook that calls. `points` is what it is worth (by default
    what the solution notebook says); score() adds them up. Some inputs are random: `seed` repeats
    them, and the message tells it. A stub that was not touched is no failure where a person runs
    the notebook, so that Run All goes on; a program that grades or tests gets its error.
    """
    lesson, exercise = find(name)
    seed = secrets.randbelow(10_000) if seed is None else seed
    verdict = try_answer(exercise, sys._getframe(1).f_globals, seed)
    points = worth(lesson).get(name, 0) if points is None else points
    _results[name] = points, verdict
    if verdict.right or (verdict.blank and _a_person_runs_this()):
        return _say(verdict.message.replace("✗ ", ""))
    again = f' Repeat this input with check("{name}", seed={seed}).'
    raise CheckFailed(verdict.message + again * (verdict.case >= len(exercise.fixed)))


def try_answer(exercise: Exercise, space: dict, seed: int | None = None) -> Verdict:
    """The verdict on the functions in `space`, a notebook's names."""
    mine = {name: space[name] for name in exercise.references if name in space}
    missing = [name for name in exercise.references if name not in mine]
    banned = bans.watched(_lesson_bans(exercise), exercise.bans)

    def answer(asked):
        if missing:
            return {"status": "missing", "name": missing[0]}
        return ask.respond(mine, asked, exercise.seconds, banned=banned)

    return judge(exercise, answer, np.random.default_rng(seed))


def _lesson_bans(exercise: Exercise) -> list[str]:
    """The bans of the exercise, and of all exercises in its lesson."""
    lesson = [e for lesson in LESSONS if exercise.name in names(lesson) for e in exercises(lesson)]
    return [ban for e in (exercise, *lesson) for ban in e.bans]


def _a_person_runs_this() -> bool:
    """Whether the cell was run in a front end with a person before it; False if in doubt.

    Such a front end lets a kernel ask for input(), and says so in each request; nbclient and
    what is made of it (nbgrader, nbconvert, papermill) and nbval do not.
    """
    if any(name.startswith("NBGRADER_") for name in os.environ):
        return False
    if sys.platform == "emscripten":  # the browser
        return True
    with contextlib.suppress(Exception):  # there is no IPython here, or an unknown kernel
        request = sys.modules["IPython"].get_ipython().kernel.get_parent()
        return request["content"]["allow_stdin"] is True
    return False


def hint(name: str) -> None:
    """Print the next hint to the exercise `name`; after the last, begin again."""
    _, exercise = find(name)
    if not exercise.hints:
        return _say(f"{name}: there is no hint for this one.")
    number = _hints.get(name, 0) % len(exercise.hints)
    _hints[name] = number + 1
    _say(f"{name}, hint {number + 1} of {len(exercise.hints)}: {exercise.hints[number]}")


def score() -> None:
    """Print the points of each exercise that was checked since the kernel was started."""
    lessons = sorted({find(name)[0] for name in _results})
    if not lessons:
        _say("No exercise has been checked yet. Run the cells with check(...).")
    for lesson in lessons:
        _say(f"Lesson {lesson}")
        total = earned = 0.0
        for name in names(lesson):
            points, verdict = _results.get(name, (worth(lesson).get(name, 0), None))
            right = verdict is not None and verdict.right
            reason = "right" if right else "not checked yet" if verdict is None else re.sub(
                r"^\W*\w+: ", "", verdict.message).split(". ")[0][:60]
            total, earned = total + points, earned + points * right
            of = f"{points * right:3.0f} of {points:3.0f}" if points else " " * 10
            _say(f"  {name:24} {of}  {reason}")
        _say(f"  {'together':24} {earned:3.0f} of {total:3.0f}")


def _say(text: str) -> None:
    """Print, also where the output cannot show every letter."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("✓", "ok:").encode(encoding, "replace").decode(encoding)
    print(text)
