"""The perplexity of a text, from the probabilities that a model gave."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def perplexity(P, targets, *, pick=lambda P, y: P[np.arange(len(y)), y], mean=np.mean,
               power=np.exp, sign=-1):
    return power(sign * mean(np.log(pick(P, targets))))


def draw(rng, L, K):
    P = rng.dirichlet(np.ones(K), L) + 0.01
    return {"P": P / P.sum(axis=1, keepdims=True), "targets": rng.integers(0, K, L)}


def underflow(P, targets):
    with np.errstate(divide="ignore"):
        return np.prod(P[np.arange(len(targets)), targets]) ** (-1 / len(targets))


but = partial(partial, perplexity)
EXERCISE = Exercise(
    perplexity,
    fixed=[
        {"P": np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]), "targets": np.array([1, 0])},
        {"P": np.full((3, 29), 1 / 29), "targets": np.array([4, 0, 28])},
        draw(np.random.default_rng(10), 2000, 5),
    ],
    random=lambda rng: draw(rng, *rng.integers(2, 9, 2)),
    mistakes=[
        Mistake("The product of so many probabilities is smaller than the smallest float, and "
                "becomes 0. Take the mean of the logarithms instead.", underflow,
                when=lambda got, want, args: len(args["targets"]) > 999 and not np.isfinite(got)),
        Mistake("That is the loss. Its perplexity is e to the power of the loss.",
                but(power=lambda x: x)),
        Mistake("The loss is in natural logarithms, so the base is e, not 2: np.exp.",
                but(power=np.exp2)),
        Mistake("You added the losses up. Take their mean, or a longer text is worse by its "
                "length alone.", but(mean=np.sum)),
        Mistake("The sign of the loss is wrong: it is minus the logarithm.", but(sign=1)),
        Mistake("That is the mean of 1/p. Take the mean of -log p, and then the exponential.",
                lambda P, targets: (1 / P[np.arange(len(targets)), targets]).mean()),
        Mistake("From each row take only the probability of its own target: P[np.arange(L), "
                "targets].", but(pick=lambda P, y: P)),
        Mistake("P[:, targets] takes every target from every row. Row t goes with targets[t]: "
                "P[np.arange(L), targets].", but(pick=lambda P, y: P[:, y])),
    ],
    hints=["Lesson 05: the loss of a step is minus the logarithm of the probability that its "
           "target got.",
           "P[np.arange(len(targets)), targets] are these probabilities.",
           "The perplexity is np.exp of the mean of the losses."],
    bans=("functional.nll_loss", "functional.cross_entropy"),
)
