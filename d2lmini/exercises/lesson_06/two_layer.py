"""A two-layer network, forward and backward by hand."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake, same


def two_layer(X, Y, W1, b1, W2, b2, *, out=lambda O: O, half=2, n=len, add=np.sum,
              slope=lambda Z, H: 1 - H**2, gradients=lambda d: d):
    Z = X @ W1.T + b1
    H = np.tanh(Z)
    O = out(H @ W2.T + b2)
    loss = ((O - Y)**2).sum() / half / len(Y)
    G_O = (O - Y) / n(Y)
    G_Z = G_O @ W2 * slope(Z, H)
    return loss, gradients([G_Z.T @ X, add(G_Z, axis=0), G_O.T @ H, add(G_O, axis=0)])


def draw(seed, n, d, m, K, scale=1.0, dtype=float):
    rng = np.random.default_rng(seed)
    shapes = {"X": (n, d), "Y": (n, K), "W1": (m, d), "b1": m, "W2": (K, m), "b2": K}
    return {name: (scale * rng.normal(size=shape)).round(1).astype(dtype)
            for name, shape in shapes.items()}


def five_results(*args):
    loss, gradients = two_layer(*args)
    return loss, *gradients


but = partial(partial, two_layer)
EXERCISE = Exercise(
    two_layer,
    fixed=[
        draw(1, 1, 1, 1, 1),
        draw(0, 2, 1, 1, 1),
        draw(1, 7, 6, 5, 3),
        draw(2, 4, 4, 4, 4),
        draw(3, 4, 2, 5, 3, scale=5.0),
        draw(4, 4, 2, 5, 3, dtype=np.float32),
    ],
    random=lambda rng: draw(rng, *rng.integers(1, 7, 4)),
    mistakes=[
        Mistake("Put the four gradients into one list: return loss, [dW1, db1, dW2, db2].",
                five_results, when=lambda got, want, args: len(got) == 5),
        Mistake("Only the hidden layer has tanh. The output O is H W₂ᵀ + b₂ itself.",
                but(out=np.tanh), part=0),
        Mistake("The ½ of the loss is missing. It is there so that the 2 of the square cancels.",
                but(half=1)),
        Mistake("Your loss divides by all n · K numbers. Divide by n, the number of examples.",
                lambda X, Y, *rest: two_layer(X, Y, *rest, half=2 * Y.shape[1]),
                when=lambda got, want, args: args["Y"].shape[1] > 1 and np.isclose(
                    got[0] * args["Y"].shape[1], want[0])),
        Mistake("The loss is right, but the gradients lack the 1/n: G_O = (O − Y) / n.",
                but(n=lambda Y: 1)),
        Mistake("Your gradients are twice as large: the ½ and the 2 of the square cancel, so "
                "G_O = (O − Y) / n.", but(n=lambda Y: len(Y) / 2)),
        Mistake("The gradient with respect to H went through the activation unchanged. Multiply it "
                "by the derivative of tanh, 1 − H².", but(slope=lambda Z, H: 1)),
        Mistake("[Z > 0] is the derivative of ReLU. The activation here is tanh, and its "
                "derivative 1 − H².", but(slope=lambda Z, H: Z > 0)),
        Mistake("H is tanh(Z) already: the derivative is 1 − H², without another tanh.",
                but(slope=lambda Z, H: 1 - np.tanh(H)**2)),
        Mistake("You used Z in the derivative of tanh. It is 1 − tanh(Z)², so 1 − H².",
                but(slope=lambda Z, H: 1 - Z**2)),
        Mistake("The gradient with respect to a bias is the sum over the examples. The 1/n is in "
                "G_O already.", but(add=np.mean)),
        Mistake("A gradient has the shape of what it belongs to. Transpose the product: G.T @ "
                "input, not input.T @ G.", but(gradients=lambda d: [g.T for g in d]),
                when=lambda got, want, args: any(
                    g.shape != w.shape == g.shape[::-1] for g, w in zip(got[1], want[1]))),
        Mistake("All signs are reversed: the gradient of the loss with respect to O is (O − Y)/n, "
                "not (Y − O)/n.", but(gradients=lambda d: [-g for g in d])),
        Mistake("The four gradients are right, but in another order: W1, b1, W2, b2.",
                but(gradients=lambda d: d[2:] + d[:2]),
                when=lambda got, want, args: np.ndim(got[0]) == 0 and all(
                    any(same(g, w) for g in got[1]) for w in want[1]) and not all(
                    same(g, w) for g, w in zip(got[1], want[1]))),
    ],
    hints=[
        "Forward: Z = X @ W1.T + b1, H = np.tanh(Z), O = H @ W2.T + b2. Write the loss and run the "
        "check: it tells you whether the loss is right.",
        "The derivative of ½(O − Y)² is O − Y, so G_O = (O − Y) / n, with the shape (n, K).",
        "Through the last layer as in section 5: W2 gets G_O.T @ H, b2 gets G_O.sum(axis=0), and "
        "H gets G_O @ W2.",
        "The derivative of tanh is 1 − H². So G_Z = (G_O @ W2) * (1 - H**2).",
        "W1 gets G_Z.T @ X, and b1 gets G_Z.sum(axis=0).",
    ],
    bans=("Tensor.backward", "gradcheck.numerical_gradient"),
)
