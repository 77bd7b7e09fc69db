"""How the numbers of images lie in memory, see fast.py. A learner may skip it."""

from __future__ import annotations

import numpy as np


def to_hcwn(x: np.ndarray) -> np.ndarray:
    """(n, c, h, w) -> (h, c, w, n), contiguous: a copy only if the layout is another one."""
    return np.ascontiguousarray(x.transpose(2, 1, 3, 0))


def from_hcwn(x: np.ndarray) -> np.ndarray:
    """(h, c, w, n) -> (n, c, h, w), the same memory."""
    return x.transpose(3, 1, 0, 2)


def as_integers(x: np.ndarray) -> np.ndarray:
    """The same memory read as integers: their product with 0 is 0 also where a float is inf."""
    return x.view(f"i{x.itemsize}")
