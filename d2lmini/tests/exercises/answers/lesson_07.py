"""Right answers to the exercises of lesson 07, written unlike the solution."""

RIGHT = {
    "xor_weights": ["""
def xor_weights():
    return np.array([[2, 2], [2, 2]]), np.array([-1, -3]), np.array([[1, -1]]), np.array([-0.5])
""", """
def xor_weights():
    return np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([-0.5, -0.5]), np.ones(2), -0.5
"""],
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
""", """
def parity_weights(n):
    k = np.arange(1, n + 1)
    return 2.0 * np.ones((n, n)), 1 - 2 * k, -(-1.0) ** k, -0.3
"""],
    "fold_to_parity": ["""
def fold_to_parity(s, n):
    while n > 1:
        n = n // 2
        s = s - 2 * np.maximum(0, s - n)
    return s
""", """
def fold_to_parity(s, n):
    while n > 1:
        n = n / 2
        s = s - 2 * np.maximum(0, s - n)
    return s
""", """
def fold_to_parity(s, n):
    if n == 1:
        return s
    return fold_to_parity(np.minimum(s, n - s), n // 2)
"""],
    "count_solved": ["""
def count_solved(W1, b1, W2, b2, X, y):
    O = np.tanh(X @ W1 + b1) @ W2 + b2
    each = np.maximum(O, 0) - y * O + np.log1p(np.exp(-abs(O)))
    losses = each.mean(axis=1)[:, 0]
    return losses, sum(losses < 0.1)
""", """
def count_solved(W1, b1, W2, b2, X, y):
    losses = []
    for r in range(len(W1)):
        O = np.tanh(X @ W1[r] + b1[r]) @ W2[r] + b2[r]
        losses.append((np.logaddexp(0, O) - y * O).mean())
    return np.array(losses), len([loss for loss in losses if loss < 0.1])
"""],
    "train_stack": ["""
def train_stack(W1, b1, W2, b2, X, y, lr, steps):
    W1, b1, W2, b2 = W1.copy(), b1.copy(), W2.copy(), b2.copy()
    for _ in range(steps):
        H = np.tanh(X @ W1 + b1)
        G_O = (1 / (1 + np.exp(-(H @ W2 + b2))) - y) / 4
        G_Z = G_O @ W2.swapaxes(1, 2) * (1 - H ** 2)
        W2 -= lr * H.swapaxes(1, 2) @ G_O
        b2 -= lr * G_O.sum(axis=1, keepdims=True)
        W1 -= lr * X.T @ G_Z
        b1 -= lr * G_Z.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2
""", """
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
    "count_solved": {"line 14, column 24: Lt to LtE":
        "no loss is exactly 0.1"},
}
