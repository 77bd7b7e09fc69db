"""What is not allowed in an answer: `check` in the notebook and the grader say the same.

NOTEBOOKS goes through both, the real sandbox included. A ban is met when the answer reaches the
real function, on whatever way; the learner's own of that name, or an old attempt, is none.
"""

import ast
import importlib
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from d2lmini import exercises
from d2lmini.exercises import bans, try_answer
from d2lmini.grading import batch
from d2lmini.grading.names import Submission
from d2lmini.grading.sandbox import filtered

SOLUTIONS = sorted((Path(__file__).parents[3] / "notebooks" / "solutions").glob("*.ipynb"))
SETUP = """import numpy as np
import d2lmini as d2l
from d2lmini import nn, optim, functional as F
from d2lmini.exercises import check, hint, score
"""
SPREAD = """def spread(values, sample=False):
    v = {}
    return v, np.sqrt(v)
"""
BY_HAND = "((values - values.mean()) ** 2).sum() / (len(values) - sample)"
SOFTMAX = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
HINGE = """def hinge(scores, labels):
    return 0
"""
CROSS = """def cross_entropy(logits, labels):
    n = len(labels)
    p = {}
    m = logits.max(axis=1, keepdims=True)
    log_softmax = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    p[range(n), labels] -= 1
    return -log_softmax[range(n), labels].mean(), p / n
"""
NEURON = """def neuron(x, w, b, g):
    z = x @ w + b
    return {"step": step, "sigmoid": sigmoid, "relu": relu}[g](z)
"""
FIVE = """def five_neurons(X, W1, W2, scale=256):
    return softmax(X / scale @ W1.T @ W2.T)
"""
SUM = """def sum_to_shape(G, shape):
    {}
"""
NOT = " is not allowed: it does what you write yourself in this lesson"
# One notebook each: the exercises, their source, and what must be said of them ("": they are right)
NOTEBOOKS = {
    "names of one's own": {
        "spread": (SPREAD.format(BY_HAND).replace("    v =", "    var = std = cov = 1\n    v =")
                   .replace("return v", "return v * var"), ""),
        "softmax": ("def log_softmax(z):\n    m = z.max(axis=1, keepdims=True)\n    return z - m -"
                    " np.log(np.exp(z - m).sum(axis=1, keepdims=True))\n"
                    "def softmax(logits):\n    return np.exp(log_softmax(logits))", ""),
        "cross_entropy": (CROSS.format("softmax(logits)"), ""),
        "hinge": ("class Mine:\n    def backward(self):\n        return 1\n"
                  "def hinge(scores, labels):\n    return Mine().backward()", "gives"),
    },
    "an old attempt": {
        "spread": (SPREAD.format("np.var(values)") + SPREAD.format(BY_HAND), ""),
        "softmax": ("def softmax(x):\n    return F.softmax(d2l.tensor(x)).numpy()\n" + SOFTMAX, ""),
    },
    "by an alias": {
        "spread": ("from numpy import var as mine\n" + SPREAD.format("mine(values, ddof=sample)"),
                   "np.var" + NOT),
        "softmax": ("def softmax(x):\n    return getattr(F, 'soft' + 'max')(d2l.tensor(x)).numpy()",
                    "functional.softmax" + NOT),
        "cross_entropy": (CROSS.format("F.softmax(d2l.tensor(logits)).numpy()"),
                          "functional.softmax" + NOT),
        "hinge": (HINGE.replace("return 0", "t = d2l.tensor(scores, requires_grad=True)\n"
                                "    t.sum().backward()"), "Tensor.backward" + NOT),
    },
    "by a helper": {
        "spread": ("def helper(v):\n    return v.std() ** 2\n" + SPREAD.format("helper(values)"),
                   "np.std" + NOT),
        "softmax": ("from d2lmini.functional import log_softmax as f\n"
                    "def helper(x):\n    return np.exp(f(d2l.tensor(x)).numpy())\n"
                    "softmax = lambda logits: helper(logits)\ndef other(): pass",
                    "functional.log_softmax" + NOT),
        "hinge": (HINGE.replace("return 0", "return nn.Linear(2, 2)"), "nn.Linear" + NOT),
    },
    "the standard library's": {
        "spread": ("import statistics\n" + SPREAD.format(
            "statistics.NormalDist.from_samples(values).variance"), "np.var" + NOT),
        "softmax": ("import d2lmini.functional\ndef softmax(x):\n    return d2lmini.functional"
                    ".cross_entropy(d2l.tensor(x), d2l.tensor([0]))", "functional.cross_entropy"
                    + NOT),
    },
    "the standard library's, by its own name": {
        "spread": ("import statistics\n" + SPREAD.format("statistics.variance(values.tolist())"),
                   "statistics.variance" + NOT)},
    "lesson 00": {
        "neuron": ("def step(z):\n    return (z > 0).astype(int)\ndef relu(z):\n"
                   "    return np.maximum(z, 0)\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
                   + NEURON, "")},
    "lesson 01": {
        "five_neurons": (SOFTMAX + FIVE, "")},
    "lesson 02": {
        "wrong_gradients": ("from d2lmini.gradcheck import numerical_gradient as mine\n"
                            "def wrong_gradients(pairs, x):\n    return mine(pairs[0][0], x)",
                            "gradcheck.numerical_gradient" + NOT),
        "sum_to_shape": (SUM.format("return d2l.engine._unbroadcast(G, np.zeros(shape), '')"),
                         "engine._unbroadcast" + NOT),
        "partial_derivative": ("def partial_derivative(f, x, i, h=1e-5):\n    t = d2l.tensor([2.0],"
                               " requires_grad=True)\n    return (t ** 2).sum().backward()",
                               "Tensor.backward" + NOT),
    },
    "lesson 06": {
        "dropout": ("def dropout(h, p, r, training=True):\n    return F.relu(d2l.tensor(h))",
                    "functional.relu" + NOT),
        "relu": ("def relu(z):\n    return nn.ReLU()\ndef relu_backward(g, z):\n"
                 "    return g", "nn.ReLU" + NOT),
    },
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    packages = filtered.make(tmp_path_factory.mktemp("packages"), ("00", "01", "02", "05", "06"))
    return batch.Settings(str(tmp_path_factory.mktemp("out")), 5, "", packages=packages)


def graded(folder, settings, *cells):
    """The rows of a notebook's result, by exercise."""
    path = folder / "ada.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(c) for c in cells]), path)
    result = batch.one(Submission("ada", str(path), path.name), settings)
    assert result["status"] == "graded", result["reason"]
    return {e["name"]: e for e in result["exercises"]}


@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_check_and_the_grader_say_the_same(tmp_path, settings, name):
    cells = [SETUP]
    for exercise, (source, _) in NOTEBOOKS[name].items():
        cells += [source, f"check('{exercise}')"]
    rows, space = graded(tmp_path, settings, *cells), {}
    exec(SETUP, space)
    for exercise, (source, said) in NOTEBOOKS[name].items():
        exec(compile(source, "<cell>", "exec"), space)
        here, there = try_answer(exercises.find(exercise)[1], space, 0), rows[exercise]
        assert here.right == there["right"] == (not said), f"{here.message}\n{there['message']}"
        assert here.kind == there["kind"] and said in here.message, here.message
        assert said in there["message"], there["message"]


@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")
def test_no_other_program_answers(tmp_path, settings):
    """A Python that the answer starts would have NumPy's functions."""
    source = "import os, subprocess, sys\n" + SPREAD.format(
        "float(subprocess.run([sys.executable, '-c', 'import numpy; print(numpy.var(' + "
        "repr(values.tolist()) + '))'], capture_output=True).stdout)")
    said = graded(tmp_path, settings, SETUP, source, "check('spread')")["spread"]["message"]
    assert "an answer cannot start another program while it is graded" in said


def test_a_named_tuple_is_a_tuple():
    space = {"np": np}
    exec("from collections import namedtuple\nSpread = namedtuple('Spread', 'variance deviation')\n"
         + SPREAD.format(BY_HAND).replace("return v, np.sqrt(v)", "return Spread(v, np.sqrt(v))"),
         space)
    verdict = try_answer(exercises.find("spread")[1], space, 0)
    assert verdict.right, verdict.message


@pytest.mark.parametrize("lesson", exercises.LESSONS)
def test_the_live_package_and_the_copy_lack_the_same(tmp_path, lesson):
    """Function by function: what raises in the copy for a lesson is what raises during `check`."""
    every = [ban for e in exercises.exercises(lesson) for ban in e.bans]
    copy = Path(filtered.make(tmp_path, (lesson,)), lesson, "d2lmini")
    there = set()
    for path in copy.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and bans.SAYS in ast.unparse(
                    node.body[0]):
                there.add((path.stem, node.name))
    watched = bans.watched(every, ())
    here = {what_is_banned(code, cls, text)
            for code, errors in watched.values() for cls, text in errors}
    assert here == {at for at in there if at[1] != "__init__"}
    assert bool(every) == bool(there) == bool(watched)
    assert not [ban for ban in every if not bans.is_foreign(ban) and not live(ban)]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_the_introduction_names_what_is_not_allowed(path):
    said = nbformat.read(path, as_version=4).cells[0].source
    every = [ban for e in exercises.exercises(path.stem[:2]) for ban in e.bans]
    inner = [ban for ban in every if ban.startswith("backend.") or "._" in ban]
    for ban in every:
        assert bans.is_foreign(ban) or ban in inner or f"`{ban}`" in said, ban


def what_is_banned(code, cls, text):
    """A function, or the class whose method this is, with the file's name."""
    if cls is not None:
        return cls.__module__.rpartition(".")[2], cls.__name__
    ban = text.removesuffix(bans.SAYS).rpartition(".")[2]
    return Path(code.co_filename).stem, ban if f"{ban}." in code.co_qualname else code.co_name


def live(ban):
    """Whether there is something of this name in d2lmini: a ban must not outlive a function."""
    place, name = ban.rsplit(".", 1)
    package = importlib.import_module("d2lmini")
    thing = package.Tensor if place == "Tensor" else importlib.import_module(f"d2lmini.{place}")
    return hasattr(thing, name)


@pytest.mark.parametrize("way", ["values.var()", "values.std()", "np.nanvar(values)",
                                 "np.ma.array(values, mask=False).var()", "np.cov(values)"])
def test_numpys_own_is_found_by_whatever_way(way):
    space = {"np": np}
    exec(SPREAD.format(way), space)
    assert " is not allowed" in try_answer(exercises.find("spread")[1], space).message
    assert np.var([1.0, 3.0]) == np.array([1, 3]).std() == np.ma.array([1.0, 3.0]).var() == 1


def test_a_function_that_raises_keeps_its_arguments():
    space = {}
    exec("def make(k):\n    def f(a, /, b, c=3, *d, e, g=5, **h):\n        return k\n    return f",
         space)
    f = space["make"](7)
    f.__code__ = bans.raising(f.__code__, "no")
    with pytest.raises(RuntimeError, match="no"):
        f(1, 2, 3, 4, e=5, i=6)
    with pytest.raises(TypeError, match="missing"):
        f(1)
