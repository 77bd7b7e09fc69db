"""Slides: each lesson becomes pages that need no network, with its formulas and figures."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from d2lmini.tools import slides

TOP = Path(__file__).parents[3] / "notebooks"


@pytest.mark.parametrize("path", sorted(TOP.glob("[0-9][0-9]_*.ipynb")), ids=lambda p: p.stem)
def test_a_lesson_as_slides(path, tmp_path):
    text = slides.slides(path, tmp_path).read_text(encoding="utf-8")
    nb = nbformat.read(path, as_version=4)
    shown = [c for c in nb.cells if c.metadata["slideshow"]["slide_type"] not in ("skip", "notes")]
    figures = sum("image/png" in o.get("data", {}) for c in shown for o in c.get("outputs", []))
    assert text.count("<section>") >= 15
    assert text.count('src="data:image/png;base64,') == figures > 0
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text.replace("<a href", "<a "))
    assert "$$" not in text and "MATHML" not in text
    assert text.count("<math") > 3 or "$" not in "".join(c.source for c in shown)


def cell(make, source, kind, **more):
    return make(source, metadata={"slideshow": {"slide_type": kind}}, **more)


def test_cells_go_where_their_metadata_says():
    out = new_output("stream", name="stdout", text="a < b\n")
    nb = new_notebook(cells=[
        cell(new_markdown_cell, "# One & two", "slide"), cell(new_code_cell, "import this", "skip"),
        cell(new_code_cell, "print(1)", "fragment", outputs=[out]),
        cell(new_markdown_cell, "*Figure:* a line.\n\n## Then", "slide"),
        cell(new_markdown_cell, "whispered", "notes")])
    first, second = slides.pages(nb)
    assert "One &amp; two" in first and "a &lt; b" in first and "a line." in first
    assert "Then" in second and "whispered" not in first + second and "import" not in first + second


def test_formulas_become_mathml_and_code_stays_code():
    text = slides.markdown_html("Let $x < y$ cost `$5`.\n\n$$\\frac{a}{b}$$\n\n```\n$z$\n```")
    assert text.count("<math") == 2 and "<mfrac>" in text and "display=\"block\"" in text
    assert "$5" in text and "$z$" in text


def test_what_is_folded_stays_folded_and_pictures_are_described():
    figure = new_output("display_data", {"image/png": "AAAA"},
                        metadata={"image/png": {"alt": "a < b"}})
    folded = new_code_cell("# Draws a line.\nplot()", outputs=[figure],
                           metadata={"jupyter": {"source_hidden": True}})
    text = slides.cell_html(folded)
    assert text.startswith("<details><summary>Draws a line.</summary>")
    assert text.endswith('</details><img alt="a &lt; b" src="data:image/png;base64,AAAA">')
    folded.metadata.jupyter = {"outputs_hidden": True}
    text = slides.cell_html(folded)
    assert text.endswith('AAAA"></details>') and text.count("<details>") == 1
