"""Right answers to the exercises of lesson 04, optimization, written unlike the solution."""

RIGHT = {
    "until_flat": ["""
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    p, steps = p.copy(), 0
    while steps < budget and (gradient(p) ** 2).sum() ** 0.5 >= small:
        p -= rate * gradient(p)
        steps += 1
    return p, steps
""", """
def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    if budget == 0 or np.sqrt(np.sum(gradient(p) ** 2)) < small:
        return p, 0
    end, steps = until_flat(gradient, p - rate * gradient(p), rate, small, min(budget, 400) - 1)
    if budget > 400:
        end, more = until_flat(gradient, end, rate, small, budget - 400)
        return end, steps + 1 + more
    return end, steps + 1
"""],
    "stable_rates": ["""
def stable_rates(X):
    strengths = np.linalg.svd(X, compute_uv=False)
    l, L = 2 / len(X) * strengths.min() ** 2, 2 / len(X) * strengths.max() ** 2
    return 2 / L, 2 / (l + L)
""", """
def stable_rates(X):
    n, d = X.shape
    H = np.zeros((d, d))
    for x in X:
        H += 2 * np.outer(x, x) / n
    curvatures = np.linalg.eig(H)[0].real
    return [2 / max(curvatures), 2 / (min(curvatures) + max(curvatures))]
"""],
    "Momentum": ["""
class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov = rate, mu, nesterov
        self.v = 0.0

    def step(self, p, g):
        before = self.v
        self.v = self.mu * before - self.rate * g
        return p - self.rate * g + self.mu * (self.v if self.nesterov else before)
""", """
class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov = rate, mu, nesterov
        self.v = None

    def step(self, p, g):
        if self.v is None:
            self.v = np.zeros(p.shape)
        self.v *= self.mu
        self.v += g
        direction = self.v.copy()
        if self.nesterov:
            direction *= self.mu
            direction += g
        return p - self.rate * direction
"""],
    "warm_cosine": ["""
def warm_cosine(t, steps, warmup, top, low=0.0):
    rise = top * np.arange(1, warmup + 1) / max(warmup, 1)
    fall = (1 + np.cos(np.linspace(0, np.pi, steps - warmup + 1))) / 2
    rates = np.concatenate([rise, low + (top - low) * fall])
    return rates[min(t, steps)]
""", """
import math

def warm_cosine(t, steps, warmup, top, low=0.0):
    if t >= steps:
        return low
    if t < warmup:
        return top * (t + 1) / warmup
    return low + (top - low) * math.cos(math.pi / 2 * (t - warmup) / (steps - warmup)) ** 2
"""],
    "AdamW": ["""
class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.gs = []

    def step(self, p, g):
        self.gs.append(g.copy())
        m, s, t = 0, 0, len(self.gs)
        for old in self.gs:
            m = m + (1 - self.b1) * (old - m)
            s = s + (1 - self.b2) * (old * old - s)
        m, s = m / (1 - self.b1**t), s / (1 - self.b2**t)
        return p - self.rate * self.decay * p - self.rate * m / (s**0.5 + self.eps)
""", """
class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.betas, self.eps, self.decay = rate, np.array([b1, b2]), eps, decay
        self.means, self.powers = None, 1.0

    def step(self, p, g):
        if self.means is None:
            self.means = [np.zeros(g.shape), np.zeros(g.shape)]
        self.powers = self.powers * self.betas
        hats = []
        for k, value in enumerate((g, np.square(g))):
            self.means[k] = self.betas[k] * self.means[k] + (1 - self.betas[k]) * value
            hats.append(self.means[k] / (1 - self.powers[k]))
        new = p * (1 - self.rate * self.decay)
        new -= self.rate * hats[0] / (np.sqrt(hats[1]) + self.eps)
        return new
"""],
    "choose_settings": ["""
def choose_settings():
    return [0.025, 0.78]
""", """
def choose_settings():
    c = 100
    return 4 / (1 + c**0.5) ** 2, ((c**0.5 - 1) / (c**0.5 + 1)) ** 2
"""],
}
