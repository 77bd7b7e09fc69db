"""Change a number, and nothing punishes you: it runs, or it says in a sentence what is the matter.

edits.py chooses the numbers and runs what depends on them; here stands what is accepted.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from d2lmini.tests.lessons import edits

TOP = Path(__file__).parents[3]
LESSONS = sorted((TOP / "notebooks").glob("[0-9][0-9]_*.ipynb"))
LONG = ("05", "06", "08", "09", "10", "11")  # they train for most of a minute


def mark(path):
    slow = pytest.mark.slow if path.stem.startswith(LONG) else ()
    return pytest.param(path, id=path.stem, marks=slow)


def outcomes(path):
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "d2lmini.tests.lessons.edits",
                           str(path)], cwd=TOP, env=os.environ | {"PYTHONPATH": str(TOP)},
                          capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("path", [mark(path) for path in LESSONS])
def test_numbers_of_a_lesson(path):
    assert [o for o in outcomes(path) if not o["fine"]] == []


def test_at_least_forty_numbers_are_changed():
    chosen = [edits.chosen(nbformat.read(path, as_version=4), path) for path in LESSONS]
    assert sum(map(len, chosen)) >= 40 and min(map(len, chosen)) >= 3


def lesson(folder, *sources):
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(s, id=f"c{i}")
                                       for i, s in enumerate(sources)]), path)
    return path


@pytest.mark.parametrize(("below", "fine", "text"), [
    ("assert y == 4", False, "AssertionError: "),
    ("assert y == 4, 'y is no longer the double of 2.'", True, "no longer"),
    ("{4: 'even'}[y]", False, "KeyError"),
    ("import os; os._exit(3)", False, "the process ended"),
    ("print(y)", True, "runs")])
def test_what_comes_of_an_edit(tmp_path, below, fine, text):
    guard = "" if "exit" not in below else "if y != 4:\n    "
    path = lesson(tmp_path, "x = 2", "def double(x):\n    return x * 2", "y = double(x)",
                  "unrelated = []", guard + below)
    first = outcomes(path)[0]
    assert (first["cell"], first["old"], first["new"]) == ("c0", "2", "3")
    assert first["fine"] is fine and text in first["text"]
    assert first["cells"] == 4  # all but the unrelated one


def test_the_numbers_that_a_reader_would_change():
    source = ("rate, n = 0.1, 3\nfor h in 1.0, 0.5:\n    x = np.zeros((7, 7))[2] ** 2\n"
              "fit(model, epochs=5)\nd2l.manual_seed(8)\nplt.figure(figsize=(8, 3))\n")
    nb = new_notebook(cells=[new_code_cell(source)])
    assert [e[3:] for e in edits.numbers(nb)] == [
        ("0.1", "0.15"), ("3", "4"), ("1.0", "1.5"), ("0.5", "0.75"), ("5", "6"), ("8", "9")]
    nb.cells[0].metadata["jupyter"] = {"source_hidden": True}
    assert edits.numbers(nb) == []
