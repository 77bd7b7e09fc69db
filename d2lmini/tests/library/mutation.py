"""Does the suite notice a small mistake in the library? Random ones, one at a time.

python -m d2lmini.tests.library.mutation --number 200 --seed 0 --workers 2

Each goes into a copy of the working tree, where the library's tests run until the first fails.
"""

import argparse
import concurrent.futures
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from d2lmini.tests.library.mutants import mutants

TOP = Path(__file__).parents[3]
FILES = ("engine tensor creation checks functional data files train progress gradcheck nn/module "
         "nn/__init__ nn/layers nn/losses nn/init nn/activations nn/attention nn/convolutions "
         "nn/recurrent optim/optimizer optim/schedules backend/plain backend/fast backend/layout "
         "backend/pooling backend/threads").split()
TESTS = ("engine tensor operators optim nn nn_torch backend train data data_files gradcheck errors "
         "differences further properties").split()


def chosen(number: int, seed: int) -> list[tuple[str, str, str]]:
    """Random triples (file, what was changed, source), every place equally likely."""
    found = [(file, *mutant) for file in FILES
             for mutant in mutants((TOP / f"d2lmini/{file}.py").read_text())]
    return random.Random(seed).sample(found, min(number, len(found)))


def killed(folder: Path, file: str, source: str, limit: float) -> str:
    """The first test that fails with this source, or "" where all pass."""
    path = folder / f"d2lmini/{file}.py"
    right = path.read_text()
    path.write_text(source)
    try:
        tests = [f"d2lmini/tests/library/test_{name}.py" for name in TESTS]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header",
             "--tb=no", *tests], cwd=folder, capture_output=True, text=True, timeout=limit,
            env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"})
    except subprocess.TimeoutExpired:
        return f"nothing ended in {limit:.0f} s"
    finally:
        path.write_text(right)
    lines = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return "" if run.returncode == 0 else (lines or ["no test could be collected"])[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=600, help="seconds for all tests")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        folders = queue.SimpleQueue()
        for i in range(args.workers):
            folder = Path(top) / str(i)
            shutil.copytree(TOP, folder, ignore=shutil.ignore_patterns(
                ".git", ".venv", "build", "dist", "__pycache__"), symlinks=True)
            folders.put(folder)

        def one(mutant):
            folder, begin = folders.get(), time.monotonic()
            try:
                return killed(folder, mutant[0], mutant[2], args.limit), time.monotonic() - begin
            finally:
                folders.put(folder)

        every = chosen(args.number, args.seed)
        count = {}
        with concurrent.futures.ThreadPoolExecutor(args.workers) as pool:
            for (file, what, _), (by, seconds) in zip(every, pool.map(one, every), strict=True):
                print(f"{file:20} {what:40} {seconds:4.0f} s  {by or 'SURVIVED'}", flush=True)
                seen = count.setdefault(file, [0, 0])
                seen[0] += bool(by)
                seen[1] += 1
    for file, (dead, seen) in sorted(count.items()):
        print(f"{file:20} {dead:3} of {seen:3}")
    dead = sum(d for d, _ in count.values())
    print(f"killed {dead} of {len(every)} ({dead / len(every):.1%})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
