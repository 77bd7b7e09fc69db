"""Modules: what they hold, how weights begin, and models on disk."""

import copy
import io
import math
import pickle
import re
from collections import OrderedDict

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import nn, optim
from d2lmini.further import serialization
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
        super().__init__()
        self.scale = nn.Parameter(d2l.tensor([2.0]))
        self.first = nn.Linear(2, 2)
        self.branches = nn.ModuleList([
            nn.Linear(2, 2, bias=False), nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))])
        self.again = self.first
        self.tied = nn.Linear(2, 2, bias=False)
        self.tied.weight = self.first.weight
        self.constant = d2l.ones(3, requires_grad=True)  # a tensor is not a parameter
        self.nothing = None

    def forward(self, x):
        for branch in self.branches:
            x = branch(self.again(x))
        return self.tied(self.first(x)) * self.scale


def test_traversal():
    tree = Tree()
    assert [name for name, _ in tree.named_parameters()] == [
        "scale", "first.weight", "first.bias", "branches.0.weight", "branches.1.0.weight",
        "branches.1.0.bias"]
    assert [name for name, _ in tree.named_modules()] == [
        "", "first", "branches", "branches.0", "branches.1", "branches.1.0", "branches.1.1", "tied"]
    assert len(list(tree.parameters())) == 6
    assert [name for name, _ in tree.named_children()] == ["first", "branches", "tied"]
    assert {"scale", "first", "forward", "training"} <= set(dir(tree))


def test_train_eval_zero_grad_and_freeze_reach_everything():
    tree = Tree()
    assert tree.eval() is tree and not any(m.training for m in tree.modules())
    tree(d2l.ones(1, 2)).sum().backward()
    assert all(p.grad is not None for p in tree.parameters())
    tree.zero_grad()
    assert all(p.grad is None for p in tree.parameters())
    assert all(m.training for m in tree.train().modules())
    tree.requires_grad_(False)
    assert not tree(d2l.ones(1, 2)).requires_grad


def test_a_module_that_knows_its_parent_is_walked_once():
    tree = Tree()
    tree.first.parent = tree
    assert len(list(tree.parameters())) == 6


@pytest.mark.parametrize("part", [nn.Linear(2, 2), nn.Parameter(d2l.ones(1))], ids=["module", "p"])
@pytest.mark.parametrize("wrap", [lambda p: [p], lambda p: (1, p), lambda p: {"a": p},
                                  lambda p: {p}], ids=["list", "tuple", "dict", "set"])
@pytest.mark.parametrize("walk", [lambda m: list(m.parameters()), lambda m: m.eval(),
                                  lambda m: optim.SGD(m.parameters(), 0.1)])
def test_plain_lists_are_refused_where_they_would_not_be_trained(part, wrap, walk):
    outer, inner = nn.Sequential(), nn.Module()
    outer.append(inner)
    inner.parts = wrap(part)
    with pytest.raises(TypeError, match=re.escape(
            f"Module.parts is a plain {type(inner.parts).__name__} that holds a "
            f"{type(part).__name__}: it would not be trained. Use nn.ModuleList")):
        walk(outer)
    outer.here = part  # registered somewhere: then the list is harmless
    walk(outer)
    inner.parts = [1, "a", None, d2l.ones(1, requires_grad=True)]
    walk(outer)


def test_a_list_that_grows_after_it_was_set_is_seen_too():
    model = nn.Sequential(nn.Linear(2, 2))
    model.layers = []
    list(model.parameters())
    model.layers.append(nn.ReLU())
    with pytest.raises(TypeError, match="plain list that holds a ReLU"):
        list(model.parameters())
    model.add_module("act", model.layers[0])
    assert len(list(model.parameters())) == 2


def test_sequential():
    model = mlp()
    assert len(model) == 4 and isinstance(model[1], nn.Linear) and isinstance(model[-1], nn.Linear)
    assert [type(m).__name__ for m in model] == ["Flatten", "Linear", "ReLU", "Linear"]
    assert model[:2](d2l.ones(3, 1, 28, 28)).shape == (3, 512)
    assert model[1] is model[:2][1]
    act = nn.Tanh()
    twice = nn.Sequential(nn.Linear(2, 2), act, nn.Linear(2, 2), act)
    assert len(twice) == 4 and abs(twice(d2l.ones(1, 2)).array).max() <= 1


def test_layers_are_their_functions():
    x = d2l.randn(2, 3, 6, 6)
    F = d2l.functional
    conv, linear = nn.Conv2d(3, 4, (3, 2), stride=2, padding=1), nn.Linear(6, 2)
    norm = nn.BatchNorm2d(3)
    for layer, expected in (
            (conv, F.conv2d(x, conv.weight, conv.bias, 2, 1)), (nn.ReLU(), F.relu(x)),
            (nn.MaxPool2d(3, 2, 1), F.max_pool2d(x, 3, 2, 1)), (nn.Sigmoid(), F.sigmoid(x)),
            (nn.AvgPool2d(2), F.avg_pool2d(x, 2)), (nn.Tanh(), F.tanh(x)),
            (nn.Flatten(), x.reshape(2, -1)), (linear, x @ linear.weight.T + linear.bias),
            (norm, F.batch_norm(x, None, None, norm.weight, norm.bias))):
        np.testing.assert_allclose(layer(x).array, expected.array, rtol=1e-5, atol=1e-6)
    y = np.array([1, 0])
    scores = x.flatten(1)
    assert nn.CrossEntropyLoss()(scores, y).item() == F.cross_entropy(scores, y).item()
    assert nn.CrossEntropyLoss(reduction="none")(scores, y).shape == (2,)
    assert nn.MSELoss()(x, target=2 * x).item() == F.mse_loss(x, 2 * x).item()
    assert nn.MSELoss(reduction="sum")(2 * x, x).item() == pytest.approx((x.array ** 2).sum())
    assert nn.Flatten(0, 1)(x).shape == (6, 6, 6) and nn.Flatten(2)(x).shape == (2, 3, 36)


@pytest.mark.parametrize("function, error, text", [
    (lambda: nn.Dropout(2), ValueError, "Dropout: p is a probability between 0 and 1, not 2."),
    (lambda: nn.Conv2d(3, 4, 3, groups=2), ValueError, "cannot be divided into 2 groups"),
    (lambda: nn.Conv2d(1, 1, 3, padding_mode="reflect"), NotImplementedError, "not 'reflect'"),
    (lambda: nn.AvgPool2d(2, ceil_mode=True)(d2l.ones(1, 1, 3, 3)), NotImplementedError, "ceil_"),
    (lambda: nn.LazyLinear(2).weight.shape, RuntimeError, "Call the model on a batch first"),
    (lambda: nn.SELU(alpha=1), TypeError, "SELU takes ['inplace']"),
    (lambda: nn.Linear(2, 2).load_state_dict(None), TypeError, "by name, not a NoneType. Write"),
    (lambda: nn.ReLU().load_state_dict(nn.Linear(2, 2)), TypeError, "by name, not a Linear."),
    (lambda: nn.Sequential(nn.Linear(2, 2), nn.ReLU), TypeError, "written with its parentheses"),
    (lambda: setattr(nn.Linear(1, 1), "weight", d2l.ones(1, 1)), TypeError, "as weight: a "
     "Parameter or None is expected. To change its numbers write, inside no_grad, "
     "self.weight.copy_(values)."),
    (lambda: nn.Transformer, AttributeError, "nn has no 'Transformer'. Use TransformerEn"),
    (lambda: nn.Foo, AttributeError, "nn has no 'Foo'. If PyTorch has it: d2lmini holds only"),
    (lambda: nn.init.dirac_, AttributeError, "nn.init has no 'dirac_'. If PyTorch has it:"),
    (lambda: d2l.linalg.lstsq, AttributeError, "linalg has no 'lstsq'. Use np.linalg.lstsq."),
    (lambda: d2l.ones(1, requires_grad=True).backward(inputs=[]), RuntimeError,
     "backward has no inputs=. Use autograd.grad(loss, inputs)."),
    (lambda: optim.LBFGS, AttributeError, "optim has no 'LBFGS'. Use SGD or Adam."),
    (lambda: nn.Parameter([2.0]), TypeError, "not a list. Write nn.Parameter(d2l.tensor(values))."),
    (lambda: nn.Module()(1), NotImplementedError, "Module has no forward(self, x) method yet."),
    (lambda: nn.Linear(1, 1).wieght, AttributeError, "'Linear' object has no attribute 'wieght'"),
    (lambda: nn.BatchNorm2d(3)(d2l.ones(2, 3)), ValueError, "input has shape (2, 3); expected 4"),
    (lambda: nn.RNN(3, 4)(d2l.ones(5, 2, 2)), RuntimeError, "RNN: input has shape (5, 2, 2); "
     "expected (length, n, 3), or (n, length, 3) with batch_first=True."),
    (lambda: nn.RNN(3, 4, nonlinearity="x"), ValueError, "nonlinearity is 'tanh' or 'relu'"),
    (lambda: nn.init.kaiming_normal_(d2l.ones(2, 2), mode="x"), ValueError, "mode is 'fan_in'"),
    (lambda: nn.LSTM(3, 4)(d2l.ones(5, 2, 3), d2l.ones(1, 2, 4)), RuntimeError, "LSTM: the state "
     "has shapes [(1, 2, 4)]; expected 2 of (1, 2, 4).")])
def test_refusals(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


def test_super_is_missing():
    class Net(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(2, 2)

    with pytest.raises(AttributeError, match=re.escape(
            "cannot assign fc before Module.__init__() call. Begin __init__ with super()")):
        Net()


def test_a_hook_that_is_removed_while_it_runs():
    layer, seen = nn.Identity(), []
    handles = [layer.register_forward_hook(lambda *_: (seen.append(1), handles[0].remove())[1]),
               layer.register_forward_hook(lambda *_: seen.append(2))]
    layer(1), layer(1)
    assert seen == [1, 2, 2]


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


def rows(model, *args, capsys, **options):
    nn.summary(model, *args, **options)
    return [line.rsplit(None, 1) for line in capsys.readouterr().out.splitlines()[2:]]


def test_summary_leaves_the_model_as_it_was(capsys):
    act = nn.ReLU()
    model = nn.Sequential(nn.Linear(2, 2), act, nn.Dropout(0.5), nn.BatchNorm1d(2), act)
    model[2].eval()
    for _ in range(2):
        assert len(rows(model, (2,), capsys=capsys)) == 5 + 2  # a shared layer at each use
    with pytest.raises(ValueError):
        nn.summary(model, (3,))
    assert model.training and act.training and not model[2].training
    assert not any(m._forward_hooks for m in model.modules())
    assert model[3].running_mean.tolist() == [0, 0] and model[3].num_batches_tracked.item() == 0
    assert all(p.grad is None for p in model.parameters()) and d2l.is_grad_enabled()


def test_summary_counts_each_parameter_once(capsys):
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(2, 2)
            self.tied = nn.Linear(2, 2)
            self.tied.weight = self.fc.weight
            self.scale = nn.Parameter(d2l.ones(2))
            self.idle = nn.Linear(3, 3)

        def forward(self, x):
            return self.tied(self.fc(self.fc(x))) * self.scale

    assert rows(Own(), (2,), capsys=capsys) == [
        ["Linear          (2,)", "6"], ["Linear          (2,)", "shared"],
        ["Linear          (2,)", "2"], ["Own             (2,)", "2"],
        ["Linear          not used", "12"], ["-" * 44], ["total", "22"]]
    model = nn.Sequential(nn.Embedding(5, 3), nn.GRU(3, 4))
    assert rows(model, (7,), dtype=d2l.int64, capsys=capsys) == [
        ["Embedding       (7, 3)", "15"], ["GRU             (7, 4)", "108"], ["-" * 44],
        ["total", "123"]]


# --- state ---

def same(a, b):
    states = [m.state_dict() if isinstance(m, nn.Module) else m for m in (a, b)]
    assert states[0].keys() == states[1].keys()
    return all(np.array_equal(states[0][k], states[1][k]) for k in states[0])


def test_state_dict_is_live():
    model = nn.Linear(2, 2)
    state = model.state_dict()
    before = copy.deepcopy(state)
    with d2l.no_grad():
        for p in model.parameters():
            p += 1
    assert same(state, model) and not same(state, before)
    weight, array = model.weight, model.weight.array
    model.load_state_dict(before)
    assert same(before, model) and model.weight is weight  # an optimizer still holds it
    assert weight.array is array and weight.grad is None
    state["weight"][0, 0] = 7.0
    assert model.weight[0, 0].item() == 7


@pytest.mark.parametrize("convert", [
    lambda t: t, lambda t: t.numpy(), lambda t: t.tolist(), lambda t: t.double(),
    lambda t: nn.Parameter(t), lambda t: np.float16(t.numpy())])
def test_load_state_dict_takes_tensors_and_arrays(convert):
    model, twin = nn.Linear(2, 2), nn.Linear(2, 2)
    keys = twin.load_state_dict({k: convert(t) for k, t in model.state_dict().items()})
    assert repr(keys) == str(keys) == "<All keys matched successfully>"
    assert keys.missing_keys == keys.unexpected_keys == [] and twin.weight.dtype == np.float32
    np.testing.assert_allclose(twin.weight.array, model.weight.array, atol=1e-3)
    assert not np.shares_memory(twin.weight.array, model.weight.array)


def test_load_state_dict_where_a_graph_needs_the_old_numbers():
    model = nn.Linear(2, 2)
    loss = model(d2l.ones(1, 2, requires_grad=True)).sum()
    model.load_state_dict(nn.Linear(2, 2).state_dict())
    with pytest.raises(RuntimeError, match="changed in place after it was used"):
        loss.backward()


@pytest.mark.parametrize("change, text", [
    (lambda s: s.pop("bias"), "missing ['bias'], unexpected []"),
    (lambda s: s.update(extra=1), "missing [], unexpected ['extra']"),
    (lambda s: s.update(bias=np.ones(3)), "bias has shape (2,) in the model and (3,) in the state"),
    (lambda s: s.update(bias=np.ones((1, 2))), "bias has shape (2,) in the model and (1, 2)"),
    (lambda s: s.update(bias=["a", "b"]), "could not convert string to float")])
def test_load_state_dict_refuses_and_changes_nothing(change, text):
    model = nn.Linear(2, 2)
    before = copy.deepcopy(model.state_dict())
    state = {name: array + 1 for name, array in before.items()}
    change(state)
    with pytest.raises((RuntimeError, ValueError), match=re.escape(text)):
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
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ValueError, match="is not a file of tensors that save wrote"):
        nn.load(model, path)
    assert same(model, before)


def test_load_names_what_is_wrong(tmp_path):
    with pytest.raises(FileNotFoundError, match=re.escape(f"there is no file {tmp_path / 'x'}")):
        nn.load(nn.Linear(2, 2), tmp_path / "x")
    nn.save(nn.Linear(2, 2), tmp_path / "model.npz")
    with pytest.raises(RuntimeError, match="weight has shape"):
        nn.load(nn.Linear(3, 2), tmp_path / "model.npz")
    with pytest.raises(RuntimeError, match=r"missing .*unexpected"):
        nn.load(nn.Sequential(nn.Linear(2, 2)), tmp_path / "model.npz")


@pytest.mark.parametrize("name", ["file", "allow_pickle", "args", "a.npy", "ünusual", "arr_0"])
def test_any_name_can_be_saved(tmp_path, name):
    model, twin = nn.Module(), nn.Module()
    for m in model, twin:
        m.register_parameter(name, nn.Parameter(d2l.randn(2)))
    nn.save(model, tmp_path / "x")
    assert same(nn.load(twin, tmp_path / "x"), model)


def test_what_save_wrote_can_be_read_with_numpy(tmp_path):
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    nn.save(model, tmp_path / "x")
    with np.load(tmp_path / "x", allow_pickle=False) as file:
        assert all(np.array_equal(file[k], v) for k, v in model.state_dict().items())
    with open(tmp_path / "y.npz", "wb") as file:  # and what NumPy wrote can be loaded
        np.savez(file, **{k: v.numpy() + 1 for k, v in model.state_dict().items()})
    twin = copy.deepcopy(model)
    nn.load(twin, tmp_path / "y.npz")
    assert all(np.array_equal(twin.state_dict()[k], v + 1) for k, v in model.state_dict().items())


VALUES = [
    d2l.arange(3), d2l.tensor(2.5, dtype=d2l.float64), d2l.ones(2, 0), d2l.tensor([True]),
    [d2l.ones(1), d2l.zeros(2)], {"x": d2l.ones(1), "y": {"x": d2l.zeros(1), 3: (1, 2.5)}},
    {"model": nn.Linear(1, 1).state_dict(), "epoch": 3, "name": "ü", "best": float("inf")},
    {"a/b": d2l.ones(1), "a": {"b": d2l.zeros(1)}, "structure.json": d2l.ones(2)},
    (None, True, 7, "text", [], {}), np.arange(3), {"lr": np.float64(0.1), "n": np.int64(3)},
    d2l.ones(2, requires_grad=True), OrderedDict(b=1, a=2)]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("where", ["path", "file"])
def test_save_and_load_any_value(tmp_path, value, where):
    target = tmp_path / "x" if where == "path" else io.BytesIO()
    assert serialization.save(value, target) is None
    if where == "file":
        target.seek(0)
    assert describe(serialization.load(target)) == describe(value)


def describe(value):
    """Types, numbers, dtypes: what two equal values have in common."""
    if isinstance(value, dict):
        return type(value), [(k, describe(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [describe(v) for v in value]
    if isinstance(value, d2l.Tensor | np.ndarray):
        return (type(value), value.tolist(), value.dtype, value.shape,
                getattr(value, "requires_grad", False))
    return (value.item() if isinstance(value, np.generic) else value,)


@pytest.mark.parametrize("value, text", [
    ([nn.Linear(1, 1)], "Linear cannot be saved; tensors, numbers, texts, lists, tuples and dicts "
     "can. Save its state: d2l.save(model.state_dict(), path)."),
    ({"f": print}, "builtin_function_or_method cannot be saved"), ({1}, "a set cannot be saved"),
    ({(1, 2): 3}, "a tuple is no name")])
def test_save_refuses(tmp_path, value, text):
    with pytest.raises(TypeError, match=re.escape(text)):
        serialization.save(value, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_models_can_be_copied():
    model = Tree()
    for twin in copy.deepcopy(model), pickle.loads(pickle.dumps(model)):
        assert same(model, twin) and twin.again is twin.first
        assert twin.tied.weight is twin.first.weight and len(list(twin.parameters())) == 6
        twin.first.weight.data += 1
        assert not same(model, twin)
        assert isinstance(twin.scale, nn.Parameter) and twin(d2l.ones(1, 2)).requires_grad


# --- initialization ---

@pytest.mark.parametrize("layer, fan_in", [
    (lambda: nn.Linear(400, 300), 400), (lambda: nn.Conv2d(16, 200, (3, 5)), 16 * 15)])
def test_default_initialization_is_pytorchs(layer, fan_in):
    d2l.manual_seed(0)
    layer, limit = layer(), 1 / math.sqrt(fan_in)
    for p in (layer.weight, layer.bias):
        assert p.dtype == np.float32 and p.requires_grad
        assert 0.95 * limit < p.array.max() <= limit and -limit <= p.array.min() < -0.95 * limit
        assert p.array.std() == pytest.approx(limit / math.sqrt(3), rel=0.1)
        assert abs(p.array.mean()) < 0.1 * limit


@pytest.mark.parametrize("name, arguments, variance", [
    ("uniform_", (-1, 3), 4 / 3), ("normal_", (2, 0.5), 0.25), ("xavier_uniform_", (), 2 / 1000),
    ("xavier_normal_", (), 2 / 1000), ("xavier_normal_", (2,), 8 / 1000),
    ("kaiming_uniform_", (), 2 / 600),
    ("kaiming_normal_", (), 2 / 600), ("kaiming_normal_", (1,), 1 / 600),
    ("kaiming_uniform_", (2,), 0.4 / 600), ("constant_", (3,), 0), ("zeros_", (), 0),
    ("ones_", (), 0)])
def test_init(name, arguments, variance):
    d2l.manual_seed(1)
    p = nn.Parameter(d2l.ones(400, 600) * 5)
    array = p.array
    assert getattr(init, name)(p, *arguments) is p and p.array is array
    assert array.dtype == np.float32
    assert array.var() == pytest.approx(variance, rel=0.02)
    mean = {"uniform_": 1, "normal_": 2, "constant_": 3, "ones_": 1}.get(name, 0)
    assert array.mean() == pytest.approx(mean, abs=0.01)


def test_fans():
    assert init.fans(d2l.ones(4, 3)) == (3, 4) and init.fans(d2l.ones(4, 3, 5, 2)) == (30, 40)


# --- dropout ---

def test_dropout():
    d2l.manual_seed(0)
    layer, x = nn.Dropout(0.3), d2l.ones(200, 500, requires_grad=True)
    out = layer(x)
    zero = out.array == 0
    assert zero.mean() == pytest.approx(0.3, abs=0.01)
    np.testing.assert_allclose(out.array[~zero], 1 / 0.7, rtol=1e-6)
    assert out.array.mean() == pytest.approx(1, abs=0.01)
    out.sum().backward()
    np.testing.assert_array_equal(x.grad.array, out.array)
    assert (layer(x).array != out.array).any()
    assert layer.eval()(x) is x
    assert (nn.functional.dropout(x).array == 0).mean() == pytest.approx(0.5, abs=0.01)
    assert not nn.Dropout(1.0)(x).array.any() and nn.Dropout(0)(x) is x
    assert nn.Dropout(1.0)(x.half()).tolist() == d2l.zeros(200, 500).tolist()
