"""Folds for cross-validation that keep the pictures of a maker together."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def folds_by_maker(makers, k, *, key=lambda maker, counts: (-counts[maker], maker), weigh=True,
                   pick=np.argmin):
    counts = {maker: makers.count(maker) for maker in makers}
    filled, place = np.zeros(k, int), {}
    for maker in sorted(counts, key=lambda maker: key(maker, counts)):
        place[maker] = int(pick(filled))
        filled[place[maker]] += counts[maker] if weigh else 1
    return np.array([place[maker] for maker in makers])


def random(rng):
    people = ["ada", "bo", "cy", "di", "eve", "flo", "gus"][:rng.integers(2, 8)]
    makers = people + [people[i] for i in rng.integers(0, len(people), rng.integers(2, 12))]
    return {"makers": [makers[i] for i in rng.permutation(len(makers))],
            "k": int(rng.integers(2, 4))}


def scattered(got, want, args):
    return len(set(zip(args["makers"], np.asarray(got).tolist()))) > len(set(args["makers"]))


but = partial(partial, folds_by_maker)
EXERCISE = Exercise(
    folds_by_maker,
    fixed=[
        {"makers": ["ada", "ada", "bo", "cy"], "k": 2},
        {"makers": ["bo", "ada", "bo", "ada"], "k": 2},
        {"makers": ["d", "c", "b", "a", "a", "a", "a"], "k": 3},
        {"makers": ["a", "b", "b", "b", "c", "c"], "k": 2},
        {"makers": ["a", "b", "b"], "k": 3},
    ],
    random=random,
    mistakes=[
        Mistake("Pictures of one maker are in several folds. That is what the folds should "
                "prevent.", lambda makers, k: np.arange(len(makers)) % k, when=scattered),
        Mistake("Begin with the maker who has *most* pictures: large ones first, so that small "
                "ones can fill up.", but(key=lambda maker, counts: (counts[maker], maker))),
        Mistake("Take the makers by their number of pictures, most first, not by their names.",
                but(key=lambda maker, counts: maker)),
        Mistake("Of makers with equally many pictures, the first in the alphabet comes first.",
                but(key=lambda maker, counts: (-counts[maker], [-ord(c) for c in maker]))),
        Mistake("Each maker goes to the fold with the fewest *pictures* so far, not with the "
                "fewest makers.", but(weigh=False)),
        Mistake("If several folds have equally few pictures, the first of them gets the maker.",
                but(pick=lambda filled: len(filled) - 1 - np.argmin(filled[::-1]))),
    ],
    hints=[
        "Count the pictures of each maker: {maker: makers.count(maker) for maker in makers}.",
        "sorted(counts, key=lambda maker: (-counts[maker], maker)) has those with most pictures "
        "first, and equal ones by name.",
        "Keep an array of k counts. For each maker, its argmin is the fold; then add the maker's "
        "pictures to its count. At the end look up each picture's maker.",
    ],
)
