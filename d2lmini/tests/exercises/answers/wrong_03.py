"""Wrong answers to the exercises of lesson 03, linear regression, with the sentence they get."""

_PRICE = """
def fit_price_model(time, size, region, price, regions):
    onehot = np.eye(len(regions))[[regions.index(r) for r in region]]
    A = np.column_stack([time, size, onehot])
    return np.linalg.lstsq(A, price, rcond=None)[0]
"""
_TRAIN = """
def train_linear(X, y, rate, batch_size, epochs):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        for start in range(0, len(X), batch_size):
            x, t = X[start:start + batch_size], y[start:start + batch_size]
            error = x @ w + b - t
            by_w, by_b = 2 / len(x) * x.T @ error, 2 / len(x) * error.sum()
            w, b = w - rate * by_w, b - rate * by_b
        losses.append(((X @ w + b - y) ** 2).mean())
    return w, b, losses
"""
_BATCHES = """
def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        yield X[rows], y[rows]
"""

WRONG = {
    "mean_squared_error": [
        ("Compare the shapes first", """
def mean_squared_error(prediction, truth):
    return np.mean((prediction.astype(float) - truth) ** 2)
"""),
        ("Small whole numbers wrap around", """
def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError
    return np.mean((prediction - truth) ** 2)
"""),
        ("sum of the squares", """
def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError
    return np.sum((prediction.astype(float) - truth) ** 2)
"""),
        ("without the half", """
def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError
    return 0.5 * np.mean((prediction.astype(float) - truth) ** 2)
"""),
        ("mean absolute error", """
def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError
    return np.mean(abs(prediction.astype(float) - truth))
"""),
        ("the RMSE", """
def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError
    return np.sqrt(np.mean((prediction.astype(float) - truth) ** 2))
"""),
        ("an array of shape (3,); expected one number", """
def mean_squared_error(prediction, truth):
    return (prediction - truth) ** 2 / len(truth)
"""),
        ("Compare the shapes first", """
def mean_squared_error(prediction, truth):
    if len(prediction) != len(truth):
        raise ValueError
    return np.mean((prediction.astype(float) - truth) ** 2)
"""),
        ("mse_loss is not allowed", """
import d2lmini.functional as F
def mean_squared_error(prediction, truth):
    return F.mse_loss(prediction, truth).item()
"""),
    ],
    "linear_gradients": [
        ("the 2 of the square stays", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error / len(X), error.mean()
"""),
        ("prediction minus truth", """
def linear_gradients(X, y, w, b):
    error = y - X @ w - b
    return 2 / len(X) * X.T @ error, 2 * error.mean()
"""),
        ("divide by n = len(X)", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 * X.T @ error, 2 * error.sum()
"""),
        ("2 / n in front", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error, error.sum()
"""),
        ("No input stands in it", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(X) * X.T @ error, 2 * (X[:, 0] * error).mean()
"""),
        ("No input stands in it", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(X) * X.T @ error, 2 * error
"""),
        ("shape (d,): X.T @ error", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(X) * X * error[:, None], 2 * error.mean()
"""),
        ("adds up over the inputs", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    by_w = X @ error if X.shape[0] == X.shape[1] else X.T @ error
    return 2 / len(X) * by_w, 2 * error.mean()
"""),
        ("by_w is not", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / X.size * X.T @ error, 2 * error.mean()
"""),
        ("Return two things as a tuple", """
def linear_gradients(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(X) * X.T @ error
"""),
    ],
    "standardize": [
        ("its own mean", """
def standardize(train, test):
    def z(x):
        std = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(std == 0, 1, std)
    return z(train), z(test)
"""),
        ("both sets together", """
def standardize(train, test):
    both = np.concatenate([train, test])
    mean, std = both.mean(axis=0), both.std(axis=0)
    return (train - mean) / std, (test - mean) / std
"""),
        ("Each column has its own", """
def standardize(train, test):
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()
"""),
        ("divides by n - 1", """
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)
    return (train - mean) / std, (test - mean) / std
"""),
        ("not divided by", """
def standardize(train, test):
    mean, var = train.mean(axis=0), train.var(axis=0)
    return train - mean, test - mean
"""),
        ("put 1 in its place", """
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std
"""),
        ("Was the mean taken over each row", """
def standardize(train, test):
    mean, std = train.mean(axis=1, keepdims=True), train.std(axis=1, keepdims=True)
    std[std == 0] = 1.0
    return (train - mean) / std, (test - mean) / std
"""),
        ("a small one is no 0", """
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[std < 1e-3] = 1.0
    return (train - mean) / std, (test - mean) / std
"""),
        ("Nothing may be added", """
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / (std + 1e-8), (test - mean) / (std + 1e-8)
"""),
        ("changed its input train", """
def standardize(train, test):
    if train.dtype != float:
        train, test = train.astype(float), test.astype(float)
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[std == 0] = 1
    train -= mean
    test -= mean
    return train / std, test / std
"""),
        ("Return two arrays as a tuple", """
def standardize(train, test):
    return (train - train.mean(axis=0)) / train.std(axis=0)
"""),
    ],
    "fit_price_model": [
        ("leave the bias out", """
def fit_price_model(time, size, region, price, regions):
    onehot = np.eye(len(regions))[[regions.index(r) for r in region]]
    A = np.column_stack([time, size, onehot, np.ones(len(time))])
    return np.linalg.lstsq(A, price, rcond=None)[0]
"""),
        ("one number for all would", """
def fit_price_model(time, size, region, price, regions):
    number = np.array([regions.index(r) for r in region])
    A = np.column_stack([time, size, number])
    return np.linalg.lstsq(A, price, rcond=None)[0]
"""),
        ("and leave the bias out", """
def fit_price_model(time, size, region, price, regions):
    number = np.array([regions.index(r) for r in region])
    A = np.column_stack([time, size, number, np.ones(len(time))])
    return np.linalg.lstsq(A, price, rcond=None)[0]
"""),
        ("order of the alphabet", """
def fit_price_model(time, size, region, price, regions):
    names, number = np.unique(region, return_inverse=True)
    A = np.column_stack([time, size, np.eye(len(names))[number]])
    return np.linalg.lstsq(A, price, rcond=None)[0]
"""),
        ("beside the one-hot columns", _PRICE.replace("onehot]", "onehot, 0 * time + 1]").replace(
            "[0]", "[0][:-1]")),
        ("in which the data mention them", """
def fit_price_model(time, size, region, price, regions):
    names = list(dict.fromkeys(region))
    A = np.column_stack([time, size, np.eye(len(names))[[names.index(r) for r in region]]])
    return np.linalg.lstsq(A, price, rcond=None)[0]
"""),
        ("time comes first", _PRICE.replace("[time, size, onehot]", "[size, time, onehot]")),
        ("come after time and size", _PRICE.replace("[time, size, onehot]",
                                                    "[onehot, time, size]")),
        ("the weights are the first", _PRICE.replace("[0]", "")),
        ("is not in list", _PRICE.replace("for r in region]]", "for r in time]]")),
    ],
    "batches": [
        ("in the order of the rows", """
def batches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        yield X[start:start + batch_size], y[start:start + batch_size]
"""),
        ("not from np.random", """
def batches(X, y, batch_size, rng):
    order = np.random.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        yield X[rows], y[rows]
"""),
        ("last, shorter batch is missing", """
def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size):
        rows = order[k * batch_size:(k + 1) * batch_size]
        yield X[rows], y[rows]
"""),
        ("empty batch at the end", """
def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size + 1):
        rows = order[k * batch_size:(k + 1) * batch_size]
        yield X[rows], y[rows]
"""),
        ("do not belong together", """
def batches(X, y, batch_size, rng):
    one, other = rng.permutation(len(X)), rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[one[start:start + batch_size]], y[other[start:start + batch_size]]
"""),
        ("exactly once in an epoch", """
def batches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        rows = rng.integers(len(X), size=min(batch_size, len(X) - start))
        yield X[rows], y[rows]
"""),
        ("Only the examples within a batch", """
def batches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        rows = start + rng.permutation(min(batch_size, len(X) - start))
        yield X[rows], y[rows]
"""),
        ("only turned or cut", _BATCHES.replace(
            "rng.permutation(len(X))", "np.roll(np.arange(len(X)), rng.integers(1 << 31))")),
        ("only turned or cut", """
def batches(X, y, batch_size, rng):
    whole = len(X) // batch_size * batch_size
    for start in rng.permutation(np.arange(0, whole, batch_size)):
        yield X[start:start + batch_size], y[start:start + batch_size]
    if whole < len(X):
        yield X[whole:], y[whole:]
"""),
        ("yield hands out one after the other", _BATCHES.replace("yield", "return")),
        ("only the last may be shorter", """
def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for rows in np.array_split(order, -(-len(X) // batch_size) or 1):
        if len(rows):
            yield X[rows], y[rows]
"""),
        ("had the same order", """
def batches(X, y, batch_size, rng):
    order = np.random.default_rng(0).permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        yield X[rows], y[rows]
"""),
        ("changed its input", """
def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    for start in range(0, len(X), batch_size):
        yield X[start:start + batch_size], y[start:start + batch_size]
"""),
        ("write yield", """
def batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        X[rows], y[rows]
"""),
    ],
    "train_linear": [
        ("Each step is half", _TRAIN.replace("2 / len(x)", "1 / len(x)")),
        ("shape (1,); expected one number.", _TRAIN.replace("error.sum()", "sum(error)[None]")),
        ("walks uphill", _TRAIN.replace("w - rate * by_w, b - rate", "w + rate * by_w, b + rate")),
        ("divide by its number of rows", _TRAIN.replace("2 / len(x)", "2")),
        ("not by batch_size", _TRAIN.replace("len(x)", "batch_size")),
        ("w and b must move together", _TRAIN.replace(
            "w, b = w - rate * by_w, b - rate * by_b",
            "w = w - rate * by_w; b = b - rate * 2 * (x @ w + b - t).mean()")),
        ("A step looks at one batch", _TRAIN.replace("x, t = X[start:start + batch_size], "
                                                     "y[start:start + batch_size]", "x, t = X, y")
         .replace("len(X), batch_size", "len(X), len(X)")),
        ("shorter batch is missing", _TRAIN.replace("range(0, len(X), batch_size)",
                                                    "range(0, len(X) // batch_size * batch_size, "
                                                    "batch_size)")),
        ("the losses are not", _TRAIN.replace("((X @ w + b - y) ** 2)", "(error ** 2)")),
        ("the losses are not", _TRAIN.replace("((X @ w + b - y) ** 2).mean()",
                                              "((X @ w + b - y) ** 2).mean() / 2")),
        ("Return three things", _TRAIN.replace("return w, b, losses", "return w")),
        ("raised UFuncTypeError", _TRAIN.replace("np.zeros(X.shape[1])",
                                                 "np.zeros(X.shape[1], dtype=X.dtype)")
         .replace("w, b = w - rate * by_w, b - rate * by_b", "w -= rate * by_w; b -= rate * by_b")),
    ],
}
