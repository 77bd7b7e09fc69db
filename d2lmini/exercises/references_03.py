"""Right answers to the exercises of lesson 03, typical wrong ones, and random inputs.

lesson_03.py makes the exercises from these.
"""

import numpy as np

from .spec import Case, Code

# --- mean_squared_error ---


def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError("the shapes differ")
    return np.mean((prediction.astype(float) - truth) ** 2)


def whole_table(prediction, truth):
    return np.mean((prediction - truth) ** 2)


def some_predictions(rng):
    shape = tuple(rng.integers(1, 5, int(rng.integers(1, 3))))
    return {"prediction": rng.normal(size=shape), "truth": rng.normal(size=shape)}


# --- linear_gradients ---


def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(X) * X.T @ error, 2 * error.mean()


def changed(change):
    return lambda X, y, w, b: change(*linear_gradients(X, y, w, b), len(X))


def some_regression(rng):
    n, d = (int(v) for v in rng.integers(1, 6, 2))
    return {"X": rng.normal(size=(n, d)), "y": rng.normal(size=n), "w": rng.normal(size=d),
            "b": float(rng.normal())}


# --- standardize ---


def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[std == 0] = 1.0
    return (train - mean) / std, (test - mean) / std


def own_statistics(train, test):
    return standardize(train, train)[0], standardize(test, test)[0]


def joint_statistics(train, test):
    both = np.concatenate([train, test])
    return standardize(both, train)[1], standardize(both, test)[1]


def one_mean_for_all(train, test):
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def divided_by_n_minus_1(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)
    return (train - mean) / std, (test - mean) / std


def not_divided(train, test):
    return train - train.mean(axis=0), test - train.mean(axis=0)


def some_features(rng):
    d = int(rng.integers(1, 4))
    scale, shift = 10.0 ** rng.integers(-4, 4, d), rng.normal(size=d)
    return {"train": (rng.normal(size=(int(rng.integers(2, 7)), d)) + shift) * scale,
            "test": (rng.normal(size=(int(rng.integers(1, 4)), d)) + shift) * scale}


# --- fit_price_model ---


def price_columns(time, size, region, regions):
    onehot = [[float(r == name) for name in regions] for r in region]
    return np.column_stack([time, size, np.array(onehot)])


def fit_price_model(time, size, region, price, regions):
    return np.linalg.lstsq(price_columns(time, size, region, regions), price, rcond=None)[0]


def sorted_regions(time, size, region, price, regions):
    return fit_price_model(time, size, region, price, sorted(regions))


def in_order_of_appearance(time, size, region, price, regions):
    return fit_price_model(time, size, region, price, list(dict.fromkeys(region)))


def bias_cut_off(time, size, region, price, regions):
    A = np.column_stack([price_columns(time, size, region, regions), np.ones(len(time))])
    return np.linalg.lstsq(A, price, rcond=None)[0][:-1]


def region_as_number(time, size, region, price, regions):
    number = [regions.index(name) for name in region]
    A = np.column_stack([time, size, number, np.ones(len(number))])
    return np.linalg.lstsq(A, price, rcond=None)[0]


def prices(rng, n, regions):
    region = [*regions, *(str(r) for r in rng.choice(regions, n - len(regions)))]
    region = [region[i] for i in rng.permutation(n)]
    time, size = rng.uniform(0, 10, n).round(1), rng.uniform(1, 5, n).round(1)
    level = rng.normal(20, 5, len(regions))
    price = 2 * time - 3 * size + [level[regions.index(r)] for r in region] + rng.normal(size=n)
    return {"time": time, "size": size, "region": region, "price": price, "regions": regions}


def some_prices(rng):
    regions = [str(r) for r in rng.permutation(["north", "south", "east", "west"])]
    return prices(rng, int(rng.integers(8, 14)), regions[:int(rng.integers(1, 5))])



# --- batches ---


def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        yield X[rows], y[rows]


RNG = Code("np.random.default_rng(0)")
BATCHES = "list(batches(X, y, batch_size, rng))"


def shapes(parts, args):
    return [(a.shape, b.shape) for a, b in parts]


def each_once(parts, args):
    return sorted(float(v) for _, b in parts for v in b)


def together(parts, args):
    return ["together" if (a[:, 0] == b).all() else "apart" for a, b in parts]


def order(parts):
    return [float(v) for _, b in parts for v in b]


def in_place(parts, args):
    return "the order of the rows" if order(parts) == args["rows"] else "a new order"


def first_rows(parts, args):
    same = sorted(parts[0][1].tolist()) == args["y"][:9].tolist()
    return "the first 9 rows" if same else "9 of all rows"


def neighbors(parts, args):
    follow = np.diff(order(parts)) == 2  # in 30 rows in a random order about one does
    return "rows in their old order" if follow.sum() >= 15 else "rows in a new order"


def same_twice(epochs, args):
    return "equal" if order(epochs[0]) == order(epochs[1]) else "different"


def pairs(n, batch_size):
    X = np.column_stack([np.arange(n) + 10.0, np.zeros(n)])
    return {"X": X, "y": X[:, 0].copy(), "batch_size": batch_size, "rng": RNG}


def some_batches(rng):
    look = (shapes, each_once, together)[rng.integers(3)]
    return Case(BATCHES, pairs(int(rng.integers(1, 20)), int(rng.integers(1, 8))), look)


# --- train_linear ---


def train_linear(X, y, rate, batch_size, epochs, gradients=linear_gradients):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        for start in range(0, len(X), batch_size):
            rows = slice(start, start + batch_size)
            by_w, by_b = gradients(X[rows], y[rows], w, b)
            w, b = w - rate * by_w, b - rate * by_b
        losses.append(float(np.mean((X @ w + b - y) ** 2)))
    return w, b, losses


def with_gradients(change):
    return lambda X, y, rate, batch_size, epochs: train_linear(
        X, y, rate, batch_size, epochs,
        lambda *at: change(*linear_gradients(*at), len(at[0]), batch_size))


def bias_after_weight(X, y, rate, batch_size, epochs):
    def one_after_the_other(X, y, w, b):
        by_w = linear_gradients(X, y, w, b)[0]
        return by_w, linear_gradients(X, y, w - rate * by_w, b)[1]

    return train_linear(X, y, rate, batch_size, epochs, one_after_the_other)


def no_short_batch(X, y, rate, batch_size, epochs):
    whole = len(X) // batch_size * batch_size
    w, b, _ = train_linear(X[:whole], y[:whole], rate, batch_size, epochs)
    return w, b, [float(np.mean((X @ v[0] + v[1] - y) ** 2)) for v in (
        train_linear(X[:whole], y[:whole], rate, batch_size, k + 1) for k in range(epochs))]


def some_training(rng):
    n, d = int(rng.integers(1, 12)), int(rng.integers(1, 4))
    return {"X": rng.normal(size=(n, d)), "y": rng.normal(size=n), "rate": 0.05,
            "batch_size": int(rng.integers(1, 6)), "epochs": int(rng.integers(1, 4))}
