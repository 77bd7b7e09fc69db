"""The reader's own lines: blanks never stop a lesson, wrong answers are told, right ones kept."""

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini.lesson import expect, turn, your_turn


def cube(x):
    return x ** 3


def blank(x):
    return ...


def wrong(x):
    return x * x


def stops(x):
    return x / 0


def right(x):
    return x * x * x


def unfinished(x):
    scale = ...
    return scale * x


@pytest.mark.parametrize(("yours", "line"), [
    (blank, "cube: still blank. The given answer is used from here on."),
    (unfinished, "cube: still blank. The given answer is used from here on."),
    (..., "cube: still blank. The given answer is used from here on."),
    (wrong, "cube: for 2 it gives 4, not 8. The given answer is used from here on."),
    (stops, "cube: for 2 it stops with ZeroDivisionError: float division by zero. The given"),
    (right, "cube: right.")])
def test_a_function(capsys, yours, line):
    used = your_turn(yours, cube, 2.0, np.array([1.0, -2.0]))
    assert capsys.readouterr().out.startswith(line)
    assert used is (right if yours is right else cube)


def test_a_wrong_answer_shows_only_with_the_input_that_tells(capsys):
    assert your_turn(lambda x: abs(x) ** 3, cube, 2.0, -2.0) is cube
    assert capsys.readouterr().out.startswith("cube: for -2 it gives 8, not -8.")


@pytest.mark.parametrize(("yours", "given", "fine"), [
    (3, 3.0, True), (3.0000001, 3, False), (2.9999999, 3.0, True), ([1, 2], (1, 2), True),
    ((1, ...), (1, 2), False), (d2l.tensor([1.0, 2.0], requires_grad=True), [1.0, 2.0], True),
    ([1.0], [1.0, 2.0], False), ("scalar", "scalar", True), ("vector", "scalar", False),
    (None, 3, False)])
def test_a_value(capsys, yours, given, fine):
    used = your_turn(yours, given, name="n")
    assert used is (yours if fine else given)
    assert ("n: right." in capsys.readouterr().out) is fine


def test_several_arguments_and_large_ones(capsys):
    your_turn(lambda a, b: a + b, lambda a, b: a - b, (5, 2), name="minus")
    assert "for 5, 2 it gives 7, not 3." in capsys.readouterr().out
    your_turn(lambda x: x, lambda x: x + 1, np.zeros((40, 3)), name="more")
    assert "for ndarray of shape (40, 3) it gives ndarray of shape" in capsys.readouterr().out


def test_where_many_answers_are_right_a_test_decides(capsys):
    positive = lambda w: w > 0 or f"{w} is not positive."
    assert your_turn(7, 1, name="w", test=positive) == 7
    assert your_turn(-7, 1, name="w", test=positive) == 1
    assert your_turn(None, 1, name="w", test=positive) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "w: right." and out[1].startswith("w: -7 is not positive. The given")
    assert "it stops with TypeError" in out[2]


def test_expect_speaks_only_where_it_does_not_hold(capsys):
    expect(True, "The loss falls.")
    expect(np.bool_(True), "The loss falls.")
    assert capsys.readouterr().out == ""
    expect(False, "The loss falls.")
    assert capsys.readouterr().out == f"Not so here: The loss falls. {turn.CHANGED}\n"
