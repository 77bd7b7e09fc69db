"""Right answers to the exercises of lesson 07, written unlike the solution."""

RIGHT = {
    "xor_weights": ["""
def xor_weights():
    return np.array([[2, 2], [2, 2]]), np.array([2, -2]), np.array([[1, -1]]), np.array([-0.5])
""", """
def xor_weights():
    return np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([-1.0, -1.0]), np.ones(2), -0.5
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
    W2 = [-1 if k % 2 == 0 else 1 for k in range(n)]
    return [[1] * n for _ in range(n)], b1, [W2], [0.5]
""", """
def parity_weights(n):
    k = np.arange(1, n + 1)
    return 2.0 * np.ones((n, n)), 1 - 2 * k, (-1.0) ** k, 0.3
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
    O = np.tanh(X @ W1.swapaxes(1, 2) + b1) @ W2.swapaxes(1, 2) + b2
    each = np.maximum(O, 0) - y * O + np.log1p(np.exp(-abs(O)))
    losses = each.mean(axis=1)[:, 0]
    return losses, sum(losses < 0.1)
""", """
def count_solved(W1, b1, W2, b2, X, y):
    losses = []
    for r in range(len(W1)):
        O = np.tanh(X @ W1[r].T + b1[r]) @ W2[r].T + b2[r]
        losses.append((np.logaddexp(0, O) - y * O).mean())
    return np.array(losses), len([loss for loss in losses if loss < 0.1])
"""],
    "diagnose": ["""
def diagnose(W1, b1, X, y):
    H = np.maximum(0, X @ W1.T + b1)
    groups = {}
    for row, target in zip(H, y[:, 0]):
        groups.setdefault(tuple(row), []).append(target)
    floor = 0
    for targets in groups.values():
        q = sum(targets) / len(targets)
        for fraction in (q, 1 - q):
            if fraction > 0:
                floor -= len(targets) / len(X) * fraction * np.log(fraction)
    return sum(1 for column in H.T if not column.any()), floor
""", """
def diagnose(W1, b1, X, y):
    Z = X @ W1.T + b1
    same = (np.maximum(Z, 0)[:, None] == np.maximum(Z, 0)).all(axis=2)
    q = (same @ y)[:, 0] / same.sum(axis=1)
    right = np.where(y[:, 0] == 1, q, 1 - q)
    return (Z.max(axis=0) <= 0).sum(), -np.log(right).mean()
"""],
}

SAME = {
    "parity_weights": {"line 12, column 68: 0.5 doubled":
        "the output's sums are then 1 and 0, and the step is 0 at 0"},
    "fold_to_parity": {"line 8, column 13: FloorDiv to Mult":
        "the folds at 2n and n that it adds move no count from 0 to n"},
    "count_solved": {"line 14, column 24: Lt to LtE":
        "no loss is exactly 0.1"},
}
