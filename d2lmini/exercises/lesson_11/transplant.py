"""Weights of a trained network for another one, where names and shapes fit."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def transplant(old, new, *, fits=lambda a, b: a.shape == b.shape, extra=False, report=False):
    state, fresh = {}, []
    for name, p in new.items():
        taken = name in old and fits(old[name], p)
        state[name] = old[name] if taken else p
        if taken == report:
            fresh.append(name)
    if extra:
        state |= {name: p for name, p in old.items() if name not in new}
    return state, fresh


def random(rng):
    def layers():
        return {f"{i}.{kind}": rng.normal(size=rng.integers(1, 3, 1 + (kind == "weight")))
                for i in rng.permutation(4)[:rng.integers(1, 5)] for kind in ("weight", "bias")}
    return {"old": layers(), "new": layers()}


W, B = np.ones((2, 3)), np.arange(2.0)
but = partial(partial, transplant)
EXERCISE = Exercise(
    transplant,
    fixed=[
        {"old": {"0.weight": W, "0.bias": B}, "new": {"0.weight": 0 * W, "0.bias": 0 * B}},
        {"old": {"0.weight": W, "2.weight": W}, "new": {"0.weight": 0 * W, "2.weight": B}},
        {"old": {"0.weight": W, "5.bias": B}, "new": {"0.weight": 0 * W, "7.bias": 0 * B}},
        {"old": {"0.weight": W}, "new": {"1.bias": 0 * B, "0.weight": 0 * W.T, "3.bias": B}},
    ],
    random=random,
    mistakes=[
        Mistake("The same number of numbers is not the same shape. Compare the shapes.",
                but(fits=lambda a, b: a.size == b.size)),
        Mistake("A name is in both, but the shapes differ. Such a weight cannot be taken over: "
                "keep the new one.", but(fits=lambda a, b: True)),
        Mistake("The new network has no such name. Take only what is in new.", but(extra=True)),
        Mistake("The second result is the names of those that were *not* taken over: these still "
                "have to be learned.", but(report=True)),
        Mistake("These are the new network's own weights. Where name and shape fit, take the old "
                "ones.", lambda old, new: (dict(new), transplant(old, new)[1])),
        Mistake("The list should have the order of new.",
                lambda old, new: (transplant(old, new)[0], transplant(old, new)[1][::-1])),
    ],
    hints=[
        "Go through new.items(). A name that is not in old keeps its new weight.",
        "if name in old and old[name].shape == p.shape: take old[name].",
        "Otherwise keep p and append the name to a list. Return the dictionary and the list.",
    ],
)
