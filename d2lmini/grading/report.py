"""What comes out: grades.csv, a feedback page for each student, and a summary for the lecturer.

All text that students wrote is escaped, no page can run a script, and no cell of the table begins
like a formula. Made from the stored results alone, so `merge` needs nothing else.
"""

from __future__ import annotations

import collections
import csv
import html
import io
import unicodedata
from pathlib import Path

from . import batch, similar
from .grade import KINDS

COLUMNS = ["assignment", "student_id", "score", "max_score", "status", "reason", "notebook",
           "lesson", "seed", "seconds"]
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;
color:#222;background:#fff}table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;
padding:.3em .6em;text-align:left;vertical-align:top}
pre{background:#f4f4f4;padding:.8em;overflow:auto}
.bar{background:#0072b2;height:1em}.right{color:#00694f}.wrong{color:#a04000}"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_all(out: Path, results: list[dict]) -> None:
    """Write every table and page from the results, sorted by student and notebook."""
    results = sorted(results, key=lambda r: (r["student"], r["lesson"], r["notebook"]))
    batch.write(out / "grades.csv", table(results))
    for result in results:
        name = batch.slug(batch.Submission(result["student"], "", result["notebook"]))
        batch.write(out / "feedback" / f"{name}.html", feedback(result))
    batch.write(out / "summary.html", summary(results))


def table(results: list[dict]) -> str:
    """grades.csv: nbgrader's columns first, then the points of each exercise."""
    names = sorted({(r["lesson"], i, e["name"]) for r in results
                    for i, e in enumerate(r["exercises"])})
    columns = [f"{lesson} {name}" for lesson, _, name in names]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *columns])
    for r in results:
        points = {f"{r['lesson']} {e['name']}": e["points"] for e in r["exercises"]}
        values = [r["assignment"], r["student"], r["score"], r["max_score"], r["status"],
                  r["reason"], r["notebook"], r["lesson"], r["seed"], r["seconds"]]
        writer.writerow([harmless(v) for v in (*values, *(points.get(c, "") for c in columns))])
    return file.getvalue()


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
    return f"'{value}" if value.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") else value


def visible(text) -> str:
    """Text for a page: escaped, without characters that control or turn the writing."""
    return html.escape("".join(
        "\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t" else c
        for c in str(text)))


def page(title: str, body: str) -> str:
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{visible(title)}</title><style>{STYLE}</style></head><body>"
            f"<h1>{visible(title)}</h1>\n{body}</body></html>\n")


def rows(head: list, lines) -> str:
    """An HTML table of plain text."""
    cells = "".join(f"<th>{visible(c)}</th>" for c in head)
    body = "".join("<tr>" + "".join(f"<td>{visible(c)}</td>" for c in line) + "</tr>\n"
                   for line in lines)
    return f"<table><tr>{cells}</tr>\n{body}</table>\n"


def feedback(result: dict) -> str:
    """The page of one student: each exercise with its points, what is wrong, and the answer."""
    if result["status"] != "graded":
        why = visible(result["reason"])
        return page(f"{result['student']}: not graded",
                    f"<p>This notebook could not be graded: {why}.</p>"
                    f"<p>{visible(result['notebook'])}</p>")
    parts = [f"<p><strong>{result['score']:g} of {result['max_score']:g} points.</strong></p>"]
    for e in result["exercises"]:
        parts.append(
            f"<h2>{visible(e['name'])}: {e['points']:g} of {e['max_points']:g}</h2>"
            f'<p class="{"right" if e["right"] else "wrong"}">{visible(e["message"])}</p>'
            f"<pre>{visible(e['code']) or '(no answer was found)'}</pre>")
    return page(f"{result['student']}: {result['assignment']}", "\n".join(parts))


def summary(results: list[dict]) -> str:
    """The lecturer's page."""
    graded = [r for r in results if r["status"] == "graded"]
    failed = [r for r in results if r["status"] != "graded"]
    parts = [f"<p>{len(results)} notebooks, {len(graded)} graded, {len(failed)} not.</p>"]
    if failed:
        parts.append("<h2>Not graded</h2>" + rows(
            ["student", "notebook", "why"],
            [(r["student"], r["notebook"], r["reason"]) for r in failed]))
    if remarks := [r for r in graded if r["reason"]]:
        parts.append("<h2>Graded, with a remark</h2>" + rows(
            ["student", "notebook", "remark"],
            [(r["student"], r["notebook"], r["reason"]) for r in remarks]))
    for assignment in sorted({r["assignment"] for r in graded}):
        mine = [r for r in graded if r["assignment"] == assignment]
        parts.append(f"<h2>{visible(assignment)}</h2>" + distribution(mine) + hardest(mine))
        found = similar.pairs({r["notebook"]: r["fingerprint"] for r in mine
                               if r["score"]})
        if found:
            parts.append("<h3>Nearly the same</h3><p>A hint only: short exercises have few right "
                         "answers. Read both before you say a word.</p>" + rows(
                             ["alike", "notebook", "notebook"],
                             [(f"{s:.0%}", a, b) for s, a, b in found[:200]]))
    return page("Grades", "\n".join(parts))


def distribution(results: list[dict]) -> str:
    """How many reached 0-9 %, 10-19 %, … of the points, as bars."""
    tenths = collections.Counter(min(9, int(10 * r["score"] / r["max_score"])) for r in results)
    most = max(tenths.values())
    lines = "".join(
        f"<tr><td>{10 * i}–{10 * i + 9 + (i == 9)} %</td><td>{tenths[i]}</td><td>"
        f'<div class="bar" style="width:{20 * tenths[i] / most:.1f}em"></div></td></tr>\n'
        for i in range(10))
    return f"<table><tr><th>points</th><th>notebooks</th><th></th></tr>\n{lines}</table>\n"


def hardest(results: list[dict]) -> str:
    """The exercises, the hardest first, with the kinds of failure."""
    lines = []
    for i, exercise in enumerate(results[0]["exercises"]):
        same = [r["exercises"][i] for r in results]
        kinds = collections.Counter(e["kind"] for e in same if not e["right"])
        right = sum(e["right"] for e in same) / len(same)
        lines.append((right, exercise["name"], ", ".join(
            f"{KINDS.get(kind, kind)}: {n}" for kind, n in kinds.most_common())))
    return rows(["exercise", "right", "failures"],
                [(name, f"{right:.0%}", kinds) for right, name, kinds in sorted(lines)])
