"""Answers to the exercises of lesson 01, tensors."""

NETWORK = """
def five_neurons(X, W1, W2, scale):
    e = np.exp({})
    return e / e.sum({})
"""

WRONG = {
    "frame": [
        ("first and the last column are part", """
def frame(m, n):
    x = np.zeros((m, n), dtype=int)
    x[0], x[-1] = 1, 1
    return x
"""),
        ("first and the last row are part", """
def frame(m, n):
    x = np.zeros((m, n), dtype=int)
    x[:, 0], x[:, -1] = 1, 1
    return x
"""),
        ("inside out", """
def frame(m, n):
    x = np.zeros((m, n), dtype=int)
    x[1:-1, 1:-1] = 1
    return x
"""),
        ("Rows come first", """
def frame(m, n):
    x = np.ones((n, m), dtype=int)
    x[1:-1, 1:-1] = 0
    return x
"""),
        ("Part of the border is missing", """
def frame(m, n):
    x = np.ones((m, n), dtype=int)
    x[1:, 1:] = 0
    return x
"""),
        ("A number inside is not 0", """
def frame(m, n):
    x = np.ones((m, n), dtype=int)
    x[1:-1, 2:-1] = 0
    return x
"""),
        ("expected whole numbers", """
def frame(m, n):
    x = np.ones((m, n))
    x[1:-1, 1:-1] = 0
    return x
"""),
    ],
    "place_numbers": [
        ("Each element must tell", """
def place_numbers(a, b, c):
    return np.arange(a * b * c).reshape(a, b, c)
"""),
        ("the first element is 0, not 111", """
def place_numbers(a, b, c):
    x = np.zeros((a, b, c), int)
    for i, j, k in np.ndindex(a, b, c):
        x[i, j, k] = 100 * (i + 1) + 10 * (j + 1) + k + 1
    return x
"""),
        ("digits are in reverse", """
def place_numbers(a, b, c):
    i, j, k = np.indices((a, b, c))
    return 100 * k + 10 * j + i
"""),
        ("axes are in the wrong order", """
def place_numbers(a, b, c):
    return np.arange(a) * 100 + np.arange(b)[:, None] * 10 + np.arange(c)[:, None, None]
"""),
        ("three ranges were not combined", """
def place_numbers(a, b, c):
    return 100 * np.arange(a)[:, None] + 10 * np.arange(b) + 0
"""),
        ("expected whole numbers", """
def place_numbers(a, b, c):
    x = np.zeros((a, b, c))
    for i, j, k in np.ndindex(a, b, c):
        x[i, j, k] = 100 * i + 10 * j + k
    return x
"""),
        ("a list of layers is empty", """
def place_numbers(a, b, c):
    return np.array([[[100 * i + 10 * j + k for k in range(c)] for j in range(b)]
                     for i in range(a)], dtype=int)
"""),
        ("could not be broadcast", """
def place_numbers(a, b, c):
    return 100 * np.arange(a) + 10 * np.arange(b) + np.arange(c)
"""),
    ],
    "channels_last": [
        ("the pictures are scrambled", """
def channels_last(images):
    n, c, h, w = images.shape
    return images.reshape(n, h, w, c)
"""),
        ("lies on its side", """
def channels_last(images):
    return images.transpose(0, 3, 2, 1)
"""),
        ("Nothing has moved", "def channels_last(images):\n    return images\n"),
        ("no longer on the first axis", """
def channels_last(images):
    return images.transpose(2, 3, 1, 0)
"""),
        ("which old axis comes to each new place", """
def channels_last(images):
    return images.transpose(0, 3, 1, 2)
"""),
        ("dtype float64; expected uint8", """
def channels_last(images):
    n, c, h, w = images.shape
    out = np.zeros((n, h, w, c))
    for k in range(c):
        out[..., k] = images[:, k]
    return out
"""),
        ("axes don't match array", """
def channels_last(images):
    return images.transpose(1, 2, 0)
"""),
    ],
    "brighten": [
        ("The ink wrapped around", """
def brighten(image, amount):
    return (image + np.array(amount, dtype=int)).astype(np.uint8)
"""),
        ("what falls below 0 must become 0", """
def brighten(image, amount):
    return np.minimum(image.astype(int) + amount, 255).astype(np.uint8)
"""),
        ("in bytes, 200 + 100", """
def brighten(image, amount):
    return np.maximum(image.astype(int) + amount, 0).astype(np.uint8)
"""),
        (".astype(np.uint8)", """
def brighten(image, amount):
    return np.clip(image.astype(int) + amount, 0, 255)
"""),
        ("An int8 ends at 127", """
def brighten(image, amount):
    return np.clip(image.astype(np.int8) + amount, 0, 255).astype(np.uint8)
"""),
        ("raised OverflowError: Python integer -100", """
def brighten(image, amount):
    x = image + amount if amount < 0 else image.astype(int) + amount
    return np.minimum(x, 255).astype(np.uint8)
"""),
        ("changed its input image", """
def brighten(image, amount):
    image[:] = np.clip(image.astype(int) + amount, 0, 255)
    return image
"""),
    ],
    "distances": [
        ("squared distances", """
def distances(a, b):
    return ((a[:, None] - b) ** 2).sum(axis=2)
"""),
        ("Rows belong to a", """
def distances(a, b):
    return np.sqrt(((a - b[:, None]) ** 2).sum(axis=2))
"""),
        ("without their signs", """
def distances(a, b):
    return abs(a[:, None] - b).sum(axis=2)
"""),
        ("one point of b only", """
def distances(a, b):
    return np.sqrt(((a - b[0]) ** 2).sum(axis=1))
"""),
        ("must go away", """
def distances(a, b):
    return abs(a[:, None] - b)
"""),
        ("only this one: sum over axis=2", """
def distances(a, b):
    return np.sqrt(((a[:, None] - b) ** 2).sum(axis=1))
"""),
        ("a list of rows is empty", """
def distances(a, b):
    return np.array([[np.linalg.norm(p - q) for q in b] for p in a])
"""),
    ],
    "five_neurons": [
        ("must be divided by scale", NETWORK.format("X @ W1.T @ W2.T", "axis=1, keepdims=True")),
        ("Here they were multiplied",
         NETWORK.format("X * scale / 1 @ W1.T @ W2.T", "axis=1, keepdims=True")),
        ("X @ W1.T", NETWORK.format("X / scale @ W1 @ W2.T", "axis=1, keepdims=True")),
        ("All numbers together", NETWORK.format("X / scale @ W1.T @ W2.T", "")),
        ("Each column sums to 1", NETWORK.format("X / scale @ W1.T @ W2.T", "axis=0")),
        ("Is the softmax missing", """
def five_neurons(X, W1, W2, scale):
    return X / scale @ W1.T @ W2.T
"""),
        ("One row for each example", """
def five_neurons(X, W1, W2, scale):
    e = np.exp(W2 @ (W1 @ X.T / scale))
    return e / e.sum(axis=0)
"""),
        ("functional.softmax is not allowed", """
import d2lmini.functional as F
def five_neurons(X, W1, W2, scale):
    return F.softmax(X / scale @ W1.T @ W2.T).numpy()
"""),
    ],
}

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
    "brighten": ["""
def brighten(image, amount):
    return np.clip(image.astype(float) + amount, 0, 255).astype("uint8")
""", """
def brighten(image, amount):
    x = image.astype(np.int64) + amount
    x[x > 255] = 255
    x[x < 0] = 0
    return x.astype(np.uint8)
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

SAME = {}
