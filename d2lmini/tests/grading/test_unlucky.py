"""No honest point is lost silently: what a learner's computer has and the grader's has not.

UNLUCKY holds work that is right; SAID what cannot be graded, and the reason that says so.
"""

import json

import pytest

from d2lmini.grading import gradebook, names, submissions
from d2lmini.tests.grading.conftest import row
from d2lmini.tests.grading.handin import (
    CHECK,
    RIGHT,
    SETUP,
    SOLUTIONS,
    answer,
    locked,
    markdown,
    raw,
    store,
    whole,
    with_sandbox,
)

LOGIT = "def logit(p):\n    return np.log(p / (1 - p))\n"
TYPED = RIGHT.replace("(logits)", "(logits: {}) -> {}")
UNLUCKY = {
    "seaborn": ["import seaborn as sns\nsns.set_theme()\n" + RIGHT],
    "pandas, and data from a file": ["import pandas as pd\ndf = pd.read_csv('my.csv')\n"
                                     "print(df.head())\nx = df['a'] * 2 + 1\n" + RIGHT],
    "google.colab": ["from google.colab import drive\ndrive.mount('/content/drive')\n" + RIGHT],
    "torch": ["import torch, torch.nn as nn\nfrom torch import optim\n"
              "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\n" + RIGHT],
    "everything of a package": ["from torch.nn.functional import *\nrelu(3)\n" + RIGHT],
    "an import in a block": ["if True:\n    import seaborn\nwith open('x.txt') as file:\n"
                             "    lines = file.read().split()\nfirst = lines[0]\n" + RIGHT],
    "a missing module of one's own": ["from utils import plot_loss\nplot_loss([1])\n" + RIGHT],
    "os.chdir": ["import os\nos.chdir('/content/drive/MyDrive/dl')\n" + RIGHT],
    "reading a file": ["text = open('notes.txt').read()\nlines = text.split('\\n')\n" + RIGHT],
    "np.load": ["saved = np.load('weights.npz')\nw = saved['w']\n" + RIGHT],
    "a path": ["from pathlib import Path\ntext = Path('~/x.txt').expanduser().read_text()\n"
               + RIGHT],
    "a download": ["import urllib.request as r\nr.urlretrieve('https://example.org/x', 'x')\n"
                   + RIGHT],
    "another program": ["import subprocess\nsubprocess.run(['nvidia-smi'], check=True)\n" + RIGHT],
    "an answer to input": ["name = input('Your name? ')\nprint(name.upper())\n" + RIGHT],
    "a style of matplotlib": ["import matplotlib.pyplot as plt\nplt.style.use('seaborn-v0_8-x')\n"
                              + RIGHT],
    "the library's own, beside": ["import d2lmini.functional as F\n"
                                  "want = F.softmax(d2l.tensor([[1.0, 2]]), 1)\n" + RIGHT],
    "annotations": ["import pandas as pd\n" + TYPED.format("pd.DataFrame", "pd.DataFrame")],
    "a decorator": ["import numba\n@numba.njit\n" + RIGHT],
    "a class of a package": ["import torch\nclass Net(torch.nn.Module):\n    pass\nnet = Net()\n"
                             + RIGHT],
    "awaiting": ["import asyncio, no_such_client\nsession = await no_such_client.get('x')\n"
                 + RIGHT],
    "an older answer stays": [RIGHT + "import cupy\nsoftmax = cupy.fuse(softmax)"],
    "NumPy stays": ["import cupy as np\n" + RIGHT],
    "a fallback": ["try:\n    from scipy.special import softmax\nexcept ImportError:\n    " +
                   RIGHT.replace("\n", "\n    ")],
    "a Markdown cell": [markdown(RIGHT)],
    "a Raw cell": [raw(RIGHT)],
    "a fenced Markdown cell": [markdown(f"```python\n{RIGHT}```")],
    "a Markdown cell with its helper": [
        "def top(x):\n    return x.max(axis=1, keepdims=True)",
        markdown(RIGHT.replace("logits.max(axis=1, keepdims=True)", "top(logits)"))],
}


@with_sandbox
@pytest.mark.parametrize("name", UNLUCKY)
def test_unlucky_work_gets_its_points(grade, name):
    result = grade(*UNLUCKY[name])
    assert row(result)["right"], row(result)["message"]
    assert {kind for kind, _ in result["remarks"]} <= {"info"}
    assert ("softmax: taken from a " in result["reason"]) == ("cell" in name)
    assert ("cells went on after " in result["reason"]) == (
        "cell" not in name and name != "a fallback"), result["reason"]


SAID = {
    "a package in the answer": (
        [RIGHT.replace("    e =", "    import scipy.special\n    e =")],
        "softmax: ModuleNotFoundError in your line `import scipy.special`: scipy is not available"),
    "a package's name in the answer": (
        ["import seaborn as sns\n" + RIGHT.replace("    e =", "    sns.set_theme()\n    e =")],
        "softmax: NotAvailable in your line `sns.set_theme()`: sns is not available while a "
        "notebook is graded. (ModuleNotFoundError: No module named 'seaborn')"),
    "a file's content in the answer": (
        ["scale = float(open('scale.txt').read())\n" + RIGHT.replace("    e =", "    logits = "
         "logits * scale\n    e =")],
        "scale is not available while a notebook is graded. (FileNotFoundError: [Errno 2] No such"),
    "a file in the answer": (
        [RIGHT.replace("    e =", "    open('scale.txt')\n    e =")],
        "softmax: FileNotFoundError in your line `open('scale.txt')`"),
    "the answer made by a package": (
        ["import torch\nsoftmax = torch.nn.Softmax(dim=1)"], "softmax is not available while"),
    "a cell that failed": (
        ["1 / 0\n" + RIGHT], "softmax: The cell that defines it did not run to its end: "
                             "ZeroDivisionError: division by zero."),
    "a helper's cell that failed": (
        ["1 / 0\nscale = 1.0", RIGHT.replace("logits -", "scale * logits -")],
        "softmax: The cell that defines it did not run to its end: ZeroDivisionError"),
    "a Markdown cell that is no Python": ([markdown(RIGHT + "\nThis is **my** answer.")],
                                          "softmax: It stands in a Markdown cell"),
    "a cell of another language": ([f"%%javascript\n{RIGHT}"], "softmax: A cell holds its text"),
}


@with_sandbox
@pytest.mark.parametrize("name", SAID)
def test_what_is_lost_is_said_and_listed(grade, name):
    cells, said = SAID[name]
    result = grade(*cells)
    assert not row(result)["right"]
    assert said in result["reason"], result["reason"]
    (found,) = gradebook.rows([result], gradebook.Rules())
    (title, listed), *_ = gradebook.to_look_at([found])
    assert title == gradebook.LOOK["lost"] and said in listed[0]["said"]


@with_sandbox
def test_a_wrong_or_blank_answer_is_nothing_to_look_at(grade):
    for cells in (["def softmax(logits):\n    return logits"], ["x = 1"],
                  ["def softmax(logits):\n    raise NotImplementedError()"]):
        assert grade(*cells)["remarks"] == []


@with_sandbox
def test_an_answer_is_not_taken_from_a_cell_that_was_switched_off(grade):
    result = grade(raw("def softmax(logits):\n    return 0"), RIGHT)
    assert row(result)["right"] and result["remarks"] == []


@with_sandbox
def test_files_beside_the_notebook_are_taken_along(tmp_path, grade):
    folder = tmp_path / "class" / "ada"
    store(folder / "helpers.py", "def top(x):\n    return x.max(axis=1, keepdims=True)\n")
    store(folder / "scale.csv", "1.0")
    store(folder / "large.txt", "x" * 3_000_000)
    cells = ["import numpy\nfrom helpers import top\nscale = float(open('scale.csv').read())\n"
             "try:\n    open('helpers.py', 'w')\n    written = True\n"
             "except OSError:\n    written = False",
             RIGHT.replace("logits.max(axis=1, keepdims=True)",
                           "top(logits) * scale * (not written)")]
    store(folder / "hw.ipynb", whole(*cells))
    (one,) = names.find(tmp_path / "class")
    assert [name for name, _ in one.files] == ["helpers.py", "large.txt", "scale.csv"]
    result = grade(*cells, files=one.files)
    assert row(result)["right"], row(result)["message"]
    assert "too large to be taken along, or unreadable: large.txt" in result["reason"]
    assert "files taken along: helpers.py, scale.csv" in result["reason"]
    key = submissions.load(one).key
    store(folder / "helpers.py", "changed")
    assert submissions.load(one).key != key


@with_sandbox
def test_a_second_lesson_in_one_notebook_is_graded_too(grade):
    first, second = (json.loads(SOLUTIONS[i].read_text(encoding="utf-8")) for i in (5, 6))
    first["cells"] += second["cells"]
    result = grade(first)
    rows = gradebook.rows([result], gradebook.Rules())
    assert [(r["assignment"], r["score"]) for r in rows] == [
        ("05_softmax_regression", 100), ("06_mlp", 100)]
    assert "holds other exercises too: 06_mlp" in rows[0]["reason"]
    one_more = whole(SETUP, answer(RIGHT), locked(), LOGIT, 'check("logit")', 'check("relu")')
    assert submissions.lessons_of(submissions.read(one_more.encode())) == ["05"]


@with_sandbox
def test_magics_where_ipython_cannot_be_had(grade):
    """The sandbox has IPython, or not; the notebook runs all the same."""
    gone = ("import sys\nfor name in [*sys.modules, 'IPython']:\n"
            "    if name.startswith('IPython'):\n        sys.modules[name] = None")
    cells = ["%matplotlib inline\nfrom math import exp\n!pip install x\nfiles = !ls\nexp?\n"
             "taken = %timeit -o exp(1)\nif True:\n    exp??\n    %time y = 5",
             "%%time\nz = 6", CHECK,
             "assert files == [] and taken.best >= 0 and y + z == 11\n%matplotlib inline\n" + RIGHT]
    result = grade(gone, *cells)
    assert row(result)["right"], row(result)["message"]
