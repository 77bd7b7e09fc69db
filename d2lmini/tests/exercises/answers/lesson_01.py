"""Right answers to the exercises of lesson 01, tensors, written unlike the solution."""

RIGHT = {
    "frame": ["""
def frame(m, n):
    x = np.zeros((m, n), dtype=np.int32)
    x[0, :] = x[-1, :] = 1
    x[:, 0] = x[:, -1] = 1
    return x
""", """
def frame(m, n):
    rows = []
    for i in range(m):
        rows.append([1 if i in (0, m - 1) or j in (0, n - 1) else 0 for j in range(n)])
    return np.array(rows)
"""],
    "place_numbers": ["""
def place_numbers(a, b, c):
    x = np.zeros((a, b, c), dtype=int)
    for i in range(a):
        for j in range(b):
            for k in range(c):
                x[i, j, k] = 100 * i + 10 * j + k
    return x
""", """
def place_numbers(a, b, c):
    return np.arange(0, 100 * a, 100)[:, None, None] + 10 * np.arange(b)[:, None] + np.arange(c)
"""],
    "channels_last": ["""
def channels_last(images):
    return np.stack([images[:, k] for k in range(images.shape[1])], axis=-1)
""", """
def channels_last(images):
    n, c, h, w = images.shape
    out = np.zeros((n, h, w, c), dtype=images.dtype)
    for k in range(c):
        out[:, :, :, k] = images[:, k, :, :]
    return out
"""],
    "silent_bug": ["""
def silent_bug():
    x = np.array([-5, 0, 5])
    return x, x[:, None]
""", """
def silent_bug():
    return np.arange(0, 90, 30).reshape(3, 1), [0.0, 30.0, 60.0]
"""],
    "distances": ["""
def distances(a, b):
    out = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            out[i, j] = sum((a[i] - b[j]) ** 2) ** 0.5
    return out
""", """
def distances(a, b):
    return np.linalg.norm(a[:, None, :] - b[None, :, :], axis=-1)
"""],
    "five_neurons": ["""
def five_neurons(X, W1, W2, scale):
    out = np.zeros((len(X), 2))
    for i in range(len(X)):
        e = np.exp(W2 @ (W1 @ (X[i] / scale)))
        out[i] = e / e.sum()
    return out
""", """
def five_neurons(X, W1, W2, scale):
    N = X @ (W2 @ W1).T / scale
    e = np.exp(N - N.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)[:, None]
"""],
}
