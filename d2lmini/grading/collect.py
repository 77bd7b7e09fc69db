"""Collects a class's notebooks on a JupyterHub: `python -m d2lmini.grading.collect 05 /home/*`.

Learners hand in by saving: this copies what is saved in each home now, and the home's name says
whose it is. Homes belong to learners, and root may read everything; so no link inside of a home is
followed, not even one that is put there meanwhile. Next: `python -m d2lmini.grading class`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import sys
from pathlib import Path

from .submissions import MAX_BYTES, is_notebook, readable

EXERCISES = "d2lmini/notebooks/exercises"  # where the link of the lecturers' page puts them


def collect(lesson: str, home: Path, folder: str, to: Path) -> tuple[int, list[str]]:
    """Copy the notebooks of one home into `to`; how many, and what could not be copied, and why."""
    opened, count, problems = [], 0, []
    try:
        opened.append(os.open(home, os.O_RDONLY | os.O_DIRECTORY))
        for name in Path(folder).parts:
            opened.append(os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW,
                                  dir_fd=opened[-1]))
        for name in sorted(os.listdir(opened[-1])):
            if name.startswith(lesson) and is_notebook(name):
                try:
                    copy(name, opened[-1], to / name)
                    count += 1
                except OSError as error:
                    problems.append(f"{name}: {error.strerror}")
    except OSError as error:
        problems.append(f"{error.filename}: {error.strerror}")
    finally:
        for handle in opened:
            os.close(handle)
    return count, problems


def copy(name: str, folder: int, to: Path) -> None:
    """Copy a file of an open folder with its time; OSError for a link, no file, or a huge one."""
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(0, "this is no file")
        if about.st_size > MAX_BYTES:
            raise OSError(0, f"more than {MAX_BYTES / 1e6:.0f} MB")
        with open(handle, "rb", closefd=False) as file, to.open("xb") as copied:
            shutil.copyfileobj(file, copied)
    finally:
        os.close(handle)
    os.utime(to, ns=(about.st_atime_ns, about.st_mtime_ns))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m d2lmini.grading.collect",
        description="Copy each home's notebooks of a lesson, as they are saved now, to CLASS/NAME.")
    parser.add_argument("lesson", help="what the notebooks' names begin with, such as 05")
    parser.add_argument("homes", nargs="+", type=Path, help="the learners' homes, such as /home/*")
    parser.add_argument("--out", type=Path, default=Path("class"), metavar="CLASS",
                        help="a new folder; default: class")
    parser.add_argument("--folder", default=EXERCISES, help=f"in each home; default: {EXERCISES}")
    args = parser.parse_args(argv)
    try:
        run(args)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def run(args: argparse.Namespace) -> None:
    if missing := [str(home) for home in args.homes if not home.exists()]:
        raise ValueError(f"{', '.join(missing)}: there is no such home.")
    homes = [home for home in args.homes if home.is_dir()]
    names = [home.name for home in homes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"Two homes are called {twice[0]}: whose work is it?")
    if args.out.exists():
        raise ValueError(f"{args.out} exists. A collection is what was saved at one moment: give a "
                         "new folder with --out.")
    total, empty = 0, []
    for name, home in zip(names, homes):
        (args.out / name).mkdir(parents=True)  # an empty one gets its row from the grader
        count, problems = collect(args.lesson, home, args.folder, args.out / name)
        for problem in problems:
            print(f"{readable(name)}: {readable(problem)}", file=sys.stderr)
        total += count
        empty += [] if count else [readable(name)]
    print(f"{total} notebooks in {args.out}." +
          (f" None from: {', '.join(empty)}." if empty else ""))


if __name__ == "__main__":
    sys.exit(main())
