"""The grader on a Dask cluster: the same marks, and a killed worker loses nothing."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from d2lmini.grading import batch
from d2lmini.grading import cluster as dask
from d2lmini.grading.sandbox import filtered
from d2lmini.tests.grading.handin import COURSE, NAME, RIGHT, store, whole, with_sandbox

CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    print(cluster.scheduler_address, *(w.pid for w in cluster.workers.values()), flush=True)
    sys.stdin.read()
    cluster.close()
"""

pytestmark = [
    pytest.mark.skipif(not importlib.util.find_spec("distributed"), reason="needs distributed"),
    with_sandbox]


@pytest.fixture
def cluster(tmp_path):
    """A cluster of two workers in processes of their own: its address and its workers' numbers."""
    (tmp_path / "cluster.py").write_text(CLUSTER)
    scratch = {"DASK_TEMPORARY_DIRECTORY": str(tmp_path / "scratch")}
    process = subprocess.Popen([sys.executable, "cluster.py"], cwd=tmp_path, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, env=os.environ | scratch)
    address, *workers = process.stdout.readline().split()
    yield address, [int(w) for w in workers], lambda: process.communicate("")
    if process.poll() is None:
        process.communicate("")


@pytest.fixture
def class_folder(tmp_path):
    for i in range(12):
        kind = "solutions" if i % 2 else "exercises"
        path = tmp_path / "class" / f"student{i}" / NAME
        path.mkdir(parents=True)
        shutil.copy(COURSE / "notebooks" / kind / f"{NAME}.ipynb", path)
    store(tmp_path / "class" / "student1" / NAME / "helpers.py", "one = 1")
    store(tmp_path / "class" / "student12" / "hw.ipynb", whole("from helpers import one", RIGHT))
    store(tmp_path / "class" / "student12" / "helpers.py", "one = 1")
    store(tmp_path / "class" / "empty.ipynb", "")
    return tmp_path / "class"


def test_a_cluster_gives_the_same_and_survives_a_killed_worker(
        class_folder, tmp_path, cluster, run, table, fast):
    address, workers, end = cluster
    assert run(class_folder, "--seed", 2, out="here") == 0

    def kill():
        time.sleep(4)
        os.kill(workers[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    assert run(class_folder, "--seed", 2, "--dask", address, out="there") == 0
    thread.join()
    assert table("there") == table("here")
    scores = {student: row["score"] for student, row in table("there").items()}
    assert sum(score == "100" for score in scores.values()) == 6 and scores["empty"] == ""
    assert scores["student12"] == "15"
    end()
    assert not [p for p in (tmp_path / "scratch").rglob("*") if filtered.PREFIX in p.name]


def test_workers_of_another_version_are_refused(class_folder, cluster, run, monkeypatch, capsys):
    address, *_ = cluster
    real = batch.version
    monkeypatch.setattr(batch, "version", lambda: "exercises 1, NumPy 0.9")
    assert run(class_folder, "--dask", address) == 2
    err = capsys.readouterr().err  # of a worker, when it is to grade
    assert "here is exercises 1, NumPy 0.9" in err and "tcp://" in err and "has exercises " in err
    monkeypatch.setattr(batch, "version", real)
    with pytest.raises(ValueError, match=r"tcp://.* has exercises .*; here is exercises 1,"):
        dask.run([], batch.Settings("", 0, "exercises 1, NumPy 0.9"), address, None)  # before
