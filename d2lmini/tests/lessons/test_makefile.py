"""Set-up in a folder with a space: one sentence for each thing that can be missing, no trace.

No test here reaches the network: a made-up Python stands in for the one that lacks something. It
records that it was asked to build .venv, and pip, when called, fails as it does without a network.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from d2lmini.tools import lab

TOP = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="make and sh are needed")

# Answers like Python {version}: -c asks for the version or imports; -m venv builds, -m pip fails.
PYTHON = """#!/bin/sh
case "$1 $2" in
    "-c "*version_info*) echo {version} ;;
    "-c "*ensurepip*) exit {ensurepip} ;;
    "-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo "$@" >>built ;;
    "-m pip") echo "Could not find a version" >&2; exit {pip} ;;
esac
"""


@pytest.fixture
def course(tmp_path):
    """A copy of what set-up needs, in a folder with a space in its name."""
    folder = tmp_path / "my course"
    (folder / "d2lmini/tools").mkdir(parents=True)
    for name in ["Makefile", "pyproject.toml", "requirements.txt", "d2lmini/tools/setup.sh"]:
        shutil.copy(TOP / name, folder / name)
    return folder


def python(folder, version, name="python3", ensurepip=0, pip=0):
    path = folder / name
    path.write_text(PYTHON.format(version=version, ensurepip=ensurepip, pip=pip))
    path.chmod(0o755)
    return path


def make(folder, *args, path=None):
    ours = ("PYTHON", "PORT", "BROWSER", "MAKEFLAGS", "MAKELEVEL")
    environment = {k: v for k, v in os.environ.items() if k not in ours}
    environment["PATH"] = path or environment["PATH"]
    done = subprocess.run(
        ["make", *args], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def sentence(done):
    """What a failed make said, without make's own line about it."""
    assert done.returncode != 0, done.stdout
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    return line


def test_help_is_the_default_and_lists_every_target(course):
    lines = make(course).stdout.splitlines()
    names = [line.split()[1] for line in lines]
    assert names == ["help", "setup", "lab", "test", "execute", "measure", "slides", "site",
                     "site-test", "exercises", "grade", "demo-class", "bench", "lint", "lock",
                     "clean"]
    assert all(len(line.split()) > 3 for line in lines)


def test_an_unsupported_python(course):
    said = sentence(make(course, "lab", f"PYTHON={python(course, '3.10')}"))
    assert "needs Python 3.11, 3.12, 3.13 or 3.14" in said and "is Python 3.10. Install one" in said


def test_a_python_that_does_not_run(course):
    said = sentence(make(course, "lab", "PYTHON=/no/such/python"))
    assert "PYTHON=/no/such/python does not run" in said


def test_no_python_that_suits(course, tmp_path):
    """A python3 too new, and a python3.12 that exists but fails, as a pyenv shim may."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ["sh", "sed", "cat", "cksum"]:
        (tools / name).symlink_to(shutil.which(name))
    python(tools, "3.15")
    (tools / "python3.12").write_text("#!/bin/sh\necho shim >&2\nexit 127\n")
    (tools / "python3.12").chmod(0o755)
    (tools / "make").symlink_to(shutil.which("make"))
    assert "and none was found. Install one" in sentence(make(course, "setup", path=str(tools)))


def test_no_venv_module(course):
    said = sentence(make(course, "lab", f"PYTHON={python(course, '3.12', ensurepip=1)}"))
    assert "has no venv module" in said and "sudo apt install python3-venv" in said
    assert not (course / ".venv").exists()


def test_no_network(course):
    said = sentence(make(course, "setup", f"PYTHON={python(course, '3.12', pip=1)}"))
    assert "could not be installed" in said and "network" in said
    assert not (course / ".venv/ready").exists()
    assert "Could not find a version" in (course / ".venv/setup.log").read_text()


def test_set_up_happens_once_and_again_when_it_must(course):
    builds = lambda: len((course / "built").read_text().splitlines())
    old, new = python(course, "3.12"), python(course, "3.13", name="python-new")
    assert "Installing" in make(course, "setup", f"PYTHON={old}").stdout
    for args in [["setup"], ["setup", f"PYTHON={old}"]]:
        assert make(course, *args).stdout == ""
    assert builds() == 1
    # Another lock: the packages again, the same .venv.
    (course / "requirements.txt").write_text("numpy==2.4.6\n")
    assert "Installing" in make(course, "setup").stdout
    assert builds() == 1
    # Another Python, a half-built .venv, another folder: all anew.
    assert "Python 3.13" in make(course, "setup", f"PYTHON={new}").stdout
    (course / ".venv/ready").unlink()
    assert "Setting up" in make(course, "setup", f"PYTHON={new}").stdout
    moved = course.rename(course.parent / "moved here")
    assert "Setting up" in make(moved, "setup", f"PYTHON={moved / 'python-new'}").stdout
    assert len((moved / "built").read_text().splitlines()) == 4


def test_the_first_lesson_and_its_command(tmp_path):
    assert lab.first_lesson(str(tmp_path)) is None
    for name in ["05_mlp.ipynb", "01_tensors.ipynb", "draft.ipynb"]:
        (tmp_path / name).touch()
    assert lab.first_lesson(str(tmp_path)).name == "01_tensors.ipynb"
    line = lab.command(Path("notebooks/01_tensors.ipynb"), 8890, "none", root=True)
    assert line[0] == sys.executable
    assert {"--port=8890", "--no-browser", "--allow-root"} <= set(line)
    assert "--LabApp.default_url=/lab/tree/notebooks/01_tensors.ipynb" in line
    line = lab.command(Path("notebooks/01_tensors.ipynb"), 8890, "", root=False)
    assert not {"--no-browser", "--allow-root"} & set(line)


@pytest.mark.parametrize("port", ["0", "eight", "70000", "²"])
def test_a_port_that_is_none(port):
    with pytest.raises(SystemExit, match="is not a port"):
        lab.choose_port(port)


def test_a_port_that_is_taken():
    with lab.socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        port = s.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            lab.choose_port(str(port))
        assert lab.choose_port("") != port


def test_the_tests_are_found_where_only_the_course_is_installed():
    """As after `make test` in a fresh clone: what needs an extra of pip's is skipped."""
    code = ("import sys, pytest\n"
            "extras = 'torch docutils sphinx myst_nb playwright nbgrader distributed dask '\n"
            "extras += 'jupyterhub jupyterlite_core repo2docker'\n"
            "sys.modules.update(dict.fromkeys(extras.split()))\n"
            "sys.exit(pytest.main(['--collect-only', '-qq', 'd2lmini']))")
    environment = {name: v for name, v in os.environ.items() if name != "D2LMINI_NO_SKIP"}
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True,
                          timeout=120, env=environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
