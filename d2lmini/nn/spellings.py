"""PyTorch's further names for what a module can do, beside the reading path: see module.py."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from .parameter import Parameter


class ModuleSpellings:
    """Methods of a `Module`, each a line or two around those of module.py."""

    def register_parameter(self, name: str, param) -> None:
        """The same as `self.name = param`; with None, a place for a parameter that is not there."""
        self._register_new("_parameters", name, param)

    def _register_new(self, place: str, name: str, value) -> None:
        if hasattr(self, name) and name not in vars(self)[place]:
            raise KeyError(f"attribute {name!r} already exists")
        self._register(place, name, value)

    def register_buffer(self, name: str, tensor, persistent: bool = True) -> None:
        """A tensor that belongs to the model without being learned, such as a running mean."""
        self._register_new("_buffers", name, tensor)
        (self._not_saved.discard if persistent else self._not_saved.add)(name)

    def add_module(self, name: str, module) -> None:
        """The same as `self.name = module`, for a name that is computed."""
        self._register_new("_modules", name, module)

    register_module = add_module

    def __delattr__(self, name):
        for place in self._parameters, self._buffers, self._modules:
            if name in place:
                del place[name]
                return
        object.__delattr__(self, name)

    def __dir__(self):
        return [*super().__dir__(), *self._parameters, *self._buffers, *self._modules]

    def register_forward_pre_hook(self, hook: Callable) -> Handle:
        """Call hook(module, inputs) before each forward; what it returns replaces the inputs."""
        return Handle(self._forward_pre_hooks, hook)

    def register_forward_hook(self, hook: Callable) -> Handle:
        """Call hook(module, inputs, output) after each forward; a result replaces the output."""
        return Handle(self._forward_hooks, hook)

    def register_full_backward_hook(self, hook: Callable, prepend: bool = False):
        """Not in d2lmini: NotImplementedError."""
        raise NotImplementedError("hooks of gradients are not in d2lmini. Keep the output of a "
                                  "forward hook, call out.retain_grad(), and read out.grad after "
                                  "backward().")

    register_backward_hook = register_full_backward_hook

    def _get_name(self) -> str:
        return type(self).__name__

    def half(self):
        """Convert to float16, in place."""
        return self.to(np.float16)

    def type(self, dst_type):
        """Convert to this dtype, in place."""
        return self.to(dst_type)

    def named_children(self) -> Iterator[tuple]:
        """The modules directly inside this one, each once, with their names."""
        seen = {None}
        return ((name, m) for name, m in self._modules.items() if not (m in seen or seen.add(m)))

    def children(self) -> Iterator:
        """The modules directly inside this one."""
        return (module for _, module in self.named_children())

    def modules(self) -> Iterator:
        """This module and all below it."""
        return (module for _, module in self.named_modules())

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple]:
        """All buffers of this module and those below it, each once, with their names."""
        return self._named("_buffers", prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator:
        """All buffers of this module and those below it."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def get_submodule(self, target: str):
        """The module with the name `target`, as in "encoder.0"."""
        return dict(self.named_modules())[target]

    def get_parameter(self, target: str):
        """The parameter with the name `target`, as in "encoder.0.weight"."""
        return dict(self.named_parameters())[target]

    def apply(self, fn: Callable):
        """Call fn on each module below this one, then on this one; returns the module."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def load_state_dict(self, state_dict: Mapping, strict: bool = True):
        """Copy tensors or arrays by name into parameters and buffers; returns the names left over.

        RuntimeError, and no change, if a shape differs or, unless strict=False, a name.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict takes tensors by name, not a "
                            f"{type(state_dict).__name__}. Write model.state_dict().")
        own, new = self.state_dict(), {}
        counts = "num_batches_tracked" if type(state_dict) is dict else None  # as old files lack it
        keys = Keys([name for name in own if name not in state_dict
                     and name.rpartition(".")[2] != counts],
                    [name for name in state_dict if name not in own])
        wrong = [f"missing {keys[0]}, unexpected {keys[1]}"] if strict and any(keys) else []
        for name in own.keys() & state_dict.keys():
            value = state_dict[name]
            value = np.asarray(value.detach() if hasattr(value, "detach") else value)
            new[name] = value.astype(own[name].dtype)
            if new[name].shape != own[name].shape:
                wrong.append(f"{name} has shape {own[name].shape} in the model and "
                             f"{new[name].shape} in the state")
        if wrong:
            raise RuntimeError(f"load_state_dict: {'; '.join(wrong)}. Build the model as it was "
                               f"when it was saved.")
        for name, array in new.items():
            own[name].array[...] = array
            own[name].bump()
        return keys

    def requires_grad_(self, requires_grad: bool = True):
        """Freeze all parameters with `requires_grad_(False)`; returns the module."""
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def to(self, *target, **options):
        """Convert what is floating-point, in place: to("cpu"), to(d2l.float64)."""
        for t in [*self.parameters(), *self.buffers()]:
            if t.dtype.kind == "f":
                t.data = t.detach().to(*target, **options)
                if t.grad is not None:
                    t.grad.data = t.grad.to(*target, **options)
        return self

    def cpu(self):
        """The module itself: there is one device."""
        return self

    def cuda(self, device=None):
        """RuntimeError: there is one device, the processor."""
        return self.to("cuda")

    def float(self):
        """Convert to float32, in place."""
        return self.to(np.float32)

    def double(self):
        """Convert to float64, in place."""
        return self.to(np.float64)


class ListSpellings:
    """What `Sequential` and `ModuleList` share: modules in a row, named "0", "1", and so on."""

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def append(self, module):
        """Add a module at the end; returns the container."""
        return self.extend([module])

    def extend(self, modules):
        """Add modules at the end; returns the container."""
        for module in list(modules):
            self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module) -> None:
        """Add a module in front of the one at `index`."""
        self._rename([*list(self)[:index], module, *list(self)[index:]])

    def pop(self, index: int):
        """Take out the module at `index`, and return it."""
        module = self[index]
        del self[index]
        return module

    def __setitem__(self, index, module):
        self.add_module(list(self._modules)[index], module)

    def __delitem__(self, index):
        modules = list(self)
        del modules[index]
        self._rename(modules)

    def _rename(self, modules) -> None:
        self._modules.clear()
        self.extend(modules)


class Handle:
    """What registers a hook: remove() ends its calls."""

    def __init__(self, hooks: dict, hook: Callable):
        self.hooks = hooks
        hooks[self] = hook

    def remove(self) -> None:
        """Do not call the hook any more."""
        self.hooks.pop(self, None)


class _IncompatibleKeys(namedtuple("_IncompatibleKeys", "missing_keys unexpected_keys")):
    """What `load_state_dict` returns: the names that only the model or only the state had."""

    def __repr__(self):
        return super().__repr__() if any(self) else "<All keys matched successfully>"


Keys = _IncompatibleKeys  # its name is part of PyTorch's text


def check_plain_lists(modules: set) -> None:
    """TypeError if a plain list or dict holds modules or parameters that nothing registers."""
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, list | tuple | set | dict) and not name.startswith("_"):
                known = modules.union(*(m._parameters.values() for m in modules))
                for part in value.values() if isinstance(value, dict) else value:
                    if isinstance(part, ModuleSpellings | Parameter) and part not in known:
                        raise TypeError(
                            f"{type(module).__name__}.{name} is a plain {type(value).__name__} "
                            f"that holds a {type(part).__name__}: it would not be trained. Use "
                            f"nn.ModuleList, nn.ModuleDict or nn.ParameterList.")
