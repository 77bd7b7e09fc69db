"""Collecting from homes that belong to learners, who may put anything there."""

import os
import stat

import pytest

from d2lmini.grading import submissions
from d2lmini.grading.collect import EXERCISES, main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a hub's homes are on Linux")
NAME = "05_softmax_regression.ipynb"


@pytest.fixture
def homes(tmp_path):
    """bo's, with a saved notebook; the others are made by the tests."""
    home(tmp_path, "bo")
    return tmp_path / "homes"


def home(folder, name):
    exercises = folder / "homes" / name / EXERCISES
    exercises.mkdir(parents=True)
    (exercises / NAME).write_text(f"{name}'s")
    os.utime(exercises / NAME, (1_000_000_000, 1_000_000_000))
    return exercises


def collected(homes, *options):
    out = homes.parent / "class"
    assert main(["05", *map(str, sorted(homes.iterdir())), "--out", str(out), *options]) == 0
    return {p.relative_to(out).as_posix(): p.read_text() for p in out.rglob("*") if p.is_file()}


def test_notebooks_of_the_lesson_are_copied_with_their_time(homes, tmp_path, capsys):
    exercises = home(tmp_path, "ada")
    (homes / "quota.user").write_text("a file of the system")
    copy = NAME.replace(".ipynb", "-Copy1.ipynb")
    for name in (copy, "06_mlp.ipynb", "05.txt", ".05.ipynb"):
        (exercises / name).write_text(name)
    assert collected(homes) == {f"ada/{NAME}": "ada's", f"ada/{copy}": copy, f"bo/{NAME}": "bo's"}
    assert (tmp_path / "class/bo" / NAME).stat().st_mtime == 1_000_000_000
    assert capsys.readouterr().out == f"3 notebooks in {tmp_path / 'class'}.\n"


def test_who_handed_in_nothing_gets_a_row_from_the_grader(homes, tmp_path, capsys):
    (homes / "cy").mkdir()
    home(tmp_path, "di").joinpath(NAME).unlink()
    assert collected(homes) == {f"bo/{NAME}": "bo's"}
    assert "None from: cy, di." in capsys.readouterr().out
    found = submissions.find(tmp_path / "class")
    assert {s.student: s.problem for s in found} == {
        "bo": "", "cy": "no notebook (*.ipynb) was found in this folder",
        "di": "no notebook (*.ipynb) was found in this folder"}


@pytest.mark.parametrize("depth", range(len(EXERCISES.split("/")) + 1))
def test_no_link_leads_to_the_work_of_another(homes, depth, capsys):
    parts = [*EXERCISES.split("/"), NAME]
    link = homes / "eve" / "/".join(parts[:depth + 1])
    link.parent.mkdir(parents=True)
    link.symlink_to(homes / "bo" / "/".join(parts[:depth + 1]))
    assert collected(homes) == {f"bo/{NAME}": "bo's"}
    said = capsys.readouterr()
    assert parts[depth] in said.err and "None from: eve." in said.out


def test_a_link_beside_the_work_costs_nothing_else(homes):
    (homes / "bo" / EXERCISES / "05_a.ipynb").symlink_to("/etc/passwd")
    assert collected(homes) == {f"bo/{NAME}": "bo's"}


def test_what_is_no_file_or_too_large_is_left(homes, tmp_path, capsys):
    exercises = home(tmp_path, "fay")
    (exercises / NAME).unlink()
    os.mkfifo(exercises / NAME)  # opened without care, it would wait for ever
    (exercises / "05_folder.ipynb").mkdir()
    with (exercises / "05_large.ipynb").open("wb") as file:
        file.truncate(submissions.MAX_BYTES + 1)
    assert collected(homes) == {f"bo/{NAME}": "bo's"}
    err = capsys.readouterr().err
    assert all(name in err for name in (NAME, "05_folder.ipynb", "05_large.ipynb"))


def test_a_file_of_the_class_folder_is_never_replaced(homes, tmp_path, capsys):
    collected(homes)
    before = (tmp_path / "class/bo" / NAME).read_text()
    (homes / "bo" / EXERCISES / NAME).write_text("after the due time")
    assert main(["05", str(homes / "bo"), "--out", str(tmp_path / "class")]) == 2
    assert (tmp_path / "class/bo" / NAME).read_text() == before
    assert "give a new folder" in capsys.readouterr().err


def test_two_homes_with_one_name_are_refused(homes, tmp_path, capsys):
    other = tmp_path / "other/bo"
    other.mkdir(parents=True)
    assert main(["05", str(homes / "bo"), str(other), "--out", str(tmp_path / "class")]) == 2
    assert "Two homes are called bo" in capsys.readouterr().err


def test_the_umask_decides_who_may_read(homes, tmp_path):
    old = os.umask(0o077)
    try:
        collected(homes)
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(p.stat().st_mode) & 0o077 for p in (tmp_path / "class").rglob("*")}
    assert modes == {0}


def test_homes_that_are_not_there(tmp_path, capsys):
    assert main(["05", str(tmp_path / "*"), "--out", str(tmp_path / "class")]) == 2
    assert "no such home" in capsys.readouterr().err
