"""What the tests of the grader hand in: cells and notebooks of lesson 05, in a student's folder."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

COURSE = Path(__file__).parents[3]
SOLUTIONS = sorted((COURSE / "notebooks" / "solutions").glob("*.ipynb"))
NAME = "05_softmax_regression"
SETUP = ("import numpy as np, d2lmini as d2l\n"
         "from d2lmini.exercises import check, hint, score")
RIGHT = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
WRONG = "def softmax(logits):\n    return logits * 0\n"
CHECK = 'check("softmax", points=20)'

with_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")


def tagged(source, grade_id, **tag):
    """A cell with nbgrader's metadata; `grade=True` makes it a test cell."""
    tag = {"grade": False, "solution": not tag.get("grade"), "locked": bool(tag.get("grade")),
           "schema_version": 3, "task": False, "grade_id": grade_id} | tag
    return new_code_cell(source, metadata={"nbgrader": tag})


def answer(source, name="softmax"):
    return tagged(source, name)


def locked(name="softmax", points=20):
    return tagged(f'check("{name}", points={points})', f"test_{name}", grade=True, points=points)


def markdown(source):
    return new_markdown_cell(source)


def raw(source):
    return new_raw_cell(source)


def notebook(*cells, **metadata):
    """A notebook with the set-up cell; texts become code cells."""
    cells = [new_code_cell(c) if isinstance(c, str) else c for c in (SETUP, *cells)]
    return new_notebook(cells=cells, metadata=metadata)


def whole(*cells):
    """The text of a notebook of these cells with a test cell at its end; or of the one given."""
    if len(cells) == 1 and isinstance(cells[0], dict) and "cell_type" not in cells[0]:
        return json.dumps(cells[0])
    return nbformat.writes(notebook(*cells, CHECK))


def store(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def hand_in(folder, student, *cells, name=NAME):
    """A notebook in nbgrader's layout."""
    return store(folder / student / name / f"{name}.ipynb", whole(*cells))
