"""`torch.profiler`: where the time goes, with Python's own profiler in place of PyTorch's."""

from __future__ import annotations

import contextlib
import enum
import io

__all__ = ["ProfilerActivity", "profile", "record_function"]


class ProfilerActivity(enum.Enum):
    """What PyTorch can watch; here it is Python."""

    CPU = 0
    CUDA = 1


@contextlib.contextmanager
def record_function(name: str):
    """A part of the program with a name, which Python's profiler does not show."""
    yield


class profile:
    """with profile() as prof: …, then print(prof.key_averages().table(row_limit=10))."""

    def __init__(self, *args, **options):
        pass

    def __enter__(self):
        import cProfile  # only where somebody asks

        self.run = cProfile.Profile()
        self.run.enable()
        return self

    def __exit__(self, *exception):
        self.run.disable()

    def step(self) -> None:
        """The end of one step: nothing to do."""

    def key_averages(self, **options) -> profile:
        """The profile itself."""
        return self

    def table(self, sort_by: str = "cumulative", row_limit: int = 20, **options) -> str:
        """Python's functions by the time they took, as text."""
        import pstats

        text = io.StringIO()
        pstats.Stats(self.run, stream=text).sort_stats("cumulative").print_stats(row_limit)
        return text.getvalue()
