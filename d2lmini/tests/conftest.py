"""Settings for all tests: figures without a window, and hypothesis without surprises.

Hypothesis draws the same examples in every run, so that a failure is there again in the next one;
HYPOTHESIS_PROFILE=search looks for new ones. What Binder installs is installed while the tests of
the exercises run, which use one core. Next: d2lmini/course/pytest_plugin.py.
"""

import os

import matplotlib
from hypothesis import settings

matplotlib.use("Agg")

# No deadline: a test's time says more about the computer than about the code.
settings.register_profile("stable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stable"))


def pytest_collection_modifyitems(items):
    """test_binder.py's first test before those of the exercises, its second one after them."""
    exercises = [i for i, item in enumerate(items) if item.path.name == "test_exercises.py"]
    binder = [item for item in items if item.path.name == "test_binder.py"]
    if exercises and binder:
        begin, end = items[exercises[0]], items[exercises[-1]]
        items[:] = [item for item in items if item not in binder]
        items.insert(items.index(begin), binder[0])
        items[items.index(end) + 1:items.index(end) + 1] = binder[1:]
