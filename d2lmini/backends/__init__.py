"""`torch.backends`: switches that are accepted and change nothing, and no Apple GPU."""

import types

from ..further.names import mps
from . import cudnn

__all__ = ["cuda", "cudnn", "mps"]
cuda = types.SimpleNamespace(matmul=types.SimpleNamespace(allow_tf32=False),
                             is_built=lambda: False)
