"""The grader on a Dask cluster: the same marks, and a killed worker loses nothing."""

import csv
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from d2lmini.grading import __main__ as command

COURSE = Path(__file__).parents[2]
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
    pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")]


@pytest.fixture
def cluster(tmp_path):
    """A cluster of two workers in processes of their own: its address and its workers' numbers."""
    (tmp_path / "cluster.py").write_text(CLUSTER)
    process = subprocess.Popen([sys.executable, "cluster.py"], cwd=tmp_path, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    address, *workers = process.stdout.readline().split()
    yield address, [int(w) for w in workers]
    process.communicate("")


def table(out):
    rows = csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines())
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]


def test_a_cluster_gives_the_same_and_survives_a_killed_worker(tmp_path, cluster):
    address, workers = cluster
    source = COURSE / "notebooks"
    for i in range(12):
        kind = "solutions" if i % 2 else "exercises"
        path = tmp_path / "class" / f"student{i}" / "05_softmax_regression"
        path.mkdir(parents=True)
        shutil.copy(source / kind / "05_softmax_regression.ipynb", path)
    (tmp_path / "class" / "empty.ipynb").write_text("")
    argv = [str(tmp_path / "class"), "--seed", "2"]
    assert command.main([*argv, "--out", str(tmp_path / "here")]) == 0

    def kill():
        time.sleep(1.5)
        os.kill(workers[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    assert command.main([*argv, "--out", str(tmp_path / "there"), "--dask", address]) == 0
    thread.join()
    assert table(tmp_path / "there") == table(tmp_path / "here")
    scores = {row["student_id"]: row["score"] for row in table(tmp_path / "there")}
    assert sum(score == "100" for score in scores.values()) == 6 and scores["empty"] == ""
