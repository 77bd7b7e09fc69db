"""Formulas of the book as MathML, which needs no script, and the font that they are set in."""

import itertools
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import convert

from d2lmini.tools.site import fetch

MATH = "{http://www.w3.org/1998/Math/MathML}"
ElementTree.register_namespace("", MATH.strip("{}"))
FONT, VERSION = "@fontsource/stix-two-math", "5.3.0"
INTEGRITY = ("sha512-negoeozw6VSXjZMozwKRSm/dhCQT62csZcuea9I8KYqPaZq/"
             "8KbbBBrA02ZHF7AyuR5mVML/p+q0bwFuSIf2GQ==")
STYLE = """
@font-face { font-family: "STIX Two Math"; font-display: swap;
  src: local("STIX Two Math"), url("math.woff2") format("woff2"); }
math { font-family: "STIX Two Math", math; }
"""


def inline(writer, node) -> None:
    writer.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def display(writer, node) -> None:
    writer.body.append(f'<div class="formula">{mathml(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def mathml(tex: str, **options) -> str:
    """A formula by latex2mathml, with what it lacks.

    That is the space after "log", what stands below "lim", bars as long as what is below or
    between them, and primes and colons that are operators.
    """
    root = ElementTree.fromstring(convert(tex, **options))
    for node in root.iter():
        if node.text == "\u2015":
            node.text, node.attrib["stretchy"] = "\u203e", "true"
        elif node.tag == f"{MATH}mi" and node.text in ("\u2032", ":"):
            node.tag = f"{MATH}mo"
        elif node.tag == f"{MATH}mo" and node.text in ("|", "\u2016", "\u2225"):
            node.attrib.setdefault("stretchy", "false")
        elif node.tag == f"{MATH}msub" and node[0].text in ("lim", "max", "min"):
            node.tag = f"{MATH}munder"
            node[0].attrib["movablelimits"] = "true"
        if node.tag in (f"{MATH}mrow", f"{MATH}mtd", f"{MATH}mstyle"):
            for i, (child, after) in reversed(list(enumerate(itertools.pairwise(node), 1))):
                word = child[0] if len(child) else child  # log, or that of log_2
                name = word.tag == f"{MATH}mi" and len(word.text or "") > 1
                if name and after.tag not in (f"{MATH}mo", f"{MATH}mspace"):
                    node.insert(i, ElementTree.Element(f"{MATH}mspace", width="0.167em"))
    return ElementTree.tostring(root, encoding="unicode")


def font(static: Path, cache: Path = Path("build/cache")) -> None:
    """Put the font, an npm package, beside the styles; without it, the reader's own is used."""
    stored = cache / f"math-{VERSION}.woff2"
    try:
        if not stored.exists():
            files = fetch.npm(FONT, VERSION, INTEGRITY, cache)
            data = files["package/files/stix-two-math-latin-400-normal.woff2"]
            stored.write_bytes(data)
    except fetch.Missing as reason:
        print(f"The book has no font of its own for formulas: {reason}", file=sys.stderr)
        return
    shutil.copyfile(stored, static / "math.woff2")
    with open(static / "site.css", "a", encoding="utf-8") as style:
        style.write(STYLE)
