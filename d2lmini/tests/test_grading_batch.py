"""The command around the grader: what it deletes and counts, who is told what, how it stops."""

import contextlib
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
from d2lmini.grading import batch, kits, sandbox, walls

COURSE = Path(__file__).parents[2]
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


# --- nothing of the course can be read inside ---


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone whose virtual environment lies at its top, and the path that Python knows it by."""
    tmp_path.chmod(0o755)
    real = tmp_path / "clone"
    for name in ("d2lmini/exercises/references_05.py", "d2lmini/tests/test_exercises.py",
                 "notebooks/solutions/05.ipynb", ".git/HEAD", "build/lib/answers.py", "README.md",
                 "bin/python", "lib/python3/site-packages/numpy/core.py", "pyvenv.cfg",
                 "lib/python3/site-packages/d2lmini/exercises/references_05.py",
                 "lib/python3/site-packages/torch/functional.py"):
        (real / name).parent.mkdir(parents=True, exist_ok=True)
        (real / name).write_text("text")
    (real / "lib64").symlink_to("lib")
    (tmp_path / "link").symlink_to("clone")
    monkeypatch.setattr(walls, "PACKAGE", real / "d2lmini")
    forget()
    yield tmp_path
    forget()


def forget():
    for function in (walls.foreign, walls.masks):
        function.cache_clear()


@with_sandbox
@pytest.mark.parametrize("user", ["root", "another"])
@pytest.mark.parametrize("name", ["clone", "link", "above"])
def test_only_python_can_be_read_of_a_clone(clone, monkeypatch, name, user):
    """Also if it is known by another path, or lies in a folder that is bound, as in /usr."""
    known = clone / ("clone" if name == "above" else name)
    monkeypatch.setattr(sys, "prefix", str(known))
    if name == "above":
        monkeypatch.setattr(sys, "base_prefix", str(clone))
    if user == "another":
        monkeypatch.setattr(walls.os, "geteuid", lambda: 1000)
    elif os.geteuid() != 0:
        pytest.skip("needs root")
    script = f"find -L {known} -type f; touch {known}/x {known}/lib/x /x; exit 0"
    done = subprocess.run([*walls.command(Path("/usr"), None, walls.Limits()), "/bin/sh", "-c",
                           script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    package = "python3/site-packages/numpy/core.py"
    wanted = {"bin/python", "pyvenv.cfg", f"lib/{package}", f"lib64/{package}"}
    assert set(done.stdout.split()) == {f"{known}/{w}" for w in wanted}
    assert done.stderr.count("Read-only") + done.stderr.count("denied") == 3, done.stderr


@with_sandbox
def test_the_submissions_are_hidden_and_python_is_not(clone, monkeypatch):
    """Submissions whose folder holds Python itself."""
    monkeypatch.setattr(sys, "prefix", str(clone / "clone"))
    (clone / "clone/ada").mkdir()
    (clone / "clone/ada/hw.ipynb").write_text("")
    monkeypatch.setattr(walls, "PACKAGE", Path("/nowhere/d2lmini"))
    done = subprocess.run([*walls.command(Path("/usr"), None, walls.Limits(),
                                          (str(clone / "link"),)), "/bin/ls", clone / "clone"],
                          capture_output=True, text=True)
    assert done.stdout.split() == ["bin", "lib", "lib64", "pyvenv.cfg"], done.stderr


# --- memory ---

SLOW = RIGHT.replace("    e =", "    time.sleep(0.4)\n    e =", 1)
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


@with_sandbox
def test_memory_is_counted_once(tmp_path):
    """What a process and its copy share is one; what each writes anew is not."""
    hand_in(tmp_path / "in", "ada", "import time\nx = np.ones(700_000_000 // 8)", SLOW)
    hand_in(tmp_path / "in", "bo", "import time, os\nx = np.ones(400_000_000 // 8)\n"
            "for _ in range(3):\n    if os.fork() == 0:\n        time.sleep(60)", SLOW)
    hand_in(tmp_path / "in", "eve", GREEDY)
    assert run(tmp_path / "in", tmp_path / "out") == 0
    results = [json.loads(p.read_text()) for p in (tmp_path / "out/results").iterdir()]
    found = {r["student"]: (r["score"], [e["message"] for e in r["exercises"]]) for r in results}
    assert found["ada"][0] > 0, found["ada"]
    assert found["bo"][0] > 0, found["bo"]
    assert found["eve"][0] == 0 and "more than 1024 MB" in str(found["eve"])


# --- how it stops ---


def start(tmp_path):
    """The command, with the kit of one lesson."""
    code = ("import runpy\nfrom d2lmini.grading import kits\n"
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
    (signal.SIGINT, 0), (signal.SIGINT, 1.5), (signal.SIGTERM, 0), (signal.SIGHUP, 1.5)])
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
