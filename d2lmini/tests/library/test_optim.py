"""Optimizers and schedules: by hand, and step for step as PyTorch's."""

import math
import re

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
    ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}), ("SGD", {}),
    ("Adam", {}), ("Adam", {"lr": 0.1}), ("Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1}), ("Adam", {"lr": 0.01, "betas": (0.0, 0.9)})]


@pytest.mark.parametrize("name, options", OPTIONS, ids=str)
@pytest.mark.parametrize("dtype, rtol", [("float32", 1e-5), ("float64", 1e-12)])
def test_20_steps_equal_torchs(name, options, dtype, rtol):
    torch = importorskip()
    start = [np.array([[1.5, -2.0], [0.3, 4.0]], dtype), np.array([0.5, -0.5], dtype)]
    ours = [d2l.Tensor(a.copy(), requires_grad=True, dtype=dtype) for a in start]
    theirs = [torch.tensor(a, requires_grad=True) for a in start]
    optimizers = [getattr(o, name)(p, **options) for o, p in ((optim, ours), (torch.optim, theirs))]
    for step in range(20):
        for (w, b), optimizer in zip((ours, theirs), optimizers, strict=True):
            loss = ((w @ b - 1) ** 2).sum() / 4 + 0.1 * (w ** 2).sum()
            optimizer.zero_grad()
            loss.backward()
            if step == 7:
                b.grad = None  # a parameter that was not used stays as it is
            optimizer.step()
        for a, b in zip(ours, theirs, strict=True):
            assert a.dtype == dtype
            np.testing.assert_allclose(a.data, b.detach().numpy(), rtol=rtol, atol=rtol)


def test_sgd_by_hand():
    p = d2l.tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([p], lr=0.1, momentum=0.5)
    array, seen = p.data, []
    for _ in range(3):
        optimizer.zero_grad()
        (p * 2).sum().backward()
        optimizer.step()
        seen.append(p.item())
    np.testing.assert_allclose(seen, [0.8, 0.5, 0.15], rtol=1e-6)
    assert p.data is array  # in place


def test_the_first_step_of_adam_is_the_rate():
    p = d2l.tensor([1.0, 1.0], requires_grad=True)
    optimizer = optim.Adam([p], lr=0.25)
    p.backward([1e-3, -1e3])
    optimizer.step()
    np.testing.assert_allclose(p.data, [0.75, 1.25], rtol=1e-4)


@pytest.mark.parametrize("betas, grads", [
    ((0.0, 0.0), [1, 1e-5, 1e-5]), ((0.9, 0.0), [1, 1e-5, 1e-5]), ((0.9, 0.999), [1e20, 1, 1])])
def test_adam_is_its_formula_after_a_much_larger_gradient(betas, grads):
    p = d2l.tensor([1.0], requires_grad=True)
    optimizer = optim.Adam([p], 0.1, betas)
    q, m, s = 1.0, 0.0, 0.0  # Python's numbers: float64
    for t, g in enumerate(grads, 1):
        p.zero_grad()
        p.backward([g])
        optimizer.step()
        m, s = (b * old + (1 - b) * new for b, old, new in zip(betas, (m, s), (g, g * g)))
        m_fair, s_fair = (a / (1 - b**t) for a, b in zip((m, s), betas))
        q -= 0.1 * m_fair / (math.sqrt(s_fair) + 1e-8)
        assert p.item() == pytest.approx(q, rel=1e-6)


@pytest.mark.parametrize("name, options", OPTIONS, ids=str)
def test_gradients_are_not_changed_and_dtypes_stay(name, options):
    p = d2l.tensor([1.0, 2.0], requires_grad=True)
    optimizer = getattr(optim, name)([p], **options)
    for _ in range(2):
        p.zero_grad()
        p.backward([3.0, 4.0])
        grad = p.grad.data
        optimizer.lr = np.float64(optimizer.lr)  # from np.logspace, say
        optimizer.step()
        assert p.grad.data is grad and grad.tolist() == [3, 4] and p.dtype == np.float32


def test_zero_grad_and_parameters_without_gradient():
    p, q = d2l.ones(1, requires_grad=True), d2l.ones(1, requires_grad=True)
    optimizer = optim.SGD(iter([p, q]), lr=1, weight_decay=0.5)
    p.backward()
    optimizer.step()
    assert p.item() == -0.5 and q.item() == 1
    optimizer.zero_grad()
    assert p.grad is None


def test_a_single_number_moves_after_a_step_by_hand():
    model = d2l.nn.Module()
    model.w = w = d2l.nn.Parameter(2.0)
    optimizer, start = optim.SGD([w], 0.1), model.state_dict()
    for by_hand in (True, False, True):
        w.zero_grad()
        (w * w).backward()
        if by_hand:
            w.data = w.data - 0.1 * w.grad.data  # a NumPy number, no longer an array
        else:
            optimizer.step()
            assert w.item() == pytest.approx(1.28)
    model.load_state_dict(start)
    assert w.item() == 2


W = d2l.ones(2, requires_grad=True)


@pytest.mark.parametrize("function, error, text", [
    (lambda: optim.SGD([W * 0.01], 0.1), ValueError, "SGD: a parameter of shape (2,) was computed "
     "from other tensors, so it never gets a gradient; make it a leaf: d2l.tensor(w.data"),
    (lambda: optim.SGD([W], float("nan")), ValueError, "SGD: lr (nan) and weight_decay (0.0)"),
    (lambda: optim.SGD([W], "a"), ValueError, "SGD: lr ('a') and weight_decay (0.0) cannot be"),
    (lambda: optim.Adam([W], None), ValueError, "Adam: lr (None) and weight_decay"),
    (lambda: optim.SGD([W], momentum=-1), ValueError, "SGD: momentum (-1) cannot be negative; give "
     "plain numbers of at least 0."),
    (lambda: optim.Adam([W], eps=-1), ValueError, "Adam: eps (-1) cannot be negative"),
    (lambda: optim.Adam([W], betas=(0.9,)), ValueError, "both betas lie in [0, 1), not (0.9,)."),
    (lambda: optim.Adam([W], betas=0.9), ValueError, "both betas lie in [0, 1), not 0.9."),
    (lambda: optim.SGD([W], 0.1, 0.9, 0.0, 0.5), TypeError, "takes from 2 to 4 positional"),
    (lambda: lr_scheduler.StepLR(optim.SGD([W]), 0), ValueError, "StepLR: step_size is 0; it needs "
     "at least 1. Count the calls of step(): with one a batch, epochs * len(loader)."),
    (lambda: lr_scheduler.CosineAnnealingLR(optim.SGD([W]), 0), ValueError, "T_max is 0; it needs"),
    (lambda: lr_scheduler.OneCycleLR(optim.SGD([W]), 1, 9, 1.5), ValueError,
     "OneCycleLR: pct_start is a share between 0 and 1, not 1.5."),
    (lambda: lr_scheduler.StepLR(d2l.nn.Linear(1, 1), 3), TypeError,
     "StepLR: the first argument is the optimizer, not a Linear.")])
def test_refusals(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


@pytest.mark.parametrize("data, grad, text", [
    ([3.0, 4.0], d2l.ones(2), "not list and Tensor"), (d2l.ones(2), d2l.ones(2), "not Tensor and"),
    (np.ones(2), np.ones(2), "its grad a tensor, not ndarray and ndarray. Write w.data[...] =")])
def test_step_refuses_what_is_no_array_or_no_tensor(data, grad, text):
    w = d2l.ones(2, requires_grad=True)
    optimizer = optim.SGD([w])
    w.data, w.grad = data, grad
    with pytest.raises(TypeError, match=re.escape(text)):
        optimizer.step()


# --- schedules ---

SCHEDULES = [
    ("StepLR", {"step_size": 3}), ("StepLR", {"step_size": 1, "gamma": 0.5}),
    ("CosineAnnealingLR", {"T_max": 30}), ("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.01}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 30}),
    ("OneCycleLR", {"max_lr": 2.0, "total_steps": 25, "pct_start": 0.1, "div_factor": 10.0,
                    "final_div_factor": 100.0}),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 9, "pct_start": 1.0}),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 7, "pct_start": 0.5})]


@pytest.mark.parametrize("name, options", SCHEDULES, ids=str)
def test_rates_equal_torchs(name, options):
    torch = importorskip()
    ours = optim.SGD([d2l.ones(1, requires_grad=True)], lr=0.3, momentum=0.9)
    theirs = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.3, momentum=0.9)
    extra = {"cycle_momentum": False} if name == "OneCycleLR" else {}
    a = getattr(lr_scheduler, name)(ours, **options)
    b = getattr(torch.optim.lr_scheduler, name)(theirs, **options, **extra)
    for _ in range(options.get("total_steps", 31)):
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9, abs=1e-12)
        assert a.get_last_lr() == [ours.lr]
        if b.last_epoch < options.get("total_steps", 99) - 1:
            theirs.step()
            a.step()
            b.step()


def test_schedules_by_hand():
    def rates(name, steps, **options):
        optimizer = optim.SGD([d2l.ones(1, requires_grad=True)], lr=1.0)
        schedule = getattr(lr_scheduler, name)(optimizer, **options)
        seen = [optimizer.lr]
        for _ in range(steps):
            schedule.step()
            seen.append(optimizer.lr)
        return seen

    assert rates("StepLR", 5, step_size=2) == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    assert rates("CosineAnnealingLR", 4, T_max=4) == pytest.approx(
        [(1 + math.cos(math.pi * t / 4)) / 2 for t in range(5)])
    cycle = rates("OneCycleLR", 9, max_lr=2.0, total_steps=10)
    assert cycle[0] == pytest.approx(0.08) and cycle[2] == max(cycle) == 2
    assert cycle[-1] == pytest.approx(8e-6)
    assert rates("OneCycleLR", 12, max_lr=2.0, total_steps=10)[-1] == pytest.approx(8e-6)
    assert rates("OneCycleLR", 12, max_lr=2.0, total_steps=10, pct_start=1.0)[-1] == 2
