"""Makes a class as Canvas hands it over, and grades it: `make demo-class`.

30 students with a roster: right, partly right, blank, broken and hostile notebooks, late work,
second attempts, and three unlucky students whose work is as good as the others'. All of it is made
from the solution of lesson 05, in build/demo-class; build/demo-results shows what comes out.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from ..tools import generate
from . import __main__ as command
from . import names
from .course import SOLUTIONS

FOLDER, RESULTS = Path("build/demo-class"), Path("build/demo-results")
ROSTER, DUE = Path("build/demo-roster.csv"), "2026-11-20 23:59 Europe/Berlin"
PEOPLE = """Ada Byron|Bo Nguyen|Chloé Dubois|Dmitri Orlov|Emre Yılmaz|Fatima Zahra|Grace Park|
Hugo Ößmann|Ines Costa|Jamal Reed|Kaito Mori|Lena Fischer|Mateo Ruiz|Nora Lind|Omar Haddad|
Priya Nair|Quinn Baker|Rosa Conti|Sven Åberg|Tala Haines|Uma Iyer|Victor Hall|Wei Zhang|
Ximena Soto|Yara Saleh|Zoë Adams|Ben Levi|Carla Neri|Dana Wolf|Eli Stone|Faye Young|
Gus Moreno""".replace("\n", "")
HOSTILE = ["import d2lmini.exercises\nd2lmini.exercises.check = print",
           "import os\nfound = [f for _, _, fs in os.walk('/') for f in fs if 'softmax' in f]",
           "import os\nwhile True:\n    os.fork()",
           "blocks = []\nwhile True:\n    blocks.append(bytearray(1 << 24))",
           "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/')"]


def own_words(source: str, letter: str) -> str:
    """The same code with other names for its variables, as if a student had written it."""
    tree = ast.parse(source)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for node in names:
        if node.id in made:
            node.id = f"{letter}_{node.id}"
    return ast.unparse(tree)


def work(solution: NotebookNode, letter: str, chance: float = 0.0) -> NotebookNode:
    """A student's notebook, in which each answer is blank with the chance."""
    nb, blank, rng = copy.deepcopy(solution), generate.student_copy(solution), random.Random(letter)
    for cell, empty in zip(nb.cells, blank.cells):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = empty.source if rng.random() < chance else own_words(cell.source, letter)
    return nb


def unlucky(nb: NotebookNode, kind: int) -> tuple[NotebookNode, dict[str, str]]:
    """The notebook after a mishap, and a file beside it."""
    at = next(i for i, c in enumerate(nb.cells)
              if c.metadata.get("nbgrader", {}).get("grade_id") == "softmax")
    if kind == 0:
        nb.cells[at].source = "import seaborn as sns\nsns.set_theme()\n" + nb.cells[at].source
    elif kind == 1:
        nb.cells[at] = new_markdown_cell(nb.cells[at].source, metadata=nb.cells[at].metadata)
    else:
        helper, nb.cells[at].source = nb.cells[at].source, "from helpers import softmax"
        return nb, {"helpers.py": f"import numpy as np\n\n{helper}\n"}
    return nb, {}


def hand_in(person: str, number: int, text: str, hours: float = -9, files=(), late: str = "",
            attempt: int = 0) -> None:
    """Write what Canvas would give, some hours after the due date."""
    first, last = person.split()
    prefix = f"{(last + first).lower()}_{late}{70_000 + number}_{500_000 + number + 1000 * attempt}"
    name = "05_softmax_regression" + (f"-{attempt}" if attempt else "")
    for file, content in {f"{name}.ipynb": text, **dict(files)}.items():
        path = FOLDER / f"{prefix}_{file}"
        path.write_text(content, encoding="utf-8")
        os.utime(path, (names.seconds(DUE, None) + 3600 * hours,) * 2)


def make() -> None:
    for folder in (FOLDER, RESULTS):
        shutil.rmtree(folder, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    (path,) = SOLUTIONS.glob("05_*.ipynb")
    solution, people = nbformat.read(path, as_version=4), PEOPLE.split("|")
    blank = generate.student_copy(solution)
    for i, person in enumerate(people[:16]):
        nb = work(solution, "abcdefghijklmnop"[i if i != 9 else 8], 0.12 * (i % 6))
        hours = {3: 5, 4: 30, 5: 200}.get(i, -9)
        hand_in(person, i, nbformat.writes(nb), hours)
        if i in (1, 4):
            hand_in(person, i, nbformat.writes(work(solution, "quvwx"[i])), hours + 2, attempt=1)
    for i, person in enumerate(people[16:19]):
        nb, files = unlucky(work(solution, "rst"[i]), i)
        hand_in(person, 16 + i, nbformat.writes(nb), files=files)
    whole = nbformat.writes(solution)
    texts = [whole, nbformat.writes(blank), whole[:len(whole) // 2], "", "See my e-mail."]
    for attack in HOSTILE:
        blank.cells.insert(2, new_code_cell(attack))
        texts.append(nbformat.writes(blank))
        blank.cells.pop(2)
    for i, text in enumerate(texts, 19):
        hand_in(people[i], i, text, late="LATE_" if i == 20 else "")
    ROSTER.write_text("id,name,email\n" + "".join(
        f"{70_000 + i},{name},{name.split()[0].lower()}@example.edu\n"
        for i, name in enumerate(people) if i != 12), encoding="utf-8")


def main() -> int:
    make()
    argv = [str(FOLDER), "--out", str(RESULTS), "--names", "canvas", "--roster", str(ROSTER),
            "--due", DUE, "--late", "10%/day"]
    print("python -m d2lmini.grading", *(f'"{a}"' if " " in a else a for a in argv), flush=True)
    return command.main(argv)


if __name__ == "__main__":
    sys.exit(main())
