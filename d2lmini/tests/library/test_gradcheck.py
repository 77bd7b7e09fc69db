"""The checker of gradients: it accepts what is right, and finds what is wrong."""

import re

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini.gradcheck import gradcheck, numerical_gradient

X, Y = np.array([[0.5, -1.2, 2.0], [1.5, 0.3, -0.7]]), np.array([0.4, 1.1, -0.6])


@pytest.mark.parametrize("function, gradient", [
    (lambda x: (x ** 2).sum(), 2 * X), (lambda x: (x * Y).sum(), np.broadcast_to(Y, X.shape)),
    (lambda x: np.sin(x).prod(), np.cos(X) / np.sin(X) * np.sin(X).prod()),
    (lambda x: x[1, 0], [[0, 0, 0], [1, 0, 0]])])
def test_central_differences(function, gradient):
    x = X.copy()
    found = numerical_gradient(function, x)
    np.testing.assert_allclose(found, gradient, atol=1e-8)
    np.testing.assert_array_equal(x, X)  # put back
    assert found.shape == X.shape


def test_the_step_is_h():
    assert numerical_gradient(lambda x: x[0] ** 3, np.array([1.0]), 0.5)[0] == 3.25  # 3 + h^2


def derived(derivative, value=lambda x: x * x):
    """An operator with this derivative, right or wrong."""
    return lambda x: d2l.op("mine", value(x.array), (x, lambda g: derivative(g, x.array)))


@pytest.mark.parametrize("inputs", [
    X, X.astype(np.float32), [X], (d2l.tensor(X),), d2l.tensor(X), d2l.nn.Parameter(d2l.tensor(X)),
    [np.zeros((0, 3))], [np.array(0.7)]], ids=str)
def test_right_gradients_pass(inputs):
    assert gradcheck(derived(lambda g, x: 2 * g * x), inputs) is True
    assert gradcheck(lambda x: derived(lambda g, x: 2 * g * x)(x).sum(), inputs) is True


def test_several_inputs_are_float64_copies():
    seen, given = [], [X.astype(np.float32), d2l.tensor(Y, requires_grad=True)]

    def function(x, y):
        seen.append((x.dtype, y.dtype, x.requires_grad, y.requires_grad))
        return x * y

    assert gradcheck(function, given)
    assert set(seen) == {(np.dtype(float), np.dtype(float), True, True)}
    assert given[1].grad is None and (given[0] == X.astype(np.float32)).all()


@pytest.mark.parametrize("wrong", [
    lambda g, x: g * x, lambda g, x: -2 * g * x, lambda g, x: 2 * x, lambda g, x: 2 * g * x + 1e-3,
    lambda g, x: 2 * g * x * (1 + 1e-3), lambda g, x: 2 * g[::-1] * x, lambda g, x: 0 * x,
    lambda g, x: 2 * g.mean() * x, lambda g, x: np.where(x > 1.9, np.nan, 2 * g * x)])
def test_wrong_gradients_are_found(wrong):
    with pytest.raises(AssertionError, match="with respect to input 0 at index"):
        gradcheck(derived(wrong), X)


@pytest.mark.parametrize("relative, absolute, passes", [(1e-3, 0, True), (1e-5, 0, False),
                                                        (0, 1e-2, True), (0, 1e-5, False)])
def test_tolerances(relative, absolute, passes):
    function = derived(lambda g, x: 2 * g * x + 1e-3 * np.sign(x), lambda x: x * x)
    if passes:
        assert gradcheck(function, np.array([2.0]), rtol=relative, atol=absolute)
    else:
        with pytest.raises(AssertionError):
            gradcheck(function, np.array([2.0]), rtol=relative, atol=absolute)


def test_the_message_shows_the_worst_place():
    def off_at_one_place(g, x):
        d = 2 * g * x
        d[1, 2] += 1
        return d

    with pytest.raises(AssertionError, match=re.escape(
            "gradcheck: with respect to input 1 at index (1, 2), backward gives -0.4, central "
            "differences -1.4.")):
        gradcheck(lambda y, x: derived(off_at_one_place)(x).sum() + y.sum() * 0, [Y, X])
    with pytest.raises(AssertionError, match=re.escape(
            "(of the outputs, summed with random weights).")):
        gradcheck(derived(off_at_one_place), X)


@pytest.mark.parametrize("function", [
    lambda x: x.detach() * 2, lambda x: d2l.tensor(x.detach().numpy()), lambda x: d2l.ones(2)])
def test_a_function_that_leaves_the_graph(function):
    with pytest.raises(AssertionError, match="does not depend on the inputs, or the function left"):
        gradcheck(function, X)


def test_an_input_that_is_not_used_has_the_gradient_0():
    assert gradcheck(lambda x, y: y * 3, [X, Y])
    with pytest.raises(AssertionError, match="input 0 at index"):
        gradcheck(lambda x, y: y * 3 + x.detach().sum(), [X, Y])
