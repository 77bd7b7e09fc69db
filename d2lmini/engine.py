"""The engine: the graph that a calculation leaves behind, and the walk back through it.

Each recorded operator is a `Node`: its name and, for each input, the function that turns the
gradient with respect to its result into the gradient with respect to that input. `backward` calls
these functions in the right order, adds gradients up where a result was used twice, and sums them
over broadcast axes: no operator has to. Read next: tensor.py, where `op` makes the nodes.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading

import numpy as np

from . import backend
from .checks import check_floats


class _Mode(threading.local):
    recording = True
    inspect = None  # called with (node, parent, gradient) in backward: autograd.detect_anomaly


mode = _Mode()
clock = 0  # counts in-place changes; a node remembers its value when it was recorded
changed = {}  # id of the array that owns the memory -> the clock at its last change in place
recorded = {}  # the same, only for changes that are part of a graph


def is_grad_enabled() -> bool:
    """Whether this thread records operators now: True outside of `no_grad`."""
    return mode.recording


class no_grad(contextlib.ContextDecorator):
    """`with no_grad():`, `@no_grad()` or `@no_grad`: this thread records nothing inside."""

    recording = False

    def __new__(cls, function=None):
        self = super().__new__(cls)
        self.before = []  # what was so before each `with`, and is again after it
        return self if function is None else self(function)

    def __enter__(self):
        self.before.append(mode.recording)
        mode.recording = self.recording

    def __exit__(self, *exception):
        mode.recording = self.before.pop()

    def _recreate_cm(self):  # called by ContextDecorator: each call gets a context of its own
        return type(self)()

    def __call__(self, function):
        if not inspect.isgeneratorfunction(function):
            return super().__call__(function)

        @functools.wraps(function)
        def generator(*args, **options):
            steps = function(*args, **options)
            while True:
                with self._recreate_cm():
                    try:
                        item = next(steps)
                    except StopIteration as end:
                        return end.value
                yield item

        return generator


class Node:
    """A recorded operator: `inputs` holds (parent, derivative) for each input with a gradient.

    A parent is the node that made the input, or a leaf: a tensor that no operator made. `inputs` is
    None once freed. `array` is the result, `time` the clock then, `keeper` a weak reference to the
    tensor that asked for its gradient by retain_grad(). A tensor keeps its node in `grad_fn`.
    """

    __slots__ = ("name", "inputs", "array", "time", "keeper", "__weakref__")

    def __init__(self, name, inputs, array):
        self.name, self.inputs, self.array = name, inputs, array
        self.time, self.keeper = clock, None

    def accumulate_grad(self, g) -> None:
        """Add g to the `grad` of the result's tensor, if that called `retain_grad()`."""
        tensor = self.keeper and self.keeper()
        if tensor is not None:
            tensor.add_grad(g.copy())

    @property
    def next_functions(self) -> tuple:
        """The parents, in PyTorch's form."""
        return tuple((parent, 0) for parent, _ in self.inputs or ())

    def __repr__(self):
        return f"<{self.name.title().replace('_', '')}Backward0>"


def backward(tensor, gradient=None, retain_graph: bool = False, receive=None) -> None:
    """Add the derivative of `tensor` to the `grad` of each leaf below it; see Tensor.backward.

    `receive(node, g)`, if given, gets each gradient instead of the leaves.
    """
    root = tensor.grad_fn or tensor
    grads = {id(root): _seed(tensor, gradient)}
    for node in _consumers_first(root):
        g = grads.pop(id(node))
        if receive:
            receive(node, g)
        else:
            node.accumulate_grad(g)
        for parent, derivative in node.inputs:
            if clock > node.time:
                _check_unchanged(node, derivative)
            pg = _unbroadcast(derivative(g), parent.array, node.name)
            if mode.inspect:
                mode.inspect(node, parent, pg)
            if id(parent) in grads:
                pg = grads[id(parent)] + pg  # not +=: somebody else may hold the same array
            elif not parent.inputs and (pg is g or pg.base is not None):
                pg = pg.copy()  # a leaf keeps its gradient, so it must own the memory
            grads[id(parent)] = pg
        if node.inputs and not retain_graph:
            node.inputs = None


def _seed(tensor, gradient):
    """The gradient with respect to the tensor itself, with which `backward` begins."""
    if not tensor.requires_grad:
        raise RuntimeError("backward: nothing that this tensor was made from has "
                           "requires_grad=True (or it was computed inside no_grad).")
    array = tensor.array
    if gradient is None and array.size != 1:
        raise RuntimeError(f"backward: a loss is a single number, and this tensor has shape "
                           f"{array.shape}. Reduce it with .sum() or .mean(), or pass gradient= "
                           f"with that shape.")
    seed = np.ones_like(array) if gradient is None else np.array(gradient, array.dtype)
    if seed.shape != array.shape:
        raise ValueError(f"backward: gradient has shape {seed.shape}, the tensor {array.shape}. "
                         f"They must be equal.")
    return seed


def _consumers_first(root):
    """Yield the nodes below `root`, each only after all the nodes that were made from it."""
    waiting, stack = {}, [root]  # waiting: how many gradients a node has still to receive
    while stack:
        node = stack.pop()
        if id(node) in waiting:
            waiting[id(node)] += 1
            continue
        waiting[id(node)] = 1
        if node.inputs is None:
            raise RuntimeError("backward: this graph was used before, and freed. Compute the loss "
                               "again, or call backward(retain_graph=True) the first time.")
        stack.extend([parent for parent, _ in node.inputs])
    ready = [root]
    while ready:
        node = ready.pop()
        parents = [parent for parent, _ in node.inputs]
        yield node  # backward frees it
        for parent in parents:
            waiting[id(parent)] -= 1
            if waiting[id(parent)] == 0:
                ready.append(parent)


def _unbroadcast(g, array, name: str):
    """`g` summed to the shape of the `array` that was broadcast, in its dtype: (4, 3) -> (3,)."""
    if not isinstance(g, np.ndarray):
        g = _check_gradient(g, name)
    if g.shape != array.shape:
        if g.ndim > array.ndim:
            g = backend.sum(g, tuple(range(g.ndim - array.ndim)))
        stretched = tuple(i for i, (m, n) in enumerate(zip(g.shape, array.shape))
                          if n == 1 and m != 1)
        g = backend.sum(g, stretched, keepdims=True) if stretched else g
        if g.shape != array.shape:
            raise RuntimeError(f"{name}: a derivative returned shape {g.shape} for an input of "
                               f"shape {array.shape}.")
    if g.dtype == array.dtype:
        return g
    check_floats(array)
    return g.astype(array.dtype)


def _check_gradient(g, name: str):
    if not isinstance(g, int | float | np.generic):
        raise TypeError(f"{name}: a derivative returns an array, not a {type(g).__name__}. Leave "
                        f"out the pair (parent, derivative) where there is no gradient.")
    return np.asarray(g)


def _check_unchanged(node, derivative) -> None:
    """RuntimeError if a value that `derivative` uses was changed in place since it was recorded.

    What a derivative uses is what its function captures: tensors, or the result's array.
    """
    cells = [cell.cell_contents for cell in getattr(derivative, "__closure__", None) or ()]
    for value in cells + [part for cell in cells if type(cell) is tuple for part in cell]:
        array = value if value is node.array else getattr(value, "array", None)
        if array is not None and changed.get(owner(array), 0) > node.time:
            raise RuntimeError(f"backward: a tensor of shape {value.shape} that the operator "
                               f"{node.name} needs was changed in place after it was used. Write "
                               f"x = x + 1 in place of x += 1, or change it after backward().")
        if callable(value):
            _check_unchanged(node, value)


def owner(array) -> int:
    """What all views of the same memory share: the id of the array that owns it."""
    return id(array if array.base is None else array.base)
