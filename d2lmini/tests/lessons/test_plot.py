"""The course's pictures: nothing blank, nothing missing, nothing left open."""

import io
import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import d2lmini as d2l
from d2lmini.lesson import plot, widgets
from d2lmini.train import History

RNG = np.random.default_rng(0)
GRAY = RNG.integers(0, 256, (7, 28, 28)).astype(np.uint8)


@pytest.fixture(autouse=True)
def style():
    plot.use_style()
    yield
    plt.close("all")


def pixels(figure=None):
    file = io.BytesIO()
    (figure or plt.gcf()).savefig(file, format="png")
    return np.asarray(Image.open(file).convert("RGB"), float)


def shown(figure):
    """The axes with a picture in them."""
    return [ax for ax in figure.axes if ax.images]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_style_is_light_large_and_safe_for_color_blind_readers():
    plt.plot([0, 1])
    page = pixels()
    assert page.shape == (396, 880, 3)
    assert (page.mean(axis=2) > 250).mean() > 0.8
    assert plt.rcParams["font.size"] >= 13
    assert plt.gca().lines[0].get_color() == plot.BLUE
    # Vienot, Brettel and Mollon (1999): the first colors stay apart without red or green cones.
    rgb = np.array([[int(c[i:i + 2], 16) / 255 for i in (1, 3, 5)] for c in plot.CYCLE[:4]]) ** 2.2
    for blind in ([[0.112, 0.888, 0], [0.112, 0.888, 0], [0.004, -0.004, 1]],
                  [[0.293, 0.707, 0], [0.293, 0.707, 0], [-0.021, 0.021, 1]]):
        seen = np.clip(rgb @ np.array(blind).T, 0, 1) ** (1 / 2.2)
        apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)
        assert apart[~np.eye(4, dtype=bool)].min() > 0.15


def test_style_does_not_depend_on_what_was_set_before():
    plt.rcParams["font.size"] = 5
    plt.rcParams["axes.facecolor"] = "black"
    plot.use_style()
    assert plt.rcParams["font.size"] == 13
    assert plt.rcParams["axes.facecolor"] == "white"


def test_show_stores_what_the_picture_shows(monkeypatch):
    sent = []
    monkeypatch.setattr(plot, "display", lambda data, **more: sent.append((data, more)))
    figure = plt.figure()
    plot.show("A line <rises>.")
    assert sent[0] == (figure, {"metadata": {"image/png": {"alt": "A line <rises>."}}})
    assert "Picture: A line &lt;rises&gt;.</p>" in sent[1][0]["text/html"]
    assert 'class="jp-sr-only"' in sent[1][0]["text/html"] and plt.get_fignums() == []
    plt.figure().set_label("It describes itself.")
    plot.show()
    assert sent[2][1]["metadata"]["image/png"]["alt"] == "It describes itself."
    plt.figure()
    with pytest.raises(ValueError, match="describe the picture"):
        plot.show()


@pytest.mark.parametrize("images", [
    GRAY, GRAY[:, None], GRAY.reshape(7, -1), d2l.tensor(GRAY / 255), GRAY > 128,
    RNG.random((7, 3, 8, 8)),
], ids=["n,h,w", "n,1,h,w", "n,h*h", "tensor", "bool", "color"])
def test_show_images_takes_every_shape_of_the_course(images):
    figure = plot.show_images(images, titles=range(7), columns=4)
    assert len(figure.axes) == 8 and len(shown(figure)) == 7
    assert [ax.get_title() for ax in figure.axes] == ["0", "1", "2", "3", "4", "5", "6", ""]
    assert pixels(figure).std() > 30


def test_show_images_keeps_the_values():
    black, white = plot.show_images(np.array([[[255]], [[0]]], np.uint8)).axes
    assert black.images[0].get_clim() == white.images[0].get_clim() == (0, 255)
    drawn = plot.show_images([[[0.0, 0.5]]]).axes[0].images[0]
    assert drawn.get_clim() == (0, 1) and drawn.get_array().tolist() == [[0, 0.5]]
    assert plot.show_images([[[-3.0, 1]]], signed=True).axes[0].images[0].get_clim() == (-3, 3)


@pytest.mark.parametrize("shape", [(28,), (2, 7), (2, 2, 4, 4), (0, 28, 28), (1, 1, 1, 4, 4)])
def test_show_images_names_the_shapes_it_takes(shape):
    with pytest.raises(ValueError, match=r"expected \(n, h, w\).*image\[None\]"):
        plot.show_images(np.zeros(shape))


def test_show_images_wants_a_title_for_each():
    with pytest.raises(ValueError, match="7 images, but 2 titles"):
        plot.show_images(GRAY, titles=["a", "b"])


def test_templates_have_a_scale_around_zero():
    figure = plot.templates(RNG.normal(size=(10, 784)), titles=range(10))
    assert len(shown(figure)) == 10 and len(figure.axes) == 11
    assert figure.axes[-1].get_ylabel() == "weight"
    low, high = figure.axes[0].images[0].get_clim()
    assert low == -high < 0
    assert plot.templates(np.zeros((2, 4))).axes[0].images[0].get_clim() == (-1, 1)


def test_bars_carry_their_numbers():
    ax = plot.bars([0.25, 0.75], ["cat", "dog"])
    assert texts(ax) == ["0.25", "0.75"] and ax.get_ylabel() == "probability"
    assert [bar.get_height() for bar in ax.patches] == [0.25, 0.75]


def test_curves_show_what_there_is():
    history = History([2.0, 1.0], [0.3, 0.6], [2.1, 1.2], [0.2, 0.5], [1.0, 1.0])
    figure = plot.curves(history, "a title")
    assert [ax.get_ylabel() for ax in figure.axes] == ["loss", "accuracy"]
    for ax, part in zip(figure.axes, ("loss", "accuracy"), strict=True):
        assert ax.get_xlabel() == "epoch" and ax.get_legend() is not None
        solid, dashed = ax.lines
        assert list(solid.get_ydata()) == getattr(history, f"train_{part}")
        assert list(dashed.get_ydata()) == getattr(history, f"valid_{part}")
        assert solid.get_linestyle() == "-" and dashed.get_linestyle() == "--"
    assert pixels(figure).std() > 10
    (ax,) = plot.curves(History(train_loss=[1.0])).axes
    assert len(ax.lines) == 1


def test_confusion_matrix_shows_every_count():
    counts = np.array([[50, 3, 0], [1, 1200, 7], [0, 2, 9]])
    ax = plot.confusion_matrix(counts, names=["a", "b", "c"])
    assert texts(ax) == [str(n) for n in counts.flat]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "b", "c"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    assert pixels(ax.figure).std() > 10
    plot.confusion_matrix(np.eye(3, dtype=int))  # no mistakes at all


def test_points_boundary_and_regions():
    x = RNG.normal(size=(30, 2))
    ax = plot.points(x, x[:, 0] > 0, names=["left", "right"])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["left", "right"]
    limits = ax.get_xlim(), ax.get_ylim()
    before = pixels()
    plot.boundary([1, 0], -0.5)
    line = ax.lines[0]
    assert np.allclose([line.get_xy1()[0], line.get_xy2()[0]], 0.5)  # vertical: w0 x0 + b = 0
    assert (ax.get_xlim(), ax.get_ylim()) == limits
    plot.regions(lambda grid: 1 / (1 + np.exp(-grid[:, 0])))
    assert np.abs(pixels() - before).mean() > 1
    page = pixels()
    left, right = page[200, 200], page[200, 800]
    assert left[2] > left[0] and right[0] > right[2]  # blue at 0, orange at 1
    with pytest.raises(ValueError, match=r"w is \(0, 0\)"):
        plot.boundary([0, 0], 1)


def test_boundary_of_any_size():
    ax = plt.subplots()[1]
    ax.set(xlim=(1000, 1010), ylim=(-1e-3, 1e-3))
    for size in 1e-150, 1.0, 1e150:  # the same line
        plot.boundary([3 * size, 4 * size], -3015 * size)
        for x, y in ax.lines[-1].get_xy1(), ax.lines[-1].get_xy2():
            assert abs(3 * x + 4 * y - 3015) < 1e-9 and 1000 < x < 1010
    plot.boundary([1, 1], 1e20)  # far from the picture
    assert len(ax.lines) == 3 and ax.get_xlim() == (1000, 1010) and ax.get_ylim() == (-1e-3, 1e-3)
    with pytest.raises(ValueError, match="must be finite"):
        plot.boundary([1, np.nan], 1)


def test_png_returns_the_picture_and_leaves_no_figure():
    kept = plt.figure()

    def draw(n):
        plt.figure()
        plt.plot(range(n))

    few, many = plot.png(draw, n=3), plot.png(draw, n=30)
    assert few.startswith(b"\x89PNG") and few != many
    with pytest.raises(TypeError):
        plot.png(draw, n="three")
    assert plt.get_fignums() == [kept.number]


def test_explore_redraws_and_says_what_went_wrong():

    def draw(n=3, slope=0.5, kind="line", grid=True):
        if slope == 0:
            raise ValueError("the line is flat")
        plt.figure()
        plt.plot(np.arange(n) * slope)
        plt.title(kind + str(grid))

    controls = {"n": (0, 9), "slope": (0.0, 1.0, 0.1), "kind": ["dot", "line"], "grid": False}
    n, slope, kind, grid, message, picture = widgets.panel(draw, **controls).children
    assert [box.value for box in (n, slope, kind, grid)] == [3, 0.5, "line", True]
    seen = {bytes(picture.value)}
    for box, value in (n, 5), (slope, 0.9), (kind, "dot"), (grid, False):
        box.value = value
        seen.add(bytes(picture.value))
    assert len(seen) == 5 and all(png.startswith(b"\x89PNG") for png in seen)
    assert message.value == ""
    slope.value = 0
    assert message.value == "<b>ValueError</b>: the line is flat"
    slope.value = 0.3
    assert message.value == ""
    assert plt.get_fignums() == []
    with pytest.raises(TypeError, match="n=5 is not a control"):
        widgets.panel(draw, n=5)


def test_explore_starts_at_the_lowest_where_the_argument_has_no_default():
    panel = widgets.panel(lambda n, kind, on: plt.plot([n]), n=(2, 5), kind=["a", "b"], on=True)
    assert [box.value for box in panel.children[:3]] == [2, "a", True]


def test_explore_shows_a_sentence_where_there_is_no_kernel(monkeypatch):
    shown = []
    monkeypatch.setattr(widgets, "display", lambda bundle, raw: shown.append(bundle))
    assert widgets.explore(lambda n=1: plt.plot([n]), n=(0, 5)) is None
    (bundle,) = shown
    assert bundle["text/plain"] == widgets.NO_KERNEL
    assert json.dumps(bundle["application/vnd.jupyter.widget-view+json"])


@pytest.mark.parametrize("levels", [5, [0.5, 1.0, 2.0]])
def test_contours_and_a_path_that_keeps_the_limits(levels):
    ax = plot.contours(lambda x, y: x * x + y * y, (-2, 2), (-1, 1), levels=levels)
    assert ax.get_xlim() == (-2, 2) and ax.get_ylim() == (-1, 1)
    plot.path([(-5, 0), (1, 1), (0, 0)], ax=ax)
    assert ax.get_xlim() == (-2, 2) and len(ax.lines) == 2 and len(ax.lines[0].get_xdata()) == 3
