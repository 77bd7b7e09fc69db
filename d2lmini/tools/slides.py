"""Each lesson as slides in one file: `make slides`, or `python -m d2lmini.tools.slides`.

A cell's `slideshow` metadata says where it goes: slide and subslide begin a new page, fragment and
"-" stay on the page before, notes and skip are left out; what the notebook folds is folded here.
Formulas become MathML and pictures stay inside, so a page needs a browser and nothing else: arrow
keys or clicks turn it, Home and End jump, and the address remembers the page.
"""

import html
import re
import sys
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

STYLE = """
html, body { margin: 0; height: 100%; background: #fff; color: #1a1a1a; }
body { font: 22px/1.45 system-ui, sans-serif; overflow: hidden; }
section { display: none; position: absolute; top: 0; left: 50%; width: 1080px;
  padding: 30px 0 60px; transform-origin: top left; }
section.now { display: block; }
h1 { font-size: 1.7em; } h2 { font-size: 1.4em; } h1, h2 { color: #00507a; margin: .3em 0 .5em; }
p, ul, ol, table { margin: .5em 0; }
pre { font: 17px/1.4 ui-monospace, monospace; margin: .6em 0; padding: .6em .9em;
  background: #f4f6f8; overflow-x: auto; white-space: pre-wrap; }
pre.output { background: none; border-left: 4px solid #56b4e9; }
code { font-size: .9em; }
summary { cursor: pointer; color: #00507a; }
img { max-width: 100%; } table { border-collapse: collapse; }
td, th { padding: .2em .7em; border-bottom: 1px solid #ccc; text-align: left; }
math[display=block] { margin: .6em auto; } .anchor-link { display: none; }
footer { position: fixed; right: 1em; bottom: .5em; font-size: 15px; color: #666; }
@media print { body { overflow: visible; } footer { display: none; }
  section { display: block; position: static; width: auto; transform: none !important;
    break-after: page; } }
"""

SCRIPT = """
const pages = [...document.querySelectorAll('section')], foot = document.querySelector('footer');
let now = 0;
function show(n) {
  now = Math.max(0, Math.min(pages.length - 1, n));
  pages.forEach((p, i) => p.classList.toggle('now', i === now));
  const p = pages[now];
  p.style.transform = 'none';
  const scale = Math.min(innerWidth / 1140, innerHeight / p.offsetHeight, 1.8);
  p.style.transform = `scale(${scale}) translateX(-50%)`;
  foot.textContent = `${now + 1} / ${pages.length}`;
  history.replaceState(null, '', '#' + (now + 1));
}
addEventListener('keydown', e => {
  const step = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1,
                ArrowLeft: -1, ArrowUp: -1, PageUp: -1}[e.key];
  if (e.key === 'Home') show(0);
  else if (e.key === 'End') show(pages.length - 1);
  else if (step) { e.preventDefault(); show(now + step); }
});
addEventListener('click', e => {
  if (!e.target.closest('a, details, pre')) show(now + (e.clientX < innerWidth / 3 ? -1 : 1));
});
addEventListener('resize', () => show(now));
addEventListener('load', () => show((parseInt(location.hash.slice(1)) || 1) - 1));
"""


# Code first, so that a dollar sign in it begins no formula.
PIECES = re.compile(r"(```.*?```|`[^`\n]*`)|\$\$(.+?)\$\$|\$([^$\n]+?(?:\n[^$\n]+?)*)\$", re.DOTALL)
FORMATTER = HtmlFormatter(cssclass="code", nobackground=True)


def cell_html(cell: NotebookNode) -> str:
    """A Markdown cell's text, or a code cell's source and outputs, folded as in the notebook."""
    if cell.cell_type == "markdown":
        return markdown_html(cell.source)
    if cell.cell_type != "code":
        return ""
    folds, source = cell.metadata.get("jupyter", {}), code_html(cell.source)
    shown = "".join(output_html(out) for out in cell.outputs)
    if folds.get("outputs_hidden") and shown:
        shown = f"<details><summary>Show the output</summary>{shown}</details>"
    if folds.get("source_hidden"):
        source = f"<details><summary>{html.escape(bar(cell))}</summary>{source}</details>"
    return source + shown


def bar(cell: NotebookNode) -> str:
    """What stands for a folded source: the comment that it begins with."""
    first = cell.source.partition("\n")[0]
    return first[1:].strip() if first.startswith("#") else "Show the code"


def alt(out: NotebookNode) -> str:
    """The words that are stored with a picture for those who do not see it."""
    return out.get("metadata", {}).get("image/png", {}).get("alt", "")


def markdown_html(source: str) -> str:
    """Markdown as HTML, with its formulas as MathML."""
    formulas = []

    def keep(match):
        code, display, inline = match.groups()
        if code is not None:
            return code
        formulas.append(convert(display or inline, display="block" if display else "inline"))
        return f"MATHML{len(formulas) - 1}END"

    text = markdown2html_mistune(PIECES.sub(keep, source))
    return re.sub(r"MATHML(\d+)END", lambda m: formulas[int(m[1])], text)


def code_html(source: str) -> str:
    """Python code with colored keywords."""
    return highlight(source, PythonLexer(), FORMATTER)


def output_html(out: NotebookNode) -> str:
    """One output: a picture, or text."""
    data = out.get("data", {})
    if "image/png" in data:
        words = html.escape(alt(out) or "figure")
        return f'<img alt="{words}" src="data:image/png;base64,{data["image/png"].strip()}">'
    text = out.get("text") or data.get("text/plain") or "\n".join(out.get("traceback", []))
    return f'<pre class="output">{ansi2html(text)}</pre>' if text else ""


def document(title: str, body: str) -> str:
    """A whole page, with everything it needs inside."""
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(title)}</title>"
            f'<style>{FORMATTER.get_style_defs(".code")}\n{STYLE}</style></head>'
            f"<body>{body}<script>{SCRIPT}</script></body></html>\n")


def pages(nb: NotebookNode) -> list[str]:
    """The HTML of each page of the lesson."""
    result = []
    for cell in nb.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind in ("skip", "notes"):
            continue
        if cell.cell_type == "markdown" and result and kind in ("slide", "subslide"):
            cell, words = without_figure_words(cell)
            result[-1] += words
        if kind in ("slide", "subslide") or not result:
            result.append("")
        result[-1] += cell_html(cell)
    return [page for page in result if page.strip()]


def without_figure_words(cell: NotebookNode) -> tuple[NotebookNode, str]:
    """A text that begins with a figure's sentence and goes on: the sentence stays on its page."""
    first, _, rest = cell.source.partition("\n\n")
    if not first.startswith("*Figure") or not rest:
        return cell, ""
    return nbformat.v4.new_markdown_cell(rest), markdown_html(first)


def slides(path: Path, folder: Path) -> Path:
    """Write the slides of the lesson at `path` into `folder`; return the file."""
    nb = nbformat.read(path, as_version=4)
    first = re.search(r"^# (.+)$", nb.cells[0].source, re.MULTILINE)
    body = "".join(f"<section>{page}</section>" for page in pages(nb)) + "<footer></footer>"
    target = folder / f"{path.stem}.html"
    folder.mkdir(parents=True, exist_ok=True)
    title = first[1] if first else path.stem
    target.write_text(document(html.unescape(title), body), encoding="utf-8")
    return target


def main(argv: list[str]) -> None:
    lessons = [Path(a) for a in argv] or sorted(Path("notebooks").glob("[0-9][0-9]_*.ipynb"))
    for path in lessons:
        print(slides(path, Path("build/slides")))


if __name__ == "__main__":
    main(sys.argv[1:])
