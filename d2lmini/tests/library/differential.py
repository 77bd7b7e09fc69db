"""The same random programs on PyTorch and on d2lmini, compared after every statement.

`program(seed)` gives the statements of one program as text (differential_areas.py and
differential_models.py write them), `compare(statements)` runs them on both libraries, `shrink`
drops what a difference does not need, and the command prints the table of all areas:

    python -m d2lmini.tests.library.differential --programs 1000000 --workers 2

Compared are values, gradients, dtypes, shapes, whether there is a graph, what is printed, and who
raises. LISTED names what may differ: the same lines as in the README, "Where d2lmini differs".
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import math
import os
import re
import sys
import time
import warnings
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, lru_cache
from multiprocessing import get_context

os.environ.setdefault("D2LMINI_THREADS", "1")
import numpy as np
import torch

import d2lmini

from .differential_areas import ONE_LINE, Writer
from .differential_models import SCRIPTS

AREAS = [*ONE_LINE, *SCRIPTS]

# Kinds of difference that a learner would not notice: nothing is raised.
SILENT = {"value", "gradient", "shape", "dtype", "type"}

# What may differ, as the README's table says: a name, the kinds of difference, and a pattern that
# the statement, one of the results or one of the messages holds.
LISTED: list[tuple[str, set[str], str]] = [
    ("float64 arrays", {"dtype"},
     r"L\.tensor\((n\b|np\.float64|np\.array|\[np)|L\.as_tensor\(|n [-+*]= "),
    ("PyTorch's gradients that share memory", {"gradient", "value"},
     r"autograd\.grad\(.*\n[\s\S]*\] = |= tensor\([^\[]*\.grad tensor\([^\[]*[\s\S]*stack\("),
    ("second backward", {"refused"}, "this graph was used before"),
    ("view copies", {"lenient"}, r"view size is not compatible"),
    ("softmax without dim", {"refused"}, "say along which axis"),
    ("losses that would broadcast", {"refused"}, "would broadcast to|targets are probabilities"),
    ("NumPy arrays beside a tensor", {"dtype", "type", "lenient", "refused"},
     r"np\.(exp|clip|where|dot|sqrt|concatenate)\(|[-+*/]=? np\.|np\.array\(.*\) [-+*/] |"
     r"can't assign a numpy|got numpy|np\.\w+\(.*\) in place"),
    ("lists beside a tensor", {"lenient", "type"},
     r"can't assign a list|[-+*/]=? [\[(]|'(Tensor|list)' and '(Tensor|list)'|\.tolist\(\)|"
     r"only integer tensors of a single element|expected Tensor as element 0"),
    ("what is not there", {"refused"},
     "unexpected keyword argument|einsum|batch_size must be|adaptive_avg_pool2d: images|takes floats"),
    ("dtypes that PyTorch refuses", {"lenient"},
     r"not implemented for '|Expected a floating point|Found dtype|Autograd not support dtype|"
     r"could not infer output dtype|does not support bool|expected target dtype|expected dtype|"
     r"must have the same dtype|destination dtypes match|to be a boolean|with a bool tensor|"
     r"Boolean inputs not supported|on a bool tensor is not supported|expected scalar type"),
    ("a parameter given twice", {"refused"}, "is given twice"),
    ("True as an index", {"refused"},
     "an index is an integer, not True or False|only have a single ellipsis"),
    ("overlapping memory", {"lenient", "refused"}, "single memory location|array is read-only"),
    ("what PyTorch alone refuses", {"lenient"},
     r"INTERNAL ASSERT FAILED|[Ii]nference tensor|zip\(\) argument|invalid gradient at index|KeyError: 'momentum_buffer'|Can't detach views|"
     r"doesn't match the broadcast shape|\] [-+*/]= L\.tensor\(.*requires_grad=True\)"),
    ("changes in place under a graph", {"refused", "lenient"},
     r"name '\w' is not defined|is a view and is being modified inplace|"
     "needs was changed in place|shares memory with one that was changed|modified by an inplace|"
     "a view of a leaf Variable that requires grad|detached in-place|created in no_grad mode|"
     "a derivative returned shape"),
    ("memory of a leaf", {"refused"}, "a leaf Variable that requires grad is being used"),
    ("views made inside no_grad", {"graph"},
     r"no_grad|grad_fn=<Invalid>|\.data|AsStridedBackward|CopySlices|FillBackward|IndexPut"),
    ("numbers that do not fit", {"refused", "lenient"}, "without overflow|out of bounds for uint8"),
    ("integers to negative powers", {"refused", "lenient"}, "to negative integer powers"),
    ("derivative of a number % tensor", {"lenient"}, "derivative for aten::remainder"),
    ("another shape for a leaf", {"gradient"}, r"(squeeze|t|transpose)_\("),
    ("memory changed behind the graph", {"gradient"}, r"\.data\b|\.numpy\(\)|CopySlices"),
    ("strides of axes of length 1", {"value"}, r"\.(stride|storage_offset)\("),
    ("empty tensors", {"dtype"}, r"einsum\(.*tensor\(\[\]|softmax\([\s\S]*tensor\(\[\], (size=\(.*\), )?dtype=torch\.\w+\) "),
    ("empty tensors", {"lenient"}, r"to indexing result of shape \[.*\b0\b"),
    ("empty tensors", {"refused"},
     "no element to choose|batch is empty|holds no number|cat: dim 1 does not exist in a tensor with 1 axes|"
     r"cannot have shape \(\)"),
]


@dataclass
class Difference:
    """Where the libraries part: in which way, at which statement, and both results."""
    kind: str
    statement: str
    reference: str
    subject: str
    program: list[str] = field(default_factory=list)
    area: str = ""
    seed: int = -1
    listed: str = ""

    def __str__(self) -> str:
        lines = "\n".join(self.program or [self.statement])
        return (f"{self.kind} (area {self.area}, seed {self.seed})\n{lines}\n"
                f"  PyTorch: {self.reference}\n  d2lmini: {self.subject}")


# --- the two namespaces -----------------------------------------------------------------------

def namespace(library) -> dict:
    """What a program may use, under the same names for both libraries."""
    name = library.__name__
    try:
        data = importlib.import_module(f"{name}.utils.data")
    except ImportError:
        data = importlib.import_module(f"{name}.data")
    space = {"L": library, "nn": library.nn, "optim": library.optim, "np": np, "math": math,
             "F": getattr(library.nn, "functional", None) or library.functional, "nan": math.nan,
             "inf": math.inf, "OrderedDict": OrderedDict, "printed": printed}
    for name in ("DataLoader", "TensorDataset", "Dataset", "Subset", "random_split"):
        space[name] = getattr(data, name, None)
    return space


def printed(x) -> str:
    """What print(x) writes."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print(x)
    return out.getvalue()


def arrays(module) -> dict:
    return {k: np.array(v.detach().numpy()) for k, v in module.state_dict().items()}


def helpers(library, other: dict, first: bool) -> dict:
    """`given`, `adopt` and `lend`: how two modules come by the same weights."""
    def load(m, state):
        m.load_state_dict({k: library.from_numpy(v) for k, v in state.items()})

    def given(m, seed):
        rng = np.random.default_rng(seed)
        load(m, {k: v if v.dtype.kind != "f" else
                 np.asarray(rng.uniform(0.1 if "var" in k else -1, 1, v.shape), v.dtype)
                 for k, v in arrays(m).items()})

    def adopt(m):
        if not first:
            load(m, arrays(other["m"]))

    def lend(m):
        if first and "m" in other:
            load(m, arrays(other["m"]))
    return {"given": given, "adopt": adopt, "lend": lend}


@lru_cache
def spaces(subject) -> tuple[dict, dict]:
    return namespace(torch), namespace(subject)


@cache
def has(name: str, subject=d2lmini) -> bool:
    """Whether the library has this name: `L.exp`, `Tensor.exp_`, `F.relu`, `nn.Linear`, …"""
    head, *rest = name.split(".")
    thing = subject.Tensor if head == "Tensor" else spaces(subject)[1].get(head)
    for part in rest:
        thing = getattr(thing, part, None)
    return thing is not None


def write(seed: int, space: dict, has, area: str = "") -> Iterator[str]:
    """The statements of program `seed`, one by one; `space` is PyTorch's namespace so far."""
    w = Writer(seed, space, has)
    area = area or AREAS[seed % len(AREAS)]
    if area in SCRIPTS:
        yield from SCRIPTS[area](w)
        return
    for _ in range(w.r.randint(1, 3)):
        yield f"{w.new()} = {w.tensor()}"
    others = [a for a in ONE_LINE if a != "printing"]
    for _ in range(w.r.randint(2, 6)):
        yield ONE_LINE[area if w.chance(0.65) else w.choice(others)](w)
    for y in w.vars(lambda t: t.requires_grad and t.grad_fn is not None)[-2:]:
        shape = tuple(space[y].shape)
        weights = f" * {w.tensor(shape, 'float32', False)}" if w.chance(0.5) else ""
        yield f"({y}{weights}).sum().backward(retain_graph=True)"


# --- running and comparing --------------------------------------------------------------------

def program(seed: int, area: str = "") -> list[str]:
    """The statements of one program, as text."""
    statements: list[str] = []
    run(write_into(statements, seed, area), torch)
    return statements


def write_into(statements: list[str], seed: int, area: str, names=has):
    """`write` as a function of the namespace that also keeps what it wrote."""
    def begin(space):
        for text in write(seed, space, names, area):
            statements.append(text)
            yield text
    return begin


def compare(statements: list[str], subject=d2lmini) -> Difference | None:
    """The first difference between the libraries in a program, or None."""
    return run(lambda space: iter(statements), subject)


@lru_cache(maxsize=4096)
def compiled(text: str):
    return compile(text, "<program>", "exec")


def execute(text: str, space: dict) -> Exception | None:
    try:
        exec(compiled(text), space)
    except Exception as error:  # whatever a library raises is its answer
        return error
    return None


def run(begin, subject, count: Counter | None = None) -> Difference | None:
    """Run the statements that `begin(PyTorch's namespace)` yields on both libraries in step."""
    left, right = (dict(space) for space in spaces(subject))
    left |= helpers(torch, right, True)
    right |= helpers(subject, left, False)
    torch.default_generator.manual_seed(0)  # torch.manual_seed asks every kind of device
    d2lmini.manual_seed(0)
    printoptions = False
    try:
        for text in begin(left):
            printoptions = printoptions or "set_printoptions" in text
            error, other = execute(text, left), execute(text, right)
            if count is not None:
                count["statements"] += 1
                count["both raise"] += bool(error and other)
            if error is None and other is None:
                found = difference(left, right)
                if found:
                    return Difference(found[0], text, found[1], found[2])
            elif error is None:
                return Difference("refused", text, short(result(text, left)), describe(other))
            elif other is None:
                return Difference("lenient", text, describe(error), short(result(text, right)))
            elif "backward" in text or "autograd.grad" in text:
                return None  # what a broken backward leaves behind is nobody's promise
            elif re.search(r"_\(|[-+*/%]= |\] = ", text) and difference(left, right):
                return None  # PyTorch may leave a change in place half done
    except RuntimeError as error:  # PyTorch raises when such a view is looked at
        if "view" not in str(error):
            raise
    finally:
        if printoptions:
            for library in (torch, subject):
                with contextlib.suppress(Exception):
                    library.set_printoptions(precision=4, threshold=1000, edgeitems=3, linewidth=80)
                    library.set_printoptions(sci_mode=None)
    return None


def result(text: str, space: dict):
    """The value of the name that a statement assigns."""
    names = re.findall(r"^\s*(\w+)(?:\[.*\]|\.\w+)? [-+*/]*= ", text, re.M)
    return space.get(names[-1], "done") if names else "done"


def short(x) -> str:
    text = " ".join(str(x).split())
    return text if len(text) < 300 else text[:300] + " …"


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {short(error)}"


SKIP = {"L", "nn", "optim", "np", "math", "F", "nan", "inf", "OrderedDict", "printed", "given",
        "adopt", "lend", "DataLoader", "TensorDataset", "Dataset", "Subset", "random_split"}


def difference(left: dict, right: dict) -> tuple[str, str, str] | None:
    """The first name whose two values differ: in which way, and both as text."""
    for name, a in left.items():
        if name not in SKIP and name[0] != "_":
            way = unlike(a, right.get(name), left)
            if way:
                b = right.get(name)
                return (way, f"{name} = {short(a)}{beside(a, way)}",
                        f"{name} = {short(b)}{beside(b, way)}")
    return None


def beside(x, way: str) -> str:
    """What the text of a tensor does not say but the difference is about."""
    with contextlib.suppress(Exception):
        if way == "gradient":
            return f"  .grad {short(x.grad)}"
        if way in ("dtype", "shape"):
            return f"  {x.dtype} {tuple(x.shape)}"
        if way == "graph":
            return f"  requires_grad {x.requires_grad}, is_leaf {x.is_leaf} {x.grad_fn}"
        if way == "type":
            return f"  {type(x)}"
    return ""


@cache
def named(dtype) -> str:
    return str(dtype)[6:] if isinstance(dtype, torch.dtype) else np.dtype(dtype).name


def unlike(a, b, space) -> str | None:
    """In which way two values differ, if they do; modules and the like are not looked into."""
    if isinstance(a, torch.Tensor):
        return unlike_tensors(a, b, space)
    if a is None or isinstance(a, bool | str | int | float):
        if type(a) is not type(b):
            return "type"
        if isinstance(a, str):
            return None if a == b or same_text(a, b) else "text"
        return None if a == b or (isinstance(a, float) and close(
            np.float32(a), np.float32(b), space)) else "value"
    if isinstance(a, torch.Size):
        return None if tuple(a) == b else "value"
    if isinstance(a, torch.dtype):
        try:
            return None if named(a) == named(b) else "value"
        except TypeError:
            return "type"
    if isinstance(a, np.ndarray | np.generic):
        if not isinstance(b, np.ndarray | np.generic):
            return "type"
        return ("dtype" if a.dtype != b.dtype else "shape" if a.shape != b.shape else
                None if close(a, b, space) else "value")
    if isinstance(a, tuple | list):
        if not isinstance(b, tuple | list):
            return "type"
        if len(a) != len(b):
            return "shape"
        return next(filter(None, (unlike(x, y, space) for x, y in zip(a, b))), None)
    if isinstance(a, dict):
        if not isinstance(b, dict):
            return "type"
        if list(a) != list(b):
            return "value"
        return next(filter(None, (unlike(a[k], b[k], space) for k in a)), None)
    return None


def unlike_tensors(a: torch.Tensor, b, space) -> str | None:
    if not isinstance(getattr(b, "requires_grad", None), bool):
        return "type"
    x, y = a.detach().numpy(), array(b)
    if not isinstance(y, np.ndarray):
        return "type"
    if x.dtype != y.dtype:
        return "dtype"
    if x.shape != y.shape:
        return "shape"
    if a.requires_grad != b.requires_grad or a.is_leaf != getattr(b, "is_leaf", None):
        return "graph"
    if not close(x, y, space):
        return "value"
    if (a.is_leaf and a.requires_grad) or a.retains_grad:
        g, h = a.grad, b.grad
        if (g is None) != (h is None):
            return "gradient"
        if g is not None and (g.dtype != torch.from_numpy(array(h)[:0].copy()).dtype
                              if array(h).ndim else False):
            return "gradient"
        if g is not None and (tuple(g.shape) != array(h).shape
                              or not close(g.detach().numpy(), array(h), space, 5)):
            return "gradient"
    return None


def array(t) -> np.ndarray:
    """The array inside a tensor of either library."""
    if isinstance(t, torch.Tensor):
        return t.detach().numpy()
    return t.array


def close(x, y, space, sums: int = 1) -> bool:
    """Equal up to rounding: relative, and to the largest number that the program has met.

    A gradient is a sum over several paths, whose rounding adds up.
    """
    same = x == y
    if same.all() if isinstance(same, np.ndarray) else same:
        return True
    if x.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        fine = same | ((x != x) & (y != y))
        if fine.all():
            return True
        relative = 1e-5 if x.dtype == np.float32 else 1e-10
        worst = np.abs(x - y) > relative * np.maximum(np.abs(x), np.abs(y)) + relative / 10 * sums * (
            scale(space))
        return not (~fine & (worst | ~np.isfinite(x) | ~np.isfinite(y))).any()


def scale(space: dict) -> float:
    """The largest finite magnitude among a program's tensors and their gradients, at least 1."""
    largest = 1.0
    for t in list(space.values()):
        if isinstance(t, torch.Tensor) and t.is_floating_point() and t.numel():
            for u in (t, t.grad if t.is_leaf else None):
                if u is not None:
                    v = u.detach().abs()
                    v = v[torch.isfinite(v)]
                    largest = max(largest, float(v.max()) if v.numel() else 0.0)
    return largest


NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]\d+)?")


def plain(text: str) -> str:
    """Text without what differs on purpose: shapes are tuples, dtypes NumPy's, nodes have names."""
    text = re.sub(r"torch\.Size\(\[([^\]]*)\]\)",
                  lambda m: f"({m[1]}{',' if m[1] and ',' not in m[1] else ''})", text)
    text = re.sub(r"grad_fn=<\w+>", "grad_fn=<>", text)
    text = re.sub(r",\n *(dtype|requires_grad|grad_fn|size)=", r", \1=", text)
    return text.replace("torch.", "").replace("d2lmini.", "")


def same_text(a: str, b: str) -> bool:
    """Equal, or the same but for one unit in the last digit of some numbers."""
    a, b = plain(a), plain(b)
    if a == b:
        return True
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    for m, n in zip(NUMBER.findall(a), NUMBER.findall(b)):
        if m != n:
            digits = len(m.split("e")[0].partition(".")[2])
            if digits > 9 and math.isclose(float(m), float(n), rel_tol=3e-7):
                continue  # the last bit of a float32, as an f-string shows it
            unit = 10.0 ** (int(m.split("e")[1]) if "e" in m else 0) / 10 ** digits
            if len(m) != len(n) or not digits or abs(float(m) - float(n)) > 1.01 * unit:
                return False
    return True


# --- what a difference is worth ---------------------------------------------------------------

FRACTION = re.compile(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?(?![\w.])")
ZERO = re.compile(r"-?(?<![\w.])0\.0(?![\w.])")


def rounding(found: Difference) -> bool:
    """Whether PyTorch's own result moves as far when its numbers move in the seventh digit."""
    if found.kind not in ("value", "gradient", "text"):
        return False
    if re.search(r"type_as|double\(|float64", found.statement) and same_text(
            found.reference, found.subject):
        return True  # float32 numbers, now with the digits of float64
    names = re.match(r"(\w+) = ", found.reference)
    name, runs = names[1] if names else "", []
    for factor in (1, 1 + 2e-7, 1 - 3e-7, 1 + 1e-6, 1 - 1.7e-6, 1 + 4e-6, 0, 64):
        space, other = dict(spaces(torch)[0]), dict(spaces(d2lmini)[1])
        space |= helpers(torch, other, True)
        other |= helpers(d2lmini, space, False)
        torch.default_generator.manual_seed(0)
        d2lmini.manual_seed(0)
        torch.set_default_dtype(torch.float64 if factor == 64 else torch.float32)
        for text in found.program:
            execute(moved(text, factor), space)
            if "printoptions" not in text:
                execute(text, other)  # whose weights `lend` takes
        torch.set_printoptions(profile="default")
        torch.set_default_dtype(torch.float32)
        runs.append(space.get(name))
    double = runs.pop()
    return any(unlike(runs[0], run, {}) for run in runs[1:]) or unlike_double(runs[0], double)


def unlike_double(a, b) -> bool:
    """Whether a float32 result of PyTorch's, or its gradient, is another one in float64."""
    if not (isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor)):
        return False
    if not (a.is_floating_point() and a.dtype != b.dtype and a.shape == b.shape):
        return a.dtype == b.dtype == torch.bool and not torch.equal(a, b)
    pairs = [(a, b)] + [(a.grad, b.grad)] * (a.is_leaf and None not in (a.grad, b.grad))
    pairs = [(x.detach().numpy(), y.detach().float().numpy()) for x, y in pairs]
    return not all(close(y + 4 * (x - y), y, {}) for x, y in pairs)


def moved(text: str, factor: float) -> str:
    """A statement with its fractions multiplied by a factor near 1, or with its zeros negated."""
    if factor == 0:
        return ZERO.sub(lambda m: "0.0" if m[0] == "-0.0" else "-0.0", text)
    return text if factor in (1, 64) else FRACTION.sub(lambda m: repr(float(m[0]) * factor), text)


def shrink(found: Difference, subject=d2lmini) -> Difference:
    """The same difference with as few statements as show it."""
    kept, best = list(found.program), found
    for text in list(kept):
        fewer = [t for t in kept if t is not text]
        if text.startswith(("adopt", "given", "lend")):
            continue
        again = compare(fewer, subject)
        if again and again.kind == found.kind:
            kept, best = fewer, again
    best.program, best.area, best.seed, best.listed = kept, found.area, found.seed, found.listed
    return best


def listed(found: Difference) -> str:
    """The line of LISTED that a difference falls under, if any."""
    program = found.program if found.kind in ("gradient", "graph") or any(
        "autograd.grad(" in statement for statement in found.program) else []
    text = "\n".join((found.statement, found.subject, found.reference, *program))
    return next((name for name, kinds, pattern in LISTED
                 if found.kind in kinds and re.search(pattern, text)), "")


def group(found: Difference) -> str:
    """A name for all differences of one kind at one sort of statement."""
    text = found.statement.splitlines()[-1]
    while re.search(r"\[[^\[\]a-z]*\]", text):
        text = re.sub(r"\[[^\[\]a-z]*\]", "«»", text)
    text = re.sub(r"\b[a-t]\b", "x", re.sub(r"-?\b\d[\d.e]*\b", "#", text))
    return f"{found.kind}: {text}"


@dataclass
class Report:
    """What a run of many programs found, area by area."""
    counts: dict[str, Counter] = field(default_factory=dict)
    found: dict[str, Difference] = field(default_factory=dict)
    times: Counter = field(default_factory=Counter)
    listed: Counter = field(default_factory=Counter)

    def add(self, other: Report) -> Report:
        for area, count in other.counts.items():
            self.counts.setdefault(area, Counter()).update(count)
        for key, one in other.found.items():
            self.found.setdefault(key, one)
        self.times.update(other.times)
        self.listed.update(other.listed)
        return self

    @property
    def differences(self) -> int:
        return sum(self.times.values())

    def __str__(self) -> str:
        columns = ["programs", "statements", "both raise", "differences", "refused, listed",
                   "listed", "rounding"]
        rows = [("area", *columns)]
        for area in AREAS:
            if area in self.counts:
                rows.append((area, *(f"{self.counts[area][c]:,}" for c in columns)))
        rows.append(("all", *(f"{sum(c[k] for c in self.counts.values()):,}" for k in columns)))
        wide = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(n) if i == 0 else cell.rjust(n) for i, (cell, n)
                                   in enumerate(zip(row, wide))) for row in rows)


def explore(seeds: Iterable[int], subject=d2lmini, area: str = "", keep: int = 400) -> Report:
    """Run the programs of these seeds and report; the first difference of each group, shrunk."""
    report = Report()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for seed in seeds:
            name = area or AREAS[seed % len(AREAS)]
            count = report.counts.setdefault(name, Counter())
            statements: list[str] = []
            found = run(write_into(statements, seed, area, lambda n: has(n, subject)), subject,
                        count)
            count["programs"] += 1
            if not found:
                continue
            found.program, found.area, found.seed = statements, name, seed
            found.listed = listed(found)
            if found.listed:
                count["refused, listed" if found.kind == "refused" else "listed"] += 1
                report.listed[found.listed] += 1
            elif rounding(found):
                count["rounding"] += 1
            else:
                count["differences"] += 1
                report.times[group(found)] += 1
                if group(found) not in report.found and len(report.found) < keep:
                    report.found[group(found)] = shrink(found, subject)
    return report


def _part(arguments) -> Report:
    torch.set_num_threads(1)
    seeds, subject, area = arguments
    return explore(seeds, importlib.import_module(subject), area)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--area", default="", choices=["", *AREAS])
    parser.add_argument("--show", type=int, default=20, help="how many differences to print")
    parser.add_argument("--subject", default="d2lmini", choices=["d2lmini", "torch"])
    args = parser.parse_args()
    begin, size = time.perf_counter(), 2000
    stop = args.start + args.programs
    parts = [(range(s, min(s + size, stop)), args.subject, args.area)
             for s in range(args.start, stop, size)]
    report = Report()
    if args.workers == 1:
        for part in parts:
            report.add(_part(part))
    else:
        with ProcessPoolExecutor(args.workers, get_context("spawn")) as pool:
            for part in pool.map(_part, parts):
                report.add(part)
    for key, times in report.times.most_common(args.show):
        print(f"--- {times} × {key}")
        print(report.found.get(key, "(no example kept)"), end="\n\n")
    print(report)
    print("\nlisted: " + ", ".join(f"{name} {n:,}" for name, n in report.listed.most_common()))
    print(f"{time.perf_counter() - begin:.0f} s, {args.workers} workers, "
          f"{len(report.times)} groups of differences")
    return bool(report.differences)


if __name__ == "__main__":
    sys.exit(main())
