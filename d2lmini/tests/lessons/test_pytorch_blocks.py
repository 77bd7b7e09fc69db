"""The same in PyTorch and Keras, as the lessons print it: each block runs, and prints what it says.

A lesson has a Markdown cell with the id `pytorch`: its first ```python block is a whole program,
and the ```text block under it is what that prints. The program runs on PyTorch, and once more, with
nothing changed but its imports, on d2lmini. First weights differ, so numbers may be off by 5 %.
"""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

TOP = Path(__file__).parents[3] / "notebooks"
LESSONS = sorted(TOP.glob("[0-9][0-9]_*.ipynb"))
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"[-−]?\d+(?:\.\d*)?(?:e[-+]?\d+)?")
IMPORTS = [  # in this order: what PyTorch's import lines become
    (r"^import torch\.nn\.functional as (\w+)", r"import d2lmini.functional as \1"),
    (r"^from torch\.nn import functional as (\w+)", r"import d2lmini.functional as \1"),
    (r"^from torch\.utils\.data import", "from d2lmini.data import"),
    (r"^from torch\.optim\.lr_scheduler import", "from d2lmini.optim import"),
    (r"^import torch\.(\w+) as (\w+)", r"from d2lmini import \1 as \2"),
    (r"^from torch(\S*) import", r"from d2lmini\1 import"),
    (r"^import torch$", "import d2lmini as torch"),
]


def block(nb, name):
    """The program in the Markdown cell with the id `name`, and what it prints (None: not said)."""
    source = next((c.source for c in nb.cells if c.id == name and c.cell_type == "markdown"), "")
    found = BLOCK.findall(source)
    program = next((text for kind, text in found if kind == "python"), "")
    return program, next((text for kind, text in found if kind == "text"), None)


def on_d2lmini(program):
    """The program with its imports of PyTorch changed, and nothing else."""
    lines = []
    for line in program.splitlines():
        code = line.partition("#")[0].rstrip()
        for old, new in IMPORTS:
            changed = re.sub(old, new, code)
            if changed != code:
                line = changed
                break
        lines.append(line)
    return "\n".join(lines) + "\n"


def prints(program):
    """What the program prints in a Python of its own, in the folder of the lessons."""
    done = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True,
                          timeout=300, env=os.environ | {"KERAS_BACKEND": "torch"})
    assert done.returncode == 0, f"{program}\n{done.stderr[-2000:]}"
    return done.stdout


def close(printed, told):
    """Whether two printed texts agree: the words, and the numbers up to 5 % or 0.02."""
    if NUMBER.sub("#", printed).split() != NUMBER.sub("#", told).split():
        return False
    pairs = zip(NUMBER.findall(printed), NUMBER.findall(told))
    a_and_b = [[float(n.replace("−", "-")) for n in pair] for pair in pairs]
    return all(abs(a - b) <= max(0.02, 0.05 * abs(b)) for a, b in a_and_b)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["torch", "d2lmini", "keras"])
@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_the_same_elsewhere(path, where):
    program, told = block(nbformat.read(path, as_version=4),
                          "keras" if where == "keras" else "pytorch")
    assert program and told, "no program, or no ```text block that tells what it prints"
    compile(program, path.stem, "exec")
    if importlib.util.find_spec(where) is None:
        if where == "keras":  # too large to install for this alone; its blocks were tried by hand
            return
        pytest.skip(f"{where} is not installed")
    printed = prints(on_d2lmini(program) if where == "d2lmini" else program)
    assert close(printed, told), f"it printed\n{printed}\nand the lesson says\n{told}"


def test_imports_are_all_that_changes():
    program = ("import torch\nimport torch.nn.functional as F\nfrom torch import nn, optim  # all\n"
               "from torch.utils.data import DataLoader\nx = torch.ones(2)  # import torch\n")
    assert on_d2lmini(program) == (
        "import d2lmini as torch\nimport d2lmini.functional as F\nfrom d2lmini import nn, optim\n"
        "from d2lmini.data import DataLoader\nx = torch.ones(2)  # import torch\n")
    assert prints(on_d2lmini("import torch\nprint((2 * torch.ones(3)).sum().item())")) == "6.0\n"


def test_a_failing_program_and_another_number_are_noticed():
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        prints("1 / 0")
    assert close("loss 0.301, 92 of 100", "loss 0.30, 93 of 100")
    assert not close("loss 0.40", "loss 0.30") and not close("loss 0.3", "cost 0.3")
    cell = nbformat.v4.new_markdown_cell("## A\n\n```python\nimport torch\n```\n\n```text\n7\n```",
                                         id="pytorch")
    assert block(nbformat.v4.new_notebook(cells=[cell]), "pytorch") == ("import torch\n", "7\n")
