"""`torch.cuda` on a computer without a GPU: what asks for one hears that there is none."""

from . import amp

__all__ = ["amp", "device_count", "empty_cache", "is_available", "manual_seed", "manual_seed_all",
           "synchronize"]


def is_available() -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0


def manual_seed(seed: int) -> None:
    """Nothing to do."""


def empty_cache() -> None:
    """Nothing to do."""


manual_seed_all, synchronize = manual_seed, empty_cache


def __getattr__(name: str):
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(f"cuda has no {name!r}: d2lmini computes on the CPU. Ask "
                         f"torch.cuda.is_available() first.")
