"""Workers take turns: block by block, so that a slow minute of the computer slows all of them.

A ratio is formed within each round, d2lmini's median over the other's, and the median of the rounds
is reported with the smallest and the largest.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from statistics import median

import numpy as np

from ...backend import threads as machine
from .worker import BATCH, OWN

# PyTorch as it comes, and with memory that glibc keeps: the former swings from start to start.
TUNED = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "4000000000"}
VARIANTS = {"d2lmini": ("d2lmini", {}), "pytorch": ("pytorch", {}),
            "pytorch tuned": ("pytorch", TUNED), "channels_last": ("channels_last", {}),
            "channels_last tuned": ("channels_last", TUNED), "keras": ("keras", {}),
            "tinygrad": ("tinygrad", {})}
PACKAGE = {"pytorch": "torch", "channels_last": "torch"}


def installed() -> list[str]:
    """The variants that can run here; d2lmini comes first."""
    return [name for name, (framework, _) in VARIANTS.items()
            if importlib.util.find_spec(PACKAGE.get(framework, framework))]


def heading() -> dict:
    """What the figures depend on: processor, Python, NumPy, BLAS with its kernel and threads."""
    found = {"processor": _processor(), "cores": os.cpu_count(), "system": platform.platform(),
             "python": platform.python_version(), "numpy": np.__version__,
             "threads of d2lmini": machine.thread_count(), "BLAS": "not OpenBLAS"}
    for file in machine.blas_files():
        library = ctypes.CDLL(file)
        for name in ("scipy_openblas_get_config64_", "scipy_openblas_get_config",
                     "openblas_get_config64_", "openblas_get_config"):
            if hasattr(library, name):
                get_config = getattr(library, name)
                get_config.restype = ctypes.c_char_p
                found["BLAS"] = get_config().decode()
                return found
    return found


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


class Worker:
    """A running `worker.py`; `run(n)` makes it take n steps."""

    def __init__(self, variant: str, model: str, optimizer: str):
        framework, environment = VARIANTS[variant]
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "d2lmini.tools.bench.worker", framework, model, optimizer],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | environment)
        try:
            self.about = self._read(variant)
        except RuntimeError:
            self.close()
            raise
        self.about["start"] = time.perf_counter() - start

    def _read(self, what: str = "") -> dict:
        line = self.process.stdout.readline()
        if not line:
            error = self.process.stderr.read().strip().splitlines()
            raise RuntimeError(f"bench: {what} stopped: {error[-1] if error else 'no word'}")
        return json.loads(line)

    def run(self, n: int) -> dict:
        self.process.stdin.write(f"{n}\n")
        self.process.stdin.flush()
        return self._read("a worker")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()


def compare(model: str, optimizer: str, variants: list[str], rounds: int, seconds: float) -> dict:
    """Each variant's step in milliseconds and d2lmini's ratio to it, over `rounds` rounds.

    A block lasts about `seconds` / rounds for each variant.
    """
    workers = {}
    for name in variants:
        if model in OWN and name not in ("d2lmini", "pytorch"):
            continue
        try:
            workers[name] = Worker(name, model, optimizer)
        except RuntimeError as error:
            print(error, file=sys.stderr)
    try:
        steps = {name: max(3, int(seconds / rounds / median(w.run(5)["seconds"])))
                 for name, w in workers.items()}
        table = {name: [] for name in workers}
        for _ in range(rounds):
            for name, worker in workers.items():
                table[name].append(worker.run(min(steps[name], 400)))
    finally:
        for worker in workers.values():
            worker.close()
    return {name: _summary(blocks, table["d2lmini"]) | workers[name].about
            for name, blocks in table.items()} | {"batch": BATCH[model]}


def _summary(blocks: list[dict], ours: list[dict]) -> dict:
    medians = [median(block["seconds"]) for block in blocks]
    ratios = [median(a["seconds"]) / b for a, b in zip(ours, medians)]
    return {"ms": 1e3 * median(medians), "ms_min": 1e3 * min(medians), "ms_max": 1e3 * max(medians),
            "ratio": median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
            "faults": median(block["faults"] for block in blocks),
            "peak_mb": max(block["peak_mb"] for block in blocks)}


def table(model: str, optimizer: str, result: dict) -> str:
    """The result of `compare` as lines of text."""
    lines = [f"{model}, {optimizer}, batch of {result['batch']}",
             f"{'':22}{'ms a step':>10}{'(spread)':>16}{'ours / it':>11}{'(spread)':>14}"
             f"{'faults':>8}{'peak MB':>9}"]
    for name, r in result.items():
        if isinstance(r, dict):
            lines.append(f"{name:22}{r['ms']:10.2f}{r['ms_min']:9.2f}–{r['ms_max']:<6.2f}"
                         f"{r['ratio']:11.2f}{r['ratio_min']:9.2f}–{r['ratio_max']:<4.2f}"
                         f"{r['faults']:8.0f}{r['peak_mb']:9.0f}")
    return "\n".join(lines)
