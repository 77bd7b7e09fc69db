"""A class on a real JupyterHub: the link, an answer in Chromium, the collection, the marks.

hub.py is what happens on the hub. It runs under bubblewrap, in a network that has nothing but its
own loopback, with a read-only system and with process numbers of its own; so no request leaves the
computer, no port is taken, and nothing is left behind, even by a test that fails.
"""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from d2lmini.grading import __main__ as grading
from d2lmini.grading import collect
from d2lmini.tests.browser import hub

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which(
    "google-chrome")
PACKAGES = ("jupyterhub", "nbgitpuller", "playwright")
NEEDED = {
    "bubblewrap": shutil.which("bwrap"), "Chromium": CHROMIUM, "git": shutil.which("git"),
    "npm's configurable-http-proxy": (PROXY := shutil.which("configurable-http-proxy")),
    **{name: importlib.util.find_spec(name) for name in PACKAGES}}
MISSING = ", ".join(name for name, found in NEEDED.items() if not found)
KEPT = ("PATH", "LANG", "PYTHONPATH", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {MISSING}; .ci/run installs them")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    for name in ("home", "course", "tmp"):
        (folder / name).mkdir()
    return folder


@pytest.fixture(scope="module")
def visit(folder):
    """What hub.py tells."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    done = subprocess.run(
        ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", folder,
         folder, "--chdir", folder, "--unshare-pid", "--unshare-net", "--die-with-parent",
         sys.executable, "-m", hub.__name__, folder, PROXY, CHROMIUM],
        env={**environment, "HOME": str(folder / "tmp"), "TMPDIR": str(folder / "tmp")},
        capture_output=True, text=True, timeout=540)
    assert done.returncode == 0, f"{done.stderr[-3000:]}\nThe rest, with pictures: {folder}"
    return json.loads(done.stdout.splitlines()[-1])


def test_a_class_from_the_link_to_the_marks(visit, folder, record_property):
    for name, (_, verdict) in hub.ANSWERS.items():
        assert visit["said"][name].startswith(verdict)
    homes = [str(home) for home in sorted((folder / "home").iterdir())]
    assert collect.main(["05", *homes, "--out", str(folder / "class")]) == 0
    assert grading.main([str(folder / "class"), "--out", str(folder / "results")]) == 0
    with (folder / "results/grades.csv").open(newline="") as file:
        marks = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert marks == {"ada": 15, "bo": 0}
    cost, seconds = visit["cost"], visit["seconds"]["bo"]
    record_property("measured", (
        f"a learner: server {cost['bo']['server']:.0f} MB, kernel {cost['bo']['kernel']:.0f} MB, "
        f"{cost['bo']['cpu']:.1f} s of processor; {seconds['ready']:.0f} s from sign-in to the "
        f"notebook, {seconds['answered']:.0f} s to the saved answer; the hub {cost['hub']:.0f} MB; "
        f"all {visit['all']:.0f} s"))


def test_nothing_is_left_behind(visit, folder):
    """No process that was started with a file or a setting inside the folder."""
    def left():
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if any(str(folder).encode() in (process / name).read_bytes()
                       for name in ("cmdline", "environ")):
                    found.append(process.name)
            except OSError:  # it has ended, or is somebody else's
                continue
        return found

    end = time.monotonic() + 10
    while left() and time.monotonic() < end:
        time.sleep(0.1)
    assert left() == []
