"""Set one neuron by hand that tells men from women, in two units."""

import numpy as np

from ..spec import Case, Exercise, Mistake


def sex_neuron(unit):
    return {"cm": (0.2, 0.2, -47.5), "m": (20.0, 0.2, -47.5)}[unit]


def fixed_numbers(cm, m=None):
    """sex_neuron with these numbers; in meters the first weight is a hundred times as large."""
    return lambda unit: cm if unit == "cm" else m or (100 * cm[0], *cm[1:])


def mistakes(weights, args):
    """How many of the 200 people the learner's weights get wrong; 18 and fewer are as good."""
    w_height, w_weight, b = (float(v) for v in weights)
    man = w_height * args["height"] + w_weight * args["weight"] + b > 0
    return max(18, int((man != args["man"]).sum()))


def answers(weights, args):
    w_height, w_weight, b = (float(v) for v in weights)
    return np.array([w_height * h + w_weight * w + b > 0 for h, w in args["people"]])


def all_people(rng):
    """The 200 people, row 12 repaired, with heights in one of the two units."""
    from ...data import davis

    people, unit = davis(), str(rng.choice(["cm", "m"]))
    h, w = people["height"].astype(float), people["weight"].astype(float)
    h[11], w[11] = w[11], h[11]
    return {"unit": unit, "height": h / (100 if unit == "m" else 1), "weight": w,
            "man": people["sex"] == "M"}


def four(unit):
    """Four people that every good neuron gets right: woman, man, small woman, tall man."""
    people = np.array([[165, 57], [178, 76], [150, 45], [195, 100]])
    people = people / [100 if unit == "m" else 1, 1]
    return Case("sex_neuron(unit)", {"unit": unit, "people": people}, answers)


EXERCISE = Exercise(
    sex_neuron,
    view=mistakes,
    fixed=[four("cm"), four("m")],
    random=all_people,
    tries=6,
    mistakes=[
        Mistake("Everybody is called a man: the bias must be negative, and large enough to make "
                "up for the heights and weights.", fixed_numbers((0.2, 0.2, 0)),
                when=lambda got, want, args: got.all() if got.ndim else got == 112),
        Mistake("In meters everybody is called a woman: the heights are a hundred times smaller, "
                "and one of your three numbers must make up for that.",
                fixed_numbers((0.2, 0.2, -47.5), (0.2, 0.2, -47.5)),
                when=lambda got, want, args: args["unit"] == "m" and (
                    not got.any() if got.ndim else got == 88)),
        Mistake("Everybody is called a woman: the sum never gets above 0.",
                fixed_numbers((0.2, 0.2, -100)),
                when=lambda got, want, args: not got.any() if got.ndim else got == 88),
        Mistake("Women are called men, and men women. Both weights should be positive.",
                fixed_numbers((-0.2, -0.2, 47.5)),
                when=lambda got, want, args: (got != want).all() if got.ndim else got > 112),
        Mistake("At the average woman (165 cm, 57 kg) the sum should be below 0, at the average "
                "man (178 cm, 76 kg) above.", fixed_numbers((0.2, 0.2, -51.5)),
                when=lambda got, want, args: got.ndim == 1),
        Mistake("So many of the 200 are wrong. At most 18 may be. Height alone gets 26 wrong; move "
                "the line with the bias, and turn it with the weights.",
                fixed_numbers((0.3, 0, -51.75)), when=lambda got, want, args: True),
    ],
    hints=["Begin with equal weights for heights in cm, and find the bias from the point halfway "
           "between the average man and the average woman, 171 cm and 66 kg.",
           "With both weights 0.2, the sum there is 0.2 * 171 + 0.2 * 66 = 47.4 without the bias.",
           "In meters, the number for the height is a hundred times smaller. So its weight must be "
           "a hundred times larger; the other two numbers stay."],
)
