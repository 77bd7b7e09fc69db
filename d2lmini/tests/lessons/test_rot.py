"""What rots in silence: links inside the repository, URLs at run time, paths of one computer."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from d2lmini.tools.checks import shape

TOP = Path(__file__).parents[3]
PAGES = sorted(p for p in [*TOP.glob("*.md"), *TOP.glob(".github/*.md"), *TOP.glob("data/*.md"),
                           *TOP.glob("notebooks/**/*.md"), *TOP.glob("d2lmini/**/*.md")])
NOTEBOOKS = sorted(p for p in (TOP / "notebooks").rglob("*.ipynb") if ".ipynb_ch" not in str(p))
LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
NETWORK = {"aiohttp", "ftplib", "http", "httpx", "requests", "socket", "urllib", "urllib3"}


def relative(path):
    return path.relative_to(TOP).as_posix()


def texts(path):
    """The Markdown of a page or notebook, without its code."""
    if path.suffix == ".md":
        found = path.read_text(encoding="utf-8")
    else:
        cells = nbformat.read(path, as_version=4).cells
        found = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return re.sub(r"```.*?```|`[^`\n]*`", "", found, flags=re.DOTALL)


def anchors(path):
    """The names that headings get: GitHub's for a page, Jupyter's and the site's for a notebook."""
    text = path.read_text(encoding="utf-8") if path.suffix == ".md" else texts(path)
    heads = [h.strip() for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    if path.suffix == ".md":
        return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}
    return {h.replace(" ", "-") for h in heads} | set(re.findall(r'id="([^"]+)"', text))


def dead_links(path, text):
    found = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, mark = link.partition("#")
        there = path.parent / place if place else path
        if not there.exists() or TOP not in [there.resolve(), *there.resolve().parents]:
            found.append(link)
        elif mark and there.suffix in (".md", ".ipynb") and mark not in anchors(there):
            found.append(link)
    return found


@pytest.mark.parametrize("path", PAGES + NOTEBOOKS, ids=relative)
def test_links_inside_the_repository(path):
    assert dead_links(path, texts(path)) == []


def reaches_out(cell):
    """What in a code cell needs the network when it runs: a URL, a module, a shell command."""
    lines = [line for line in cell.source.splitlines() if not re.match(r"\s*[%!]", line)]
    found = [line for line in cell.source.splitlines() if re.match(
        r"\s*(!|%pip|%conda|%%bash|%%sh|%system)", line)]
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"(?:https?|ftp)://\S+", node.value)
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name.split(".")[0] in NETWORK]
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=relative)
def test_nothing_is_fetched_when_a_notebook_runs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert reaches_out(cell) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=relative)
def test_no_notebook_is_large_or_names_a_path_of_one_computer(path):
    assert path.stat().st_size <= shape.MAX_BYTES
    for cell in nbformat.read(path, as_version=4).cells:
        assert shape.machine_paths(cell) == []


@pytest.mark.parametrize("path", PAGES + sorted(TOP.glob(".binder/*")), ids=relative)
def test_no_page_names_a_path_of_one_computer(path):
    assert shape.MACHINE_PATH.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("source", "count"), [
    ("x = 'https://example.org/data.csv'", 1), ("import urllib.request, os", 1), ("!wget x", 1),
    ("from requests import get", 1), ("%pip install x", 1),
    ("%matplotlib inline\nx = 1  # https://example.org", 0)])
def test_what_reaches_out_is_found(source, count):
    assert len(reaches_out(new_code_cell(source))) == count


def test_another_address_is_written_into_every_link(tmp_path):
    """By CONTRIBUTING's command, on a clone."""
    page = (TOP / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search(r"## Use another address.*?```\n(.*?)```", page, re.DOTALL)[1]
    subprocess.run(["git", "clone", "-q", "--shared", TOP, tmp_path], check=True)
    subprocess.run(["bash", "-ec", command.replace("OWNER", "u-ni").replace("NAME", "a.course")],
                   cwd=tmp_path, check=True)
    olds = re.compile(r"\w*(?:[./]|%2F)d2lmini(?:/|%2F)d2lmini\b|d2lmini\.github\.io")
    assert [link for path in [*PAGES, *NOTEBOOKS, TOP / "pyproject.toml"]
            for link in olds.findall((tmp_path / relative(path)).read_text(encoding="utf-8"))] == []
    for path in NOTEBOOKS:
        title = nbformat.read(tmp_path / relative(path), as_version=4).cells[0].source
        assert title.count("/u-ni/a.course") >= 2, path
    said = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(said)["project"]["urls"]["Repository"] == "https://github.com/u-ni/a.course"


def test_dead_links_are_found():
    text = ("[a](README.md#start) [b](gone.md) [c](README.md#no-such-part) [d](../outside.md)\n"
            "[e](https://example.org) [f](notebooks/00_introduction.ipynb)")
    assert dead_links(TOP / "README.md", text) == ["gone.md", "README.md#no-such-part",
                                                   "../outside.md"]
