"""Cells that run in Jupyter run in the grader, and where one does not, the feedback says so.

And so does the command, where it is used in a way that cannot work.
"""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from d2lmini.grading import __main__ as command
from d2lmini.grading import batch
from d2lmini.grading.sandbox import kits, sandbox, shell
from d2lmini.grading.submissions import Submission

SETUP = "import numpy as np, d2lmini as d2l\nfrom d2lmini.exercises import check, hint, score"
SOFTMAX = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
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
FAILS = {  # cells, and what the feedback says of softmax
    "an error before the def": (
        ["undefined_name + 1\n" + SOFTMAX],
        "there is no softmax yet. Run the cell above that defines it, then this one again. The cell"
        " that defines it did not run to its end: NameError: name 'undefined_name' is not "
        "defined."),
    "a syntax error": ([SOFTMAX + "oops("],
                       "did not run to its end: SyntaxError: '(' was never closed (line"),
    "what is taken away": (
        ["import d2lmini.functional as F\nF.softmax(d2l.tensor([[1.0]]))\n" + SOFTMAX],
        "did not run to its end: RuntimeError: functional.softmax is not allowed: it does what"),
    "no end": (["import time\ntime.sleep(9)\n" + SOFTMAX],
               "did not run to its end: no end after 2 seconds."),
    "the process ended": (["import os\nos._exit(3)\n" + SOFTMAX],
                          "did not run to its end: the process ended."),
    "a helper that is missing": (
        ["1 / 0\nscale = 3", SOFTMAX.replace("logits.max", "scale * logits.max")],
        "name 'scale' is not defined. Is the name spelled as above, and was the first cell run? "
        "The cell that defines it did not run to its end: ZeroDivisionError: division by zero."),
    "not written": (["undefined_name"], "there is no softmax yet. Run the cell above that defines "
                                        "it, then this one again."),
}


@pytest.fixture(scope="module")
def grade(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    settings = batch.Settings(str(folder), 5, "", kit=kits.make(folder, ("05",)),
                              limits=batch.Limits(cell=2))

    def run(*cells):
        cells = [c if isinstance(c, dict) else new_code_cell(c) for c in (SETUP, *cells)]
        path = folder / "ada.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        result = batch.one(Submission("ada", str(path), path.name), settings)
        return {e["name"]: e for e in result["exercises"]}["softmax"]

    return run


with_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")


@with_sandbox
def test_cells_that_run_in_jupyter_run_here(grade):
    """All in one notebook; the answer asserts that every cell came to its end."""
    cells = ["ended = set(); import matplotlib"]
    for number, line in enumerate(LINES):
        cells.append(line.replace("\\n", "\n") + f"\nended.add({number})")
    cells += CELLS
    missing = f"set(range({len(LINES)})) - ended"
    sure = f"    assert not {missing} and not leaked and _ == 43, ({missing}, _)\n    e ="
    cells += ["leaked = 'x_of_timeit' in globals()", SOFTMAX.replace("    e =", sure)]
    row = grade(*cells, 'check("softmax")')
    assert row["right"], row["message"]


@with_sandbox
@pytest.mark.parametrize("name", FAILS)
def test_the_feedback_names_the_error_of_the_cell(grade, name):
    cells, said = FAILS[name]
    row = grade(*cells, 'check("softmax")')
    assert not row["right"] and said in row["message"], row["message"]
    assert "\n" not in row["message"] and ("its end" in said or "its end" not in row["message"])


@with_sandbox
def test_an_answer_in_a_test_cell(grade):
    tag = {"grade": True, "grade_id": "test_softmax", "locked": True, "points": 20,
           "schema_version": 3, "solution": False, "task": False}
    test = new_code_cell(SOFTMAX + 'check("softmax")', metadata={"nbgrader": tag})
    said = grade(test)["message"]
    assert "It stands in a test cell, whose code is not run: write it in the cell above." in said


@with_sandbox
def test_an_answer_that_only_looks_like_a_function(grade):
    odd = "class Odd:\n    __code__ = 5\n    __call__ = staticmethod(softmax)\nsoftmax = Odd()"
    row = grade(SOFTMAX + odd, 'check("softmax")')
    assert row["right"], row["message"]


@with_sandbox
def test_errors_of_hidden_inputs_stay_hidden(grade):
    """A cell's error is shown only beside an input that is known."""
    helper = "1 / 0\nsecret = 3"
    source = SOFTMAX.replace("    e =", "    if logits.shape not in ((1, 3), (2, 2), (0, 4)):\n"
                                        "        secret\n    e =")
    row = grade(helper, source, 'check("softmax")')
    assert not row["right"] and "division" not in row["message"] and "secret" not in row["message"]


SLEEP = "import time\ntime.sleep({})\n"
LOGIT = "import time\ndef logit(p):\n    time.sleep({})\n    return np.log(p / (1 - p))\n"
TIME = {  # cells, what the row and the table say
    "the student's own experiments": (
        [*[SLEEP.format(4)] * 3, SOFTMAX], "right", "its cells took more than 4 s"),
    "a slow answer before": ([LOGIT.format(0.8) + 'check("logit")', SOFTMAX], "right",
                             "stopped in logit (--seconds gives more)"),
    "a slow answer, with time left": (
        ["import time", SOFTMAX.replace("    e =", "    time.sleep(0.25)\n    e =", 1)],
        "right", ""),
    "too slow": ([*[SLEEP.format(4)] * 9, SOFTMAX], "the submission was stopped: it took more",
                 "stopped, after 8 s (--seconds gives more); exercises not tried: 6; its cells")}


@with_sandbox
@pytest.mark.parametrize("name", TIME)
def test_what_takes_long_leaves_time_for_the_rest(tmp_path, name):
    cells, said, reason = TIME[name]
    settings = batch.Settings(str(tmp_path), 5, "", kit=kits.make(tmp_path, ("05",)),
                              limits=batch.Limits(total=8, cell=3))
    cells = [new_code_cell(c) for c in (SETUP, *cells, 'check("softmax")')]
    nbformat.write(new_notebook(cells=cells), tmp_path / "05_softmax_regression.ipynb")
    result = batch.one(Submission("ada", str(tmp_path / "05_softmax_regression.ipynb"), "ada"),
                       settings)
    (row,) = [e for e in result["exercises"] if e["name"] == "softmax"]
    assert said in row["message"] and result["seconds"] < 11, row["message"]
    assert result["reason"].startswith(reason) and bool(reason) == bool(result["reason"]), result


@pytest.mark.parametrize(("magic", "line", "statement"), [
    ("timeit", "-n 10 -r3 f(x)", "f(x)"), ("timeit", "f(-x)", "f(-x)"), ("timeit", "", ""),
    ("prun", "-l 3  -s cumtime -q f()", "f()"), ("time", "-x", ""),
    ("timeit", "-n10 -o f()", "f()"), ("timeit", "-n", "")])
def test_options_of_magics(magic, line, statement):
    assert shell.without_options(magic, line) == statement


@pytest.mark.parametrize(("argv", "sentence"), [
    (["{in}/none"], "there is no such folder"),
    (["{in}"], "there are no notebooks"),
    (["{in}", "--out", "{in}/results"], "outside the folder of submissions"),
    (["{in}", "--shard", "5/4"], "write i/n"),
    (["merge"], "give the folders of results"),
    (["merge", "{in}"], "there are no results in it")])
def test_wrong_use_gets_a_sentence(tmp_path, capsys, monkeypatch, argv, sentence):
    monkeypatch.setattr(sandbox, "require", lambda: None)
    (tmp_path / "in").mkdir()
    out = [] if "--out" in argv else ["--out", str(tmp_path / "out")]
    assert command.main([a.replace("{in}", str(tmp_path / "in")) for a in argv] + out) == 2
    err = capsys.readouterr().err
    assert sentence in err and len(err.splitlines()) == 1
