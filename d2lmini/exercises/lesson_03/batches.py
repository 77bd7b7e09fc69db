"""A mini-batch iterator."""

from functools import partial

import numpy as np

from ..spec import Case, Code, Exercise, Mistake

RNG = Code("np.random.default_rng(0)")
BATCHES = "list(batches(X, y, batch_size, rng))"
EPOCHS = "[list(batches(X, y, 9, rng)), list(batches(X, y, 9, {}))]"
MANY = {"X": np.arange(60.0).reshape(30, 2), "y": np.arange(0.0, 60, 2), "rng": RNG}


def batches(X, y, batch_size, rng, *, order=lambda n, size, rng: rng.permutation(n),
            other=lambda rows, n, rng: rows, stop=lambda n, size: n):
    drawn = order(len(X), batch_size, rng)
    for start in range(0, stop(len(X), batch_size), batch_size):
        rows = drawn[start:start + batch_size]
        yield X[rows], y[other(rows, len(X), rng)]


def within(n, size, rng):
    parts = [a + rng.permutation(min(size, n - a)) for a in range(0, n, size)]
    return np.concatenate([np.zeros(0, int), *parts])


def even(X, y, batch_size, rng):
    for rows in np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size) or 1):
        if len(rows):
            yield X[rows], y[rows]


def shapes(parts, args):
    return [(a.shape, b.shape) for a, b in parts]


def each_once(parts, args):
    return sorted(float(v) for _, b in parts for v in b)


def together(parts, args):
    return ["together" if (a[:, 0] == b).all() else "apart" for a, b in parts]


def drawn(parts):
    return [float(v) for _, b in parts for v in b]


def in_place(parts, args):
    return "the order of the rows" if drawn(parts) == args["rows"] else "a new order"


def first_rows(parts, args):
    same = sorted(parts[0][1].tolist()) == args["y"][:9].tolist()
    return "the first 9 rows" if same else "9 of all rows"


def neighbors(parts, args):
    follow = np.diff(drawn(parts)) == 2  # in 30 rows in a random order about one does
    return "rows in their old order" if follow.sum() >= 15 else "rows in a new order"


def same_twice(epochs, args):
    return "equal" if drawn(epochs[0]) == drawn(epochs[1]) else "different"


def pairs(n, batch_size):
    X = np.column_stack([np.arange(n) + 10.0, np.zeros(n)])
    return {"X": X, "y": X[:, 0].copy(), "batch_size": batch_size, "rng": RNG}


def random(rng):
    view = (shapes, each_once, together)[rng.integers(3)]
    return Case(BATCHES, pairs(int(rng.integers(1, 20)), int(rng.integers(1, 8))), view)


EXERCISE = Exercise(
    batches,
    program=BATCHES,
    fixed=[
        Case("batches(X, y, batch_size, rng) is None", pairs(4, 2)),
        Case(BATCHES, pairs(6, 2), shapes),
        Case(BATCHES, pairs(7, 3), shapes),
        Case(BATCHES, pairs(3, 10), shapes),
        Case(BATCHES, pairs(0, 4), shapes),
        Case(BATCHES, pairs(7, 3), each_once),
        Case(BATCHES, pairs(7, 3), together),
        Case("list(batches(X, y, 9, rng))", {**MANY, "rows": list(range(0, 60, 2))}, in_place),
        Case("list(batches(X, y, 9, rng))", MANY, first_rows),
        Case("list(batches(X, y, 9, rng))", MANY, neighbors),
        Case(EPOCHS.format("rng"), MANY, same_twice),
        Case(EPOCHS.format("rng_2"), {**MANY, "rng_2": RNG}, same_twice),
    ],
    random=random,
    mistakes=[
        Mistake("Nothing was handed out: write yield in the loop.",
                lambda X, y, batch_size, rng: None,
                when=lambda got, want, args: got is True and "batch_size" in args),
        Mistake("The examples come in the order of the rows. Shuffle them: "
                "rng.permutation(len(X)).", partial(batches, order=lambda n, size, rng: range(n)),
                when=lambda got, want, args: got == "the order of the rows"),
        Mistake("Only the examples within a batch changed places. Shuffle all of them, and then "
                "cut into batches.", partial(batches, order=within),
                when=lambda got, want, args: got == "the first 9 rows"),
        Mistake("Most rows still come right after the row before them in X, as if the order were "
                "only rotated or cut. Draw it by rng.permutation(len(X)).",
                partial(batches, order=lambda n, size, rng: np.roll(
                    np.arange(n), rng.integers(1 << 31))),
                when=lambda got, want, args: got == "rows in their old order"),
        Mistake("Two epochs had the same order. Draw a new one from rng at each call.",
                partial(batches, order=lambda n, size, rng: np.random.default_rng(
                    0).permutation(n)),
                when=lambda got, want, args: got == "equal" and "rng_2" not in args),
        Mistake("Equal generators must give equal batches: draw from the rng that is given, not "
                "from np.random.",
                partial(batches, order=lambda n, size, rng: np.random.default_rng().permutation(n)),
                when=lambda got, want, args: "rng_2" in args),
        Mistake("A batch is a pair, rows of X and entries of y. And return ends the function at "
                "the first batch; yield hands out one after the other.",
                lambda *args: next(batches(*args), ()),
                when=lambda got, want, args: isinstance(got[0], tuple) and len(got[0][0]) < 2),
        Mistake("The last, shorter batch is missing. Every example belongs to an epoch.",
                partial(batches, stop=lambda n, size: n // size * size),
                when=lambda got, want, args: len(got) < len(want) or (isinstance(got[0], float)
                and len(got) < len(args["X"]))),
        Mistake("There is an empty batch at the end.",
                partial(batches, stop=lambda n, size: (n // size + 1) * size),
                when=lambda got, want, args: got[-1][0][0] == 0),
        Mistake("Rows and targets do not belong together any more: take the same rows of X and of "
                "y.", partial(batches, other=lambda rows, n, rng: rows[::-1]),
                when=lambda got, want, args: "apart" in got),
        Mistake("Each example must come exactly once in an epoch: draw one permutation and cut it "
                "into pieces.", partial(batches, order=lambda n, size, rng: rng.integers(
                    max(n, 1), size=n)),
                when=lambda got, want, args: isinstance(got[0], float)),
        Mistake("Each batch holds batch_size examples, and only the last may be shorter.", even,
                when=lambda got, want, args: isinstance(got[0], tuple)),
    ],
    hints=[
        "Draw a new order at each call: order = rng.permutation(len(X)), row numbers.",
        "range(0, len(X), batch_size) gives the positions at which the batches begin.",
        "rows = order[start:start + batch_size] is shorter at the end by itself.",
        "yield X[rows], y[rows] in the loop hands the batches out one by one.",
    ],
    bans=("data.DataLoader", "utils.data.BatchSampler"),
)
