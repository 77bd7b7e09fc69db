"""`torch.amp` on a computer without a GPU: mixed precision is off, and programs run as they are.

PyTorch does the same there, with a warning. On the CPU its autocast computes in bfloat16, which
d2lmini does not have, and refuses.
"""

from __future__ import annotations

import contextlib

__all__ = ["GradScaler", "autocast"]


class autocast(contextlib.ContextDecorator):
    """`with autocast("cuda"):` runs what is inside in float32, as PyTorch without a GPU."""

    def __init__(self, device_type: str = "cuda", dtype=None, enabled: bool = True, **options):
        if enabled and str(device_type).startswith("cpu"):
            raise RuntimeError("autocast: on the CPU it computes in bfloat16, which d2lmini does "
                               "not have. Leave it out, or pass enabled=False.")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None


class GradScaler:
    """Scales by 1: scale(loss).backward(), then step(optimizer) and update()."""

    def __init__(self, device: str = "cuda", *, enabled: bool = True, **options):
        pass

    def scale(self, outputs):
        """The loss itself."""
        return outputs

    def unscale_(self, optimizer) -> None:
        """Nothing to do."""

    def step(self, optimizer, *args, **options):
        """optimizer.step()."""
        return optimizer.step(*args, **options)

    def update(self, new_scale=None) -> None:
        """Nothing to do."""

    def get_scale(self) -> float:
        """1."""
        return 1.0

    def is_enabled(self) -> bool:
        """False."""
        return False

    def state_dict(self) -> dict:
        """Nothing."""
        return {}

    def load_state_dict(self, state_dict: dict) -> None:
        """Nothing to do."""
