"""The output size of a convolution."""

from functools import partial

from ..spec import Case, Exercise, Mistake
from ._conv import size


def conv_shape(shape, out_channels, kernel, stride=1, padding=0, *, size=size):
    return (out_channels, *(size(h, k, stride, padding) for h, k in zip(shape[1:], kernel)))


def changed(change):
    """conv_shape with another kernel or another result: change(shape, out_channels, kernel)."""
    def wrong(shape, out_channels, kernel, stride=1, padding=0):
        return conv_shape(*change(shape, out_channels, kernel), stride, padding)
    return wrong


def random(rng):
    return {"shape": tuple(int(n) for n in rng.integers(7, 40, 3)),
            "out_channels": int(rng.integers(1, 65)),
            "kernel": tuple(int(n) for n in rng.integers(1, 8, 2)),
            "stride": int(rng.integers(1, 5)), "padding": int(rng.integers(0, 4))}


EXERCISE = Exercise(
    conv_shape,
    program="conv_shape(shape, out_channels, kernel, stride=stride, padding=padding)",
    fixed=[
        Case("conv_shape(shape, out_channels, kernel)",
             {"shape": (1, 28, 28), "out_channels": 6, "kernel": (5, 5)}),
        Case("conv_shape(shape, out_channels, kernel, padding=padding)",
             {"shape": (3, 8, 10), "out_channels": 4, "kernel": (3, 3), "padding": 1}),
        Case("conv_shape(shape, out_channels, kernel, stride=stride)",
             {"shape": (3, 9, 12), "out_channels": 4, "kernel": (2, 4), "stride": 2}),
        {"shape": (3, 224, 224), "out_channels": 64, "kernel": (7, 7), "stride": 2, "padding": 3},
        {"shape": (5, 4, 6), "out_channels": 1, "kernel": (4, 6), "stride": 1, "padding": 0},
    ],
    random=random,
    mistakes=[
        Mistake("Padding adds a border on both sides, so the size grows by 2 · padding.",
                partial(conv_shape, size=lambda h, k, s, p: (h + p - k) // s + 1)),
        Mistake("One position is missing: the kernel can be at 0 as well. Add 1 at the end.",
                partial(conv_shape, size=lambda h, k, s, p: (h + 2 * p - k) // s)),
        Mistake("You rounded up. The last window must lie inside, so round down, with //.",
                partial(conv_shape, size=lambda h, k, s, p: -((k - h - 2 * p) // s) + 1)),
        Mistake("A size must be an integer: divide with //, which rounds down.",
                partial(conv_shape, size=lambda h, k, s, p: (h + 2 * p - k) / s + 1)),
        Mistake("The stride is missing: divide by it before you add 1.",
                partial(conv_shape, size=lambda h, k, s, p: h + 2 * p - k + 1)),
        Mistake("The channels come first: (channels, height, width).",
                lambda *args, **options: (*conv_shape(*args, **options)[1:],
                                          conv_shape(*args, **options)[0])),
        Mistake("The output has one channel for each kernel: out_channels, not the input's.",
                changed(lambda shape, out, kernel: (shape, shape[0], kernel)),
                when=lambda got, want, args: len(got) == 3 and got[0] != want[0]),
        Mistake("You exchanged the two sizes of the kernel: the height needs kernel[0], the width "
                "kernel[1].", changed(lambda shape, out, kernel: (shape, out, kernel[::-1]))),
        *(Mistake("You used one size of the kernel for both axes: the height needs kernel[0], the "
                  "width kernel[1].",
                  changed(lambda shape, out, kernel, k=k: (shape, out, (kernel[k],) * 2)))
          for k in (0, 1)),
    ],
    hints=[
        "The result is a tuple of three numbers: out_channels, a height and a width.",
        "For one axis: the image with its border has h + 2 * padding pixels, and the kernel may "
        "begin at 0, stride, 2 * stride, … up to h + 2 * padding - k.",
        "The height is (h + 2 * padding - kh) // stride + 1; the width likewise, with w and kw.",
    ],
    bans=("functional.conv2d", "nn.Conv2d"),
)
