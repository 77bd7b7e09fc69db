"""Find a rate and a momentum by experiment, for a narrow valley."""

import numpy as np

from ..spec import Case, Exercise, Mistake
from .Momentum import Momentum

STEPS, CURVATURES = 60, np.array([1.0, 100.0])


def choose_settings():
    return 0.03, 0.7


def outcome(settings, args):
    """What becomes of the walk from args["start"], of length 1."""
    rate, mu = (float(v) for v in settings)
    opt, p = Momentum(rate, mu), np.array(args["start"])
    path = [p := opt.step(p, CURVATURES * p) for _ in range(STEPS)]
    distance = np.linalg.norm(p)
    if not 0 <= mu < 1 or rate <= 0:
        return "no rate above 0 and mu from 0 to below 1"
    if distance < 0.01:
        return "a distance below 0.01"
    if not distance < 1:
        return "a walk that diverges"
    swings = np.sign(path[-30:])[:, 0]
    how = "without momentum" if mu == 0 else "still swinging" if len(set(swings)) > 1 else \
        "still creeping"
    return f"a distance of {distance:.2f}, {how}"


def start(*p):
    return Case("choose_settings()", {"start": p}, outcome, f"choose_settings(), from {p}")


EXERCISE = Exercise(
    choose_settings,
    fixed=[start(0.8, 0.6), start(1.0, 0.0), start(0.0, -1.0)],
    mistakes=[
        Mistake("A rate is above 0, and mu from 0 to just below 1.", lambda: (0.03, 1.0),
                when=lambda got, want, args: got.startswith("no rate")),
        Mistake("Along the steep axis each step jumps farther than the one before. Try a smaller "
                "rate.", lambda: (0.1, 0.5),
                when=lambda got, want, args: got.endswith("diverges")),
        Mistake("Without momentum no rate is good enough: the largest stable one is 0.02, and with "
                "it the flat axis keeps 98 % of its distance in each step.", lambda: (0.02, 0.0),
                when=lambda got, want, args: got.endswith("without momentum")),
        Mistake("The ball rolls through the bottom and back: its momentum lasts too long. Try a "
                "smaller mu.", lambda: (0.02, 0.95),
                when=lambda got, want, args: got.endswith("swinging")),
        Mistake("The flat axis is too slow: take a larger rate, and a larger mu to keep the steep "
                "axis calm.", lambda: (0.005, 0.5),
                when=lambda got, want, args: got.endswith("creeping")),
    ],
    hints=[
        "In a cell of your own, write the walk as a function of rate and mu that returns the final "
        "distance, and print a table: some rates down, some values of mu across.",
        "Along the steep axis, momentum allows a rate above 0.02: the limit is 2 (1 + mu) / 100.",
        "Look closely around mu = 0.75, with rates from 0.02 to 0.04.",
    ],
)
