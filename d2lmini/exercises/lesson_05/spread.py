"""Variance and standard deviation, of a population and of a sample."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake

SCORES = np.array([72, 94, 79, 83, 65, 81, 73, 67, 85, 82])


def spread(values, sample=False, *, size=np.square, n=lambda values, sample: len(values) - sample,
           root=np.sqrt):
    variance = size(values - values.mean()).sum() / n(values, sample)
    return variance, root(variance)


def by_moments(values, sample=False):
    n = len(values)
    variance = ((values**2).mean() - values.mean() ** 2) * (n / (n - 1) if sample else 1)
    return variance, np.sqrt(variance)


EXERCISE = Exercise(
    spread,
    program="spread(values, sample)",
    fixed=[
        Case("spread(values)", {"values": np.array([1.0, 5.0, 9.0])}),
        {"values": np.array([1.0, 5.0, 9.0]), "sample": True},
        {"values": SCORES, "sample": False},
        {"values": SCORES, "sample": True},
        {"values": np.array([-3.5]), "sample": False},
        {"values": np.array([1e9, 1e9 + 1, 1e9 + 4]), "sample": False},
    ],
    random=lambda rng: {"values": rng.normal(size=rng.integers(2, 9)) * 10 - 5,
                        "sample": bool(rng.random() < 0.5)},
    mistakes=[
        Mistake("The first number is the variance, the second its square root; yours are "
                "exchanged.", lambda values, sample=False: spread(values, sample)[::-1]),
        Mistake("With sample=True divide by n - 1.",
                partial(spread, n=lambda values, sample: len(values))),
        Mistake("Divide by n - 1 only if sample is True.",
                partial(spread, n=lambda values, sample: len(values) - 1)),
        Mistake("The variance is right. The standard deviation is its square root.",
                partial(spread, root=lambda variance: variance / 2), part=1,
                when=lambda got, want, args: True),
        Mistake("Square the distances from the mean; you took their absolute values.",
                partial(spread, size=np.abs)),
        Mistake("You add up the squares, but do not divide by their number.",
                partial(spread, n=lambda values, sample: 1), part=0),
        Mistake("The mean of the squares minus the square of the mean loses all digits if the "
                "values are large. Subtract the mean first, then square.", by_moments,
                when=lambda got, want, args: args["values"].mean() > 1e8),
    ],
    hints=[
        "Subtract the mean from each value, and square.",
        "The sum of these squares, divided by n, or by n - 1 for a sample, is the variance.",
        "Return variance, np.sqrt(variance).",
    ],
    bans=("np.var", "np.std", "np.cov", "Tensor.var", "Tensor.cov"),
)
