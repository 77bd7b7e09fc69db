"""The benchmarks: workers answer, ratios and exponents are formed right. No speed is asserted."""

import numpy as np
import pytest

from d2lmini import nn
from d2lmini.data import ImageDataset
from d2lmini.tools.bench import accuracy, compare, growth, worker


@pytest.mark.parametrize("model", list(worker.BATCH))
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_step_learns_its_batch(model, optimizer):
    step, _ = worker.with_d2lmini(model, optimizer, *worker.batch(model))
    first = step()
    for _ in range(10):
        last = step()
    assert last < first


def test_workers_take_turns_and_are_compared():
    result = compare.compare("softmax", "sgd", ["d2lmini"], rounds=2, seconds=0.05)
    row = result["d2lmini"]
    assert row["ratio"] == 1 and 0 < row["ms_min"] <= row["ms"] <= row["ms_max"]
    assert "d2lmini" in compare.table("softmax", "sgd", result) and result["batch"] == 256


def test_a_ratio_is_formed_round_by_round():
    ours = [{"seconds": [s], "faults": 0, "peak_mb": 1} for s in (1.0, 2.0, 4.0)]
    its = [{"seconds": [2 * s], "faults": 3, "peak_mb": 9} for s in (1.0, 2.0, 4.0)]
    row = compare._summary(its, ours)
    assert row["ratio"] == row["ratio_min"] == row["ratio_max"] == 0.5
    assert row["ms"] == 4000 and row["faults"] == 3 and row["peak_mb"] == 9


def test_a_worker_that_stops_says_why():
    with pytest.raises(RuntimeError, match="d2lmini stopped: KeyError: 'nonsense'"):
        compare.Worker("d2lmini", "nonsense", "sgd")


def test_the_exponent_of_growth():
    sizes = [10, 100, 1000]
    assert growth.exponent(sizes, [3 * n for n in sizes]) == pytest.approx(1)
    assert growth.exponent(sizes, [0.1 * n * n for n in sizes]) == pytest.approx(2)


def test_the_heading_names_what_figures_depend_on():
    assert {"processor", "cores", "python", "numpy", "threads of d2lmini", "BLAS"} <= set(
        compare.heading())


def test_the_he_start_fits_relu():
    model = worker.sequential(nn, "mlp")
    accuracy.he_start(model)
    first, bias, *_ = (p.array for p in model.parameters())
    assert abs(first.std() / (2 / 784) ** 0.5 - 1) < 0.02 and not bias.any()


def test_a_recipe_learns():
    rng = np.random.default_rng(0)
    labels = np.arange(200) % 10
    images = rng.integers(0, 50, (200, 1, 28, 28), np.uint8)
    images[np.arange(200), 0, labels, labels] = 255
    data = ImageDataset(images, labels)
    result = accuracy.train("softmax", 0, data, data, epochs=30, batch_size=20, lr=0.05)
    assert result["accuracy"] > 0.9 and result["seconds"] > 0
