"""Honest submissions get what they deserve, and the command does what its page says."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from d2lmini.exercises import LESSONS
from d2lmini.grading import __main__ as command
from d2lmini.grading import batch, similar, submissions
from d2lmini.grading.sandbox import kits, sandbox
from d2lmini.grading.sandbox.sandbox import Limits
from d2lmini.grading.submissions import Submission
from d2lmini.tests.grading.hostile import WRONG
from d2lmini.tools import generate

COURSE = Path(__file__).parents[3]
SOLUTIONS = sorted((COURSE / "notebooks" / "solutions").glob("*.ipynb"))
SETUP = "import numpy as np\nfrom d2lmini.exercises import check, hint, score"
RIGHT = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)"""
OTHER = "def logit(p):\n    return np.log(p / (1 - p))"

with_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")


def code(source, metadata=None):
    return new_code_cell(source, metadata=metadata or {})


def locked(name="softmax"):
    tag = {"grade": True, "grade_id": f"test_{name}", "locked": True, "points": 20,
           "schema_version": 3, "solution": False, "task": False}
    return code(f'check("{name}", points=20)', {"nbgrader": tag})


def answer(source, name="softmax"):
    tag = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3,
           "solution": True, "task": False}
    return code(source, {"nbgrader": tag})


def notebook(*cells, **metadata):
    return new_notebook(cells=[code(SETUP), *cells], metadata=metadata)


def store(folder, student, nb, name="05_softmax_regression"):
    path = folder / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nb if isinstance(nb, str) else nbformat.writes(nb), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def kit(tmp_path_factory):
    return kits.make(tmp_path_factory.mktemp("kit"))


@pytest.fixture
def grade(tmp_path, kit):
    settings = batch.Settings(str(tmp_path / "out"), 5, batch.version(), kit=kit,
                              limits=Limits(total=40, cell=3))

    def run(nb, student="ada"):
        path = store(tmp_path / "in", student, nb)
        result = batch.one(Submission(student, str(path), path.name), settings)
        assert result["status"] == "graded", result["reason"]
        return {e["name"]: e for e in result["exercises"]}

    return run


LOUD = notebook(code("for _ in range(1100):\n    print('x' * 100_000)"), answer(RIGHT), locked())
STORED = notebook(answer(RIGHT), locked())
STORED.cells[0].outputs = [nbformat.v4.new_output("stream", text="x" * 100_000_000)]
BARE = notebook(code(RIGHT), code('check("softmax", points=20)'))
COLAB = notebook(answer(RIGHT), locked(), colab={"provenance": []},
                 kernelspec={"name": "python3", "display_name": "Python 3"})
HONEST = {
    "a warning on stderr": notebook(
        code("import sys, warnings\nwarnings.warn('careful')\nprint('x', file=sys.stderr)"),
        answer("import sys\n" + RIGHT.replace("    return", "    print('!', file=sys.stderr)\n"
                                                            "    return")), locked()),
    "a deleted test cell": notebook(answer(RIGHT)),
    "a duplicated grade_id": notebook(answer(WRONG), locked(), answer(RIGHT), locked()),
    "stripped metadata": BARE,
    "an altered test cell": notebook(answer(RIGHT), code("1 / 0", dict(locked().metadata))),
    "a name shadowed": notebook(code("list = sum = print = max = 3\nlogits = 5\nexp = None"),
                                answer(RIGHT), locked()),
    "a different kernel name": notebook(answer(RIGHT), locked(), kernelspec={
        "name": "conda-env-dl-py", "display_name": "my env", "language": "python"}),
    "100 MB of output while it runs": LOUD,
    "100 MB of output in the file": STORED,
    "sys.exit in a cell": notebook(code("import sys\nsys.exit()"), answer(RIGHT), locked()),
    "os._exit in a cell": notebook(code("import os\nos._exit(3)"), answer(RIGHT), locked()),
    "an endless loop in another exercise": notebook(
        answer("def logit(p):\n    while True:\n        pass", "logit"), locked("logit"),
        answer(RIGHT), locked()),
    "an endless loop in a cell": notebook(code("while True:\n    pass"), answer(RIGHT), locked()),
    "an error in another cell": notebook(code("1 / 0"), answer(RIGHT), locked(), code("oops(")),
    "magics": notebook(code("%matplotlib inline\n!ls\n%time x = 1\n?print"),
                       code("%%time\n" + RIGHT), code("%load_ext autoreload\n%autoreload 2"),
                       locked()),
    "display and input": notebook(code("display(np.ones(3))\nget_ipython().system('a')"),
                                  code("name = input('Your name? ')"), answer(RIGHT), locked()),
    "a plot": notebook(code("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
                       answer(RIGHT), locked()),
    "a widget": notebook(code("import ipywidgets\nipywidgets.interact(lambda x: x, x=(0, 9))"),
                         answer(RIGHT), locked()),
    "await": notebook(code("import asyncio\nawait asyncio.sleep(0)"), answer(RIGHT), locked()),
    "a helper in another cell": notebook(
        code("def top(x):\n    return x.max(axis=1, keepdims=True)"),
        answer(RIGHT.replace("logits.max(axis=1, keepdims=True)", "top(logits)")), locked()),
    "the answer after its test": notebook(locked(), answer(RIGHT)),
    "Colab": COLAB,
    "the state where the test stood": notebook(answer(RIGHT), locked(), code(WRONG)),
    "magics in a cell with a magic": notebook(
        code("%%time\n!ls\n%matplotlib inline\n" + RIGHT), locked()),
    "a file that a cell writes": notebook(
        code("%%writefile helper.py\ndef top(x):\n    return x.max(axis=1, keepdims=True)"),
        code("from helper import top"),
        answer(RIGHT.replace("logits.max(axis=1, keepdims=True)", "top(logits)")), locked()),
    "a task from one cell to the next": notebook(
        code("import asyncio\nasync def five():\n    return 5\n"
             "task = asyncio.create_task(five())\nawait asyncio.sleep(0)"),
        code("n = await task"), answer(RIGHT.replace("    e =", "    assert n == 5\n    e =")),
        locked()),
    "many checks until it is right": notebook(
        *[code(WRONG + '\ncheck("softmax")') for _ in range(20)], answer(RIGHT), locked()),
    "threads, and another folder": notebook(
        code("import os, threading, time\nos.mkdir('a')\nos.chdir('a')\nfor _ in range(4):\n"
             "    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"),
        answer(RIGHT), locked()),
    "check in a cell with code": notebook(code(RIGHT + '\ncheck("softmax", points=20)')),
}


@with_sandbox
@pytest.mark.parametrize("name", HONEST)
def test_honest_work_gets_its_points(grade, name):
    row = grade(HONEST[name])["softmax"]
    assert row["right"] and row["points"] == row["max_points"] > 0, row["message"]


@with_sandbox
def test_nbformat_3(grade):
    cells = [{"cell_type": "code", "input": text, "outputs": [], "language": "python",
              "metadata": {}} for text in (SETUP, RIGHT, 'check("softmax")')]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert grade(json.dumps(old))["softmax"]["right"]


@with_sandbox
def test_feedback_keeps_hidden_inputs_secret(grade):
    """An answer that knows the shown inputs by heart."""
    source = RIGHT.replace("    e =", "    if logits.shape not in ((1, 3), (2, 2), (0, 4)):\n"
                                      "        return logits\n    e =")
    row = grade(notebook(answer(source), locked()))["softmax"]
    assert not row["right"] and "right for the inputs that are known" in row["message"]


@with_sandbox
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_reference_full_marks_and_blank_none(grade, path):
    solution = nbformat.read(path, as_version=4)
    rows = grade(solution)
    assert sum(e["points"] for e in rows.values()) == 100, [e["message"] for e in rows.values()]
    rows = grade(generate.student_copy(solution), "blank")
    assert all(e["points"] == 0 and "not attempted" in e["message"] for e in rows.values())


def test_lessons_are_told_from_what_is_in_the_notebook():
    for path in SOLUTIONS:
        cells = submissions.read(path.read_bytes())
        assert submissions.lesson_of(cells) == path.stem[:2]
    assert [p.stem[:2] for p in SOLUTIONS] == list(LESSONS)


def test_flat_and_nested_folders(tmp_path):
    store(tmp_path, "ada", notebook())
    for name in ("bo_05_softmax_regression.ipynb", "cy-03.ipynb", "d_e.ipynb"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "ada" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "ada" / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    assert sorted(s.student for s in submissions.find(tmp_path)) == ["ada", "bo", "cy", "d_e"]


def test_a_notebook_under_the_name_of_another_lesson():
    said = "the name says 05_softmax_regression, the notebook is 00_introduction"
    for name in ("ada/05_softmax_regression/hw.ipynb", "ada-05 Softmax Regression (1).ipynb"):
        assert submissions.other_name(name, "00_introduction") == said
        assert submissions.other_name(name, "05_softmax_regression") == ""
    assert submissions.other_name("ada/hw-05.ipynb", "00_introduction") == ""


def test_near_copies_are_found():
    text = "def f(x):\n" + "".join(f"    a{i} = x[{i}] * {i} + a{i - 1}\n" for i in range(1, 40))
    copy = text.replace("    a3 =", "    # mine\n    a3  =")
    other = "def g(y):\n" + "".join(f"    b{i} = y - {i} / (b{i - 1} + 1)\n" for i in range(1, 40))
    prints = {name: similar.fingerprint(t) for name, t in
              {"a": text, "b": copy, "c": other}.items()}
    assert [(a, b) for _, a, b in similar.pairs(prints)] == [("a", "b")]
    assert similar.fingerprint("x = 1") == []


# --- the command ---


@pytest.fixture
def class_folder(tmp_path):
    """Six submissions: right, wrong, blank, broken, and one that takes a moment."""
    folder = tmp_path / "class"
    for i in range(3):
        store(folder, f"right{i}", notebook(answer(RIGHT), locked()))
    store(folder, "wrong", notebook(answer(WRONG), locked()))
    store(folder, "slow", notebook(code("import time\ntime.sleep(1)"), answer(RIGHT), locked()))
    store(folder, "broken", "{")
    return folder


def run(folder, out, *options):
    return command.main([str(folder), "--out", str(out), "--workers", "2", *options])


def table(out):
    rows = list(csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines()))
    return {row["student_id"]: {k: v for k, v in row.items() if k != "seconds"} for row in rows}


@with_sandbox
def test_a_class_is_graded_and_resumed(class_folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(class_folder, out, "--seed", "8") == 0
    rows = table(out)
    assert {s: float(r["05 softmax"]) > 0 for s, r in rows.items() if r["05 softmax"]} == {
        "right0": True, "right1": True, "right2": True, "slow": True, "wrong": False}
    assert rows["broken"]["status"] == "not graded" and "JSON" in rows["broken"]["reason"]
    assert rows["broken"]["score"] == "" and rows["wrong"]["score"] == "0"
    assert rows["wrong"]["assignment"] == "05_softmax_regression"
    assert "6 of 6" in capsys.readouterr().out
    assert {p.name for p in out.iterdir()} == {"feedback", "grades.csv", "results", "run.json",
                                               "summary.html"}
    assert len(list((out / "feedback").iterdir())) == 6
    before = {p: p.stat().st_mtime_ns for p in (out / "results").iterdir()}
    assert run(class_folder, out) == 0
    assert "0 to grade, seed 8" in capsys.readouterr().out
    assert {p: p.stat().st_mtime_ns for p in (out / "results").iterdir()} == before
    assert table(out) == rows
    (class_folder / "wrong/05_softmax_regression/05_softmax_regression.ipynb").write_text(
        nbformat.writes(notebook(answer(RIGHT), locked())))
    run(class_folder, out)
    assert "1 to grade" in capsys.readouterr().out
    assert float(table(out)["wrong"]["score"]) > 0
    run(class_folder, out, "--regrade")
    assert "6 to grade" in capsys.readouterr().out


@with_sandbox
def test_two_graders_do_not_share_a_folder(class_folder, tmp_path, capsys):
    with batch.alone(tmp_path / "out"):
        assert run(class_folder, tmp_path / "out") == 2
    assert "another grader is at work" in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()


@with_sandbox
def test_shards_together_are_the_whole(class_folder, tmp_path):
    run(class_folder, tmp_path / "whole", "--seed", "4")
    parts = [tmp_path / f"part{i}" for i in (1, 2, 3)]
    for i, part in enumerate(parts, 1):
        run(class_folder, part, "--seed", "4", "--shard", f"{i}/3")
    sizes = [len(table(part)) for part in parts]
    assert sum(sizes) == 6 and max(sizes) < 6
    assert command.main(["merge", *map(str, parts), "--out", str(tmp_path / "all")]) == 0
    assert table(tmp_path / "all") == table(tmp_path / "whole")


@with_sandbox
def test_a_killed_run_is_continued(class_folder, tmp_path):
    run(class_folder, tmp_path / "whole", "--seed", "6")
    out = tmp_path / "out"
    argv = [sys.executable, "-m", "d2lmini.grading", str(class_folder), "--out", str(out),
            "--seed", "6", "--workers", "2"]
    for seconds in (1.2, 1.8, 2.5):
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, cwd=COURSE)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    end = time.monotonic() + 10
    while time.monotonic() < end and (left := strays(out)):
        time.sleep(0.1)
    assert left == []
    assert run(class_folder, out) == 0  # it goes on with its own seed
    assert table(out) == table(tmp_path / "whole")
    assert not (out / "kit").exists()


def strays(out):
    """Processes of a grader that was killed."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(out).encode() in line:
            found.append(line)
    return found


def test_without_bwrap_it_refuses_and_says_how(class_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert run(class_folder, tmp_path / "out") == 2
    err = capsys.readouterr().err
    assert "apt install bubblewrap" in err and "--unsafe-no-sandbox" in err
    assert not (tmp_path / "out").exists()
    assert run(class_folder, tmp_path / "out", "--unsafe-no-sandbox") == 0
    assert float(table(tmp_path / "out")["right0"]["score"]) > 0


@with_sandbox
def test_no_trace_is_left(class_folder, tmp_path, monkeypatch):
    """Not by the grader in the folder for temporary files, nor by what a submission writes."""
    temporary, name = tmp_path / "temporary", f"left-{os.getpid()}-{time.monotonic_ns()}"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    writes = f"for place in '/tmp', '/dev/shm':\n    open(place + '/{name}', 'w').close()"
    store(class_folder, "writer", notebook(code(writes), answer(RIGHT), locked()))
    run(class_folder, tmp_path / "out")
    assert float(table(tmp_path / "out")["writer"]["05 softmax"]) > 0
    assert not any(Path(place, name).exists() for place in ("/tmp", "/dev/shm"))
    assert os.listdir(temporary) == [] and strays(tmp_path / "out") == []
