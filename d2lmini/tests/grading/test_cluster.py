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
from d2lmini.grading.sandbox import kits

COURSE = Path(__file__).parents[3]
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
    yield address, [int(w) for w in workers], lambda: process.communicate("")
    if process.poll() is None:
        process.communicate("")


def table(out):
    rows = csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines())
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]


def test_a_cluster_gives_the_same_and_survives_a_killed_worker(tmp_path, cluster):
    address, workers, end = cluster
    source = COURSE / "notebooks"
    for i in range(12):
        kind = "solutions" if i % 2 else "exercises"
        path = tmp_path / "class" / f"student{i}" / "05_softmax_regression"
        path.mkdir(parents=True)
        shutil.copy(source / kind / "05_softmax_regression.ipynb", path)
    (tmp_path / "class" / "empty.ipynb").write_text("")
    kits.sweep(kits.TEMPORARY, kits.OWN)
    before = set(kits.TEMPORARY.glob(f"{kits.OWN}*"))
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
    end()
    kits.sweep(kits.TEMPORARY, kits.OWN)
    assert set(kits.TEMPORARY.glob(f"{kits.OWN}*")) <= before


def test_a_kit_goes_with_its_process_or_with_the_next_one(tmp_path):
    code = ("import os, sys\nfrom pathlib import Path\nfrom d2lmini.grading.sandbox import kits\n"
            "kits.TEMPORARY = Path(sys.argv[1])\nprint(kits.own('05'), flush=True)\n"
            "sys.stdin.read()\nprint(os.path.exists(kits.own('05')), flush=True)")
    makers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=COURSE, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    folders = [Path(maker.stdout.readline().strip()) for maker in makers]
    assert all(folder.is_dir() for folder in folders)
    makers[0].kill()
    makers[0].communicate()
    kits.sweep(tmp_path, kits.OWN)
    assert [folder.exists() for folder in folders] == [False, True]
    assert makers[1].communicate("")[0] == "True\n"
    assert list(tmp_path.iterdir()) == []
