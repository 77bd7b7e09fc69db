"""How time and memory grow with the batch, the width, the depth and the length of the graph.

Each size is timed several times, sizes in turn; a line fitted to the logarithms gives the exponent:
1 means that twice as much takes twice as long. Then single operators, timed beside each other.
"""

from __future__ import annotations

import gc
import time

import numpy as np

from ... import functional as F
from ... import nn
from ...creation import randn
from ...tensor import Tensor
from .worker import BATCH, with_d2lmini


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The slope of log(seconds) over log(size), by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def measure(runs: list, repeats: int = 5) -> list[float]:
    """The best seconds of each function in `runs`, which take turns."""
    best = [np.inf] * len(runs)
    for _ in range(repeats):
        for i, run in enumerate(runs):
            start = time.perf_counter()
            run()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def training_step(batch: int = 64, width: int = 256, depth: int = 2):
    """A step of an MLP: forward, loss and backward, as a function."""
    layers = [nn.Linear(784, width)]
    for _ in range(depth):
        layers += [nn.ReLU(), nn.Linear(width, width)]
    net, x, y = nn.Sequential(*layers), randn(batch, 784), np.zeros(batch, int)

    def run():
        net.zero_grad()
        F.cross_entropy(net(x), y).backward()

    return run


def chain(length: int):
    """A chain of `length` recorded additions of single numbers, walked back, as a function."""
    def run():
        x = Tensor(1.0, requires_grad=True)
        y = x
        for _ in range(length):
            y = y + x
        y.backward()

    return run


def growth(quick: bool = False) -> dict:
    """{what grows: {"sizes", "seconds", "exponent"}}; the width's exponent is 2 in the limit."""
    graphs = [10_000, 100_000] + ([] if quick else [1_000_000])
    plan = {"batch": (lambda n: training_step(batch=n), [64, 128, 256, 512, 1024]),
            "width": (lambda n: training_step(width=n), [128, 256, 512, 1024]),
            "depth": (lambda n: training_step(depth=n), [4, 8, 16, 32, 64]),
            "graph": (chain, graphs)}
    result = {}
    for name, (make, sizes) in plan.items():
        gc.collect()
        runs = [make(size) for size in sizes]
        seconds = measure(runs, repeats=2 if quick or name == "graph" else 5)
        result[name] = {"sizes": sizes, "seconds": seconds, "exponent": exponent(sizes, seconds)}
    return result


def operators() -> dict[str, dict[str, float]]:
    """Milliseconds of single operators, forward and backward, on the sizes of the course's CNN."""
    images, maps = randn(64, 1, 28, 28), randn(64, 32, 26, 26).requires_grad_()
    small = randn(64, 32, 13, 13).requires_grad_()
    w1, w2 = randn(32, 1, 3, 3).requires_grad_(), randn(64, 32, 3, 3).requires_grad_()
    x, w = randn(128, 784), randn(512, 784).requires_grad_()
    logits, number = randn(256, 10).requires_grad_(), randn(1).requires_grad_()
    plan = {"conv2d 1 to 32, 28x28": lambda: F.conv2d(images, w1),
            "conv2d 32 to 64, 13x13": lambda: F.conv2d(small, w2),
            "max_pool2d 32, 26x26": lambda: F.max_pool2d(maps, 2),
            "relu 32, 26x26": lambda: F.relu(maps),
            "linear 784 to 512": lambda: F.linear(x, w),
            "cross_entropy 256 by 10": lambda: F.cross_entropy(logits, np.zeros(256, int)),
            "add, one number": lambda: number + number}
    result = {}
    for name, forward in plan.items():
        there, back = [], []
        for _ in range(30):
            start = time.perf_counter()
            out = forward()
            middle = time.perf_counter()
            out.backward(np.ones(out.shape, np.float32))
            there.append(middle - start)
            back.append(time.perf_counter() - middle)
        result[name] = {"forward": 1e3 * float(np.median(there)),
                        "backward": 1e3 * float(np.median(back))}
    return result


def tape_share() -> dict[str, float]:
    """The share of a training step that recording and walking the graph takes, by model.

    A node costs what an addition of two single numbers costs beyond the addition itself.
    """
    seconds, plain = measure([chain(20_000)])[0] / 20_000, _plain_addition()
    nodes = {"softmax": 3, "mlp": 5, "cnn": 13}
    rng, shares = np.random.default_rng(0), {}
    for model, count in nodes.items():
        x = rng.random((BATCH[model], 1, 28, 28), np.float32)
        step, _ = with_d2lmini(model, "sgd", x, rng.integers(0, 10, BATCH[model]))
        step()
        shares[model] = count * (seconds - plain) / measure([step], 30)[0]
    return shares


def _plain_addition() -> float:
    """Seconds that NumPy takes to add two single numbers, forth and back."""
    a, start = np.ones(1, np.float32), time.perf_counter()
    for _ in range(20_000):
        a + a
        a + a
    return (time.perf_counter() - start) / 20_000
