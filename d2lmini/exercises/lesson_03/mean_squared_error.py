"""The mean squared error, which refuses arrays of different shapes."""

import numpy as np

from ..spec import Case, Exercise, Mistake


def mean_squared_error(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError("the shapes differ")
    return np.mean((prediction.astype(float) - truth) ** 2)


def with_formula(formula):
    """mean_squared_error with another formula of the differences."""
    def wrong(prediction, truth):
        if prediction.shape != truth.shape:
            raise ValueError("the shapes differ")
        return formula(prediction.astype(float) - truth)
    return wrong


def wrapping(prediction, truth):
    if prediction.shape != truth.shape:
        raise ValueError("the shapes differ")
    return np.mean((prediction - truth) ** 2)


def refused(prediction, truth):
    """ValueError is to be raised; to return that word as a text is not the same."""
    def seen(answer, args):
        value = answer if isinstance(answer, str) else answer[0]
        return repr(value) if value is not answer and isinstance(value, str) else value

    return Case("try: a = [mean_squared_error(p, t)]\nexcept ValueError: a = 'ValueError'\na",
                {"p": prediction, "t": truth}, seen, "mean_squared_error(p, t)")


def random(rng):
    shape = tuple(rng.integers(1, 5, int(rng.integers(1, 3))))
    return {"prediction": rng.normal(size=shape), "truth": rng.normal(size=shape)}


EXERCISE = Exercise(
    mean_squared_error,
    fixed=[
        {"prediction": np.array([1.0, 2.0, 4.0]), "truth": np.array([2.0, 5.0, 4.0])},
        {"prediction": np.array([3.0]), "truth": np.array([-2.0])},
        {"prediction": np.array([[1.0], [2.0], [4.0]]), "truth": np.array([[1.0], [4.0], [2]])},
        {"prediction": np.array([[1.0, 2], [3, 4]]), "truth": np.array([[1.0, 4], [3, 2]])},
        {"prediction": np.array([3, 200], np.uint8), "truth": np.array([5, 100], np.uint8)},
        refused(np.array([[1.0], [2.0]]), np.array([1.0, 2.0])),
        refused(np.array([1.0, 2.0]), np.array([1.0])),
        refused(np.zeros((2, 3)), np.zeros((3, 2))),
    ],
    random=random,
    mistakes=[
        Mistake("The shapes differ, and NumPy would broadcast them or stop with an error of its "
                "own. Compare the shapes first, and raise ValueError if they differ.",
                lambda prediction, truth: np.mean((prediction.astype(float) - truth) ** 2),
                when=lambda got, want, args: isinstance(want, str)),
        Mistake("Small integers wrap around (3 - 5 gives 254 as uint8, and 100 squared gives 16). "
                "Convert them to floats first: prediction.astype(float).", wrapping,
                when=lambda got, want, args: args["prediction"].dtype == np.uint8),
        Mistake("The sum was divided by the number of rows. Divide by the number of all elements, "
                "or take the mean.", with_formula(lambda d: (d**2).sum() / len(d)),
                when=lambda got, want, args: len(args["prediction"]) > 1
                and np.isclose(got, want * args["prediction"].shape[1])),
        Mistake("That is the sum of the squares. Take their mean.",
                with_formula(lambda d: (d**2).sum())),
        Mistake("That is half of it. Here the mean squared error is without the half.",
                with_formula(lambda d: (d**2).mean() / 2)),
        Mistake("That is the mean absolute error: square the differences, not abs.",
                with_formula(lambda d: abs(d).mean())),
        Mistake("Square first, then take the mean.", with_formula(lambda d: d.mean() ** 2)),
        Mistake("That is its square root, the RMSE.",
                with_formula(lambda d: np.sqrt((d**2).mean()))),
    ],
    hints=[
        "Three steps: the differences, their squares, the mean.",
        "Before them: if prediction.shape != truth.shape: raise ValueError(a sentence).",
        "prediction.astype(float) - truth does not wrap around.",
    ],
    bans=("functional.mse_loss", "nn.MSELoss"),
)
