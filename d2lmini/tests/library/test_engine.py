"""The engine: graphs, gradients, memory, no_grad, and Python's operators on tensors.

The sentences of errors are in test_errors.py.
"""

import functools
import gc
import itertools
import threading
import time
import tracemalloc
import weakref

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import functional, no_grad, op
from d2lmini.tests.library.operators import CASES, OURS


def leaf(*numbers):
    return d2l.tensor(list(numbers), requires_grad=True)


# --- depth, order, accumulation ---

def test_a_chain_of_100_000_operators():
    x = d2l.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + 1e-3
    assert y.item() == pytest.approx(101, rel=0.01)
    y.backward()
    assert x.grad.item() == 1


def test_a_long_chain_is_deleted_without_backward():
    x = y = d2l.tensor(1.0, requires_grad=True)
    for _ in range(100_000):
        y = (-y).reshape(())
    del y  # a recursion in C would end the process here
    assert x.grad is None


def test_22_doublings_are_fast():
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        x = y = d2l.tensor(1.0, requires_grad=True)
        for _ in range(22):
            y = y + y
        y.backward()
        best = min(best, time.perf_counter() - start)
    assert x.grad.item() == 2 ** 22
    assert best < 0.01


def test_x_squared_plus_x():
    x = d2l.tensor(3.0, requires_grad=True)
    (x * x + x).backward()
    assert x.grad.item() == 7


def test_a_node_waits_for_all_its_consumers():
    x = d2l.tensor(2.0, requires_grad=True)
    a = x * 3
    long = a
    for _ in range(5):
        long = long * 1.0
    (a * long + a).backward()  # 9 x^2 + 3 x
    assert x.grad.item() == 39


def test_a_branch_without_gradient_is_not_waited_for():
    x = leaf(1.0, 2.0)
    y = x * 2
    out = op("half", y.array * 1, (y, lambda g: g))
    (out + y.detach()).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_two_graphs_accumulate_and_zero_grad_forgets():
    x = leaf(1.0, 2.0)
    (x * 2).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    assert x.grad.tolist() == [5, 5] and x.grad is first  # as in PyTorch: added in place
    x.zero_grad()
    assert x.grad is None


def test_interior_gradients_only_if_asked():
    x = leaf(1.0, 2.0)
    a = x * 2
    b = a + 1
    b.retain_grad()
    loss = (b * b).sum()
    loss.backward()
    assert a.grad is None and loss.grad is None
    assert b.grad.tolist() == [6, 10] and x.grad.tolist() == [12, 20]


def test_retain_graph():
    x = leaf(1.0, 2.0)
    loss = (x.exp() * x).sum()
    loss.backward(retain_graph=True)
    once = x.grad.array.copy()
    loss.backward()
    np.testing.assert_allclose(x.grad.array, 2 * once)


def test_a_gradient_set_by_hand_is_added_to():
    x = leaf(1.0, 2.0)
    x.grad = d2l.tensor([1.0, 2.0])
    (x * 2).sum().backward()
    assert x.grad.tolist() == [3, 4] and x.grad.dtype == np.float32


def test_gradient_argument():
    x = leaf(1.0, 2.0)
    for gradient in ([1, 10], np.array([1.0, 10.0]), d2l.tensor([1.0, 10.0])):
        x.zero_grad()
        (x * x).backward(gradient)
        assert x.grad.tolist() == [2, 40] and x.grad.dtype == np.float32
    x.zero_grad()
    x.backward(np.ones(2))
    assert x.grad.tolist() == [1, 1]


def test_a_loss_of_shape_1_1_counts_as_a_single_number():
    x = leaf(3.0)
    (x * x).reshape(1, 1).backward()
    assert x.grad.tolist() == [6]


def test_nan_is_passed_on():
    x = leaf(np.nan, 1.0)
    y = (x * 2).sum()
    y.backward()
    assert np.isnan(y.item()) and x.grad.tolist() == [2, 2]
    with pytest.warns(RuntimeWarning):
        assert np.isnan(leaf(-1.0).log().item())


def test_only_what_requires_grad_gets_it():
    x, w, c = leaf(1.0), leaf(2.0), d2l.tensor([3.0])
    out = x.detach() * w * c
    out.sum().backward()
    assert x.grad is None and c.grad is None and w.grad.tolist() == [3]
    assert not (c * 2).requires_grad and (c * 2).grad_fn is None
    w.zero_grad()
    w.requires_grad_(False)
    assert not (w * 2).requires_grad


# --- memory ---

def graph():
    x = d2l.randn(4, 3, requires_grad=True)
    w = d2l.randn(2, 3, requires_grad=True)
    h = functional.linear(x, w).relu().amax(1, keepdim=True) ** 2
    image = functional.conv2d(x.reshape(1, 1, 4, 3), w.reshape(1, 1, 2, 3), padding=1)
    h2 = functional.max_pool2d(image, 2).mean() + functional.softmax(x, 1).var() + x[[0, 0]].sum()
    return (h + h2).sigmoid(), [x, w]


@pytest.mark.parametrize("how", ["deleted", "used", "used twice"])
def test_the_graph_is_freed_by_reference_count(how):
    graph()  # the first time, something may have to be imported
    gc.collect()
    gc.disable()
    try:
        loss, leaves = graph()
        nodes, stack = [weakref.ref(loss)], [loss.grad_fn]
        while stack:
            node = stack.pop()
            nodes.append(weakref.ref(node))
            stack.extend(parent for parent, _ in node.inputs)
        if how != "deleted":
            loss.backward(np.ones(loss.shape), retain_graph=how == "used twice")
        if how == "used twice":
            loss.backward(np.ones(loss.shape))
        alive = {id(t) for t in leaves} | (
            {id(loss), id(loss.grad_fn)} if how != "deleted" else set())
        node = None
        if how == "deleted":
            del loss
        assert len(nodes) > 10
        assert {id(r()) for r in nodes if r() is not None} == alive
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_operator_makes_a_cycle(case):
    inputs = [d2l.tensor(a, requires_grad=True) for a in case.inputs(0, np.float32)]
    gc.disable()
    try:
        out = case.function(OURS, *inputs)
        ref = weakref.ref(out)
        del out
        assert ref() is None
    finally:
        gc.enable()


def test_memory_is_flat_over_steps():
    """Python keeps up to 2,000 small tuples for later use: far less than one array here."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    w = d2l.randn(300, 300, requires_grad=True)
    try:
        sizes = []
        for _ in range(12):
            w.zero_grad()
            y = (functional.linear(w, w).relu() / 300).amax(1, keepdim=True) * w
            functional.softmax(y, 1).sum().backward()
            sizes.append(tracemalloc.get_traced_memory()[0])
        assert max(sizes[2:]) - min(sizes[2:]) < w.array.nbytes / 3
    finally:
        tracemalloc.stop()
        gc.enable()


def assert_nothing_shared(tensors):
    grads = [t.grad.array for t in tensors if t.grad is not None]
    assert len(grads) == len(tensors)
    for a, b in itertools.combinations(grads + [t.array for t in tensors], 2):
        assert not np.shares_memory(a, b)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradients_of_each_operator_share_no_memory(case):
    inputs = [d2l.tensor(a, requires_grad=True) for a in case.inputs(1, np.float32)]
    twins = [t.clone() for t in inputs]  # both the leaves' own and through another node
    given = np.ones(case.function(OURS, *inputs).shape, np.float32)
    for operands in (inputs, twins):
        for t in operands:
            t.retain_grad()
        case.function(OURS, *operands).backward(given)
    used = [t for t in inputs + twins if t.grad is not None]
    grads = [t.grad.array for t in used]
    for a, b in itertools.combinations([*grads, given, *(t.array for t in used)], 2):
        assert not np.shares_memory(a, b)


@pytest.mark.parametrize("combine", [
    lambda x, y: x + y, lambda x, y: x - y, lambda x, y: d2l.stack([x, y]),
    lambda x, y: d2l.cat([x, y]), lambda x, y: x.reshape(2, 2) + y.reshape(2, 2),
    lambda x, y: x.clone() + y.clone(), lambda x, y: (x + y).sum(), lambda x, y: x.sum() + y.sum(),
    lambda x, y: (x + y).mean(), lambda x, y: d2l.where(x > y, x, y), lambda x, y: x[:] + y[:],
    lambda x, y: op("custom", x.array + y.array, (x, lambda g: g), (y, lambda g: g)),
    lambda x, y: op("views", x.array + y.array, (x, lambda g: g[:]), (y, lambda g: g.view())),
    lambda x, y: op("thrice", x.array + y.array, *((t, lambda g: g) for t in (x, y, x)))])
def test_no_two_gradients_share_memory(combine):
    x, y = d2l.ones(4, requires_grad=True), d2l.zeros(4, requires_grad=True)
    for _ in range(2):
        out = combine(x, y)
        out.retain_grad()
        out.backward(np.ones(out.shape))
        assert_nothing_shared([x, y, out])
    before = y.grad.array.copy()
    x.grad.array[:] = 100
    np.testing.assert_array_equal(y.grad.array, before)


def test_the_given_gradient_is_not_kept():
    x, g = d2l.ones(3, requires_grad=True), np.ones(3, np.float32)
    x.backward(g)
    x.clone().backward(g)
    assert not np.shares_memory(x.grad.array, g)


# --- no_grad ---

def recording():
    return (d2l.ones(1, requires_grad=True) * 2).requires_grad


def test_no_grad_nests():
    with no_grad():
        assert not recording() and not d2l.is_grad_enabled()
        with no_grad():
            assert not recording()
        assert not recording()
    assert recording() and d2l.is_grad_enabled()


def test_no_grad_survives_exceptions():
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert recording()


@pytest.mark.parametrize("decorator", [no_grad, no_grad()], ids=["bare", "with brackets"])
def test_no_grad_is_a_decorator(decorator):
    @decorator
    def inside(depth):
        """What it does."""
        assert not recording()
        if depth:
            inside(depth - 1)
            assert not recording()
        return depth

    assert inside(3) == 3 and recording()
    assert inside.__name__ == "inside" and inside.__doc__ == "What it does."

    @decorator
    def fails():
        raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert recording()


def test_one_no_grad_object_can_be_entered_again():
    quiet = no_grad()
    with quiet, quiet:
        assert not recording()
    assert recording()


def test_a_decorated_function_may_run_in_two_threads_at_once():
    """Each call restores what was so in its own thread, whichever ends first."""
    inside, go, after = threading.Event(), threading.Event(), []

    @no_grad()
    def function(name):
        if name == "other":
            inside.set()
            go.wait(10)

    def other():
        with no_grad():
            function("other")
            after.append(d2l.is_grad_enabled())

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    function("this one")
    go.set()
    thread.join()
    assert after == [False] and recording()


@pytest.mark.parametrize("library", ["d2lmini", "torch"])
def test_the_modes_of_recording_as_contexts_and_decorators(library):
    L = pytest.importorskip(library)
    seen = []

    def look(*args):
        seen.append(L.is_grad_enabled())

    for quiet in (L.set_grad_enabled(False)(look), L.inference_mode()(look),
                  L.no_grad()(functools.partial(look, 1))):
        quiet(), look(), quiet(), look()
    for mode in (L.set_grad_enabled(False), L.inference_mode(mode=True), L.inference_mode(False)):
        with mode:
            look()
        look()
    L.set_grad_enabled(False), look(), L.set_grad_enabled(True), look()
    assert seen == [False, True] * 6 + [False, True, False, True, True, True, False, True]


def test_leaves_made_inside_no_grad_require_it_still():
    with no_grad():
        x = d2l.ones(2, requires_grad=True)
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_gradients_of_single_numbers_are_arrays():
    """A sum of two 0-d arrays is a number of NumPy's, which nothing can change in place."""
    x = d2l.tensor(3.0, requires_grad=True)
    (x * x + x).backward()
    assert type(x.grad.array) is np.ndarray
    x.grad.zero_()
    assert x.grad.item() == 0
