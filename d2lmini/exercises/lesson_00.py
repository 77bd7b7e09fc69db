"""What judges the exercises of lesson 00, introduction. Its functions: references_00.py."""

import numpy as np

from .references_00 import (
    GATES,
    PATTERNS,
    best_threshold,
    bias_first,
    davis,
    fires,
    four,
    gate,
    mend_equal_too,
    mend_overwriting,
    mend_swapped,
    mend_unknown_too,
    mistakes,
    neuron,
    neuron_at_least,
    neuron_sign,
    random_neuron,
    random_people,
    random_search,
    random_threshold,
    sex_neuron,
    stored,
    threshold_at_least,
    threshold_below,
    threshold_last,
    trial_always,
    trial_and_error,
    trial_from_start,
)
from .spec import Exercise, Mistake

EXERCISES = [
    Exercise(
        name="neuron", reference=neuron, program="neuron(x, w, b, g)", fixed=[
            {"x": np.array(x), "w": np.array(w), "b": b, "g": g} for x, w, b, g in (
                ([[2.0, 1.0, 3.0]], [0.5, -1.0, 0.25], -0.5, "step"),
                ([[1.0, 1.0], [0.0, 1.0], [2.0, 3.0], [0.0, -1.0]], [1.0, 1.0], -2.0, "step"),
                ([[0.0, 0.0], [0.0, 2.0]], [1.0, 1.0], 0.0, "sigmoid"),
                ([[1.0], [-1.0], [0.5]], [3.0], 1.0, "relu"),
                ([[1, 2], [3, -4]], [1, -1], 1, "step"),
                ([[1.0, 2.0], [3.0, -4.0]], [1.0, -1.0], 1.0, "relu"),
                ([[1.0, 2.0]], [300.0, 300.0], 0.0, "sigmoid"))
        ], random=random_neuron, tries=12,
        mistakes=[
            Mistake("The bias is missing: z = x @ w + b.",
                    like=lambda x, w, b, g: neuron(x, w, 0, g)),
            Mistake("The bias was subtracted. It is added: z = x @ w + b.",
                    like=lambda x, w, b, g: neuron(x, w, -b, g)),
            Mistake("This is the sum z itself. The activation g comes after it.",
                    when=lambda got, want, args: not np.allclose(got, want) and np.allclose(
                        got, args["x"] @ args["w"] + args["b"])),
            Mistake("The step answers 1 only where z is above 0; at exactly 0 it answers 0.",
                    like=neuron_at_least),
            Mistake("The sigmoid has a minus in its exponent: 1 / (1 + exp(-z)).",
                    like=neuron_sign),
            Mistake("Negative sums came through. ReLU is max(0, z).",
                    when=lambda got, want, args: args["g"] == "relu" and got.min() < 0),
            Mistake("Turn True and False into 1 and 0 with .astype(int).",
                    when=lambda got, want, args: got.dtype.kind == "b"),
            Mistake("The examples were added together. x @ w makes one sum for each row of x.",
                    when=lambda got, want, args: np.ndim(got) == 0),
        ],
        hints=["First the sum, the same for all three: z = x @ w + b, of shape (n,).",
               'Then an if for each activation: if g == "step": return …',
               "Step: (z > 0).astype(int). ReLU: np.maximum(0, z)."],
        bans=("functional.sigmoid", "functional.relu")),
    Exercise(
        name="gate", reference=gate, program="gate(name)", then=fires,
        fixed=[{"name": name, "x": PATTERNS} for name in GATES]
        + [{"name": name, "x": PATTERNS + off} for name in GATES
           for off in ([0.2, 0.2], [-0.2, -0.2], [0.2, -0.2], [-0.2, 0.2])],
        mistakes=[
            Mistake("These are your neuron's answers to the four rows of the table, each input "
                    "moved by 0.2. Without that they are right: put the line halfway between the "
                    "ones and the zeros.", when=lambda got, want, args:
                    args["x"].dtype.kind == "f"),
            Mistake("Is the bias the last of your three numbers? First come the two weights.",
                    like=bias_first),
            Mistake("Every answer is turned around: change all three signs.",
                    when=lambda got, want, args: (got + want == 1).all()),
            Mistake("It fires for all four patterns: the bias is too large.",
                    when=lambda got, want, args: got.all()),
            Mistake("It never fires: the bias is too small.",
                    when=lambda got, want, args: not got.any()),
            Mistake("NOT x1 does not listen to x2: give x2 the weight 0.",
                    when=lambda got, want, args: args["name"] == "NOT x1"),
            Mistake("It fires for too many of the four patterns. A smaller bias makes it less "
                    "sensitive.",
                    when=lambda got, want, args: (got >= want).all()),
            Mistake("It fires for too few of the four patterns. A larger bias makes it more "
                    "sensitive.",
                    when=lambda got, want, args: (got <= want).all()),
        ],
        hints=["All six work with weights 1, −1 or 0. Only the bias needs thought.",
               "For AND with the weights 1 and 1 the sums are 0, 1, 1, 2. Put the border between 1 "
               "and 2, at 1.5: the bias is −1.5.",
               "Turn all three signs of AND around, and you have NAND. NOR is to OR as NAND is to "
               "AND.",
               'For "x1 AND NOT x2", x1 speaks for firing and x2 against: the weights are 1 and '
               "−1. The sums are 0, −1, 1, 0."]),
    Exercise(
        name="mend_swapped", reference=mend_swapped,
        program="mend_swapped(height, weight, reported_height, reported_weight)", fixed=[
            stored([182.0, 57.0, 161.0], [77.0, 166.0, 53.0], [180.0, 163.0, 159.0],
                   [77.0, 56.0, 51.0]),
            stored([57.0, 60.0, 170.0], [166.0, 171.0, 60.0], [np.nan, 170.0, 170.0],
                   [56.0, np.nan, 61.0]),
            stored([150.0], [150.0], [170.0], [90.0]), stored([100.0], [110.0], [105.0], [105.0]),
            stored([100.0, 104.0], [90.0, 120.0], [80.0, 110.0], [105.0, 100.0]),
            stored([170.0, 80.0], [60.0, 180.0], [171.0, 181.0], [61.0, 80.0]),
        ], random=random_people, tries=20,
        mistakes=[
            Mistake("Every row is exchanged. Exchange only those that fit better afterwards.",
                    when=lambda got, want, args: len(got[0]) > 1
                    and np.array_equal(got[0], args["weight"])),
            Mistake("A row with a missing report (nan) was exchanged. Without evidence, leave it: "
                    "a comparison with nan is False, and its opposite True.",
                    like=mend_unknown_too),
            Mistake("A swapped row now has the same number twice: the height was overwritten "
                    "before it was read. Keep a copy of the old one.", like=mend_overwriting),
            Mistake("Nothing was exchanged. Did you take the differences without signs, by abs? "
                    "With their signs the two sums are always equal.",
                    when=lambda got, want, args: np.array_equal(got[0], args["height"])
                    and np.array_equal(got[1], args["weight"])),
            Mistake("Here both sums are equal, so nothing says that the row was swapped. Exchange "
                    "only where the second sum is smaller: <, not <=.", like=mend_equal_too),
            Mistake("Is it height first, then weight? Here they are the other way round.",
                    when=lambda got, want, args: np.array_equal(got[0], want[1])),
        ],
        hints=["Compute two sums of differences for all people at once: one for the row as it is "
               "stored, one for height and weight exchanged.",
               "stored = abs(height - reported_height) + abs(weight - reported_weight)",
               "swapped = exchanged < stored is False where a report is nan, as it should be.",
               "np.where(swapped, weight, height) takes weight where swapped is True, else height, "
               "and changes neither."]),
    Exercise(
        name="sex_neuron", reference=sex_neuron, program="sex_neuron(unit)", then=mistakes,
        fixed=[four("cm"), four("m")], random=davis, tries=6,
        mistakes=[
            Mistake("Everybody is called a man: the bias must be negative, and large enough to "
                    "make up for the heights and weights.",
                    when=lambda got, want, args: got.all() if got.ndim else got == 112),
            Mistake("In meters everybody is called a woman: the heights are a hundred times "
                    "smaller, and one of your three numbers must make up for that.",
                    when=lambda got, want, args: args["unit"] == "m" and (
                        not got.any() if got.ndim else got == 88)),
            Mistake("Everybody is called a woman: the sum never gets above 0.",
                    when=lambda got, want, args: not got.any() if got.ndim else got == 88),
            Mistake("Women are called men, and men women. Both weights should be positive.",
                    when=lambda got, want, args: (got != want).all() if got.ndim
                    else got > 112),
            Mistake("At the average woman (165 cm, 57 kg) the sum should be below 0, at the "
                    "average man (178 cm, 76 kg) above.",
                    when=lambda got, want, args: got.ndim == 1),
            Mistake("So many of the 200 are wrong. At most 18 may be. Height alone makes 26; move "
                    "the line with the bias, and turn it with the weights.",
                    when=lambda got, want, args: True),
        ],
        hints=["Begin with equal weights for heights in cm, and find the bias from the point "
               "halfway between the average man and the average woman, 171 cm and 66 kg.",
               "With both weights 0.2, the sum there is 0.2 * 171 + 0.2 * 66 = 47.4 without the "
               "bias.",
               "In meters, the number for the height is a hundred times smaller. So its weight "
               "must be a hundred times larger; the other two numbers stay."]),
    Exercise(
        name="best_threshold", reference=best_threshold,
        program="best_threshold(x, y, thresholds)", fixed=[
            {"x": np.array(x), "y": np.array(y), "thresholds": np.array(t)} for x, y, t in (
                ([150.0, 160.0, 170.0, 180.0], [False, False, True, True], [155.0, 165.0, 175.0]),
                ([1.0, 2.0, 3.0], [False, True, True], [0.0, 1.0, 2.0, 3.0]),
                ([1, 2], [True, False], [0, 1, 2]), ([5.0], [True], [9.0]),
                ([-3.0, -1.0, 4.0], [True, True, True], [4.0, -2.0, -4.0, -5.0]))
        ], random=random_threshold,
        mistakes=[
            Mistake("There is always a best threshold, even if its accuracy is 0: begin your "
                    "search below 0, or with the first threshold.",
                    when=lambda got, want, args: got[0] is None),
            Mistake("This threshold is as good, but where several are equally good, take the first "
                    "of them.", like=threshold_last),
            Mistake("The rule is x > t; someone who is exactly t does not count as above.",
                    like=threshold_at_least),
            Mistake("The two are exchanged: first the threshold, then its accuracy.",
                    when=lambda got, want, args: np.allclose(got, want[::-1])),
            Mistake("The rule is x > t: who is above t is called True.", like=threshold_below),
            Mistake("The first number is the place of the threshold in the list, not the "
                    "threshold: thresholds[place].",
                    when=lambda got, want, args: got[0] != want[0] and
                    args["thresholds"][int(got[0])] == want[0]),
            Mistake("The second number counts people. The accuracy is the share of right answers, "
                    "the mean of the comparison.", when=lambda got, want, args: got[1] > 1),
            Mistake("The second number is the share of mistakes, not of right answers.",
                    when=lambda got, want, args: np.isclose(got[1], 1 - want[1])),
            Mistake("This is the worst threshold: look for the largest accuracy.",
                    when=lambda got, want, args: got[1] < want[1]),
        ],
        hints=["For one threshold: (x > t) == y is True where the answer is right, and its mean "
               "is the accuracy.",
               "Do this for each t in thresholds, and keep the accuracies in a list.",
               "np.argmax(accuracies) is the place of the first largest one."]),
    Exercise(
        name="trial_and_error", reference=trial_and_error,
        program="trial_and_error(X, y, start, changes)", fixed=[
            {"X": PATTERNS, "y": np.array([False, False, False, True]),
             "start": np.array([1.0, 1.0, 0.5]),
             "changes": np.array([[0.0, 0.0, -1.0], [0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])},
            {"X": PATTERNS, "y": np.array([False, True, True, True]),
             "start": np.array([1.0, 1.0, -0.5]),
             "changes": np.array([[0.1, 0.2, 0.0], [0.0, 0.0, -9.0], [0.1, 0.0, 0.1]])},
            {"X": PATTERNS, "y": np.array([True, False, False, False]),
             "start": np.array([0.0, 0.0, 0.0]), "changes": np.zeros((0, 3))},
        ], random=random_search, tries=12,
        mistakes=[
            Mistake("A change that leaves the number of mistakes equal must be kept, too: only "
                    "so can the search wander over flat ground.", like=lambda X, y, start, changes:
                    trial_and_error(X, y, start, changes, lambda new, old: new < old)),
            Mistake("Changes that make more mistakes were kept as well. Note that p += change "
                    "changes the old array, too: write trial = p + change.", like=trial_always),
            Mistake("Each change was added to the start. Add it to the parameters that you have "
                    "by now.", like=trial_from_start),
            Mistake("The mistakes belong in a Python list, not in an array.",
                    when=lambda got, want, args: isinstance(got[1], np.ndarray)),
            Mistake("Every try adds a number to the list: where a change is thrown away, the last "
                    "number comes again.",
                    when=lambda got, want, args: len(got[1]) < len(want[1])
                    and got[1][:1] == want[1][:1]),
            Mistake("The list begins with the mistakes of the start, so it has one number more "
                    "than there are changes.",
                    when=lambda got, want, args: len(got[1]) == len(want[1]) - 1),
            Mistake("These are shares. Count the mistakes.", when=lambda got, want, args:
                    np.allclose(np.multiply(got[1], len(args["X"])), want[1])),
            Mistake("The list must hold the mistakes of the parameters that you keep, so it "
                    "never rises.",
                    when=lambda got, want, args: np.allclose(got[0], want[0])),
        ],
        hints=["Write a helper that counts the mistakes of three numbers: "
               "((X @ p[:2] + p[2] > 0) != y).sum().",
               "In the loop: trial = parameters + change, which makes a new array.",
               "If the trial makes no more mistakes than the last number in your list, it becomes "
               "parameters, and its mistakes are appended; otherwise append the last again."]),
]
