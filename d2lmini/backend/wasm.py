"""The matrix product in a browser, where NumPy has no BLAS: sgemm.c, called through ctypes.

fast.py takes `matmul` and `multiply` from here when Python runs in WebAssembly (Pyodide). What
sgemm.c cannot do (other dtypes, odd strides, tiny products) is left to NumPy.
"""

from __future__ import annotations

import ctypes
import os

import numpy as np

_LEAST = 1 << 15  # multiplications: a call costs as long as NumPy takes for about so many
_work = np.empty(256 * (96 + 512), np.float32)  # MC * KC + KC * NC of sgemm.c
_place = _work.ctypes.data


def load():
    """The function sgemm, or None in a browser whose WebAssembly has no SIMD."""
    try:
        sgemm = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "sgemm.so")).sgemm
    except OSError:
        return None
    i, p = ctypes.c_int, ctypes.c_void_p
    sgemm.argtypes, sgemm.restype = [i, i, i, p, i, i, p, i, i, p, i, p], None
    return sgemm


_sgemm = load()


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b, fast for two float32 matrices."""
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != len(b):
        return a @ b
    out = np.empty((len(a), b.shape[1]), np.result_type(a, b))
    multiply(a, b, out)
    return out


def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """out[...] = a @ b for two matrices; out may not share memory with them."""
    if out.strides[1] != 4:
        a, b, out = b.T, a.T, out.T
    (m, k), n = a.shape, b.shape[1]
    (ar, ac), (br, bc), (ldc, one) = a.strides, b.strides, out.strides  # in bytes
    if (_sgemm is None or m * k * n < _LEAST or one != 4 or (ar | ac | br | bc | ldc) % 4
            or not a.dtype == b.dtype == out.dtype == np.float32):
        np.matmul(a, b, out=out)
        return
    _sgemm(m, n, k, a.ctypes.data, ar // 4, ac // 4, b.ctypes.data, br // 4, bc // 4,
           out.ctypes.data, ldc // 4, _place)
