"""Whose is it, and from when: folders as nbgrader and six systems make them, and by hand."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

import pytest

from d2lmini.grading import batch, names
from d2lmini.grading.names import find
from d2lmini.tests.grading.handin import NAME, store

BERLIN = ZoneInfo("Europe/Berlin")


def make(folder, paths):
    for path in paths:
        store(folder / path, "{}")
    return folder


def read(folder, system, zone=BERLIN):
    """{path: (student, name, attempt, time or None, problem)} of what is found."""
    found = {}
    for s in find(folder, system, zone):
        time = dt.datetime.fromtimestamp(s.time, BERLIN)
        owner = (s.owners or ((s.student, "", ""),))[0]
        found[s.name] = (owner[0], owner[1], s.attempt,
                         f"{time:%Y-%m-%d %H:%M}" if time.year < 2026 else None, s.problem[:11])
    return found


CANVAS = ["doejane_12345_678_hw.ipynb", "doejane_12345_679_hw-1.ipynb",
          "doejane_12345_680_helpers.py", "müllerzoë_LATE_77_901_05_12_x.ipynb",
          "doe2_jo_5_12_my_hw_7_8.ipynb", "anon_Xy9Zq_12_hw.ipynb", "noone_99_text.html",
          "leepat_31_55_hw.pdf", "doejane_12345_678_hw.ipynb:Zone.Identifier"]
MOODLE = ["Jane Doe_4001_assignsubmission_file_/hw.ipynb",
          "Jane Doe_4001_assignsubmission_file_/helpers.py",
          "Jane Doe_4001_assignsubmission_onlinetext_/onlinetext.html",
          "Zoë van der Berg_4002_assignsubmission_file/05/hw.ipynb",
          "Group 3-Jo Lee_4003_assignsubmission_file_hw.ipynb",
          "Participant 77_77_assignsubmission_file_hw.ipynb",
          "Pat Lee_4004_assignsubmission_file_/hw.docx"]
BLACKBOARD = ["Homework 5_jdoe_attempt_2025-11-20-23-58-07.txt",
              "Homework 5_jdoe_attempt_2025-11-20-23-58-07_my_hw.ipynb",
              "Homework 5_jdoe_attempt_2025-11-21-08-00-00_my_hw.ipynb",
              "Übung_5_zoë.b_Versuch_2025-11-20-10-00-00_hw.ipynb",
              "Homework 5_only_attempt_2025-11-20-10-00-01.txt"]
BRIGHTSPACE = ["index.html", "13394-80551 - Jane Doe - Nov 20, 2025 1205 PM/hw - final.ipynb",
               "13394-80551 - Jane Doe - Nov 20, 2025 1205 PM/helpers.py",
               "13395-80551 - Zoë O'Neill - Nov 2, 2025 905 AM - hw.ipynb"]
GRADESCOPE = """submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: '0100'
    :email: jane@example.edu
  - :name: Zoë B
    :sid:
    :email: zoe@example.edu
  :created_at: 2025-11-20 22:58:02.130385000 Z
submission_2:
  :submitters:
  - :name: Pat Lee
    :sid: '300'
  :created_at: 2025-11-20 21:00:00 Z
"""
SYSTEMS = {
    "canvas": (CANVAS, {
        CANVAS[0]: ("12345", "doejane", 678, None, ""),
        CANVAS[1]: ("12345", "doejane", 679, None, ""),
        CANVAS[3]: ("77", "müllerzoë", 901, None, ""),
        CANVAS[4]: ("5", "doe2_jo", 12, None, ""),
        CANVAS[5]: ("anon_Xy9Zq", "", 12, None, ""),
        CANVAS[6]: ("99", "noone", 0, None, "no notebook"),
        CANVAS[7]: ("31", "leepat", 0, None, "no notebook")}),
    "moodle": (MOODLE, {
        MOODLE[0]: ("4001", "Jane Doe", 0, None, ""),
        MOODLE[3]: ("4002", "Zoë van der Berg", 0, None, ""),
        MOODLE[4]: ("4003", "Group 3-Jo Lee", 0, None, ""),
        MOODLE[5]: ("77", "Participant 77", 0, None, ""),
        MOODLE[6]: ("4004", "Pat Lee", 0, None, "no notebook")}),
    "blackboard": (BLACKBOARD, {
        BLACKBOARD[1]: ("jdoe", "", 0, "2025-11-20 23:58", ""),
        BLACKBOARD[2]: ("jdoe", "", 0, "2025-11-21 08:00", ""),
        BLACKBOARD[3]: ("zoë.b", "", 0, "2025-11-20 10:00", ""),
        BLACKBOARD[4]: ("only", "", 0, None, "no notebook")}),
    "brightspace": (BRIGHTSPACE, {
        BRIGHTSPACE[1]: ("13394", "Jane Doe", 0, "2025-11-20 12:05", ""),
        BRIGHTSPACE[3]: ("13395", "Zoë O'Neill", 0, "2025-11-02 09:05", "")}),
    "gradescope": (["submission_1/hw.ipynb", "submission_1/helpers.py", "submission_2/x.pdf",
                    "submission_3/hw.ipynb"], {
        "submission_1/hw.ipynb": ("0100", "Jane Doe", 0, "2025-11-20 23:58", ""),
        "submission_2": ("300", "Pat Lee", 0, None, "no notebook"),
        "submission_3/hw.ipynb": ("submission_3", "", 0, None, "")}),
    "nbgrader": ([f"ada/{NAME}/hw.ipynb", f"ada/{NAME}/timestamp.txt"], {
        f"ada/{NAME}/hw.ipynb": ("ada", "", 0, "2015-02-03 00:58", "")}),
    r"hw5/(?P<student_id>\w+)--(?P<timestamp>[^/]+)--(?P<file_id>.*)": (
        ["hw5/ada--2025-11-20T08:00+00:00--x.ipynb", "other/bo.ipynb", "notes.txt", "x.pdf"], {
        "hw5/ada--2025-11-20T08:00+00:00--x.ipynb": ("ada", "", 0, "2025-11-20 09:00", ""),
        "other/bo.ipynb": ("bo", "", 0, None, ""),
        "x.pdf": ("x.pdf", "", 0, None, "no notebook")}),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_names_of_a_system(tmp_path, system):
    paths, wanted = SYSTEMS[system]
    make(tmp_path, paths)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1.8e9, 1.8e9))
    if system == "gradescope":
        store(tmp_path / "submission_metadata.yml", GRADESCOPE)
    if system == "nbgrader":
        store(tmp_path / paths[1], "2015-02-02 15:58:23.948203 America/Los_Angeles")
    assert read(tmp_path, system) == wanted
    if system in names.SYSTEMS and system != "nbgrader":
        assert names.likely(tmp_path) == system


def test_what_else_the_names_tell(tmp_path):
    for system in ("canvas", "moodle", "gradescope"):
        make(tmp_path / system, SYSTEMS[system][0])
    store(tmp_path / "gradescope/submission_metadata.yml", GRADESCOPE)
    canvas = {s.name: s for s in find(tmp_path / "canvas", "canvas")}
    assert [name for name, _ in canvas[CANVAS[0]].files] == ["helpers.py"]
    late = canvas[CANVAS[3]]
    assert late.remarks == (("late", "marked late by Canvas"),)
    pair = find(tmp_path / "gradescope", "gradescope")[0]
    assert pair.owners == (("0100", "Jane Doe", "jane@example.edu"),
                           ("zoe@example.edu", "Zoë B", "zoe@example.edu"))
    assert [name for name, _ in pair.files] == ["helpers.py"]
    store(tmp_path / "moodle" / MOODLE[0].replace("hw.ipynb", "timestamp.txt"),
          "2015-02-02 15:58:23 UTC")  # anybody can hand in a file of this name
    assert read(tmp_path / "moodle", "moodle")[MOODLE[0]][3] is None
    (strange,) = find(make(tmp_path / "x", ["hw.ipynb"]), "moodle")
    assert strange.remarks == (("who", "its name does not fit --names moodle"),)


@pytest.mark.parametrize("names_option", ["(", "(?P<who>x)", "moddle"])
def test_a_pattern_that_is_none(tmp_path, names_option):
    with pytest.raises(ValueError, match="regular expression"):
        find(tmp_path, names_option)


def test_gradescope_without_its_metadata(tmp_path):
    with pytest.raises(ValueError, match=r"submission_metadata.yml .* is needed"):
        find(make(tmp_path, ["submission_1/x.ipynb"]), "gradescope")


@pytest.mark.parametrize(("text", "utc"), [
    ("2015-02-02 15:58:23.948203 UTC", "15:58"), ("2015-02-02 15:58:23 +0100", "14:58"),
    ("2015-02-02T15:58:23-05:00", "20:58"), ("2015-02-02 15:58:23 America/Los_Angeles", "23:58"),
    ("2015-02-02 15:58:23", "14:58"), ("Feb 2, 2015 358 PM", "14:58"),
    ("2015-02-02-15-58-23", "14:58"), ("soon", ""), ("2015-02-02 15:58:23 Mars/Base", ""),
    ("2015-02-02 15:58:23 ../x", ""), ("", ""), ("0001-01-01 00:00:00", "")])
def test_times(text, utc):
    seconds = names.seconds(text, BERLIN)
    assert bool(seconds) == bool(utc)
    assert not utc or f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%H:%M}" == utc


# --- folders made by hand ---


def test_no_student_vanishes_and_none_are_merged(tmp_path):
    make(tmp_path, [
        "HW.IPYNB", "student_01.ipynb", "student_02.ipynb", "cy-03.ipynb",
        f"team_03_{NAME}.ipynb", f"team_04_{NAME}.ipynb", f"ada_{NAME} (1).ipynb",
        f"bo_{NAME}_v2.ipynb", f"group_{NAME}_dee.ipynb", ".x/hw.ipynb", "eli/hw.txt",
        "fay/a/.hw.ipynb", "gus.ipynb.zip", ".DS_Store", "__MACOSX/._hw.ipynb",
        ".ipynb_checkpoints/hw.ipynb", "ida/a.ipynb", "ida/__MACOSX/b.ipynb", "kim.pdf",
        "ida/.ipynb_checkpoints/a.ipynb", "roster.csv", "index.html", "feed.yml", "readme.txt",
        "HW.IPYNB:Zone.Identifier"])
    (tmp_path / "hal.ipynb").mkdir()
    (tmp_path / "jo").symlink_to("ida")
    found = find(tmp_path)
    assert sorted(s.student for s in found if not s.problem) == sorted([
        "HW", "student_01", "student_02", "cy", "team_03", "team_04", "ada", "bo",
        f"group_{NAME}_dee", ".x", "ida"])
    problems = {s.student: s.problem for s in found if s.problem}
    assert problems.keys() == {"eli", "fay", "gus", "hal", "jo", "kim.pdf"}
    assert "link" in problems["jo"] and "no *.ipynb" in problems["gus"]
    settings = batch.Settings(str(tmp_path), 0, "")
    for submission in found:
        if submission.problem:
            result = batch.one(submission, settings)
            assert (result["status"], result["reason"]) == ("not graded", submission.problem)


def test_folders_with_the_assignment_first(tmp_path):
    make(tmp_path, [f"{NAME}/ada/hw.ipynb", f"{NAME}/bo.ipynb", "06 MLP/ada/hw.ipynb",
                    f"{NAME}/cy/{NAME}/x.ipynb"])
    assert sorted((s.student, s.name) for s in find(tmp_path)) == [
        ("ada", f"{NAME}/ada/hw.ipynb"), ("ada", "06 MLP/ada/hw.ipynb"), ("bo", f"{NAME}/bo.ipynb"),
        ("cy", f"{NAME}/cy/{NAME}/x.ipynb")]
    make(tmp_path, ["dee/hw.ipynb"])  # then these are students' names
    assert {s.student for s in find(tmp_path)} == {NAME, "06 MLP", "dee"}


@pytest.mark.parametrize(("stems", "students"), [
    ("ada-05 ada-06 bo-05 cy_05_softmax_regression cy-06_mlp", "ada ada bo cy cy"),
    ("student-01 student-02", "student-01 student-02"),
    ("a-01 a-02 b-01 b-02 b-10", "a-01 a-02 b-01 b-02 b-10"),
    ("ada ada-05 ada-06 bo-05", "ada ada-05 ada-06 bo")])
def test_students_of_several_lessons(monkeypatch, stems, students):
    monkeypatch.setattr(names.exercises, "LESSONS", [f"{i:02}" for i in range(9)])
    found = names.students_of(stems.split())
    assert [found[stem] for stem in stems.split()] == students.split()


def test_an_entry_that_becomes_a_notebook_is_graded(tmp_path):
    settings = batch.Settings(str(tmp_path / "out"), 0, "")
    (tmp_path / "in/ada.ipynb").mkdir(parents=True)
    (one,) = find(tmp_path / "in")
    batch.work(one, settings)
    assert batch.current(one, settings)
    (tmp_path / "in/ada.ipynb").rmdir()
    store(tmp_path / "in/ada.ipynb", "{}")
    (one,) = find(tmp_path / "in")
    assert not batch.current(one, settings)


def test_a_notebook_under_the_name_of_another_lesson():
    said = "the name says 05_softmax_regression, the notebook is 00_introduction"
    for name in ("ada/05_softmax_regression/hw.ipynb", "ada-05 Softmax Regression (1).ipynb"):
        assert names.other_name(name, "00_introduction") == said
        assert names.other_name(name, "05_softmax_regression") == ""
    assert names.other_name("ada/hw-05.ipynb", "00_introduction") == ""
