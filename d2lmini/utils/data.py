"""`from d2lmini.utils.data import DataLoader`, as in PyTorch: the same as in d2lmini/data.py."""

from ..data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    Subset,
    TensorDataset,
    default_collate,
    random_split,
)
from ..further.data import IterableDataset, SubsetRandomSampler

__all__ = ["ConcatDataset", "DataLoader", "Dataset", "IterableDataset", "Subset",
           "SubsetRandomSampler", "TensorDataset", "default_collate", "random_split"]
