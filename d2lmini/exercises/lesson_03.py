"""What judges the exercises of lesson 03, linear regression. The functions: references_03.py."""

import numpy as np

from .references_03 import (
    BATCHES,
    RNG,
    batches,
    bias_after_weight,
    bias_cut_off,
    changed,
    divided_by_n_minus_1,
    each_once,
    first_rows,
    fit_price_model,
    in_order_of_appearance,
    in_place,
    joint_statistics,
    linear_gradients,
    mean_squared_error,
    neighbors,
    no_short_batch,
    not_divided,
    one_mean_for_all,
    own_statistics,
    pairs,
    prices,
    region_as_number,
    same_twice,
    shapes,
    some_batches,
    some_features,
    some_predictions,
    some_prices,
    some_regression,
    some_training,
    sorted_regions,
    standardize,
    together,
    train_linear,
    whole_table,
    with_gradients,
)
from .spec import Case, Exercise, Mistake

MSE_REFUSED = "try: a = [mean_squared_error(p, t)]\nexcept ValueError: a = 'ValueError'\na"
FOUR = {"time": np.array([0.0, 1.0, 0.0, 0.0]), "size": np.array([1.0, 1.0, 2.0, 1.0]),
        "region": ["south", "south", "north", "north"], "price": np.array([5.0, 7.0, 10.0, 9.0]),
        "regions": ["south", "north"]}
LINE = {"X": np.array([[1.0], [2.0], [3.0]]), "y": np.array([4.0, 5.0, 6.0])}
EPOCHS = "[list(batches(X, y, 9, rng)), list(batches(X, y, 9, {}))]"
MANY = {"X": np.arange(60.0).reshape(30, 2), "y": np.arange(0.0, 60, 2), "rng": RNG}


def refused_mse(prediction, truth):
    """mean_squared_error is to raise ValueError; to return that word as a text is not the same."""
    def seen(answer, args):
        value = answer if isinstance(answer, str) else answer[0]
        return repr(value) if value is not answer and isinstance(value, str) else value

    return Case(MSE_REFUSED, {"p": prediction, "t": truth}, seen, "mean_squared_error(p, t)")


EXERCISES = [
    Exercise(
        name="mean_squared_error",
        reference=mean_squared_error,
        program="mean_squared_error(prediction, truth)",
        fixed=[
            {"prediction": np.array([1.0, 2.0, 4.0]), "truth": np.array([2.0, 5.0, 4.0])},
            {"prediction": np.array([3.0]), "truth": np.array([-2.0])},
            {"prediction": np.array([[1.0], [2.0], [4.0]]), "truth": np.array([[1.0], [4.0], [2]])},
            {"prediction": np.array([[1.0, 2], [3, 4]]), "truth": np.array([[1.0, 4], [3, 2]])},
            {"prediction": np.array([3, 200], np.uint8), "truth": np.array([5, 100], np.uint8)},
            refused_mse(np.array([[1.0], [2.0]]), np.array([1.0, 2.0])),
            refused_mse(np.array([1.0, 2.0]), np.array([1.0])),
            refused_mse(np.zeros((2, 3)), np.zeros((3, 2))),
        ],
        random=some_predictions,
        mistakes=[
            Mistake("The shapes differ, and NumPy would broadcast them or stop with a text of its "
                    "own. Compare the shapes first, and raise ValueError if they differ.",
                    when=lambda got, want, args: isinstance(want, str)),
            Mistake("Small whole numbers wrap around (3 - 5 gives 254 as uint8, and 100 squared "
                    "gives 16). Make them floats first: prediction.astype(float).",
                    when=lambda got, want, args: args["prediction"].dtype == np.uint8),
            Mistake("The sum was divided by the number of rows. Divide by that of all numbers, or "
                    "take the mean.", when=lambda got, want, args: len(args["prediction"]) > 1
                    and np.isclose(got, want * args["prediction"].shape[1])),
            Mistake("That is the sum of the squares. Take their mean.", like=lambda prediction,
                    truth: ((prediction - truth) ** 2).sum()),
            Mistake("That is half of it. Here the mean squared error is without the half.",
                    like=lambda prediction, truth: whole_table(prediction, truth) / 2),
            Mistake("That is the mean absolute error: square the differences, not abs.",
                    like=lambda prediction, truth: np.abs(prediction - truth).mean()),
            Mistake("Square first, then take the mean.",
                    like=lambda prediction, truth: (prediction - truth).mean() ** 2),
            Mistake("That is its root, the RMSE.",
                    like=lambda prediction, truth: np.sqrt(whole_table(prediction, truth))),
        ],
        hints=[
            "Three steps: the differences, their squares, the mean.",
            "Before them: if prediction.shape != truth.shape: raise ValueError(a sentence).",
            "prediction.astype(float) - truth does not wrap around.",
        ],
        bans=("functional.mse_loss", "nn.MSELoss"),
    ),
    Exercise(
        name="linear_gradients",
        reference=linear_gradients,
        program="linear_gradients(X, y, w, b)",
        fixed=[
            {**LINE, "w": np.array([0.0]), "b": 0.0},
            {"X": np.array([[2.0, -1.0]]), "y": np.array([3.0]), "w": np.array([1.0, 1.0]),
             "b": 0.5},
            {"X": np.array([[1, 2], [3, 4]]), "y": np.array([1, 0]), "w": np.array([1, -1]),
             "b": 2},
            {"X": np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), "y": np.array([2.0, -1.0]),
             "w": np.array([1.0, 0.0, 0.5]), "b": -1.0},
        ],
        random=some_regression,
        mistakes=[
            Mistake("Return two things as a tuple: the gradients by w and by b.",
                    when=lambda got, want, args: not isinstance(got, list | tuple)),
            Mistake("The bias is missing in the error: X @ w + b - y.",
                    like=lambda X, y, w, b: linear_gradients(X, y, w, 0)),
            Mistake("Both are half of what they should be: the loss has no half, so the 2 of the "
                    "square stays.", like=changed(lambda by_w, by_b, n: (by_w / 2, by_b / 2))),
            Mistake("Both have the wrong sign: the error is prediction minus truth.",
                    like=changed(lambda by_w, by_b, n: (-by_w, -by_b))),
            Mistake("These are sums over the examples. The loss is a mean: divide by n = len(X).",
                    like=changed(lambda by_w, by_b, n: (by_w * n, by_b * n))),
            Mistake("These are sums over the examples, and the 2 is missing: 2 / n in front.",
                    like=changed(lambda by_w, by_b, n: (by_w * n / 2, by_b * n / 2))),
            Mistake("by_w is right, by_b is not: it is one number, 2 times the mean error. No "
                    "input stands in it, because the derivative of the prediction by b is 1.",
                    when=lambda got, want, args: got[0].dtype.kind == "f"
                    and np.shape(got[0]) == want[0].shape and np.allclose(got[0], want[0])),
            Mistake("by_w has one entry for each weight, shape (d,): X.T @ error.",
                    when=lambda got, want, args: np.shape(got[0]) != want[0].shape),
            Mistake("Use X.T @ error: entry j adds up error times input j over the examples. "
                    "X @ error adds up over the inputs.",
                    like=lambda X, y, w, b: (2 / len(X) * X @ (X @ w + b - y),
                                             linear_gradients(X, y, w, b)[1])),
            Mistake("by_b is right, by_w is not: it is 2 / n times X.T @ error.",
                    part=0, when=lambda got, want, args: np.allclose(got[1], want[1])),
        ],
        hints=[
            "First the error, one number for each example: error = X @ w + b - y.",
            "For one example the gradient by w is 2 * error * x, and by b it is 2 * error. Take "
            "the mean over the examples.",
            "In arrays: 2 / n * X.T @ error, and 2 * error.mean().",
        ],
        bans=("Tensor.backward",),
    ),
    Exercise(
        name="standardize",
        reference=standardize,
        program="standardize(train, test)",
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
        random=some_features,
        mistakes=[
            Mistake("Return two arrays as a tuple: the training set and the test set.",
                    when=lambda got, want, args: not isinstance(got, list | tuple)),
            Mistake("The test set was standardized with its own mean and standard deviation. Use "
                    "those of the training set for both.", like=own_statistics),
            Mistake("Mean and standard deviation were taken from both sets together. The test set "
                    "must stay unseen: use the training set alone.", like=joint_statistics),
            Mistake("One mean was taken over the whole table. Each column has its own: axis=0.",
                    like=one_mean_for_all),
            Mistake("This divides by n - 1 (ddof=1). In this lesson the standard deviation is the "
                    "plain root of the mean square.", like=divided_by_n_minus_1),
            Mistake("Every number became 0. Was the mean taken over each row? Features are the "
                    "columns: axis=0.",
                    when=lambda got, want, args: not np.nan_to_num(got[0]).any()),
            Mistake("Nothing may be added to the standard deviation, and a small one is no 0: this "
                    "column is small, and it matters. Replace only an exact 0.",
                    when=lambda got, want, args: args["train"].max() < 1e-3),
            Mistake("The mean was not subtracted.", like=lambda train, test: (
                train / train.std(axis=0), test / train.std(axis=0))),
            Mistake("The mean was subtracted, but not divided by the standard deviation.",
                    like=not_divided),
            Mistake("A column in which all training numbers are equal has the standard deviation "
                    "0. Do not divide there: put 1 in its place.",
                    when=lambda got, want, args: (args["train"].std(axis=0) == 0).any()),
        ],
        hints=[
            "train.mean(axis=0) has one number for each column, shape (d,), and broadcasts.",
            "Compute mean and standard deviation once, from train, and use them for both sets.",
            "std == 0 is a mask: std[std == 0] = 1.0 replaces the zeros.",
        ],
    ),
    Exercise(
        name="fit_price_model",
        reference=fit_price_model,
        program="fit_price_model(time, size, region, price, regions)",
        fixed=[
            FOUR,
            {**FOUR, "regions": ["north", "south"]},
            prices(np.random.default_rng(1), 9, ["USA", "Europe", "Japan"]),
            prices(np.random.default_rng(2), 6, ["here"]),
        ],
        random=some_prices,
        mistakes=[
            Mistake("lstsq gives several things; the weights are the first, [0].",
                    when=lambda got, want, args: isinstance(got, tuple)),
            Mistake("There is one column too many. With one-hot columns leave the bias out: the "
                    "regions do its work.", when=lambda got, want, args: len(got) == len(want) + 1),
            Mistake("Each of the regions needs a column of its own. Without a bias none is "
                    "dropped, and one number for all would force equal steps between them.",
                    when=lambda got, want, args: len(got) < len(want)),
            Mistake("The region became one number, and there is a bias. Give each region a column "
                    "of its own, and leave the bias out.", like=region_as_number),
            Mistake("There is a bias beside the one-hot columns, and it took a part of their "
                    "weights. Leave it out: the regions do its work.", like=bias_cut_off),
            Mistake("The weights of the regions stand in the order of the alphabet. They belong "
                    "into the order of the list regions.", like=sorted_regions),
            Mistake("The weights of the regions stand in the order in which the data mention "
                    "them. They belong into the order of the list regions.",
                    like=in_order_of_appearance),
            Mistake("Two weights are exchanged: time comes first, then size, then the regions.",
                    when=lambda got, want, args: np.allclose(got[[1, 0]], want[:2])),
            Mistake("The regions come after time and size.", when=lambda got, want, args:
                    np.allclose(np.roll(got, 2), want)),
        ],
        hints=[
            "First turn names into numbers: regions.index(name) is the column of a region.",
            "np.eye(k)[numbers] is the one-hot matrix (n, k), where k = len(regions).",
            "A = np.column_stack([time, size, onehot]) has the shape (n, 2 + k).",
            "np.linalg.lstsq(A, price, rcond=None)[0] are the best weights.",
        ],
    ),
    Exercise(
        name="batches",
        reference=batches,
        program=BATCHES,
        fixed=[
            Case("batches(X, y, batch_size, rng) is None", pairs(4, 2)),
            Case(BATCHES, pairs(6, 2), shapes),
            Case(BATCHES, pairs(7, 3), shapes),
            Case(BATCHES, pairs(3, 10), shapes),
            Case(BATCHES, pairs(0, 4), shapes),
            Case(BATCHES, pairs(7, 3), each_once),
            Case(BATCHES, pairs(7, 3), together),
            Case("list(batches(X, y, 9, rng))", {**MANY, "rows": list(range(0, 60, 2))}, in_place),
            Case("list(batches(X, y, 9, rng))", MANY, first_rows),
            Case("list(batches(X, y, 9, rng))", MANY, neighbors),
            Case(EPOCHS.format("rng"), MANY, same_twice),
            Case(EPOCHS.format("rng_2"), {**MANY, "rng_2": RNG}, same_twice),
        ],
        random=some_batches,
        mistakes=[
            Mistake("Nothing was handed out: write yield in the loop.",
                    when=lambda got, want, args: got is True and "batch_size" in args),
            Mistake("The examples come in the order of the rows. Shuffle them: "
                    "rng.permutation(len(X)).",
                    when=lambda got, want, args: got == "the order of the rows"),
            Mistake("Only the examples within a batch changed places. Shuffle all of them, and cut "
                    "into batches then.", when=lambda got, want, args: got == "the first 9 rows"),
            Mistake("Most rows still come right after the one that stands before them in X, as if "
                    "the order were only turned or cut. Draw it by rng.permutation(len(X)).",
                    when=lambda got, want, args: got == "rows in their old order"),
            Mistake("Two epochs had the same order. Draw a new one from rng at each call.",
                    when=lambda got, want, args: got == "equal" and "rng_2" not in args),
            Mistake("Equal generators must give equal batches: draw from the rng that is given, "
                    "not from np.random.", when=lambda got, want, args: "rng_2" in args),
            Mistake("A batch is a pair, rows of X and entries of y. And return ends the function "
                    "at the first batch; yield hands out one after the other.",
                    when=lambda got, want, args: isinstance(got[0], tuple)
                    and len(got[0][0]) < 2),
            Mistake("The last, shorter batch is missing. Every example belongs to an epoch.",
                    when=lambda got, want, args: len(got) < len(want) or (isinstance(got[0], float)
                    and len(got) < len(args["X"]))),
            Mistake("There is an empty batch at the end.",
                    when=lambda got, want, args: got[-1][0][0] == 0),
            Mistake("Rows and answers do not belong together any more: take the same rows of X "
                    "and of y.", when=lambda got, want, args: "apart" in got),
            Mistake("Each example must come exactly once in an epoch: draw one permutation and "
                    "cut it into pieces.",
                    when=lambda got, want, args: isinstance(got[0], float)),
            Mistake("Each batch holds batch_size examples, and only the last may be shorter.",
                    when=lambda got, want, args: isinstance(got[0], tuple)),
        ],
        hints=[
            "Draw a new order at each call: order = rng.permutation(len(X)), numbers of rows.",
            "range(0, len(X), batch_size) gives the places at which the batches begin.",
            "rows = order[start:start + batch_size] is shorter at the end by itself.",
            "yield X[rows], y[rows] in the loop hands the batches out one by one.",
        ],
        bans=("data.DataLoader",),
    ),
    Exercise(
        name="train_linear",
        reference=train_linear,
        program="train_linear(X, y, rate, batch_size, epochs)",
        fixed=[
            {**LINE, "rate": 0.1, "batch_size": 3, "epochs": 1},
            {**LINE, "rate": 0.1, "batch_size": 1, "epochs": 1},
            {**LINE, "rate": 0.1, "batch_size": 2, "epochs": 1},
            {**LINE, "rate": 0.1, "batch_size": 2, "epochs": 200},
            {**LINE, "rate": 0.1, "batch_size": 10, "epochs": 3},
            {**LINE, "rate": 0.1, "batch_size": 2, "epochs": 0},
            {"X": np.array([[1, 0], [0, 1], [1, 1]]), "y": np.array([1, 2, 3]), "rate": 0.1,
             "batch_size": 2, "epochs": 3},
        ],
        random=some_training,
        mistakes=[
            Mistake("Return three things as a tuple: w, b and the list of losses.",
                    when=lambda got, want, args: not isinstance(got, list | tuple)),
            Mistake("Each step is half as long as it should be: the loss has no half, so the 2 of "
                    "the square stays in the gradients.",
                    like=with_gradients(lambda w, b, n, size: (w / 2, b / 2))),
            Mistake("It walks uphill: subtract rate times gradient.",
                    like=with_gradients(lambda w, b, n, size: (-w, -b))),
            Mistake("The gradient is the mean over the batch: divide by its number of rows.",
                    like=with_gradients(lambda w, b, n, size: (n * w, n * b))),
            Mistake("The last batch is shorter: take the mean over its own rows, so divide by "
                    "len(x_batch), not by batch_size.",
                    like=with_gradients(lambda w, b, n, size: (w * n / size, b * n / size))),
            Mistake("w and b must move together: the gradient by b was taken after w had moved.",
                    like=bias_after_weight),
            Mistake("All examples were used at each step. A step looks at one batch.",
                    like=lambda X, y, rate, batch_size, epochs: train_linear(
                        X, y, rate, len(X), epochs)),
            Mistake("The last, shorter batch is missing.", like=no_short_batch),
            Mistake("The weights are right, the losses are not: one for each epoch, after its last "
                    "step, the mean squared error over all examples.", part=2,
                    when=lambda got, want, args: np.allclose(got[0], want[0])
                    and np.allclose(got[1], want[1])),
        ],
        hints=[
            "Two loops: over the epochs, and inside over the batches, X[start:start + batch_size].",
            "In the inner loop: the error of the batch, both gradients, then w and b move.",
            "After the inner loop append np.mean((X @ w + b - y) ** 2) of all examples.",
            "by_w = 2 / n * x.T @ error and by_b = 2 * error.mean(), where n is len(x).",
        ],
        bans=("Tensor.backward", "optim.SGD"),
    ),
]
