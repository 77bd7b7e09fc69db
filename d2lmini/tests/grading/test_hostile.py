"""Hostile submissions gain no point, harm nobody and stop nothing.

Each attack of hostile.py goes through the real sandbox, beside a canary in the results and a port
that listens. After each family of attacks an honest submission must get its points.
"""

import dataclasses
import json
import os
import socket
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from d2lmini.exercises import LESSONS
from d2lmini.grading import __main__ as command
from d2lmini.grading import batch, gradebook, names, report, submissions, workers
from d2lmini.grading.gradebook import Rules
from d2lmini.grading.names import Submission
from d2lmini.grading.sandbox.sandbox import Limits
from d2lmini.tests.grading import hostile_machine
from d2lmini.tests.grading.conftest import row
from d2lmini.tests.grading.handin import (
    COURSE,
    RIGHT,
    WRONG,
    hand_in,
    locked,
    notebook,
    tagged,
    with_sandbox,
)
from d2lmini.tests.grading.hostile import ATTACKS

CASES = [pytest.param(source, name == list(attacks)[-1], id=f"{family}: {name}")
         for family, attacks in (ATTACKS | hostile_machine.ATTACKS).items()
         for name, source in attacks.items()]


def notebook_of(source):
    """The cells of an attack: `# %% test`, `# %% graded` and `# %% points=` are test cells."""
    first, *rest = source.split("# %%")
    cells = [first]
    for part in rest:
        kind, _, text = part.partition("\n")
        cell = locked(points=1000 if "points" in kind else 20)
        cell.source = text or cell.source
        if "graded" in kind:
            cells[-1] = tagged(cells[-1], "test_softmax", grade=True, solution=True, points=20)
        cells.append(cell)
    return notebook(*cells, *([] if rest else [locked()]))


@pytest.fixture
def attack(tmp_path, settings):
    """Grades a notebook in the folder "in"; the results lie in "out"."""
    limits = Limits(total=6, cell=1, memory=512, files=16)  # most use up all they get
    strict = dataclasses.replace(settings, limits=limits, hide=(str(tmp_path),))

    def run(nb, student="eve", settings=strict):
        hand_in(tmp_path / "in", student, nb)
        (submission,) = [s for s in names.find(tmp_path / "in") if s.student == student]
        batch.work(submission, settings)
        return batch.stored(batch.result_file(submission, settings))

    return run


def strangers(*marks):
    """Processes that a sandbox of this test left behind; others may be grading, too."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        found += [command] if any(mark in command for mark in marks) else []
    return found


@with_sandbox
@pytest.mark.parametrize(("source", "last"), CASES)
def test_an_attack(tmp_path, attack, settings, source, last):
    canary = tmp_path / "out" / "grades.csv"
    canary.parent.mkdir()
    canary.write_text("untouched")
    # An address of its own: other tests knock at ports of 127.0.0.1 that were free a moment ago.
    with socket.create_server(("127.66.6.6", 0)) as server, \
            socket.socket(socket.AF_UNIX) as abstract:
        port = server.getsockname()[1]
        abstract.bind(f"\0d2lmini-test-{port}")
        abstract.listen()
        for listener in (server, abstract):
            listener.setblocking(False)
        put_in = {"PORT": str(port), "OUT": str(tmp_path / "out"), "COURSE": str(COURSE),
                  "SECONDS": f"{port}.125"}
        for name, value in put_in.items():
            source = source.replace(name, value)
        result = attack(notebook_of(source))
        for listener in (server, abstract):
            with pytest.raises(BlockingIOError):
                listener.accept()
    assert result["status"] == "graded", result["reason"]
    assert result["score"] == 0 and result["max_score"] == 100, row(result)["message"]
    assert not any(e["right"] for e in result["exercises"])
    assert canary.read_text() == "untouched"
    assert sorted(p.name for p in canary.parent.iterdir()) == ["grades.csv", "results"]
    assert not os.path.exists("/tmp/owned") and not (COURSE / "owned").exists()
    assert strangers(str(tmp_path), put_in["SECONDS"]) == []
    (graded,) = gradebook.rows([result], Rules())
    for page in (report.feedback(graded), report.summary([graded])):
        assert "<script" not in page and "<img" not in page and "\x1b" not in page
    json.dumps(result)
    if last:
        honest = attack(notebook(RIGHT, locked()), "ada", dataclasses.replace(
            settings, hide=(str(tmp_path),)))
        assert row(honest)["right"]


def test_there_are_enough_attacks():
    assert len(CASES) >= 100


def test_a_sandbox_that_does_not_start_is_no_zero(tmp_path, grade, settings):
    """A fault of the computer is not the student's."""
    result = grade(RIGHT, settings=dataclasses.replace(settings, packages=str(tmp_path / "none")))
    assert result["score"] is None and "sandbox did not start" in result["reason"]


def test_who_kills_a_worker_harms_no_other(tmp_path, monkeypatch):
    class Pool:
        def __init__(self, *_, **__):
            self.broken = False

        def __enter__(self):
            return self

        __exit__ = lambda self, *_: None

        def submit(self, work, submission, settings):
            self.broken = self.broken or submission.student == "killer"
            future = Future()
            if self.broken:
                future.set_exception(BrokenProcessPool())
            else:
                future.set_result(None)
                done.add(submission.student)
            return future

    done, steps = set(), []
    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    students = ["ada", "bo", "cy", "killer", "dee", "eli", "fay", "gus"]
    todo = [Submission(name, "", name) for name in students]
    batch.run(todo, batch.Settings(str(tmp_path), 0, ""), 2, steps.append)
    assert done == {*students} - {"killer"} and len(steps) >= len(students)
    (file,) = (tmp_path / "results").iterdir()
    assert file.name.startswith("killer") and "ended each time" in file.read_text()


FILES = {
    "empty": (b"", "empty"),
    "truncated": (b'{"cells": [{"cell_type": "code", "sou', "not JSON"),
    "not UTF-8": (b"\xff\xfe\x00{}", "not UTF-8"),
    "not JSON": (b"hello", "not JSON"),
    "a list": (b"[1, 2]", "not a notebook"),
    "too much code": (b'{"cells": [{"cell_type": "code", "source": "' + b"1;" * 600_000 + b'"}]}',
                      "1,000,000 characters"),
    "no sheets": (b'{"worksheets": [{"cells": 5}]}', "no exercise"),
    "deep": (b"[" * 100_000, "not JSON"),
    "no cells": (b'{"cells": 5}', "no cells"),
    "no exercise": (b'{"cells": []}', "no exercise"),
    "strange cells": (b'{"cells": [1, null, {"cell_type": "code", "source": 7, "metadata": 3}]}',
                      "no exercise"),
    "too many cells": (json.dumps({"cells": [{"cell_type": "code"}] * 2001}).encode(),
                       "more than 2,000 cells"),
    "a huge number": (b'{"cells": ' + b"9" * 100_000 + b"}", "not JSON"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_says_why(tmp_path, name):
    content, why = FILES[name]
    (tmp_path / "ada.ipynb").write_bytes(content)
    (submission,) = names.find(tmp_path)
    result = batch.one(submission, batch.Settings(str(tmp_path), 0, ""))
    assert result["status"] == "not graded" and why in result["reason"]
    assert result["score"] is None and result["remarks"][0][0] == "unread"


def test_links_pipes_and_giants_are_refused(tmp_path):
    os.symlink("/etc/passwd", tmp_path / "link.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    with open(tmp_path / "giant.ipynb", "wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "zoe").mkdir()
    (tmp_path / "zoe/hw.ipynb").write_text("{}")
    os.symlink("/etc/passwd", tmp_path / "zoe/data.txt")
    os.symlink("/etc/hostname", tmp_path / "zoe/timestamp.txt")
    settings = batch.Settings(str(tmp_path), 0, "")
    found = {s.student: s for s in names.find(tmp_path)}
    reasons = {student: batch.one(s, settings)["reason"] for student, s in found.items()}
    assert "symbolic link" in reasons["link"]
    assert "not a regular file" in reasons["pipe"]
    assert "200 MB" in reasons["giant"]
    assert submissions.load(found["zoe"]).files == {} and found["zoe"].remarks == ()


@with_sandbox
def test_names_of_students_harm_neither_paths_nor_tables(tmp_path, attack):
    students = ["=cmd|' calc'!A1", "+1", "@x", "-2+3", "<b>bold", "a,b\"c", "ü ñ", "x" * 200]
    results = [attack(notebook(WRONG, locked()), student) for student in students]
    report.write_all(tmp_path / "out", gradebook.rows(results, Rules()))
    text = (tmp_path / "out" / "grades.csv").read_text()
    assert ",'=cmd" in text
    assert not any(cell.startswith(("=", "+", "@")) for line in text.splitlines()
                   for cell in line.split(","))
    pages = {p.name for p in (tmp_path / "out" / "feedback").iterdir()}
    assert len(pages) == 8 and "ü ñ-05_softmax_regression.html" in pages
    assert "<b>" not in (tmp_path / "out" / "summary.html").read_text()
    assert {p.parent.parent for p in (tmp_path / "out").rglob("*.json")} == {
        tmp_path / "out", tmp_path}


def test_different_names_stay_different(tmp_path):
    for name in (b"\xff.ipynb", b"\\xff.ipynb", b"\\\\xff.ipynb"):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write("{}")
    assert len({batch.slug(s) for s in names.find(tmp_path)}) == 3


def test_the_packages_hold_no_answer(packages):
    text = "".join(p.read_text() for p in Path(packages).rglob("*.py"))
    assert LESSONS and "BEGIN SOLUTION" not in text
    for secret in ("EXERCISES", "lesson_05", "Mistake(", "Exercise("):
        assert secret not in text, secret
    assert "not allowed" in Path(packages, "05/d2lmini/functional.py").read_text()


def test_the_table_and_the_terminal_get_plain_text(tmp_path, capsys):
    one = Submission("a;b\x1b[31m\nc", "", "x.ipynb")
    result = {**batch.ungraded(one, batch.Settings("", 0, "")), "assignment": "05", "seconds": 0,
              "status": "graded", "kind": "work", "score": 0, "max_score": 9}
    command.finish(tmp_path, [{**result, "remarks": [("stopped", "5 s; more\x1b")]}], Rules())
    out, table = capsys.readouterr().out, (tmp_path / "grades.csv").read_text()
    assert "    a;b [31m c: 5 s; more \n" in out
    assert "\x1b" not in out + table and "a,b [31m c" in table and ";" not in table
    assert "Stopped by a limit" in (tmp_path / "summary.html").read_text()


def test_a_student_with_many_notebooks_does_not_hold_up_the_others():
    found = [Submission("ada", "", str(i)) for i in range(30)]
    bo = Submission("bo", "", "")
    assert command.in_turn([*found, bo]) == [*found[:20], bo, *found[20:]]
