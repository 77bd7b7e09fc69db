"""What judges the exercises of lesson 05, softmax regression. Its functions: references_05.py."""

import numpy as np

from .references_05 import (
    cross_entropy,
    hinge,
    hinge_largest,
    hinge_with,
    like_trained,
    logit,
    misshapen,
    one_hot,
    part,
    softmax,
    softmax_all,
    softmax_columns,
    softmax_without_keepdims,
    some_classes,
    some_logits,
    spread,
    spread_absolute,
    train_classifier,
)
from .spec import Case, Exercise, Mistake

EXERCISES = [
    Exercise(
        name="logit",
        reference=logit,
        program="logit(p)",
        fixed=[
            {"p": np.array([0.5, 0.9])},
            {"p": np.array([[0.01, 0.2, 0.999], [0.7, 1e-12, 0.3]])},
            {"p": np.array([0.0, 1.0])},
            {"p": np.array([0.25, 0.5, 0.75], dtype=np.float32)},
            {"p": 0.8},
        ],
        random=lambda rng: {"p": rng.uniform(0.001, 0.999, size=rng.integers(1, 5, 2))},
        mistakes=[
            Mistake("That is the sigmoid, the way back. The logit takes a probability and gives "
                    "the logarithm of its odds.", like=lambda p: 1 / (1 + np.exp(-p))),
            Mistake("Those are the odds. Take their logarithm.", like=lambda p: p / (1 - p)),
            Mistake("Python divides before it subtracts, so p/1-p is 0. Write p / (1 - p).",
                    like=lambda p: np.log(p / 1 - p)),
            Mistake("Take the logarithm of the whole quotient p / (1 - p).",
                    like=lambda p: np.log(p) / (1 - p)),
            Mistake("You divide one logarithm by the other; divide first, then take the logarithm.",
                    like=lambda p: np.log(p) / np.log(1 - p)),
            Mistake("The quotient is upside down: p belongs above.",
                    like=lambda p: np.log((1 - p) / p)),
            Mistake("Take the natural logarithm, np.log.", like=lambda p: np.log10(p / (1 - p))),
            Mistake("Take the natural logarithm, np.log.", like=lambda p: np.log2(p / (1 - p))),
            Mistake("At 0 and 1 the logit is infinite: -inf and inf. Leave these as they come.",
                    when=lambda got, want, args: np.isinf(want).any()),
        ],
        hints=["The odds of p are p to 1 - p.", "Take np.log of the odds, for all of p at once."],
    ),
    Exercise(
        name="spread",
        reference=spread,
        program="spread(values, sample)",
        fixed=[
            Case("spread(values)", {"values": np.array([1.0, 5.0, 9.0])}),
            {"values": np.array([1.0, 5.0, 9.0]), "sample": True},
            {"values": np.array([72, 94, 79, 83, 65, 81, 73, 67, 85, 82]), "sample": False},
            {"values": np.array([72, 94, 79, 83, 65, 81, 73, 67, 85, 82]), "sample": True},
            {"values": np.array([-3.5]), "sample": False},
            {"values": np.array([1e9, 1e9 + 1, 1e9 + 4]), "sample": False},
        ],
        random=lambda rng: {"values": rng.normal(size=rng.integers(2, 9)) * 10 - 5,
                            "sample": bool(rng.random() < 0.5)},
        mistakes=[
            Mistake("The first number is the variance, the second its root; yours are exchanged.",
                    like=lambda values, sample=False: spread(values, sample)[::-1]),
            Mistake("With sample=True divide by n - 1.",
                    like=lambda values, sample=False: spread(values, False)),
            Mistake("Divide by n - 1 only if sample is True.",
                    like=lambda values, sample=False: spread(values, True)),
            Mistake("The variance is right. The standard deviation is its root.", part=1,
                    when=lambda got, want, args: True),
            Mistake("Square the distances from the mean; you took their size.",
                    like=spread_absolute),
            Mistake("You add up the squares, but do not divide by their number.",
                    when=part(0, lambda v, args: v * (len(args["values"]) - bool(
                        args.get("sample"))))),
            Mistake("The mean of the squares minus the square of the mean loses all digits if the "
                    "values are large. Subtract the mean first, then square.",
                    when=lambda got, want, args: args["values"].mean() > 1e8),
        ],
        hints=[
            "Subtract the mean from each value, and square.",
            "The sum of these squares, divided by n, or by n - 1 for a sample, is the variance.",
            "Return variance, np.sqrt(variance).",
        ],
        bans=("np.var", "np.std", "np.cov", "Tensor.var"),
    ),
    Exercise(
        name="softmax",
        reference=softmax,
        program="softmax(logits)",
        fixed=[
            {"logits": np.array([[1.0, 2.0, 3.0]])},
            {"logits": np.array([[0.0, np.log(3.0)], [5.0, 5.0]])},
            {"logits": np.array([[1000.0, 0.0], [-1000.0, 0.0]])},
            {"logits": np.zeros((0, 4))},
        ],
        random=lambda rng: {"logits": rng.normal(size=rng.integers(1, 6, 2)) * 10.0 ** rng.integers(
            0, 4)},
        mistakes=[
            Mistake("Each column sums to 1. Every row is an example, so each row must: sum over "
                    "axis=1.", like=softmax_columns),
            Mistake("All the numbers together sum to 1. Each row must: sum over axis=1, with "
                    "keepdims=True.", like=softmax_all),
            Mistake("max(axis=1) gives one number for each row. Without keepdims=True it is laid "
                    "along the columns: write logits.max(axis=1, keepdims=True).",
                    like=softmax_without_keepdims),
            Mistake("exp of a large logit overflows. Subtract the largest logit of each row first: "
                    "that changes nothing else.",
                    when=lambda got, want, args: not np.isfinite(got).all()),
            Mistake("The rows do not sum to 1. Divide each by its own sum, e.sum(axis=1, "
                    "keepdims=True).",
                    when=lambda got, want, args: not np.allclose(got.sum(axis=1), 1)),
        ],
        hints=[
            "Write it for one row first: exp of each logit, divided by the sum of these.",
            "For all rows at once the sum needs axis=1 and keepdims=True, so that its shape (n, 1) "
            "broadcasts.",
            "Before exp, subtract logits.max(axis=1, keepdims=True).",
        ],
        bans=("functional.softmax", "functional.log_softmax"),
    ),
    Exercise(
        name="cross_entropy",
        reference=cross_entropy,
        program="cross_entropy(logits, labels)",
        fixed=[
            {"logits": np.log([[0.7, 0.2, 0.1]]), "labels": np.array([1])},
            {"logits": np.log([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]]), "labels": np.array([1, 2])},
            {"logits": np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 2.0, 5.0]]),
             "labels": np.array([0, 2, 0])},
            {"logits": np.array([[200, 0], [0, 3]]), "labels": np.array([0, 0])},
            {"logits": np.array([[1000.0, 0.0], [0.0, 0.0]]), "labels": np.array([1, 0])},
            {"logits": np.array([[-1000.0, 0.0], [9000.0, 9001.0]]), "labels": np.array([0, 1])},
            {"logits": np.array([[5.0], [-3.0]]), "labels": np.array([0, 0])},
        ],
        random=lambda rng: some_logits(rng, "logits"),
        mistakes=[
            Mistake("The loss is one number, the mean over the examples.", when=misshapen(0)),
            Mistake("The gradient has the shape of the logits: a number for each of them.",
                    when=misshapen(1)),
            Mistake("exp of a large logit overflows, or a probability becomes 0 and its logarithm "
                    "-inf. Use log-sum-exp, row by row.",
                    when=lambda got, want, args: not np.isfinite(got[0]) or not np.isfinite(
                        got[1]).all()),
            Mistake("The loss is -log of the probability: a positive number.",
                    when=part(0, lambda loss, args: -loss)),
            Mistake("The loss is the sum over the examples. Take the mean.",
                    when=part(0, lambda loss, args: loss * len(args["labels"]))),
            Mistake("The loss is divided by all n · K numbers. Divide by the n examples.",
                    when=part(0, lambda loss, args: loss / args["logits"].shape[1])),
            Mistake("The gradient of a mean is divided by n, too.",
                    when=part(1, lambda g, args: g * len(args["labels"]))),
            Mistake("The gradient is softmax minus one-hot; yours is one-hot minus softmax.",
                    when=part(1, lambda g, args: -g)),
            Mistake("The gradient is softmax minus one-hot; the one-hot is missing.",
                    when=part(1, lambda g, args: g + one_hot(args["logits"], args["labels"]) / len(
                        args["labels"]))),
            Mistake("logits[:, labels] takes these columns of every row. To take one number from "
                    "each row, write logits[np.arange(n), labels].",
                    when=part(0, lambda loss, args: loss - args["logits"][:, args["labels"]].mean()
                              + args["logits"][np.arange(len(args["labels"])), args["labels"]]
                              .mean())),
            Mistake("In the loss, add the largest logit, which you subtracted before exp, back to "
                    "the logarithm.",
                    when=part(0, lambda loss, args: loss - args["logits"].max(axis=1).mean())),
            Mistake("G[:, labels] -= 1 changes these columns in every row. To change one number "
                    "in each row, write G[np.arange(n), labels] -= 1.",
                    when=part(1, lambda g, args: (softmax(args["logits"]) - np.isin(
                        np.arange(g.shape[1]), args["labels"])) / len(g))),
            Mistake("The loss is right, the gradient is not.", part=1,
                    when=lambda got, want, args: True),
            Mistake("The gradient is right, the loss is not.", part=0,
                    when=lambda got, want, args: np.allclose(got[1], want[1])),
        ],
        hints=[
            "For one row: the loss is the logarithm of the sum of exp(o), minus the logit of the "
            "label.",
            "Subtract the largest logit m of the row before exp, and add m to the logarithm.",
            "logits[np.arange(n), labels] picks the logit of the label from each row.",
            "The gradient: softmax of the logits, minus 1 at [np.arange(n), labels], all divided "
            "by n.",
        ],
        bans=("functional.cross_entropy", "functional.log_softmax"),
    ),
    Exercise(
        name="hinge",
        reference=hinge,
        program="hinge(scores, labels)",
        fixed=[
            {"scores": np.array([[1.2, 1.0, 0.0]]), "labels": np.array([0])},
            {"scores": np.array([[1.0, 3.0, 0.0]]), "labels": np.array([0])},
            {"scores": np.array([[5.0, 1.0, 0.0], [1.0, 1.0, 2.0]]), "labels": np.array([0, 0])},
            {"scores": np.array([[2, 1, 0], [0, 1, -1]]), "labels": np.array([0, 1])},
            {"scores": np.array([[0.5, 1.0, 0.0], [3.0, 2.5, 0.0], [4.0, 3.0, 3.5]]),
             "labels": np.array([2, 1, 0])},
            {"scores": np.array([[5.0], [-3.0]]), "labels": np.array([0, 0])},
        ],
        random=lambda rng: some_logits(rng, "scores"),
        mistakes=[
            Mistake("You count the true class as well: its term, max(0, 1 + 0), adds 1 to each "
                    "row. Leave j = y out.", when=part(0, lambda loss, args: loss + 1)),
            Mistake("The margin of 1 is missing: max(0, 1 + s_j - s_y).",
                    like=lambda scores, labels: hinge_with(scores, labels, margin=0)),
            Mistake("Sum over all the wrong classes, not only the largest of them.",
                    like=hinge_largest),
            Mistake("The loss is the sum over the examples. Take the mean.",
                    when=part(0, lambda loss, args: loss * len(args["labels"]))),
            Mistake("The loss is divided by all n · K numbers. Add up each row, and divide by the "
                    "n examples.",
                    when=part(0, lambda loss, args: loss / args["scores"].shape[1])),
            Mistake("The loss is right. The score of the true class has a slope, too: minus the "
                    "number of terms above 0 in its row.",
                    like=lambda scores, labels: hinge_with(scores, labels, true_class=0)),
            Mistake("The loss is right. A larger score of the true class makes it smaller: there "
                    "the slope is minus the number of terms above 0 in its row.",
                    like=lambda scores, labels: hinge_with(scores, labels, true_class=-1)),
            Mistake("The loss is right. The slope of the true class counts all terms above 0 in "
                    "its row, not just one: 0 if there are none, and -2 if there are two.", part=1,
                    when=lambda got, want, args: np.allclose(
                        *(g * (1 - one_hot(args["scores"], args["labels"])) for g in (
                            got[1], want[1]))) and np.isin(
                        got[1] * len(got[1]), [-1, 0, 1]).all()),
            Mistake("The loss is right. Where a term is exactly 0, its slope counts as 0.",
                    like=lambda scores, labels: hinge_with(scores, labels, kink=1)),
            Mistake("The gradient of a mean is divided by n, which makes floats of the counts.",
                    when=lambda got, want, args: got[1].dtype.kind == "i"),
            Mistake("The gradient of a mean is divided by n, too.",
                    when=part(1, lambda g, args: g * len(args["labels"]))),
            Mistake("The gradient has the wrong sign: a larger score of the true class makes the "
                    "loss smaller.", when=part(1, lambda g, args: -g)),
        ],
        hints=[
            "scores[np.arange(n), labels][:, None] is the true score of each row, with shape "
            "(n, 1).",
            "missing = 1 + scores - that column; set missing[np.arange(n), labels] to 0. The loss "
            "is the sum of np.maximum(missing, 0), divided by n.",
            "Each term above 0 gives +1 to the gradient at j, and -1 at the true class.",
            "gradient = (missing > 0).astype(float); then subtract its row sums at "
            "[np.arange(n), labels], and divide by n.",
        ],
        bans=("functional.hinge_loss",),
    ),
    Exercise(
        name="train_classifier",
        reference=train_classifier,
        program="train_classifier(X, y, classes, rate, steps)",
        fixed=[
            {"X": np.array([[1.0, 2.0], [3.0, 1.0]]), "y": np.array([0, 1]), "classes": 2,
             "rate": 0.5, "steps": 1},
            {"X": np.array([[1.0], [2.0], [6.0]]), "y": np.array([2, 0, 1]), "classes": 3,
             "rate": 0.1, "steps": 3},
            {"X": np.array([[1.0], [2.0], [6.0]]), "y": np.array([2, 0, 1]), "classes": 3,
             "rate": 0.1, "steps": 0},
            {"X": np.array([[0, 1, 0], [1, 0, 2], [3, 0, 1], [4, 1, 1], [5, 5, 0]]), "classes": 3,
             "y": np.array([1, 1, 0, 0, 0]), "rate": 0.2, "steps": 20},
            {"X": np.array([[1000.0, 0.0], [0.0, 700.0]]), "y": np.array([1, 0]), "classes": 2,
             "rate": 1.0, "steps": 3},
        ],
        random=some_classes,
        mistakes=[
            Mistake("The logits grow beyond what exp can take. Make your softmax stable.",
                    when=lambda got, want, args: not np.isfinite(got[0]).all()),
            Mistake("The third result is a table of counts, of shape (K, K).", when=misshapen(2)),
            Mistake("W and b are right; the table is transposed: a row is the true class, a column "
                    "the answer.", part=2,
                    when=lambda got, want, args: np.array_equal(got[2], want[2].T)),
            Mistake("W and b are right; argmax(axis=0) looks for the best example of each class. "
                    "Take argmax(axis=1): the best class of each example.",
                    like=like_trained(axis=0)),
            Mistake("table[y, answer] += 1 adds only once where a pair occurs several times. Count "
                    "in a loop, or with np.add.at(table, (y, answer), 1).",
                    when=lambda got, want, args: np.array_equal(got[2], np.minimum(want[2], 1))
                    and not np.array_equal(got[2], want[2])),
            Mistake("W and b are right; the table is not. Add 1 in row y, column answer, for each "
                    "example. Count with the W and b at the end.", part=2,
                    when=lambda got, want, args: True),
            Mistake("Divide the gradient by n: the loss is a mean.", like=like_trained(
                n=lambda y: 1)),
            Mistake("W is right; the gradient of b is the sum of G over the examples, not the "
                    "mean: G is divided by n already.", like=like_trained(bias=np.mean)),
            Mistake("You step uphill.", like=like_trained(sign=-1)),
            Mistake("You take one step too many.", like=like_trained(extra=1)),
            Mistake("You take one step too few.", like=like_trained(extra=-1)),
            Mistake("Your softmax sums over the examples, axis 0. Sum over the classes, axis 1.",
                    like=like_trained(probability=softmax_columns)),
            Mistake("Take softmax of the logits, not the logits themselves.",
                    like=like_trained(probability=lambda o: o)),
        ],
        hints=[
            "Begin with W = np.zeros((classes, d)) and b = np.zeros(classes).",
            "A step: O = X @ W.T + b, then G = (softmax(O) - one-hot) / n, of shape (n, classes); "
            "np.eye(classes)[y] is the one-hot.",
            "W falls by rate * G.T @ X, and b by rate * G.sum(axis=0).",
            "At the end, for each example, add 1 to the table at [y, argmax of its logits]; "
            "np.add.at(table, (y, answer), 1) does it for all.",
        ],
        bans=("nn.Linear", "optim.SGD", "Tensor.backward"),
    ),
]
