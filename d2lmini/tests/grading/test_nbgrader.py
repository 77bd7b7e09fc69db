"""The real nbgrader accepts the solution notebooks, and grades the reference and the blank copy.

nbgrader is an extra of its own (`pip install 'd2lmini[nbgrader]'`): learners do not need it.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[3] / "notebooks"
NAMES = [path.stem for path in sorted((TOP / "solutions").glob("*.ipynb"))]
SCRIPT = """
import json, sys
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

config = Config()
config.CourseDirectory.root = "."
config.CourseDirectory.course_id = "d2lmini"
api, result = NbGraderAPI(config=config), {}
for name in json.loads(sys.argv[1]):
    done = api.generate_assignment(name)
    result[name] = {"accepted": bool(done["success"]), "log": done.get("log", "")[-2000:]}
    for student in ("right", "blank"):
        done = api.autograde(name, student)
        with api.gradebook as book:
            found = book.find_submission(name, student)
            result[name][student] = [found.score, found.max_score]
with open("result.json", "w") as file:
    json.dump(result, file)
"""

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("nbgrader"), reason="needs nbgrader")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course in nbgrader's layout, generated and graded in one process of its own."""
    course = tmp_path_factory.mktemp("course")
    for name in NAMES:
        for folder, step in (("solutions", "source"), ("solutions", "submitted/right"),
                             ("exercises", "submitted/blank")):
            place = course / step / name
            place.mkdir(parents=True)
            shutil.copy(TOP / folder / f"{name}.ipynb", place)
    # nbgrader calls the command alembic, which lies beside this Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run([sys.executable, "-c", SCRIPT, json.dumps(NAMES)], cwd=course,
                          env={**os.environ, "PATH": path, "JUPYTER_PREFER_ENV_PATH": "1"},
                          capture_output=True, text=True, timeout=550)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((course / "result.json").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_nbgrader(graded, name):
    result = graded[name]
    assert result["accepted"], result["log"]
    assert result["right"] == [100, 100] and result["blank"] == [0, 100]
