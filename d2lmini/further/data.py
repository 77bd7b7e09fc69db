"""What data.py offers beside the reading path: data sets of one's own, collation, samplers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..creation import as_generator, stack, tensor
from ..tensor import Tensor


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


class SubsetRandomSampler:
    """These indices in a new random order each epoch."""

    def __init__(self, indices, generator=None):
        self.indices, self.generator = indices, generator

    def __len__(self):
        return len(self.indices)

    def __iter__(self):
        return (self.indices[i] for i in as_generator(self.generator).permutation(len(self)))


class IterableDataset:
    """Not in d2lmini: NotImplementedError."""

    def __init_subclass__(cls):
        raise NotImplementedError("IterableDataset is not in d2lmini. Write a Dataset with __len__ "
                                  "and __getitem__, or loop over the data without a DataLoader.")
