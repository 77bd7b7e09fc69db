"""One framework, one model, one optimizer, in a process of its own.

    python -m d2lmini.tools.bench.worker pytorch cnn sgd

writes a line of JSON when it is ready, then for each line "n" on its input runs n training steps
(forward, loss, backward, update, loss read back) and answers with the seconds of each and the pages
that were faulted in. The data are random: speed does not depend on them.
"""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np

from ..memory import peak_mb

BATCH = {"softmax": 256, "mlp": 128, "cnn": 64, "resnet": 64, "gru": 64}
LETTERS, LENGTH = 29, 50  # of the texts that "gru" reads
RATE = {"sgd": 0.01, "adam": 1e-3}


def layers(model: str) -> list[tuple]:
    """The model as (kind, sizes): the same list builds it in every framework."""
    if model == "softmax":
        return [("flatten",), ("linear", 784, 10)]
    if model == "mlp":
        return [("flatten",), ("linear", 784, 512), ("relu",), ("linear", 512, 10)]
    return [("conv", 1, 32), ("relu",), ("pool",), ("conv", 32, 64), ("relu",), ("pool",),
            ("conv", 64, 64), ("relu",), ("flatten",), ("linear", 576, 64), ("relu",),
            ("linear", 64, 10)]


def with_d2lmini(model, optimizer, x, y):
    import d2lmini as d2l
    from d2lmini import functional as F
    from d2lmini import nn, optim

    net = sequential(nn, model)
    update = (optim.SGD if optimizer == "sgd" else optim.Adam)(net.parameters(), lr=RATE[optimizer])
    x = d2l.tensor(x)
    return _step(F, net, update, x, y), d2l.__version__


def with_pytorch(model, optimizer, x, y, channels_last=False):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
                          else os.cpu_count())
    net, x, y = sequential(torch.nn, model), torch.from_numpy(x), torch.from_numpy(y)
    if channels_last:
        net = net.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    update = (torch.optim.SGD if optimizer == "sgd" else torch.optim.Adam)(
        net.parameters(), lr=RATE[optimizer])
    return _step(F, net, update, x, y), torch.__version__


def _step(F, net, update, x, y):
    """A training step as a function; d2lmini and PyTorch spell it the same way."""
    def step():
        loss = F.cross_entropy(net(x), y)
        update.zero_grad()
        loss.backward()
        update.step()
        return loss.item()

    return step


def sequential(nn, model):
    """The model from the layers of `nn`, whose names are the same in d2lmini and in PyTorch."""
    if model in OWN:
        return OWN[model](nn)
    make = {"conv": lambda i, o: nn.Conv2d(i, o, 3), "linear": nn.Linear, "relu": nn.ReLU,
            "pool": lambda: nn.MaxPool2d(2), "flatten": nn.Flatten}
    return nn.Sequential(*(make[kind](*sizes) for kind, *sizes in layers(model)))


def resnet(nn):
    """The small residual network of lesson 09: batch normalization, stride, global pooling."""
    class Block(nn.Module):
        def __init__(self, c_in, c_out, stride=1):
            super().__init__()
            self.body = nn.Sequential(
                nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(),
                nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False), nn.BatchNorm2d(c_out))
            self.shortcut = nn.Identity() if c_in == c_out else nn.Sequential(
                nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))

        def forward(self, x):
            return (self.body(x) + self.shortcut(x)).relu()

    return nn.Sequential(nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                         Block(8, 8), Block(8, 16, 2), Block(16, 32, 2),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))


def letters(nn):
    """A network as in lesson 10 that predicts each next letter of a text."""
    class Letters(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.out = nn.Embedding(LETTERS, 32), nn.Linear(128, LETTERS)
            self.gru = nn.GRU(32, 128, batch_first=True)

        def forward(self, x):
            return self.out(self.gru(self.embedding(x))[0]).flatten(0, 1)

    return Letters()


OWN = {"resnet": resnet, "gru": letters}  # only in d2lmini and PyTorch


def with_keras(model, optimizer, x, y):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    make = {"conv": lambda i, o: keras.layers.Conv2D(o, 3), "flatten": keras.layers.Flatten,
            "linear": lambda i, o: keras.layers.Dense(o), "relu": keras.layers.ReLU,
            "pool": lambda: keras.layers.MaxPooling2D(2)}
    net = keras.Sequential([keras.Input((28, 28, 1))]
                           + [make[kind](*sizes) for kind, *sizes in layers(model)])
    update = keras.optimizers.SGD if optimizer == "sgd" else keras.optimizers.Adam
    net.compile(update(RATE[optimizer]),
                keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    return lambda: float(net.train_on_batch(x, y)), keras.__version__


def with_tinygrad(model, optimizer, x, y):
    from tinygrad import Tensor, TinyJit, nn

    make = {"conv": lambda i, o: nn.Conv2d(i, o, 3), "linear": nn.Linear,
            "relu": lambda: Tensor.relu, "pool": lambda: Tensor.max_pool2d,
            "flatten": lambda: lambda t: t.flatten(1)}
    net = [make[kind](*sizes) for kind, *sizes in layers(model)]
    update = (nn.optim.SGD if optimizer == "sgd" else nn.optim.Adam)(
        nn.state.get_parameters(net), lr=RATE[optimizer])
    x, y = Tensor(x).realize(), Tensor(y.astype(np.int32)).realize()

    @TinyJit
    @Tensor.train()
    def step():
        update.zero_grad()
        loss = x.sequential(net).sparse_categorical_crossentropy(y).backward()
        update.step()
        return loss.realize()

    return lambda: step().item(), "tinygrad"


FRAMEWORKS = {"d2lmini": with_d2lmini, "pytorch": with_pytorch, "keras": with_keras,
              "tinygrad": with_tinygrad,
              "channels_last": lambda *a: with_pytorch(*a, channels_last=True)}


def page_faults() -> int:
    """How many pages were faulted in so far; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def batch(model: str) -> tuple[np.ndarray, np.ndarray]:
    """What the model is trained on: random images or texts, and labels."""
    rng = np.random.default_rng(0)
    if model == "gru":
        return (rng.integers(0, LETTERS, (BATCH[model], LENGTH)),
                rng.integers(0, LETTERS, BATCH[model] * LENGTH))
    return (rng.random((BATCH[model], 1, 28, 28), np.float32),
            rng.integers(0, 10, BATCH[model]))


def main(framework: str, model: str, optimizer: str) -> None:
    x, y = batch(model)
    start = time.perf_counter()
    step, version = FRAMEWORKS[framework](model, optimizer, x, y)
    ready = time.perf_counter() - start
    for _ in range(5):
        step()
    print(json.dumps({"version": version, "ready": ready}), flush=True)
    for line in sys.stdin:
        seconds, before = [], page_faults()
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - start)
        faults = (page_faults() - before) / len(seconds)
        peak = peak_mb(os.getpid())
        print(json.dumps({"seconds": seconds, "faults": faults, "peak_mb": peak}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
