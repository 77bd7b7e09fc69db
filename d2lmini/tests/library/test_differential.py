"""Random programs on PyTorch and on d2lmini: no silent difference outside of the README's list.

`python -m d2lmini.tests.library.differential --programs 20000` runs more of them.
"""

import types

import pytest

torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")

from d2lmini.tests.library import differential  # noqa: E402

AREAS = [area for area in differential.AREAS if area not in ("gradients", "index assignment",
                                                             "losses", "loaders")]


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.filterwarnings("ignore")
def test_random_programs_agree(area):
    report = differential.explore(range(100), area=area)
    assert report.counts[area]["programs"] == 100
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
