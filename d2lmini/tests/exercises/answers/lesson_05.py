"""Right answers to the exercises of lesson 05, softmax regression, written unlike the solution."""

RIGHT = {
    "logit": ["""
def logit(p):
    return np.log(p) - np.log1p(-np.asarray(p))
""", """
def logit(p):
    odds = p / (1 - p)
    return np.log2(odds) / np.log2(np.e)
"""],
    "spread": ["""
def spread(values, sample=False):
    n, mean = len(values), sum(values) / len(values)
    total = 0.0
    for x in values:
        total += (x - mean) * (x - mean)
    n = n - 1 if sample else n
    return float(total / n), float((total / n) ** 0.5)
""", """
import math

def spread(values, sample=False):
    d = values - np.average(values)
    v = np.dot(d, d) / (d.size - int(sample))
    return [v, math.sqrt(v)]
"""],
    "softmax": ["""
def softmax(logits):
    shifted = logits.T - logits.max(axis=1)
    return (np.exp(shifted) / np.exp(shifted).sum(axis=0)).T
""", """
def softmax(logits):
    top = np.max(logits, axis=-1)[:, None]
    log_sum = top + np.log(np.sum(np.exp(logits - top), axis=-1, keepdims=True))
    return np.exp(logits - log_sum)
"""],
    "cross_entropy": ["""
def cross_entropy(logits, labels):
    loss, gradient = 0.0, np.zeros(logits.shape)
    for i, (o, y) in enumerate(zip(logits, labels)):
        m = max(o)
        log_sum = m + np.log(sum(np.exp(o - m)))
        loss += (log_sum - o[y]) / len(labels)
        gradient[i] = np.exp(o - log_sum) / len(labels)
        gradient[i, y] -= 1 / len(labels)
    return loss, gradient
""", """
def cross_entropy(logits, labels):
    n, K = logits.shape
    truth = (labels[:, None] == np.arange(K)).astype(float)
    log_sum = np.logaddexp.reduce(logits, axis=1)
    loss = np.sum(log_sum - np.sum(truth * logits, axis=1)) / n
    return loss, (np.exp(logits - log_sum[:, None]) - truth) / n
"""],
    "hinge": ["""
def hinge(scores, labels):
    n, K = scores.shape
    loss, gradient = 0.0, np.zeros((n, K))
    for i in range(n):
        for j in range(K):
            term = 1 + scores[i, j] - scores[i, labels[i]]
            if j != labels[i] and term > 0:
                loss += term / n
                gradient[i, j] += 1 / n
                gradient[i, labels[i]] -= 1 / n
    return loss, gradient
""", """
def hinge(scores, labels):
    n, K = scores.shape
    truth = np.eye(K)[labels]
    true_score = (scores * truth).sum(axis=1, keepdims=True)
    terms = np.clip(1 - truth + scores - true_score, 0, None) * (1 - truth)
    slope = np.sign(terms)
    return terms.sum(axis=1).mean(), (slope - truth * slope.sum(axis=1, keepdims=True)) / n
"""],
    "train_classifier": ["""
def train_classifier(X, y, classes, rate, steps):
    n, d = X.shape
    A = np.column_stack([X, np.ones(n)])
    V = np.zeros((d + 1, classes))
    for _ in range(steps):
        P = np.exp(A @ V - np.logaddexp.reduce(A @ V, axis=1, keepdims=True))
        P[np.arange(n), y] -= 1
        V -= rate / n * A.T @ P
    answer = (A @ V).argmax(axis=1)
    table = [[sum((y == i) & (answer == j)) for j in range(classes)] for i in range(classes)]
    return V[:-1].T, V[-1], np.array(table)
""", """
def train_classifier(X, y, classes, rate, steps):
    W, b, n = np.zeros((classes, X.shape[1])), np.zeros(classes), len(X)
    table = np.zeros((classes, classes), int)
    for _ in range(steps):
        o = X @ W.T + b
        e = np.exp(o - o.max(axis=1, keepdims=True))
        G = (e / e.sum(axis=1, keepdims=True) - np.eye(classes)[y]) / n
        W -= rate * np.einsum("nk,nd->kd", G, X)
        b -= rate * np.ones(n) @ G
    for true, answer in zip(y, np.argmax(X @ W.T + b, axis=1)):
        table[true, answer] += 1
    return W, b, table
"""],
}
