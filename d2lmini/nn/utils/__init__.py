"""Clipping gradients, in place, between backward() and step(); parameters as one vector."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...creation import cat
from ...further.missing import missing
from ...tensor import Tensor
from . import rnn

__all__ = ["clip_grad_norm_", "clip_grad_value_", "parameters_to_vector", "rnn",
           "vector_to_parameters"]


def _gradients(parameters) -> list[Tensor]:
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad for p in parameters if p.grad is not None]


def clip_grad_norm_(parameters: Tensor | Iterable[Tensor], max_norm: float,
                    norm_type: float = 2.0) -> Tensor:
    """Scale all gradients so that their joint norm is at most max_norm; returns what it was.

    Recurrent networks need it: one steep place must not throw the weights far away (Pascanu,
    Mikolov and Bengio, 2013).
    """
    grads = _gradients(parameters)
    norms = [np.linalg.norm(g.array.ravel(), norm_type) for g in grads]
    total = np.linalg.norm(np.array(norms, grads[0].dtype if grads else np.float32), norm_type)
    for g in grads:
        g.array *= min(1.0, float(max_norm / (total + 1e-6)))
        g.bump()
    return Tensor.from_array(np.asarray(total))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Limit each number of each gradient to [-clip_value, clip_value]; RuntimeError without any."""
    gradients = list(_gradients(parameters))
    if not gradients:
        raise RuntimeError("clip_grad_value_: no parameter has a gradient. Call backward first.")
    for g in gradients:
        np.clip(g.array, -clip_value, clip_value, out=g.array)
        g.bump()


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All numbers of the parameters in one vector."""
    return cat([p.reshape(-1) for p in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """The numbers of a vector, such as parameters_to_vector gives, into the parameters."""
    start = 0
    for p in parameters:
        p.data = vec[start:start + p.numel()].reshape(p.shape).detach()
        start += p.numel()


def __getattr__(name: str):
    raise AttributeError(missing(f"nn.utils has no {name!r}", name))
