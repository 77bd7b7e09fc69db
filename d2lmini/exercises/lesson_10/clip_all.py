"""Clip several gradients to one joint length."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def clip_all(gradients, limit, *, norm=lambda gs: np.sqrt(sum((g ** 2).sum() for g in gs)),
             scale=lambda norm, limit: limit / max(norm, limit)):
    factor = scale(norm(gradients), limit)
    return [g * factor for g in gradients]


def each_alone(gradients, limit):
    return [clip_all([g], limit)[0] for g in gradients]


def always(norm, limit):
    with np.errstate(all="ignore"):
        return np.divide(limit, norm)


def draw(rng, long):
    gradients = [rng.normal(size=tuple(rng.integers(1, 5, ndim)))
                 for ndim in rng.integers(1, 4, rng.integers(1, 4))]
    length = np.sqrt(sum((g ** 2).sum() for g in gradients))
    return {"gradients": gradients, "limit": float(length * (0.3 if long else 1.7))}


but = partial(partial, clip_all)
EXERCISE = Exercise(
    clip_all,
    fixed=[
        {"gradients": [np.array([3.0, 4.0]), np.array([[12.0]])], "limit": 2.0},
        {"gradients": [np.array([[0.3, -0.1], [0.2, 0.0]]), np.array([0.5])], "limit": 2.0},
        {"gradients": [np.zeros(3), np.zeros((2, 2))], "limit": 1.0},
    ],
    random=lambda rng: draw(rng, rng.random() < 0.6),
    mistakes=[
        Mistake("Each array was clipped by itself. That changes the direction of the whole "
                "gradient: divide all of them by their joint length.", each_alone),
        Mistake("Single numbers were cut off at the limit. Clipping multiplies all numbers by one "
                "factor, so that the direction stays.",
                lambda gradients, limit: [np.clip(g, -limit, limit) for g in gradients],
                when=lambda got, want, args: all(
                    np.allclose(a, np.clip(g, -args["limit"], args["limit"]))
                    for a, g in zip(got, args["gradients"]))),
        Mistake("A gradient of zeros has length 0, and 0 / 0 is nan. Shorten only what is longer "
                "than the limit.",
                but(scale=lambda norm, limit: always(norm, limit) if norm == 0 else
                    limit / max(norm, limit)),
                when=lambda got, want, args: any(np.isnan(g).any() for g in got)),
        Mistake("This gradient is shorter than the limit, so it stays as it is. Yours was made "
                "longer.", but(scale=always)),
        Mistake("The factor is limit / length; you left the limit out.",
                but(scale=lambda norm, limit: 1 / norm if norm > limit else 1.0)),
        Mistake("The length is the root of the sum of the squares. The root is missing.",
                but(norm=lambda gs: sum((g ** 2).sum() for g in gs))),
        Mistake("The length of the whole is not the sum of the lengths. Add the squares of all "
                "numbers of all arrays, then take one root.",
                but(norm=lambda gs: sum(np.sqrt((g ** 2).sum()) for g in gs))),
    ],
    hints=["First one number: the sum of the squares of all numbers in all arrays; its root is the "
           "joint length.",
           "If the length is at most the limit, nothing changes: the factor is 1.",
           "Otherwise the factor is limit / length, the same for all arrays: [g * factor for g in "
           "gradients]."],
    bans=("nn.utils.clip_grad_norm_",),
)
