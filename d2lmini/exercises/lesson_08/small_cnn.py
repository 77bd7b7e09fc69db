"""Design a convolutional network with few parameters that sees enough of the image."""

from ..spec import Exercise, Mistake

LIMITS = {"outputs": "10", "channels": "16 or more", "receptive field": "16 × 16 or more",
          "parameters": "6,000 or fewer"}


def small_cnn():
    return [("conv", 8, 3), ("pool", 2), ("conv", 16, 3), ("pool", 2), ("conv", 16, 3),
            ("dense", 10)]


def facts(layers, args):
    """What the network has: the texts of LIMITS, and where one is missed, what there is."""
    c, n, field, jump, parameters, flat = 1, 28, 1, 1, 0, False
    for number, (kind, size, *rest) in enumerate(layers):
        if kind not in ("conv", "pool", "dense") or (flat and kind != "dense"):
            return LIMITS | {"outputs": f"none: layer {number} cannot be {kind!r} there"}
        k = rest[0] if kind == "conv" else size if kind == "pool" else 1
        if k > n:
            return LIMITS | {"outputs": f"none: layer {number} gets {n} × {n} pixels, too few"}
        if kind == "dense":
            parameters, flat = parameters + size * (c * n * n + 1), True
            c, n = size, 1
            continue
        field += (k - 1) * jump
        if kind == "pool":
            n, jump = n // k, jump * k
        else:
            parameters += size * (c * k * k + 1)
            c, n = size, n - k + 1
        channels = c
    found = {"outputs": c if flat and n == 1 else 0, "channels": channels,
             "receptive field": field, "parameters": parameters}
    fits = {"outputs": c == 10 and flat, "channels": channels >= 16,
            "receptive field": field >= 16, "parameters": parameters <= 6_000}
    return {name: LIMITS[name] if fits[name] else f"{found[name]:,}" for name in LIMITS}


def layers(*those):
    return lambda: list(those)


def misses(name):
    return lambda got, want, args: got[name] != want[name]


EXERCISE = Exercise(
    small_cnn,
    view=facts,
    fixed=[{}],
    mistakes=[
        Mistake("Each layer must fit what comes before it: convolutions and pooling first, then "
                "dense layers; and a window no larger than its image.",
                layers(("conv", 16, 5), ("pool", 2), ("conv", 16, 5), ("pool", 4), ("conv", 16, 3),
                       ("dense", 10)),
                when=lambda got, want, args: got["outputs"].startswith("none")),
        Mistake("The last layer is dense, with an output for each of the ten digits.",
                layers(("conv", 16, 5), ("pool", 2), ("dense", 64)), when=misses("outputs")),
        Mistake("The last convolution needs 16 kernels or more: one for each feature.",
                layers(("conv", 8, 5), ("pool", 2), ("conv", 8, 5), ("pool", 2), ("dense", 10)),
                when=misses("channels")),
        Mistake("Each number before the dense layer sees too little of the image. A window of k "
                "adds k - 1 pixels, times 2 after each pooling of 2: use another convolution, and "
                "pool before it.", layers(("conv", 16, 3), ("pool", 2), ("dense", 10)),
                when=misses("receptive field")),
        Mistake("Look at each layer's parameters: out · (c · k · k + 1), and for the dense layer "
                "10 · (c · h · w + 1). Pooling makes the image smaller, and so the dense layer.",
                layers(("conv", 32, 3), ("pool", 2), ("conv", 64, 3), ("pool", 2), ("conv", 64, 3),
                       ("dense", 10)), when=misses("parameters")),
    ],
    hints=[
        "Write down for each layer: its output (channels, height, width), its parameters, and its "
        "receptive field. A convolution without padding takes k - 1 off height and width.",
        "The receptive field begins at 1. A convolution or pooling of k adds (k - 1) · jump, where "
        "jump begins at 1 and doubles with each pooling of 2.",
        "Small kernels are cheap: two convolutions of 3 see as much as one of 5. Begin with few "
        "kernels, where the image is large, and pool twice.",
    ],
)
