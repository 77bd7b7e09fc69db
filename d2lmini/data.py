"""Data sets, and batches of them for a model to learn from, as in `torch.utils.data`.

A data set is anything with a length and items; a `DataLoader` puts items together into batches. Of
a `TensorDataset` it takes a whole batch with one index. The files of the course are read in
files.py. Read next: train.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .checks import as_array
from .creation import as_generator
from .files import *  # noqa: F403
from .files import read_mnist
from .further.data import *  # noqa: F403
from .further.data import Dataset, check_loader, default_collate, sampler_of
from .tensor import Tensor


def mnist(root=None) -> tuple[ImageDataset, ImageDataset]:
    """MNIST's training and test set: images (n, 1, 28, 28) of bytes, labels (n,) of int64.

    Any data set with the same four file names, such as Fashion-MNIST, is read from a folder `root`.
    Raises DataError if a file is damaged, exchanged for another or missing. (LeCun et al., 1998)
    """
    train, test = read_mnist(root)
    return ImageDataset(*train), ImageDataset(*test)


# --- data sets ---

class TensorDataset(Dataset):
    """Tensors of one length, such as inputs and labels; example i is row i of each.

    Arrays become tensors in the same memory. ValueError if the lengths differ.
    >>> TensorDataset(np.zeros((3, 2)), np.array([7, 8, 9]))[1]
    (tensor([0., 0.]), tensor(8))
    """

    def __init__(self, *tensors):
        self.tensors = tuple(t if isinstance(t, Tensor) else Tensor.from_array(as_array(t))
                             for t in tensors)
        shapes = [t.shape for t in self.tensors]
        if not shapes or () in shapes or len({shape[0] for shape in shapes}) > 1:
            raise ValueError("TensorDataset: give tensors of the same length, the size of the "
                             "first axis. Their shapes are "
                             f"{', '.join(map(str, shapes)) or 'missing'}.")

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index) -> tuple[Tensor, ...]:
        return tuple(t[index] for t in self.tensors)

    def batch(self, rows: np.ndarray) -> list[Tensor]:
        """The examples at these rows with one index, for a DataLoader."""
        return [Tensor.from_array(t.array[rows]) for t in self.tensors]


class ImageDataset(TensorDataset):
    """Images of bytes, and labels: `tensors` keeps the bytes, an item is float32 from 0 to 1.

    So 60,000 images need 47 MB and not 188, and only a batch becomes floats: the same numbers as
    with torchvision's ToTensor.
    """

    def __getitem__(self, index) -> tuple[Tensor, ...]:
        images, *rest = super().__getitem__(index)
        return (_scaled(images), *rest)

    def batch(self, rows: np.ndarray) -> list[Tensor]:
        images, *rest = super().batch(rows)
        return [_scaled(images), *rest]


def _scaled(images: Tensor) -> Tensor:
    return Tensor.from_array(images.array / np.float32(255))  # in one pass over the bytes


class Subset(Dataset):
    """The examples of `dataset` at `indices`, looked up when needed, never copied.

    TypeError if the indices are not a list of integers.
    """

    def __init__(self, dataset, indices):
        array = np.asarray(indices)
        if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
            raise TypeError(f"Subset: the indices are a list of integers, not {array.dtype} of "
                            f"shape {array.shape}. For a mask write np.flatnonzero(mask).")
        self.dataset, self.indices = dataset, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index):
        if isinstance(index, list | slice | np.ndarray):
            return self.dataset[np.asarray(self.indices)[index]]
        return self.dataset[self.indices[index]]


def random_split(dataset, lengths, generator=None) -> list[Subset]:
    """Divide `dataset` at random into parts of the given lengths, or fractions that add up to 1.

    Examples left over when fractions are rounded down go to the parts in turn. ValueError if the
    sum is wrong, TypeError for a single length.
    >>> [len(part) for part in random_split(TensorDataset(np.arange(11)), [0.8, 0.2], generator=0)]
    [9, 2]
    """
    if isinstance(lengths, int | float):
        raise TypeError(f"random_split: give the lengths of all parts, such as [0.8, 0.2], not "
                        f"{lengths}.")
    n, wanted = len(dataset), list(lengths)
    if min(wanted, default=0) >= 0 and math.isclose(sum(wanted), 1):
        lengths = [math.floor(n * fraction) for fraction in wanted]
        for i in range(n - sum(lengths)):
            lengths[i % len(lengths)] += 1
    elif min(wanted, default=0) < 0 or sum(wanted) != n or any(k != int(k) for k in wanted):
        raise ValueError(f"random_split: the lengths {wanted} add up to {sum(wanted)}; they must "
                         f"be whole and add up to {n}, or fractions that add up to 1.")
    order, ends = as_generator(generator).permutation(n), np.cumsum(lengths, dtype=np.int64)[:-1]
    return [Subset(dataset, part.tolist()) for part in np.split(order, ends)]


# --- batches ---

class DataLoader:
    """Batches of `batch_size` items of a data set: lists of tensors, as in PyTorch.

    `shuffle` draws a new order each epoch from `generator` (a seed, a Generator, NumPy's, or the
    one that `manual_seed` resets); `sampler` gives the order itself; `drop_last` leaves out a last
    batch that is not full. `collate_fn` makes a batch from a list of items. `transform`, which
    PyTorch does not have, changes the first tensor of each batch, as in transform=random_shift.
    Batches are made in this process, one at a time: num_workers, pin_memory, timeout,
    worker_init_fn, multiprocessing_context, prefetch_factor, persistent_workers change nothing.
    >>> [len(x) for x, in DataLoader(TensorDataset(np.arange(10)), batch_size=4)]
    [4, 4, 2]
    """

    def __init__(self, dataset, batch_size: int = 1, shuffle: bool | None = None, sampler=None,
                 batch_sampler=None, num_workers: int = 0, collate_fn: Callable | None = None,
                 pin_memory: bool = False, drop_last: bool = False, timeout: float = 0,
                 worker_init_fn=None, multiprocessing_context=None, generator=None, *,
                 prefetch_factor=None, persistent_workers: bool = False,
                 transform: Callable | None = None):
        check_loader(dataset, batch_size, shuffle, sampler, batch_sampler, drop_last)
        self.dataset, self.shuffle = dataset, bool(shuffle)
        self.batch_size = int(batch_size) if batch_sampler is None else None
        self.order, self.batch_sampler, self.num_workers = sampler, batch_sampler, num_workers
        self.collate_fn, self.drop_last = collate_fn or default_collate, drop_last
        self.transform = transform
        seed = isinstance(generator, int | np.integer)
        self.generator = as_generator(generator) if seed else generator

    @property
    def sampler(self):
        return sampler_of(self)

    def __len__(self) -> int:
        if self.batch_sampler is not None:
            return len(self.batch_sampler)
        full, rest = divmod(len(self.dataset if self.order is None else self.order),
                            self.batch_size)
        return full if self.drop_last or rest == 0 else full + 1

    def _batches(self):
        """The indices of each batch."""
        if self.batch_sampler is not None:
            yield from map(np.asarray, self.batch_sampler)
            return
        if self.shuffle:
            order = as_generator(self.generator).permutation(len(self.dataset))
        else:
            order = np.array(range(len(self.dataset)) if self.order is None else
                             [int(i) for i in self.order])
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            yield order[start:start + self.batch_size]

    def __iter__(self):
        dataset, places = self.dataset, None
        while type(dataset) is Subset:
            here = np.asarray(dataset.indices)
            dataset, places = dataset.dataset, here if places is None else here[places]
        rows_at_once = (type(dataset) in (TensorDataset, ImageDataset)
                        and self.collate_fn is default_collate)
        for indices in self._batches():
            rows = indices if places is None else places[indices]
            batch = (dataset.batch(rows) if rows_at_once else
                     self.collate_fn([dataset[i] for i in rows.tolist()]))
            if self.transform is not None:
                batch = [self.transform(batch[0]), *batch[1:]]
            yield batch
