"""What was handed in: finds the notebooks and reads them, whatever their state.

`find(folder)` lists them, `read(path)` returns the code cells, `lesson_of` tells which lesson they
belong to. Nothing is executed, and symbolic links are not followed.
"""

from __future__ import annotations

import collections
import functools
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from .. import exercises

MAX_BYTES = 160_000_000  # a notebook with 100 MB of output is one of the honest ones
MAX_CODE, MAX_CELLS = 1_000_000, 2_000
CHECK = re.compile(r"""^[ \t]*(?:\w+[ \t]*=[ \t]*)?check\(\s*["'](\w+)["']""", re.M)
COPY = r"(?: ?\(\d+\)|[ _-]+copy[ _-]?\d*|[ _-]+v?\d\d?)?"  # what a second download adds
LITTER = re.compile(r"""\._.*|\.DS_Store|__MACOSX|\.Spotlight-V100|\.Trash.*|\.fseventsd|Thumbs\.db|
    desktop\.ini|\.ipynb_checkpoints|__pycache__|\.git.*|\.nfs.*|\.~lock.*|.*~|\.nbgrader\.log""",
                    re.I | re.X)


class Unreadable(Exception):
    """A submission that cannot be graded; the message says why."""


@dataclass(frozen=True)
class Submission:
    """One notebook of one student; `name` is its path inside the folder.

    With a `problem` it is no notebook, but stands for a student whose work was not found.
    """

    student: str
    path: str
    name: str
    problem: str = ""


@dataclass(frozen=True)
class Cell:
    """A code cell, and the exercises that are tested where it stands."""

    source: str
    tests: tuple[str, ...] = ()
    locked: bool = False  # a test cell of the assignment: its code is not run


def find(folder: str | os.PathLike) -> list[Submission]:
    """All submissions in nbgrader's layout, STUDENT/ASSIGNMENT/*.ipynb, or flat, STUDENT*.ipynb.

    Whatever else lies in the folder is there too, with its problem: no student is passed over.
    """
    top = Path(folder)
    entries = sorted(e for e in os.listdir(top) if not LITTER.fullmatch(e))
    flat = [e for e in entries if is_notebook(e) and not (top / e).is_dir()]
    students, found = students_of([e[:-len(".ipynb")] for e in flat]), []
    for entry in entries:
        path, student = top / entry, entry
        if entry in flat:
            paths, student = [path], students[entry[:-len(".ipynb")]]
        elif path.is_dir() and not path.is_symlink():
            paths = list(notebooks(path))
        else:
            paths = []
        found += [Submission(readable(student), str(p), readable(p.relative_to(top).as_posix()))
                  for p in paths]
        if not paths:
            student = re.sub(r"\.ipynb.*", "", entry, flags=re.I) or entry
            found.append(Submission(readable(student), str(path), readable(entry), problem(path)))
    return found


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb") and not name.startswith(".")


def notebooks(folder: Path):
    """The notebooks of one student."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(d for d in folders if not d.startswith(".") and d != "__MACOSX")
        yield from (Path(here, file) for file in sorted(files) if is_notebook(file))


def problem(path: Path) -> str:
    if path.is_symlink():
        return "a symbolic link is not followed"
    if path.is_dir():
        return "no notebook (*.ipynb) was found in this folder"
    return "no notebook was found: this is no *.ipynb file"


@functools.cache
def assignments() -> dict[str, str]:
    """The assignments, each with a pattern for how a file's name may write it."""
    solutions = Path(__file__).parents[2] / "notebooks" / "solutions"
    return {p.stem: re.escape(p.stem).replace("_", "[ _-]")
            for p in sorted(solutions.glob("*.ipynb"))}


def students_of(stems: list[str]) -> dict[str, str]:
    """ada-05_softmax_regression -> ada; also ada-05 -> ada, if that is nobody else's name.

    Where ada-05 and ada-06 lie beside bo-05, ada has handed in two; student-01 and student-02 alone
    are two students.
    """
    names = rf"[ _.-]+(?:{'|'.join(assignments().values()) or '(?!)'}){COPY}$"
    found = {s: re.sub(names, "", s, flags=re.I) or s for s in stems}
    short = {s: re.sub(r"[ _.-]+0\d$", "", s) or s for s in stems if found[s] == s}
    times = collections.Counter((found | short).values())
    several = {s: s[:-3] for s in short if re.search(r"[^ _.-][ -]\d\d$", s)}
    if len(set(several.values())) > 1 and all(s[-2:] in exercises.LESSONS for s in several):
        times.update({name: 1 - n for name, n in collections.Counter(several.values()).items()})
    return found | {s: name for s, name in short.items() if times[name] == 1}


def other_name(name: str, assignment: str) -> str:
    """A remark if the file or a folder above it is called by another assignment, else ""."""
    named = [a for a, pattern in assignments().items() if re.search(pattern, name, re.I)]
    return "" if assignment in named or not named else (
        f"the name says {named[0]}, the notebook is {assignment}")


def readable(name: str) -> str:
    """A file's name as text that can be written anywhere; different names stay different."""
    plain = os.fsencode(name).replace(b"\\", rb"\\") if os.sep == "/" else os.fsencode(name)
    return plain.decode("utf-8", "backslashreplace")


def content_of(submission: Submission) -> bytes:
    """The bytes of a submission, else Unreadable."""
    if submission.problem:
        raise Unreadable(submission.problem)
    return load(submission.path)


def load(path: str) -> bytes:
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
        if about.st_size > MAX_BYTES:
            raise Unreadable(f"the file has {about.st_size / 1e6:.0f} MB; the limit is "
                             f"{MAX_BYTES / 1e6:.0f} MB")
        return file.read(MAX_BYTES + 1)


def read(data: bytes) -> list[Cell]:
    """The code cells of a notebook, as Jupyter, VS Code or Colab saved it; else Unreadable."""
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
    found = [code_cell(cell) for cell in cells
             if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    if sum(len(cell.source) for cell in found) > MAX_CODE:
        raise Unreadable(f"its code has more than {MAX_CODE:,} characters")
    return found


def code_cell(cell: dict) -> Cell:
    source = cell.get("source", cell.get("input", ""))  # nbformat 3 calls it input
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    tag = grade_tag(cell)
    if len(source) > MAX_CODE:
        return Cell(source)
    name = tag.get("grade_id")
    if tag.get("grade") is True and tag.get("solution") is not True and isinstance(name, str):
        return Cell(source, (name.removeprefix("test_"),), locked=True)
    return Cell(source, tuple(dict.fromkeys(CHECK.findall(source))))


def grade_tag(cell: dict) -> dict:
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return tag if isinstance(tag, dict) else {}


def lesson_of(cells: list[Cell]) -> str:
    """The lesson whose exercises the notebook holds, such as "05"; Unreadable if none."""
    text = "\n".join(cell.source for cell in cells)
    defined = set(re.findall(r"^[ \t]*(?:def|class)[ \t]+(\w+)", text, re.M))
    tested = {name for cell in cells for name in cell.tests}

    def hits(lesson):
        every = exercises.exercises(lesson)
        return (sum(e.name in tested for e in every),
                sum(bool(defined & set(e.references)) for e in every))

    best = max(exercises.LESSONS, key=hits)
    if hits(best) == (0, 0):
        raise Unreadable("no exercise of this course was found in it")
    return best
