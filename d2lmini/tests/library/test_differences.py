"""The README's "Where d2lmini differs from PyTorch": one test a line, in its order."""

import re
from pathlib import Path

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import functional as F
from d2lmini import nn

README = Path(__file__).parents[3] / "README.md"


def refused(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


def float64_arrays():
    array = np.array([1.0, 2.0])
    assert d2l.tensor(array).dtype == np.float32
    assert d2l.from_numpy(array).dtype == d2l.tensor(array, dtype=d2l.float64).dtype == np.float64


def shapes_and_dtypes():
    x = d2l.zeros(2, 3)
    assert f"{x.shape} {x.dtype}" == "(2, 3) float32" and x.shape == x.size() == (2, 3)


def names_of_nodes():
    x = d2l.ones(2, 3, requires_grad=True)
    out = F.linear(x, d2l.ones(2, 3))
    assert "grad_fn=<LinearBackward0>" in repr(out) and out.grad_fn.next_functions == ((x, 0),)


def random_numbers():
    d2l.manual_seed(0)
    assert d2l.randn(3).tolist() == np.random.default_rng(0).standard_normal(
        3, np.float32).tolist()


def second_backward():
    x = d2l.ones(2, requires_grad=True)
    y = (x + 1).sum()
    y.backward()
    refused(y.backward, RuntimeError, "call backward(retain_graph=True) the first time")


def view_copies():
    x = d2l.arange(6).reshape(2, 3)
    assert x.t().view(-1).tolist() == [0, 3, 1, 4, 2, 5]


def softmax_without_dim():
    refused(lambda: F.softmax(d2l.ones(2, 3, 4)), TypeError, "softmax(x, dim=-1)")


def plain_lists_of_layers():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Linear(2, 2)]

    refused(lambda: list(Net().parameters()), TypeError, "Use nn.ModuleList")


def losses_that_would_broadcast():
    refused(lambda: F.mse_loss(d2l.ones(3, 1), d2l.ones(3)), ValueError, "Reshape one")
    refused(lambda: F.binary_cross_entropy_with_logits(d2l.ones(3), 2 * d2l.ones(3)), ValueError,
            "targets are probabilities between 0 and 1")


def arrays_beside_tensors():
    x = d2l.ones(2, requires_grad=True)
    for out in (np.array([2.0, 3.0]) * x, np.exp(x)):
        assert type(out) is d2l.Tensor and out.requires_grad and out.dtype == np.float32


def what_has_one_meaning():
    x = d2l.ones(2, requires_grad=True) * 1
    x += [1, 2]
    x.split(1)[0].mul_(2)
    assert x.tolist() == [4, 3] and F.silu(d2l.tensor([0])).tolist() == [0]


def numbers_that_a_change_reads():
    x = d2l.arange(6.0).reshape(2, 3)
    for change in (lambda: x.add_(x[0]), lambda: x[:, 1:].mul_(x[:, :2])):
        refused(change, RuntimeError, "refer to a single memory location. Write y.clone()")
    x += x  # the whole of it is fine, and so is another part
    x[0] += x[1]
    assert x.tolist() == [[6, 10, 14], [6, 8, 10]]


def changes_that_fail():
    x = d2l.tensor([4, 2])
    refused(lambda: x.floor_divide_(d2l.tensor([2, 0])), RuntimeError, "ZeroDivisionError")
    assert x.tolist() == [4, 2]


def numbers_changed_behind_the_graph():
    x = d2l.tensor(2.0, requires_grad=True)
    y = 1 / x
    y.data.fill_(3)
    y.backward()
    assert x.grad == -0.25  # PyTorch: -9, from the result that it keeps


def memory_of_a_gradient():
    x = d2l.ones(2, requires_grad=True)
    g, = d2l.autograd.grad(x.sum(), x)
    g[0] = 5
    assert g.tolist() == [5, 1]


def empty_softmax_and_strides():
    assert F.softmax(d2l.zeros(0, dtype=d2l.int64), 0).dtype == np.float32
    assert d2l.ones(3).expand(3, 3).split(1)[0].stride() == (3, 1)


def devices_and_dtypes():
    refused(lambda: d2l.ones(1).to("cuda"), RuntimeError, "computes on the CPU only")
    refused(lambda: d2l.tensor(1j), TypeError, "a tensor holds numbers, not complex128")


def what_is_not_there():
    x = d2l.ones(1, requires_grad=True)
    refused(lambda: x.sum().backward(create_graph=True), RuntimeError, "derivatives of derivatives")
    refused(lambda: d2l.nn.Linear(1, 1).register_full_backward_hook(print), NotImplementedError,
            "call out.retain_grad(), and read out.grad")
    refused(lambda: d2l.autocast("cpu"), AttributeError, "float32, without autocast")
    refused(lambda: d2l.amp.autocast("cpu"), RuntimeError, "in bfloat16")
    refused(lambda: x.to_sparse(), AttributeError, "a dense tensor")


LINES = [float64_arrays, shapes_and_dtypes, names_of_nodes, random_numbers, second_backward,
         view_copies, softmax_without_dim, plain_lists_of_layers, losses_that_would_broadcast,
         arrays_beside_tensors, what_has_one_meaning, numbers_that_a_change_reads,
         changes_that_fail, numbers_changed_behind_the_graph, memory_of_a_gradient,
         empty_softmax_and_strides, devices_and_dtypes, what_is_not_there]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.__name__)
def test_difference(line):
    line()


def test_every_line_of_the_readme_has_a_test():
    part = README.read_text(encoding="utf-8").partition("### Where d2lmini differs")[2]
    rows = [row for row in part.partition("\n## ")[0].splitlines() if row.startswith("| ")]
    assert len(rows) - 2 == len(LINES)
