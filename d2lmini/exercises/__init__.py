"""Exercises that answer at once: `check("softmax")`, `hint("softmax")`, `score()`.

`check` finds what you wrote, tries it with fixed and random inputs, and says in one or two
sentences whether it is right, or what went wrong. Nothing leaves your computer, and nothing is
stored: after a restart of the kernel, run the notebook again.
"""

from __future__ import annotations

import difflib
import importlib
import re
import secrets
import sys

import numpy as np

from . import ask, bans
from .judge import _d2l_tensor, judge
from .spec import Exercise

__all__ = ["CheckFailed", "check", "hint", "score"]

LESSONS = ("00", "01", "02", "03", "04", "05", "06", "07", "08")
_results: dict[str, tuple[bool, float, str]] = {}  # by name: right, points, message
_hints: dict[str, int] = {}


class CheckFailed(AssertionError):
    """The answer is not right yet; the message says why. Jupyter shows it without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def exercises(lesson: str) -> list[Exercise]:
    """The exercises of a lesson, such as "05", in order."""
    return importlib.import_module(f"{__name__}.lesson_{lesson}").EXERCISES


def find(name: str) -> tuple[str, Exercise]:
    """The lesson and the exercise of this name; CheckFailed if there is none."""
    everything = {e.name: (lesson, e) for lesson in LESSONS for e in exercises(lesson)}
    if name in everything:
        return everything[name]
    near = difflib.get_close_matches(str(name), everything, 1)
    raise CheckFailed(f"There is no exercise {name!r}." +
                      (f" Did you mean {near[0]!r}?" if near else ""))


def check(name: str, points: float = 0, *, seed: int | None = None) -> None:
    """Try the answer to the exercise `name`, print a line if it is right, else raise CheckFailed.

    The answer is looked for in the notebook that calls. `points` is what it is worth; score() adds
    them up. Some inputs are random: `seed` repeats them, and the message tells it.
    """
    _, exercise = find(name)
    seed = secrets.randbelow(10_000) if seed is None else seed
    verdict = try_answer(exercise, sys._getframe(1).f_globals, seed)
    _results[name] = verdict.right, points, verdict.message
    if not verdict.right:
        again = f' Repeat this input with check("{name}", seed={seed}).'
        raise CheckFailed(verdict.message + again * (verdict.case >= len(exercise.fixed)))
    print(verdict.message)


def try_answer(exercise: Exercise, space: dict, seed: int | None = None):
    """The verdict on the functions in `space`, a notebook's names."""
    names = {name: space[name] for name in exercise.references if name in space}
    missing = [name for name in exercise.references if name not in names]
    away = bans.of_library(bans_around(exercise)) + bans.of_numpy(exercise.bans)

    def answer(asked):
        if missing:
            return {"status": "missing", "name": missing[0]}
        with bans.taken_away(away):
            return ask.respond(names, asked, exercise.seconds, _d2l_tensor)

    return judge(exercise, answer, np.random.default_rng(seed))


def bans_around(exercise: Exercise) -> list[str]:
    """The bans of the exercise, and of all exercises in its lesson."""
    whole = [exercises(lesson) for lesson in LESSONS]
    mine = [e for every in whole for e in every if any(x.name == exercise.name for x in every)]
    return list(dict.fromkeys(ban for e in (exercise, *mine) for ban in e.bans))


def hint(name: str) -> None:
    """Print the next hint to the exercise `name`; after the last, begin again."""
    _, exercise = find(name)
    if not exercise.hints:
        print(f"{name}: there is no hint to this one.")
        return
    number = _hints.get(name, 0) % len(exercise.hints)
    _hints[name] = number + 1
    print(f"{name}, hint {number + 1} of {len(exercise.hints)}: {exercise.hints[number]}")


def score() -> None:
    """Print the points of each exercise that was checked since the kernel was started."""
    lessons = sorted({find(name)[0] for name in _results})
    if not lessons:
        print("No exercise has been checked yet. Run the cells with check(...).")
    for lesson in lessons:
        print(f"Lesson {lesson}")
        total = earned = 0.0
        for exercise in exercises(lesson):
            right, points, message = _results.get(exercise.name, (False, 0.0, "not checked yet"))
            reason = "right" if right else re.sub(r"^\W*\w+: ", "", message).split(". ")[0][:60]
            total, earned = total + points, earned + points * right
            of = f"{points * right:3.0f} of {points:3.0f}" if points else " " * 10
            print(f"  {exercise.name:24} {of}  {reason}")
        print(f"  {'together':24} {earned:3.0f} of {total:3.0f}")
