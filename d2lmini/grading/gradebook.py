"""From results to grades: the roster, the attempt that counts, late work, and what to look at.

`rows(results, rules)` gives one row for each student and assignment; `Rules` holds what the
lecturer decides. Made from the stored results alone, so that nothing is graded anew. Read next:
report.py.
"""

from __future__ import annotations

import collections
import csv
import datetime as dt
import io
import math
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from . import names, similar
from .batch import reason

LOOK = {  # kinds of remarks: what the lecturer needs to look at by hand, most important first
    "grader": "The grader failed: grade these again",
    "unread": "Not graded",
    "lost": "Points may be lost that the work deserves",
    "stopped": "Stopped by a limit of time",
    "who": "Whose is it?",
    "solution": "The answers are those of the official solution",
    "alike": "Nearly the same answers",
    "late": "Late work whose time is uncertain",
    "attempts": "Several notebooks for one assignment",
    "info": "Good to know"}


@dataclass(frozen=True)
class Student:
    id: str
    last: str = ""
    first: str = ""
    email: str = ""
    cells: dict = field(default_factory=dict, compare=False)  # the roster's row

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True)
class Rules:
    """The roster, the attempt that counts, when work is due, and what a late day or hour costs."""

    roster: tuple[Student, ...] = ()
    attempt: str = "latest"
    due: dict = field(default_factory=dict)  # lesson, or "" for all: seconds since 1970
    zone: dt.tzinfo | None = None  # of times without one
    late: tuple[float, bool, int] | None = None  # points or percent, is it percent, seconds


# --- the roster ---

COLUMNS = {  # field: headers, the best first
    "id": ("student_id", "id", "student id", "orgdefinedid", "sis user id", "sis login id",
           "id number", "username", "login"),
    "name": ("name", "full name", "student", "student name"),
    "last": ("last_name", "last name", "surname", "family name", "lastname"),
    "first": ("first_name", "first name", "given name", "firstname"),
    "email": ("email", "e-mail", "email address", "mail")}


def read_roster(path: Path) -> tuple[Student, ...]:
    """A CSV file with id, name and email in any order, or an export of an LMS."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"--roster {path}: it cannot be read as UTF-8 text: {error}") from error
    first = text.partition("\n")[0]
    lines = [[cell.strip() for cell in line] for line in csv.reader(
        io.StringIO(text), delimiter=max(",;\t", key=first.count)) if any(map(str.strip, line))]
    known = {header for headers in COLUMNS.values() for header in headers}
    header = lines[0] if lines else []
    if not any(h.lower() in known for h in header):
        header = without_header(lines)
    else:
        lines = lines[1:]
    lower = [h.lower() for h in header]
    at = {key: next((lower.index(h) for h in headers if h in lower), None)
          for key, headers in COLUMNS.items()}
    students = []
    for line in lines:
        value = {key: line[i] if i is not None and i < len(line) else "" for key, i in at.items()}
        who = value["id"] or value["email"]
        if not who or "points possible" in " ".join(line).lower():
            continue
        last, first = value["last"], value["first"]
        last, first = (last, first) if last or first else split(value["name"])
        students.append(Student(who, last, first, value["email"], dict(zip(header, line))))
    if not students:
        raise ValueError(f"--roster {path}: no students were found. It is a CSV file with the "
                         "columns id, name, email.")
    return tuple(students)


def split(name: str) -> tuple[str, str]:
    """ "Doe, Jane" or "Jane Doe" -> last and first name."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return last.strip(), first.strip()


def without_header(lines: list[list[str]]) -> list[str]:
    """Headers for columns that have none, told by what is in them."""
    columns = list(zip(*lines))
    email = [sum("@" in cell for cell in column) for column in columns]
    space = [sum(" " in cell for cell in column) for column in columns]
    return ["email" if email[i] > len(lines) / 2 else "name" if space[i] > len(lines) / 2 else "id"
            for i in range(len(columns))]


def plain(text: str) -> str:
    """Letters and digits alone, without accents: "Müller, Zoë" -> "mullerzoe"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def matcher(roster: tuple[Student, ...]):
    """A function from an owner (id, name, email) to (student, remark)."""
    sure, names = collections.defaultdict(set), collections.defaultdict(set)
    for i, s in enumerate(roster):
        ids = (cell for header, cell in s.cells.items() if header.lower() in COLUMNS["id"])
        for cell in (s.id, s.email, s.email.partition("@")[0], *ids):
            if plain(cell):
                sure[plain(cell)].add(i)
        names[plain(s.last + s.first)].add(i)
        names[plain(s.first + s.last)].add(i)

    def match(owner: list[str]) -> tuple[Student, str]:
        who, name, email = owner
        found = set()
        for keys, table in (((who, email), sure), ((who, name), names)):
            for key in keys:
                found = found or table.get(plain(key), set())
        if len(found) == 1:
            return roster[next(iter(found))], ""
        student = Student(who, *split(name), email)
        if not roster:
            return student, ""
        return student, (f"{name or who} fits {len(found)} students of the roster" if found else
                         f"{name or who} is not in the roster")

    return match


# --- rows ---


def rows(results: list[dict], rules: Rules) -> list[dict]:
    """One row for each student and assignment, and one for what was not graded."""
    match, groups, found = matcher(rules.roster), collections.defaultdict(list), []
    for result in results:
        for owner in result["owners"]:
            student, unknown = match(owner)
            for part in (result, *({**result, **more} for more in result["more"])):
                remarks = [("who", unknown), *map(tuple, result["handed_in"]),
                           *map(tuple, part["remarks"])]
                entry = {**part, "who": student, "remarks": [r for r in remarks if r[1]],
                         "others": []}
                groups[student, part["assignment"]].append(entry)
    kinds = collections.defaultdict(set)  # of the notebooks of each student
    for (who, _), group in groups.items():
        kinds[who] |= {entry["kind"] for entry in group}
    for (who, assignment), group in groups.items():
        entries = [e for e in group if not passed_over(e["kind"], kinds[who])]
        for entry in entries:
            grade_late(entry, rules)
        if assignment and len(entries) > 1:
            found.append(counted(entries, rules.attempt))
        else:
            found += entries
    for row in found:
        if row["kind"] == "solution":
            row["remarks"].append(("solution", "its answers are those of the official solution"))
        elif row["kind"] == "handout":
            row["remarks"].append(("info", "the handout, nothing is filled in"))
    likeness(found)
    found += absent(found, rules)
    for row in found:
        row["reason"] = reason(row["remarks"])
    return sorted(found, key=lambda r: (r["who"].id, r["lesson"], r["notebook"]))


def passed_over(kind: str, kinds: set[str]) -> bool:
    """Whether a notebook is there only because the student handed in the whole course."""
    return (kind == "lesson" and len(kinds) > 1) or (
        kind in ("handout", "solution") and kinds >= {"lesson", "work"})


def counted(entries: list[dict], rule: str) -> dict:
    """The attempt that counts: own work before the untouched and the official notebook."""
    entries = sorted(entries, key=lambda e: (e["attempt"], e["time"], e["notebook"]))
    own = ([e for e in entries if e["kind"] == "work"] or [
        e for e in entries if e["kind"] != "solution"] or entries)
    best = {"first": own[0], "latest": own[-1]}.get(rule) or max(
        own, key=lambda e: e["score"] or 0)
    others = [e for e in entries if e is not best]
    listed = ", ".join(f"{e['notebook']} ({score_of(e)}, {moment(e['time'])})" for e in others)
    close = any(abs(e["time"] - best["time"]) < 2 and e["attempt"] == best["attempt"]
                for e in others if e in own)
    said = (f"{len(entries)} notebooks of this student, the {rule} counts"
            f"{' (their times are the same)' if close and rule != 'best' else ''}: "
            f"{best['notebook']}; also {listed}")
    return {**best, "others": others, "remarks": [*best["remarks"], ("attempts", said)]}


def score_of(entry: dict) -> str:
    return "not graded" if entry["score"] is None else f"{entry['score']:g} points"


def moment(seconds: float) -> str:
    """As nbgrader writes times: in UTC, without saying so."""
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M:%S}" if seconds else ""


def grade_late(row: dict, rules: Rules) -> None:
    """The penalty in points, never more than there are."""
    due = rules.due.get(row["lesson"], rules.due.get("", 0.0))
    row.update(raw_score=row["score"], late_submission_penalty=None, duedate=due)
    if row["score"] is None:
        return
    penalty, late = 0.0, row["time"] - due if due else 0.0
    if rules.late and late > 0:
        amount, percent, unit = rules.late
        penalty = math.ceil(late / unit) * amount * (row["max_score"] / 100 if percent else 1)
    row["late_submission_penalty"] = round(min(penalty, row["score"]), 2)
    row["score"] = round(row["score"] - row["late_submission_penalty"], 2)
    if late > 0:
        row["remarks"].append(("info", f"late by {math.ceil(late / 3600)} h"))
        row["remarks"] = [r for r in row["remarks"] if r[1] != "marked late by Canvas"]


def likeness(found: list[dict]) -> None:
    """Remarks on work that is nearly the same as another student's."""
    prints = collections.defaultdict(dict)
    for i, row in enumerate(found):
        if row["raw_score"] and row["kind"] != "solution":
            prints[row["lesson"]][f"{i}"] = row["fingerprint"]
    for group in prints.values():
        for part, a, b in similar.pairs(group):
            a, b = found[int(a)], found[int(b)]
            if a["who"] != b["who"] and a["notebook"] != b["notebook"]:
                for one, other in ((a, b), (b, a)):
                    one["alike"] = [*one.get("alike", ()), (part, other["notebook"])]
    for row in found:
        if alike := row.get("alike"):
            more = f" and {len(alike) - 3} more" if len(alike) > 3 else ""
            row["remarks"].append(("alike", "like " + ", ".join(
                f"{name} ({part:.0%})" for part, name in alike[:3]) + more))


def absent(found: list[dict], rules: Rules) -> list[dict]:
    """Rows of the roster's students who handed in nothing: 0 points, as nbgrader has it."""
    there = {(r["who"], r["assignment"]) for r in found}
    stuck = {r["who"] for r in found if not r["assignment"]}  # what it was could not be read
    lessons = sorted({(r["assignment"], r["lesson"], r["max_score"]) for r in found
                      if r["max_score"]})
    return [{"assignment": assignment, "lesson": lesson, "who": student, "notebook": "",
             "time": 0.0, "status": "not handed in", "raw_score": 0, "score": 0,
             "late_submission_penalty": 0, "max_score": most,
             "duedate": rules.due.get(lesson, rules.due.get("", 0.0)),
             "exercises": [], "remarks": [], "others": [], "kind": "", "fingerprint": [],
             "seed": "", "seconds": "", "system": "", "owners": [], "version": ""}
            for assignment, lesson, most in lessons for student in rules.roster
            if (student, assignment) not in there and student not in stuck]


def to_look_at(found: list[dict]) -> list[tuple[str, list[dict]]]:
    """What needs a person, most important first: (what it is, rows with their text in `said`)."""
    listed = []
    for kind, title in LOOK.items():
        mine = [{**row, "said": reason(r for r in row["remarks"] if r[0] == kind)} for row in found
                if any(k == kind for k, _ in row["remarks"])]
        if mine:
            listed.append((title, mine))
    return listed


# --- what the options of the command mean ---


def due_of(texts: list[str], lessons) -> tuple[dict[str, float], dt.tzinfo | None]:
    """["2026-11-20 23:59 Europe/Berlin", "06=2026-…"] -> ({"": seconds, "06": seconds}, a zone)."""
    found, zone = {}, None
    for text in texts:
        lesson, time = text.split("=", 1) if re.match(r"\d\d=", text) else ("", text)
        time = names.read_time(time)
        if not time or not time.tzinfo or (lesson and lesson not in lessons):
            raise ValueError(f'--due {text}: write a date, a time and a time zone, such as '
                             '"2026-11-20 23:59 Europe/Berlin", or for lesson 05 '
                             '"05=2026-11-20 23:59 +0100".')
        found[lesson], zone = time.timestamp(), zone or time.tzinfo
    return found, zone


def late_of(text: str) -> tuple[float, bool, int] | None:
    """"10%/day" -> 10 % of the points for each day that has begun; "2/hour" -> 2 points."""
    if not text:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)/(day|hour)", text.replace(" ", ""))
    if not found:
        raise ValueError(f"--late {text}: write 10%/day, or 2/hour for points.")
    return float(found[1]), bool(found[2]), {"day": 86_400, "hour": 3_600}[found[3]]
