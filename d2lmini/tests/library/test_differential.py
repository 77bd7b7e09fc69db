"""Random programs on PyTorch and on d2lmini: no silent difference outside of the README's list.

At least 20,000 in a CI run, a tenth of that elsewhere;
`python -m d2lmini.tests.library.differential --programs 1000000` runs more of them.
"""

import os
import types

import pytest

torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")

from d2lmini.tests.library import differential  # noqa: E402

EACH = {area: 250 if area in ("optimizers", "training") else 900 for area in differential.AREAS}
assert sum(EACH.values()) >= 20_000
if not os.environ.get("CI"):
    EACH = dict.fromkeys(EACH, 100)


@pytest.mark.parametrize("area", EACH)
@pytest.mark.filterwarnings("ignore")
def test_random_programs_agree(area):
    report = differential.explore(range(EACH[area]), area=area)
    assert report.counts[area]["programs"] == EACH[area]
    silent = [found for found in report.found.values() if found.kind in differential.SILENT]
    assert not silent, silent


@pytest.mark.filterwarnings("ignore")
def test_a_library_that_is_wrong_is_noticed():
    """PyTorch itself with a sum that is off by a little in place of d2lmini."""
    wrong = types.ModuleType("wrong")
    wrong.__dict__.update(torch.__dict__)
    wrong.exp = lambda x: torch.exp(x) + 0.01
    found = differential.compare(["a = L.tensor([1.0, 2.0])", "b = L.exp(a)"], wrong)
    assert found is not None and "b" in str(found)
    assert differential.compare(["a = L.tensor([1.0, 2.0])", "b = L.sin(a)"], wrong) is None
