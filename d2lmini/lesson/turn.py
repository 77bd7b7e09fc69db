"""The reader's own lines: `your_turn` looks at what was written, `expect` at a lesson's results.

A blank is `...`. It never stops a notebook: where it is still there, or where the answer is wrong,
the given answer is used from there on. Next: plot.py, the pictures.
"""

from __future__ import annotations

import numpy as np

CHANGED = "Did you change a number above? Then that is fine: this sentence is about the original."


def your_turn(yours, given, *inputs, name: str = "", test=None):
    """Compare what the reader wrote with the given answer; return yours if it is right.

    A value is compared with the given value. A function is called with each of `inputs` (a tuple
    is several arguments) and compared with the given function. Where many answers are right,
    `test(yours)` decides instead: True, or a sentence that says what is wrong.

    >>> three = your_turn(..., 3, name="three")
    three: still blank. The given answer is used from here on.
    """
    name = name or getattr(given, "__name__", "") or "your answer"
    if _blank(yours):
        wrong = "still blank."
    elif test is not None:
        verdict = _sentence(lambda: test(yours))
        wrong = "" if verdict is True else str(verdict or "not yet right.")
    elif callable(given):
        wrong = next(filter(None, (_differs(yours, given, x) for x in inputs)), "")
    else:
        wrong = "" if _same(yours, given) else f"you wrote {_short(yours)}, not {_short(given)}."
    print(f"{name}: {wrong} The given answer is used from here on." if wrong else f"{name}: right.")
    return given if wrong else yours


def expect(holds, what: str) -> None:
    """Print a sentence where a result of the lesson is not as `what` says; never an error.

    >>> expect(0.4 > 0.9, "The accuracy is above 90 %.")
    Not so here: The accuracy is above 90 %. Did you change a number above? Then that is fine: ...
    """
    if not holds:
        print(f"Not so here: {what} {CHANGED}")


def _blank(yours) -> bool:
    """Whether it is `...`, holds one, or is a function that still returns one."""
    if isinstance(yours, list | tuple):
        return any(_blank(part) for part in yours)
    code = getattr(yours, "__code__", None)
    return yours is ... or (code is not None and ... in code.co_consts)


def _differs(yours, given, arguments) -> str:
    """The sentence for one input; empty if both functions give the same."""
    arguments = arguments if isinstance(arguments, tuple) else (arguments,)
    shown = ", ".join(_short(a) for a in arguments)
    wanted = given(*arguments)
    try:
        got = yours(*arguments)
    except Exception as error:  # whatever the reader's line does, the lesson goes on
        return f"for {shown} it stops with {type(error).__name__}: {error}."
    same = _same(got, wanted)
    return "" if same else f"for {shown} it gives {_short(got)}, not {_short(wanted)}."


def _sentence(call):
    try:
        return call()
    except Exception as error:
        return f"it stops with {type(error).__name__}: {error}."


def _same(a, b) -> bool:
    if isinstance(b, tuple) and isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_same, a, b))
    try:
        a, b = _array(a), _array(b)
        return a.shape == b.shape and bool(
            np.allclose(a, b, rtol=1e-4, atol=1e-6) if b.dtype.kind in "fc" else (a == b).all())
    except (TypeError, ValueError):
        return False


def _array(value) -> np.ndarray:
    """The numbers of an array, a list or a tensor, whether or not it requires a gradient."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def _short(value) -> str:
    number = {"float_kind": lambda x: f"{x:.4g}"}
    text = " ".join(np.array2string(_array(value), separator=", ", formatter=number).split())
    return text if len(text) <= 60 else f"{type(value).__name__} of shape {np.shape(value)}"
