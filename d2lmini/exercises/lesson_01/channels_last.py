"""Move the channels of images to the last axis."""

import numpy as np

from ..spec import Exercise, Mistake


def channels_last(images):
    return images.transpose(0, 2, 3, 1)


def some_images(n, c, h, w):
    return {"images": np.arange(n * c * h * w).reshape(n, c, h, w).astype(np.uint8)}


EXERCISE = Exercise(
    channels_last,
    exact=True,
    fixed=[some_images(*shape) for shape in (
        (1, 3, 2, 2), (2, 3, 2, 2), (1, 3, 2, 4), (2, 1, 3, 2), (1, 3, 1, 1), (0, 3, 4, 5))],
    random=lambda rng: {"images": rng.normal(size=rng.integers(1, 6, 4))},
    mistakes=[
        Mistake("The shape is right, but the pictures are scrambled: reshape keeps the order of "
                "the numbers in memory. Exchange the axes with transpose.",
                lambda images: images.reshape(channels_last(images).shape)),
        Mistake("The channels are last, but rows and columns are exchanged: every picture lies on "
                "its side.", lambda images: images.transpose(0, 3, 2, 1)),
        Mistake("The images are no longer on the first axis.",
                lambda images: images.transpose(2, 3, 1, 0)),
        Mistake("Nothing has moved: the channels are still on axis 1.", lambda images: images),
        Mistake("In transpose, the numbers say which old axis comes to each new position: the rows "
                "were on axis 2, the columns on 3, the channels on 1.",
                lambda images: images.transpose(0, 3, 1, 2),
                when=lambda got, want, args: got.shape != want.shape),
    ],
    hints=["There are four axes: 0 images, 1 channels, 2 rows, 3 columns. In which order do you "
           "want them?",
           "x.transpose(1, 0) exchanges the axes of a matrix. It takes four numbers for four axes.",
           "Images stay first: images.transpose(0, …). The last number is 1, the channels."],
)
