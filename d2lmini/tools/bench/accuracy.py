"""How long it takes to learn MNIST: `python -m d2lmini.tools.bench --accuracy`.

Each recipe trains on all 60,000 images and is tested once, for three seeds. Recipes are compared
with `--validate`, on 10,000 images held out of the training set. The CNN's were chosen among a few
candidates only, most with one seed each.
"""

from __future__ import annotations

import time

import numpy as np

from ... import nn, optim
from ...creation import manual_seed
from ...data import DataLoader, Dataset, mnist, random_shift, random_split
from ...nn import init
from ...train import evaluate, fit
from .worker import sequential

# All with one cycle of the learning rate. MLP and CNN see their images shifted by up to a pixel,
# and the CNN starts as He et al. (2015) proposed.
RECIPES = {
    "softmax": {"epochs": 10, "batch_size": 128, "lr": 0.5, "optimizer": optim.SGD, "shift": 0},
    "mlp": {"epochs": 10, "batch_size": 128, "lr": 4e-3, "optimizer": optim.Adam, "shift": 1},
    "cnn": {"epochs": 6, "batch_size": 64, "lr": 3e-3, "optimizer": optim.Adam, "shift": 1},
    "cnn, 2 epochs": {"epochs": 2, "batch_size": 64, "lr": 3e-3, "optimizer": optim.Adam,
                      "shift": 1},
}


def he_start(model: nn.Module) -> None:
    """Weights that keep the size of signals through ReLU (He et al., 2015), biases zero."""
    for p in model.parameters():
        init.kaiming_normal_(p) if p.ndim > 1 else init.zeros_(p)


def train(name: str, seed: int, data: Dataset, test: Dataset, **changes) -> dict:
    """Train the recipe `name` (with `changes`): its accuracy on `test`, and the seconds it took."""
    recipe = RECIPES[name] | changes
    manual_seed(seed)
    model = sequential(nn, name.split(",")[0])
    if name.startswith("cnn"):
        he_start(model)
    shift, optimizer = recipe["shift"], recipe["optimizer"](model.parameters(), lr=recipe["lr"])
    loader = DataLoader(
        data, recipe["batch_size"], shuffle=True, drop_last=True,
        transform=(lambda images: random_shift(images, shift)) if shift else None)
    schedule = optim.lr_scheduler.OneCycleLR(
        optimizer, recipe["lr"], recipe["epochs"] * len(loader), cycle_momentum=False)
    start = time.perf_counter()
    fit(model, loader, optimizer, epochs=recipe["epochs"], scheduler=schedule, verbose=False)
    seconds = time.perf_counter() - start
    loss, accuracy = evaluate(model, DataLoader(test, 500))
    return {"recipe": name, "seed": seed, "accuracy": accuracy, "loss": loss, "seconds": seconds}


def accuracy(names=tuple(RECIPES), seeds=(0, 1, 2), validate=False, **changes) -> list[dict]:
    """Each recipe with each seed; a line of text as each is done."""
    data, test = mnist()
    if validate:
        data, test = random_split(data, [50_000, 10_000], generator=0)
    results = []
    for name in names:
        for seed in seeds:
            result = train(name, seed, data, test, **changes)
            results.append(result)
            print(f"{name:16} seed {seed}: {'validation' if validate else 'test'} accuracy "
                  f"{result['accuracy']:.4f}, {result['seconds']:.1f} s", flush=True)
        mine = [r for r in results if r["recipe"] == name]
        print(f"{name:16} mean:   {np.mean([r['accuracy'] for r in mine]):.4f}, "
              f"{np.mean([r['seconds'] for r in mine]):.1f} s", flush=True)
    return results
