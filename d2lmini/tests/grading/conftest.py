"""Fixtures for the grader's tests: the filtered packages, made once, and a way to grade."""

import csv

import pytest

from d2lmini.grading import __main__ as command
from d2lmini.grading import batch
from d2lmini.grading.names import Submission
from d2lmini.grading.sandbox import filtered
from d2lmini.grading.sandbox.sandbox import Limits
from d2lmini.tests.grading import handin


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    """The filtered packages of all lessons."""
    folder = filtered.make(tmp_path_factory.mktemp("packages"))
    yield folder
    filtered.remove(folder)


@pytest.fixture
def settings(tmp_path, packages):
    return batch.Settings(str(tmp_path / "out"), 5, batch.version(), packages=packages,
                          limits=Limits(total=60, cell=6))


@pytest.fixture
def grade(tmp_path, settings):
    """Grades cells, a notebook or text, with files beside it; gives the result."""
    def run(*cells, files=(), settings=settings):
        path = handin.store(tmp_path / "in" / "ada.ipynb", handin.whole(*cells))
        return batch.one(Submission("ada", str(path), path.name, files=tuple(files)), settings)

    return run


@pytest.fixture
def softmax(grade):
    """The row of softmax in the result of cells."""
    def run(*cells, **options):
        result = grade(*cells, **options)
        assert result["status"] == "graded", result["reason"]
        return row(result)

    return run


def row(result, name="softmax"):
    (found,) = [e for e in result["exercises"] if e["name"] == name]
    return found


@pytest.fixture
def fast(monkeypatch, packages):
    """The command without what takes seconds: packages of its own, and the check of the computer.

    Tests of these two do not ask for it.
    """
    remove = filtered.remove
    monkeypatch.setattr(filtered, "make", lambda out: packages)
    monkeypatch.setattr(filtered, "remove", lambda f: None if f == packages else remove(f))
    monkeypatch.setattr(batch, "check_computer", lambda *_: None)


@pytest.fixture
def run(tmp_path):
    """The command on a folder; gives its status."""
    def call(folder, *options, out="out"):
        return command.main([str(folder), "--out", str(tmp_path / out), "--workers", "2",
                             *map(str, options)])

    return call


@pytest.fixture
def table(tmp_path):
    """The rows of grades.csv, by student, without what differs from run to run."""
    def read(out="out"):
        text = (tmp_path / out / "grades.csv").read_text(encoding="utf-8-sig")
        return {row["student_id"]: {k: v for k, v in row.items() if k != "seconds"}
                for row in csv.DictReader(text.splitlines())}

    return read
