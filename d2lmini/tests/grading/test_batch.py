"""The command: what it deletes and keeps, versions, how it stops, what it prints.

test_gradebook.py has what it makes of the results.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from d2lmini.grading import __main__ as command
from d2lmini.grading import batch, course
from d2lmini.grading.names import Submission
from d2lmini.grading.sandbox import diagnose, filtered, sandbox
from d2lmini.tests.grading.handin import (
    COURSE,
    NAME,
    RIGHT,
    WRONG,
    hand_in,
    store,
    whole,
    with_sandbox,
)

MADE = {"feedback", "grades.csv", "results", "run.json", "summary.html"}


@pytest.fixture
def class_folder(tmp_path):
    """Six submissions: right, wrong, blank, broken, and one that takes a moment."""
    folder = tmp_path / "class"
    for i in range(3):
        hand_in(folder, f"right{i}", RIGHT)
    hand_in(folder, "wrong", WRONG)
    hand_in(folder, "slow", "import time\ntime.sleep(1)", RIGHT)
    store(folder / "broken" / NAME / "hw.ipynb", "{")
    return folder


@with_sandbox
def test_a_class_is_graded_and_resumed(class_folder, tmp_path, run, table, capsys, request):
    """As a lecturer runs it, the check of the computer included."""
    out = tmp_path / "out"
    assert run(class_folder, "--seed", 8) == 0
    rows = table()
    assert {s: float(r["05 softmax"]) > 0 for s, r in rows.items() if r["05 softmax"]} == {
        "right0": True, "right1": True, "right2": True, "slow": True, "wrong": False}
    assert rows["broken"]["status"] == "not graded" and "JSON" in rows["broken"]["reason"]
    assert rows["broken"]["score"] == "" and rows["wrong"]["score"] == "0"
    assert rows["wrong"]["assignment"] == NAME
    said = capsys.readouterr().out
    assert "6 of 6" in said and "Look at these by hand" in said
    assert "- Not graded (1)\n    broken: the file is not a whole notebook" in said
    assert {p.name for p in out.iterdir()} == MADE
    assert {p.name for p in (out / "feedback").iterdir()} == {
        "broken.html", *(f"{s}-{NAME}.html" for s in rows if s != "broken")}
    assert all((out / r["feedback"]).is_file() for r in rows.values())
    request.getfixturevalue("fast")  # once is enough
    before = {p: p.stat().st_mtime_ns for p in (out / "results").iterdir()}
    assert run(class_folder) == 0
    assert "0 to grade, seed 8" in capsys.readouterr().out
    assert {p: p.stat().st_mtime_ns for p in (out / "results").iterdir()} == before
    assert table() == rows
    hand_in(class_folder, "wrong", RIGHT)
    run(class_folder)
    assert "1 to grade" in capsys.readouterr().out
    assert float(table()["wrong"]["score"]) > 0
    run(class_folder, "--regrade")
    assert "6 to grade" in capsys.readouterr().out


@with_sandbox
def test_two_graders_do_not_share_a_folder(class_folder, tmp_path, run, capsys):
    with batch.alone(tmp_path / "out"):
        assert run(class_folder) == 2
    assert "another grader is at work" in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()


# --- versions ---


@with_sandbox
def test_shards_together_are_the_whole(class_folder, tmp_path, run, table, fast, capsys):
    run(class_folder, "--seed", 4, out="whole")
    parts = ["part1", "part2"]
    for i, part in enumerate(parts, 1):
        run(class_folder, "--seed", 4, "--shard", f"{i}/2", out=part)
    sizes = [len(table(part)) for part in parts]
    assert sum(sizes) == 6 and max(sizes) < 6
    merge = ["merge", *(str(tmp_path / part) for part in parts), "--out", str(tmp_path / "all")]
    assert command.main(merge) == 0
    assert table("all") == table("whole")
    for path in (tmp_path / parts[1] / "results").iterdir():
        path.write_text(path.read_text().replace("NumPy ", "NumPy 1.26 and "))
    capsys.readouterr()
    assert command.main(merge) == 2
    err = capsys.readouterr().err
    assert f"{tmp_path / parts[1]} has NumPy 1.26 and" in err
    assert f"{tmp_path / parts[0]} has NumPy" in err
    next((tmp_path / parts[0] / "results").iterdir()).write_text('{"key": 5}')
    shutil.rmtree(tmp_path / parts[1])
    command.main([m for m in merge if not m.endswith("part2")])
    assert "no whole result" in capsys.readouterr().err


def test_the_version_has_all_that_decides(monkeypatch, tmp_path):
    """Each part changes with its files, also in folders, and with nothing else."""
    def parts():
        batch.version.cache_clear()
        return dict(part.rsplit(" ", 1) for part in batch.version().split(", "))

    copy = tmp_path / "d2lmini"
    shutil.copytree(batch.PACKAGE, copy, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    shutil.copytree(course.SOLUTIONS, tmp_path / "solutions")
    (tmp_path / "data/mnist").mkdir(parents=True)
    monkeypatch.setattr(batch, "PACKAGE", copy)
    monkeypatch.setattr(course, "SOLUTIONS", tmp_path / "solutions")
    monkeypatch.setattr(batch.data, "data_dir", lambda: tmp_path / "data")
    before = parts()
    assert before.keys() == {"exercises", "solutions", "grader", "d2lmini", "data", "NumPy",
                             "Python"}
    for name, file in {"exercises": "d2lmini/exercises/lesson_05/new.py", "data": "data/mnist/x.gz",
                       "grader": "d2lmini/grading/sandbox/new.py", "solutions": "solutions/x.ipynb",
                       "d2lmini": "d2lmini/backend/new.py"}.items():
        store(tmp_path / file, "x = 1")
        after = parts()
        assert {key for key in after if after[key] != before[key]} == {name}
        before = after
    store(copy / "tools/new.py", "x = 1")
    assert parts() == before
    monkeypatch.setattr(batch.np, "__version__", "9.9")
    assert parts()["NumPy"] == "9.9"
    batch.version.cache_clear()


def test_other_rules_or_versions_are_another_grading(tmp_path):
    path = hand_in(tmp_path / "in", "ada", "")
    one = Submission("ada", str(path), "ada")
    settings = batch.Settings(str(tmp_path), 0, "exercises 1, NumPy 2.0")
    batch.store(one, settings, {**batch.one(one, settings), "remarks": []})
    assert batch.current(one, settings)
    for change in ({"unsafe": True}, {"limits": sandbox.Limits(total=1)}, {"seed": 1},
                   {"version": "exercises 1, NumPy 2.1"}):
        assert not batch.current(one, dataclasses.replace(settings, **change))
    batch.store(one, settings, batch.one(one, settings))  # the grader failed: no packages
    assert not batch.current(one, settings)


# --- the check of the computer ---


@with_sandbox
@pytest.mark.parametrize(("change", "said"), [
    ("no data", "does not get full marks"), ("another NumPy", "inside the sandbox there is NumPy"),
    ("no NumPy", "not by PYTHONPATH (it is /somewhere)")])
def test_a_fault_of_the_computer_stops_before_the_first_student(
        tmp_path, run, settings, monkeypatch, capsys, packages, change, said):
    hand_in(tmp_path / "in", "ada", RIGHT)
    monkeypatch.setattr(filtered, "make", lambda out: packages)
    monkeypatch.setattr(filtered, "remove", lambda folder: None)
    monkeypatch.setattr(batch, "spread", lambda todo, settings, workers, done, function: [
        done(function(x, settings)) for x in todo] and [])  # in this process
    lessons = batch.exercises.LESSONS
    if change == "no data":
        (tmp_path / "data").mkdir()
        monkeypatch.setattr(batch.data, "data_dir", lambda: tmp_path / "data")
        monkeypatch.setattr(batch, "one", lambda submission, settings: {
            "status": "graded", "score": 80, "max_score": 100, "reason": "", "exercises": [
                {"right": False, "message": "FileNotFoundError: no MNIST"}]})
        said2 = f"They are looked for in {tmp_path / 'data'}"
    elif change == "another NumPy":
        monkeypatch.setattr(sandbox.np, "__version__", "1.0")
        said2 = "outside 1.0"
    else:
        monkeypatch.setenv("PYTHONPATH", "/somewhere")
        monkeypatch.setattr(sandbox, "packages", lambda: ["/nowhere"])
        said2 = "the sandbox did not start"
    assert run(tmp_path / "in") == 2
    err = capsys.readouterr().err
    assert said in err and said2 in err and "Nothing was graded" in err, err
    assert f"lesson {lessons[0]} does not get full marks" in err
    assert not (tmp_path / "out/grades.csv").exists() and not (tmp_path / "out/results").exists()


@with_sandbox
def test_the_solutions_get_full_marks_here(settings):
    assert batch.check_solution("05", settings) == ""


# --- nothing is deleted that the grader did not make, and nobody else may read it ---


def snapshot(folder):
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None
            for p in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("name", ["results", f"{filtered.PREFIX}class"])
def test_submissions_inside_the_results_are_refused_and_kept(tmp_path, run, capsys, name):
    hand_in(tmp_path / name, "ada", RIGHT)
    before = snapshot(tmp_path)
    assert run(tmp_path / name, "--unsafe-no-sandbox", out=".") == 2
    assert "--out of its own" in capsys.readouterr().err
    assert snapshot(tmp_path) == before


@with_sandbox
def test_what_lies_in_the_results_folder_stays(tmp_path, run, fast, monkeypatch):
    out = tmp_path / "out"
    for place in (f"out/{filtered.PREFIX}mine", "out/results/.new-x", "out/feedback", "elsewhere"):
        store(tmp_path / place / "thesis.txt", "mine")
    store(out / ".new-chapter", "mine")
    (out / f"{filtered.PREFIX}link").symlink_to(tmp_path / "elsewhere")
    store(tmp_path / "elsewhere" / filtered.MARK, "")
    hand_in(tmp_path / "in", "ada", RIGHT)
    before = snapshot(tmp_path)
    killed = out / f"{filtered.PREFIX}killed"  # of a run that was killed
    store(killed / filtered.MARK, "")
    store(out / "results" / f"{batch.NEW}x", "half a result")
    monkeypatch.undo()
    monkeypatch.setattr(batch, "check_computer", lambda *_: None)
    monkeypatch.setattr(filtered.make, "__defaults__", (("05",),))
    assert run(tmp_path / "in") == 0
    assert not killed.exists()
    after = snapshot(tmp_path)
    assert {k: after.get(k) for k in before} == before
    assert {k.split("/")[1] for k in after.keys() - before.keys()} == MADE
    assert f"out/results/{batch.NEW}x" not in after
    shutil.move(tmp_path / "in/ada", tmp_path / "in/bo")  # ada's page is none any more
    assert run(tmp_path / "in") == 0
    assert {p.name for p in (out / "feedback").iterdir()} == {"thesis.txt", f"bo-{NAME}.html"}


@with_sandbox
@pytest.mark.parametrize("mask", [0o077, 0o027, 0o002])
def test_the_users_umask_holds(tmp_path, mask):
    """For all that is written, also while it runs (the packages are read by another user if
    root grades, but then the folder around them keeps others out)."""
    hand_in(tmp_path / "in", "ada", RIGHT)
    code = ("import os, sys\nfrom d2lmini.grading import __main__ as command, batch\n"
            "from d2lmini.grading.sandbox import filtered\n"
            "filtered.make.__defaults__ = (('05',),)\n"
            "def look(*_):\n"
            "    for here, folders, files in os.walk(sys.argv[2]):\n"
            "        inside = os.geteuid() == 0 and filtered.PREFIX in here\n"
            "        for name in files + [''] * (not inside):\n"
            "            mode = os.lstat(os.path.join(here, name)).st_mode & 0o777\n"
            f"            assert inside or mode & {mask} == 0, (here, name, oct(mode))\n"
            "batch.check_computer = look\n"
            f"os.umask({mask})\n"
            "status = command.main([sys.argv[1], '--out', sys.argv[2], '--workers', '1'])\n"
            "look()\nsys.exit(status)")
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "in"), str(tmp_path / "out")],
                          cwd=COURSE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = {p: p.stat().st_mode & 0o777 for p in (tmp_path / "out").rglob("*")}
    assert {oct(mode) for p, mode in made.items() if p.is_file()} == {oct(0o666 & ~mask)}
    assert {oct(mode) for p, mode in made.items() if p.is_dir()} == {oct(0o777 & ~mask)}


@with_sandbox
def test_no_trace_is_left(tmp_path, monkeypatch, run, table, fast):
    """Not by the grader in the folder for temporary files, nor by what a submission writes."""
    temporary, name = tmp_path / "temporary", f"left-{os.getpid()}-{time.monotonic_ns()}"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    hand_in(tmp_path / "in", "ada",
            f"for place in '/tmp', '/dev/shm':\n    open(place + '/{name}', 'w').close()", RIGHT)
    run(tmp_path / "in")
    run(tmp_path / "in", "--unsafe-no-sandbox", "--regrade")
    assert float(table()["ada"]["05 softmax"]) > 0
    for place in ("/tmp", "/dev/shm"):  # written by the unsafe run, and not by the one before
        Path(place, name).unlink()
    assert os.listdir(temporary) == [] and strays(tmp_path / "out") == []


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
def test_memory_is_counted_once(tmp_path, run, fast):
    """What a process and its copy share is one; what each writes anew is not."""
    hand_in(tmp_path / "in", "ada", "import time\nx = np.ones(700_000_000 // 8)", SLOW)
    hand_in(tmp_path / "in", "bo", "import time, os\nx = np.ones(400_000_000 // 8)\n"
            "for _ in range(3):\n    if os.fork() == 0:\n        time.sleep(60)", SLOW)
    hand_in(tmp_path / "in", "cy", POOLS, RIGHT.replace("    e", "    assert done\n    e", 1))
    hand_in(tmp_path / "in", "eve", GREEDY)
    assert run(tmp_path / "in") == 0
    results = [json.loads(p.read_text()) for p in (tmp_path / "out/results").iterdir()]
    found = {r["student"]: (r["score"], [e["message"] for e in r["exercises"]]) for r in results}
    for student in ("ada", "bo", "cy"):
        assert found[student][0] > 0, found[student]
    assert found["eve"][0] == 0 and "more than 1024 MB" in str(found["eve"])


# --- how it stops ---


def start(tmp_path):
    """The command, with the packages of one lesson; it hears signals also where tests must not."""
    code = ("import runpy, signal\nfrom d2lmini.grading import batch\n"
            "from d2lmini.grading.sandbox import filtered\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
            "batch.check_computer = lambda *_: None\n"
            "filtered.make.__defaults__ = (('05',),)\n"
            "runpy.run_module('d2lmini.grading', run_name='__main__', alter_sys=True)")
    return subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "in"), "--out",
                             str(tmp_path / "out"), "--workers", "2", "--seed", "6"], cwd=COURSE,
                            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            start_new_session=True)


def workers_of(process):
    """The numbers of its worker processes, as soon as there are some."""
    end = time.monotonic() + 60
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


def strays(out):
    """Processes of a grader that was killed."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (folder / "cmdline").read_bytes()
            found += [line] if str(out).encode() in line else []
    return found


@with_sandbox
def test_a_killed_run_is_continued(class_folder, tmp_path, run, table, fast):
    run(class_folder, "--seed", 6, out="whole")
    (tmp_path / "in").symlink_to(class_folder)
    for seconds in (0, 1, 2):  # from the moment that workers are there
        process = start(tmp_path)
        workers = workers_of(process)
        time.sleep(seconds)
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            pipe.close()
        left = not gone(workers)
        for pid in workers if left else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert not left and strays(tmp_path / "out") == []
    assert run(tmp_path / "in") == 0  # it goes on with its own seed
    assert table() == table("whole")
    assert {p.name for p in (tmp_path / "out").iterdir()} == MADE


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
    assert gone(workers)
    assert {p.name for p in (tmp_path / "out").iterdir()} <= {"results", "run.json"}


def test_a_signal_that_another_thread_takes_is_held_back_too():
    code = """import os, signal, threading, time
from d2lmini.grading import stop
threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
with stop.once():
    try:
        with stop.held_back():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.3)
            print("held")
        print("lost")
    except stop.Stopped as stopped:
        print(stopped.status)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True)
    assert done.stdout.split() == ["held", str(128 + signal.SIGTERM)], done.stderr


# --- wrong use ---


@pytest.mark.parametrize(("argv", "said"), [
    (["{in}/none"], "there is no such folder"),
    (["{in}"], "there are no notebooks"),
    (["{in}", "--out", "{in}/results"], "outside the folder of submissions"),
    (["{in}", "--shard", "5/4"], "write i/n"),
    (["{in}", "--seconds=0"], "from 1 to 86400"), (["{in}", "--seconds=nan"], "from 1 to 86400"),
    (["{in}", "--seconds=-5"], "from 1 to 86400"), (["{in}", "--seconds=inf"], "from 1 to 86400"),
    (["{in}", "--due", "tomorrow"], "write a date, a time and a time zone"),
    (["{in}", "--due", "2026-11-20 23:59"], "write a date, a time and a time zone"),
    (["{in}", "--due", "77=2026-11-20 23:59 UTC"], "write a date, a time and a time zone"),
    (["{in}", "--due", "2026-11-20 23:59 UTC", "--late", "much"], "write 10%/day, or 2/hour"),
    (["{in}", "--late", "10%/day"], "say with --due when work is due"),
    (["{in}", "--roster", "{in}/none.csv"], "cannot be read as UTF-8 text"),
    (["{in}", "--names", "moddle"], "moodle, blackboard, brightspace, gradescope, nbgrader"),
    (["merge"], "give the folders of results"),
    (["merge", "{in}"], "there are no results in it")])
def test_wrong_use_gets_one_line(tmp_path, capsys, monkeypatch, argv, said):
    monkeypatch.setattr(diagnose, "require", lambda: None)
    (tmp_path / "in").mkdir()
    out = [] if "--out" in argv else ["--out", str(tmp_path / "out")]
    assert command.main([a.replace("{in}", str(tmp_path / "in")) for a in argv] + out) == 2
    err = capsys.readouterr().err
    assert said in err and len(err.splitlines()) == 1
    assert not (tmp_path / "out").exists() or argv[0] == "merge"


def test_without_bwrap_nothing_is_graded_unless_it_is_allowed(
        tmp_path, run, table, fast, monkeypatch, capsys):
    hand_in(tmp_path / "in", "ada", RIGHT)
    monkeypatch.setattr(diagnose.shutil, "which", lambda name: None)
    assert run(tmp_path / "in") == 2
    assert "apt install bubblewrap" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run(tmp_path / "in", "--unsafe-no-sandbox") == 0
    assert float(table()["ada"]["score"]) > 0


def test_a_folder_called_merge(tmp_path, monkeypatch, run, fast):
    monkeypatch.chdir(tmp_path)
    hand_in(tmp_path / "merge", "ada", RIGHT)
    assert run("merge", "--unsafe-no-sandbox") == 0
    assert (tmp_path / "out/grades.csv").exists()


def test_no_space_for_the_packages(tmp_path, monkeypatch, run, capsys):
    def full(*_, **__):
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device"), ("c", "d", "e")])

    monkeypatch.setattr(filtered, "build", full)
    hand_in(tmp_path / "in", "ada", RIGHT)
    assert run(tmp_path / "in", "--unsafe-no-sandbox") == 2
    assert capsys.readouterr().err.startswith("[Errno 28] No space left on device. Can ")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"run.json"}


def test_files_beside_a_notebook_without_a_sandbox(tmp_path, run, table, fast):
    """They are written into a folder of their own, which is removed."""
    store(tmp_path / "in/ada/helpers.py", "x = 1")
    store(tmp_path / "in/ada/hw.ipynb", whole("from helpers import x", RIGHT))
    assert run(tmp_path / "in", "--unsafe-no-sandbox") == 0
    assert float(table()["ada"]["score"]) > 0
    assert not any(Path(place, "helpers.py").exists() for place in ("/", ".", COURSE))
