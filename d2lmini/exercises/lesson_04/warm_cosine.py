"""A learning rate schedule: linear warm-up, then half a cosine."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake


def cosine(first, last, u):
    return last + (first - last) * (1 + np.cos(np.pi * u)) / 2


def warm_cosine(t, steps, warmup, top, low=0.0, *, rise=lambda t, warmup, top, low: top * (
        t + 1) / warmup, passed=lambda t, w, T: min(1, (t - w) / (T - w)), wave=cosine, late=0):
    if t < warmup + late:
        return rise(t, warmup, top, low)
    return wave(top, low, passed(t, warmup, steps))


def random(rng):
    warmup, steps = int(rng.integers(0, 6)), int(rng.integers(8, 40))
    return {"t": int(rng.integers(0, steps + 5)), "steps": steps, "warmup": warmup,
            "top": float(rng.uniform(0.1, 2)), "low": float(rng.uniform(0, 0.1))}


EXERCISE = Exercise(
    warm_cosine,
    fixed=[
        *({"t": t, "steps": 100, "warmup": 10, "top": 0.5, "low": 0.0}
          for t in (4, 0, 9, 10, 55, 99, 100, 120)),
        {"t": 0, "steps": 12, "warmup": 4, "top": 1.0, "low": 0.2},
        {"t": 7, "steps": 12, "warmup": 2, "top": 1.0, "low": 0.1},
        {"t": 0, "steps": 8, "warmup": 0, "top": 0.2, "low": 0.05},
        {"t": 30, "steps": 20, "warmup": 4, "top": 0.2, "low": 0.05},
        Case("[warm_cosine(t, 6, 2, 1.0) for t in range(8)]", {}),
    ],
    random=random,
    mistakes=[
        Mistake("The first rate is not 0 but top / warmup: use t + 1 while it rises.",
                partial(warm_cosine, rise=lambda t, warmup, top, low: top * t / warmup)),
        Mistake("The warm-up does not begin at low. It is top * (t + 1) / warmup.",
                partial(warm_cosine, rise=lambda t, warmup, top, low: low + (top - low) * (
                    t + 1) / warmup)),
        Mistake("At t = warmup the wave begins, with the rate top. The warm-up is t < warmup.",
                partial(warm_cosine, late=1)),
        Mistake("The wave ends at t = steps, not one step before: divide by steps - warmup.",
                partial(warm_cosine, passed=lambda t, w, T: min(1, (t - w) / (T - w - 1)))),
        Mistake("The wave must start where the warm-up ends: the fraction that has passed is "
                "(t - warmup) / (steps - warmup).",
                partial(warm_cosine, passed=lambda t, w, T: min(1, t / T))),
        Mistake("The wave has only steps - warmup steps: divide by these.",
                partial(warm_cosine, passed=lambda t, w, T: min(1, (t - w) / T))),
        Mistake("From t = steps on the rate stays at low; yours goes on with the wave.",
                partial(warm_cosine, passed=lambda t, w, T: (t - w) / (T - w))),
        Mistake("The wave ends at low, not at 0.",
                partial(warm_cosine, wave=lambda a, b, u: cosine(a, 0, u))),
        Mistake("You fall in a straight line. Fall along half a cosine.",
                partial(warm_cosine, wave=lambda a, b, u: a + (b - a) * u)),
        Mistake("You go from low to top. The rate falls: 1 + cos is 2 at the start.",
                partial(warm_cosine, wave=lambda a, b, u: cosine(b, a, u))),
    ],
    hints=[
        "Two cases: t < warmup, and the rest. Begin with the first, a straight line.",
        "For the rest, which fraction of the way from step warmup to step steps has passed? It is "
        "at most 1.",
        "With that fraction u: low + (top - low) * (1 + np.cos(np.pi * u)) / 2.",
    ],
    bans=("optim.lr_scheduler.CosineAnnealingLR", "optim.lr_scheduler.OneCycleLR",
          "optim.lr_scheduler._cosine"),
)
