"""Early stopping with patience."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def early_stopping(losses, patience, *, wait=0, reset=True, begin=1,
                   better=lambda losses, i, best: losses[i] < losses[best]):
    best, bad = 0, 0
    for i in range(begin, len(losses)):
        if better(losses, i, best):
            best, bad = i, bad * (not reset)
        else:
            bad += 1
        if bad == patience + wait:
            return best, i + 1
    return best, len(losses)


but = partial(partial, early_stopping)
EXERCISE = Exercise(
    early_stopping,
    fixed=[
        {"losses": [0.9, 0.5, 0.6, 0.7, 0.8, 0.9], "patience": 2},
        {"losses": [0.9, 0.7, 0.8, 0.75, 0.6], "patience": 2},
        {"losses": [0.9, 0.7, 0.8, 0.6, 0.65, 0.5], "patience": 2},
        {"losses": [0.5, 0.5, 0.5, 0.4], "patience": 2},
        {"losses": [3.0, 2.0, 1.0], "patience": 1},
        {"losses": [1.0, 2.0, 3.0], "patience": 1},
        {"losses": [0.3], "patience": 3},
    ],
    random=lambda rng: {"losses": [float(x) for x in rng.integers(1, 9, rng.integers(2, 15)) / 10],
                        "patience": int(rng.integers(1, 5))},
    mistakes=[
        Mistake("The first number is the best epoch, the second how many epochs are trained; yours "
                "are exchanged.", lambda *args: early_stopping(*args)[::-1]),
        Mistake("You counted epoch 0 as one without a new lowest loss. It is the lowest so far, "
                "and the waiting begins after it.", but(begin=0)),
        Mistake("The second number is how many epochs were trained. After epoch 0 it is 1 already.",
                lambda *args: (early_stopping(*args)[0], early_stopping(*args)[1] - 1)),
        Mistake("An equal loss is no improvement. Only a lower one starts the count again.",
                but(better=lambda losses, i, best: losses[i] <= losses[best])),
        Mistake("Each new lowest loss starts the count again: only epochs without one *in a row* "
                "count.", but(reset=False)),
        Mistake("The training stops before it reaches this epoch. Compare each loss with the "
                "lowest so far, not with the one before, and do not look at what comes after the "
                "stop.", but(better=lambda losses, i, best: losses[i] < losses[i - 1])),
        Mistake("You waited one epoch too long. With patience 1 the first epoch without a new "
                "lowest loss is the last one.", but(wait=1)),
        Mistake("You looked at epochs after the stop. They are never trained: stop once patience "
                "epochs in a row have brought no new lowest loss.",
                lambda losses, patience: (int(np.argmin(losses)), len(losses)),
                when=lambda got, want, args: got[1] > want[1] or got[0] >= want[1]),
    ],
    hints=[
        "Go through the losses with enumerate, and keep the number of the best epoch so far: if "
        "the loss is lower than losses[best], this epoch is the new best.",
        "epoch - best is the number of epochs in a row without a new lowest loss. If it has "
        "reached patience, return best and epoch + 1.",
        "If the loop ends without a stop, all epochs were trained: return best and len(losses).",
    ],
)
