"""`torch.autograd`: gradients of one's own functions, and gradients without `backward`.

`Function` lets a program write its own derivative, as in PyTorch; `op` in tensor.py is shorter.
"""

from __future__ import annotations

import contextlib

import numpy as np

from . import engine
from .engine import no_grad
from .further.missing import missing
from .further.protocols import run_hooks
from .gradcheck import gradcheck
from .tensor import Tensor, op

__all__ = ["Function", "Variable", "backward", "detect_anomaly", "enable_grad", "grad",
           "gradcheck", "no_grad", "set_detect_anomaly", "set_grad_enabled"]


class enable_grad(engine.no_grad):
    """Record inside, also within no_grad."""

    recording = True


class set_grad_enabled(engine.no_grad):
    """Record from now on, or not; as a context, until its end."""

    def __new__(cls, mode: bool):
        self = super().__new__(cls)
        self.recording, self.outside = mode, engine.mode.recording
        engine.mode.recording = mode
        return self

    def __enter__(self):
        engine.mode.recording = self.recording

    def __exit__(self, *exception):
        engine.mode.recording = self.outside

    def _recreate_cm(self):
        return type(self)(self.recording)

    def __call__(self, function):
        self.__exit__()  # as a decorator it records, or not, only inside
        return super().__call__(function)


def inference_mode(mode: bool = True):
    """no_grad; with False nothing changes."""
    return no_grad(mode) if callable(mode) else no_grad() if mode else contextlib.nullcontext()


def Variable(data: Tensor, requires_grad: bool = False) -> Tensor:
    """A leaf on the same memory: what a tensor with a gradient was before 2018."""
    return data.detach().requires_grad_(requires_grad)


def backward(tensors, grad_tensors=None, retain_graph: bool = False) -> None:
    """tensor.backward() of each."""
    tensors = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    many = isinstance(grad_tensors, list | tuple)
    grads = grad_tensors if many else [grad_tensors] * len(tensors)
    for i, (t, g) in enumerate(zip(tensors, grads)):
        t.backward(g, retain_graph or i < len(tensors) - 1)


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph: bool = False,
         only_inputs: bool = True, allow_unused: bool = False) -> tuple:
    """The gradients of `outputs` with respect to `inputs`, without touching anybody's `.grad`."""
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if isinstance(outputs, list | tuple):
        if len(outputs) != 1:
            raise RuntimeError("grad: give one output; add several up, or call it once for each.")
        outputs, = outputs
        if isinstance(grad_outputs, list | tuple):
            grad_outputs, = grad_outputs
    if create_graph:
        outputs.backward(create_graph=True)  # says why not
    found, nodes = {}, {id(t.grad_fn or t): t for t in inputs}

    def receive(node, g):
        if isinstance(node, engine.Node):
            node.accumulate_grad(g)  # for retain_grad
        if id(node) in nodes:
            g = run_hooks(getattr(node, "hooks", {}), g)
            found[id(nodes[id(node)])] = Tensor.from_array(np.array(g, nodes[id(node)].dtype))

    gradient = None if grad_outputs is None else grad_outputs.array
    ends = {node: node.inputs for node in (t.grad_fn for t in inputs)
            if node is not None and node.inputs and not _leads_to(node, nodes)}
    for node in ends:
        node.inputs = ()  # nobody asks for what is below
    try:
        engine.backward(outputs, gradient, bool(retain_graph), receive)
    finally:
        for node, below in ends.items():
            node.inputs = below
    if len(found) < len({id(t) for t in inputs}) and not allow_unused:
        raise RuntimeError("grad: one of the inputs was not used to compute the outputs. Leave it "
                           "out, or pass allow_unused=True.")
    return tuple(found.get(id(t)) for t in inputs)


def _leads_to(node, wanted: dict) -> bool:
    """Whether one of the `wanted` nodes is below this one."""
    seen, stack = set(), [parent for parent, _ in node.inputs]
    while stack:
        node = stack.pop()
        if id(node) in wanted:
            return True
        if id(node) not in seen:
            seen.add(id(node))
            stack.extend(parent for parent, _ in node.inputs or ())
    return False


class Context:
    """What `forward` leaves for `backward`: tensors, and any attributes."""

    saved_tensors = ()

    def save_for_backward(self, *tensors) -> None:
        """Keep tensors; `backward` finds them in ctx.saved_tensors."""
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *tensors) -> None:
        """Nothing to do: what has no gradient gets none."""

    def set_materialize_grads(self, value: bool) -> None:
        """Nothing to do: here every gradient is there."""


class Function:
    """An operator with a derivative of one's own.

    A subclass writes forward(ctx, *inputs) and backward(ctx, g), which gives a gradient, or None,
    for each input, both as static methods; `Square.apply(x)` calls it. Where there is a
    setup_context(ctx, inputs, output), forward has no ctx.
    """

    @classmethod
    def apply(cls, *inputs):
        """The result of `forward`, whose gradient will be that of `backward`."""
        ctx, tensors = Context(), [t for t in inputs if isinstance(t, Tensor)]
        ctx.needs_input_grad = tuple(getattr(t, "requires_grad", False) for t in inputs)
        with no_grad():
            if hasattr(cls, "setup_context"):
                out = cls.forward(*inputs)
                cls.setup_context(ctx, inputs, out)
            else:
                out = cls.forward(ctx, *inputs)
        if not isinstance(out, Tensor):
            raise TypeError(f"{cls.__name__}.forward gives one tensor here, not a "
                            f"{type(out).__name__}. Write a Function for each result.")
        last = []  # the gradient of the last call, and what `backward` gave for it
        saved = ctx.saved_tensors  # known to the derivative: changed in place, they are refused

        def derivative(i):
            def back(g):
                if not last or last[0] is not g:
                    ctx.saved_tensors = saved
                    with no_grad():
                        grads = cls.backward(ctx, Tensor.from_array(g))
                    last[:] = g, grads if isinstance(grads, tuple | list) else (grads,)
                found = last[1][i] if i < len(last[1]) else None
                return np.zeros_like(inputs[i].array) if found is None else found.array

            return back

        if any(out is t for t in tensors):
            out = out.detach()
        return op(cls.__name__, out.array, *(
            (t, derivative(i)) for i, t in enumerate(inputs) if isinstance(t, Tensor)))


# --- looking for nan ---

class detect_anomaly(contextlib.ContextDecorator):
    """Inside, `backward` raises a RuntimeError at the first operator whose derivative is nan."""

    def __init__(self, check_nan: bool = True):
        self.inspect = _refuse_nan if check_nan else None

    def __enter__(self):
        self.before, engine.mode.inspect = engine.mode.inspect, self.inspect

    def __exit__(self, *exception):
        engine.mode.inspect = self.before


class set_detect_anomaly(detect_anomaly):
    """detect_anomaly from now on, or not; as a context, until its end."""

    def __init__(self, mode: bool, check_nan: bool = True):
        super().__init__(mode and check_nan)
        detect_anomaly.__enter__(self)

    def __enter__(self):
        pass


def _refuse_nan(node, parent, g) -> None:
    if np.isnan(g).any():
        i = next(i for i, (input, _) in enumerate(node.inputs) if input is parent)
        name = repr(node)[1:-1]
        raise RuntimeError(f"Function '{name}' returned nan values in its {i}th output.")


def __getattr__(name: str):
    raise AttributeError(missing(f"autograd has no {name!r}", name))
