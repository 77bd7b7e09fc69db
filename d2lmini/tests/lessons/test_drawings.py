"""The drawings: every number stands where it belongs, nothing is cut off, errors say why."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import d2lmini as d2l
from d2lmini.lesson import drawings, plot


@pytest.fixture(autouse=True)
def style():
    plot.use_style()
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def circles(ax):
    return [patch for patch in ax.patches if isinstance(patch, plt.Circle)]


def pixels():
    file = io.BytesIO()
    plt.gcf().savefig(file, format="png")
    return np.asarray(Image.open(file).convert("L"), float)


def nothing_is_cut_off(ax):
    ax.figure.canvas.draw()
    frame = ax.figure.bbox
    boxes = [text.get_window_extent() for text in ax.texts] + [
        patch.get_window_extent() for patch in ax.patches]
    return all(frame.x0 <= b.x0 and b.x1 <= frame.x1 and frame.y0 <= b.y0 and b.y1 <= frame.y1
               for b in boxes)


# --- neuron ---


def test_neuron_shows_its_parts():
    ax = drawings.neuron()
    assert len(circles(ax)) == 4
    for part in ("$x_1$", "$x_3$", "$w_1$", "$w_3$", "$b$", "Σ", "$z$", "$g$", "$a$"):
        assert texts(ax).count(part) == 1
    assert nothing_is_cut_off(ax) and pixels().std() > 3


@pytest.mark.parametrize("d", [1, 2, 5])
def test_neuron_writes_numbers(d):
    ax = drawings.neuron(inputs=[f"input {i}" for i in range(d)], weights=[-0.25] * d, bias=-60.5,
                         activation="step", output="yes or no", total=1.5)
    assert texts(ax).count("−0.25") == d  # with a true minus sign
    assert {"−60.5", "1.5", "step", "yes or no"} <= set(texts(ax))
    assert nothing_is_cut_off(ax)


def test_neuron_draws_sign_and_size_of_a_weight():
    lines = drawings.neuron(weights=(2.0, -1.0, 0.0)).lines
    assert [line.get_linestyle() for line in lines] == ["-", "--", ":"]
    assert [line.get_color() for line in lines[:2]] == [plot.ORANGE, plot.BLUE]
    widths = [line.get_linewidth() for line in lines]
    assert widths[0] > widths[1] > widths[2] > 0


def test_neuron_needs_one_weight_for_each_input():
    with pytest.raises(ValueError, match="neuron: 3 inputs, but 2 weights"):
        drawings.neuron(weights=(1, 2))


# --- network ---


def test_network_joins_every_circle_with_every_one_of_the_next_layer():
    ax = drawings.network([3, 4, 4, 2])
    assert len(circles(ax)) == 13
    assert len(ax.lines) == 3 * 4 + 4 * 4 + 4 * 2
    assert not ax.axison and ax.get_aspect() == 1


def test_network_writes_labels_weights_biases_and_titles():
    weights = [np.array([[0.5, -0.25], [1.0, 2.0], [0.0, -3.0]]), np.array([[1.5, 7.0, -8.0]])]
    ax = drawings.network([2, 3, 1], labels=[[22, 35], ["$h_1$", "$h_2$", "$h_3$"], ["y"]],
                          weights=weights, biases=[[10, 20, 30], [-40]], titles=["in", "h", "out"])
    for number in ("0.5", "−0.25", "1", "2", "0", "−3", "1.5", "7", "−8"):
        assert texts(ax).count(number) == 1, number
    assert {"22", "35", "$h_2$", "y", "10", "20", "30", "−40", "in", "h", "out"} <= set(texts(ax))
    styles = [line.get_linestyle() for line in ax.lines]
    assert styles.count("--") == 3 and styles.count(":") == 1
    assert nothing_is_cut_off(ax)


def test_network_puts_each_weight_on_its_own_edge():
    weights = [np.arange(1.0, 7).reshape(2, 3)]  # from input j to output i: 3 i + j + 1
    ax = drawings.network([3, 2], weights=weights)
    x, y = ([circle.center[k] for circle in circles(ax)] for k in (0, 1))
    for i, j in np.ndindex(2, 3):
        start, end = np.array([x[j], y[j]]), np.array([x[3 + i], y[3 + i]])
        [text] = [t for t in ax.texts if t.get_text() == f"{3 * i + j + 1}"]
        along, at = end - start, np.array(text.get_position()) - start
        assert abs(along[0] * at[1] - along[1] * at[0]) < 1e-9
        assert 0 < at @ along < along @ along


@pytest.mark.parametrize("sizes", [(3, 3), (3, 2), (2, 4), (5, 5)])
def test_network_weights_do_not_cover_each_other(sizes):
    plt.figure(figsize=(8, 5))
    ax = drawings.network(sizes, weights=[np.full(sizes[::-1], -0.1)])
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text() == "−0.1"]
    assert len(boxes) == sizes[0] * sizes[1]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_network_takes_words_as_weights():
    ax = drawings.network([2, 1], weights=[np.array([["$w_1$", "$w_2$"]])])
    assert {"$w_1$", "$w_2$"} <= set(texts(ax))


def test_large_layers_show_their_ends_and_dots():
    labels = [[str(i) for i in range(784)], [str(i) for i in range(512)], list("0123456789")]
    ax = drawings.network([784, 512, 10], labels=labels, titles=["784", "512", "10"], most=5)
    assert len(circles(ax)) == 3 * 4 and texts(ax).count("⋮") == 3
    assert {"0", "1", "782", "783", "510", "511", "8", "9"} <= set(texts(ax))
    assert "2" not in texts(ax)
    assert len(ax.lines) == 2 * 4 * 4
    assert nothing_is_cut_off(ax)


@pytest.mark.parametrize(("wrong", "message"), [
    ({"labels": [["a"], ["b"]]}, r"labels should measure \[2, 1\], not \[1, 1\]"),
    ({"weights": [np.ones((2, 1))]}, r"weights should measure \[\(1, 2\)\], not \[\(2, 1\)\]"),
    ({"biases": [[1, 2]]}, r"biases should measure \[1\], not \[2\]"),
    ({"titles": ["in"]}, "titles should measure 2, not 1"),
])
def test_network_says_what_does_not_fit(wrong, message):
    with pytest.raises(ValueError, match=r"network: for sizes \[2, 1\], " + message):
        drawings.network([2, 1], **wrong)


def test_drawings_go_where_they_are_told():
    left, right = plt.subplots(1, 2)[1]
    assert drawings.neuron(ax=left) is left and drawings.network([2, 1], ax=right) is right
    assert len(circles(left)) == 4 and len(circles(right)) == 3


def test_graph_writes_values_and_gradients():
    x = d2l.tensor(3.0, requires_grad=True)
    y = x * x + x
    y.backward(retain_graph=True)
    assert {"x", "3", "grad 7", "mul", "9", "add", "12"} <= set(texts(drawings.graph(y, x=x)))
    with pytest.raises(ValueError, match="freed"):
        drawings.graph(d2l.tensor(1.0))


def test_grid_writes_every_value_and_fills_the_marked_cells():
    ax = drawings.grid(np.arange(6).reshape(2, 3), mark=np.s_[1, :], title="x", label="(2, 3)")
    assert {"0", "1", "2", "3", "4", "5", "x", "(2, 3)"} == set(texts(ax))
    filled = [p for p in ax.patches if p.get_facecolor()[:3] != (1, 1, 1) and p.get_fill()]
    assert len(filled) == 3


def test_arrow_goes_where_it_is_sent_and_makes_room():
    ax = drawings.arrow((30, 40), text="far")
    assert "far" in texts(ax) and ax.get_xlim()[1] >= 30 and ax.get_ylim()[1] >= 40


# --- the training loop ---


def test_the_loop_marks_its_station_and_describes_itself():
    ax = drawings.training_loop("gradient")
    assert {"predict", "loss", "gradient", "step"} <= set(texts(ax)) and nothing_is_cut_off(ax)
    filled = [p.get_facecolor()[:3] for p in ax.patches]
    assert filled.count(plt.matplotlib.colors.to_rgb(plot.ORANGE)) == 1 and len(filled) == 4
    assert ax.figure.get_label().endswith("back to predict. Here: gradient.")
    both = drawings.training_loop(("predict", "loss"))
    assert both.figure.get_label().endswith("Here: predict and loss.")
    assert drawings.training_loop().figure.get_label().endswith("back to predict.")
    with pytest.raises(ValueError, match="'train' is no station; they are predict, loss"):
        drawings.training_loop("train")


@pytest.mark.parametrize(("draw", "words"), [
    (lambda: drawings.neuron(), "A neuron: 3 inputs"),
    (lambda: drawings.network([3, 4, 2]), "layers of 3, 4, 2 circles"),
    (lambda: drawings.graph(d2l.ones(2, requires_grad=True).sum()), "A computation graph of 2 ")])
def test_drawings_describe_themselves(draw, words):
    assert words in draw().figure.get_label()
    drawings.training_loop(ax=plt.gcf().add_subplot())
    assert words in plt.gcf().get_label()  # the first to speak
