"""What a model learns."""

from ..tensor import Tensor


class Parameter(Tensor):
    """A tensor that a model learns: it requires a gradient, and a module registers it."""

    __slots__ = ()

    def __new__(cls, data: Tensor, requires_grad: bool = True):
        if not isinstance(data, Tensor):
            raise TypeError(f"Parameter takes a tensor, not a {type(data).__name__}. Write "
                            f"nn.Parameter(d2l.tensor(values)).")
        return cls.from_array(data.array, requires_grad)

    def __deepcopy__(self, memo):
        return type(self)(self.detach().clone(), self.requires_grad)  # without grad, as in PyTorch

    def __repr__(self):
        return f"Parameter containing:\n{super().__repr__()}"
