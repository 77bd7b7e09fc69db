"""What an optimizer can do besides moving parameters, beside the reading path: see optimizer.py."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import ClassVar

import numpy as np

from ..tensor import Tensor

ADAM_OPTIONS = {"maximize": False, "foreach": None, "capturable": False, "differentiable": False,
                "fused": None, "decoupled_weight_decay": False}


class OptimizerSpellings:
    """Methods of an `Optimizer`: its state, its text, and what it refuses."""

    # PyTorch's options that choose how to compute, and its order of them; subclasses have others.
    further: ClassVar = {"maximize": False, "foreach": None, "differentiable": False, "fused": None}

    def with_further(self, defaults: dict, given: dict) -> dict:
        """The options with those in `further`; TypeError for others, NotImplementedError."""
        for name, value in given.items():
            if name not in self.further:
                raise TypeError(f"{type(self).__name__} has no option {name!r}.")
            if name in ("differentiable", "capturable") and value:
                raise NotImplementedError(f"{type(self).__name__}: {name}=True is not in d2lmini.")
        return defaults | self.further | given

    def __setattr__(self, name, value):
        if name in vars(self).get("defaults", ()):
            raise AttributeError(f"{type(self).__name__}: {name} is an option of each group of "
                                 f"parameters. Write optimizer.param_groups[0][{name!r}] = "
                                 f"{value!r}.")
        super().__setattr__(name, value)

    def as_groups(self, params) -> list[dict]:
        """The first argument of an optimizer as a list of groups."""
        if isinstance(params, Tensor) or not isinstance(params, Iterable):
            raise TypeError(f"{type(self).__name__}: give the parameters as model.parameters() or "
                            f"a list of tensors, not a {type(params).__name__}.")
        groups = list(params)
        if not groups:
            raise ValueError(f"{type(self).__name__}: there are no parameters to train.")
        return groups if isinstance(groups[0], dict) else [{"params": groups}]

    def check_group(self, group: dict) -> None:
        """TypeError or ValueError where a new group cannot be trained."""
        for name in self.defaults.keys() - self.further.keys():
            values = np.ravel(group[name])
            if values.dtype.kind not in "fiub" or not (values >= 0).all():
                raise ValueError(f"{type(self).__name__}: {name} is {group[name]!r}; it must be a "
                                 f"number of at least 0.")
        known = {p for other in self.param_groups for p in other["params"]}
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(f"{type(self).__name__}: {p!r} is not a tensor.")
            if p.grad_fn is not None:
                raise ValueError(f"{type(self).__name__}: a parameter of shape {p.shape} was "
                                 f"computed from other tensors, so it never gets a gradient; make "
                                 f"it a leaf: w = w.detach().requires_grad_().")
            if p in known:
                raise ValueError(f"{type(self).__name__}: a parameter of shape {p.shape} is given "
                                 f"twice.")
            known.add(p)

    def state_dict(self) -> dict:
        """What is kept for each parameter, by its number, and the options."""
        numbers = {}
        for group in self.param_groups:
            for p in group["params"]:
                numbers[p] = len(numbers)
        state = {numbers[p]: {k: Tensor.from_array(np.asarray(v)) for k, v in kept.items()}
                 for p, kept in self.state.items() if kept}
        groups = [{k: v for k, v in group.items() if k != "params"} |
                  {"params": [numbers[p] for p in group["params"]]} for group in self.param_groups]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict) -> None:
        """Go on where `state_dict()` was taken; ValueError if the groups differ in size."""
        groups = deepcopy(state_dict["param_groups"])
        if [len(g["params"]) for g in groups] != [len(g["params"]) for g in self.param_groups]:
            raise ValueError("load_state_dict: the groups of parameters differ in size from those "
                             "of this optimizer.")
        self.state.clear()
        for new, old in zip(groups, self.param_groups):
            for number, p in zip(new["params"], old["params"]):
                for name, value in state_dict["state"].get(number, {}).items():
                    if value is not None:
                        array = np.asarray(value)  # also of a PyTorch tensor
                        self.state[p][name] = (np.float32(array) if name == "step" else
                                               array.astype(p.dtype))
            new["params"] = old["params"]
        self.param_groups = groups

    def __repr__(self):
        text = f"{type(self).__name__} ("
        for i, group in enumerate(self.param_groups):
            options = [f"    {name}: {group[name]}\n" for name in sorted(group) if name != "params"]
            text += f"\nParameter Group {i}\n{''.join(options)}"
        return f"{text})"


def check_betas(betas) -> None:
    """ValueError unless both of Adam's betas are in [0, 1)."""
    if np.shape(betas) != (2,) or not all(0 <= b < 1 for b in betas):
        raise ValueError(f"Adam: both betas lie in [0, 1), not {betas!r}.")
