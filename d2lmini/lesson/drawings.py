"""Schematic drawings: a neuron, networks of circles, grids of cells, for lessons that need them.

Each draws on `ax` (the current axes if it is left out), hides its frame and returns it; nothing
calls `plt.show()`. An edge with a number on it is orange and solid where the weight is positive,
blue and dashed where it is negative, and thicker the larger it is. Most describe themselves for
`plot.show()`; a lesson that knows more says it there. The colors are those of plot.py.
"""

from __future__ import annotations

from numbers import Number

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from .plot import BLUE, GRAY, ORANGE

PAPER, FILL = "white", "#E3F0F8"  # of an input, and of a neuron that computes something


LOOP = {"predict": "$\\hat{y} = f(x)$", "loss": "$L(\\hat{y}, y)$",
        "gradient": "$\\partial L\\,/\\,\\partial w$",
        "step": "$w \\leftarrow w - \\eta\\,\\partial L / \\partial w$"}


def training_loop(station: str | tuple = (), ax: Axes | None = None) -> Axes:
    """The loop that every lesson comes back to: predict, loss, gradient, step, and again.

    `station`, one of these words or a tuple of them, is where the lesson is: it is filled in
    orange. ValueError for another word. `plot.show()` knows what to say about this drawing.
    """
    marked = (station,) if isinstance(station, str) else tuple(station)
    if wrong := [word for word in marked if word not in LOOP]:
        raise ValueError(f"training_loop: {wrong[0]!r} is no station; they are {', '.join(LOOP)}.")
    if ax is None:
        plt.figure(figsize=(8, 2.3))
    ax = blank(ax)
    look = {"arrowstyle": "-|>,head_width=0.25,head_length=0.5", "color": GRAY, "lw": 2,
            "shrinkA": 0, "shrinkB": 0}
    for i, (name, formula) in enumerate(LOOP.items()):
        x, here = 2.8 * i, name in marked
        ax.add_patch(plt.Rectangle((x, 0), 2.1, 1, facecolor=ORANGE if here else FILL,
                                   edgecolor=GRAY, lw=1.5))
        ax.text(x + 1.05, 0.5, name, ha="center", va="center", fontsize=15,
                weight="bold" if here else "normal", color="white" if here else "black")
        ax.text(x + 1.05, 1.15, formula, ha="center", va="bottom", fontsize=13)
        if i:
            ax.annotate("", (x, 0.5), (x - 0.7, 0.5), arrowprops=look)
    back = [9.45, 9.45, 1.05, 1.05], [0, -0.55, -0.55, -0.3]
    ax.plot(*back, color=GRAY, lw=2, solid_capstyle="butt")
    ax.annotate("", (1.05, 0), (1.05, -0.4), arrowprops=look)
    ax.text(5.25, -0.62, "again, with the new weights", ha="center", va="top", fontsize=13)
    ax.set(xlim=(-0.1, 10.6), ylim=(-1.15, 1.75))
    here = f" Here: {' and '.join(marked)}." if marked else ""
    return _says(ax, "The training loop, four boxes in a circle: predict, loss, gradient, step, "
                     f"and back to predict.{here}")


def neuron(inputs=("$x_1$", "$x_2$", "$x_3$"), weights=("$w_1$", "$w_2$", "$w_3$"), bias="$b$",
           activation="$g$", output="$a$", total="$z$", ax: Axes | None = None) -> Axes:
    """One neuron: inputs, an edge with a weight from each, the sum with its bias, g, the output.

    What is given is written where it belongs, as text or as a number; `total` stands between the
    sum and the activation. ValueError if there are not as many weights as inputs.
    """
    if len(inputs) != len(weights):
        raise ValueError(f"neuron: {len(inputs)} inputs, but {len(weights)} weights.")
    ax = blank(ax)
    rows = np.linspace(0.5, -0.5, len(inputs)) * 1.15 * (len(inputs) - 1)
    largest = _largest(weights)
    for y, name, weight in zip(rows, inputs, weights, strict=True):
        _edge(ax, (0, y), (3, 0), weight, _width(weight, largest), at=0.42)
        circle(ax, 0, y, name, 0.4, PAPER)
    arrow = {"arrowstyle": "-|>", "color": GRAY, "lw": 2}
    for start, end, text in (3.5, 4.65, total), (5.6, 6.7, output):
        ax.annotate("", (end, 0), (start, 0), arrowprops=arrow)
        ax.text((start + end) / 2 - 0.05, 0.13, _text(text), ha="center", va="bottom", fontsize=15)
    ax.annotate("", (3, 0.5), (3, 1.3), arrowprops=arrow)
    ax.text(3, 1.35, _text(bias), ha="center", va="bottom", fontsize=15)
    circle(ax, 3, 0, "Σ", 0.5, FILL)
    ax.add_patch(plt.Rectangle((4.65, -0.45), 0.95, 0.9, facecolor=FILL, edgecolor=GRAY, lw=1.5))
    ax.text(5.125, 0, _text(activation), ha="center", va="center", fontsize=15)
    ax.set(xlim=(-0.6, 7), ylim=(min(rows[-1] - 0.55, -0.8), max(rows[0] + 0.55, 1.8)))
    return _says(ax, f"A neuron: {len(inputs)} inputs with weights, their sum with a bias, the "
                     "activation, the output.")


def network(sizes, labels=None, weights=None, biases=None, titles=None, most: int = 7,
            ax: Axes | None = None) -> Axes:
    """Layers of circles, every one joined with every one of the next: sizes (inputs, …, outputs).

    `labels[l]` are the texts in the circles of layer l, `weights[l]` (sizes[l + 1], sizes[l]) the
    numbers on the edges that leave it, `biases[l]` those under the circles they lead to, and
    `titles[l]` stands under the layer. A layer of more than `most` shows its first and last circles
    and dots. ValueError if anything has another length or shape. `drawings.network([3, 3, 2])`
    """
    _check(sizes, labels, weights, biases, titles)
    ax = blank(ax)
    shown = [_shown(size, most) for size in sizes]
    heights = [np.linspace(0.5, -0.5, len(layer)) * (len(layer) - 1) if len(layer) > 1 else [0.0]
               for layer in shown]
    step = max(2.2 if weights is None else 2.8, 0.62 * max(map(len, shown)))
    numbers = None if weights is None else [np.asarray(w) for w in weights]
    largest = _largest([weight for w in numbers or [] for weight in w.ravel().tolist()])
    for l in range(len(sizes) - 1):
        targets = sum(i is not None for i in shown[l + 1])
        for j, y0 in zip(shown[l], heights[l], strict=True):
            for i, y1 in zip(shown[l + 1], heights[l + 1], strict=True):
                if i is None or j is None:
                    continue
                weight = None if numbers is None else numbers[l][i, j].item()
                width = 1.0 if weight is None else _width(weight, largest)
                _edge(ax, (l * step, y0), ((l + 1) * step, y1), weight, width, 1 / (targets + 1))
    for l, (layer, ys) in enumerate(zip(shown, heights, strict=True)):
        for i, y in zip(layer, ys, strict=True):
            if i is None:
                ax.text(l * step, y, "⋮", ha="center", va="center", fontsize=20, color=GRAY)
                continue
            label = "" if labels is None else labels[l][i]
            circle(ax, l * step, y, label, 0.3, FILL if l else PAPER)
            if biases is not None and l:
                bias = _text(biases[l - 1][i])
                ax.text(l * step, y - 0.33, bias, ha="center", va="top", fontsize=12)
    bottom = min(ys[-1] for ys in heights) - (0.45 if biases is None else 0.6)
    for l, title in enumerate(titles or []):
        ax.text(l * step, bottom, title, ha="center", va="top", fontsize=13)
    lines = max((title.count("\n") + 1 for title in titles or []), default=0)
    ax.set(xlim=(-0.75, (len(sizes) - 1) * step + 0.75),
           ylim=(bottom - 0.3 * lines, max(ys[0] for ys in heights) + 0.4))
    return _says(ax, f"A network with layers of {', '.join(map(str, sizes))} circles, each joined "
                     "with all of the next layer.")


def grid(values, ax: Axes | None = None, at=(0.0, 0.0), mark=None, color=ORANGE, faint=None,
         title: str = "", label: str = "", size: float = 13) -> Axes:
    """A matrix (rows, columns) as cells with their values; a vector is a row, a number one cell.

    `mark` is the index, slice or mask of the cells to fill with `color` (one, or an array with one
    for each cell), `faint` that of cells to draw pale and dashed. `at` is the top left corner; a
    cell is one unit, and the axes grow with each grid. `title` stands above, `label` below, and
    `size` is that of the values. `drawings.grid(x, mark=np.s_[1, :])`
    """
    ax, cells = blank(ax), np.atleast_2d(np.asarray(values))
    marked, pale = (_cells(np.shape(values), index) for index in (mark, faint))
    colors = np.broadcast_to(np.asarray(color, object), cells.shape)
    for pick in (False, True):  # marked cells last, so that their frame is whole
        for (i, j), value in np.ndenumerate(cells):
            if marked[i, j] != pick:
                continue
            corner, look = (at[0] + j, at[1] - i - 1), {"lw": 1.2, "ls": "-"}
            if pale[i, j]:
                look["ls"] = (0, (3, 2))
            edge = "#B5B5B5" if pale[i, j] and not pick else GRAY
            ax.add_patch(plt.Rectangle(corner, 1, 1, facecolor="white", edgecolor=edge, **look))
            if pick:
                ax.add_patch(plt.Rectangle(corner, 1, 1, facecolor=colors[i, j], alpha=0.33))
            whole = isinstance(value, int | np.integer)  # with all its digits
            ax.text(corner[0] + 0.5, corner[1] + 0.5,
                    f"{value}".replace("-", "−") if whole else _text(value),
                    ha="center", va="center", fontsize=size, weight="bold" if pick else "normal",
                    color="#777777" if pale[i, j] else "black")
    middle, (rows, columns) = at[0] + cells.shape[1] / 2, cells.shape
    ax.text(middle, at[1] + 0.2, title, ha="center", va="bottom", fontsize=13)
    ax.text(middle, at[1] - rows - 0.2, label, ha="center", va="top", fontsize=13)
    ax.update_datalim([(at[0], at[1] - rows - 0.8 * (label.count("\n") + bool(label))),
                       (at[0] + columns, at[1] + 0.8 * (title.count("\n") + bool(title)))])
    ax.autoscale_view()
    return ax


def graph(root, ax: Axes | None = None, **names) -> Axes:
    """The calculation that a tensor recorded, from left to right: names, values and gradients.

    `root` is a tensor, or any object with data, grad, name, parents and, for numbers on the edges,
    slopes; `names` names tensors on the way. Boxes are blue where numbers enter that require a
    gradient; constants are not recorded. Call `retain_grad()` on what lies between, and draw after
    `backward(retain_graph=True)`: `graph(z, x=x)`. ValueError if nothing is recorded.
    """
    root = _node(root)
    if not _parents(root):
        raise ValueError("graph: nothing is recorded below this tensor, or backward() has freed "
                         "it. Call backward(retain_graph=True).")
    ax, at, named = blank(ax), _places(root), {id(_node(t)): name for name, t in names.items()}
    for node, (x, y) in at.values():
        parents = _parents(node)
        for k, parent in enumerate(parents):
            px, py = at[id(parent)][1]
            twin = sum(p is parent for p in parents) > 1
            bend = (0.35 if k else -0.35) if twin else 0.45 if x - px > 2.5 else 0
            ax.annotate("", (x - 0.8, y), (px + 0.8, py), arrowprops={
                "arrowstyle": "-|>", "color": GRAY, "lw": 1.6, "shrinkA": 0, "shrinkB": 0,
                "connectionstyle": f"arc3,rad={bend}"})
            if hasattr(node, "slopes"):
                middle = (x + px) / 2, (y + py) / 2 + (0.3 - 0.6 * k if twin else 0)
                ax.text(*middle, f"× {_text(node.slopes[k])}", ha="center", va="center",
                        color=BLUE, fontsize=12,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        ax.add_patch(plt.Rectangle((x - 0.8, y - 0.5), 1.6, 1, edgecolor=GRAY, lw=1.5,
                                   facecolor=PAPER if parents else FILL))
        name = "" if hasattr(node, "grad_fn") else node.name  # a leaf has no operator
        title = " = ".join(filter(None, (named.get(id(node)), name)))
        data, grad = _numbers(node)
        grad = "" if grad is None else f"grad {_values(grad)}"
        for text, dy, look in ((title, 0.28, {"weight": "bold"}), (_values(data), 0, {}),
                               (grad, -0.28, {"color": ORANGE})):
            size = min(12, 165 / max(len(text), 1))
            ax.text(x, y + dy, text, ha="center", va="center", fontsize=size, **look)
    ys = [y for _, (_, y) in at.values()]
    ax.set(xlim=(-0.9, at[id(root)][1][0] + 0.9), ylim=(min(ys) - 0.7, max(ys) + 0.7))
    return _says(ax, f"A computation graph of {len(at)} boxes, each with its value and gradient.")


def arrow(end, start=(0.0, 0.0), text: str = "", color: str = BLUE, shift=(0.0, 0.0),
          ax: Axes | None = None) -> Axes:
    """A vector in the plane as an arrow from `start` to `end`; `text` is at its middle + `shift`.

    The axes keep their frame, and grow with each arrow.
    """
    ax, start, end = ax or plt.gca(), np.asarray(start, float), np.asarray(end, float)
    look = {"arrowstyle": "-|>,head_width=0.3,head_length=0.6", "color": color, "lw": 2.5}
    ax.annotate("", end, start, arrowprops=look | {"shrinkA": 0, "shrinkB": 0})
    ax.text(*(start + end) / 2 + np.asarray(shift), text, ha="center", va="center", color=color,
            fontsize=14)
    ax.update_datalim([start, end])
    ax.autoscale_view()
    return ax


# --- what the drawings are made of ---


def blank(ax: Axes | None = None) -> Axes:
    """The axes without frame, ticks and grid, one unit as long to the right as it is upward."""
    ax = ax or plt.gca()
    ax.set_axis_off()
    ax.set_aspect("equal")
    return ax


def _says(ax: Axes, words: str) -> Axes:
    """Describe the figure, for `plot.show()`, unless something on it has done so already."""
    ax.figure.set_label(ax.figure.get_label() or words)
    return ax


def circle(ax: Axes, x: float, y: float, text="", radius: float = 0.3, color: str = FILL) -> None:
    """A circle with a text or a number in it."""
    ax.add_patch(plt.Circle((x, y), radius, facecolor=color, edgecolor=GRAY, lw=1.5, zorder=3))
    size = 15 if radius > 0.35 else 13
    if len(_text(text)) > 5 and "$" not in _text(text):
        size -= 3
    ax.text(x, y, _text(text), ha="center", va="center", fontsize=size, zorder=4)


def _edge(ax, start, end, weight, width, at):
    """A line whose weight, if there is one, stands on it at the share `at` of its way."""
    color, dashes = (GRAY, "-") if not _is_number(weight) else (
        (ORANGE, "-") if weight > 0 else (BLUE, "--") if weight < 0 else ("#BBBBBB", ":"))
    ax.plot(*zip(start, end), dashes, color=color, lw=width, zorder=1)
    if weight is not None:
        x, y = np.array(start) * (1 - at) + np.array(end) * at
        box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
        ax.text(x, y, _text(weight), ha="center", va="center", fontsize=12, zorder=2, bbox=box,
                color="black" if color == "#BBBBBB" else color)


def _node(root):
    """The node that a tensor came from; a leaf, and any other object, stands for itself."""
    return getattr(root, "grad_fn", None) or root


def _parents(node) -> tuple:
    if hasattr(node, "inputs"):  # a Node of the engine; of a leaf there are none
        return tuple(parent for parent, _ in node.inputs or ())
    return getattr(node, "parents", ())


def _numbers(node) -> tuple:
    """The value of a node and its gradient, None where it was not kept."""
    if not hasattr(node, "array"):
        return node.data, node.grad
    keeper = node if hasattr(node, "grad_fn") else node.keeper and node.keeper()
    grad = getattr(keeper, "grad", None)
    return node.array, None if grad is None else grad.array


def _places(root) -> dict:
    """{id: (node, (x, y))} of all below `root`: each left of all that was made from it."""
    nodes, depth, stack = {id(root): root}, {id(root): 0}, [root]
    while stack:  # visits a node again when a longer way to it turns up: for small graphs
        node = stack.pop()
        for parent in _parents(node):
            nodes[id(parent)] = parent
            if depth.get(id(parent), -1) <= depth[id(node)]:
                depth[id(parent)] = depth[id(node)] + 1
                stack.append(parent)
    y, last = {}, max(depth.values())
    for d in range(last + 1):  # a column at a time, from the root: near what was made from it
        wish = {id(root): 0.0} if d == 0 else {}
        for i, node in nodes.items():
            for k, parent in enumerate(_parents(node)):
                if depth[id(parent)] == d and depth[i] < d:
                    wish.setdefault(id(parent), []).append(y[i] - k / 100)
        column = sorted(wish, key=lambda i: -np.mean(wish[i]))
        middle = np.mean([np.mean(wish[i]) for i in column])
        y |= {i: middle + 1.25 * ((len(column) - 1) / 2 - row) for row, i in enumerate(column)}
    return {i: (node, (2.4 * (last - depth[i]), y[i])) for i, node in nodes.items()}


def _values(data) -> str:
    """A number, or a short row of numbers; of more the shape."""
    data = np.asarray(data)
    if data.ndim == 0:
        return _text(data.item())
    row = ", ".join(_text(value) for value in data.tolist()) if data.size <= 4 else ""
    return f"({row})" if data.ndim == 1 and row and len(row) <= 14 else f"shape {data.shape}"


def _text(value) -> str:
    """A number, three digits at most and with a true minus sign; text as it is."""
    return f"{value:.3g}".replace("-", "−") if _is_number(value) else str(value)


def _is_number(value) -> bool:
    return isinstance(value, (Number, np.number)) and not isinstance(value, bool)


def _width(weight, largest) -> float:
    return 0.8 + 3.2 * abs(weight) / largest if _is_number(weight) else 1.5


def _largest(weights) -> float:
    return max((abs(weight) for weight in weights if _is_number(weight)), default=0) or 1


def _shown(size: int, most: int) -> list:
    """The circles of a layer that are drawn, None where the dots stand."""
    if size <= most:
        return list(range(size))
    first = (most - 1) // 2 + (most - 1) % 2
    return [*range(first), None, *range(size - (most - 1 - first), size)]


def _cells(shape: tuple, index) -> np.ndarray:
    """True at the cells that `index` picks, False elsewhere, as a matrix."""
    mask = np.zeros(shape, bool)
    if index is not None:
        mask[index] = True
    return np.atleast_2d(mask)


def _check(sizes, labels, weights, biases, titles):
    gaps = list(zip(sizes[1:], sizes))
    for name, given, wanted in (
            ("labels", None if labels is None else [len(row) for row in labels], list(sizes)),
            ("weights", None if weights is None else [np.shape(w) for w in weights], gaps),
            ("biases", None if biases is None else [len(b) for b in biases], list(sizes[1:])),
            ("titles", None if titles is None else len(titles), len(sizes))):
        if given is not None and given != wanted:
            raise ValueError(f"network: for sizes {list(sizes)}, {name} should measure {wanted}, "
                             f"not {given}.")
