"""Data sets, splits, batches and random shifts; test_data_files.py tests the reading of files."""

import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import d2lmini as d2l
from d2lmini import Tensor, manual_seed
from d2lmini.data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    ImageDataset,
    Subset,
    TensorDataset,
    default_collate,
    mnist,
    random_shift,
    random_split,
    xor,
)
from d2lmini.tests.library.programs import is_refused_by_both, prints_the_same

# Data made on the spot

def test_synthetic_regression():
    X, y = d2l.data.synthetic_regression([2, -3.4], 4.2, n=20000, noise=0.5, generator=1)
    assert X.shape == (20000, 2) and y.shape == (20000, 1)
    assert X.dtype == y.dtype == np.float32
    design = np.c_[X.array, np.ones(20000)]
    w, residual, *_ = np.linalg.lstsq(design, y.array, rcond=None)
    np.testing.assert_allclose(w.ravel(), [2, -3.4, 4.2], atol=0.02)
    assert abs(np.sqrt(residual[0] / 20000) - 0.5) < 0.01
    np.testing.assert_allclose(X.array.mean(0), 0, atol=0.03)
    np.testing.assert_allclose(X.array.std(0), 1, atol=0.03)


@pytest.mark.parametrize("w", [[2, -3.4], np.array([[2], [-3.4]]), Tensor([2, -3.4])])
def test_synthetic_regression_without_noise(w):
    X, y = d2l.data.synthetic_regression(w, 4.2, n=9, noise=0, generator=1)
    np.testing.assert_allclose(y.array, X.array @ [[2], [-3.4]] + 4.2, rtol=1e-5, atol=1e-5)


def test_synthetic_regression_repeats_with_the_seed():
    manual_seed(3)
    a = d2l.data.synthetic_regression([1], 0, n=5)
    b = d2l.data.synthetic_regression([1], 0, n=5)
    manual_seed(3)
    c = d2l.data.synthetic_regression([1], 0, n=5)
    np.testing.assert_array_equal(a[1].array, c[1].array)
    assert (a[1].array != b[1].array).all()
    same = [d2l.data.synthetic_regression([1], 0, n=5, generator=7)[0].array for _ in range(2)]
    np.testing.assert_array_equal(*same)


def test_xor():
    X, y = xor()
    assert X.dtype == y.dtype == np.float32 and X.shape == (4, 2) and y.shape == (4, 1)
    assert {(*map(int, x), int(t[0])) for x, t in zip(X.array, y.array, strict=True)} == {
        (a, b, a ^ b) for a in (0, 1) for b in (0, 1)
    }


# Data sets

def small(n=10):
    """Pictures whose every pixel is the label, so that a mix-up shows."""
    pictures = np.arange(n, dtype=np.uint8)[:, None, None, None] + np.zeros((1, 2, 3), np.uint8)
    return ImageDataset(pictures, np.arange(n))


def test_a_tensor_dataset_changes_no_numbers():
    x, y, z = d2l.rand(4, 2), d2l.arange(4).to(d2l.uint8), np.ones(4, np.float64)
    data = TensorDataset(x, y, d2l.tensor(z, dtype=d2l.float64), d2l.tensor([True] * 4))
    assert data.tensors[0] is x and data.tensors[1] is y
    for batch in data[:], next(iter(DataLoader(data, 4))):
        assert [t.dtype for t in batch] == [np.float32, np.uint8, np.float64, np.bool_]
        assert batch[1].tolist() == [0, 1, 2, 3]
    assert TensorDataset(np.arange(3)).tensors[0].dtype == np.int64


def test_an_image_dataset_gives_floats_from_0_to_1():
    data = ImageDataset(np.arange(256, dtype=np.uint8), np.arange(256))
    expected = np.arange(256, dtype=np.float32) / np.float32(255)
    for x, y in data[:], next(iter(DataLoader(data, 256))), default_collate(list(data)):
        np.testing.assert_array_equal(x.array, expected, strict=True)
        assert y.dtype == np.int64 and y.tolist() == list(range(256))
    assert data.tensors[0].dtype == np.uint8 and data[255][0].item() == 1 and data[0][0].item() == 0


def test_equal_to_torchvision_to_tensor():
    torch = pytest.importorskip("torch")
    ours = ImageDataset(np.arange(256, dtype=np.uint8))[:][0].array
    theirs = torch.arange(256, dtype=torch.uint8).float().div(255).numpy()
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "index",
    [3, -1, slice(2, 7), [4, 4, 0], np.array([9, 1]), np.arange(10) % 3 == 0,
     Tensor([2, 5]).long()],
    ids=str,
)
@pytest.mark.parametrize("subset", [False, True])
def test_indexing(index, subset):
    if subset and isinstance(index, Tensor):
        index = index.tolist()
    data = Subset(small(20), np.arange(19, 9, -1).tolist()) if subset else small()
    labels = np.arange(19, 9, -1) if subset else np.arange(10)
    x, y = data[index]
    expected = labels[np.asarray(index) if isinstance(index, Tensor) else index]
    assert isinstance(x, Tensor) and isinstance(y, Tensor)
    assert x.dtype == np.float32 and y.dtype == np.int64
    np.testing.assert_array_equal(y.array, expected)
    assert x.shape == (*np.shape(expected), 1, 2, 3)
    np.testing.assert_allclose(x.array[..., 0, 1, 2] * 255, expected, rtol=1e-6)


def test_iterating_ends():
    assert [int(y) for _, y in small(4)] == [0, 1, 2, 3]
    with pytest.raises(IndexError):
        small(4)[4]


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
    assert isinstance(random_split(small(n), lengths)[0].indices, list)  # as PyTorch's


def test_random_split_takes_whole_floats_and_a_fraction_of_0():
    assert list(map(len, random_split(small(9), [5.0, 4.0]))) == [5, 4]
    assert list(map(len, random_split(small(9), [1.0, 0.0]))) == [9, 0]


@pytest.mark.parametrize("lengths", [[7, 4], [0.5, 0.4], [11, -1], [1.5, -0.5], [], [4.5, 5.5]])
def test_random_split_refuses(lengths):
    with pytest.raises(ValueError, match=r"random_split: .* add up to"):
        random_split(small(10), lengths)


@pytest.mark.parametrize("function, text", [
    (lambda data: random_split(data, 5), "the lengths of all parts, such as [0.8, 0.2], not 5."),
    (lambda data: Subset(data, np.arange(10) > 5), "not bool of shape (10,). For a mask write "
     "np.flatnonzero(mask)."), (lambda data: Subset(data, [1.7]), "not float64 of shape (1,)"),
    (lambda data: Subset(data, [[0, 1]]), "a list of integers, not int64 of shape")])
def test_lengths_and_indices_of_the_wrong_kind(function, text):
    with pytest.raises(TypeError, match=re.escape(text)):
        function(small(10))
    assert len(Subset(small(10), [])) == 0


def test_random_split_copies_nothing_and_repeats():
    data = small(50)
    a, b = random_split(data, [30, 20], generator=4)
    assert a.dataset is data and b.dataset is data
    again = random_split(data, [30, 20], generator=np.random.default_rng(4))[0]
    assert a.indices == again.indices
    assert a.indices != random_split(data, [30, 20], generator=5)[0].indices
    assert a.indices != sorted(a.indices)
    manual_seed(1)
    first, second = (random_split(data, [30, 20])[0].indices for _ in range(2))
    manual_seed(1)
    assert first == random_split(data, [30, 20])[0].indices != second


def test_subset_of_a_subset():
    inner = random_split(random_split(small(20), [15, 5], generator=0)[0], [10, 5], generator=0)[1]
    seen = np.concatenate([y.array for _, y in DataLoader(inner, 2)])
    outer = np.array(inner.dataset.indices)
    np.testing.assert_array_equal(seen, outer[inner.indices])


# Batches

def labels_of(loader) -> list[list[int]]:
    return [y.array.tolist() for _, y in loader]


@given(n=st.integers(1, 40), size=st.integers(1, 45), shuffle=st.booleans(),
       drop_last=st.booleans(), subset=st.booleans())
def test_every_example_once(n, size, shuffle, drop_last, subset):
    data = random_split(small(n), [n], generator=0)[0] if subset else small(n)
    loader = DataLoader(data, size, shuffle, drop_last=drop_last, generator=0)
    batches = labels_of(loader)
    assert len(batches) == len(loader) == (n // size if drop_last else -(-n // size))
    assert all(len(batch) == size for batch in batches[: None if drop_last else -1])
    seen = [label for batch in batches for label in batch]
    assert len(seen) == len(set(seen)) == (n // size * size if drop_last else n)
    if not shuffle and not subset:
        assert seen == list(range(len(seen)))
    for x, y in loader:
        expected = y.array.astype(np.float32) / np.float32(255)
        np.testing.assert_array_equal(x.array[:, 0, 1, 2], expected)


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
    seeds = np.int64(5), np.random.default_rng(5), 6
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
    pairs = [(a[1].array[0], b[1].array[0]) for a, b in zip(loader, loader, strict=True)]
    assert pairs == [(0, 0), (2, 2), (4, 4)]


@pytest.mark.parametrize("shuffle", [False, True])
def test_what_is_done_to_a_batch_does_not_reach_the_data(shuffle):
    spoil = lambda x: x.zero_()
    for kind, X in (TensorDataset, np.ones((6, 1), np.float32)), (
            ImageDataset, np.ones((6, 1), np.uint8)):
        data = kind(X, np.arange(6))
        for loader in DataLoader(data, 2, shuffle), DataLoader(data, 6, shuffle, transform=spoil):
            for x, y in loader:
                x.array *= 0
                y.array *= 0
        assert X.all() and data.tensors[1].tolist() == list(range(6))


def test_transform_changes_the_inputs_of_each_batch():
    seen = []

    def invert(images):
        seen.append((type(images), images.dtype, images.shape))
        return 1 - images

    batches = list(DataLoader(small(5), 3, transform=invert))
    assert seen == [(Tensor, np.float32, (3, 1, 2, 3)), (Tensor, np.float32, (2, 1, 2, 3))]
    expected = 1 - np.float32([0, 1, 2]) / np.float32(255)
    np.testing.assert_array_equal(batches[0][0].array[:, 0, 0, 0], expected)
    assert batches[1][1].tolist() == [3, 4] and small(5).tensors[0].max().item() == 4
    shifts = [next(iter(DataLoader(small(9), 9, transform=random_shift)))[0] for _ in range(2)]
    assert all(isinstance(x, Tensor) for x in shifts) and (shifts[0] != shifts[1]).any()


@pytest.mark.parametrize("size", [0, -1, 2.0, "8", None])
def test_bad_batch_size(size):
    with pytest.raises(ValueError, match=f"must be an integer of at least 1, not {size!r}"):
        DataLoader(small(), size)


@pytest.mark.parametrize("function, error, text", [
    (lambda: DataLoader(TensorDataset(np.zeros((0, 3)))), ValueError, "the data set is empty."),
    (lambda: DataLoader(iter([1, 2])), TypeError, "DataLoader: a data set has __len__ and "
     "__getitem__, which a list_iterator lacks. Write DataLoader(TensorDataset(X, y), ...), or "
     "DataLoader(list(data), ...)."),
    (lambda: DataLoader(small(), shuffle=True, sampler=[1]), ValueError, "without shuffle=True."),
    (lambda: DataLoader(small(), 2, batch_sampler=[[1]]), ValueError, "without batch_size,"),
    (lambda: default_collate([None]), TypeError, "not a NoneType. Give the DataLoader a collate"),
    (lambda: Dataset()[0], NotImplementedError, "Dataset has no __getitem__(self, index) yet."),
    (lambda: ConcatDataset([small(2), small(3)])[5], IndexError, "range")])
def test_refusals(function, error, text):
    with pytest.raises(error, match=re.escape(text)):
        function()


def test_a_subclass_of_a_tensor_dataset_is_asked_item_by_item():
    class Twice(TensorDataset):
        def __getitem__(self, index):
            assert isinstance(index, int)
            x, y = super().__getitem__(index)
            return 2 * x, y

    data = Twice(d2l.arange(6), d2l.arange(6))
    for loader in DataLoader(data, 4), DataLoader(Subset(Subset(data, [5, 4, 3, 2]), [1, 0]), 2):
        for x, y in loader:
            assert x.tolist() == [2 * i for i in y.tolist()]
    assert y.tolist() == [4, 5]


def test_batches_are_equal_item_by_item_and_at_once():
    class Slow(Dataset):
        def __init__(self, data):
            self.data = data

        def __len__(self):
            return len(self.data)

        def __getitem__(self, index):
            return self.data[index]

    fast = random_split(small(50), [40, 10], generator=0)[0]
    for a, b in zip(DataLoader(fast, 7, True, generator=3),
                    DataLoader(Slow(fast), 7, True, generator=3), strict=True):
        assert type(a) is type(b) is list
        for x, y in zip(a, b, strict=True):
            np.testing.assert_array_equal(x.array, y.array, strict=True)


IMPORTS = """
from collections import namedtuple

import numpy as np
import torch
from torch.utils.data import (ConcatDataset, DataLoader, Dataset, Subset, SubsetRandomSampler,
                              TensorDataset, default_collate, random_split)


class Squares(Dataset):
    def __init__(self, n, item):
        self.n, self.item = n, item

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return self.item(i)


def show(batch):
    if isinstance(batch, torch.Tensor):
        return str(batch.dtype).split(".")[-1], batch.tolist()
    if isinstance(batch, dict):
        return {k: show(v) for k, v in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch).__name__, [show(part) for part in batch]
    return batch
"""
ITEMS = [
    "(torch.tensor([i, i * i]), i)", "(torch.tensor([1.0 * i]), torch.tensor(i))", "i * i",
    "0.5 * i", "(float(i), float(2 * i))", "(np.float32([i, 1]), np.int64(i))", "np.ones(2) * i",
    "np.float64(i)", "(np.arange(2, dtype=np.uint8), bool(i % 2))", "{'x': torch.ones(2), 'y': i}",
    "(str(i), [i, i + 1])", "Pair(i, torch.tensor([i]))", "(torch.ones(1) > i, i > 2)",
    "[torch.zeros(1), (i, {'a': i})]", "torch.tensor(i, dtype=torch.uint8)", "(i,)"]


@pytest.mark.parametrize("item", ITEMS)
def test_any_data_set_is_collated_as_pytorch_does(item):
    prints_the_same(IMPORTS + f"""
Pair = namedtuple("Pair", "a b")
data = Squares(7, lambda i: {item})
for batch in DataLoader(data, batch_size=3):
    print(show(batch))
for batch in DataLoader([data[i] for i in range(7)], 2, drop_last=True):
    print(show(batch))
print(show(default_collate([data[1], data[2]])))
""")


@pytest.mark.parametrize("program", [
    """
data = TensorDataset(torch.arange(12).reshape(6, 2) / 2, torch.arange(6))
print(len(data), data[1], data[-1], data[2:4], data[[0, 3]], len(data.tensors))
print(data[torch.tensor([1, 1])], [y.item() for x, y in data])
row = data[2][0]
row += 100
print(data.tensors[0])
""", """
y = torch.tensor([0, 1, 2], dtype=torch.uint8)
x, labels = next(iter(DataLoader(TensorDataset(torch.zeros(3), y), 3)))
print(show(labels), labels.dtype == torch.uint8)
""", """
data = TensorDataset(torch.arange(10))
loader = DataLoader(data, batch_size=4, num_workers=0, pin_memory=False, drop_last=False)
print(len(loader), loader.batch_size, len(loader.dataset), loader.dataset is data)
print([show(b) for b in loader], next(iter(loader)), len(DataLoader(data, 4, drop_last=True)))
for i, (x,) in enumerate(loader):
    print(i, x)
""", """
part = Subset(TensorDataset(torch.arange(10), torch.arange(10) ** 2), [3, 1, 7])
print(len(part), part[0], part[-1], part.indices, part[[0, 2]])
print([show(b) for b in DataLoader(part, 2)], [show(b) for b in DataLoader(Subset(part, [2, 0]))])
""", """
both = TensorDataset(torch.arange(3)) + TensorDataset(torch.arange(10, 12))
print(len(both), both[2], both[3], both[-1], both[-5], both.cumulative_sizes)
print([show(b) for b in DataLoader(ConcatDataset([both, both]), 4)])
""", """
loader = DataLoader(list(range(10)), 3, sampler=[5, 3, 1, 9])
print(len(loader), [show(b) for b in loader])
loader = DataLoader(list(range(10)), batch_sampler=[[5, 3], [1], [9, 0, 2]])
print(len(loader), [show(b) for b in loader], loader.batch_size)
loader = DataLoader(list(range(10)), 2, sampler=SubsetRandomSampler([4, 6, 8]))
print(len(loader), sorted(x for b in loader for x in b.tolist()))
""", """
loader = DataLoader([(i, [i] * i) for i in range(5)], 2, collate_fn=lambda items: items)
print(list(loader))
print([show(b) for b in DataLoader(TensorDataset(torch.arange(4)), 2, collate_fn=len)])
print([show(b) for b in DataLoader(torch.arange(6).reshape(3, 2), 2)])
print([show(b) for b in DataLoader(range(5), 2)], [show(b) for b in DataLoader("abc", 2)])
""", """
loader = DataLoader(TensorDataset(torch.arange(50)), 8, shuffle=True)
torch.manual_seed(0)
first, second = ([x.tolist() for x, in loader] for _ in range(2))
torch.manual_seed(0)
print(first == [x.tolist() for x, in loader], first == second, sorted(sum(first, []))[:5])
g = torch.Generator()
loader = DataLoader(range(50), 50, shuffle=True, generator=g)
orders = []
for seed in (1, 1, 2):
    g.manual_seed(seed)
    orders.append(next(iter(loader)).tolist())
print(orders[0] == orders[1], orders[0] == orders[2])
split = lambda seed: random_split(range(9), [4, 5], generator=torch.Generator().manual_seed(seed))
print(split(3)[0].indices == split(3)[0].indices, [len(p) for p in split(1)], type(split(1)))
""", """
class Faces(Dataset):
    def __init__(self, transform=None):
        self.transform = transform
    def __len__(self):
        return 4
    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        sample = {"image": np.full((2, 2), idx), "landmarks": np.array([idx, 1.5])}
        return self.transform(sample) if self.transform else sample
for batch in DataLoader(Faces(), batch_size=3):
    print(show(batch), tuple(batch["image"].size()))
to_tensor = lambda s: {k: torch.from_numpy(v) for k, v in s.items()}
print(show(next(iter(DataLoader(Faces(to_tensor), batch_size=4)))))
"""], ids="tensors bytes loader subset concat samplers collate seeds faces".split())
def test_the_same_program_prints_the_same(program):
    prints_the_same(IMPORTS + program)


@pytest.mark.parametrize("program", [
    "DataLoader(TensorDataset(torch.zeros(3)), batch_size=0)",
    "DataLoader(range(3), shuffle=True, sampler=[0])",
    "next(iter(DataLoader([torch.ones(2), torch.ones(3)], 2)))",
    "next(iter(DataLoader([None, None], 2)))",
    "next(iter(DataLoader(Squares(2, lambda i: {'a': 1} if i else {'b': 2}), 2)))",
    "random_split(range(10), [5, 4])", "Dataset()[0]"])
def test_what_pytorch_refuses_is_refused_too(program):
    is_refused_by_both(IMPORTS + program)


def test_an_iterable_data_set_is_refused_with_the_cure():
    from d2lmini.utils.data import IterableDataset

    with pytest.raises(NotImplementedError, match="Write a Dataset with __len__ and __getitem__"):
        class Stream(IterableDataset):
            pass


def test_no_float_copy_of_the_data_set():
    train = mnist()[0]  # 47 MB as bytes, 188 MB as float32; one batch of 128 is 0.4 MB
    tracemalloc.start()
    try:
        for data in (train, random_split(train, [55000, 5000], generator=0)[0]):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            loader = DataLoader(data, 128, shuffle=True, transform=random_shift)
            assert sum(len(y.array) for _, y in loader) == len(data)
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
