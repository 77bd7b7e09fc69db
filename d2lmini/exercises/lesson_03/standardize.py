"""Find the three bugs in code that standardizes features, and write it right."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def standardize(train, test, *, mean=np.mean, std=np.std, axis=0, replaced=lambda s: s == 0):
    m, s = mean(train, axis=axis), std(train, axis=axis)
    s = np.where(replaced(s), 1.0, s)
    return (train - m) / s, (test - m) / s


def own_statistics(train, test):
    return standardize(train, train)[0], standardize(test, test)[0]


def joint_statistics(train, test):
    both = np.concatenate([train, test])
    return standardize(both, train)[1], standardize(both, test)[1]


def row_means(train, test):
    return tuple(standardize(x.T, x.T)[0].T for x in (train, test))


def random(rng):
    d = int(rng.integers(1, 4))
    scale, shift = 10.0 ** rng.integers(-4, 4, d), rng.normal(size=d)
    return {"train": (rng.normal(size=(int(rng.integers(2, 7)), d)) + shift) * scale,
            "test": (rng.normal(size=(int(rng.integers(1, 4)), d)) + shift) * scale}


EXERCISE = Exercise(
    standardize,
    fixed=[
        {"train": np.array([[1.0], [3.0]]), "test": np.array([[5.0]])},
        {"train": np.array([[0.0, 100.0], [2.0, 300.0], [4.0, 200.0]]),
         "test": np.array([[2.0, 200.0], [8.0, 0.0]])},
        {"train": np.array([[70, 3000], [76, 2000], [82, 2500]]),
         "test": np.array([[73, 4000]])},
        {"train": np.array([[0.0001], [0.0003]]), "test": np.array([[0.0004]])},
        {"train": np.array([[1.0, 5.0], [2.0, 5.0]]), "test": np.array([[3.0, 5.0], [0, 7]])},
        {"train": np.array([[1.0, 2.0], [5.0, 4.0]]), "test": np.zeros((0, 2))},
    ],
    random=random,
    mistakes=[
        Mistake("Return two arrays as a tuple: the training set and the test set.",
                lambda train, test: standardize(train, test)[0],
                when=lambda got, want, args: not isinstance(got, list | tuple)),
        Mistake("The test set was standardized with its own mean and standard deviation. Use those "
                "of the training set for both.", own_statistics),
        Mistake("Mean and standard deviation were taken from both sets together. The test set must "
                "stay unseen: use the training set alone.", joint_statistics),
        Mistake("One mean was taken over the whole table. Each column has its own: axis=0.",
                partial(standardize, axis=None)),
        Mistake("This divides by n - 1 (ddof=1). In this lesson the standard deviation is the "
                "square root of the mean square, with n.",
                partial(standardize, std=partial(np.std, ddof=1))),
        Mistake("Every number became 0. Was the mean taken over each row? Features are the "
                "columns: axis=0.", row_means,
                when=lambda got, want, args: not np.nan_to_num(got[0]).any()),
        Mistake("Nothing may be added to the standard deviation, and a small one is not 0: this "
                "column is small, and it matters. Replace only an exact 0.",
                partial(standardize, replaced=lambda s: s < 1e-3),
                when=lambda got, want, args: args["train"].max() < 1e-3),
        Mistake("The mean was not subtracted.",
                partial(standardize, mean=lambda x, axis: 0)),
        Mistake("The mean was subtracted, but not divided by the standard deviation.",
                partial(standardize, std=lambda x, axis: 1)),
        Mistake("A column in which all training numbers are equal has the standard deviation 0. Do "
                "not divide there: put 1 in its place.",
                partial(standardize, replaced=lambda s: False),
                when=lambda got, want, args: (args["train"].std(axis=0) == 0).any()),
    ],
    hints=[
        "Try it by hand on a training set with two columns of very different size, such as "
        "[[0, 100], [2, 300]]: what should the mean of each column be afterwards?",
        "train.mean(axis=0) has one number for each column, shape (d,), and broadcasts. Compute "
        "mean and standard deviation once, from train, and use them for both sets.",
        "std == 0 is a mask: std[std == 0] = 1.0 replaces the zeros, and only these.",
    ],
)
