"""Right answers to the exercises of lesson 03, linear regression, written unlike the solution."""

RIGHT = {
    "mean_squared_error": ["""
def mean_squared_error(prediction, truth):
    if np.shape(prediction) != np.shape(truth):
        raise ValueError("different shapes")
    difference = np.array(prediction, dtype=float) - np.array(truth, dtype=float)
    return float((difference * difference).sum() / difference.size)
""", """
def mean_squared_error(prediction, truth):
    if prediction.ndim == truth.ndim and prediction.shape == truth.shape:
        pairs = zip(prediction.ravel().tolist(), truth.ravel().tolist())
        return sum((p - t) ** 2 for p, t in pairs) / prediction.size
    raise ValueError(f"{prediction.shape} is not {truth.shape}")
"""],
    "linear_gradients": ["""
def linear_gradients(X, y, w, b):
    n, d = X.shape
    by_w, by_b = np.zeros(d), 0.0
    for i in range(n):
        error = sum(X[i, j] * w[j] for j in range(d)) + b - y[i]
        by_w += 2 * error * X[i] / n
        by_b += 2 * error / n
    return by_w, by_b
""", """
def linear_gradients(X, y, w, b):
    A = np.column_stack([X, np.ones(len(X))])
    both = 2 * A.T @ (A @ np.append(w, b) - y) / len(y)
    return both[:-1], both[-1]
""", """
def linear_gradients(X, y, w, b):
    e = np.dot(X, w) - (y - b)
    return [np.mean(2 * e[:, None] * X, axis=0), np.mean(2 * e)]
"""],
    "standardize": ["""
def standardize(train, test):
    mean = np.mean(train, axis=0)
    variance = np.mean((train - mean) ** 2, axis=0)
    divisor = np.where(variance == 0, 1, np.sqrt(variance))
    return tuple((x - mean) / divisor for x in (train, test))
""", """
def standardize(train, test):
    a, b = train.astype(float), test.astype(float)
    for j in range(train.shape[1]):
        mean, std = train[:, j].mean(), train[:, j].std()
        a[:, j] -= mean
        b[:, j] -= mean
        if std > 0:
            a[:, j] /= std
            b[:, j] /= std
    return a, b
"""],
    "fit_price_model": ["""
def fit_price_model(time, size, region, price, regions):
    A = np.zeros((len(time), 2 + len(regions)))
    A[:, 0], A[:, 1] = time, size
    for i, name in enumerate(region):
        A[i, 2 + regions.index(name)] = 1
    return np.linalg.solve(A.T @ A, A.T @ price)
""", """
def fit_price_model(time, size, region, price, regions):
    columns = [time, size] + [np.array(region) == name for name in regions]
    A = np.array(columns, dtype=float).T
    return np.linalg.pinv(A) @ price
"""],
    "batches": ["""
def batches(X, y, batch_size, rng):
    rows = list(range(len(y)))
    rng.shuffle(rows)
    parts = []
    while rows:
        now, rows = rows[:batch_size], rows[batch_size:]
        parts.append((X[now], y[now]))
    return parts
""", """
def batches(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    X, y = X[order], y[order]
    k = 0
    while k < len(X):
        yield X[k:k + batch_size], y[k:k + batch_size]
        k += batch_size
"""],
    "train_linear": ["""
def train_linear(X, y, rate, batch_size, epochs):
    A = np.column_stack([X, np.ones(len(X))])
    theta, losses = np.zeros(A.shape[1]), []
    for _ in range(epochs):
        k = 0
        while k < len(A):
            a = A[k:k + batch_size]
            theta -= rate * 2 * a.T @ (a @ theta - y[k:k + batch_size]) / len(a)
            k += batch_size
        losses.append(float(np.mean((A @ theta - y) ** 2)))
    return theta[:-1], theta[-1], losses
""", """
def train_linear(X, y, rate, batch_size, epochs):
    w, b, losses = [0.0] * X.shape[1], 0.0, []
    for epoch in range(epochs):
        for start in range(0, len(X), batch_size):
            rows = range(start, min(start + batch_size, len(X)))
            errors = [sum(X[i, j] * w[j] for j in range(len(w))) + b - y[i] for i in rows]
            for j in range(len(w)):
                w[j] -= rate * 2 * sum(e * X[i, j] for e, i in zip(errors, rows)) / len(rows)
            b -= rate * 2 * sum(errors) / len(rows)
        squares = [(X[i] @ np.array(w) + b - y[i]) ** 2 for i in range(len(X))]
        losses.append(sum(squares) / len(squares))
    return np.array(w), b, losses
"""],
}
