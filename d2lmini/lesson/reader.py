"""A small network that reads digits, trained beforehand: what lesson 00 opens with.

`reader()` gives a function from a picture (28, 28), 0 to 1, to ten probabilities, as `digit_pad`
wants it; `trained()` gives the network itself. Its 11,274 numbers lie in data/digit_reader.npz;
`python -m d2lmini.lesson.reader` makes that file anew, from MNIST, in about two minutes, and prints
how well it reads. Next: pad.py.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .. import data, nn, no_grad, optim, tensor
from .. import functional as F

FILE = "digit_reader.npz"


def network() -> nn.Sequential:
    """Two convolutions of 5 x 5 with pooling, then one linear layer: (n, 1, 28, 28) -> (n, 10)."""
    return nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(784, 10))


def trained() -> nn.Sequential:
    """The network with its trained weights. Raises DataError if their file is gone."""
    path = data.data_dir() / FILE
    if not path.is_file():
        raise data.MissingDataError(f"{path} is missing. Restore it with `git checkout data`.")
    model = network()
    with np.load(path) as stored:
        model.load_state_dict({name: tensor(stored[name]) for name in stored.files})
    return model.eval()


def reader() -> Callable[[np.ndarray], np.ndarray]:
    """The trained network as a function: (28, 28), 0 to 1 -> ten probabilities.

    It takes several pictures (n, 28, 28) as well -> (n, 10).
    """
    model = trained()

    def read(pictures) -> np.ndarray:
        pictures = np.asarray(pictures, np.float32)
        with no_grad():
            answers = F.softmax(model(tensor(pictures.reshape(-1, 1, 28, 28))), dim=1).numpy()
        return answers[0] if pictures.ndim == 2 else answers
    return read


def main() -> None:
    from .. import manual_seed
    from .pad import mnist_form

    manual_seed(0)
    rng = np.random.default_rng(0)
    digits, test = data.mnist()
    images, labels = (np.asarray(part) for part in digits.tensors)
    model = network()
    epochs, batch = 6, 64
    optimizer = optim.Adam(model.parameters(), lr=0.003)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, 0.003, epochs * (len(labels) // batch))
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for start in range(0, len(order) - batch + 1, batch):
            rows = order[start:start + batch]
            x = np.roll(images[rows], rng.integers(-1, 2, 2), (2, 3)) / np.float32(255)
            loss = F.cross_entropy(model(tensor(x)), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    np.savez_compressed(data.data_dir() / FILE, **{
        name: p.detach().numpy() for name, p in model.named_parameters()})
    read = reader()
    images, labels = (np.asarray(part) for part in test.tensors)
    right = [read(mnist_form(image[0] / np.float32(255))).argmax() == label
             for image, label in zip(images, labels, strict=True)]
    print(f"{np.mean(right):.2%} of the test set")


if __name__ == "__main__":
    main()
