"""`from d2lmini.cuda.amp import GradScaler, autocast`, as in PyTorch before 2.4."""

from .. import amp
from ..amp import GradScaler

__all__ = ["GradScaler", "autocast"]


class autocast(amp.autocast):
    """amp.autocast("cuda")."""

    def __init__(self, enabled: bool = True, dtype=None, cache_enabled: bool = True):
        super().__init__("cuda", dtype, enabled)
