"""How long it takes to learn MNIST: `python -m d2lmini.tools.bench --accuracy`.

Each recipe trains on all 60,000 images and is tested once, for three seeds. Recipes are compared
with `--validate`, on 10,000 images held out of the training set. The CNN's were chosen among a few
candidates only, most with one seed each.
"""

from __future__ import annotations

import time

import numpy as np

from ... import functional as F
from ... import init, nn, optim
from ...creation import default_generator, manual_seed
from ...data import DataLoader, Subset, TensorDataset, mnist, random_shift, random_split
from ...engine import no_grad
from ...tensor import Tensor
from ...train import evaluate, fit
from .worker import sequential

# All with one cycle of the learning rate. MLP and CNN see their images shifted by up to a pixel,
# and the CNN starts as He et al. proposed ("he"). "keep" learns only from that many images of each
# batch, those with the largest loss, and "sure" reads an image again where the largest probability
# is smaller, both as lesson 08 does. "easy" is the loss below which most images are left out.
RECIPES = {
    "softmax": {"epochs": 10, "batch_size": 128, "lr": 0.5, "optimizer": optim.SGD, "shift": 0},
    "mlp": {"epochs": 10, "batch_size": 128, "lr": 4e-3, "optimizer": optim.Adam, "shift": 1},
    "cnn": {"epochs": 6, "batch_size": 64, "lr": 3e-3, "optimizer": optim.Adam, "shift": 1,
            "he": True},
    "cnn, 2 epochs": {"epochs": 2, "batch_size": 64, "lr": 3e-3, "optimizer": optim.Adam,
                      "shift": 1, "he": True},
    "cnn, hardest": {"epochs": 6, "batch_size": 192, "keep": 64, "lr": 4e-3, "shift": 1,
                     "optimizer": optim.Adam, "he": True, "rise": 0.2},
    "cnn, a minute": {"epochs": 6, "batch_size": 192, "keep": 64, "lr": 4e-3, "shift": 1,
                      "optimizer": optim.Adam, "he": True, "rise": 0.2, "sure": 0.99,
                      "easy": 1e-3},
}


class Hardest:
    """Of each batch of `data`, made with the options of a DataLoader, the `keep` hardest images.

    Those with the largest loss. From the third epoch on, 7 of 10 images whose loss was below `easy`
    when they were last looked at are not even looked at. `progress` counts the epochs.
    """

    def __init__(self, model: nn.Module, data: TensorDataset, keep: int, easy: float = 0.0,
                 **options):
        self.model, self.keep, self.easy, self.options = model, keep, easy, options
        self.data = TensorDataset(*data.take(np.arange(len(data))), np.arange(len(data)))
        self.losses, self.progress = np.full(len(data), np.inf), 0.0

    def __len__(self):
        """How many batches there are in an epoch that leaves nothing out."""
        return len(DataLoader(self.data, **self.options))

    def __iter__(self):
        epoch, looked_at = round(self.progress), np.ones(len(self.data), bool)
        if self.easy and epoch >= 2:
            chance = default_generator().random(len(self.data))
            looked_at = (self.losses >= self.easy) | (chance >= 0.7)
        loader = DataLoader(Subset(self.data, np.flatnonzero(looked_at)), **self.options)
        for step, (x, y, index) in enumerate(loader, 1):
            with no_grad():
                losses = F.cross_entropy(self.model(x), y, reduction="none").numpy()
            self.losses[index.numpy()] = losses
            self.progress = epoch + step / len(loader)
            hardest = np.argpartition(-losses, self.keep)[:self.keep]
            yield x[hardest], y[hardest]


class Cycle(optim.lr_scheduler.OneCycleLR):
    """One cycle of the learning rate over epochs of `loader` of which some have fewer batches."""

    def __init__(self, optimizer, max_lr: float, loader: Hardest, epochs: int, pct_start: float):
        self.loader, self.batches = loader, len(loader)
        super().__init__(optimizer, max_lr, epochs * self.batches, pct_start)

    def rate(self, t):
        return super().rate(self.loader.progress * self.batches)


class SecondLook(nn.Module):
    """The model, which reads an image of which it is not sure at five places, as in lesson 08.

    For evaluation: images (n, c, h, w) -> log-probabilities (n, classes). Where the largest
    probability is below `sure`, it is the mean over the image and its shifts by one pixel.
    """

    def __init__(self, model: nn.Module, sure: float):
        super().__init__()
        self.model, self.sure = model, sure

    def forward(self, x):
        p = F.softmax(self.model(x), dim=1).numpy()
        doubt = np.flatnonzero(p.max(axis=1) < self.sure)
        if len(doubt):
            (h, w), padded = x.shape[2:], F.pad(x[doubt], (1, 1, 1, 1))
            places = (1, 1), (0, 1), (2, 1), (1, 0), (1, 2)
            p[doubt] = np.mean([F.softmax(self.model(padded[:, :, i:i + h, j:j + w]), dim=1).numpy()
                                for i, j in places], axis=0)
        return Tensor(np.log(np.maximum(p, 1e-30)))


def pooled_first(model: nn.Module) -> nn.Module:
    """The same function with less to do: ReLU after the pooling where it stood before it."""
    layers = list(model)
    for i in range(len(layers) - 1):
        if isinstance(layers[i], nn.ReLU) and isinstance(layers[i + 1], nn.MaxPool2d):
            layers[i:i + 2] = layers[i + 1], layers[i]
    return nn.Sequential(*layers)


def he_start(model: nn.Module) -> None:
    """Weights that keep the size of signals through ReLU (He et al., 2015), biases zero."""
    for p in model.parameters():
        init.kaiming_normal_(p) if p.ndim > 1 else init.zeros_(p)


def train(name: str, seed: int, data: TensorDataset, test: TensorDataset, **changes) -> dict:
    """Train the recipe `name` (with `changes`): its accuracy on `test`, and the seconds it took."""
    recipe = RECIPES[name] | changes
    manual_seed(seed)
    model = pooled_first(sequential(nn, name.split(",")[0]))
    if recipe.get("he"):
        he_start(model)
    shift, optimizer = recipe["shift"], recipe["optimizer"](model.parameters(), lr=recipe["lr"])
    options = {"batch_size": recipe["batch_size"], "shuffle": True, "drop_last": True,
               "transform": (lambda images: random_shift(images, shift)) if shift else None}
    rise = recipe.get("rise", 0.3)
    if "keep" in recipe:
        loader = Hardest(model, data, recipe["keep"], recipe.get("easy", 0.0), **options)
        schedule = Cycle(optimizer, recipe["lr"], loader, recipe["epochs"], rise)
    else:
        loader = DataLoader(data, **options)
        schedule = optim.lr_scheduler.OneCycleLR(
            optimizer, recipe["lr"], recipe["epochs"] * len(loader), rise)
    start = time.perf_counter()
    fit(model, loader, optimizer, epochs=recipe["epochs"], scheduler=schedule, verbose=False)
    seconds = time.perf_counter() - start
    reader = SecondLook(model, recipe["sure"]) if "sure" in recipe else model
    loss, accuracy = evaluate(reader, DataLoader(test, 500))
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
