"""Draw a digit: a pad for mouse, pen, finger or keyboard, and a network's answer beside it.

`digit_pad(read)` shows it. The part in the browser is pad.js with pad.css (an anywidget); this part
gives each drawing the form of MNIST's digits and asks the network. Where anywidget or a kernel is
missing, a drawing that comes with the course (pad.png) stands there. See widgets.py for sliders.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from . import plot

try:
    import anywidget
    import traitlets
except ImportError:
    anywidget = None

FOLDER = Path(__file__).parent
SIZE, BOX = 28, 20  # pixels across a picture of MNIST, and across the box that the digit fills
NO_KERNEL = "A sample. Run this notebook in Jupyter to draw one of your own."
NO_ANYWIDGET = "A sample. To draw one of your own, install the package anywidget."


def mnist_form(drawing) -> np.ndarray:
    """A drawing as MNIST would show it: (h, w), 0 for paper -> (28, 28), 0 to 1.

    The longer side of the ink becomes 20 pixels, then the ink's center of mass moves to row 14,
    column 14, as far as the picture allows (LeCun, Bottou, Bengio, Haffner, 1998). A blank drawing
    gives zeros.
    """
    ink = np.asarray(drawing, dtype=np.float32)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    picture = np.zeros((SIZE, SIZE), np.float32)
    if not len(rows):
        return picture
    ink = ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    height, width = (max(1, round(n * BOX / max(ink.shape))) for n in ink.shape)
    ink = resampling(ink.shape[0], height) @ ink @ resampling(ink.shape[1], width).T
    down, right = np.indices(ink.shape)
    top = np.clip(round(SIZE / 2 - np.average(down, weights=ink)), 0, SIZE - height)
    left = np.clip(round(SIZE / 2 - np.average(right, weights=ink)), 0, SIZE - width)
    picture[top:top + height, left:left + width] = ink
    return picture


def resampling(n: int, m: int) -> np.ndarray:
    """The matrix (m, n) that makes m pixels of n: each is a mean of its neighbors, near ones first.

    >>> resampling(4, 2)
    array([[0.43, 0.43, 0.14, 0.  ],
           [0.  , 0.14, 0.43, 0.43]], dtype=float32)
    """
    center = (np.arange(m)[:, None] + 0.5) * n / m - 0.5
    weights = np.clip(1 - np.abs(np.arange(n) - center) / max(1, n / m), 0, None)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def digit_pad(read: Callable[[np.ndarray], Sequence[float]], center: bool = True,
              names: Iterable = range(10)) -> None:
    """Show the pad; `read` takes a picture (28, 28), 0 to 1, and gives a probability of each name.

    It gets what was drawn in MNIST's form or, without `center`, as it was drawn.
    """
    names = [str(name) for name in names]
    sentence = NO_KERNEL if anywidget else NO_ANYWIDGET

    def draw_sample():
        picture = mnist_form(sample()) if center else sample()
        figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), width_ratios=[1, 2])
        left.imshow(picture, cmap=plot.INK)
        left.set_axis_off()
        plot.bars(read(picture), names, ax=right)
        figure.suptitle(sentence, fontsize=12)

    live = Pad(read, center, names)._repr_mimebundle_() if anywidget else {}
    live = live[0] if isinstance(live, tuple) else live  # with the output's metadata, or without
    picture = base64.b64encode(plot.png(draw_sample)).decode()
    display(live | {"image/png": picture, "text/plain": sentence}, raw=True, metadata={
        "image/png": {"alt": "A drawing and bars: how probable each answer is."}})


def sample() -> np.ndarray:
    """A 3 that was drawn on the pad, as it came from there: (28, 28), 0 to 1."""
    return plt.imread(FOLDER / "pad.png")


if anywidget:
    class Pad(anywidget.AnyWidget):
        """The pad: `pixels` come from the browser, `picture`, `answer` and `trouble` go there."""

        _esm = FOLDER / "pad.js"
        _css = FOLDER / "pad.css"
        # As drawn, row by row. An echo could come late and overwrite what was drawn since.
        pixels = traitlets.CBytes(bytes(SIZE * SIZE)).tag(sync=True, echo_update=False)
        picture = traitlets.CBytes(bytes(SIZE * SIZE)).tag(sync=True)  # as the network sees it
        names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # what each bar stands for
        answer = traitlets.List(traitlets.Float()).tag(sync=True)  # empty for a blank pad
        trouble = traitlets.Unicode().tag(sync=True)  # what went wrong in `read`

        def __init__(self, read: Callable[[np.ndarray], Sequence[float]], center: bool = True,
                     names: Sequence[str] = tuple("0123456789")):
            super().__init__(names=list(names))
            self.read, self.center = read, center
            self.observe(self.drawn, "pixels")

        def drawn(self, _=None):
            """Answer to what is on the pad now."""
            drawing = np.frombuffer(self.pixels, np.uint8).reshape(SIZE, SIZE)
            picture, answer, trouble = drawing / np.float32(255), [], ""
            if self.center:
                picture = mnist_form(picture)
            if drawing.any():
                try:
                    answer = [float(p) for p in self.read(picture)]
                    if len(answer) != len(self.names):
                        raise ValueError(f"read gives {len(answer)} numbers, and the pad has "
                                         f"{len(self.names)} names: digit_pad(read, names=…).")
                except Exception as error:  # in a callback it would vanish in a log
                    answer = []
                    trouble = f"{type(error).__name__}: {error}"
            with self.hold_sync():
                self.picture = (255 * picture).round().astype(np.uint8).tobytes()
                self.answer, self.trouble = answer, trouble
