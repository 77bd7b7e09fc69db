"""The benchmarks: workers answer, ratios and exponents are formed right. No speed is asserted."""

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import functional as F
from d2lmini import nn, optim
from d2lmini.data import TensorDataset
from d2lmini.tools.bench import accuracy, compare, growth, worker


@pytest.mark.parametrize("model", ["softmax", "mlp", "cnn"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_step_learns_its_batch(model, optimizer):
    rng = np.random.default_rng(0)
    x, y = rng.random((32, 1, 28, 28), np.float32), rng.integers(0, 10, 32)
    step, _ = worker.with_d2lmini(model, optimizer, x, y)
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


def test_pooling_first_gives_the_same_losses_and_gradients():
    d2l.manual_seed(0)
    model = worker.sequential(nn, "cnn")
    other = accuracy.pooled_first(model)
    kinds = [type(layer).__name__ for layer in other]
    assert kinds[:6] == ["Conv2d", "MaxPool2d", "ReLU"] * 2 and len(other) == len(model)
    x, grads = d2l.randn(4, 1, 28, 28), []
    for net in (model, other):
        net.zero_grad()
        F.cross_entropy(net(x), [0, 1, 2, 3]).backward()
        grads.append([p.grad.numpy() for p in net.parameters()])
    for a, b in zip(*grads, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_hardest_images_are_dealt_out_and_easy_ones_left_out_later():
    d2l.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    images, labels = np.random.default_rng(0).random((10, 1, 2, 2), np.float32), np.arange(10) % 2
    losses = F.cross_entropy(model(d2l.tensor(images)), labels, reduction="none").numpy()
    data = TensorDataset(images, labels)
    ((x, y),) = accuracy.Hardest(model, data, 3, batch_size=10)
    kept = F.cross_entropy(model(x), y, reduction="none").numpy()
    np.testing.assert_allclose(sorted(kept), sorted(losses)[-3:], rtol=1e-6)

    loader = accuracy.Hardest(model, data, 1, easy=np.median(losses), batch_size=2, drop_last=True,
                              shuffle=True)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    cycle, seen, counts = accuracy.Cycle(optimizer, 1.0, loader, 100, 0.2), [], []
    for _ in range(100):
        counts.append(0)
        for _ in loader:
            cycle.step()
            counts[-1] += 1
        seen.append(optimizer.lr)
    assert counts[:2] == [5, 5] and 2 <= np.mean(counts[2:]) < 4  # 5 + 0.3 * 5 images are left
    assert np.isclose(max(seen), 1, rtol=1e-2) and np.argmax(seen) == 19 and seen[-1] < 1e-3


def test_an_image_is_read_at_five_places_only_where_the_model_is_not_sure():
    seen = []

    class Corner(nn.Module):  # sees the upper left pixel: bright is surely a 1
        def forward(self, x):
            seen.append(len(x))
            return d2l.cat([d2l.zeros(len(x), 1), x[:, 0, :1, 0] * 10], dim=1)

    images = np.zeros((3, 1, 3, 3), np.float32)
    images[0, 0, 0, 0], images[1, 0, 1, 0] = 1, 1  # one bright corner, one just below it
    with d2l.no_grad():
        p = F.softmax(accuracy.SecondLook(Corner(), 0.99)(d2l.tensor(images)), dim=1).numpy()
    sure = 1 / (1 + np.exp(-10))
    np.testing.assert_allclose(p[:, 1], [sure, (sure + 4 * 0.5) / 5, 0.5], rtol=1e-5)
    assert seen == [3, 2, 2, 2, 2, 2]
