"""The right functions of lesson 00, introduction, and typical wrong ones: lesson_00.py."""

import numpy as np

from .spec import Case

# --- neuron ---


def neuron(x, w, b, g):
    z = x @ w + b
    if g == "step":
        return (z > 0).astype(int)
    return 1 / (1 + np.exp(-z)) if g == "sigmoid" else np.maximum(z, 0)


def neuron_at_least(x, w, b, g):
    return (x @ w + b >= 0).astype(int) if g == "step" else neuron(x, w, b, g)


def neuron_sign(x, w, b, g):
    return 1 / (1 + np.exp(x @ w + b)) if g == "sigmoid" else neuron(x, w, b, g)


def random_neuron(rng):
    x, w = rng.normal(size=(rng.integers(1, 6), 3)), rng.normal(size=3)
    return {"x": x, "w": w, "b": float(max(rng.normal(), 0.1 - (x @ w).max())),
            "g": str(rng.choice(["step", "sigmoid", "relu"]))}


# --- gate ---

PATTERNS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5), "NOR": (-1, -1, 0.5),
         "NOT x1": (-1, 0, 0.5), "x1 AND NOT x2": (1, -1, -0.5)}


def fires(weights, args):
    """What the neuron with the learner's weights answers to the patterns."""
    w1, w2, b = (float(v) for v in weights)
    return np.array([int(w1 * p + w2 * q + b > 0) for p, q in args["x"]])


def gate(name):
    return GATES[name]


def bias_first(name):
    w1, w2, b = GATES[name]
    return b, w1, w2


# --- mend_swapped ---


def mend_swapped(height, weight, reported_height, reported_weight):
    stored = abs(height - reported_height) + abs(weight - reported_weight)
    exchanged = abs(weight - reported_height) + abs(height - reported_weight)
    swapped = exchanged < stored
    return np.where(swapped, weight, height), np.where(swapped, height, weight)


def mend_equal_too(height, weight, reported_height, reported_weight):
    stored = abs(height - reported_height) + abs(weight - reported_weight)
    exchanged = abs(weight - reported_height) + abs(height - reported_weight)
    swapped = exchanged <= stored
    return np.where(swapped, weight, height), np.where(swapped, height, weight)


def mend_unknown_too(height, weight, reported_height, reported_weight):
    stored = abs(height - reported_height) + abs(weight - reported_weight)
    exchanged = abs(weight - reported_height) + abs(height - reported_weight)
    swapped = ~(exchanged >= stored)
    return np.where(swapped, weight, height), np.where(swapped, height, weight)


def mend_overwriting(height, weight, reported_height, reported_weight):
    height, weight = mend_swapped(height, weight, reported_height, reported_weight)[0], weight
    return height, np.where(height == weight, height, weight)


def stored(*columns):
    names = "height", "weight", "reported_height", "reported_weight"
    return {name: np.array(column) for name, column in zip(names, columns)}


def random_people(rng):
    n = rng.integers(1, 12)
    height, weight = rng.normal(170, 9, n).round(), rng.normal(65, 12, n).round()
    told_h, told_w = height + rng.integers(-3, 4, n), weight + rng.integers(-3, 4, n)
    swap = rng.random(n) < 0.3
    height[swap], weight[swap] = weight[swap], height[swap]
    told_h[rng.random(n) < 0.2], told_w[rng.random(n) < 0.2] = np.nan, np.nan
    return stored(height, weight, told_h, told_w)


# --- sex_neuron ---

def mistakes(weights, args):
    """How many of the 200 people the learner's weights get wrong; 18 and fewer are as good."""
    w_height, w_weight, b = (float(v) for v in weights)
    man = w_height * args["height"] + w_weight * args["weight"] + b > 0
    return max(18, int((man != args["man"]).sum()))


def answers(weights, args):
    w_height, w_weight, b = (float(v) for v in weights)
    return np.array([w_height * h + w_weight * w + b > 0 for h, w in args["people"]])


def sex_neuron(unit):
    return {"cm": (0.2, 0.2, -47.5), "m": (20.0, 0.2, -47.5)}[unit]


def davis(rng):
    """The 200 people, row 12 mended, with heights in one of the two units."""
    from ..data import davis

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


# --- best_threshold ---


def best_threshold(x, y, thresholds):
    accuracy = [((x > t) == y).mean() for t in thresholds]
    best = int(np.argmax(accuracy))
    return thresholds[best], accuracy[best]


def threshold_last(x, y, thresholds):
    t, accuracy = best_threshold(x, y, thresholds[::-1])
    return t, accuracy


def threshold_at_least(x, y, thresholds):
    accuracy = [((x >= t) == y).mean() for t in thresholds]
    return thresholds[np.argmax(accuracy)], max(accuracy)


def threshold_below(x, y, thresholds):
    t, accuracy = best_threshold(-x, y, -thresholds)
    return -t, accuracy


def random_threshold(rng):
    n = rng.integers(1, 40)
    x = rng.integers(140, 200, n)
    y = x + rng.normal(0, 10, n) > 170
    return {"x": x, "y": y, "thresholds": np.arange(140, 200, rng.integers(1, 8))}


# --- trial_and_error ---


def trial_and_error(X, y, start, changes, better=lambda new, old: new <= old):
    parameters = start
    mistakes = [int(((X @ start[:2] + start[2] > 0) != y).sum())]
    for change in changes:
        trial = parameters + change
        new = int(((X @ trial[:2] + trial[2] > 0) != y).sum())
        if better(new, mistakes[-1]):
            parameters = trial
        mistakes.append(min(new, mistakes[-1]))
    return parameters, mistakes


def trial_always(X, y, start, changes):
    everywhere = start + np.cumsum(np.vstack([np.zeros((1, 3)), changes]), axis=0)
    mistakes = [int(((X @ p[:2] + p[2] > 0) != y).sum()) for p in everywhere]
    return everywhere[-1], mistakes


def trial_from_start(X, y, start, changes):
    parameters, least = start, trial_and_error(X, y, start, changes[:0])[1]
    for change in changes:
        new = trial_and_error(X, y, start + change, changes[:0])[1][0]
        if new <= least[-1]:
            parameters = start + change
        least.append(min(new, least[-1]))
    return parameters, least


def random_search(rng):
    n, tries = rng.integers(2, 30), rng.integers(1, 40)
    X = rng.normal(size=(n, 2))
    return {"X": X, "y": X @ rng.normal(size=2) + rng.normal() > 0,
            "start": rng.normal(size=3), "changes": rng.normal(size=(tries, 3))}
