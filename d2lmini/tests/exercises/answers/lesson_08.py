"""Answers to the exercises of lesson 08, convolutional networks.

The wrong ones are mostly a right one with a small change: `but(right, old, new, …)`.
"""

from .lesson_06 import but

SHAPE = """
def conv_shape(shape, out_channels, kernel, stride=1, padding=0):
    sizes = []
    for size, k in zip(shape[1:], kernel):
        size = size + 2 * padding
        sizes.append((size - k) // stride + 1)
    return (out_channels, sizes[0], sizes[1])
"""
CORRELATION = """
def cross_correlation(X, K, stride=1, padding=0):
    h, w = X.shape
    kh, kw = K.shape
    framed = np.zeros((h + 2 * padding, w + 2 * padding))
    framed[padding:padding + h, padding:padding + w] = X
    oh = (framed.shape[0] - kh) // stride + 1
    ow = (framed.shape[1] - kw) // stride + 1
    Y = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = framed[i * stride:i * stride + kh, j * stride:j * stride + kw]
            Y[i, j] = np.sum(window * K)
    return Y
"""
PARAMETERS = """
def cnn_parameters(shape, layers):
    c, h, w = shape
    count = 0
    for layer in layers:
        if layer[0] == "conv":
            o, k = layer[1], layer[2]
            count += c * k * k * o + o
            c = o
            h = h - k + 1
            w = w - k + 1
        if layer[0] == "pool":
            h, w = h // layer[1], w // layer[1]
        if layer[0] == "dense":
            inputs = c * h * w
            count += inputs * layer[1] + layer[1]
            c, h, w = layer[1], 1, 1
    return count
"""
POOL = """
def max_pool(X, k, stride):
    n, channels, h, w = X.shape
    oh, ow = (h - k) // stride + 1, (w - k) // stride + 1
    Y = np.full((n, channels, oh, ow), -np.inf)
    for m, c, i, j in np.ndindex(Y.shape):
        window = X[m, c, i * stride:i * stride + k, j * stride:j * stride + k]
        Y[m, c, i, j] = np.max(window)
    return Y

def max_pool_backward(G, X, k, stride):
    dX = np.zeros(X.shape)
    for m, c, i, j in np.ndindex(G.shape):
        top, left = i * stride, j * stride
        window = X[m, c, top:top + k, left:left + k]
        y, x = np.unravel_index(window.argmax(), window.shape)
        dX[m, c, top + y, left + x] += G[m, c, i, j]
    return dX
"""
IM2COL = """
def im2col(X, kh, kw, stride=1):
    n, c, h, w = X.shape
    rows = []
    for image in X:
        for i in range(0, h - kh + 1, stride):
            for j in range(0, w - kw + 1, stride):
                rows.append(image[:, i:i + kh, j:j + kw].flatten())
    return np.array(rows)

def conv2d(X, W, b, stride=1):
    n, c, h, w = X.shape
    o, _, kh, kw = W.shape
    oh = (h - kh) // stride + 1
    ow = (w - kw) // stride + 1
    Y = im2col(X, kh, kw, stride) @ W.reshape(o, -1).T
    Y = Y + b
    Y = Y.reshape(n, oh, ow, o)
    return Y.transpose(0, 3, 1, 2)
"""
BACKWARD = """
def conv2d_backward(G, X, W, stride=1, padding=0):
    n, c, h, w = X.shape
    kh, kw = W.shape[2:]
    big = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    big[:, :, padding:padding + h, padding:padding + w] = X
    dbig, dW = np.zeros(big.shape), np.zeros(W.shape)
    db = G.sum(axis=(0, 2, 3))
    for m in range(n):
        for o in range(len(W)):
            for i in range(G.shape[2]):
                for j in range(G.shape[3]):
                    y, x, g = i * stride, j * stride, G[m, o, i, j]
                    dW[o] += g * big[m, :, y:y + kh, x:x + kw]
                    dbig[m, :, y:y + kh, x:x + kw] += g * W[o]
    return dbig[:, :, padding:padding + h, padding:padding + w], dW, db
"""

WRONG = {
    "conv_shape": [
        ("so the size grows by 2", but(SHAPE, "2 * padding", "padding")),
        ("One position is missing", but(SHAPE, "// stride + 1", "// stride")),
        ("You rounded up", but(SHAPE, "(size - k) // stride + 1", "-((k - size) // stride) + 1")),
        ("must be a whole number", but(SHAPE, "// stride", "/ stride")),
        ("The stride is missing", but(SHAPE, " // stride", "")),
        ("one channel for each kernel", but(SHAPE, "(out_channels, s", "(shape[0], s")),
        ("The channels come first", but(SHAPE, "(out_channels, sizes[0], sizes[1])",
                                        "(*sizes, out_channels)")),
        ("exchanged the two sizes", but(SHAPE, "shape[1:], kernel", "shape[1:], kernel[::-1]")),
        ("one size of the kernel for both axes", but(SHAPE, "shape[1:], kernel",
                                                     "shape[1:], kernel[:1] * 2")),
        ("of 2 numbers; expected 3", but(SHAPE, "(out_channels, s", "(s")),
        ("nn.Conv2d is not allowed", """
def conv_shape(shape, out_channels, kernel, stride=1, padding=0):
    import d2lmini as d2l
    from d2lmini import nn
    layer = nn.Conv2d(shape[0], out_channels, kernel, stride, padding)
    return layer(d2l.zeros(1, *shape)).shape[1:]
"""),
    ],
    "cross_correlation": [
        ("You turned the kernel", but(CORRELATION, "window * K", "window * K[::-1, ::-1]")),
        ("but the windows moved by 1", but(CORRELATION, "i * stride", "i", "j * stride", "j")),
        ("not their mean", but(CORRELATION, "np.sum", "np.mean")),
        ("a border of zeros around X", """
def cross_correlation(X, K, stride=1, padding=0):
    (h, w), (kh, kw), s = X.shape, K.shape, stride
    return np.array([[np.sum(X[i:i + kh, j:j + kw] * K) for j in range(0, w - kw + 1, s)]
                     for i in range(0, h - kh + 1, s)])
"""),
        ("The padding is missing", but(CORRELATION, "h, w =", "padding = 0\n    h, w =")),
        ("The stride is missing", but(CORRELATION, "h, w =", "stride = 1\n    h, w =")),
        ("of shape (1, 1); expected shape (2, 2)", but(CORRELATION, "// stride + 1", "// stride")),
        ("You used @, the matrix product", but(CORRELATION, "window * K", "window @ K")),
    ],
    "cnn_parameters": [
        ("The biases are missing", but(PARAMETERS, " * o + o", " * o", " * layer[1] + layer[1]",
                                       " * layer[1]")),
        ("is a whole number, an int", but(PARAMETERS, "return count", "return float(count)")),
        ("by k - 1 along each axis, not by k", but(PARAMETERS, "h - k + 1", "h - k",
                                                   "w - k + 1", "w - k")),
        ("has a slice for each input channel", but(PARAMETERS, "c * k * k", "k * k")),
        ("wherever it stands", but(PARAMETERS, "* o + o", "* o + o * (h - k + 1) * (w - k + 1)")),
        ("Pooling makes the images smaller", but(PARAMETERS, "h, w = h //", "_, _ = h //")),
        ("smaller: by k - 1 along each axis", but(PARAMETERS, "h = h - k + 1", "",
                                                  "w = w - k + 1", "")),
        ("gets all numbers in one row", but(PARAMETERS, "inputs = c * h * w", "inputs = c")),
        ("You counted one bias for a layer", but(PARAMETERS, " * o + o", " * o + 1",
                                                 "layer[1] + layer[1]", "layer[1] + 1")),
        ("one channel for each kernel", but(PARAMETERS, "c = o", "pass")),
        ("the next layer gets n numbers", but(PARAMETERS, "c, h, w = layer[1], 1, 1", "pass")),
        ("Pooling has no parameters", but(PARAMETERS, 'if layer[0] == "pool":',
                                          'if layer[0] == "pool":\n            count += c')),
        ("c is n, and h and w are 1", but(PARAMETERS, "c, h, w = layer[1], 1, 1", "c = layer[1]")),
    ],
    "max_pool": [
        ("These are the means", but(POOL, "np.max(", "np.mean(")),
        ("one maximum over all images", but(POOL, "np.max(window)", "np.max(\n            "
                                            "X[:, :, i * stride:i * stride + k, "
                                            "j * stride:j * stride + k])")),
        ("0 is not one of them", but(POOL, "-np.inf", "0.0", "np.max(window)",
                                     "max(0, np.max(window))")),
        ("each of them got all of G", but(
            POOL, "dX[m, c, top + y, left + x] += G[m, c, i, j]",
            "dX[m, c, top:top + k, left:left + k] += G[m, c, i, j] * (window == window.max())")),
        ("Yours moved by one pixel", but(
            POOL, "i * stride:i * stride + k, j * stride:j * stride + k", "i:i + k, j:j + k")),
        ("The output has (h - k) // stride + 1 rows", but(
            POOL, "(h - k) // stride + 1, (w - k) // stride + 1", "h // k, w // k")),
        ("G went to the last of them", but(
            POOL, "np.unravel_index(window.argmax(), window.shape)",
            "divmod(k * k - 1 - window.flatten()[::-1].argmax(), k)")),
        ("You shared G", but(
            POOL, "dX[m, c, top + y, left + x] += G[m, c, i, j]",
            "best = window == window.max()\n        "
            "dX[m, c, top:top + k, left:left + k] += G[m, c, i, j] * best / best.sum()")),
        ("use +=, not =", but(POOL, "left + x] +=", "left + x] =")),
        ("The winner gets G itself", but(POOL, "+= G[m, c, i, j]",
                                         "+= G[m, c, i, j] * window.max()")),
        ("raised ValueError", but(POOL, "top, left = i * stride, j * stride",
                                  "top, left = i * stride + k, j * stride + k")),
    ],
    "im2col": [
        ("in another order", but(IM2COL, "j:j + kw].flatten()",
                                 "j:j + kw].transpose(1, 2, 0).flatten()")),
        ("has a column for each window", but(IM2COL, "np.array(rows)", "np.array(rows).T")),
        ("A row of the matrix must be a window", """
def im2col(X, kh, kw, stride=1):
    (n, c, h, w), s = X.shape, stride
    C = np.array([[X[:, :, i:i + kh, j:j + kw] for j in range(0, w - kw + 1, s)]
                  for i in range(0, h - kh + 1, s)])
    return C.transpose(2, 3, 0, 1, 4, 5).reshape(-1, c * kh * kw)
def conv2d(X, W, b, stride=1):
    pass
"""),
        ("Put all windows of image 0 first", """
def im2col(X, kh, kw, stride=1):
    (n, c, h, w), s = X.shape, stride
    C = np.array([[X[:, :, i:i + kh, j:j + kw] for j in range(0, w - kw + 1, s)]
                  for i in range(0, h - kh + 1, s)])
    return C.reshape(-1, c * kh * kw)
def conv2d(X, W, b, stride=1):
    pass
"""),
        ("The biases are missing", but(IM2COL, "Y = Y + b", "pass")),
        ("the channels are in a wrong place", but(
            IM2COL, "Y = Y.reshape(n, oh, ow, o)", "", "Y.transpose(0, 3, 1, 2)",
            "Y.reshape(n, o, oh, ow)")),
        ("exchanged height and width", but(IM2COL, "reshape(n, oh, ow, o)",
                                           "reshape(n, ow, oh, o)")),
        ("You exchanged height", but(IM2COL, "(0, 3, 1, 2)", "(0, 3, 2, 1)")),
        ("The channels stand last", but(IM2COL, "Y.transpose(0, 3, 1, 2)", "Y")),
        ("The stride is missing", but(IM2COL, ", stride):", "):")),
        ("mixes the kernels up", but(IM2COL, "W.reshape(o, -1).T", "W.reshape(-1, o)")),
        ("raised ValueError", but(IM2COL, "W.reshape(o, -1).T", "W.reshape(o, -1)")),
        ("functional.conv2d is not allowed", but(IM2COL, "    n, c, h, w = X.shape\n    o", """
    import d2lmini.functional as F
    return F.conv2d(X, W, b, stride).numpy()
    n, c, h, w = X.shape\n    o""")),
    ],
    "conv2d_backward": [
        ("use += for dX", but(BACKWARD, "x:x + kw] += g * W", "x:x + kw] = g * W")),
        ("still has the border", but(BACKWARD, "return dbig[:, :, padding:padding + h, "
                                     "padding:padding + w]", "return dbig")),
        ("A slice such as p:-p is empty", but(
            BACKWARD, "padding:padding + h, padding:padding + w], d",
            "padding:-padding, padding:-padding], d")),
        ("You turned the kernel", but(BACKWARD, "g * W[o]", "g * W[o, :, ::-1, ::-1]")),
        ("not the mean", but(BACKWARD, "G.sum(axis", "G.mean(axis")),
        ("The stride is missing", but(BACKWARD, "i * stride, j * stride", "i, j")),
        ("use += for dW", but(BACKWARD, "dW[o] += g", "dW[o] = g")),
        ("do not divide it by n", but(BACKWARD, "dW, db\n", "dW / len(X), db\n")),
        ("dX is right, dW is not", but(BACKWARD, "dW, db\n", "-dW, db\n")),
        ("of shape (3,); expected shape (1,)", but(BACKWARD, "axis=(0, 2, 3)", "axis=(0, 1, 3)")),
        ("sum G over the images and both", but(BACKWARD, "axis=(0, 2, 3)", "")),
        ("has the shape (o,)", but(BACKWARD, "axis=(0, 2, 3)", "axis=0")),
        ("they stand in another order", """
def conv2d_backward(G, X, W, stride=1, padding=0):
    dX, dW, db = gradients(G, X, W, stride, padding)
    return dW, dX, db
""" + BACKWARD.replace("conv2d_backward", "gradients")),
    ],
}

RIGHT = {
    "conv_shape": [SHAPE, """
def conv_shape(shape, out_channels, kernel, stride=1, padding=0):
    def positions(size, k):
        return len(range(0, size + 2 * padding - k + 1, stride))
    return [out_channels, positions(shape[1], kernel[0]), positions(shape[2], kernel[1])]
"""],
    "cross_correlation": [CORRELATION, """
def cross_correlation(X, K, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(X, padding), K.shape)
    return np.einsum("ijkl,kl->ij", windows[::stride, ::stride], K)
"""],
    "cnn_parameters": [PARAMETERS, """
def cnn_parameters(shape, layers):
    if not layers:
        return 0
    (kind, *numbers), (c, h, w) = layers[0], shape
    if kind == "pool":
        return cnn_parameters((c, h // numbers[0], w // numbers[0]), layers[1:])
    out, k = (*numbers, 1)[:2]
    if kind == "dense":
        c, h, w = c * h * w, 1, 1
    here = out + out * c * k ** 2
    return here + cnn_parameters((out, h + 1 - k, w + 1 - k), layers[1:])
"""],
    "max_pool": [POOL, """
def max_pool(X, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (k, k), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(-1, -2))

def max_pool_backward(G, X, k, stride):
    dX, left = np.zeros(X.shape), G.copy()
    Y = max_pool(X, k, stride)
    for a in range(k):
        for b in range(k):
            rows = slice(a, a + stride * (G.shape[2] - 1) + 1, stride)
            columns = slice(b, b + stride * (G.shape[3] - 1) + 1, stride)
            hit = X[:, :, rows, columns] == Y
            dX[:, :, rows, columns] += np.where(hit, left, 0)
            left = np.where(hit, 0, left)
    return dX
"""],
    "im2col": [IM2COL, """
def im2col(X, kh, kw, stride=1):
    v = np.lib.stride_tricks.sliding_window_view(X, (kh, kw), (2, 3))[:, :, ::stride, ::stride]
    return v.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)

def conv2d(X, W, b, stride=1):
    height, width = (len(range(0, X.shape[a] - W.shape[a] + 1, stride)) for a in (2, 3))
    rows = im2col(X, W.shape[2], W.shape[3], stride).reshape(len(X), height * width, -1)
    Y = np.array([W.reshape(len(W), -1) @ image.T for image in rows])
    return Y.reshape(len(X), len(W), height, width) + b[:, None, None]
"""],
    "conv2d_backward": [BACKWARD, """
def conv2d_backward(G, X, W, stride=1, padding=0):
    (h, w), (oh, ow), p, s = X.shape[2:], G.shape[2:], padding, stride
    X = np.pad(X, [(0, 0), (0, 0), (p, p), (p, p)])
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for k, l in np.ndindex(W.shape[2:]):
        rows, columns = slice(k, k + s * oh, s), slice(l, l + s * ow, s)
        dX[:, :, rows, columns] += np.einsum("noij,oc->ncij", G, W[:, :, k, l])
        dW[:, :, k, l] = np.einsum("noij,ncij->oc", G, X[:, :, rows, columns])
    return dX[:, :, p:p + h, p:p + w], dW, np.einsum("noij->o", G)
"""],
}

SAME = {}
