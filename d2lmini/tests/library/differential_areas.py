"""Random short programs over the API that d2lmini shares with PyTorch, one function an area.

A program is a list of statements as text; `L` stands for the library. `write(seed, space, has)`
yields them one by one and looks at `space`, where the caller has run them on PyTorch so far: so
shapes and dtypes mostly fit, and now and then they do not. `has` says whether d2lmini has a name,
so that a missing one costs no program (test_differential.py holds the names that must be there).
All numbers are literals: nothing in a program is random when it runs.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import torch

DTYPES = ["float32", "float64", "int64", "int32", "uint8", "bool"]
NAMES = "abcdefghijklmnopqrst"


class Writer:
    """The state of one program: its random numbers, and the names that it has made so far."""

    def __init__(self, seed: int, space: dict, has: Callable[[str], bool]):
        self.r, self.space, self.has = random.Random(seed), space, has
        self.choice, self.chance = self.r.choice, lambda p: self.r.random() < p

    def pick(self, *options):
        return self.r.choice(options)

    def new(self) -> str:
        """A new name, or now and then one that exists, which the statement then gives away."""
        free = [n for n in NAMES if n not in self.space]
        used = [n for n in NAMES if n in self.space]
        return free[0] if free and (not used or self.chance(0.9)) else self.choice(used)

    def vars(self, ok=lambda t: True) -> list[str]:
        return [n for n in NAMES if isinstance(self.space.get(n), torch.Tensor)
                and ok(self.space[n])]

    def var(self, ok=lambda t: True) -> str:
        """The name of a tensor that fits; where there is none, a tensor written out."""
        names = self.vars(ok)
        if names:
            return self.choice(names)
        for _ in range(4):
            text = self.tensor()
            if ok(eval(text, self.space)):
                break
        return text

    def value(self, name: str) -> torch.Tensor:
        """The tensor behind a name or a text that `var` gave."""
        return self.space[name] if name in self.space else eval(name, self.space)

    def shape(self, rank: int | None = None) -> tuple:
        rank = self.pick(0, 1, 1, 2, 2, 2, 3) if rank is None else rank
        sizes = [1, 2, 2, 3, 3, 4] if self.chance(0.97) else [0, 1, 2]
        return tuple(self.choice(sizes) for _ in range(rank))

    def number(self, dtype="float32") -> str:
        if dtype == "bool":
            return self.pick("True", "False")
        if dtype == "uint8":
            return str(self.pick(0, 1, 2, 3, 7, 200, 255))
        if "int" in dtype:
            return str(self.pick(0, 1, 2, 3, -1, -2, 4, 5, 7))
        if self.chance(0.3):
            return self.pick("0.0", "1.0", "2.0", "-1.0", "0.5", "-0.5", "3.0")
        return str(round(self.r.uniform(-3, 3), self.pick(1, 2, 3)))

    def positive(self) -> str:
        return self.pick("0.5", "1.0", "2.0", "0.1", "1.5", "0.25")

    def data(self, shape, dtype="float32") -> str:
        """Nested lists of numbers in the given shape, as text."""
        if not shape:
            return self.number(dtype)
        return "[" + ", ".join(self.data(shape[1:], dtype) for _ in range(shape[0])) + "]"

    def dtype(self) -> str:
        return self.r.choices(DTYPES, (12, 2, 4, 1, 1, 1))[0]

    def tensor(self, shape=None, dtype=None, grad=None) -> str:
        """A tensor written out."""
        shape, dtype = self.shape() if shape is None else shape, dtype or self.dtype()
        plain = dtype in ("float32", "int64", "bool") and 0 not in shape
        grad = "float" in dtype and self.chance(0.5) if grad is None else grad
        return (f"L.tensor({self.data(shape, dtype)}{'' if plain else f', dtype=L.{dtype}'}"
                f"{', requires_grad=True' if grad else ''})")

    def like(self, shape: tuple) -> tuple:
        """A shape that broadcasts with `shape`."""
        other = [1 if self.chance(0.2) else n for n in shape]
        if self.chance(0.25):
            other = other[self.r.randint(0, len(other)):]
        return tuple(other) if self.chance(0.95) else self.shape()

    def mate(self, a: str) -> str:
        """The other operand beside `a`: a number, a tensor that is there, or a new one."""
        shape = tuple(self.value(a).shape)
        kind = self.r.random()
        if kind < 0.3:
            return self.number(self.pick("float32", "float32", "int64"))
        if kind < 0.6:
            fits = self.vars(lambda t: broadcasts(shape, t.shape))
            if fits:
                return self.choice(fits)
        if kind < 0.63:
            return self.var()
        same = str(self.value(a).dtype)[6:]
        return self.tensor(self.like(shape), same if self.chance(0.6) and same in DTYPES else None)

    def dim(self, rank: int) -> int:
        if self.chance(0.02):
            return self.pick(rank, -rank - 1)
        return self.r.randint(-max(rank, 1), max(rank, 1) - 1)


def broadcasts(a, b) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(a[::-1], b[::-1]))


def floating(t) -> bool:
    return t.is_floating_point()


def call(w: Writer, name: str, a: str, arguments: str = "", methods=True) -> str:
    """`L.name(a, arguments)` or `a.name(arguments)`, whichever d2lmini has."""
    ways = [f"L.{name}({a}{', ' if arguments else ''}{arguments})"] if w.has(f"L.{name}") else []
    if methods and w.has(f"Tensor.{name}"):
        ways.append(f"{a}.{name}({arguments})")
    return w.choice(ways) if ways else f"{a} * 1"


# --- element-wise ---------------------------------------------------------------------------

UNARY = """exp log sqrt sin cos tan tanh sigmoid relu abs neg square reciprocal floor ceil round
sign log1p expm1 log2 log10 rsqrt erf sinh cosh asin acos atan trunc isnan isinf isfinite""".split()
BINARY = """add sub mul div pow maximum minimum remainder fmod floor_divide true_divide atan2
subtract multiply divide""".split()
COMPARE = "eq ne lt le gt ge".split()
LOGICAL = "logical_and logical_or logical_xor logical_not bitwise_and bitwise_or".split()


def unary(w: Writer) -> str:
    a = w.var(floating) if w.chance(0.8) else w.var()
    if w.chance(0.15):
        return f"{w.new()} = {w.pick('-', '+', '-', '~')}{a}"
    if w.chance(0.05):
        return f"{w.new()} = abs({a})"
    name = w.choice(UNARY)
    if w.chance(0.2) and w.has(f"Tensor.{name}_") and a in w.space:
        return f"{a}.{name}_()" if w.chance(0.6) else f"{w.new()} = {a}.{name}_()"
    if w.chance(0.1) and w.has(f"F.{name}") and name in ("relu", "sigmoid", "tanh"):
        return f"{w.new()} = F.{name}({a})"
    return f"{w.new()} = {call(w, name, a)}"


def binary(w: Writer) -> str:
    a = w.var(floating) if w.chance(0.7) else w.var()
    b = w.mate(a)
    kind = w.r.random()
    if kind < 0.45:
        op = w.pick("+", "-", "*", "/", "+", "-", "*", "/", "**", "//", "%")
        if w.chance(0.3):
            a, b = b, a
        return f"{w.new()} = {a} {op} {b}"
    if kind < 0.6 and a in w.space:
        return f"{a} {w.pick('+=', '-=', '*=', '/=', '**=')} {b}"
    name = w.choice(BINARY)
    alpha = name in ("add", "sub") and w.chance(0.2)
    extra = f", alpha={w.pick('2', '0.5', '-1')}" if alpha else ""
    if kind < 0.7 and a in w.space and w.has(f"Tensor.{name}_"):
        return f"{a}.{name}_({b}{extra})"
    return f"{w.new()} = {call(w, name, a, b + extra)}"


def comparison(w: Writer) -> str:
    a = w.var()
    b = w.mate(a)
    kind = w.r.random()
    if kind < 0.5:
        if w.chance(0.2):
            a, b = b, a
        return f"{w.new()} = {a} {w.pick('<', '<=', '==', '!=', '>', '>=')} {b}"
    if kind < 0.7:
        return f"{w.new()} = {call(w, w.choice(COMPARE), a, b)}"
    if kind < 0.8:
        name = w.pick("allclose", "equal", "isclose")
        mate = w.tensor(tuple(w.value(a).shape), str(w.value(a).dtype)[6:], False)
        mate = w.pick(mate, f"{a} + 0.0", f"{a}.clone()", f"{a} + 1e-9", w.var())
        return f"{w.new()} = {call(w, name, a, mate)}"
    whole = [t for t in w.vars(lambda t: not floating(t))] or [w.tensor(None, "bool")]
    a = w.choice(whole)
    if kind < 0.9:
        b = w.choice(w.vars(lambda t: not floating(t)) or [w.tensor(None, "bool")])
        return f"{w.new()} = {a} {w.pick('&', '|', '^')} {b}"
    name = w.choice(LOGICAL)
    return f"{w.new()} = {call(w, name, a, '' if name == 'logical_not' else w.mate(a))}"


def promotion(w: Writer) -> str:
    """Two operands of any two dtypes, with an axis, without one, or a Python number."""
    def operand():
        dtype = w.choice(DTYPES)
        if w.chance(0.3):
            return w.number(w.pick("float32", "int64", "bool"))
        return w.tensor(w.pick((), (2,), (2,), (2, 2)), dtype, "float" in dtype and w.chance(0.3))
    a, b = operand(), operand()
    kind = w.r.random()
    if kind < 0.5:
        op = w.pick("+", "-", "*", "/", "//", "%", "**", "<", "==", "&", "|")
        return f"{w.new()} = {a} {op} {b}"
    if kind < 0.6:
        if not a.startswith("L"):
            a = w.tensor((2,))
        name = w.new()
        return f"{name} = {a}\n{name} {w.pick('+=', '-=', '*=', '/=')} {b}"
    if kind < 0.8 and a.startswith("L") and b.startswith("L"):
        joined = w.pick("L.where(L.tensor([True, False]), {}, {})", "L.maximum({}, {})",
                        "L.stack([{}, {}])", "L.cat([{}, {}])")
        return f"{w.new()} = {joined.format(a, b)}"
    t = a if a.startswith("L") else w.var()
    return f"{w.new()} = {convert(w, t)}"


def convert(w: Writer, a: str) -> str:
    """`a` in another dtype; values that another dtype cannot hold stay out of it."""
    t = w.value(a)
    safe = t.numel() == 0 or bool((torch.isfinite(t) & (t >= 0) & (t < 255)).all())
    kinds = ["float", "double", "bool"] + (["long", "int"] if safe or bool(
        (t.abs() < 2 ** 30).all()) else []) + (["byte", "short"] if safe else [])
    kinds = [k for k in kinds if w.has(f"Tensor.{k}")]
    full = {"float": "float32", "double": "float64", "long": "int64", "int": "int32",
            "byte": "uint8", "bool": "bool", "short": "int16"}
    kind = w.choice(kinds)
    dtype = w.pick(f"L.{full[kind]}", f"L.{full[kind]}",
                   f"L.{kind}" if w.has(f"L.{kind}") and kind != "byte" else f"L.{full[kind]}")
    return w.pick(f"{a}.{kind}()", f"{a}.{kind}()", f"{a}.to({dtype})", f"{a}.to(dtype={dtype})",
                  f"{a}.type({dtype})", f"{a}.to(L.tensor(1, dtype={dtype}))",
                  f"{a}.type_as(L.tensor([1], dtype={dtype}))")


# --- creation -------------------------------------------------------------------------------

def creation(w: Writer) -> str:
    name, shape = w.new(), w.shape(w.pick(1, 2, 2, 3))
    sizes = ", ".join(map(str, shape))
    size = w.pick(sizes, f"({sizes},)", f"[{sizes}]", f"size=({sizes},)")
    dtype = w.choice(DTYPES)
    grad = w.pick("", "", ", requires_grad=True")
    extra = w.pick("", "", f", dtype=L.{dtype}", grad,
                   f", dtype=L.{dtype}{grad if 'float' in dtype else ''}")
    kinds = {"tensor": lambda: w.tensor(),
             "of": lambda: f"L.tensor({w.data(shape, w.pick('float32', 'int64', 'bool'))}{extra})",
             "mixed": lambda: f"L.tensor([{w.number('int64')}, {w.number()}, {w.number('bool')}])",
             "scalar": lambda: f"L.tensor({w.number(dtype)}{extra})",
             "Tensor": lambda: w.pick(f"L.Tensor({w.data(shape, dtype)})",
             f"L.Tensor({sizes}).shape", "L.Tensor()", f"L.FloatTensor({w.data(shape, 'int64')})",
             f"L.LongTensor({w.data(shape, 'int64')})"),
             "filled": lambda: f"L.{w.pick('zeros', 'ones')}({size}{extra})",
             "full": lambda: f"L.full(({sizes},), {w.number(w.pick('float32', 'int64'))}{extra})",
             "empty": lambda: f"L.empty({size}{extra}).shape",
             "eye": lambda: f"L.eye({w.r.randint(0, 4)}{w.pick('', ', 3')}{extra})",
             "arange": lambda: arange(w, extra),
             "linspace": lambda: f"L.linspace({w.number('int64')}, {w.number()}, "
             f"{w.pick('', 'steps=')}{w.r.randint(0, 6)}"
             f"{w.pick('', '', ', dtype=L.float64', grad)})",
             "like": lambda: f"L.{w.pick('zeros_like', 'ones_like')}({w.var()}{extra})",
             "full_like": lambda: f"L.full_like({w.var()}, {w.number('int64')}{extra})",
             "random": lambda: w.pick(f"L.{w.pick('rand', 'randn')}({size}{extra}).dtype",
             f"L.{w.pick('rand', 'randn')}({sizes}).shape",
             f"L.{w.pick('rand', 'randn')}({size}, requires_grad=True).requires_grad",
             f"L.{w.pick('rand_like', 'randn_like')}({w.var()}).shape",
             f"(L.rand({sizes}) < 1).all()", f"L.randint(0, 5, ({sizes},)).dtype",
             f"(L.randint(3, ({sizes},)) < 3).all()", f"L.randint(2, 3, ({sizes},))",
             f"L.randperm({w.r.randint(1, 6)}).sort()[0]", f"L.normal(0, 1, size=({sizes},)).shape",
             f"L.normal(2.0, 0.0, ({sizes},))",
             "(L.manual_seed(3), L.rand(2))[1].equal((L.manual_seed(3), L.rand(2))[1])",
             f"L.randn({sizes}, generator=L.Generator().manual_seed(1)).shape"),
             "numpy": lambda: f"L.from_numpy(np.array({w.data(shape, dtype)}, dtype='{dtype}'))",
             "as_tensor": lambda: w.pick(f"L.as_tensor({w.data(shape, dtype)})",
             f"L.as_tensor(np.array({w.data(shape)}))",
             f"L.tensor(np.array({w.data(shape)}, dtype='float32'){extra})",
             f"L.tensor(np.float32({w.number()}))", f"L.tensor(np.float64({w.number()}))",
             f"L.tensor(np.int64({w.number('int64')}))", f"L.tensor([np.float32({w.number()})])",
             f"L.tensor(np.arange({w.r.randint(1, 5)}))"),
             "again": lambda: f"L.tensor({w.var()}{extra})",
             "list": lambda: f"L.tensor([{w.tensor((), grad=False)}, {w.tensor((), grad=False)}])",
             "new": lambda: w.pick(f"{w.var()}.new_zeros({sizes})",
             f"{w.var()}.new_ones(({sizes},))", f"{w.var()}.new_full(({sizes},), 2)",
             f"{w.var()}.new_tensor({w.data(shape)})"),
             "wrong": lambda: w.pick("L.tensor([[1.0], [2.0, 3.0]])", "L.tensor('a')",
             "L.tensor([1, 2], requires_grad=True)", "L.zeros(-1)",
             "L.tensor([1.0, 2.0], np.float64)", "L.tensor(None)", "L.tensor([1.0, None])",
             "L.ones(2.0)", "L.arange(3, 1)", "L.zeros(2, 3.0)", "L.full(2, 3)", "L.tensor([])",
             "L.tensor([[], []])", "L.ones()", "L.zeros(())", "L.from_numpy([1.0])",
             "L.tensor({1: 2})", "L.zeros('a')", "L.tensor(1.0, 2.0)", "L.tensor([1.0], True)",
             "L.eye(-1)"), }
    weights = [3, 4, 2, 2, 3, 4, 3, 2, 2, 5, 3, 3, 2, 4, 3, 4, 2, 1, 2, 2]
    while True:
        text = w.r.choices(list(kinds.values()), weights)[0]()
        called = text.split("(")[0]
        if not called.startswith("L.") or w.has(called):
            break
    if ".new_" in text and not w.has("Tensor." + text.split("(")[-2].split(".")[-1]):
        text = w.tensor()
    return f"{name} = {text}"


def arange(w: Writer, extra: str) -> str:
    start, stop, step = w.r.randint(-3, 3), w.r.randint(0, 6), w.pick(1, 2, 3, -1)
    halves = w.pick("0.5", "0.25", "1.5", "-0.5")
    return w.pick(f"L.arange({stop}{extra})", f"L.arange({start}, {start + stop}{extra})",
                  f"L.arange({start}, {start + stop * step}, {step}{extra})",
                  f"L.arange({stop}.0)", f"L.arange({start}, {start + stop}.0)",
                  f"L.arange({start}, {start + stop * (-1 if '-' in halves else 1)}, {halves})",
                  f"L.arange({start}, {start + stop}, 0)",
                  f"L.arange(start={start}, end={start + stop})",
                  f"L.arange({start}, {start + stop}, step=2{extra})")


def numpy_bridge(w: Writer) -> str:
    """Arrays and tensors that share memory, and numbers of NumPy beside tensors."""
    a = w.var(floating) if w.chance(0.7) else w.var()
    name = w.new()
    shape = tuple(w.value(a).shape)
    array = f"np.array({w.data(shape)}, dtype='{w.pick('float32', 'float64', 'int64')}')"
    return w.pick(
        f"{name} = {a}.numpy()", f"{name} = {a}.detach().numpy()", f"{name} = np.array({a})",
        f"{name} = {a}.detach().numpy()\n{name} += 1",
        f"{name} = {a}.tolist()", f"{name} = np.asarray({a}).sum()",
        f"n = {array}\n{name} = L.from_numpy(n)\nn += 2",
        f"n = {array}\n{name} = L.from_numpy(n)\n{name}.add_(1)",
        f"n = {array}\n{name} = L.as_tensor(n)\nn *= 2",
        f"n = {array}\n{name} = L.tensor(n)\nn += 2",
        f"{name} = {a} * np.float32(2.5)", f"{name} = {a} + np.float64(0.5)",
        f"{name} = {a} * np.int64(2)", f"{name} = np.exp({a}.detach().numpy())",
        f"{name} = {a}.detach().cpu().numpy()", f"{name} = np.mean({a}.detach().numpy())",
        f"{name} = np.sqrt({a}.detach())", f"{name} = {a}.data.numpy()",
        f"{name} = np.concatenate([{a}, {a}])", f"{name} = np.clip({a}, 0, 1)",
        f"{name} = np.where({a} > 0, {a}, 0)", f"{name} = np.dot({a}, {a})",
        f"{name} = np.exp({a})", f"{name} = {a} + {array}", f"{name} = {array} * {a}",
        f"{name} = {array} + {a}", f"{name} = {a}.detach() * {array}")


# --- reductions -----------------------------------------------------------------------------

REDUCE = "sum mean prod max min amax amin argmax argmin std var norm all any logsumexp".split()


def reduction(w: Writer) -> str:
    a = w.var(floating) if w.chance(0.75) else w.var()
    rank, name = w.value(a).dim(), w.choice(REDUCE)
    if name in ("argmax", "argmin", "max", "min") and w.value(a).isnan().any():
        name = "sum"
    if w.chance(0.12):
        f = w.pick("cumsum", "cumprod", "cumsum", "softmax", "log_softmax", "median", "diff",
                   "count_nonzero")
        dim = "" if f in ("median", "diff", "count_nonzero") and w.chance(0.7) else str(w.dim(rank))
        return f"{w.new()} = {call(w, f, a, w.pick('', 'dim=') + dim if dim else '')}"
    many = name in ("sum", "mean", "std", "var", "norm", "amax", "amin", "logsumexp")
    dim = w.r.random()
    dims = "" if dim < 0.35 else str(w.dim(rank))
    if dim > 0.85 and many:
        dims = str(tuple(w.r.sample(range(-rank, 0), w.r.randint(1, max(rank, 1)))) if rank else ())
    if name in ("amax", "amin", "logsumexp") and not dims:
        dims = "-1"
    word = w.pick("", "dim=", "dim=", "axis=") if name not in ("norm",) else "dim="
    keep = w.pick("", ", keepdim=True", ", keepdims=True", ", keepdim=True") if dims else ""
    if name in ("max", "min", "argmax", "argmin", "norm", "all", "any"):
        keep = keep.replace("keepdims", "keepdim")
    arguments = f"{word}{dims}{keep}" if dims else ""
    if name in ("var", "std") and w.chance(0.3):
        arguments += (", " if arguments else "") + w.pick("unbiased=False", "correction=0")
    if name == "norm" and w.chance(0.3):
        arguments = w.pick("1", "2", "p=1") + (", " if arguments else "") + arguments
    if name in ("sum", "mean", "prod") and w.chance(0.08):
        dtype = w.pick("float32", "float64", "int64")
        arguments += (", " if arguments else "") + f"dtype=L.{dtype}"
    text = call(w, name, a, arguments)
    if name in ("max", "min") and dims:
        new, other = w.new(), w.pick("_", "v")
        return w.pick(f"{new} = {text}", f"{other}, {new} = {text}", f"{new} = {text}[0]",
                      f"{new} = {text}[1]", f"{new}, {other} = {text}", f"{new} = {text}.values",
                      f"{new} = {text}.indices")
    return f"{w.new()} = {text}"


def sorting(w: Writer) -> str:
    """sort, topk and their kind, on numbers that differ (the order of ties is nobody's promise)."""
    n, new = w.r.randint(1, 5), w.new()
    rows = w.pick(1, 1, 2, 3)
    numbers = w.r.sample([-2.5, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.25, 2.0, 3.0, 4.5, 5.0, 7.0, 8.0,
                          9.5, 10.0], n * rows)
    if w.chance(0.3):
        numbers = [int(4 * v) for v in numbers]
    data = [numbers[i * n:i * n + n] for i in range(rows)] if rows > 1 else numbers
    grad = ", requires_grad=True" if w.chance(0.4) and isinstance(numbers[0], float) else ""
    a, k = f"L.tensor({data}{grad})", w.r.randint(1, n)
    dim = w.pick("", "", "0", "-1", "dim=0", "dim=-1")
    down = w.pick("", "descending=True")
    arguments = ", ".join(x for x in (dim, down) if x)
    options = [call(w, "sort", a, arguments), call(w, "sort", a, arguments) + "[0]", call(w, "sort",
               a, arguments) + ".values", call(w, "argsort", a, arguments), call(w, "topk", a,
               f"{k}"), call(w, "topk", a, f"{k}, {w.pick('0', '-1', 'dim=-1')}"), call(w, "topk",
               a, f"{k}") + ".indices", call(w, "topk", a, f"{k}, largest=False"), call(w, "unique",
               f"L.tensor({w.data((6,), 'int64')})"), call(w, "bincount",
               f"L.tensor({w.data((5,), 'uint8')}).long()"), call(w, "median", a), call(w,
               "kthvalue", a, "1") if w.has("L.kthvalue") else a]
    return f"{new} = {w.choice(options)}"


# --- shapes ---------------------------------------------------------------------------------

def factors(w: Writer, n: int) -> list[int]:
    """Sizes whose product is n."""
    sizes = []
    while n > 1 and len(sizes) < 3:
        f = w.choice([d for d in range(1, n + 1) if n % d == 0])
        sizes.append(f)
        n //= f
    return sizes + [n] if n != 1 or not sizes else sizes


def shaping(w: Writer) -> str:
    a = w.var()
    t = w.value(a)
    rank, new = t.dim(), w.new()
    d, e = w.dim(rank), w.dim(rank)
    if w.chance(0.2):
        sizes = factors(w, t.numel()) if t.numel() else [0, 2]
        if w.chance(0.4):
            sizes[w.r.randrange(len(sizes))] = -1
        text = ", ".join(map(str, sizes))
        kind = w.pick("view", "reshape", "view", "reshape")
        return f"{new} = " + w.pick(f"{a}.{kind}({text})", f"{a}.{kind}(({text},))",
                                    call(w, "reshape", a, f"({text},)"), f"{a}.view(-1)",
                                    f"{a}.reshape(-1, 1)", f"{a}.view(1, -1)",
                                    f"{a}.view({a}.size(0), -1)", f"{a}.view({a}.shape)",
                                    f"{a}.reshape({w.r.randint(1, 4)}, -1)",
                                    f"{a}.view_as({w.var()})" if w.has("Tensor.view_as") else a)
    if w.chance(0.15):
        order = list(range(rank))
        w.r.shuffle(order)
        order = [i - rank if w.chance(0.2) else i for i in order]
        text = ", ".join(map(str, order))
        return f"{new} = " + w.pick(f"{a}.permute({text or ()})", f"{a}.permute(({text},))"
                                    if rank else f"{a}.permute(())", f"{a}.T", f"{a}.t()",
                                    call(w, "permute", a, f"({text},)" if rank else "()"),
                                    f"{a}.mT" if w.has("Tensor.mT") and rank > 1 else f"{a}.t()")
    if w.chance(0.12):
        sizes = [n if n != 1 or w.chance(0.3) else w.r.randint(1, 3) for n in t.shape]
        sizes = [-1 if w.chance(0.15) else n for n in sizes]
        sizes = ([w.r.randint(1, 3)] if w.chance(0.3) else []) + sizes
        text = ", ".join(map(str, sizes))
        return f"{new} = " + w.pick(f"{a}.expand({text or ()})", f"{a}.expand(({text},))" if sizes
                                    else f"{a}.expand(2)", f"{a}.expand(2, -1)",
                                    f"{a}.expand_as({w.var()})", f"{a}.repeat(2)",
                                    f"{a}.repeat({', '.join(['2'] * max(rank, 1))})",
                                    call(w, "broadcast_to", a, f"({text},)" if sizes else "(2,)"))
    if w.chance(0.12):
        n = w.r.randint(1, 3)
        part = w.pick(call(w, "chunk", a, f"{n}{w.pick('', ', 0', f', dim={d}')}"),
                      call(w, "split", a, f"{n}{w.pick('', ', 0', f', dim={d}')}"),
                      call(w, "unbind", a, w.pick("", "0", f"dim={d}", "")))
        return f"{new} = {part}{w.pick('', '[0]', '[0]', '[-1]')}"
    options = [call(w, "transpose", a, f"{d}, {e}"), call(w, "squeeze", a), call(w, "squeeze", a,
               str(d)), call(w, "unsqueeze", a, str(d)), call(w, "unsqueeze", a, f"dim={d}"),
               call(w, "flatten", a), call(w, "flatten", a, w.pick("1", "start_dim=1", "0, 1",
               "-2")), call(w, "ravel", a), call(w, "swapaxes", a, f"{d}, {e}"), call(w, "flip", a,
               f"({d},)"), call(w, "flip", a, f"[{d}]"), call(w, "roll", a, w.pick("1", "-1",
               f"1, {d}", f"1, dims={d}")), call(w, "tril", a, w.pick("", "1", "-1",
               "diagonal=-1")), call(w, "triu", a, w.pick("", "1")), call(w, "diag", a), call(w,
               "narrow", a, f"{d}, 0, 1"), call(w, "movedim", a, f"{d}, {e}"), call(w, "select", a,
               f"{d}, 0"), call(w, "squeeze", a, f"dim={d}"), f"{a}.clone()", f"{a}.contiguous()",
               f"{a}.detach()", f"{a}.data", f"{a}.size()", f"{a}.size({d})", f"{a}.dim()",
               f"{a}.numel()", f"{a}.shape", f"{a}.ndim", f"len({a})", f"{a}.is_contiguous()",
               f"{a}.stride()", f"{a}.nelement()", f"{a}.shape[{d}]", f"{a}.element_size()",
               f"{a}.storage_offset()", f"{a}.contiguous().view(-1)", f"list({a}.shape)",
               f"{a}.unflatten({d}, (1, -1))", f"{a}.size(dim={d})"]
    text = w.choice(options)
    method = text.split(".")[1].split("(")[0] if text.startswith(a + ".") else ""
    if method and not w.has(f"Tensor.{method}"):
        text = f"{a}.reshape(-1)"
    return f"{new} = {text}"


def joining(w: Writer) -> str:
    a = w.var()
    t = w.value(a)
    same = w.vars(lambda u: u.shape == t.shape and u is not t)
    dtype = str(t.dtype)[6:]
    b = w.choice(same) if same and w.chance(0.5) else w.tensor(tuple(t.shape) if w.chance(0.9)
        else None, dtype if w.chance(0.7) and dtype in DTYPES else None)
    d = w.dim(t.dim() + 1)
    dim = w.pick("", "", f", {d}", f", dim={d}", f", axis={d}", ", 0", ", dim=1", ", dim=-1")
    name = w.pick("cat", "cat", "stack", "stack", "hstack", "vstack", "concat")
    name = name if w.has(f"L.{name}") else "cat"
    things = w.pick(f"[{a}, {b}]", f"({a}, {b})", f"[{a}, {b}, {a}]", f"[{a}]", f"{a}")
    return f"{w.new()} = L.{name}({things}{'' if name in ('hstack', 'vstack') else dim})"


# --- indexing -------------------------------------------------------------------------------

def index(w: Writer, t, assign=False) -> str:
    """One index for `t` as text, with the rare one that does not fit."""
    parts, axes = [], list(t.shape)
    mask = f"L.tensor({w.data(tuple(t.shape), 'bool')})"
    if w.chance(0.15):
        return w.pick(mask, mask, f"L.tensor({w.data(tuple(t.shape[:1]), 'bool')})",
                      w.data(tuple(t.shape[:1]), "bool") if t.dim() else "None")
    fancy = None
    for n in axes[:w.r.randint(0 if w.chance(0.1) else 1, max(len(axes), 1))]:
        i = w.r.randint(-n, n - 1) if n and w.chance(0.97) else n
        kind = w.r.random()
        if kind < 0.35:
            parts.append(str(i))
        elif kind < 0.65:
            parts.append(w.pick(":", ":", "1:", ":1", ":-1", "::2", "1::2", f"{i}:", f":{i}",
                                "0:2", "-2:", "::-1" if w.chance(0.1) else ":", "1:10"))
        elif kind < 0.85 and n:
            k = fancy or w.r.randint(1, min(n, 3))
            if w.chance(0.2):
                parts.append(f"L.tensor({w.data((n,), 'bool')})")
                continue
            k = min(k, n) if assign else k
            fancy = fancy or k
            some = w.r.sample(range(-n, 0), k) if k <= n and assign else [
                w.r.randint(-n, n - 1) for _ in range(k)]
            if assign:
                some = [v % n for v in some]
            parts.append(w.pick(str(some), f"L.tensor({some})", f"L.tensor({some})",
                                f"L.arange({k})" if assign is False and k <= n else str(some),
                                f"L.tensor([{some}])" if not assign else str(some),
                                f"np.array({some})" if w.chance(0.3) else str(some)))
        elif kind < 0.95:
            parts.append(w.pick("None", "..."))
            parts.append(":") if parts[-1] == "None" and w.chance(0.5) else None
        else:
            parts.append(w.pick("True", "1.0", f"L.tensor({i})", f"np.int64({i})", ":"))
    return ", ".join(parts) or w.pick("...", "None", ":", "()")


def indexing(w: Writer) -> str:
    a = w.var(lambda t: t.dim() > 0) if w.chance(0.95) else w.var()
    t = w.value(a)
    if w.chance(0.08):
        return f"{w.new()} = {a}[{a} {w.pick('>', '<', '==', '!=')} {w.number()}]"
    if w.chance(0.08) and t.dim():
        n = t.shape[0]
        rows = [w.r.randint(0, n - 1) for _ in range(2)] if n else []
        at = w.pick(f"L.tensor({rows})", str(rows), "range(1)", f"L.tensor([{rows}])",
                    f"L.tensor({rows}, dtype=L.int32)", f"L.tensor({rows}, dtype=L.uint8)")
        return f"{w.new()} = {a}[{at}]"
    return f"{w.new()} = {a}[{index(w, t)}]"


def assignment(w: Writer) -> str:
    a = w.var(lambda t: t.dim() > 0)
    if a not in w.space:
        return f"{w.new()} = {a}"
    t = w.value(a)
    at = f"{a} {w.pick('>', '<', '==')} {w.number()}"
    at = index(w, t, assign=True) if w.chance(0.85) else at
    try:
        shape = tuple(eval(f"{a}[{at}]", w.space).shape)
    except Exception:
        shape = ()
    value = w.number() if w.chance(0.5) else w.tensor(
        w.like(shape), str(t.dtype)[6:] if w.chance(0.8) and str(t.dtype)[6:] in DTYPES else None,
        w.chance(0.2) and floating(t))
    if w.chance(0.1):
        value = w.pick(w.data(shape), f"np.array({w.data(shape)}, dtype='float32')", w.var())
    op = "=" if w.chance(0.7) else w.pick("+=", "*=", "-=")
    with_ = "with L.no_grad():\n    " if t.requires_grad and w.chance(0.3) else ""
    return f"{with_}{a}[{at}] {op} {value}"


def selecting(w: Writer) -> str:
    a = w.var(floating) if w.chance(0.7) else w.var()
    t = w.value(a)
    shape, new = tuple(t.shape), w.new()
    mask = w.pick(f"{a} > {w.number()}", f"L.tensor({w.data(w.like(shape), 'bool')})")
    kind = w.r.random()
    if kind < 0.25:
        b = w.pick(w.mate(a), w.mate(a), "0", "1.0", "0.0")
        x, y = (a, b) if w.chance(0.6) else (b, a)
        return f"{new} = " + w.pick(f"L.where({mask}, {x}, {y})", f"L.where({mask}, {x}, {y})",
                                    f"L.where({mask}, {w.number()}, {w.number()})",
                                    f"{a}.where({mask}, {b})", f"L.where({mask})")
    if kind < 0.45:
        low, high = sorted([float(w.number()), float(w.number())])
        f = w.pick("clamp", "clamp", "clip", "clamp_min", "clamp_max", "clamp")
        if f in ("clamp_min", "clamp_max"):
            return f"{new} = {call(w, f, a, str(low))}"
        arguments = w.pick(f"{low}, {high}", f"min={low}", f"max={high}", f"{low}",
                           f"min={low}, max={high}", f"{high}, {low}", "")
        if w.chance(0.15) and a in w.space and w.has("Tensor.clamp_"):
            return f"{a}.clamp_({arguments})"
        return f"{new} = {call(w, f, a, arguments)}"
    if kind < 0.6:
        value = w.number(w.pick("float32", "int64"))
        value = "-float('inf')" if w.chance(0.15) else value
        if w.chance(0.25) and a in w.space and w.has("Tensor.masked_fill_"):
            return f"{a}.masked_fill_({mask}, {value})"
        return f"{new} = {call(w, 'masked_fill', a, f'{mask}, {value}')}"
    if not shape:
        return f"{new} = {call(w, 'nonzero', a)}"
    d = w.r.randrange(len(shape))
    if kind < 0.75 and shape[d]:
        sizes = tuple(w.r.randint(1, 3) if i == d else n for i, n in enumerate(shape))

        def rows(s):
            return (str(w.r.randrange(shape[d])) if not s else
                    "[" + ", ".join(rows(s[1:]) for _ in range(s[0])) + "]")
        return f"{new} = {call(w, 'gather', a, f'{d}, L.tensor({rows(sizes)})')}"
    options = [call(w, "index_select", a, f"{d}, L.tensor([0])"), call(w, "nonzero", a), call(w,
               "masked_select", a, mask), call(w, "take", a, "L.tensor([0])"), call(w, "nan_to_num",
               a), call(w, "lerp", a, f"{w.tensor(shape, 'float32')}, 0.5"),
               f"F.one_hot(L.tensor({[w.r.randint(0, 3) for _ in 'abc']})"
               f"{w.pick('', ', 4', ', num_classes=5')})",
               f"L.zeros(3, 4).scatter_(1, L.tensor({[[w.r.randint(0, 3)] for _ in 'abc']}), 1.0)",
               call(w, "heaviside", a, "L.tensor([0.5])") if w.has("L.heaviside") else f"{a} * 2"]
    text = w.choice(options)
    if not w.has("Tensor.scatter_") and "scatter_" in text:
        text = f"{a} * 2"
    return f"{new} = {text}"


# --- matrix products ------------------------------------------------------------------------

def product(w: Writer) -> str:
    ranks = w.pick((1, 1), (2, 1), (1, 2), (2, 2), (2, 2), (3, 2), (2, 3), (3, 3), (1, 3), (3, 1),
                   (4, 2), (2, 4), (4, 3), (4, 4), (0, 1))
    k, batch = w.r.randint(1, 3), [w.r.randint(1, 2) for _ in range(2)]
    if w.chance(0.03):
        k = 0
    def shape(rank, left):
        if rank < 2:
            return (k,) * rank
        core = (w.r.randint(1, 3), k) if left else (k, w.r.randint(1, 3))
        lead = tuple(n if w.chance(0.8) else 1 for n in batch[:rank - 2])
        return lead + core if w.chance(0.95) else w.shape(rank)
    dtype = w.pick("float32", "float32", "float32", "float64", "int64")
    other = dtype if w.chance(0.93) else w.choice(DTYPES)
    a, b = w.tensor(shape(ranks[0], True), dtype), w.tensor(shape(ranks[1], False), other)
    names = w.vars(lambda t: floating(t) and t.dim() > 0)
    if names and w.chance(0.3):
        a = w.choice(names)
        b = w.pick(f"{a}.t()", f"{a}.T", a, w.choice(names), w.tensor(tuple(w.value(a).shape[-1:])))
    new = w.new()
    if ranks == (2, 2) and w.chance(0.4):
        return f"{new} = {call(w, w.pick('mm', 'mm', 'matmul'), a, b)}"
    if ranks == (1, 1) and w.chance(0.6):
        return f"{new} = {call(w, w.pick('dot', 'dot', 'outer', 'inner'), a, b)}"
    if ranks == (2, 1) and w.chance(0.4):
        return f"{new} = {call(w, 'mv', a, b)}"
    if ranks == (3, 3) and w.chance(0.4):
        return f"{new} = {call(w, 'bmm', a, b)}"
    if w.chance(0.08) and w.has("L.einsum"):
        rule = w.pick("ij,jk->ik", "i,i->", "ij->ji", "bij,bjk->bik")
        return f"{new} = L.einsum('{rule}', {a}, {b})"
    if w.chance(0.08):
        bias = w.pick("", f", {w.tensor((2,))}", ", None")
        x, weight = w.tensor((3, 2), "float32"), w.tensor((2, 2), "float32")
        return f"{new} = F.linear({x}, {weight}{bias})"
    return f"{new} = " + w.pick(f"{a} @ {b}", f"{a} @ {b}", call(w, "matmul", a, b))


# --- in place, graphs -----------------------------------------------------------------------

def in_place(w: Writer) -> str:
    """Changes of tensors, views and leaves, inside and outside of `no_grad`."""
    names = w.vars()
    if not names:
        return creation(w)
    a = w.choice(names)
    t, new = w.space[a], w.new()
    guard = "with L.no_grad():\n    " if w.chance(0.35) else ""
    kind = w.r.random()
    if kind < 0.3:
        return f"{guard}{a} {w.pick('+=', '-=', '*=', '/=', '+=', '-=')} {w.mate(a)}"
    if kind < 0.55:
        text = w.pick(f"add_({w.mate(a)})", f"sub_({w.mate(a)})", f"mul_({w.mate(a)})",
                      f"div_({w.positive()})", "zero_()", f"fill_({w.number()})", "exp_()",
                      f"copy_({w.mate(a)})", "neg_()", "sqrt_()", "clamp_(min=0)", "abs_()",
                      "relu_()", f"pow_({w.pick('2', '3')})", "sigmoid_()", "tanh_()", "t_()",
                      "unsqueeze_(0)", "squeeze_()", f"add_({w.mate(a)}, alpha=0.5)")
        method = text.split("(")[0]
        if not w.has(f"Tensor.{method}"):
            text = "zero_()"
        return guard + w.pick(f"{a}.{text}", f"{a}.{text}", f"{new} = {a}.{text}")
    if kind < 0.75 and t.dim():
        view = w.pick(f"{a}[0]", f"{a}[1:]", f"{a}[..., 0]", f"{a}.view(-1)", f"{a}.t()", f"{a}.T",
                      f"{a}[None]", f"{a}.detach()", f"{a}.data", f"{a}.reshape(-1)", f"{a}[:, 0]",
                      f"{a}.unsqueeze(0)", f"{a}.squeeze()", f"{a}.flatten()", f"{a}.clone()",
                      f"{a}[[0]]", f"{a}.contiguous()", f"{a}.transpose(0, -1)",
                      f"{a}.expand(2, -1)")
        change = w.pick(f"{new} += {w.number()}", f"{new}.mul_(2)", f"{new}[...] = 0",
                        f"{new}.zero_()", f"{new}[0] = {w.number()}", f"{new} *= -1")
        return f"{guard}{new} = {view}\n{'    ' if guard else ''}{change}"
    if kind < 0.9:
        return assignment(w)
    return w.pick(f"{a}.data {w.pick('+=', '*=', '-=')} {w.number()}", f"{a}.data = {a}.data * 2",
                  f"{a}.data.zero_()", f"{a}.data = {w.tensor(tuple(t.shape), 'float32', False)}",
                  f"{a}.data[0] = {w.number()}", f"{a}.data.copy_({w.mate(a)})",
                  f"{a} = {a} + 1", f"{a} = {a}.clone()")


def gradients(w: Writer) -> str:
    """backward in all its uses, and what decides whether there is a graph."""
    live = w.vars(lambda t: t.requires_grad)
    if not live:
        return f"{w.new()} = {w.tensor(None, 'float32', True)}"
    a, new = w.choice(live), w.new()
    made = w.vars(lambda t: t.grad_fn is not None)
    leaves = w.vars(lambda t: t.is_leaf and t.requires_grad)
    graded = w.vars(lambda t: t.is_leaf and t.grad is not None)
    y = w.choice(made) if made else f"({a} * {a})"
    leaf = w.choice(leaves) if leaves else a
    kind = w.r.random()
    if kind < 0.35:
        shape = tuple(w.value(y).shape)
        weights = w.tensor(shape, "float32", False)
        return w.pick(f"{y}.sum().backward()", f"({y} * {weights}).sum().backward()",
                      f"{y}.backward()", f"{y}.backward({weights})",
                      f"{y}.sum().backward(retain_graph=True)", f"{y}.mean().backward()",
                      f"({y} * {weights}).sum().backward(retain_graph=True)",
                      f"{y}.backward(gradient={weights}, retain_graph=True)",
                      f"{y}.backward(L.ones_like({y}))",
                      f"s = {y}.sum()\ns.backward()\ns.backward()")
    if kind < 0.5 and graded:
        g = w.choice(graded)
        return w.pick(f"{g}.grad.zero_()", f"{g}.grad = None", f"{new} = {g}.grad",
                      f"with L.no_grad():\n    {g} -= 0.1 * {g}.grad",
                      f"{g}.data -= 0.1 * {g}.grad.data", f"{g}.grad *= 2",
                      f"{new} = {g}.grad.clone()", f"{g}.data.add_({g}.grad.data, alpha=-0.5)",
                      f"{new} = {g}.grad.norm()",
                      f"with L.no_grad():\n    {g}.sub_(0.1 * {g}.grad)\n    {g}.grad.zero_()",
                      f"{g} = {g} - 0.1 * {g}.grad", f"{g}.data = {g}.data - 0.1 * {g}.grad",
                      f"{new} = {g}.grad.detach().numpy()", f"{g}.grad.data.zero_()",
                      f"{g} -= 0.1 * {g}.grad", f"{new} = {g}.grad.data", f"{new} = {g} * {g}.grad",
                      f"{g}.grad.fill_(1.0)", f"{g}.grad = L.ones_like({g})",
                      f"{g}.grad = {w.tensor(tuple(w.space[g].shape), 'float32', False)}")
    if kind < 0.6:
        f = w.pick(f"{a} * 2", f"{a}.sum()", f"({a} ** 2).sum()", f"{a}.exp()",
                   f"{a}.detach() * {a}")
        return w.pick(f"with L.no_grad():\n    {new} = {f}",
                      f"@L.no_grad()\ndef step(x):\n    return x * 2\n{new} = step({a})",
                      f"with L.no_grad():\n    with L.enable_grad():\n        {new} = {f}"
                      if w.has("L.enable_grad") else f"{new} = {f}",
                      f"with L.set_grad_enabled({w.pick('True', 'False')}):\n    {new} = {f}"
                      if w.has("L.set_grad_enabled") else f"{new} = {f}",
                      f"with L.no_grad():\n    {new} = L.is_grad_enabled()",
                      f"with L.no_grad():\n    {new} = L.ones(2, requires_grad=True)",
                      f"with L.inference_mode():\n    {new} = {f}.tolist()"
                      if w.has("L.inference_mode") else f"{new} = {f}")
    if kind < 0.75:
        return w.pick(f"{new} = {a}.detach()", f"{new} = {a}.detach().clone()", f"{new} = {a}.data",
                      f"{new} = {a}.clone()", f"{a}.retain_grad()",
                      f"{new} = {y}\n{new}.retain_grad()", f"{new} = {a}.requires_grad",
                      f"{new} = {a}.is_leaf", f"{new} = {a}.grad_fn is None",
                      f"{new} = {w.tensor(None, 'float32', False)}.requires_grad_()",
                      f"{a}.requires_grad_(False)", f"{a}.requires_grad = False",
                      f"{new} = {a}.clone().detach().requires_grad_(True)",
                      f"{new} = {w.tensor(None, 'float32', False)}\n{new}.requires_grad = True",
                      f"{a}.detach_()" if w.has("Tensor.detach_") else f"{new} = {a}.detach()",
                      f"{new} = L.tensor({a}.tolist(), requires_grad=True)",
                      f"{new} = {w.tensor(None, 'int64')}.requires_grad_()")
    if kind < 0.85 and w.has("L.autograd.grad"):
        return w.pick(f"{new} = L.autograd.grad(({leaf} ** 2).sum(), {leaf})[0]",
                      f"{new} = L.autograd.grad({y}.sum(), {leaf})",
                      f"{new}, = L.autograd.grad({y}.sum(), [{leaf}], retain_graph=True)")
    other = w.mate(a)
    return f"{new} = " + w.pick(f"{a} * {other}", f"({a} ** 2).sum()", f"{a} + {a}", f"{a} * {a}",
                                f"{a}.exp() * {a}", f"{a} / {other}", f"({a} - {other}) ** 2",
                                f"{a}.sigmoid()", f"{a}.relu() + {other}", f"{a}.tanh() * {other}",
                                f"{a}.sum() * {a}", f"{a}.mean()", f"{a}.max()", f"{a}.abs().sum()")


def protocol(w: Writer) -> str:
    """What Python asks of a tensor: numbers, truth, length, iteration, formats."""
    a, new = w.var(), w.new()
    single = w.var(lambda t: t.numel() == 1)
    return w.pick(f"{new} = {single}.item()", f"{new} = float({single})", f"{new} = int({single})",
                  f"{new} = bool({single})", f"{new} = f'{{{single}}}'",
                  f"{new} = f'{{{single}:.3f}}'", f"{new} = f'{{{single}.item():.4f}}'",
                  f"{new} = '%.2f' % {single}", f"{new} = {a}.item()", f"{new} = len({a})",
                  f"{new} = [x for x in {a}]", f"{new} = {w.number()} in {a}", f"{new} = list({a})",
                  f"{new} = sum({a})", f"{new} = max({a})", f"{new} = {a}.tolist()",
                  f"{new} = type({a}.tolist()).__name__", f"{new} = '{{:.2f}}'.format({single})",
                  f"{new} = str({single})", f"{new} = [float(x) for x in {a}]",
                  f"{new} = bool({a})", f"if {single}:\n    {new} = 1\nelse:\n    {new} = 0",
                  f"{new} = {a} is {a}", f"{new} = {a}.dtype", f"{new} = {a}.dtype == L.float32",
                  f"{new} = str({a}.dtype)", f"{new} = str({a}.shape)",
                  f"{new} = f'{{{a}.shape}} {{{a}.dtype}}'", f"{new} = {a}.shape == (2, 3)",
                  f"{new} = {a}.device == L.device('cpu')", f"{new} = str({a}.device)",
                  f"{new} = [row.sum().item() for row in {a}]", f"{new} = {a}.shape[0]",
                  f"{new} = f'{{{a}}}'", f"{new} = range(L.tensor(3))[-1]",
                  f"{new} = [1, 2, 3][L.tensor(1)]", f"{new} = {a}.cpu()",
                  f"{new} = {a}.is_floating_point()", f"{new} = L.is_tensor({a})",
                  f"{new} = isinstance({a}, L.Tensor)", f"{new} = {a} == None",
                  f"{new} = {a} != 'x'", f"{new} = (lambda t: hash(t) == hash(t))({a})",
                  f"{new} = round({single}.item(), 2)", f"{new} = [{a}][0]",
                  f"{new} = math.sqrt({single}.abs())", f"p, q = {a}", f"{new} = {a}.type()",
                  f"{new} = sorted([{single}, 2.0])[0]", f"{new} = {a} + [1, 2]",
                  f"{new} = {a} == [1.0, 2.0]", f"{new} = {a} * (1.0, 2.0)", f"{new} = {a} + None",
                  f"{new} = {a} + 'x'", f"{new} = reversed([{a}])", f"{new} = {a} @ 2")


# --- printing -------------------------------------------------------------------------------

def printing(w: Writer) -> str:
    names, new = w.vars(), w.new()
    if names and w.chance(0.2):
        a = w.choice(names)
        return f"{new} = {w.pick('str', 'repr', 'printed')}({a})"
    if w.chance(0.15):
        option = w.pick("precision=2", "precision=8", "sci_mode=False", "sci_mode=True",
                        "linewidth=40", "threshold=4, edgeitems=1", "edgeitems=2, threshold=5",
                        "precision=0", "profile='default'", "profile='short'",
                        "linewidth=140, precision=3")
        x = printable(w)
        return f"L.set_printoptions({option})\n{new} = str({x})"
    return f"{new} = {w.pick('str', 'repr', 'printed')}({printable(w)})"


def printable(w: Writer) -> str:
    """A tensor that may be hard to print: large, small, mixed, not finite, long."""
    kind = w.r.random()
    if kind < 0.15:
        n = w.pick(5, 30, 1001, 1500)
        return w.pick(f"L.arange({n})", f"L.arange({n}.0)", f"L.arange({n}).reshape(-1, 1)",
                      f"L.zeros({w.pick(3, 40)}, {w.pick(3, 30, 60)})", f"L.arange({n}.0) / 7",
                      f"L.ones({n}, dtype=L.bool)", f"L.ones({w.pick(8, 3)}, 7, {w.pick(3, 20)})",
                      f"L.arange({n}.0) * 1000", f"L.arange({n}, dtype=L.float64) ** 3")
    shape = w.shape(w.pick(0, 1, 1, 1, 2, 2, 3, 4))
    dtype = w.r.choices(DTYPES, (8, 3, 4, 1, 2, 2))[0]

    def entry():
        if "float" not in dtype:
            return w.pick(w.number(dtype), w.number(dtype), "-12345" if dtype == "int64" else "1")
        return {0: w.number, 1: lambda: str(w.r.randint(-50, 50)) + ".0",
                2: lambda: f"{w.r.uniform(1, 10):.3f}e{w.pick(-8, -5, -3, -2, 2, 4, 5, 7, 9, 12)}",
                3: lambda: w.pick("nan", "inf", "-inf", w.number(), w.number()),
                4: lambda: str(round(w.r.uniform(-2000, 2000), 2)),
                5: lambda: str(round(w.r.uniform(0, 1), 6)), 6: lambda: w.pick("0.0", "-0.0", "1.0",
                "1e-4", "1e-5", "99999.0", "100000.0", "1e8", "123456789.0", "0.1", "1e-20",
                "1e30")}[style]()
    style = w.r.randint(0, 6)

    def nest(s):
        return entry() if not s else "[" + ", ".join(nest(s[1:]) for _ in range(s[0])) + "]"
    grad = w.pick("", "", ", requires_grad=True") if "float" in dtype else ""
    text = f"L.tensor({nest(shape)}, dtype=L.{dtype}{grad})"
    return text + (w.pick(" * 1", ".sum()", ".detach()", ".T", "[..., :1]") if w.chance(0.2)
                   else "")


ONE_LINE = {"creation": creation, "dtypes": promotion, "element-wise": unary, "arithmetic": binary,
            "comparison": comparison, "reductions": reduction, "sorting": sorting,
            "shapes and views": shaping, "joining": joining, "indexing": indexing,
            "index assignment": assignment, "selecting": selecting, "matrix products": product,
            "in place": in_place, "gradients": gradients, "Python's protocol": protocol,
            "NumPy": numpy_bridge, "printing": printing}
