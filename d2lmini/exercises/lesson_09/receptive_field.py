"""The receptive field of a chain of layers."""

from functools import partial

from ..spec import Exercise, Mistake


def receptive_field(layers, *, start=1, less=1, use_step=True, early=False, add=False):
    field, step = start, 1
    for kernel, stride in layers:
        if early:
            step *= stride
        field += (kernel - less) * (step if use_step else 1)
        if not early:
            step = step + stride if add else step * stride
    return field, step


def random(rng):
    layers = rng.integers((1, 1), (8, 4), (rng.integers(2, 8), 2))
    return {"layers": [[max(int(k), int(s)), int(s)] for k, s in layers]}


but = partial(partial, receptive_field)
EXERCISE = Exercise(
    receptive_field,
    fixed=[
        {"layers": [[3, 1]]},
        {"layers": [[3, 1], [3, 1]]},
        {"layers": [[3, 2], [3, 1]]},
        {"layers": [[5, 1], [2, 2], [5, 1], [2, 2]]},
        {"layers": [[7, 2], [3, 2], [3, 1], [3, 1], [3, 2], [3, 1]]},
        {"layers": [[1, 1], [1, 2], [3, 1]]},
        {"layers": []},
    ],
    random=random,
    mistakes=[
        Mistake("A kernel of k adds k - 1 steps: one of its pixels was seen before.",
                but(less=0)),
        Mistake("A step is as many pixels as all strides so far multiply to: add "
                "(kernel - 1) * step.", but(use_step=False)),
        Mistake("The stride of a layer counts from the next layer on: first the field, then the "
                "step.", but(early=True)),
        Mistake("Strides multiply: after two layers of stride 2, a step is 4 pixels.",
                but(add=True)),
        Mistake("Before the first layer, a number sees itself: begin with a field of 1.",
                but(start=0)),
        Mistake("The field comes first, then the step.",
                lambda layers: receptive_field(layers)[::-1]),
    ],
    hints=[
        "Begin with field = 1 and step = 1, and go through the layers in order.",
        "A layer widens the field by kernel - 1 steps, and a step is as many pixels as the strides "
        "of the layers before it multiply to.",
        "In the loop: field += (kernel - 1) * step, and only then step *= stride.",
    ],
)
