"""What an answer must write itself: the library's own version is taken away while it is tried.

`check` does it in the notebook for the moment of a question (`taken_away`), the grader in the copy
of d2lmini that a submission finds (grading/filtered.py). Both by the rule of `Library`, so that
they agree. Whatever way the answer takes to the real function, an alias or a helper, it meets the
same sentence; what the learner wrote under the same name is free. Only the standard library.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import sys
import types

NO_PART = ("exercises", "grading", "tests", "course", "bench", "__pycache__")
SAYS = " is not allowed: it does what you write yourself in this lesson. Your own version of it " \
       "may be used."
ALSO = {  # the same under other names: modules and the names in them
    "var": (("numpy", "nanvar"), ("numpy.ma", "var"), ("numpy.ma", "MaskedArray.var"),
            ("numpy._core._methods", "_var"), ("statistics", "_ss"), ("statistics", "variance"),
            ("statistics", "pvariance")),
    "std": (("numpy", "nanstd"), ("numpy.ma", "std"), ("numpy.ma", "MaskedArray.std"),
            ("numpy._core._methods", "_std"), ("statistics", "stdev"), ("statistics", "pstdev")),
    "cov": (("numpy.ma", "cov"), ("statistics", "covariance")),
}


def sentence(ban: str) -> str:
    return ban + SAYS


def is_foreign(ban: str) -> bool:
    """Whether NumPy's own function is meant; it is banned in one exercise, not in the lesson."""
    return ban.split(".")[0] in ("np", "numpy", "math")


class Library:
    """The bans of a lesson on d2lmini: every function, method or class called as a ban ends."""

    def __init__(self, bans):
        self.bans = [ban for ban in bans if not is_foreign(ban)]
        self.names = {ban.rpartition(".")[2] for ban in self.bans}

    def ban(self, name: str, *places: str) -> str:
        """The ban that a name falls under, the nearest to where it stands; "" if there is none."""
        fits = [ban for ban in self.bans if ban.rpartition(".")[2] == name]
        near = [ban for ban in fits if ban.split(".")[-2] in places]
        return (near or fits or [""])[0]


# --- the live package and NumPy; a change is an object, the name of its attribute, and a value ---


@contextlib.contextmanager
def taken_away(changes: list):
    """Make the changes, and undo them at the end."""
    missing, before = object(), []
    try:
        for thing, name, value in changes:
            before.append((thing, name, vars(thing).get(name, missing) if name != "__code__"
                           else thing.__code__))
            setattr(thing, name, value)
        yield
    finally:
        for thing, name, value in reversed(before):
            if value is missing:
                delattr(thing, name)
            else:
                setattr(thing, name, value)


def of_library(bans) -> list:
    """The changes that make d2lmini, as it is loaded, raise where a lesson's copy of it does."""
    library, changes = Library(bans), []
    for module in modules(library.bans) if library.bans else ():
        place = module.__name__.rpartition(".")[2]
        for value in list(vars(module).values()):
            if getattr(value, "__module__", "") != module.__name__:
                continue
            if isinstance(value, type):
                changes += of_class(library, value, place)
            else:
                changes += of_function(library, value, place)
    return changes


def modules(bans: list) -> list:
    """The modules of d2lmini that are loaded, and those that are named in the bans."""
    top = __name__.split(".")[0]
    for ban in bans:
        name = f"{top}.{ban.split('.')[0]}"
        if name not in sys.modules and importlib.util.find_spec(name):
            importlib.import_module(name)
    return [module for name, module in list(sys.modules.items())
            if name.split(".")[0] == top and name.split(".")[1:2] != []
            and name.split(".")[1] not in NO_PART and isinstance(module, types.ModuleType)]


def of_class(library: Library, cls: type, place: str) -> list:
    ban = library.ban(cls.__name__, place)
    changes = []
    for value in list(vars(cls).values()):
        value = getattr(value, "__func__", value)
        for f in (value.fget, value.fset) if isinstance(value, property) else (value,):
            changes += of_function(library, f, cls.__name__, place, ban=ban)
    if ban and "__init__" not in vars(cls):
        changes.append((cls, "__init__", banned(sentence(ban))))
    return changes


def of_function(library: Library, function, *places: str, ban: str = "") -> list:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    if not isinstance(function, types.FunctionType):
        return []
    code = raising(function.__code__, sentence(ban)) if ban else changed(
        library, function.__code__, places)
    return [] if code is function.__code__ else [(function, "__code__", code)]


def changed(library: Library, code: types.CodeType, places: tuple) -> types.CodeType:
    """The same code, in which what is banned, also inside of it, raises."""
    if code.co_name in library.names:
        return raising(code, sentence(library.ban(code.co_name, *places)))
    constants = tuple(changed(library, c, places) if isinstance(c, types.CodeType) else c
                      for c in code.co_consts)
    same = all(a is b for a, b in zip(constants, code.co_consts))
    return code if same else code.replace(co_consts=constants)


def raising(code: types.CodeType, text: str) -> types.CodeType:
    """Code with the same arguments and free names as `code`, that raises RuntimeError(text).

    A generator stays one (Python 3.13 asks for that): it raises as soon as it is asked.
    """
    positional, names = code.co_posonlyargcount, list(code.co_varnames)
    plain, keyword = names[:code.co_argcount], code.co_kwonlyargcount
    only = names[code.co_argcount:code.co_argcount + keyword]
    rest = iter(names[code.co_argcount + keyword:])
    star = [f"*{next(rest)}"] if code.co_flags & inspect.CO_VARARGS else ["*"] if only else []
    stars = [f"**{next(rest)}"] if code.co_flags & inspect.CO_VARKEYWORDS else []
    slash = ["/"] if positional else []
    arguments = [*plain[:positional], *slash, *plain[positional:], *star, *only, *stars]
    free, space = ", ".join(code.co_freevars), {}
    generator = "  yield\n" if code.co_flags & inspect.CO_GENERATOR else ""
    exec(f"def outer({free}):\n def raises({', '.join(arguments)}):\n"
         f"  raise RuntimeError({text!r})\n  {free}\n{generator} return raises", space)
    return space["outer"](*code.co_freevars).__code__.replace(co_name=code.co_name)


def of_numpy(bans) -> list:
    """The changes that take NumPy's functions away, and the same elsewhere."""
    changes = []
    for ban in filter(is_foreign, bans):
        module, _, name = ban.rpartition(".")
        module = "numpy" + module.removeprefix("numpy").removeprefix("np")
        for place, called in ((module, name), *ALSO.get(name, ())):
            with contextlib.suppress(ImportError, AttributeError):
                said = ban if called[0] == "_" else f"{place}.{called}".replace("numpy", "np")
                changes += of_place(importlib.import_module(place), called, sentence(said))
    return changes


def of_place(thing, called: str, text: str) -> list:
    """The function itself, so that an alias of it raises; else its name."""
    *path, name = called.split(".")
    for part in path:
        thing = getattr(thing, part)
    function = getattr(thing, name)
    inner = getattr(function, "_implementation", function)
    inner = getattr(inner, "__wrapped__", inner)
    if isinstance(inner, types.FunctionType):  # NumPy remembers functions: exchange only the code
        return [(inner, "__code__", raising(inner.__code__, text))]
    return [(thing, name, banned(text))]


def banned(text: str):
    def function(*_, **__):
        raise RuntimeError(text)
    return function
