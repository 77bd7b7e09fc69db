"""Settings for all tests: figures without a window, and hypothesis without surprises.

Hypothesis draws the same examples in every run, so that a failure is there again in the next one;
HYPOTHESIS_PROFILE=search looks for new ones.
"""

import os

import matplotlib
from hypothesis import settings

matplotlib.use("Agg")

# No deadline: a test's time says more about the computer than about the code.
settings.register_profile("stable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stable"))
