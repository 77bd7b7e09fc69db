"""How an exercise is written down for its judge: `Exercise`, `Mistake`, `Case`, `Code`.

What the learner reads (statement, stub, points) stands in notebooks/solutions; here stands what
judges it. A lesson's module holds a list EXERCISES. Read next: judge.py, then lesson_05.py for an
example; notebooks/exercises/README.md shows how to add one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .ask import Code

__all__ = ["Case", "Code", "Exercise", "Mistake"]


@dataclass(frozen=True)
class Case:
    """A program, such as "softmax(logits)", and its arguments by name.

    then(value, args) makes of the program's value what is compared. It runs on the judge's side:
    what a program itself computes could be forged by the learner's objects. The learner reads
    `shown` in the place of the program, and `slow` if it does not end in time.
    """

    program: str
    args: dict
    then: Callable | None = None
    shown: str = ""
    slow: str = "Does its loop come to an end?"


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, and the sentence that helps.

    Recognized by `like`, a function that makes the same mistake (it stands in the reference's
    place and its result is compared with the learner's), or by `when(got, want, args)`. A sentence
    that calls the rest right has a `part`, the index of the one part of the result it speaks of:
    it is only said where the first thing that is wrong are numbers of this part.
    """

    says: str
    like: Callable | None = None
    when: Callable | None = None
    part: int | None = None


@dataclass(frozen=True)
class Exercise:
    """What the judge of one exercise knows.

    name       the name that check(name) is given, and the grade_id of the answer cell
    reference  a right function, or {name: function or class} where several are to be written
    program    how it is called; the names in it are the reference's and the arguments'
    fixed      arguments to try first, the simplest first: dicts, or Cases with their own program
    random     random(rng) -> arguments (a dict or a Case); called `tries` times
    then       see Case; for the cases that are given as plain arguments
    mistakes   the first that is recognized gives its sentence
    hints      from a nudge to almost the answer
    bans       what the exercise asks to write: "functional.softmax" (taken away in the whole
               lesson, everything in d2lmini that has this name), "np.var" (in this exercise)
    changes    arguments that the learner's code is meant to change in place
    exact      True if 1.0 for 1 and float32 for float64 are wrong answers (dtype is the point)
    """

    name: str
    reference: Callable | dict
    program: str
    fixed: list
    random: Callable[[np.random.Generator], dict | Case] | None = None
    then: Callable | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    bans: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    exact: bool = False
    tries: int = 8
    rtol: float = 1e-5
    atol: float = 1e-7
    seconds: float = 3.0

    @property
    def references(self) -> dict:
        """The right functions by name; their names are what the learner must define."""
        return self.reference if isinstance(self.reference, dict) else {self.name: self.reference}

    def cases(self, rng: np.random.Generator) -> list[Case]:
        """All the fixed inputs, then random ones."""
        drawn = [self.random(rng) for _ in range(self.tries)] if self.random else []
        return [c if isinstance(c, Case) else Case(self.program, c, self.then)
                for c in (*self.fixed, *drawn)]
