"""Grades one submission: `Grading(…).run()` gives the verdicts, `result_of` the plain result.

Cells are run in order inside the sandbox. Where a test cell stood, its exercise's questions are
asked; where the student deleted it, at the end. The judge is the one that `check` uses, in this
process; the inputs are drawn anew from the seed.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import hashlib
import json
import re
import time
import warnings
from pathlib import Path

import numpy as np

from .. import exercises
from ..exercises.judge import Verdict, judge
from ..exercises.spec import Exercise
from . import similar
from .sandbox.sandbox import Died, Limits, Sandbox
from .submissions import Cell

SOLUTIONS = Path(__file__).parents[2] / "notebooks" / "solutions"
MAX_STARTS, MAX_TRIES = 6, 8
MORE = " (--seconds gives more)"
KINDS = {
    "value": "a wrong value", "shape": "a wrong shape", "type": "a wrong type",
    "dtype": "a wrong dtype", "error": "an error", "slow": "no end in time",
    "changed": "an input changed in place", "nothing": "None", "missing": "no function",
    "banned": "a function that is not allowed", "ended": "the process ended",
    "exit": "the process ended", "memory": "too much memory", "flood": "too much output",
    "garbled": "no readable answer"}


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


def seed_of(seed: int, key: str, name: str, attempt: int) -> int:
    """Each attempt has inputs of its own: with the same again, one could feel one's way."""
    return int(hashlib.sha256(f"{seed}/{key}/{name}/{attempt}".encode()).hexdigest()[:15], 16)


class Grading:
    """One submission on its way through the sandbox."""

    def __init__(self, cells: list[Cell], lesson: str, course: Path, data: Path | None,
                 limits: Limits, seed: int, key: str, unsafe: bool = False, hide: tuple = (),
                 begin: float | None = None):
        self.cells, self.lesson, self.limits = cells, lesson, limits
        self.seed, self.key = seed, key
        self.deadline = (time.monotonic() if begin is None else begin) + limits.total
        self.options = {"course": course, "data": data, "limits": limits, "unsafe": unsafe,
                        "deadline": self.deadline, "hide": hide}
        self.every = {e.name: e for e in exercises.exercises(lesson)}
        self.verdicts: dict[str, Verdict] = {}
        self.tries: dict[str, int] = dict.fromkeys(self.every, 0)
        self.skipped: dict[int, str] = {}  # cells that ended the process, and how
        self.starts, self.sandbox = 0, None
        self.found = definitions(cells)
        self.errors: dict[int, str] = {}  # of the cells, in one line
        # What has been used up must leave time for the other exercises.
        self.cells_left = limits.total / 2
        self.left = dict.fromkeys(self.every, limits.total / 4)
        self.cut: set[str] = set()  # exercises that were stopped because of that
        self.remarks: list[str] = []

    def run(self) -> dict[str, Verdict]:
        """The verdict on every exercise."""
        try:
            for number in range(len(self.cells)):
                self.run_cell(number)
                for name in self.cells[number].tests:
                    self.test(name, number + 1)
            for name in sorted(self.every, key=self.cut.__contains__):  # those come last
                verdict = self.verdicts.get(name)
                late = self.tries[name] > MAX_TRIES
                if name in self.cut:
                    self.left[name] = self.deadline - time.monotonic()
                if verdict is None or verdict.kind == "missing" or late or name in self.cut:
                    self.test(name, len(self.cells), last=True)
        except Died as died:
            untried = [name for name in self.every if name not in self.verdicts]
            for name in untried:
                self.verdicts[name] = Verdict(
                    False, f"✗ {name}: the submission was stopped: {died}.", died.kind)
            if untried:
                why = f"after {self.limits.total:g} s{MORE}" if died.kind == "slow" else str(died)
                self.remarks.append(f"stopped, {why}; exercises not tried: {len(untried)}")
        finally:
            self.stop()
        return self.verdicts

    @property
    def reason(self) -> str:
        """What the lecturer must know of a submission that had too little time, else ""."""
        remarks = list(self.remarks)
        if self.cut:
            remarks.append(f"stopped in {', '.join(sorted(self.cut))}{MORE}")
        if self.cells_left < 0:
            remarks.append(f"its cells took more than {self.limits.total / 2:g} s{MORE}")
        return "; ".join(remarks)

    def stop(self):
        if self.sandbox is not None:
            self.sandbox.close()
            self.sandbox = None

    def start(self, before: int) -> Sandbox:
        """A sandbox in which the cells before that one have been run."""
        if self.sandbox is None:
            self.starts += 1
            if self.starts > MAX_STARTS:
                raise Died("ended", f"it had to be started more than {MAX_STARTS} times")
            self.sandbox = Sandbox(**self.options)
            try:
                self.sandbox.ready()
            except Died as died:
                raise Died("slow", self.too_long()) from died
            for number in range(before):
                self.run_cell(number)
        return self.sandbox or self.start(before)  # a cell may have ended it

    def too_long(self) -> str:
        return f"it took more than {self.limits.total:g} seconds"

    def run_cell(self, number: int) -> None:
        cell = self.cells[number]
        if number in self.skipped or cell.locked or not cell.source.strip():
            return
        sandbox, begin = self.start(number), time.monotonic()
        seconds = round(min(self.limits.cell, max(1.0, self.cells_left)), 1)
        try:
            reply = sandbox.send(seconds + 2, do="run", source=cell.source, number=number,
                                 seconds=seconds)
            self.errors[number] = " ".join(str(reply.get("error") or "").split())[:200]
        except Died as died:
            self.stop()
            if time.monotonic() >= self.deadline:
                raise Died("slow", self.too_long()) from died
            self.skipped[number] = died.kind
            self.errors[number] = str(died)
        finally:
            self.cells_left -= time.monotonic() - begin

    def test(self, name: str, before: int, last: bool = False) -> None:
        """Ask for one exercise, with the state after the cells before that one.

        Of a test that stands there again and again only the first few count, and the last.
        """
        exercise, old = self.every.get(name), self.verdicts.get(name)
        if exercise is None or (old is not None and old.right):
            return
        self.tries[name] += 1
        if self.tries[name] > MAX_TRIES and not last:
            return
        verdict = self.ask(exercise, before)
        if verdict.case < len(exercise.fixed) and (why := self.why(exercise, verdict, before)):
            verdict = dataclasses.replace(verdict, message=f"{verdict.message} {why}")
        if old is None or verdict.right or old.kind == "missing":
            self.verdicts[name] = verdict

    def why(self, exercise: Exercise, verdict: Verdict, before: int) -> str:
        """A sentence if the answer, or a name that it uses, is missing because a cell failed."""
        names = list(exercise.references) if verdict.kind == "missing" else re.findall(
            r"NameError.*name '(\w+)' is not defined", verdict.message)
        for number in reversed(range(before if names else 0)):
            cell, error = self.cells[number], self.errors.get(number, "")
            if (cell.locked or error) and any(defines(cell.source, name) for name in names):
                return ("The cell that defines it did not run to its end: "
                        f"{error.rstrip('.')}." if error else "It stands in a test cell, whose "
                        "code is not run: write it in the cell above.")
        return ""

    def ask(self, exercise: Exercise, before: int) -> Verdict:
        rng = np.random.default_rng(seed_of(self.seed, self.key, exercise.name,
                                            self.tries[exercise.name]))
        sandbox, begin = self.start(before), time.monotonic()
        end = begin + self.left[exercise.name]

        def answer(question: dict) -> dict:
            seconds = min(exercise.seconds, max(0.1, end - time.monotonic()))
            return clean(sandbox.ask(token, question, seconds))

        try:
            token = sandbox.begin(names=list(exercise.references), bans=list(exercise.bans))
            verdict = judge(exercise, answer, rng)
            sandbox.end(token)
            if verdict.kind != "slow" or time.monotonic() < end:
                self.cut.discard(exercise.name)
                return verdict
            self.cut.add(exercise.name)
            return Verdict(False, f"✗ {exercise.name}: its answers to all questions together took "
                                  f"more than {self.limits.total / 4:g} seconds.", "slow")
        except Died as died:
            if died.kind != "exit":  # the copy ended, but the process itself goes on
                self.stop()
            if time.monotonic() >= self.deadline:
                raise Died("slow", self.too_long()) from died
            return Verdict(False, f"✗ {exercise.name}: {died}.", died.kind)
        finally:
            self.left[exercise.name] -= time.monotonic() - begin


def clean(answer) -> dict:
    """An answer from the sandbox with nothing in it but what the judge expects."""
    if not isinstance(answer, dict) or answer.get("status") not in (
            "value", "error", "slow", "missing"):
        return {"status": "value", "value": None}
    texts = {key: str(answer[key])[:500] for key in ("type", "text", "line", "name")
             if isinstance(answer.get(key), str)}
    changed = [name for name in answer.get("changed") or () if isinstance(name, str)] if isinstance(
        answer.get("changed"), list) else []
    changed = [name[:80] for name in changed[:20]]
    seconds = answer.get("seconds")
    return {"status": answer["status"], "value": answer.get("value"), "changed": changed,
            "seconds": seconds if type(seconds) in (int, float) and 0 <= seconds < 1e4 else 0,
            **texts}


def defines(source: str, name: str) -> bool:
    """Whether a cell that did not run to its end would have made this name."""
    return bool(re.search(rf"^[ \t]*((async +)?def +|class +|(from|import)\b.*\b){name}\b|"
                          rf"^[ \t]*{name}[ \t]*=[^=]", source, re.M))


def definitions(cells: list[Cell]) -> list[tuple[ast.AST, str]]:
    """The functions and classes in the cells, each with its source."""
    found = []
    for cell in cells:
        lines = cell.source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        tree = parsed(lines) or parsed(["" if line.lstrip()[:1] in ("%", "!", "?") else line
                                        for line in lines])
        for node in tree.body if tree else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                begin = min(n.lineno for n in (node, *node.decorator_list))
                found.append((node, "\n".join(lines[begin - 1:node.end_lineno])))
    return found[-2000:]


def parsed(lines: list[str]) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def feedback_of(exercise: Exercise, verdict: Verdict) -> str:
    """What the student is told: for hidden inputs only the kind of failure."""
    if verdict.right or verdict.case < len(exercise.fixed):
        return verdict.message if len(verdict.message) < 2000 else verdict.message[:2000] + "…"
    kind = KINDS.get(verdict.kind, "a failure")
    return (f"✗ {exercise.name}: right for the inputs that are known, but {kind} for another one. "
            "Run check again a few times: it draws new inputs each time.")


def result_of(found: list[tuple[ast.AST, str]], verdicts: dict[str, Verdict], lesson: str) -> dict:
    """The result of a graded submission, without who handed it in."""
    assignment, points = points_of(lesson)
    rows = []
    for exercise in exercises.exercises(lesson):
        verdict = verdicts[exercise.name]
        code = "\n\n".join(text for node, text in found if node.name in exercise.references)
        rows.append({"name": exercise.name, "points": points[exercise.name] * verdict.right,
                     "max_points": points[exercise.name], "right": verdict.right,
                     "kind": verdict.kind, "message": feedback_of(exercise, verdict),
                     "code": code[:20_000]})
    return {"assignment": assignment, "lesson": lesson, "status": "graded", "reason": "",
            "score": sum(row["points"] for row in rows),
            "max_score": sum(row["max_points"] for row in rows), "exercises": rows,
            "fingerprint": similar.fingerprint("\n".join(row["code"] for row in rows))}

