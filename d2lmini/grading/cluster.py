"""The same work on a Dask cluster: `--dask tcp://scheduler:8786` (extra d2lmini[cluster]).

Each task carries the notebook's bytes and returns the result as plain data, so that workers need
no common disk; they need d2lmini and bwrap. A task whose worker is killed is done again elsewhere.
"""

from __future__ import annotations

import dataclasses
import json

from . import batch, submissions
from .sandbox import kits, sandbox
from .submissions import Submission, Unreadable

AT_ONCE = 500  # notebooks on their way at a time


def task(submission: Submission, content: bytes, settings: batch.Settings) -> dict:
    """On a worker of the cluster: grade one notebook."""
    if not settings.unsafe:
        sandbox.require()
    return batch.one(submission, settings, content)


def run(todo: list[Submission], settings: batch.Settings, address: str, progress) -> None:
    """Grade them all on the cluster at `address`; results are stored here as they come."""
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise ValueError("--dask needs Dask: pip install 'd2lmini[cluster]'.") from error
    remote = dataclasses.replace(settings, kit="", hide=())
    with Client(address) as client:
        for begin in range(0, len(todo), AT_ONCE):
            part, contents = [], []
            for submission in todo[begin:begin + AT_ONCE]:
                try:
                    contents.append(submissions.content_of(submission))
                    part.append(submission)
                except Unreadable:  # the reason is found here, and nothing is run
                    batch.work(submission, settings)
                    progress()
            futures = client.map(task, part, contents, settings=remote, retries=5, pure=False)
            by_key = dict(zip((f.key for f in futures), part))
            for future in as_completed(futures):
                submission = by_key[future.key]
                batch.write(batch.result_file(submission, settings),
                            json.dumps(future.result()) + "\n")
                progress()
    kits.sweep(kits.TEMPORARY, kits.OWN)  # of workers on this computer that were killed
