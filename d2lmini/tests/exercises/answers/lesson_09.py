"""Right answers to the exercises of lesson 09, written unlike the solution."""

RIGHT = {
    "batch_norm": ["""
def batch_norm(X, gamma, beta, eps=1e-5):
    Y = np.zeros(X.shape)
    for c in range(X.shape[1]):
        numbers = X[:, c]
        mean = numbers.mean()
        variance = ((numbers - mean) ** 2).mean()
        Y[:, c] = gamma[c] * (numbers - mean) / (variance + eps) ** 0.5 + beta[c]
    return Y
""", """
def batch_norm(X, gamma, beta, eps=1e-5):
    rows = X.transpose(0, 2, 3, 1)                # channels last
    flat = rows.reshape(-1, X.shape[1])
    mean, square = flat.mean(axis=0), (flat ** 2).mean(axis=0)
    scale = gamma / np.sqrt(np.maximum(square - mean ** 2, 0) + eps)
    return ((rows - mean) * scale + beta).transpose(0, 3, 1, 2)
"""],
    "running_averages": ["""
def running_averages(batches, momentum=0.1):
    mean, var = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for X in batches:
        now = X.mean(axis=0)
        spread = ((X - now) ** 2).sum(axis=0) / (len(X) - 1)
        mean = mean + momentum * (now - mean)
        var = var + momentum * (spread - var)
    return [mean, var]
""", """
def running_averages(batches, momentum=0.1):
    b = len(batches)
    weights = momentum * (1 - momentum) ** np.arange(b)[::-1]
    mean = weights @ batches.mean(axis=1)
    var = weights @ batches.var(axis=1, ddof=1) + (1 - momentum) ** b
    return mean, var
"""],
    "residual_block": ["""
def residual_block(X, W1, W2, eps=1e-5):
    def norm(Z):
        mean = sum(Z) / len(Z)
        var = sum((Z - mean) ** 2) / len(Z)
        return (Z - mean) / np.sqrt(var + eps)

    H = norm(X @ W1.T)
    H = H * (H > 0)
    out = X + norm(H @ W2.T)
    return np.where(out > 0, out, 0.0)
""", """
def residual_block(X, W1, W2, eps=1e-5):
    norm = lambda Z: (Z - np.mean(Z, axis=0)) * (np.var(Z, axis=0) + eps) ** -0.5
    return np.clip(norm(np.clip(norm(X @ W1.T), 0, None) @ W2.T) + X, 0, None)
"""],
    "receptive_field": ["""
def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field = field + kernel * step - step
        step = step * stride
    return [field, step]
""", """
def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in reversed(layers):       # backward: how many inputs for so many outputs?
        field = (field - 1) * stride + kernel
        step *= stride
    return field, step
"""],
    "small_resnet": ["""
def small_resnet():
    return [["conv", 16, 5, 4], *[["block"]] * 5, ["down"], ["block"], ["pool"], ["dense", 10]]
""", """
def small_resnet():
    layers = [("conv", 4, 3, 1)]
    for blocks in (1, 2, 1):
        layers += [("down",)] + [("block",)] * blocks
    return [*layers, ("pool",), ("dense", 10)]
"""],
    "batch_norm_backward": ["""
def batch_norm_backward(G, X, gamma, eps=1e-5):
    dX, dgamma, dbeta = np.zeros(X.shape), np.zeros(len(gamma)), np.zeros(len(gamma))
    for c in range(len(gamma)):
        x, g = X[:, c], G[:, c]
        s = (x.var() + eps) ** 0.5
        x_hat = (x - x.mean()) / s
        dgamma[c], dbeta[c] = (g * x_hat).sum(), g.sum()
        dX[:, c] = gamma[c] / s * (g - (dbeta[c] + x_hat * dgamma[c]) / x.size)
    return dX, dgamma, dbeta
""", """
def batch_norm_backward(G, X, gamma, eps=1e-5):
    c = len(gamma)
    x, g = (A.swapaxes(0, 1).reshape(c, -1) for A in (X, G))       # a row for each channel
    m = x.shape[1]
    away = x - x.mean(axis=1, keepdims=True)
    inverse = 1 / np.sqrt((away ** 2).mean(axis=1, keepdims=True) + eps)
    hat = away * inverse
    d_hat = gamma[:, None] * g
    d_var = -0.5 * (d_hat * away).sum(axis=1, keepdims=True) * inverse ** 3
    d_mean = -(d_hat * inverse).sum(axis=1, keepdims=True)
    d = d_hat * inverse + 2 / m * d_var * away + d_mean / m
    n, _, h, w = X.shape
    return [d.reshape(c, n, h, w).swapaxes(0, 1), (g * hat).sum(axis=1), g.sum(axis=1)]
"""],
}

SAME = {"small_resnet": {"line 9, column 23: 1 to 2": "another design within the limits"}}
