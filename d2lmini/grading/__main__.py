"""The command: `python -m d2lmini.grading SUBMISSIONS --out RESULTS`."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

from .. import exercises
from ..backend import threads as machine
from . import batch, cluster, gradebook, names, report, stop
from .gradebook import Rules
from .sandbox import diagnose, filtered
from .sandbox.diagnose import SandboxMissing
from .sandbox.sandbox import Limits


def cores() -> int:
    """The cores that this process may use."""
    mine = getattr(os, "sched_getaffinity", None)
    return max(1, min(len(mine(0)) if mine else os.cpu_count() or 1, machine.container_cores()))


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m d2lmini.grading",
        description="Grade a folder of notebooks, STUDENT/ASSIGNMENT/*.ipynb or STUDENT*.ipynb. "
                    "`merge RESULTS… --out RESULTS` joins the results of shards.")
    add = parser.add_argument
    add("submissions", nargs="+", type=Path, help="a folder, or: merge FOLDERS")
    add("--out", type=Path, default=Path("results"), help="default: results")
    add("--names", default="", metavar="|".join(names.SYSTEMS) + "|REGEX",
        help="how the files are named; a regular expression has the group (?P<student_id>…)")
    add("--roster", type=Path, metavar="CSV", help="the class: id, name, email, in any order")
    add("--attempt", choices=("latest", "best", "first"), default="latest",
        help="which counts of several; default: latest")
    add("--due", action="append", default=[], metavar="[LESSON=]TIME",
        help='"2026-11-20 23:59 Europe/Berlin"; may be given for each lesson: "05=…"')
    add("--late", default="", metavar="10%%/day|2/hour",
        help="what each day or hour begun costs: percent of all points, or points")
    add("--excel", action="store_true", help="write grades.csv so that Excel reads its letters")
    add("--seed", type=int, help="repeat the random inputs of an earlier run")
    add("--regrade", action="store_true", help="grade all anew, with new inputs")
    add("--workers", type=int, default=cores(), help="default: all cores")
    add("--seconds", type=float, default=60, help="for one notebook; default 60")
    add("--shard", metavar="i/n", help="grade only the i-th of n parts (from 1)")
    add("--dask", metavar="ADDRESS", help="spread over a Dask cluster")
    add("--unsafe-no-sandbox", action="store_true",
        help="run student code with all of your rights")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    args = arguments(argv)
    try:
        with stop.once():
            rules = Rules(gradebook.read_roster(args.roster) if args.roster else (), args.attempt,
                          *gradebook.due_of(args.due, exercises.LESSONS),
                          gradebook.late_of(args.late))
            if args.late and not args.due:
                raise ValueError("--late: say with --due when work is due.")
            if str(args.submissions[0]) == "merge" and not (
                    len(args.submissions) == 1 and args.submissions[0].is_dir()):
                return merge(args.submissions[1:], args.out, rules, args.excel)
            return grade(args, rules)
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


def grade(args: argparse.Namespace, rules: Rules) -> int:
    """Grade what is not graded yet, then write the tables and the pages."""
    if len(args.submissions) != 1 or not args.submissions[0].is_dir():
        given = " ".join(map(str, args.submissions))
        raise ValueError(f"{given}: there is no such folder. Give the folder of submissions.")
    if not args.unsafe_no_sandbox and not args.dask:
        diagnose.require()
    folder, out = args.submissions[0].resolve(), args.out.resolve()
    if not 1 <= args.seconds <= 86_400:  # not: nan
        raise ValueError(f"--seconds {args.seconds:g}: give a number from 1 to 86400.")
    shard = shard_of(args.shard)
    if out == folder or out.is_relative_to(folder):
        raise ValueError("Choose an --out that lies outside the folder of submissions.")
    if folder.is_relative_to(out):
        raise ValueError("Choose an --out of its own: the folder of submissions lies inside of it.")
    found = names.find(folder, args.names, rules.zone)
    if all(s.problem for s in found):
        raise ValueError(f"{args.submissions[0]}: there are no notebooks (*.ipynb) in it.")
    if not args.names and (system := names.likely(folder)):
        print(f"These names look like those of {system}: --names {system} reads the students and "
              "the times from them.", file=sys.stderr)
    with batch.alone(out):
        return grade_all(args, part_of(found, *shard), folder, out, rules)


def grade_all(args: argparse.Namespace, found: list, folder: Path, out: Path, rules: Rules) -> int:
    settings = batch.settings_of(
        out, args.seed, args.regrade, limits=Limits(total=args.seconds),
        unsafe=args.unsafe_no_sandbox, hide=(str(folder), str(out)))
    todo = [s for s in in_turn(found) if args.regrade or not batch.current(s, settings)]
    print(f"{len(found)} notebooks, {len(todo)} to grade, seed {settings.seed}", flush=True)
    workers = max(1, args.workers)
    if args.dask and todo:
        cluster.run(todo, settings, args.dask, Progress(len(todo)))
    elif todo:
        print("first the reference solutions, to check this computer", flush=True)
        settings = dataclasses.replace(settings, packages=filtered.make(out))
        try:
            batch.check_computer(settings, workers)
            batch.run(todo, settings, workers, Progress(len(todo)))
        finally:
            filtered.remove(settings.packages)
    results = []
    for submission in found:
        result, about = batch.stored(batch.result_file(submission, settings)), submission.about()
        if result is not None:
            if result != result | about:  # other --names
                batch.store(submission, settings, result | about)
            results.append(result | about)
    return finish(out, results, rules, args.excel)


def shard_of(shard: str | None) -> tuple[int, int]:
    """"1/4" -> (1, 4): the first of four parts."""
    i, _, n = (shard or "1/1").partition("/")
    if not (i.isdecimal() and n.isdecimal() and 1 <= int(i) <= int(n)):
        raise ValueError(f"--shard {shard}: write i/n, for example 1/4 for the first of four.")
    return int(i), int(n)


def part_of(found: list, i: int, n: int) -> list:
    """The i-th of n parts of the submissions; which it is does not depend on the others."""
    return [s for s in found if int(hashlib.sha256(s.name.encode()).hexdigest(), 16) % n == i - 1]


def merge(folders: list[Path], out: Path, rules: Rules, excel: bool = False) -> int:
    """Join the results of several folders into one."""
    if not folders:
        raise ValueError("merge: give the folders of results to join.")
    with batch.alone(out):
        return finish(out, joined(folders, out), rules, excel)


def joined(folders: list[Path], out: Path) -> list[dict]:
    """The results of all folders, copied to `out`; of two with one name the last."""
    results, first = {}, None
    for folder in folders:
        files = sorted(folder.glob("results/*.json"))
        if not files and not (folder / "run.json").exists():  # a shard may be empty
            raise ValueError(f"{folder}: there are no results in it.")
        for file in files:
            result = batch.stored(file)
            if result is None:
                print(f"{file}: this is no whole result; it is left out.", file=sys.stderr)
                continue
            first = first or (folder, result["version"])
            if wrong := batch.differ(first[1], result["version"], str(folder)):
                raise ValueError(wrong.replace("here is", f"{first[0]} has"))
            results[file.name] = result
    for name, result in results.items():
        batch.write(out / "results" / name, batch.json.dumps(result) + "\n")
    return list(results.values())


def finish(out: Path, results: list[dict], rules: Rules, excel: bool = False) -> int:
    """Write the tables and the pages, and say what the lecturer needs to look at by hand."""
    rows = gradebook.rows(results, rules)
    report.write_all(out, rows, excel)
    print(f"{report.counts(rows)}: {out / 'grades.csv'}, {out / 'summary.html'}, "
          f"{out / 'feedback'}")
    if look := gradebook.to_look_at(rows):
        print("\nLook at these by hand, the most important first (all are in summary.html):")
    for title, mine in look:
        print(f"- {title} ({len(mine)})")
        for row in mine[:5]:
            print(report.printable(f"    {row['who'].name or row['who'].id}: {row['said']}")[:300])
        if len(mine) > 5:
            print(f"    and {len(mine) - 5} more")
    return 0


def in_turn(found: list) -> list:
    """The submissions, those of a student beyond the first 20 after everybody else's."""
    seen = collections.Counter()

    def surplus(submission) -> bool:
        seen[submission.student] += 1
        return seen[submission.student] > 20

    return sorted({batch.slug(s): s for s in found}.values(), key=surplus)


class Progress:
    """A line with the count, the rate and the time left: live on a terminal, else now and then."""

    def __init__(self, total: int):
        self.total, self.done, self.start, self.shown = total, 0, time.monotonic(), 0.0

    def __call__(self, _=None) -> None:
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
    status = main()
    stop.ignore()  # Python takes a moment to end
    sys.exit(status)
