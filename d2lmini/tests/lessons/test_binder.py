"""Binder: repo2docker accepts .binder, and what its Dockerfile installs runs the course in 1 GB.

repo2docker only plans here, as Docker is not needed for that. What the plan says is then done line
by line in an empty folder: only the system and conda's Python are not Binder's.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[3]
SKIPPED = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "__pycache__", ".*_cache",
                                 ".hypothesis", ".ipynb_checkpoints", "*.egg-info")
LIMIT_MB, SERVER_MB = 1000, 250  # the limit; what JupyterLab's server takes of it, rounded up
pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="repo2docker needs Linux or macOS"),
    pytest.mark.skipif(not importlib.util.find_spec("repo2docker"), reason="jupyter-repo2docker")]


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """The repository as Binder clones it."""
    folder = tmp_path_factory.mktemp("binder") / "clone"
    shutil.copytree(TOP, folder, ignore=SKIPPED)
    return folder


@pytest.fixture(scope="session")
def plan(source):
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(source)],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "python=3.12" in done.stderr
    return done.stdout


def test_the_plan(plan):
    """The lock is installed once the repository is there, since it stands outside .binder."""
    copied = plan.index(" src/ ${REPO_DIR}/")
    lock = plan.index('pip install --no-cache-dir -r ".binder/requirements.txt"')
    assert copied < lock < plan.index("RUN ./.binder/postBuild")
    assert "environment-2epy-2d3-2e12" in plan


def python():
    """Binder's Python if this computer has it, or else the one that runs the tests."""
    try:
        subprocess.run(["python3.12", "-c", "import venv, ensurepip"], check=True,
                       capture_output=True)
        return "python3.12"
    except (OSError, subprocess.CalledProcessError):
        return sys.executable


def replay(plan, source, home, prefix):
    """Do what the Dockerfile says from the repository's folder on; return the commands run."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment = {**mine, "KERNEL_PYTHON_PREFIX": str(prefix), "REPO_DIR": str(home),
                   "PATH": f"{prefix}/bin:{os.environ['PATH']}"}
    ran = []
    for line in plan.partition("WORKDIR ${REPO_DIR}")[2].splitlines():
        copy = re.match(r"COPY (?:--\S+ )*src/(\S*) \$\{REPO_DIR\}/", line)
        if copy and copy[1]:
            (home / copy[1]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / copy[1], home / copy[1])
        elif copy:
            shutil.copytree(source, home, dirs_exist_ok=True)
        elif line.startswith("RUN ") and "chown" not in line:
            command = line.removeprefix("RUN ")
            done = subprocess.run(["bash", "-c", command], cwd=home, env=environment, timeout=500,
                                  capture_output=True, text=True)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            ran.append(command)
    return ran


@pytest.mark.slow
def test_what_binder_installs_runs_a_lesson_and_an_exercise(plan, source, tmp_path_factory):
    home, prefix, elsewhere = map(tmp_path_factory.mktemp, ("home", "env", "elsewhere"))
    subprocess.run([python(), "-m", "venv", str(prefix)], check=True)
    ran = replay(plan, source, home, prefix)
    assert sum("pip install" in command for command in ran) == 1 and "./.binder/postBuild" in ran
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER"))}
    paths = ["notebooks/00_introduction.ipynb", "notebooks/solutions/00_introduction.ipynb"]
    done = subprocess.run(
        [str(prefix / "bin/python"), "-m", "d2lmini.tools.execute", *paths],
        cwd=home, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    peaks = [float(mb) for mb in re.findall(r", (\d+) MB$", done.stdout, re.MULTILINE)]
    assert len(peaks) == len(paths) and 0 < max(peaks) < LIMIT_MB - SERVER_MB, done.stdout
    where = [str(prefix / "bin/python"), "-c", "import d2lmini; print(d2lmini.__file__)"]
    seen = subprocess.run(where, cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert Path(seen.stdout.strip()).parents[1] == home
