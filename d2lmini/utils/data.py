"""`from d2lmini.utils.data import DataLoader`, as in PyTorch: the same as in d2lmini/data.py."""

from ..creation import as_generator
from ..data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    Subset,
    TensorDataset,
    default_collate,
    random_split,
)

__all__ = ["ConcatDataset", "DataLoader", "Dataset", "IterableDataset", "Subset",
           "SubsetRandomSampler", "TensorDataset", "default_collate", "random_split"]


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
