"""Controls: sliders, menus and boxes above a picture that follows them (ipywidgets).

`explore(draw, ...)` needs a live kernel; where there is none, as on GitHub, a line of text stands
in its place, so a lesson draws the same picture beside it for a few chosen values. See plot.py.
"""

from __future__ import annotations

import html
import inspect
import math
from collections.abc import Callable

import ipywidgets
from IPython.display import display

from . import plot

NO_KERNEL = "Here are controls that you can move once this notebook runs in Jupyter."


def explore(draw: Callable, **controls) -> None:
    """Show the controls above the picture that draw(**values) makes; it is redrawn as they move.

    A control is (low, high) or (low, high, step) for a slider, a list for a menu, True or False for
    a box, or any ipywidgets control. It starts at draw's default for the argument of that name, or
    else at the lowest or first value. `draw` must not call plt.show().
    """
    bundle = panel(draw, **controls)._repr_mimebundle_()
    display(bundle | {"text/plain": NO_KERNEL}, raw=True)


def panel(draw: Callable, **controls) -> ipywidgets.VBox:
    """The controls and the picture as one ipywidgets control; `explore` shows it."""
    arguments = inspect.signature(draw).parameters
    inputs = {name: control(name, kind, arguments[name].default)
              for name, kind in controls.items()}
    picture = ipywidgets.Image(format="png", layout={"max_width": "100%", "object_fit": "contain"})
    message = ipywidgets.HTML()

    def redraw(_=None):
        try:
            picture.value = plot.png(draw, **{name: box.value for name, box in inputs.items()})
            message.value = ""
        except Exception as error:  # in a callback it would vanish in a log
            message.value = f"<b>{type(error).__name__}</b>: {html.escape(str(error))}"

    for box in inputs.values():
        box.observe(redraw, "value")
    redraw()
    return ipywidgets.VBox([*inputs.values(), message, picture])


def control(name: str, kind, start=inspect.Parameter.empty) -> ipywidgets.Widget:
    """One control, as `explore` describes them, labelled `name`; it begins at `start`."""
    if isinstance(kind, ipywidgets.Widget):
        return kind
    look = {"description": name.replace("_", " "), "style": {"description_width": "8em"}}
    given = start is not inspect.Parameter.empty
    if isinstance(kind, bool):
        return ipywidgets.Checkbox(value=start if given else kind, **look)
    if isinstance(kind, list):
        return ipywidgets.Dropdown(options=kind, value=start if given else kind[0], **look)
    if not isinstance(kind, tuple) or len(kind) not in (2, 3):
        raise TypeError(f"explore: {name}={kind!r} is not a control. Give (low, high), "
                        f"(low, high, step), a list, True or False.")
    low, high, *step = kind
    whole = all(isinstance(number, int) for number in kind)
    step = step[0] if step else 1 if whole else (high - low) / 100
    slider = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    if not whole:  # show the digits that the steps change
        look["readout_format"] = f".{max(2, -math.floor(math.log10(step)))}f"
    return slider(value=start if given else low, min=low, max=high, step=step,
                  layout={"width": "32em", "max_width": "100%"}, **look)
