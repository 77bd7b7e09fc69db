"""What judges the harder exercises of lesson 08: max pooling, im2col, a convolution's gradients."""

import numpy as np

from .spec import Case, Exercise, Mistake


def same(a, b) -> bool:
    """Whether two arrays agree in shape and numbers."""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b))


def numbers(*shape):
    """The numbers 1, 2, 3, … in an array of this shape."""
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


def size(h, k, s=1, p=0):
    return (h + 2 * p - k) // s + 1


def border(X, p):
    """The images with p zeros around each."""
    return np.pad(X, [(0, 0)] * (X.ndim - 2) + [(p, p)] * 2)


# --- max_pool ---


def pooling(start=-np.inf, best=np.max, step=None):
    """max_pool; the options make typical mistakes."""
    def max_pool(X, k, stride):
        (n, c, h, w), s = X.shape, stride
        Y = np.zeros((n, c, size(h, k, s), size(w, k, s)))
        for i, j in np.ndindex(Y.shape[2:]):
            y, x = i * (step or s), j * (step or s)
            window = X[:, :, y:y + k, x:x + k]
            Y[:, :, i, j] = np.maximum(start, best(window, axis=(2, 3)))
        return Y
    return max_pool


def back(G, X, k, stride, add=True, all_of_them=False, share=False, last=False):
    """max_pool_backward; the options make typical mistakes."""
    dX, s = np.zeros(X.shape), stride
    for m, c, i, j in np.ndindex(G.shape):
        window = np.s_[m, c, i * s:i * s + k, j * s:j * s + k]
        part = np.zeros((k, k))
        part.flat[-1 - X[window][::-1, ::-1].argmax() if last else X[window].argmax()] = 1
        part = X[window] == X[window].max() if all_of_them else part
        part = G[m, c, i, j] * part / (part.sum() if share else 1)
        dX[window] = dX[window] + part if add else np.where(part, part, dX[window])
    return dX


def backward_like(says, **options):
    """The mistake that max_pool_backward works like back(..., **options)."""
    return Mistake(says, when=lambda got, want, args: same(got, back(**args, **options)))


def random_pool(rng):
    k, s = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    X = rng.integers(-9, 9, (*rng.integers(1, 4, 2), *rng.integers(3, 8, 2))).astype(float)
    G = rng.normal(size=pooling()(X, k, s).shape)
    return {"G": G, "X": X, "k": k, "stride": s}


ROW = np.array([[[[1.0, 5.0, 2.0, 4.0]] * 2]])
TWO = np.array([[[[-1.0, -7.0], [-3.0, -1.0]]]])
POOL = Exercise(
    name="max_pool",
    reference={"max_pool": pooling(), "max_pool_backward": back},
    program="max_pool_backward(G, X, k, stride)",
    fixed=[
        Case("max_pool(X, k, stride)", {"X": numbers(1, 1, 2, 4), "k": 2, "stride": 2}),
        Case("max_pool(X, k, stride)", {"X": TWO, "k": 2, "stride": 1}),
        Case("max_pool(X, k, stride)", {"X": -numbers(2, 3, 5, 7), "k": 3, "stride": 2}),
        {"G": np.array([[[[10.0, 20.0]]]]), "X": numbers(1, 1, 2, 4), "k": 2, "stride": 2},
        {"G": np.array([[[[10.0]]]]), "X": TWO, "k": 2, "stride": 1},
        {"G": np.array([[[[1.0, 2.0, 4.0]]]]), "X": ROW, "k": 2, "stride": 1},
        {"G": numbers(2, 3, 2, 3), "X": -numbers(2, 3, 5, 7), "k": 3, "stride": 2},
    ],
    random=random_pool,
    mistakes=[
        Mistake("These are the means of the windows. Max pooling keeps the largest number.",
                like=pooling(best=np.mean)),
        Mistake("You took one maximum over all images and channels. Each has its own: use "
                "axis=(2, 3).", like=pooling(best=lambda window, axis: window.max())),
        Mistake("All numbers in this window are negative, and 0 is not one of them. Take the "
                "maximum of the window itself.", like=pooling(start=0.0)),
        Mistake("Window (i, j) begins at row i * stride and column j * stride. Yours moved by one "
                "pixel.", like=pooling(step=1)),
        Mistake("The output has (h - k) // stride + 1 rows, and (w - k) // stride + 1 columns.",
                when=lambda got, want, args: "G" not in args and got.shape != want.shape),
        backward_like("Several numbers tie, and G went to the last of them. The first gets it, as "
                      "argmax finds it.", last=True),
        Mistake("Several numbers tie, and each of them got all of G. Only the first may, so that G "
                "is passed on exactly once.", when=lambda got, want, args: same(
                    got, back(**args, all_of_them=True)) and not same(
                    got, back(**args, all_of_them=True, share=True))),
        backward_like("You shared G among the numbers that tie. Here the first of them gets all.",
                      all_of_them=True, share=True),
        backward_like("Windows overlap here, and one number wins in several of them. It collects "
                      "the sum: use +=, not =.", add=False),
        Mistake("The winner gets G itself. Do not multiply it by the number that won.",
                when=lambda got, want, args: same(got, want * args["X"])),
    ],
    hints=[
        "The window of Y[:, :, i, j] is X[:, :, i*stride : i*stride + k, j*stride : j*stride + k]; "
        "its largest number along the axes 2 and 3 is the output.",
        "Backward, go through all places of G: for m, c, i, j in np.ndindex(G.shape).",
        "X[window].argmax() is the place of the first largest number, counted row by row. For a "
        "view, dX[window].flat[place] += … changes dX itself.",
    ],
    bans=("functional.max_pool2d", "nn.MaxPool2d", "kernels.plain_max_pool2d",
          "kernels.max_pool2d", "kernels.max_pool2d_grad"),
)

# --- im2col ---


def im2col(X, kh, kw, stride=1, order=(0, 2, 3, 1, 4, 5)):
    view = np.lib.stride_tricks.sliding_window_view(X, (kh, kw), (2, 3))[:, :, ::stride, ::stride]
    n, c, oh, ow = view.shape[:4]
    return view.transpose(order).reshape(n * oh * ow, c * kh * kw)


def conv2d(X, W, b, stride=1):
    Y = im2col(X, *W.shape[2:], stride) @ W.reshape(len(W), -1).T + b
    h, w = (size(n, k, stride) for n, k in zip(X.shape[2:], W.shape[2:]))
    return Y.reshape(len(X), h, w, len(W)).transpose(0, 3, 1, 2)


def without_transpose(X, W, b, stride=1):
    Y = conv2d(X, W, b, stride)
    return Y.transpose(0, 2, 3, 1).reshape(Y.shape)


def turned(got, want, args):
    """Whether height and width of a convolution's output are exchanged."""
    turn = want.swapaxes(2, 3)
    return same(got, turn) or same(got, want.reshape(turn.shape))


def draw(rng, n, c, h, w, o=0, kh=1, kw=1, **more):
    """Images, and kernels with biases for o channels (or the size of a window, for none)."""
    kernels = {"W": rng.integers(-9, 9, (o, c, kh, kw)) / 2, "b": rng.integers(-9, 9, o) / 2}
    return {"X": rng.integers(-9, 9, (n, c, h, w)) / 2,
            **(kernels if o else {"kh": kh, "kw": kw}), **more}


def draws(o):
    def random(rng):
        n, c, h, w, kh, kw, s = (int(i) for i in (
            *rng.integers(1, 4, 2), *rng.integers(4, 8, 2), *rng.integers(1, 4, 3)))
        return draw(rng, n, c, h, w, o and int(rng.integers(1, 5)), kh, kw, stride=s)
    return random


RNG = np.random.default_rng(8)
CONV = "conv2d(X, W, b, stride=stride)"
IM2COL = Exercise(
    name="im2col",
    reference={"im2col": im2col, "conv2d": conv2d},
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
    random=lambda rng: draws(0)(rng) if rng.random() < 0.5 else Case(CONV, draws(1)(rng)),
    tries=10,
    mistakes=[
        Mistake("The rows hold the right numbers in another order. In a row the channels come "
                "first: all of channel 0, then all of channel 1.",
                like=lambda X, kh, kw, stride=1: im2col(X, kh, kw, stride, (0, 2, 3, 4, 5, 1))),
        Mistake("A row of the matrix must be a window: the axis of the channels belongs behind the "
                "two axes of the positions. Transpose before you reshape.",
                like=lambda X, kh, kw, stride=1: im2col(X, kh, kw, stride, (0, 1, 2, 3, 4, 5))),
        Mistake("The rows are right, but in another order. Put all windows of image 0 first, then "
                "those of image 1: the axis of the images comes first.",
                like=lambda X, kh, kw, stride=1: im2col(X, kh, kw, stride).reshape(
                    len(X), -1, X.shape[1] * kh * kw).swapaxes(0, 1).reshape(
                    -1, X.shape[1] * kh * kw)),
        Mistake("Your matrix has a column for each window. Transpose it: a row for each.",
                when=lambda got, want, args: "kh" in args and same(got, want.T)),
        Mistake("The stride is missing: window (i, j) begins at row i * stride and column "
                "j * stride.",
                when=lambda got, want, args: "kh" in args and same(
                    got, im2col(args["X"], args["kh"], args["kw"]))),
        Mistake("W.reshape(-1, o) mixes the kernels up. First make each kernel a row, with "
                "W.reshape(o, -1), and then transpose.",
                when=lambda got, want, args: same(got, conv2d(**{**args, "W": args["W"].reshape(
                    -1, len(args["W"])).T.reshape(args["W"].shape)}))),
        Mistake("The biases are missing: add b, one for each output channel.",
                when=lambda got, want, args: same(got, conv2d(**{**args, "b": 0 * args["b"]}))),
        Mistake("The shape is right, but the channels are in a wrong place. The matrix product has "
                "them last: reshape to (n, oh, ow, o), then transpose(0, 3, 1, 2).",
                when=lambda got, want, args: same(got, without_transpose(**args))),
        Mistake("You exchanged height and width: reshape to (n, oh, ow, o), then "
                "transpose(0, 3, 1, 2).", when=turned),
        Mistake("The channels stand last. Bring them to axis 1, with transpose(0, 3, 1, 2).",
                when=lambda got, want, args: same(got, want.transpose(0, 2, 3, 1))),
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
    bans=("functional.conv2d", "nn.Conv2d", "kernels.unfold_rows", "kernels.plain_conv2d"),
)

# --- conv2d_backward ---


def conv_back(add=True, add_W=True, crop=True, flip=False, bias=np.sum, stride_by=None):
    """conv2d_backward; the options make typical mistakes."""
    def conv2d_backward(G, X, W, stride=1, padding=0):
        X, s, p, (kh, kw) = border(X, padding), stride_by or stride, padding, W.shape[2:]
        dX, dW = np.zeros(X.shape), np.zeros(W.shape)
        for m, f, i, j in np.ndindex(G.shape):
            window = np.s_[m, :, i * s:i * s + kh, j * s:j * s + kw]
            dW[f] = dW[f] * add_W + G[m, f, i, j] * X[window]
            kernel = W[f, :, ::-1, ::-1] if flip else W[f]
            dX[window] = dX[window] * add + G[m, f, i, j] * kernel
        inside = np.s_[:, :, p:X.shape[2] - p, p:X.shape[3] - p] if crop else np.s_[:]
        return dX[inside], dW, bias(G, axis=(0, 2, 3))
    return conv2d_backward


def with_gradient(rng, padding, **shapes):
    """A convolution's input and kernels, and a gradient from above."""
    made = draw(rng, **shapes)
    Y = conv2d(border(made["X"], padding), made["W"], made["b"], made["stride"])
    G = rng.integers(-9, 9, Y.shape) / 2
    return {"G": G, "X": made["X"], "W": made["W"], "stride": made["stride"], "padding": padding}


def random_gradient(rng):
    names = ("n", "c", "h", "w", "o", "kh", "kw", "stride", "padding")
    low, high = (1, 1, 4, 4, 1, 1, 1, 1, 0), (4, 4, 8, 8, 4, 4, 4, 4, 3)
    return with_gradient(rng, **{k: int(v) for k, v in zip(names, rng.integers(low, high))})


BACKWARD = Exercise(
    name="conv2d_backward",
    reference=conv_back(),
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
    random=random_gradient,
    mistakes=[
        Mistake("The windows overlap, and a pixel collects from all of them: use += for dX, not =.",
                like=conv_back(add=False)),
        Mistake("A slice such as p:-p is empty for p = 0. Write p:p + h and p:p + w.",
                when=lambda got, want, args: got[0].size == 0),
        Mistake("Your dX still has the border. Cut it off: dX[:, :, p:h + p, p:w + p].",
                when=lambda got, want, args: args.get("padding") and same(
                    got[0], conv_back(crop=False)(**args)[0])),
        Mistake("You turned the kernel. A window adds its kernel as it is.",
                like=conv_back(flip=True)),
        Mistake("The bias is added to every output of its channel, so its gradient is the sum over "
                "all of them, not the mean.", like=conv_back(bias=np.mean)),
        Mistake("The stride is missing: window (i, j) begins at row i * stride.",
                like=conv_back(stride_by=1)),
        Mistake("W is used in every window of every image, so dW is a sum over all: use += for dW.",
                like=conv_back(add_W=False)),
        Mistake("dW is a sum over the images, not a mean: do not divide it by n.",
                when=lambda got, want, args: len(args["X"]) > 1 and same(
                    got[1] * len(args["X"]), want[1])),
        Mistake("dX is right, dW is not: to dW[f] each G adds G times the pixels of its window.",
                part=1, when=lambda got, want, args: True),
        Mistake("The gradient by the biases has the shape (o,): sum G over the images and both "
                "axes of the positions, axis=(0, 2, 3).",
                when=lambda got, want, args: same(got[1], want[1])
                and np.shape(got[2]) != want[2].shape),
        Mistake("The three gradients are right, but they stand in another order: dX, dW, db.",
                when=lambda got, want, args: not same(got[0], want[0]) and all(
                    any(same(g, w) for g in got) for w in want)),
    ],
    hints=[
        "First without padding, as in section 8: go through np.ndindex(G.shape), window by window.",
        "Each window does two things with its G: dW[f] collects G times the pixels, and dX[window] "
        "collects G times the kernel.",
        "With padding p, begin with X = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p))), and make dX "
        "as large as that. At the end cut the border of dX off again.",
        "The gradient by b is G.sum(axis=(0, 2, 3)): all places and images of a channel.",
    ],
    bans=("functional.conv2d", "Tensor.backward", "gradcheck.numerical_gradient",
          "kernels.plain_conv2d_grads", "kernels.conv2d_input_grad",
          "kernels.conv2d_weight_grad"),
)
