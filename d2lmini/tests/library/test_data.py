"""Data sets, splits, batches and random shifts; test_data_files.py tests the reading of files."""

import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import d2lmini as d2l
from d2lmini import Tensor, manual_seed
from d2lmini.data import DataLoader, Subset, TensorDataset, mnist, random_shift, random_split, xor

# Data made on the spot

def test_synthetic_regression():
    X, y = d2l.data.synthetic_regression([2, -3.4], 4.2, n=20000, noise=0.5, generator=1)
    assert X.shape == (20000, 2) and y.shape == (20000, 1)
    assert X.dtype == y.dtype == np.float32
    design = np.c_[X.data, np.ones(20000)]
    w, residual, *_ = np.linalg.lstsq(design, y.data, rcond=None)
    np.testing.assert_allclose(w.ravel(), [2, -3.4, 4.2], atol=0.02)
    assert abs(np.sqrt(residual[0] / 20000) - 0.5) < 0.01
    np.testing.assert_allclose(X.data.mean(0), 0, atol=0.03)
    np.testing.assert_allclose(X.data.std(0), 1, atol=0.03)


@pytest.mark.parametrize("w", [[2, -3.4], np.array([[2], [-3.4]]), Tensor([2, -3.4])])
def test_synthetic_regression_without_noise(w):
    X, y = d2l.data.synthetic_regression(w, 4.2, n=9, noise=0, generator=1)
    np.testing.assert_allclose(y.data, X.data @ [[2], [-3.4]] + 4.2, rtol=1e-5, atol=1e-5)


def test_synthetic_regression_repeats_with_the_seed():
    manual_seed(3)
    a = d2l.data.synthetic_regression([1], 0, n=5)
    b = d2l.data.synthetic_regression([1], 0, n=5)
    manual_seed(3)
    c = d2l.data.synthetic_regression([1], 0, n=5)
    np.testing.assert_array_equal(a[1].data, c[1].data)
    assert (a[1].data != b[1].data).all()
    same = [d2l.data.synthetic_regression([1], 0, n=5, generator=7)[0].data for _ in range(2)]
    np.testing.assert_array_equal(*same)


def test_xor():
    X, y = xor()
    assert X.dtype == y.dtype == np.float32 and X.shape == (4, 2) and y.shape == (4, 1)
    assert {(*map(int, x), int(t[0])) for x, t in zip(X.data, y.data, strict=True)} == {
        (a, b, a ^ b) for a in (0, 1) for b in (0, 1)
    }


# Data sets

def small(n=10):
    """Pictures whose every pixel is the label, so that a mix-up shows."""
    pictures = np.arange(n, dtype=np.uint8)[:, None, None, None] + np.zeros((1, 2, 3), np.uint8)
    return TensorDataset(pictures, np.arange(n))


def test_bytes_become_floats_from_0_to_1():
    data = TensorDataset(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint16))
    x, y = data[:]
    assert x.dtype == np.float32 and y.dtype == np.uint16 and data.tensors[0].dtype == np.uint8
    expected = np.arange(256, dtype=np.float32) / np.float32(255)
    np.testing.assert_array_equal(x.data, expected, strict=True)
    assert x.data[0] == 0 and x.data[255] == 1


def test_equal_to_torchvision_to_tensor():
    torch = pytest.importorskip("torch")
    ours = TensorDataset(np.arange(256, dtype=np.uint8))[:][0].data
    theirs = torch.arange(256, dtype=torch.uint8).float().div(255).numpy()
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "index",
    [3, -1, slice(2, 7), slice(None, None, -2), [4, 4, 0], np.array([9, 1]), np.arange(10) % 3 == 0,
     Tensor(np.array([2, 5]))],
    ids=str,
)
@pytest.mark.parametrize("subset", [False, True])
def test_indexing(index, subset):
    data = Subset(small(20), np.arange(19, 9, -1)) if subset else small()
    labels = np.arange(19, 9, -1) if subset else np.arange(10)
    x, y = data[index]
    expected = labels[np.asarray(index) if isinstance(index, Tensor) else index]
    assert isinstance(x, Tensor) and isinstance(y, Tensor)
    assert x.dtype == np.float32 and y.dtype == np.int64
    np.testing.assert_array_equal(y.data, expected)
    assert x.shape == (*np.shape(expected), 1, 2, 3)
    np.testing.assert_allclose(x.data[..., 0, 1, 2] * 255, expected, rtol=1e-6)


def test_iterating_ends():
    assert [int(y.data) for _, y in small(4)] == [0, 1, 2, 3]
    with pytest.raises(IndexError):
        small(4)[4]


def test_tensors_and_other_types_pass_through():
    X, y = xor()
    data = TensorDataset(X, y, np.ones((4, 2)))
    x, t, z = data[1:3]
    assert x.dtype == t.dtype == z.dtype == np.float32 and z.shape == (2, 2)
    np.testing.assert_array_equal(x.data, X.data[1:3])
    assert TensorDataset(Tensor(np.arange(3)))[:][0].dtype == np.int64


@pytest.mark.parametrize(
    "arrays, message",
    [((np.zeros((3, 2)), np.zeros(4)), r"same length.*\(3, 2\), \(4,\)"),
     ((np.zeros(3), 5), r"same length.*\(3,\), \(\)"),
     ((), "same length.*missing")],
)
def test_lengths_must_agree(arrays, message):
    with pytest.raises(ValueError, match=message):
        TensorDataset(*arrays)


SPLITS = [(10, [7, 3], [7, 3]), (10, [0.7, 0.3], [7, 3]), (11, [0.8, 0.2], [9, 2]), (7, [1.0], [7]),
          (10, [1 / 3] * 3, [4, 3, 3]), (11, [0.25] * 4, [3, 3, 3, 2]), (5, [5, 0], [5, 0]),
          (1, [1], [1]), (9, [0.5, 0.5], [5, 4]), (10, [0.1] * 10, [1] * 10)]


@pytest.mark.parametrize("n, lengths, expected", SPLITS)
def test_random_split_lengths(n, lengths, expected):
    parts = random_split(small(n), lengths, generator=0)
    assert [len(part) for part in parts] == expected
    assert sorted(np.concatenate([part.indices for part in parts])) == list(range(n))


@pytest.mark.filterwarnings("ignore:Length of split")
@pytest.mark.parametrize("n, lengths, expected", SPLITS)
def test_random_split_has_pytorchs_lengths(n, lengths, expected):
    data = pytest.importorskip("torch.utils.data")
    assert [len(part) for part in data.random_split(range(n), lengths)] == expected


@pytest.mark.parametrize("lengths", [[7, 4], [0.5, 0.4], [11, -1], [1.5, -0.5], [], [4.5, 5.5]])
def test_random_split_refuses(lengths):
    with pytest.raises(ValueError, match=r"random_split: .* add up to"):
        random_split(small(10), lengths)


@pytest.mark.parametrize("function, text", [
    (lambda data: random_split(data, 5), "the lengths of all parts, such as [0.8, 0.2], not 5."),
    (lambda data: Subset(data, np.arange(10) > 5), "not bool of shape (10,). For a mask write "
     "np.flatnonzero(mask)."), (lambda data: Subset(data, [1.7]), "not float64 of shape (1,)"),
    (lambda data: Subset(data, [[0, 1]]), "in a row, not int64 of shape (1, 2)")])
def test_lengths_and_indices_of_the_wrong_kind(function, text):
    with pytest.raises(TypeError, match=re.escape(text)):
        function(small(10))
    assert len(Subset(small(10), [])) == 0


def test_random_split_copies_nothing_and_repeats():
    data = small(50)
    a, b = random_split(data, [30, 20], generator=4)
    assert a.dataset is data and b.dataset is data
    again = random_split(data, [30, 20], generator=np.random.default_rng(4))[0]
    np.testing.assert_array_equal(a.indices, again.indices)
    assert a.indices.tolist() != random_split(data, [30, 20], generator=5)[0].indices.tolist()
    assert a.indices.tolist() != sorted(a.indices)
    manual_seed(1)
    first, second = (random_split(data, [30, 20])[0].indices for _ in range(2))
    manual_seed(1)
    np.testing.assert_array_equal(first, random_split(data, [30, 20])[0].indices)
    assert first.tolist() != second.tolist()


def test_subset_of_a_subset():
    inner = random_split(random_split(small(20), [15, 5], generator=0)[0], [10, 5], generator=0)[1]
    seen = np.concatenate([y.data for _, y in DataLoader(inner, 2)])
    outer = inner.dataset.indices
    np.testing.assert_array_equal(seen, outer[inner.indices])


# Batches

def labels_of(loader) -> list[list[int]]:
    return [y.data.tolist() for _, y in loader]


@given(n=st.integers(1, 40), size=st.integers(1, 45), shuffle=st.booleans(),
       drop_last=st.booleans(), subset=st.booleans())
def test_every_example_once(n, size, shuffle, drop_last, subset):
    data = random_split(small(n), [n], generator=0)[0] if subset else small(n)
    loader = DataLoader(data, size, shuffle, drop_last, generator=0)
    batches = labels_of(loader)
    assert len(batches) == len(loader) == (n // size if drop_last else -(-n // size))
    assert all(len(batch) == size for batch in batches[: None if drop_last else -1])
    seen = [label for batch in batches for label in batch]
    assert len(seen) == len(set(seen)) == (n // size * size if drop_last else n)
    if not shuffle and not subset:
        assert seen == list(range(len(seen)))
    for x, y in loader:
        expected = y.data.astype(np.float32) / np.float32(255)
        np.testing.assert_array_equal(x.data[:, 0, 1, 2], expected)


def test_batches_are_tensors():
    for shuffle in (False, True):
        for x, y in DataLoader(small(10), batch_size=4, shuffle=shuffle):
            assert isinstance(x, Tensor) and isinstance(y, Tensor)
            assert x.dtype == np.float32 and y.dtype == np.int64
            assert x.shape[1:] == (1, 2, 3) and y.shape == x.shape[:1]


def test_defaults_are_pytorchs():
    assert labels_of(DataLoader(small(3))) == [[0], [1], [2]]
    assert [len(batch) for batch in DataLoader(TensorDataset(np.arange(3.0)), 2)] == [1, 1]


def test_orders_differ_between_epochs_and_repeat_with_the_seed():
    seeds = 5, np.random.default_rng(5), 6
    a, b, c = (DataLoader(small(50), 8, shuffle=True, generator=seed) for seed in seeds)
    first, second = labels_of(a), labels_of(a)
    assert first != second and [label for batch in first for label in batch] != list(range(50))
    assert [labels_of(b), labels_of(b)] == [first, second]
    assert labels_of(c) != first


def test_shuffle_follows_manual_seed():
    loader = DataLoader(small(50), 8, shuffle=True)  # made before the seed is set
    manual_seed(2)
    first, second = labels_of(loader), labels_of(loader)
    manual_seed(2)
    assert labels_of(loader) == first != second


def test_two_iterators_at_once():
    loader = DataLoader(small(6), 2)
    pairs = [(a[1].data[0], b[1].data[0]) for a, b in zip(loader, loader, strict=True)]
    assert pairs == [(0, 0), (2, 2), (4, 4)]


@pytest.mark.parametrize("shuffle", [False, True])
def test_what_is_done_to_a_batch_does_not_reach_the_data(shuffle):
    spoil = lambda x: np.multiply(x, 0, out=x)
    for X in np.ones((6, 1), np.float32), np.ones((6, 1), np.uint8):
        data = TensorDataset(X, np.arange(6))
        for loader in DataLoader(data, 2, shuffle), DataLoader(data, 6, shuffle, transform=spoil):
            for x, y in loader:
                x.data *= 0
                y.data *= 0
        data[1:3][0].data *= 0
        assert X.all() and data.tensors[1].tolist() == list(range(6))


def test_transform_gets_the_raw_batch():
    seen = []

    def invert(images):
        seen.append((type(images), images.dtype, images.shape))
        return 255 - images

    batches = list(DataLoader(small(5), 3, transform=invert))
    assert seen == [(np.ndarray, np.uint8, (3, 1, 2, 3)), (np.ndarray, np.uint8, (2, 1, 2, 3))]
    expected = np.float32([255, 254, 253]) / np.float32(255)
    np.testing.assert_array_equal(batches[0][0].data[:, 0, 0, 0], expected)
    assert batches[1][1].data.tolist() == [3, 4]
    assert small(5).tensors[0].max() == 4


@pytest.mark.parametrize("size", [0, -1, 2.0, "8", None])
def test_bad_batch_size(size):
    with pytest.raises(ValueError, match=f"must be a whole number of at least 1, not {size!r}"):
        DataLoader(small(), size)


def test_bad_data_sets():
    with pytest.raises(ValueError, match="DataLoader: the data set is empty"):
        DataLoader(TensorDataset(np.zeros((0, 3))))
    with pytest.raises(TypeError, match=r"or a Subset, not tuple. Try DataLoader\(TensorDataset"):
        DataLoader(xor())


def test_no_float_copy_of_the_data_set():
    train = mnist()[0]  # 47 MB as bytes, 188 MB as float32; one batch of 128 is 0.4 MB
    tracemalloc.start()
    try:
        for data in (train, random_split(train, [55000, 5000], generator=0)[0]):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            loader = DataLoader(data, 128, shuffle=True, transform=random_shift)
            assert sum(len(y.data) for _, y in loader) == len(data)
            assert tracemalloc.get_traced_memory()[1] - before < 4e6
    finally:
        tracemalloc.stop()


# Random shifts

def shifted(image, down, right):
    """The slow version: move one image (c, h, w) pixel by pixel."""
    out = np.zeros_like(image)
    c, h, w = image.shape
    for k in range(c):
        for i in range(h):
            for j in range(w):
                if 0 <= i - down < h and 0 <= j - right < w:
                    out[k, i, j] = image[k, i - down, j - right]
    return out


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(40, 1, 5, 7), (40, 3, 6, 4), (1, 2, 1, 1), (0, 1, 5, 5)])
@pytest.mark.parametrize("m", [0, 1, 2, 9])
def test_random_shift_is_a_shift(dtype, shape, m):
    images = (np.random.default_rng(0).random(shape) * 254 + 1).astype(dtype)
    before = images.copy()
    out = random_shift(images, m, generator=3)
    down, right = m - np.random.default_rng(3).integers(0, 2 * m + 1, size=(2, shape[0]))
    expected = [shifted(*each) for each in zip(images, down, right, strict=True)]
    expected = np.array(expected, dtype).reshape(shape)
    np.testing.assert_array_equal(out, expected, strict=True)
    np.testing.assert_array_equal(images, before)


def test_random_shift_reaches_every_offset_equally():
    dot = np.zeros((5000, 1, 5, 5), np.uint8)
    dot[:, :, 2, 2] = 1
    counts = random_shift(dot, 2, generator=0).sum((0, 1), dtype=int)
    assert counts.sum() == 5000
    assert 150 < counts.min() and counts.max() < 250  # 200 expected, standard deviation 14


def test_random_shift_follows_manual_seed():
    images = np.random.default_rng(0).random((20, 1, 6, 6))
    manual_seed(0)
    a, b = random_shift(images), random_shift(images)
    manual_seed(0)
    np.testing.assert_array_equal(a, random_shift(images))
    assert (a != b).any()


def test_random_shift_takes_a_tensor_too():
    images = np.random.default_rng(0).random((4, 1, 6, 6), np.float32)
    expected = random_shift(images, generator=1)
    np.testing.assert_array_equal(random_shift(Tensor(images), generator=1), expected)


@pytest.mark.parametrize("shape, m", [((28, 28), 2), ((3, 28, 28), 2), ((1, 1, 4, 4), -1)])
def test_random_shift_refuses(shape, m):
    with pytest.raises(ValueError, match=r"random_shift: give images \(n, channels, height, width"):
        random_shift(np.zeros(shape), m)
