"""d2lmini.course.turns: two files of tests at a time, the long ones first, a measured one alone."""

import os
import subprocess
import sys
from itertools import combinations

import pytest

# Each file notes when its first test began and its last one ended.
FILE = """
import time
def note():
    with open(__file__ + ".times", "a") as file:
        file.write(f"{time.monotonic()} ")
    time.sleep(0.2)
def test_a(): note()
def test_b(): note()
def test_c(): note()
"""


@pytest.mark.skipif(os.name == "nt", reason="the turns are kept with fcntl")
def test_a_measured_file_runs_last_and_alone(tmp_path):
    names = ["test_cost.py", "test_other.py", "test_browser.py"]
    for name in names:
        (tmp_path / name).write_text(FILE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder",
         "-p", "xdist", "-p", "d2lmini.course.turns", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    times = {name: [float(t) for t in (tmp_path / f"{name}.times").read_text().split()]
             for name in names}
    together = {pair for pair in combinations(names, 2)
                if max(times[pair[0]][0], times[pair[1]][0])
                < min(times[pair[0]][-1], times[pair[1]][-1])}
    assert together == {("test_other.py", "test_browser.py")}
    assert times["test_cost.py"][0] > times["test_browser.py"][-1]
