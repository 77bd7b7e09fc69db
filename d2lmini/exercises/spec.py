"""How an exercise is written down for its judge: `Exercise`, `Mistake`, `Case`, `Code`.

What the learner reads (statement, stub, points) stands in notebooks/solutions; what judges it, in
one file for each exercise: lesson_05/softmax.py is a good one to read next, then judge.py.
notebooks/exercises/README.md shows how to add one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .ask import Code

__all__ = ["Case", "Code", "Exercise", "Mistake", "same"]


@dataclass(frozen=True)
class Case:
    """A program, such as "softmax(logits)", and its arguments by name.

    What is compared is the program's value, or `view(value, args)` of it. A view runs on the
    judge's side: what a program itself computes could be forged by the learner's objects. The
    learner reads `shown` instead of the program, and `slow` if it does not end in time.
    """

    program: str
    args: dict
    view: Callable | None = None
    shown: str = ""
    slow: str = "Does its loop come to an end?"


@dataclass(frozen=True)
class Mistake:
    """A common mistake, and the sentence that helps.

    `wrong` makes the mistake: a function that is put in the place of the (first) reference, or
    {name: function}. It is recognized by its result; where many wrong answers share one cause, by
    `when(got, want, args)`, and then `wrong` is an example. With `part`, only this part of the
    result is looked at, and only if the first thing that is wrong are numbers in it.
    """

    says: str
    wrong: Callable | dict
    when: Callable | None = None
    part: int | None = None


@dataclass(frozen=True)
class Exercise:
    """What the judge of one exercise knows.

    reference  the right function or class, or a tuple of those that are to be written
    fixed      arguments to try first, the simplest first: dicts, or Cases with their own program
    random     random(rng) -> arguments (a dict or a Case); called `tries` times
    program    how it is called; by default the reference with its positional arguments
    view       see Case; for the cases that are given as plain arguments
    mistakes   the first that is recognized gives its sentence
    hints      from a nudge to almost the answer
    bans       what the exercise asks to write: "functional.softmax" (banned in the whole lesson,
               everything in d2lmini that has this name), "np.var" (in this exercise)
    changes    arguments that the learner's code is meant to change in place
    training   seconds that the grader gives a cell of this lesson beyond its limit, to train in
    exact      True if 1.0 for 1 and float32 for float64 are wrong answers (dtype is the point)
    name       that of the file and of check(name); by default the (first) reference's
    """

    reference: Callable | tuple
    fixed: list
    random: Callable[[np.random.Generator], dict | Case] | None = None
    program: str = ""
    view: Callable | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    bans: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    exact: bool = False
    tries: int = 8
    rtol: float = 1e-5
    atol: float = 1e-7
    seconds: float = 3.0
    training: float = 0.0
    name: str = ""

    def __post_init__(self):
        functions = self.reference if isinstance(self.reference, tuple) else (self.reference,)
        first = functions[0]
        positional = [p.name for p in inspect.signature(first).parameters.values()
                      if p.kind is p.POSITIONAL_OR_KEYWORD]
        set_ = object.__setattr__
        set_(self, "name", self.name or first.__name__)
        set_(self, "program", self.program or f"{self.name}({', '.join(positional)})")
        names = [self.name] if len(functions) == 1 else [f.__name__ for f in functions]
        set_(self, "references", dict(zip(names, functions)))

    def cases(self, rng: np.random.Generator) -> list[Case]:
        """All the fixed inputs, then random ones."""
        drawn = [self.random(rng) for _ in range(self.tries)] if self.random else []
        return [c if isinstance(c, Case) else Case(self.program, c, self.view)
                for c in (*self.fixed, *drawn)]


def same(a, b) -> bool:
    """Whether two arrays or numbers agree in shape and value, for a Mistake's `when`."""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b))
