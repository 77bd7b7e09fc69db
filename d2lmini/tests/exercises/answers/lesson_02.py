"""Right answers to the exercises of lesson 02, autograd, written unlike the solution."""

RIGHT = {
    "partial_derivative": ["""
def partial_derivative(f, x, i, h):
    up, down = x.astype(float), x.astype(float)
    up[i] += h
    down[i] -= h
    return f(up) / (2 * h) - f(down) / (2 * h)
""", """
def partial_derivative(f, x, i, h):
    e = np.eye(len(x))[i]
    return 0.5 * ((f(x + h * e) - f(x)) / h + (f(x) - f(x - h * e)) / h)
""", """
def partial_derivative(f, x, i, h):
    def moved(by):
        return f(np.array([value + by * (k == i) for k, value in enumerate(x)], dtype=float))
    return (moved(h) - moved(-h)) / (h + h)
"""],
    "sine_neuron_gradients": ["""
def sine_neuron_gradients(x, w, y):
    angle = np.sum(x * w)
    common = np.sin(2 * angle) - 2 * y * np.cos(angle)
    return [w * common, x * common, 2 * y - 2 * np.sin(angle)]
""", """
import math
def sine_neuron_gradients(x, w, y):
    a = sum(p * q for p, q in zip(x, w))
    b = math.sin(a) - y
    by_a = 2 * b * math.cos(a)
    return np.array([by_a * q for q in w]), np.array([by_a * p for p in x]), -2 * b
"""],
    "wrong_gradients": ["""
def wrong_gradients(pairs, x):
    def is_wrong(f, gradient):
        claimed, h = gradient(x), 1e-4
        for i in range(len(x)):
            up, down = x.astype(float), x.astype(float)
            up[i] += h
            down[i] -= h
            if abs((f(up) - f(down)) / (up[i] - down[i]) - claimed[i]) > 5e-3 * max(abs(claimed)):
                return True
        return False
    return [k for k, pair in enumerate(pairs) if is_wrong(*pair)]
""", """
def wrong_gradients(pairs, x):
    found = []
    for k in range(len(pairs)):
        f, gradient = pairs[k]
        e = np.eye(len(x)) * 1e-6
        measured = np.array([f(x + s) - f(x - s) for s in e]) / 2e-6
        difference = np.linalg.norm(measured - gradient(x))
        if difference > 0.002 * np.linalg.norm(measured):
            found += [k]
    return found
"""],
    "sum_to_shape": ["""
def sum_to_shape(G, shape):
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    for i in range(len(shape)):
        if shape[i] != G.shape[i]:
            G = G.sum(axis=i, keepdims=True)
    return G
""", """
def sum_to_shape(G, shape):
    full = (1,) * (G.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i in range(G.ndim) if full[i] == 1)
    return np.sum(G, axis=axes, keepdims=True).reshape(shape)
"""],
    "topological_order": ["""
def topological_order(result, parents):
    order = []
    def visit(node):
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)
    visit(result)
    return order
""", """
def topological_order(result, parents):
    needed, waiting = set(), [result]
    while waiting:
        node = waiting.pop()
        if node not in needed:
            needed.add(node)
            waiting += parents[node]
    order = []
    while len(order) < len(needed):
        for node in sorted(needed - set(order)):
            if all(p in order for p in parents[node]):
                order.append(node)
    return order
""", """
def topological_order(result, parents):
    done = {}
    def visit(node):
        if node not in done:
            for parent in reversed(parents[node]):
                visit(parent)
            done[node] = True
    visit(result)
    return list(done)
""", """
def topological_order(result, parents, order=None):
    order = [] if order is None else order
    for parent in parents[result]:
        if parent not in order:
            topological_order(parent, parents, order)
    return order if result in order else order.append(result) or order
"""],
    "Scalar": ["""
class Scalar:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes
    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data + other.data, (self, other), (1, 1))
    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data * other.data, (self, other), (other.data, self.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def exp(self):
        return Scalar(np.exp(self.data), (self,), (np.exp(self.data),))
    def backward(self):
        done = {}
        def parents_first(node):
            if node not in done:
                for parent in node.parents:
                    parents_first(parent)
                done[node] = True
        parents_first(self)
        self.grad = 1.0
        for node in reversed(done):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += node.grad * slope
""", """
class Scalar:
    def __init__(self, data):
        self.data, self.grad, self.back, self.made_from = data, 0, None, ()
    def __add__(self, other):
        other = to_scalar(other)
        out = Scalar(self.data + other.data)
        out.made_from = self, other
        def back():
            self.grad += out.grad
            other.grad += out.grad
        out.back = back
        return out
    def __mul__(self, other):
        other = to_scalar(other)
        out = Scalar(self.data * other.data)
        out.made_from = self, other
        def back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data
        out.back = back
        return out
    def __radd__(self, other):
        return self.__add__(other)
    def __rmul__(self, other):
        return self.__mul__(other)
    def exp(self):
        out = Scalar(np.exp(self.data))
        out.made_from = (self,)
        def back():
            self.grad += out.grad * out.data
        out.back = back
        return out
    def backward(self):
        order, seen = [], set()
        def build(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent in node.made_from:
                    build(parent)
                order.append(node)
        build(self)
        self.grad = 1
        for node in order[::-1]:
            if node.back:
                node.back()
def to_scalar(value):
    return value if isinstance(value, Scalar) else Scalar(value)
""", """
class Scalar:
    def __init__(self, data, recipe=()):
        self.data, self.grad, self.recipe = float(data), 0.0, recipe
    def __add__(a, b):
        if isinstance(b, Scalar):
            return Scalar(a.data + b.data, [(a, 1.0), (b, 1.0)])
        return Scalar(a.data + b, [(a, 1.0)])
    def __mul__(a, b):
        if isinstance(b, Scalar):
            return Scalar(a.data * b.data, [(a, b.data), (b, a.data)])
        return Scalar(a.data * b, [(a, b)])
    __radd__, __rmul__ = __add__, __mul__
    def exp(a):
        return Scalar(np.exp(a.data), [(a, np.exp(a.data))])
    def backward(self):
        users, waiting = {self: 0}, [self]
        while waiting:
            for parent, _ in waiting.pop().recipe:
                if parent not in users:
                    users[parent] = 0
                    waiting.append(parent)
                users[parent] += 1
        self.grad, ready = 1.0, [self]
        while ready:
            node = ready.pop()
            for parent, slope in node.recipe:
                parent.grad += slope * node.grad
                users[parent] -= 1
                if users[parent] == 0:
                    ready.append(parent)
"""],
}

SAME = {"wrong_gradients": {
    "line 14, column 11: Gt to GtE": "no error is exactly at the tolerance",
    "line 14, column 47: 0.003 doubled": "0.6 % tells 1 % from nothing, too",
}}
