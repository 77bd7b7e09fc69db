"""A price model with two numbers and a category, fitted by least squares."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake

FOUR = {"time": np.array([0.0, 1.0, 0.0, 0.0]), "size": np.array([1.0, 1.0, 2.0, 1.0]),
        "region": ["south", "south", "north", "north"], "price": np.array([5.0, 7.0, 10.0, 9.0]),
        "regions": ["south", "north"]}


def fit_price_model(time, size, region, price, regions, *, bias=False, code=np.eye,
                    order=lambda columns, onehot: [*columns, *onehot], names=lambda seen, all: all):
    regions = names(region, regions)
    onehot = code(len(regions))[[regions.index(name) for name in region]].T
    A = np.column_stack(order([time, size], np.atleast_2d(onehot)) + [np.ones(len(price))] * bias)
    return np.linalg.lstsq(A, price, rcond=None)[0]


def cut(*columns):
    return fit_price_model(*columns, bias=True)[:-1]


def prices(rng, n, regions):
    region = [*regions, *(str(r) for r in rng.choice(regions, n - len(regions)))]
    region = [region[i] for i in rng.permutation(n)]
    time, size = rng.uniform(0, 10, n).round(1), rng.uniform(1, 5, n).round(1)
    level = rng.normal(20, 5, len(regions))
    price = 2 * time - 3 * size + [level[regions.index(r)] for r in region] + rng.normal(size=n)
    return {"time": time, "size": size, "region": region, "price": price, "regions": regions}


def random(rng):
    regions = [str(r) for r in rng.permutation(["north", "south", "east", "west"])]
    return prices(rng, int(rng.integers(8, 14)), regions[:int(rng.integers(1, 5))])


EXERCISE = Exercise(
    fit_price_model,
    fixed=[
        FOUR,
        {**FOUR, "regions": ["north", "south"]},
        prices(np.random.default_rng(1), 9, ["USA", "Europe", "Japan"]),
        prices(np.random.default_rng(2), 6, ["here"]),
    ],
    random=random,
    mistakes=[
        Mistake("lstsq gives several things; the weights are the first, [0].",
                lambda *columns: (fit_price_model(*columns), np.array([]), 4),
                when=lambda got, want, args: isinstance(got, tuple)),
        Mistake("There is one column too many. With one-hot columns leave the bias out: the "
                "regions do its work.", partial(fit_price_model, bias=True),
                when=lambda got, want, args: len(got) == len(want) + 1),
        Mistake("Each of the regions needs a column of its own. Without a bias none is dropped, "
                "and one number for all would force equal steps between them.",
                partial(fit_price_model, code=np.arange),
                when=lambda got, want, args: len(got) < len(want)),
        Mistake("The region became one number, and there is a bias. Give each region a column of "
                "its own, and leave the bias out.",
                partial(fit_price_model, code=np.arange, bias=True)),
        Mistake("There is a bias beside the one-hot columns, and it took a part of their weights. "
                "Leave it out: the regions do its work.", cut),
        Mistake("The weights of the regions are in alphabetical order. Put them in the order of "
                "the list regions.", partial(fit_price_model, names=lambda seen, all: sorted(all))),
        Mistake("The weights of the regions are in the order in which the data mention them. Put "
                "them in the order of the list regions.",
                partial(fit_price_model, names=lambda seen, all: list(dict.fromkeys(seen)))),
        Mistake("Two weights are exchanged: time comes first, then size, then the regions.",
                partial(fit_price_model, order=lambda c, onehot: [*c[::-1], *onehot]),
                when=lambda got, want, args: np.allclose(got[[1, 0]], want[:2])),
        Mistake("The regions come after time and size.",
                partial(fit_price_model, order=lambda c, onehot: [*onehot, *c])),
    ],
    hints=[
        "First turn names into numbers: regions.index(name) is the column of a region.",
        "np.eye(k)[numbers] is the one-hot matrix (n, k), where k = len(regions).",
        "A = np.column_stack([time, size, onehot]) has the shape (n, 2 + k).",
        "np.linalg.lstsq(A, price, rcond=None)[0] are the best weights.",
    ],
)
