"""What judges the exercises of lesson 07, XOR: by hand, by counting, by folding, by training.

Its functions: references_07.py.
"""

from itertools import product

import numpy as np

from .references_07 import (
    PATTERNS,
    as_floats,
    bits,
    count_solved,
    fold_cut_off,
    fold_once,
    fold_stops_early,
    fold_to_parity,
    fold_too_far,
    losses_of_all,
    losses_sigmoid,
    losses_total,
    misfit,
    network,
    parity_weights,
    random_counts,
    random_training,
    sized_network,
    solution,
    stack,
    tables_at_least,
    tables_repeated,
    tables_sorted_backward,
    tables_without_bias,
    tables_worst,
    train_biases_fixed,
    train_biases_mean,
    train_new_output,
    train_no_sigmoid,
    train_no_slope,
    train_sigmoid_slope,
    train_stack,
    train_total,
    train_upward,
    truth_tables,
    xor_weights,
)
from .spec import Exercise, Mistake

START = np.random.default_rng(7)
EXERCISES = [
    Exercise(
        name="xor_weights", reference=xor_weights, program="xor_weights()", then=network,
        fixed=[{"x": PATTERNS}, *({"x": PATTERNS + off} for off in (
            [0.2, 0.2], [-0.2, -0.2], [0.2, -0.2], [-0.2, 0.2]))],
        random=lambda rng: {"x": PATTERNS + rng.uniform(-0.2, 0.2, (4, 2))},
        mistakes=[
            Mistake("These four do not fit together. In this order, W1 has the shape (2, 2), b1 "
                    "(2,), W2 (1, 2), b2 (1,).", when=lambda got, want, args: misfit(got)),
            Mistake("These are the answers to the four patterns with each input off by up to 0.2. "
                    "Those to the exact patterns are right: put each line halfway between the "
                    "points that it separates.",
                    when=lambda got, want, args: args["x"].dtype.kind == "f"),
            Mistake("This is the opposite of XOR: change the signs of W2 and b2.",
                    when=lambda got, want, args: (got + want == 1).all()),
            Mistake("This is OR. At (1, 1) the second hidden neuron must stop it.",
                    when=lambda got, want, args: got.ravel().tolist() == [0, 1, 1, 1]),
            Mistake("It never fires: look at the output neuron, W2 and b2.",
                    when=lambda got, want, args: not got.any()),
            Mistake("It fires for all four patterns: look at the output neuron, W2 and b2.",
                    when=lambda got, want, args: got.all()),
            Mistake("One output is wanted: W2 has the shape (1, 2), and b2 the shape (1,).",
                    when=lambda got, want, args: got.shape != want.shape),
            Mistake("Write down h1 and h2 for each pattern, and the sum of the output neuron.",
                    when=lambda got, want, args: True),
        ],
        hints=["Exactly one means: at least one (OR), and not both (NAND).",
               "Row 0 of W1 and b1[0] are the OR, row 1 and b1[1] the NAND; lesson 00 has them.",
               "The output neuron is an AND of the two: weights 1, 1 and bias −1.5."]),
    Exercise(
        name="truth_tables", reference=truth_tables, program="truth_tables(lines)",
        fixed=[{"lines": np.array(lines)} for lines in (
            [[1.0, 1.0, -0.5]], [[1.0, 1.0, -0.5], [2.0, 2.0, -1.0], [1.0, 1.0, -1.5]],
            [[1, 1, -1], [0, 0, 0], [-1, 0, 0], [-1, -1, 1]], [[-1.0, 0.0, 0.5], [1.0, -1.0, 1.0]],
            list(product([-1, 0, 1], [-1, 0, 1], [-1.5, -0.5, 0.5, 1.5])))],
        random=lambda rng: {"lines": rng.normal(size=(rng.integers(1, 60), 3))},
        mistakes=[
            Mistake("These are True and False. Make 1 and 0 of them, with .astype(int).",
                    when=lambda got, want, args: got[0].dtype == bool),
            Mistake("The right tables as floats. Make whole numbers of them, with .astype(int).",
                    when=lambda got, want, args: got[0].dtype.kind == "f"
                    and np.array_equal(got[0], want[0])),
            Mistake("A neuron fires only where its sum is above 0; at exactly 0 it does not.",
                    like=tables_at_least),
            Mistake("The same table stands there several times. Keep one of each, as np.unique "
                    "does with axis=0.", like=tables_repeated),
            Mistake("The right tables, but not in order: 0, 0, 0, 0 comes first.",
                    like=tables_sorted_backward),
            Mistake("The bias is missing: it is the third number of each line.",
                    like=tables_without_bias),
            Mistake("The second result is the score of the worst line; the best is wanted.",
                    like=tables_worst),
            Mistake("The tables are right. Compare each with XOR, 0, 1, 1, 0, count how many of "
                    "the four agree, and take the largest count.", part=1,
                    when=lambda got, want, args: True),
        ],
        hints=["x @ w + b for all lines and all patterns at once: lines[:, :2] @ patterns.T has "
               "the shape (k, 4), and lines[:, 2:] the shape (k, 1).",
               "outputs = (… > 0).astype(int), and np.unique(outputs, axis=0) sorts and drops "
               "what is double.",
               "(outputs == [0, 1, 1, 0]).sum(axis=1) is the score of each line."]),
    Exercise(
        name="parity_weights", reference=parity_weights,
        program="parity_weights(n)", then=sized_network,
        fixed=[bits(2), bits(3), bits(1), bits(5),
               *(bits(n, off) for n in (1, 2, 3, 4) for off in (0.4, -0.4)), bits(8)],
        mistakes=[
            Mistake("These four do not fit together. In this order, W1 has the shape (n, n), b1 "
                    "(n,), W2 (1, n), b2 (1,).", when=lambda got, want, args: misfit(got[1])),
            Mistake("The hidden layer has n neurons, one for each count from 1 to n: W1 has the "
                    "shape (n, n).", when=lambda got, want, args: got[0] != want[0]),
            Mistake("The exact patterns are right, but not these, which are off by up to 0.4 in "
                    "all: neuron k fires above k - 1/2.",
                    when=lambda got, want, args: args["x"].dtype.kind == "f"
                    and (args["x"] % 1).any()),
            Mistake("Every answer is turned around: 1 is for an odd number of ones.",
                    when=lambda got, want, args: (got[1] + want[1] == 1).all()),
            Mistake("It fires for all that have a one. The hidden neurons must count with the "
                    "signs +1, -1, +1, -1, … in W2.",
                    when=lambda got, want, args: np.array_equal(
                        got[1].ravel(), args["x"].sum(axis=1) > 0)),
            Mistake("It never fires. With ones in W1, the biases b1 begin with -1/2, the signs in "
                    "W2 with +1, and b2 lies between -1 and 0.",
                    when=lambda got, want, args: not got[1].any()),
            Mistake("It fires for all patterns. With ones in W1, the biases b1 are -1/2, -3/2, …, "
                    "the signs in W2 +1, -1, …, and b2 is below 0.",
                    when=lambda got, want, args: got[1].all()),
            Mistake("Look at the hidden layer: neuron k, counted from 1, must fire if at least k "
                    "bits are 1. All its weights are 1, and its border lies at k - 1/2.",
                    when=lambda got, want, args: got[1].shape == want[1].shape),
        ],
        hints=["All hidden neurons count the ones: all weights in W1 are 1.",
               "Neuron k, counted from 1, fires if there are at least k ones: its bias is "
               "0.5 − k.",
               "W2 has the signs +1, −1, +1, … in one row. The sum is then 1 or 0; with the bias "
               "−0.5 the output decides."]),
    Exercise(
        name="fold_to_parity", reference=fold_to_parity, program="fold_to_parity(s, n)",
        then=as_floats,
        fixed=[{"s": np.array(s), "n": n} for s, n in (
            ([0.0, 1.0, 2.0], 2), ([0.0, 1.0, 2.0, 3.0, 4.0], 4), ([0.5, 1.25, 3.5], 4),
            ([0, 1, 2, 3, 4, 5, 6, 7, 8], 8), ([0.0, 1.0], 1), ([1023.0, 512.0, 6.75], 1024))],
        random=random_counts,
        mistakes=[
            Mistake("One fold is right only for 2 bits. Go on with half the place, until 1.",
                    like=fold_once),
            Mistake("What is above the fold must come down on the other side: take it away twice.",
                    like=fold_cut_off),
            Mistake("The last fold, at 1, is missing.", like=fold_stops_early),
            Mistake("At whole numbers it is right. Between them the folded line is straight; "
                    "s % 2 is not.", like=lambda s, n: s % 2 if n > 1 else s),
            Mistake("Between whole numbers the folded line is straight: from 0.5 comes 0.5. Do not "
                    "round.", when=lambda got, want, args: (args["s"] % 1).any()
                    and not (got % 1).any()),
            Mistake("Every whole count ends at 0. The last fold is at 1: one more, at ½, would lay "
                    "the 1 onto 0.", like=fold_too_far),
            Mistake("A fold is s - 2 max(0, s - c), first at c = n/2.",
                    when=lambda got, want, args: True),
        ],
        hints=["Do it by hand for n = 4: fold 0, 1, 2, 3, 4 at 2, and the result at 1.",
               "A loop: halve n, fold there, and go on as long as n is above 1.",
               "One fold: s = s - 2 * np.maximum(0, s - n), which makes a new array."]),
    Exercise(
        name="count_solved", reference=count_solved, program="count_solved(W1, b1, W2, b2, X, y)",
        fixed=[solution(), stack(START, 1, 3), stack(START, 4, 2), stack(START, 3, 5, 10.0),
               stack(START, 2, 2, 2000.0)],
        random=lambda rng: stack(rng, *rng.integers(1, 7, 2), 10.0 ** rng.integers(0, 3)),
        mistakes=[
            Mistake("exp of a large sum overflows. np.logaddexp(0, O) is log(1 + exp(O)) without "
                    "that.", when=lambda got, want, args: not np.isfinite(got[0]).all()),
            Mistake("These are sums over the four patterns; the loss is their mean.",
                    like=losses_total),
            Mistake("This is one loss for all networks together. Take the mean over the patterns "
                    "only, axis=(1, 2), so that each network keeps its own.", like=losses_of_all),
            Mistake("The hidden layer uses tanh, not the sigmoid.", like=losses_sigmoid),
            Mistake("One number for each network is wanted. Take the mean over axis=(1, 2), the "
                    "patterns and the single output.",
                    when=lambda got, want, args: got[0].shape in (
                        (len(want[0]), 1), (len(want[0]), 1, 1))),
            Mistake("The second result is one number: how many of the losses are below 0.1.",
                    when=lambda got, want, args: np.ndim(got[1]) > 0),
            Mistake("The losses are right. The second result is how many of them are below 0.1.",
                    part=1, when=lambda got, want, args: True),
        ],
        hints=["The stack needs no loop: H = np.tanh(X @ W1 + b1) has the shape (runs, 4, m).",
               "O = H @ W2 + b2 has the shape (runs, 4, 1), and np.logaddexp(0, O) - y * O the "
               "loss of each pattern.",
               "Mean over axis=(1, 2); then (losses < 0.1).sum()."]),
    Exercise(
        name="train_stack", reference=train_stack,
        program="train_stack(W1, b1, W2, b2, X, y, lr, steps)",
        fixed=[{**stack(START, 1, 2), "lr": 1.0, "steps": 1},
               {**stack(START, 3, 2), "lr": 0.5, "steps": 10},
               {**stack(START, 2, 3), "lr": 0.5, "steps": 0}],
        random=random_training,
        mistakes=[
            Mistake("The weights went uphill. Subtract lr times the gradient.", like=train_upward),
            Mistake("The gradient is that of the sum over the patterns. The loss is their mean: "
                    "divide G_O by 4.", like=train_total),
            Mistake("P is the sigmoid of O, 1 / (1 + exp(-O)), and not O itself.",
                    like=train_no_sigmoid),
            Mistake("Each gradient has the shape of its weights: sum G_Z and G_O over the patterns "
                    "only, with axis=1 and keepdims=True.",
                    when=lambda got, want, args: any(
                        g.shape != w.shape for g, w in zip(got, want))),
            Mistake("The slope of tanh is missing: G_Z = (G_O W2ᵀ) * (1 - H²).",
                    like=train_no_slope),
            Mistake("H (1 - H) is the slope of the sigmoid. That of tanh is 1 - H².",
                    like=train_sigmoid_slope),
            Mistake("b1 and b2 have not moved. They take steps, too: lr times the sum of G_Z and "
                    "of G_O over the patterns.", like=train_biases_fixed),
            Mistake("The gradient by a bias is the sum over the patterns. The 1/4 is in G_O "
                    "already.", like=train_biases_mean),
            Mistake("W2 was changed before it was used for G_Z. First all four gradients, then "
                    "the steps.", like=train_new_output),
            Mistake("W2 and b2 are right; look at G_Z, W1 and b1.",
                    when=lambda got, want, args: args["steps"] == 1 and np.allclose(got[2], want[2])
                    and np.allclose(got[3], want[3])),
        ],
        hints=["Forward: H = np.tanh(X @ W1 + b1), O = H @ W2 + b2, P = 1 / (1 + np.exp(-O)).",
               "G_O = (P - y) / 4. For a stack, the transpose of W2 is W2.swapaxes(1, 2).",
               "G_Z = G_O @ W2.swapaxes(1, 2) * (1 - H * H). The gradient of W1 is X.T @ G_Z, that "
               "of b1 is G_Z.sum(axis=1, keepdims=True).",
               "W1 = W1 - lr * … makes a new array; W1 -= … would change the caller's."]),
]
