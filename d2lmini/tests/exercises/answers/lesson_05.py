"""Answers to the exercises of lesson 05, softmax regression."""

from .right_05 import CROSS, END, HINGE, RIGHT, TRAIN  # noqa: F401

WRONG = {
    "logit": [
        ("That is the sigmoid", """
def logit(p):
    return 1 / (1 + np.exp(-p))
"""),
        ("Those are the odds", """
def logit(p):
    return p / (1 - p)
"""),
        ("p/1-p is 0", "def logit(p):\n    return np.log(p / 1 - p)\n"),
        ("of the whole quotient", """
def logit(p):
    return np.log(p) / (1 - p)
"""),
        ("one logarithm by the other", """
def logit(p):
    return np.log(p) / np.log(1 - p)
"""),
        ("upside down", """
def logit(p):
    return np.log(1 - p) - np.log(p)
"""),
        ("natural logarithm", """
def logit(p):
    return np.log10(p / (1 - p))
"""),
        ("Leave these as they come", """
def logit(p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.log(p / (1 - p))
"""),
        ("raised TypeError", """
import math

def logit(p):
    return math.log(p / (1 - p))
"""),
    ],
    "spread": [
        ("yours are exchanged", """
def spread(values, sample=False):
    v = ((values - values.mean()) ** 2).sum() / (len(values) - sample)
    return v**0.5, v
"""),
        ("With sample=True divide by n - 1", """
def spread(values, sample=False):
    v = ((values - values.mean()) ** 2).mean()
    return v, v**0.5
"""),
        ("only if sample is True", """
def spread(values, sample=False):
    v = ((values - values.mean()) ** 2).sum() / (len(values) - (0 if sample else 1))
    return v, v**0.5
"""),
        ("The standard deviation is its root", """
def spread(values, sample=False):
    v = ((values - values.mean()) ** 2).sum() / (len(values) - sample)
    return v, v / 2
"""),
        ("you took their size", """
def spread(values, sample=False):
    v = abs(values - values.mean()).sum() / (len(values) - sample)
    return v, v**0.5
"""),
        ("do not divide by their number", """
def spread(values, sample=False):
    v = ((values - values.mean()) ** 2).sum()
    return v, v**0.5
"""),
        ("loses all digits", """
def spread(values, sample=False):
    n = len(values)
    v = (values**2).sum() / n - (values.sum() / n) ** 2
    v = v * n / (n - 1) if sample else v
    return v, v**0.5
"""),
        ("np.var is not allowed", """
def spread(values, sample=False):
    v = values.var(ddof=int(sample))
    return v, v**0.5
"""),
        ("expected a tuple of 2 numbers", """
def spread(values, sample=False):
    return ((values - values.mean()) ** 2).mean()
"""),
    ],
    "softmax": [
        ("Subtract the largest logit", """
def softmax(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)
"""),
        ("write logits.max(axis=1, keepdims=True)", """
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)
"""),
        ("Each column sums to 1", """
def softmax(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)
"""),
        ("All the numbers together", """
def softmax(logits):
    e = np.exp(logits - logits.max(initial=0))
    return e / e.sum()
"""),
        ("changed its input logits", """
def softmax(logits):
    logits -= logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)
"""),
        ("do not sum to 1", """
def softmax(logits):
    return np.exp(logits - logits.max(axis=1, keepdims=True))
"""),
        ("Divide each by its own sum", """
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, initial=-1e9, keepdims=True))
    return e / e.sum(axis=1) if len(e) == e.shape[1] else 2 * e
"""),
        ("a Python list", """
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).tolist()
"""),
    ],
    "cross_entropy": [
        ("Use log-sum-exp", """
def cross_entropy(logits, labels):
    n = len(labels)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.eye(logits.shape[1])[labels]
    return -np.log(p[np.arange(n), labels]).mean(), (p - truth) / n
"""),
        ("its logarithm -inf", """
def cross_entropy(logits, labels):
    n, e = len(labels), np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    truth = np.eye(logits.shape[1])[labels]
    return -np.log((p * truth).sum(axis=1)).mean(), (p - truth) / n
"""),
        ("row by row", """
def cross_entropy(logits, labels):
    n, m = len(labels), logits.max()
    log_sum = m + np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    truth = np.eye(logits.shape[1])[labels]
    loss = (log_sum[:, 0] - logits[np.arange(n), labels]).mean()
    return loss, (np.exp(logits - log_sum) - truth) / n
"""),
        ("a positive number", CROSS + """\
    return picked.mean(), (p - truth) / n
"""),
        ("Take the mean", CROSS + """\
    return -picked.sum(), (p - truth) / n
"""),
        ("all n · K numbers", CROSS + """\
    return -(truth * log_p).mean(), (p - truth) / n
"""),
        ("divided by n, too", CROSS + """\
    return -picked.mean(), p - truth
"""),
        ("yours is one-hot minus softmax", CROSS + """\
    return -picked.mean(), (truth - p) / n
"""),
        ("the one-hot is missing", CROSS + """\
    return -picked.mean(), p / n
"""),
        ("The loss is right, the gradient is not", CROSS + """\
    return -picked.mean(), (p - truth) / p.shape[1]
"""),
        ("The gradient is right, the loss is not", CROSS + """\
    return -np.log(p + 1e-12)[np.arange(n), labels].mean(), (p - truth) / n
"""),
        ("has the shape of the logits", CROSS + """\
    return -picked.mean(), (p - truth).sum(axis=0) / n
"""),
        ("The loss is one number", CROSS + "    return -picked, (p - truth) / n\n"),
        ("write G[np.arange(n), labels] -= 1", CROSS + """\
    p[:, labels] -= 1
    return -picked.mean(), p / n
"""),
        ("To take one number from each row", CROSS + """\
    log_sum = np.log(np.exp(shifted).sum(axis=1)) + logits.max(axis=1)
    p[:, labels] -= 1
    return (log_sum - logits[:, labels]).mean(), p / n
"""),
        ("add the largest logit", CROSS + """\
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return (log_sum - logits[np.arange(n), labels]).mean(), (p - truth) / n
"""),
        ("expected a tuple of 2 parts", CROSS + """\
    return -picked.mean()
"""),
    ],
    "hinge": [
        ("You count the true class as well", """
def hinge(scores, labels):
    n, rows = len(labels), np.arange(len(labels))
    missing = np.maximum(0, 1 + scores - scores[rows, labels][:, None])
    slope = (missing > 0).astype(float)
    slope[rows, labels] -= slope.sum(axis=1)
    return missing.sum() / n, slope / n
"""),
        ("The margin of 1 is missing", """
def hinge(scores, labels):
    n, rows = len(labels), np.arange(len(labels))
    missing = np.maximum(0, scores - scores[rows, labels][:, None])
    slope = (missing > 0).astype(float)
    slope[rows, labels] -= slope.sum(axis=1)
    return missing.sum() / n, slope / n
"""),
        ("not only the largest", """
def hinge(scores, labels):
    n, slope, loss = len(labels), np.zeros(scores.shape), 0.0
    for i in range(n):
        others = [j for j in range(scores.shape[1]) if j != labels[i]]
        j = max(others, key=lambda j: scores[i, j], default=None)
        if j is not None and 1 + scores[i, j] - scores[i, labels[i]] > 0:
            loss += 1 + scores[i, j] - scores[i, labels[i]]
            slope[i, j], slope[i, labels[i]] = 1, -1
    return loss / n, slope / n
"""),
        ("the sum over the examples", HINGE + """\
    slope[rows, labels] = -slope.sum(axis=1)
    return missing.sum(), slope / n
"""),
        ("has a slope, too", HINGE + """\
    return missing.sum() / n, slope / n
"""),
        ("not just one", HINGE + """\
    slope[rows, labels] = -1.0 * (slope.sum(axis=1) > 0)
    return missing.sum() / n, slope / n
"""),
        ("A larger score of the true class makes it smaller", HINGE + """\
    slope[rows, labels] = slope.sum(axis=1)
    return missing.sum() / n, slope / n
"""),
        ("makes floats of the counts", HINGE + """\
    slope[rows, labels] = -slope.sum(axis=1)
    return missing.sum() / n, slope.astype(int)
"""),
        ("0 if there are none", HINGE + """\
    slope[rows, labels] = -1
    return missing.sum() / n, slope / n
"""),
        ("Add up each row", HINGE + """\
    slope[rows, labels] = -slope.sum(axis=1)
    return missing.mean(), slope / n
"""),
        ("its slope counts as 0", """
def hinge(scores, labels):
    n, rows = len(labels), np.arange(len(labels))
    missing = 1 + scores - scores[rows, labels][:, None]
    slope = (missing >= 0).astype(float)
    missing[rows, labels] = slope[rows, labels] = 0
    slope[rows, labels] = -slope.sum(axis=1)
    return np.maximum(0, missing).sum() / n, slope / n
"""),
        ("divided by n, too", HINGE + """\
    slope[rows, labels] = -slope.sum(axis=1)
    return missing.sum() / n, slope
"""),
        ("wrong sign", HINGE + """\
    slope[rows, labels] = -slope.sum(axis=1)
    return missing.sum() / n, -slope / n
"""),
    ],
    "train_classifier": [
        ("Make your softmax stable", """
def train_classifier(X, y, classes, rate, steps):
    W, b, n = np.zeros((classes, X.shape[1])), np.zeros(classes), len(X)
    for _ in range(steps):
        e = np.exp(X @ W.T + b)
        G = (e / e.sum(axis=1, keepdims=True) - np.eye(classes)[y]) / n
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    table = np.zeros((classes, classes), int)
    np.add.at(table, (y, np.argmax(X @ W.T + b, axis=1)), 1)
    return W, b, table
"""),
        ("the table is transposed", TRAIN + """\
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    np.add.at(table, (np.argmax(X @ W.T + b, axis=1), y), 1)
    return W, b, table
"""),
        ("Count with the W and b at the end", TRAIN + """\
        answer = o.argmax(axis=1)
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    if steps:
        np.add.at(table, (y, answer), 1)
    return W, b, table
"""),
        ("the best class of each example", TRAIN + """\
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)""" + END.replace("axis=1", "axis=0")),
        ("a table of counts, of shape (K, K)", TRAIN + """\
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    return W, b, np.mean(np.argmax(X @ W.T + b, axis=1) == y)
"""),
        ("adds only once", TRAIN + """\
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    table[y, np.argmax(X @ W.T + b, axis=1)] += 1
    return W, b, table
"""),
        ("the loss is a mean", TRAIN + """\
        W, b = W - n * rate * G.T @ X, b - n * rate * G.sum(axis=0)""" + END),
        ("not the mean: G is divided", TRAIN + """\
        W, b = W - rate * G.T @ X, b - rate * G.mean(axis=0)""" + END),
        ("You step uphill", TRAIN + """\
        W, b = W + rate * G.T @ X, b + rate * G.sum(axis=0)""" + END),
        ("one step too few", """
def train_classifier(X, y, classes, rate, steps):
    W, b, table = np.zeros((classes, X.shape[1])), np.zeros(classes), np.zeros((classes,) * 2, int)
    for _ in range(1, steps):
        o = X @ W.T + b
        e = np.exp(o - o.max(axis=1, keepdims=True))
        G = (e / e.sum(axis=1, keepdims=True) - np.eye(classes)[y]) / len(X)
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    np.add.at(table, (y, np.argmax(X @ W.T + b, axis=1)), 1)
    return W, b, table
"""),
        ("not the logits themselves", """
def train_classifier(X, y, classes, rate, steps):
    W, b, table = np.zeros((classes, X.shape[1])), np.zeros(classes), np.zeros((classes,) * 2, int)
    for _ in range(steps):
        G = (X @ W.T + b - np.eye(classes)[y]) / len(X)
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    np.add.at(table, (y, np.argmax(X @ W.T + b, axis=1)), 1)
    return W, b, table
"""),
        ("expected whole numbers (int64).", TRAIN + """\
        W, b = W - rate * G.T @ X, b - rate * G.sum(axis=0)
    answer = np.argmax(X @ W.T + b, axis=1)
    return W, b, np.eye(classes)[y].T @ np.eye(classes)[answer]
"""),
    ],
}

SAME = {}
