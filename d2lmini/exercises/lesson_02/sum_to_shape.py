"""Sum a gradient over what broadcasting had copied."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def sum_to_shape(G, shape, *, add=np.sum, keepdims=True):
    G = add(G, axis=tuple(range(G.ndim - len(shape))))
    copied = [axis for axis, n in enumerate(shape) if n == 1]
    return add(G, axis=tuple(copied), keepdims=keepdims)


def first(G, axis, keepdims=False):
    """One of the copies along these axes."""
    G = G[tuple(slice(0, 1) if i in axis else slice(None) for i in range(G.ndim))]
    return G if keepdims else G.reshape([n for i, n in enumerate(G.shape) if i not in axis])


def aligned_at_the_left(G, shape):
    G = G.sum(axis=tuple(range(len(shape), G.ndim)))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def random(rng):
    full = rng.integers(1, 5, int(rng.integers(1, 5)))
    shape = np.where(rng.random(len(full)) < 0.4, 1, full)[int(rng.integers(len(full) + 1)):]
    return {"G": rng.normal(size=tuple(full)), "shape": tuple(int(n) for n in shape)}


EXERCISE = Exercise(
    sum_to_shape,
    fixed=[
        {"G": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "shape": (3, 1)},
        {"G": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "shape": (1, 2)},
        {"G": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "shape": (2,)},
        {"G": np.array([[1.0, 2.0], [3.0, 4.0]]), "shape": (2,)},
        {"G": np.array([[1.0, 2.0], [3.0, 4.0]]), "shape": (2, 2)},
        {"G": np.array([[1.0, 2.0], [3.0, 4.0]]), "shape": ()},
        {"G": np.arange(24.0).reshape(2, 3, 4), "shape": (3, 1)},
        {"G": np.arange(24.0).reshape(2, 3, 4), "shape": (1, 3, 1)},
        {"G": np.zeros((0, 3)), "shape": (1, 3)},
    ],
    random=random,
    mistakes=[
        Mistake("The numbers are right, but a summed axis of length 1 is gone: sum with "
                "keepdims=True.", partial(sum_to_shape, keepdims=False),
                when=lambda got, want, args: np.shape(got) != want.shape and np.ndim(got)
                < len(args["shape"]) and np.allclose(np.ravel(got), want.ravel())),
        Mistake("Nothing was summed. Sum over each axis on which broadcasting made copies.",
                lambda G, shape: G,
                when=lambda got, want, args: np.shape(got) == args["G"].shape),
        Mistake("Axes are left over in front: those that the shape does not have are summed and "
                "vanish, without keepdims.",
                lambda G, shape: sum_to_shape(G, (1,) * (G.ndim - len(shape)) + shape),
                when=lambda got, want, args: np.ndim(got) > len(args["shape"])),
        Mistake("Each copy contributes, and contributions add up: take the sum, not the mean.",
                partial(sum_to_shape, add=np.mean)),
        Mistake("You kept one of the copies. Each of them contributes: sum over them.",
                partial(sum_to_shape, add=first)),
        Mistake("The wrong axis was summed. Shapes are aligned at the right, so the axes that are "
                "missing in shape are the first ones of G.", aligned_at_the_left,
                when=lambda got, want, args: len(args["shape"]) < args["G"].ndim),
    ],
    hints=[
        "There are two kinds of copies: along axes that shape does not have at all (the first ones "
        "of G), and along axes where shape has a 1.",
        "G.ndim - len(shape) axes are too many. Sum over axis 0 that many times.",
        "Then, wherever shape[axis] == 1: G = G.sum(axis=axis, keepdims=True).",
    ],
    bans=("engine._unbroadcast",),
)
