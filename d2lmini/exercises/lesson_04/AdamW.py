"""Adam with decoupled weight decay."""

import numpy as np

from ..spec import Exercise, Mistake
from ._walk import before_each_step, some_walk, step_mistakes, two, walk


class AdamW:
    square, first = (lambda self, g: g**2), 1

    def __init__(self, rate, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.eps, self.decay = rate, b1, b2, eps, decay
        self.m, self.s, self.t = 0.0, 0.0, self.first - 1

    def step(self, p, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * self.square(g)
        one = np.float64(1)
        return self.move(p, self.m / (one - self.b1**self.t), self.s / (one - self.b2**self.t))

    def move(self, p, m, s):
        return (1 - self.rate * self.decay) * p - self.rate * self.scaled(m, s)

    def scaled(self, m, s):
        return m / (np.sqrt(s) + self.eps)


class FromZero(AdamW):
    first = 0


class NotSquared(AdamW):
    square = lambda self, g: g


class EpsInside(AdamW):
    def scaled(self, m, s):
        return m / np.sqrt(s + self.eps)


class NoEps(AdamW):
    def scaled(self, m, s):
        return m / np.maximum(np.sqrt(s), 1e-300)


class NoRoot(AdamW):
    def scaled(self, m, s):
        return m / (s + self.eps)


class DecayAlone(AdamW):
    def move(self, p, m, s):
        return (1 - self.decay) * p - self.rate * self.scaled(m, s)


class StoredHats(AdamW):
    def move(self, p, m, s):
        self.m, self.s = m, s
        return super().move(p, m, s)


class StoredM(AdamW):
    def move(self, p, m, s):
        self.m = m
        return super().move(p, m, s)


class NoDecay(AdamW):
    def move(self, p, m, s):
        return p - self.rate * self.scaled(m, s)


EXERCISE = Exercise(
    AdamW,
    fixed=[
        walk("AdamW", "0.1", [1.0, 1.0, 1.0], [0.001, -1.0, 1000.0]),
        walk("AdamW", "0.1", [1.0, -2.0], [0.5, 4.0], [0.5, -2.0], [-1.0, 0.0]),
        walk("AdamW", "0.1", [0.0], [1e-8]),
        walk("AdamW", "0.1", [0, 3], [0, 1], [0, 2]),
        walk("AdamW", "0.1, decay=0.5", [2.0], [0.0], [0.0]),
        walk("AdamW", "0.1, decay=0.5", [[2.0], [-1.0]], [[1.0], [3.0]], [[-2.0], [1.0]]),
        walk("AdamW", "0.2, b1=0.5, b2=0.75, eps=0.1", [1.0], [1.0], [2.0], [-0.5]),
        two("AdamW"),
    ],
    random=some_walk("AdamW", lambda rng: f"{rng.uniform(0.01, 0.3):.3f}, "
                     f"decay={rng.uniform(0, 0.3):.2f}"),
    mistakes=[
        *step_mistakes(AdamW),
        Mistake("The hats are missing: divide m by 1 - b1**t and s by 1 - b2**t.",
                before_each_step(AdamW, t=10**6)),
        Mistake("In the first step t is 1, not 0: add 1 before you use it.", FromZero,
                when=lambda got, want, args: not np.isfinite(got[0]).any()),
        Mistake("s became negative and has no square root. It is the running mean of the squares, "
                "g**2.", NotSquared, when=lambda got, want, args: np.isnan(got[0]).any()),
        Mistake("The hats went into self.m and self.s, and the next step starts from them. Give "
                "them names of their own.", StoredHats),
        Mistake("m with its hat went into self.m, and the next step starts from it. Give it a name "
                "of its own.", StoredM),
        Mistake("p shrinks by the factor 1 - rate * decay, not by 1 - decay.", DecayAlone),
        Mistake("The gradient in this walk is 0.00000001, no more than eps. So eps counts: add it "
                "to the square root.", NoEps,
                when=lambda got, want, args: 0 < args["gs"][0][0] < 1e-7),
        Mistake("You walk uphill: subtract the step.",
                before_each_step(AdamW, lambda o, p, g: -g)),
        Mistake("Each step forgets m, s and t. Keep them in self.",
                before_each_step(AdamW, m=0.0, s=0.0, t=0)),
        Mistake("t must grow by 1 in each step.", before_each_step(AdamW, t=0)),
        Mistake("Divide by the square root of s with its hat, not by itself.", NoRoot),
        Mistake("Add eps after the square root, not before.", EpsInside),
        Mistake("Without a gradient the weights must still decay: multiply p by "
                "1 - rate * decay.", NoDecay),
        Mistake("The decay went into the gradient, where Adam divides it by its own size. Multiply "
                "p by 1 - rate * decay instead.",
                before_each_step(NoDecay, lambda o, p, g: g + o.decay * p)),
    ],
    hints=[
        "Count first: self.t += 1. Then the two running means, self.m of g, self.s of g**2.",
        "The hats belong to this step only: put them into new names, and leave self.m and self.s "
        "as they are.",
        "m_hat = self.m / (1 - self.b1**self.t), and s_hat in the same way with b2.",
        "The step is rate * m_hat / (np.sqrt(s_hat) + eps), taken from "
        "(1 - rate * decay) * p.",
    ],
    bans=("optim.Adam",),
)
