"""Right answers to the exercises of lesson 02, typical wrong ones, and random inputs.

lesson_02.py makes the exercises from these.
"""

import numpy as np

from .spec import Case, Code

# --- partial_derivative ---


def partial_derivative(f, x, i, h):
    step = np.zeros(len(x))
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)


def some_partial(rng):
    x = rng.normal(size=int(rng.integers(1, 6)))
    text = rng.choice(["lambda x: np.sin(x).sum() + x[0] ** 3", "lambda x: np.exp(x @ x / 10)",
                       "lambda x: np.prod(x + 2)"])
    return {"f": Code(str(text)), "x": x, "i": int(rng.integers(len(x))),
            "h": float(rng.choice([0.5, 0.1, 1e-3, 1e-5]))}


# --- sine_neuron_gradients ---


def sine_neuron_gradients(x, w, y):
    a = x @ w
    s = np.sin(a)
    dz_ds = 2 * (s - y)
    dz_da = dz_ds * np.cos(a)
    return dz_da * w, dz_da * x, -dz_ds


def without_cosine(x, w, y):
    dz_ds = 2 * (np.sin(x @ w) - y)
    return dz_ds * w, dz_ds * x, -dz_ds


def cosine_of_the_sine(x, w, y):
    dx, dw, dy = without_cosine(x, w, y)
    slope = np.cos(np.sin(x @ w))
    return dx * slope, dw * slope, dy


def changed_gradients(change):
    return lambda x, w, y: change(*sine_neuron_gradients(x, w, y))


def some_neuron(rng):
    x, w = rng.normal(size=(2, int(rng.integers(1, 6))))
    return {"x": x, "w": w, "y": float(rng.normal())}


# --- numerical_gradient ---


def numerical_gradient(f, x, h):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def one_sided_gradient(f, x, h):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + step) - f(x)) / h for step in steps]).reshape(x.shape)


def never_put_back(f, x, h):
    x, gradient = x.astype(float), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        gradient[i] = (up - f(x)) / (2 * h)
    return gradient


def in_single_precision(x):
    return x.dtype.kind in "iub" or x.dtype.itemsize < 8


def some_array(rng):
    text = rng.choice(["lambda x: np.sin(x).sum() + (x ** 3).mean()",
                       "lambda x: np.exp(-(x * x).sum() / 10)", "lambda x: np.prod(x + 3)"])
    shape = tuple(rng.integers(1, 4, int(rng.integers(1, 4))))
    return {"f": Code(str(text)), "x": rng.normal(size=shape),
            "h": float(rng.choice([0.25, 0.1, 1e-3, 1e-5]))}


# --- sum_to_shape ---


def sum_to_shape(G, shape):
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    for axis, n in enumerate(shape):
        if n == 1:
            G = G.sum(axis=axis, keepdims=True)
    return G


def mean_to_shape(G, shape):
    return sum_to_shape(G, shape) * np.prod(shape) / G.size


def one_copy(G, shape):
    G = G[(0,) * (G.ndim - len(shape))]
    return G[tuple(slice(0, n) for n in shape)]


def some_broadcast(rng):
    full = rng.integers(1, 5, int(rng.integers(1, 5)))
    shape = np.where(rng.random(len(full)) < 0.4, 1, full)[int(rng.integers(len(full) + 1)):]
    return {"G": rng.normal(size=tuple(full)), "shape": tuple(int(n) for n in shape)}


# --- topological_order ---


def topological_order(result, parents):
    order = []

    def visit(node):
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(result)
    return order


def some_graph(rng):
    """A graph with only one right order: each node is made from the one before, and others."""
    names = [str(c) for c in rng.permutation(list("abcdefghijkl"))]
    n = int(rng.integers(1, 9))
    parents = {names[0]: []}
    for k in range(1, n):
        more = [names[int(j)] for j in rng.integers(0, k, int(rng.integers(0, 4)))]
        parents[names[k]] = [str(p) for p in rng.permutation([names[k - 1], *more])]
    parents |= {names[n]: [names[int(rng.integers(n))]], names[n + 1]: []}      # not needed
    keys = [str(k) for k in rng.permutation(list(parents))]
    return {"result": names[n - 1], "parents": {k: parents[k] for k in keys}}


# --- Scalar ---


class Scalar:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes

    def node(self, data, parents, slopes):
        parents = tuple(p if isinstance(p, Scalar) else type(self)(p) for p in parents)
        return type(self)(data, parents, slopes)

    def __add__(self, other):
        return self.node(self.data + getattr(other, "data", other), (self, other), (1.0, 1.0))

    def __mul__(self, other):
        factor = getattr(other, "data", other)
        return self.node(self.data * factor, (self, other), (factor, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        y = np.exp(self.data)
        return self.node(y, (self,), (y,))

    def in_order(self, node, done):
        if node not in done:
            for parent in node.parents:
                self.in_order(parent, done)
            done[node] = True
        return done

    def backward(self):
        self.grad += 1.0
        for node in reversed(self.in_order(self, {})):
            for parent, slope in zip(node.parents, node.slopes):
                self.give(parent, node.grad * slope)

    def give(self, parent, gradient):
        parent.grad += gradient


class Overwriting(Scalar):
    def give(self, parent, gradient):
        parent.grad = gradient


class Forward(Scalar):
    def backward(self):
        self.grad += 1.0
        for node in self.in_order(self, {}):
            for parent, slope in zip(node.parents, node.slopes):
                self.give(parent, node.grad * slope)


class TooEarly(Scalar):
    def backward(self):
        self.grad, self.calls = 1.0, 0
        self.pass_on(self)

    def pass_on(self, node):
        self.calls += 1
        if self.calls > 1000:
            raise RuntimeError("too many paths")
        for parent, slope in zip(node.parents, node.slopes):
            parent.grad += node.grad * slope
            self.pass_on(parent)


class OwnSlopes(Scalar):
    def __mul__(self, other):
        factor = getattr(other, "data", other)
        return self.node(self.data * factor, (self, other), (self.data, factor))

    __rmul__ = __mul__


class OddExp(Scalar):
    def exp(self):
        return self.node(np.exp(self.data), (self,), (self.data,))


class NoSeed(Scalar):
    def backward(self):
        pass


def some_formula(rng):
    p, q = (float(v) for v in rng.normal(size=2).round(2))
    line = str(rng.choice(["y = (a * b + 2) * (a + 3 * b)", "y = a * a * a + b * (a + -1)",
                           "c = a * b; y = (c + c) * c + a", "y = (a * b).exp() + 0.5 * b * b",
                           "y = (a.exp() + b.exp()) * a"]))
    return Case(f"a, b = Scalar(p), Scalar(q)\n{line}\ny.backward()\n[y.data, a.grad, b.grad]",
                {"p": p, "q": q})
