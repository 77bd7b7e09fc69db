"""Hostile submissions gain no point, harm nobody and stop nothing.

Each attack of hostile.py goes through the real sandbox, beside a canary in the results and a port
that listens. After each family of attacks an honest submission must get its points.
"""

import json
import os
import shutil
import socket
import subprocess
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from d2lmini.exercises import LESSONS
from d2lmini.grading import __main__ as command
from d2lmini.grading import batch, report, submissions
from d2lmini.grading.sandbox import kits
from d2lmini.grading.sandbox.sandbox import Limits
from d2lmini.tests.grading import hostile_machine
from d2lmini.tests.grading.hostile import ATTACKS, WRONG

COURSE = Path(__file__).parents[3]
SETUP = "import numpy as np\nfrom d2lmini.exercises import check, hint, score"
RIGHT = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)"""
CASES = [pytest.param(source, name == list(attacks)[-1], id=f"{family}: {name}")
         for family, attacks in (ATTACKS | hostile_machine.ATTACKS).items()
         for name, source in attacks.items()]

pytestmark = pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")


def graded(name="softmax", points=20):
    tag = {"grade": True, "grade_id": f"test_{name}", "locked": True, "points": points,
           "schema_version": 3, "solution": False, "task": False}
    return new_code_cell(f'check("{name}", points={points})', metadata={"nbgrader": tag})


def cells_of(source):
    """The cells of an attack: `# %% test`, `# %% graded` and `# %% points=` are test cells."""
    cells = [new_code_cell(SETUP)]
    first, *rest = source.split("# %%")
    cells.append(new_code_cell(first))
    for part in rest:
        kind, _, text = part.partition("\n")
        cell = graded(points=1000 if "points" in kind else 20)
        cell.source = text or cell.source
        if "graded" in kind:
            cells[-1].metadata = {"nbgrader": {**cell.metadata["nbgrader"], "solution": True}}
        cells.append(cell)
    return cells if rest else [*cells, graded()]


def write(folder, student, cells):
    path = folder / student / "05_softmax_regression" / "05_softmax_regression.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture(scope="session")
def kit(tmp_path_factory):
    return kits.make(tmp_path_factory.mktemp("kit"), ("05",))


@pytest.fixture
def grade(tmp_path, kit):
    """A function from a student's cells to the result; the results lie in tmp_path / "out"."""
    def run(*cells, student="eve", total=12, cell=2):
        limits = Limits(total=total, cell=cell, memory=512, files=16)
        settings = batch.Settings(str(tmp_path / "out"), 3, batch.version(), kit=kit,
                                  limits=limits, hide=(str(tmp_path),))
        write(tmp_path / "in", student, cells)
        (submission,) = [s for s in submissions.find(tmp_path / "in") if s.student == student]
        batch.work(submission, settings)
        return batch.stored(batch.result_file(submission, settings))

    return run


def row(result, name="softmax"):
    (found,) = [e for e in result["exercises"] if e["name"] == name]
    return found


def processes():
    """What runs on this computer, by number, with its command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[folder.name] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def strangers(kit):
    """Processes that a sandbox of this test left behind; others may be grading, too."""
    return [c for c in processes().values() if kit in c or "54321" in c]


@pytest.mark.parametrize(("source", "last"), CASES)
def test_an_attack(tmp_path, grade, kit, source, last):
    canary = tmp_path / "out" / "grades.csv"
    canary.parent.mkdir()
    canary.write_text("untouched")
    with socket.create_server(("127.0.0.1", 0)) as server, \
            socket.socket(socket.AF_UNIX) as abstract:
        port = server.getsockname()[1]
        abstract.bind(f"\0d2lmini-test-{port}")
        abstract.listen()
        for listener in (server, abstract):
            listener.setblocking(False)
        for name, value in {"PORT": str(port), "OUT": str(tmp_path / "out"),
                            "COURSE": str(COURSE)}.items():
            source = source.replace(name, value)
        result = grade(*cells_of(source), total=6, cell=1)  # most use up all they get
        for listener in (server, abstract):
            with pytest.raises(BlockingIOError):
                listener.accept()
    assert result["status"] == "graded"
    assert result["score"] == 0 and result["max_score"] == 100, row(result)["message"]
    assert not any(e["right"] for e in result["exercises"])
    assert canary.read_text() == "untouched"
    assert sorted(p.name for p in canary.parent.iterdir()) == ["grades.csv", "results"]
    assert not os.path.exists("/tmp/owned") and not (COURSE / "owned").exists()
    assert strangers(kit) == []
    page = report.feedback(result)
    assert "<script" not in page and "<img" not in page
    json.dumps(result)
    if last:
        honest = grade(new_code_cell(SETUP), new_code_cell(RIGHT), graded(), student="ada")
        assert row(honest)["right"]


def test_a_sandbox_that_does_not_start_is_no_zero(tmp_path):
    """A fault of the computer is not the student's."""
    write(tmp_path / "in", "ada", [new_code_cell(SETUP), new_code_cell(RIGHT), graded()])
    settings = batch.Settings(str(tmp_path), 3, "", kit=str(tmp_path / "none"))
    result = batch.one(submissions.find(tmp_path / "in")[0], settings)
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
                future.set_result({"status": "graded"})
                done.add(submission.student)
            return future

    done = set()
    monkeypatch.setattr(batch, "ProcessPoolExecutor", Pool)
    names = ["ada", "bo", "cy", "killer", "dee", "eli", "fay", "gus"]
    todo = [submissions.Submission(name, "", name) for name in names]
    steps = []
    batch.run(todo, batch.Settings(str(tmp_path), 0, ""), 2, lambda: steps.append(1))
    assert done == {*names} - {"killer"} and len(steps) >= len(names)
    (file,) = (tmp_path / "results").iterdir()
    assert file.name.startswith("killer") and "ended each time" in file.read_text()


def test_different_names_stay_different(tmp_path):
    for name in (b"\xff.ipynb", b"\\xff.ipynb", b"\\\\xff.ipynb"):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write("{}")
    assert len({batch.slug(s) for s in submissions.find(tmp_path)}) == 3


def test_there_are_enough_attacks():
    assert len(CASES) >= 100


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
    "a huge number": (b'{"cells": ' + b"9" * 100_000 + b"}", "not JSON"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_says_why(tmp_path, name):
    content, why = FILES[name]
    path = tmp_path / "ada.ipynb"
    path.write_bytes(content)
    (submission,) = submissions.find(tmp_path)
    result = batch.one(submission, batch.Settings(str(tmp_path), 0, ""))
    assert result["status"] == "not graded" and why in result["reason"]
    assert result["score"] is None


def test_links_pipes_and_giants_are_refused(tmp_path):
    os.symlink("/etc/passwd", tmp_path / "link.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    with open(tmp_path / "giant.ipynb", "wb") as file:
        file.truncate(200_000_000)
    settings = batch.Settings(str(tmp_path), 0, "")
    reasons = {s.student: batch.one(s, settings)["reason"] for s in submissions.find(tmp_path)}
    assert "symbolic link" in reasons["link"]
    assert "not a regular file" in reasons["pipe"]
    assert "200 MB" in reasons["giant"]


def test_names_of_students_harm_neither_paths_nor_tables(tmp_path, kit):
    names = ["=cmd|' calc'!A1", "+1", "@x", "-2+3", "..", "<b>bold</b>", "a,b\"c", "ü ñ", "x" * 200]
    settings = batch.Settings(str(tmp_path / "out"), 3, batch.version(), kit=kit)
    for name in names[:4] + names[5:]:
        write(tmp_path / "in", name, [new_code_cell(SETUP), new_code_cell(WRONG), graded()])
    found = submissions.find(tmp_path / "in")
    for submission in found:
        batch.work(submission, settings)
    results = [batch.stored(batch.result_file(s, settings)) for s in found]
    report.write_all(tmp_path / "out", results)
    text = (tmp_path / "out" / "grades.csv").read_text()
    assert "\n" + "05_softmax_regression,'=cmd" in text
    assert not any(cell.startswith(("=", "+", "@")) for line in text.splitlines()
                   for cell in line.split(","))
    assert len(list((tmp_path / "out" / "feedback").iterdir())) == len(found) == 8
    assert "<b>" not in (tmp_path / "out" / "summary.html").read_text()
    assert {p.parent.parent for p in (tmp_path / "out").rglob("*.json")} == {tmp_path / "out"}


def test_the_kit_holds_no_answer(kit):
    text = "".join(p.read_text() for p in Path(kit).rglob("*.py"))
    assert "EXERCISES" not in text and "lesson_05" not in text
    assert LESSONS and "BEGIN SOLUTION" not in text
    done = subprocess.run(["grep", "-c", "not allowed", f"{kit}/05/d2lmini/functional.py"],
                          capture_output=True, text=True)
    assert int(done.stdout) >= 1


def test_the_table_and_the_terminal_get_plain_text(tmp_path, capsys):
    one = submissions.Submission("a;b\x1b[31m\nc", "", "x.ipynb")
    result = {**batch.ungraded(one, batch.Settings("", 0, "")), "assignment": "05", "seconds": 0,
              "status": "graded", "reason": "", "score": 0, "max_score": 9}
    command.finish(tmp_path, [{**result, "reason": "5 s; more"}, result])
    err = capsys.readouterr().err
    assert "x.ipynb: 5 s; more\n" in err and "a;b [31m c: 2 notebooks for" in err
    table = (tmp_path / "grades.csv").read_text()
    assert "\x1b" not in err + table and "a,b [31m c" in table and ";" not in table
    assert "one of 2 notebooks of this student, 5 s, more" in table
    assert "<h2>Graded, with a remark</h2>" in (tmp_path / "summary.html").read_text()


def test_a_student_with_many_notebooks_does_not_hold_up_the_others():
    found = [submissions.Submission("ada", "", str(i)) for i in range(30)]
    bo = submissions.Submission("bo", "", "")
    assert command.in_turn([*found, bo]) == [*found[:20], bo, *found[20:]]


def test_a_notebook_with_too_many_cells():
    with pytest.raises(submissions.Unreadable, match="more than 2,000 cells"):
        submissions.read(json.dumps({"cells": [{"cell_type": "code"}] * 2001}).encode())
