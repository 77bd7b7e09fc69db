"""The engine: the graph that a calculation leaves behind, and the walk back through it.

A `Node` is an array with the nodes it was made from and a function that turns the gradient by the
array into the gradients by those nodes. `Node.backward` calls these functions in the right order,
adds gradients up where a node was used twice and sums them over broadcast axes: no operator has to.
Read next: tensor.py, where `op` makes the nodes and every operator has its derivative beside it.
"""

from __future__ import annotations

import contextlib

import numpy as np

from .backend.threads import total
from .checks import check_floats

_recording = True


def is_grad_enabled() -> bool:
    """Whether operators are being recorded now: True outside of `no_grad`."""
    return _recording


class no_grad(contextlib.ContextDecorator):
    """`with no_grad():` or `@no_grad()`: what is computed inside is not recorded."""

    def __new__(cls, function=None):
        return super().__new__(cls) if function is None else cls()(function)

    def __init__(self):
        self._before = []

    def __enter__(self):
        global _recording
        self._before.append(_recording)
        _recording = False

    def __exit__(self, *exception):
        global _recording
        _recording = self._before.pop()


class Node:
    """An array `data`, its gradient `grad`, and how it was made: `_parents` and `_backward`.

    A leaf was made by hand and has no parents; only leaves keep their gradients, unless asked.
    """

    __slots__ = ("data", "grad", "requires_grad", "name", "_parents", "_backward", "_keep_grad",
                 "__weakref__")

    def backward(self, gradient=None, retain_graph: bool = False) -> None:
        """Add the derivative of this tensor, a single number, to the `grad` of each leaf below it.

        For a tensor of another shape give `gradient`, an array of that shape: what is then
        differentiated is `(self * gradient).sum()`. The graph is freed unless `retain_graph`.
        The operators look at their operands' `data` again, so change those only after backward: a
        change before it, unlike in PyTorch, goes unnoticed and makes the gradients wrong.
        TypeError for integers, RuntimeError where there is no graph, ValueError for a wrong shape.
        """
        grads = {id(self): self._seed(gradient)}
        for node in _consumers_first(self):
            g = grads.pop(id(node), None)
            leaf = node._backward is None
            if g is not None and (leaf or node._keep_grad):
                node.accumulate_grad(g if leaf else g.copy())
            if leaf:
                continue
            gs = () if g is None else node._backward(g)
            for parent, pg in zip(node._parents, gs):
                if not parent.requires_grad or pg is None:
                    continue
                pg = _fit(pg, parent.data, node.name)
                if id(parent) in grads:
                    pg = grads[id(parent)] + pg  # not +=: somebody else may hold the same array
                elif parent._backward is None and (pg is g or pg.base is not None
                                                   or sum(pg is other for other in gs) > 1):
                    pg = pg.copy()  # a leaf keeps its gradient, so it must own the memory
                grads[id(parent)] = pg
            if not retain_graph:
                node._parents, node._backward = (), _freed

    def requires_grad_(self, requires_grad: bool = True) -> Node:
        """Ask for the gradient by this tensor (or stop asking); returns the tensor itself."""
        if requires_grad:
            check_floats(self.data)
        elif self._backward is not None:
            raise RuntimeError("requires_grad_(False) is for leaves, and this tensor was computed. "
                               "Take y.detach(), or compute it inside no_grad.")
        self.requires_grad = requires_grad
        return self

    def retain_grad(self) -> None:
        """Let the next `backward()` keep the gradient by this interior tensor, too."""
        self._keep_grad = self._backward is not None

    def zero_grad(self) -> None:
        """Forget the gradient, so that the next `backward()` does not add to it."""
        self.grad = None

    def _seed(self, gradient):
        """The gradient by this node itself, with which `backward` begins: 1, or `gradient`."""
        if self.data.dtype.kind != "f":
            raise TypeError(f"backward: this tensor is {self.data.dtype}, and only floating-point "
                            f"numbers have derivatives. Compute the loss from floats.")
        if not self.requires_grad:
            raise RuntimeError("backward: nothing that this tensor was made from has "
                               "requires_grad=True (or it was computed inside no_grad).")
        if gradient is None and self.data.size != 1:
            raise RuntimeError(f"backward: a loss is a single number, and this tensor has shape "
                               f"{self.data.shape}. Reduce it with .sum() or .mean(), or pass "
                               f"gradient= with that shape.")
        seed = np.ones_like(self.data) if gradient is None else np.array(gradient, self.data.dtype)
        if seed.shape != self.data.shape:
            raise ValueError(f"backward: gradient has shape {seed.shape}, the tensor "
                             f"{self.data.shape}. They must be equal.")
        return seed


def _consumers_first(root: Node):
    """Yield the nodes below `root`, each only after all the nodes that were made from it."""
    waiting, stack = {}, [root]  # waiting: how many gradients a node has still to receive
    while stack:
        node = stack.pop()
        if id(node) in waiting:
            waiting[id(node)] += 1
            continue
        waiting[id(node)] = 1
        if node._backward is _freed:
            _freed(None)
        stack.extend([p for p in node._parents if p.requires_grad])
    ready = [root]
    while ready:
        node = ready.pop()
        parents = [p for p in node._parents if p.requires_grad]
        yield node  # the caller may free it
        for p in parents:
            waiting[id(p)] -= 1
            if waiting[id(p)] == 0:
                ready.append(p)


def _fit(g, data, name: str):
    """The gradient `g` summed to the shape of the array `data` that was broadcast, in its dtype."""
    if g.shape != data.shape:
        if g.ndim > data.ndim:
            g = total(g, tuple(range(g.ndim - data.ndim)))
        stretched = tuple(i for i, (m, n) in enumerate(zip(g.shape, data.shape)) if n == 1 != m)
        g = total(g, stretched, keepdims=True) if stretched else g
        if g.shape != data.shape:
            raise RuntimeError(f"{name}: its backward returned shape {g.shape} for an input of "
                               f"shape {data.shape}.")
    if g.dtype == data.dtype:
        return g
    check_floats(data)  # somebody may have written x.requires_grad = True
    return g.astype(data.dtype)


def _freed(g):
    """Stands in for the `_backward` of a node whose graph is gone."""
    raise RuntimeError("backward: this graph was used before, and freed. Compute the loss again, "
                       "or call backward(retain_graph=True) the first time.")
