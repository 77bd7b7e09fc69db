"""Layers that own their weights, and how to put them together: the part of `torch.nn` we need.

A `Module` finds its parameters among its attributes; a layer is a few lines around a function of
functional.py. Then what one does with a whole model: `summary`, `save`, `load`. Next: optim.py.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from . import functional as F
from . import init
from .checks import pair
from .creation import zeros
from .engine import no_grad
from .tensor import Tensor


class Parameter(Tensor):
    """A tensor that a model learns: it has requires_grad=True."""

    __slots__ = ()

    def __init__(self, data, requires_grad: bool = True, dtype=None):
        super().__init__(data, requires_grad, dtype)


class Module:
    """A part of a model. Subclasses set parameters and modules in __init__ and write `forward`."""

    training = True

    def forward(self, *inputs, **options):
        """The outputs for the inputs: what a subclass writes, and what `module(x)` calls."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(self, x) method yet.")

    def __call__(self, *inputs, **options):
        if inputs and isinstance(inputs[0], np.ndarray):
            raise TypeError(f"{type(self).__name__}: a model takes a tensor, not a NumPy array. "
                            f"Write model(d2l.tensor(x)).")
        out = self.forward(*inputs, **options)
        for hook in getattr(self, "_forward_hooks", ()):
            hook(self, inputs, out)
        return out

    def register_forward_hook(self, hook: Callable) -> Callable[[], None]:
        """Call hook(module, inputs, output) after each forward; returns a function that ends it."""
        hooks = self.__dict__.setdefault("_forward_hooks", [])
        hooks.append(hook)
        return lambda: hooks.remove(hook)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly inside this one, also those in lists, with their names."""
        return ((name, value) for name, value in _members(self) if isinstance(value, Module))

    def named_modules(self, prefix: str = "", seen=None) -> Iterator[tuple[str, Module]]:
        """This module and all below it, each once, with names like "0" or "encoder.0"."""
        seen = set() if seen is None else seen
        if id(self) not in seen:
            seen.add(id(self))
            yield prefix, self
            for name, child in self.named_children():
                yield from child.named_modules(f"{prefix}.{name}" if prefix else name, seen)

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """All parameters below this module, each once, with names like "0.weight"."""
        seen = set()
        for prefix, module in self.named_modules():
            for name, value in _members(module):
                if isinstance(value, Parameter) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{prefix}.{name}" if prefix else name, value

    def parameters(self) -> Iterator[Parameter]:
        """All parameters below this module, each once."""
        return (p for _, p in self.named_parameters())

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for p in self.parameters():
            p.grad = None

    def train(self, mode: bool = True) -> Module:
        """Switch dropout on (or off: `train(False)`); returns the module."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch dropout off, as for prediction; returns the module."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Freeze all parameters with `requires_grad_(False)`; returns the module."""
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def state_dict(self) -> dict[str, np.ndarray]:
        """A copy of all parameters, as arrays by name."""
        return {name: p.data.copy() for name, p in self.named_parameters()}

    def load_state_dict(self, state: dict) -> None:
        """Copy arrays by name into the parameters; ValueError, and no change, if any differs."""
        if not isinstance(state, Mapping):
            raise TypeError(f"load_state_dict: give arrays by name, not a {type(state).__name__}.")
        own = dict(self.named_parameters())
        if set(own) != set(state):
            missing, extra = sorted(set(own) - set(state)), sorted(set(state) - set(own))
            raise ValueError(f"load_state_dict: the names differ: missing {missing}, not in the "
                             f"model {extra}. Build the model as it was when it was saved.")
        state = {name: np.array(state[name], p.dtype) for name, p in own.items()}
        for name, p in own.items():
            if p.shape != state[name].shape:
                raise ValueError(f"load_state_dict: {name} has shape {p.shape} in the model and "
                                 f"{state[name].shape} in the saved state.")
        for name, p in own.items():
            p.data = np.asarray(p.data)  # a single number may be NumPy's by now
            p.data[...] = state[name]

    def extra_repr(self) -> str:
        """What `repr` writes between the brackets of a layer."""
        return ""

    def __repr__(self):
        lines = [f"\n({name}): {child!r}" for name, child in self.named_children()]
        inside = "".join(lines).replace("\n", "\n  ") + "\n" if lines else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _members(module: Module):
    """The attributes of a module by name; the elements of a list are name.0, name.1, …"""
    for name, value in vars(module).items():
        if isinstance(value, list | tuple) and not name.startswith("_"):
            yield from ((f"{name}.{i}", v) for i, v in enumerate(value))
        else:
            yield name, value


class Sequential(Module):
    """Modules one after the other: Sequential(Linear(2, 8), ReLU(), Linear(8, 1))."""

    def __init__(self, *modules: Module):
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"Sequential: element {i} is {module!r}, not a Module. "
                                f"Write ReLU() with its brackets; F.relu is a function.")
            setattr(self, str(i), module)

    def forward(self, x):
        for module in self:
            x = module(x)
        return x

    def __iter__(self):
        return (module for _, module in self.named_children())

    def __len__(self):
        return sum(1 for _ in self)  # not len(list(self)): list asks for the length first

    def __getitem__(self, i):
        return Sequential(*list(self)[i]) if isinstance(i, slice) else list(self)[i]


# --- layers ---

class Linear(Module):
    """x @ weight.T + bias: (n, in_features) -> (n, out_features); weight is (out, in)."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        self.weight = Parameter(zeros(out_features, in_features))
        self.bias = Parameter(zeros(out_features)) if bias else None
        _reset(self)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self):
        out, into = self.weight.shape
        return f"in_features={into}, out_features={out}, bias={self.bias is not None}"


class Conv2d(Module):
    """Cross-correlation, learned: (n, in_channels, h, w) -> (n, out_channels, oh, ow)."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size, stride=1, padding=0, *,
                 bias: bool = True):
        kernel = pair("Conv2d: kernel_size", kernel_size, 1)
        self.weight = Parameter(zeros(out_channels, in_channels, *kernel))
        self.bias = Parameter(zeros(out_channels)) if bias else None
        self.stride, self.padding = stride, padding
        _reset(self)

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding)

    def extra_repr(self):
        out, into, *kernel = self.weight.shape
        return (f"{into}, {out}, kernel_size={tuple(kernel)}, stride={self.stride}, "
                f"padding={self.padding}")


def _reset(layer: Linear | Conv2d) -> None:
    """PyTorch's default: weight and bias spread evenly over ±1 / sqrt(fan_in)."""
    limit = 1 / math.sqrt(max(1, init.fans(layer.weight)[0]))
    init.uniform_(layer.weight, -limit, limit)
    if layer.bias is not None:
        init.uniform_(layer.bias, -limit, limit)


class _Pool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def extra_repr(self):
        stride = self.kernel_size if self.stride is None else self.stride
        return f"kernel_size={self.kernel_size}, stride={stride}, padding={self.padding}"


class MaxPool2d(_Pool2d):
    """The largest value of each window: (n, c, h, w) -> (n, c, oh, ow)."""

    def forward(self, x):
        return F.max_pool2d(x, self.kernel_size, self.stride, self.padding)


class AvgPool2d(_Pool2d):
    """The mean of each window: (n, c, h, w) -> (n, c, oh, ow)."""

    def forward(self, x):
        return F.avg_pool2d(x, self.kernel_size, self.stride, self.padding)


class Flatten(Module):
    """(n, c, h, w) -> (n, c*h*w), or the axes start_dim to end_dim joined into one."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        self.dims = start_dim, end_dim

    def forward(self, x):
        return x.flatten(*self.dims)


class ReLU(Module):
    """max(x, 0), element by element."""

    def forward(self, x):
        return F.relu(x)


class Sigmoid(Module):
    """1 / (1 + exp(-x)), element by element."""

    def forward(self, x):
        return F.sigmoid(x)


class Tanh(Module):
    """Hyperbolic tangent, element by element."""

    def forward(self, x):
        return F.tanh(x)


class Dropout(Module):
    """In training each element is 0 with probability p, else x / (1 - p); else x itself."""

    def __init__(self, p: float = 0.5):
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p is a probability between 0 and 1, not {p}.")
        self.p = p

    def forward(self, x):
        return F.dropout(x, self.p, self.training)

    def extra_repr(self):
        return f"p={self.p}"


class _Loss(Module):
    def __init__(self, *, reduction: str = "mean"):
        self.reduction = reduction


class MSELoss(_Loss):
    """The mean (or "sum", or "none") of (prediction - target)^2."""

    def forward(self, input, target):
        return F.mse_loss(input, target, reduction=self.reduction)


class CrossEntropyLoss(_Loss):
    """Softmax and the mean of -log(probability of the label): logits (n, classes), labels (n,)."""

    def forward(self, input, target):
        return F.cross_entropy(input, target, reduction=self.reduction)


# --- whole models ---

def summary(model: Module, input_shape: tuple) -> None:
    """Print each layer with its output shape and parameters; input_shape is that of one example."""
    rows, modes = [], [(module, module.training) for _, module in model.named_modules()]

    def note(module, inputs, out):
        count = sum(p.numel() for p in module.parameters())
        rows.append((type(module).__name__, str(out.shape[1:]), count))

    stops = [m.register_forward_hook(note) for m, _ in modes if not any(m.named_children())]
    try:
        with no_grad():
            model.eval()(zeros(1, *input_shape))
    finally:
        for stop in stops:
            stop()
        for module, mode in modes:
            module.training = mode
    line = "{:<16}{:<16}{:>12}".format
    print(line("layer", "output shape", "parameters"), "-" * 44, sep="\n")
    for name, shape, count in rows:
        print(line(name, shape, f"{count:,}"))
    print("-" * 44, line("total", "", f"{sum(p.numel() for p in model.parameters()):,}"), sep="\n")


def save(model: Module, path: str | os.PathLike) -> None:
    """Write the parameters to `path` as .npz: names and arrays, nothing that could be executed."""
    part = f"{os.fspath(path)}.part"
    with open(part, "wb") as file:
        np.savez(file, **model.state_dict())
    os.replace(part, path)  # a full disk or Ctrl-C leaves the old file whole


def load(model: Module, path: str | os.PathLike) -> Module:
    """Read the parameters that `save` wrote at `path` into `model`, and return it.

    FileNotFoundError for no file, ValueError for another file or names or shapes that differ.
    """
    if not os.path.exists(path):
        raise FileNotFoundError(f"load: there is no file {path}. Save a model there first.")
    try:
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            state = dict(file)
    except Exception as error:  # not a zip, cut off, a pickle: whatever it is, it is not ours
        raise ValueError(f"load: {path} is not a model that save wrote ({error}).") from None
    model.load_state_dict(state)
    return model
