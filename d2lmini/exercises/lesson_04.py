"""What judges the exercises of lesson 04, optimization. Its functions: references_04.py."""

import numpy as np

from .references_04 import (
    IN_PLACE,
    NONE,
    AdamDecayAlone,
    AdamEpsInside,
    AdamNoDecay,
    AdamNoRoot,
    AdamStoredHats,
    AdamStoredM,
    AdamW,
    Momentum,
    MomentumWithoutGradient,
    before_each_step,
    half_wave,
    like_flat,
    like_schedule,
    like_train,
    rates_of,
    some_schedule,
    some_training,
    some_walk,
    stable_rates,
    train_in_batches,
    two,
    until_flat,
    walk,
    warm_cosine,
)
from .spec import Case, Code, Exercise, Mistake

LINE = {"X": np.array([[1.0], [2.0], [3.0]]), "y": np.array([2.0, 4.0, 7.0])}
BOWL = Code("lambda p: np.array([1.0, 4.0]) * p")

EXERCISES = [
    Exercise(
        name="until_flat",
        reference=until_flat,
        program="until_flat(gradient, p, rate, small, budget)",
        fixed=[
            {"gradient": Code("lambda p: 2 * (p - 3)"), "p": np.array([-1.0]), "rate": 0.25,
             "small": 0.01, "budget": 100},
            {"gradient": BOWL, "p": np.array([-4.0, 2.0]), "rate": 0.12, "small": 0.1,
             "budget": 500},
            {"gradient": BOWL, "p": np.array([0.03, 0.01]), "rate": 0.12, "small": 0.0499,
             "budget": 500},
            {"gradient": BOWL, "p": np.array([0.03, 0.01]), "rate": 0.12, "small": 0.06,
             "budget": 500},
            {"gradient": BOWL, "p": np.array([-4.0, 2.0]), "rate": 0.01, "small": 0.1, "budget": 5},
            {"gradient": BOWL, "p": np.array([3.0, 0.0]), "rate": 0.1, "small": 0.1, "budget": 0},
            {"gradient": Code("lambda p: p"), "p": np.array([0.5]), "rate": 0.5, "small": 0.5,
             "budget": 9},
            Case("until_flat(gradient, p, 0.5)", {"gradient": Code("lambda p: p"),
                                                  "p": np.array([1.0])}),
            Case("until_flat(gradient, p, 1e-5)", {"gradient": Code("lambda p: p"),
                                                   "p": np.array([1.0])}),
        ],
        random=lambda rng: {"gradient": BOWL, "p": rng.normal(size=2) * 5, "budget": 40,
                            "rate": float(rng.uniform(0.05, 0.4)), "small": 0.05},
        mistakes=[
            Mistake("Return two things: the point and the number of steps.",
                    when=lambda got, want, args: isinstance(got, np.ndarray)),
            Mistake("Take the length of the gradient, the root of the sum of its squares, and not "
                    "its largest part.", like=like_flat(size=lambda g: np.abs(g).max())),
            Mistake("A steep slope down is a negative number, and that is smaller than small, too. "
                    "Compare the length of the gradient.", like=like_flat(size=np.max)),
            Mistake("You add up the sizes of the parts. The length is the root of the sum of their "
                    "squares.", like=like_flat(size=lambda g: np.abs(g).sum())),
            Mistake("The walk must end after budget steps, flat or not.",
                    like=lambda gradient, p, rate, small=1e-6, budget=1000: until_flat(
                        gradient, p, rate, small, 10_000)),
            Mistake("You walk uphill. Step against the gradient: p - rate * gradient(p).",
                    like=like_flat(sign=-1)),
            Mistake("You take one step more after the gradient was small. Test first, then step.",
                    like=like_flat(late=True)),
            Mistake("The place is right, but the count is not. Count the steps that were taken.",
                    part=1, when=lambda got, want, args: np.allclose(got[0], want[0])),
            Mistake("This gradient is exactly as long as small, so it is not smaller. Stop at <, "
                    "not at <=.", like=like_flat(size=lambda g: np.linalg.norm(g) * (1 - 1e-9))),
            Mistake("Use the small that is given, not always 1e-6.",
                    like=lambda gradient, p, rate, small=1e-6, budget=1000: until_flat(
                        gradient, p, rate, 1e-6, budget)),
            Mistake("You compare the sum of squares with small. Take its root, the length.",
                    like=like_flat(size=lambda g: (g**2).sum())),
        ],
        hints=[
            "A for loop over range(budget) can never take too many steps.",
            "In each round: compute the gradient g; if it is small enough, return; else step.",
            "The length of g is np.linalg.norm(g). After the loop, the budget is used up.",
        ],
        bans=("optim.SGD",),
    ),
    Exercise(
        name="stable_rates",
        reference=stable_rates,
        program="stable_rates(X)",
        fixed=[
            {"X": np.array([[1.0], [2.0], [3.0]])},
            {"X": np.array([[1.0, 0.0], [0.0, 3.0]])},
            {"X": np.array([[1, 2], [3, 4], [5, 7], [0, 1]])},
            {"X": np.array([[3504.0, 1.0, 70], [2372, 0, 74], [4312, 1, 76], [2130, 0, 79]])},
        ],
        random=lambda rng: {"X": rng.normal(size=(rng.integers(3, 9), rng.integers(1, 4)))
                            * 10.0 ** rng.integers(-2, 3)},
        atol=1e-15,
        mistakes=[
            Mistake("The Hessian of the mean squared error is 2/n · XᵀX. The 2/n is missing.",
                    like=lambda X: rates_of(X.T @ X)),
            Mistake("The Hessian of the mean squared error is 2/n · XᵀX. The 2 is missing.",
                    like=lambda X: rates_of(X.T @ X / len(X))),
            Mistake("The Hessian of the mean squared error is 2/n · XᵀX. The 1/n is missing.",
                    like=lambda X: rates_of(2 * X.T @ X)),
            Mistake("The steepest direction sets the limit: divide 2 by the largest curvature.",
                    like=lambda X: (2 / np.linalg.eigvalsh(2 / len(X) * X.T @ X)[0],
                                    stable_rates(X)[1])),
            Mistake("The Hessian has the shape (d, d): XᵀX, that is X.T @ X, and not X @ X.T.",
                    like=lambda X: rates_of(2 / len(X) * X @ X.T)),
            Mistake("The two are exchanged: first the largest stable rate, then the best.",
                    like=lambda X: stable_rates(X)[::-1]),
            Mistake("This is 1 / a_max. The steps still shrink up to twice that rate: 2 / a_max.",
                    when=lambda got, want, args: np.isclose(2 * got[0], want[0])),
            Mistake("The largest stable rate is right. The best makes both ends equally slow: "
                    "2 / (a_min + a_max).", part=1,
                    when=lambda got, want, args: np.isclose(got[0], want[0])),
        ],
        hints=[
            "The curvatures are the eigenvalues of the Hessian, 2/n · XᵀX, of shape (d, d).",
            "np.linalg.eigvalsh(H) gives the eigenvalues of a symmetric matrix in rising order.",
            "With the smallest a_min and the largest a_max: return 2 / a_max, 2 / (a_min + a_max).",
        ],
    ),
    Exercise(
        name="Momentum",
        reference=Momentum,
        program="",
        fixed=[
            walk("Momentum", "0.2", [1.0, -2.0], [0.5, 0.25]),
            walk("Momentum", "0.2", [1.0, -2.0], [1.0, 1.0], [1.0, -1.0], [1.0, 1.0]),
            walk("Momentum", "0.1, mu=0.5", [0, 4], [3, -1], [2, 0]),
            walk("Momentum", "0.1, mu=0.5, nesterov=True", [0.0], [1.0], [1.0], [-2.0]),
            walk("Momentum", "0.1, mu=0.0", [[1.0, 2.0, 3.0]], [[1.0, 0.0, 2.0]], [[1.0, 1, 1]]),
            two("Momentum"),
        ],
        random=some_walk("Momentum", lambda rng: f"{rng.uniform(0.01, 0.3):.3f}, "
                         f"mu={rng.uniform(0.2, 0.95):.2f}, nesterov={rng.random() < 0.5}"),
        mistakes=[
            NONE,
            IN_PLACE,
            Mistake("You walk uphill: subtract the velocity times the rate.",
                    like=before_each_step(Momentum, lambda o, p, g: -g)),
            Mistake("Each step forgets the velocity of the one before. Keep it in self.v.",
                    like=before_each_step(Momentum, v=0.0)),
            Mistake("That is a mean of the gradients. Here v is their fading sum, mu v + g, "
                    "without a factor 1 - mu.",
                    like=before_each_step(Momentum, lambda o, p, g: (1 - o.mu) * g)),
            Mistake("The rate comes in twice. Use it once, where p steps.",
                    like=before_each_step(Momentum, lambda o, p, g: o.rate * g)),
            Mistake("That is plain momentum. With nesterov=True step along g + mu v, where v is "
                    "the new velocity.",
                    like=before_each_step(Momentum, nesterov=False)),
            Mistake("That is Nesterov's step. Take it only if nesterov is True.",
                    like=before_each_step(Momentum, nesterov=True)),
            Mistake("Nesterov's step goes along g + mu v; the gradient g is missing.",
                    like=MomentumWithoutGradient),
        ],
        hints=[
            "First the velocity: multiply the old one by mu, and add the gradient.",
            "Store it: self.v = self.mu * self.v + g. The next call finds it there.",
            "Then return p - self.rate * d, where d is self.v, or with nesterov g + self.mu * "
            "self.v.",
        ],
        bans=("optim.SGD",),
    ),
    Exercise(
        name="warm_cosine",
        reference=warm_cosine,
        program="warm_cosine(t, steps, warmup, top, low)",
        fixed=[
            *({"t": t, "steps": 100, "warmup": 10, "top": 0.5, "low": 0.0}
              for t in (4, 0, 9, 10, 55, 99, 100, 120)),
            {"t": 0, "steps": 12, "warmup": 4, "top": 1.0, "low": 0.2},
            {"t": 7, "steps": 12, "warmup": 2, "top": 1.0, "low": 0.1},
            {"t": 0, "steps": 8, "warmup": 0, "top": 0.2, "low": 0.05},
            {"t": 30, "steps": 20, "warmup": 4, "top": 0.2, "low": 0.05},
            Case("[warm_cosine(t, 6, 2, 1.0) for t in range(8)]", {}),
        ],
        random=some_schedule,
        mistakes=[
            Mistake("The first rate is not 0 but top / warmup: use t + 1 while it rises.",
                    like=like_schedule(early=0)),
            Mistake("The warm-up does not begin at low. It is top * (t + 1) / warmup.",
                    like=lambda t, steps, warmup, top, low=0.0: low + (top - low) * (
                        t + 1) / warmup if t < warmup else warm_cosine(t, steps, warmup, top, low)),
            Mistake("At t = warmup the wave begins, with the rate top. The warm-up is t < warmup.",
                    like=lambda t, steps, warmup, top, low=0.0: warm_cosine(
                        t, steps, warmup, top, low) + top / warmup * (t == warmup)),
            Mistake("The wave ends at t = steps, not one step before: divide by steps - warmup.",
                    like=like_schedule(share=lambda t, w, T: min(1, (t - w) / (T - w - 1)))),
            Mistake("The wave must start where the warm-up ends: its share of the way is "
                    "(t - warmup) / (steps - warmup).",
                    like=like_schedule(share=lambda t, w, T: min(1, t / T))),
            Mistake("The wave has only steps - warmup steps: divide by these.",
                    like=like_schedule(share=lambda t, w, T: min(1, (t - w) / T))),
            Mistake("From t = steps on the rate stays at low; yours goes on with the wave.",
                    like=like_schedule(share=lambda t, w, T: (t - w) / (T - w))),
            Mistake("The wave ends at low, not at 0.", like=like_schedule(no_low=True)),
            Mistake("You fall in a straight line. Fall along half a cosine.",
                    like=like_schedule(wave=lambda a, b, share: a + (b - a) * share)),
            Mistake("You go from low to top. The rate falls: 1 + cos is 2 at the start.",
                    like=like_schedule(wave=lambda a, b, share: half_wave(b, a, share))),
        ],
        hints=[
            "Two cases: t < warmup, and the rest. Begin with the first, a straight line.",
            "For the rest, which share of the way from step warmup to step steps has passed? "
            "It is at most 1.",
            "With that share: low + (top - low) * (1 + np.cos(np.pi * share)) / 2.",
        ],
        bans=("lr_scheduler.CosineAnnealingLR", "lr_scheduler.OneCycleLR",
              "lr_scheduler._cosine"),
    ),
    Exercise(
        name="AdamW",
        reference=AdamW,
        program="",
        fixed=[
            walk("AdamW", "0.1", [1.0, 1.0, 1.0], [0.001, -1.0, 1000.0]),
            walk("AdamW", "0.1", [1.0, -2.0], [0.5, 4.0], [0.5, -2.0], [-1.0, 0.0]),
            walk("AdamW", "0.1", [0.0], [1e-8]),
            walk("AdamW", "0.1", [0, 3], [0, 1], [0, 2]),
            walk("AdamW", "0.1, decay=0.5", [2.0], [0.0], [0.0]),
            walk("AdamW", "0.1, decay=0.5", [[2.0], [-1.0]], [[1.0], [3.0]], [[-2.0], [1.0]]),
            walk("AdamW", "0.2, b1=0.5, b2=0.75, eps=0.1", [1.0], [1.0], [2.0], [-0.5]),
            two("AdamW"),
        ],
        random=some_walk("AdamW", lambda rng: f"{rng.uniform(0.01, 0.3):.3f}, "
                         f"decay={rng.uniform(0, 0.3):.2f}"),
        mistakes=[
            NONE,
            IN_PLACE,
            Mistake("The hats are missing: divide m by 1 - b1**t and s by 1 - b2**t.",
                    like=before_each_step(AdamW, t=10**6)),
            Mistake("In the first step t is 1, not 0: add 1 before you use it.",
                    when=lambda got, want, args: not np.isfinite(got[0]).any()),
            Mistake("s became negative and has no root. It is the running mean of the squares, "
                    "g**2.", when=lambda got, want, args: np.isnan(got[0]).any()),
            Mistake("The hats went into self.m and self.s, and the next step starts from them. "
                    "Give them names of their own.", like=AdamStoredHats),
            Mistake("m with its hat went into self.m, and the next step starts from it. Give it a "
                    "name of its own.", like=AdamStoredM),
            Mistake("p shrinks by the factor 1 - rate * decay, not by 1 - decay.",
                    like=AdamDecayAlone),
            Mistake("The gradient in this walk is 0.00000001, no more than eps. So eps counts: add "
                    "it to the root.", when=lambda got, want, args: 0 < args["gs"][0][0] < 1e-7),
            Mistake("You walk uphill: subtract the step.",
                    like=before_each_step(AdamW, lambda o, p, g: -g)),
            Mistake("Each step forgets m, s and t. Keep them in self.",
                    like=before_each_step(AdamW, m=0.0, s=0.0, t=0)),
            Mistake("t must grow by 1 in each step.", like=before_each_step(AdamW, t=0)),
            Mistake("Divide by the root of s with its hat, not by itself.", like=AdamNoRoot),
            Mistake("Add eps after the root, not before.", like=AdamEpsInside),
            Mistake("Without a gradient the weights must still decay: multiply p by "
                    "1 - rate * decay.", like=AdamNoDecay),
            Mistake("The decay went into the gradient, where Adam divides it by its own size. "
                    "Multiply p by 1 - rate * decay instead.",
                    like=before_each_step(AdamNoDecay, lambda o, p, g: g + o.decay * p)),
        ],
        hints=[
            "Count first: self.t += 1. Then the two running means, self.m of g, self.s of g**2.",
            "The hats belong to this step only: put them into new names, and leave self.m and "
            "self.s as they are.",
            "m_hat = self.m / (1 - self.b1**self.t), and s_hat in the same way with b2.",
            "The step is rate * m_hat / (np.sqrt(s_hat) + eps), taken from "
            "(1 - rate * decay) * p.",
        ],
        bans=("optim.Adam",),
    ),
    Exercise(
        name="train_in_batches",
        reference=train_in_batches,
        program="train_in_batches(X, y, batches, rates, decay)",
        fixed=[
            LINE | {"batches": [np.array([0])], "rates": [0.5], "decay": 0.0},
            LINE | {"batches": [np.array([0, 2]), np.array([1])], "rates": [0.05, 0.01],
                    "decay": 0.0},
            LINE | {"batches": [], "rates": [], "decay": 0.0},
            Case("train_in_batches(X, y, batches, rates)",
                 LINE | {"batches": [np.array([1, 2]), np.array([0, 1])], "rates": [0.1, 0.1]}),
            {"X": np.array([[1, 2], [3, 4], [5, 7]]), "y": np.array([1, 0, 2]), "decay": 0.5,
             "batches": [np.array([2, 0]), np.array([1, 2, 0])], "rates": [0.01, 0.02]},
        ],
        random=some_training,
        mistakes=[
            Mistake("Give the losses back as a Python list, not as an array.",
                    when=lambda got, want, args: isinstance(got[1], np.ndarray)),
            Mistake("The mean is over the batch: divide its gradient by the size of the batch, not "
                    "by n.", like=like_train(factor=lambda X, i: 2 / len(X))),
            Mistake("The gradient of a square has a factor 2.",
                    like=like_train(factor=lambda X, i: 1 / len(i))),
            Mistake("You add up the gradients of a batch. Take their mean.",
                    like=like_train(factor=lambda X, i: 2)),
            Mistake("You step uphill.", like=like_train(factor=lambda X, i: -2 / len(i))),
            Mistake("The weight decay is missing: add decay * w to the gradient.",
                    like=like_train(keep=0)),
            Mistake("The gradient of decay / 2 times the squared length is decay * w, without a "
                    "2.", like=like_train(keep=2)),
            Mistake("The rate belongs to the decay, too: w - rate * (g + decay * w).",
                    like=like_train(decay_rate=lambda rate: 1)),
            Mistake("Each loss is that of the batch alone, not of all n examples.",
                    when=lambda got, want, args: np.allclose(got[0], want[0]) and np.isclose(
                        got[1][0], np.mean(args["y"] ** 2))),
            Mistake("These are the losses after each step. Note the loss before it.",
                    like=like_train(late=True)),
            Mistake("The losses to return are mean squared errors alone, without the decay term.",
                    like=like_train(penalty=1)),
        ],
        hints=[
            "Start with w = np.zeros(X.shape[1]) and an empty list; "
            "zip(batches, rates) gives a batch and its rate together.",
            "X[i] are the rows of the batch, if i is its array of row numbers.",
            "With error = X[i] @ w - y[i], note (error**2).mean(); the gradient is "
            "2 / len(i) * X[i].T @ error + decay * w.",
        ],
        bans=("optim.SGD", "nn.Linear", "Tensor.backward"),
    ),
]
