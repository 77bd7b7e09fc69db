"""Backpropagation through time, with a first state."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake


def through_time(xs, h0, E, Wx, Wh, b, *, back=lambda D, Wh: D @ Wh, slope=lambda h: 1 - h ** 2,
                 earlier=True, add=True, first=None, mean=False):
    states = [h0]
    for x in xs:
        states.append(np.tanh(x @ Wx.T + states[-1] @ Wh.T + b))
    dh, dWx, dWh, db = np.zeros(h0.shape), 0 * Wx, 0 * Wh, 0 * b
    for t in reversed(range(len(xs))):
        D = (E[t] + dh) * slope(states[t + 1])
        before = states[t if earlier else t + 1]
        if t == 0 and first is not None:
            before = first(h0)
        parts = D.T @ xs[t], D.T @ before, D.sum(axis=0)
        dWx, dWh, db = (old * add + new for old, new in zip((dWx, dWh, db), parts))
        dh = back(D, Wh)
    n = len(h0) if mean else 1
    return dWx / n, dWh / n, db / n, dh


def last_only(xs, h0, E, Wx, Wh, b):
    """The gradients if only the last step has an output."""
    E = np.concatenate([np.zeros_like(E[:-1]), E[-1:]])
    return through_time(xs, h0, E, Wx, Wh, b)


def no_dh0(xs, h0, E, Wx, Wh, b):
    *most, dh = through_time(xs, h0, E, Wx, Wh, b)
    return *most, dh @ np.linalg.inv(Wh)


def draw(rng, L, n, d, m):
    parts = {"xs": (L, n, d), "h0": (n, m), "E": (L, n, m), "Wx": (m, d), "Wh": (m, m), "b": (m,)}
    return {name: rng.integers(-9, 10, shape) / 10 for name, shape in parts.items()} | {
        "Wh": rng.integers(-5, 6, (m, m)) / 10 + np.eye(m) / 3}


but = partial(partial, through_time)
ONE = {"xs": np.array([[[1.0]], [[0.5]]]), "h0": np.array([[0.5]]),
       "E": np.array([[[0.0]], [[1.0]]]),
       "Wx": np.array([[0.5]]), "Wh": np.array([[2.0]]), "b": np.array([-1.0])}
START = np.random.default_rng(10)
EXERCISE = Exercise(
    through_time,
    fixed=[ONE, draw(START, 1, 2, 3, 2), draw(START, 3, 2, 2, 3), draw(START, 4, 3, 1, 2)],
    random=lambda rng: draw(rng, *(int(v) for v in rng.integers([2, 2, 1, 2], [5, 5, 4, 5]))),
    mistakes=[
        Mistake("A state also reaches the loss through the next step: to E[t] add what comes back "
                "from step t + 1.", but(back=lambda D, Wh: 0 * D)),
        Mistake("Only the output of the last step counted. Every step adds its own E[t].",
                last_only),
        Mistake("Each step passes the weights a gradient, and they add up over the steps. Use +=.",
                but(add=False)),
        Mistake("On the way back, the rows of D are multiplied by Wh itself, not by its transpose.",
                but(back=lambda D, Wh: D @ Wh.T)),
        Mistake("The derivative of tanh is missing: multiply by 1 - h ** 2.",
                but(slope=lambda h: 1.0)),
        Mistake("The derivative of tanh is 1 - h ** 2, not 1 - h.", but(slope=lambda h: 1 - h)),
        Mistake("At step t, Wh met the state of the step before. Take h[t - 1], not h[t].",
                but(earlier=False)),
        Mistake("The state before the first step is h0, not zeros.", but(first=np.zeros_like)),
        Mistake("The gradients are sums over the sequences of the batch, not means.",
                but(mean=True)),
        Mistake("The gradient with respect to h0 is wrong; the others are right. It is what comes "
                "back from the first step: D of step 1, times Wh.", no_dh0, part=3,
                when=lambda got, want, args: True),
    ],
    hints=["Forward first, and keep all states: h0 and one for each step.",
           "Backward, begin with dh = 0 at the last step. In each step: D = (E[t] + dh) * (1 - "
           "h ** 2), with h the state after step t.",
           "Then dWx += D.T @ xs[t], dWh += D.T @ (the state before step t), db += D.sum(axis=0), "
           "and at last dh = D @ Wh.",
           "After the loop, dh is the gradient with respect to h0."],
    bans=("Tensor.backward", "gradcheck.numerical_gradient"),
)
