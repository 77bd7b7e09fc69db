"""Layers, containers and state against PyTorch: values, gradients, text and what is refused."""

import textwrap

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import nn
from d2lmini.gradcheck import gradcheck
from d2lmini.tests.library.programs import is_refused_by_both, prints_the_same

torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")

# name, arguments, options, shapes of the inputs (integers below 7 where the shape begins with "i")
LAYERS = [
    ("Linear", (4, 3), {}, [(5, 4)]), ("Linear", (4, 3), {"bias": False}, [(2, 5, 4)]),
    ("Conv2d", (2, 3, 3), {}, [(4, 2, 6, 5)]),
    ("Conv2d", (2, 3, (3, 2), 2, 1, 1, 1, False), {}, [(4, 2, 6, 5)]),
    ("Conv2d", (2, 3, 3), {"padding": "same"}, [(2, 2, 6, 5)]),
    ("MaxPool2d", (2,), {}, [(2, 3, 6, 7)]), ("MaxPool2d", (3, 2, 1), {}, [(2, 3, 6, 7)]),
    ("AvgPool2d", (2,), {}, [(2, 3, 6, 7)]), ("AvgPool2d", ((3, 2), 1, 1), {}, [(2, 3, 6, 7)]),
    ("AdaptiveAvgPool2d", (1,), {}, [(2, 3, 4, 6)]),
    ("AdaptiveAvgPool2d", ((2, 3),), {}, [(2, 3, 4, 6)]),
    ("Flatten", (), {}, [(2, 3, 4, 5)]), ("Flatten", (0, 1), {}, [(2, 3, 4)]),
    ("Unflatten", (1, (2, 3)), {}, [(4, 6)]), ("Unflatten", (-2, (3, 2)), {}, [(4, 6, 2)]),
    ("Identity", (54,), {"unused": 1}, [(2, 3)]), ("ReLU", (), {}, [(3, 4)]),
    ("ReLU", (), {"inplace": True}, [(3, 4)]), ("LeakyReLU", (), {}, [(3, 4)]),
    ("LeakyReLU", (0.2,), {}, [(3, 4)]), ("Sigmoid", (), {}, [(3, 4)]), ("Tanh", (), {}, [(3, 4)]),
    ("GELU", (), {}, [(3, 4)]), ("GELU", ("tanh",), {}, [(3, 4)]),
    ("ELU", (), {}, [(3, 4)]), ("ELU", (0.3,), {}, [(3, 4)]), ("SiLU", (), {}, [(3, 4)]),
    ("Softplus", (), {}, [(3, 4)]), ("Softplus", (3.0, 1.5), {}, [(3, 4)]),
    ("Dropout2d", (0.0,), {}, [(2, 3, 2, 2)]), ("Dropout2d", (1.0,), {}, [(2, 3, 2, 2)]),
    ("Softmax", (1,), {}, [(3, 4)]), ("Softmax", (), {"dim": -2}, [(3, 4)]),
    ("LogSoftmax", (1,), {}, [(3, 4)]), ("Dropout", (0.0,), {}, [(3, 4)]),
    ("Dropout", (1.0,), {}, [(3, 4)]),
    ("BatchNorm1d", (4,), {}, [(6, 4)]), ("BatchNorm1d", (4,), {}, [(6, 4, 3)]),
    ("BatchNorm1d", (4, 1e-2, 0.3, False), {}, [(6, 4)]),
    ("BatchNorm1d", (4,), {"momentum": None}, [(6, 4)]),
    ("BatchNorm1d", (4,), {"track_running_stats": False}, [(6, 4)]),
    ("BatchNorm2d", (3,), {}, [(4, 3, 5, 2)]),
    ("LayerNorm", (4,), {}, [(3, 4)]), ("LayerNorm", ((3, 4),), {"eps": 0.1}, [(2, 3, 4)]),
    ("LayerNorm", (4,), {"elementwise_affine": False}, [(3, 4)]),
    ("Embedding", (7, 3), {}, [("i", 2, 5)]), ("Embedding", (7, 3), {"padding_idx": -7},
                                               [("i", 2, 5)]),
    ("RNN", (3, 4), {}, [(5, 2, 3)]), ("RNN", (3, 4, 2, "relu"), {}, [(5, 2, 3), (2, 2, 4)]),
    ("RNN", (3, 4), {"batch_first": True}, [(2, 5, 3), (1, 2, 4)]), ("RNN", (3, 4), {}, [(5, 3)]),
    ("GRU", (3, 4), {}, [(5, 2, 3)]), ("GRU", (3, 4, 2), {}, [(5, 2, 3), (2, 2, 4)]),
    ("GRU", (3, 4), {"bias": False, "batch_first": True}, [(2, 5, 3)]),
    ("GRU", (3, 4), {}, [(5, 3), (1, 4)]), ("LSTM", (3, 4), {}, [(5, 2, 3)]),
    ("LSTM", (3, 4, 3), {"batch_first": True}, [(2, 5, 3), ((3, 2, 4), (3, 2, 4))]),
    ("LSTM", (3, 4), {}, [(5, 3)]),
    ("RNN", (3, 4, 2), {"bidirectional": True}, [(5, 2, 3), (4, 2, 4)]),
    ("GRU", (3, 4), {"bidirectional": True, "batch_first": True}, [(2, 5, 3)]),
    ("LSTM", (3, 2, 2), {"bidirectional": True}, [(5, 2, 3)]),
    ("RNNCell", (3, 4), {}, [(2, 3), (2, 4)]), ("RNNCell", (3, 4, True, "relu"), {}, [(2, 3)]),
    ("GRUCell", (3, 4), {}, [(3,)]), ("LSTMCell", (3, 4), {"bias": False}, [(2, 3)]),
    ("LSTMCell", (3, 4), {}, [(2, 3), ((2, 4), (2, 4))]),
    ("Conv2d", (4, 6, 3), {"groups": 2}, [(2, 4, 6, 5)]),
    ("Conv2d", (4, 4, 3), {"groups": 4, "dilation": 2, "padding": "same"}, [(2, 4, 6, 5)]),
    ("Conv2d", (2, 3, 3), {"dilation": (2, 1), "padding": 1, "bias": False}, [(2, 2, 6, 5)]),
    ("Conv1d", (2, 3, 3), {}, [(4, 2, 6)]), ("Conv1d", (2, 4, 3, 2, 1, 2, 2), {}, [(4, 2, 8)]),
    ("Conv1d", (2, 3, 3), {"padding": "same", "bias": False}, [(2, 6)]),
    ("ConvTranspose2d", (2, 3, 3), {}, [(4, 2, 3, 4)]),
    ("ConvTranspose2d", (2, 3, 4, 2, 1), {"bias": False}, [(2, 2, 3, 4)]),
    ("ConvTranspose2d", (4, 6, 3), {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2},
     [(2, 4, 3, 4)]), ("ConvTranspose2d", (2, 3, 2), {"dilation": 2}, [(2, 3, 4)]),
    ("MaxPool1d", (2,), {}, [(2, 3, 7)]), ("MaxPool1d", (3, 2, 1), {}, [(2, 3, 7)]),
    ("AvgPool1d", (2,), {}, [(2, 3, 7)]), ("AdaptiveAvgPool1d", (3,), {}, [(2, 3, 7)]),
    ("MaxPool2d", (3, 2), {"ceil_mode": True}, [(2, 3, 6, 8)]),
    ("MaxPool2d", (3, 2, 1), {"ceil_mode": True}, [(2, 3, 6, 7)]),
    ("AdaptiveAvgPool2d", ((3, None),), {}, [(2, 3, 7, 6)]),
    ("AdaptiveMaxPool2d", (2,), {}, [(2, 3, 4, 6)]), ("Unfold", ((2, 3),), {}, [(2, 3, 4, 5)]),
    ("Unfold", (3, 1, 1, 2), {}, [(2, 3, 4, 5)]),
    ("Upsample", (), {"scale_factor": 2}, [(2, 3, 4, 5)]),
    ("Upsample", ((7, 3),), {"mode": "bilinear"}, [(2, 3, 4, 5)]),
    ("Upsample", (), {"scale_factor": 1.5, "mode": "bilinear", "align_corners": True},
     [(2, 3, 4, 6)]),
    ("LeakyReLU", (0.1,), {"inplace": True}, [(3, 4)]), ("ELU", (), {"inplace": True}, [(3, 4)]),
    ("SiLU", (), {"inplace": True}, [(3, 4)]), ("CELU", (0.5,), {}, [(3, 4)]),
    ("SELU", (), {}, [(3, 4)]),
    ("Mish", (), {}, [(3, 4)]), ("ReLU6", (), {}, [(3, 4)]), ("Hardtanh", (-0.5, 2), {}, [(3, 4)]),
    ("Hardsigmoid", (), {}, [(3, 4)]), ("Hardswish", (), {}, [(3, 4)]),
    ("Softsign", (), {}, [(3, 4)]), ("Tanhshrink", (), {}, [(3, 4)]), ("GLU", (), {}, [(3, 4)]),
    ("LogSigmoid", (), {}, [(3, 4)]), ("Softmin", (1,), {}, [(3, 4)]), ("PReLU", (), {}, [(3, 4)]),
    ("PReLU", (4,), {}, [(3, 4)]), ("PReLU", (3, 0.1), {}, [(2, 3, 2, 2)]),
    ("CosineSimilarity", (), {}, [(3, 4), (3, 4)]),
    ("PairwiseDistance", (), {}, [(3, 4), (3, 4)]),
    ("InstanceNorm2d", (4,), {}, [(3, 4, 2, 3)]),
    ("InstanceNorm2d", (4,), {"affine": True}, [(3, 4, 2, 3)]),
    ("PixelShuffle", (2,), {}, [(2, 8, 2, 3)]), ("ZeroPad2d", (1,), {}, [(2, 3, 2, 3)]),
    ("ReflectionPad2d", ((1, 2, 0, 1),), {}, [(2, 3, 2, 3)]),
    ("GroupNorm", (2, 4), {}, [(3, 4, 5)]), ("GroupNorm", (4, 4, 0.1, False), {}, [(3, 4, 2, 2)]),
    ("LayerNorm", (4,), {"bias": False}, [(3, 4)]),
    ("EmbeddingBag", (7, 3), {}, [("i", 2, 5)]), ("EmbeddingBag", (7, 3), {"mode": "sum"},
                                                  [("i", 2, 5)]),
]


def arrays(shapes, dtype, seed=0):
    rng = np.random.default_rng(seed)

    def make(shape):
        if shape and isinstance(shape[0], tuple):
            return tuple(make(part) for part in shape)
        if shape[0] == "i":
            return rng.integers(0, 7, shape[1:])
        return rng.standard_normal(shape).astype(dtype)

    return [make(shape) for shape in shapes]


def leaves(value):
    if isinstance(value, tuple):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def convert(value, library):
    if isinstance(value, tuple):
        return tuple(convert(part, library) for part in value)
    tensor = d2l.tensor(value.copy(), dtype=value.dtype) if library is d2l else (
        torch.tensor(value))
    return tensor.requires_grad_() if value.dtype.kind == "f" else tensor


def both(name, args, options, dtype=np.float64):
    """A layer here and in PyTorch, with PyTorch's weights."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, name)(*args, **options)
    for p in theirs.parameters():
        torch.nn.init.normal_(p)
    ours = getattr(nn, name)(*args, **options)
    assert repr(ours.load_state_dict(theirs.state_dict())) == "<All keys matched successfully>"
    return (ours.double(), theirs.double()) if dtype == np.float64 else (ours, theirs)


def close(a, b, rtol=1e-9):
    a, b = (x.detach().numpy() for x in (a, b))
    assert a.shape == b.shape and a.dtype == b.dtype
    np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name, args, options, shapes", LAYERS, ids=str)
@pytest.mark.parametrize("dtype, rtol", [(np.float64, 1e-9), (np.float32, 1e-4)])
def test_values_and_gradients(name, args, options, shapes, dtype, rtol):
    layers = both(name, args, options, dtype)
    assert repr(layers[0]) == repr(layers[1])
    for mode in (True, True, False):  # running averages move twice, then are used
        results = []
        for layer, library in zip(layers, (d2l, torch), strict=True):
            layer.train(mode)
            layer.zero_grad()
            inputs = [convert(value, library) for value in arrays(shapes, dtype)]
            used = [inputs[0] * 1, *inputs[1:]] if options.get("inplace") else inputs
            outs = leaves(layer(*used))
            weights = arrays([tuple(out.shape) for out in outs], dtype, seed=1)
            loss = sum((out * convert(w, library)).sum() for out, w in zip(outs, weights))
            loss.backward()
            grads = [x.grad for x in leaves(tuple(inputs)) if x.requires_grad]
            results.append([*outs, *grads, *(p.grad for p in layer.parameters()),
                            *layer.buffers()])
        for a, b in zip(*results, strict=True):
            close(a, b, rtol)


@pytest.mark.parametrize("name, args, options, shapes", [
    case for case in LAYERS if case[0] in ("BatchNorm1d", "BatchNorm2d", "LayerNorm", "RNN", "GRU",
                                           "LSTM", "AdaptiveAvgPool2d", "GELU")], ids=str)
def test_gradcheck(name, args, options, shapes):
    layer, _ = both(name, args, options)
    first, *rest = arrays(shapes, np.float64)
    state = [convert(value, d2l) for value in rest]

    def loss(x, *weights):
        for p, w in zip(layer.parameters(), weights):
            p.array[...] = w.array
        outs = leaves(layer(x, *state))
        return d2l.cat([out.reshape(-1) for out in outs])

    assert gradcheck(loss, [first])

    def loss_of_weights(*weights):  # gradients of the parameters, too: a layer made of them
        for (name, _), w in zip(list(layer.named_parameters()), weights, strict=True):
            del layer._parameters[name]
            layer._parameters[name] = w
        return loss(d2l.tensor(first, dtype=np.float64))

    params = [p.detach().numpy().copy() for p in layer.parameters()]
    if params:
        assert gradcheck(loss_of_weights, params)


LOSSES = [
    ("MSELoss", {}, "floats"), ("L1Loss", {}, "floats"), ("SmoothL1Loss", {}, "floats"),
    ("SmoothL1Loss", {"beta": 0.3}, "floats"), ("HuberLoss", {"delta": 0.7}, "floats"),
    ("CrossEntropyLoss", {}, "labels"), ("CrossEntropyLoss", {"label_smoothing": 0.1}, "labels"),
    ("NLLLoss", {}, "labels"), ("BCEWithLogitsLoss", {}, "probabilities"),
    ("BCELoss", {}, "probabilities")]


@pytest.mark.parametrize("name, options, kind", LOSSES, ids=str)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_losses(name, options, kind, reduction):
    rng, results = np.random.default_rng(0), []
    x = rng.random((6, 3)) if name == "BCELoss" else rng.standard_normal((6, 3))
    y = {"floats": rng.standard_normal((6, 3)), "labels": rng.integers(0, 3, 6),
         "probabilities": rng.random((6, 3))}[kind]
    for library in d2l, torch:
        loss = getattr(library.nn, name)(reduction=reduction, **options)
        inputs = convert(x, library), convert(y, library)
        value = loss(*inputs)
        value.sum().backward()
        results.append([value, inputs[0].grad])
        assert repr(loss) == f"{name}()" and list(loss.state_dict()) == []
    for a, b in zip(*results, strict=True):
        close(a, b)


# --- the same program, the same printed text ---

PROGRAMS = {
    "registration": """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = nn.Parameter(torch.ones(2))
                self.register_buffer("shift", torch.zeros(2))
                self.register_buffer("hidden", torch.zeros(1), persistent=False)
                self.register_parameter("nothing", None)
                self.first = nn.Linear(2, 2)
                self.again = self.first
                self.inner = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Dropout(0.5))
                self.tied = nn.Linear(2, 2, bias=False)
                self.tied.weight = self.first.weight
                self.constant = torch.ones(3, requires_grad=True)
                self.add_module("last", nn.ReLU())

            def forward(self, x):
                return self.last(self.first(x) * self.scale + self.shift)

        net = Net()
        print(net)
        print([n for n, _ in net.named_parameters()], len(list(net.parameters())))
        print([n for n, _ in net.named_parameters(recurse=False)])
        print([n for n, _ in net.named_buffers()], [b.tolist() for b in net.buffers()])
        print([n for n, _ in net.named_modules()], [n for n, _ in net.named_children()])
        print(len(list(net.modules())), len(list(net.children())), list(net.state_dict()))
        del net.again
        net.scale = None
        print(list(net.state_dict()), net.scale, hasattr(net, "again"), hasattr(net, "first"))
        net.first = nn.Identity()
        print(net.first, "first.weight" in net.state_dict(), net.nothing)
        net.apply(lambda m: print(type(m).__name__))
    """,
    "in place keeps the parameter": """
        m = nn.Linear(2, 1)
        nn.init.constant_(m.weight, 3.0)
        with torch.no_grad():
            m.weight -= 0.5
            m.weight *= 2
            m.bias.fill_(1.0)
        print(len(list(m.parameters())), m.weight, m.bias, isinstance(m.weight, nn.Parameter))
        m.weight.data -= 1
        m.weight.data = torch.ones(1, 2)
        print(m.weight, m.weight.requires_grad, m.weight.is_leaf)
    """,
    "a live state": """
        m = nn.Linear(2, 1)
        nn.init.ones_(m.weight), nn.init.zeros_(m.bias)
        state, saved = m.state_dict(), copy.deepcopy(m.state_dict())
        optimizer = torch.optim.SGD(m.parameters(), lr=0.5)
        m(torch.ones(1, 2)).sum().backward()
        optimizer.step()
        print(state, saved, state["weight"].requires_grad)
        state["weight"].zero_()
        print(m.weight)
        print(m.load_state_dict(saved), m.weight)
        print(m.load_state_dict({"weight": torch.ones(1, 2), "x": torch.ones(1)}, strict=False))
    """,
    "hooks": """
        m = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        nn.init.ones_(m[0].weight), nn.init.zeros_(m[0].bias)
        show = lambda m, i, o: print(type(m).__name__, len(i), o.tolist())
        first = m[0].register_forward_hook(show)
        second = m[1].register_forward_hook(lambda m, i, o: o * 100)
        third = m.register_forward_pre_hook(lambda m, i: (i[0] + 1,))
        print(m(torch.ones(1, 2)).tolist())
        first.remove(), third.remove()
        print(m(torch.ones(1, 2)).tolist())
        second.remove(), second.remove()
        print(m(torch.ones(1, 2)).tolist())
    """,
    "sequential": """
        m = nn.Sequential(OrderedDict([("a", nn.Linear(2, 2)), ("b", nn.ReLU())]))
        print(m, len(m), m.a, m[1], m[-1], m[1:], [type(x).__name__ for x in m])
        m.append(nn.Tanh())
        m[0] = nn.Linear(3, 3)
        print(m)
        n = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.Identity())
        del n[1]
        n.insert(0, nn.Flatten())
        n.pop(-1)
        n.extend([nn.Softmax(dim=1)])
        n.add_module("name", nn.GELU())
        print(n, n[:2], n[::2])
    """,
    "lists": """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])
                self.layers.append(nn.ReLU())
                self.named = nn.ModuleDict({"left": nn.Linear(2, 1), "right": nn.Tanh()})
                self.weights = nn.ParameterList([torch.ones(2), nn.Parameter(torch.zeros(1))])
                self.plain = [self.layers[0]]
        net = Net()
        print(net.layers, net.named, nn.ModuleList(), list(net.state_dict()))
        print(len(net.layers), net.layers[-1], net.layers[1:], len(list(net.parameters())))
        print(list(net.named), list(net.named.keys()), "left" in net.named, net.named["right"])
        net.named["more"] = nn.ReLU()
        net.named.update({"right": nn.Sigmoid()})
        print([(name, str(m)) for name, m in net.named.items()], len(net.named))
        print(len(net.weights), net.weights[0], [p.requires_grad for p in net.weights])
        print([str(m) for m in net.named.values()])
    """,
    "modes and freezing": """
        m = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Dropout(0.5), nn.BatchNorm1d(2)))
        print(m.eval() is m, [x.training for x in m.modules()])
        m[1].train()
        print([x.training for x in m.modules()])
        for p in m[0].parameters():
            p.requires_grad = False
        print([p.requires_grad for p in m.parameters()])
        m.requires_grad_(False)
        print(m(torch.ones(3, 2)).requires_grad)
        m.requires_grad_()
        m(torch.ones(3, 2)).sum().backward()
        print([p.grad is None for p in m.parameters()])
        m.zero_grad(set_to_none=False)
        print([p.grad.sum().item() for p in m.parameters()])
        m.zero_grad()
        print([p.grad for p in m.parameters()])
    """,
    "dtypes and the device": """
        m = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
        m(torch.ones(3, 2)).sum().backward()
        print(m.double() is m, [str(t.dtype).split(".")[-1] for t in m.state_dict().values()])
        print([str(p.grad.dtype).split(".")[-1] for p in m.parameters()])
        m.to("cpu").to(torch.device("cpu")).cpu()
        print([str(t.dtype).split(".")[-1] for t in m.state_dict().values()])
        m.to(torch.float32), m.to(dtype=torch.float64), m.float()
        print([str(t.dtype).split(".")[-1] for t in m.state_dict().values()])
    """,
    "initialization": """
        w = torch.empty(3, 4)
        print(nn.init.ones_(w) is w, nn.init.constant_(w, 0.3), nn.init.zeros_(w))
        print([nn.init.calculate_gain(name) for name in
               ("linear", "relu", "tanh", "sigmoid", "leaky_relu", "selu")])
        print(nn.init.calculate_gain("leaky_relu", 0.2))
        def start(m):
            if isinstance(m, nn.Linear):
                nn.init.constant_(m.weight, 0.5)
                m.bias.data.fill_(0.01)
        print(nn.Sequential(nn.Linear(2, 1), nn.ReLU(), nn.Linear(1, 1)).apply(start).state_dict())
    """,
    "clipping": """
        def grads():
            ps = [nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(3, 1)),
                  nn.Parameter(torch.zeros(1))]
            ps[0].grad, ps[1].grad = torch.tensor([3.0, -4.0]), torch.tensor([[1.0], [2], [-7]])
            return ps
        for limit, kind in [(1.0, 2.0), (100.0, 2.0), (2.0, 1.0), (2.0, float("inf"))]:
            ps = grads()
            print(nn.utils.clip_grad_norm_(ps, limit, norm_type=kind), [p.grad for p in ps])
        ps = grads()
        print(nn.utils.clip_grad_norm_(ps[0], max_norm=1), ps[0].grad)
        print(nn.utils.clip_grad_norm_(iter([]), 1.0))
        nn.utils.clip_grad_value_(ps, 2.5)
        print([p.grad for p in ps])
    """,
    "text of layers": """
        print(nn.MaxPool2d(2, ceil_mode=False), nn.MaxPool2d(2, ceil_mode=True), nn.Linear(3, 2),
              nn.Linear(3, 2, bias=False), nn.Conv2d(1, 2, 3, bias=False))
    """,
    "text of a parameter": """
        p = nn.Parameter(torch.tensor([1.0, 2.0]))
        print(p, nn.Parameter(torch.ones(1), requires_grad=False), p.data, [p], p + 1)
        x = torch.ones(2)
        q = nn.Parameter(x)
        x += 1
        print(q, q.grad, nn.parameter.Parameter is nn.Parameter)
    """,
    "attributes": """
        m = nn.Conv2d(1, 2, 3, padding=1)
        print(m.in_channels, m.out_channels, m.kernel_size, m.stride, m.padding)
        print(nn.Linear(2, 3).in_features, nn.MaxPool2d(2).stride, nn.Dropout(0.1).p)
        print(nn.GRU(2, 3, 2).num_layers, nn.RNN(2, 3).hidden_size)
        print(nn.Embedding(3, 2, 1).padding_idx, nn.BatchNorm1d(3).num_features)
        print(nn.Embedding(3, 2, padding_idx=1).weight[1].tolist())
        print([(n, tuple(p.shape)) for n, p in nn.LSTM(2, 3, 2).named_parameters()])
        print(m.get_parameter("bias").shape == (2,), m.get_submodule("") is m)
    """,
}


IMPORTS = """
import copy
from collections import OrderedDict

import torch
from torch import nn
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_program_prints_the_same(name):
    prints_the_same(IMPORTS + textwrap.dedent(PROGRAMS[name]))


WRONG = {
    "no super": """
        class Net(nn.Module):
            def __init__(self):
                self.fc = nn.Linear(2, 2)
        Net()
    """,
    "a tensor for a parameter": """
        m = nn.Linear(2, 2)
        m.weight = torch.ones(2, 2)
    """,
    "a number for a module": """
        m = nn.Sequential(nn.ReLU())
        setattr(m, "0", 5)
    """,
    "a list for a buffer": """
        m = nn.BatchNorm1d(2)
        m.running_mean = [0.0, 0.0]
    """,
    "a class for a layer": """
        nn.Sequential(nn.Linear(2, 2), nn.ReLU)
    """,
    "no forward": """
        nn.Module()(1)
    """,
    "no such attribute": """
        nn.Linear(2, 2).weights
    """,
    "a shape that differs": """
        nn.Linear(2, 2).load_state_dict(nn.Linear(3, 2).state_dict())
    """,
    "a name that is missing": """
        nn.Linear(2, 2).load_state_dict({"weight": torch.ones(2, 2)})
    """,
    "a name too many": """
        nn.ReLU().load_state_dict({"x": torch.ones(2)})
    """,
    "a shape that differs, not strict": """
        nn.Linear(2, 2).load_state_dict({"weight": torch.ones(3, 2)}, strict=False)
    """,
    "no mapping": """
        nn.Linear(2, 2).load_state_dict(None)
    """,
    "integers as parameter": """
        nn.Parameter(torch.tensor([1]))
    """,
    "wrong axes": """
        nn.BatchNorm2d(3)(torch.ones(2, 3))
    """,
    "one value for each channel": """
        nn.BatchNorm1d(3)(torch.ones(1, 3))
    """,
    "wrong features": """
        nn.RNN(3, 4)(torch.ones(5, 2, 2))
    """,
    "a wrong state": """
        nn.GRU(3, 4)(torch.ones(5, 2, 3), torch.zeros(1, 1, 4))
    """,
    "a wrong last axis": """
        nn.LayerNorm(3)(torch.ones(2, 4))
    """,
    "a probability above 1": """
        nn.Dropout(2)
    """,
    "an unknown activation": """
        nn.init.calculate_gain("nonsense")
    """,
    "fans of a vector": """
        nn.init.xavier_uniform_(torch.ones(3))
    """,
    "del of nothing": """
        del nn.Linear(1, 1).weights
    """,
}


@pytest.mark.parametrize("name", WRONG)
def test_what_pytorch_refuses_is_refused_too(name):
    is_refused_by_both(IMPORTS + textwrap.dedent(WRONG[name]))


@pytest.mark.parametrize("name, args, kwargs, mean, std", [
    ("uniform_", (-1, 3), {}, 1, 2 / 3**0.5), ("normal_", (), {"mean": 2, "std": 0.5}, 2, 0.5),
    ("xavier_uniform_", (), {}, 0, None), ("xavier_normal_", (2,), {}, 0, None),
    ("kaiming_uniform_", (), {}, 0, None), ("kaiming_normal_", (), {}, 0, None),
    ("kaiming_normal_", (1,), {}, 0, None), ("kaiming_uniform_", (2, "fan_out"), {}, 0, None),
    ("kaiming_normal_", (), {"mode": "fan_out", "nonlinearity": "relu"}, 0, None),
    ("kaiming_uniform_", (), {"nonlinearity": "tanh"}, 0, None)], ids=str)
@pytest.mark.parametrize("shape", [(400, 600), (60, 40, 5, 9)])
def test_random_weights_have_pytorchs_spread(name, args, kwargs, mean, std, shape):
    d2l.manual_seed(1)
    torch.manual_seed(1)
    ours, theirs = d2l.zeros(*shape), torch.zeros(*shape)
    assert getattr(nn.init, name)(ours, *args, **kwargs) is ours and ours.dtype == np.float32
    getattr(torch.nn.init, name)(theirs, *args, **kwargs)
    assert ours.numpy().std() == pytest.approx(theirs.std().item(), rel=0.02)
    assert ours.numpy().mean() == pytest.approx(mean, abs=0.01)
    assert np.abs(ours.numpy()).max() == pytest.approx(theirs.abs().max().item(), rel=0.2)


@pytest.mark.parametrize("name, args, scale", [
    ("Linear", (400, 300), None), ("Conv2d", (16, 100, (3, 5)), None), ("RNN", (300, 400), None),
    ("GRU", (30, 100), None), ("LSTM", (30, 100), None), ("Embedding", (100, 60), None)])
def test_layers_begin_as_pytorchs(name, args, scale):
    d2l.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = (getattr(library.nn, name)(*args).state_dict() for library in (d2l, torch))
    assert list(ours) == list(theirs)
    for key, a in ours.items():
        a, b = a.numpy(), theirs[key].numpy()
        assert a.shape == b.shape and a.dtype == b.dtype
        assert a.std() == pytest.approx(b.std(), rel=0.1) and abs(a.mean()) < 0.2 * a.std()
        assert np.abs(a).max() == pytest.approx(np.abs(b).max(), rel=0.3)


def test_state_travels_in_both_directions():
    build = lambda nn: nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(),
                                     nn.Linear(32, 3))
    ours, theirs = build(nn), build(torch.nn)
    x = np.random.default_rng(0).standard_normal((4, 1, 6, 6)).astype(np.float32)
    theirs(torch.tensor(x))  # the running averages move
    ours.load_state_dict(theirs.state_dict())
    close(ours.eval()(d2l.tensor(x)), theirs.eval()(torch.tensor(x)), 1e-5)
    again = build(torch.nn)
    again.load_state_dict({k: torch.tensor(v.numpy()) for k, v in ours.state_dict().items()})
    close(ours(d2l.tensor(x)), again.eval()(torch.tensor(x)), 1e-5)
    assert {k: v.numpy().dtype for k, v in ours.state_dict().items()} == {
        k: v.numpy().dtype for k, v in theirs.state_dict().items()}


def test_dropout2d_drops_whole_channels():
    d2l.manual_seed(0)
    out = nn.Dropout2d(0.25)(d2l.ones(100, 50, 2, 3)).numpy()
    assert (out == out[:, :, :1, :1]).all() and (out[out != 0] == np.float32(1 / 0.75)).all()
    assert (out[:, :, 0, 0] == 0).mean() == pytest.approx(0.25, abs=0.02)


def test_dropout_between_recurrent_layers():
    layer = nn.GRU(2, 50, 2, dropout=0.5)
    x = d2l.randn(6, 4, 2)
    assert (layer(x)[0].detach().numpy() != layer(x)[0].detach().numpy()).any()
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].detach().numpy(), layer(x)[0].detach().numpy())
    torch_layer = torch.nn.GRU(2, 50, 2, dropout=0.5).eval()
    torch_layer.load_state_dict({k: torch.tensor(v.numpy()) for k, v in layer.state_dict().items()})
    close(layer(x)[0], torch_layer(torch.tensor(x.numpy()))[0], 1e-5)


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize("lengths", [[4, 4, 2, 1], [2, 4, 1, 3]])
def test_packed_sequences(name, lengths):
    found = []
    for library in d2l, torch:
        rnn, rng = library.nn.utils.rnn, np.random.default_rng(0)

        def draw(*shape, library=library, rng=rng):
            return library.from_numpy(rng.standard_normal(shape).astype(np.float32))

        layer = getattr(library.nn, name)(3, 2, num_layers=2, bidirectional=True, batch_first=True)
        layer.load_state_dict({key: draw(*p.shape) for key, p in layer.state_dict().items()})
        x, h = draw(4, 4, 3).requires_grad_(), draw(4, 4, 2)
        packed = rnn.pack_padded_sequence(x, lengths, True, enforce_sorted=lengths == sorted(
            lengths, reverse=True))
        out, state = layer(packed, (h, h) if name == "LSTM" else h)
        padded, sizes = rnn.pad_packed_sequence(out, True, padding_value=0.5, total_length=5)
        padded.square().sum().backward()
        state = state if isinstance(state, tuple) else (state,)
        parts = [padded, *state, x.grad, out.data, packed.batch_sizes, sizes,
                 layer.weight_hh_l1.grad, rnn.pack_sequence([x[0], x[1, :2]]).data]
        found.append([p.detach().numpy() for p in parts])
    for ours, theirs in zip(*found):
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_packed_sequences_refuse_wrong_lengths():
    pack = nn.utils.rnn.pack_padded_sequence
    with pytest.raises(RuntimeError, match=r"do not fall\. Write enforce_sorted=False"):
        pack(d2l.ones(3, 2, 1), [1, 3])
    with pytest.raises(RuntimeError, match=r"do not fit an input of shape \(3, 2, 1\)"):
        pack(d2l.ones(3, 2, 1), [4, 3])
