"""Runs inside the sandbox: what a notebook's cells find in Jupyter, as far as they need it.

`names()` gives the fresh `__main__`, `run_cell` executes a cell in it: with magics, `await`, `_`,
and `from __future__` that holds for later cells. Nothing is shown, and no other program is started.
"""

import __future__

import ast
import builtins
import inspect
import linecache
import sys
import time
import types

ask = loop = None
AWAIT, COROUTINE = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, inspect.CO_COROUTINE
FUTURE = 0  # the features that the cells have imported from __future__
FEATURES = {getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
OPTIONS = {  # of magics that run code: the letters that take a value
    "time": "", "timeit": "nrp", "prun": "lsTD", "memit": "rti", "mprun": "fT", "lprun": "fmDTus"}


def names() -> dict:
    """A fresh `__main__` with what a notebook finds there: display, get_ipython, no input."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv = ["notebook"]

    def no_input(prompt="", *_):
        raise RuntimeError("input() has no one to ask while a notebook is graded.")

    shell = Shell(module.__dict__)
    module.__dict__.update(get_ipython=lambda: shell, In=[""], Out={}, exit=nothing, quit=nothing,
                           display=nothing, _="", __="", ___="")
    for name in ("help", "exit", "quit", "copyright", "credits", "license"):
        setattr(builtins, name, nothing)
    builtins.input, builtins.display = no_input, nothing
    builtins.get_ipython = module.get_ipython
    # `from IPython import get_ipython` finds the same, when it imports the real package.
    stand_in = types.ModuleType("IPython.core.getipython")
    stand_in.get_ipython = module.get_ipython
    sys.modules[stand_in.__name__] = stand_in
    return module.__dict__


def nothing(*_, **__):
    """Stands in for what only shows something, or would end the notebook."""


class Nothing:
    """Has every attribute, and can be called."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()

    def __call__(self, *_, **__):
        return None


class Lines(list):
    """What `files = !ls` gives: the lines of the output, of which there are none."""

    s = n = nlstr = spstr = ""

    @property
    def l(self):  # noqa: E743
        return self

    p = list = l

    def grep(self, *_, **__):
        return Lines()

    fields = sort = grep


class Timing:
    """What `%timeit -o` gives."""

    def __init__(self, seconds: float):
        self.average = self.best = self.worst = seconds
        self.stdev, self.loops, self.repeat = 0.0, 1, 1
        self.all_runs = self.timings = [seconds]


class Shell:
    """What IPython's magics call: %%time and its like run their code, others do nothing."""

    def __init__(self, space: dict):
        self.user_ns, self.config = space, {}

    def run_line_magic(self, name, line="", *_, **__):
        if name not in OPTIONS:
            return Lines() if name in ("sx", "system") else None
        statement, start = without_options(name, line), time.perf_counter()
        if name == "time":
            return run_line(statement, self.user_ns)
        run_line(statement, dict(self.user_ns))
        return Timing(time.perf_counter() - start) if name == "timeit" else None

    def run_cell_magic(self, name, line="", cell="", *_, **__):
        if name in OPTIONS or name in ("capture", "python", "python3"):
            if name == "capture":
                self.user_ns.update({word: Captured() for word in line.split()[:1]})
            if name == "timeit":
                run_line(without_options(name, line), self.user_ns)
            execute(cell, f"<cell magic {name} {len(linecache.cache)}>", self.user_ns)
        elif name in ("writefile", "file") and line.split():
            with open(line.split()[-1], "a" if "-a" in line.split() else "w") as file:
                file.write(cell)

    def getoutput(self, *_, **__):
        return Lines()

    def __getattr__(self, name):
        if name.startswith("__") or name == "kernel":  # whoever finds one wants to talk to it
            raise AttributeError(name)
        return Nothing()


class Captured:
    """What `%%capture out` puts into `out`."""

    stdout = stderr = ""
    outputs = ()
    show = nothing


def without_options(name: str, line: str) -> str:
    """The statement of `%timeit -n 10 -r3 f(x)`, without what stands before it."""
    rest = line.strip()
    while rest.startswith("-"):
        option, _, rest = rest.partition(" ")
        if len(option) == 2 and option[1] in OPTIONS[name]:
            rest = rest.strip().partition(" ")[2]
        rest = rest.strip()
    return rest


def run_line(line: str, space: dict):
    """Run a line; the value, if it is an expression."""
    try:
        code = compile(line, "<magic>", "eval", FUTURE)
    except SyntaxError:
        exec(compile(line, "<magic>", "exec", FUTURE), space)
        return None
    return eval(code, space)


# --- cells ---


def run_cell(source: str, number: int, space: dict, seconds: float) -> str:
    """Execute one cell; its error on one line, or "" if there was none."""
    name = f"<cell {number}>"
    try:
        with ask._limit(seconds):
            execute(source, name, space)
    except ask.TimeUp:
        return f"no end after {seconds:g} seconds"
    except BaseException as error:  # the next cell is run all the same, as nbgrader does
        text = " ".join(ask._text(error).replace(f"{name}, ", "").split())
        return f"{type(error).__name__[:80]}{text and ': '}{text}"[:200]
    return ""


def execute(source: str, name: str, space: dict) -> None:
    body, last = compile_cell(source, name)
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    if body.co_flags & COROUTINE:
        event_loop().run_until_complete(eval(body, space))
    else:
        exec(body, space)
    if last is not None:
        keep(eval(last, space), space)


_kept = ["", "", ""]


def keep(value, space: dict) -> None:
    """Put the value of a cell's last line into `_`, unless the notebook uses that name itself."""
    names = "_", "__", "___"
    if value is not None and all(space.get(name, old) is old for name, old in zip(names, _kept)):
        _kept[:] = [value, *_kept[:2]]
        space.update(zip(names, _kept))


def event_loop():
    """One for all cells, as in a notebook. asyncio is slow to import, and seldom needed."""
    global loop
    if loop is None:
        import asyncio

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop


def compile_cell(source: str, name: str) -> tuple:
    """The code of a cell and, by itself, that of its last line if this is an
    expression (and nothing is awaited)."""
    global FUTURE
    try:
        tree = compile(source, name, "exec", ast.PyCF_ONLY_AST | AWAIT | FUTURE, True)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        source = TransformerManager().transform_cell(source)
        tree = compile(source, name, "exec", ast.PyCF_ONLY_AST | AWAIT | FUTURE, True)
    body, last = compile(tree, name, "exec", AWAIT | FUTURE, True), None
    FUTURE |= sum(flag for flag in FEATURES if body.co_flags & flag)
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not body.co_flags & COROUTINE:
        last = compile(ast.Expression(tree.body.pop().value), name, "eval", FUTURE, True)
        body = compile(tree, name, "exec", FUTURE, True)
    return body, last
