"""The pad's half in Python: MNIST's form, what it sends back, and what stands in for it.

That the other half draws, in a browser, is in test_browser.py.
"""

import numpy as np
import pytest

from d2lmini import data
from d2lmini.lesson import pad
from d2lmini.lesson.reader import network, reader


@pytest.fixture(scope="module")
def digits():
    return np.asarray(data.mnist()[1].tensors[0][:2000, 0]) / np.float32(255)


@pytest.fixture(scope="module")
def read():
    return reader()


def test_the_trained_network_reads_the_test_set(read):
    images, labels = (np.asarray(part) for part in data.mnist()[1].tensors)
    answers = read(images[:, 0] / np.float32(255))
    assert (answers.argmax(axis=1) == labels).mean() >= 0.98
    assert read(images[0, 0] / np.float32(255)).argmax() == labels[0] == 7  # lesson 00's first cell
    assert np.allclose(answers.sum(axis=1), 1, atol=1e-5) and answers.shape == (10_000, 10)
    assert sum(np.prod(p.shape) for p in network().parameters()) == 11_274
    assert (data.data_dir() / "digit_reader.npz").stat().st_size < 100_000


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("D2LMINI_DATA", str(tmp_path))
    with pytest.raises(data.MissingDataError, match=r"digit_reader.npz is missing. Restore"):
        reader()


def test_mnist_s_own_digits_are_left_as_they_are(digits):
    same = [np.allclose(pad.mnist_form(digit), digit, atol=1e-6) for digit in digits]
    assert np.mean(same) > 0.995


def test_no_digit_of_mnist_moves_by_more_than_a_pixel(digits, read):
    axis = np.arange(28)
    center = lambda x: np.array([(x.sum(1) * axis).sum(), (x.sum(0) * axis).sum()]) / x.sum()
    for digit in digits:
        formed = pad.mnist_form(digit)
        assert np.abs(center(formed) - center(digit)).max() <= 1
    for digit in digits[:300]:
        assert read(pad.mnist_form(digit)).argmax() == read(digit).argmax()


@pytest.mark.parametrize("scale", [2, 3])
@pytest.mark.parametrize("corner", [(0, 0), (40, 7), (90, 90)])
def test_place_and_size_do_not_matter(digits, read, scale, corner):
    """A digit drawn larger, anywhere on a larger sheet, comes back nearly as it was."""
    answers = []
    for digit in digits[:50]:
        sheet, (down, right) = np.zeros((180, 180), np.float32), corner
        sheet[down:down + 28 * scale, right:right + 28 * scale] = np.kron(
            digit, np.ones((scale, scale)))
        formed = pad.mnist_form(sheet)
        assert np.abs(formed - digit).mean() < 0.03
        answers.append(read(formed).argmax() == read(digit).argmax())
    assert np.mean(answers) >= 0.96


def test_the_longer_side_has_20_pixels_and_shape_is_kept():
    wide = np.zeros((28, 28))
    wide[3:5, 2:12] = 0.5
    formed = pad.mnist_form(wide)
    rows, columns = np.flatnonzero(formed.any(axis=1)), np.flatnonzero(formed.any(axis=0))
    assert (len(rows), len(columns)) == (4, 20) and formed.dtype == np.float32
    assert formed.max() == pytest.approx(0.5) and formed.sum() == pytest.approx(0.5 * 80)


def test_blank_dot_and_heavy_edge():
    assert not pad.mnist_form(np.zeros((28, 28))).any()
    dot = np.zeros((28, 28))
    dot[27, 0] = 1
    assert np.isfinite(pad.mnist_form(dot)).all() and pad.mnist_form(dot).sum() == 400
    heavy = np.zeros((28, 28))
    heavy[:, :] = 1e-3
    heavy[:, 0] = 1  # its center of mass would move the box beyond the picture
    assert pad.mnist_form(heavy).any(axis=0).sum() == 20


def test_the_sample_is_a_3(read):
    assert pad.sample().shape == (28, 28)
    assert read(pad.mnist_form(pad.sample())).argmax() == 3


# --- what travels between Python and the browser ---


def ink(picture):
    return memoryview((255 * picture).round().astype(np.uint8).tobytes())  # as it comes by wire


def test_the_pad_answers_with_bytes_and_ten_numbers(digits, read):
    widget = pad.Pad(read)
    widget.set_state({"pixels": ink(digits[0])})
    assert widget.answer == pytest.approx([float(p) for p in read(digits[0])], abs=1e-3)
    assert bytes(widget.picture) == bytes(ink(digits[0])) and any(widget.picture)
    assert sum(widget.answer) == pytest.approx(1, abs=1e-5) and widget.trouble == ""
    widget.set_state({"pixels": memoryview(bytes(784))})
    assert widget.answer == [] and not any(widget.picture)


def test_without_center_the_network_sees_what_was_drawn(digits):
    moved, seen = np.roll(digits[0], 3, axis=1), []
    pad.Pad(lambda x: seen.append(x) or [0.1] * 10, center=False).set_state({"pixels": ink(moved)})
    assert np.allclose(seen[0], moved, atol=1e-6)


def test_an_error_of_the_network_is_shown(digits):
    def read(image):
        raise NameError("name 'model' is not defined")
    widget = pad.Pad(read)
    widget.set_state({"pixels": ink(digits[0])})
    assert widget.trouble == "NameError: name 'model' is not defined" and widget.answer == []


def test_the_pad_has_a_bar_for_each_name(digits):
    widget = pad.Pad(lambda x: [0.9, 0.1], names=["cat", "dog"])
    widget.set_state({"pixels": ink(digits[0])})
    assert (widget.names, widget.answer, widget.trouble) == (["cat", "dog"], [0.9, 0.1], "")
    widget = pad.Pad(lambda x: [0.9, 0.1])
    widget.set_state({"pixels": ink(digits[0])})
    assert "2 numbers" in widget.trouble and "10 names" in widget.trouble and not widget.answer


def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr(pad, "display", lambda bundle, raw, metadata: bundles.append(bundle))
    pad.digit_pad(lambda image: np.eye(10)[3])
    return bundles[0]


def test_a_picture_and_a_sentence_stand_in_for_the_pad(monkeypatch):
    live = shown(monkeypatch)
    assert live["text/plain"] == pad.NO_KERNEL
    assert "application/vnd.jupyter.widget-view+json" in live
    monkeypatch.setattr(pad, "anywidget", None)
    bare = shown(monkeypatch)
    assert set(bare) == {"image/png", "text/plain"} and "anywidget" in bare["text/plain"]
    assert len(bare["image/png"]) > 5000


def test_nothing_is_asked_of_another_computer():
    for name in ("pad.js", "pad.css"):
        text = (pad.FOLDER / name).read_text(encoding="utf-8")
        assert "//" not in text.replace("// ", "") and "import" not in text, name
        assert "fetch" not in text and "url(" not in text, name
