"""Right answers to the exercises of lesson 06, written unlike the solution."""

RIGHT = {
    "relu": ["""
def relu(z):
    return np.where(z > 0, z, 0)

def relu_backward(g, z):
    return np.where(z > 0, g, 0)
""", """
def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out

def relu_backward(g, z):
    slope = np.zeros_like(z)
    slope[relu(z) > 0] = 1
    return slope * g
"""],
    "mlp_parameters": ["""
def mlp_parameters(sizes, bias=True):
    total = 0
    for i in range(1, len(sizes)):
        weights = sizes[i - 1] * sizes[i]
        biases = sizes[i] if bias else 0
        total += weights + biases
    return total
""", """
def mlp_parameters(sizes, bias=True):
    return int(np.dot(sizes[1:], np.array(sizes[:-1]) + bias)) if len(sizes) > 1 else 0
"""],
    "gain": ["""
def gain(activation):
    if activation == 'abs':
        return 1
    return 1.34 if activation == 'leaky' else 1.3
""", """
def gain(activation):
    leaky = (2 / (1 + 0.3**2)) ** 0.5
    return np.float32({'leaky': leaky, 'elu': 1.22}.get(activation, 0.98))
"""],
    "dropout": ["""
def dropout(h, p, r, training=True):
    if training and p == 1:
        return 0 * h
    if training:
        out = h / (1 - p)
        out[r < p] = 0
        return out
    return h.copy()
""", """
def dropout(h, p, r, training=True):
    if not training or p == 0:
        return h
    scale = 1 / (1 - p) if p < 1 else 0.0
    return np.where(r < p, 0, h * scale)
"""],
    "early_stopping": ["""
def early_stopping(losses, patience):
    lowest, best, waited = float("inf"), 0, 0
    trained = 0
    for loss in losses:
        if loss < lowest:
            lowest, best, waited = loss, trained, 0
        else:
            waited += 1
        trained += 1
        if waited >= patience:
            break
    return best, trained
""", """
def early_stopping(losses, patience):
    for end in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:end]))
        if end - 1 - best == patience:
            break
    return best, end
"""],
    "two_layer": ["""
def two_layer(X, Y, W1, b1, W2, b2):
    n = len(X)
    Z = X @ W1.T + b1
    H = np.tanh(Z)
    O = H @ W2.T + b2
    loss = 0.5 * np.sum((O - Y) ** 2) / n
    G_O = (O - Y) / n
    dW2 = G_O.T @ H
    db2 = G_O.sum(axis=0)
    G_H = G_O @ W2
    G_Z = G_H * (1 - H * H)
    dW1 = G_Z.T @ X
    db1 = G_Z.sum(axis=0)
    return loss, [dW1, db1, dW2, db2]
""", """
def two_layer(X, Y, W1, b1, W2, b2):
    n, ones = X.shape[0], np.ones(X.shape[0])
    H = np.tanh(np.dot(X, W1.T) + b1)
    G = np.dot(H, W2.T) + b2 - Y
    back = np.einsum("ik,kj,ij->ij", G, W2, 1 / np.cosh(np.dot(X, W1.T) + b1) ** 2)
    dW1, dW2 = np.einsum("ij,id->jd", back, X), np.einsum("ik,ij->kj", G, H)
    return np.square(G).sum() / n / 2, [dW1 / n, ones @ back / n, dW2 / n, ones @ G / n]
"""],
}
