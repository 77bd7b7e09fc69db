"""Is an answer right, and if not, what is wrong with it: `judge(exercise, ask, rng)`.

The judge asks one question after the other, compares each answer with the reference's, and stops at
the first that is wrong, with a sentence: the input, what came, what was expected, the likely cause.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from . import bans
from .ask import Code, Other, TensorValue, decode, question, respond
from .spec import Case, Exercise, Mistake

BLANK = "not attempted yet"
MAX_VIEW = 1_000  # numbers that a view may be given


@dataclass(frozen=True)
class Verdict:
    """`right`, a sentence, and the kind of failure: "value", "shape", "error", "missing", …"""

    right: bool
    message: str
    kind: str = "right"
    case: int = 0

    @property
    def blank(self) -> bool:
        """Whether the stub was left as it was."""
        return self.kind == "missing" and BLANK in self.message


class _Wrong(Exception):
    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


def judge(exercise: Exercise, ask: Callable[[dict], dict], rng: np.random.Generator) -> Verdict:
    """Ask until an answer is wrong. `ask` takes a question (ask.py) and returns the answer."""
    cases = exercise.cases(rng)
    for number, case in enumerate(cases):
        try:
            _check(exercise, case, ask(question(case.program, case.args)))
        except _Wrong as wrong:
            return Verdict(False, f"✗ {exercise.name}: {wrong}", wrong.kind, number)
    return Verdict(True, f"✓ {exercise.name}: right" +
                   (f", for {len(cases)} different inputs." if len(cases) > 1 else "."))


def _check(exercise: Exercise, case: Case, answer: dict) -> None:
    """Raise _Wrong with a sentence unless the answer is right."""
    status = answer.get("status")
    if status == "missing":
        raise _Wrong("missing", f"there is no {answer.get('name', exercise.name)} yet. Run the "
                                "cell above that defines it, then this one again.")
    if status == "slow":
        raise _Wrong("slow", f"{_call(case)} had not ended after {answer.get('seconds', 0):g} "
                             f"seconds. {case.slow}")
    if status == "error":
        raise _Wrong(*_explain_error(case, answer))
    want = expected(exercise.references, case)
    try:
        got = decode(answer["value"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise _Wrong("garbled", "the answer could not be read.") from error
    if got is None and (want is not None or case.view):
        raise _Wrong("nothing", f"{_call(case)} gives None. Is the return missing?")
    if case.view:
        if _numbers(got) > MAX_VIEW:
            raise _Wrong("shape", f"{_call(case)} gives far more numbers than are asked for.")
        try:
            with np.errstate(all="ignore"):
                got = case.view(got, case.args)
        except Exception as error:
            form = _what(expected(exercise.references, replace(case, view=None)))
            raise _Wrong("type", f"{_call(case)} gives {show(got)}; expected {form}.") from error
    found = difference(got, want, exercise)
    if found:
        kind, text = found
        cause = _cause(exercise, case, got, want, text if kind == "value" else "")
        raise _Wrong(kind, f"{_call(case)} {text}{cause and ' ' + cause}")
    changed = [name for name in answer.get("changed", ()) if name not in exercise.changes]
    if changed:
        name, names = changed[0], " and ".join(changed)
        cure = f"Work on a copy ({name} = {name}.copy()), or write x = x - m instead of x -= m."
        if isinstance(exercise.reference, type):
            cure = "self.v = g stores the same array, not a copy. Store g.copy(), or write " \
                   "v = v + g instead of v += g."
        raise _Wrong("changed",
                     f"the result is right, but your code changed its input {names}. {cure}")


def _numbers(value) -> int:
    """How many numbers and letters a value holds; empty arrays count by their longest axes."""
    if isinstance(value, list | tuple):
        return 1 + sum(map(_numbers, value))
    if isinstance(value, dict):
        return 1 + sum(map(_numbers, (*value.keys(), *value.values())))
    if _is_array(value):
        return math.prod(max(n, 1) for n in value.shape)
    return len(value) if isinstance(value, str) else 1


def expected(references: dict, case: Case):
    """What the right functions give, in the form in which answers arrive."""
    answer = respond(references, question(case.program, case.args), quiet=False)
    if answer["status"] != "value":
        raise RuntimeError(f"the reference fails on {case.program}: {answer}")
    value = decode(answer["value"])
    return case.view(value, case.args) if case.view else value


def with_mistake(exercise: Exercise, mistake: Mistake) -> dict:
    """The references, with the wrong functions of a mistake instead of the right ones."""
    wrong = mistake.wrong
    return exercise.references | (
        wrong if isinstance(wrong, dict) else {next(iter(exercise.references)): wrong})


# Part of an error's text: what to do.
ADVICE = {
    "truth value of an array": "if, and, or, max and min take one number. For arrays there are "
                               "np.where, &, |, np.maximum and np.minimum.",
    "remapped shapes": "Two stacks of matrices have unequal lengths. Print both shapes; .T turns "
                       "all axes around, .swapaxes(1, 2) only those of each matrix.",
    "could not be broadcast": "Print the shapes: x[:, None] adds an axis of length 1, "
                              "keepdims=True keeps one. At a slice, check its ends.",
    "concatenation axis": "Arrays that are joined need equal lengths. A list == a name is one "
                          "False; an array == a name has an answer for each.",
    "matmul": "The inner sizes of @ must be equal. Print both shapes; .T turns a matrix around, "
              ".swapaxes(1, 2) each matrix of a stack.",
    "not aligned": "The inner sizes must be equal. Print both shapes; .T turns a matrix around.",
    "AssertionError": "Your assert stopped it. Where a ValueError is asked for, write: if …: raise "
                      "ValueError(…).",
    "RecursionError": "The function calls itself without end.",
    "NameError": "Is the name spelled as above, and was the first cell run?",
    "positional argument": "Keep the arguments as they stood in the first line of the function.",
    "unexpected keyword": "Keep the arguments as they stood in the first line of the function.",
    "only 0-dimensional arrays": "float and math take one number; NumPy's functions take arrays.",
    "only length-1 arrays": "float and math take one number; NumPy's functions take arrays.",
}


def _explain_error(case: Case, answer: dict) -> tuple[str, str]:
    kind, text = str(answer.get("type", "Error")), str(answer.get("text", ""))
    if kind == "NotImplementedError":
        return "missing", f"{BLANK}. Replace the line that raises NotImplementedError."
    if kind == "RuntimeError" and text.endswith(bans.SAYS):
        line = f" It is reached from your line `{answer['line']}`." if answer.get("line") else ""
        return "banned", text + line
    advice = next((says for part, says in ADVICE.items() if part in f"{kind}: {text}"), "")
    line = f" in your line `{answer['line']}`" if answer.get("line") else ""
    said = f"{kind}{line}{': ' + text.rstrip('.') if text else ''}."
    return "error", f"{_call(case)} raised {said} {advice}".strip()


def _cause(exercise: Exercise, case: Case, got, want, text: str) -> str:
    """What the first mistake says that gives the same as the learner's code.

    `text` says which values are wrong; "" where it is something else, such as a shape.
    """
    if _numbers(got) > 100 * _numbers(want) + 10_000:
        return ""  # what a mistake computes from it could be too large for this computer
    for mistake in exercise.mistakes:
        if mistake.part is not None and f"part {mistake.part} of the result" not in text:
            continue
        try:
            with np.errstate(all="ignore"):
                fits = _fits(exercise, mistake, case, got, want)
        except Exception:
            fits = False
        if fits:
            return mistake.says
    return ""


def _fits(exercise: Exercise, mistake: Mistake, case: Case, got, want) -> bool:
    if mistake.when is not None:
        return bool(mistake.when(got, want, case.args))
    made = expected(with_mistake(exercise, mistake), case)
    if mistake.part is not None:
        got, made = got[mistake.part], made[mistake.part]
    return difference(got, made, exercise) is None


# --- comparing ---


def difference(got, want, exercise: Exercise, *at: str) -> tuple[str, str] | None:
    """None if `got` is as good as `want`, else (kind, sentence); `at` are the indices of a part."""
    here = f"gives in part {' of part '.join(at[::-1])} of the result" if at else "gives"
    if isinstance(got, Other):
        return "type", f"{here} {_named(got)}; expected {_what(want)}."
    if isinstance(want, list | tuple | dict) and not _is_array(got):
        return _difference_in_parts(got, want, exercise, at, here)
    if isinstance(want, str | bool | None) or isinstance(got, str | None):
        same = type(got) is type(want) or (isinstance(got, np.bool_) and isinstance(want, bool))
        return None if same and got == want else (
            "value", f"{here} {show(got)}, expected {show(want)}.")
    if isinstance(want, TensorValue) != isinstance(got, TensorValue):
        return "type", f"{here} a {_kind(got)}; expected a {_kind(want)}."
    if isinstance(got, list | tuple | dict):
        return "type", f"{here} a Python {type(got).__name__}; expected {_what(want)}."
    if isinstance(want, list | tuple | dict):
        return "type", f"{here} {_what(got)}; expected {_what(want)}."
    if not _is_array(want) and _is_array(got) and got.ndim:
        return "shape", f"{here} an array of shape {got.shape}; expected one number."
    if _is_array(want) and want.ndim and not _is_array(got):
        return "type", f"{here} one number, {show(got)}; expected {_what(want)}."
    return _difference_in_numbers(_plain(got), _plain(want), exercise, here)


def _difference_in_parts(got, want, exercise, at, here):
    if type(got) is not type(want) and (exercise.exact or isinstance(want, dict)
                                        or not isinstance(got, list | tuple)):
        return "type", f"{here} {_what(got)}; expected {_what(want)}."
    if isinstance(want, dict):
        if set(got) != set(want):
            return "value", f"{here} the keys {_keys(got)}, expected {_keys(want)}."
        parts = [(got[k], want[k], repr(k)) for k in want]
    else:
        if len(got) != len(want):
            return "shape", f"{here} {_what(got)}; expected {len(want)}."
        parts = [(g, w, str(i)) for i, (g, w) in enumerate(zip(got, want))]
    for g, w, name in parts:
        found = difference(g, w, exercise, *at, name)
        if found:
            return found
    return None


def _keys(value: dict) -> str:
    names = sorted(str(key)[:40] for key in value)
    return f"{names[:20]}" + (" and more" if len(names) > 20 else "")


def _difference_in_numbers(g: np.ndarray, w: np.ndarray, exercise: Exercise, here: str):
    if g.shape != w.shape:
        return "shape", f"{here} an array of shape {g.shape}; expected shape {w.shape}."
    if exercise.exact and g.dtype != w.dtype:
        return "dtype", f"{here} numbers of dtype {g.dtype}; expected {w.dtype}."
    if (g.dtype.kind == "b") != (w.dtype.kind == "b"):
        return "dtype", f"{here} {g.dtype} values; expected {w.dtype}."
    loose = 1e-4 if g.dtype.itemsize < 8 and g.dtype.kind == "f" else 0
    with np.errstate(all="ignore"):
        wrong = ~np.isclose(g.astype(np.float64), w.astype(np.float64),
                            rtol=max(exercise.rtol, loose), atol=max(exercise.atol, loose / 100),
                            equal_nan=True)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        a, b = (g, w) if w.size <= 12 else (g[first], w[first])
        digits = 5 if show(a) != show(b) else 12
        a, b = show(a, digits), show(b, digits)
        if w.size <= 12:
            return "value", f"{here} {a}, expected {b}."
        return "value", f"{here}, at index {list(first)}, {a}, expected {b} " \
                        f"({int(wrong.sum())} of {w.size} numbers are wrong)."
    if w.dtype.kind == "f" and g.dtype.kind != "f" and g.ndim:
        return "dtype", f"{here} the right numbers as {g.dtype}; expected {w.dtype}."
    if w.dtype.kind in "iu" and g.dtype.kind == "f" and g.ndim:
        return "dtype", f"{here} the right numbers as {g.dtype}; expected integers " \
                        f"({w.dtype})."
    return None


def _is_array(value) -> bool:
    return isinstance(value, np.ndarray | TensorValue)


def _plain(value) -> np.ndarray:
    return value.array if isinstance(value, TensorValue) else np.asarray(value)


def _kind(value) -> str:
    if isinstance(value, TensorValue):
        return "Tensor"
    return "NumPy array" if isinstance(value, np.ndarray) else type(value).__name__


def _named(value: Other) -> str:
    """An int, a set, an array of …"""
    return f"a{'n' * value.type_name.lower().startswith(tuple('aeio'))} {value.type_name}"


def _what(value) -> str:
    """The kind of a value, with its shape: what was expected, in words."""
    if _is_array(value):
        return f"a {_kind(value)} of shape {value.shape}"
    if isinstance(value, list | tuple):
        numbers = all(isinstance(v, int | float | np.number) for v in value)
        called = "number" if numbers and value else "part"
        return f"a {type(value).__name__} of {len(value)} {called}{'s' * (len(value) != 1)}"
    if isinstance(value, dict):
        return "a dict"
    return f"one number, {show(value)}" if np.isscalar(value) and not isinstance(
        value, str | bool) else show(value)


def show(value, digits: int = 5) -> str:
    """A value on one line, with few digits; with 12 where unlike numbers would look alike."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, TensorValue):
        return f"tensor({show(value.array, digits)})"
    if isinstance(value, list | tuple):
        inner = ", ".join(show(v) for v in value[:12]) + (", …" if len(value) > 12 else "")
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        pairs = [f"{show(k)}: {show(v)}" for k, v in list(value.items())[:8]]
        return f"{{{', '.join(pairs)}{', …' if len(value) > 8 else ''}}}"
    if isinstance(value, bool | np.bool_ | str | None):
        return repr(value.item() if isinstance(value, np.bool_) else value)[:200]
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and value.size <= 12 and len(
                {f"{x:.5g}" for x in value.flat}) < len({f"{x:.12g}" for x in value.flat}):
            digits = 12
        text = np.array2string(value, threshold=12, edgeitems=2, separator=", ", formatter={
            "float_kind": lambda x: f"{x + 0.0:.{digits}g}"}, max_line_width=10**6)
        return " ".join(text.split()).replace("[ ", "[")
    if isinstance(value, Other):
        return _named(value)
    if isinstance(value, float | np.floating):
        return f"{value + 0.0:.{max(digits, 6)}g}"
    return str(value)


def _call(case: Case) -> str:
    """The call with its arguments, short: softmax(logits) with logits = [[1, 2]]"""
    program = case.shown or case.program
    program = "; ".join(line.strip() for line in program.splitlines() if line.strip())
    program = program if len(program) < 200 else program[:197] + "…"
    used = [name for name in case.args if re.search(rf"\b{name}\b", case.program)]
    args = [f"{name} = {_argument(case.args[name])}" for name in used]
    return program + (f" with {', '.join(args)}" if args else "")


def _argument(value) -> str:
    if _is_array(value) and _plain(value).size > 12:
        return f"an array of shape {value.shape}"
    return show(value)
