"""Cells of a notebook as HTML that needs no network: formulas become MathML, pictures stay inside.

`cell_html(cell)` is what slides.py puts on its pages. Markdown is rendered by nbconvert, code is
colored by Pygments, formulas are translated by latex2mathml.
"""

import html
import re

from latex2mathml.converter import convert
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

# Code first, so that a dollar sign in it begins no formula.
PIECES = re.compile(r"(```.*?```|`[^`\n]*`)|\$\$(.+?)\$\$|\$([^$\n]+?(?:\n[^$\n]+?)*)\$", re.DOTALL)
FORMATTER = HtmlFormatter(cssclass="code", nobackground=True)


def cell_html(cell: NotebookNode) -> str:
    """A Markdown cell's text, or a code cell's source and outputs."""
    if cell.cell_type == "markdown":
        return markdown_html(cell.source)
    if cell.cell_type != "code":
        return ""
    return code_html(cell.source) + "".join(output_html(out) for out in cell.outputs)


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
        return f'<img alt="figure" src="data:image/png;base64,{data["image/png"].strip()}">'
    text = out.get("text") or data.get("text/plain") or "\n".join(out.get("traceback", []))
    return f'<pre class="output">{ansi2html(text)}</pre>' if text else ""


def document(title: str, body: str, style: str, script: str = "") -> str:
    """A whole page, with everything it needs inside."""
    colors = FORMATTER.get_style_defs(".code")
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(title)}</title><style>{colors}\n{style}</style></head>"
            f"<body>{body}<script>{script}</script></body></html>\n")
