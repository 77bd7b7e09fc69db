"""One question to a learner's code, and its answer as plain data: `respond(names, question)`.

A question is a short program, such as "softmax(logits)", with its arguments; the answer is what the
program gave, or the error that it raised. Both travel as JSON (`encode`, `decode`), because the
grader asks in another process, which it does not trust: nothing here knows what is right. That is
judge.py's business. Imports only NumPy and the standard library; read `respond` first.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import contextvars
import io
import linecache
import math
import opcode
import signal
import sys
import threading
import time
import traceback
import types

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

    def __init__(self, array: np.ndarray):
        self.array, self.shape, self.ndim = array, array.shape, array.ndim


class Other:
    """A value of a kind that does not travel: only the name of its type."""

    def __init__(self, type_name: str):
        self.type_name = type_name


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
        return _array("tensor", np.asarray(value.array))
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


def respond(names: dict, asked: dict, seconds: float = 0, *, banned: dict | None = None,
            quiet: bool = True) -> dict:
    """Run the program of a question with `names`, the learner's functions, and its arguments.

    The answer holds "value", or "error" with the learner's own line, or "slow" after `seconds`
    (0: no limit). It also lists the arguments that were changed in place. `banned` (bans.watched)
    holds the code that may not be reached. If `quiet`, what the code prints is not shown.
    """
    try:  # in a context of its own: however it ends, the limit and the bans end with it
        return contextvars.copy_context().run(_respond, names, asked, seconds, banned, quiet)
    except TimeUp:
        return {"status": "slow", "seconds": seconds}


def _respond(names: dict, asked: dict, seconds: float, banned: dict | None, quiet: bool) -> dict:
    base = {"np": np, "__builtins__": __builtins__, **names}

    def code(text):
        return eval(text, dict(base))

    args = {name: decode(wire, code) for name, wire in asked["args"]}
    args = {name: _tensor(v) if isinstance(v, TensorValue) else v for name, v in args.items()}
    before = {name: encode(v) for name, v in args.items()}
    body = ast.parse(asked["program"]).body
    last = ast.Expression(body.pop().value)
    files = {f.__code__.co_filename for f in _functions(names)}
    with np.errstate(all="ignore"):
        try:
            with _Limit(seconds, banned) as watch, contextlib.ExitStack() as stack:
                if quiet:
                    stack.enter_context(contextlib.redirect_stdout(Silent(sys.stdout)))
                    stack.enter_context(contextlib.redirect_stderr(Silent(sys.stderr)))
                space = {**base, **args}
                try:
                    exec(compile(ast.Module(body, []), "<question>", "exec"), space)
                    value = encode(eval(compile(last, "<question>", "eval"), space))
                finally:
                    watch.deadline = math.inf  # the rest is ours
        except (TimeUp, KeyboardInterrupt):
            raise
        except BaseException as error:
            return {"status": "error", **_error(error, files)}
    changed = [name for name, v in args.items() if encode(v) != before[name]]
    return {"status": "value", "value": value, "changed": changed}


def _tensor(value: TensorValue):
    from d2lmini import tensor

    return tensor(value.array, dtype=value.array.dtype)


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


# --- the limit on time, and the bans ---
#
# An interrupt can arrive at any moment, also while these are switched on or off. So whatever is
# installed (a signal handler, a hook, a stream) asks _watch whether a question is running in this
# context; outside one it does nothing, and removes itself. Nothing depends on a `finally`.

_watch: contextvars.ContextVar[_Limit | None] = contextvars.ContextVar("_watch", default=None)


class Silent(io.TextIOBase):
    """Where the learner's prints go while a question is running; outside one, the real stream."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text: str) -> int:
        if _watch.get():
            return len(text)
        for name in ("stdout", "stderr"):  # an interrupt left it behind
            if getattr(sys, name) is self:
                setattr(sys, name, self.stream)
        return self.stream.write(text)


class _Limit:
    """Raise TimeUp in this thread after so many seconds, and the error of what is banned.

    No generator: one that an interrupt left behind would switch a later question's limit off when
    it is collected.
    """

    def __init__(self, seconds: float, banned: dict | None = None):
        self.seconds, self.banned, self.met, self.hook = seconds, banned or {}, "", None
        self.deadline, self.timer = math.inf, False

    def __enter__(self) -> _Limit:
        if self.seconds:
            self.deadline = time.monotonic() + self.seconds
        self.timer = bool(self.seconds) and _timer_is_free()
        _watch.set(self)
        if self.timer:
            _start_timer(self.seconds)
        if self.banned or (self.seconds and not self.timer):
            _start_hook(self, bool(self.seconds) and not self.timer)
        return self

    def __exit__(self, kind, error, traceback) -> None:
        try:
            if kind is None and self.met and _hook_is_gone(self):  # the answer swallowed the error
                raise RuntimeError(self.met)
        finally:
            _watch.set(None)
            if self.timer:
                _stop_timer()
            if self.hook is not None:
                _stop_hook(self)

    def clock(self) -> None:
        if time.monotonic() > self.deadline:
            raise TimeUp

    def called(self, frame: types.FrameType) -> None:
        """Raise if this frame begins to run what is banned."""
        _, errors = self.banned.get(id(frame.f_code), (None, ()))
        for cls, text in errors:
            if cls is None or isinstance(frame.f_locals.get("self"), cls):
                self.met = text
                raise RuntimeError(text)


# A timer by a signal costs nothing, and reaches what waits in the operating system.

AGAIN = 0.0625  # s; the learner's `except:` may swallow the first, and what is left over goes soon
_learners: list = []  # handler of SIGALRM, while ours is in its place


def _timer_is_free() -> bool:
    """Whether there is a timer here, and the learner does not use it."""
    return (hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
            and signal.getitimer(signal.ITIMER_REAL)[0] == 0
            and signal.getsignal(signal.SIGALRM) is not None)


def _start_timer(seconds: float) -> None:
    if signal.getsignal(signal.SIGALRM) is not _ring:
        _learners[:] = [signal.getsignal(signal.SIGALRM)]
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, AGAIN), AGAIN)


def _stop_timer() -> None:
    if signal.getitimer(signal.ITIMER_REAL)[1] == AGAIN:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if signal.getsignal(signal.SIGALRM) is _ring:
        signal.signal(signal.SIGALRM, _learners[0])


def _ring(number, frame) -> None:
    if watch := _watch.get():
        watch.clock()
        return
    learners = signal.getitimer(signal.ITIMER_REAL)[1] != AGAIN
    _stop_timer()
    if learners and callable(_learners[0]):
        _learners[0](number, frame)


# Python's own hooks see calls and jumps: for the bans, and where there is no timer to use (in the
# browser, on Windows, in another thread, or beside a timer of the learner's).

if sys.version_info >= (3, 12):
    NAME, EVENTS = "d2lmini", sys.monitoring.events

    def _start_hook(watch: _Limit, clock: bool) -> None:
        free = [i for i in (4, 3, 5) if sys.monitoring.get_tool(i) in (None, NAME)]
        if not free:
            return
        watch.hook = tool = free[0]
        if sys.monitoring.get_tool(tool) is None:
            sys.monitoring.use_tool_id(tool, NAME)
        sys.monitoring.register_callback(tool, EVENTS.PY_START, _started)
        sys.monitoring.register_callback(tool, EVENTS.JUMP, _jumped)
        for code, _ in watch.banned.values():
            sys.monitoring.set_local_events(tool, code, EVENTS.PY_START)
        sys.monitoring.set_events(tool, (EVENTS.PY_START | EVENTS.JUMP) * clock)

    def _stop_hook(watch: _Limit) -> None:
        sys.monitoring.set_events(watch.hook, 0)
        for code, _ in watch.banned.values():
            sys.monitoring.set_local_events(watch.hook, code, 0)
        sys.monitoring.free_tool_id(watch.hook)

    def _hook_is_gone(watch: _Limit) -> bool:
        return False

    def _started(code, offset):
        if watch := _watch.get():
            watch.called(sys._getframe(1))
            watch.clock()

    def _jumped(code, offset, to):
        if to > offset:
            return sys.monitoring.DISABLE
        if watch := _watch.get():
            watch.clock()
else:
    TO_ITSELF = bytes([opcode.opmap["JUMP_BACKWARD"], 1])  # `while True: pass` begins no line anew
    HOOKS = {sys.setprofile: sys.getprofile, sys.settrace: sys.gettrace}
    _hooks: dict = {}  # what was there before ours

    def _start_hook(watch: _Limit, clock: bool) -> None:
        watch.hook = sys.settrace if clock else sys.setprofile  # lines as well as calls, or calls
        if (old := HOOKS[watch.hook]()) is not _hook:
            _hooks[watch.hook] = old
        watch.hook(_hook)

    def _stop_hook(watch: _Limit) -> None:
        watch.hook(_hooks[watch.hook])

    def _hook_is_gone(watch: _Limit) -> bool:
        """Python removes a hook that raises, so what came after was not seen."""
        return HOOKS[watch.hook]() is not _hook

    def _hook(frame, event, arg):
        watch = _watch.get()
        if watch is None:  # an interrupt left it behind
            for put, old in _hooks.items():
                if HOOKS[put]() is _hook:
                    put(old)
            return None
        if event == "call":
            watch.called(frame)
            frame.f_trace_opcodes = TO_ITSELF in frame.f_code.co_code
        watch.clock()
        return _hook
