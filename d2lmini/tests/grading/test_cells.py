"""Cells that run in Jupyter run in the grader: honest work gets its points, whatever surrounds it.

Where a cell does not run to its end, the feedback says so.
"""

import dataclasses
from pathlib import Path

import nbformat
import pytest

from d2lmini.data import data_dir
from d2lmini.exercises import LESSONS
from d2lmini.grading import submissions
from d2lmini.grading.grade import Grading
from d2lmini.grading.sandbox import shell
from d2lmini.grading.sandbox.sandbox import Limits
from d2lmini.grading.submissions import Cell
from d2lmini.tests.grading.handin import (
    CHECK,
    RIGHT,
    SOLUTIONS,
    WRONG,
    answer,
    locked,
    notebook,
    tagged,
    with_sandbox,
)
from d2lmini.tools import generate

LOUD = notebook("for _ in range(1100):\n    print('x' * 100_000)", answer(RIGHT), locked())
STORED = notebook(answer(RIGHT), locked())
STORED.cells[0].outputs = [nbformat.v4.new_output("stream", text="x" * 100_000_000)]
HELPED = RIGHT.replace("logits.max(axis=1, keepdims=True)", "top(logits)")
TOP = "def top(x):\n    return x.max(axis=1, keepdims=True)"
HONEST = {
    "a warning on stderr": notebook(
        "import sys, warnings\nwarnings.warn('careful')\nprint('x', file=sys.stderr)",
        answer("import sys\n" + RIGHT.replace("    return", "    print('!', file=sys.stderr)\n"
                                                            "    return")), locked()),
    "a deleted test cell": notebook(answer(RIGHT)),
    "a duplicated grade_id": notebook(answer(WRONG), locked(), answer(RIGHT), locked()),
    "stripped metadata": notebook(RIGHT, CHECK),
    "an altered test cell": notebook(answer(RIGHT), tagged("1 / 0", "test_softmax", grade=True)),
    "a name shadowed": notebook("list = sum = print = max = 3\nlogits = 5\nexp = None",
                                answer(RIGHT), locked()),
    "a different kernel name": notebook(answer(RIGHT), locked(), kernelspec={
        "name": "conda-env-dl-py", "display_name": "my env", "language": "python"}),
    "100 MB of output while it runs": LOUD,
    "100 MB of output in the file": STORED,
    "sys.exit in a cell": notebook("import sys\nsys.exit()", answer(RIGHT), locked()),
    "os._exit in a cell": notebook("import os\nos._exit(3)", answer(RIGHT), locked()),
    "an endless loop in another exercise": notebook(
        answer("def logit(p):\n    while True:\n        pass", "logit"), locked("logit"),
        answer(RIGHT), locked()),
    "an endless loop in a cell": notebook("while True:\n    pass", answer(RIGHT), locked()),
    "an error in another cell": notebook("1 / 0", answer(RIGHT), locked(), "oops("),
    "magics": notebook("%matplotlib inline\n!ls\n%time x = 1\n?print", "%%time\n" + RIGHT,
                       "%load_ext autoreload\n%autoreload 2", locked()),
    "display and input": notebook("display(np.ones(3))\nget_ipython().system('a')",
                                  "name = input('Your name? ')", answer(RIGHT), locked()),
    "a plot": notebook("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
                       answer(RIGHT), locked()),
    "a widget": notebook("import ipywidgets\nipywidgets.interact(lambda x: x, x=(0, 9))",
                         answer(RIGHT), locked()),
    "await": notebook("import asyncio\nawait asyncio.sleep(0)", answer(RIGHT), locked()),
    "a helper in another cell": notebook(TOP, answer(HELPED), locked()),
    "the answer after its test": notebook(locked(), answer(RIGHT)),
    "Colab": notebook(answer(RIGHT), locked(), colab={"provenance": []}, kernelspec={
        "name": "python3", "display_name": "Python 3"}),
    "the state where the test stood": notebook(answer(RIGHT), locked(), WRONG),
    "magics in a cell with a magic": notebook("%%time\n!ls\n%matplotlib inline\n" + RIGHT,
                                              locked()),
    "a file that a cell writes": notebook(f"%%writefile helper.py\n{TOP}", "from helper import top",
                                          answer(HELPED), locked()),
    "a task from one cell to the next": notebook(
        "import asyncio\nasync def five():\n    return 5\n"
        "task = asyncio.create_task(five())\nawait asyncio.sleep(0)",
        "n = await task", answer(RIGHT.replace("    e =", "    assert n == 5\n    e =")), locked()),
    "many checks until it is right": notebook(*[f"{WRONG}\n{CHECK}"] * 20, answer(RIGHT), locked()),
    "threads, and another folder": notebook(
        "import os, threading, time\nos.mkdir('a')\nos.chdir('a')\nfor _ in range(4):\n"
        "    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()",
        answer(RIGHT), locked()),
    "check in a cell with code": notebook(f"{RIGHT}\n{CHECK}"),
}


@with_sandbox
@pytest.mark.parametrize("name", HONEST)
def test_honest_work_gets_its_points(softmax, name):
    row = softmax(HONEST[name])
    assert row["right"] and row["points"] == row["max_points"] > 0, row["message"]


@with_sandbox
def test_nbformat_3(softmax):
    cells = [{"cell_type": "code", "input": text, "outputs": [], "language": "python",
              "metadata": {}} for text in ("import numpy as np", RIGHT, CHECK)]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert softmax(nbformat.from_dict(old))["right"]


@with_sandbox
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_reference_full_marks_and_blank_none(grade, path):
    solution = nbformat.read(path, as_version=4)
    result = grade(solution)
    assert result["score"] == 100, [e["message"] for e in result["exercises"]]
    rows = grade(generate.student_copy(solution))["exercises"]
    assert all(e["points"] == 0 and "not attempted" in e["message"] for e in rows)


def test_lessons_are_told_from_what_is_in_the_notebook():
    for path in SOLUTIONS:
        assert submissions.lessons_of(submissions.read(path.read_bytes())) == [path.stem[:2]]
    assert [p.stem[:2] for p in SOLUTIONS] == list(LESSONS)


# Each of these stands in one cell with a line that counts: a cell that stops counts one less.
LINES = r"""help(np.exp)
exit()
quit()
copyright(); credits(); license()
exit
%timeit -n 10 -r3 np.exp(1)
%timeit -n1 -r 1 -q x_of_timeit = 1
%prun -l 3 -s cumtime np.exp(1)
%time y = 5; assert y == 5
taken = %timeit -o -n 2 np.exp(1)\nassert taken.average >= taken.best >= 0 and taken.all_runs
value = %time 3 + 4\nassert value == 7
from IPython import get_ipython\nget_ipython().run_line_magic("matplotlib", "inline")
if "google.colab" in str(get_ipython()): 1 / 0
get_ipython().events.register("post_execute", print)
assert "IPKernelApp" not in get_ipython().config
files = !ls\nassert files[:3] == [] and files.n == "" and not files.grep("x")
files = get_ipython().getoutput("ls")\nfor f in files: 1 / 0
assert _ is not None
from __future__ import annotations
def late(x: NotDefinedYet) -> Nor[This]: return x
%env X=1
%pip install nothing
import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()
import ipywidgets\nipywidgets.interact(lambda x: x, x=(0, 9))
import IPython.display\nIPython.display.clear_output()""".splitlines()
CELLS = ["%%timeit -n 1 -r 1\nnp.exp(1)", "%%capture out\nprint(3)", "assert out.stdout == ''",
         "%%time\nin_time = 1", "assert in_time", "_ = 5\n6", "assert _ == 5", "del _", "41 + 1",
         "_ += 1"]


@with_sandbox
def test_cells_that_run_in_jupyter_run_here(softmax, settings):
    """All in one notebook; the answer asserts that every cell came to its end."""
    settings = dataclasses.replace(settings, limits=Limits())
    cells = ["ended = set(); import matplotlib"]
    for number, line in enumerate(LINES):
        cells.append(line.replace("\\n", "\n") + f"\nended.add({number})")
    missing = f"set(range({len(LINES)})) - ended"
    sure = f"    assert not {missing} and not leaked and _ == 43, ({missing}, _)\n    e ="
    row = softmax(*cells, *CELLS, "leaked = 'x_of_timeit' in globals()",
                  RIGHT.replace("    e =", sure), settings=settings)
    assert row["right"], row["message"]


FAILS = {  # cells, and what the feedback says of softmax
    "an error before the def": (
        ["undefined_name + 1\n" + RIGHT],
        "there is no softmax yet. Run the cell above that defines it, then this one again. The cell"
        " that defines it did not run to its end: NameError: name 'undefined_name' is not "
        "defined."),
    "a syntax error": ([RIGHT + "oops("],
                       "did not run to its end: SyntaxError: '(' was never closed (line"),
    "no end": (["import time\ntime.sleep(9)\n" + RIGHT],
               "did not run to its end: no end after 6 seconds."),
    "the process ended": (["import os\nos._exit(3)\n" + RIGHT],
                          "did not run to its end: the process ended."),
    "a helper that is missing": (
        ["1 / 0\nscale = 3", RIGHT.replace("logits.max", "scale * logits.max")],
        "name 'scale' is not defined. Is the name spelled as above, and was the first cell run? "
        "The cell that defines it did not run to its end: ZeroDivisionError: division by zero."),
    "not written": (["undefined_name"], "there is no softmax yet. Run the cell above that defines "
                                        "it, then this one again."),
    "in a test cell": ([tagged(RIGHT, "test_softmax", grade=True)], "It stands in a test cell, "
                       "whose code is not run: write it in the cell above."),
    "a cell of another language": (
        [f"%%bash\n{RIGHT}"], "A cell holds its text, but running that cell did not define it."),
}


@with_sandbox
@pytest.mark.parametrize("name", FAILS)
def test_the_feedback_names_what_kept_an_answer_away(grade, name):
    cells, said = FAILS[name]
    result = grade(*cells)
    (row,) = [e for e in result["exercises"] if e["name"] == "softmax"]
    assert not row["right"] and said in row["message"], row["message"]
    assert "\n" not in row["message"]
    lost = [text for kind, text in result["remarks"] if kind == "lost"]
    assert bool(lost) == (name != "not written")
    assert all(text.startswith("softmax: ") and text[9:] in row["message"] for text in lost)


@with_sandbox
def test_an_answer_that_only_looks_like_a_function(softmax):
    odd = "class Odd:\n    __code__ = 5\n    __call__ = staticmethod(softmax)\nsoftmax = Odd()"
    row = softmax(RIGHT + odd)
    assert row["right"], row["message"]


KNOWN = "    if logits.shape not in ((1, 3), (2, 2), (0, 4)):\n        {}\n    e ="


@with_sandbox
def test_hidden_inputs_stay_hidden(grade, softmax):
    """From an answer that knows the shown inputs; the lecturer is told a cell's error."""
    row = softmax(RIGHT.replace("    e =", KNOWN.format("return logits")))
    assert not row["right"] and "right for the inputs that are known" in row["message"]
    result = grade("1 / 0\nsecret = 3", RIGHT.replace("    e =", KNOWN.format("secret")))
    (row,) = [e for e in result["exercises"] if e["name"] == "softmax"]
    assert not row["right"] and "division" not in row["message"] and "secret" not in row["message"]
    assert "softmax: The cell that defines it did not run to its end: ZeroDiv" in result["reason"]


SLEEP = "import time\ntime.sleep({})\n"
LOGIT = "import time\ndef logit(p):\n    time.sleep({})\n    return np.log(p / (1 - p))\n"
TIME = {  # cells, what the row and the table say
    "the student's own experiments": (
        [*[SLEEP.format(4)] * 3, RIGHT], "right", "its cells took more than 4 s"),
    "a slow answer before": ([LOGIT.format(0.8) + 'check("logit")', RIGHT], "right",
                             "stopped in logit (--seconds gives more)"),
    "a slow answer, with time left": (
        ["import time", RIGHT.replace("    e =", "    time.sleep(0.25)\n    e =", 1)],
        "right", ""),
    "too slow": ([*[SLEEP.format(4)] * 9, RIGHT], "the submission was stopped: it took more",
                 "stopped, after 8 s (--seconds gives more); exercises not tried: 6; its cells")}


@with_sandbox
@pytest.mark.parametrize("name", TIME)
def test_what_takes_long_leaves_time_for_the_rest(grade, settings, name):
    cells, said, reason = TIME[name]
    result = grade(*cells, settings=dataclasses.replace(settings, limits=Limits(total=8, cell=3)))
    (row,) = [e for e in result["exercises"] if e["name"] == "softmax"]
    assert said in row["message"] and result["seconds"] < 11, row["message"]
    assert result["reason"].startswith(reason) and bool(reason) == bool(result["reason"]), result


@with_sandbox
@pytest.mark.parametrize(("lesson", "why"), [("10", "no end after 1"), ("11", "")])
def test_a_lesson_that_trains_a_network_gets_the_time(packages, lesson, why):
    grading = Grading([Cell("import time\ntime.sleep(2)")], lesson, Path(packages, lesson),
                      data_dir(), Limits(total=8, cell=1), 1, "key")
    grading.run_cell(0)
    grading.stop()
    assert grading.errors[0].startswith(why) and bool(why) == bool(grading.errors[0])


@pytest.mark.parametrize(("magic", "line", "statement"), [
    ("timeit", "-n 10 -r3 f(x)", "f(x)"), ("timeit", "f(-x)", "f(-x)"), ("timeit", "", ""),
    ("prun", "-l 3  -s cumtime -q f()", "f()"), ("time", "-x", ""),
    ("timeit", "-n10 -o f()", "f()"), ("timeit", "-n", "")])
def test_options_of_magics(magic, line, statement):
    assert shell.without_options(magic, line) == statement
