"""Gradient descent with momentum."""

from ..spec import Exercise, Mistake
from ._walk import before_each_step, some_walk, step_mistakes, two, walk


class Momentum:
    def __init__(self, rate, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.v = rate, mu, nesterov, 0.0

    def step(self, p, g):
        self.v = self.mu * self.v + g
        return p - self.rate * (g + self.mu * self.v if self.nesterov else self.v)


class WithoutGradient(Momentum):
    def step(self, p, g):
        return super().step(p, g) + self.rate * g * self.nesterov


EXERCISE = Exercise(
    Momentum,
    fixed=[
        walk("Momentum", "0.2", [1.0, -2.0], [0.5, 0.25]),
        walk("Momentum", "0.2", [1.0, -2.0], [1.0, 1.0], [1.0, -1.0], [1.0, 1.0]),
        walk("Momentum", "0.1, mu=0.5", [0, 4], [3, -1], [2, 0]),
        walk("Momentum", "0.1, mu=0.5, nesterov=True", [0.0], [1.0], [1.0], [-2.0]),
        walk("Momentum", "0.1, mu=0.0", [[1.0, 2.0, 3.0]], [[1.0, 0.0, 2.0]], [[1.0, 1, 1]]),
        two("Momentum"),
    ],
    random=some_walk("Momentum", lambda rng: f"{rng.uniform(0.01, 0.3):.3f}, "
                     f"mu={rng.uniform(0.2, 0.95):.2f}, nesterov={rng.random() < 0.5}"),
    mistakes=[
        *step_mistakes(Momentum),
        Mistake("You walk uphill: subtract the velocity times the rate.",
                before_each_step(Momentum, lambda o, p, g: -g)),
        Mistake("Each step forgets the velocity of the one before. Keep it in self.v.",
                before_each_step(Momentum, v=0.0)),
        Mistake("That is a mean of the gradients. Here v is their decaying sum, mu v + g, without "
                "a factor 1 - mu.", before_each_step(Momentum, lambda o, p, g: (1 - o.mu) * g)),
        Mistake("The rate is applied twice. Use it once, where p steps.",
                before_each_step(Momentum, lambda o, p, g: o.rate * g)),
        Mistake("That is plain momentum. With nesterov=True step along g + mu v, where v is the "
                "new velocity.", before_each_step(Momentum, nesterov=False)),
        Mistake("That is Nesterov's step. Take it only if nesterov is True.",
                before_each_step(Momentum, nesterov=True)),
        Mistake("Nesterov's step goes along g + mu v; the gradient g is missing.",
                WithoutGradient),
    ],
    hints=[
        "First the velocity: multiply the old one by mu, and add the gradient.",
        "Store it: self.v = self.mu * self.v + g. The next call finds it there.",
        "Then return p - self.rate * d, where d is self.v, or with nesterov g + self.mu * self.v.",
    ],
    bans=("optim.SGD",),
)
