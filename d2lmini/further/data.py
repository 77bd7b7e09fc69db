"""What data.py offers beside the reading path: collation, samplers, made-up data, random shifts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..creation import as_generator, stack, tensor
from ..tensor import Tensor

__all__ = ["ConcatDataset", "Dataset", "default_collate", "random_shift", "synthetic_regression",
           "xor"]


class Dataset:
    """A data set of one's own: a subclass writes __len__ and __getitem__."""

    def __getitem__(self, index):
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__(self, index) yet.")

    def __add__(self, other):
        return ConcatDataset([self, other])


class ConcatDataset(Dataset):
    """Several data sets, one after the other."""

    def __init__(self, datasets):
        self.datasets = list(datasets)
        self.cumulative_sizes = np.cumsum([len(d) for d in self.datasets]).tolist()

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index):
        index = range(len(self))[index]
        for dataset in self.datasets:
            if index < len(dataset):
                return dataset[index]
            index -= len(dataset)


def default_collate(items: list | tuple):
    """Items put together: tensors and arrays stacked, numbers to a tensor, tuples by part.

    >>> default_collate([(tensor([1.0, 2.0]), 3), (tensor([4.0, 5.0]), 6)])
    [tensor([[1., 2.],
            [4., 5.]]), tensor([3, 6])]
    """
    first = items[0]
    if isinstance(first, Tensor):
        return stack(items)
    if isinstance(first, np.ndarray | np.generic):
        return tensor(np.stack(items), dtype=first.dtype)
    if isinstance(first, float):
        return tensor(items, dtype=np.float64)  # as PyTorch does
    if isinstance(first, int):
        return tensor(items)
    if isinstance(first, str | bytes):
        return items
    if isinstance(first, Mapping):
        return {key: default_collate([item[key] for item in items]) for key in first}
    if isinstance(first, tuple | list):
        parts = [default_collate(part) for part in zip(*items, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else parts
    raise TypeError(f"default_collate: items are tensors, arrays, numbers, texts, tuples or dicts, "
                    f"not a {type(first).__name__}. Give the DataLoader a collate_fn.")


def check_loader(dataset, batch_size, shuffle, sampler, batch_sampler, drop_last) -> None:
    """TypeError or ValueError where a DataLoader cannot work."""
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise TypeError(f"DataLoader: a data set has __len__ and __getitem__, which a "
                        f"{type(dataset).__name__} lacks. Write DataLoader(TensorDataset(X, "
                        f"y), ...), or DataLoader(list(data), ...).")
    if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
        raise ValueError(f"DataLoader: batch_size must be an integer of at least 1, not "
                         f"{batch_size!r}. For single items loop over the data set itself.")
    if len(dataset) == 0:
        raise ValueError("DataLoader: the data set is empty.")
    if shuffle and sampler is not None:
        raise ValueError("DataLoader: a sampler gives the order itself, without shuffle=True.")
    if batch_sampler is not None and (batch_size != 1 or shuffle or sampler or drop_last):
        raise ValueError("DataLoader: a batch_sampler makes the batches itself, without batch_size,"
                         " shuffle, sampler and drop_last.")


class Sampler:
    """The order of a DataLoader: a subclass writes __iter__, which gives indices, and __len__."""

    def __init__(self, data_source=None):
        self.data_source = data_source

    def __len__(self):
        return len(self.data_source)


class SequentialSampler(Sampler):
    """0 to n - 1."""

    def __iter__(self):
        return iter(range(len(self.data_source)))


class RandomSampler(Sampler):
    """All indices in a new random order each epoch, or num_samples of them."""

    def __init__(self, data_source, replacement: bool = False, num_samples: int | None = None,
                 generator=None):
        self.data_source, self.replacement, self.generator = data_source, replacement, generator
        self.num_samples = len(data_source) if num_samples is None else num_samples

    def __len__(self):
        return self.num_samples

    def __iter__(self):
        random, n = as_generator(self.generator), len(self.data_source)
        if self.replacement:
            return iter(random.integers(0, n, self.num_samples).tolist())
        turns = range(-(-self.num_samples // n))
        order = [i for _ in turns for i in random.permutation(n).tolist()]
        return iter(order[:self.num_samples])


class SubsetRandomSampler(Sampler):
    """These indices in a new random order each epoch."""

    def __init__(self, indices, generator=None):
        self.indices, self.generator = indices, generator

    def __len__(self):
        return len(self.indices)

    def __iter__(self):
        return (self.indices[i] for i in as_generator(self.generator).permutation(len(self)))


class WeightedRandomSampler(Sampler):
    """num_samples indices, each drawn as often as its weight says."""

    def __init__(self, weights, num_samples: int, replacement: bool = True, generator=None):
        self.weights = tensor(weights, dtype=np.float64)
        self.num_samples, self.replacement, self.generator = num_samples, replacement, generator

    def __len__(self):
        return self.num_samples

    def __iter__(self):
        return iter(self.weights.multinomial(self.num_samples, self.replacement,
                                             generator=self.generator).tolist())


def sampler_of(loader):
    """The sampler of a DataLoader; without one, what it does as a sampler."""
    if loader.order is not None:
        return loader.order
    return RandomSampler(loader.dataset, generator=loader.generator) if loader.shuffle else (
        SequentialSampler(loader.dataset))


class BatchSampler(Sampler):
    """The indices of another sampler in lists of `batch_size`."""

    def __init__(self, sampler, batch_size: int, drop_last: bool):
        self.sampler, self.batch_size, self.drop_last = sampler, batch_size, drop_last

    def __len__(self):
        full, rest = divmod(len(self.sampler), self.batch_size)
        return full if self.drop_last or not rest else full + 1

    def __iter__(self):
        order = list(self.sampler)
        for i in range(len(self)):
            yield order[i * self.batch_size:(i + 1) * self.batch_size]


class IterableDataset:
    """Not in d2lmini: NotImplementedError."""

    def __init_subclass__(cls):
        raise NotImplementedError("IterableDataset is not in d2lmini. Write a Dataset with __len__ "
                                  "and __getitem__, or loop over the data without a DataLoader.")


# --- data made up by the computer, and images moved ---

def synthetic_regression(w, b, n: int = 1000, noise: float = 0.01, generator=None):
    """Points near a plane: X (n, d) standard normal, y (n, 1) = X w + b + `noise` * normal."""
    generator, w = as_generator(generator), np.asarray(w, np.float32).reshape(-1, 1)
    X = generator.standard_normal((n, len(w)), dtype=np.float32)
    y = X @ w + b + noise * generator.standard_normal((n, 1))
    return Tensor(X), Tensor(y)


def xor() -> tuple[Tensor, Tensor]:
    """The four patterns that no single neuron separates: X (4, 2), y (4, 1), all 0 or 1."""
    return Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), Tensor([[0], [1], [1], [0]])


def random_shift(images, max_shift: int = 2, generator=None):
    """Move each image by a random number of pixels of its own, at most `max_shift` along each axis.

    Tensor or array (n, c, h, w) of bytes or floats -> the same; zeros move in. Serves as a
    DataLoader's `transform`. ValueError for another shape or a negative `max_shift`.
    """
    if isinstance(images, Tensor):
        return Tensor.from_array(random_shift(images.array, max_shift, generator))
    if images.ndim != 4 or max_shift < 0:
        raise ValueError("random_shift: give images (n, channels, height, width) and a max_shift "
                         f"of at least 0, not {images.shape} and {max_shift}.")
    (n, c, h, w), m = images.shape, max_shift
    padded = np.zeros((n, c, h + 2 * m, w + 2 * m), images.dtype)
    padded[:, :, m:m + h, m:m + w] = images
    windows = np.lib.stride_tricks.sliding_window_view(padded, (h, w), axis=(2, 3))
    down, right = as_generator(generator).integers(0, 2 * m + 1, size=(2, n))
    return windows[np.arange(n), :, down, right]  # windows: a view (n, c, 2m + 1, 2m + 1, h, w)
