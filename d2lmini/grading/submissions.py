"""What was handed in: reads a notebook, whatever its state. Nothing is executed.

`load` gives the files of a submission, `read` the cells of its notebook, `lessons_of` the lessons
whose exercises they hold. Read next: sandbox/child.py (what runs inside), grade.py.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import stat
import warnings
from dataclasses import dataclass, field

from .. import exercises
from .names import Submission, readable

MAX_BYTES, MAX_BESIDE = 160_000_000, 2_000_000  # honest notebooks have 100 MB of output
MAX_CODE, MAX_CELLS = 1_000_000, 2_000
CHECK = re.compile(r"""^[ \t]*(?:\w+[ \t]*=[ \t]*)?check\(\s*["'](\w+)["']""", re.M)
FENCE = re.compile(r"\s*```(?:python|py)?[ \t]*\n(.*?)\n?```\s*", re.S | re.I)


class Unreadable(Exception):
    """A submission that cannot be graded; the message says why."""


@dataclass(frozen=True)
class Cell:
    """A cell, and the exercises that are tested where it stands."""

    source: str
    tests: tuple[str, ...] = ()
    locked: bool = False  # a test cell of the assignment: its code is not run
    kind: str = "code"


@dataclass(frozen=True)
class Content:
    """The bytes of a submission: its notebook and the files beside it."""

    notebook: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        digest = hashlib.sha256(self.notebook)
        for name, data in sorted(self.files.items()):
            digest.update(repr((name, data)).encode())
        return digest.hexdigest()


def load(submission: Submission) -> Content:
    """The bytes of a submission, else Unreadable."""
    if submission.problem:
        raise Unreadable(submission.problem)
    notebook, files, left = load_file(submission.path), {}, []
    for name, path in submission.files:
        try:
            files[name] = load_file(path, MAX_BESIDE - sum(map(len, files.values())))
        except Unreadable:
            left.append(readable(name))
    said = f"too large to be taken along, or unreadable: {', '.join(left)}"
    return Content(notebook, files, (("info", said),) if left else ())


def load_file(path: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of the file; Unreadable if it is a link, no file, or too large."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) |
                         getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        link = os.path.islink(path)
        raise Unreadable("a symbolic link is not followed" if link else
                         f"the file cannot be opened: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("not a regular file")
        if about.st_size > most:
            raise Unreadable(f"the file has {about.st_size / 1e6:.0f} MB; the limit is "
                             f"{most / 1e6:.0f} MB")
        return file.read(most + 1)


def read(data: bytes) -> list[Cell]:
    """The cells of a notebook, as Jupyter, VS Code or Colab saved it; else Unreadable."""
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        nb = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("the file is not UTF-8 text") from error
    except MemoryError as error:
        raise Unreadable("the file needs too much memory; a notebook does not") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("the file is not a whole notebook (not JSON); perhaps the upload broke "
                         "off") from error
    if not isinstance(nb, dict):
        raise Unreadable("the file is JSON, but not a notebook")
    cells = nb.get("cells")
    if cells is None and isinstance(nb.get("worksheets"), list):  # nbformat 3
        cells = [cell for sheet in nb["worksheets"] if isinstance(sheet, dict)
                 and isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]
    if not isinstance(cells, list):
        raise Unreadable("the file is JSON, but not a notebook: it has no cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"it has more than {MAX_CELLS:,} cells")
    found = [cell_of(cell) for cell in cells if isinstance(cell, dict)]
    if sum(len(cell.source) for cell in found) > MAX_CODE:
        raise Unreadable(f"its code has more than {MAX_CODE:,} characters")
    return found


def cell_of(cell: dict) -> Cell:
    source = cell.get("source", cell.get("input", ""))  # nbformat 3 calls it input
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    if cell.get("cell_type") != "code":
        kind = "Raw" if cell.get("cell_type") == "raw" else "Markdown"
        return Cell(source if len(source) < 20_000 else "", kind=kind)
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    tag = tag if isinstance(tag, dict) else {}
    name = tag.get("grade_id")
    if tag.get("grade") is True and tag.get("solution") is not True and isinstance(name, str):
        return Cell(source, (name.removeprefix("test_"),), locked=True)
    return Cell(source, tuple(dict.fromkeys(CHECK.findall(source))) if len(source) < MAX_CODE
                else ())


def lessons_of(cells: list[Cell]) -> list[str]:
    """The lessons whose exercises the notebook holds, such as ["05"]; Unreadable if none.

    The first is the one with the most test cells; another counts if it has at least two.
    """
    text = "\n".join(cell.source for cell in cells if cell.kind == "code")
    defined = set(re.findall(r"^[ \t]*(?:def|class)[ \t]+(\w+)", text, re.M))
    tested = {name for cell in cells for name in cell.tests}
    hits = {}
    for lesson in exercises.LESSONS:
        every = exercises.exercises(lesson)
        hits[lesson] = (sum(e.name in tested for e in every),
                        sum(bool(defined & set(e.references)) for e in every))
    best = max(hits, key=hits.get)
    if hits[best] == (0, 0):
        raise Unreadable("no exercise of this course was found in it")
    return [best, *(lesson for lesson, (n, _) in hits.items() if n > 1 and lesson != best)]


def with_text(cells: list[Cell], lesson: str) -> tuple[list[Cell], list[tuple[str, str]]]:
    """The cells, with those made code that hold an answer and became Markdown or Raw; remarks."""
    names = {name for e in exercises.exercises(lesson) for name in e.references}
    names = {n for n in names if not any(defines(c.source, n) for c in cells if c.kind == "code")}
    found, remarks = [], []
    for cell in cells:
        if cell.kind != "code":
            fenced = FENCE.fullmatch(cell.source)
            source = fenced[1] if fenced else cell.source
            tree = parsed(source.split("\n")) if any(defines(source, n) for n in names) else None
            made = {getattr(node, "name", "") for node in tree.body} if tree else set()
            held = sorted(names & made)
            if held:
                remarks.append(("info", f"{', '.join(held)}: taken from a {cell.kind} cell"))
                cell = Cell(source)
        found.append(cell)
    return found, remarks


# --- the code in the cells ---


def defines(source: str, name: str) -> bool:
    """Whether a cell that did not run to its end would have made this name."""
    return bool(re.search(rf"^[ \t]*((async +)?def +|class +|(from|import)\b.*\b){name}\b|"
                          rf"^[ \t]*{name}[ \t]*=[^=]", source, re.M))


def definitions(cells: list[Cell]) -> list[tuple[ast.AST, str]]:
    """The functions and classes in the cells, each with its source."""
    found = []
    for cell in cells:
        if cell.kind != "code":
            continue
        lines = cell.source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        tree = parsed(lines) or parsed(["" if line.lstrip()[:1] in ("%", "!", "?") else line
                                        for line in lines])
        for node in tree.body if tree else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                begin = min(n.lineno for n in (node, *node.decorator_list))
                found.append((node, "\n".join(lines[begin - 1:node.end_lineno])))
    return found[-2000:]


def parsed(lines: list[str]) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def answer(found: list[tuple[ast.AST, str]], exercise) -> str:
    """The student's code for an exercise, among the definitions."""
    return "\n\n".join(text for node, text in found if node.name in exercise.references)
