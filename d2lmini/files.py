"""The files of the course, checked as they are read; data/README.md tells where they come from.

A damaged or missing file raises an error that names the file and the cure. A learner may skip this
file, and read on in data.py, which makes data sets of the arrays.
"""

from __future__ import annotations

import math
import os
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DataError", "MissingDataError", "auto_mpg", "course_prose", "data_dir", "davis",
           "read_idx", "sunspots"]


class DataError(ValueError):
    """A data file does not hold what it should; the message names the file and the cure."""


class MissingDataError(DataError, FileNotFoundError):
    """A data file is not there; the message says where it was looked for, and the cure."""


def _damaged(path, what: str) -> DataError:
    return DataError(f"{path}: {what}. Get a fresh copy (`git checkout data` restores the course's "
                     "own), or check D2LMINI_DATA.")


def _path(place) -> Path:
    from pathlib import Path  # here, not in every import of d2lmini

    return Path(place)


def data_dir() -> Path:
    """The folder of the data files: D2LMINI_DATA if set, or else `data` beside the package."""
    chosen = os.environ.get("D2LMINI_DATA")
    return _path(chosen).expanduser() if chosen else _path(__file__).resolve().parents[1] / "data"


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
    import gzip  # here, not in every import of d2lmini

    path = _find(_path(path).parent, _path(path).name)
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


def read_mnist(root=None) -> list[tuple[np.ndarray, np.ndarray]]:
    """MNIST's training and test set: images (n, 1, 28, 28) of bytes, labels (n,) of int64.

    Any data set with the same four file names is read from a folder `root`. DataError if a file is
    damaged, exchanged for another or missing.
    """
    folder = data_dir() / "mnist" if root is None else _path(root)
    parts = [_read_pictures(folder, part) for part in ("train", "t10k")]
    if len(parts[0][1]) < len(parts[1][1]):
        raise _damaged(folder, "fewer training than test images: were the files exchanged?")
    if root is None and max(labels.max() for _, labels in parts) > 9:
        raise _damaged(folder, "a label is above 9, but there are only ten digits")
    return parts


def _read_pictures(folder: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    stems = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
    paths = [_find(folder, stem + ".gz", stem) for stem in stems]
    images, labels = map(read_idx, paths)
    for path, array, ndim, what in (paths[0], images, 3, "images"), (paths[1], labels, 1, "labels"):
        if array.ndim != ndim or array.dtype != np.uint8:
            raise _damaged(path, f"no {what}, but {array.dtype} of shape {array.shape}: were the "
                                 "files exchanged?")
    if len(images) != len(labels) or images.size == 0:
        raise _damaged(paths[0], f"images of shape {images.shape}, but {len(labels)} labels")
    return images[:, None], labels.astype(np.int64)


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


_SUNSPOTS = {"year": (1700, 2008), "number": (0, 300)}


def sunspots() -> dict[str, np.ndarray]:
    """309 years: year (1700 to 2008) and number, the mean number of sunspots in that year.

    Each is an array (309,) of float32. Raises DataError. (National Geophysical Data Center)
    """
    path = _find(data_dir(), "sunspots.csv")
    table = _read_table(path, _SUNSPOTS, rows=309)
    if (np.diff(table["year"]) != 1).any():
        raise _damaged(path, "the years do not follow one another")
    return table


def course_prose() -> str:
    """The text of lessons 00 to 08 in 29 symbols: a to z, the space, the comma and the period.

    189,523 characters. Raises DataError.
    """
    path = _find(data_dir(), "course_prose.txt")
    text = " ".join(path.read_text("utf-8", errors="replace").split())
    if wrong := set(text) - set("abcdefghijklmnopqrstuvwxyz ,."):
        raise _damaged(path, f"{min(wrong)!r} is none of its 29 symbols")
    if len(text) != 189_523:
        raise _damaged(path, f"{len(text):,} characters, but there should be 189,523")
    return text


def _read_table(path: Path, columns: dict, rows: int) -> dict[str, np.ndarray]:
    table = {column: [] for column in columns}
    with open(path, newline="", encoding="utf-8") as file:
        import csv  # here, not in every import of d2lmini

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
