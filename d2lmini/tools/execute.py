"""Runs notebooks from top to bottom and stores their outputs: `python -m d2lmini.tools.execute`.

Each notebook gets a fresh kernel of this Python, its own folder as working directory, and a limit
for every cell and for the whole. A notebook that fails is left as it was; one that succeeds is
replaced atomically, in a form that keeps differences small. Next: measure.py, which writes the
**Time** line of a lesson's title.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from d2lmini.tools import measure
from d2lmini.tools.memory import peak_mb

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
WIDGET = "application/vnd.jupyter.widget-view+json"


class NotebookError(Exception):
    """A notebook that did not run to its end; the message names the notebook and the cell."""


def lessons() -> list[Path]:
    """All lessons and solutions, in order; the exercises are made from the solutions."""
    top = Path("notebooks")
    return sorted(top.glob("*.ipynb")) + sorted(top.glob("solutions/*.ipynb"))


def run(nb: NotebookNode, path: Path, cell_limit: float, limit: float) -> float:
    """Run every cell of `nb` in place and return the kernel's peak memory in MB."""
    start, state = time.monotonic(), {"cell": 0, "mb": 0.0}

    def seconds_left(cell):
        return max(1.0, min(cell_limit, start + limit - time.monotonic()))

    def before(cell, cell_index):
        state["cell"] = cell_index

    def after(cell, cell_index, execute_reply):
        state["mb"] = max(state["mb"], peak_mb(client.km.provisioner.process.pid))

    client = NotebookClient(
        nb,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        timeout_func=seconds_left,
        on_cell_execute=before,
        on_cell_executed=after,
        record_timing=False,
    )
    try:
        # What the kernel's process itself says is about ports; the cells' stderr is an output.
        client.execute(stderr=subprocess.DEVNULL)
    except CellExecutionError as e:
        reason = f"{e.ename}: {e.evalue}"
    except CellTimeoutError:
        reason = f"no end after {time.monotonic() - start:.0f} s in all (the limits are "
        reason += f"{cell_limit:.0f} s for a cell, {limit:.0f} s for a notebook)"
    except DeadKernelError:
        reason = "the kernel died; perhaps it ran out of memory"
    except NoSuchKernel:
        reason = "this Python has no Jupyter kernel; run make setup"
    else:
        return state["mb"]
    source = nb.cells[state["cell"]].source.strip() or "(empty)"
    head = source.splitlines()[0]
    raise NotebookError(f"{path}, cell {state['cell']} ({head!r}): {reason}")


def normalize(nb: NotebookNode) -> NotebookNode:
    """Make the stored form depend on nothing but the cells and their outputs; changes `nb`."""
    nb.metadata.pop("widgets", None)
    nb.metadata["kernelspec"] = dict(KERNEL)
    nb.metadata["language_info"] = dict(LANGUAGE)
    count = 0
    measure.set_time(nb)
    for cell in nb.cells:
        for key in ("execution", "collapsed", "scrolled"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        empty = not cell.source.strip()  # Jupyter does not run, and does not count, these.
        count += not empty
        cell.execution_count = None if empty else count
        cell.outputs = merge_streams(cell.outputs)
        for out in cell.outputs:
            if out.output_type == "execute_result":
                out.execution_count = cell.execution_count
            if out.output_type == "error":
                out.traceback = [re.sub(r"\bIn\[\d+\]", f"In[{count}]", t) for t in out.traceback]
            # A live control needs its kernel; its name is random, and a page that finds the name
            # without the kernel shows an error. The text beside it stays.
            out.get("data", {}).pop(WIDGET, None)
    return nb


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighboring pieces of one stream: how a text was cut up in transit is chance."""
    merged = []
    for out in outputs:
        if merged and out.output_type == "stream" and merged[-1].get("name") == out.name:
            merged[-1].text += out.text
        else:
            merged.append(out)
    return merged


def write(nb: NotebookNode, path: Path) -> None:
    """Replace the file in one step, so that an interruption leaves the old one or the new one."""
    text = nbformat.writes(nb).rstrip("\n") + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as f:
            f.write(text)
        os.chmod(name, path.stat().st_mode & 0o777)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def execute(path: Path, cell_limit: float = 300, limit: float = 600) -> tuple[int, float, float]:
    """Run one notebook and store its outputs; return its code cells, its seconds and its MB."""
    nb = nbformat.read(path, as_version=4)
    start = time.monotonic()
    mb = run(nb, path, cell_limit, limit)
    seconds = time.monotonic() - start
    write(normalize(nb), path)
    return sum(cell.cell_type == "code" for cell in nb.cells), seconds, mb


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m d2lmini.tools.execute")
    parser.add_argument("paths", nargs="*", type=Path, help="default: all lessons and solutions")
    parser.add_argument("--cell-limit", type=float, default=300, metavar="SECONDS")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS")
    parser.add_argument("--readme", action="store_true", help="write the figures to README.md")
    args = parser.parse_args(argv)
    # A python3 kernel of the user's must not take the place of this Python's own.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    failed = 0
    for path in args.paths or lessons():
        try:
            cells, seconds, mb = execute(path, args.cell_limit, args.limit)
            print(f"{path}: {cells} cells, {seconds:.1f} s, {mb:.0f} MB", flush=True)
            if args.readme:
                minutes = measure.measure(nbformat.read(path, as_version=4))["minutes"]
                measure.note(path, minutes=f"{minutes} min", seconds=f"{seconds:.0f} s",
                             mb=f"{mb:.0f} MB")
        except FileNotFoundError:
            failed += 1
            print(f"{path}: there is no such notebook.", file=sys.stderr)
        except nbformat.reader.NotJSONError:
            failed += 1
            print(f"{path}: this file is not a notebook.", file=sys.stderr)
        except NotebookError as e:
            failed += 1
            print(e, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
