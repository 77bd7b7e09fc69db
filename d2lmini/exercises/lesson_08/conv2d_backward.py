"""The gradients of a convolution."""

from functools import partial

import numpy as np

from ..spec import Case, Exercise, Mistake, same
from ._conv import border, draw, numbers
from .im2col import conv2d

RNG = np.random.default_rng(18)


def conv2d_backward(G, X, W, stride=1, padding=0, *, add=True, add_W=True, flip=False,
                    bias=lambda G: G.sum(axis=(0, 2, 3)), every=None, keep_border=False,
                    result=lambda dX, dW, db: (dX, dW, db)):
    s, p, (kh, kw) = every or stride, padding, W.shape[2:]
    X = border(X, p)
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for m, f, i, j in np.ndindex(G.shape):
        window = np.s_[m, :, i * s:i * s + kh, j * s:j * s + kw]
        dW[f] = dW[f] * add_W + G[m, f, i, j] * X[window]
        kernel = W[f, :, ::-1, ::-1] if flip else W[f]
        dX[window] = dX[window] * add + G[m, f, i, j] * kernel
    p = 0 if keep_border else p
    return result(dX[:, :, p:X.shape[2] - p, p:X.shape[3] - p], dW, bias(G))


def cut_wrongly(G, X, W, stride=1, padding=0):
    dX, dW, db = conv2d_backward(G, X, W, stride, padding, keep_border=True)
    return dX[:, :, padding:-padding, padding:-padding], dW, db


def with_gradient(rng, padding, **shapes):
    """A convolution's input and kernels, and the gradient of its output."""
    made = draw(rng, **shapes)
    Y = conv2d(border(made["X"], padding), made["W"], made["b"], made["stride"])
    G = rng.integers(-9, 9, Y.shape) / 2
    return {"G": G, "X": made["X"], "W": made["W"], "stride": made["stride"], "padding": padding}


def random(rng):
    names = ("n", "c", "h", "w", "o", "kh", "kw", "stride", "padding")
    low, high = (1, 1, 4, 4, 1, 1, 1, 1, 0), (4, 4, 8, 8, 4, 4, 4, 4, 3)
    return with_gradient(rng, **{k: int(v) for k, v in zip(names, rng.integers(low, high))})


but = partial(partial, conv2d_backward)
EXERCISE = Exercise(
    conv2d_backward,
    program="conv2d_backward(G, X, W, stride=stride, padding=padding)",
    fixed=[
        Case("conv2d_backward(G, X, W)", {"G": np.array([[[[10.0]]]]), "X": numbers(1, 1, 2, 2),
                                          "W": np.array([[[[1.0, 0], [0, -1]]]])}),
        Case("conv2d_backward(G, X, W)", {"G": np.array([[[[1.0, 10.0]]]]),
                                          "X": numbers(1, 1, 1, 3), "W": numbers(1, 1, 1, 2)}),
        with_gradient(RNG, 0, n=1, c=1, h=5, w=5, o=1, kh=3, kw=3, stride=1),
        with_gradient(RNG, 0, n=2, c=3, h=6, w=7, o=4, kh=3, kw=2, stride=2),
        with_gradient(RNG, 1, n=3, c=2, h=4, w=5, o=2, kh=2, kw=3, stride=1),
    ],
    random=random,
    mistakes=[
        Mistake("The windows overlap, and a pixel collects from all of them: use += for dX, not =.",
                but(add=False)),
        Mistake("A slice such as p:-p is empty for p = 0. Write p:p + h and p:p + w.", cut_wrongly,
                when=lambda got, want, args: got[0].size == 0),
        Mistake("Your dX still has the border. Cut it off: dX[:, :, p:h + p, p:w + p].",
                but(keep_border=True), when=lambda got, want, args: args.get("padding") and same(
                    got[0], conv2d_backward(**args, keep_border=True)[0])),
        Mistake("You flipped the kernel. A window adds its kernel as it is.", but(flip=True)),
        Mistake("The bias is added to every output of its channel, so its gradient is the sum over "
                "all of them, not the mean.", but(bias=partial(np.mean, axis=(0, 2, 3)))),
        Mistake("The stride is missing: window (i, j) begins at row i * stride.", but(every=1)),
        Mistake("W is used in every window of every image, so dW is a sum over all: use += for dW.",
                but(add_W=False)),
        Mistake("dW is a sum over the images, not a mean: do not divide it by n.",
                lambda G, X, W, stride=1, padding=0: conv2d_backward(
                    G, X, W, stride, padding,
                    result=lambda dX, dW, db: (dX, dW / len(X), db)),
                when=lambda got, want, args: len(args["X"]) > 1 and same(
                    got[1] * len(args["X"]), want[1])),
        Mistake("dX is right, dW is not: to dW[f] each G adds G times the pixels of its window.",
                but(result=lambda dX, dW, db: (dX, -dW, db)), part=1,
                when=lambda got, want, args: True),
        Mistake("The gradient with respect to the biases has the shape (o,): sum G over the images "
                "and both axes of the positions, axis=(0, 2, 3).", but(bias=np.sum),
                when=lambda got, want, args: same(got[1], want[1])
                and np.shape(got[2]) != want[2].shape),
        Mistake("The three gradients are right, but in another order: dX, dW, db.",
                but(result=lambda dX, dW, db: (dW, dX, db)),
                when=lambda got, want, args: not same(got[0], want[0]) and all(
                    any(same(g, w) for g in got) for w in want)),
    ],
    hints=[
        "First without padding, as in section 8: go through np.ndindex(G.shape), window by window.",
        "Each window does two things with its G: dW[f] collects G times the pixels, and dX[window] "
        "collects G times the kernel.",
        "With padding p, begin with X = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p))), and make dX "
        "as large as that. At the end cut the border of dX off again.",
        "The gradient with respect to b is G.sum(axis=(0, 2, 3)): all positions and images of a "
        "channel.",
    ],
    bans=("functional.conv2d", "Tensor.backward", "gradcheck.numerical_gradient",
          "backend.plain.conv2d_input_grad", "backend.plain.conv2d_weight_grad"),
)
