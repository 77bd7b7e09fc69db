"""Makes the student's notebooks from the solutions: `make exercises`.

`python -m d2lmini.tools.generate` rewrites notebooks/exercises; `--check` only says which
differ. Between ### BEGIN SOLUTION and ### END SOLUTION is the answer; the student's copy has
nbgrader's own two lines there, and no outputs. The points, which only the metadata of a test cell
have, are written into its call of `check` and into the heading above.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

STUB = "# YOUR CODE HERE\n{indent}raise NotImplementedError()"
REGION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[ \t]*$", re.DOTALL | re.M)
CALL, HEADING = re.compile(r'^(check\("\w+")\)', re.M), re.compile(r"^(## .*★)$", re.M)


def student_copy(solution: NotebookNode) -> NotebookNode:
    """The notebook without answers and outputs; the solution is not changed."""
    nb, heading = nbformat.from_dict(solution), None
    for cell in nb.cells:
        tag = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if cell.cell_type == "markdown" and "★" in cell.source:
            heading = cell
        elif tag.get("solution"):
            cell.source = REGION.sub(lambda m: m[1] + STUB.format(indent=m[1]), cell.source)
        elif tag.get("grade"):
            points = tag["points"]
            cell.source = CALL.sub(rf"\1, points={points})", cell.source, count=1)
            heading.source = HEADING.sub(rf"\1 ({points} points)", heading.source, count=1)
    return nb


def text(nb: NotebookNode) -> str:
    return nbformat.writes(nb).rstrip("\n") + "\n"


def main(argv: list[str]) -> int:
    different = []
    for path in sorted(Path("notebooks/solutions").glob("*.ipynb")):
        made = text(student_copy(nbformat.read(path, as_version=4)))
        copy = Path("notebooks/exercises", path.name)
        if not copy.exists() or copy.read_text(encoding="utf-8") != made:
            different.append(copy)
            if "--check" not in argv:
                copy.parent.mkdir(exist_ok=True)
                copy.write_text(made, encoding="utf-8")
                print(f"{copy}: written")
    if "--check" in argv and different:
        print("not what the solutions give; run make exercises:", *different, file=sys.stderr)
    return int("--check" in argv and bool(different))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
