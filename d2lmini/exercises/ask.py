"""One question to a learner's code, and its answer as plain data: `respond(names, question)`.

A question is a short program, such as "softmax(logits)", with its arguments; the answer is what the
program gave, or the error that it raised. Both travel as JSON (`encode`, `decode`), because the
grader asks in another process, which it does not trust: nothing here knows what is right. That is
judge.py's business. Imports nothing but NumPy and the standard library.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import linecache
import signal
import threading
import traceback
import types
import warnings

import numpy as np

DTYPES = {np.dtype(code).str for code in "?bBhHiIlLqQefd"} | {"<i4", "<i8", "<f4", "<f8"}
MAX_BYTES, MAX_ITEMS, MAX_DEPTH = 1 << 23, 20_000, 12


class Code:
    """An argument that is written as Python, such as a function: Code("lambda x: x * x")."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text


class TensorValue:
    """A d2lmini.Tensor that arrived from the learner's side: only its numbers."""

    def __init__(self, data: np.ndarray):
        self.data = data


class Other:
    """A value of a kind that does not travel: only the name of its type."""

    def __init__(self, type_name: str):
        self.type_name = type_name


class Nowhere(io.TextIOBase):
    """Where the learner's prints go while an answer is checked."""

    def write(self, text: str) -> int:
        return len(text)


class TimeUp(BaseException):
    """The learner's code took too long."""


# --- values as JSON ---


def encode(value, depth: int = 0) -> dict:
    """Python numbers, text, arrays, tensors, and lists, tuples and dicts of them, as plain data."""
    if depth > MAX_DEPTH:
        return {"t": "other", "v": "something nested too deeply"}
    kind = type(value)
    if value is None or kind in (bool, str, float):
        return {"t": kind.__name__, "v": value}
    if kind is int:
        return {"t": "int", "v": str(value)} if abs(value) < 1 << 256 else _other(value)
    if kind in (list, tuple):
        return {"t": kind.__name__, "v": [encode(v, depth + 1) for v in value]}
    if isinstance(value, tuple) and hasattr(kind, "_fields"):  # a namedtuple
        return {"t": "tuple", "v": [encode(v, depth + 1) for v in tuple.__iter__(value)]}
    if kind is dict:
        return {"t": "dict", "v": [[encode(k, depth + 1), encode(v, depth + 1)]
                                   for k, v in value.items()]}
    if kind is Code:
        return {"t": "code", "v": value.text}
    if isinstance(value, TensorValue) or (kind.__name__, kind.__module__) == (
            "Tensor", "d2lmini.tensor"):
        return _array("tensor", np.asarray(value.data))
    if isinstance(value, np.generic | np.ndarray):
        return _array("scalar" if isinstance(value, np.generic) else "array", np.asarray(value))
    return _other(value)


def _other(value) -> dict:
    return {"t": "other", "v": str(getattr(type(value), "__name__", "?"))[:80]}


def _array(kind: str, a: np.ndarray) -> dict:
    if a.dtype.str not in DTYPES or a.nbytes > MAX_BYTES:
        return {"t": "other", "v": f"array of {a.dtype} with shape {a.shape}"[:80]}
    data = base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()
    return {"t": kind, "dtype": a.dtype.str, "shape": list(a.shape), "data": data}


def decode(wire, code=None, _items=None, depth: int = 0):
    """The value that `encode` was given; ValueError for anything that `encode` does not make.

    Code("...") is handed to the function `code`, or refused where there is none.
    """
    items = _items if _items is not None else [0]
    items[0] += 1
    if not isinstance(wire, dict) or items[0] > MAX_ITEMS or depth > MAX_DEPTH:
        raise ValueError("not an answer")
    kind, value = wire.get("t"), wire.get("v")
    if kind in ("array", "scalar", "tensor"):
        return _decode_array(kind, wire)
    if kind in ("list", "tuple") and isinstance(value, list):
        return {"list": list, "tuple": tuple}[kind](
            decode(v, code, items, depth + 1) for v in value)
    if kind == "dict" and isinstance(value, list):
        pairs = [[decode(w, code, items, depth + 1) for w in pair] for pair in value]
        return {_key(k): v for k, v in pairs}
    if kind == "int" and isinstance(value, str) and len(value) < 90:
        return int(value)
    if kind == "code" and code is not None:
        return code(value)
    if kind == "other":
        return Other(str(value)[:80])
    simple = {"NoneType": type(None), "bool": bool, "str": str, "float": float}
    if kind in simple and type(value) is simple[kind]:
        return value
    raise ValueError("not an answer")


def _key(key):
    return key if isinstance(key, str | int | float | bool | tuple | None) else repr(key)


def _decode_array(kind: str, wire: dict):
    shape, dtype = wire.get("shape"), wire.get("dtype")
    if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > 16 or not all(
            type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise ValueError("not an array")
    data = base64.b64decode(str(wire.get("data")), validate=True)
    full = np.dtype(dtype).itemsize
    for n in shape:
        full *= max(n, 1)  # an axis of length 0 must not hide long ones beside it
    size = 0 if 0 in shape else full
    if size != len(data) or full > MAX_BYTES:
        raise ValueError("an array whose data do not fill its shape")
    a = np.frombuffer(data, dtype).reshape(shape).copy()
    if kind == "tensor":
        return TensorValue(a)
    return a if kind == "array" or a.ndim else a[()]


# --- asking ---


def question(program: str, args: dict) -> dict:
    """What is sent to the learner's side."""
    return {"program": program, "args": [[name, encode(value)] for name, value in args.items()]}


def respond(names: dict, asked: dict, seconds: float = 0, tensor=None,
            quiet: bool = True) -> dict:
    """Run the program of a question with `names`, the learner's functions, and its arguments.

    The answer holds "value", or "error" with the learner's own line, or "slow" after `seconds`
    (0: no limit; there is none either outside the main thread, or on Windows). It also tells which
    arguments were changed in place. What the code prints is not shown if `quiet` (which is for one
    thread only).
    """
    base = {"np": np, "__builtins__": __builtins__, **names}

    def code(text):
        return eval(text, dict(base))

    args = {name: decode(wire, code) for name, wire in asked["args"]}
    args = {name: tensor(v.data) if isinstance(v, TensorValue) and tensor else v
            for name, v in args.items()}
    before = {name: encode(v) for name, v in args.items()}
    body = ast.parse(asked["program"]).body
    last = ast.Expression(body.pop().value)
    files = {f.__code__.co_filename for f in _functions(names)}
    with contextlib.ExitStack() as stack:
        stack.enter_context(np.errstate(all="ignore"))
        if quiet:
            stack.enter_context(contextlib.redirect_stdout(Nowhere()))
            stack.enter_context(contextlib.redirect_stderr(Nowhere()))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
        try:
            with _limit(seconds):
                space = {**base, **args}
                exec(compile(ast.Module(body, []), "<question>", "exec"), space)
                value = encode(eval(compile(last, "<question>", "eval"), space))
        except TimeUp:
            return {"status": "slow", "seconds": seconds}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return {"status": "error", **_error(error, files)}
    changed = [name for name, v in args.items() if encode(v) != before[name]]
    return {"status": "value", "value": value, "changed": changed}


def _functions(names: dict):
    """The functions among the learner's names, and those of their classes."""
    for value in names.values():
        for f in (value, *(vars(value).values() if isinstance(value, type) else ())):
            if isinstance(f, types.FunctionType):
                yield f


def _error(error: BaseException, files: set) -> dict:
    """The error's type and text, and the last line of the learner's own code that led to it."""
    found = {"type": type(error).__name__[:80], "text": _text(error), "line": "", "number": 0}
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in files:
            line = linecache.getline(frame.filename, frame.lineno or 0)
            found.update(line=line.strip()[:200], number=frame.lineno or 0)
    return found


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except BaseException:
        return ""


@contextlib.contextmanager
def _limit(seconds: float):
    """Raise TimeUp in this thread after so many seconds, where the platform can."""
    if not seconds or not hasattr(signal, "setitimer") or (
            threading.current_thread() is not threading.main_thread()):
        yield
        return

    def up(*_):
        raise TimeUp

    before = signal.signal(signal.SIGALRM, up)
    # Again and again: the learner's `except:` may swallow the first.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
