"""Answers to the exercises of lesson 07, XOR."""

XOR = """
def xor_weights():
    return np.array({}), np.array({}), np.array({}), np.array({})
"""
PARITY = """
def parity_weights(n):
    k = np.arange(1, n + 1)
    return {}
"""
TABLES = """
def truth_tables(lines):
    p = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    o = (lines[:, :2] @ p.T + lines[:, 2:] > 0).astype(int)
    best = int((o == [0, 1, 1, 0]).sum(axis=1).max())
    return {}
"""
FOLD = """
def fold_to_parity(s, n):
    while {}:
        n = n // 2
        s = s - {} * np.maximum(0, s - n)
    return s
"""
LOSS = """
def count_solved(W1, b1, W2, b2, X, y):
    O = np.tanh(X @ W1 + b1) @ W2 + b2
    each = {}
    losses = each.{}
    return losses, {}
"""
TRAIN = """
def train_stack(W1, b1, W2, b2, X, y, lr, steps):
    W1, b1, W2, b2 = W1.copy(), b1.copy(), W2.copy(), b2.copy()
    for _ in range(steps):
        H = np.tanh(X @ W1 + b1)
        G_O = (1 / (1 + np.exp(-(H @ W2 + b2))) - y){}
        G_Z = G_O @ W2.swapaxes(1, 2){}
        W2 {} lr * H.swapaxes(1, 2) @ G_O
        b2 {} lr * G_O.sum(axis=1, keepdims=True)
        W1 {} lr * X.T @ G_Z
        b1 {} lr * G_Z.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2
"""
DOWN = ["-="] * 4
SLOPE = " * (1 - H ** 2)"

WRONG = {
    "xor_weights": [
        ("do not fit together", XOR.format("[[1, 1], [-1, -1]]", "[-0.5, 1.5]", "[[1], [1]]",
                                           "[-1.5]")),
        ("In this order, W1", XOR.format("[[1, 1], [-1, -1]]", "[[1, 1]]", "[-0.5, 1.5]",
                                         "[-1.5]")),
        ("off by up to 0.2", XOR.format("[[1, 1], [-1, -1]]", "[-0.1, 1.1]", "[[1, 1]]", "[-1.5]")),
        ("opposite of XOR", XOR.format("[[1, 1], [-1, -1]]", "[-0.5, 1.5]", "[[-1, -1]]", "[1.5]")),
        ("This is OR", XOR.format("[[1, 1], [1, 1]]", "[-0.5, -1.5]", "[[1, 1]]", "[-0.5]")),
        ("It never fires", XOR.format("[[1, 1], [-1, -1]]", "[-0.5, 1.5]", "[[1, 1]]", "[-2.5]")),
        ("for all four", XOR.format("[[1, 1], [-1, -1]]", "[-0.5, 1.5]", "[[1, 1]]", "[-0.5]")),
        ("One output is wanted",
         XOR.format("[[1, 1], [-1, -1]]", "[-0.5, 1.5]", "[[1, 1], [1, 1]]", "[-1.5, -1.5]")),
        ("Write down h1 and h2",
         XOR.format("[[1, 0], [0, 1]]", "[-0.5, -0.5]", "[[1, 1]]", "[-1.5]")),
        ("expected a tuple of 4 parts", "def xor_weights():\n    return [[1, 1]], [-1.5]\n"),
    ],
    "truth_tables": [
        ("at exactly 0 it does not",
         TABLES.format("np.unique(o, axis=0), best").replace("> 0", ">= 0")),
        ("with .astype(int)", TABLES.format("np.unique(o > 0, axis=0), best")),
        ("The right tables as floats", TABLES.format("np.unique(o * 1.0, axis=0), best")),
        ("expected a NumPy array of shape (1, 4).",
         TABLES.format("np.unique(o, axis=0).tolist(), best")),
        ("several times", TABLES.format("o, best")),
        ("not in order", TABLES.format("np.unique(o, axis=0)[::-1], best")),
        ("The bias is missing",
         TABLES.format("np.unique(o, axis=0), best").replace(" + lines[:, 2:]", "")),
        ("the best is wanted", TABLES.format("np.unique(o, axis=0), best").replace("max", "min")),
        ("Compare each with XOR", TABLES.format("np.unique(o, axis=0), len(np.unique(o, axis=0))")),
    ],
    "parity_weights": [
        ("n neurons, one for each count", """
def parity_weights(n):
    return [[1] * n], [-0.5], [[1]], [-0.5]
"""),
        ("off by up to 0.4", PARITY.format("np.ones((n, n)), 0.9 - k, [-(-1.0) ** k], [-0.5]")),
        ("do not fit together", PARITY.format("np.ones((n, n)), 0.5 - k, [[1]] * n, [-0.5]")),
        ("Look at the hidden layer",
         PARITY.format("np.ones((n, n)), -0.5 - k, [-(-1.0) ** k], [-0.5]")),
        ("its border lies at k - 1/2",
         PARITY.format("np.eye(n), 0.5 - k, [-(-1.0) ** k], [-0.5]")),
        ("turned around", PARITY.format("np.ones((n, n)), 0.5 - k, [(-1.0) ** k], [0.5]")),
        ("It fires for all that have a one",
         PARITY.format("np.ones((n, n)), 0.5 - k, np.ones((1, n)), [-0.5]")),
        ("It never fires", PARITY.format("np.ones((n, n)), 0.5 - k, [-(-1.0) ** k], [-1.5]")),
        ("W2 with +1", PARITY.format("np.ones((n, n)), 0.5 - k, [(-1.0) ** k], [-0.5]")),
        ("b1 begin with -1/2", PARITY.format("np.ones((n, n)), k - 0.5, [-(-1.0) ** k], [-0.5]")),
        ("b2 is below 0", PARITY.format("np.ones((n, n)), 0.5 - k, [-(-1.0) ** k], [0.5]")),
    ],
    "fold_to_parity": [
        ("One fold is right only", """
def fold_to_parity(s, n):
    return s - 2 * np.maximum(0, s - n / 2) if n > 1 else s
"""),
        ("take it away twice", FOLD.format("n > 1", 1)),
        ("The last fold, at 1", FOLD.format("n > 2", 2)),
        ("Between them the folded", "def fold_to_parity(s, n):\n    return s % 2\n"),
        ("Do not round", "def fold_to_parity(s, n):\n    return np.round(s).astype(int) % 2\n"),
        ("Every whole count ends at 0", FOLD.format("n >= 1", 2).replace("n // 2", "n / 2")),
        ("A fold is s - 2 max", "def fold_to_parity(s, n):\n    return 0 * s + 1\n"),
        ("Does its loop come to an end", FOLD.format("n >= 0", 2)),
        ("changed its input s", FOLD.format("n > 1", 2).replace("s = s -", "s -=")),
    ],
    "count_solved": [
        ("exp of a large sum overflows", LOSS.format(
            "np.log(1 + np.exp(O)) - y * O", "mean(axis=(1, 2))", "int((losses < 0.1).sum())")),
        ("These are sums", LOSS.format(
            "np.logaddexp(0, O) - y * O", "sum(axis=(1, 2))", "int((losses < 0.1).sum())")),
        ("one loss for all networks", LOSS.format(
            "np.logaddexp(0, O) - y * O", "mean()", "int((losses < 0.1).sum())")),
        ("The hidden layer uses tanh", LOSS.format(
            "np.logaddexp(0, O) - y * O", "mean(axis=(1, 2))", "int((losses < 0.1).sum())").replace(
            "np.tanh(X @ W1 + b1)", "(1 / (1 + np.exp(-X @ W1 - b1)))")),
        ("The second result is how many", LOSS.format(
            "np.logaddexp(0, O) - y * O", "mean(axis=(1, 2))", "int((losses > 0.1).sum())")),
        ("one number: how many of the losses", LOSS.format(
            "np.logaddexp(0, O) - y * O", "mean(axis=(1, 2))", "losses < 0.1")),
        ("One number for each network is wanted", LOSS.format(
            "np.logaddexp(0, O) - y * O", "mean(axis=1)", "int((losses < 0.1).sum())")),
    ],
    "train_stack": [
        ("went uphill", TRAIN.format(" / 4", SLOPE, *["+="] * 4)),
        ("P is the sigmoid of O", TRAIN.format(" / 4", SLOPE, *DOWN).replace(
            "1 / (1 + np.exp(-(H @ W2 + b2)))", "(H @ W2 + b2)")),
        ("with axis=1 and keepdims=True", TRAIN.format(" / 4", SLOPE, *DOWN).replace(
            "b1 -= lr * G_Z.sum(axis=1,", "b1 = b1 - lr * G_Z.sum(axis=0,")),
        ("divide G_O by 4", TRAIN.format("", SLOPE, *DOWN)),
        ("The slope of tanh is missing", TRAIN.format(" / 4", "", *DOWN)),
        ("b1 and b2 have not moved", TRAIN.format(" / 4", SLOPE, *DOWN).replace(
            ".sum(", ".sum(where=False, ")),
        ("The 1/4 is in G_O already", TRAIN.format(" / 4", SLOPE, *DOWN).replace("sum", "mean")),
        ("the slope of the sigmoid", TRAIN.format(" / 4", " * H * (1 - H)", *DOWN)),
        ("before it was used", """
def train_stack(W1, b1, W2, b2, X, y, lr, steps):
    for _ in range(steps):
        H = np.tanh(X @ W1 + b1)
        G_O = (1 / (1 + np.exp(-(H @ W2 + b2))) - y) / 4
        W2 = W2 - lr * H.swapaxes(1, 2) @ G_O
        b2 = b2 - lr * G_O.sum(axis=1, keepdims=True)
        G_Z = G_O @ W2.swapaxes(1, 2) * (1 - H ** 2)
        W1 = W1 - lr * X.T @ G_Z
        b1 = b1 - lr * G_Z.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2
"""),
        ("look at G_Z", TRAIN.format(" / 4", " * (1 - H)", *DOWN)),
        ("changed its input W1 and b1",
         TRAIN.format(" / 4", SLOPE, *DOWN).replace(".copy()", "")),
    ],
}

RIGHT = {
    "xor_weights": [
        XOR.format("[[2, 2], [2, 2]]", "[-1, -3]", "[[1, -1]]", "[-0.5]"),
        XOR.format("[[1.0, -1.0], [-1.0, 1.0]]", "[-0.5, -0.5]", "[1, 1]", "-0.5"),
    ],
    "truth_tables": ["""
def truth_tables(lines):
    tables, best = set(), 0
    for w1, w2, b in lines:
        table = tuple(int(w1 * p + w2 * q + b > 0) for p in (0, 1) for q in (0, 1))
        tables.add(table)
        best = max(best, sum(a == t for a, t in zip(table, (0, 1, 1, 0))))
    return np.array(sorted(tables)), best
""", """
def truth_tables(lines):
    w1, w2, b = lines.T
    o = np.stack([b, w2 + b, w1 + b, w1 + w2 + b], axis=1) > 0
    return np.unique(o.astype(int), axis=0), (o == np.array([0, 1, 1, 0])).sum(axis=1).max()
"""],
    "parity_weights": ["""
def parity_weights(n):
    b1 = [0.5 - k for k in range(1, n + 1)]
    W2 = [1 if k % 2 == 0 else -1 for k in range(n)]
    return [[1] * n for _ in range(n)], b1, [W2], [-0.5]
""", PARITY.format("2.0 * np.ones((n, n)), 1 - 2 * k, -(-1.0) ** k, -0.3")],
    "fold_to_parity": [FOLD.format("n > 1", 2), FOLD.format("n > 1", 2).replace("//", "/"), """
def fold_to_parity(s, n):
    if n == 1:
        return s
    return fold_to_parity(np.minimum(s, n - s), n // 2)
"""],
    "count_solved": [LOSS.format(
        "np.maximum(O, 0) - y * O + np.log1p(np.exp(-abs(O)))", "mean(axis=1)[:, 0]",
        "sum(losses < 0.1)"), """
def count_solved(W1, b1, W2, b2, X, y):
    losses = []
    for r in range(len(W1)):
        O = np.tanh(X @ W1[r] + b1[r]) @ W2[r] + b2[r]
        losses.append((np.logaddexp(0, O) - y * O).mean())
    return np.array(losses), len([loss for loss in losses if loss < 0.1])
"""],
    "train_stack": [TRAIN.format(" / 4", SLOPE, *DOWN), """
def train_stack(W1, b1, W2, b2, X, y, lr, steps):
    weights = [[p[r] for p in (W1, b1, W2, b2)] for r in range(len(W1))]
    for w in weights:
        for _ in range(steps):
            H = np.tanh(X @ w[0] + w[1])
            G_O = (1 / (1 + np.exp(-H @ w[2] - w[3])) - y) / 4
            G_Z = G_O @ w[2].T * (1 - H ** 2)
            gradients = X.T @ G_Z, G_Z.sum(0, keepdims=True), H.T @ G_O, G_O.sum(0, keepdims=True)
            for i in range(4):
                w[i] = w[i] - lr * gradients[i]
    return [np.stack([w[i] for w in weights]) for i in range(4)]
"""],
}

SAME = {
    "fold_to_parity": {"line 8, column 13: FloorDiv to Mult":
                       "the folds at 2n and n that it adds move no count from 0 to n"},
    "count_solved": {"line 14, column 24: Lt to LtE": "no loss is exactly 0.1"},
}
