"""The right functions of lesson 04, optimization, and typical wrong ones: lesson_04.py."""

import numpy as np

from .spec import Case, Mistake


def before_each_step(optimizer, gradient=lambda o, p, g: g, **state):
    """An optimizer that, before each step, takes another gradient and sets its state."""
    class Changed(optimizer):
        def step(self, p, g):
            vars(self).update(state)
            return super().step(p, gradient(self, p, g))
    return Changed


# --- until_flat ---


def until_flat(gradient, p, rate, small=1e-6, budget=1000):
    return flat(gradient, p, rate, small, budget)


def flat(gradient, p, rate, small, budget, size=np.linalg.norm, late=False):
    for steps in range(budget):
        g = gradient(p)
        if not late and size(g) < small:
            return p, steps
        p = p - rate * g
        if late and size(g) < small:
            return p, steps + 1
    return p, budget


def like_flat(sign=1, more=0, **options):
    def like(gradient, p, rate, small=1e-6, budget=1000):
        p, steps = flat(gradient, p, sign * rate, small, budget, **options)
        return p, steps + more
    return like


# --- stable_rates ---


def stable_rates(X):
    return rates_of(2 / len(X) * X.T @ X)


def rates_of(H):
    curvatures = np.linalg.eigvalsh(H)
    return 2 / curvatures[-1], 2 / (curvatures[0] + curvatures[-1])


# --- Momentum ---


class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.v = rate, mu, nesterov, 0.0

    def step(self, p, g):
        self.v = self.mu * self.v + g
        return p - self.rate * (g + self.mu * self.v if self.nesterov else self.v)


class MomentumWithoutGradient(Momentum):
    def step(self, p, g):
        return super().step(p, g) + self.rate * g * self.nesterov


def walk(name, settings, p, *gs):
    """A program that takes a step for each gradient, and gives all positions."""
    return Case(f"opt = {name}({settings})\n[p := opt.step(p, g) for g in gs]",
                {"p": np.array(p), "gs": [np.array(g) for g in gs]})


def some_walk(name, settings):
    def random(rng):
        shape = tuple(rng.integers(1, 4, size=rng.integers(1, 3)))
        gs = rng.normal(size=(rng.integers(2, 6), *shape)) * 10.0 ** rng.integers(-1, 3)
        return walk(name, settings(rng), rng.normal(size=shape), *gs)
    return random


def two(name):
    """A program with two optimizers, which must not share their state."""
    return Case(f"a, b = {name}(0.1), {name}(0.1)\n[a.step(p, g), a.step(p, g), b.step(p, -g)]",
                {"p": np.ones((2, 1)), "g": np.array([[0.5], [-2.0]])})


IN_PLACE = Mistake("All these positions are one and the same array: your step changes p in place. "
                   "Return a new one: p - …, not p -= ….",
                   when=lambda got, want, args: len(got) > 1 and all(
                       np.array_equal(p, got[0]) for p in got) and not np.array_equal(
                           got[0], args["p"]))
NONE = Mistake("step must return the new position.",
               when=lambda got, want, args: any(p is None for p in got))


# --- warm_cosine ---


def warm_cosine(t, steps, warmup, top, low=0.0):
    return schedule(t, steps, warmup, top, low)


def half_wave(first, last, share):
    return last + (first - last) * (1 + np.cos(np.pi * share)) / 2


def schedule(t, steps, warmup, top, low, early=1, share=lambda t, w, T: min(1, (t - w) / (T - w)),
             wave=half_wave):
    if t < warmup:
        return top * (t + early) / warmup
    return wave(top, low, share(t, warmup, steps))


def like_schedule(no_low=False, **options):
    return lambda t, steps, warmup, top, low=0.0: schedule(
        t, steps, warmup, top, low * (not no_low), **options)


def some_schedule(rng):
    warmup, steps = int(rng.integers(0, 6)), int(rng.integers(8, 40))
    return {"t": int(rng.integers(0, steps + 5)), "steps": steps, "warmup": warmup,
            "top": float(rng.uniform(0.1, 2)), "low": float(rng.uniform(0, 0.1))}


# --- AdamW ---


class AdamW:
    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.m, self.s, self.t = 0.0, 0.0, 0

    def step(self, p, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g**2
        return self.move(p, self.m / (1 - self.b1**self.t), self.s / (1 - self.b2**self.t))

    def move(self, p, m, s):
        return (1 - self.rate * self.decay) * p - self.rate * self.scaled(m, s)

    def scaled(self, m, s):
        return m / (np.sqrt(s) + self.eps)


class AdamEpsInside(AdamW):
    def scaled(self, m, s):
        return m / np.sqrt(s + self.eps)


class AdamNoRoot(AdamW):
    def scaled(self, m, s):
        return m / (s + self.eps)


class AdamDecayAlone(AdamW):
    def move(self, p, m, s):
        return (1 - self.decay) * p - self.rate * self.scaled(m, s)


class AdamStoredHats(AdamW):
    def move(self, p, m, s):
        self.m, self.s = m, s
        return super().move(p, m, s)


class AdamStoredM(AdamW):
    def move(self, p, m, s):
        self.m = m
        return super().move(p, m, s)


class AdamNoDecay(AdamW):
    def move(self, p, m, s):
        return p - self.rate * self.scaled(m, s)


# --- train_in_batches ---


def train_in_batches(X, y, batches, rates, decay=0.0):
    return train(X, y, batches, rates, decay)


def train(X, y, batches, rates, decay, factor=lambda X, i: 2 / len(i), penalty=0, late=False,
          decay_rate=lambda rate: rate):
    w, losses = np.zeros(X.shape[1]), []
    for i, rate in zip(batches, rates, strict=True):
        error = X[i] @ w - y[i]
        losses.append((error**2).mean() + penalty * decay / 2 * (w**2).sum())
        w = w - rate * factor(X, i) * X[i].T @ error - decay_rate(rate) * decay * w
        if late:
            losses[-1] = ((X[i] @ w - y[i]) ** 2).mean()
    return w, losses


def like_train(keep=1, **options):
    return lambda X, y, batches, rates, decay=0.0: train(
        X, y, batches, rates, keep * decay, **options)


def some_training(rng):
    n, d, steps = rng.integers(4, 9), rng.integers(1, 4), rng.integers(2, 6)
    return {"X": rng.normal(size=(n, d)), "y": rng.normal(size=n), "decay": 0.3,
            "batches": [rng.permutation(n)[:rng.integers(1, n)] for _ in range(steps)],
            "rates": rng.uniform(0.01, 0.2, steps).round(3).tolist()}
