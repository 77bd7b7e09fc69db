"""What judges the exercises of lesson 02, autograd. The functions stand in references_02.py."""

import numpy as np

from .references_02 import (
    Forward,
    NoSeed,
    OddExp,
    Overwriting,
    OwnSlopes,
    Scalar,
    TooEarly,
    changed_gradients,
    cosine_of_the_sine,
    in_single_precision,
    mean_to_shape,
    never_put_back,
    numerical_gradient,
    one_copy,
    one_sided_gradient,
    partial_derivative,
    sine_neuron_gradients,
    some_array,
    some_broadcast,
    some_formula,
    some_graph,
    some_neuron,
    some_partial,
    sum_to_shape,
    topological_order,
    without_cosine,
)
from .spec import Case, Code, Exercise, Mistake

TREE = {"z": ["b", "b"], "b": ["a", "y"], "a": ["p", "q"], "p": ["x1", "w1"], "q": ["x2", "w2"],
        "x1": [], "x2": [], "w1": [], "w2": [], "y": []}
LADDER = {"n0": []} | {f"n{k + 1}": [f"n{k}"] * 2 for k in range(60)}


def in_order(order, args):
    return all(order.index(p) < order.index(n) for n in order for p in args["parents"][n])


EXERCISES = [
    Exercise(
        name="partial_derivative",
        reference=partial_derivative,
        program="partial_derivative(f, x, i, h)",
        fixed=[
            {"f": Code("lambda x: x[0] ** 2 * x[1]"), "x": np.array([3.0, 2.0]), "i": 0, "h": 0.1},
            {"f": Code("lambda x: x[0] ** 2 * x[1]"), "x": np.array([3.0, 2.0]), "i": 1, "h": 0.1},
            {"f": Code("lambda x: x[0] ** 3"), "x": np.array([-2.0]), "i": 0, "h": 0.5},
            {"f": Code("lambda x: (x * x).sum()"), "x": np.array([1, 2, 3]), "i": 2, "h": 0.1},
            {"f": Code("lambda x: x[0] * x[1]"), "x": np.array([7.0, 5.0, 1.0]), "i": 2, "h": 0.1},
        ],
        random=some_partial,
        mistakes=[
            Mistake("It is twice too large: the two points lie 2h apart, so divide by 2 * h.",
                    like=lambda f, x, i, h: 2 * partial_derivative(f, x, i, h)),
            Mistake("You divided by 2 and then multiplied by h: write / (2 * h), in parentheses.",
                    like=lambda f, x, i, h: h * h * partial_derivative(f, x, i, h)),
            Mistake("That is the one-sided difference. The central one has a point on each side of "
                    "x[i].", like=lambda f, x, i, h: (f(x + h * np.eye(len(x))[i]) - f(x)) / h),
            Mistake("All entries of x moved. Only x[i] may move; the others are held fixed.",
                    like=lambda f, x, i, h: (f(x + h) - f(x - h)) / (2 * h)),
            Mistake("x holds whole numbers, and x[i] + h put back into such an array is cut off. "
                    "Work on x.astype(float), or add an array of floats.",
                    when=lambda got, want, args: args["x"].dtype.kind == "i"),
            Mistake("Use the h that is given, even a large one.",
                    like=lambda f, x, i, h: partial_derivative(f, x, i, 1e-6)),
            Mistake("Are your two points one and the same array? up = x makes no copy, so both "
                    "moves happen in it. Take x.copy(), or add an array.",
                    when=lambda got, want, args: got == 0 != want),
            Mistake("The sign is wrong: f at x[i] + h comes first, minus f at x[i] - h.",
                    like=lambda f, x, i, h: -partial_derivative(f, x, i, h)),
        ],
        hints=[
            "You need two points: x with h added to entry i, and x with h subtracted from entry i.",
            "step = np.zeros(len(x)) and step[i] = h give an array that moves only entry i.",
            "The answer is (f(x + step) - f(x - step)) / (2 * h).",
        ],
    ),
    Exercise(
        name="sine_neuron_gradients",
        reference=sine_neuron_gradients,
        program="sine_neuron_gradients(x, w, y)",
        fixed=[
            {"x": np.array([1.0, 2.0]), "w": np.array([0.5, -0.25]), "y": 0.5},
            {"x": np.array([1.0, 2.0]), "w": np.array([0.5, 0.25]), "y": 0.5},
            {"x": np.array([2.0]), "w": np.array([-3.0]), "y": 0.0},
            {"x": np.array([1, -1, 2]), "w": np.array([2, 0, -1]), "y": 3},
        ],
        random=some_neuron,
        mistakes=[
            Mistake("Return three things as a tuple: the gradients by x, by w and by y.",
                    when=lambda got, want, args: not isinstance(got, list | tuple)),
            Mistake("The step from s back to a is missing: multiply by the slope of the sine, "
                    "cos(a).", like=without_cosine),
            Mistake("The slope of the sine is cos(a), at the a that went into it, not cos(s).",
                    like=cosine_of_the_sine),
            Mistake("The gradients by x and by w are exchanged: the slope of <x, w> by w is x, and "
                    "by x it is w.", like=changed_gradients(lambda dx, dw, dy: (dw, dx, dy))),
            Mistake("All are half of what they should be: the derivative of b² is 2b.",
                    like=changed_gradients(lambda dx, dw, dy: (dx / 2, dw / 2, dy / 2))),
            Mistake("Only the sign by y is wrong: s - y falls when y rises.",
                    like=changed_gradients(lambda dx, dw, dy: (dx, dw, -dy))),
            Mistake("The gradient by y does not pass through the sine: y enters after it.",
                    like=lambda x, w, y: (*sine_neuron_gradients(x, w, y)[:2],
                                          -2 * (np.sin(x @ w) - y) * np.cos(x @ w))),
        ],
        hints=[
            "Go forward first and keep every value: a = x @ w, s = np.sin(a), b = s - y.",
            "Go back one step at a time: dz_db = 2 * b, dz_ds = dz_db, dz_da = dz_ds * (slope of "
            "the sine at a).",
            "At the end dz_dw = dz_da * x and dz_dx = dz_da * w; y gets dz_db * -1.",
        ],
        bans=("Tensor.backward",),
    ),
    Exercise(
        name="numerical_gradient",
        reference=numerical_gradient,
        program="numerical_gradient(f, x, h)",
        fixed=[
            {"f": Code("lambda x: x[0] ** 2 + 3 * x[1]"), "x": np.array([1.0, 2.0]), "h": 0.1},
            {"f": Code("lambda x: (x ** 3).sum()"), "x": np.array([[1.0, 2.0, 0.0],
                                                                  [-1.0, 0.5, 3.0]]), "h": 0.5},
            {"f": Code("lambda x: x[0, 0] * x[0, 1] * x[0, 2]"), "x": np.array([[2.0, 3.0, 4.0]]),
             "h": 0.5},
            {"f": Code("lambda x: (x * x).sum()"), "x": np.array([3, -4]), "h": 0.001},
            {"f": Code("lambda x: (x * x).sum()"), "x": np.array([1.7, 3.1], np.float32),
             "h": 1e-5},
            {"f": Code("lambda x: (x * x).sum()"), "x": np.zeros((0, 2)), "h": 0.1},
        ],
        random=some_array,
        mistakes=[
            Mistake("The gradient has the shape of x: put the slope by x[i] at gradient[i].",
                    when=lambda got, want, args: np.shape(got) != want.shape),
            Mistake("float32 has 7 digits, too few for a small h, and whole numbers have no room "
                    "for it. Work in float64: x.astype(float).",
                    when=lambda got, want, args: in_single_precision(args["x"])),
            Mistake("It is twice too large: the two points lie 2h apart, so divide by 2 * h.",
                    like=lambda f, x, h: 2 * numerical_gradient(f, x, h)),
            Mistake("That is the one-sided difference. The central one has a point on each side of "
                    "x[i].", like=one_sided_gradient),
            Mistake("Use the h that is given, even a large one.",
                    like=lambda f, x, h: numerical_gradient(f, x, 1e-6)),
            Mistake("The first entry is right, the later ones are not: after an entry was moved, "
                    "put it back before you move the next.", like=never_put_back),
            Mistake("That is the slope when all entries move together. Move one at a time.",
                    when=lambda got, want, args: np.allclose(got, want.sum())),
        ],
        hints=[
            "It is the partial derivative again, once for each entry, each put at its own place.",
            "for i in np.ndindex(x.shape): goes through all indices of x, and x[i] is the entry.",
            "In the loop make step = np.zeros(x.shape), set step[i] = h, and use x + step and "
            "x - step: then x itself never changes, and the sum is in float64.",
        ],
        bans=("gradcheck.numerical_gradient",),
    ),
    Exercise(
        name="sum_to_shape",
        reference=sum_to_shape,
        program="sum_to_shape(G, shape)",
        fixed=[
            {"G": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "shape": (3, 1)},
            {"G": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "shape": (1, 2)},
            {"G": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "shape": (2,)},
            {"G": np.array([[1.0, 2.0], [3.0, 4.0]]), "shape": (2,)},
            {"G": np.array([[1.0, 2.0], [3.0, 4.0]]), "shape": (2, 2)},
            {"G": np.array([[1.0, 2.0], [3.0, 4.0]]), "shape": ()},
            {"G": np.arange(24.0).reshape(2, 3, 4), "shape": (3, 1)},
            {"G": np.arange(24.0).reshape(2, 3, 4), "shape": (1, 3, 1)},
            {"G": np.zeros((0, 3)), "shape": (1, 3)},
        ],
        random=some_broadcast,
        mistakes=[
            Mistake("The numbers are right, but a summed axis of length 1 is gone: sum with "
                    "keepdims=True.",
                    when=lambda got, want, args: np.shape(got) != want.shape and np.ndim(got)
                    < len(args["shape"]) and np.allclose(np.ravel(got), want.ravel())),
            Mistake("Nothing was summed. Sum over each axis on which broadcasting made copies.",
                    when=lambda got, want, args: np.shape(got) == args["G"].shape),
            Mistake("Axes are left over in front: those that the shape does not have are summed "
                    "and vanish, without keepdims.",
                    when=lambda got, want, args: np.ndim(got) > len(args["shape"])),
            Mistake("Each copy contributes, and contributions add up: take the sum, not the mean.",
                    like=mean_to_shape),
            Mistake("You kept one of the copies. Each of them contributes: sum over them.",
                    like=one_copy),
            Mistake("The wrong axis was summed. Shapes are aligned at the right, so the axes that "
                    "are missing in shape are the first ones of G.",
                    when=lambda got, want, args: len(args["shape"]) < args["G"].ndim),
        ],
        hints=[
            "There are two kinds of copies: along axes that shape does not have at all (the first "
            "ones of G), and along axes where shape has a 1.",
            "G.ndim - len(shape) axes are too many. Sum over axis 0 that many times.",
            "Then, wherever shape[axis] == 1: G = G.sum(axis=axis, keepdims=True).",
        ],
        bans=("engine._fit",),
    ),
    Exercise(
        name="topological_order",
        reference=topological_order,
        program="topological_order(result, parents)",
        fixed=[
            {"result": "y", "parents": {"x": [], "a": ["x"], "y": ["a"]}},
            {"result": "y", "parents": {"y": ["a", "a"], "a": ["x", "x"], "x": []}},
            {"result": "y", "parents": {"y": ["x", "b"], "b": ["x", "a"], "a": ["x"], "x": []}},
            {"result": "a", "parents": {"y": ["b"], "b": ["a"], "a": ["x"], "x": [], "c": ["x"]}},
            {"result": "x", "parents": {"x": []}},
            Case("topological_order('z', parents)", {"parents": TREE},
                 lambda order, args: sorted(order)),
            Case("topological_order('z', parents)", {"parents": TREE}, in_order),
            Case("topological_order('n60', parents)", {"parents": LADDER},
                 slow="This graph has 2^60 paths, but 61 nodes. Visit each node once."),
        ],
        random=some_graph,
        mistakes=[
            Mistake("Return the names as a list; list(done) makes one of a dictionary's keys.",
                    when=lambda got, want, args: isinstance(got, dict)),
            Mistake("It is the other way round: begin with what has no parents, end with the "
                    "result.", when=lambda got, want, args: got == want[::-1] != want),
            Mistake("A node stands there more than once. Skip what is there already.",
                    when=lambda got, want, args: len(got) > len(set(got))),
            Mistake("Some of these are not needed for the result: begin at the result, and go to "
                    "its parents, and to theirs.",
                    when=lambda got, want, args: set(got) > set(want)),
            Mistake("The result itself is missing: it stands at the end.",
                    when=lambda got, want, args: args["result"] not in got),
            Mistake("A node is missing: everything that the result was made from belongs there, "
                    "over any number of steps.",
                    when=lambda got, want, args: set(got) < set(want)),
            Mistake("A node stands before one of its parents: append a node only when all of its "
                    "parents have been appended.",
                    when=lambda got, want, args: got is False or set(got) == set(want)),
        ],
        hints=[
            "Before you append a node, append its parents, each with the same rule. A function "
            "that calls itself can do that.",
            "Write an inner function visit(node): nothing if node is in the list already; else "
            "visit each parent, then append node.",
            "Then visit(result), and return the list.",
        ],
    ),
    Exercise(
        name="Scalar",
        reference=Scalar,
        program="",
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
        random=some_formula,
        mistakes=[
            Mistake("A gradient was overwritten. Contributions add up: parent.grad += …, not =.",
                    like=Overwriting),
            Mistake("A node passed its gradient on before it had all of it, and some counted "
                    "twice. Walk in topological order, from the result back.", like=TooEarly),
            Mistake("You walked from the inputs to the result, so nothing arrived. Walk back, from "
                    "the result: reversed(order).", like=Forward),
            Mistake("The slope of a * b by a is b, and by b it is a. Yours are exchanged.",
                    like=OwnSlopes),
            Mistake("The gradient of the result by itself is 1: begin backward with that.",
                    like=NoSeed),
            Mistake("The slope of exp is exp itself: y = np.exp(a.data) is its value and its "
                    "slope.", like=OddExp),
            Mistake("The value is right, the gradient is not: compare the slopes of the operators "
                    "in this program with the table of section 3.",
                    when=lambda got, want, args: want[1] != 0 and np.isclose(got[0], want[0])),
        ],
        hints=[
            "A Scalar keeps data, grad (0.0 at first), the tuple of its parents, and the slope by "
            "each. a + b gives Scalar(a.data + b.data) with parents (a, b) and slopes (1, 1).",
            "For numbers: if not isinstance(b, Scalar): b = Scalar(b). In 2 * x Python calls "
            "x.__rmul__(2): one line in the class, __rmul__ = __mul__, is enough.",
            "backward: make a topological order of all nodes (the exercise before), set self.grad "
            "= 1.0, and walk the order from its end.",
            "At each node: for parent, slope in zip(node.parents, node.slopes): parent.grad += "
            "node.grad * slope.",
        ],
    ),
]
