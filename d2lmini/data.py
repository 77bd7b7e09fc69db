"""Data sets, and batches of them for a model to learn from, as in `torch.utils.data`.

A data set is anything with a length and items; a `DataLoader` puts items together into batches. Of
a `TensorDataset` it takes a whole batch with one index. The files of the course are read in
files.py. Read next: train.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from .checks import as_array
from .creation import as_generator, stack, tensor
from .files import DataError, MissingDataError, auto_mpg, data_dir, davis, read_idx, read_mnist
from .tensor import Tensor

__all__ = ["ConcatDataset", "DataError", "DataLoader", "Dataset", "ImageDataset",
           "MissingDataError", "Subset", "TensorDataset", "auto_mpg", "data_dir", "davis",
           "default_collate", "mnist", "random_shift", "random_split", "read_idx",
           "synthetic_regression", "xor"]


def mnist(root=None) -> tuple[ImageDataset, ImageDataset]:
    """MNIST's training and test set: images (n, 1, 28, 28) of bytes, labels (n,) of int64.

    Any data set with the same four file names, such as Fashion-MNIST, is read from a folder `root`.
    Raises DataError if a file is damaged, exchanged for another or missing. (LeCun et al., 1998)
    """
    train, test = read_mnist(root)
    return ImageDataset(*train), ImageDataset(*test)


def synthetic_regression(w, b, n: int = 1000, noise: float = 0.01, generator=None):
    """Points near a plane: X (n, d) standard normal, y (n, 1) = X w + b + `noise` * normal."""
    generator, w = as_generator(generator), np.asarray(w, np.float32).reshape(-1, 1)
    X = generator.standard_normal((n, len(w)), dtype=np.float32)
    y = X @ w + b + noise * generator.standard_normal((n, 1))
    return Tensor(X), Tensor(y)


def xor() -> tuple[Tensor, Tensor]:
    """The four patterns that no single neuron separates: X (4, 2), y (4, 1), all 0 or 1."""
    return Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), Tensor([[0], [1], [1], [0]])


# --- data sets ---

class Dataset:
    """A data set of one's own: a subclass writes __len__ and __getitem__."""

    def __getitem__(self, index):
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__(self, index) yet.")

    def __add__(self, other):
        return ConcatDataset([self, other])


class TensorDataset(Dataset):
    """Tensors of one length, such as inputs and labels; example i is row i of each.

    Arrays become tensors in the same memory. ValueError if the lengths differ.
    >>> x, y = TensorDataset(tensor([[1.0], [2.0], [3.0]]), tensor([0, 1, 2]))[1]
    >>> x, y
    (tensor([2.]), tensor(1))
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


class ImageDataset(TensorDataset):
    """Images of bytes, and labels: `tensors` keeps the bytes, an item is float32 from 0 to 1.

    So 60,000 images need 47 MB and not 188, and only a batch becomes floats: the same numbers as
    with torchvision's ToTensor.
    """

    def __getitem__(self, index) -> tuple[Tensor, ...]:
        images, *rest = super().__getitem__(index)
        return (Tensor.from_array(images.array / np.float32(255)), *rest)


class Subset(Dataset):
    """The examples of `dataset` at `indices`, which are looked up when needed, never copied."""

    def __init__(self, dataset, indices):
        kind = np.asarray(indices)
        if kind.ndim != 1 or (kind.size and kind.dtype.kind not in "iu"):
            raise TypeError(f"Subset: the indices are a list of integers, not {kind.dtype} of "
                            f"shape {kind.shape}. For a mask write np.flatnonzero(mask).")
        self.dataset, self.indices = dataset, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index):
        if isinstance(index, list | slice | np.ndarray):
            return self.dataset[np.asarray(self.indices)[index]]
        return self.dataset[self.indices[index]]


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


def random_split(dataset, lengths, generator=None) -> list[Subset]:
    """Divide `dataset` at random into parts of the given lengths, or fractions that add up to 1.

    What fractions leave over by rounding goes to the parts in turn. ValueError if the sum is wrong,
    TypeError for a single length.
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


class DataLoader:
    """Batches of `batch_size` items of a data set: lists of tensors, as in PyTorch.

    `shuffle` draws a new order each epoch from `generator` (a seed, a Generator, NumPy's, or the
    one that `manual_seed` resets); `sampler` gives the order itself; `drop_last` leaves out a last
    batch that is not full. `collate_fn` makes a batch of a list of items. `transform`, which
    PyTorch does not have, changes the first tensor of each batch, as in transform=random_shift.
    Batches are made where they are needed: num_workers and what follows it change nothing.
    >>> [len(x) for x, in DataLoader(TensorDataset(np.arange(10)), batch_size=4)]
    [4, 4, 2]
    """

    def __init__(self, dataset, batch_size: int = 1, shuffle: bool | None = None, sampler=None,
                 batch_sampler=None, num_workers: int = 0, collate_fn: Callable | None = None,
                 pin_memory: bool = False, drop_last: bool = False, timeout: float = 0,
                 worker_init_fn=None, multiprocessing_context=None, generator=None, *,
                 prefetch_factor=None, persistent_workers: bool = False,
                 transform: Callable | None = None):
        if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
            raise TypeError(f"DataLoader: a data set has __len__ and __getitem__, which a "
                            f"{type(dataset).__name__} lacks. Write DataLoader(TensorDataset(X, "
                            f"y), ...), or DataLoader(list(data), ...).")
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise ValueError(f"DataLoader: batch_size must be an integer of at least 1, not "
                             f"{batch_size!r}.")
        if len(dataset) == 0:
            raise ValueError("DataLoader: the data set is empty.")
        if shuffle and (sampler is not None or batch_sampler is not None):
            raise ValueError("DataLoader: a sampler gives the order itself, without shuffle=True.")
        self.dataset, self.batch_size, self.shuffle = dataset, int(batch_size), bool(shuffle)
        self.sampler, self.batch_sampler, self.num_workers = sampler, batch_sampler, num_workers
        self.collate_fn, self.drop_last = collate_fn or default_collate, drop_last
        self.transform = transform
        self.generator = as_generator(generator) if isinstance(generator, int) else generator

    def __len__(self) -> int:
        if self.batch_sampler is not None:
            return len(self.batch_sampler)
        full, rest = divmod(len(self.dataset if self.sampler is None else self.sampler),
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
            order = np.array(range(len(self.dataset)) if self.sampler is None else
                             [int(i) for i in self.sampler])
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
            batch = (list(dataset[rows]) if rows_at_once else
                     self.collate_fn([dataset[i] for i in rows.tolist()]))
            if self.transform is not None:
                batch = [self.transform(batch[0]), *batch[1:]]
            yield batch


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
