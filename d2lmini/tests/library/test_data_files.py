"""The files of the course, and every way in which a data file can be damaged or missing."""

import gzip
import hashlib
import re
import struct
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from d2lmini.data import (
    DataError,
    MissingDataError,
    auto_mpg,
    course_prose,
    data_dir,
    davis,
    mnist,
    read_idx,
    sunspots,
)
from d2lmini.lesson import sketches

FOLDER = Path(__file__).resolve().parents[3] / "data"
MD5 = {"train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
       "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
       "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
       "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637"}
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = MD5


@pytest.fixture(autouse=True)
def the_course_folder(monkeypatch):
    monkeypatch.delenv("D2LMINI_DATA", raising=False)


def idx(array) -> bytes:
    codes = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
    head = bytes([0, 0, codes[array.dtype.str[1:]], array.ndim])
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.byteswap().tobytes()


def write_pictures(folder, train=12, test=5, size=(7, 6), gz=True):
    """Four files in idx format as Fashion-MNIST has them; returns their arrays by name."""
    rng, arrays = np.random.default_rng(0), {}
    folder.mkdir(parents=True, exist_ok=True)
    for part, n in (("train", train), ("t10k", test)):
        arrays[f"{part}-images-idx3-ubyte"] = rng.integers(0, 256, (n, *size)).astype(np.uint8)
        arrays[f"{part}-labels-idx1-ubyte"] = rng.integers(0, 10, n).astype(np.uint8)
    for name, array in arrays.items():
        raw = idx(array)
        (folder / (name + ".gz" * gz)).write_bytes(gzip.compress(raw) if gz else raw)
    return arrays


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A folder of small, sound files, where `mnist()` looks; a test then damages one of them."""
    write_pictures(tmp_path / "mnist")
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path))
    mnist()  # sound before the damage
    return tmp_path / "mnist"


def rewrite(path, change):
    path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()))))


# The files of the course


def test_readme_lists_every_file_with_its_checksum():
    text = (FOLDER / "README.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", text, re.M))
    files = [f for f in FOLDER.rglob("*") if f.is_file() and f.suffix not in (".md", ".png")]
    assert listed == {
        f.relative_to(FOLDER).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files
    }
    assert len(listed) == 10


def test_the_drawings_are_those_that_are_listed_and_those_that_the_program_makes():
    lines = (FOLDER / "drawings" / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    pictures = {path.relative_to(FOLDER / "drawings").as_posix(): path
                for path in FOLDER.rglob("*.png")}
    assert len(listed) == 384 and listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in pictures.items()}
    for (thing, name), picture in sketches.shipped().items():
        stored = 255 * plt.imread(pictures[f"{thing}/{name}.png"])
        assert np.abs(stored - picture).max() < 1.5


@pytest.mark.parametrize("name", MD5)
def test_mnist_is_the_original(name):
    raw = gzip.decompress((FOLDER / "mnist" / f"{name}.gz").read_bytes())
    assert hashlib.md5(raw).hexdigest() == MD5[name]


def test_mnist():
    train, test = mnist()
    images, labels = (t.numpy() for t in train.tensors)
    assert [t.shape for t in train.tensors] == [(60000, 1, 28, 28), (60000,)]
    assert [t.shape for t in test.tensors] == [(10000, 1, 28, 28), (10000,)]
    assert [t.dtype for t in train.tensors + test.tensors] == [np.uint8, np.int64] * 2
    assert np.bincount(labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851,
                                            5949]
    assert np.bincount(test.tensors[1].numpy()).tolist() == [980, 1135, 1032, 1010, 982, 892, 958,
                                                             1028, 974, 1009]
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert round(images.mean() / 255, 4) == 0.1307  # the mean that everybody subtracts


def test_default_folder():
    assert data_dir() == FOLDER


def test_davis():
    people = davis()
    assert list(people) == ["sex", "weight", "height", "reported_weight", "reported_height"]
    assert all(v.shape == (200,) for v in people.values())
    assert all(v.dtype == np.float32 for k, v in people.items() if k != "sex")
    assert (people["sex"] == "F").sum() == 112 and (people["sex"] == "M").sum() == 88
    assert (people["sex"][0], people["weight"][0], people["height"][0]) == ("M", 77, 182)
    assert (people["weight"][11], people["height"][11]) == (166, 57)  # swapped, and kept so
    rest = np.arange(200) != 11
    assert people["height"][rest].min() == 148 and people["height"][rest].max() == 197
    assert people["weight"][rest].min() == 39 and people["weight"][rest].max() == 119
    for column in ("reported_weight", "reported_height"):
        assert np.isnan(people[column]).sum() == 17


def test_auto_mpg():
    cars = auto_mpg()
    assert list(cars) == ["mpg", "cylinders", "displacement", "horsepower", "weight",
                          "acceleration", "year", "origin", "name"]
    assert all(v.shape == (406,) for v in cars.values())
    missing = {k: int(np.isnan(v).sum()) for k, v in cars.items() if v.dtype == np.float32}
    assert missing == {"mpg": 8, "cylinders": 0, "displacement": 0, "horsepower": 6, "weight": 0,
                       "acceleration": 0, "year": 0}
    assert np.unique(cars["origin"]).tolist() == ["Europe", "Japan", "USA"]
    assert np.unique(cars["origin"], return_counts=True)[1].tolist() == [73, 79, 254]
    assert np.unique(cars["year"], return_counts=True)[1].tolist() == [35, 29, 28, 40, 27, 30, 34,
                                                                       28, 36, 29, 29, 30, 31]
    assert not any("Accel" in name for name in cars["name"])
    assert cars["name"][0] == "chevrolet chevelle malibu" and cars["mpg"][0] == 18
    assert cars["weight"].max() == 5140 and cars["displacement"].max() == 455


def test_sunspots():
    sun = sunspots()
    assert list(sun) == ["year", "number"]
    assert all(v.shape == (309,) and v.dtype == np.float32 for v in sun.values())
    assert sun["year"][[0, -1]].tolist() == [1700, 2008] and sun["number"][0] == 5
    assert round(float(sun["number"].mean()), 2) == 49.75
    assert sun["year"][sun["number"].argmax()] == 1957  # the highest of all cycles


def test_course_prose():
    text = course_prose()
    assert len(text) == 189_523 and len(set(text)) == 29
    assert text.startswith("how would you write a program that reads a handwritten seven. ")
    assert not any(wrong in text for wrong in ("  ", "..", ",,", " ,", " ."))


@pytest.mark.parametrize(("change", "message"), [
    (lambda t: t[:-300], "characters, but there should be 189,523"),
    (lambda t: t + "more\n", "189,528 characters"),
    (lambda t: t.replace("neuron", "Neuron", 1), "'N' is none of its 29 symbols"),
    (lambda t: "", "^.*: 0 characters"),
    (lambda t: t.replace("a", "\udcff", 1), "is none of its 29 symbols")])
def test_damaged_prose(tmp_path, monkeypatch, change, message):
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path))
    text, path = (FOLDER / "course_prose.txt").read_text(), tmp_path / "course_prose.txt"
    path.write_bytes(change(text).encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=message) as caught:
        course_prose()
    assert str(caught.value).startswith(f"{path}: ") and "git checkout data" in str(caught.value)


# Files in idx format


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "i4", "f4", "f8"])
@pytest.mark.parametrize("shape", [(3,), (0,), (2, 3), (2, 3, 4, 5)])
def test_read_idx(tmp_path, dtype, shape):
    array = (np.random.default_rng(0).standard_normal(shape) * 50).astype("i1").astype(dtype)
    (tmp_path / "a").write_bytes(idx(array))
    (tmp_path / "a.gz").write_bytes(gzip.compress(idx(array)))
    for name in ("a", "a.gz"):
        read = read_idx(tmp_path / name)
        assert read.dtype == array.dtype and read.dtype.isnative
        np.testing.assert_array_equal(read, array, strict=True)


@pytest.mark.parametrize("gz", [True, False])
@pytest.mark.parametrize("as_text", [True, False])
def test_other_data_sets_load_with_the_same_function(tmp_path, gz, as_text):
    arrays = write_pictures(tmp_path / "fashion", gz=gz)
    train, test = mnist(root=str(tmp_path / "fashion") if as_text else tmp_path / "fashion")
    np.testing.assert_array_equal(train.tensors[0][:, 0], arrays[TRAIN_IMAGES], strict=True)
    np.testing.assert_array_equal(train.tensors[1], arrays[TRAIN_LABELS])
    np.testing.assert_array_equal(test.tensors[0][:, 0], arrays[TEST_IMAGES], strict=True)
    np.testing.assert_array_equal(test.tensors[1], arrays[TEST_LABELS])


def flip(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(bytes(raw))


DAMAGE = {
    "gzip cut short": (lambda p: p.write_bytes(p.read_bytes()[:-20]),
                       "gzip file is damaged or cut short"),
    "gzip header only": (lambda p: p.write_bytes(p.read_bytes()[:6]),
                         "gzip file is damaged or cut short"),
    "a flipped byte": (flip, "gzip file is damaged"),
    "no deflate stream": (lambda p: p.write_bytes(p.read_bytes()[:10] + b"\xff" * 20),
                          "gzip file is damaged"),
    "not gzip": (lambda p: p.write_bytes(b"<html>404</html>"), "gzip file is damaged"),
    "empty": (lambda p: p.write_bytes(b""), "magic number is 0x[.]"),
    "wrong magic number": (lambda p: rewrite(p, lambda raw: b"\1" + raw[1:]),
                           "magic number is 0x0100080"),
    "unknown type": (lambda p: rewrite(p, lambda raw: b"\0\0\7" + raw[3:]),
                     "magic number is 0x0000070"),
    "header cut short": (lambda p: rewrite(p, lambda raw: raw[:7]), "cut short: 7 bytes"),
    "one byte short": (lambda p: rewrite(p, lambda raw: raw[:-1]),
                       "cut short: [0-9,]+ bytes, and not "),
    "one byte too long": (lambda p: rewrite(p, lambda raw: raw + b"\0"),
                          "too long: [0-9,]+ bytes, and not "),
    "one example too few": (
        lambda p: rewrite(p, lambda raw: idx(np.zeros((11, 7, 6)[: raw[3]], np.uint8))),
        "images of shape .* labels",
    ),
    "an absurd size": (lambda p: rewrite(p, lambda raw: raw[:4] + b"\xff" * (len(raw) - 4)),
                       "cut short"),
}


@pytest.mark.parametrize("name", [TRAIN_IMAGES, TRAIN_LABELS])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file(pictures, name, damage):
    harm, message = DAMAGE[damage]
    path = pictures / f"{name}.gz"
    harm(path)
    with pytest.raises(DataError, match=message) as caught:
        mnist()
    text = str(caught.value)
    blamed = TRAIN_IMAGES if damage == "one example too few" else name  # there, both are suspect
    assert text.startswith(f"{pictures / blamed}.gz: ")
    assert "git checkout data" in text and "D2LMINI_DATA" in text
    assert not isinstance(caught.value, FileNotFoundError) and "\n" not in text


def test_raw_file_too_short_and_too_long(tmp_path):
    sound = idx(np.arange(6, dtype=np.uint8).reshape(2, 3))
    for raw, message in ((sound[:-1], "cut short: 17 bytes"), (sound + b"x", "too long: 19 bytes")):
        (tmp_path / "a").write_bytes(raw)
        with pytest.raises(DataError, match=rf"{message}, and not 18 for shape \(2, 3\)"):
            read_idx(tmp_path / "a")


def exchange(folder, a, b):
    a, b = folder / f"{a}.gz", folder / f"{b}.gz"
    first, second = a.read_bytes(), b.read_bytes()
    a.write_bytes(second)
    b.write_bytes(first)


def test_exchanged_files(pictures):
    exchange(pictures, TRAIN_IMAGES, TRAIN_LABELS)
    with pytest.raises(DataError, match=rf"{TRAIN_IMAGES}.gz: no images, .*\(12,\).*exchanged"):
        mnist()
    exchange(pictures, TRAIN_IMAGES, TRAIN_LABELS)
    exchange(pictures, TRAIN_IMAGES, TEST_IMAGES)
    with pytest.raises(DataError, match=r"images of shape \(5, 7, 6\), but 12 labels"):
        mnist()
    exchange(pictures, TRAIN_LABELS, TEST_LABELS)
    with pytest.raises(DataError, match="fewer training than test images: were the files"):
        mnist()


def test_images_in_the_place_of_labels(pictures):
    (pictures / f"{TRAIN_LABELS}.gz").write_bytes((pictures / f"{TRAIN_IMAGES}.gz").read_bytes())
    with pytest.raises(DataError, match=rf"{TRAIN_LABELS}.gz: no labels, but .*\(12, 7, 6\)"):
        mnist()


def test_labels_that_are_not_bytes(pictures):
    (pictures / f"{TEST_LABELS}.gz").write_bytes(gzip.compress(idx(np.full(5, -1, np.int8))))
    with pytest.raises(DataError, match="no labels, but int8"):
        mnist()


@pytest.mark.parametrize("name, n", [(TRAIN_LABELS, 12), (TEST_LABELS, 5)])
def test_label_above_nine(pictures, name, n):
    (pictures / f"{name}.gz").write_bytes(gzip.compress(idx(np.full(n, 10, np.uint8))))
    with pytest.raises(DataError, match="a label is above 9"):
        mnist()
    labels = [part.tensors[1] for part in mnist(root=pictures)]  # another set may have more classes
    assert max(y.max() for y in labels) == 10


def test_no_images_at_all(tmp_path):
    write_pictures(tmp_path, train=3, test=0)
    with pytest.raises(DataError, match=rf"{TEST_IMAGES}.gz: images .*\(0, 7, 6\), but 0 labels"):
        mnist(tmp_path)


# Missing files


@pytest.mark.parametrize("name", MD5)
def test_missing_file(pictures, name):
    (pictures / f"{name}.gz").unlink()
    with pytest.raises(
        MissingDataError, match=f"{name}.gz is missing.*git checkout data.*D2LMINI_DATA"
    ):
        mnist()


@pytest.mark.parametrize("load", [mnist, davis, auto_mpg, sunspots, course_prose])
def test_missing_folder(tmp_path, monkeypatch, load):
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=r"nowhere.* is missing.*a clone") as caught:
        load()
    assert isinstance(caught.value, DataError) and isinstance(caught.value, ValueError)


def test_read_idx_missing(tmp_path):
    with pytest.raises(MissingDataError, match=r"nothing.gz is missing"):
        read_idx(tmp_path / "nothing.gz")


def test_the_environment_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("D2LMINI_DATA", "~/elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_dir() == tmp_path / "elsewhere"
    monkeypatch.setenv("D2LMINI_DATA", "")
    assert data_dir() == FOLDER


# Tables


def test_a_sound_table_in_another_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path))
    text = (FOLDER / "davis.csv").read_text()
    (tmp_path / "davis.csv").write_text(
        text.replace("M,77,182", "F,99,182", 1).replace("\n", "\r\n")
    )
    assert (davis()["sex"][0], davis()["weight"][0]) == ("F", 99)


@pytest.mark.parametrize(
    "load, old, new, message",
    [(davis, "sex,weight", "weight,sex", "line 1: the columns should be sex, weight, height"),
     (davis, "M,77,182,77,180", "M,77,182,77", "line 2: 4 values for 5 columns"),
     (davis, "M,77,182,77,180", "M,77,182,77,180,1", "line 2: 6 values for 5 columns"),
     (davis, "M,77,182,77,180\n", "M,77,182,77,180\n\n", "line 3: 0 values for 5 columns"),
     (davis, "M,77,182,77,180\n", "", "200 lines, but there should be 201"),
     (davis, "M,77,182,77,180\n", "M,77,182,77,180\n" * 2, "202 lines, but there should be 201"),
     (davis, "M,77,182", "X,77,182", "line 2: sex cannot be 'X'"),
     (davis, "M,77,182", ",77,182", "line 2: sex cannot be ''"),
     (davis, "M,77,182", "M,,182", "line 2: weight cannot be ''"),
     (davis, "M,77,182", "M,nan,182", "line 2: weight cannot be 'nan'"),
     (davis, "182,77,180", "182,nan,180", "line 2: reported_weight cannot be 'nan'"),
     (davis, "M,77,182", "M,7700,182", "line 2: weight cannot be '7700'"),
     (davis, "M,77,182", "M,77,-182", "line 2: height cannot be '-182'"),
     (davis, "M,77,182", "M,7x,182", "line 2: could not convert string to float: '7x'"),
     (davis, "M,77,182", "M,77,inf", "line 2: height cannot be 'inf'"),
     (davis, "M,77,182", 'M,77,"182', "line 201: 3 values for 5 columns"),
     (auto_mpg, "18,8,307", "18,9,307", "line 2: cylinders cannot be '9'"),
     (auto_mpg, "1970,USA", "1870,USA", "line 2: year cannot be '1870'"),
     (auto_mpg, "1970,USA", "1970,UK", "line 2: origin cannot be 'UK'"),
     (auto_mpg, "chevrolet chevelle malibu", "", "line 2: name cannot be ''"),
     (sunspots, "1700,5", "1700,-5", "line 2: number cannot be '-5'"),
     (sunspots, "1700,5", "1700,", "line 2: number cannot be ''"),
     (sunspots, "2008,2.9\n", "", "309 lines, but there should be 310"),
     (sunspots, "1701,11", "1702,11", "the years do not follow one another"),
     (auto_mpg, "chevrolet", "\udcff", "line [0-9]: 'utf-8' codec can't decode")],
)
def test_damaged_table(tmp_path, monkeypatch, load, old, new, message):
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path))
    text = (FOLDER / f"{load.__name__}.csv").read_text("utf-8")
    assert old in text
    path = tmp_path / f"{load.__name__}.csv"
    path.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=message) as caught:
        load()
    assert str(caught.value).startswith(f"{path}: ") and "git checkout data" in str(caught.value)


@pytest.mark.parametrize("load", [davis, auto_mpg])
@pytest.mark.parametrize("kept", [0, 10, 2000, -1, -3, -30])
def test_truncated_table(tmp_path, monkeypatch, load, kept):
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path))
    text = (FOLDER / f"{load.__name__}.csv").read_text()
    (tmp_path / f"{load.__name__}.csv").write_text(text[:kept])
    if kept == -1:  # only the last newline: nothing is lost
        assert len(load()["weight"]) == text.count("\n") - 1
    elif load is auto_mpg and kept == -3:  # nobody can see that the last name lacks two letters
        assert load()["name"][-1] == "chevy s-"
    else:
        with pytest.raises(DataError, match="line"):
            load()
