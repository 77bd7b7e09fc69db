"""The command: `python -m d2lmini.grading SUBMISSIONS --out RESULTS`."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

from ..backend import threads as machine
from . import batch, cluster, report, stop, submissions
from .sandbox import kits, sandbox
from .sandbox.sandbox import Limits, SandboxMissing


def cores() -> int:
    """The cores that this process may use."""
    mine = getattr(os, "sched_getaffinity", None)
    return max(1, min(len(mine(0)) if mine else os.cpu_count() or 1, machine.container_cores()))


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m d2lmini.grading",
        description="Grade a folder of notebooks, STUDENT/ASSIGNMENT/*.ipynb or STUDENT*.ipynb. "
                    "`merge RESULTS… --out RESULTS` joins the results of shards.")
    parser.add_argument("submissions", nargs="+", type=Path, help="a folder, or: merge FOLDERS")
    parser.add_argument("--out", type=Path, default=Path("results"), help="default: results")
    parser.add_argument("--seed", type=int, help="repeat the random inputs of an earlier run")
    parser.add_argument("--regrade", action="store_true", help="grade all anew, with new inputs")
    parser.add_argument("--workers", type=int, default=cores(), help="default: all cores")
    parser.add_argument("--seconds", type=float, default=60, help="for one notebook; default 60")
    parser.add_argument("--shard", metavar="i/n", help="grade only the i-th of n parts (from 1)")
    parser.add_argument("--dask", metavar="ADDRESS", help="spread over a Dask cluster")
    parser.add_argument("--unsafe-no-sandbox", action="store_true",
                        help="run student code with all of your rights")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    args = arguments(argv)
    try:
        with stop.once():
            if str(args.submissions[0]) == "merge" and not (
                    len(args.submissions) == 1 and args.submissions[0].is_dir()):
                return merge(args.submissions[1:], args.out)
            return grade(args)
    except (SandboxMissing, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{plain(error)}. Can {args.out} be written, and is there space?", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stopped:
        print("\nStopped. The same command goes on where this one ended.", file=sys.stderr)
        return getattr(stopped, "status", 130)


def plain(error: OSError) -> str:
    """One line, also for the error that stands for many files that could not be copied."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][-1])
    return str(error)


def grade(args: argparse.Namespace) -> int:
    """Grade what is not graded yet, then write the tables and the pages."""
    if len(args.submissions) != 1 or not args.submissions[0].is_dir():
        names = " ".join(map(str, args.submissions))
        raise ValueError(f"{names}: there is no such folder. Give the folder of submissions.")
    if not args.unsafe_no_sandbox and not args.dask:
        sandbox.require()
    folder, out = args.submissions[0].resolve(), args.out.resolve()
    if not 1 <= args.seconds <= 86_400:  # not: nan
        raise ValueError(f"--seconds {args.seconds:g}: give a number from 1 to 86400.")
    shard = shard_of(args.shard)
    if out == folder or out.is_relative_to(folder):
        raise ValueError("Choose an --out that lies outside the folder of submissions.")
    if folder.is_relative_to(out):
        raise ValueError("Choose an --out of its own: the folder of submissions lies inside of it.")
    found = submissions.find(folder)
    if all(s.problem for s in found):
        raise ValueError(f"{args.submissions[0]}: there are no notebooks (*.ipynb) in it.")
    found = part_of(found, *shard)
    with batch.alone(out):
        return grade_all(args, found, folder, out)


def grade_all(args: argparse.Namespace, found: list, folder: Path, out: Path) -> int:
    settings = batch.settings_of(
        out, args.seed, args.regrade, limits=Limits(total=args.seconds),
        unsafe=args.unsafe_no_sandbox, hide=(str(folder), str(out)))
    todo = [s for s in in_turn(found) if args.regrade or not batch.current(s, settings)]
    print(f"{len(found)} notebooks, {len(todo)} to grade, seed {settings.seed}", flush=True)
    progress = Progress(len(todo))
    if args.dask and todo:
        cluster.run(todo, settings, args.dask, progress)
    elif todo:
        settings = dataclasses.replace(settings, kit=kits.make(out))
        try:
            batch.run(todo, settings, max(1, args.workers), progress)
        finally:
            kits.remove(settings.kit)
    results = [batch.stored(batch.result_file(s, settings)) for s in found]
    return finish(out, [r for r in results if r is not None])


def shard_of(shard: str | None) -> tuple[int, int]:
    """"1/4" -> (1, 4): the first of four parts."""
    i, _, n = (shard or "1/1").partition("/")
    if not (i.isdecimal() and n.isdecimal() and 1 <= int(i) <= int(n)):
        raise ValueError(f"--shard {shard}: write i/n, for example 1/4 for the first of four.")
    return int(i), int(n)


def part_of(found: list, i: int, n: int) -> list:
    """The i-th of n parts of the submissions; which it is does not depend on the others."""
    return [s for s in found if int(hashlib.sha256(s.name.encode()).hexdigest(), 16) % n == i - 1]


def merge(folders: list[Path], out: Path) -> int:
    """Join the results of several folders into one."""
    if not folders:
        raise ValueError("merge: give the folders of results to join.")
    with batch.alone(out):
        return finish(out, joined(folders, out))


def joined(folders: list[Path], out: Path) -> list[dict]:
    """The results of all folders, copied to `out`; of two with one name the last."""
    results = {}
    for folder in folders:
        files = sorted(folder.glob("results/*.json"))
        if not files and not (folder / "run.json").exists():  # a shard may be empty
            raise ValueError(f"{folder}: there are no results in it.")
        for file in files:
            result = batch.stored(file)
            if result is None:
                print(f"{file}: this is no whole result; it is left out.", file=sys.stderr)
                continue
            results[file.name] = result
            batch.write(out / "results" / file.name, json.dumps(result) + "\n")
    return list(results.values())


def finish(out: Path, results: list[dict]) -> int:
    for r in results:
        if r["status"] == "graded" and r["reason"]:
            print(report.printable(f"{r['notebook']}: {r['reason']}"), file=sys.stderr)
    results = flagged(results)
    report.write_all(out, results)
    failed = [r for r in results if r["status"] != "graded"]
    print(f"{len(results) - len(failed)} graded, {len(failed)} not: {out / 'grades.csv'}, "
          f"{out / 'summary.html'}, {out / 'feedback'}")
    return 0


def flagged(results: list[dict]) -> list[dict]:
    """The results, with a word where a student has several for one assignment."""
    count = collections.Counter((r["student"], r["assignment"]) for r in results)
    several = {who: n for who, n in count.items() if n > 1 and who[1]}
    for (student, assignment), n in sorted(several.items()):
        print(f"{report.printable(student)}: {n} notebooks for {assignment}, each with a row of "
              "its own.", file=sys.stderr)
    return [{**r, "reason": "; ".join(filter(None, [
        f"one of {several[who]} notebooks of this student", r["reason"]]))}
            if (who := (r["student"], r["assignment"])) in several else r for r in results]


def in_turn(found: list) -> list:
    """The submissions, those of a student beyond the first 20 after everybody else's."""
    seen = collections.Counter()

    def surplus(submission) -> bool:
        seen[submission.student] += 1
        return seen[submission.student] > 20

    return sorted(found, key=surplus)


class Progress:
    """A line with the count, the rate and the time left: live on a terminal, else now and then."""

    def __init__(self, total: int):
        self.total, self.done, self.start, self.shown = total, 0, time.monotonic(), 0.0

    def __call__(self) -> None:
        self.done += 1
        now, live = time.monotonic(), sys.stdout.isatty()
        if self.done < self.total and now - self.shown < (0.2 if live else 10):
            return
        self.shown = now
        rate = self.done / max(now - self.start, 1e-9)
        left = (self.total - self.done) / rate
        print(f"{self.done} of {self.total}, {60 * rate:.0f} a minute, {left:.0f} s left",
              end="\r" if live and self.done < self.total else "\n", flush=True)


if __name__ == "__main__":
    os.umask(0o022)
    status = main()
    stop.ignore()  # Python takes a moment to end
    sys.exit(status)
