"""Answers to the exercises of lesson 06, the multilayer perceptron.

The wrong ones are mostly a right one with a small change: `but(right, old, new, …)`.
"""


def but(source, *changes):
    """The source with old replaced by new, for each pair of changes."""
    for old, new in zip(changes[::2], changes[1::2]):
        assert old in source, old
        source = source.replace(old, new)
    return source


RELU = """
def relu(z):
    return np.where(z > 0, z, 0)

def relu_backward(g, z):
    return np.where(z > 0, g, 0)
"""
PARAMETERS = """
def mlp_parameters(sizes, bias=True):
    total = 0
    for i in range(1, len(sizes)):
        weights = sizes[i - 1] * sizes[i]
        biases = sizes[i] if bias else 0
        total += weights + biases
    return total
"""
HE = """
def he_init(sizes, rng):
    layers = []
    for i in range(len(sizes) - 1):
        n_in, n_out = sizes[i], sizes[i + 1]
        W = rng.normal(0, (2 / n_in) ** 0.5, size=(n_out, n_in))
        b = np.zeros(n_out)
        layers.append([W, b])
    return layers
"""
DROPOUT = """
def dropout(h, p, r, training=True):
    if training and p == 1:
        return 0 * h
    if training:
        out = h / (1 - p)
        out[r < p] = 0
        return out
    return h.copy()
"""
STOPPING = """
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
"""
TWO_LAYER = """
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
"""

WRONG = {
    "relu": [
        ("absolute value", but(RELU, "np.where(z > 0, z, 0)", "abs(z)")),
        ("raised ValueError: The truth value",
         but(RELU, "np.where(z > 0, z, 0)", "max(0, z)")),
        ("That is the derivative of relu", but(RELU, "np.where(z > 0, z, 0)", "1.0 * (z > 0)")),
        ("changed its input z", but(RELU, "return np.where(z > 0, z, 0)",
                                    "z[z < 0] = 0; return z")),
        ("alone. The chain rule", but(RELU, "np.where(z > 0, g, 0)", "np.where(z > 0, 1.0, 0.0)")),
        ("bool values", but(RELU, "np.where(z > 0, g, 0)", "z > 0")),
        ("use z > 0, not z >= 0", but(RELU, "np.where(z > 0, g, 0)", "np.where(z < 0, 0, g)")),
        ("looked at the sign of g", but(RELU, "np.where(z > 0, g, 0)", "relu(g)")),
        ("You exchanged the two", but(RELU, "np.where(z > 0, g, 0)", "np.where(g > 0, z, 0)")),
        ("multiplied g by relu(z)", but(RELU, "np.where(z > 0, g, 0)", "g * relu(z)")),
        ("functional.relu is not allowed", """
import d2lmini.functional as F
def relu(z):
    return F.relu(z).numpy()
def relu_backward(g, z):
    return g * (z > 0)
"""),
        ("gives one number", but(RELU, "np.where(z > 0, z, 0)", "z.max(initial=0)")),
    ],
    "mlp_parameters": [
        ("The biases are missing", but(PARAMETERS, "sizes[i] if bias else 0", "0")),
        ("is a whole number, an int", but(PARAMETERS, "return total", "return float(total)")),
        ("The last layer is missing", but(PARAMETERS, "len(sizes)", "len(sizes) - 1")),
        ("bias=False means", but(PARAMETERS, " if bias else 0", "")),
        ("a bias to each input", but(PARAMETERS, "total = 0", "total = sizes[0] * bias")),
        ("Each neuron of the layer has its own", but(PARAMETERS, "sizes[i] if", "1 if")),
        ("each number that goes into a layer", but(PARAMETERS, "sizes[i] if", "sizes[i - 1] if")),
        ("Not every size times every other", """
def mlp_parameters(sizes, bias=True):
    return int(np.prod(sizes))
"""),
        ("raised IndexError",
         but(PARAMETERS, "i - 1] * sizes[i]", "i] * sizes[i + 1]")),
        ("gives None", but(PARAMETERS, "return total", "print(total)")),
        ("nn.Linear is not allowed", """
def mlp_parameters(sizes, bias=True):
    from d2lmini.nn import Linear
    return sum(p.numel() for a, b in pairwise(sizes) for p in Linear(a, b, bias).parameters())
"""),
    ],
    "he_init": [
        ("The standard deviation is its root", but(HE, "(2 / n_in) ** 0.5", "2 / n_in")),
        ("You divided by n_out", but(HE, "(2 / n_in)", "(2 / n_out)")),
        ("This is Xavier's formula", but(HE, "(2 / n_in)", "(2 / (n_in + n_out))")),
        ("The 2 is missing", but(HE, "(2 / n_in)", "(1 / n_in)")),
        ("its shape is (n_out, n_in)", but(HE, "size=(n_out, n_in)", "size=(n_in, n_out)")),
        ("b has the shape (n_out,)", but(HE, "np.zeros(n_out)", "np.zeros(n_in)")),
        ("Start the biases at 0", but(HE, "np.zeros(n_out)", "rng.normal(size=n_out)")),
        ("Draw from rng itself", but(HE, "rng.normal", "np.random.default_rng(5).normal")),
        ("Draw from rng itself, each W", but(HE, "(2 / n_in)", "(4 / n_in)")),
        ("parts; expected 1", but(HE, "return layers", "return layers[0]")),
    ],
    "dropout": [
        ("With training=False dropout is switched off", but(DROPOUT, "training and ", "",
                                                            "if training:", "if True:")),
        ("With p = 1 everything is off", but(DROPOUT, "training and p == 1", "False",
                                             "out = h", "out = h * (r >= p)",
                                             "out[r < p] = 0", "pass")),
        ("off is where r < p", but(DROPOUT, "out[r < p]", "out[r >= p]")),
        ("Now make the others larger", but(DROPOUT, "h / (1 - p)", "h.copy()")),
        ("/1-p takes p away", but(DROPOUT, "h / (1 - p)", "h * (r >= p) / 1 - p",
                                  "out[r < p] = 0", "pass")),
        ("Divide by it", but(DROPOUT, "h / (1 - p)", "h * (1 - p)")),
        ("You divided by p", but(DROPOUT, "h / (1 - p)", "h / p")),
        ("r equal to p is kept", but(DROPOUT, "out[r < p]", "out[r <= p]")),
        ("changed its input h", but(DROPOUT, "out = h / (1 - p)", "h /= 1 - p; out = h")),
    ],
    "early_stopping": [
        ("You waited one epoch too long", but(STOPPING, "waited >= patience", "waited > patience")),
        ("are exchanged", but(STOPPING, "best, trained", "trained, best")),
        ("how many epochs were trained", but(STOPPING, "best, trained", "best, trained - 1")),
        ("An equal loss is no improvement", but(STOPPING, "loss < lowest", "loss <= lowest")),
        ("epochs without one *in a row*", but(STOPPING, "trained, 0", "trained, waited")),
        ("You counted epoch 0", but(STOPPING, 'lowest, best, waited = float("inf")',
                                    "lowest, best, waited = losses[0]")),
        ("do not look at what comes after the stop", """
def early_stopping(losses, patience):
    best = int(np.argmin(losses))
    return best, min(len(losses), best + 1 + patience)
"""),
        ("You looked at epochs after the stop.", but(STOPPING, "return best", """\
return int(np.argmin(losses[:trained + 1]))""")),
        ("not with the one before", but(
            STOPPING, "        else:\n            waited += 1",
            "        else:\n            waited += 1\n            lowest = loss")),
        ("You looked at epochs after the stop", """
def early_stopping(losses, patience):
    return int(np.argmin(losses)), len(losses)
"""),
        ("gives None", """
def early_stopping(losses, patience):
    best = 0
    for i in range(len(losses)):
        if losses[i] < losses[best]:
            best = i
        elif i - best >= patience:
            return best, i + 1
"""),
    ],
    "two_layer": [
        ("The ½ of the loss is missing", but(TWO_LAYER, "0.5 * ", "")),
        ("divides by all n · K numbers", but(TWO_LAYER, "0.5 * np.sum((O - Y) ** 2) / n",
                                             "0.5 * np.mean((O - Y) ** 2)")),
        ("the gradients lack the 1/n", but(TWO_LAYER, "G_O = (O - Y) / n", "G_O = O - Y")),
        ("Your gradients are twice as large", but(TWO_LAYER, "G_O = (O", "G_O = 2 * (O")),
        ("went through the activation unchanged", but(TWO_LAYER, "G_H * (1 - H * H)", "G_H")),
        ("is the derivative of ReLU", but(TWO_LAYER, "(1 - H * H)", "(Z > 0)")),
        ("without another tanh", but(TWO_LAYER, "(1 - H * H)", "(1 - np.tanh(H) ** 2)")),
        ("Only the hidden layer has tanh", but(TWO_LAYER, "O = H @ W2.T + b2",
                                               "O = np.tanh(H @ W2.T + b2)")),
        ("Put the four gradients into one list", but(TWO_LAYER, "[dW1, db1, dW2, db2]",
                                                     "dW1, db1, dW2, db2")),
        ("You used Z in the derivative", but(TWO_LAYER, "(1 - H * H)", "(1 - Z * Z)")),
        ("The 1/n is in G_O already", but(TWO_LAYER, "G_O.sum(axis=0)", "G_O.mean(axis=0)",
                                          "G_Z.sum(axis=0)", "G_Z.mean(axis=0)")),
        ("G.T @ input, not input.T @ G", but(TWO_LAYER, "G_O.T @ H", "H.T @ G_O",
                                             "G_Z.T @ X", "X.T @ G_Z")),
        ("they stand in another order", but(TWO_LAYER, "[dW1, db1, dW2, db2]",
                                            "[dW2, db2, dW1, db1]")),
        ("Tensor.backward is not allowed",
         "import d2lmini as d2l\n\n\ndef two_layer(X, Y, W1, b1, W2, b2):\n"
         "    d2l.tensor(X, requires_grad=True).sum().backward()"),
        ("raised ValueError: matmul",
         but(TWO_LAYER, "G_O @ W2", "G_O @ W2.T")),
    ],
}

RIGHT = {
    "relu": [RELU, """
def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out

def relu_backward(g, z):
    slope = np.zeros_like(z)
    slope[relu(z) > 0] = 1
    return slope * g
"""],
    "mlp_parameters": [PARAMETERS, """
def mlp_parameters(sizes, bias=True):
    return int(np.dot(sizes[1:], np.array(sizes[:-1]) + bias)) if len(sizes) > 1 else 0
"""],
    "he_init": [HE, """
def he_init(sizes, rng):
    weights = [np.sqrt(2 / n) * rng.standard_normal((m, n)) for n, m in pairwise(sizes)]
    return [(W, np.zeros(len(W))) for W in weights]
"""],
    "dropout": [DROPOUT, """
def dropout(h, p, r, training=True):
    if not training or p == 0:
        return h
    scale = 1 / (1 - p) if p < 1 else 0.0
    return np.where(r < p, 0, h * scale)
"""],
    "early_stopping": [STOPPING, """
def early_stopping(losses, patience):
    for end in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:end]))
        if end - 1 - best == patience:
            break
    return best, end
"""],
    "two_layer": [TWO_LAYER, """
def two_layer(X, Y, W1, b1, W2, b2):
    n, ones = X.shape[0], np.ones(X.shape[0])
    H = np.tanh(np.dot(X, W1.T) + b1)
    G = np.dot(H, W2.T) + b2 - Y
    back = np.einsum("ik,kj,ij->ij", G, W2, 1 / np.cosh(np.dot(X, W1.T) + b1) ** 2)
    dW1, dW2 = np.einsum("ij,id->jd", back, X), np.einsum("ik,ij->kj", G, H)
    return np.square(G).sum() / n / 2, [dW1 / n, ones @ back / n, dW2 / n, ones @ G / n]
"""],
}

SAME = {}
