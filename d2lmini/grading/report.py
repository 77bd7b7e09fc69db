"""What comes out: tables of grades, a feedback page for each student, a summary for the lecturer.

All text that students wrote is escaped (Jinja2 with autoescape, the pages lie in pages/), no page
can run a script, and no cell of a table begins like a formula.
"""

from __future__ import annotations

import collections
import csv
import functools
import io
import json
import unicodedata
from pathlib import Path

import jinja2

from . import batch, gradebook
from .grade import KINDS
from .gradebook import moment, plain

NBGRADER = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
            "raw_score", "late_submission_penalty", "score", "max_score"]
OURS = ["status", "reason", "feedback", "notebook", "lesson", "seed", "seconds"]


def write_all(out: Path, rows: list[dict], excel: bool = False) -> None:
    """Write every table and page, and remove the pages of an earlier run that are none any more."""
    pages = set()
    for row in rows:
        row["feedback"] = f"feedback/{page_name(row, pages)}" if row["notebook"] else ""
        if row["notebook"]:
            batch.write(out / row["feedback"], feedback(row))
    batch.write(out / "grades.csv", "\ufeff" * excel + table(rows))
    for name, text in imports(rows).items():
        batch.write(out / name, text)
    batch.write(out / "summary.html", summary(rows))
    about = batch.run_file(out)
    for name in {n for n in about.get("pages", ()) if n == Path(n).name} - pages:
        (out / "feedback" / name).unlink(missing_ok=True)
    batch.write(out / "run.json", json.dumps({**about, "pages": sorted(pages)}) + "\n")


def page_name(row: dict, taken: set[str]) -> str:
    """A readable file name, in the student's own letters, that no other page has."""
    who = row["who"]
    name = "-".join(filter(None, (who.name, who.id if plain(who.id) != plain(who.name) else "",
                                  row["assignment"])))
    name = "".join(c if unicodedata.category(c)[0] in "LMN" or c in " -_.@" else "_"
                   for c in unicodedata.normalize("NFC", name)).strip(" .")
    name = name.encode()[:150].decode(errors="ignore") or "_"
    known, number, found = {t.casefold() for t in taken}, 1, f"{name}.html"
    while found.casefold() in known:
        number += 1
        found = f"{name}-{number}.html"
    taken.add(found)
    return found


def table(rows: list[dict]) -> str:
    """grades.csv: nbgrader's eleven columns first, in its order; last the points of exercises."""
    names = sorted({(r["lesson"], i, e["name"]) for r in rows
                    for i, e in enumerate(r["exercises"])})
    columns = [f"{lesson} {name}" for lesson, _, name in names]
    lines = []
    for r in rows:
        who, points = r["who"], {f"{r['lesson']} {e['name']}": e["points"] for e in r["exercises"]}
        values = r | {"student_id": who.id, "last_name": who.last, "first_name": who.first,
                      "email": who.email, "duedate": moment(r["duedate"]),
                      "timestamp": moment(r["time"])}
        lines.append([*(values[c] for c in NBGRADER + OURS), *(points.get(c, "") for c in columns)])
    return as_csv([NBGRADER + OURS + columns, *lines])


def as_csv(lines: list[list]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([harmless(v) for v in line] for line in lines)
    return file.getvalue()


def imports(rows: list[dict]) -> dict[str, str]:
    """The tables that Canvas and Moodle import, by file name, for rows that can be told there."""
    found = {}
    canvas = [r for r in rows if r["system"] == "canvas" or {"SIS Login ID", "Section"} <= {
        *r["who"].cells}]
    if canvas:
        names = sorted({(r["assignment"], r["max_score"]) for r in canvas if r["max_score"]})
        info = [c for c in ("ID", "SIS User ID", "SIS Login ID", "Section")
                if c in ("ID", "Section") or any(c in r["who"].cells for r in canvas)]
        ids = {r["who"]: r["owners"][0][0] for r in canvas if r["system"] == "canvas"}
        scores = collections.defaultdict(dict)
        for r in canvas:
            scores[r["who"]][r["assignment"]] = "" if r["status"] != "graded" else r["score"]
        lines = [["Student", *info, *(name for name, _ in names)],
                 ["    Points Possible", *[""] * len(info), *(most for _, most in names)]]
        for who, mine in scores.items():
            known = {"Student": ", ".join(filter(None, (who.last, who.first))),
                     "ID": ids.get(who, who.id), **who.cells}
            lines.append([known["Student"], *(known.get(c, "") for c in info),
                          *(mine.get(name, "") for name, _ in names)])
        found["canvas.csv"] = as_csv(lines)
    moodle = collections.defaultdict(list)
    for r in rows:
        if r["system"] == "moodle" and r["status"] == "graded":
            moodle[r["assignment"]].append([
                f"Participant {r['owners'][0][0]}", r["who"].name, r["who"].email, r["score"],
                r["max_score"], "-", ", ".join(f"{e['name']} {e['points']:g}/{e['max_points']:g}"
                                               for e in r["exercises"])])
    for assignment, lines in moodle.items():
        found[f"moodle-{assignment}.csv"] = as_csv([
            ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade",
             "Last modified (grade)", "Feedback comments"], *lines])
    return found


def printable(text: str) -> str:
    """Text on one line, without characters that control a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def harmless(value):
    """Text that a spreadsheet takes neither for a formula nor, at a semicolon, for two cells."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else value
    value = printable(value).replace(";", ",")
    risky = value.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") and value != "-"
    return f"'{value}" if risky else value


# --- pages ---


def visible(value):
    """Text without characters that control or turn the writing; Jinja2 escapes the rest."""
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"
                   else c for c in value) if type(value) is str else value


@functools.cache
def template(name: str) -> jinja2.Template:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("pages")), autoescape=True,
        finalize=visible, trim_blocks=True, undefined=jinja2.StrictUndefined).get_template(name)


def feedback(row: dict) -> str:
    """The page of one student: each exercise with its points, what is wrong, and the answer."""
    who = row["who"].name or row["who"].id
    return template("feedback.html").render(
        row=row, title=f"{who}: {row['assignment'] or 'not graded'}")


def summary(rows: list[dict]) -> str:
    """The lecturer's page."""
    graded = [r for r in rows if r["status"] == "graded"]
    assignments = []
    for name in sorted({r["assignment"] for r in graded}):
        mine = [r for r in graded if r["assignment"] == name]
        assignments.append({"name": name, "bars": bars(mine), "hardest": hardest(mine)})
    return template("summary.html").render(
        title="Grades", counts=counts(rows), look=gradebook.to_look_at(rows),
        assignments=assignments, absent=[r for r in rows if r["status"] == "not handed in"])


def counts(rows: list[dict]) -> str:
    count = collections.Counter(r["status"] for r in rows)
    return f"{count['graded']} graded, {count['not graded']} not" + (
        f", {count['not handed in']} not handed in" if count["not handed in"] else "")


def bars(rows: list[dict]) -> list[tuple[str, int, str]]:
    """How many reached 0-9 %, 10-19 %, … of the points."""
    tenths = collections.Counter(min(9, int(10 * r["score"] / r["max_score"])) for r in rows)
    most = max(tenths.values())
    return [(f"{10 * i}–{10 * i + 9 + (i == 9)} %", tenths[i], f"{20 * tenths[i] / most:.1f}")
            for i in range(10)]


def hardest(rows: list[dict]) -> list[tuple[str, str, str]]:
    """The exercises, the hardest first, with the kinds of failure."""
    lines = []
    for i, exercise in enumerate(rows[0]["exercises"]):
        same = [r["exercises"][i] for r in rows]
        kinds = collections.Counter(e["kind"] for e in same if not e["right"])
        lines.append((sum(e["right"] for e in same) / len(same), exercise["name"], ", ".join(
            f"{KINDS.get(kind, kind)}: {n}" for kind, n in kinds.most_common())))
    return [(name, f"{right:.0%}", kinds) for right, name, kinds in sorted(lines)]
