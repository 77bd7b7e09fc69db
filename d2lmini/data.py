"""Data: files that are checked as they are read, and batches for a model to learn from.

First the readers: `mnist`, `davis` and `auto_mpg` (data/README.md tells where the files come from),
then data made on the spot. `TensorDataset`, `random_split` and `DataLoader` work as PyTorch's do,
but a whole batch at a time: images stay bytes in memory and only a batch becomes float32.
"""

from __future__ import annotations

import csv
import gzip
import math
import os
import zlib
from pathlib import Path

import numpy as np

from .creation import default_generator
from .tensor import Tensor


class DataError(ValueError):
    """A data file does not hold what it should; the message names the file and the cure."""


class MissingDataError(DataError, FileNotFoundError):
    """A data file is not there; the message says where it was looked for, and the cure."""


def _damaged(path, what: str) -> DataError:
    return DataError(f"{path}: {what}. Get a fresh copy (`git checkout data` restores the course's "
                     "own), or check D2LMINI_DATA.")


def data_dir() -> Path:
    """The folder of the data files: D2LMINI_DATA if set, or else `data` beside the package."""
    chosen = os.environ.get("D2LMINI_DATA")
    return Path(chosen).expanduser() if chosen else Path(__file__).resolve().parents[1] / "data"


def _find(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise MissingDataError(f"{folder / names[0]} is missing. Restore it with `git checkout data`, "
                           "or set D2LMINI_DATA to the folder `data` of a clone of the course.")


_IDX_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read_idx(path) -> np.ndarray:
    """The array in a file of idx format, gzipped or not; DataError if the file is damaged.

    The format is MNIST's (LeCun, Cortes, Burges, 1998): two zero bytes, a type code, the number of
    axes, the size of each axis as a big-endian 32-bit integer, then the values.
    """
    path = _find(Path(path).parent, Path(path).name)
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
            raw = file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path, f"the gzip file is damaged or cut short ({error})") from None
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] not in _IDX_TYPES:
        raise _damaged(path, f"not in idx format: the magic number is 0x{raw[:4].hex()}")
    dtype, start = np.dtype(_IDX_TYPES[raw[2]]), 4 + 4 * raw[3]
    shape = tuple(int.from_bytes(raw[i:i + 4], "big") for i in range(4, start, 4))
    expected = start + math.prod(shape) * dtype.itemsize
    if len(raw) != expected:
        wrong = "cut short" if len(raw) < expected else "too long"
        raise _damaged(path, f"{wrong}: {len(raw):,} bytes, and not {expected:,} for shape {shape}")
    array = np.frombuffer(raw, dtype, offset=start).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def mnist(root=None) -> tuple[TensorDataset, TensorDataset]:
    """MNIST's training and test set: images (n, 1, 28, 28) of bytes, labels (n,) of int64.

    Any data set with the same four file names, such as Fashion-MNIST, is read from a folder `root`.
    Raises DataError if a file is damaged, exchanged for another or missing. (LeCun et al., 1998)
    """
    folder = data_dir() / "mnist" if root is None else Path(root)
    train, test = _read_pictures(folder, "train"), _read_pictures(folder, "t10k")
    if len(train) < len(test):
        raise _damaged(folder, "fewer training than test images: were the files exchanged?")
    if root is None and max(part.tensors[1].max() for part in (train, test)) > 9:
        raise _damaged(folder, "a label is above 9, but there are only ten digits")
    return train, test


def _read_pictures(folder: Path, part: str) -> TensorDataset:
    stems = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
    paths = [_find(folder, stem + ".gz", stem) for stem in stems]
    images, labels = map(read_idx, paths)
    for path, array, ndim, what in (paths[0], images, 3, "images"), (paths[1], labels, 1, "labels"):
        if array.ndim != ndim or array.dtype != np.uint8:
            raise _damaged(path, f"no {what}, but {array.dtype} of shape {array.shape}: were the "
                                 "files exchanged?")
    if len(images) != len(labels) or images.size == 0:
        raise _damaged(paths[0], f"images of shape {images.shape}, but {len(labels)} labels")
    return TensorDataset(images[:, None], labels.astype(np.int64))


# What a column may hold: its least and greatest number, a set of words, or any text (None).
_DAVIS = {"sex": {"M", "F"}, "weight": (30, 200), "height": (50, 220),
          "reported_weight": (30, 200), "reported_height": (50, 220)}
_AUTO_MPG = {"mpg": (5, 60), "cylinders": (3, 8), "displacement": (50, 500),
             "horsepower": (40, 250), "weight": (1500, 5500), "acceleration": (5, 30),
             "year": (1970, 1982), "origin": {"USA", "Europe", "Japan"}, "name": None}
_MAY_BE_MISSING = {"reported_weight", "reported_height", "mpg", "horsepower"}


def davis() -> dict[str, np.ndarray]:
    """200 people: sex ("M", "F"), weight (kg), height (cm), reported_weight, reported_height.

    Each is an array (200,), of strings or of float32; nan where a person reported nothing. In row
    12, `height[11]` and `weight[11]` are swapped. Raises DataError. (Davis, Appetite 15, 1990)
    """
    return _read_table(_find(data_dir(), "davis.csv"), _DAVIS, rows=200)


def auto_mpg() -> dict[str, np.ndarray]:
    """406 cars: mpg, cylinders, displacement (cubic inches), horsepower, weight (pounds),
    acceleration (s to 60 miles per hour), year, origin ("USA", "Europe", "Japan") and name.

    Each is an array (406,), of strings or of float32; nan where mpg (8 cars) or horsepower (6) is
    not known. Raises DataError. (StatLib; Quinlan, 1993)
    """
    return _read_table(_find(data_dir(), "auto_mpg.csv"), _AUTO_MPG, rows=406)


def _read_table(path: Path, columns: dict, rows: int) -> dict[str, np.ndarray]:
    table = {column: [] for column in columns}
    with open(path, newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        try:
            if next(lines, []) != list(columns):
                raise ValueError(f"the columns should be {', '.join(columns)}")
            for row in lines:
                if len(row) != len(columns):
                    raise ValueError(f"{len(row)} values for {len(columns)} columns")
                for (column, allowed), text in zip(columns.items(), row, strict=True):
                    table[column].append(_parse(column, allowed, text))
        except (ValueError, csv.Error) as error:
            raise _damaged(path, f"line {lines.line_num}: {error}") from None
    if lines.line_num != rows + 1:
        raise _damaged(path, f"{lines.line_num} lines, but there should be {rows + 1}")
    return {column: np.array(values, np.float32 if isinstance(columns[column], tuple) else str)
            for column, values in table.items()}


def _parse(column: str, allowed, text: str):
    if isinstance(allowed, tuple):
        number = float(text or "nan")
        if allowed[0] <= number <= allowed[1] or (not text and column in _MAY_BE_MISSING):
            return number
    elif text and (allowed is None or text in allowed):
        return text
    raise ValueError(f"{column} cannot be {text!r}")


def synthetic_regression(w, b, n: int = 1000, noise: float = 0.01, generator=None):
    """Points near a plane: X (n, d) standard normal, y (n, 1) = X w + b + `noise` * normal."""
    generator, w = _generator(generator), np.asarray(w, np.float32).reshape(-1, 1)
    X = generator.standard_normal((n, len(w)), dtype=np.float32)
    return Tensor(X), Tensor(X @ w + b + noise * generator.standard_normal((n, 1)))


def xor() -> tuple[Tensor, Tensor]:
    """The four patterns that no single neuron separates: X (4, 2), y (4, 1), all 0 or 1."""
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    return Tensor(X), Tensor(np.array([[0], [1], [1], [0]], np.float32))


class TensorDataset:
    """Arrays of one length, such as images and labels; example i is row i of each.

    Arrays of bytes are pictures: `tensors` keeps them as they are, and what is taken out by an
    index is float32 from 0 to 1, as ToTensor gives in torchvision. ValueError if lengths differ.
    >>> x, y = TensorDataset(np.zeros((6, 1, 28, 28), np.uint8), np.arange(6))[2:4]
    >>> x.shape, x.dtype.name, y.shape
    ((2, 1, 28, 28), 'float32', (2,))
    """

    def __init__(self, *tensors):
        self.tensors = tuple(t.data if isinstance(t, Tensor) else np.asarray(t) for t in tensors)
        shapes = [array.shape for array in self.tensors]
        if not shapes or () in shapes or len({shape[0] for shape in shapes}) > 1:
            raise ValueError("TensorDataset: give arrays of the same length, the size of the first "
                             f"axis. Their shapes are {', '.join(map(str, shapes)) or 'missing'}.")

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index) -> tuple[Tensor, ...]:
        return tuple(map(_to_tensor, self.take(index)))

    def take(self, index) -> tuple[np.ndarray, ...]:
        """The rows at `index` as they lie in memory, as arrays: bytes stay bytes."""
        return tuple(array[index] for array in self.tensors)


class Subset(TensorDataset):
    """The examples of `dataset` at `indices`, which are looked up when needed, never copied.

    TypeError unless the indices are whole numbers in a row.
    """

    def __init__(self, dataset: TensorDataset, indices):
        indices = np.asarray(indices)
        if indices.ndim != 1 or (indices.size and indices.dtype.kind not in "iu"):
            raise TypeError(f"Subset: the indices are whole numbers in a row, not {indices.dtype} "
                            f"of shape {indices.shape}. For a mask write np.flatnonzero(mask).")
        self.dataset, self.indices = dataset, indices.astype(np.int64, copy=False)

    def __len__(self) -> int:
        return len(self.indices)

    def take(self, index) -> tuple[np.ndarray, ...]:
        return self.dataset.take(self.indices[index])


def _to_tensor(array) -> Tensor:
    array = array.data if isinstance(array, Tensor) else np.asarray(array)
    if array.dtype == np.uint8:
        return Tensor(array / np.float32(255))
    return Tensor(array if array.base is None else array.copy())  # a slice is the data set itself


def _generator(generator) -> np.random.Generator:
    return default_generator() if generator is None else np.random.default_rng(generator)


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
    ends = np.cumsum(lengths, dtype=np.int64)[:-1]
    return [Subset(dataset, part) for part in np.split(_generator(generator).permutation(n), ends)]


class DataLoader:
    """Batches of `batch_size` examples of a TensorDataset or Subset, each a tuple of tensors.

    `shuffle` deals out a new order each epoch, drawn from `generator` (a seed, a NumPy Generator,
    or the one that `manual_seed` resets); `drop_last` leaves out a last batch that is not full.
    `transform` changes the first array of each batch while pictures are still bytes, as in
    `transform=random_shift`. ValueError for a bad `batch_size` or an empty data set.
    >>> [len(x) for x, in DataLoader(TensorDataset(np.arange(10)), batch_size=4)]
    [4, 4, 2]
    """

    def __init__(self, dataset, batch_size: int = 1, shuffle: bool = False, drop_last: bool = False,
                 generator=None, transform=None):
        if not isinstance(dataset, TensorDataset):
            raise TypeError("DataLoader: the data must be a TensorDataset or a Subset, not "
                            f"{type(dataset).__name__}. Try DataLoader(TensorDataset(X, y), ...).")
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise ValueError("DataLoader: batch_size must be a whole number of at least 1, not "
                             f"{batch_size!r}.")
        if len(dataset) == 0:
            raise ValueError("DataLoader: the data set is empty.")
        self.dataset, self.batch_size, self.shuffle = dataset, int(batch_size), shuffle
        self.drop_last, self.transform = drop_last, transform
        self.generator = None if generator is None else _generator(generator)

    def __len__(self) -> int:
        full, rest = divmod(len(self.dataset), self.batch_size)
        return full if self.drop_last or rest == 0 else full + 1

    def __iter__(self):
        n, size = len(self.dataset), self.batch_size
        order = _generator(self.generator).permutation(n) if self.shuffle else None
        for start in range(0, len(self) * size, size):
            batch = slice(start, start + size)
            first, *rest = self.dataset.take(batch if order is None else order[batch])
            if self.transform is not None:
                first = self.transform(first.copy() if order is None else first)
            yield tuple(_to_tensor(array) for array in (first, *rest))


def random_shift(images, max_shift: int = 2, generator=None):
    """Move each image by a random number of pixels of its own, at most `max_shift` along each axis.

    Array (n, c, h, w) of bytes or floats -> the same; zeros move in. Serves as a DataLoader's
    `transform`. ValueError for another shape or a negative `max_shift`.
    """
    images = np.asarray(images)
    if images.ndim != 4 or max_shift < 0:
        raise ValueError("random_shift: give images (n, channels, height, width) and a max_shift "
                         f"of at least 0, not {images.shape} and {max_shift}.")
    (n, c, h, w), m = images.shape, max_shift
    padded = np.zeros((n, c, h + 2 * m, w + 2 * m), images.dtype)
    padded[:, :, m:m + h, m:m + w] = images
    windows = np.lib.stride_tricks.sliding_window_view(padded, (h, w), axis=(2, 3))
    down, right = _generator(generator).integers(0, 2 * m + 1, size=(2, n))
    return windows[np.arange(n), :, down, right]  # windows: a view (n, c, 2m + 1, 2m + 1, h, w)
