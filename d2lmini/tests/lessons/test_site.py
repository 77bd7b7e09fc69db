"""The book: every link leads somewhere, nothing comes from elsewhere, and Chromium shows it right.

It is opened from its folder, without a server: a phone's width, light and dark, formulas, search.
That its notebooks run in the tab is in test_tab.py.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytest.importorskip("myst_nb", reason="pip install -e '.[site]' brings it")
from d2lmini.tests.browser.browser import CHROMIUM, chromium, expect
from d2lmini.tools.site import book, fetch, formula, lite

TOP = Path(__file__).parents[3] / "notebooks"
LESSONS = sorted(TOP.glob("[0-9][0-9]_*.ipynb"))
EXERCISES = sorted(TOP.glob("exercises/[0-9][0-9]_*.ipynb"))
RUN = "run/notebooks/index.html?path="
PIXEL = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5"
         "ErkJggg==")


class Page(HTMLParser):
    """What a page refers to, and the names that a link can lead to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loaded, self.names, self.images = [], [], set(), []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names.add(found.get("id"))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag != "a" and found.get("rel") not in ("canonical", "search", "next", "prev"):
            self.loaded += [found[k] for k in ("src", "href", "srcset", "data") if k in found]
        if tag == "img":
            self.images.append(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "a site"
    book.build(folder, runs=True, work=folder.parent / "work")
    return folder


@pytest.fixture(scope="module")
def pages(folder):
    return {path.relative_to(folder).as_posix(): Page(path) for path in folder.rglob("*.html")
            if path.parent.name != "_static"}


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is needed")
    with chromium(60) as browser:
        yield browser
        assert browser.abroad == []


@pytest.fixture
def tab(browser):
    page = browser.new_page()
    yield page
    page.close()


def test_the_index_shows_every_lesson_and_leads_to_it(pages):
    index = pages["index.html"]
    shown = [image["src"] for image in index.images]
    for path in LESSONS:
        assert f"{path.stem}.html" in index.links and f"_images/{path.stem}.png" in shown
        assert f"{RUN}notebooks/{path.name}" in index.links
    for path in EXERCISES:
        assert f"exercises/{path.stem}.html" in index.links


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(folder, pages):
    for name, page in pages.items():
        here = (folder / name).parent
        for link in page.links + page.loaded:
            place, _, mark = link.partition("#")
            if re.match(r"https://|data:|mailto:", place):
                assert link not in page.loaded or link.startswith("data:image/"), (name, link)
            elif RUN in place:
                start, _, notebook = place.partition("?path=")
                assert (here / start).resolve() == folder.resolve() / RUN.partition("?")[0]
                assert (TOP.parent / notebook).exists(), (name, link)
            else:
                place = unquote(place.partition("?")[0])
                there = (here / place).resolve() if place else folder.resolve() / name
                assert there.exists(), (name, link)
                if mark and there.suffix == ".html":
                    other = pages[there.relative_to(folder.resolve()).as_posix()]
                    assert unquote(mark) in other.names, (name, link)
        style = "".join(re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL))
        assert not re.search(r"url\(['\"]?(https?:)?//", style)
    for path in folder.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", ["05_softmax_regression", "exercises/05_softmax_regression"])
def test_a_page_can_be_run_edited_and_taken_along(folder, pages, name):
    links, (owner, repo) = pages[f"{name}.html"].links, book.REPOSITORY.split("/")[-2:]
    up = "../" if "/" in name else "./"
    assert links.count(f"{up}{RUN}notebooks/{name}.ipynb") == 2  # in the list, and on the page
    binder = f"https://mybinder.org/v2/gh/{owner}/{repo}/main?urlpath=lab/tree/notebooks/"
    assert f"{binder}{name}.ipynb" in links
    colab = f"https://colab.research.google.com/github/{owner}/{repo}/blob/main/notebooks/"
    assert f"{colab}{name}.ipynb" in links
    source = name.replace("exercises/", "solutions/")  # what an exercise is made from
    assert f"{book.REPOSITORY}/edit/main/notebooks/{source}.ipynb" in links
    taken = folder / "_sources" / f"{name}.ipynb"
    assert taken.read_bytes() == (TOP / f"{name}.ipynb").read_bytes()


@pytest.mark.parametrize(("link", "file", "page", "there"), [
    ("06_mlp.ipynb", "notebooks/05_a.ipynb", "05_a.ipynb", "06_mlp.ipynb"),
    ("06_mlp.ipynb#Words", "notebooks/05_a.ipynb", "05_a.ipynb", "06_mlp.ipynb#Words"),
    ("../06_mlp.ipynb", "notebooks/exercises/05_a.ipynb", "exercises/05_a.ipynb",
     "../06_mlp.ipynb"),
    ("notebooks/06_mlp.ipynb", "README.md", "exercises/index", "../06_mlp.ipynb"),
    ("exercises/README.md", "notebooks/05_a.ipynb", "05_a.ipynb", "exercises/index.md"),
    ("../data/README.md#davis", "notebooks/05_a.ipynb", "05_a.ipynb", "data.md#davis"),
    ("../d2lmini/nn.py", "notebooks/05_a.ipynb", "05_a.ipynb",
     f"{book.REPOSITORY}/blob/main/d2lmini/nn.py"),
    ("https://example.org/a.ipynb", "README.md", "index", "https://example.org/a.ipynb"),
    ("#Words", "README.md", "index", "#Words")])
def test_where_a_link_leads(link, file, page, there):
    assert book.target(link, file, page) == there
    assert book.linked(f"[a]({link}) `[a]({link})`", file, page) == f"[a]({there}) `[a]({link})`"


def test_figures_are_described_and_folded_cells_are_folded(tmp_path, monkeypatch):
    """On a course of one lesson, built as the whole is; and a class's JupyterHub has its button."""
    figure = new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"})
    folded = {"jupyter": {"source_hidden": True}}, {"jupyter": {"outputs_hidden": True}}
    nb = new_notebook(metadata=nbformat.read(LESSONS[0], 4).metadata, cells=[
        new_markdown_cell("# One\n\nRun [here](https://mybinder.org/v2/gh/a/b).\n\nIt begins."),
        new_code_cell("draw()", metadata=folded[0], outputs=[figure]),
        new_markdown_cell("*Figure:* the *line* $x^2$ of [one](#One).\n\nMore."),
        new_code_cell("print(1)", metadata=folded[1],
                      outputs=[new_output("stream", name="stdout", text="one")]),
        new_code_cell("# Draws a pair.\ndraw()", metadata={"jupyter": {
            "source_hidden": True, "outputs_hidden": True}}, outputs=[new_output(
                "display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": "Two."}}),
                new_output("display_data", {"text/html": "<p class='jp-sr-only'>Two.</p>"})]),
        new_code_cell("print(2)", outputs=[new_output("stream", name="stdout", text="two")])])
    for file in [".github/LECTURERS.md", "data/README.md", "notebooks/exercises/README.md"]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("# A page\n")
    (tmp_path / ".github/CITATION.cff").write_text(
        (book.TOP / ".github/CITATION.cff").read_text())
    nbformat.write(nb, tmp_path / "notebooks/00_one.ipynb")
    monkeypatch.setattr(book, "TOP", tmp_path)
    monkeypatch.setenv("HUB", "https://hub.example.edu")
    book.build(tmp_path / "site", runs=False, work=tmp_path / "work")
    page = Page(tmp_path / "site/00_one.html")
    assert [image["alt"] for image in page.images if "_images" in image["src"]] == [
        "the line x^2 of one.", "Two."]
    article = page.text.partition("<article")[2]
    details = re.findall(r"<details.*?</details>", article, re.DOTALL)
    assert len(details) == 3 and "draw" in details[0] and "one" in details[1]
    assert "Draws a pair." in details[2] and "<img" in details[2]
    assert "jp-sr-only" not in article
    assert not any("<details open" in part or "two" in part for part in details)
    assert "mybinder" not in article.partition("It begins")[0] and RUN not in page.text
    assert any(link.startswith("https://hub.example.edu/hub/user-redirect/git-pull?repo=http")
               and link.endswith("&branch=main") for link in page.links)


def test_pyodide_is_verified(tmp_path, monkeypatch):
    """Another version, a changed wheel and an empty folder are refused, each with its reason."""
    monkeypatch.setenv("PYODIDE", str(tmp_path))
    lock = {"info": {"version": "0.0.1"}, "packages": {
        name: {"file_name": "a.whl", "sha256": 64 * "0", "depends": []} for name in lite.PACKAGES}}

    def reason():
        with pytest.raises(lite.Missing) as missing:
            lite.build(tmp_path / "run", work=tmp_path / "work", cache=tmp_path / "cache")
        return str(missing.value)

    assert "No such file" in reason()
    (tmp_path / "pyodide-lock.json").write_text(json.dumps(lock))
    assert f"0.0.1, not {lite.VERSION}" in reason()
    lock["info"]["version"] = lite.VERSION
    (tmp_path / "pyodide-lock.json").write_text(json.dumps(lock))
    for name in [*lite.CORE, "a.whl"]:
        (tmp_path / name).write_bytes(b"not what it should be")
    assert "a.whl is not the file it should be" in reason()


@pytest.mark.parametrize("tex, part", [
    (r"\log 2", '<mi>log</mi><mspace width="0.167em" /><mn>2</mn>'),
    (r"\log_{10} x", '</msub><mspace width="0.167em" /><mi>x</mi>'),
    (r"\exp(x)", '<mi>exp</mi><mo stretchy="false">('),
    (r"f'(x)", "<msup><mi>f</mi><mo>′</mo></msup>"),
    (r"X:\;(n, 3)", "<mi>X</mi><mo>:</mo>"),
    (r"\overline{x - y}", '<mo accent="true" stretchy="true">‾</mo>'),
    (r"\lVert w \rVert", '<mo stretchy="false">‖</mo><mi>w</mi>'),
    (r"\left| \frac{a}{b} \right|", '<mo stretchy="true" fence="true" form="prefix">|</mo>'),
    (r"\lim_{h \to 0} h", '<munder><mo movablelimits="true">lim</mo>')])
def test_what_the_converter_lacks(tex, part):
    assert part in formula.mathml(tex)


def test_the_font_of_formulas(folder, tmp_path, monkeypatch, capsys):
    """It comes from npm once; without npm the book takes the reader's."""
    static = tmp_path / "_static"
    static.mkdir()
    (static / "site.css").write_text("body {}\n")

    def missing(*_):
        raise fetch.Missing("npm: no such program")

    monkeypatch.setattr(fetch, "npm", missing)
    formula.font(static, tmp_path)
    assert "no such program" in capsys.readouterr().err
    assert (static / "site.css").read_text() == "body {}\n"
    (tmp_path / f"math-{formula.VERSION}.woff2").write_bytes(b"a font")
    formula.font(static, tmp_path)
    assert "math.woff2" in (static / "site.css").read_text()
    assert (static / "math.woff2").read_bytes() == b"a font"


def test_each_page_on_a_phone(folder, pages, tab):
    """No page is wider than the phone, and each formula has a size and is not left as written."""
    tab.set_viewport_size({"width": 360, "height": 780})
    scroll = 0
    for name in pages:
        tab.goto((folder / name).as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == 360, name
        assert tab.evaluate("[...document.querySelectorAll('article img')].filter("
                            "i => !i.naturalWidth || i.width > 360).length") == 0, name
        scroll += tab.evaluate("""[...document.querySelectorAll('.formula')].filter(e =>
            e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX === 'auto').length""")
        if name not in [f"{path.stem}.html" for path in LESSONS]:
            continue
        boxes = tab.evaluate("[...document.querySelectorAll('math')].filter("
                             "m => m.checkVisibility() && !m.closest('details')).map("
                             "m => m.getBoundingClientRect()).map(r => [r.width, r.height])")
        assert len(boxes) > 5 and all(w > 3 and h > 4 for w, h in boxes), name
        tab.evaluate("document.querySelectorAll('pre, code').forEach(e => e.remove())")
        text = tab.evaluate("document.querySelector('article').innerText")
        assert re.findall(r".{,30}(?:\$|\\[a-z]{2,}).{,30}", text) == [], name
    assert scroll > 3


def test_light_and_dark(folder, tab):
    """Text keeps its contrast in both schemes, and figures lie on a light ground in both."""
    seen_by = """(() => {
      const of = (e, key) => { const c = getComputedStyle(e)[key];
        const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => (x / 255) ** 2.2);
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
      const all = s => [...document.querySelectorAll('article ' + s)].filter(e =>
        e.checkVisibility() && e.textContent.trim());
      return {paper: of(document.body, 'backgroundColor'),
        ink: all('p, li, td').map(e => of(e, 'color')), links: all('p a').map(e => of(e, 'color')),
        figure: of(document.querySelector('article .cell_output img'), 'backgroundColor'),
        code: of(document.querySelector('article .cell_input .highlight'), 'backgroundColor'),
        colored: all('.cell_input pre span').map(e => of(e, 'color'))}; })()"""
    contrast = lambda a, b: (max(a, b) + 0.05) / (min(a, b) + 0.05)
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        tab.goto((folder / "06_mlp.html").as_uri())
        seen = tab.evaluate(seen_by)
        assert (seen["paper"] > 0.9) == (scheme == "light")
        assert min(contrast(ink, seen["paper"]) for ink in seen["ink"]) > 7
        assert len(seen["colored"]) > 100
        assert min(contrast(ink, seen["code"]) for ink in seen["colored"]) > 3.5
        assert seen["figure"] > 0.6 or scheme == "light"


def test_search_works_without_a_server(folder, tab):
    tab.goto((folder / "search.html").as_uri() + "?q=backpropagation")
    found = tab.locator("#search-results li a")
    expect(found.first).to_be_visible()
    assert "06_mlp.html" in " ".join(found.evaluate_all("all => all.map(e => e.href)"))
    tab.goto((folder / "search.html").as_uri() + "?q=zzzzqqq")
    expect(tab.locator("#search-results")).to_contain_text("did not match any documents")


def test_from_lesson_to_lesson(folder, tab):
    tab.set_viewport_size({"width": 1200, "height": 900})
    tab.goto((folder / "06_mlp.html").as_uri())
    tab.locator(".prev-next-footer .right-next").click()
    assert tab.url == (folder / "07_xor.html").as_uri()
    tab.locator(".bd-sidebar-primary a", has_text="05 ·").click()
    assert tab.url == (folder / "05_softmax_regression.html").as_uri()
