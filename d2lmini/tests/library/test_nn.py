"""Modules: what they hold, how weights begin, and models on disk."""

import copy
import math
import pickle
import re

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import nn
from d2lmini.nn import init


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(576, 64),
        nn.ReLU(), nn.Linear(64, 10))


class Tree(nn.Module):
    """Parameters and modules in every place where one may put them."""

    def __init__(self):
        self.scale = nn.Parameter([2.0])
        self.first = nn.Linear(2, 2)
        self.branches = [nn.Linear(2, 2, bias=False),
                         nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))]
        self.tuple = (nn.Parameter([1.0]), "not a module")
        self.again = self.first
        self.tied = nn.Linear(2, 2, bias=False)
        self.tied.weight = self.first.weight
        self.constant = d2l.ones(3, requires_grad=True)  # a tensor is not a parameter
        self.nothing = None

    def forward(self, x):
        for branch in self.branches:
            x = branch(self.again(x))
        return self.tied(self.first(x)) * self.scale * self.tuple[0]


def test_traversal():
    tree = Tree()
    assert [name for name, _ in tree.named_parameters()] == [
        "scale", "tuple.0", "first.weight", "first.bias", "branches.0.weight",
        "branches.1.0.weight", "branches.1.0.bias"]
    assert [name for name, _ in tree.named_modules()] == [
        "", "first", "branches.0", "branches.1", "branches.1.0", "branches.1.1", "tied"]
    assert len(list(tree.parameters())) == 7
    assert [name for name, _ in tree.named_children()] == [
        "first", "branches.0", "branches.1", "again", "tied"]


def test_train_eval_zero_grad_and_freeze_reach_everything():
    tree = Tree()
    assert tree.eval() is tree and not any(m.training for _, m in tree.named_modules())
    tree(d2l.ones(1, 2)).sum().backward()
    assert all(p.grad is not None for p in tree.parameters())
    tree.zero_grad()
    assert all(p.grad is None for p in tree.parameters())
    assert all(m.training for _, m in tree.train().named_modules())
    tree.requires_grad_(False)
    assert not tree(d2l.ones(1, 2)).requires_grad


def test_a_module_that_knows_its_parent_is_walked_once():
    tree = Tree()
    tree.first.parent = tree
    assert len(list(tree.parameters())) == 7


def test_sequential():
    model = mlp()
    assert len(model) == 4 and isinstance(model[1], nn.Linear) and isinstance(model[-1], nn.Linear)
    assert [type(m).__name__ for m in model] == ["Flatten", "Linear", "ReLU", "Linear"]
    assert model[:2](d2l.ones(3, 1, 28, 28)).shape == (3, 512)
    assert model[1] is model[:2][1]
    act = nn.Tanh()
    twice = nn.Sequential(nn.Linear(2, 2), act, nn.Linear(2, 2), act)
    assert len(twice) == 4 and abs(twice(d2l.ones(1, 2)).data).max() <= 1
    with pytest.raises(TypeError, match=re.escape("Write ReLU() with its brackets")):
        nn.Sequential(nn.Linear(2, 2), nn.ReLU)
    with pytest.raises(NotImplementedError, match="Module has no forward"):
        nn.Module()(1)


def test_layers_are_their_functions():
    x = d2l.randn(2, 3, 6, 6)
    F = d2l.functional
    conv, linear = nn.Conv2d(3, 4, (3, 2), stride=2, padding=1), nn.Linear(6, 2)
    for layer, expected in (
            (conv, F.conv2d(x, conv.weight, conv.bias, 2, 1)), (nn.ReLU(), F.relu(x)),
            (nn.MaxPool2d(3, 2, 1), F.max_pool2d(x, 3, 2, 1)), (nn.Sigmoid(), F.sigmoid(x)),
            (nn.AvgPool2d(2), F.avg_pool2d(x, 2)), (nn.Tanh(), F.tanh(x)),
            (nn.Flatten(), x.reshape(2, -1)), (linear, x @ linear.weight.T + linear.bias)):
        np.testing.assert_allclose(layer(x).data, expected.data, rtol=1e-5, atol=1e-6)
    y = np.array([1, 0])
    scores = x.flatten(1)
    assert nn.CrossEntropyLoss()(scores, y).item() == F.cross_entropy(scores, y).item()
    assert nn.CrossEntropyLoss(reduction="none")(scores, y).shape == (2,)
    assert nn.MSELoss()(x, target=2 * x).item() == F.mse_loss(x, 2 * x).item()
    assert nn.MSELoss(reduction="sum")(2 * x, x).item() == pytest.approx((x.data ** 2).sum())
    assert nn.Flatten(0, 1)(x).shape == (6, 6, 6) and nn.Flatten(2)(x).shape == (2, 3, 36)


@pytest.mark.parametrize("function, error, text", [
    (lambda: nn.Dropout(2), ValueError, "Dropout: p is a probability between 0 and 1, not 2."),
    (lambda: nn.Conv2d(1, 1, 3, 1, 0, 2), TypeError, "takes from 4 to 6 positional arguments"),
    (lambda: nn.Linear(2, 2).load_state_dict(None), TypeError, "arrays by name, not a NoneType."),
    (lambda: nn.ReLU().load_state_dict(nn.Linear(2, 2)), TypeError, "by name, not a Linear.")])
def test_refusals(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


def test_repr():
    inner = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.Dropout(0.1))
    model = nn.Sequential(nn.Linear(2, 3), inner)
    assert repr(model) == """Sequential(
  (0): Linear(in_features=2, out_features=3, bias=True)
  (1): Sequential(
    (0): Conv2d(1, 2, kernel_size=(3, 3), stride=1, padding=1)
    (1): Dropout(p=0.1)
  )
)"""


def test_hooks():
    layer, seen = nn.Linear(2, 3), []
    stop = layer.register_forward_hook(lambda m, inputs, out: seen.append((inputs[0].shape, out)))
    out = layer(d2l.ones(4, 2))
    stop()
    layer(d2l.ones(4, 2))
    assert len(seen) == 1 and seen[0][0] == (4, 2) and seen[0][1] is out


# --- summary ---

MLP_SUMMARY = """\
layer           output shape      parameters
--------------------------------------------
Flatten         (784,)                     0
Linear          (512,)               401,920
ReLU            (512,)                     0
Linear          (10,)                  5,130
--------------------------------------------
total                                407,050
"""
CNN_SUMMARY = """\
layer           output shape      parameters
--------------------------------------------
Conv2d          (32, 26, 26)             320
ReLU            (32, 26, 26)               0
MaxPool2d       (32, 13, 13)               0
Conv2d          (64, 11, 11)          18,496
ReLU            (64, 11, 11)               0
MaxPool2d       (64, 5, 5)                 0
Conv2d          (64, 3, 3)            36,928
ReLU            (64, 3, 3)                 0
Flatten         (576,)                     0
Linear          (64,)                 36,928
ReLU            (64,)                      0
Linear          (10,)                    650
--------------------------------------------
total                                 93,322
"""


@pytest.mark.parametrize("build, text", [(mlp, MLP_SUMMARY), (cnn, CNN_SUMMARY)])
def test_summary(build, text, capsys):
    nn.summary(build(), (1, 28, 28))
    assert capsys.readouterr().out == text


def test_summary_leaves_the_model_as_it_was(capsys):
    act = nn.ReLU()
    model = nn.Sequential(nn.Linear(2, 2), act, nn.Dropout(0.5), nn.Linear(2, 2), act)
    model[2].eval()
    for _ in range(2):
        nn.summary(model, (2,))
        assert len(capsys.readouterr().out.splitlines()) == 5 + 4  # a shared layer at each use
    with pytest.raises(ValueError):
        nn.summary(model, (3,))
    assert model.training and act.training and not model[2].training
    assert not any(getattr(m, "_forward_hooks", None) for _, m in model.named_modules())
    assert all(p.grad is None for p in model.parameters()) and d2l.is_grad_enabled()


# --- state ---

def same(a, b):
    states = [m.state_dict() if isinstance(m, nn.Module) else m for m in (a, b)]
    assert states[0].keys() == states[1].keys()
    return all(np.array_equal(states[0][k], states[1][k]) for k in states[0])


def test_state_dict_copies():
    model = nn.Linear(2, 2)
    state = model.state_dict()
    before = copy.deepcopy(state)
    for p in model.parameters():
        p.data += 1
    assert same(state, before)
    assert not any(np.array_equal(state[k], v) for k, v in model.state_dict().items())
    weight, view = model.weight, model.weight.detach()
    model.load_state_dict(state)
    assert same(state, model) and model.weight is weight  # an optimizer still holds it, and
    assert view.data is weight.data  # a view its array
    state["weight"] += 1
    assert not same(state, model)


@pytest.mark.parametrize("change, text", [
    (lambda s: s.pop("bias"), "missing ['bias'], not in the model []"),
    (lambda s: s.update(extra=1), "missing [], not in the model ['extra']"),
    (lambda s: s.update(bias=np.ones(3)), "bias has shape (2,) in the model and (3,) in the saved"),
    (lambda s: s.update(bias=np.ones((1, 2))), "bias has shape (2,) in the model and (1, 2)"),
    (lambda s: s.update(bias=["a", "b"]), "could not convert string to float")])
def test_load_state_dict_refuses_and_changes_nothing(change, text):
    model = nn.Linear(2, 2)
    before = model.state_dict()
    state = {name: array + 1 for name, array in before.items()}
    change(state)
    with pytest.raises(ValueError, match=re.escape(text)):
        model.load_state_dict(state)
    assert same(model, before)


@pytest.mark.parametrize("name", ["model.npz", "a model"])
def test_save_and_load(tmp_path, name):
    model, twin = Tree(), Tree()
    assert nn.save(model, tmp_path / name) is None
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert not same(model, twin)
    assert nn.load(twin, str(tmp_path / name)) is twin
    assert same(model, twin) and next(twin.parameters()).dtype == np.float32
    nn.save(twin, tmp_path / name)  # over an old file


def write_pickle(path):
    path.write_bytes(pickle.dumps({"weight": 1}))


def write_object_arrays(path):
    with open(path, "wb") as file:
        np.savez(file, weight=np.array([{}], object), bias=np.ones(2))


def write_array(path):
    with open(path, "wb") as file:
        np.save(file, np.ones(3))


def cut(path):
    nn.save(nn.Linear(2, 2), path)
    path.write_bytes(path.read_bytes()[:-40])


def flip(path):
    nn.save(nn.Linear(2, 2), path)
    raw = bytearray(path.read_bytes())
    raw[150] ^= 255
    path.write_bytes(raw)


@pytest.mark.parametrize("write", [
    write_pickle, write_object_arrays, cut, flip, lambda path: path.write_bytes(b""),
    write_array, lambda path: path.write_text("hello"), lambda path: path.mkdir()],
    ids=["pickle", "objects", "cut", "flipped", "empty", "npy", "text", "folder"])
def test_load_refuses_what_save_did_not_write(tmp_path, write):
    path, model = tmp_path / "model.npz", nn.Linear(2, 2)
    write(path)
    before = model.state_dict()
    with pytest.raises(ValueError, match="is not a model that save wrote"):
        nn.load(model, path)
    assert same(model, before)


def test_load_names_what_is_wrong(tmp_path):
    with pytest.raises(FileNotFoundError, match=re.escape(f"there is no file {tmp_path / 'x'}")):
        nn.load(nn.Linear(2, 2), tmp_path / "x")
    nn.save(nn.Linear(2, 2), tmp_path / "model.npz")
    with pytest.raises(ValueError, match="weight has shape"):
        nn.load(nn.Linear(3, 2), tmp_path / "model.npz")
    with pytest.raises(ValueError, match="the names differ"):
        nn.load(nn.Sequential(nn.Linear(2, 2)), tmp_path / "model.npz")


def test_models_can_be_copied():
    model = cnn()
    twin = copy.deepcopy(model)
    assert same(model, twin)
    twin[0].weight.data += 1
    assert not same(model, twin)


# --- first values ---

@pytest.mark.parametrize("layer, fan_in", [
    (lambda: nn.Linear(400, 300), 400), (lambda: nn.Conv2d(16, 200, (3, 5)), 16 * 15)])
def test_default_initialization_is_pytorchs(layer, fan_in):
    d2l.manual_seed(0)
    layer, limit = layer(), 1 / math.sqrt(fan_in)
    for p in (layer.weight, layer.bias):
        assert p.dtype == np.float32 and p.requires_grad
        assert 0.95 * limit < p.data.max() <= limit and -limit <= p.data.min() < -0.95 * limit
        assert p.data.std() == pytest.approx(limit / math.sqrt(3), rel=0.1)
        assert abs(p.data.mean()) < 0.1 * limit


@pytest.mark.parametrize("name, arguments, variance", [
    ("uniform_", (-1, 3), 4 / 3), ("normal_", (2, 0.5), 0.25), ("xavier_uniform_", (), 2 / 1000),
    ("xavier_normal_", (2,), 8 / 1000), ("kaiming_uniform_", (), 2 / 600),
    ("kaiming_normal_", (), 2 / 600), ("kaiming_normal_", (1,), 1 / 600),
    ("kaiming_uniform_", (2,), 0.4 / 600), ("constant_", (3,), 0), ("zeros_", (), 0)])
def test_init(name, arguments, variance):
    d2l.manual_seed(1)
    p = nn.Parameter(d2l.ones(400, 600))
    array = p.data
    assert getattr(init, name)(p, *arguments) is p and p.data is array and array.dtype == np.float32
    assert array.var() == pytest.approx(variance, rel=0.02)
    mean = {"uniform_": 1, "normal_": 2, "constant_": 3}.get(name, 0)
    assert array.mean() == pytest.approx(mean, abs=0.01)


def test_fans():
    assert init.fans(d2l.ones(4, 3)) == (3, 4) and init.fans(d2l.ones(4, 3, 5, 2)) == (30, 40)


# --- dropout ---

def test_dropout():
    d2l.manual_seed(0)
    layer, x = nn.Dropout(0.3), d2l.ones(200, 500, requires_grad=True)
    out = layer(x)
    zero = out.data == 0
    assert zero.mean() == pytest.approx(0.3, abs=0.01)
    np.testing.assert_allclose(out.data[~zero], 1 / 0.7, rtol=1e-6)
    assert out.data.mean() == pytest.approx(1, abs=0.01)
    out.sum().backward()
    np.testing.assert_array_equal(x.grad.data, out.data)
    assert (layer(x).data != out.data).any()
    assert layer.eval()(x) is x
    assert not nn.Dropout(1.0)(x).data.any() and nn.Dropout(0)(x) is x
