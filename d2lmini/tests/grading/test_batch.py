"""The command around the grader: what it deletes and counts, who is told what, how it stops."""

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from d2lmini.grading import __main__ as command
from d2lmini.grading import batch, submissions
from d2lmini.grading.sandbox import kits, sandbox

COURSE = Path(__file__).parents[3]
SETUP = "import numpy as np\nfrom d2lmini.exercises import check, hint, score"
RIGHT = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)"""
NAME = "05_softmax_regression"

with_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")


@pytest.fixture(autouse=True)
def small_kits(monkeypatch):
    """Of one lesson only, which saves seconds."""
    monkeypatch.setattr(kits.make, "__defaults__", (("05",), kits.PREFIX))


def text(*sources):
    cells = [new_code_cell(s) for s in (SETUP, *sources, 'check("softmax", points=20)')]
    return nbformat.writes(new_notebook(cells=cells))


def hand_in(folder, student, *sources):
    path = folder / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text(*sources), encoding="utf-8")
    return path


def run(folder, out, *options):
    return command.main([str(folder), "--out", str(out), "--workers", "2", *options])


def snapshot(folder):
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None
            for p in sorted(folder.rglob("*"))}


# --- nothing is deleted that the grader did not make ---


@pytest.mark.parametrize("name", ["kit", "results", ".kit-class"])
def test_submissions_inside_the_results_are_refused_and_kept(tmp_path, capsys, name):
    hand_in(tmp_path / name, "ada", RIGHT)
    before = snapshot(tmp_path)
    assert run(tmp_path / name, tmp_path, "--unsafe-no-sandbox") == 2
    assert "--out of its own" in capsys.readouterr().err
    assert snapshot(tmp_path) == before


@with_sandbox
def test_what_lies_in_the_results_folder_stays(tmp_path):
    out = tmp_path / "out"
    for place in ("out/kit/thesis", "out/.kit-mine", "out/results/.new-x", "elsewhere"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "thesis.txt").write_text("mine")
    (out / ".new-chapter").write_text("mine")
    (out / ".kit-link").symlink_to(tmp_path / "elsewhere")
    hand_in(tmp_path / "in", "ada", RIGHT)
    before = snapshot(tmp_path)
    left = [Path(kits.make(out, ())), Path(kits.make(out, ()))]  # of a killed run, and a live one
    os.close(kits._locks.pop(str(left[0])))
    (out / "results" / f"{batch.NEW}x").write_text("half a result")
    assert run(tmp_path / "in", out) == 0
    assert [p.exists() for p in left] == [False, True]
    kits.remove(str(left[1]))
    after = snapshot(tmp_path)
    assert {k: after.get(k) for k in before} == before
    made = {k.split("/")[1] for k in after.keys() - before.keys()}
    assert made == {"feedback", "grades.csv", "results", "run.json", "summary.html"}
    assert "out/results/.d2lmini-new-x" not in after


# --- memory ---

SLOW = RIGHT.replace("    e =", "    time.sleep(0.2)\n    e =", 1)
GREEDY = """
import os, time
big = np.ones(80_000_000 // 8)
def softmax(logits):
    for _ in range(4):  # each writes into its own copy, beside others that come and go
        if os.fork() == 0:
            big[:] = 2
            mine = np.ones(160_000_000 // 8)
            while True:
                if os.fork() == 0:
                    os._exit(0)
                os.wait()
    time.sleep(1.2)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""


POOLS = """
import asyncio, multiprocessing, socket, subprocess, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
def twice(x):
    time.sleep(0.3)
    return 2 * x
with ThreadPoolExecutor(24) as pool:
    assert list(pool.map(twice, range(24)))[1] == 2
with multiprocessing.Pool(4) as pool:
    assert pool.map(twice, range(4))[1] == 2
with ProcessPoolExecutor(4) as pool:
    assert list(pool.map(twice, range(4)))[1] == 2
async def echo(reader, writer):
    writer.write(await reader.readline())
async def all_of_it():
    await asyncio.gather(*[asyncio.to_thread(time.sleep, 0.2) for _ in range(8)])
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    pairs = [await asyncio.open_connection(*server.sockets[0].getsockname()) for _ in range(3)]
    pairs[0][1].write(b"hello\\n")
    assert await pairs[0][0].readline() == b"hello\\n"
await all_of_it()
done = True
"""


@with_sandbox
def test_memory_is_counted_once(tmp_path):
    """What a process and its copy share is one; what each writes anew is not."""
    hand_in(tmp_path / "in", "ada", "import time\nx = np.ones(700_000_000 // 8)", SLOW)
    hand_in(tmp_path / "in", "bo", "import time, os\nx = np.ones(400_000_000 // 8)\n"
            "for _ in range(3):\n    if os.fork() == 0:\n        time.sleep(60)", SLOW)
    hand_in(tmp_path / "in", "cy", POOLS, RIGHT.replace("    e", "    assert done\n    e", 1))
    hand_in(tmp_path / "in", "eve", GREEDY)
    assert run(tmp_path / "in", tmp_path / "out") == 0
    results = [json.loads(p.read_text()) for p in (tmp_path / "out/results").iterdir()]
    found = {r["student"]: (r["score"], [e["message"] for e in r["exercises"]]) for r in results}
    assert found["ada"][0] > 0, found["ada"]
    assert found["bo"][0] > 0, found["bo"]
    assert found["cy"][0] > 0, found["cy"]
    assert found["eve"][0] == 0 and "more than 1024 MB" in str(found["eve"])


# --- how it stops ---


def start(tmp_path):
    """The command, with the kit of one lesson; it hears signals also where the tests must not."""
    code = ("import runpy, signal\nfrom d2lmini.grading.sandbox import kits\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
            f"kits.make.__defaults__ = {kits.make.__defaults__}\n"
            "runpy.run_module('d2lmini.grading', run_name='__main__', alter_sys=True)")
    return subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "in"), "--out",
                             str(tmp_path / "out"), "--workers", "2"], cwd=COURSE, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def workers_of(process):
    """The numbers of its worker processes, as soon as there are some."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for pid in sandbox.children(process.pid):
            with contextlib.suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    time.sleep(0.02)
                    return [p for p in sandbox.children(process.pid)]
        time.sleep(0.01)
    raise AssertionError(process.communicate())


def gone(pids, seconds=8):
    """Whether those processes, and all that they have started, end in so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        alive = [p for p in pids if os.path.exists(f"/proc/{p}")]
        if not alive:
            return True
        pids = {*alive, *(c for p in alive for c in sandbox.children(p))}
        time.sleep(0.02)
    return False


@with_sandbox
def test_a_grader_killed_early_leaves_no_process(tmp_path):
    hand_in(tmp_path / "in", "ada", "import time\ntime.sleep(9)")
    hand_in(tmp_path / "in", "bo", "import time\ntime.sleep(9)")
    process = start(tmp_path)
    workers = workers_of(process)
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()
    left = not gone(workers, 5)
    for pid in workers if left else ():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not left


@with_sandbox
@pytest.mark.parametrize(("number", "seconds"), [
    (signal.SIGINT, 0), (signal.SIGINT, 1.5), (signal.SIGHUP, 0)])
def test_it_stops_at_once_with_one_sentence(tmp_path, number, seconds):
    for student in "abcdef":
        hand_in(tmp_path / "in", student, "import time\ntime.sleep(9)")
    process = start(tmp_path)
    workers = workers_of(process)
    time.sleep(seconds)
    begin = time.monotonic()
    for _ in range(3):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)  # as a terminal does
        time.sleep(0.05)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - begin < 4
    assert (process.returncode, err) == (128 + number, "\nStopped. The same command goes on where "
                                         "this one ended.\n")
    assert gone(workers, 2)
    assert {p.name for p in (tmp_path / "out").iterdir()} <= {"results", "run.json"}


# --- what is found, and what is kept ---


def test_no_student_vanishes_and_none_are_merged(tmp_path):
    for name in ("HW.IPYNB", "student_01.ipynb", "student_02.ipynb", "cy-03.ipynb",
                 f"team_03_{NAME}.ipynb", f"team_04_{NAME}.ipynb", f"ada_{NAME} (1).ipynb",
                 f"bo_{NAME}_v2.ipynb", f"group_{NAME}_dee.ipynb", ".x/hw.ipynb", "eli/hw.txt",
                 "fay/a/.hw.ipynb", "gus.ipynb.zip", ".DS_Store", "__MACOSX/._hw.ipynb",
                 ".ipynb_checkpoints/hw.ipynb", "ida/a.ipynb", "ida/__MACOSX/b.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "hal.ipynb").mkdir()
    (tmp_path / "jo").symlink_to("ida")
    found = submissions.find(tmp_path)
    assert sorted(s.student for s in found if not s.problem) == sorted([
        "HW", "student_01", "student_02", "cy", "team_03", "team_04", "ada", "bo",
        f"group_{NAME}_dee", ".x", "ida"])
    problems = {s.student: s.problem for s in found if s.problem}
    assert problems.keys() == {"eli", "fay", "gus", "hal", "jo"}
    assert "link" in problems["jo"] and "no *.ipynb" in problems["gus"]
    settings = batch.Settings(str(tmp_path), 0, "")
    for submission in found:
        if submission.problem:
            result = batch.one(submission, settings)
            assert (result["status"], result["reason"]) == ("not graded", submission.problem)


def test_an_entry_that_becomes_a_notebook_is_graded(tmp_path):
    settings = batch.Settings(str(tmp_path / "out"), 0, "")
    (tmp_path / "in/ada.ipynb").mkdir(parents=True)
    (one,) = submissions.find(tmp_path / "in")
    batch.work(one, settings)
    assert batch.current(one, settings)
    (tmp_path / "in/ada.ipynb").rmdir()
    (tmp_path / "in/ada.ipynb").write_text("{}")
    (one,) = submissions.find(tmp_path / "in")
    assert not batch.current(one, settings)


def test_several_notebooks_of_a_student_are_flagged(tmp_path, capsys):
    path = hand_in(tmp_path / "in", "ada", RIGHT)
    shutil.copy(path, path.with_name("again.ipynb"))
    hand_in(tmp_path / "in", "bo", RIGHT)
    (tmp_path / "in/cy").mkdir()
    assert run(tmp_path / "in", tmp_path / "out", "--unsafe-no-sandbox") == 0
    assert f"ada: 2 notebooks for {NAME}" in capsys.readouterr().err
    rows = (tmp_path / "out/grades.csv").read_text().splitlines()
    assert sum("one of 2 notebooks" in row for row in rows) == 2
    assert sum("no notebook" in row for row in rows) == 1
    results = sorted((tmp_path / "out/results").iterdir())
    spoiled = ('{"key": 5}', json.dumps({"key": json.loads(results[0].read_text())["key"]}), "[")
    for path, wrong in zip(results, spoiled):
        path.write_text(wrong)
    assert run(tmp_path / "in", tmp_path / "out", "--unsafe-no-sandbox") == 0
    assert "4 notebooks, 3 to grade" in capsys.readouterr().out
    assert (tmp_path / "out/grades.csv").read_text().splitlines()[0] == rows[0]
    results[0].write_text('{"key": 5}')
    merge = ["merge", str(tmp_path / "out"), "--out", str(tmp_path / "all")]
    assert command.main(merge) == 0
    assert "no whole result" in capsys.readouterr().err
    with batch.alone(tmp_path / "all"):
        assert command.main(merge) == 2
    assert "another grader is at work" in capsys.readouterr().err


@pytest.mark.parametrize(("stems", "students"), [
    ("ada-05 ada-06 bo-05 cy_05_softmax_regression cy-06_mlp", "ada ada bo cy cy"),
    ("student-01 student-02", "student-01 student-02"),
    ("a-01 a-02 b-01 b-02 b-10", "a-01 a-02 b-01 b-02 b-10"),
    ("ada ada-05 ada-06 bo-05", "ada ada-05 ada-06 bo")])
def test_students_of_several_lessons(stems, students):
    found = submissions.students_of(stems.split())
    assert [found[stem] for stem in stems.split()] == students.split()


def test_other_rules_are_another_grading(tmp_path):
    path = hand_in(tmp_path / "in", "ada", "")
    one = submissions.Submission("ada", str(path), "ada")
    settings = batch.Settings(str(tmp_path), 0, "")
    batch.work(one, settings)
    result = batch.result_file(one, settings)
    result.write_text(result.read_text().replace("the grader failed", "it could not be read"))
    assert batch.current(one, settings)
    for change in ({"unsafe": True}, {"limits": sandbox.Limits(total=1)}, {"seed": 1}):
        assert not batch.current(one, dataclasses.replace(settings, **change))


@pytest.mark.parametrize("seconds", ["0", "-5", "nan", "inf", "0.01"])
def test_seconds_that_are_none(tmp_path, capsys, seconds):
    hand_in(tmp_path / "in", "ada", RIGHT)
    options = ["--unsafe-no-sandbox", f"--seconds={seconds}"]
    assert run(tmp_path / "in", tmp_path / "out", *options) == 2
    assert "from 1 to 86400" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_folder_called_merge(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hand_in(tmp_path / "merge", "ada", RIGHT)
    assert run("merge", tmp_path / "out", "--unsafe-no-sandbox") == 0
    assert (tmp_path / "out/grades.csv").exists()


def test_no_space_for_the_kit(tmp_path, monkeypatch, capsys):
    def full(*_, **__):
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device"), ("c", "d", "e")])

    monkeypatch.setattr(kits.filtered, "build", full)
    hand_in(tmp_path / "in", "ada", RIGHT)
    assert run(tmp_path / "in", tmp_path / "out", "--unsafe-no-sandbox") == 2
    assert capsys.readouterr().err.startswith("[Errno 28] No space left on device. Can ")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"run.json"}
