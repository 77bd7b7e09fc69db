"""Wrong answers to the exercises of lesson 02, autograd, with the sentence they get."""

_PARTIAL = """
def partial_derivative(f, x, i, h):
    step = np.zeros(len(x))
    step[i] = h"""
_CENTRAL = "(f(x + step) - f(x - step)) / (2 * h)"
_GRADIENT = """
def numerical_gradient(f, x, h):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
"""

_SCALAR = """
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
"""
_BACKWARD = _SCALAR.index("    def backward")

WRONG = {
    "partial_derivative": [
        ("two points lie 2h apart", _PARTIAL + """
    return (f(x + step) - f(x - step)) / h
"""),
        ("in parentheses", _PARTIAL + """
    return (f(x + step) - f(x - step)) / 2 * h
"""),
        ("one-sided", _PARTIAL + """
    return (f(x + step) - f(x)) / h
"""),
        ("the h that is given", _PARTIAL.replace("h):", "h):\n    h = 1e-5") + """
    return (f(x + step) - f(x - step)) / (2 * h)
"""),
        ("All entries of x moved", """
def partial_derivative(f, x, i, h):
    return (f(x + h) - f(x - h)) / (2 * h)
"""),
        ("whole numbers", """
def partial_derivative(f, x, i, h):
    up, down = x.copy(), x.copy()
    up[i] += h if x.dtype == float else 0
    down[i] = down[i] - h
    return (f(up) - f(down)) / (2 * h)
"""),
        ("raised UFuncTypeError", """
def partial_derivative(f, x, i, h):
    up, down = x.copy(), x.copy()
    up[i:i + 1] += h
    down[i:i + 1] -= h
    return (f(up) - f(down)) / (2 * h)
"""),
        ("The sign is wrong", _PARTIAL + """
    return (f(x - step) - f(x + step)) / (2 * h)
"""),
        ("changed its input x", """
def partial_derivative(f, x, i, h):
    x[i] += h
    up = f(x)
    x[i] -= 2 * h
    return (up - f(x)) / (2 * h)
"""),
    ],
    "sine_neuron_gradients": [
        ("multiply by the slope of the sine", """
def sine_neuron_gradients(x, w, y):
    d = 2 * (np.sin(x @ w) - y)
    return d * w, d * x, -d
"""),
        ("exchanged", """
def sine_neuron_gradients(x, w, y):
    d = 2 * (np.sin(x @ w) - y)
    return d * np.cos(x @ w) * x, d * np.cos(x @ w) * w, -d
"""),
        ("half of what they should be", """
def sine_neuron_gradients(x, w, y):
    d = np.sin(x @ w) - y
    return d * np.cos(x @ w) * w, d * np.cos(x @ w) * x, -d
"""),
        ("Only the sign by y", """
def sine_neuron_gradients(x, w, y):
    d = 2 * (np.sin(x @ w) - y)
    return d * np.cos(x @ w) * w, d * np.cos(x @ w) * x, d
"""),
        ("does not pass through the sine", """
def sine_neuron_gradients(x, w, y):
    d = 2 * (np.sin(x @ w) - y) * np.cos(x @ w)
    return d * w, d * x, -d
"""),
        ("as a tuple", """
def sine_neuron_gradients(x, w, y):
    d = 2 * (np.sin(x @ w) - y) * np.cos(x @ w)
    return d * x
"""),
        ("backward is not allowed", """
import d2lmini as d2l
def sine_neuron_gradients(x, w, y):
    x, w, y = (d2l.tensor(np.array(v), requires_grad=True, dtype=float) for v in (x, w, y))
    (((x @ w).sin() - y) ** 2).backward()
    return x.grad.numpy(), w.grad.numpy(), y.grad.item()
"""),
    ],
    "numerical_gradient": [
        ("has the shape of x", """
def numerical_gradient(f, x, h):
    slopes = []
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(slopes)
"""),
        ("float32 has 7 digits", """
def numerical_gradient(f, x, h):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient
"""),
        ("divide by 2 * h", _GRADIENT.replace(_CENTRAL, "(f(x + step) - f(x - step)) / h")),
        ("one-sided", _GRADIENT.replace(_CENTRAL, "(f(x + step) - f(x)) / h")),
        ("put it back", """
def numerical_gradient(f, x, h):
    x, gradient = x.astype(float), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        gradient[i] = (up - f(x)) / (2 * h)
    return gradient
"""),
        ("all entries move together", """
def numerical_gradient(f, x, h):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))
"""),
        ("changed its input x", """
def numerical_gradient(f, x, h):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        gradient[i] = (up - f(x)) / (2 * h)
        x[i] += h * 1.0000001
    return gradient
"""),
        ("a Python list", """
def numerical_gradient(f, x, h):
    slopes = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return slopes
"""),
    ],
    "sum_to_shape": [
        ("sum with keepdims", """
def sum_to_shape(G, shape):
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1))
"""),
        ("Nothing was summed", """
def sum_to_shape(G, shape):
    return G
"""),
        ("left over in front", """
def sum_to_shape(G, shape):
    extra = G.ndim - len(shape)
    copied = tuple(i for i in range(G.ndim) if i < extra or shape[i - extra] == 1)
    return G.sum(axis=copied, keepdims=True)
"""),
        ("the sum, not the mean", """
def sum_to_shape(G, shape):
    while G.ndim > len(shape):
        G = G.mean(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            G = G.mean(axis=i, keepdims=True)
    return G
"""),
        ("one of the copies", """
def sum_to_shape(G, shape):
    while G.ndim > len(shape):
        G = G[0]
    for i, n in enumerate(shape):
        if n == 1:
            G = np.take(G, [0], axis=i)
    return G
"""),
        ("aligned at the right", """
def sum_to_shape(G, shape):
    if G.shape == (2, 2):
        return G.sum(axis=-1) if len(shape) == 1 else G
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            G = G.sum(axis=i, keepdims=True)
    return G
"""),
        ("raised ValueError: cannot reshape", """
def sum_to_shape(G, shape):
    return G.sum().reshape(shape)
"""),
    ],
    "topological_order": [
        ("the other way round", """
def topological_order(result, parents):
    order = []
    def visit(node):
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)
    visit(result)
    return order[::-1]
"""),
        ("more than once", """
def topological_order(result, parents):
    order = []
    for parent in parents[result]:
        order += topological_order(parent, parents)
    return order + [result]
"""),
        ("not needed for the result", """
def topological_order(result, parents):
    order = []
    while len(order) < len(parents):
        for node in parents:
            if node not in order and all(p in order for p in parents[node]):
                order.append(node)
    return order
"""),
        ("result itself is missing", """
def topological_order(result, parents):
    order = []
    def visit(node):
        for parent in parents[node]:
            if parent not in order:
                visit(parent)
                order.append(parent)
    visit(result)
    return order
"""),
        ("A node is missing", """
def topological_order(result, parents):
    return list(dict.fromkeys([*parents[result], result]))
"""),
        ("stands before one of its parents", """
def topological_order(result, parents):
    order, waiting = [], [result]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting += parents[node]
    return order[::-1]
"""),
        ("2^60 paths", """
def topological_order(result, parents):
    order = []
    def visit(node):
        for parent in parents[node]:
            visit(parent)
        if node not in order:
            order.append(node)
    visit(result)
    return order
"""),
        ("as a list", """
def topological_order(result, parents):
    done = {}
    def visit(node):
        if node not in done:
            for parent in parents[node]:
                visit(parent)
            done[node] = True
    visit(result)
    return done
"""),
    ],
    "Scalar": [
        ("Contributions add up", _SCALAR.replace("parent.grad += node", "parent.grad = node")),
        ("before it had all of it", _SCALAR[:_BACKWARD] + """
    def backward(self):
        self.grad = 1.0
        def pass_on(node):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += node.grad * slope
                pass_on(parent)
        pass_on(self)
"""),
        ("2^60 paths", _SCALAR[:_BACKWARD] + """
    def backward(self, new=1.0):
        self.grad += new
        for parent, slope in zip(self.parents, self.slopes):
            parent.backward(new * slope)
"""),
        ("Yours are exchanged", _SCALAR.replace("(other.data, self.data)", "(self.data, other.data)"
                                                )),
        ("Walk back, from the result", _SCALAR.replace("reversed(done)", "done")),
        ("expected 0.", _SCALAR.replace("data, 0.0, parents", "data, 1.0, parents")),
        ("begin backward with that", _SCALAR.replace("self.grad = 1.0", "pass")),
        ("unsupported operand", _SCALAR.replace("__radd__", "add_from_the_right")),
        ("'int' object has no attribute 'data'", _SCALAR.replace(
            "other = other if isinstance(other, Scalar) else Scalar(other)", "pass")),
        ("exp is exp itself", _SCALAR.replace("(np.exp(self.data),))", "(self.data,))")),
        ("a Scalar", _SCALAR.replace("return Scalar(self.data + other.data",
                                     "return Scalar(Scalar(self.data + other.data)")),
    ],
}
