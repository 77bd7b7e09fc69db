"""Why a network with ReLUs is stuck: its dead neurons, and the lowest loss that is left to it."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake
from ._network import PATTERNS, XOR


def entropy(q):
    return 0.0 if q in (0, 1) else -q * np.log(q) - (1 - q) * np.log(1 - q)


def diagnose(W1, b1, X, y, *, off=lambda H: (H == 0).all(axis=0), entropy=entropy,
             merge=lambda H, Z: H, share=lambda group, groups: len(group) / sum(map(len, groups))):
    Z = X @ W1.T + b1
    H = np.maximum(0, Z)
    _, number = np.unique(merge(H, Z), axis=0, return_inverse=True)
    groups = [y[number.ravel() == k] for k in range(number.max() + 1)]
    floor = sum(share(group, groups) * entropy(group.mean()) for group in groups)
    return int(off(H).sum()), float(floor)


def bits(W1, b1, d=2, y=XOR):
    X = PATTERNS if d == 2 else np.array([[k >> j & 1 for j in range(d)] for k in range(2 ** d)])
    return {"W1": np.array(W1, float), "b1": np.array(b1, float), "X": X.astype(float), "y": y}


def random(rng):
    d, m = int(rng.integers(2, 5)), int(rng.integers(1, 5))
    y = rng.integers(0, 2, size=(2 ** d, 1)).astype(float)
    y[:2] = [[0], [1]]
    return bits(rng.integers(-2, 3, size=(m, d)), rng.integers(-3, 2, size=m), d, y)


def unsafe(q):
    with np.errstate(all="ignore"):
        return -q * np.log(q) - (1 - q) * np.log(1 - q)


but = partial(partial, diagnose)
EXERCISE = Exercise(
    diagnose,
    fixed=[bits([[1, 1], [-1, -1]], [-1, -1]),              # one dead, three patterns merged
           bits([[-1, -1], [-2, 0]], [0, -1]),              # both dead, all merged
           bits([[1, 1], [1, 1]], [0, -1]),                 # by hand, solved
           bits([[2, 0], [2, 0], [-1, -1]], [-1, 0, -2]),   # two groups of two
           bits([[1, 1, 1], [-1, -1, -1]], [-1, 1], 3,      # parity of three bits
                np.array([[0.0], [1], [1], [0], [1], [0], [0], [1]]))],
    random=random,
    mistakes=[
        Mistake("First the number of dead neurons, then the floor; yours are exchanged.",
                lambda *args: diagnose(*args)[::-1]),
        Mistake("The floor is not a number: a group of ones only, or of zeros only, costs nothing, "
                "but 0 · log(0) is nan. Leave such groups out.", but(entropy=unsafe),
                when=lambda got, want, args: not np.isfinite(got[1])),
        Mistake("A neuron is dead if it is off for *every* pattern; you counted those that are off "
                "for at least one.", but(off=lambda H: (H == 0).any(axis=0))),
        Mistake("You counted patterns for which all neurons are off. Look at each neuron, a column "
                "of H, over all patterns: axis=0.", but(off=lambda H: (H == 0).all(axis=1))),
        Mistake("A dead neuron is one with z ≤ 0 for every pattern: it gives exactly 0 there. You "
                "counted the others.", but(off=lambda H: (H > 0).any(axis=0))),
        Mistake("Merge by what the output sees: the rows of H, after the ReLU, not those of Z.",
                but(merge=lambda H, Z: Z)),
        Mistake("This is the floor if all patterns are merged. Only those with equal rows of H "
                "are.", but(merge=lambda H, Z: 0 * H)),
        Mistake("Each group counts by its share of the patterns: its number of patterns divided "
                "by the number of all.", but(share=lambda group, groups: 1 / len(groups))),
        Mistake("This adds the groups up without their shares. The loss is a mean over patterns.",
                but(share=lambda group, groups: 1)),
        Mistake("This is the sum over the patterns. The loss is their mean.",
                but(share=lambda group, groups: len(group))),
        Mistake("Use the natural logarithm, np.log, as the loss does.",
                but(entropy=lambda q: entropy(q) / np.log(2))),
        Mistake("The number of dead neurons is right. Look at the floor: for each group of "
                "patterns with equal rows of H, its share times S(q), with q its fraction of ones.",
                but(entropy=lambda q: min(q, 1 - q)), part=1,
                when=lambda got, want, args: True),
    ],
    hints=["H = np.maximum(0, X @ W1.T + b1). A neuron is a column of H, a pattern is a row.",
           "Put the patterns into groups with equal rows of H: tuple(row) can be the key of a "
           "dictionary.",
           "A group with a fraction q of ones costs S(q) = -q log(q) - (1 - q) log(1 - q) for each "
           "of its patterns; with q = 0 or 1 it costs nothing.",
           "The floor is the sum over the groups of len(group) / len(X) * S(q)."],
)
