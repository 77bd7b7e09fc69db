"""The right functions of lesson 05, softmax regression, and typical wrong ones: lesson_05.py."""

import numpy as np

# --- logit, spread ---


def logit(p):
    return np.log(p / (1 - p))


def spread(values, sample=False):
    squares = ((values - values.mean()) ** 2).sum()
    variance = squares / (len(values) - 1 if sample else len(values))
    return variance, np.sqrt(variance)


def spread_by_moments(values, sample=False):
    n = len(values)
    variance = ((values**2).mean() - values.mean() ** 2) * (n / (n - 1) if sample else 1)
    return variance, np.sqrt(variance)


def spread_absolute(values, sample=False):
    mean = np.abs(values - values.mean()).sum() / (len(values) - 1 if sample else len(values))
    return mean, np.sqrt(mean)


# --- softmax ---


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_without_keepdims(logits):
    e = np.exp(logits - logits.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


def softmax_columns(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)


def softmax_all(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()


# --- cross_entropy, hinge ---


def cross_entropy(logits, labels):
    rows, m = np.arange(len(labels)), logits.max(axis=1, keepdims=True)
    log_sum = m[:, 0] + np.log(np.exp(logits - m).sum(axis=1))
    return (log_sum - logits[rows, labels]).mean(), (softmax(logits) - one_hot(logits, labels)) / (
        len(labels))


def one_hot(logits, labels):
    return np.eye(logits.shape[1])[labels]


def hinge(scores, labels):
    return hinge_with(scores, labels)


def hinge_with(scores, labels, margin=1, true_class=1, kink=0):
    """The loss and its gradient; at margin - s_y + s_j = 0 the slope is `kink`."""
    truth = one_hot(scores, labels)
    missing = (margin + scores - scores[np.arange(len(labels)), labels][:, None]) * (1 - truth)
    slope = ((missing > 0) + kink * (missing == 0)) * (1 - truth)
    return np.maximum(missing, 0).sum() / len(labels), (
        slope - true_class * slope.sum(axis=1, keepdims=True) * truth) / len(labels)


def hinge_largest(scores, labels):
    rows, truth = np.arange(len(labels)), one_hot(scores, labels)
    missing = 1 + scores - scores[rows, labels][:, None] - 2 * truth * 1e9
    slope = np.zeros(scores.shape)
    slope[rows, missing.argmax(axis=1)] = missing.max(axis=1) > 0
    return np.maximum(missing.max(axis=1), 0).mean(), (
        slope - slope.sum(axis=1, keepdims=True) * truth) / len(labels)


def misshapen(which):
    """Recognizes that this part has a wrong shape, and those before it are right."""
    return lambda got, want, args: np.shape(got[which]) != np.shape(want[which]) and all(
        np.allclose(g, w) for g, w in zip(got[:which], want))


def part(which, change):
    """Recognizes a part of the result, such as the gradient: change(the right one, args)."""
    def when(got, want, args):
        changed = change(want[which], args)
        return got[which].shape == want[which].shape and np.allclose(
            got[which], changed) and not np.allclose(want[which], changed)
    return when


# --- train_classifier ---


def train_classifier(X, y, classes, rate, steps):
    return trained(X, y, classes, rate, steps)


def trained(X, y, classes, rate, steps, n=len, bias=np.sum, probability=softmax, axis=1):
    W, b = np.zeros((classes, X.shape[1])), np.zeros(classes)
    for _ in range(steps):
        G = (probability(X @ W.T + b) - np.eye(classes)[y]) / n(y)
        W, b = W - rate * (G.T @ X), b - rate * bias(G, axis=0)
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (y, (X @ W.T + b).argmax(axis=axis)), 1)
    return W, b, counts


def like_trained(extra=0, sign=1, **options):
    return lambda X, y, classes, rate, steps: trained(
        X, y, classes, sign * rate, max(steps + extra, 0), **options)


def some_logits(rng, name):
    n, classes = rng.integers(1, 6), rng.integers(2, 5)
    return {name: rng.normal(size=(n, classes)) * 10.0 ** rng.integers(0, 3),
            "labels": rng.integers(0, classes, n)}


def some_classes(rng):
    classes, d = int(rng.integers(2, 5)), rng.integers(1, 4)
    y = np.concatenate([np.arange(classes), rng.integers(0, classes, rng.integers(0, 6))])
    return {"X": rng.normal(size=(len(y), d)), "y": y, "classes": classes,
            "rate": round(rng.uniform(0.1, 1), 2), "steps": int(rng.integers(1, 6))}
