"""What one does with a whole model: `nn.summary`, `nn.save` and `nn.load`."""

from __future__ import annotations

import os

from ..creation import zeros
from ..engine import no_grad
from ..further import serialization
from .module import Module


def summary(model: Module, input_shape: tuple, dtype=None) -> None:
    """Print each layer with its output shape and parameters; input_shape is that of one example.

    `dtype` is that of the input, float32 unless given. A parameter counts where it is first used.
    """
    rows, counted = [], set()
    modes = [(module, module.training) for module in model.modules()]
    layers = [m for m, _ in modes if not m._modules or list(m.parameters(recurse=False))]

    def note(module, inputs, out):
        own = set(module.parameters(recurse=False))
        count = sum(p.numel() for p in own - counted)
        out = out[0] if isinstance(out, tuple) else out
        shared = "shared" if own and own <= counted else f"{count:,}"
        rows.append((type(module).__name__, str(tuple(out.shape[1:])), shared))
        counted.update(own)

    handles = [module.register_forward_hook(note) for module in layers]
    try:
        with no_grad():
            model.eval()(zeros(1, *input_shape, dtype=dtype))
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes:
            module.training = mode
    for module in layers:
        if not counted.issuperset(module.parameters(recurse=False)):
            note(module, (), zeros(0))
            rows[-1] = (rows[-1][0], "not used", rows[-1][2])
    def line(layer, shape, count):  # the shape moves to the right of a long name
        return f"{f'{layer:<15} {shape}':<31} {count:>12}"

    print(line("layer", "output shape", "parameters"), "-" * 44, sep="\n")
    for row in rows:
        print(line(*row))
    print("-" * 44, line("total", "", f"{sum(p.numel() for p in counted):,}"), sep="\n")


def save(model: Module, path: str | os.PathLike) -> None:
    """Write the model's state to `path`: names and arrays, nothing that could be executed."""
    serialization.save(model.state_dict(), path)


def load(model: Module, path: str | os.PathLike) -> Module:
    """Read the state that `save` wrote at `path` into `model`, and return it.

    FileNotFoundError for no file, ValueError for another kind of file, RuntimeError where names or
    shapes differ.
    """
    model.load_state_dict(serialization.load(path))
    return model
