"""What an answer must write itself: the library's own version is banned while it is tried.

`check` has the running code watched (`watched`, ask.py) and changes nothing; the grader gives a
submission a copy of d2lmini without it (grading/sandbox/filtered.py). Both follow the rule of
`Library`, so that they agree. However the answer gets to the real function, by an alias or a
helper, it meets the same error; what the learner wrote under the same name is free. Imports only
the standard library.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import sys
import types
from collections.abc import Iterator

NO_PART = ("exercises", "grading", "tests", "tools", "__pycache__")
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


# --- the code that must not run, in d2lmini as it is loaded and in NumPy ---


def watched(lesson_bans, bans) -> dict:
    """The code in d2lmini and NumPy that is banned, by id: (code, [(class or None, error), …]).

    A class bans its own methods, and for its instances the __init__ that it inherits.
    """
    found: dict = {}
    for code, cls, text in (*_library(Library(lesson_bans)), *_foreign(bans)):
        found.setdefault(id(code), (code, []))[1].append((cls, text))
    return found


def _library(library: Library) -> Iterator[tuple]:
    for module in modules(library.bans) if library.bans else ():
        place = module.__name__.rpartition(".")[2]
        for value in list(vars(module).values()):
            if getattr(value, "__module__", "") != module.__name__:
                continue
            if isinstance(value, type):
                yield from _of_class(library, value, place)
            else:
                yield from _of_function(library, value, place)


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


def _of_class(library: Library, cls: type, place: str) -> Iterator[tuple]:
    ban = library.ban(cls.__name__, place)
    for value in list(vars(cls).values()):
        value = getattr(value, "__func__", value)
        for f in (value.fget, value.fset) if isinstance(value, property) else (value,):
            yield from _of_function(library, f, cls.__name__, place, ban=ban)
    if ban and "__init__" not in vars(cls) and isinstance(cls.__init__, types.FunctionType):
        yield cls.__init__.__code__, cls, sentence(ban)


def _of_function(library: Library, function, *places: str, ban: str = "") -> Iterator[tuple]:
    function = inspect.unwrap(function) if callable(function) else function
    if isinstance(function, types.FunctionType):
        if ban:
            yield function.__code__, None, sentence(ban)
        else:
            yield from _of_code(library, function.__code__, places)


def _of_code(library: Library, code: types.CodeType, places: tuple) -> Iterator[tuple]:
    """The code itself, or what is banned inside of it."""
    if code.co_name in library.names:
        yield code, None, sentence(library.ban(code.co_name, *places))
        return
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _of_code(library, constant, places)


def _foreign(bans) -> Iterator[tuple]:
    for function, text in foreign(bans):
        yield function.__code__, None, text


def foreign(bans) -> Iterator[tuple]:
    """The functions of NumPy that are banned, and the same elsewhere, each with its error."""
    for ban in filter(is_foreign, bans):
        module, _, name = ban.rpartition(".")
        module = "numpy" + module.removeprefix("numpy").removeprefix("np")
        for place, called in ((module, name), *ALSO.get(name, ())):
            with contextlib.suppress(ImportError, AttributeError):
                said = ban if called[0] == "_" else f"{place}.{called}".replace("numpy", "np")
                thing = importlib.import_module(place)
                for part in called.split("."):
                    thing = getattr(thing, part)
                thing = inspect.unwrap(getattr(thing, "_implementation", thing))
                if isinstance(thing, types.FunctionType):  # the others call one of these
                    yield thing, sentence(said)


def of_numpy(bans) -> list:
    """For the grader's disposable process: (function, "__code__", code that raises the error)."""
    return [(f, "__code__", raising(f.__code__, text)) for f, text in foreign(bans)]


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
