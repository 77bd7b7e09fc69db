"""Pytest plugin: which file of tests comes when, and which has the computer for itself.

`make test` runs two files at a time, as most of the long ones wait: for a browser, a download, a
submission that hangs. Those come first, so that the last of them does not end long after all else.
A lesson, and a file that measures time, is run alone: its seconds are those that a learner sees.
"""

import tempfile
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:  # Windows: the turns are not kept there
    fcntl = None

LONGEST = ("test_browser.py", "test_binder.py", "test_grading_hostile.py", "test_grading.py",
           "test_nbgrader.py", "test_exercises.py")
MEASURED = ("test_cost.py",)
TURN = pytest.StashKey()


def alone(path):
    return path.name in MEASURED or (path.suffix == ".ipynb" and path.parent.name == "notebooks")


def rank(item):
    name = item.path.name
    return LONGEST.index(name) if name in LONGEST else len(LONGEST) + alone(item.path)


def pytest_collection_modifyitems(items):
    items.sort(key=rank)


def pytest_configure(config):
    """All processes of one run share a lock: many may hold it, or one that wants to be alone."""
    run = getattr(config, "workerinput", {}).get("testrunuid")
    config.stash[TURN] = None
    if run and fcntl:
        config.stash[TURN] = open(Path(tempfile.gettempdir()) / f"d2lmini-{run}.lock", "a")


def pytest_unconfigure(config):
    if config.stash.get(TURN, None):
        config.stash[TURN].close()
        Path(config.stash[TURN].name).unlink(missing_ok=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    turn = item.config.stash[TURN]
    if not turn:
        return (yield)
    fcntl.flock(turn, fcntl.LOCK_EX if alone(item.path) else fcntl.LOCK_SH)
    result = yield
    if nextitem is None or nextitem.path != item.path:
        fcntl.flock(turn, fcntl.LOCK_UN)
    return result
