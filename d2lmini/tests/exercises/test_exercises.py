"""The judges of the exercises are judged: wrong answers, right answers, mutants, and the notebooks.

Wrong answers come from the exercises' own files, the solution notebooks and their mutants; right
ones that are written differently are in answers/, a module for each lesson.
"""

import ast
import dataclasses
import importlib
import linecache
import random
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from d2lmini import exercises
from d2lmini.exercises import try_answer
from d2lmini.exercises.judge import difference, expected, show, with_mistake
from d2lmini.exercises.spec import Case, Exercise, Mistake
from d2lmini.tests.library.mutants import mutants
from d2lmini.tools import execute, generate

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
SOLUTIONS = sorted((NOTEBOOKS / "solutions").glob("*.ipynb"))
EVERY = [pytest.param(lesson, e, id=f"{lesson}-{e.name}")
         for lesson in exercises.LESSONS for e in exercises.exercises(lesson)]
TOGETHER = 45


def bank(lesson):
    return importlib.import_module(f"d2lmini.tests.exercises.answers.lesson_{lesson}")


def notebook(lesson):
    (path,) = [p for p in SOLUTIONS if p.name.startswith(lesson)]
    return nbformat.read(path, as_version=4)


def set_up(lesson):
    """The code above the first exercise, a text a cell."""
    cells = [c for c in notebook(lesson).cells if c.cell_type == "code"]
    first = next(i for i, c in enumerate(cells) if "nbgrader" in c.metadata)
    return [c.source for c in cells[:first]]


def space(lesson, exercise, source=""):
    """The names of a notebook that holds the set-up cells and `source`."""
    names = {"__name__": "answer"}
    for text in (*set_up(lesson), source):
        exec(compile(text, f"<{exercise.name}>", "exec"), names)
    return names


def answer_cell(lesson, exercise):
    (cell,) = [c for c in notebook(lesson).cells
               if c.metadata.get("nbgrader", {}).get("grade_id") == exercise.name]
    return cell.source


def judged(exercise, names, seed=0):
    return try_answer(dataclasses.replace(exercise, seconds=exercise.seconds / 3), names, seed)


def verdict(lesson, exercise, source):
    return judged(exercise, space(lesson, exercise, source))


@pytest.mark.parametrize(("lesson", "exercise"), EVERY)
def test_every_mistake_gets_its_own_sentence(lesson, exercise):
    """Each wrong function is fed to the judge as the learner's answer."""
    for mistake in exercise.mistakes:
        for seed in range(3):
            result = try_answer(exercise, with_mistake(exercise, mistake), seed)
            assert not result.right, mistake.says
            assert result.message.endswith(mistake.says), f"{mistake.says}\n{result.message}"
    assert len({mistake.says for mistake in exercise.mistakes}) >= 3


# What only a text can show: errors, spellings, changed inputs. The exercise, a part of the message
# and, of the solution, what is replaced by what.
TEXTS = [
    ("gate", "expected a tuple of 3 numbers", "return gates[name]", "return 1, 1"),
    ("gate", "raised KeyError", "gates[name]", "gates[name.lower()]"),
    ("trial_and_error", "changed its input start", "return parameters, mistakes",
     "parameters = parameters + 0; start[0] += 1; return parameters, mistakes"),
    ("frame", "expected integers", ", dtype=int", ""),
    ("place_numbers", "could not be broadcast", ".reshape(b, 1)", ""),
    ("channels_last", "axes don't match array", "(0, 2, 3, 1)", "(1, 2, 0)"),
    ("partial_derivative", "raised UFuncTypeError", "step = np.zeros(len(x))",
     "step = np.zeros_like(x); step += 0.5 * (x.dtype == int)"),
    ("topological_order", "2^60 paths", """\
            if parent not in order:
                order = visit(parent, order)
        return order + [node]""", """\
            order = visit(parent, order)
        return order + [node] * (node not in order)"""),
    ("Scalar", "2^60 paths", "if node not in order", "if True"),
    ("Scalar", "'int' object has no attribute", "if not isinstance(other, Scalar)", "if False"),
    ("mean_squared_error", "raise ValueError(…)", "raise ValueError(", "assert not ("),
    ("mean_squared_error", "raise ValueError if they differ", "raise ValueError(f",
     'return "ValueError"; print(f'),
    ("fit_price_model", "not in list", "for name in region", "for name in time"),
    ("until_flat", "Does its loop come to an end", "p = p - rate * g",
     "while True: pass"),
    ("Momentum", "Store g.copy()", "self.v = self.mu * self.v + g",
     "self.v = (g if g.dtype == float else 1.0 * g) "
     "if isinstance(self.v, float) else np.add(self.mu * self.v, g, out=self.v)"),
    ("stable_rates", "expected a tuple of 2 numbers", ", 2 / (curvatures[0] + curvatures[-1])", ""),
    ("softmax", "changed its input logits", "e = np.exp(logits", "logits -= 1; e = np.exp(logits"),
    ("relu", "bool values", "g * (z > 0)", "z > 0"),
    ("early_stopping", "Is the return missing", "return best, len(losses)", "best, len(losses)"),
    ("xor_weights", "expected a tuple of 4 parts", ", b2", ""),
    ("conv_shape", "of 2 numbers; expected 3", "out_channels, out_h", "out_h"),
    ("im2col", "raised ValueError: matmul", ".T", ""),
    ("clip_all", "changed its input gradients",
     "gradients = [g * limit / length for g in gradients]",
     "[np.multiply(g, limit / length, out=g) for g in gradients]"),
    ("continue_series", "expected a NumPy array", "return np.array(forecasts)",
     "return forecasts"),
    ("two_in_a_row", "These three do not fit together", "b = [-1.5, -0.5]", "b = -1.5"),
]


@pytest.mark.parametrize(("name", "part", "old", "new"), TEXTS, ids=lambda text: text[:20])
def test_texts(name, part, old, new):
    lesson, exercise = exercises.find(name)
    source = answer_cell(lesson, exercise)
    assert old in source
    message = verdict(lesson, exercise, source.replace(old, new)).message
    assert part in message, message


@pytest.mark.parametrize(("lesson", "exercise"), EVERY)
def test_right_answers_are_accepted(lesson, exercise):
    sources = [*bank(lesson).RIGHT[exercise.name], answer_cell(lesson, exercise)]
    assert len({ast.dump(ast.parse(source)) for source in sources}) >= 3
    for source in sources:
        names = space(lesson, exercise, source)
        for seed in range(5):
            result = judged(exercise, names, seed)
            assert result.right, f"{source}\n{result.message}"


@pytest.mark.parametrize(("lesson", "exercise"), EVERY)
def test_mutants_are_rejected(lesson, exercise):
    same = dict(getattr(bank(lesson), "SAME", {}).get(exercise.name, {}))
    survivors, made = [], 0
    for what, source in mutants(answer_cell(lesson, exercise)):
        made += 1
        try:
            right = verdict(lesson, exercise, source).right
        except Exception:  # the cell itself does not run
            right = False
        if right and not same.pop(what, ""):
            survivors.append(f"{what}\n{source}")
    assert made
    assert not survivors, "\n\n".join(survivors)
    assert not same, f"listed as the same, but rejected or not made: {sorted(same)}"


@pytest.mark.parametrize(("lesson", "exercise"), EVERY)
def test_a_blank_answer_and_a_missing_one(lesson, exercise):
    blank = generate.REGION.sub(lambda m: m[1] + generate.STUB.format(indent=m[1]),
                                answer_cell(lesson, exercise))
    assert "NotImplementedError" in blank
    result = verdict(lesson, exercise, blank)
    assert not result.right and "not attempted yet" in result.message
    result = verdict(lesson, exercise, "")
    assert not result.right and "Run the cell above" in result.message


@pytest.mark.parametrize(("lesson", "exercise"), EVERY)
def test_the_judge_is_well_written(lesson, exercise):
    assert 2 <= len(exercise.hints) <= 5
    rng = np.random.default_rng(7)
    for case in exercise.cases(rng):
        want = expected(exercise.references, case)
        assert difference(want, want, exercise) is None
    assert all(mistake.says.endswith((".", "?")) for mistake in exercise.mistakes)
    assert exercise in exercises.exercises(lesson) and exercise.name in exercises.names(lesson)


# --- the notebooks ---


def test_there_are_enough_exercises():
    names = [e.values[1].name for e in EVERY]
    assert len(names) == len(set(names)) >= TOGETHER
    assert [p.stem for p in SOLUTIONS] == [p.stem for p in sorted(NOTEBOOKS.glob("*.ipynb"))]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_solution_notebook(path):
    """nbgrader's format: an answer cell and a locked test cell for each exercise, 100 points."""
    cells = nbformat.read(path, as_version=4).cells
    graded = [c for c in cells if "nbgrader" in c.metadata]
    names = [e.name for e in exercises.exercises(path.stem[:2])]
    assert len(names) == 6
    assert names == list(exercises.worth(path.stem[:2]))
    order = [c.metadata.nbgrader.grade_id for c in graded]
    assert order == [i for name in names for i in (name, f"test_{name}")]
    points = 0
    for answer, test in zip(graded[::2], graded[1::2]):
        name = answer.metadata.nbgrader.grade_id
        common = {"schema_version": 3, "task": False}
        assert answer.metadata.nbgrader == {
            "grade": False, "grade_id": name, "locked": False, "solution": True, **common}
        worth = test.metadata.nbgrader["points"]
        assert test.metadata.nbgrader == {
            "grade": True, "grade_id": f"test_{name}", "locked": True, "solution": False,
            "points": worth, **common}
        assert test.source == f'check("{name}")'
        assert "### BEGIN SOLUTION" in answer.source and '"""' in answer.source
        points += worth
        statement = cells[cells.index(answer) - 1]
        assert statement.cell_type == "markdown" and "★" in statement.source, name
    assert points == 100


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_examples_in_the_docstrings_hold(path):
    """The >>> examples that the learner sees are what the solution gives."""
    import doctest

    names = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not cell.source.startswith(("check(", "score(")):
            exec(compile(cell.source, "<solution>", "exec"), names)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner, found = doctest.DocTestRunner(optionflags=flags), 0
    for exercise in exercises.exercises(path.stem[:2]):
        tests = [t for name in exercise.references
                 for t in doctest.DocTestFinder(recurse=True).find(names[name], name, module=False)]
        tests = [t for t in tests if t.examples]
        assert tests, f"{exercise.name} shows no example"
        for test in tests:
            test.globs.update(names)
            out = []
            found += runner.run(test, out=out.append).attempted
            assert not runner.failures, "".join(out)
    assert found


def test_the_student_copies_are_what_the_solutions_give():
    for path in SOLUTIONS:
        copy = NOTEBOOKS / "exercises" / path.name
        made = generate.text(generate.student_copy(nbformat.read(path, as_version=4)))
        assert copy.read_text(encoding="utf-8") == made, "run make exercises"
        assert "BEGIN SOLUTION" not in made
        points = exercises.worth(path.stem[:2])
        for name, worth in points.items():
            assert rf'check(\"{name}\", points={worth})' in made
        assert re.findall(r"★ \((\d+) points\)", made) == [str(worth) for worth in points.values()]


# --- what the learner sees ---


def cell(source, **names):
    """Run a cell as a notebook does; the sentence of a failed check, or ""."""
    try:
        exec(compile(source, "<cell>", "exec"), {**vars(exercises), "np": np, **names})
    except exercises.CheckFailed as failed:
        assert failed._render_traceback_() == [str(failed)]  # Jupyter shows this line alone
        return str(failed)
    return ""


def test_check_hint_and_score(capsys, monkeypatch):
    monkeypatch.setattr(exercises, "_results", {})
    monkeypatch.setattr(exercises, "_hints", {})
    cell("score()")
    assert "No exercise has been checked yet" in capsys.readouterr().out
    right = "def logit(p):\n    return np.log(p / (1 - p))\n"
    assert cell(right + "check('logit', points=10)") == ""
    assert capsys.readouterr().out.startswith("✓ logit: right, for ")
    assert "not attempted yet" in cell(
        "def softmax(logits):\n    raise NotImplementedError()\ncheck('softmax', points=15)")
    assert "Run the cell above" in cell("check('spread', points=10)")
    assert "Did you mean 'softmax'?" in cell("check('sofmax')")
    cell("score()")
    out = capsys.readouterr().out
    assert "10 of  10  right" in out and "0 of  15  not attempted yet" in out
    assert "not checked yet" in out
    for _ in range(9):
        cell("hint('softmax')")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("softmax, hint 1 of ") and len(set(lines)) < 9


TROUBLE = {
    "a Python list": "return (np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)).tolist()",
    "of shape (3,)": "return x[0]",
    "Is the return missing?": "np.exp(x)",
    "your line `return x.foo`": "return x.foo",
    "had not ended after": "while True: pass",
    "one number": "return 1.0",
    "a Python list;": "return [object()]",
    "The function calls itself": "return softmax(x)",
    "np.maximum": "return max(x, 0)",
    "Print both shapes": "return x @ x",
    ".swapaxes(1, 2) only": "return np.ones((2, 3, 4)) @ np.ones((4, 4, 4))",
    "x[:, None] adds an axis": "return x - np.ones(7)",
    "Arrays that are joined": "return np.column_stack([np.ones(2), False])",
    "Where a ValueError is asked for": "assert x is None",
    "was the first cell run": "return y",
}


@pytest.mark.parametrize("part", TROUBLE)
def test_trouble_gets_a_sentence(part):
    _, exercise = exercises.find("softmax")
    space, source = {"np": np}, f"def softmax(x):\n    {TROUBLE[part]}\n"
    linecache.cache["<cell>"] = len(source), None, source.splitlines(True), "<cell>"
    exec(compile(source, "<cell>", "exec"), space)
    message = try_answer(dataclasses.replace(exercise, seconds=0.3), space, 0).message
    assert part in message
    assert "Traceback" not in message and len(message) < 450


LOOKS = {
    "[0.33333, 0]": np.array([1 / 3, -0.0]),
    "[1000000004, 1000000001]": np.array([1e9 + 4, 1e9 + 1]),
    "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]": list(range(12)),
    "0": -0.0,
    "{0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, …}": dict.fromkeys(range(9), 0),
}


@pytest.mark.parametrize("text", LOOKS)
def test_values_are_shown_with_the_digits_that_count(text):
    assert show(LOOKS[text]) == text


ONLY = {"mistakes": [Mistake("Only this.", None, when=lambda *_: True, part=1)]}
FIVE = {name: np.arange(12.0) for name in "abcde"}
SAID = {  # a part of the message: the right value, the body of the answer f(), options
    "gives an int; expected one number": (1, "return 2 ** 300", {}),
    "gives a set; expected one number": (1, "return {1}", {}),
    "gives [1.00002], expected [1].": (np.ones(1), "return np.array([1.00002])", {}),
    "gives in part 1 of the result 3, expected 2. Only this.": ((1, 2), "return 1, 3", ONLY),
    "gives in part 0 of the result 3, expected 1.": ((1, 2), "return 3, 2", ONLY),
    "an array of shape (1,); expected one number.": ((1, 2), "return 1, np.ones(1)", ONLY),
    "gives a list of 1 part; expected 2.": ([[], []], "return [[]]", {}),
    "gives (1, 1); expected a tuple of 3 numbers.": (
        (1, 1, 1), "return 1, 1", {"view": lambda value, args: value[2]}),
    "had not ended after 0.2 seconds. Too many paths.": (
        1, "while 1: pass", {"seconds": 0.2, "fixed": [Case("f()", {}, slow="Too many paths.")]}),
    "✗ f: f of a with a = 5 gives 2, expected 1.": (
        1, "return 2", {"fixed": [Case("f(); a; f()", {"a": 5}, shown="f of a")]}),
    "e = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] gives": (
        1, "return 2", {"fixed": [Case("a; b; c; d; e; f()", FIVE)]}),
}


@pytest.mark.parametrize("part", SAID)
def test_what_is_said(part):
    right, body, options = SAID[part]
    space = {"np": np}
    exec(f"def f():\n    {body}", space)
    exercise = Exercise(lambda: right, name="f", **{"fixed": [{}]} | options)
    message = try_answer(exercise, space, 0).message
    assert part in message and ("Only" in part) == ("Only" in message), message


def test_a_random_input_is_told_with_its_seed():
    _, logit = exercises.find("logit")
    answer = f"""
calls = []
def logit(p):
    calls.append(p)
    return np.log(p / (1 - p)) if len(calls) <= {len(logit.fixed)} else 7
check('logit', seed=SEED)"""
    said = cell(answer.replace("SEED", "None"))
    assert 'Repeat this input with check("logit", seed=' in said
    assert cell(answer.replace("SEED", said.split("seed=")[1].split(")")[0])) == said
    before = random.getstate()
    assert "seed" not in cell("def logit(p):\n    return 7\ncheck('logit')")
    assert random.getstate() == before  # a learner who has called random.seed keeps the numbers


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_a_blank_copy_stops_at_its_first_exercise_with_a_sentence(path):
    copy = NOTEBOOKS / "exercises" / path.name
    first = exercises.exercises(path.stem[:2])[0].name
    with pytest.raises(execute.NotebookError) as stopped:
        execute.run(nbformat.read(copy, as_version=4), copy, 60, 60)
    said = str(stopped.value)
    assert f'check("{first}"' in said and f"✗ {first}: not attempted yet" in said
