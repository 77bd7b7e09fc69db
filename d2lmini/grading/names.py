"""Who handed in what, and when: `find(folder, names)` lists the submissions of a class.

Reads nbgrader's folders, flat files, and the names that learning management systems give to files.
Nothing is executed, and symbolic links are not followed. Read next: submissions.py.
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from .. import exercises

COPY = r"(?: ?\(\d+\)|[ _-]+copy[ _-]?\d*|[ _-]+v?\d\d?)?"  # what a second download adds
LITTER = re.compile(r"""\._.*|\.DS_Store|__MACOSX|\.Spotlight-V100|\.Trash.*|\.fseventsd|Thumbs\.db|
    desktop\.ini|\.ipynb_checkpoints|__pycache__|\.git.*|\.nfs.*|\.~lock.*|.*~|\.nbgrader\.log""",
                    re.I | re.X)
COMPANION = re.compile(r".*\.(txt|ya?ml|html?|csv|log)|.*(:|#Uf03a)Zone\.Identifier", re.I)
TAKEN_ALONG = {".py", ".csv", ".tsv", ".txt", ".json", ".npy", ".npz"}
PATTERNS = {  # of the path inside the folder, with nbgrader's names for the groups
    "canvas": r"(?:(?P<name>[^/]+?)_)??(?P<late>LATE_)?(?P<student_id>\d+|anon_[^_/]+)_"
              r"(?:(?P<attempt>\d+)_(?P<file_id>[^/]+)|(?:text|link)\.html)",
    "moodle": r"(?P<name>[^/]+)_(?P<student_id>\d+)_assignsubmission_[a-z]+_?/?(?P<file_id>.*)",
    "blackboard": r"(?:[^/]*_)?(?P<student_id>[^_/]+)_[^\W\d_]+_(?P<timestamp>\d{4}(?:-\d\d){5})"
                  r"(?:_(?P<file_id>[^/]+)|\.txt)",
    "brightspace": r"(?P<student_id>\d+)-\d+ - (?P<name>.+?) - (?P<timestamp>\w+ \d+, \d{4} \d+ "
                   r"[AP]M)(?: - |/)(?P<file_id>.+)"}
SYSTEMS = (*PATTERNS, "gradescope", "nbgrader")


@dataclass(frozen=True)
class Submission:
    """One notebook; `name` is its path inside the folder.

    With a `problem` it is no notebook, but stands for a student whose work was not found. `files`
    are those handed in with it, by name; `owners` the students of a group, (id, name, email) each.
    """

    student: str
    path: str
    name: str
    problem: str = ""
    owners: tuple[tuple[str, str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    time: float = 0.0  # seconds since 1970
    attempt: int = 0
    system: str = ""
    remarks: tuple[tuple[str, str], ...] = ()

    def about(self) -> dict:
        """What the result says of it; may change without a new grading."""
        return {"student": self.student, "notebook": self.name, "time": self.time,
                "owners": [list(o) for o in self.owners or ((self.student, "", ""),)],
                "attempt": self.attempt, "system": self.system,
                "handed_in": [list(r) for r in self.remarks]}


def find(folder: str | os.PathLike, names: str = "", zone: dt.tzinfo | None = None
         ) -> list[Submission]:
    """All submissions in nbgrader's layout, STUDENT/ASSIGNMENT/*.ipynb, or flat, STUDENT*.ipynb.

    `names` is one of SYSTEMS, or a regular expression for paths inside the folder with the groups
    student_id and, if there are any, name, email, timestamp, attempt and file_id. Times without a
    zone are taken to be in `zone`. No student is passed over: who handed in something else is
    there with a problem.
    """
    top = Path(folder)
    if names == "gradescope":
        return list(gradescope(top))
    if names in ("", "nbgrader"):
        return list(plain(top))
    try:
        pattern = re.compile(PATTERNS.get(names, names))
    except re.error as error:
        raise ValueError(f"--names {names}: this is no regular expression: {error}.") from error
    if "student_id" not in pattern.groupindex:
        raise ValueError(f"--names {names}: give one of {', '.join(SYSTEMS)}, or a regular "
                         "expression with the group (?P<student_id>…).")
    return list(by_pattern(top, pattern, names, zone))


def likely(folder: Path) -> str:
    """The system whose names most entries of the folder have; "" if there is none."""
    entries = [e for e in os.listdir(folder) if not LITTER.fullmatch(e)]
    for system, pattern in PATTERNS.items():
        fits = sum(bool(re.fullmatch(pattern, e) or re.fullmatch(pattern, f"{e}/x"))
                   for e in entries)
        if fits > len(entries) / 2:
            return system
    return "gradescope" if "submission_metadata.yml" in entries else ""


# --- folders and files as nbgrader has them, or as somebody collected them by hand ---


def plain(top: Path, inside: str = "") -> Iterator[Submission]:
    here = top / inside
    entries = sorted(e for e in os.listdir(here) if not LITTER.fullmatch(e))
    flat = [e for e in entries if is_notebook(e) and not (here / e).is_dir()]
    folders = [e for e in entries if is_folder(here / e)]
    if not inside and folders and not flat and all(map(assignment_named, folders)):
        for folder in folders:  # ASSIGNMENT/STUDENT
            yield from plain(top, folder)
        return
    students = students_of([e[:-len(".ipynb")] for e in flat])
    for entry in entries:
        path = here / entry
        if entry in flat:
            yield submission(top, path, students[entry[:-len(".ipynb")]])
        elif notebooks := [p for p in walk(path) if is_notebook(p.name)]:
            for notebook in notebooks:
                yield submission(top, notebook, entry, beside(notebook))
        elif is_folder(path) or path.is_symlink() or not COMPANION.fullmatch(entry):
            student = re.sub(r"\.ipynb.*", "", entry, flags=re.I) or entry
            yield submission(top, path, student, problem=problem(path))


def submission(top: Path, path: Path, student: str, files: tuple = (), time: float = 0.0,
               remarks: tuple = (), **more) -> Submission:
    stamp = path.parent / "timestamp.txt"  # nbgrader's; elsewhere the student's own
    if "system" not in more and path.parent != top and stamp.is_file() and not stamp.is_symlink():
        with open(stamp, encoding="utf-8", errors="replace") as file:
            time = seconds(file.read(200), dt.UTC)
        if not time:
            remarks += (("late", "its timestamp.txt cannot be read; the file's time counts"),)
    return Submission(readable(student), str(path), readable(path.relative_to(top).as_posix()),
                      files=files, time=time or os.lstat(path).st_mtime, remarks=remarks, **more)


def is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb") and not name.startswith(".")


def walk(folder: Path) -> Iterator[Path]:
    """The files in a folder that is no link, and in those below it."""
    for here, folders, files in os.walk(folder) if is_folder(folder) else ():
        folders[:] = sorted(d for d in folders if not d.startswith(".") and d != "__MACOSX")
        yield from (Path(here, file) for file in sorted(files) if not LITTER.fullmatch(file))


def beside(notebook: Path, called: dict | None = None) -> tuple[tuple[str, str], ...]:
    """The files in the notebook's folder that its code may need, by the name that they had."""
    with os.scandir(notebook.parent) as entries:
        files = sorted(e.name for e in entries if e.is_file(follow_symlinks=False))
    names = {f: f if called is None else called.get(f, "") for f in files}
    return tuple((name, str(notebook.parent / f)) for f, name in names.items()
                 if Path(name).suffix.lower() in TAKEN_ALONG and name != "timestamp.txt"
                 and not name.startswith("."))[:50]


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


def assignment_named(name: str) -> bool:
    return any(re.fullmatch(pattern, name, re.I) for pattern in assignments().values())


def other_name(name: str, assignment: str) -> str:
    """A remark if the file or a folder above it is called by another assignment, else ""."""
    named = [a for a, pattern in assignments().items() if re.search(pattern, name, re.I)]
    return "" if assignment in named or not named else (
        f"the name says {named[0]}, the notebook is {assignment}")


def students_of(stems: list[str]) -> dict[str, str]:
    """ada-05_softmax_regression -> ada; also ada-05 -> ada, if that is nobody else's name.

    Where ada-05 and ada-06 lie beside bo-05, ada has handed in two; student-01 and student-02 alone
    are two students.
    """
    names = rf"[ _.-]+(?:{'|'.join(assignments().values()) or '(?!)'}){COPY}$"
    found = {s: re.sub(names, "", s, flags=re.I) or s for s in stems}
    short = {s: re.sub(r"[ _.-]+[01]\d$", "", s) or s for s in stems if found[s] == s}
    times = collections.Counter((found | short).values())
    several = {s: s[:-3] for s in short if re.search(r"[^ _.-][ -]\d\d$", s)}
    if len(set(several.values())) > 1 and all(s[-2:] in exercises.LESSONS for s in several):
        times.update({name: 1 - n for name, n in collections.Counter(several.values()).items()})
    return found | {s: name for s, name in short.items() if times[name] == 1}


def readable(name: str) -> str:
    """A file's name as text that can be written anywhere; different names stay different."""
    plain = os.fsencode(name).replace(b"\\", rb"\\") if os.sep == "/" else os.fsencode(name)
    return plain.decode("utf-8", "backslashreplace")


# --- names that a learning management system gives ---


def by_pattern(top: Path, pattern: re.Pattern, system: str, zone) -> Iterator[Submission]:
    """Files whose paths have a pattern; what a student handed in without a notebook is one row."""
    students = collections.defaultdict(dict)
    for path in walk(top):
        rel = path.relative_to(top).as_posix()
        match = pattern.fullmatch(rel)
        groups = match.groupdict("") if match else {}
        if groups.get("student_id"):
            students[groups["student_id"]][path] = groups
        elif is_notebook(path.name):
            yield submission(top, path, path.stem, system=system, remarks=(
                ("who", f"its name does not fit --names {system}"),))
        elif not COMPANION.fullmatch(path.name):
            yield submission(top, path, rel, problem=problem(path), system=system)
    for student, files in students.items():
        notebooks = [p for p in files if is_notebook(p.name)]
        if not notebooks:
            path, groups = next(iter(files.items()))
            yield submission(top, path, student, owners=owner(student, groups), system=system,
                             problem="no notebook (*.ipynb) was found among its files")
        for path in notebooks:
            groups = files[path]
            called = {f.name: Path(its.get("file_id") or f.name).name for f, its in files.items()
                      if its.get("timestamp") == groups.get("timestamp")}
            late = (("late", "marked late by Canvas"),) if groups.get("late") else ()
            yield submission(
                top, path, student, beside(path, called), owners=owner(student, groups),
                time=seconds(groups.get("timestamp", ""), zone), system=system, remarks=late,
                attempt=int(groups["attempt"]) if groups.get("attempt", "").isdecimal() else 0)


def owner(student: str, groups: dict) -> tuple[tuple[str, str, str], ...]:
    name = groups.get("name") or " ".join(filter(None, (groups.get("first_name"),
                                                        groups.get("last_name"))))
    return (readable(student), readable(name), readable(groups.get("email", ""))),


def gradescope(top: Path) -> Iterator[Submission]:
    """A folder a submission; submission_metadata.yml says whose they are, and from when."""
    import yaml

    try:
        text = (top / "submission_metadata.yml").read_text(encoding="utf-8")
        about = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError("--names gradescope: submission_metadata.yml of the export is needed "
                         f"beside its folders ({type(error).__name__}).") from error
    for folder in sorted(e for e in os.listdir(top) if is_folder(top / e)):
        known = about.get(folder) or {}
        owners = tuple(tuple(readable(str(s.get(key) or "")) for key in (":sid", ":name", ":email"))
                       for s in known.get(":submitters") or ())
        owners = tuple((sid or email or name, name, email) for sid, name, email in owners)
        time = seconds(str(known.get(":created_at", "")), dt.UTC)
        student = owners[0][0] if owners else folder
        notebooks = [f for f in walk(top / folder) if is_notebook(f.name)]
        for path in notebooks:
            yield submission(top, path, student, beside(path), owners=owners, time=time,
                             system="gradescope")
        if not notebooks:
            yield submission(top, top / folder, student, owners=owners, system="gradescope",
                             problem=problem(top / folder))


# --- times ---


def read_time(text: str, zone: dt.tzinfo | None = None) -> dt.datetime | None:
    """A time as systems write it, None if it is none.

    "2026-11-20 23:59:00.5 Europe/Berlin", "… UTC", "… +0100", "2026-11-20-23-59-00",
    "Nov 20, 2026 1159 PM". If it has no zone, it gets the one that is given.
    """
    text = re.sub(r"^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)$", r"\1 \2:\3:\4", text.strip())
    try:
        if found := re.fullmatch(r"(\w{3})\w* (\d+), (\d{4}) (\d?\d)(\d\d) ([AP]M)", text):
            time = dt.datetime.strptime(" ".join(found.groups()), "%b %d %Y %I %M %p")
        else:
            text, name = (*text.rsplit(" ", 1), "")[:2] if text.count(" ") == 2 else (text, "")
            time = dt.datetime.fromisoformat(text)
            if name:
                zone = ZoneInfo(name) if name[0].isalpha() else dt.datetime.strptime(
                    name, "%z").tzinfo
        return time if time.tzinfo else time.replace(tzinfo=zone)
    except (ValueError, KeyError, OSError, OverflowError):
        return None


def seconds(text: str, zone: dt.tzinfo | None) -> float:
    """A time in seconds since 1970, 0.0 if it is none; without any zone it is this computer's."""
    try:
        time = read_time(text, zone)
        return max(0.0, time.timestamp()) if time else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0
