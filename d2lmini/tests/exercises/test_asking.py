"""What `check` leaves behind: nothing, however and whenever it is stopped.

Interrupts at every line and at random moments, the learner's timers, streams and hooks, the limit
on time with and without a timer, outputs that are not UTF-8, and who is a person.
"""

import contextvars
import dataclasses
import os
import random
import signal
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import nbformat
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

import d2lmini as d2l
from d2lmini import exercises
from d2lmini import functional as F
from d2lmini.exercises import ask, bans, try_answer

TOP = Path(__file__).parents[3]
SOFTMAX = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""


def space(source):
    names = {"np": np, "F": F, "d2l": d2l}
    exec(source, names)
    return names


def answer(source, name="softmax", seconds=3.0):
    exercise = dataclasses.replace(exercises.find(name)[1], seconds=seconds)
    return try_answer(exercise, space(source), 0)


class Interrupt(KeyboardInterrupt):
    """As Ctrl-C, or Interrupt in Jupyter."""


def state():
    """Everything that a question could have left changed."""
    return (F.softmax(d2l.tensor([[0.0, 0.0]]), 1).tolist(), np.var([1.0, 3.0]), sys.stdout,
            sys.stderr, sys.gettrace(), sys.getprofile(), ask._watch.get(),
            {(id(f), f.__code__) for f in functions()})


def functions():
    for name, module in list(sys.modules.items()):
        if name.startswith("d2lmini.") and name.split(".")[1] not in bans.NO_PART:
            for value in vars(module).values():
                yield from (f for f in (value, *(vars(value).values() if isinstance(value, type)
                                                 else ())) if isinstance(f, types.FunctionType))


@pytest.fixture(autouse=True)
def _no_timer_is_left():
    """One that an interrupt left behind stops at its next ring: before the next test begins."""
    yield
    stopped()


def stopped():
    while signal.getitimer(signal.ITIMER_REAL)[1] == ask.AGAIN:
        time.sleep(ask.AGAIN / 8)


def settle():
    """What a left-over part needs to see that no question is running, and to remove itself."""
    print(end="")
    sys.stdout.write("")
    sys.stderr.write("")
    (lambda: None)()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there, the hook is not a trace function")
def test_an_interrupt_at_any_line_leaves_nothing_behind():
    """An exception is raised at each line that `check` runs in turn, also in its enter and exit."""
    names = space(SOFTMAX)
    exercise = exercises.find("softmax")[1]
    before, lines = state(), [0]
    count, stop = [0], [10**9]

    def at_each_line(frame, event, arg):
        if frame.f_code.co_filename == ask.__file__ or "contextlib" in frame.f_code.co_filename:
            count[0] += event == "line"
            if count[0] == stop[0]:
                stop[0] = 10**9
                raise Interrupt
        return at_each_line

    def run():
        count[0] = 0
        asked = ask.question("softmax(logits)", {"logits": np.ones((1, 2))})
        banned = bans.watched(exercise.bans, exercise.bans)
        sys.settrace(at_each_line)
        try:
            return ask.respond(names, asked, 3.0, banned=banned)
        finally:
            sys.settrace(None)

    assert run()["status"] == "value"
    lines = count[0]
    assert lines > 150
    stopped = 0
    for line in range(1, lines + 1):
        stop[0] = line
        try:
            run()
        except Interrupt:
            stopped += 1
        settle()
        assert state() == before, f"after line {line} of {lines}"
    assert stopped > 0.9 * lines
    time.sleep(0.2)  # a timer that was left behind would have rung
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # an open folder
def test_interrupts_at_random_moments_leave_nothing_behind():
    """Real interrupts, as from the button in Jupyter, in the middle of `check`."""
    def interrupt(*_):
        raise Interrupt

    names, before = space(SOFTMAX + "check = None"), state()
    old = signal.signal(signal.SIGUSR1, interrupt)
    chance, stopped = random.Random(4), 0
    me = threading.main_thread().ident
    try:
        for _ in range(150):
            timer = threading.Timer(chance.uniform(0, 0.02), signal.pthread_kill,
                                    (me, signal.SIGUSR1))
            try:
                timer.start()
                while timer.is_alive():
                    try_answer(exercises.find("softmax")[1], names, 0)
                time.sleep(0.05)
            except Interrupt:
                stopped += 1
            timer.join()
            settle()
            assert state() == before
    finally:
        signal.signal(signal.SIGUSR1, old)
    assert stopped > 100
    time.sleep(0.2)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_interrupt_in_the_answer_reaches_the_learner():
    before = state()
    with pytest.raises(KeyboardInterrupt):
        answer("def softmax(x):\n    raise KeyboardInterrupt")
    assert state() == before


# --- bans ---


def test_an_answer_that_swallows_the_error_of_a_ban():
    """It is no way around: the second call is seen as well, or the answer counts as banned."""
    twice = """def softmax(x):
    try:
        return F.softmax(d2l.tensor(x), 1).numpy()
    except RuntimeError:
        return F.softmax(d2l.tensor(x), 1).numpy()
"""
    assert "functional.softmax is not allowed" in answer(twice).message


def test_another_thread_may_use_what_is_banned():
    done = []
    source = SOFTMAX.replace("    e =", "    assert elsewhere()\n    e =", 1)
    names = space(source)

    def elsewhere():
        thread = threading.Thread(
            target=lambda: done.append(F.softmax(d2l.tensor([[1.0]]), 1).tolist()))
        thread.start()
        thread.join()
        return True

    names["elsewhere"] = elsewhere
    assert try_answer(exercises.find("softmax")[1], names, 0).right
    assert done and done[0] == [[1.0]]


# --- the limit on time ---

ENDLESS = {
    "a loop": "while True: pass",
    "a loop with calls": "while True: len(logits)",
    "one call after the other": "return softmax(logits) if len(logits) else 0",
    "a loop in a generator": "return sum(1 for _ in iter(int, 1))",
}


def without_timer(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")


@pytest.mark.parametrize("timer", [True, False])
@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_loop_is_stopped(monkeypatch, name, timer):
    if not timer:  # as in the browser and on Windows
        without_timer(monkeypatch)
    source = f"def softmax(logits):\n    {ENDLESS[name]}\n"
    if name == "one call after the other":
        source = "def other(f):\n    f(other)\ndef softmax(logits):\n    while True:\n" \
                 "        len(str(logits)); sorted(logits.tolist())\n"
    begin, before = time.perf_counter(), state()
    message = answer(source, seconds=0.3).message
    assert "had not ended after 0.3 seconds. Does its loop come to an end?" in message
    assert time.perf_counter() - begin < 5
    settle()
    assert state() == before


def test_an_endless_loop_is_stopped_in_a_thread():
    said = []
    thread = threading.Thread(target=lambda: said.append(
        answer("def softmax(x):\n    while True: pass", seconds=0.3).message))
    thread.start()
    thread.join(20)
    assert said and "had not ended" in said[0]


@pytest.mark.parametrize("timer", [True, False])
def test_what_an_interrupt_left_behind_does_not_end_a_later_limit(monkeypatch, timer):
    """As when its memory is collected in the middle of another question."""
    if not timer:
        without_timer(monkeypatch)
    left = [ask._Limit(60)]
    contextvars.copy_context().run(left[0].__enter__)  # and no exit
    settle()
    stopped()
    exercise = dataclasses.replace(exercises.find("softmax")[1], seconds=0.3)
    source = "def softmax(x):\n    left.clear()\n    end = time.monotonic() + 8\n" \
             "    while time.monotonic() < end: pass\n"
    names = {"left": left, "time": time}
    exec(source, names)
    assert "had not ended after 0.3 seconds" in try_answer(exercise, names, 0).message


def test_a_loop_that_swallows_the_limit_is_stopped():
    source = "def softmax(x):\n    while True:\n        try:\n            len(x)\n" \
             "        except BaseException:\n            pass\n        len(x)\n"
    assert "had not ended" in answer(source, seconds=0.2).message


def test_an_answer_without_a_timer_is_not_much_slower(monkeypatch):
    loops = "def softmax(x):\n    s = 0\n    for i in range(20_000): s += i\n" + "    return x\n"
    names, case = space(loops), ask.question("softmax(x)", {"x": np.ones(2)})

    def seconds():
        begin = time.perf_counter()
        assert ask.respond(names, case, 30.0)["status"] == "value"
        return time.perf_counter() - begin

    fast = min(seconds() for _ in range(5))
    without_timer(monkeypatch)
    slow = min(seconds() for _ in range(5))
    print(f"20,000 rounds: {1e3 * fast:.1f} ms, counted {1e3 * slow:.1f} ms")
    assert slow < 0.3


# --- what is the learner's ---


def test_the_learners_timer_rings_as_if_check_had_not_been_called():
    rung = []
    old = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    try:
        begin = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0.6, 0.25)
        assert answer(SOFTMAX).right
        assert answer("def softmax(x):\n    while True: pass", seconds=0.2).kind == "slow"
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert interval == 0.25 and 0 < left <= 0.6
        while len(rung) < 3 and time.monotonic() < begin + 10:
            time.sleep(0.01)
        assert 0.55 < rung[0] - begin < 1.5 and len(rung) == 3
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def test_the_learners_handler_is_there_afterwards():
    def mine(*_):
        pass

    old = signal.signal(signal.SIGALRM, mine)
    try:
        answer(SOFTMAX)
        answer("def softmax(x):\n    while True: pass", seconds=0.2)
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    finally:
        signal.signal(signal.SIGALRM, old)


def test_prints_and_warnings_of_an_answer_are_not_shown(capsys):
    loud = SOFTMAX.replace("    e =", "    import warnings; print('loud'); warnings.warn('w')\n"
                           "    np.log(np.zeros(1))\n    e =", 1)
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        assert answer(loud).right
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_output_that_cannot_show_every_letter(encoding, tmp_path):
    """And a home that cannot be written."""
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    program = ("import numpy as np\nfrom d2lmini.exercises import check, hint, score\n"
               "logit = lambda p: np.log(p / (1 - p))\ncheck('logit', points=10)\n"
               "hint('stable_rates')\nscore()\n")
    done = subprocess.run([sys.executable, "-c", program], cwd=home, capture_output=True,
                          env={**os.environ, "PYTHONIOENCODING": encoding, "HOME": str(home),
                               "PYTHONPATH": str(TOP)})
    assert done.returncode == 0, done.stderr.decode(encoding, "replace")
    said = done.stdout.decode(encoding)
    assert ("✓" if encoding == "utf-8" else "ok:") + " logit: right, for " in said
    assert "10 of  10  right" in said and done.stderr == b""


# --- Run All ---


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(TOP / "notebooks/exercises"),
                                       env={**os.environ, "PYTHONPATH": str(TOP)})
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run_all(client, path, **options):
    """The cells as a front end sends them; stops at the first error, as Run All does."""
    said = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            reply = client.execute_interactive(
                cell.source, timeout=60, **options, output_hook=lambda message: said.append(
                    message["content"].get("text", "")))
            if reply["content"]["status"] == "error":
                return "".join(said), reply["content"]["evalue"]
    return "".join(said), ""


COPIES = sorted((TOP / "notebooks/exercises").glob("*.ipynb"))


@pytest.mark.parametrize("path", COPIES, ids=lambda p: p.stem)
def test_run_all_passes_over_what_was_not_attempted(kernel, path):
    """A person's front end can ask for input(); nbclient, nbgrader and nbval cannot."""
    said, error = run_all(kernel, path, allow_stdin=True)
    assert not error
    names = [e.name for e in exercises.exercises(path.stem[:2])]
    for name in names:
        assert f"{name}: not attempted yet. Replace the line that raises" in said
    assert "0 of 100" in said and said.count("not attempted yet") >= 12
    _, error = run_all(kernel, path, allow_stdin=False)
    assert error.startswith(f"✗ {names[0]}: not attempted yet")


def test_run_all_stops_at_a_wrong_answer(kernel):
    wrong = "def logit(p):\n    return p\ncheck('logit')"
    reply = kernel.execute_interactive("from d2lmini.exercises import check\n" + wrong, timeout=60,
                                       allow_stdin=True, output_hook=lambda message: None)
    assert reply["content"]["ename"] == "CheckFailed"


@pytest.mark.parametrize("name", ["NBGRADER_EXECUTION", "NBGRADER_VALIDATING"])
def test_under_nbgrader_a_blank_answer_is_an_error_in_any_case(kernel, name):
    program = f"import os\nos.environ['{name}'] = '1'\nfrom d2lmini.exercises import check\n" \
              "def logit(p):\n    raise NotImplementedError()\ntry:\n    check('logit')\n" \
              f"finally:\n    del os.environ['{name}']"
    reply = kernel.execute_interactive(program, timeout=60, allow_stdin=True,
                                       output_hook=lambda message: None)
    assert reply["content"]["ename"] == "CheckFailed"


# --- a lecturer's own exercise ---


def test_an_exercise_is_added_by_a_file_and_three_cells(tmp_path):
    """As the lecturers' page says, in a copy of the course: its own example, word for word."""
    import json
    import shutil

    page = (TOP / "notebooks/exercises/README.md").read_text(encoding="utf-8")
    judge, stub = [part.split("```")[0] for part in page.split("```python\n")[1:]]
    shutil.copytree(TOP / "d2lmini", tmp_path / "d2lmini",
                    ignore=shutil.ignore_patterns("tests", "__pycache__"))
    shutil.copytree(TOP / "notebooks/solutions", tmp_path / "notebooks/solutions")
    (tmp_path / "d2lmini/exercises/lesson_05/rmse.py").write_text(judge, encoding="utf-8")
    path = tmp_path / "notebooks/solutions/05_softmax_regression.ipynb"
    book = nbformat.read(path, as_version=4)
    tags = [json.loads("{" + part.split("}")[0] + "}}") for part in
            (p.replace("\n", " ") for p in page.split("`{")[0:0])] or [
        {"grade": False, "grade_id": "rmse", "locked": False, "schema_version": 3,
         "solution": True, "task": False},
        {"grade": True, "grade_id": "test_rmse", "locked": True, "points": 10,
         "schema_version": 3, "solution": False, "task": False}]
    cells = [nbformat.v4.new_markdown_cell("## 7. The error in units ★"),
             nbformat.v4.new_code_cell(stub, metadata={"nbgrader": tags[0]}),
             nbformat.v4.new_code_cell('check("rmse")', metadata={"nbgrader": tags[1]})]
    book.cells[5:5] = cells  # after the first exercise
    nbformat.write(book, path)
    program = f"""
import numpy as np, nbformat
from d2lmini import exercises
from d2lmini.exercises import check, hint, score, try_answer
from d2lmini.exercises.judge import with_mistake
from d2lmini.tools import generate
assert exercises.names("05")[:3] == ["logit", "rmse", "spread"] and len(exercises.names("05")) == 7
exec({stub!r})
check("rmse"); hint("rmse"); score()
exercise = exercises.find("rmse")[1]
for mistake in exercise.mistakes:
    assert try_answer(exercise, with_mistake(exercise, mistake), 0).message.endswith(mistake.says)
copy = generate.student_copy(nbformat.read({str(path)!r}, as_version=4))
print(copy.cells[5].source, copy.cells[6].source, copy.cells[7].source)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "✓ rmse: right, for 9 different inputs." in done.stdout
    assert "10 of  10  right" in done.stdout and "rmse, hint 1 of 2" in done.stdout
    assert "★ (10 points)" in done.stdout and 'check("rmse", points=10)' in done.stdout
    assert "raise NotImplementedError()" in done.stdout and "np.sqrt" not in done.stdout.split(
        "★")[1]
