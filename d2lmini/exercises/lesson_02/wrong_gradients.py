"""Find the wrong ones among gradients that were derived by hand."""

from functools import partial

import numpy as np

from ..spec import Code, Exercise, Mistake


def wrong_gradients(pairs, x, *, h=1e-5, entries=slice(None), call=np.greater,
                    wrong=lambda error, size: error.max() > 0.003 * size.max()):
    found = []
    for k, (f, gradient) in enumerate(pairs):
        claimed = gradient(x)
        measured = np.array([(f(x + s) - f(x - s)) / (2 * h) for s in h * np.eye(len(x))])
        error = abs(measured - claimed)[entries]
        if call(wrong(error, abs(measured)), False):
            found.append(k)
    return found


PAIRS = (  # f, its gradient
    ("(x ** 2).sum()", "2 * x"), ("(x ** 3).sum()", "3 * x ** 2"), ("np.exp(x).sum()", "np.exp(x)"),
    ("1e6 * (x ** 2).sum()", "2e6 * x"), ("1e-7 * np.sin(x).sum()", "1e-7 * np.cos(x)"),
    ("1e5 + (x ** 2).sum()", "2 * x"), ("np.sin(20 * x).sum()", "20 * np.cos(20 * x)"),
    ("1e-7 * (x ** 3).sum()", "3e-7 * x ** 2"))


def pairs(*rows):
    """A list of pairs as Python: (number of a pair, what its gradient is multiplied by)."""
    return Code("[" + ", ".join(f"(lambda x: {PAIRS[k][0]}, lambda x: {PAIRS[k][1]}{off})"
                                for k, off in rows) + "]")


def random(rng):
    n = int(rng.integers(2, 5))
    x = rng.uniform(0.5, 1.5, n) * rng.choice([-1, 1], n)
    factors = np.ones((len(PAIRS), n))
    factors[np.arange(len(PAIRS)), rng.integers(n, size=len(PAIRS))] = rng.choice(
        [0.5, -1.0, 2.0, 0.9], len(PAIRS))
    order = rng.permutation(len(PAIRS))[:5]
    good = rng.random(5) < 0.5
    x[:] = np.where(abs(np.cos(20 * x)) < 0.5, 1.0, x)
    return {"pairs": pairs(*((k, "" if right else f" * np.array({factors[k].tolist()})")
                             for k, right in zip(order, good))), "x": x}


X = np.array([1.0, 2.0])
EXERCISE = Exercise(
    wrong_gradients,
    fixed=[
        {"pairs": pairs((0, ""), (0, " / 2"), (1, "")), "x": X},
        {"pairs": pairs((0, " * np.array([1, -1])"), (1, ""), (2, " * np.array([2, 1])")), "x": X},
        {"pairs": pairs((3, ""), (2, "")), "x": X},
        {"pairs": pairs((4, " * 2"), (7, "")), "x": X},
        {"pairs": pairs((5, ""), (5, " * 1.01")), "x": X},
        {"pairs": pairs((6, ""), (6, " * 0.99")), "x": X},
        {"pairs": pairs((5, ""), (0, "")), "x": np.array([1.0, 1e-5])},
        {"pairs": Code("[]"), "x": X},
    ],
    random=random,
    mistakes=[
        Mistake("These are the right ones. Return the indices of the wrong ones.",
                partial(wrong_gradients, call=np.equal)),
        Mistake("Only one entry was checked. A gradient is wrong if any of its entries is.",
                partial(wrong_gradients, entries=slice(1))),
        Mistake("The errors were added with their signs, so that they can cancel, or one entry "
                "hides the others. Take the largest absolute error.",
                partial(wrong_gradients,
                        wrong=lambda error, size: error.min() > 0.003 * size.max())),
        Mistake("Gradients here are of every size, from 1e-7 to 1e6, so no fixed tolerance can "
                "tell. Compare the error with the size of the gradient itself.",
                partial(wrong_gradients, wrong=lambda error, size: error.max() > 1e-5),
                when=lambda got, want, args: ("1e-7" in args["pairs"].text and len(got) < len(want))
                or ("1e6" in args["pairs"].text and len(got) > len(want))),
        Mistake("A right gradient was called wrong where f is 100,000 and changes little: with an "
                "h this small, rounding is all that is left of the difference. Try a larger h.",
                partial(wrong_gradients, h=1e-10),
                when=lambda got, want, args: "1e5" in args["pairs"].text
                and len(got) > len(want)),
        Mistake("A right gradient was called wrong where f oscillates fast: with an h this large, "
                "the difference misses the slope. Try a smaller h.",
                partial(wrong_gradients, h=0.1),
                when=lambda got, want, args: "20" in args["pairs"].text
                and len(got) > len(want)),
        Mistake("A gradient that is off by 1 % was called right. Try a smaller tolerance.",
                partial(wrong_gradients, wrong=lambda error, size: error.max() > 0.02 * size.max()),
                when=lambda got, want, args: len(got) < len(want)),
    ],
    hints=[
        "Measure each gradient by central differences, entry by entry, as in exercise 1.",
        "Print the largest absolute error, divided by the largest entry of the gradient, for each "
        "pair of the example. Right ones and wrong ones are far apart.",
        "Then try h = 1e-1, 1e-3, 1e-5, 1e-7 and 1e-9 on f = lambda x: 1e5 + (x ** 2).sum() and on "
        "lambda x: np.sin(20 * x).sum(). One h works for both.",
        "With h = 1e-5, a tolerance of 0.003 times the largest entry works.",
    ],
    bans=("gradcheck.numerical_gradient",),
)
