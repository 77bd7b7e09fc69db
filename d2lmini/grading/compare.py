"""How fast is the grader beside nbgrader: `python -m d2lmini.grading.compare` (needs nbgrader).

Submissions of lesson 05, right and blank in turn, go through both: half of them, then the other
half, in turns (nbgrader gets a few of them, it takes long enough). Everything is counted, also
starting, checking the computer and writing the pages. Prints notebooks a minute and their ratio.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import __main__ as command
from .course import SOLUTIONS

NAME = "05_softmax_regression"
NBGRADER = """
import json, sys
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

config = Config()
config.CourseDirectory.root, config.CourseDirectory.course_id = ".", "d2lmini"
api = NbGraderAPI(config=config)
if len(sys.argv) == 2:
    assert api.generate_assignment(sys.argv[1])["success"]
for student in sys.argv[2:]:
    assert api.autograde(sys.argv[1], student)["success"]
"""


def hand_in(folder: Path, students: list[str]) -> None:
    for i, student in enumerate(students):
        place = folder / student / NAME
        place.mkdir(parents=True)
        kind = SOLUTIONS if i % 2 else SOLUTIONS.parent / "exercises"
        shutil.copy(kind / f"{NAME}.ipynb", place)


def ours(folder: Path, out: Path) -> float:
    """Seconds for all submissions in `folder`, the tables and pages included."""
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        assert command.main([str(folder), "--out", str(out)]) == 0
    return time.perf_counter() - start


def nbgrader(course: Path, *students: str) -> float:
    """Seconds for `nbgrader autograde` of these students, in one process."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", NBGRADER, NAME, *students], cwd=course, check=True,
                   env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m d2lmini.grading.compare")
    parser.add_argument("--notebooks", type=int, default=200)
    n = parser.parse_args().notebooks
    students = [f"student{i}" for i in range(n)]
    seconds = {"d2lmini": 0.0, "nbgrader": 0.0}
    with tempfile.TemporaryDirectory() as name:
        course = Path(name)
        (course / "source" / NAME).mkdir(parents=True)
        shutil.copy(SOLUTIONS / f"{NAME}.ipynb", course / "source" / NAME)
        nbgrader(course)
        for half in (students[:n // 2], students[n // 2:]):
            few = half[:max(1, len(half) // 25)]
            hand_in(course / "submitted", half)
            seconds["d2lmini"] += ours(course / "submitted", course / "out") / len(half)
            seconds["nbgrader"] += nbgrader(course, *few) / len(few)
            shutil.rmtree(course / "submitted")
    rates = {name: 2 * 60 / s for name, s in seconds.items()}
    print(json.dumps({f"{name}, notebooks a minute": round(rate) for name, rate in rates.items()}))
    print(f"d2lmini grades {rates['d2lmini'] / rates['nbgrader']:.1f} times as many")
    return 0


if __name__ == "__main__":
    sys.exit(main())
