"""Runs inside the sandbox: what a notebook's cells find in Jupyter, as far as they need it.

`names()` gives the fresh `__main__`, `run_cell` executes a cell in it: with magics, `await`, `_`,
and `from __future__` that holds for later cells. Nothing is shown, and no other program is started.
What is not available here (packages, files, a network) stops no cell: see `stand_in`.
"""

import __future__

import ast
import builtins
import inspect
import linecache
import re
import sys
import time
import types

ask = bans = loop = None
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
        raise NotAvailable(f"an answer to input() {MEANWHILE}")

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
        seconds = time.perf_counter() - start
        return types.SimpleNamespace(  # what `%timeit -o` gives
            average=seconds, best=seconds, worst=seconds, stdev=0.0, loops=1, repeat=1,
            all_runs=[seconds], timings=[seconds]) if name == "timeit" else None

    def run_cell_magic(self, name, line="", cell="", *_, **__):
        if name in OPTIONS or name in ("capture", "python", "python3"):
            if name == "capture":
                self.user_ns.update({word: types.SimpleNamespace(
                    stdout="", stderr="", outputs=(), show=nothing) for word in line.split()[:1]})
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


# --- what is not available here ---

MEANWHILE = "is not available while a notebook is graded."


class NotAvailable(ImportError):
    """The code needs a package, a file or a person that only the learner's computer has."""


class StandIn:
    """Bound to a name that could not be made: whatever is done with it raises NotAvailable."""

    def __init__(self, name: str, why: str):
        self.__dict__["_said"] = f"{name} {MEANWHILE} ({why})"


def fail(self, *_, **__):
    raise NotAvailable(self.__dict__["_said"])


for _name in """getattr setattr call bool len iter next contains getitem setitem enter array float
    int index neg pos abs invert eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv mod
    rmod floordiv rfloordiv pow rpow matmul rmatmul and rand or ror xor rxor mro_entries""".split():
    setattr(StandIn, f"__{_name}__", fail)


def is_missing_here(error: BaseException, space: dict) -> bool:
    """Whether the learner's computer may well have had what this statement asked for."""
    return isinstance(error, ImportError | OSError) or (
        isinstance(error, RuntimeError) and str(error).endswith(bans.SAYS)) or (
        isinstance(error, NameError) and "*" in space.get("__missing__", ()))


def stand_in(node: ast.stmt, error: BaseException, space: dict) -> None:
    """Bind the names that a statement would have made, as far as they are still unbound."""
    names, todo = [], [node]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(part.name)
        elif isinstance(part, ast.alias):
            names.append(part.asname or part.name.split(".")[0])
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.append(part.id)
        elif not isinstance(part, ast.Lambda):
            todo += ast.iter_child_nodes(part)
    why = f"{type(error).__name__}: {ask._text(error)}"[:200]
    space.setdefault("__missing__", set()).update(names)
    for name in names:
        space.setdefault(name, StandIn(name, why))


# --- cells ---


def run_cell(source: str, number: int, space: dict, seconds: float) -> dict:
    """Execute one cell; its first error on one line, and whether it came to its end."""
    name, problems, ended = f"<cell {number}>", [], False
    try:
        with ask._Limit(seconds):
            execute(source, name, space, problems)
        ended = True
    except ask.TimeUp:
        return {"error": f"no end after {seconds:g} seconds", "ended": False}
    except BaseException as error:  # the next cell is run all the same, as nbgrader does
        problems.append(error)
    said = ""
    for error in problems[:1]:
        text = " ".join(ask._text(error).replace(f"{name}, ", "").split())
        said = f"{type(error).__name__[:80]}{text and ': '}{text}"[:200]
    return {"error": said, "ended": ended}


def execute(source: str, name: str, space: dict, problems: list | None = None) -> None:
    """Run a cell's statements one after the other, also after one that lacks something here."""
    tree, awaits = parse_cell(source, name)
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    running = run_statements(tree.body, name, space, [] if problems is None else problems)
    if awaits:
        event_loop().run_until_complete(running)
    else:
        try:
            running.send(None)
        except StopIteration:
            pass


async def run_statements(body: list, name: str, space: dict, problems: list) -> None:
    for node in body:
        try:
            value = await run_statement(node, name, space)
        except Exception as error:
            if not is_missing_here(error, space):
                raise
            problems.append(error)
            try:  # an answer is more than its decorators and annotations
                if not isinstance(node, ast.FunctionDef):
                    raise
                node.decorator_list = []
                await run_statement(node, name, space, __future__.annotations.compiler_flag)
            except Exception:
                stand_in(node, error, space)
        else:
            if node is body[-1] and isinstance(node, ast.Expr):
                keep(value, space)


async def run_statement(node: ast.stmt, name: str, space: dict, flags: int = 0):
    """The value, if it is an expression."""
    global FUTURE
    tree, mode = (ast.Expression(node.value), "eval") if isinstance(node, ast.Expr) else (
        ast.Module([node], []), "exec")
    code = compile(tree, name, mode, AWAIT | FUTURE | flags, True)
    FUTURE |= sum(flag for flag in FEATURES if code.co_flags & flag & ~flags)
    value = eval(code, space)
    return await value if code.co_flags & COROUTINE else value


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


def parse_cell(source: str, name: str) -> tuple[ast.Module, bool]:
    """A cell's statements, and whether any of them awaits something."""
    try:
        tree = compile(source, name, "exec", ast.PyCF_ONLY_AST | AWAIT | FUTURE, True)
    except SyntaxError:
        source = without_magics(source)
        tree = compile(source, name, "exec", ast.PyCF_ONLY_AST | AWAIT | FUTURE, True)
    return tree, bool(compile(tree, name, "exec", AWAIT | FUTURE, True).co_flags & COROUTINE)


MAGIC = re.compile(r"^([ \t]*)(?:([\w, ]+=[ \t]*)?(%|!!?|\?\??)(.*)|[\w.]+\?\??[ \t]*)$", re.M)


def without_magics(source: str) -> str:
    """IPython's syntax as Python; by simple rules where there is no IPython."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager

        return TransformerManager().transform_cell(source)
    except ImportError:
        pass

    def call(match) -> str:
        indent, target, sign, rest = match.groups("")
        word, _, line = rest.strip().partition(" ")
        if sign == "%":
            return f"{indent}{target}get_ipython().run_line_magic({word!r}, {line!r})"
        shell = f"get_ipython().getoutput({rest!r})" if "!" in sign else "pass"
        return f"{indent}{target}{shell}"

    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        word, _, line = first[2:].partition(" ")
        return f"get_ipython().run_cell_magic({word!r}, {line!r}, {rest!r})"
    return MAGIC.sub(call, source)
