"""Grades one submission: `Grading(…).run()` gives the verdicts, `result_of` the plain result.

Cells are run in order inside the sandbox. Where a test cell stood, its exercise's questions are
asked; where the student deleted it, at the end. The judge is the one that `check` uses, in this
process; the inputs are drawn anew from the seed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import time
from pathlib import Path

import numpy as np

from .. import exercises
from ..exercises.judge import Verdict, judge
from ..exercises.spec import Exercise
from . import course, similar
from .sandbox.sandbox import Died, Limits, Sandbox
from .submissions import Cell, answer, defines, definitions, with_text

MAX_STARTS, MAX_TRIES = 6, 8
NOT_HERE = re.compile(r"raised ((?:\w*NotFound|Import|OS|Permission|Connection|NotAvailable|URL|"
                      r"HTTP)\w*)\b(.*)", re.S)
MORE = " (--seconds gives more)"
KINDS = {
    "value": "a wrong value", "shape": "a wrong shape", "type": "a wrong type",
    "dtype": "a wrong dtype", "error": "an error", "slow": "no end in time",
    "changed": "an input changed in place", "nothing": "None", "missing": "no function",
    "banned": "a function that is not allowed", "ended": "the process ended",
    "exit": "the process ended", "memory": "too much memory", "flood": "too much output",
    "garbled": "no readable answer"}


def seed_of(seed: int, key: str, name: str, attempt: int) -> int:
    """Each attempt has inputs of its own: with the same again, one could feel one's way."""
    return int(hashlib.sha256(f"{seed}/{key}/{name}/{attempt}".encode()).hexdigest()[:15], 16)


class Grading:
    """One submission on its way through the sandbox."""

    def __init__(self, cells: list[Cell], lesson: str, package: Path, data: Path | None,
                 limits: Limits, seed: int, key: str, unsafe: bool = False, hide: tuple = (),
                 files: dict[str, bytes] | None = None):
        self.cells, self.remarks = with_text(cells, lesson)
        self.every = {e.name: e for e in exercises.exercises(lesson)}
        training = max(e.training for e in self.every.values())
        limits = dataclasses.replace(limits, total=limits.total + 2 * training,
                                     cell=limits.cell + training)
        self.lesson, self.limits, self.seed, self.key = lesson, limits, seed, key
        self.deadline = time.monotonic() + limits.total
        self.options = {"package": package, "data": data, "limits": limits, "unsafe": unsafe,
                        "deadline": self.deadline, "hide": hide, "files": files or {}}
        self.verdicts: dict[str, Verdict] = {}
        self.tries: dict[str, int] = dict.fromkeys(self.every, 0)
        self.skipped: dict[int, str] = {}  # cells that ended the process, and how
        self.starts, self.sandbox = 0, None
        self.found = definitions(self.cells)
        self.errors: dict[int, str] = {}  # of the cells, in one line
        self.went_on: list[str] = []  # errors of cells that lacked something here
        # What has been used up must leave time for the other exercises.
        self.cells_left = limits.total / 2
        self.left = dict.fromkeys(self.every, limits.total / 4)
        self.cut: set[str] = set()  # exercises that were stopped because of that

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
                self.remarks.append(
                    ("stopped", f"stopped, {why}; exercises not tried: {len(untried)}"))
        finally:
            self.stop()
        if self.cut:
            self.remarks.append(("stopped", f"stopped in {', '.join(sorted(self.cut))}{MORE}"))
        if self.cells_left < 0:
            self.remarks.append(
                ("stopped", f"its cells took more than {self.limits.total / 2:g} s{MORE}"))
        for name, verdict in self.verdicts.items():
            if not verdict.right and (why := self.why(self.every[name], verdict)):
                self.remarks.append(("lost", f"{name}: {why}"))
        if self.went_on:
            said = ", ".join(list(dict.fromkeys(self.went_on))[:3])
            self.remarks.append(("info", f"cells went on after {said}"))
        return self.verdicts

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
        if (number in self.skipped or cell.locked or cell.kind != "code"
                or not cell.source.strip()):
            return
        sandbox, begin = self.start(number), time.monotonic()
        seconds = round(min(self.limits.cell, max(1.0, self.cells_left)), 1)
        try:
            reply = sandbox.send(seconds + 2, do="run", source=cell.source, number=number,
                                 seconds=seconds)
            self.errors[number] = " ".join(str(reply.get("error") or "").split())[:200]
            if self.errors[number] and reply.get("ended") is True:
                self.went_on.append(self.errors[number])
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

    def why(self, exercise: Exercise, verdict: Verdict, before: int | None = None) -> str:
        """A sentence if the answer, or what it uses, is missing here for another reason, else "".

        It may be in a cell that failed or was not read, or need what is not available here.
        """
        names = re.findall(r"NameError.*name '(\w+)' is not defined", verdict.message)
        if verdict.kind == "missing" and "not attempted" not in verdict.message:
            names = list(exercise.references)
        for number in reversed(range(len(self.cells) if before is None else before)):
            cell, error = self.cells[number], self.errors.get(number, "")
            if not any(defines(cell.source, name) for name in names):
                continue
            if cell.kind != "code":
                return f"It stands in a {cell.kind} cell: write it in a code cell."
            if cell.locked:
                return ("It stands in a test cell, whose code is not run: write it in the cell "
                        "above.")
            if error:
                return f"The cell that defines it did not run to its end: {error.rstrip('.')}."
            if verdict.kind == "missing":
                return "A cell holds its text, but running that cell did not define it."
        if before is None and (found := NOT_HERE.search(verdict.message)):
            return " ".join(f"{found[1]}{found[2]}".split())[:200]
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


def feedback_of(exercise: Exercise, verdict: Verdict) -> str:
    """What the student is told: for hidden inputs only the kind of failure."""
    if verdict.right or verdict.kind == "missing" or verdict.case < len(exercise.fixed):
        return verdict.message if len(verdict.message) < 2000 else verdict.message[:2000] + "…"
    kind = KINDS.get(verdict.kind, "a failure")
    return (f"✗ {exercise.name}: right for the inputs that are known, but {kind} for another one. "
            "Run check again a few times: it draws new inputs each time.")


def result_of(grading: Grading) -> dict:
    """The result of a submission that has been graded, without who handed it in."""
    assignment, points = course.points_of(grading.lesson)
    rows = []
    for exercise in grading.every.values():
        verdict = grading.verdicts[exercise.name]
        rows.append({"name": exercise.name, "points": points[exercise.name] * verdict.right,
                     "max_points": points[exercise.name], "right": verdict.right,
                     "kind": verdict.kind, "message": feedback_of(exercise, verdict),
                     "code": answer(grading.found, exercise)[:20_000]})
    kind = course.kind_of(grading.lesson, {row["name"]: row["code"] for row in rows})
    return {"assignment": assignment, "lesson": grading.lesson, "kind": kind, "status": "graded",
            "score": sum(row["points"] for row in rows), "remarks": grading.remarks,
            "max_score": sum(row["max_points"] for row in rows), "exercises": rows,
            "fingerprint": similar.fingerprint([row["code"] for row in rows],
                                               course.given(grading.lesson))}
