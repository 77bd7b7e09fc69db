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
from ...further.missing import missing

__all__ = ["BatchSampler", "ConcatDataset", "DataLoader", "Dataset", "IterableDataset",
           "RandomSampler", "Sampler", "SequentialSampler", "Subset", "SubsetRandomSampler",
           "TensorDataset", "WeightedRandomSampler", "default_collate", "get_worker_info",
           "random_split"]


def get_worker_info() -> None:
    """None: the data are loaded in the process itself."""


def __getattr__(name: str):
    if name in ("dataloader", "dataset", "sampler"):
        import importlib

        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(missing(f"utils.data has no {name!r}", name))
