"""Every stored notebook was executed in order and shows its figures; and the checks can fail.

The second half feeds made-up bad notebooks to d2lmini/tools/checks/shape.py and runs two through
d2lmini/tools/execute.py. That the outputs are right is nbval's business.
"""

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from d2lmini.tools import execute
from d2lmini.tools.checks import shape

TOP = Path(__file__).parents[3] / "notebooks"
NOTEBOOKS = sorted([*TOP.glob("*.ipynb"), *TOP.glob("solutions/*.ipynb")])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(TOP)))
def test_stored_notebook(path):
    assert shape.problems(path) == []


def test_there_are_notebooks():
    assert NOTEBOOKS


def png(pixels):
    """A picture as a stored figure's output."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    data = {"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "<Figure>"}
    return new_output("display_data", data=data)


BLANK = np.full((120, 200, 3), 255, dtype=np.uint8)
LINE = BLANK.copy()
LINE[60] = 0


def code(source, *outputs, count=1, tags=()):
    metadata = {"tags": list(tags)}
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def stored(folder, *cells):
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


SHOW = "plt.plot(x)\nplt.show()"
ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
SVG = new_output("display_data", data={"image/svg+xml": "<svg/>"})
UNDECODABLE = new_output("display_data", data={"image/png": "AAAA"})
BAD = {
    "was never executed": code("x", count=None),
    "was executed as number 2, not 1": code("x", count=2),
    "no PNG is stored": code(SHOW),
    "a figure, but no PNG": code("draw()", tags=["figure"]),
    "blank figure": code(SHOW, png(BLANK)),
    "only 200 by 50 pixels": code(SHOW, png(LINE[40:90])),
    "cannot be decoded": code(SHOW, UNDECODABLE),
    "stored the error ValueError: no": code("f()", ERROR),
    "wrote to stderr: careful": code("f()", stream("careful", "stderr")),
    "stored an SVG": code("f()", SVG),
    "path of one computer: /home/ada/x.csv": code("f()", stream("read /home/ada/x.csv")),
    "path of one computer: C:\\Users\\ada": code(r"open('C:\Users\ada')"),
    "path of one computer: /root/x": new_markdown_cell("See /root/x"),
}


@pytest.mark.parametrize("sentence", BAD)
def test_a_bad_cell_is_found(tmp_path, sentence):
    found = shape.problems(stored(tmp_path, BAD[sentence]))
    assert len(found) == 1 and sentence in found[0], found


def test_two_figures_of_which_one_is_blank(tmp_path):
    found = shape.problems(stored(tmp_path, code(SHOW, png(LINE), png(BLANK))))
    assert found == ["cell 0: has a blank figure"]


def test_a_large_file_is_found(tmp_path):
    (sentence,) = shape.problems(stored(tmp_path, new_markdown_cell("x" * 2_100_000)))
    assert "2.1 MB" in sentence


def test_an_invalid_notebook_is_found(tmp_path):
    path = stored(tmp_path, code("x"))
    path.write_text(path.read_text().replace('"code"', '"cod"'))
    assert "not a valid notebook" in shape.problems(path)[0]


def test_a_good_notebook_passes(tmp_path):
    cells = [
        new_markdown_cell("# Title, see https://example.org/home/page"),
        code("%matplotlib inline\n" + SHOW, png(LINE)),
        code("", count=None),
        code("def draw():\n    plt.show()", count=2),
        code("1 / 0", ERROR, count=3, tags=["raises-exception"]),
        code(SHOW, count=4, tags=["widget"]),
    ]
    assert shape.problems(stored(tmp_path, *cells)) == []


def test_execute_stores_outputs_in_a_steady_form(tmp_path):
    cells = [
        code("print(1, flush=True)\nprint(2, flush=True)", count=9),
        code("", count=None),
        code("1 / 0", count=9, tags=["raises-exception"]),
        code("from pathlib import Path\nPath('lesson.ipynb').exists()", count=9),
    ]
    path = stored(tmp_path, *cells)
    assert execute.execute(path)[0] == 4
    first = path.read_text()
    nb = nbformat.reads(first, as_version=4)
    assert [cell.execution_count for cell in nb.cells] == [1, None, 2, 3]
    assert [out.text for out in nb.cells[0].outputs] == ["1\n2\n"]
    assert nb.cells[3].outputs[0].data["text/plain"] == "True"  # it ran in its own folder
    assert [cell.id for cell in nb.cells] == [cell.id for cell in cells]
    execute.execute(path)
    assert path.read_text() == first
    assert shape.problems(path) == []
    assert [p.name for p in tmp_path.iterdir()] == ["lesson.ipynb"]


FAILING = {
    "ValueError: 7": "raise ValueError(7)",
    "the limits are": "while True: pass",
    "the kernel died": "import os; os._exit(1)",
}


@pytest.mark.parametrize("reason", FAILING)
def test_execute_leaves_a_failing_notebook_alone(tmp_path, capsys, reason):
    path = stored(tmp_path, code("x = 1"), code(FAILING[reason]))
    before = path.read_bytes()
    assert execute.main([str(path), "--cell-limit", "3"]) == 1
    err = capsys.readouterr().err
    assert f"{path}, cell 1 ({FAILING[reason]!r}): " in err and reason in err
    assert len(err.splitlines()) == 1
    assert path.read_bytes() == before


def test_execute_names_a_missing_notebook(tmp_path, capsys):
    assert execute.main([str(tmp_path / "none.ipynb")]) == 1
    assert "there is no such notebook" in capsys.readouterr().err
