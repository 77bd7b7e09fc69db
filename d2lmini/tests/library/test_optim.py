"""Optimizers and schedules: by hand, and step for step as PyTorch's."""

import math
import pickle
import re
from functools import partial

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import optim
from d2lmini.optim import lr_scheduler


def importorskip():
    return pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")


OPTIONS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9,
                                                        "dampening": 0.3}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}), ("SGD", {}),
    ("Adam", {}), ("Adam", {"lr": 0.1}), ("Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1}), ("Adam", {"lr": 0.01, "betas": (0.0, 0.9)}),
    ("AdamW", {"lr": 0.1}), ("AdamW", {"lr": 0.1, "weight_decay": 0.5, "betas": (0.5, 0.9)}),
    ("SGD", {"lr": 0.01, "maximize": True, "momentum": 0.5}), ("Adam", {"amsgrad": True}),
    ("AdamW", {"amsgrad": True, "maximize": True, "foreach": False}),
    ("RMSprop", {}), ("RMSprop", {"alpha": 0.9, "momentum": 0.9, "weight_decay": 0.01}),
    ("RMSprop", {"lr": 0.1, "centered": True, "eps": 1e-3}), ("Adagrad", {}),
    ("Adagrad", {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1,
                 "initial_accumulator_value": 0.1}), ("Adadelta", {}),
    ("Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-3, "weight_decay": 0.1})]


def pairs(name, options, dtype="float64", groups=None):
    """Parameters and an optimizer here and in PyTorch, from the same start."""
    torch = importorskip()
    start = [np.array([[1.5, -2.0], [0.3, 4.0]], dtype), np.array([0.5, -0.5], dtype),
             np.array(0.7, dtype)]
    found = []
    for library, tensor in (d2l, d2l.tensor), (torch, torch.tensor):
        params = [tensor(a.tolist(), dtype=getattr(library, str(dtype)), requires_grad=True)
                  for a in start]
        given = groups(*params) if groups else params
        found.append((params, getattr(library.optim, name)(given, **options)))
    return found


def step(params, optimizer, skip=False):
    w, b, c = params  # c is a single number
    loss = ((w @ b - c) ** 2).sum() / 4 + 0.1 * (w ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    if skip:
        b.grad = None  # a parameter that was not used stays as it is
    optimizer.step()


def assert_equal(ours, theirs, rtol=1e-12):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name, options", OPTIONS, ids=str)
@pytest.mark.parametrize("dtype, rtol", [("float32", 1e-5), ("float64", 1e-12)])
def test_20_steps_equal_torchs(name, options, dtype, rtol):
    both = pairs(name, options, dtype)
    for i in range(20):
        for params, optimizer in both:
            step(params, optimizer, skip=i == 7)
        assert {p.dtype for p in both[0][0]} == {np.dtype(dtype)}
        assert_equal(both[0][0], both[1][0], rtol)


@pytest.mark.parametrize("name, options, change", [
    ("SGD", {"lr": 0.1}, {"momentum": 0.9}), ("SGD", {"lr": 0.1, "momentum": 0.9}, {"lr": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}, {"nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}, {"momentum": 0}), ("Adam", {}, {"betas": (0.5, 0.5)}),
    ("AdamW", {}, {"weight_decay": 0.9, "lr": 0.1})], ids=str)
def test_options_changed_in_param_groups_take_effect(name, options, change):
    both = pairs(name, options)
    for i in range(9):
        for params, optimizer in both:
            step(params, optimizer)
            if i == 4:
                optimizer.param_groups[0].update(change)
        assert_equal(both[0][0], both[1][0])


def test_groups_of_parameters():
    both = pairs("SGD", {"lr": 0.1, "momentum": 0.9}, groups=lambda w, b, c: [
        {"params": [w], "weight_decay": 0.1}, {"params": [b, c], "lr": 0.01, "nesterov": True}])
    for _ in range(5):
        for params, optimizer in both:
            step(params, optimizer)
        assert_equal(both[0][0], both[1][0])
    ours, theirs = (optimizer.param_groups for _, optimizer in both)
    for a, b in zip(ours, theirs, strict=True):
        assert {k: b[k] for k in a if k != "params"} == {k: a[k] for k in a if k != "params"}
    both = pairs("Adam", {"lr": 0.1}, groups=lambda w, b, c: [w, c])
    for _ in range(5):
        for params, optimizer in both:
            step(params, optimizer)
            if len(optimizer.param_groups) == 1:
                optimizer.add_param_group({"params": params[1], "lr": 0.3})
        assert_equal(both[0][0], both[1][0])


@pytest.mark.parametrize("name, options", OPTIONS, ids=str)
def test_state_goes_on_in_a_new_optimizer_and_travels_to_pytorch_and_back(name, options):
    torch, both = importorskip(), pairs(name, options)
    for _ in range(5):
        for params, optimizer in both:
            step(params, optimizer)
    (params, ours), (_, theirs) = both
    for state in ours.state_dict(), pickle.loads(pickle.dumps(ours.state_dict())), (
            theirs.state_dict()):
        fresh = getattr(optim, name)([d2l.tensor(p.detach().numpy(), dtype=p.dtype)
                                      .requires_grad_() for p in params])
        fresh.load_state_dict(state)
        new = fresh.param_groups[0]["params"]
        old = [p.detach().clone().requires_grad_() for p in params]
        copied = getattr(optim, name)(old, **options)
        copied.load_state_dict(ours.state_dict())
        for _ in range(3):
            step(new, fresh)
            step(old, copied)
        assert_equal(new, old)
    a, b = ours.state_dict(), theirs.state_dict()
    assert a["state"].keys() == b["state"].keys()
    for number, kept in a["state"].items():
        known = {k: v for k, v in b["state"][number].items() if v is not None}
        assert kept.keys() == known.keys()
        for key, value in kept.items():
            assert_equal([value], [known[key]])
    a["state"] = {n: {k: torch.tensor(v.numpy()) for k, v in kept.items()}
                  for n, kept in a["state"].items()}
    theirs.load_state_dict(a)  # and to PyTorch
    for params, optimizer in both:
        step(params, optimizer)
    assert_equal(both[0][0], both[1][0])


def test_a_closure_is_called_first_and_its_loss_returned():
    both = pairs("SGD", {"lr": 0.1})

    def closure(w, optimizer):
        optimizer.zero_grad()
        loss = (w ** 2).sum()
        loss.backward()
        return loss

    for params, optimizer in both:
        loss = optimizer.step(partial(closure, params[0], optimizer))
        assert loss.item() == pytest.approx(22.34)
        assert optimizer.step() is None
    assert_equal(both[0][0], both[1][0])


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta"])
def test_the_text_of_an_optimizer_and_of_its_state(name):
    both = pairs(name, {"lr": 0.1}, groups=lambda w, b, c: [{"params": w, "lr": 1}, {"params": b}])
    (params, ours), (_, theirs) = both
    assert repr(ours) == repr(theirs) and ours.defaults == theirs.defaults
    assert list(ours.defaults) == list(theirs.defaults)
    for a, b in zip(ours.param_groups, theirs.param_groups, strict=True):
        assert list(a) == list(b)
    if name != "Adagrad":  # PyTorch makes its state before the first step
        assert str(ours.state_dict()) == str(theirs.state_dict())
    for params, optimizer in both:
        step(params, optimizer)
    a, b = str(ours.state_dict()), str(theirs.state_dict())
    assert a.replace("dtype=float64", "dtype=torch.float64") == b


def test_sgd_by_hand():
    p = d2l.tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([p], lr=0.1, momentum=0.5)
    array, seen = p.array, []
    for _ in range(3):
        optimizer.zero_grad()
        (p * 2).sum().backward()
        optimizer.step()
        seen.append(p.item())
    np.testing.assert_allclose(seen, [0.8, 0.5, 0.15], rtol=1e-6)
    assert p.array is array  # in place


def test_the_first_step_of_adam_is_the_rate():
    p = d2l.tensor([1.0, 1.0], requires_grad=True)
    optimizer = optim.Adam([p], lr=0.25)
    p.backward(d2l.tensor([1e-3, -1e3]))
    optimizer.step()
    np.testing.assert_allclose(p.array, [0.75, 1.25], rtol=1e-4)


@pytest.mark.parametrize("betas, grads", [
    ((0.0, 0.0), [1, 1e-5, 1e-5]), ((0.9, 0.0), [1, 1e-5, 1e-5]), ((0.9, 0.999), [1e20, 1, 1])])
def test_adam_is_its_formula_after_a_much_larger_gradient(betas, grads):
    p = d2l.tensor([1.0], requires_grad=True)
    optimizer = optim.Adam([p], 0.1, betas)
    q, m, s = 1.0, 0.0, 0.0  # Python's numbers: float64
    for t, g in enumerate(grads, 1):
        optimizer.zero_grad()
        p.backward(d2l.tensor([g], dtype=d2l.float32))
        optimizer.step()
        m, s = (b * old + (1 - b) * new for b, old, new in zip(betas, (m, s), (g, g * g)))
        m_fair, s_fair = (a / (1 - b**t) for a, b in zip((m, s), betas))
        q -= 0.1 * m_fair / (math.sqrt(s_fair) + 1e-8)
        assert p.item() == pytest.approx(q, rel=1e-6)


@pytest.mark.parametrize("name, options", OPTIONS, ids=str)
@pytest.mark.parametrize("number", [np.float64, lambda x: d2l.tensor(x, dtype=d2l.float64)])
def test_gradients_are_not_changed_and_dtypes_stay(name, options, number):
    p = d2l.tensor([1.0, 2.0], requires_grad=True)
    optimizer = getattr(optim, name)([p], **options)
    for _ in range(3):
        optimizer.zero_grad()
        p.backward(d2l.tensor([3.0, 4.0]))
        grad, group = p.grad.array, optimizer.param_groups[0]
        for key in "lr", "momentum", "weight_decay":  # from np.logspace, say
            if key in group:
                group[key] = number(group[key])
        optimizer.step()
        assert p.grad.array is grad and grad.tolist() == [3, 4] and p.dtype == np.float32
        assert all(v.dtype == np.float32 for v in optimizer.state[p].values())


def test_zero_grad_and_parameters_without_gradient():
    p, q = d2l.ones(1, requires_grad=True), d2l.ones(1, requires_grad=True)
    optimizer = optim.SGD(iter([p, q]), lr=1, weight_decay=0.5)
    p.backward()
    optimizer.step()
    assert p.item() == -0.5 and q.item() == 1
    optimizer.zero_grad(set_to_none=False)
    assert p.grad.item() == 0 and q.grad is None
    optimizer.zero_grad()
    assert p.grad is None


def test_a_step_between_forward_and_backward_is_noticed():
    p = d2l.tensor([2.0], requires_grad=True)
    optimizer = optim.SGD([p], 0.1)
    loss = (p * p).sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="changed in place after it was used"):
        loss.backward()


def test_updates_by_hand_and_by_optimizer():
    model = d2l.nn.Module()
    model.w = w = d2l.nn.Parameter(d2l.tensor(2.0))
    optimizer = optim.SGD([w], 0.1)
    for by_hand in (True, False, True):
        optimizer.zero_grad()
        (w * w).backward()
        if by_hand:
            w.data = w.data - 0.1 * w.grad
        else:
            optimizer.step()
            assert w.item() == pytest.approx(1.28)
    assert model.w is w and w.item() == pytest.approx(1.024)


W = d2l.ones(2, requires_grad=True)


@pytest.mark.parametrize("function, error, text", [
    (lambda: optim.SGD([W * 0.01], 0.1), ValueError, "SGD: a parameter of shape (2,) was computed "
     "from other tensors, so it never gets a gradient; make it a leaf: w = w.detach()"),
    (lambda: optim.SGD([W], float("nan")), ValueError, "SGD: lr is nan; it must be a number of at"),
    (lambda: optim.SGD([W], "a"), ValueError, "SGD: lr is 'a'; it must be a number of at least 0."),
    (lambda: optim.Adam([W], None), ValueError, "Adam: lr is None; it must be"),
    (lambda: optim.SGD([W], momentum=-1), ValueError, "SGD: momentum is -1; it must be a number"),
    (lambda: optim.Adam([W], eps=-1), ValueError, "Adam: eps is -1; it must be"),
    (lambda: optim.Adam([W], betas=(0.9,)), ValueError, "both betas lie in [0, 1), not (0.9,)."),
    (lambda: optim.Adam([W], betas=0.9), ValueError, "both betas lie in [0, 1), not 0.9."),
    (lambda: optim.SGD([W], 0.1, nesterov=True), ValueError, "needs a momentum above 0"),
    (lambda: optim.SGD([W], 0.1, 0.9, 0.1, 0, True), ValueError, "and no dampening."),
    (lambda: optim.SGD(W, 0.1), TypeError, "a list of tensors, not a Tensor."),
    (lambda: optim.SGD(3, 0.1), TypeError, "a list of tensors, not a int."),
    (lambda: optim.SGD([], 0.1), ValueError, "SGD: there are no parameters to train."),
    (lambda: optim.SGD([np.ones(2)], 0.1), TypeError, "is not a tensor."),
    (lambda: optim.SGD([{"params": [W]}, {"params": [W]}]), ValueError, "(2,) is given twice."),
    (lambda: optim.SGD([W, W]), ValueError, "a parameter of shape (2,) is given twice."),
    (lambda: optim.SGD([W], nonsense=1), TypeError, "SGD has no option 'nonsense'."),
    (lambda: optim.Adam([W], capturable=True), NotImplementedError, "capturable=True is not in"),
    (lambda: optim.Optimizer([W], {"lr": 1}).load_state_dict(
        {"state": {}, "param_groups": [{"params": [0, 1]}]}), ValueError, "differ in size"),
    (lambda: setattr(optim.SGD([W], 0.1), "lr", 0.01), AttributeError, "SGD: lr is an option of "
     "each group of parameters. Write optimizer.param_groups[0]['lr'] = 0.01."),
    (lambda: optim.SGD([W], 0.1).lr, AttributeError, "'SGD' object has no attribute 'lr'"),
    (lambda: lr_scheduler.StepLR(optim.SGD([W]), 0), ValueError, "StepLR: step_size is 0; it needs "
     "at least 1. Count the calls of step(): with one a batch, epochs * len(loader)."),
    (lambda: lr_scheduler.CosineAnnealingLR(optim.SGD([W]), 0), ValueError, "T_max is 0; it needs"),
    (lambda: lr_scheduler.OneCycleLR(optim.SGD([W]), 1, 9, pct_start=1.5), ValueError,
     "OneCycleLR: pct_start is a fraction between 0 and 1, not 1.5."),
    (lambda: lr_scheduler.OneCycleLR(optim.SGD([W]), 1), ValueError, "total_steps is 0; it needs"),
    (lambda: lr_scheduler.OneCycleLR(optim.Adagrad([W]), 1, 9), ValueError, "OneCycleLR: Adagrad "
     "has no momentum. Write cycle_momentum=False."),
    (lambda: lr_scheduler.OneCycleLR(optim.SGD([W]), 1, 9, anneal_strategy="x"), ValueError,
     "anneal_strategy is 'cos' or 'linear', not 'x'."),
    (lambda: lr_scheduler.ReduceLROnPlateau(optim.SGD([W]), "x"), ValueError, "not 'x' and 'rel'."),
    (lambda: lr_scheduler.StepLR(d2l.nn.Linear(1, 1), 3), TypeError,
     "StepLR: the first argument is the optimizer, not a Linear.")])
def test_refusals(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


# --- schedules ---

SCHEDULES = [
    ("StepLR", {"step_size": 3}), ("StepLR", {"step_size": 1, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 20]}), ("MultiStepLR", {"milestones": (30, 4),
                                                                     "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}), ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
    ("LambdaLR", {"lr_lambda": [lambda t: 0.5**t, lambda t: 0.0 if t == 3 else 1.0]}),
    ("CosineAnnealingLR", {"T_max": 30}), ("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 31}),
    ("OneCycleLR", {"max_lr": 0.2, "epochs": 4, "steps_per_epoch": 8}),
    ("OneCycleLR", {"max_lr": [0.2, 0.3], "total_steps": 33, "pct_start": 0.1, "div_factor": 10.0,
                    "final_div_factor": 100.0, "base_momentum": [0.5, 0.6], "max_momentum": 0.7}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 40, "pct_start": 1.0}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 37, "pct_start": 0.5,
                    "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 37, "pct_start": 0.3, "three_phase": True}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 50, "cycle_momentum": False}),
    ("MultiplicativeLR", {"lr_lambda": lambda t: 0.9}), ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.5, "total_iters": 9}), ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 4}), ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 20, "power": 2.0}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 5}),
    ("CyclicLR", {"base_lr": [0.01, 0.02], "max_lr": 0.2, "step_size_up": 3, "step_size_down": 6,
                  "mode": "triangular2", "cycle_momentum": False}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 4, "mode": "exp_range",
                  "gamma": 0.95}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 4, "scale_mode": "iterations",
                  "scale_fn": lambda t: 0.9 ** t})]


@pytest.mark.filterwarnings("ignore:The verbose parameter")
@pytest.mark.parametrize("name, options", SCHEDULES,
                         ids=[f"{i}-{name}" for i, (name, _) in enumerate(SCHEDULES)])
@pytest.mark.parametrize("optimizer, extra", [("SGD", {"momentum": 0.9}), ("AdamW", {}),
                                              ("SGD", {})], ids=str)
def test_rates_and_steps_equal_torchs(name, options, optimizer, extra):
    torch = importorskip()
    both = pairs(optimizer, {"lr": 0.2, **extra}, groups=lambda w, b, c: [
        {"params": [w]}, {"params": [b, c], "lr": 0.1}])
    ours, theirs = (o for _, o in both)
    a = getattr(lr_scheduler, name)(ours, **options)
    b = getattr(torch.optim.lr_scheduler, name)(theirs, **options)
    for t in range(31):
        for mine, other in zip(ours.param_groups, theirs.param_groups, strict=True):
            for key in set(mine) - {"params"}:
                assert mine[key] is other[key] is None or (
                    mine[key] == pytest.approx(other[key], rel=1e-12, abs=1e-15)), key
        assert a.get_last_lr() == pytest.approx(list(b.get_last_lr()), rel=1e-12, abs=1e-15)
        assert a.last_epoch == b.last_epoch == t
        for params, o in both:
            step(params, o)
        a.step(), b.step()
        assert_equal(both[0][0], both[1][0], 1e-9)


@pytest.mark.parametrize("options", [
    {}, {"patience": 1, "factor": 0.5}, {"patience": 0, "cooldown": 2, "min_lr": 0.05},
    {"mode": "max", "patience": 1}, {"threshold": 0.5, "patience": 1, "threshold_mode": "abs"},
    {"mode": "max", "threshold": 0.3, "threshold_mode": "abs", "patience": 0},
    {"threshold": 0.2, "patience": 2, "min_lr": [0.1, 0.0]}, {"patience": 0, "eps": 0.05}], ids=str)
def test_plateaus_equal_torchs(options):
    torch = importorskip()
    both = pairs("SGD", {"lr": 0.3}, groups=lambda w, b, c: [
        {"params": [w]}, {"params": [b, c], "lr": 0.1}])
    a, b = (library.optim.lr_scheduler.ReduceLROnPlateau(o, **options)
            for library, (_, o) in zip((d2l, torch), both))
    rng = np.random.default_rng(0)
    for i in range(60):
        metric = 1 + 1 / (1 + i) + 0.3 * rng.standard_normal()
        a.step(d2l.tensor(metric, dtype=d2l.float64)), b.step(metric)
        rates = [[group["lr"] for group in o.param_groups] for _, o in both]
        assert rates[0] == pytest.approx(rates[1]) and a.get_last_lr() == rates[0]


def test_sequences_and_chains_of_schedules():
    torch = importorskip()
    both = [pairs("SGD", {"lr": 0.3}) for _ in range(2)]
    rates = []
    for k, library in enumerate((d2l, torch)):
        s, (o, p) = library.optim.lr_scheduler, (pair[k][1] for pair in both)
        sequence = s.SequentialLR(o, [s.LinearLR(o, 0.1, total_iters=3), s.ExponentialLR(o, 0.9),
                                      s.StepLR(o, 2)], milestones=[3, 7])
        chain = s.ChainedScheduler([s.ConstantLR(p, 0.1, 2), s.ExponentialLR(p, 0.9)])
        restarts = s.CosineAnnealingWarmRestarts(pairs("SGD", {"lr": 1.0})[k][1], 3, 2)
        seen = []
        for t in range(12):
            seen += [o.param_groups[0]["lr"], p.param_groups[0]["lr"], *sequence.get_last_lr(),
                     *chain.get_last_lr(), *restarts.get_last_lr()]
            o.step(), p.step(), sequence.step(), chain.step(), restarts.step(t + 0.25)
        rates.append(seen)
    assert rates[0] == pytest.approx(rates[1], rel=1e-12)


def test_two_schedules_together_and_a_rate_changed_by_hand():
    torch = importorskip()
    both = pairs("SGD", {"lr": 0.3})
    schedules = [[library.optim.lr_scheduler.ExponentialLR(o, 0.9),
                  library.optim.lr_scheduler.MultiStepLR(o, [3, 6]),
                  library.optim.lr_scheduler.CosineAnnealingLR(o, 5)]
                 for library, (_, o) in zip((d2l, torch), both)]
    for i in range(12):
        for (params, o), several in zip(both, schedules):
            step(params, o)
            if i == 4:
                o.param_groups[0]["lr"] *= 3
            for schedule in several:
                schedule.step()
        rates = [o.param_groups[0]["lr"] for _, o in both]
        assert rates[0] == pytest.approx(rates[1], rel=1e-12)


def test_a_schedule_of_ones_own_and_its_state():
    torch = importorskip()

    def own(library):
        class Warm(library.optim.lr_scheduler.LRScheduler):
            def get_lr(self):
                return [base * min(1, (self.last_epoch + 1) / 5) for base in self.base_lrs]

        return Warm

    both = pairs("SGD", {"lr": 0.3})
    schedules = [own(library)(o) for library, (_, o) in zip((d2l, torch), both)]
    for _ in range(8):
        rates = [o.param_groups[0]["lr"] for _, o in both]
        assert rates[0] == pytest.approx(rates[1])
        for (params, o), schedule in zip(both, schedules):
            step(params, o)
            schedule.step()
    state = schedules[0].state_dict()
    assert state["last_epoch"] == 8 and "optimizer" not in state
    again = own(d2l)(both[0][1])
    again.load_state_dict(pickle.loads(pickle.dumps(state)))
    assert again.last_epoch == 8 and again.get_last_lr() == schedules[0].get_last_lr()


def test_schedules_by_hand():
    def rates(name, steps, **options):
        optimizer = optim.SGD([d2l.ones(1, requires_grad=True)], lr=1.0)
        schedule = getattr(lr_scheduler, name)(optimizer, **options)
        seen = [optimizer.param_groups[0]["lr"]]
        for _ in range(steps):
            schedule.step()
            seen.append(optimizer.param_groups[0]["lr"])
        return seen

    assert rates("StepLR", 5, step_size=2) == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    assert rates("CosineAnnealingLR", 4, T_max=4) == pytest.approx(
        [(1 + math.cos(math.pi * t / 4)) / 2 for t in range(5)])
    cycle = rates("OneCycleLR", 9, max_lr=2.0, total_steps=10)
    assert cycle[0] == pytest.approx(0.08) and cycle[2] == max(cycle) == 2
    assert cycle[-1] == pytest.approx(8e-6)
    assert len(rates("OneCycleLR", 10, max_lr=2.0, total_steps=10)) == 11  # after the last batch
    with pytest.raises(ValueError, match=r"OneCycleLR: step 11 of 10: the cycle is over\."):
        rates("OneCycleLR", 11, max_lr=2.0, total_steps=10)
    assert rates("OneCycleLR", 1, max_lr=2.0, total_steps=10, pct_start=0.1)[0] > 0


def test_momentum_of_a_single_number():
    """With weight decay too, whose sum with the gradient is a number of NumPy's."""
    w = d2l.tensor(1.0, requires_grad=True)
    step = optim.SGD([w], lr=0.1, momentum=0.5, weight_decay=1.0)
    for _ in range(2):
        step.zero_grad()
        (3 * w).backward()
        step.step()
    assert w.item() == pytest.approx(1 - 0.1 * 4 - 0.1 * (0.5 * 4 + 3.6))
