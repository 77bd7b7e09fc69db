"""What a reader does first: change one number, and run on. Here a program does it.

`numbers(nb)` are the numbers that one would change: values given to a name, and arguments such as
lr=, range(...) or manual_seed(...). `python -m d2lmini.tests.lessons.edits LESSON` runs a lesson's
cells in one process; at each edited cell it forks, and the child runs the changed cell and those
below that depend on it. It prints a line of JSON for each edit: what came of it. The lessons that
train for long are shortened: a pass over a data set ends after a few batches.
"""

import ast
import builtins
import itertools
import json
import os
import random
import re
import signal
import sys
from collections import Counter
from pathlib import Path

import nbformat

EACH = 4  # edits a lesson
ROWS = 200  # of a data set in its first two passes; later ones have one batch
STEPS = re.compile(r"\bsteps=\d{2,3}\b")
SECONDS = 12  # an edit that still runs then has not failed
NAMED = {"lr", "epochs", "batch_size", "momentum", "weight_decay", "seed", "n", "steps", "hidden",
         "width", "p", "size", "h", "rate", "digit", "k", "noise", "max_lr", "betas", "temperature"}
CALLED = {"range", "manual_seed", "default_rng", "normal", "randn", "rand", "Linear", "SGD", "Adam",
          "Dropout", "linspace", "arange", "DataLoader", "train", "fit", "descend"}
SPEAKS = (AssertionError, ValueError, RuntimeError, FloatingPointError)


def numbers(nb) -> list[tuple[int, int, int, str, str]]:
    """(cell, line, column, old, new) of every number in view that a reader would change."""
    found = []
    for at, cell in enumerate(nb.cells):
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
        if cell.cell_type != "code" or hidden or "widget" in cell.metadata.get("tags", []):
            continue
        for node in places(ast.parse(cell.source)):
            old = ast.get_source_segment(cell.source, node)
            column = len(cell.source.splitlines()[node.lineno - 1].encode()[:node.col_offset]
                         .decode())
            found.append((at, node.lineno - 1, column, old, changed(node.value)))
    return found


def places(tree) -> list[ast.Constant]:
    found = []
    for node in ast.walk(tree):
        values = []
        if isinstance(node, ast.Assign):
            values = [node.value, *getattr(node.value, "elts", [])]
        elif isinstance(node, ast.For):
            values = getattr(node.iter, "elts", [])
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            values = node.args if name in CALLED else []
            values = values + [k.value for k in node.keywords if k.arg in NAMED]
        found += [v for v in values if isinstance(v, ast.Constant) and v not in found
                  and isinstance(v.value, int | float) and not isinstance(v.value, bool)]
    return found


def changed(value) -> str:
    """Another number of the same kind: an integer one more, a fraction half as much again."""
    return str(value + 1) if isinstance(value, int) else repr(float(f"{value * 1.5:.3g}") or 0.1)


def chosen(nb, path: Path) -> list:
    """The edits of a lesson: a few, spread over it, the same in every run."""
    every = numbers(nb)
    pick = random.Random(path.stem)
    parts = [every[i * len(every) // EACH:(i + 1) * len(every) // EACH] for i in range(EACH)]
    return sorted(pick.choice(part) for part in parts if part)


def edited(source: str, line: int, column: int, old: str, new: str) -> str:
    lines = source.splitlines()
    assert lines[line][column:].startswith(old), (lines[line], old)
    lines[line] = lines[line][:column] + new + lines[line][column + len(old):]
    return "\n".join(lines)


def names(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell uses, and those that it may change: what it binds, or calls upon."""
    used, bound = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            used.add(node.id)
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Call):  # what is passed, or whose method runs, may change
            parts = [*node.args, *(k.value for k in node.keywords), node.func]
            bound |= {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}
    return used, bound


def dependents(cells: list, first: int, constant: set[str]) -> list[int]:
    """The cells below the first that can notice its change, and those that they need.

    `constant` names stay what they are.
    """
    below = [at for at in range(first, len(cells)) if cells[at].cell_type == "code"]
    used, bound = ({at: part - constant for at, part in zip(below, parts)}
                   for parts in zip(*(names(cells[at].source) for at in below)))
    touched, found = set(bound[first]), {first}
    for at in below:
        if used[at] & touched:
            touched |= bound[at]
            found.add(at)
    for at in reversed(below):  # what a cell in use needs from the cells above it
        if any(bound[at] & used[later] for later in found if later > at):
            found.add(at)
    return sorted(found)


def run(source: str, space: dict) -> None:
    exec(compile(source, "<cell>", "exec"), space)


def judge(call) -> tuple[str, bool]:
    """What came of it, and whether a reader can live with it: it runs, or says in a sentence."""
    try:
        call()
    except SPEAKS as error:
        text = f"{type(error).__name__}: {error}"
        return text, len(str(error).split()) >= 5
    except Exception as error:
        return f"{type(error).__name__}: {error}", False
    return "runs", True


def outcomes(cells: list, edits: list) -> list[dict]:
    """Run the cells; at each edited one let a child run the change and all that depends on it."""
    space, found = {"__name__": "__main__"}, []
    last = max(edit[0] for edit in edits)
    for at, cell in enumerate(cells[:last + 1]):
        if cell.cell_type != "code":
            continue
        for edit in (e for e in edits if e[0] == at):
            constant = {name for name in space if type(space[name]).__name__ in (
                "module", "type", "builtin_function_or_method")} | set(dir(builtins))
            below = dependents(cells, at, constant)

            def change(edit=edit, below=below):
                run(edited(cells[edit[0]].source, *edit[1:]), space)
                for later in below[1:]:
                    run(cells[later].source, space)
            text, fine = forked(change)
            found.append({"cell": cell.id, "old": edit[3], "new": edit[4], "text": text,
                          "fine": fine, "cells": len(below)})
        try:
            run(cell.source, space)
        except Exception:
            if "raises-exception" not in cell.metadata.get("tags", []):
                raise
    return found


def forked(call) -> tuple[str, bool]:
    """What `judge` says of a call in a child process, which leaves no trace here."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)  # ends the process
        os.write(writing, json.dumps(judge(call)).encode()[:4000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return f"still runs after {SECONDS} s", True
    return tuple(json.loads(answer)) if answer else (f"the process ended with {status}", False)


def shorten(nb, loader: type) -> None:
    """Few batches in a pass over a data set, one from its third pass on, and 50 steps elsewhere."""
    whole, passes = loader.__iter__, Counter()

    def some(self):
        passes[id(self)] += 1
        batches = -(-ROWS // self.batch_size) if passes[id(self)] < 3 else 1
        return itertools.islice(whole(self), batches)

    loader.__iter__ = some
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.source = STEPS.sub(lambda m: "steps=50".ljust(len(m[0])), cell.source)


def main(path: str) -> None:
    import matplotlib

    from d2lmini import data

    matplotlib.use("Agg")
    real, sys.stdout = sys.stdout, open(os.devnull, "w")
    lesson = Path(path).resolve()
    nb = nbformat.read(lesson, as_version=4)
    if lesson.stem >= "06":
        shorten(nb, data.DataLoader)
    os.chdir(lesson.parent)
    for outcome in outcomes(nb.cells, chosen(nb, lesson)):
        print(json.dumps(outcome), file=real, flush=True)
    real.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
