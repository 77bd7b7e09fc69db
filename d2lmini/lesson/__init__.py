"""What lessons show and ask: pictures, drawings, controls, the pad, and the reader's own lines.

`your_turn` and `expect` (turn.py) are at hand here; plot.py, drawings.py, widgets.py, pad.py and
reader.py are imported by the lessons that need them. Nothing of d2lmini itself needs this folder.
"""

from .turn import expect, your_turn

__all__ = ["expect", "your_turn"]
