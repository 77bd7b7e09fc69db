"""Find the rows whose height and weight are swapped, and repair them."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def mend_swapped(height, weight, reported_height, reported_weight, *, size=abs,
                 better=lambda exchanged, stored: exchanged < stored):
    stored = size(height - reported_height) + size(weight - reported_weight)
    exchanged = size(weight - reported_height) + size(height - reported_weight)
    swapped = better(exchanged, stored)
    return np.where(swapped, weight, height), np.where(swapped, height, weight)


def overwriting(height, weight, reported_height, reported_weight):
    height, weight = mend_swapped(height, weight, reported_height, reported_weight)[0], weight
    return height, np.where(height == weight, height, weight)


def people(*columns):
    names = "height", "weight", "reported_height", "reported_weight"
    return {name: np.array(column) for name, column in zip(names, columns)}


def random(rng):
    n = rng.integers(1, 12)
    height, weight = rng.normal(170, 9, n).round(), rng.normal(65, 12, n).round()
    told_h, told_w = height + rng.integers(-3, 4, n), weight + rng.integers(-3, 4, n)
    swap = rng.random(n) < 0.3
    height[swap], weight[swap] = weight[swap], height[swap]
    told_h[rng.random(n) < 0.2], told_w[rng.random(n) < 0.2] = np.nan, np.nan
    return people(height, weight, told_h, told_w)


EXERCISE = Exercise(
    mend_swapped,
    fixed=[
        people([182.0, 57.0, 161.0], [77.0, 166.0, 53.0], [180.0, 163.0, 159.0],
               [77.0, 56.0, 51.0]),
        people([57.0, 60.0, 170.0], [166.0, 171.0, 60.0], [np.nan, 170.0, 170.0],
               [56.0, np.nan, 61.0]),
        people([150.0], [150.0], [170.0], [90.0]), people([100.0], [110.0], [105.0], [105.0]),
        people([100.0, 104.0], [90.0, 120.0], [80.0, 110.0], [105.0, 100.0]),
        people([170.0, 80.0], [60.0, 180.0], [171.0, 181.0], [61.0, 80.0]),
    ],
    random=random,
    tries=20,
    mistakes=[
        Mistake("Every row is exchanged. Exchange only those that fit better afterwards.",
                lambda height, weight, reported_height, reported_weight: (weight, height),
                when=lambda got, want, args: len(got[0]) > 1
                and np.array_equal(got[0], args["weight"])),
        Mistake("A row with a missing report (nan) was exchanged. Without evidence, leave it: "
                "a comparison with nan is False, and its opposite True.",
                partial(mend_swapped, better=lambda exchanged, stored: ~(exchanged >= stored))),
        Mistake("A swapped row now has the same number twice: the height was overwritten before "
                "it was read. Keep a copy of the old one.", overwriting),
        Mistake("Nothing was exchanged. Did you take the absolute differences, with abs? With "
                "their signs the two sums are always equal.",
                partial(mend_swapped, size=lambda d: d),
                when=lambda got, want, args: np.array_equal(got[0], args["height"])
                and np.array_equal(got[1], args["weight"])),
        Mistake("Here both sums are equal, so nothing says that the row was swapped. Exchange "
                "only where the second sum is smaller: <, not <=.",
                partial(mend_swapped, better=lambda exchanged, stored: exchanged <= stored)),
        Mistake("Height comes first, then weight. Here they are in the other order.",
                lambda *columns: mend_swapped(*columns)[::-1],
                when=lambda got, want, args: np.array_equal(got[0], want[1])),
    ],
    hints=["Compute two sums of differences for all people at once: one for the row as it is "
           "stored, one for height and weight exchanged.",
           "stored = abs(height - reported_height) + abs(weight - reported_weight)",
           "swapped = exchanged < stored is False where a report is nan, as it should be.",
           "np.where(swapped, weight, height) takes weight where swapped is True, else height, "
           "and changes neither."],
)
