"""Design a deep residual network on a budget."""

import numpy as np

from ..spec import Exercise, Mistake

LIMITS = {"outputs": "10, after global pooling", "convolutions": "15 or more",
          "channels": "32 or more", "places": "4 × 4 or more", "receptive field": "32 × 32 or more",
          "parameters": "60,000 or fewer", "products": "8,000,000 or fewer"}
NUMBERS = {"conv": 3, "block": 0, "down": 0, "pool": 0, "dense": 1}


def small_resnet():
    return [("conv", 8, 3, 1), ("block",), ("down",), ("block",), ("block",), ("block",),
            ("down",), ("block",), ("pool",), ("dense", 10)]


def facts(layers, args):
    """What the network has: the texts of LIMITS, and where one is missed, what there is."""
    c, n, depth, field, step, parameters, products = 3, 32, 0, 1, 1, 0, 0
    pooled = flat = False
    for number, (kind, *rest) in enumerate(layers):
        fits = len(rest) == NUMBERS.get(kind, -1) and all(
            isinstance(value, int | np.integer) and value > 0 for value in rest)
        if not fits or flat or pooled != (kind == "dense") or (
                kind != "conv" and not depth) or (kind == "conv" and rest[1] % 2 == 0):
            return LIMITS | {"outputs": f"none: layer {number} cannot be {kind!r} there"}
        if kind == "pool":
            pooled = True
        elif kind == "dense":
            parameters, products = parameters + rest[0] * (c + 1), products + rest[0] * c
            outputs, flat = rest[0], True
        if kind == "down":
            parameters += 2 * c * (c + 2)  # the shortcut: 1 x 1, with its normalization
            products += 2 * c * c * half(n, 2) ** 2
        for out, k, stride in convolutions(kind, rest, c):
            n = half(n, stride)
            parameters += out * (c * k * k + 2)
            products += out * c * k * k * n * n
            field, step = field + (k - 1) * step, step * stride
            c, depth = out, depth + 1
    found = {"outputs": f"{outputs}" if flat else "none", "convolutions": f"{depth}",
             "channels": f"{c}", "places": f"{n} × {n}", "receptive field": f"{field} × {field}",
             "parameters": f"{parameters:,}", "products": f"{products:,}"}
    fits = {"outputs": flat and outputs == 10, "convolutions": depth >= 15, "channels": c >= 32,
            "places": n >= 4, "receptive field": field >= 32, "parameters": parameters <= 60_000,
            "products": products <= 8_000_000}
    return {name: LIMITS[name] if fits[name] else found[name] for name in LIMITS}


def half(n, stride):
    """The size after a convolution with padding k // 2, k odd: n / stride, rounded up."""
    return -(-n // stride)


def convolutions(kind, numbers, c):
    """(outputs, kernel, stride) of the convolutions on the long path of a layer."""
    return {"conv": [tuple(numbers)], "block": [(c, 3, 1), (c, 3, 1)],
            "down": [(2 * c, 3, 2), (2 * c, 3, 1)]}.get(kind, [])


def layers(*those):
    return lambda: list(those)


def misses(name):
    return lambda got, want, args: got[name] != want[name]


BLOCK, DOWN, END = ("block",), ("down",), (("pool",), ("dense", 10))
EXERCISE = Exercise(
    small_resnet,
    view=facts,
    fixed=[{}],
    mistakes=[
        Mistake("The order is: a conv first, then conv, block and down as you like, one pool, and "
                "one dense layer at the end. Each has its numbers, whole and positive, and the "
                "kernel of a conv is odd.", layers(BLOCK, ("conv", 8, 3, 1), *END),
                when=lambda got, want, args: got["outputs"].startswith("none: ")),
        Mistake("The network ends with global pooling and a dense layer of 10 outputs.",
                layers(("conv", 8, 3, 1), BLOCK, ("pool",)), when=misses("outputs")),
        Mistake("It is not deep enough. A block and a down have two convolutions each on the long "
                "path; the shortcut does not count.",
                layers(("conv", 8, 3, 1), BLOCK, DOWN, BLOCK, DOWN, BLOCK, *END),
                when=misses("convolutions")),
        Mistake("The dense layer reads one number for each channel, and 32 are wanted there. Each "
                "down doubles the channels.",
                layers(("conv", 8, 3, 1), DOWN, *[BLOCK] * 6, *END), when=misses("channels")),
        Mistake("The image has become too small before the pooling. Each down and each stride of 2 "
                "halves it.", layers(("conv", 4, 3, 2), *[DOWN, BLOCK] * 4, *END),
                when=misses("places")),
        Mistake("A number before the pooling sees too little of the image. A kernel of k adds "
                "(k - 1) · step pixels, and kernels of 1 × 1 add none.",
                layers(*[("conv", 32, 1, 1)] * 13, DOWN, *END), when=misses("receptive field")),
        Mistake("It has too many parameters. Each down doubles the channels, and then a block has "
                "four times as many. Begin with fewer channels, or go down less often.",
                layers(("conv", 16, 3, 2), *[DOWN, BLOCK, BLOCK, BLOCK] * 2, *END),
                when=misses("parameters")),
        Mistake("It needs too many products. Blocks are expensive where the image is large: go "
                "down earlier, or give the first conv a stride of 2.",
                layers(("conv", 8, 3, 1), *[BLOCK] * 6, DOWN, DOWN, *END),
                when=misses("products")),
    ],
    hints=[
        "Count one block first: with c channels on n × n pixels it has 2 · c · (9 · c + 2) "
        "parameters and 2 · 9 · c · c · n · n products.",
        "A down divides the pixels by four and doubles the channels. So a block after it needs as "
        "many products as before, and four times as many parameters.",
        "Begin with 8 channels and go down twice: then there are 32. Put most blocks between the "
        "two downs.",
    ],
)
