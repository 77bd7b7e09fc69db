"""A convolution as one matrix product."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake
from ._conv import draw, numbers, size

RNG = np.random.default_rng(8)
CONV = "conv2d(X, W, b, stride=stride)"


def im2col(X, kh, kw, stride=1, *, order=(0, 2, 3, 1, 4, 5)):
    view = np.lib.stride_tricks.sliding_window_view(X, (kh, kw), (2, 3))[:, :, ::stride, ::stride]
    n, c, oh, ow = view.shape[:4]
    return view.transpose(order).reshape(n * oh * ow, c * kh * kw)


def conv2d(X, W, b, stride=1, *, rows=lambda W: W.reshape(len(W), -1),
           end=lambda Y: Y.transpose(0, 3, 1, 2)):
    Y = im2col(X, *W.shape[2:], stride) @ rows(W).T + b
    h, w = (size(n, k, stride) for n, k in zip(X.shape[2:], W.shape[2:]))
    return end(Y.reshape(len(X), h, w, len(W)))


def transposed(X, kh, kw, stride=1):
    return im2col(X, kh, kw, stride).T


def convolution(says, wrong=None, **options):
    return Mistake(says, {"conv2d": wrong or partial(conv2d, **options)})


def scrambled(Y):
    """Y in the shape of the right answer, without a transpose."""
    n, h, w, o = Y.shape
    return Y.reshape(n, o, h, w)


def random(rng):
    def numbers_for(o):
        n, c, h, w, kh, kw, s = (int(i) for i in (
            *rng.integers(1, 4, 2), *rng.integers(4, 8, 2), *rng.integers(1, 4, 3)))
        return draw(rng, n, c, h, w, o, kh, kw, stride=s)

    if rng.random() < 0.5:
        return numbers_for(0)
    return Case(CONV, numbers_for(int(rng.integers(1, 5))))


EXERCISE = Exercise(
    (im2col, conv2d),
    program="im2col(X, kh, kw, stride=stride)",
    fixed=[
        Case("im2col(X, kh, kw)", {"X": numbers(1, 1, 2, 3), "kh": 2, "kw": 2}),
        Case("im2col(X, kh, kw)", {"X": numbers(1, 2, 2, 3), "kh": 2, "kw": 1}),
        {"X": numbers(1, 1, 3, 5), "kh": 1, "kw": 2, "stride": 2},
        draw(RNG, 2, 3, 5, 6, kh=2, kw=3, stride=3),
        Case("conv2d(X, W, b)", {"X": numbers(1, 1, 2, 3), "W": numbers(2, 1, 2, 2),
                                 "b": np.array([100.0, 200.0])}),
        Case("conv2d(X, W, b)", draw(RNG, 2, 3, 5, 6, 4, 3, 2)),
        Case(CONV, draw(RNG, 3, 2, 7, 6, 2, 2, 3, stride=2)),
    ],
    random=random,
    tries=10,
    mistakes=[
        Mistake("The rows hold the right numbers in another order. In a row the channels come "
                "first: all of channel 0, then all of channel 1.",
                partial(im2col, order=(0, 2, 3, 4, 5, 1))),
        Mistake("A row of the matrix must be a window: the axis of the channels belongs behind the "
                "two axes of the positions. Transpose before you reshape.",
                partial(im2col, order=(0, 1, 2, 3, 4, 5))),
        Mistake("The rows are right, but in another order. Put all windows of image 0 first, then "
                "those of image 1: the axis of the images comes first.",
                partial(im2col, order=(2, 3, 0, 1, 4, 5))),
        Mistake("Your matrix has a column for each window. Transpose it: a row for each.",
                transposed),
        Mistake("The stride is missing: window (i, j) begins at row i * stride and column "
                "j * stride.", lambda X, kh, kw, stride=1: im2col(X, kh, kw)),
        convolution("W.reshape(-1, o) mixes the kernels up. First make each kernel a row, with "
                    "W.reshape(o, -1), and then transpose.",
                    rows=lambda W: W.reshape(-1, len(W)).T),
        convolution("The biases are missing: add b, one for each output channel.",
                    lambda X, W, b, stride=1: conv2d(X, W, 0 * b, stride)),
        convolution("The shape is right, but the channels are in the wrong position. The matrix "
                    "product has them last: reshape to (n, oh, ow, o), then "
                    "transpose(0, 3, 1, 2).", end=scrambled),
        *(convolution("You exchanged height and width: reshape to (n, oh, ow, o), then "
                      "transpose(0, 3, 1, 2).", end=end)
          for end in (lambda Y: Y.transpose(0, 3, 2, 1),
                      lambda Y: Y.transpose(0, 3, 1, 2).reshape(Y.transpose(0, 3, 2, 1).shape))),
        convolution("The channels are last. Bring them to axis 1, with transpose(0, 3, 1, 2).",
                    end=lambda Y: Y),
    ],
    hints=[
        "Make C of zeros with the shape (n, oh, ow, c, kh, kw), and at the end reshape it to "
        "(n * oh * ow, c * kh * kw).",
        "Window (i, j) is X[:, :, i*stride : i*stride + kh, j*stride : j*stride + kw]; it goes to "
        "C[:, i, j].",
        "The kernels as rows: W.reshape(len(W), -1), of shape (o, c * kh * kw). So the product is "
        "C @ rows.T + b, of shape (n * oh * ow, o).",
        "Reshape that to (n, oh, ow, o), then .transpose(0, 3, 1, 2).",
    ],
    bans=("functional.conv2d", "nn.Conv2d", "functional.unfold", "backend.fast.unfold_rows"),
)
