"""A classifier of drawings, judged by its accuracy on drawings of hands that nobody has seen.

The judge draws the pictures itself (d2lmini/lesson/sketches.py), so it knows the answers: its own
`classify` looks them up. A learner's answer is right if enough of its labels are.
"""

import functools
import hashlib

import numpy as np

from d2lmini.lesson import sketches

from ..spec import Case, Exercise, Mistake

HANDS, ENOUGH = 32, 0.80  # 256 pictures; from draw to draw the accuracy moves by 0.02 to 0.03
NAMES = sorted(sketches.THINGS)
_truth: dict[bytes, int] = {}


def classify(pictures):
    return np.array([_truth[_key(picture)] for picture in pictures])


def _key(picture) -> bytes:
    return hashlib.sha256(picture.tobytes()).digest()


def score(labels, args) -> dict:
    """How many of the labels are right, and what is wrong if these are too few."""
    truth, labels = classify(args["pictures"]), np.asarray(labels)
    if labels.shape != truth.shape or labels.dtype.kind not in "iu":
        raise ValueError("a label for each picture is expected")
    right = (labels == truth).mean()
    if right >= ENOUGH:
        return {"right": f"{ENOUGH:.0%} or more"}
    found = {"right": f"{right:.0%}"}
    if len(set(labels.tolist())) == 1:
        return found | {"every picture": "the same label"}
    misses = [int(((truth == k) & (labels != k)).sum()) for k in range(len(NAMES))]
    worst = int(np.argmax(misses))
    taken = np.bincount(labels[(truth == worst) & (labels != worst)].clip(0, 7), minlength=8)
    return found | {"most often wrong": f"{NAMES[worst]}, taken for {NAMES[int(taken.argmax())]}"}


@functools.lru_cache(maxsize=8)
def hidden(seed: int) -> np.ndarray:
    """New drawings by new hands, (256, 64, 64); their answers are remembered."""
    drawings = sketches.collection(HANDS, 1, np.random.default_rng(seed))
    _truth.update((_key(picture), NAMES.index(thing)) for (thing, _), picture in drawings.items())
    return np.stack(list(drawings.values()))


def random(rng) -> Case:
    pictures = hidden(int(rng.integers(1 << 32)))
    return Case("classify(pictures)", {"pictures": pictures}, score,
                f"classify of {len(pictures)} hidden pictures")


def exchanged(*pairs):
    """Right answers, except that these labels are exchanged."""
    table = np.arange(8)
    for a, b in pairs:
        table[[a, b]] = table[[b, a]]
    return lambda pictures: table[classify(pictures)]


def often_wrong(pictures):
    """Every third answer is wrong, by no rule."""
    labels = classify(pictures)
    return np.where(np.arange(len(labels)) % 3, labels, (labels + np.arange(len(labels))) % 8)


def percent(got) -> int:
    return int(got["right"].rstrip("%"))


EXERCISE = Exercise(
    classify,
    fixed=[],
    random=random,
    tries=1,
    seconds=10.0,
    training=60.0,
    mistakes=[
        Mistake("Does classify prepare the pictures as you did for training: bytes to 0–1, ink "
                "large and paper 0, centered, with shape (n, 1, 28, 28)?",
                lambda pictures: 0 * classify(pictures),
                when=lambda got, want, args: "every picture" in got),
        Mistake("Left and right are exchanged. When you mirror a picture for training, exchange "
                "these two labels.", exchanged((3, 4)),
                when=lambda got, want, args: got["most often wrong"] in (
                    "left, taken for right", "right, taken for left")),
        Mistake("That is hardly more than guessing, 12 %. Are labels and pictures in the same "
                "order, and are the labels the numbers of the sorted names?",
                lambda pictures: (classify(pictures) + 1) % 8,
                when=lambda got, want, args: percent(got) < 30),
        Mistake("You are on the way; 80 % are asked for. The hidden hands lean and tremble "
                "otherwise: train on all twelve hands, on warped and on mirrored pictures, and for "
                "more epochs.", often_wrong, when=lambda got, want, args: percent(got) >= 30),
    ],
    hints=[
        "Begin with what lesson 11 does: prepare, build a small network, train it on all twelve "
        "hands with random warps, and keep it in a variable outside of classify.",
        "Judge before check does: train on hands 1 to 8 and look at hands 9 to 12. Only when you "
        "are content, train on all of them.",
        "classify prepares its pictures with the same function as the training, asks the network, "
        "and returns argmax(1) of its outputs as an array of integers.",
    ],
    bans=("lesson.sketches.sketch", "lesson.sketches.collection", "lesson.sketches.shipped"),
)
