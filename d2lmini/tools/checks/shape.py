"""What is wrong with a stored notebook, as sentences: unexecuted cells, blank figures, errors.

nbval compares outputs, but it passes a cell that was never run, and it does not look at pictures.
Both are looked at here: `problems(path)`, or `python -m d2lmini.tools.checks.shape`, which
prints what it finds. The tests are in d2lmini/tests/lessons/test_notebooks.py.
"""

import ast
import base64
import io
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 2_000_000
MIN_PIXELS = 100  # width and height
MIN_DEVIATION = 3.0  # of 255; a single thin line on white has about 10
# A path of somebody's computer; not the /home/ in https://example.org/home/.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users|tmp)/\S*|\b[A-Z]:\\+Users\S*")


def problems(path: Path) -> list[str]:
    """One sentence for each thing that is wrong with the notebook at `path`."""
    found = []
    size = path.stat().st_size
    if size > MAX_BYTES:
        found.append(f"the file has {size / 1e6:.1f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB")
    nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as e:
        return [*found, f"not a valid notebook: {e.message}"]
    count = 0
    for number, cell in enumerate(nb.cells):
        wrong = machine_paths(cell)
        if cell.cell_type == "code":
            if cell.source.strip():
                count += 1
                wrong += execution(cell, count)
            wrong += outputs(cell) + figures(cell)
        found += [f"cell {number}: {sentence}" for sentence in wrong]
    return found


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def execution(cell: NotebookNode, expected: int) -> list[str]:
    """Whether the cell was run as the `expected`-th one."""
    if cell.execution_count is None:
        return ["was never executed"]
    if cell.execution_count != expected:
        return [f"was executed as number {cell.execution_count}, not {expected}"]
    return []


def outputs(cell: NotebookNode) -> list[str]:
    """Errors, warnings and formats that a stored lesson must not show."""
    found = []
    for out in cell.outputs:
        if out.output_type == "error" and "raises-exception" not in tags(cell):
            found.append(f"stored the error {out.ename}: {out.evalue}")
        if out.output_type == "stream" and out.name == "stderr":
            found.append(f"wrote to stderr: {out.text.strip()[:80]}")
        if "image/svg+xml" in out.get("data", {}):
            found.append("stored an SVG; store a PNG, which does not grow with its points")
    return found


def machine_paths(cell: NotebookNode) -> list[str]:
    """Paths of the computer that ran the notebook, in its source or its text outputs."""
    texts = [cell.source]
    for out in cell.get("outputs", []):
        texts += [out.get("text", ""), *out.get("traceback", [])]
        texts += [v for k, v in out.get("data", {}).items() if k.startswith("text/")]
    paths = [match[0] for text in texts for match in MACHINE_PATH.finditer(text)]
    return [f"names a path of one computer: {path}" for path in paths]


def figures(cell: NotebookNode) -> list[str]:
    """Whether a cell that shows a figure stored one, and whether each figure shows something."""
    pngs = [o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {})]
    if not pngs and "widget" not in tags(cell) and ("figure" in tags(cell) or shows(cell.source)):
        return ["shows a figure, but no PNG is stored"]
    return [sentence for png in pngs if (sentence := picture_problem(png))]


def shows(source: str) -> bool:
    """Whether running `source` calls plt.show(), other than in a function that it only defines."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        todo = [ast.parse("\n".join(lines))]
    except SyntaxError:
        return "plt.show()" in source
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "plt.show":
            return True
        todo += ast.iter_child_nodes(node)
    return False


def picture_problem(png: str) -> str:
    """What is wrong with a PNG in base64; empty if nothing is."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(png))) as image:
            pixels = np.asarray(image.convert("RGB"), dtype=float)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return "has a figure that cannot be decoded"
    height, width, _ = pixels.shape
    if min(height, width) < MIN_PIXELS:
        return f"has a figure of only {width} by {height} pixels"
    if pixels.std(axis=(0, 1)).max() < MIN_DEVIATION:
        return "has a blank figure"
    return ""


def main(paths: list[str]) -> int:
    found = [f"{path}: {sentence}" for path in paths for sentence in problems(Path(path))]
    print("\n".join(found) or "Nothing is wrong.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
