"""Right answers to the exercises of lesson 10, written unlike the solution."""

RIGHT = {
    "perplexity": ["""
def perplexity(P, targets):
    total = 0.0
    for row, target in zip(P, targets):
        total = total - np.log(row[target])
    return float(np.exp(total / len(targets)))
""", """
def perplexity(P, targets):
    chosen = np.take_along_axis(P, np.asarray(targets)[:, None], axis=1)
    return 2.0 ** np.mean(np.log2(1 / chosen))
"""],
    "clip_all": ["""
def clip_all(gradients, limit):
    everything = np.concatenate([g.ravel() for g in gradients])
    length = np.linalg.norm(everything)
    factor = 1.0
    if length > limit:
        factor = limit / length
    return [factor * g for g in gradients]
""", """
def clip_all(gradients, limit):
    squares = 0.0
    for g in gradients:
        squares += np.sum(np.square(g))
    return [g / max(1.0, squares ** 0.5 / limit) for g in gradients]
"""],
    "two_in_a_row": ["""
def two_in_a_row():
    return np.array([2.0, 1.0]), np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([-3.0, -0.5])
""", """
def two_in_a_row():
    # the second neuron is on unless the bit was 1; it starts wrong, so the first needs the bit, too
    wx = (5, 3)
    wh = [[-1, 4], [1, 1]]
    return wx, wh, (-7, -2)
"""],
    "attention": ["""
def attention(Q, K, V, length):
    out = []
    for q in Q:
        scores = np.array([q @ k for k in K[:length]]) / len(q) ** 0.5
        e = np.exp(scores - scores.max())
        out.append((e[:, None] * V[:length]).sum(axis=0) / e.sum())
    return np.array(out)
""", """
def attention(Q, K, V, length):
    S = Q @ K.T / K.shape[1] ** 0.5
    S = np.where(np.arange(len(K)) < length, S, -np.inf)
    S = S - S.max(1, keepdims=True)
    A = np.exp(S - np.log(np.exp(S).sum(1, keepdims=True)))
    return A @ V
"""],
    "continue_series": ["""
def continue_series(model, xs, k):
    state = None
    todo, out = list(xs), []
    while len(out) < k:
        x = todo.pop(0) if todo else out[-1]
        y, state = model(x, state)
        if not todo:
            out.append(y)
    return np.array(out)
""", """
def continue_series(model, xs, k):
    def after(x, state, left):
        y, state = model(x, state)
        return [] if left == 0 else [y, *after(y, state, left - 1)]
    state = None
    for x in xs[:-1]:
        state = model(x, state)[1]
    return np.array(after(xs[-1], state, k))
"""],
    "through_time": ["""
def through_time(xs, h0, E, Wx, Wh, b):
    L = len(xs)
    h = {-1: h0}
    for t in range(L):
        h[t] = np.tanh(xs[t] @ Wx.T + h[t - 1] @ Wh.T + b)
    D = {L: np.zeros_like(h0)}
    for t in range(L - 1, -1, -1):
        D[t] = (E[t] + D[t + 1] @ Wh) * (1 - h[t] ** 2)
    dWx = sum(D[t].T @ xs[t] for t in range(L))
    dWh = sum(D[t].T @ h[t - 1] for t in range(L))
    db = sum(D[t].sum(axis=0) for t in range(L))
    return dWx, dWh, db, D[0] @ Wh
""", """
def through_time(xs, h0, E, Wx, Wh, b):
    if len(xs) == 0:
        return 0 * Wx, 0 * Wh, 0 * b, 0 * h0
    h = np.tanh(xs[0] @ Wx.T + h0 @ Wh.T + b)
    dWx, dWh, db, back = through_time(xs[1:], h, E[1:], Wx, Wh, b)
    D = (E[0] + back) * (1 - h * h)
    return dWx + D.T @ xs[0], dWh + D.T @ h0, db + D.sum(0), D @ Wh
"""],
}

SAME = {
    "clip_all": {"line 11, column 7: Gt to GtE": "a factor of 1 at the limit"},
    "two_in_a_row": {"line 9, column 13: 1 to 2": "still on exactly if the bit is 1"},
}
