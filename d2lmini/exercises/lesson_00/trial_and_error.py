"""Learn three parameters by random changes that are kept unless they make it worse."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from .gate import PATTERNS


def count(p, X, y):
    return int(((X @ p[:2] + p[2] > 0) != y).sum())


def trial_and_error(X, y, start, changes, *, better=lambda new, old: new <= old,
                    base=lambda start, now: now, noted=lambda kept, tried: kept):
    parameters, mistakes = start, [count(start, X, y)]
    for change in changes:
        trial = base(start, parameters) + change
        if better(count(trial, X, y), count(parameters, X, y)):
            parameters = trial
        mistakes.append(noted(count(parameters, X, y), count(trial, X, y)))
    return parameters, mistakes


def only_changes(X, y, start, changes):
    parameters, mistakes = start, [count(start, X, y)]
    for change in changes:
        if count(parameters + change, X, y) <= mistakes[-1]:
            parameters = parameters + change
            mistakes.append(count(parameters, X, y))
    return parameters, mistakes


def noted(change):
    """trial_and_error with another list: change(mistakes, number of people)."""
    def wrong(X, y, start, changes):
        parameters, mistakes = trial_and_error(X, y, start, changes)
        return parameters, change(mistakes, len(X))
    return wrong


def random(rng):
    n, tries = rng.integers(2, 30), rng.integers(1, 40)
    X = rng.normal(size=(n, 2))
    return {"X": X, "y": X @ rng.normal(size=2) + rng.normal() > 0,
            "start": rng.normal(size=3), "changes": rng.normal(size=(tries, 3))}


EXERCISE = Exercise(
    trial_and_error,
    fixed=[
        {"X": PATTERNS, "y": np.array([False, False, False, True]),
         "start": np.array([1.0, 1.0, 0.5]),
         "changes": np.array([[0.0, 0.0, -1.0], [0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])},
        {"X": PATTERNS, "y": np.array([False, True, True, True]),
         "start": np.array([1.0, 1.0, -0.5]),
         "changes": np.array([[0.1, 0.2, 0.0], [0.0, 0.0, -9.0], [0.1, 0.0, 0.1]])},
        {"X": PATTERNS, "y": np.array([True, False, False, False]),
         "start": np.array([0.0, 0.0, 0.0]), "changes": np.zeros((0, 3))},
    ],
    random=random,
    tries=12,
    mistakes=[
        Mistake("A change that leaves the number of mistakes equal must be kept, too: only then "
                "can the search cross flat ground.",
                partial(trial_and_error, better=lambda new, old: new < old)),
        Mistake("Changes that make more mistakes were kept as well. Note that p += change changes "
                "the old array, too: write trial = p + change.",
                partial(trial_and_error, better=lambda new, old: True)),
        Mistake("Each change was added to the start. Add it to the parameters that you have by "
                "then.", partial(trial_and_error, base=lambda start, now: start)),
        Mistake("The mistakes belong in a Python list, not in an array.",
                noted(lambda mistakes, n: np.array(mistakes)),
                when=lambda got, want, args: isinstance(got[1], np.ndarray)),
        Mistake("Every try adds a number to the list: where a change is thrown away, the last "
                "number comes again.", only_changes,
                when=lambda got, want, args: len(got[1]) < len(want[1])
                and got[1][:1] == want[1][:1]),
        Mistake("The list begins with the mistakes of the start, so it has one number more than "
                "there are changes.", noted(lambda mistakes, n: mistakes[1:]),
                when=lambda got, want, args: len(got[1]) == len(want[1]) - 1),
        Mistake("These are fractions. Count the mistakes.",
                noted(lambda mistakes, n: [m / n for m in mistakes])),
        Mistake("The list must hold the mistakes of the parameters that you keep, so it never "
                "rises.", partial(trial_and_error, noted=lambda kept, tried: tried),
                when=lambda got, want, args: np.allclose(got[0], want[0])),
    ],
    hints=["Write a helper that counts the mistakes of three numbers: "
           "((X @ p[:2] + p[2] > 0) != y).sum().",
           "In the loop: trial = parameters + change, which makes a new array.",
           "If the trial makes no more mistakes than the last number in your list, it becomes "
           "parameters, and its mistakes are appended; otherwise append the last again."],
)
