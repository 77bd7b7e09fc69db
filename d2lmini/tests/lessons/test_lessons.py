"""Every lesson keeps the course's shape; and the checks can fail."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from d2lmini.tools.checks import lesson

TOP = Path(__file__).parents[3] / "notebooks"
LESSONS = sorted(TOP.glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_lesson(path):
    assert lesson.problems(path) == []


def good():
    """The cells of a small lesson in which everything is right."""
    goals = "- add two\n  numbers;\n- take one away;\n- see why."
    answer = "<details><summary>Answer</summary>\n\nIt is so.\n</details>"
    quiz = "".join(f"**{i}.** Why?\n\n{answer}\n\n" for i in range(1, 5))
    figure = new_output("display_data", data={"image/png": "aGk="})
    cells = [new_markdown_cell(f"# Add\n\n{lesson.GOALS}\n\n{goals}\n\n**You need** nothing.\n\n"
                               "**Time** a minute."),
             new_code_cell("from d2lmini import nn, tensor", metadata={"tags": ["widget"]}),
             new_code_cell("plt.show()", outputs=[figure]),
             new_markdown_cell("*Figure:* a line that rises."),
             new_markdown_cell(f"## Quiz\n\n{quiz}\n\n{lesson.RECAP}\n\n{goals}\n\n"
                               "## Words\n\n## Papers\n\n## Next\n\nSee [this](lesson.ipynb#top).")]
    for cell in cells:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    return cells


def found(folder, cells):
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return "\n".join(lesson.problems(path))


def test_nothing_is_wrong_with_a_good_lesson(tmp_path):
    assert found(tmp_path, good()) == ""


@pytest.mark.parametrize(("cell", "old", "new", "sentence"), [
    (0, "**Time**", "", "lacks how long it takes"),
    (0, "- see why.", "- see it all.", "goals and its recap differ"),
    (0, "- take one away;\n- see why.", "", "states 1 goals"),
    (1, "nn", "nonsense", "imports nonsense, which d2lmini lacks"),
    (1, "from", "\n" * 26 + "from", "25 is the limit"),
    (3, "*Figure:*", "Here is", "no sentence *Figure:*"),
    (4, "lesson.ipynb", "gone.ipynb", "links to gone.ipynb"),
    (4, "It is so.", "", "0 collapsed answers for 4"),
    (4, "**3.**", "3.", "asks 3 quiz questions"),
    (4, "## Papers", "", "no section ## Papers"),
    (4, "## Quiz", "## Next", "no section ## Quiz")])
def test_what_is_wrong_is_found(tmp_path, cell, old, new, sentence):
    cells = good()
    assert old in cells[cell].source
    cells[cell].source = cells[cell].source.replace(old, new)
    assert sentence in found(tmp_path, cells)


def test_slides_and_controls_are_asked_for(tmp_path):
    cells = good()
    cells[1].metadata = {"slideshow": {"slide_type": "skip"}}
    del cells[3].metadata["slideshow"]
    text = found(tmp_path, cells)
    assert "no control to move" in text and "cell 3" in text and "is on no slide" in text
