"""A reader runs the course in the tab: JupyterLite as `make site` builds it, in Chromium.

Two lessons and an exercise each time; D2LMINI_SITE=all, as in `make site-test`, runs every lesson.
Text that a cell prints is compared with what is stored, as nbval does for the usual kernel.
"""

import re
import shutil
import subprocess
import time

import nbformat
import pytest

from d2lmini.tests.browser.browser import CHROMIUM, Person, chromium, errors
from d2lmini.tests.browser.tab import Tab, served
from d2lmini.tests.browser.test_browser import (
    ALL,
    LESSONS,
    PANELS,
    PICTURES,
    QUICK,
    READ_CELLS,
    TOP,
    draw_digits,
    move_all,
    sliced,
)

pytest.importorskip("jupyterlite_core", reason="pip install -e '.[site]' brings it")
from d2lmini.tools.site import lite

CHOSEN = [name for name in LESSONS if ALL or name[:2] in ("00", "03")]
LIMIT = 900  # seconds for a lesson, which takes a tenth of that on two free cores

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is needed")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    try:
        lite.build(folder / "run", work=folder / "work", cache=TOP / "build/cache")
    except lite.Missing as reason:
        pytest.skip(str(reason))
    with served(folder) as address:
        yield address, folder


@pytest.fixture(scope="module")
def reader(site):
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium(300, viewport={"width": 1280, "height": 960}) as browser:
        yield browser


@pytest.fixture
def opened(reader, site):
    """Opens notebooks in tabs; in the end nothing was asked of another computer."""
    tabs = []

    def opened(path, content=None, wait=True):
        tabs.append(Tab(reader, site[0], path, content, wait))
        return tabs[-1]

    yield opened
    for tab in tabs:
        tab.page.close()
    assert reader.abroad == []


def person(tab):
    """Eyes and hands for the tests of controls and pad."""
    return Person(tab.page.context, ("", ""), None, PICTURES, tab.page)


def said(cell):
    """The text of a cell's outputs, as nbval compares it: without what stands for a picture."""
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs
             if out.output_type in ("stream", "execute_result")]
    return "".join(texts)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_lesson_runs_and_says_what_is_stored(opened, site, name):
    tab = opened(f"notebooks/{name}.ipynb")
    nb, seconds = tab.run_all(LIMIT)
    print(f"\n{name}: kernel {tab.seconds:.0f} s, Run All {seconds:.0f} s, "
          f"{tab.megabytes():.0f} MB, {tab.sent(site[1]):.0f} MB sent")
    tab.page.screenshot(path=PICTURES / f"tab_{name}.png")
    assert errors(nb) == []
    stored = {cell.id: cell for cell in nbformat.read(TOP / f"notebooks/{name}.ipynb", 4).cells}
    for cell in nb.cells:
        if cell.cell_type == "code" and not {"nbval-ignore-output", "widget"} & set(
                cell.metadata.get("tags", [])):
            assert said(cell) == said(stored[cell.id]), cell.id
            pictures = lambda c: sum("image/png" in o.get("data", {}) for o in c.outputs)
            assert pictures(cell) == pictures(stored[cell.id]), cell.id


def lesson_08():
    """Only what the controls and the pad of lesson 08 need, with a short training."""
    (name,) = [name for name in LESSONS if name.startswith("08")]
    nb = nbformat.read(TOP / f"notebooks/{name}.ipynb", 4)
    for cell in nb.cells:
        cell.source = QUICK if cell.id in READ_CELLS else cell.source
    nb.cells = sliced(nb.cells)
    return nb


PRODUCTS = r"""
import numpy as np
from d2lmini.backend import fast, wasm

g = np.random.default_rng(0)


def laid(rows, columns, how):
    x = g.standard_normal((rows, columns)).astype(np.float32)
    if how == "columns":
        return np.asfortranarray(x)
    if how == "every other":
        wide = np.zeros((2 * rows, 3 * columns), np.float32)
        wide[::2, ::3] = x
        return wide[::2, ::3]
    if how == "backwards":
        return np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1]
    if how == "one row":
        return np.broadcast_to(x[:1], x.shape)
    return x


ways = ["rows", "columns", "every other", "backwards", "one row"]
tried, used, worst = 0, wasm._sgemm is not None and fast.multiply is wasm.multiply, 0.0
for m, k, n in [(1, 1, 1), (3, 5, 7), (4, 8, 8), (32, 32, 32), (33, 65, 31), (5, 300, 9),
                (97, 257, 515), (100, 1, 600), (1, 4000, 9), (200, 513, 33), (4, 2048, 8),
                (2, 9000, 40), (700, 40, 2), (0, 3, 4), (3, 0, 4)]:
    for i, way in enumerate(ways):
        for j in range(3):
            a, b = laid(m, k, way), laid(k, n, ways[(i + j) % 5])
            out = [np.empty((m, n), np.float32), np.empty((n, m), np.float32).T,
                   np.empty((m, 2 * n), np.float32)[:, ::2]][j]
            out[...] = np.nan
            wasm.multiply(a, b, out)
            right = a.astype(float) @ b.astype(float)
            size = np.abs(a.astype(float)) @ np.abs(b.astype(float)) + 1e-30
            worst = max(worst, np.max(np.abs(out - right) / size, initial=0))
            tried += 1
doubles = g.standard_normal((2, 64, 64))
same = np.array_equal(wasm.matmul(*doubles), doubles[0] @ doubles[1])
print(used, tried, same, worst < 1e-5)
"""


def test_controls_the_pad_and_the_product(opened):
    """Also a calculation without end can be stopped: the last cell is one when it runs again."""
    nb = lesson_08()
    nb.cells.append(nbformat.v4.new_code_cell("while 'endless' in globals():\n    pass"))
    tab = opened("notebooks/pad.ipynb", nb)
    nb, _ = tab.run_all(LIMIT)
    assert errors(nb) == []
    me = person(tab)
    assert tab.page.locator(PANELS).count() >= 1 and move_all(me, "tab_08") >= 1
    draw_digits(me, "tab_pad")
    assert tab.ask(PRODUCTS) == "True 225 True True"

    tab.ask("endless = True")
    tab.menu("Run", "runmenu:run-all")
    time.sleep(2)
    tab.menu("Kernel", "kernelmenu:restart")
    tab.page.locator(".jp-Dialog button", has_text="Restart").click()
    tab.idle()
    assert tab.ask("print(6 * 7)") == "42"


EXERCISE = "notebooks/exercises/01_tensors.ipynb"


def answer(tab, source):
    """Write `source` over the answer of channels_last by keyboard, and run it and its check."""
    cells, keyboard = tab.page.locator(".jp-CodeCell"), tab.page.keyboard
    cells.locator(".cm-content", has_text="def channels_last").click()
    keyboard.press("Control+a")
    keyboard.insert_text(f"def channels_last(images):\n    {source}")
    keyboard.press("Shift+Enter")
    keyboard.press("Shift+Enter")
    return cells.filter(has_text='check("channels_last"').locator(".jp-OutputArea")


def test_an_exercise_is_answered_kept_and_handed_in(opened, reader, tmp_path):
    tab = opened(EXERCISE)
    me, page = person(tab), tab.page
    page.locator(".jp-CodeCell .cm-content", has_text="from d2lmini.exercises").click()
    page.keyboard.press("Shift+Enter")
    me.see(answer(tab, "return images"), "expected shape", "no word about a wrong answer")
    output = answer(tab, "return images.transpose(0, 2, 3, 1)  # mine")
    me.see(output, "channels_last: right", "no word about the right answer")
    me.snap("tab_exercise")

    page.keyboard.press("Control+s")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    with page.expect_download() as download:
        tab.menu("File", "docmanager:download")
    download.value.save_as(tmp_path / "01_tensors.ipynb")
    nb = nbformat.read(tmp_path / "01_tensors.ipynb", 4)
    nbformat.validate(nb)
    kept = nbformat.read(TOP / EXERCISE, 4)
    assert "# mine" in "".join(cell.source for cell in nb.cells)
    assert [c.id for c in nb.cells] == [c.id for c in kept.cells]
    assert [c.metadata.get("nbgrader") for c in nb.cells] == [
        c.metadata.get("nbgrader") for c in kept.cells]

    page.close()
    again = opened(EXERCISE, wait=False)
    assert "# mine" in again.page.locator(".jp-CodeCell", has_text="def channels_last").inner_text()


# --- the matrix product ---


def test_the_product_s_file_is_what_its_source_gives(tmp_path):
    """By the command in the source: sgemm.so, byte for byte."""
    if not shutil.which("clang-14") or not shutil.which("wasm-ld-14"):
        pytest.skip("clang-14 and lld-14 are needed")
    folder = TOP / "d2lmini/backend"
    source = (folder / "sgemm.c").read_text()
    command = re.search(r"^ *(clang-14 .*?-o sgemm\.so)$", source, re.MULTILINE | re.DOTALL)[1]
    shutil.copy(folder / "sgemm.c", tmp_path)
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    assert (tmp_path / "sgemm.so").read_bytes() == (folder / "sgemm.so").read_bytes()
