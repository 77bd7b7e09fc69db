"""Pictures: the one style of the course, and the drawings that more than one lesson needs.

A lesson calls `use_style()` once. What draws a single diagram takes `ax` (the current axes if it is
left out) and returns it; what lays out a page of its own returns the figure. The last line of a
lesson's cell is `show("what the picture shows")`. Next: drawings.py, for schematic drawings.
"""

from __future__ import annotations

import html
import io
import math
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ..train import History

# Colors that color-blind readers can tell apart: Okabe and Ito, Color Universal Design (2002).
BLUE, ORANGE, GREEN, AMBER = "#0072B2", "#D55E00", "#009E73", "#E69F00"
PURPLE, SKY, YELLOW, GRAY = "#CC79A7", "#56B4E9", "#F0E442", "#666666"
CYCLE = (BLUE, ORANGE, GREEN, AMBER, PURPLE, SKY, GRAY)
MARKERS = "o^sDvPX"  # a class or a curve differs in its marker, too, not in its color alone

INK = "gray_r"  # 0 is paper, the largest value is ink
_blend = LinearSegmentedColormap.from_list
AMOUNT = _blend("amount", ["#FFFFFF", SKY, BLUE, "#00304D"])
SHADE = _blend("shade", ["#A9D0E8", "#FFFFFF", "#F4C7A1"])
SIGNED = _blend("signed", ["#00304D", BLUE, "#FFFFFF", ORANGE, "#5C2800"])

# A line that screen readers meet and others do not: by its style, in JupyterLab by its class.
UNSEEN = ('<p class="jp-sr-only" style="position: absolute; width: 1px; height: 1px; '
          'overflow: hidden; clip-path: inset(50%);">Picture: {}</p>')
WIDTH, HEIGHT = 8.0, 3.6  # inches; at 110 dots an inch a figure is 880 dots wide


def use_style() -> None:
    """Give every later figure the course's size, letters and colors."""
    plt.rcParams.update(plt.rcParamsDefault | {"backend": plt.rcParams["backend"]})
    plt.rcParams.update({
        "figure.figsize": (WIDTH, HEIGHT), "figure.dpi": 110, "savefig.dpi": 110,
        "figure.facecolor": "white", "figure.constrained_layout.use": True,
        "font.size": 13, "axes.titlesize": 14, "axes.labelsize": 13, "legend.fontsize": 12,
        "axes.prop_cycle": plt.cycler(color=CYCLE), "lines.linewidth": 2.2,
        "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GRAY,
        "axes.grid": True, "axes.axisbelow": True, "grid.color": "#E6E6E6",
        "legend.frameon": False, "image.cmap": INK, "image.interpolation": "nearest",
    })


def show(alt: str = "") -> None:
    """Show the open figures, described by `alt` for those who do not see them, and close them.

    The description is stored with the picture, where the web pages find it. JupyterLab reads no
    such text, so it also follows the picture as a line that only screen readers meet. A drawing
    that describes itself (`drawings.training_loop`) needs none; ValueError if there is none.
    """
    for figure in map(plt.figure, plt.get_fignums()):
        words = alt or figure.get_label()
        if not words:
            raise ValueError('show: describe the picture for those who do not see it: '
                             'plot.show("Loss falling over ten epochs.").')
        display(figure, metadata={"image/png": {"alt": words}})
        display({"text/html": UNSEEN.format(html.escape(words))}, raw=True)
    plt.close("all")


# --- pictures made of pixels ---


def show_images(images, titles=None, columns: int = 10, signed: bool = False) -> Figure:
    """A grid of pictures: (n, h, w), (n, 1, h, w), (n, 3, h, w) in color, or (n, h*h) squares.

    Bytes go from 0 to 255, other numbers from 0 to 1 (or their largest value); with `signed` from
    blue (below 0) over white to orange. ValueError for another shape, or titles of another number.
    """
    pictures = _pictures(images)
    titles = [""] * len(pictures) if titles is None else [str(title) for title in titles]
    if len(titles) != len(pictures):
        raise ValueError(f"show_images: {len(pictures)} images, but {len(titles)} titles.")
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    lines = max(title.count("\n") + 1 if title else 0 for title in titles)
    side = min(WIDTH / columns, 1.7)
    height = rows * (side * pictures.shape[1] / pictures.shape[2] + 0.22 * lines) + 0.15
    figure, axes = plt.subplots(rows, columns, figsize=(side * columns, height), squeeze=False)
    top = 255 if pictures.dtype == np.uint8 else max(1.0, float(pictures.max()))
    bottom = 0.0
    if signed:
        top = float(np.abs(pictures).max()) or 1.0
        bottom = -top
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, picture, title in zip(axes.flat, pictures, titles, strict=False):
        ax.imshow(picture, cmap=SIGNED if signed else INK, vmin=bottom, vmax=top)
        ax.set_title(title, fontsize=12, pad=3)
    return figure


def templates(weight, titles=None, columns: int = 5) -> Figure:
    """The rows of a weight (classes, h*h) as pictures: orange speaks for a class, blue against."""
    figure = show_images(weight, titles, columns, signed=True)
    figure.set_figheight(0.88 * figure.get_figheight())  # the scale takes some of the width
    bar = figure.colorbar(figure.axes[0].images[0], ax=figure.axes, shrink=0.8)
    bar.set_label("weight")
    return figure


def _pictures(images) -> np.ndarray:
    """(n, h, w), or (n, h, w, 3) in color, from any of the shapes that `show_images` takes."""
    x = np.asarray(images)
    if x.ndim == 2 and math.isqrt(x.shape[1]) ** 2 == x.shape[1]:
        x = x.reshape(len(x), math.isqrt(x.shape[1]), -1)
    if x.ndim == 4 and x.shape[1] in (1, 3):
        x = x[:, 0] if x.shape[1] == 1 else x.transpose(0, 2, 3, 1)
    if not x.size or (x.ndim != 3 and not (x.ndim == 4 and x.shape[3] == 3)):
        raise ValueError(f"show_images: images have shape {x.shape}; expected (n, h, w), "
                         f"(n, 1, h, w), (n, 3, h, w) or (n, h*h). For one: image[None].")
    return x.astype(np.float32) if x.dtype == bool else x


# --- diagrams ---


def bars(values, names=None, ax: Axes | None = None, digits: int = 2, color: str = BLUE) -> Axes:
    """Probabilities (classes,) as bars from 0 to 1, with their numbers above them."""
    ax, values = ax or plt.gca(), np.asarray(values)
    names = range(len(values)) if names is None else names
    drawn = ax.bar([str(name) for name in names], values, color=color)
    ax.bar_label(drawn, [f"{value:.{digits}f}" for value in values], padding=2, fontsize=12)
    ax.set_ylim(0, 1.1)
    ax.grid(False, axis="x")
    ax.set_ylabel("probability")
    return ax


def curves(history: History, title: str = "") -> Figure:
    """Loss and accuracy, if there is one, after each epoch: training solid, validation dashed."""
    parts = ["loss"] + ["accuracy"] * bool(history.train_accuracy or history.valid_accuracy)
    figure, axes = plt.subplots(1, len(parts), squeeze=False)
    for ax, part in zip(axes.flat, parts, strict=True):
        for name, line, marker in ("train", "-", "o"), ("valid", "--", "s"):
            values = getattr(history, f"{name}_{part}")
            label = {"train": "training", "valid": "validation"}[name]
            if values:
                ax.plot(range(1, len(values) + 1), values, line, marker=marker, ms=5, label=label)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.set(xlabel="epoch", ylabel=part)
        ax.legend()
    figure.suptitle(title)
    return figure


def confusion_matrix(counts, names=None, ax: Axes | None = None) -> Axes:
    """How often each true class (row) was taken for each class (column): counts (classes, classes).

    The color shows mistakes only; the right answers on the diagonal are set in bold on gray.
    """
    counts = np.asarray(counts)
    ax = ax or plt.subplots(figsize=(6.6, 5.8))[1]
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    ax.imshow(wrong, cmap=AMOUNT, vmin=0, vmax=max(1, wrong.max()) * 1.15)
    for (i, j), n in np.ndenumerate(counts):
        if i == j:
            ax.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, color="#E6E6E6"))
        dark = i != j and n > 0.45 * wrong.max()
        ax.text(j, i, n, ha="center", va="center", fontsize=12 if n < 1000 else 11,
                color="white" if dark else "black", weight="bold" if i == j else "normal")
    ticks = range(len(counts))
    ax.set_xticks(ticks, ticks if names is None else names)
    ax.set_yticks(ticks, ticks if names is None else names)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.grid(False)
    return ax


def points(x, labels, names=None, ax: Axes | None = None) -> Axes:
    """Points of the plane, x (n, 2), each class of `labels` (n,) in its own color and marker."""
    ax, x, labels = ax or plt.gca(), np.asarray(x), np.asarray(labels)
    for i, label in enumerate(np.unique(labels)):
        at = x[labels == label]
        ax.scatter(*at.T, s=45, color=CYCLE[i % 7], marker=MARKERS[i % 7], alpha=0.8, linewidth=0.5,
                   edgecolor="white", label=str(label if names is None else names[i]))
    ax.legend()
    return ax


def boundary(w, b: float, ax: Axes | None = None, **style) -> Axes:
    """The line of the points x with w[0] x[0] + w[1] x[1] + b = 0; the axes keep their limits.

    ValueError if w is (0, 0) or a number is not finite. A line far from the picture is left out.
    """
    ax, w = ax or plt.gca(), np.asarray(w, float).reshape(2)
    if not w.any():
        raise ValueError("boundary: w is (0, 0), so there is no line.")
    if not np.isfinite([*w, b]).all():
        raise ValueError(f"boundary: w is {tuple(w.tolist())} and b is {b}; they must be finite.")
    limits = np.array([ax.get_xlim(), ax.get_ylim()])
    middle, half = limits.mean(axis=1), np.diff(limits)[:, 0] / 2
    size = np.hypot(*(w * half))
    w, b = w * half / size, (b + w @ middle) / size  # with the picture from -1 to 1 on both axes
    if abs(b) < 100:  # its distance from the middle; the corners are at 1.4
        ends = [-b * w + step * np.array([-w[1], w[0]]) for step in (-1, 1)]
        ax.axline(*(middle + half * end for end in ends), **({"color": "black"} | style))
        ax.set(xlim=limits[0], ylim=limits[1])
    return ax


def regions(probability: Callable, ax: Axes | None = None) -> Axes:
    """Shade the axes by probability((n, 2)) -> (n,): blue at 0, white at 0.5, orange at 1."""
    ax = ax or plt.gca()
    limits = *ax.get_xlim(), *ax.get_ylim()
    xs, ys = np.linspace(*limits[:2], 200), np.linspace(*limits[2:], 200)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    values = np.asarray(probability(grid)).reshape(200, 200)
    ax.imshow(values, cmap=SHADE, vmin=0, vmax=1, extent=limits, origin="lower", aspect="auto",
              interpolation="bilinear", zorder=0)
    return ax


def contours(f: Callable, x=(-1.0, 1.0), y=(-1.0, 1.0), ax: Axes | None = None, levels=12) -> Axes:
    """Lines of equal height of the surface f(x, y), a function of arrays; the darker, the higher.

    x and y are the limits of the axes. `levels` is a list of heights, or a number of lines that
    lie closer together near the bottom, so that a bowl gives rings at equal distances.
    """
    ax = ax or plt.gca()
    xs, ys = np.meshgrid(np.linspace(*x, 200), np.linspace(*y, 200))
    z = np.asarray(f(xs, ys))
    if np.ndim(levels) == 0:
        levels = z.min() + (z.max() - z.min()) * np.linspace(0, 1, levels + 1) ** 2
    ax.contourf(xs, ys, z, levels=levels, cmap=AMOUNT, alpha=0.45, zorder=0, extend="both")
    ax.contour(xs, ys, z, levels=levels, colors=GRAY, linewidths=0.7, zorder=1)
    ax.grid(False)
    return ax


def path(points, ax: Axes | None = None, **style) -> Axes:
    """A descent, points (steps + 1, 2): a dot a step, a ring at the start; the limits stay."""
    ax, points = ax or plt.gca(), np.asarray(points)
    limits = ax.get_xlim(), ax.get_ylim()
    line, = ax.plot(*points.T, **({"marker": "o", "ms": 4, "lw": 1.6} | style))
    ax.plot(*points[0], "o", ms=9, mfc="white", mec=line.get_color(), mew=2, zorder=line.zorder + 1)
    ax.set(xlim=limits[0], ylim=limits[1])
    return ax


def png(draw: Callable, **values) -> bytes:
    """The picture that draw(**values) makes, as the bytes of a PNG file; no figure stays open."""
    with plt.ioff():
        before = set(plt.get_fignums())
        try:
            draw(**values)
            file = io.BytesIO()
            plt.gcf().savefig(file, format="png")
        finally:
            for number in set(plt.get_fignums()) - before:
                plt.close(number)
    return file.getvalue()
