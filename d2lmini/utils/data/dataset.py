"""`from d2lmini.utils.data.dataset import Dataset`, as in PyTorch."""

from ...data import ConcatDataset, Dataset, Subset, TensorDataset, random_split
from ...further.data import IterableDataset

__all__ = ["ConcatDataset", "Dataset", "IterableDataset", "Subset", "TensorDataset",
           "random_split"]
