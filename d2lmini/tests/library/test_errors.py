"""What one reads when something is wrong: the design's sentences word for word, others in part."""

import re

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import functional as F
from d2lmini import no_grad, op, optim
from d2lmini.gradcheck import gradcheck
from d2lmini.nn import init

X, W = d2l.ones(2, 3), d2l.ones(2, 3, requires_grad=True)
IMAGES, KERNELS = d2l.ones(2, 1, 5, 5), d2l.ones(4, 1, 3, 3)


def with_data(data):
    w = d2l.ones(2, 3, requires_grad=True)
    w.data = data
    return w


def whole_leaf():
    x = d2l.arange(3)
    x.requires_grad = True
    return x


WORD_FOR_WORD = [
    (lambda: X @ d2l.ones(4, 5), ValueError,
     "matmul: (2, 3) @ (4, 5): the inner sizes 3 and 4 differ."),
    (lambda: F.linear(d2l.ones(1, 20), d2l.ones(10, 784)), ValueError,
     "linear: input has 20 features, weight (10, 784) expects 784. Did you forget to flatten?"),
    (lambda: F.mse_loss(d2l.ones(32, 1), d2l.ones(32)), ValueError,
     "mse_loss: prediction (32, 1) and target (32,) differ in shape; that would broadcast to "
     "(32, 32). Reshape one."),
    (lambda: F.mse_loss(d2l.ones(3), d2l.ones(4)), ValueError,
     "mse_loss: prediction (3,) and target (4,) differ in shape; they do not even broadcast. "
     "Reshape one."),
    (lambda: F.cross_entropy(X, [0, 3]), ValueError,
     "cross_entropy: labels go from 0 to 3, but there are 3 classes, 0 to 2."),
    (lambda: F.cross_entropy(d2l.ones(0, 3), np.zeros(0, int)), ValueError,
     "cross_entropy: the batch is empty."),
]

IN_PART = [
    # operators
    (lambda: X + d2l.ones(4), ValueError, "add: shapes (2, 3) and (4,) do not broadcast"),
    (lambda: X * d2l.ones(3, 1), ValueError, "2 meets 3, and neither is 1. Reshape one"),
    (lambda: d2l.where(X > 0, X, d2l.ones(4)), ValueError, "where: shapes (2, 3) and (4,)"),
    (lambda: X == d2l.ones(4), ValueError, "equal: shapes"),
    (lambda: np.ones(4) - X, ValueError, "sub: shapes (4,) and (2, 3) do not broadcast"),
    (lambda: X @ 2, ValueError, "a single number has no rows. Use * for scaling"),
    (lambda: d2l.ones(2, 4, 3) @ d2l.ones(5, 3, 2), ValueError, "batches of: shapes (2,) and (5,)"),
    (lambda: X.sum(2), IndexError,
     "sum: dim 2 does not exist in a tensor with 2 axes; count from 0 to 1"),
    (lambda: X.mean((0, 0)), ValueError, "mean: dim (0, 0) names an axis twice"),
    (lambda: X.amax((0, -2)), ValueError, "names an axis twice"),
    (lambda: X.sum(1.0), TypeError, "sum: dim must be an integer or a tuple of integers, not 1.0"),
    (lambda: X.max((0, 1)), TypeError, "argmax: dim must be an integer, not (0, 1)"),
    (lambda: d2l.ones(0, 3).min(), ValueError, "no element to choose in a tensor of shape (0, 3"),
    (lambda: X.argmax(5), IndexError, "argmax: dim 5 does not exist"),
    (lambda: X.argmax((0, 1)), TypeError, "argmax: dim must be an integer, not (0, 1)"),
    (lambda: X.transpose(0, 5), IndexError, "transpose: dim 5 does not exist"),
    (lambda: X.unsqueeze(7), IndexError, "unsqueeze: dim 7 does not exist in a tensor with 3 axes"),
    (lambda: d2l.stack([X, X], 5), IndexError, "stack: dim 5 does not exist"),
    (lambda: X.flatten(1, 0), ValueError, "flatten: start_dim 1 comes after end_dim 0"),
    (lambda: X.permute(), ValueError, "permute: () must name each of the 2 axes once"),
    (lambda: X.reshape(2, -3), ValueError, "reshape: no size in (2, -3) may be below -1"),
    (lambda: d2l.zeros(-1), ValueError, "zeros: no size in (-1,) may be below 0"),
    (lambda: d2l.arange(5, 2), ValueError, "arange: steps of 1 do not lead from 5 to 2."),
    (lambda: d2l.arange(0, 3, 0), ValueError, "arange: steps of 0 do not lead from 0 to 3."),
    (lambda: d2l.bernoulli(d2l.tensor([0.5, 1.5])), RuntimeError, "lie between 0 and 1"),
    (lambda: d2l.multinomial(d2l.tensor([1.0, 0, 0]), 2), RuntimeError, "2 of 1 can only be drawn"),
    (lambda: d2l.as_tensor(np.zeros(2), device="cuda"), RuntimeError, "on the CPU only"),
    (lambda: d2l.tensor([True]) - d2l.tensor([True]), RuntimeError, "Write ~mask, or mask.float()"),
    (lambda: d2l.tensor([300], dtype=np.uint8), OverflowError, "300 out of bounds for uint8"),
    (lambda: d2l.tensor([np.nan], dtype=int), ValueError, "tensor: cannot make an array of this"),
    (lambda: (W * 2).requires_grad_(False), RuntimeError, "this tensor was computed. Take y.det"),
    (lambda: with_data(W.array), TypeError, "give a tensor, not a ndarray: t.data = d2l.tensor("),
    (lambda: op("mine", W * 2), TypeError, "mine: the formula gave a tensor and must give an arr"),
    (lambda: X < None, TypeError, "a tensor holds numbers, not object (from NoneType)"),
    (lambda: X.permute(0, 5), IndexError, "permute: dim 5 does not exist"),
    (lambda: X.permute(0, 0), ValueError, "names an axis twice"),
    (lambda: X.reshape(4), ValueError, "reshape: 6 numbers, shape (2, 3), cannot have shape (4,)"),
    (lambda: X.reshape(1.5), TypeError, "a shape is made of integers"),
    (lambda: X[2], IndexError, "index 2 of a tensor of shape (2, 3): index 2 is out of bounds"),
    (lambda: X[::-1], ValueError, "Write x.flip(0) to turn an axis around"),
    (lambda: d2l.stack([X, d2l.ones(3)]), ValueError,
     "stack: all shapes must be equal, not [(2, 3), (3,)]"),
    (lambda: d2l.cat([X, d2l.ones(2, 4)]), ValueError, "cat: shapes may differ only along dim 0"),
    (lambda: d2l.cat([X, d2l.ones(2)], 1), ValueError, "cat: shapes may differ only along dim 1"),
    (lambda: d2l.cat([d2l.tensor(1.0)]), ValueError, "cat: shapes may differ only along dim 0"),
    (lambda: d2l.cat([]), TypeError, "cat: give a list of at least one tensor"),
    (lambda: d2l.stack(X), TypeError, "stack: give a list"),
    (lambda: F.softmax(X, 2), IndexError, "softmax: dim 2 does not exist"),
    (lambda: F.softmax(IMAGES), TypeError, "say along which axis the classes are: softmax(x, d"),
    (lambda: F.log_softmax(X, (0, 1)), TypeError, "log_softmax: dim must be an integer, not ("),
    (lambda: W.__setitem__(0, 1), RuntimeError, "a leaf Variable that requires grad"),
    (lambda: W.add_(1), RuntimeError, "Do it inside `with d2l.no_grad():`, or write x = x + 1"),
    (lambda: X.clone().add_(d2l.ones(4, 2, 3)), RuntimeError, "cannot turn shape (2, 3) into (4,"),
    (lambda: d2l.arange(3).add_(0.5), RuntimeError, "result type float32 can't be cast to int64"),
    (lambda: W.numpy(), RuntimeError, "Write t.detach().numpy()"),
    (lambda: np.concatenate([W, W]), RuntimeError, "Write t.detach().numpy()"),
    (lambda: W.sum().backward(create_graph=True), RuntimeError, "derivatives of derivatives"),
    (lambda: X.svd(), AttributeError, "Use np.linalg.svd(x.numpy())"),
    (lambda: d2l.linalg.eig(X), RuntimeError, "Use linalg.eigh if the matrix is symmetric"),
    (lambda: d2l.linalg.eigvals(X), RuntimeError, "or np.linalg.eigvals(A.numpy())"),
    (lambda: d2l.utils.tensorboard, AttributeError, "utils has no 'tensorboard'. If PyTorch"),
    (lambda: d2l.nonsense, AttributeError, "d2lmini has no 'nonsense'. If PyTorch has it"),
    (lambda: X.to("cuda"), RuntimeError, "d2lmini computes on the CPU only"),
    (lambda: d2l.arange(3).mean(), RuntimeError, "mean: the mean of int64 is a fraction: write"),
    (lambda: X @ d2l.ones(3, 1, dtype=np.float64), RuntimeError, "float32 meets float64. Convert"),
    (lambda: X + None, TypeError, "a tensor holds numbers, not object (from NoneType)"),
    (lambda: X + "3", TypeError, "a tensor holds numbers, not <U1 (from str)"),
    (lambda: d2l.tensor([[1, 2], [3]]), ValueError, "Rows must be equally long"),
    (lambda: d2l.tensor({"a": 1}), TypeError, "not object (from dict)"),
    (lambda: d2l.tensor([1, None], dtype=np.float32), TypeError, "a tensor holds numbers"),
    (lambda: d2l.tensor(1j), TypeError, "a tensor holds numbers, not complex128"),
    (lambda: d2l.tensor([W[0, 0], W[0, 1]]), TypeError,
     "would lose them. Use stack([...]) instead"),
    (lambda: d2l.tensor([1, 2], requires_grad=True), RuntimeError,
     "this one is int64. Write 1.0 instead of 1"),
    (lambda: X.item(), ValueError, "a Tensor with 6 elements, shape (2, 3), cannot be converted"),
    (lambda: bool(X > 0), ValueError, "a Tensor with 6 elements"),
    (lambda: float(X), RuntimeError, "a Tensor with 6 elements"),
    (lambda: len(d2l.tensor(1.0)), TypeError, "a single number has no length"),
    (lambda: list(d2l.tensor(1.0)), TypeError, "a single number has no length"),
    (lambda: np.arctan(W), TypeError, "np.arctan cannot record a gradient"),
    (lambda: np.add.reduce(W), TypeError, "np.add cannot record a gradient"),
    (lambda: np.add(1, 2, out=d2l.ones(1)), TypeError, "np.add cannot record a gradient"),
    # backward
    (lambda: W.backward(), RuntimeError,
     "this tensor has shape (2, 3). Reduce it with .sum() or .mean()"),
    (lambda: X.sum().backward(), RuntimeError,
     "nothing that this tensor was made from has requires_grad"),
    (lambda: no_grad(lambda: W.sum())().backward(), RuntimeError, "computed inside no_grad"),
    (whole_leaf, RuntimeError, "this one is int64. Write 1.0 instead of 1, or x.float()"),
    (lambda: op("mine", W.array, (W, lambda g: None)).sum().backward(), TypeError,
     "mine: a derivative returns an array, not a NoneType. Leave out the pair"),
    (lambda: W.backward(np.ones(3)), ValueError, "gradient has shape (3,), the tensor (2, 3)"),
    (lambda: op("mine", W.array, (W, lambda g: g[0])).sum().backward(), RuntimeError,
     "mine: a derivative returned shape (3,) for an input of shape (2, 3)"),
    (lambda: op("mine", W.array[:1, :1], (W[:1, :1], lambda g: g[0])).sum().backward(),
     RuntimeError,
     "mine: a derivative returned shape (1,)"),
    # losses
    (lambda: F.cross_entropy(X, [-1, 0]), ValueError, "labels go from -1 to 0"),
    (lambda: F.cross_entropy(X, [0.0, 1.0]), TypeError, "Convert them with labels.long()"),
    (lambda: F.cross_entropy(X, [0, 1, 2]), ValueError,
     "2 rows of scores need labels of shape (2,), not (3,)"),
    (lambda: F.cross_entropy(X, np.eye(2, 3)), ValueError,
     "For one-hot labels write labels.argmax(1)"),
    (lambda: F.cross_entropy(X[None], [0]), ValueError,
     "need labels of shape (1, 3), not (1,)"),
    (lambda: F.cross_entropy(X, [0, 1], reduction="avg"), ValueError,
     "'mean', 'sum' or 'none', not 'avg'"),
    (lambda: F.hinge_loss(X, [0, 3]), ValueError, "hinge_loss: labels go from 0 to 3"),
    (lambda: F.hinge_loss(d2l.ones(0, 3), np.zeros(0, int)), ValueError,
     "hinge_loss: the batch is empty"),
    (lambda: F.mse_loss(d2l.ones(0, 1), d2l.ones(0, 1)), ValueError,
     "mse_loss: the batch is empty"),
    (lambda: F.binary_cross_entropy_with_logits(X, d2l.ones(2)), ValueError, "Reshape one"),
    (lambda: F.binary_cross_entropy_with_logits(X, 3 * X), ValueError,
     "between 0 and 1, not 3 to 3"),
    (lambda: F.one_hot([0, 3], 3), ValueError, "one_hot: labels go from 0 to 3"),
    (lambda: F.mse_loss(X, X, "sum"), TypeError, "positional arguments"),
    (lambda: F.hinge_loss(X, [0, 1], "sum"), TypeError, "positional arguments"),
    (lambda: F.one_hot([0, 1], 2.5), TypeError, "num_classes is an integer, not 2.5"),
    (lambda: F.one_hot([0.5]), TypeError, "one_hot: labels are integers, not float64"),
    (lambda: F.dropout(X, 1.5), ValueError, "p is a probability between 0 and 1, not 1.5"),
    # layers
    *((lambda f=f, a=a: f(*a), TypeError, f.__name__ + " takes tensors, not a NumPy array. Write ")
      for f, *a in ((F.relu, X.array), (F.sigmoid, X.array), (F.tanh, X.array),
                    (F.softmax, X.array), (F.log_softmax, X.array), (F.dropout, X.array),
                    (F.pad, X.array, (1, 1)),
                    (F.mse_loss, X.array, X), (F.cross_entropy, X.array, [0, 1]),
                    (F.hinge_loss, X.array, [0, 1]), (F.linear, X, W.array), (F.linear, X.array, W),
                    (F.binary_cross_entropy_with_logits, X.array, X), (F.max_pool2d, X.array, 2),
                    (F.avg_pool2d, X.array, 2), (F.conv2d, IMAGES, KERNELS.array))),
    (lambda: F.linear(X, d2l.ones(3)), ValueError, "linear: weight has shape (3,); expected (out,"),
    (lambda: F.linear(X, d2l.ones(4, 3), d2l.ones(2)), ValueError,
     "linear: bias has shape (2,), weight (4, 3) expects (4,)"),
    (lambda: F.conv2d(IMAGES, KERNELS, d2l.ones(1)), ValueError, "conv2d: bias has shape (1,)"),
    (lambda: F.conv2d(IMAGES, d2l.ones(4, 2, 3, 3)), ValueError,
     "conv2d: input has 1 channels, weight (4, 2, 3, 3) expects 2"),
    (lambda: F.conv2d(d2l.ones(5, 5), KERNELS), ValueError,
     "For gray images of shape (n, h, w) write"),
    (lambda: F.conv2d(IMAGES, d2l.ones(3, 3)), ValueError,
     "weight has shape (3, 3); expected (out, in"),
    (lambda: F.conv2d(IMAGES, d2l.ones(4, 1, 6, 3)), ValueError,
     "kernel of 6x3 does not fit into images of 5x5"),
    (lambda: F.conv2d(IMAGES, KERNELS, stride=0), ValueError,
     "conv2d: stride must be an integer of at"),
    (lambda: F.conv2d(IMAGES, KERNELS, padding=-1), ValueError,
     "conv2d: padding must be an integer"),
    (lambda: F.conv2d(IMAGES, KERNELS, padding="full"), ValueError, "not 'full'"),
    (lambda: F.conv2d(IMAGES, KERNELS, stride=2, padding="same"), ValueError, "only with stride 1"),
    (lambda: F.max_pool2d(IMAGES, 6), ValueError, "max_pool2d: a kernel of 6x6 does not fit"),
    (lambda: F.max_pool2d(IMAGES, 2, padding=2), ValueError, "more than half of the kernel"),
    (lambda: F.avg_pool2d(X, 2), ValueError,
     "avg_pool2d: input has shape (2, 3); expected (n, channels"),
    (lambda: F.avg_pool2d(IMAGES, (2, 2, 2)), ValueError,
     "avg_pool2d: kernel_size must be an integer"),
    (lambda: F.pad(X, 1), ValueError, "pad: (1,) must be pairs of counts"),
    (lambda: F.pad(X, (1, 1), "mirror"), ValueError, "mode is \"constant\" or one of"),
    (lambda: F.pad(X, (1,)), ValueError, "pad: (1,) must be pairs of counts"),
    (lambda: F.pad(X, (1,) * 6), ValueError, "at most 2 pairs for a tensor of shape (2, 3)"),
    # optimizers, first values, gradcheck
    (lambda: optim.SGD(W, 0.1), TypeError,
     "SGD: give the parameters as model.parameters() or a list"),
    (lambda: optim.SGD([], 0.1), ValueError, "SGD: there are no parameters to train"),
    (lambda: optim.Adam([3.0]), TypeError, "Adam: 3.0 is not a tensor"),
    (lambda: optim.SGD([W], -1), ValueError,
     "SGD: lr is -1; it must be a number of at least 0"),
    (lambda: optim.SGD([W], 1, nesterov=True), ValueError,
     "nesterov=True needs a momentum above 0"),
    (lambda: optim.Adam([W], betas=(0.9, 1)), ValueError, "both betas lie in [0, 1)"),
    (lambda: init.normal_(d2l.ones(3), std=-1), ValueError, "scale < 0"),
    (lambda: init.kaiming_normal_(d2l.ones(3)), ValueError,
     "init: a weight of shape (3,) has no inputs"),
    (lambda: gradcheck(lambda x: op("wrong", x.array ** 2, (x, lambda g: g * x.array)), X),
     AssertionError, "gradcheck: with respect to input 0 at index (1, 2), backward gives "
     "1.4127556, central differences 2.8255112 (of the outputs, summed with random weights)."),
    (lambda: gradcheck(lambda x: op("wrong", x.array ** 2, (x, lambda g: g * x.array)),
                       np.array([2.0])),
     AssertionError, "backward gives 2, central differences 4."),
    (lambda: gradcheck(lambda x: x.detach(), X), AssertionError, "left the graph (detach"),
]


@pytest.mark.parametrize("function, error, text", WORD_FOR_WORD, ids=[t for *_, t in WORD_FOR_WORD])
def test_word_for_word(function, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        function()


@pytest.mark.parametrize("function, error, text", IN_PART, ids=[t for *_, t in IN_PART])
def test_in_part(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


def test_a_freed_graph_is_refused_before_any_gradient_is_changed():
    x, w = d2l.ones(2, requires_grad=True), d2l.ones(2, requires_grad=True)
    y = x * 2
    y.sum().backward()
    for loss in (y.sum(), (w * 3).sum() + y.sum(), y.sum() + (w * 3).sum()):
        with pytest.raises(RuntimeError, match=re.escape(
                "backward: this graph was used before, and freed. Compute the loss again, or call "
                "backward(retain_graph=True) the first time.")):
            loss.backward()
        assert w.grad is None and x.grad.tolist() == [2, 2]


def test_errors_leave_no_trace():
    t = d2l.tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError):
        t.backward([1.0, 2.0])
    assert t.grad is None
