"""From results to grades: roster, attempts, late work, whole clones, tables for an LMS, pages."""

import csv
import inspect
import io
import json
import os
import shutil

import pytest

from d2lmini import exercises
from d2lmini.grading import __main__ as command
from d2lmini.grading import batch, course, gradebook, report, similar, submissions
from d2lmini.grading.gradebook import Rules, read_roster
from d2lmini.grading.names import Submission
from d2lmini.tests.grading.handin import (
    COURSE,
    NAME,
    RIGHT,
    SOLUTIONS,
    WRONG,
    hand_in,
    store,
    with_sandbox,
)

DUE = gradebook.due_of(["2025-11-20 23:59 Europe/Berlin"], ("05",))[0][""]


def result(student, score=50, *, time=DUE, name="", lesson="05", **more):
    """A stored result, as it was graded."""
    submission = Submission(student, "", name or f"{student}.ipynb", time=time, **{
        key: more.pop(key) for key in ("owners", "attempt", "system", "remarks") if key in more})
    graded = {"assignment": NAME if lesson == "05" else "06_mlp", "lesson": lesson, "kind": "work",
              "status": "graded", "score": score, "max_score": 100, "seconds": 1, "key": "",
              "exercises": [{"name": "softmax", "points": score, "max_points": 100, "right": False,
                             "kind": "value", "message": "✗ softmax: …", "code": "x"}]}
    about = batch.ungraded(submission, batch.Settings("", 1, "v"))
    return {**about, **graded, "reason": "", **more}


def rows(*results, **rules):
    return {(r["who"].id, r["lesson"]): r for r in gradebook.rows(list(results), Rules(**rules))}


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(path)


# --- the roster ---

ROSTERS = {
    "id, name, email": "id,name,email\n0100,Jane Doe,jane@example.edu\n"
                       "200,\"Ößmann, Zoë\",z@example.edu",
    "another order": "Email;Name;Student ID\njane@example.edu;\"Doe, Jane\";0100\nz@example.edu;"
                     "Zoë Ößmann;200\n;;\n",
    "no header": "jane@example.edu,0100,Jane Doe\nz@example.edu,200,Zoë Ößmann",
    "Canvas": "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,hw (7)\n"
              "    Points Possible,,,,,100\n"
              "\"Doe, Jane\",0100,s1,jane,A,\n\"Ößmann, Zoë\",200,s2,z,A,\n",
    "Moodle": "First name,Last name,ID number,Email address\nJane,Doe,0100,jane@example.edu\n"
              "Zoë,Ößmann,200,z@example.edu\n"}


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_roster_in_any_form(tmp_path, kind):
    students = roster(tmp_path, ROSTERS[kind])
    assert [(s.id, s.last, s.first) for s in students] == [
        ("0100", "Doe", "Jane"), ("200", "Ößmann", "Zoë")]
    if kind != "Canvas":
        assert students[0].email == "jane@example.edu"


@pytest.mark.parametrize("owner", [
    ("0100", "", ""), ("doejane", "", ""), ("1", "Jane Doe", ""), ("1", "doejane", ""),
    ("1", "DOE, Jane", ""), ("jane", "", ""), ("1", "", "Jane@example.edu"), ("Jane Doe", "", "")])
def test_a_student_is_found_in_the_roster(tmp_path, owner):
    found = rows(result("x", owners=(owner,)), roster=roster(tmp_path, ROSTERS["Moodle"]))
    assert found["0100", "05"]["who"].name == "Jane Doe" and not found["0100", "05"]["remarks"]


def test_who_is_in_no_roster_and_who_is_in_it_twice(tmp_path):
    students = roster(tmp_path, "id,name,email\n1,Jo Lee,a@x.de\n2,Jo Lee,b@x.de\n3,Pat Ray,p@x.de")
    found = rows(result("jolee"), result("eve"), result("3"), roster=students)
    scores = roster(tmp_path, "Student,ID,hw\n\"Lee, Jo\",1,2\n\"Fox, Al\",2,1")
    assert rows(result("1"), roster=scores)["1", "05"]["reason"] == ""
    assert "fits 2 students of the roster" in found["jolee", "05"]["reason"]
    assert "eve is not in the roster" in found["eve", "05"]["reason"]
    assert found["3", "05"]["reason"] == ""


def test_students_without_a_submission_have_a_row(tmp_path):
    """As nbgrader has it: 0 points; not for one whose file could not be read."""
    students = roster(tmp_path, "id,name,email\n1,Jo Lee,\n2,Al Fox,\n3,Pat Ray,")
    unread = {**batch.ungraded(Submission("2", "", "2.ipynb"), batch.Settings("", 1, "v")),
              "remarks": [("unread", "the file is empty")], "seconds": 0}
    found = rows(result("1"), result("1", lesson="06"), unread, roster=students)
    absent = {who: r for who, r in found.items() if r["status"] == "not handed in"}
    assert absent.keys() == {("3", "05"), ("3", "06")}
    assert all((r["score"], r["max_score"], r["notebook"]) == (0, 100, "") for r in absent.values())
    assert found["2", ""]["score"] is None


@pytest.mark.parametrize("text", ["", "\n\n", "id,name\n"])
def test_a_roster_of_nobody(tmp_path, text):
    with pytest.raises(ValueError, match="no students were found"):
        roster(tmp_path, text)


# --- attempts ---

ATTEMPTS = [result("ada", 30, time=DUE - 300, name="a.ipynb"),
            result("ada", 70, time=DUE - 200, name="b.ipynb"),
            result("ada", 50, time=DUE - 100, name="c.ipynb")]


@pytest.mark.parametrize(("rule", "score"), [("latest", 50), ("best", 70), ("first", 30)])
def test_which_attempt_counts(rule, score):
    (row,) = rows(*ATTEMPTS, attempt=rule).values()
    assert row["score"] == score and len(row["others"]) == 2
    assert f"3 notebooks of this student, the {rule} counts: " in row["reason"]
    others = {"a": "30", "b": "70", "c": "50"}
    others.pop(row["notebook"][0])
    for name, points in others.items():
        assert f"{name}.ipynb ({points} points, 2025-11-20 22:" in row["reason"]


def test_the_number_of_an_attempt_comes_before_its_time():
    later = result("ada", 20, time=DUE - 900, name="d.ipynb", attempt=9)
    assert [r["score"] for r in rows(*ATTEMPTS, later).values()] == [20]
    same = result("ada", 20, time=DUE - 100, name="b2.ipynb")
    (row,) = rows(ATTEMPTS[2], same).values()
    assert row["notebook"] == "c.ipynb" and "(their times are the same)" in row["reason"]
    assert [r["score"] for r in rows(result("ada", 5), result("ada", 6, lesson="06")).values()] == [
        5, 6]


def test_the_best_attempt_is_the_best_after_what_late_work_costs():
    late = result("ada", 75, time=DUE + 60, name="d.ipynb")
    rules = {"due": {"": DUE}, "late": gradebook.late_of("10%/day"), "attempt": "best"}
    (row,) = rows(*ATTEMPTS, late, **rules).values()
    assert (row["score"], row["notebook"]) == (70, "b.ipynb")
    assert "d.ipynb (65 points, 2025-11-20 23:00:00)" in row["reason"]


def test_own_work_counts_before_the_handout_and_the_solution():
    other = {"handout": result("ada", 0, time=DUE + 9, kind="handout", name="h.ipynb"),
             "solution": result("ada", 100, time=DUE + 9, kind="solution", name="s.ipynb")}
    for rule in ("latest", "best"):
        for more in other.values():
            assert [r["score"] for r in rows(ATTEMPTS[0], more, attempt=rule).values()] == [30]
        assert [r["score"] for r in rows(*other.values(), attempt=rule).values()] == [0]
    (row,) = rows(other["solution"]).values()
    assert row["score"] == 100 and row["reason"] == "its answers are those of the official solution"


# --- late work ---


@pytest.mark.parametrize(("hours", "rule", "penalty"), [
    (0, "10%/day", 0), (-1, "10%/day", 0), (0.01, "10%/day", 10), (24, "10%/day", 10),
    (24.1, "10%/day", 20), (24 * 9, "10%/day", 50), (3, "2/hour", 6), (2.5, "1.5/hour", 4.5),
    (2.5, "", 0)])
def test_what_late_work_costs(hours, rule, penalty):
    found = rows(result("ada", time=DUE + 3600 * hours), due={"": DUE},
                 late=gradebook.late_of(rule))
    row = found["ada", "05"]
    assert (row["raw_score"], row["late_submission_penalty"], row["score"]) == (
        50, penalty, 50 - penalty)
    assert ("late by" in row["reason"]) == (hours > 0)


def test_each_lesson_may_have_its_own_due_date(tmp_path):
    due, zone = gradebook.due_of(["05=2025-11-20T23:59+01:00", "06=2025-11-27 23:59 UTC"],
                                 ("05", "06"))
    assert due["05"] == DUE and str(zone) == "UTC+01:00"
    found = rows(result("ada", time=DUE + 60), result("ada", time=DUE + 60, lesson="06"), due=due,
                 late=gradebook.late_of("1/hour"))
    assert [r["score"] for r in found.values()] == [49, 50]
    found = rows(result("ada", remarks=(("late", "marked late by Canvas"),)), due={"": DUE})
    assert found["ada", "05"]["reason"] == "marked late by Canvas"  # its file is older


@with_sandbox
def test_nbgraders_timestamps_and_columns(tmp_path, run, fast):
    """All eleven, in nbgrader's own order."""
    for student, time in {"ada": "2025-11-20 21:30:00.5 UTC",
                          "bo": "2025-11-21 10:00:00 Europe/Berlin", "cy": "soon"}.items():
        path = hand_in(tmp_path / "in", student, RIGHT)
        store(path.with_name("timestamp.txt"), time)
        os.utime(path, (DUE, DUE))
    assert run(tmp_path / "in", "--due", "2025-11-20 23:59 Europe/Berlin", "--late", "50%/day",
               "--excel", "--roster", store(tmp_path / "r.csv", "name,id\nAda Byron,ada")) == 0
    text = (tmp_path / "out/grades.csv").read_text(encoding="utf-8")
    assert text.startswith("\ufeffassignment,")
    table = {r["student_id"]: r for r in csv.DictReader(io.StringIO(text[1:]))}
    columns = list(table["ada"])[:11]
    assert columns == [
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score"]
    assert list(table["ada"].values())[:11] == [
        NAME, "2025-11-20 22:59:00", "2025-11-20 21:30:00", "ada", "Byron", "Ada", "", "15", "0",
        "15", "100"]
    assert (table["bo"]["timestamp"], table["bo"]["late_submission_penalty"], table["bo"]["score"]
            ) == ("2025-11-21 09:00:00", "15", "0")
    assert "timestamp.txt cannot be read, the file's time counts" in table["cy"]["reason"]
    export = pytest.importorskip("nbgrader.plugins.export")
    source = inspect.getsource(export.CsvExportPlugin.export)
    assert [c for c in source.split('"') if c in columns] == columns


# --- whole clones, official solutions, the handout's code ---


@with_sandbox
def test_a_whole_clone(tmp_path, run, table, fast, capsys):
    """The lessons are no exercises, untouched handouts and official solutions no attempts."""
    for student in ("ada", "bo", "cy"):
        for part in ("", "exercises", "solutions"):
            for path in SOLUTIONS[4:7]:
                target = tmp_path / "in" / student / "d2lmini" / "notebooks" / part / path.name
                store(target, (COURSE / "notebooks" / part / path.name).read_text("utf-8"))
    work = tmp_path / "in/ada/d2lmini/notebooks/exercises" / SOLUTIONS[5].name
    nb = json.loads(work.read_text("utf-8"))
    for cell in nb["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "softmax":
            cell["source"] = RIGHT
    store(work, json.dumps(nb))
    shutil.rmtree(tmp_path / "in/cy/d2lmini/notebooks/exercises")
    shutil.rmtree(tmp_path / "in/cy/d2lmini/notebooks/solutions")
    (tmp_path / "in/dee").mkdir()
    shutil.copy(SOLUTIONS[5], tmp_path / "in/dee")
    assert run(tmp_path / "in") == 0
    text = (tmp_path / "out/grades.csv").read_text(encoding="utf-8")
    found = [(r["student_id"], r["lesson"], r["score"]) for r in csv.DictReader(io.StringIO(text))]
    assert found == [("ada", "05", "15"), ("bo", "04", "0"), ("bo", "05", "0"), ("bo", "06", "0"),
                     *[("cy", "", "")] * 3, ("dee", "05", "100")]
    rows = table()
    assert "its answers are those of the official solution" in rows["dee"]["reason"]
    assert "this is the lesson 06_mlp, not its exercises" in rows["cy"]["reason"]
    assert rows["ada"]["reason"] == ""
    assert "Nearly the same" not in capsys.readouterr().out


def test_near_copies_are_found_and_the_handout_does_not_count():
    text = "def f(x):\n" + "".join(f"    a{i} = x[{i}] * {i} + a{i - 1}\n" for i in range(1, 40))
    copy = text.replace("    a3 =", "    # mine\n    a3  =")
    other = "def g(y):\n" + "".join(f"    b{i} = y - {i} / (b{i - 1} + 1)\n" for i in range(1, 40))
    prints = {name: similar.fingerprint([t]) for name, t in
              {"a": text, "b": copy, "c": other}.items()}
    assert [(a, b) for _, a, b in similar.pairs(prints)] == [("a", "b")]
    assert similar.fingerprint(["x = 1"]) == []
    given = similar.runs(text)
    assert similar.fingerprint([text, copy], given) == []
    mine, yours = (similar.fingerprint([text, other.replace("b", letter)], given)
                   for letter in "pq")
    assert similar.alike(mine, yours) < 0.5
    found = rows(result("ada", fingerprint=prints["a"]), result("bo", fingerprint=prints["b"]),
                 result("cy", fingerprint=prints["c"]))
    assert found["ada", "05"]["reason"] == "like bo.ipynb (100%)"
    assert found["cy", "05"]["reason"] == ""


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_each_notebook_of_the_course_is_known(path):
    """What two blank copies have in common is no likeness."""
    lesson = path.stem[:2]
    for folder, kind in {"exercises": "handout", "solutions": "solution"}.items():
        cells = submissions.read((COURSE / "notebooks" / folder / path.name).read_bytes())
        code = {e.name: submissions.answer(submissions.definitions(cells), e)
                for e in exercises.exercises(lesson)}
        assert course.kind_of(lesson, code) == kind
        assert all(code.values()) and course.taught(cells) == ""
        prints = similar.fingerprint(list(code.values()), course.given(lesson))
        assert prints == [] or kind == "solution"
    cells = submissions.read((COURSE / "notebooks" / path.name).read_bytes())
    assert course.taught(cells) == path.stem
    assert course.taught([*cells, submissions.Cell("", ("softmax",), locked=True)]) == ""


# --- tables for an LMS ---


def as_canvas_reads_it(text):
    """By the rules of Canvas' gradebook importer: {Canvas id: scores}, the points possible."""
    header, *lines = csv.reader(io.StringIO(text))
    assert "Student" in header[0] and "ID" in header[1]
    n = 3 if "SIS" not in header[2] else 4 if "Login" in header[2] else 5
    assert "Section" in header[n - 1]
    assert "Points Possible" in lines[0][0]
    return header[n:], {line[1]: line[n:] for line in lines[1:]}, lines[0][n:]


def test_a_table_for_canvas(tmp_path):
    jane, zoe = (("12345", "doejane", ""),), (("200", "ößmannzoë", ""),)
    results = [result("12345", owners=jane, system="canvas", time=DUE + 60),
               result("200", 80, owners=zoe, system="canvas", lesson="06")]
    late = {"due": {"": DUE}, "late": gradebook.late_of("10%/day")}
    for students in ("", "id,name,email\nu1,Jane Doe,jane@example.edu\nu2,Zoë Ößmann,z@example.edu",
                     ROSTERS["Canvas"].replace("0100", "12345")):
        found = rows(*results, **late, roster=roster(tmp_path, students) if students else ())
        text = report.imports(list(found.values()))["canvas.csv"]
        names, scores, points = as_canvas_reads_it(text)
        assert names == [NAME, "06_mlp"] and points == ["100", "100"]
        assert scores == {"12345": ["40", ""], "200": ["", "80"]}
        assert ("SIS Login ID" in text) == ("SIS Login ID" in students)
    assert report.imports([]) == {}


def test_a_worksheet_for_moodle(tmp_path):
    """As Moodle's offline grading reads it: an identifier, a grade, a date of modification."""
    found = rows(result("4001", 62.5, owners=(("4001", "Jane Doe", ""),), system="moodle"),
                 result("4002", owners=(("4002", "Zoë Ö", ""),), system="moodle", lesson="06"))
    made = report.imports(list(found.values()))
    assert made.keys() == {f"moodle-{NAME}.csv", "moodle-06_mlp.csv"}
    (line,) = csv.DictReader(io.StringIO(made[f"moodle-{NAME}.csv"]))
    assert line == {"Identifier": "Participant 4001", "Full name": "Jane Doe", "Email address": "",
                    "Grade": "62.5", "Maximum Grade": "100", "Last modified (grade)": "-",
                    "Feedback comments": "softmax 62.5/100"}


@with_sandbox
def test_an_lms_download_is_graded(tmp_path, run, table, fast, capsys):
    """Canvas's names: the attempts, the helper, the group of Unicode names, the table to import."""
    for name, source in {
            "doejane_12345_678_hw.ipynb": WRONG,
            "doejane_12345_700_hw-1.ipynb": "from helpers import one\n" + RIGHT,
            "doejane_12345_701_helpers.py": "", "ößmannzoë_LATE_200_900_hw.ipynb": RIGHT,
            "fox_300_1_hw.pdf": ""}.items():
        text = "one = 1" if name.endswith(".py") else source and json.dumps({
            "cells": [{"cell_type": "code", "source": s, "metadata": {}} for s in (
                "import numpy as np", source, 'check("softmax")')]})
        os.utime(store(tmp_path / "in" / name, text), (DUE, DUE))
    assert run(tmp_path / "in") == 0
    assert "--names canvas reads the students" in capsys.readouterr().err
    path = store(tmp_path / "r.csv", ROSTERS["Canvas"].replace("0100", "12345") +
                 "\"Lee, Pat\",400,s3,p,A,\n")
    assert run(tmp_path / "in", "--names", "canvas", "--roster", path) == 0
    assert "4 notebooks, 3 to grade" in capsys.readouterr().out  # with the helper, the other PDF
    rows = table()
    assert {s: (r["score"], r["status"]) for s, r in rows.items()} == {
        "12345": ("15", "graded"), "200": ("15", "graded"), "300": ("", "not graded"),
        "400": ("0", "not handed in")}
    assert "2 notebooks of this student, the latest counts" in rows["12345"]["reason"]
    assert rows["200"]["feedback"] == f"feedback/Zoë Ößmann-200-{NAME}.html"
    assert "marked late by Canvas" in rows["200"]["reason"]
    assert "fox is not in the roster" in rows["300"]["reason"]
    pages = {p.name for p in (tmp_path / "out/feedback").iterdir()}
    assert pages == {r["feedback"][9:] for r in rows.values() if r["feedback"]}
    _, scores, _ = as_canvas_reads_it((tmp_path / "out/canvas.csv").read_text("utf-8"))
    assert scores == {"12345": ["15"], "200": ["15"], "300": [""], "400": [""]}


# --- pages ---


def test_pages_have_names_of_their_own():
    taken, students = set(), [
        ("1", "Ößmann"), ("ada", ""), ("ADA", ""), ("..", ""), ("a/b\\c", ""), ("x" * 300, ""),
        ("ada", "Ada"), ("A\u030a", ""), ("\u202eevil", "")]
    names = [report.page_name({"who": gradebook.Student(who, last), "assignment": NAME}, taken)
             for who, last in students]
    assert names == [f"Ößmann-1-{NAME}.html", f"ada-{NAME}.html", f"ADA-{NAME}-2.html",
                     f"{NAME}.html", f"a_b_c-{NAME}.html", "x" * 150 + ".html",
                     f"Ada-{NAME}-3.html", f"Å-{NAME}.html", f"_evil-{NAME}.html"]


def test_what_to_look_at_is_in_order(tmp_path, capsys):
    remarks = {kind: [(kind, f"because of {kind}")] for kind in gradebook.LOOK}
    results = [result(kind, remarks=()) | {"remarks": r} for kind, r in reversed(remarks.items())]
    command.finish(tmp_path, results, Rules())
    out = capsys.readouterr().out
    at = [out.index(f"because of {kind}") for kind in gradebook.LOOK]
    assert at == sorted(at)
    page = (tmp_path / "summary.html").read_text()
    assert page.index(gradebook.LOOK["grader"]) < page.index(gradebook.LOOK["info"])
    command.finish(tmp_path, [result("ada")], Rules())
    assert "Look at" not in capsys.readouterr().out
    many = [result(f"s{i}", remarks=()) | {"remarks": [("lost", "x")]} for i in range(9)]
    command.finish(tmp_path, many, Rules())
    out = capsys.readouterr().out
    assert "(9)" in out and "and 4 more" in out
