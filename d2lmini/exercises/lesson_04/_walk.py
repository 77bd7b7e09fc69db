"""What the exercises with an optimizer share: a walk of several steps, and its mistakes."""

import numpy as np

from ..spec import Case, Mistake


def before_each_step(optimizer, gradient=lambda o, p, g: g, **state):
    """An optimizer that, before each step, takes another gradient and sets its state."""
    class Changed(optimizer):
        def step(self, p, g):
            vars(self).update(state)
            return super().step(p, gradient(self, p, g))
    return Changed


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


def step_mistakes(optimizer):
    """That a step returns nothing, or the same array again and again."""
    class Nothing(optimizer):
        def step(self, p, g):
            super().step(p, g)

    class InPlace(optimizer):
        def step(self, p, g):
            if not hasattr(self, "p"):
                self.p = p.astype(float)
            self.p[...] = super().step(self.p, g)
            return self.p

    return [
        Mistake("step must return the new position.", Nothing,
                when=lambda got, want, args: any(p is None for p in got)),
        Mistake("All these positions are one and the same array: your step changes p in place. "
                "Return a new one: p - …, not p -= ….", InPlace,
                when=lambda got, want, args: len(got) > 1 and all(
                    np.array_equal(p, got[0]) for p in got) and not np.array_equal(
                        got[0], args["p"]))]
