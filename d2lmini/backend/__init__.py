"""The one seam for speed: operators on plain arrays, as the rest of d2lmini calls them.

plain.py defines each operator in a readable formula. fast.py has the same names and is what runs,
unless the environment variable D2LMINI_BACKEND=plain chooses the other. Nothing outside this folder
knows about threads, BLAS or memory order. Read plain.py; a learner may skip fast.py and threads.py.
"""

import os

from .plain import *  # noqa: F403
from .plain import __all__ as __all__

_choice = os.environ.get("D2LMINI_BACKEND", "fast")
if _choice == "fast":
    from .fast import *  # noqa: F403
elif _choice != "plain":
    raise ValueError(f'D2LMINI_BACKEND={_choice!r}: choose "fast" (the default) or "plain".')
