"""Makes a class of 30 synthetic submissions and grades it: `make demo-class`.

Right, partly right, blank, broken and hostile ones, from the solution notebooks, in
build/demo-class; the results lie in build/demo-results. It shows a lecturer what comes out.
"""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from ..tools import generate
from . import __main__ as command
from .course import SOLUTIONS

FOLDER, RESULTS = Path("build/demo-class"), Path("build/demo-results")
HOSTILE = {
    "fakes-the-check": "import d2lmini.exercises\nd2lmini.exercises.check = print",
    "looks-for-answers": "import os\nfound = [f for _, _, fs in os.walk('/') for f in fs\n"
                         "         if f.startswith('lesson_')]",
    "fork-bomb": "import os\nwhile True:\n    os.fork()",
    "fills-memory": "blocks = []\nwhile True:\n    blocks.append(bytearray(1 << 24))",
    "calls-home": "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/')",
}
BROKEN = {"empty-file": lambda text: "", "broken-upload": lambda text: text[:len(text) // 2],
          "not-a-notebook": lambda text: "My homework: see my e-mail."}


def partly(solution: NotebookNode, chance: float, rng: random.Random) -> NotebookNode:
    """A copy in which each answer is blank with the chance."""
    nb, blank = nbformat.from_dict(solution), generate.student_copy(solution)
    for cell, empty in zip(nb.cells, blank.cells):
        if rng.random() < chance:
            cell.source = empty.source
    return nb


def submissions(rng: random.Random):
    """Pairs (student, text of the notebook, name of the assignment)."""
    paths = sorted(SOLUTIONS.glob("*.ipynb"))
    solutions = {path.stem: nbformat.read(path, as_version=4) for path in paths}
    names = list(solutions)
    for i in range(9):
        yield f"right-{i}", nbformat.writes(solutions[names[i]]), names[i]
    for i in range(9):
        nb = partly(solutions[names[i]], 0.4, rng)
        yield f"partly-right-{i}", nbformat.writes(nb), names[i]
    for i in range(4):
        yield f"blank-{i}", nbformat.writes(generate.student_copy(solutions[names[i]])), names[i]
    for student, damage in BROKEN.items():
        yield student, damage(nbformat.writes(solutions[names[5]])), names[5]
    for student, attack in HOSTILE.items():
        nb = generate.student_copy(solutions[names[5]])
        nb.cells.insert(2, new_code_cell(attack))
        yield student, nbformat.writes(nb), names[5]


def main() -> int:
    for folder in (FOLDER, RESULTS):
        shutil.rmtree(folder, ignore_errors=True)
    for student, text, assignment in submissions(random.Random(0)):
        path = FOLDER / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return command.main([str(FOLDER), "--out", str(RESULTS)])


if __name__ == "__main__":
    sys.exit(main())
