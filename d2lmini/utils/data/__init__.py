"""`from d2lmini.utils.data import DataLoader`, as in PyTorch: the same as in d2lmini/data.py."""

from ...data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    Subset,
    TensorDataset,
    default_collate,
    random_split,
)
from ...further.data import (
    BatchSampler,
    IterableDataset,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from . import dataloader, dataset, sampler

__all__ = ["BatchSampler", "ConcatDataset", "DataLoader", "Dataset", "IterableDataset",
           "RandomSampler", "Sampler", "SequentialSampler", "Subset", "SubsetRandomSampler",
           "TensorDataset", "WeightedRandomSampler", "dataloader", "dataset",
           "default_collate", "get_worker_info", "random_split", "sampler"]


def get_worker_info() -> None:
    """None: the data are loaded in the process itself."""
