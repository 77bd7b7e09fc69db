"""Answers to the exercises of lesson 04, optimization."""

from .right_04 import RIGHT  # noqa: F401
from .wrong_04 import MORE

FLAT = """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    for steps in range(budget):
        g = gradient(p)
"""
MOMENTUM = """
class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.v = rate, mu, nesterov, 0.0

    def step(self, p, g):
"""
COSINE = """
def warm_cosine(t, steps, warmup, top, low=0.0):
    if t < warmup:
        return top * (t + 1) / warmup
"""
ADAM = """
class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.m, self.s, self.t = 0.0, 0.0, 0

    def step(self, p, g):
"""
ADAM_MEANS = ADAM + """\
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        m, s = self.m / (1 - self.b1**self.t), self.s / (1 - self.b2**self.t)
"""
TRAIN = """
def train_in_batches(X, y, batches, rates, decay=0.0):
    w, losses = np.zeros(X.shape[1]), []
    for i, rate in zip(batches, rates):
        error = X[i] @ w - y[i]
        losses.append((error**2).mean())
"""
RATES = """
def stable_rates(X):
    curvatures = np.linalg.eigvalsh(2 / len(X) * X.T @ X)
"""

WRONG = {
    "until_flat": [
        ("Compare the length of the gradient", """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    steps = 0
    while steps < budget and gradient(p).max() >= small:
        p = p - rate * gradient(p)
        steps += 1
    return p, steps
"""),
        ("You walk uphill", """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    steps = 0
    while steps < budget and np.linalg.norm(gradient(p)) >= small:
        p = p + rate * gradient(p)
        steps += 1
    return p, steps
"""),
        ("one step more after", """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    for steps in range(1, budget + 1):
        g = gradient(p)
        p = p - rate * g
        if np.linalg.norm(g) < small:
            return p, steps
    return p, budget
"""),
        ("the count is not", FLAT + """\
        if np.linalg.norm(g) < small:
            break
        p = p - rate * g
    return p, steps + 1
"""),
        ("not its largest part", FLAT + """\
        if (abs(g) < small).all():
            return p, steps
        p = p - rate * g
    return p, budget
"""),
        ("Take its root", FLAT + """\
        if g @ g < small:
            return p, steps
        p = p - rate * g
    return p, budget
"""),
        ("changed its input p", FLAT + """\
        if np.linalg.norm(g) < small:
            return p, steps
        p -= rate * g
    return p, budget
"""),
        ("Does its loop come to an end", """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    steps = 0
    while np.linalg.norm(gradient(p)) >= small:
        p = p - rate * 0 * gradient(p)
        steps += 1
    return p, steps
"""),
    ],
    "stable_rates": [
        ("The 2/n is missing", """
def stable_rates(X):
    curvatures = np.linalg.eigvalsh(X.T @ X)
    return 2 / curvatures.max(), 2 / (curvatures.min() + curvatures.max())
"""),
        ("The 2 is missing", """
def stable_rates(X):
    curvatures = np.linalg.eigvalsh(X.T @ X / len(X))
    return 2 / curvatures.max(), 2 / (curvatures.min() + curvatures.max())
"""),
        ("The 1/n is missing", """
def stable_rates(X):
    curvatures = np.linalg.eigvalsh(2 * X.T @ X)
    return 2 / curvatures.max(), 2 / (curvatures.min() + curvatures.max())
"""),
        ("sets the limit", RATES + """\
    return 2 / curvatures[0], 2 / (curvatures[0] + curvatures[-1])
"""),
        ("The two are exchanged", RATES + """\
    return 2 / (curvatures[0] + curvatures[-1]), 2 / curvatures[-1]
"""),
        ("2 / (a_min + a_max)", RATES + """\
    return 2 / curvatures[-1], 1 / curvatures[-1]
"""),
        ("expected a tuple of 2 numbers", RATES + """\
    return 2 / curvatures[-1]
"""),
    ],
    "Momentum": [
        ("You walk uphill", MOMENTUM + """\
        self.v = self.mu * self.v + g
        return p + self.rate * self.v
"""),
        ("forgets the velocity", MOMENTUM + """\
        v = self.mu * self.v + g
        return p - self.rate * (g + self.mu * v if self.nesterov else v)
"""),
        ("without a factor 1 - mu", MOMENTUM + """\
        self.v = self.mu * self.v + (1 - self.mu) * g
        return p - self.rate * self.v
"""),
        ("The rate comes in twice", MOMENTUM + """\
        self.v = self.mu * self.v + self.rate * g
        return p - self.rate * self.v
"""),
        ("That is plain momentum", MOMENTUM + """\
        self.v = self.mu * self.v + g
        return p - self.rate * self.v
"""),
        ("only if nesterov is True", MOMENTUM + """\
        self.v = self.mu * self.v + g
        return p - self.rate * (g + self.mu * self.v)
"""),
        ("the gradient g is missing", MOMENTUM + """\
        self.v = self.mu * self.v + g
        return p - self.rate * (self.mu * self.v if self.nesterov else self.v)
"""),
        ("step must return the new position", MOMENTUM + """\
        self.v = self.mu * self.v + g
        p = p - self.rate * (g + self.mu * self.v if self.nesterov else self.v)
"""),
        ("changed its input p", MOMENTUM + """\
        self.v = self.mu * self.v + g
        p -= self.rate * self.v
        return p
"""),
        ("one and the same array", """
class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.v, self.p = rate, mu, nesterov, 0.0, None

    def step(self, p, g):
        self.p = p.copy() if self.p is None else self.p
        self.v = self.mu * self.v + g
        self.p -= self.rate * self.v
        return self.p
"""),
    ],
    "warm_cosine": [
        ("use t + 1 while it rises", """
def warm_cosine(t, steps, warmup, top, low=0.0):
    if t < warmup:
        return top * t / warmup
    share = min(1, (t - warmup) / (steps - warmup))
    return low + (top - low) * (1 + np.cos(np.pi * share)) / 2
"""),
        ("must start where the warm-up ends", COSINE + """\
    return low + (top - low) * (1 + np.cos(np.pi * min(t, steps) / steps)) / 2
"""),
        ("divide by these", COSINE + """\
    share = min(1, (t - warmup) / steps)
    return low + (top - low) * (1 + np.cos(np.pi * share)) / 2
"""),
        ("stays at low", COSINE + """\
    share = (t - warmup) / (steps - warmup)
    return low + (top - low) * (1 + np.cos(np.pi * share)) / 2
"""),
        ("ends at low, not at 0", COSINE + """\
    share = min(1, (t - warmup) / (steps - warmup))
    return top * (1 + np.cos(np.pi * share)) / 2
"""),
        ("Fall along half a cosine", COSINE + """\
    share = min(1, (t - warmup) / (steps - warmup))
    return top - (top - low) * share
"""),
        ("You go from low to top", COSINE + """\
    share = min(1, (t - warmup) / (steps - warmup))
    return low + (top - low) * (1 - np.cos(np.pi * share)) / 2
"""),
        ("ZeroDivisionError", """
def warm_cosine(t, steps, warmup, top, low=0.0):
    rise = top * (t + 1) / warmup
    share = min(1, (t - warmup) / (steps - warmup))
    return rise if t < warmup else low + (top - low) * (1 + np.cos(np.pi * share)) / 2
"""),
    ],
    "AdamW": [
        ("The hats are missing", ADAM + """\
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        return (1 - self.rate * self.decay) * p - self.rate * self.m / (np.sqrt(self.s) + self.eps)
"""),
        ("In the first step t is 1", """
class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.m, self.s, self.t = 0.0, 0.0, np.int64(0)

    def step(self, p, g):
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        m, s = self.m / (1 - self.b1**self.t), self.s / (1 - self.b2**self.t)
        self.t += 1
        return (1 - self.rate * self.decay) * p - self.rate * m / (np.sqrt(s) + self.eps)
"""),
        ("forgets m, s and t", ADAM + """\
        t = self.t + 1
        m = self.b1 * self.m + (1 - self.b1) * g
        s = self.b2 * self.s + (1 - self.b2) * g**2
        m, s = m / (1 - self.b1**t), s / (1 - self.b2**t)
        return (1 - self.rate * self.decay) * p - self.rate * m / (np.sqrt(s) + self.eps)
"""),
        ("t must grow by 1", """
class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.m, self.s, self.t = 0.0, 0.0, 1

    def step(self, p, g):
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        m, s = self.m / (1 - self.b1**self.t), self.s / (1 - self.b2**self.t)
        return (1 - self.rate * self.decay) * p - self.rate * m / (np.sqrt(s) + self.eps)
"""),
        ("Divide by the root", ADAM_MEANS + """\
        return (1 - self.rate * self.decay) * p - self.rate * m / (s + self.eps)
"""),
        ("Add eps after the root", ADAM_MEANS + """\
        return (1 - self.rate * self.decay) * p - self.rate * m / np.sqrt(s + self.eps)
"""),
        ("no more than eps", ADAM_MEANS + """\
        return (1 - self.rate * self.decay) * p - self.rate * m / np.maximum(np.sqrt(s), 1e-300)
"""),
        ("must still decay", ADAM_MEANS + """\
        return p - self.rate * m / (np.sqrt(s) + self.eps)
"""),
        ("The decay went into the gradient", ADAM + """\
        self.t += 1
        g = g + self.decay * p
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        m, s = self.m / (1 - self.b1**self.t), self.s / (1 - self.b2**self.t)
        return p - self.rate * m / (np.sqrt(s) + self.eps)
"""),
    ],
    "train_in_batches": [
        ("the size of the batch, not by n", TRAIN + """\
        w = w - rate * (2 / len(X) * X[i].T @ error + decay * w)
    return w, losses
"""),
        ("a factor 2", TRAIN + """\
        w = w - rate * (X[i].T @ error / len(i) + decay * w)
    return w, losses
"""),
        ("Take their mean", TRAIN + """\
        w = w - rate * (2 * X[i].T @ error + decay * w)
    return w, losses
"""),
        ("The weight decay is missing", TRAIN + """\
        w = w - rate * 2 / len(i) * X[i].T @ error
    return w, losses
"""),
        ("without a 2", TRAIN + """\
        w = w - rate * (2 / len(i) * X[i].T @ error + 2 * decay * w)
    return w, losses
"""),
        ("Note the loss before it", """
def train_in_batches(X, y, batches, rates, decay=0.0):
    w, losses = np.zeros(X.shape[1]), []
    for i, rate in zip(batches, rates):
        error = X[i] @ w - y[i]
        w = w - rate * (2 / len(i) * X[i].T @ error + decay * w)
        losses.append(((X[i] @ w - y[i]) ** 2).mean())
    return w, losses
"""),
        ("without the decay term", """
def train_in_batches(X, y, batches, rates, decay=0.0):
    w, losses = np.zeros(X.shape[1]), []
    for i, rate in zip(batches, rates):
        error = X[i] @ w - y[i]
        losses.append((error**2).mean() + decay / 2 * w @ w)
        w = w - rate * (2 / len(i) * X[i].T @ error + decay * w)
    return w, losses
"""),
        ("a Python list, not as an array", TRAIN + """\
        w = w - rate * (2 / len(i) * X[i].T @ error + decay * w)
    return w, np.array(losses)
"""),
    ],
}

for name, more in MORE.items():
    WRONG[name] += more

SAME = {}
