"""Random short programs with layers, losses, optimizers and loaders, one function an area.

Each function yields the statements of one program, in the manner of differential_areas.py. Three
helpers stand in every program's namespace: `given(m, 3)` loads numbers drawn from seed 3 into a
module through its state dict; `adopt(m)` loads PyTorch's weights into d2lmini's module, `lend(m)`
the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator

from .differential_areas import Writer

ACTIVATIONS = ["ReLU()", "Sigmoid()", "Tanh()", "LeakyReLU(0.2)", "LeakyReLU()", "GELU()", "ELU()",
               "Softplus()", "Identity()", "Softmax(dim=1)", "LogSoftmax(dim=1)", "Softmax(-1)",
               "Dropout(0.0)", "Flatten()", "Hardtanh()", "SiLU()"]
CALLS = ["F.relu({})", "F.softmax({}, dim=1)", "F.log_softmax({}, dim=-1)", "L.sigmoid({})",
         "L.tanh({})", "L.relu({})", "F.sigmoid({})", "F.tanh({})", "F.leaky_relu({})",
         "F.gelu({})", "F.softplus({})", "F.elu({})", "L.softmax({}, dim=1)", "{}.softmax(dim=1)",
         "{}.relu()", "F.dropout({}, p=0.0)", "F.dropout({}, training=False)",
         "F.normalize({}, dim=1)", "F.softmax({}, 1)", "{}.log_softmax(1)", "L.flatten({}, 1)",
         "F.layer_norm({}, (3,))", "F.pad({}, (1, 1))", "L.log_softmax({}, dim=0)", "F.silu({})",
         "F.relu({}, inplace=True)"]


def has_layer(w: Writer, text: str) -> bool:
    return w.has("nn." + text.split("(")[0])


def layer(w: Writer) -> tuple[str, tuple]:
    """A layer as text and the shape of an input that fits it; it may be a composed one."""
    kind = w.r.random()
    n, out = w.r.randint(1, 4), w.r.randint(1, 3)
    rows = w.pick((), (2,), (3,), (2,), (2, 2))
    if kind < 0.25:
        bias = w.pick("", "", ", bias=False", ", bias=True")
        return f"nn.Linear({w.pick('', 'in_features=') and ''}{n}, {out}{bias})", (*rows, n)
    if kind < 0.45:
        c, k, size = w.r.randint(1, 2), w.pick(1, 2, 3), w.r.randint(3, 5)
        options = w.pick("", "", ", padding=1", ", stride=2", f", {w.pick(1, 2)}, padding=1",
                         ", padding='same'", ", bias=False", ", 1, 1", ", stride=(1, 2)",
                         ", padding=(1, 0)")
        kernel = w.pick(k, f"({k}, {k})", f"kernel_size={k}", f"({k}, 2)")
        options = "" if "=" in str(kernel) and options.startswith((", 1", ", 2")) else options
        shape = (w.r.randint(1, 2), c, size, size)
        return f"nn.Conv2d({c}, {out}, {kernel}{options})", shape[0 if w.chance(0.9) else 1:]
    if kind < 0.6:
        name, size = w.pick("MaxPool2d", "AvgPool2d", "MaxPool2d"), w.r.randint(2, 5)
        text = w.pick("2", "2, 2", "2, stride=1", "kernel_size=2", "3, stride=2, padding=1",
                      "(2, 1)", "2, stride=2", "3, 1, 1")
        return f"nn.{name}({text})", (w.r.randint(1, 2), w.r.randint(1, 2), size, size)
    if kind < 0.7:
        text, shape = w.pick((f"BatchNorm1d({n})", (3, n)), (f"BatchNorm2d({n})", (2, n, 2, 2)),
                             (f"LayerNorm({n})", (2, n)), (f"BatchNorm1d({n}, momentum=0.5)", (2,
                             n)), ("AdaptiveAvgPool2d(1)", (2, 2, 3, 3)),
                             ("AdaptiveAvgPool2d((1, 1))", (1, 2, 4, 4)), ("Conv1d(2, 3, 2)", (2, 2,
                             4)), ("MaxPool1d(2)", (1, 2, 4)))
        return (f"nn.{text}", shape) if has_layer(w, text) else (f"nn.Linear({n}, {out})", (2, n))
    act = w.choice([a for a in ACTIVATIONS if has_layer(w, a)])
    if kind < 0.8:
        return f"nn.{act}", w.shape(w.pick(2, 2, 3))
    hidden, more = w.r.randint(1, 4), w.pick("", "", "nn.Flatten(), ")
    inner = f"{more}nn.Linear({n}, {hidden}), nn.{act}, nn.Linear({hidden}, {out})"
    if act.startswith("Flatten"):
        inner = f"nn.Linear({n}, {hidden}), nn.Flatten()"
    if w.chance(0.2):
        names = [f"('l{i}', {x})" for i, x in enumerate(inner.replace("), ", ")|").split("|"))]
        return f"nn.Sequential(OrderedDict([{', '.join(names)}]))", (2, n)
    if w.chance(0.2):
        inner = (f"nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), "
                 f"nn.Linear(8, {out})")
        return f"nn.Sequential({inner})", (2, 1, 4, 4)
    return f"nn.Sequential({inner})", (2, n)


def network(w: Writer) -> tuple[str, tuple]:
    """A class of one's own, as courses write it."""
    n, hidden, out = w.r.randint(1, 3), w.r.randint(1, 4), w.r.randint(1, 3)
    start = w.pick("super().__init__()", "super(Net, self).__init__()")
    body = w.pick(
        ("self.fc1 = nn.Linear({n}, {h})\n        self.fc2 = nn.Linear({h}, {o})",
         "x = {act}\n        return self.fc2(x)"),
        ("self.net = nn.Sequential(nn.Linear({n}, {h}), nn.ReLU(), nn.Linear({h}, {o}))",
         "return self.net(x)"),
        ("self.w = nn.Parameter(L.ones({n}, {o}))\n        self.b = nn.Parameter(L.zeros({o}))",
         "return x @ self.w + self.b"),
        ("self.a = nn.Parameter(L.tensor(0.5))\n        self.b = nn.Parameter(L.tensor([2.0]))",
         "return self.a + self.b * x"),
        ("self.layers = nn.ModuleList([nn.Linear({n}, {n}) for _ in range(2)])",
         "for f in self.layers:\n            x = f(x).relu()\n        return x"),
        ("self.fc = nn.Linear({n}, {n})\n        self.skip = nn.Identity()",
         "return self.skip(x) + self.fc(x)"),
        ("self.lin = nn.Linear({n}, {h}); self.act = nn.Tanh(); self.out = nn.Linear({h}, {o})",
         "return self.out(self.act(self.lin(x)))"),
        ("self.fc = nn.Linear({n}, {o})\n        self.register_buffer('scale', L.tensor([2.0]))",
         "return self.fc(x) * self.scale"),
        ("self.shared = nn.Linear({n}, {n})", "return self.shared(self.shared(x))"),
        ("self.f = nn.ModuleDict({{'a': nn.Linear({n}, {o})}})", "return self.f['a'](x)"))
    act = w.choice([c for c in CALLS[:13] if w.has(c.split("(")[0]) and "softplus" not in c]
                   or ["F.relu({})"]).format("self.fc1(x)")
    text = (f"class Net(nn.Module):\n    def __init__(self):\n        {start}\n        {body[0]}\n"
            f"    def forward(self, x):\n        {body[1]}").replace("{{", "\0").replace("}}", "\1")
    for key, value in (("{n}", n), ("{h}", hidden), ("{o}", out), ("{act}", act)):
        text = text.replace(key, str(value))
    return text.replace("\0", "{").replace("\1", "}") + "\nm = Net()", (2, n)


def modules(w: Writer) -> Iterator[str]:
    """A layer, its weights from a seed or from the other library, both passes, then its manners."""
    if w.chance(0.3):
        text, shape = network(w)
    else:
        text, shape = layer(w)
        text = f"m = {text}"
    if "nn.Module" in text and not all(w.has(f"nn.{x}") for x in ("ModuleList", "ModuleDict")):
        text, shape = "m = nn.Linear(2, 2)", (2, 2)
    yield text
    yield w.pick("adopt(m)", "lend(m)", f"given(m, {w.r.randint(0, 99)})")
    wrong = w.chance(0.05)
    dtype = w.pick("float64", "int64", "float32") if wrong else "float32"
    yield f"x = {w.tensor(w.shape() if wrong else shape, dtype)}"
    if w.chance(0.2):
        yield w.pick("m.eval()", "m.train()", "m.train(False)", "m.requires_grad_(False)",
                     "for q in m.parameters():\n    q.requires_grad = False")
    yield "y = m(x)"
    yield from after_forward(w)
    for _ in range(w.r.randint(1, 4)):
        yield manner(w)


def after_forward(w: Writer) -> Iterator[str]:
    y = w.space.get("y")
    if y is None or not hasattr(y, "shape"):
        return
    yield w.pick(f"(y * {w.tensor(tuple(y.shape), 'float32', False)}).sum().backward()",
                 "y.sum().backward()", "(y ** 2).mean().backward()", "loss = y.pow(2).sum()\n"
                 "loss.backward()")
    yield "grads = [q.grad for q in m.parameters()]"


def manner(w: Writer) -> str:
    """One thing that people do with a module."""
    first = "next(iter(m.parameters()))"
    return w.pick("r = printed(m)", "r = repr(m)", "r = [k for k, q in m.named_parameters()]",
                  "r = len(list(m.parameters()))", "r = sum(q.numel() for q in m.parameters())",
                  "r = [q.shape for q in m.parameters()]", "r = list(m.state_dict())",
                  "r = list(m.state_dict().values())", "r = m.training",
                  "r = [type(c).__name__ for c in m.children()]",
                  "r = [k for k, c in m.named_children()]", "r = len(list(m.modules()))",
                  "r = [k for k, c in m.named_modules()]", "m.zero_grad()",
                  f"with L.no_grad():\n    {first}.mul_(0.5)",
                  f"with L.no_grad():\n    {first}.fill_(0.25)",
                  "with L.no_grad():\n    for q in m.parameters():\n        q -= 0.1 * q.grad",
                  "for q in m.parameters():\n    q.data -= 0.1 * q.grad.data",
                  "m.weight.data[0] = 1.0", "with L.no_grad():\n    m.weight -= 0.5",
                  "m.weight = m.weight + 1", "r = m.weight", "r = m.bias",
                  "m.weight.data.fill_(0.5)", "m.bias.data.zero_()", "r = m.weight.data",
                  "r = m.weight.grad", "m.weight = nn.Parameter(L.ones_like(m.weight))",
                  "m.bias = None", "r = m[0]", "r = len(m)", "r = [type(c).__name__ for c in m]",
                  "r = m[0].weight", "r = type(m[-1]).__name__", "r = m[:1]", "y2 = m(x)",
                  "m.eval()\ny2 = m(x)", "m.train()\ny2 = m(x)", "with L.no_grad():\n    y2 = m(x)",
                  "r = m.state_dict()\nwith L.no_grad():\n    " + first
                  + ".zero_()\nr = [v.sum() for v in r.values()]",
                  "r = {k: v.clone() for k, v in m.state_dict().items()}\n"
                  "with L.no_grad():\n    " + first + ".zero_()\nm.load_state_dict(r)",
                  "r = str(m.load_state_dict(m.state_dict()))", "m.load_state_dict({})",
                  "m.load_state_dict({'other': L.ones(1)}, strict=False)", "r = " + first,
                  f"r = str({first})",
                  "def init(c):\n    if isinstance(c, nn.Linear):\n        nn.init.ones_(c.weight)\n"
                  "        nn.init.zeros_(c.bias)\nm.apply(init)",
                  "m.requires_grad_(False)\nr = m(x).requires_grad",
                  "h = m.register_forward_hook(lambda c, i, o: o * 2)\ny2 = m(x)\nh.remove()\n"
                   "y3 = m(x)",
                  "r = []\nh = m.register_forward_hook(lambda c, i, o: r.append(o.shape))\ny2 = m(x)",
                  "r = m.extra_repr()",
                  "grads = None\nm.double()\nr = [q.dtype for q in m.parameters()]", "m.to('cpu')",
                  "m.to(L.device('cpu'))", "r = isinstance(m, nn.Module)",
                  "r = [b.shape for b in m.buffers()]", "r = dict(m.named_parameters())",
                  "m.extra = L.tensor([1.0])\nr = len(list(m.parameters()))",
                  "m.extra = nn.Parameter(L.tensor([1.0]))\nr = len(list(m.parameters()))",
                  "m.extra = nn.Linear(1, 1)\ngiven(m.extra, 0)\nr = len(list(m.parameters()))",
                  "r = m.missing",
                  "r = m(x, x)", "m.add_module('extra', nn.ReLU())\nr = printed(m)",
                  "m.append(nn.ReLU())\nr = len(m)", f"r = {first} is {first}",
                  f"r = isinstance({first}, nn.Parameter)", f"r = {first}.is_leaf",
                  f"r = type({first}).__name__", f"r = {first}.grad is None", "q = m.forward(x)",
                  f"nn.init.ones_({first})", f"nn.init.constant_({first}, 0.1)",
                  f"nn.init.normal_({first}, 2.0, 0.0)", f"nn.init.uniform_({first}, 1.0, 1.0)",
                  f"r = nn.init.zeros_({first}) is {first}",
                  "r = nn.utils.clip_grad_norm_(m.parameters(), 0.5)",
                  "r = nn.utils.clip_grad_value_(m.parameters(), 0.1)",
                  "import copy\nm2 = copy.deepcopy(m)\nr = m2(x)")


def layer_calls(w: Writer) -> Iterator[str]:
    """The functions of nn.functional."""
    c, k, size = w.r.randint(1, 2), w.pick(1, 2, 3), w.r.randint(3, 5)
    if w.chance(0.6):
        calls = [t for t in CALLS if w.has(t.split("(")[0].replace("{}", "Tensor"))]
        a = w.tensor(w.pick((2, 3), (2, 3), (3,), (1, 2, 3)))
        yield f"x = {a}"
        yield f"y = {w.choice(calls).format('x')}"
    else:
        yield f"x = {w.tensor((w.r.randint(1, 2), c, size, size), 'float32')}"
        weight = w.tensor((2, c, k, k), "float32")
        bias = w.pick("", f", {w.tensor((2,), 'float32')}", f", bias={w.tensor((2,), 'float32')}")
        yield "y = " + w.pick(f"F.conv2d(x, {weight}{bias})", f"F.conv2d(x, {weight}, padding=1)",
                              f"F.conv2d(x, {weight}, stride=2)", "F.max_pool2d(x, 2)",
                              f"F.conv2d(x, {weight}, None, 1, 1)", "F.avg_pool2d(x, 2)",
                              "F.max_pool2d(x, 2, stride=1)",
                              "F.max_pool2d(x, kernel_size=3, padding=1)",
                              "F.avg_pool2d(x, 3, 1, 1)", "F.adaptive_avg_pool2d(x, 1)"
                              if w.has("F.adaptive_avg_pool2d") else "F.max_pool2d(x, 2)")
    y = w.space.get("y")
    if y is not None and y.is_floating_point():
        yield f"(y * {w.tensor(tuple(y.shape), 'float32', False)}).sum().backward()"


def losses(w: Writer) -> Iterator[str]:
    """Losses as functions and as modules, with their reductions and some wrong targets."""
    n, k = w.r.randint(1, 4), w.r.randint(2, 4)
    reduction = w.pick("", "", "reduction='mean'", "reduction='sum'", "reduction='none'")
    yield f"x = {w.tensor((n, k), w.pick('float32', 'float32', 'float32', 'float64'), True)}"
    labels = [w.r.randrange(k) for _ in range(n)]
    kind = w.r.random()
    if kind < 0.5:
        target = f"L.tensor({labels})"
        if w.chance(0.15):
            target = w.pick(f"L.tensor({labels}, dtype=L.uint8)", f"L.tensor({[k] * n})",
                            "L.tensor(0)", f"L.tensor({labels}).float()", w.tensor((n, k),
                            "float32", False),
                            f"L.softmax({w.tensor((n, k), 'float32', False)}, dim=1)",
                            f"L.tensor({[-1] * n})", f"L.tensor({labels}, dtype=L.int32)",
                            f"L.tensor({[labels]})", f"L.tensor({[-100] * n})")
        if w.chance(0.15):
            reduction += (", " if reduction else "") + w.pick(
                f"weight={w.tensor((k,), 'float32', False)}",
                "label_smoothing=0.1", "ignore_index=0")
        a = w.pick("x", "x", "F.log_softmax(x, dim=1)", "x[0]")
        target = f"L.tensor({labels[0]})" if a == "x[0]" else target
        f, c = w.pick(("cross_entropy", "CrossEntropyLoss"), ("cross_entropy", "CrossEntropyLoss"),
                      ("nll_loss", "NLLLoss"))
        a = "F.log_softmax(x, dim=1)" if f == "nll_loss" and a == "x" else a
    elif kind < 0.8:
        shape = w.pick((n, k), (n, k), (n, k), (n, 1), (k,), (n,))
        a, target = "x", w.tensor(shape, w.pick("float32", "float32", "float64", "int64"), False)
        f, c = w.pick(("mse_loss", "MSELoss"), ("mse_loss", "MSELoss"), ("l1_loss", "L1Loss"),
                      ("smooth_l1_loss", "SmoothL1Loss"), ("huber_loss", "HuberLoss"))
    else:
        a, target = "x", f"L.tensor({w.data((n, k), 'bool')}).float()"
        f, c = w.pick(("binary_cross_entropy", "BCELoss"),
                      ("binary_cross_entropy_with_logits", "BCEWithLogitsLoss"))
        a = "x.sigmoid()" if f == "binary_cross_entropy" else a
        target = w.tensor((n, k), "float32", False) if w.chance(0.05) else target
    if not w.has(f"F.{f}"):
        f, c = "mse_loss", "MSELoss"
    extra = f", {reduction}" if reduction else ""
    if w.chance(0.5) or not w.has(f"nn.{c}"):
        yield f"loss = F.{f}({a}, {target}{extra})"
    else:
        yield f"criterion = nn.{c}({reduction})"
        yield f"loss = criterion({a}, {target})"
    yield w.pick("loss.backward()", "loss.sum().backward()", "loss.mean().backward()")
    yield w.pick("r = loss.item()", "r = str(loss)", "r = f'{loss:.4f}'", "r = float(loss)",
                 "r = printed(loss)", "r = x.grad.sum()", "r = loss.detach()",
                 "r = repr(loss.detach())")


OPTIMIZERS = ["SGD([p, q], lr=0.1)", "SGD([p, q], 0.1)", "SGD([p, q], lr=0.1, momentum=0.9)",
              "SGD([p, q], lr=0.1, momentum=0.5, nesterov=True)",
              "SGD([p, q], lr=0.1, weight_decay=0.1)",
              "SGD([p], lr=0.1, momentum=0.9, weight_decay=0.01)", "Adam([p, q], lr=0.1)",
              "Adam([p, q])", "Adam([p, q], lr=0.1, betas=(0.5, 0.9))",
              "Adam([p, q], lr=0.1, weight_decay=0.1)", "AdamW([p, q], lr=0.1)",
              "AdamW([p, q], lr=0.1, weight_decay=0.2)", "RMSprop([p, q], lr=0.1)",
              "Adagrad([p, q], lr=0.1)",
              "Adam([{'params': [p]}, {'params': [q], 'lr': 0.5}], lr=0.1)",
              "SGD([{'params': p, 'weight_decay': 0.1}, {'params': q}], lr=0.1, momentum=0.9)",
              "SGD([p, q], lr=0.1, momentum=0.9, dampening=0.1)", "Adam([p, q], lr=0.1, eps=0.01)",
              "SGD([p, q], lr=0.1, maximize=True)", "Adam([p, q], lr=0.1, amsgrad=True)",
              "Adadelta([p, q], lr=1.0)", "SGD([], lr=0.1)", "SGD([p, p], lr=0.1)",
              "SGD([p, q], lr=-0.1)", "SGD(p, lr=0.1)", "SGD([p * 2], lr=0.1)", "SGD([p, q])",
              "Adam([p, q], lr=0.1, betas=(1.0, 2.0))"]
SCHEDULERS = ["StepLR(opt, 2)", "StepLR(opt, step_size=1, gamma=0.5)",
              "MultiStepLR(opt, [1, 3], gamma=0.5)", "ExponentialLR(opt, 0.9)",
              "ExponentialLR(opt, gamma=0.5)", "CosineAnnealingLR(opt, 5)",
              "CosineAnnealingLR(opt, T_max=3, eta_min=0.01)", "LambdaLR(opt, lambda e: 0.9 ** e)",
              "OneCycleLR(opt, 0.5, total_steps=6)",
              "OneCycleLR(opt, max_lr=1.0, epochs=2, steps_per_epoch=3)",
              "OneCycleLR(opt, 0.5, total_steps=6, cycle_momentum=False)", "LinearLR(opt)",
              "ConstantLR(opt)",
              "OneCycleLR(opt, 0.5, total_steps=5, pct_start=0.4, anneal_strategy='linear')"]


def optimizers(w: Writer) -> Iterator[str]:
    """A few steps of an optimizer, with a scheduler, changed rates and missing gradients."""
    known = [t for t in OPTIMIZERS if w.has("optim." + t.split("(")[0])]
    yield f"p = {w.tensor(w.pick((2,), (3,), (2, 2), ()), 'float32', True)}"
    yield f"q = {w.tensor(w.pick((2,), (1,), ()), 'float32', True)}"
    yield f"opt = optim.{w.choice(known)}"
    schedule = [t for t in SCHEDULERS if w.has("optim.lr_scheduler." + t.split("(")[0])]
    scheduled = schedule and w.chance(0.5)
    if scheduled:
        yield f"sched = optim.lr_scheduler.{w.choice(schedule)}"
    loss = w.pick("((p - 1) ** 2).sum() + (q * 3).sum()", "(p ** 2).mean() + q.sum() ** 2",
                  "(p * q.sum()).sum().exp()", "((p - 0.5).abs()).sum()",
                  "(p ** 4).sum() - q.mean()",
                  "(p * p + p).sum() - (q + q * q).sum()")
    inside = "\n    sched.step()" if scheduled else ""
    read = w.pick("", "\n    rates.append(sched.get_last_lr())") if scheduled else ""
    zero = w.pick("opt.zero_grad()", "opt.zero_grad()", "opt.zero_grad(set_to_none=False)", "pass",
                  "p.grad = None")
    steps = w.r.randint(1, 5)
    order = w.pick(f"    {zero}\n    loss = {loss}\n    loss.backward()\n    opt.step()",
                   f"    loss = {loss}\n    loss.backward()\n    opt.step()\n    {zero}")
    yield f"rates = []\nfor _ in range({steps}):\n{order}{inside}{read}"
    for _ in range(w.r.randint(1, 3)):
        yield w.pick("r = [g['lr'] for g in opt.param_groups]", "opt.param_groups[0]['lr'] = 0.01",
                     "for _group in opt.param_groups:\n    _group['lr'] *= 0.5", "opt.step()",
                     "opt.zero_grad()", f"loss = {loss}\nloss.backward()\nopt.step()",
                     "r = sched.get_last_lr()", "sched.step()", "r = len(opt.param_groups)",
                     "r = opt.state_dict()['param_groups'][0]['lr']",
                     "opt.add_param_group({'params': [L.ones(1, requires_grad=True)]})",
                     "r = opt.defaults['lr']", "r = opt.param_groups[0].get('momentum')",
                     "p.requires_grad_(False)", "with L.no_grad():\n    p.zero_()",
                     "r = opt.param_groups[0]['params'][0] is p",
                     "opt.param_groups[0]['momentum'] = 0.5",
                     "opt.param_groups[-1]['weight_decay'] = 0.3",
                     "_state = opt.state_dict()\nopt.load_state_dict(_state)",
                     "r = list(opt.state_dict())",
                     f"def closure():\n    opt.zero_grad()\n    loss = {loss}\n"
                     "    loss.backward()\n    return loss\nr = opt.step(closure)")


def training(w: Writer) -> Iterator[str]:
    """A small model trained for a few steps, all the parts together."""
    n, k = w.r.randint(1, 3), w.r.randint(1, 3)
    rows = w.r.randint(2, 5)
    classify = w.chance(0.5)
    k += classify
    model = w.pick(f"nn.Linear({n}, {k})",
                   f"nn.Sequential(nn.Linear({n}, 4), nn.ReLU(), nn.Linear(4, {k}))",
                   f"nn.Sequential(nn.Linear({n}, 3), nn.Tanh(), nn.Linear(3, {k}))",
                   f"nn.Sequential(nn.Linear({n}, 3), nn.Sigmoid(), nn.Linear(3, {k}))")
    yield f"m = {model}"
    yield w.pick("adopt(m)", "lend(m)", f"given(m, {w.r.randint(0, 99)})")
    yield f"x = {w.tensor((rows, n), 'float32', False)}"
    target = (f"L.tensor({[w.r.randrange(k) for _ in range(rows)]})" if classify else
              w.tensor((rows, k), "float32", False))
    yield f"y = {target}"
    loss = w.pick("F.mse_loss", "nn.MSELoss()", "lambda o, t: ((o - t) ** 2).mean()")
    if classify:
        loss = w.pick("F.cross_entropy", "nn.CrossEntropyLoss()",
                      "lambda o, t: F.nll_loss(F.log_softmax(o, dim=1), t)")
    yield f"loss_fn = {loss}"
    by_hand = w.chance(0.3)
    if not by_hand:
        yield "opt = optim." + w.pick("SGD(m.parameters(), lr=0.1)",
                                      "Adam(m.parameters(), lr=0.01)",
                                      "SGD(m.parameters(), lr=0.05, momentum=0.9)",
                                      "SGD(m.parameters(), 0.1, weight_decay=0.01)")
    each = "for q in m.parameters():\n            "
    update = "opt.step()\n        opt.zero_grad()"
    if by_hand:
        update = w.pick(f"with L.no_grad():\n            {each}    q -= 0.1 * q.grad\n"
                        "            m.zero_grad()",
                        f"{each}q.data -= 0.1 * q.grad\n            q.grad.zero_()",
                        f"{each}q.data.add_(q.grad.data, alpha=-0.1)\n        m.zero_grad()")
    loader = w.pick(f"DataLoader(TensorDataset(x, y), batch_size={w.r.randint(1, rows)})",
                    "[(x, y)]", f"DataLoader(list(zip(x, y)), {w.r.randint(1, rows)})",
                    "TensorDataset(x, y)" if not classify else "[(x, y)]")
    yield (f"losses = []\nfor epoch in range({w.r.randint(1, 3)}):\n    for xb, yb in {loader}:\n"
           f"        pred = m(xb)\n        loss = loss_fn(pred, yb)\n        loss.backward()\n"
           f"        {update}\n        losses.append(loss.item())")
    yield "weights = [q.detach() for q in m.parameters()]"
    yield w.pick("r = (m(x).argmax(1) == y).float().mean()", "r = m(x).max(1)[1]",
                 "r = str(m(x[:1]))", "_, pred = L.max(m(x), 1)\nr = (pred == y).sum().item()",
                 "r = sum(losses) / len(losses)",
                 "with L.no_grad():\n    r = m(x).softmax(1).sum(1)", "r = f'{loss.item():.4f}'",
                 "r = (m(x).argmax(dim=1) == y).sum().item() / len(y)",
                 "r = m(x).data.max(1, keepdim=True)[1]")


def loaders(w: Writer) -> Iterator[str]:
    """Data sets of every kind and the batches that a loader makes of them."""
    n = w.r.randint(1, 6)
    dtype = w.choice(["float32", "float64", "int64", "uint8", "bool"])
    yield f"x = {w.tensor((n, *w.shape(w.pick(0, 1, 1, 2))), dtype, False)}"
    yield f"y = {w.tensor((n,), w.pick('int64', 'float32', 'uint8'), False)}"
    item = w.pick("x[i], y[i]", "x[i], int(y[i])", "x[i]", "i", "float(i)", "(x[i], {'k': y[i]})",
                  "str(i)", "{'x': x[i], 'y': i}", "(x[i], i, float(i) / 2)", "x[i].numpy(), y[i]",
                  "np.float32(i)", "[i, i + 1]", "x[i], np.array([i, 2])", "x[i], y[i].item()",
                  "i % 2 == 0", "(x[i], 'label')", "np.int64(i)", "None")
    own = (f"class Own(Dataset):\n    def __len__(self):\n        return {n}\n"
           f"    def __getitem__(self, i):\n        if i >= {n}:\n            raise IndexError\n"
           f"        return {item}\nd = Own()")
    plain = own.replace("(Dataset)", w.pick("", "(object)"))
    yield w.pick("d = TensorDataset(x, y)", "d = TensorDataset(x)", "d = TensorDataset(x, y, y)",
                 own, own, own, plain, "d = list(zip(x, y))", "d = [(a, b) for a, b in zip(x, y)]",
                 "d = x", f"d = list(range({n}))", "d = Subset(TensorDataset(x, y), [0])",
                 f"d = [{w.data((n,))}][0]", "d = TensorDataset(x, y[:1])", "d = x.numpy()",
                 "d = [[1.0, 2.0]] * 3")
    size = w.r.randint(1, 4)
    options = w.pick(f"batch_size={size}", f"{size}", f"batch_size={size}, shuffle=False", "",
                     f"batch_size={size}, drop_last=True", f"batch_size={size}, num_workers=0",
                     "batch_size=None", f"batch_size={size}, collate_fn=lambda b: b",
                     f"batch_size={size}, pin_memory=False", f"batch_size={size}, sampler=[0, 0]",
                     f"batch_size=len(d), shuffle={w.pick('True', 'False')}",
                     f"batch_size={size}, collate_fn=lambda b: L.stack([v[0] for v in b])",
                     "batch_size=0", "batch_sampler=[[0], [0, 0]]")
    if "shuffle=True" in options:
        yield f"r = len(DataLoader(d, {options}))"
        return
    yield f"dl = DataLoader(d{', ' if options else ''}{options})"
    yield "batches = [b for b in dl]"
    for _ in range(w.r.randint(1, 3)):
        yield w.pick("r = len(dl)", "r = len(d)", "r = next(iter(dl))", "r = d[0]", "r = d[-1]",
                     "r = d[:2]", "r = dl.batch_size", "r = len(dl.dataset)", "r = dl.dataset is d",
                     "r = d.tensors", "for i, b in enumerate(dl):\n    r = i",
                     "r = [len(b) for b in dl]", "a, b = d[0]",
                     f"r = [len(s) for s in random_split(d, [1, {n - 1}])]",
                     "r = [v for v in d][:2]", "r = [len(s) for s in random_split(d, [0.5, 0.5])]",
                     "r = d[100]", "xb, yb = next(iter(dl))", "r = len(Subset(d, [0]))",
                     "r = Subset(d, [0])[0]", "for xb, yb in dl:\n    r = xb.sum()")


SCRIPTS = {"layers": modules, "functions of nn": layer_calls, "losses": losses,
           "optimizers": optimizers, "training": training, "loaders": loaders}
