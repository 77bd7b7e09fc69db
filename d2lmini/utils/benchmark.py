"""`torch.utils.benchmark`: how long a statement takes."""

from __future__ import annotations

import timeit


class Measurement:
    """The seconds of one run: `mean`, which is also the median here."""

    def __init__(self, seconds: float, number: int):
        self.mean = self.median = seconds
        self.times, self.number_per_run = [seconds], number

    def __repr__(self):
        return f"{self.mean * 1e6:.2f} us\n  1 measurement, {self.number_per_run} runs"


class Timer:
    """Timer("x @ y", globals={"x": x, "y": y}).timeit(100)."""

    def __init__(self, stmt: str = "pass", setup: str = "pass", globals=None, **options):
        self.timer = timeit.Timer(stmt, setup or "pass", globals=globals)

    def timeit(self, number: int = 1_000_000) -> Measurement:
        """The mean over `number` runs."""
        return Measurement(self.timer.timeit(number) / number, number)

    def blocked_autorange(self, min_run_time: float = 0.2, **options) -> Measurement:
        """The mean over as many runs as min_run_time seconds allow."""
        number, seconds = self.timer.autorange()
        return Measurement(seconds / number, number)
