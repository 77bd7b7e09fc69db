"""Nothing of the course can be read inside the sandbox, wherever the clone and Python lie."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from d2lmini.grading.sandbox import walls

with_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone whose virtual environment lies at its top, and the path that Python knows it by."""
    tmp_path.chmod(0o755)
    real = tmp_path / "clone"
    for name in ("d2lmini/exercises/references_05.py", "d2lmini/tests/test_exercises.py",
                 "notebooks/solutions/05.ipynb", ".git/HEAD", "build/lib/answers.py", "README.md",
                 "bin/python", "lib/python3/site-packages/numpy/core.py", "pyvenv.cfg",
                 "lib/python3/site-packages/d2lmini/exercises/references_05.py",
                 "lib/python3/site-packages/torch/functional.py"):
        (real / name).parent.mkdir(parents=True, exist_ok=True)
        (real / name).write_text("text")
    (real / "lib64").symlink_to("lib")
    (tmp_path / "link").symlink_to("clone")
    monkeypatch.setattr(walls, "PACKAGE", real / "d2lmini")
    forget()
    yield tmp_path
    forget()


def forget():
    for function in (walls.foreign, walls.masks):
        function.cache_clear()


@with_sandbox
@pytest.mark.parametrize("user", ["root", "another"])
@pytest.mark.parametrize("name", ["clone", "link", "above"])
def test_only_python_can_be_read_of_a_clone(clone, monkeypatch, name, user):
    """Also if it is known by another path, or lies in a folder that is bound, as in /usr."""
    known = clone / ("clone" if name == "above" else name)
    monkeypatch.setattr(sys, "prefix", str(known))
    if name == "above":
        monkeypatch.setattr(sys, "base_prefix", str(clone))
    if user == "another":
        monkeypatch.setattr(walls.os, "geteuid", lambda: 1000)
    elif os.geteuid() != 0:
        pytest.skip("needs root")
    script = f"find -L {known} -type f; touch {known}/x {known}/lib/x /x /proc/1/comm; exit 0"
    done = subprocess.run([*walls.command(Path("/usr"), None, walls.Limits()), "/bin/sh", "-c",
                           script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    package = "python3/site-packages/numpy/core.py"
    wanted = {"bin/python", "pyvenv.cfg", f"lib/{package}", f"lib64/{package}"}
    assert set(done.stdout.split()) == {f"{known}/{w}" for w in wanted}
    assert done.stderr.count("Read-only") + done.stderr.count("denied") == 4, done.stderr


@with_sandbox
def test_the_submissions_are_hidden_and_python_is_not(clone, monkeypatch):
    """Submissions whose folder holds Python itself."""
    monkeypatch.setattr(sys, "prefix", str(clone / "clone"))
    (clone / "clone/ada").mkdir()
    (clone / "clone/ada/hw.ipynb").write_text("")
    monkeypatch.setattr(walls, "PACKAGE", Path("/nowhere/d2lmini"))
    done = subprocess.run([*walls.command(Path("/usr"), None, walls.Limits(),
                                          (str(clone / "link"),)), "/bin/ls", clone / "clone"],
                          capture_output=True, text=True)
    assert done.stdout.split() == ["bin", "lib", "lib64", "pyvenv.cfg"], done.stderr
