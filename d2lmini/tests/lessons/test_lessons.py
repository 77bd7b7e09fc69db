"""Every lesson keeps the course's shape; and each check can fail."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from d2lmini.tools import measure
from d2lmini.tools.checks import lesson

TOP = Path(__file__).parents[3] / "notebooks"
LESSONS = sorted(TOP.glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_lesson(path):
    assert lesson.problems(path) == []


def code(id, source, *outputs, tags=(), hide=()):
    cell = new_code_cell(source, id=id, outputs=list(outputs))
    cell.metadata = {"tags": list(tags)} if tags else {}
    if hide:
        cell.metadata["jupyter"] = {f"{part}_hidden": True for part in hide}
    return cell


def text(id, source):
    return new_markdown_cell(source, id=id)


GOALS = "- add two\n  numbers;\n- take one away;\n- see why."
ANSWER = "<details><summary>Answer</summary>\n\nIt is so.\n</details>"
QUIZ = "".join(f"**{i}.** Why?\n\n{ANSWER}\n\n" for i in range(1, 5))
PICTURE = new_output("display_data", data={"image/png": "aGk="},
                     metadata={"image/png": {"alt": "A line that rises slowly."}})
PRINTED = new_output("stream", name="stdout", text="the sum:\n3\n")
TOLD = new_output("stream", name="stdout", text="\n3\n")


def good():
    """The cells of a small lesson in which everything is right."""
    turns = [cell for i in range(3) for cell in (
        text(f"turn-{i}", "**Your turn.** Add one and two."),
        code(f"turn-{i}-code", "three = ...", tags=["your-turn"]),
        code(f"turn-{i}-given", '# The given answer.\nthree = your_turn(three, 3, name="three")',
             tags=["answer"], hide=["source"]))]
    cells = [
        text("title", f"# Add\n\n{lesson.GOALS}\n\n{GOALS}\n\n**You need** nothing.\n\n"
                      "**Sections** 1 adding.\n\n**Time** unknown."),
        code("setup", "import matplotlib.pyplot as plt\n\nfrom d2lmini import nn, tensor"),
        code("line", "# Draws a line.\nplt.plot([1, 2])\nplot.show('A line that rises slowly.')",
             PICTURE, hide=["source"]),
        text("line-words", f"{lesson.IN_WORDS}\n\nA line.\n</details>\n\n## 1. Adding\n\n"
                           "**Predict first.** What is 1 + 2?"),
        code("add", "a = 1 + 2\nprint(a)\nassert a == 2 + 1, 'The order does not matter.'", PRINTED,
             hide=["outputs"]),
        *turns,
        text("pause", "**Break.** Half is done.\n\n## 2. Subtracting"),
        code("loop", "# Draws the loop.\ndrawings.training_loop('loss')\nplot.show()", PICTURE,
             hide=["source"]),
        code("slide", "explore(add, a=(1, 2))", tags=["nbval-ignore-output", "widget"]),
        text("open", "**Explore.** Add more."),
        code("results", "# The lesson's results.\nexpect(a == 3, 'The sum is 3.')", tags=["check"],
             hide=["source"]),
        text("pytorch", "```python\nimport torch\n```"),
        text("keras", "```python\nimport keras\n```"),
        text("end", f"## Going further\n\nFar.\n\n## Quiz\n\n{QUIZ}\n\n{lesson.RECAP}\n\n{GOALS}"
                    "\n\n## Words\n\n## Papers\n\n## Next\n\nSee [this](lesson.ipynb#top)."),
    ]
    for cell in cells:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    return measure.set_time(new_notebook(cells=cells)).cells


def found(folder, cells):
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return "\n".join(lesson.problems(path))


def by_id(cells, name):
    return next(cell for cell in cells if cell.id == name)


def test_nothing_is_wrong_with_a_good_lesson(tmp_path):
    assert found(tmp_path, good()) == ""


@pytest.mark.parametrize(("cell", "old", "new", "sentence"), [
    ("title", "**Time**", "", "lacks how long it takes"),
    ("title", "**Sections**", "", "lacks a line that maps"),
    ("title", "**Time** ", "**Time** 9", "is not what make measure writes"),
    ("title", "- see why.", "- see it all.", "goals and its recap differ"),
    ("title", "- take one away;\n- see why.", "", "states 1 goals"),
    ("title", "# Add", "# Add\n\n" + 14_000 * "word ", "minutes; the limit is 75"),
    ("pause", "Half is", 1700 * "word ", "minutes without something to do"),
    ("pause", "**Break.**", "Rest.", "has no **Break.**"),
    ("end", "## Words", "**Break.**\n\n## Words", "not about half way"),
    ("setup", "nn", "nonsense", "imports nonsense, which d2lmini lacks"),
    ("line", "# Draws a line.", "", "should be a comment"),
    ("line-words", lesson.IN_WORDS, "<details>", "no folded Figure in words"),
    ("line-words", "first.** What", "first.** A **Predict first.** B", "two predictions"),
    ("add", "a = 1", "\n" * 12 + "a = 1", "has 15 lines; 12 is the limit"),
    ("add", ", 'The order does not matter.'", "", "line 3: an assert without a sentence"),
    ("add", ", 'The order does not matter.'", ", 'No'", "line 3: an assert without a sentence"),
    ("add", "print(a)", "import time; a = time.perf_counter() - 1", "asserts a time"),
    ("add", "print(a)", "table = {'f': lambda x: x}", "dictionary of lambdas"),
    ("add", "print(a)", "print(b := a)", "uses :="),
    ("add", "print(a)", "np.linalg.svd(a)", "calls np.linalg.svd"),
    ("add", "print(a)", "plt.plot(a)", "1 of 7 lines in view draw"),
    ("add", "print(a)", "expect(a, 'It holds.')", "should be tagged check"),
    ("turn-1", "**Your turn.**", "Your turn:", "has 2 **Your turn**"),
    ("turn-1-code", "...", "3", "no blank (...)"),
    ("turn-1-given", "your_turn(", "print(", "is not the second cell below"),
    ("loop", "training_loop", "neuron", "does not draw the training loop"),
    ("open", "**Explore.**", "Explore", "the open question"),
    ("results", "expect(", "print(", "calls no expect()"),
    ("results", "expect(a == 3, 'The sum is 3.')", "assert a, 'It is so, yes.'; expect(1, '')",
     "expect() in place of assert"),
    ("pytorch", "import torch", "import numpy", "no Markdown cell pytorch"),
    ("end", "lesson.ipynb", "gone.ipynb", "links to gone.ipynb"),
    ("end", "It is so.", "", "0 collapsed answers for 4"),
    ("end", "**3.**", "3.", "asks 3 quiz questions"),
    ("end", "## Papers", "", "no section ## Papers"),
    ("end", "## Quiz", "## Next", "no section ## Quiz")])
def test_what_is_wrong_is_found(tmp_path, cell, old, new, sentence):
    cells = good()
    assert old in by_id(cells, cell).source
    by_id(cells, cell).source = by_id(cells, cell).source.replace(old, new)
    assert sentence in found(tmp_path, cells)


def alt_of(words):
    return {"outputs": [new_output("display_data", data={"image/png": "aGk="},
                                   metadata={"image/png": {"alt": words}} if words else {})]}


@pytest.mark.parametrize(("cell", "change", "sentence"), [
    ("add", {"metadata": {}}, "have their outputs not folded"),
    ("add", {"outputs": []}, "have their outputs not folded"),
    ("add", {"outputs": [TOLD]}, "a folded output shows its first line: '3'"),
    ("loop", {"metadata": {}}, "only draws, so its source should be folded"),
    ("turn-0-code", {"metadata": {}}, "no tag your-turn"),
    ("turn-0-given", {"metadata": {"tags": ["answer"]}}, "is not the second cell below"),
    ("results", {"metadata": {"tags": ["check"]}}, "is tagged check, so its source should be fold"),
    ("results", {"outputs": [PRINTED]}, "does not hold: the sum:"),
    ("results", {"metadata": {"tags": ["check", "nbval-ignore-output"]}}, "nobody sees"),
    ("line", alt_of(""), "alt text has 0 words"),
    ("line", alt_of("A line"), "alt text has 2 words"),
    ("slide", {"metadata": {}}, "no control to move"),
    ("pause", {"metadata": {}}, "is on no slide")])
def test_what_is_wrong_beside_the_source_is_found(tmp_path, cell, change, sentence):
    cells = good()
    by_id(cells, cell).update(nbformat.from_dict(change))
    assert sentence in found(tmp_path, cells)


def test_a_picture_below_a_prediction_is_folded_too(tmp_path):
    cells = good()
    line = by_id(cells, "line").copy()
    line.id = "again"
    cells.insert(cells.index(by_id(cells, "add")) + 1, line)
    assert "have their outputs not folded" in found(tmp_path, cells)
    line.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    assert "outputs not folded" not in found(tmp_path, cells)


def test_the_set_up_comes_second_and_something_to_see_third(tmp_path):
    cells = good()
    cells.insert(1, cells.pop(4))
    assert "second cell should be the set-up" in found(tmp_path, cells)
    cells = good()
    cells.insert(2, cells.pop(next(i for i, c in enumerate(cells) if c.id == "open")))
    assert "nothing to see or to touch" in found(tmp_path, cells)


def test_the_minutes_are_those_of_the_formula():
    cells = good()
    m = measure.measure(new_notebook(cells=cells))
    words = sum(len(c.source.split()) for c in cells if c.cell_type == "markdown")
    inside = 4 * len(ANSWER.split()) + len(f"{lesson.IN_WORDS}\n\nA line.\n</details>".split())
    far, fenced = len("## Going further\n\nFar.".split()), 2 * len("```python import x ```".split())
    assert m["words"] == words - inside - far - fenced
    # set-up, the sum, three blanks, the control, two blocks of other libraries
    assert (m["code"], m["folded"], m["predict"], m["your"], m["explore"], m["quiz"]) == (
        8, 6, 1, 3, 1, 4)
    assert m["minutes"] == -(-(m["words"] / 200 + 0.5 * 8 + 2 * 9) // 1)
    assert "with a break after section 1;" in by_id(cells, "title").source


def test_a_measured_lesson_goes_into_its_line_of_the_readme(tmp_path):
    readme = tmp_path / "README.md"
    page = "# T\n\n| 1 | [One](notebooks/01.ipynb) | u | 8 min | 9 s | 9 MB |\n| 2 | x | y | z |\n"
    readme.write_text(page)
    measure.note(Path("notebooks/01.ipynb"), readme, seconds="12 s", mb="346 MB")
    assert readme.read_text() == page.replace("9 s | 9 MB", "12 s | 346 MB")
    measure.note(Path("notebooks/01.ipynb"), readme, minutes="7 min")
    assert "| 7 min | 12 s |" in readme.read_text()


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_the_readme_tells_the_minutes(path):
    minutes = measure.measure(nbformat.read(path, as_version=4))["minutes"]
    line = next(line for line in (TOP.parent / "README.md").read_text(encoding="utf-8").splitlines()
                if f"(notebooks/{path.name})" in line)
    assert f"| {minutes} min |" in line
