"""Find the leaks in an evaluation, and write it right."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake

TRAIN, VALID, TEST = 0, 1, 2


def honest_score(x, y, part, ks, *, scale=(TRAIN,), among=(TRAIN,), choose=(VALID,), report=(TEST,),
                 count=(TEST,), best=max):
    def rows(parts):
        return np.isin(part, parts)

    z = (x - x[rows(scale)].mean(axis=0)) / x[rows(scale)].std(axis=0)

    def accuracy(k, parts):
        gaps = ((z[rows(parts)][:, None] - z[rows(among)]) ** 2).sum(axis=2)
        near = y[rows(among)][gaps.argsort(axis=1, kind="stable")[:, :k]]
        return np.mean([np.bincount(votes).argmax() for votes in near] == y[rows(parts)])

    k = best(ks, key=lambda k: accuracy(k, choose))
    p = accuracy(k, report)
    return k, p, np.sqrt(p * (1 - p) / rows(count).sum())


def case(rng):
    n, classes = int(rng.integers(18, 30)), int(rng.integers(2, 4))
    part = np.concatenate([[0] * (n // 2), [1] * (n // 4), [2] * (n - n // 2 - n // 4)])
    y = rng.integers(0, classes, n)
    x = np.round(rng.normal(size=(n, 2)) * [1, 5] + 0.8 * y[:, None] * [1, 5], 1)
    x[part == 2, 1] *= 3  # the test pictures are from elsewhere
    order = rng.permutation(n)
    return {"x": x[order], "y": y[order], "part": part[order], "ks": [1, 3, 5]}


but = partial(partial, honest_score)
ALL = TRAIN, VALID, TEST
EXERCISE = Exercise(
    honest_score,
    fixed=[case(np.random.default_rng(seed)) for seed in (222, 351, 326)],
    random=case,
    mistakes=[
        Mistake("The mean and the standard deviation are those of all pictures. They belong to the "
                "method, so they come from the training pictures alone.", but(scale=ALL)),
        Mistake("The neighbors are looked for among all pictures, so each finds itself first. Only "
                "training pictures may be neighbors.", but(among=ALL)),
        Mistake("The neighbors of a test picture are looked for among the validation pictures, "
                "too. Only training pictures may be neighbors.", but(among=(TRAIN, VALID))),
        Mistake("k is chosen on the test pictures. Choose it on the validation pictures, so that "
                "the test stays one.", but(choose=(TEST,))),
        Mistake("k is chosen on the training pictures, where each is its own neighbor. Choose it "
                "on the validation pictures.", but(choose=(TRAIN,))),
        Mistake("k is chosen on validation and test pictures together. Choose it on the validation "
                "pictures alone.", but(choose=(VALID, TEST))),
        Mistake("The accuracy is that of validation and test pictures together. k was chosen on "
                "the first, so only the test pictures count.", but(report=(VALID, TEST))),
        Mistake("The accuracy is that of the validation pictures, on which k was chosen. Report "
                "that of the test pictures.", but(report=(VALID,))),
        Mistake("The standard error divides by the number of all pictures. The accuracy comes from "
                "the test pictures only, so n is their number.", but(count=ALL)),
        Mistake("Take the square root of p (1 - p) / n.",
                lambda *args: (*honest_score(*args)[:2], honest_score(*args)[2] ** 2)),
        Mistake("You took the k with the lowest accuracy.", but(best=min)),
    ],
    hints=[
        "Five lines use pictures that they may not use. Ask at each line: which of the three parts "
        "may it see?",
        "Mean, standard deviation and neighbors: training pictures. The choice of k: validation "
        "pictures. The accuracy, and the n of its standard error: test pictures.",
        "train = part == 0. Then x[train].mean(axis=0), z[train] in the gaps, and y[train][near].",
    ],
)
