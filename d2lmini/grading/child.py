"""Runs inside the sandbox: executes a submission's cells, and lets its functions answer questions.

Started by sandbox.py as a script, with two pipes: requests come in on one, replies go out on the
other, a line of JSON each. Nothing here knows what is right. Whatever a submission does to this
process, it can only spoil its own answers.
"""

import ast
import builtins
import contextlib
import importlib
import inspect
import json
import linecache
import os
import resource
import signal
import sys
import types

ask = loop = None


def main(requests: int, replies: int, start: dict) -> None:
    limit(start)
    sys.path[:0] = ["/course", *start["path"]] if start["sandbox"] else start["path"]
    globals()["ask"] = importlib.import_module("ask")  # it lies beside this file
    sys.path.append("")  # files that a notebook writes can be imported, as in Jupyter
    space = notebook_names(start)
    reply(replies, {"token": start["token"]})
    while True:
        request = read_line(requests)
        if request is None:
            os._exit(0)
        kind = request["do"]
        if kind == "run":
            error = run_cell(request["source"], request["number"], space, request["seconds"])
            reply(replies, {"token": request["token"], "error": error})
        elif kind == "exercise":
            answer_in_a_fork(requests, replies, request, space)


def limit(start: dict) -> None:
    """Limits of the kernel for this process and its children; they cannot be raised again."""
    for what, value in start["limits"].items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), (value, value))


def read_line(requests: int) -> dict | None:
    """One request; the grader sends the next only when it has the reply."""
    data = bytearray()
    while not data.endswith(b"\n"):
        piece = os.read(requests, 1 << 16)
        if not piece:
            return None
        data += piece
    return json.loads(data)


def reply(replies: int, message: dict) -> None:
    data = memoryview((json.dumps(message) + "\n").encode())
    while data:
        data = data[os.write(replies, data):]


# --- the cells ---


def notebook_names(start: dict) -> dict:
    """A fresh `__main__` with what a notebook finds there: display, get_ipython, no input."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv = ["notebook"]

    def no_input(prompt="", *_):
        raise RuntimeError("input() has no one to ask while a notebook is graded.")

    builtins.input = no_input
    shell = Shell(module.__dict__)
    module.__dict__.update(get_ipython=lambda: shell, In=[""], Out={},
                           display=lambda *values, **options: None)
    builtins.display, builtins.get_ipython = module.display, module.get_ipython
    return module.__dict__


class Shell:
    """What IPython's magics call: %%time and its like run their code, others do nothing."""

    def __init__(self, space: dict):
        self.user_ns = space

    def run_line_magic(self, name, line="", *_, **__):
        if name in ("time", "timeit", "prun", "memit"):
            exec(line, self.user_ns)

    def run_cell_magic(self, name, line="", cell="", *_, **__):
        if name in ("time", "timeit", "prun", "capture", "memit", "python", "python3"):
            execute(cell, f"<cell magic {name} {len(linecache.cache)}>", self.user_ns)
        elif name in ("writefile", "file") and line.split():
            with open(line.split()[-1], "a" if "-a" in line.split() else "w") as file:
                file.write(cell)

    def __getattr__(self, name):
        return lambda *args, **options: None


def run_cell(source: str, number: int, space: dict, seconds: float) -> str:
    """Execute one cell; the name of its error, or "" if there was none."""
    name = f"<cell {number}>"
    try:
        with ask._limit(seconds):
            execute(source, name, space)
    except ask.TimeUp:
        return "TimeUp"
    except BaseException as error:  # the next cell is run all the same, as nbgrader does
        return type(error).__name__[:80]
    return ""


def execute(source: str, name: str, space: dict) -> None:
    code = compile_cell(source, name)
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    if code.co_flags & inspect.CO_COROUTINE:
        event_loop().run_until_complete(eval(code, space))
    else:
        exec(code, space)


def event_loop():
    """One for all cells, as in a notebook. asyncio is slow to import, and seldom needed."""
    global loop
    if loop is None:
        import asyncio

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop


def compile_cell(source: str, name: str):
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        return compile(source, name, "exec", flags)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        return compile(TransformerManager().transform_cell(source), name, "exec", flags)


# --- the questions ---


def answer_in_a_fork(requests: int, replies: int, request: dict, space: dict) -> None:
    """Let a copy of this process answer until the exercise ends; it cannot change this one."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            answer(requests, replies, request, space)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)  # and whatever it started
    reply(replies, {"token": request["token"], "ended": status})


def answer(requests: int, replies: int, request: dict, space: dict) -> None:
    ban(request["bans"])
    reply(replies, {"token": request["token"]})  # ready: from here on the copy reads the requests
    while (asked := read_line(requests)) and asked["do"] == "ask":
        names = {name: space[name] for name in request["names"] if name in space}
        missing = [name for name in request["names"] if name not in names]
        if missing:
            message = {"status": "missing", "name": missing[0]}
        else:
            message = ask.respond(names, asked["question"], asked["seconds"], tensor)
        reply(replies, {"token": asked["token"], "answer": message})


ALSO = {  # the same under other names: modules and the names in them
    "var": (("numpy", "nanvar"), ("numpy.ma", "var"), ("numpy._core._methods", "_var"),
            ("statistics", "variance"), ("statistics", "pvariance")),
    "std": (("numpy", "nanstd"), ("numpy.ma", "std"), ("numpy._core._methods", "_std"),
            ("statistics", "stdev"), ("statistics", "pstdev")),
    "cov": (("numpy.ma", "cov"), ("statistics", "covariance")),
}


def ban(names: list) -> None:
    """Take away the library functions that the exercise asks to write, whatever they are called.

    What the code inside them is exchanged for raises, so that an alias of them raises, too.
    """
    for full in names:
        module, _, name = full.rpartition(".")
        module = "numpy" + module.removeprefix("numpy").removeprefix("np")
        if full.split(".")[0] not in ("np", "numpy"):
            continue
        for place, called in ((module, name), *ALSO.get(name, ())):
            with contextlib.suppress(ImportError, AttributeError, TypeError):
                disarm(importlib.import_module(place), called, full)


def disarm(module, name: str, full: str) -> None:
    """Put an error into the place of a function, and into the function itself."""
    function, error = getattr(module, name), banned(full)
    inner = getattr(function, "_implementation", function)
    inner = getattr(inner, "__wrapped__", inner)
    if isinstance(inner, types.FunctionType) and not inner.__code__.co_freevars:
        scope = {}
        exec("def raises(*_, **__):\n    raise RuntimeError("
             f"{error_text(full)!r})", scope)
        inner.__code__, inner.__defaults__, inner.__kwdefaults__ = (
            scope["raises"].__code__, None, None)
    setattr(module, name, error)


def error_text(name: str) -> str:
    return f"in this exercise you write it yourself: {name} is not allowed."


def banned(name: str):
    def function(*_, **__):
        raise RuntimeError(error_text(name))
    return function


def tensor(data):
    import d2lmini

    return d2lmini.tensor(data, dtype=data.dtype)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
