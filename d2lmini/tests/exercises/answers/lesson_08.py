"""Right answers to the exercises of lesson 08, written unlike the solution."""

RIGHT = {
    "conv_shape": ["""
def conv_shape(shape, out_channels, kernel, stride=1, padding=0):
    sizes = []
    for size, k in zip(shape[1:], kernel):
        size = size + 2 * padding
        sizes.append((size - k) // stride + 1)
    return (out_channels, sizes[0], sizes[1])
""", """
def conv_shape(shape, out_channels, kernel, stride=1, padding=0):
    def positions(size, k):
        return len(range(0, size + 2 * padding - k + 1, stride))
    return [out_channels, positions(shape[1], kernel[0]), positions(shape[2], kernel[1])]
"""],
    "cross_correlation": ["""
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
""", """
def cross_correlation(X, K, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(X, padding), K.shape)
    return np.einsum("ijkl,kl->ij", windows[::stride, ::stride], K)
"""],
    "small_cnn": ["""
def small_cnn():
    return [('conv', 6, 5), ('pool', 2), ('conv', 16, 5), ('pool', 2), ('dense', 10)]
""", """
def small_cnn():
    layers = []
    for kernels in (8, 12, 16):
        layers += [['conv', kernels, 3], ['pool', 2]]
    return [*layers, ['dense', 30], ['dense', 10]]
"""],
    "max_pool": ["""
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
""", """
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
    "im2col": ["""
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
""", """
def im2col(X, kh, kw, stride=1):
    v = np.lib.stride_tricks.sliding_window_view(X, (kh, kw), (2, 3))[:, :, ::stride, ::stride]
    return v.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)

def conv2d(X, W, b, stride=1):
    height, width = (len(range(0, X.shape[a] - W.shape[a] + 1, stride)) for a in (2, 3))
    rows = im2col(X, W.shape[2], W.shape[3], stride).reshape(len(X), height * width, -1)
    Y = np.array([W.reshape(len(W), -1) @ image.T for image in rows])
    return Y.reshape(len(X), len(W), height, width) + b[:, None, None]
"""],
    "conv2d_backward": ["""
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
""", """
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

SAME = {"small_cnn": dict.fromkeys([
    "line 9, column 17: 8 to 9", "line 9, column 20: 3 to 4", "line 10, column 17: 2 to 3",
    "line 11, column 17: 16 to 17", "line 11, column 21: 3 to 4", "line 12, column 17: 2 to 3",
    "line 13, column 17: 16 to 17"], "another design within the limits")}
