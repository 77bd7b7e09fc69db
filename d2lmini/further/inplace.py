"""In-place changes of tensors: `x += 1`, `x[i] = v`, `x.zero_()`, `x.data = …`, as in PyTorch.

Every in-place operator is the usual one, whose result is then written into the tensor's memory.
Where a graph still needs the old values, `backward` refuses (engine.py). A reader of the library
may skip this file, and read on in tensor.py.
"""

from __future__ import annotations

import numpy as np

from .. import checks, engine


class InPlace:
    """The part of Tensor that changes memory."""

    __slots__ = ()

    def bump(self) -> None:
        """Note on the clock that this memory was changed in place."""
        engine.clock += 1
        engine.changed[engine.owner(self.array)] = engine.clock

    def check_history(self) -> None:
        """RuntimeError if a view of this memory was changed as part of a graph, unknown to us."""
        if engine.recorded.get(engine.owner(self.array), 0) > self.time:
            raise RuntimeError("this tensor shares memory with one that was changed in place, as "
                               "part of a graph, after this one was made. Make the view again "
                               "after the change, or write x = x + 1 in place of x += 1.")

    @property
    def data(self):
        """The same memory as a tensor without a graph; `t.data = other` exchanges the numbers."""
        return self.detach()

    @data.setter
    def data(self, value) -> None:
        if not isinstance(value, InPlace):
            raise TypeError(f"t.data = …: give a tensor, not a {type(value).__name__}: "
                            f"t.data = d2l.tensor(values).")
        self.bump()  # for graphs that need the old numbers
        self.array = value.array

    def copy_(self, source):
        """Overwrite all numbers with those of `source`, broadcast."""
        if getattr(source, "ndim", 0) > self.ndim:
            raise RuntimeError(f"copy_: shape {source.shape} does not broadcast to {self.shape}.")
        self[...] = source
        return self

    def _old(self):
        """This tensor as it is before a change in place: the same history, the same numbers."""
        if self.needs_grad and engine.mode.recording and self._is_leafs_memory():
            raise RuntimeError("a leaf Variable that requires grad is being used in an in-place "
                               "operation: its gradient would be lost. Do it inside `with "
                               "d2l.no_grad():`, or write x = x + 1 in place of x += 1.")
        old = self.detach()
        old.grad_fn, old.needs_grad, old.time = self.grad_fn, self.needs_grad, self.time
        return old

    def _is_leafs_memory(self) -> bool:
        """Whether this is a leaf, or a view of one."""
        node, memory = self.grad_fn or self, engine.owner(self.array)
        while node.inputs and engine.owner(node.inputs[0][0].array) == memory:
            node = node.inputs[0][0]
        return not isinstance(node, engine.Node)

    def _check_writeable(self) -> None:
        if not self.array.flags.writeable:
            raise RuntimeError("more than one element of this tensor refers to a single memory "
                               "location, as expand makes them. Change x.clone() instead.")

    def _check_overlap(self, other) -> None:
        """RuntimeError if the other is a part of this memory that the change would overwrite."""
        a, b = self.array, other.array
        same = a.__array_interface__["data"] == b.__array_interface__["data"] and (
            a.shape == b.shape and a.strides == b.strides)
        if not same and engine.owner(a) == engine.owner(b) and np.shares_memory(a, b):
            raise RuntimeError("some of the other tensor's numbers and of those to be changed "
                               "refer to a single memory location. Write y.clone() for the other.")

    def _become(self, old, out):
        """Write `out`, computed from `old`, into this tensor's memory, with its history."""
        if out.shape != self.shape:
            raise RuntimeError(f"an in-place change cannot turn shape {self.shape} into "
                               f"{out.shape}. Write x = x + y in place of x += y.")
        if checks.level(out.array) > checks.level(self.array):
            raise RuntimeError(f"result type {out.dtype} can't be cast to {self.dtype} in place. "
                               f"Write x = x + y in place of x += y, or x.float() first.")
        if out.grad_fn is not None:
            old.array = self.array.copy()
        self._check_writeable()
        np.copyto(self.array, out.array, casting="unsafe")
        self.bump()
        if out.grad_fn is not None:
            if self.grad_fn is not None and old.grad_fn.keeper is not None:
                out.grad_fn.keeper, old.grad_fn.keeper = old.grad_fn.keeper, None
            self.grad_fn, self.needs_grad = out.grad_fn, True
            engine.recorded[engine.owner(self.array)] = self.time = engine.clock
        return self

    def _index(x, key):
        try:
            basic, arrays = checks.index(x.shape, key)
            part = x.array[basic]
            if arrays is not None:
                part[arrays]
        except IndexError as error:
            raise IndexError(f"index {key!r} of a tensor of shape {x.shape}: {error}.") from None
        return basic, arrays

    def __setitem__(self, key, value):
        checks.check_fits(value, self.dtype)
        old, value = self._old(), self._beside(value)
        basic, arrays = self._index(key)
        if arrays is not None and value.array.size > 1 and value.dtype != self.dtype:
            raise RuntimeError(f"x[…] = v by arrays: v is {value.dtype} and x {self.dtype}, and "
                               f"they must have the same dtype. Write v.to(x.dtype).")
        if self._is_own_part(value, basic, arrays):
            old.time = engine.clock  # y[0] += w changed the view y[0] in place and stores it back
        if value.dtype != self.dtype:
            value = value.to(self.dtype)

        def write(array, numbers):
            part = array[basic]
            try:
                if arrays is None:
                    array[basic] = numbers
                else:
                    part[arrays] = _without_leading_ones(numbers)
            except ValueError as error:
                raise checks.ShapeError(f"x[…] = v: {error}.") from None
            return array

        def read(g):
            return g[basic] if arrays is None else g[basic][arrays]

        if not (engine.mode.recording and (old.needs_grad or value.needs_grad)):
            self._check_writeable()
            write(self.array, value.array)
            self.bump()
            return
        out = self._op("setitem", write(np.array(self.array), value.array),
                       (old, lambda g: write(g.copy(), 0)), (value, read))
        self._become(old, out)

    def _is_own_part(self, value, basic, arrays) -> bool:
        """Whether `value` is the very view self[basic], just changed in place."""
        part = self.array[basic]
        return (arrays is None and value.shape == part.shape
                and value.time == engine.recorded.get(engine.owner(part))
                and value.array.__array_interface__["data"] == part.__array_interface__["data"])


def _without_leading_ones(numbers):
    """As an array of one axis if only that is longer than 1: NumPy wants no more behind a mask."""
    numbers = np.asarray(numbers)
    return numbers.reshape(-1) if numbers.ndim and numbers.size == len(numbers.T) else numbers


def in_place(name: str):
    """The in-place form of the method `name`: add -> add_."""
    def change(self, *args, **options):
        for other in args:
            if isinstance(other, InPlace):
                self._check_overlap(other)
        old = self._old()
        return self._become(old, getattr(old, name)(*args, **options))

    change.__doc__ = f"`{name.strip('_')}`, written into this tensor's own memory."
    return change


def fills(name: str, values):
    """A method that overwrites all numbers with values(shape, …)."""
    def fill(self, *args, **options):
        old, numbers = self._old(), values(self.shape, *args, **options)
        checks.check_fits(numbers, self.dtype)
        array = np.asarray(numbers).astype(self.dtype)
        array = np.broadcast_to(array, self.shape)
        return self._become(old, self._op(name, array, (old, np.zeros_like)))

    fill.__doc__ = f"Overwrite all numbers: {name}."
    return fill
