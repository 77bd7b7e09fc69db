"""Modules: parts of a model that hold parameters, buffers and further modules, as in `torch.nn`.

A `Module` registers what is assigned to it: `self.fc = nn.Linear(2, 3)` in `__init__`, after
`super().__init__()`. So all parameters below a model can be listed, frozen, saved and loaded in one
call. spellings.py has load_state_dict and PyTorch's further names. Read next: layers.py.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from ..tensor import Tensor
from .parameter import Parameter
from .spellings import ModuleSpellings, check_plain_lists


class Module(ModuleSpellings):
    """A part of a model. Subclasses call super().__init__(), set their parts, write `forward`."""

    def __init__(self):
        self.training = True
        self._parameters, self._buffers, self._modules = {}, {}, {}
        self._not_saved = set()  # names of buffers that state_dict leaves out
        self._forward_pre_hooks, self._forward_hooks = {}, {}

    def forward(self, *inputs, **options):
        """The outputs for the inputs: what a subclass writes, and what `module(x)` calls."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(self, x) method yet.")

    def __call__(self, *inputs, **options):
        for hook in list(self._forward_pre_hooks.values()):
            result = hook(self, inputs)
            if result is not None:
                inputs = result if isinstance(result, tuple) else (result,)
        out = self.forward(*inputs, **options)
        for hook in list(self._forward_hooks.values()):
            result = hook(self, inputs, out)
            out = out if result is None else result
        return out

    # --- parameters, buffers and modules have a place of their own among the attributes ---

    def __setattr__(self, name, value):
        mine = vars(self)
        if isinstance(value, Parameter) or name in mine.get("_parameters", ()):
            self._register("_parameters", name, value)
        elif isinstance(value, Module) or name in mine.get("_modules", ()):
            self._register("_modules", name, value)
        elif name in mine.get("_buffers", ()):
            self._register("_buffers", name, value)
        else:
            object.__setattr__(self, name, value)

    def _register(self, place: str, name: str, value) -> None:
        kind = {"_parameters": Parameter, "_modules": Module, "_buffers": Tensor}[place]
        if place not in vars(self):
            raise AttributeError(f"cannot assign {name} before Module.__init__() call. Begin "
                                 f"__init__ with super().__init__().")
        if value is not None and not isinstance(value, kind):
            cure = "A layer is written with its parentheses, as in ReLU()." if kind is Module else (
                f"To change its numbers write, inside no_grad, self.{name}.copy_(values).")
            raise TypeError(f"cannot assign {type(value).__name__} {value!r} as {name}: a "
                            f"{kind.__name__} or None is expected. {cure}")
        own = vars(self)[place]
        for other in vars(self), self._parameters, self._buffers, self._modules:
            if other is not own:
                other.pop(name, None)
        own[name] = value

    def __getattr__(self, name):
        for place in "_parameters", "_modules", "_buffers":
            members = vars(self).get(place, ())
            if name in members:
                return members[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'",
                             name=name, obj=self)

    # --- all that is below a module ---

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all below it, each once, with names like "0" or "encoder.0"."""
        seen, stack = {None}, [(prefix, self)]  # None: a part that was set to None is skipped
        while stack:
            name, module = stack.pop()
            if module not in seen:
                seen.add(module)
                yield name, module
                stack += [(f"{name}.{key}".lstrip("."), child)
                          for key, child in reversed(module._modules.items())]
        check_plain_lists(seen - {None})  # where all were asked for

    def named_parameters(self, prefix: str = "",
                         recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """All parameters of this module and those below it, each once, as pairs ("0.weight", p)."""
        return self._named("_parameters", prefix, recurse)

    def _named(self, place: str, prefix: str, recurse: bool):
        seen = {None}
        for name, module in self.named_modules(prefix) if recurse else [(prefix, self)]:
            for key, tensor in vars(module)[place].items():
                if tensor not in seen:
                    seen.add(tensor)
                    yield f"{name}.{key}".lstrip("."), tensor

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters of this module and those below it: what an optimizer is given."""
        return (p for _, p in self.named_parameters(recurse=recurse))

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients; with set_to_none=False keep them and fill them with zeros."""
        for p in self.parameters():
            if set_to_none:
                p.grad = None
            elif p.grad is not None:
                p.grad.zero_()

    def train(self, mode: bool = True) -> Module:
        """Set `training` here and in all modules below, for dropout and batch normalization."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch dropout and batch normalization to evaluation; returns the module."""
        return self.train(False)

    # --- state ---

    def state_dict(self, *, prefix: str = "") -> OrderedDict[str, Tensor]:
        """Parameters and buffers by name, without gradients and in the model's own memory.

        They change as the model is trained: for a copy write copy.deepcopy(model.state_dict()).
        """
        state = OrderedDict()
        for name, tensor in [*self._parameters.items(), *self._buffers.items()]:
            if tensor is not None and name not in self._not_saved:
                state[prefix + name] = tensor.detach()
        for name, child in self._modules.items():
            if child is not None:
                state |= child.state_dict(prefix=f"{prefix}{name}.")
        return state

    # --- text ---

    def extra_repr(self) -> str:
        """What `repr` writes inside the parentheses of a layer."""
        return ""

    def __repr__(self):
        extra = self.extra_repr()
        if self._modules or "\n" in extra:
            lines = [extra] * bool(extra) + self._child_texts()
            extra = "".join(f"\n{line}" for line in lines).replace("\n", "\n  ") + "\n"
        return f"{type(self).__name__}({extra})"

    def _child_texts(self) -> list[str]:
        return [f"({name}): {child!r}" for name, child in self._modules.items()]
