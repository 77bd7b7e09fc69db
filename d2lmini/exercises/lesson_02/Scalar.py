"""A number that differentiates every formula it takes part in."""

import numpy as np

from ..spec import Case, Exercise, Mistake


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
        return self.node(self.data * factor, (self, other), self.slopes_of_product(factor))

    __radd__, __rmul__ = __add__, __mul__

    def slopes_of_product(self, factor):
        return factor, self.data

    def exp(self):
        return self.node(np.exp(self.data), (self,), (self.slope_of_exp(),))

    def slope_of_exp(self):
        return np.exp(self.data)

    def in_order(self, node, done):
        if node not in done:
            for parent in node.parents:
                self.in_order(parent, done)
            done[node] = True
        return done

    def backward(self, walk=reversed):
        self.grad += 1.0
        for node in walk(self.in_order(self, {})):
            for parent, slope in zip(node.parents, node.slopes):
                self.give(parent, node.grad * slope)

    def give(self, parent, gradient):
        parent.grad += gradient


class Overwriting(Scalar):
    def give(self, parent, gradient):
        parent.grad = gradient


class Forward(Scalar):
    def backward(self):
        super().backward(walk=list)


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
    def slopes_of_product(self, factor):
        return self.data, factor


class OddExp(Scalar):
    def slope_of_exp(self):
        return self.data


class HalfExp(Scalar):
    def slope_of_exp(self):
        return np.exp(self.data) / 2


class NoSeed(Scalar):
    def backward(self):
        pass


def random(rng):
    p, q = (float(v) for v in rng.normal(size=2).round(2))
    line = str(rng.choice(["y = (a * b + 2) * (a + 3 * b)", "y = a * a * a + b * (a + -1)",
                           "c = a * b; y = (c + c) * c + a", "y = (a * b).exp() + 0.5 * b * b",
                           "y = (a.exp() + b.exp()) * a"]))
    return Case(f"a, b = Scalar(p), Scalar(q)\n{line}\ny.backward()\n[y.data, a.grad, b.grad]",
                {"p": p, "q": q})


EXERCISE = Exercise(
    Scalar,
    fixed=[
        Case("x = Scalar(3.0)\n[x.data, x.grad]", {}),
        Case("x = Scalar(3.0)\nx.backward()\n[x.data, x.grad]", {}),
        Case("a, b = Scalar(2.0), Scalar(-5.0)\ny = a + b\ny.backward()\n"
             "[y.data, a.grad, b.grad]", {}),
        Case("a, b = Scalar(2.0), Scalar(-5.0)\ny = a * b\ny.backward()\n"
             "[y.data, a.grad, b.grad]", {}),
        Case("x = Scalar(3.0)\ny = x * x + x\ny.backward()\n[y.data, x.grad]", {}),
        Case("x = Scalar(3.0)\na = x * x\ny = a + a\ny.backward()\n[y.data, x.grad]", {}),
        Case("x = Scalar(3.0)\ny = x * 4 + 1\ny.backward()\n[y.data, x.grad]", {}),
        Case("x = Scalar(3.0)\ny = 1 + 4 * x\ny.backward()\n[y.data, x.grad]", {}),
        Case("x = Scalar(-1.0)\ny = (2 * x).exp()\ny.backward()\n[y.data, x.grad]", {}),
        Case("x = Scalar(3.0)\n(x * x).backward()\n(5 * x).backward()\nx.grad", {}),
        Case("x, z = Scalar(3.0), Scalar(1.0)\ny = x * x\nw = y * z\ny.backward()\n"
             "[x.grad, z.grad]", {}),
        Case("x = Scalar(1.0)\ny = x\nfor _ in range(60): y = y + y\ny.backward()\nx.grad",
             {}, slow="This graph has 2^60 paths, but 61 nodes. Visit each node once."),
    ],
    random=random,
    mistakes=[
        Mistake("A gradient was overwritten. Contributions add up: parent.grad += …, not =.",
                Overwriting),
        Mistake("A node passed its gradient on before it had all of it, and some counted twice. "
                "Walk in topological order, from the result back.", TooEarly),
        Mistake("You walked from the inputs to the result, so nothing arrived. Walk back, from the "
                "result: reversed(order).", Forward),
        Mistake("The derivative of a * b with respect to a is b, and with respect to b it is a. "
                "Yours are exchanged.", OwnSlopes),
        Mistake("The gradient of the result with respect to itself is 1: begin backward with that.",
                NoSeed),
        Mistake("The derivative of exp is exp itself: y = np.exp(a.data) is its value and its "
                "derivative.", OddExp),
        Mistake("The value is right, the gradient is not: compare the derivatives of the operators "
                "in this program with the table of section 3.", HalfExp,
                when=lambda got, want, args: want[1] != 0 and np.isclose(got[0], want[0])),
    ],
    hints=[
        "A Scalar keeps data, grad (0.0 at first), the tuple of its parents, and the derivative "
        "with respect to each. a + b gives Scalar(a.data + b.data) with parents (a, b) and "
        "derivatives (1, 1).",
        "For numbers: if not isinstance(b, Scalar): b = Scalar(b). In 2 * x Python calls "
        "x.__rmul__(2): one line in the class, __rmul__ = __mul__, is enough.",
        "backward: make a topological order of all nodes (the exercise before), set self.grad "
        "= 1.0, and walk the order from its end.",
        "At each node: for parent, slope in zip(node.parents, node.slopes): parent.grad += "
        "node.grad * slope.",
    ],
)
