"""More wrong answers to the exercises of lesson 04, with the sentence they get."""

_ADAM = """
class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.m, self.s, self.t = 0.0, 0.0, 0

    def step(self, p, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        m, s = self.m / (1 - self.b1**self.t), self.s / (1 - self.b2**self.t)
        return (1 - self.rate * self.decay) * p - self.rate * m / (np.sqrt(s) + self.eps)
"""
_FLAT = """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    for steps in range(budget):
        g = gradient(p)
        if np.linalg.norm(g) < small:
            return p, steps
        p = p - rate * g
    return p, budget
"""
_COSINE = """
def warm_cosine(t, steps, warmup, top, low=0.0):
    if t < warmup:
        return top * (t + 1) / warmup
    share = min(1, (t - warmup) / (steps - warmup))
    return low + (top - low) * (1 + np.cos(np.pi * share)) / 2
"""
_TRAIN = """
def train_in_batches(X, y, batches, rates, decay=0.0):
    w, losses = np.zeros(X.shape[1]), []
    for i, rate in zip(batches, rates):
        error = X[i] @ w - y[i]
        losses.append((error**2).mean())
        w = w - rate * (2 / len(i) * X[i].T @ error + decay * w)
    return w, losses
"""

MORE = {
    "until_flat": [
        ("Stop at <, not at <=", _FLAT.replace("(g) < small", "(g) <= small")),
        ("The length is the root", _FLAT.replace("np.linalg.norm(g) <", "abs(g).sum() <")),
        ("end after budget steps", _FLAT.replace("(budget)", "(9999)")),
        ("Use the small that is given", _FLAT.replace("(g) < small", "(g) < 1e-6")),
    ],
    "stable_rates": [
        ("twice that rate", """
def stable_rates(X):
    curvatures = np.linalg.eigvalsh(2 / len(X) * X.T @ X)
    return 1 / curvatures[-1], 2 / (curvatures[0] + curvatures[-1])
"""),
        ("and not X @ X.T", """
def stable_rates(X):
    curvatures = np.linalg.eigvalsh(2 / len(X) * X @ X.T)
    return 2 / curvatures[-1], 2 / (curvatures[0] + curvatures[-1])
"""),
    ],
    "Momentum": [
        ("Store g.copy()", """
class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.v = rate, mu, nesterov, None

    def step(self, p, g):
        if self.v is None:
            self.v = g if g.dtype == float else g.astype(float)
        else:
            self.v *= self.mu
            self.v += g
        return p - self.rate * (g + self.mu * self.v if self.nesterov else self.v)
"""),
    ],
    "warm_cosine": [
        ("does not begin at low", _COSINE.replace(
            "return top * (t + 1)", "return low + (top - low) * (t + 1)")),
        ("At t = warmup the wave begins", _COSINE.replace("t < warmup", "t <= warmup")),
        ("not one step before", _COSINE.replace("(steps - warmup)", "(steps - warmup - 1)")),
    ],
    "AdamW": [
        ("s became negative", _ADAM.replace("g**2", "g")),
        ("Give them names of their own", _ADAM.replace("        m, s =", "        self.m, self.s =")
         .replace("rate * m / (np.sqrt(s)", "rate * self.m / (np.sqrt(self.s)")),
        ("went into self.m, and the next", _ADAM.replace("        m, s =", "        self.m, s =")
         .replace("rate * m", "rate * self.m")),
        ("not by 1 - decay", _ADAM.replace("(1 - self.rate * self.decay)", "(1 - self.decay)")),
    ],
    "train_in_batches": [
        ("The rate belongs to the decay", _TRAIN.replace(" + decay * w)", ") - decay * w")),
        ("that of the batch alone", _TRAIN.replace("(error**2).mean()",
                                                   "((X @ w - y) ** 2).mean()")),
    ],
}
