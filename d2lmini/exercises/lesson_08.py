"""What judges the exercises of lesson 08, convolutional networks.

The second half, pooling, im2col and the backward pass, stands in lesson_08_layers.py.
"""

import numpy as np

from .lesson_08_layers import BACKWARD, IM2COL, POOL, border, numbers, same, size
from .spec import Case, Exercise, Mistake

# --- conv_shape ---


def shaping(size=size):
    """conv_shape with another formula for the size."""
    def conv_shape(shape, out_channels, kernel, stride=1, padding=0):
        return (out_channels, *(size(h, k, stride, padding) for h, k in zip(shape[1:], kernel)))
    return conv_shape


SHAPE = Exercise(
    name="conv_shape",
    reference=shaping(),
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
    random=lambda rng: {
        "shape": tuple(int(n) for n in rng.integers(7, 40, 3)),
        "out_channels": int(rng.integers(1, 65)),
        "kernel": tuple(int(n) for n in rng.integers(1, 8, 2)),
        "stride": int(rng.integers(1, 5)), "padding": int(rng.integers(0, 4))},
    mistakes=[
        Mistake("Padding adds a border on both sides, so the size grows by 2 · padding.",
                like=shaping(lambda h, k, s, p: (h + p - k) // s + 1)),
        Mistake("One position is missing: the kernel can stand at 0 as well. Add 1 at the end.",
                like=shaping(lambda h, k, s, p: (h + 2 * p - k) // s)),
        Mistake("You rounded up. The last window must lie inside, so round down, with //.",
                like=shaping(lambda h, k, s, p: -((k - h - 2 * p) // s) + 1)),
        Mistake("A size must be a whole number: divide with //, which rounds down.",
                like=shaping(lambda h, k, s, p: (h + 2 * p - k) / s + 1)),
        Mistake("The stride is missing: divide by it before you add 1.",
                like=shaping(lambda h, k, s, p: h + 2 * p - k + 1)),
        Mistake("The channels come first: (channels, height, width).",
                when=lambda got, want, args: list(got) == [*want[1:], want[0]]),
        Mistake("The output has one channel for each kernel: out_channels, not the input's.",
                when=lambda got, want, args: len(got) == 3 and got[0] != want[0]),
        Mistake("You exchanged the two sizes of the kernel: the height needs kernel[0], the width "
                "kernel[1].", when=lambda got, want, args: list(got) == list(
                    shaping()(**{**args, "kernel": args["kernel"][::-1]}))),
        Mistake("You used one size of the kernel for both axes: the height needs kernel[0], the "
                "width kernel[1].",
                when=lambda got, want, args: args["kernel"][0] != args["kernel"][1] and list(
                    got) in [list(shaping()(**{**args, "kernel": (k, k)}))
                             for k in args["kernel"]]),
    ],
    hints=[
        "The result is a tuple of three numbers: out_channels, a height and a width.",
        "For one axis: the image with its border has h + 2 * padding pixels, and the kernel may "
        "begin at 0, stride, 2 * stride, … up to h + 2 * padding - k.",
        "The height is (h + 2 * padding - kh) // stride + 1; the width likewise, with w and kw.",
    ],
    bans=("functional.conv2d", "nn.Conv2d"),
)

# --- cross_correlation ---


def correlating(flip=False, steps=True, pad=True, add=np.sum, times=np.multiply):
    """cross_correlation; the options make typical mistakes."""
    def cross_correlation(X, K, stride=1, padding=0):
        X, K = border(X, padding * pad), K[::-1, ::-1] if flip else K
        (kh, kw), s = K.shape, stride
        Y = np.zeros((size(X.shape[0], kh, s), size(X.shape[1], kw, s)))
        for i, j in np.ndindex(Y.shape):
            y, x = (i * s, j * s) if steps else (i, j)
            Y[i, j] = add(times(X[y:y + kh, x:x + kw], K))
        return Y
    return cross_correlation


def random_image(rng):
    (h, w), (kh, kw) = rng.integers(4, 9, 2), rng.integers(1, 4, 2)
    return {"X": rng.normal(size=(h, w)), "K": rng.normal(size=(kh, kw)),
            "stride": int(rng.integers(1, 4)), "padding": int(rng.integers(0, 3))}


EDGE = np.array([[1.0, -1.0]])
CORRELATION = Exercise(
    name="cross_correlation",
    reference=correlating(),
    program="cross_correlation(X, K, stride=stride, padding=padding)",
    fixed=[
        Case("cross_correlation(X, K)", {"X": numbers(3, 3), "K": numbers(2, 2)}),
        Case("cross_correlation(X, K)", {"X": np.array([[0.0, 0, 1, 1], [1, 0, 0, 1]]), "K": EDGE}),
        {"X": numbers(4, 6), "K": numbers(2, 3), "stride": 2, "padding": 0},
        {"X": numbers(2, 2), "K": numbers(3, 3), "stride": 1, "padding": 1},
        {"X": numbers(5, 4).astype(np.float32), "K": -EDGE.T, "stride": 3, "padding": 2},
        {"X": numbers(2, 3), "K": numbers(2, 3), "stride": 1, "padding": 0},
    ],
    random=random_image,
    mistakes=[
        Mistake("You turned the kernel. Cross-correlation lays it on the image as it is.",
                like=correlating(flip=True)),
        Mistake("The output has the right size, but the windows moved by 1. Window (i, j) begins "
                "at row i * stride and column j * stride.", like=correlating(steps=False)),
        Mistake("A window gives the sum of the products, not their mean.",
                like=correlating(add=np.mean)),
        Mistake("You used @, the matrix product. Multiply number by number, with *.",
                like=correlating(times=np.matmul)),
        Mistake("The padding is missing: put a border of zeros around X first, on all four sides.",
                when=lambda got, want, args: args.get("padding") and (got.size == 0 or same(
                    got, correlating(pad=False)(**args)))),
        Mistake("The stride is missing: it makes the output smaller.",
                when=lambda got, want, args: same(got, correlating()(
                    args["X"], args["K"], padding=args["padding"]))),
    ],
    hints=[
        "np.pad(X, padding) puts a border of zeros around X. After that forget the padding.",
        "Make Y of zeros, with the shape that the size formula gives, and go through its places "
        "(i, j) with two loops.",
        "The window of Y[i, j] is X[i*stride : i*stride + kh, j*stride : j*stride + kw].",
        "Y[i, j] = (window * K).sum()",
    ],
    bans=("functional.conv2d", "nn.Conv2d", "kernels.plain_conv2d"),
)

# --- cnn_parameters ---


def counting(bias=lambda o, h, w: o, weights=lambda c, k: c * k * k, shrink=True, flat=True,
             less=lambda k: k - 1, channels=True, after=lambda n, c, h, w: (n, 1, 1)):
    """cnn_parameters; the options make typical mistakes."""
    def cnn_parameters(shape, layers):
        (c, h, w), total = shape, 0
        for kind, n, *rest in layers:
            if kind == "conv":
                k = rest[0]
                h, w = h - less(k), w - less(k)
                total += n * weights(c, k) + bias(n, h, w)
                c = n if channels else c
            elif kind == "pool" and shrink:
                h, w = h // n, w // n
            elif kind == "dense":
                total += n * (c * h * w if flat else c) + bias(n, 1, 1)
                c, h, w = after(n, c, h, w)
        return total
    return cnn_parameters


LESSON = [("conv", 32, 3), ("pool", 2), ("conv", 64, 3), ("pool", 2), ("conv", 64, 3),
          ("dense", 64), ("dense", 10)]


def random_layers(rng):
    layers, sizes = [], rng.integers(1, 9, 6).tolist()
    for n in sizes[:3]:
        layers += [("conv", n, int(rng.integers(1, 4)))] if rng.random() < 0.6 else [("pool", 2)]
    layers += [("dense", n) for n in sizes[3:3 + rng.integers(1, 4)]]
    return {"shape": tuple(rng.integers(12, 20, 3).tolist()), "layers": layers}


PARAMETERS = Exercise(
    name="cnn_parameters",
    reference=counting(),
    program="cnn_parameters(shape, layers)",
    fixed=[
        {"shape": (1, 28, 28), "layers": [("conv", 32, 3)]},
        {"shape": (3, 5, 7), "layers": [("conv", 4, 2)]},
        {"shape": (2, 3, 4), "layers": [("dense", 5)]},
        {"shape": (3, 9, 9), "layers": [("pool", 3)]},
        {"shape": (1, 7, 5), "layers": [("pool", 2), ("dense", 1)]},
        {"shape": (1, 28, 28), "layers": LESSON},
        {"shape": (3, 9, 9), "layers": []},
    ],
    random=random_layers,
    exact=True,
    mistakes=[
        Mistake("A number of parameters is a whole number, an int.",
                when=lambda got, want, args: got == want),
        Mistake("The biases are missing: one for each kernel, and one for each dense neuron.",
                like=counting(bias=lambda o, h, w: 0)),
        Mistake("A kernel has a slice for each input channel: c · k · k weights, and one bias.",
                like=counting(weights=lambda c, k: k * k)),
        Mistake("A kernel has one bias, wherever it stands. You counted one for each position.",
                like=counting(bias=lambda o, h, w: o * h * w)),
        Mistake("Pooling makes the images smaller, so the next dense layer gets fewer numbers.",
                like=counting(shrink=False)),
        Mistake("A convolution without padding makes the image smaller: by k - 1 along each axis.",
                like=counting(less=lambda k: 0)),
        Mistake("A convolution makes the image smaller by k - 1 along each axis, not by k.",
                like=counting(less=lambda k: k)),
        Mistake("A dense layer gets all numbers in one row: channels · height · width of them.",
                like=counting(flat=False)),
        Mistake("You counted one bias for a layer. Each kernel has its own, and so has each neuron "
                "of a dense layer.", like=counting(bias=lambda o, h, w: 1)),
        Mistake("After a convolution the image has one channel for each kernel: c becomes out.",
                like=counting(channels=False)),
        *(Mistake("After a dense layer of n neurons the next layer gets n numbers: c is n, and h "
                  "and w are 1.", like=counting(after=after))
          for after in (lambda n, c, h, w: (c, h, w), lambda n, c, h, w: (n, h, w))),
        Mistake("Pooling has no parameters. It only makes the image smaller.",
                when=lambda got, want, args: args["layers"] == [("pool", 3)]),
    ],
    hints=[
        "Keep the shape (c, h, w) in three variables, and let each layer change it.",
        "for layer in layers: layer[0] is the kind, layer[1] and layer[2] are the numbers.",
        "A convolution has out * (c * k * k + 1) parameters. After it, c is out, and h and w are "
        "smaller by k - 1.",
        "A dense layer has n * (c * h * w + 1) parameters. After it, c is n, and h and w are 1.",
    ],
    bans=("nn.Conv2d", "nn.Linear", "nn.summary"),
)

EXERCISES = [SHAPE, CORRELATION, PARAMETERS, POOL, IM2COL, BACKWARD]
