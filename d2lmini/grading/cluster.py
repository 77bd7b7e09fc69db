"""The same work on a Dask cluster: `--dask tcp://scheduler:8786` (extra d2lmini[cluster]).

Each task carries the submission's bytes and returns the result as plain data, so that workers need
no common disk; they need bwrap and the same d2lmini. A task whose worker is killed is done again
elsewhere.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path

from . import batch, submissions
from .names import Submission
from .sandbox import diagnose, filtered
from .submissions import Content, Unreadable

AT_ONCE = 500  # notebooks on their way at a time


def task(submission: Submission, content: Content, settings: batch.Settings) -> dict:
    """On a worker of the cluster: grade one notebook."""
    prepare(settings)
    return batch.one(submission, dataclasses.replace(settings, packages=packages()), content)


@functools.cache
def prepare(settings: batch.Settings) -> None:
    """Once a process: ValueError if it would give other marks than the one that sent the work."""
    from distributed import get_worker

    if wrong := batch.differ(settings.version, batch.version(), get_worker().address):
        raise ValueError(wrong)
    if not settings.unsafe:
        diagnose.require()
    settings = dataclasses.replace(settings, packages=packages())
    for lesson in batch.exercises.LESSONS:
        if wrong := batch.check_solution(lesson, settings):
            raise ValueError(f"{get_worker().address}: {wrong}")


@functools.cache
def packages() -> str:
    """Made once a process, in the worker's own folder, which Dask removes."""
    from distributed import get_worker

    return filtered.make(Path(get_worker().local_directory))


def run(todo: list[Submission], settings: batch.Settings, address: str, progress) -> None:
    """Grade them all on the cluster at `address`; results are stored here as they come."""
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise ValueError("--dask needs Dask: pip install 'd2lmini[cluster]'.") from error
    remote = dataclasses.replace(settings, packages="", hide=())
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        raise ValueError(f"--dask {address}: no scheduler answers there ({error}).") from error
    with client:
        for worker, version in client.run(batch.version, on_error="ignore").items():
            if wrong := batch.differ(settings.version, version, worker):
                raise ValueError(wrong)
        for begin in range(0, len(todo), AT_ONCE):
            part, contents = [], []
            for submission in todo[begin:begin + AT_ONCE]:
                try:
                    contents.append(submissions.load(submission))
                    part.append(submission)
                except Unreadable:  # the reason is found here, and nothing is run
                    batch.work(submission, settings)
                    progress(None)
            futures = client.map(task, part, contents, settings=remote, retries=5, pure=False)
            by_key = dict(zip((f.key for f in futures), part))
            for future in as_completed(futures):
                submission = by_key[future.key]
                batch.store(submission, settings, future.result())
                progress(None)
