"""Lists and dictionaries of layers and parameters, each as in PyTorch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from ..further.protocols import OLD_NAMES
from .module import Module
from .parameter import Parameter
from .spellings import ListSpellings


class ModuleList(ListSpellings, Module):
    """A list of modules that are registered: for layer in self.layers: x = layer(x)."""

    def __init__(self, modules: Iterable[Module] = ()):
        super().__init__()
        self.extend(modules)

    def __getitem__(self, index):
        return type(self)(list(self)[index]) if isinstance(index, slice) else list(self)[index]

    def _child_texts(self):
        texts, start = [], 0
        for text, group in groupby(map(repr, self)):  # equal neighbors in one line
            n = len(list(group))
            texts.append(f"({start}): {text}" if n == 1 else
                         f"({start}-{start + n - 1}): {n} x {text}")
            start += n
        return texts


class _Dict(Module):
    """What reads like a dict: its modules, or its parameters, by name."""

    held = "_modules"  # the attribute that holds them

    def __getitem__(self, name):
        return getattr(self, self.held)[name]

    def __contains__(self, name):
        return name in getattr(self, self.held)

    def __len__(self):
        return len(getattr(self, self.held))

    def __iter__(self):
        return iter(getattr(self, self.held))

    def keys(self):
        """The names."""
        return getattr(self, self.held).keys()

    def values(self):
        """The modules, or the parameters."""
        return getattr(self, self.held).values()

    def items(self):
        """Pairs of a name and what has it."""
        return getattr(self, self.held).items()


class ModuleDict(_Dict):
    """A dict of modules that are registered: x = self.branches["left"](x)."""

    def __init__(self, modules: Mapping[str, Module] | None = None):
        super().__init__()
        self.update(modules or {})

    def update(self, modules: Mapping[str, Module]) -> None:
        """Add modules, or replace them, by name."""
        for name, module in dict(modules).items():
            self.add_module(name, module)

    def __setitem__(self, name, module):
        self.add_module(name, module)

    def __delitem__(self, name):
        del self._modules[name]


class ParameterDict(_Dict):
    """A dict of parameters that are registered; tensors become parameters."""

    held = "_parameters"

    def __init__(self, values: Mapping | None = None):
        super().__init__()
        for name, value in (values or {}).items():
            self[name] = value

    def __setitem__(self, name, value):
        self.register_parameter(name, value if isinstance(value, Parameter) else Parameter(value))

    def extra_repr(self):
        return "\n".join(f"  ({name}): {_described(param, OLD_NAMES[param.dtype.name] + 'Tensor')}"
                         for name, param in self.items())


def _described(param, kind: str) -> str:
    size = "x".join(map(str, param.shape))
    return f"Parameter containing: [torch.{kind} of size {size}]"


class ParameterList(Module):
    """A list of parameters that are registered; tensors become parameters."""

    def __init__(self, values: Iterable = ()):
        super().__init__()
        for value in values:
            self.append(value)

    def append(self, value):
        """Add a parameter at the end; returns the list."""
        param = value if isinstance(value, Parameter) else Parameter(value)
        self.register_parameter(str(len(self)), param)
        return self

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters.values())

    def __getitem__(self, index):
        return list(self)[index]

    def __setitem__(self, index, param):
        self.register_parameter(list(self._parameters)[index], param)

    def __repr__(self):
        lines = [f"\n    ({i}): {_described(p, p.dtype.name)}" for i, p in enumerate(self)]
        return f"ParameterList({''.join(lines)}{chr(10) * bool(lines)})"
