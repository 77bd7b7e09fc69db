"""The site: every link leads somewhere, nothing comes from elsewhere, and Chromium shows it right.

The browser looks at an index and at each lesson: a phone's width, light and dark, formulas.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from d2lmini.tests.browser.browser import CHROMIUM, chromium
from d2lmini.tools import links, site

TOP = Path(__file__).parents[3] / "notebooks"
LESSONS = sorted(TOP.glob("[0-9][0-9]_*.ipynb"))
EXTERNAL = ("https://mybinder.org/", "https://github.com/")


class Page(HTMLParser):
    """What a page refers to, and the names that a link can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loaded, self.names, self.tags = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        self.names.add(found.get("id"))
        if tag == "a":
            self.links.append(found["href"])
        else:
            self.loaded += [found[k] for k in ("src", "href", "srcset", "data") if k in found]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    files = site.site(LESSONS, tmp_path_factory.mktemp("site") / "a site")
    return {path.name: path for path in files}


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is needed")
    with chromium() as started:
        yield started.new_page()


def test_the_index_leads_to_every_lesson_and_exercise(made):
    found = Page(made["index.html"].read_text(encoding="utf-8")).links
    assert [p.stem + ".html" for p in LESSONS] == [a for a in found if a.endswith(".html")]
    for path in (TOP / "exercises").glob("*.ipynb"):
        assert links.binder(f"notebooks/exercises/{path.name}") in found


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(made):
    pages = {name: Page(path.read_text(encoding="utf-8")) for name, path in made.items()}
    for name, page in pages.items():
        assert all(src.startswith("data:image/png;base64,") for src in page.loaded), name
        assert "script" not in page.tags and "link" not in page.tags
        style = made[name].read_text(encoding="utf-8").partition("<style>")[2]
        assert not re.search(r"@import|url\(", style.partition("</style>")[0])
        for link in page.links:
            place, _, mark = link.partition("#")
            if "://" not in link and not link.startswith("#"):
                assert place in pages, f"{name}: {link}"
                assert not mark or mark in pages[place].names, f"{name}: {link}"
        ours = [a for a in page.links if a.startswith(EXTERNAL) and "/".join(
            links.repository()) in a]
        assert ours


@pytest.mark.parametrize(("link", "there"), [
    ("06_mlp.ipynb", "06_mlp.html"), ("06_mlp.ipynb#Words", "06_mlp.html#Words"), ("#Words",) * 2,
    ("https://example.org/a.ipynb", "https://example.org/a.ipynb"),
    ("exercises/06_mlp.ipynb", links.binder("notebooks/exercises/06_mlp.ipynb")),
    ("../data/README.md#davis", links.address("data/README.md") + "#davis")])
def test_where_a_link_leads(link, there):
    assert site.target(link) == there


def test_wide_things_scroll_in_their_own_box():
    text = site.adapted('<table><tr></tr></table><math display="block"></math><math></math>')
    assert text.count('class="wide"') == 2 and text.endswith("</span><math></math>")


def test_a_phone_s_width_and_no_request(made, browser):
    """No page is wider than the phone, and none asks for a file but itself."""
    asked = []
    browser.on("request", lambda request: asked.append(request.url))
    for name, path in made.items():
        browser.set_viewport_size({"width": 360, "height": 780})
        asked.clear()
        browser.goto(path.as_uri())
        assert browser.evaluate("document.documentElement.scrollWidth") == 360, name
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        hidden = "[...document.images].filter(i => !i.naturalWidth || i.width > 360).length"
        assert browser.evaluate(hidden) == 0, name


def test_light_and_dark(made, browser):
    """Text keeps its contrast in both schemes, and figures lie on white in both."""
    luminance = """(() => { const of = (e, key) => { const c = getComputedStyle(e)[key];
        const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => (x / 255) ** 2.2);
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
      const paper = of(document.body, 'backgroundColor');
      const code = of(document.querySelector('main pre'), 'backgroundColor');
      const seen = [...document.querySelectorAll('main p, main a, math, main pre.output')];
      return {paper, figure: of(document.querySelector('main img'), 'backgroundColor'),
        ink: seen.map(e => of(e, 'color')), code,
        colored: [...document.querySelectorAll('main .code span')].filter(
          e => e.textContent.trim()).map(e => of(e, 'color'))}; })()"""
    contrast = lambda a, b: (max(a, b) + 0.05) / (min(a, b) + 0.05)
    for scheme in ("light", "dark"):
        browser.set_viewport_size({"width": 1200, "height": 900})
        browser.emulate_media(color_scheme=scheme)
        browser.goto(made["06_mlp.html"].as_uri())
        seen = browser.evaluate(luminance)
        assert (seen["paper"] > 0.9) == (scheme == "light") and seen["figure"] == pytest.approx(1)
        assert min(contrast(ink, seen["paper"]) for ink in seen["ink"]) > 7
        assert min(contrast(ink, seen["code"]) for ink in seen["colored"]) > 3.5


def test_formulas_have_a_size_and_links_work(made, browser):
    browser.set_viewport_size({"width": 1200, "height": 900})
    browser.goto(made["06_mlp.html"].as_uri())
    boxes = browser.evaluate("[...document.querySelectorAll('math')]"
                             ".filter(m => !m.closest('details'))"
                             ".map(m => m.getBoundingClientRect()).map(r => [r.width, r.height])")
    assert len(boxes) > 50 and all(w > 3 and h > 5 for w, h in boxes)
    browser.evaluate("document.querySelectorAll('pre, code').forEach(e => e.remove())")
    assert not re.search(r"\$|\\[a-z]{2,}", browser.evaluate("document.body.innerText"))
    browser.locator("nav .next").click()
    assert browser.url == made["07_xor.html"].as_uri()


def test_the_browser_would_refuse_another_machine(made, browser, tmp_path):
    """The rule in the pages' head holds: an added picture from elsewhere is blocked."""
    text = made["index.html"].read_text(encoding="utf-8")
    page = tmp_path / "index.html"
    page.write_text(text.replace("<main>", '<main><img src="http://127.0.0.1:9/x.png">'))
    refused = []
    browser.once("console", lambda message: refused.append(message.text))
    browser.goto(page.as_uri())
    assert browser.evaluate("document.images[0].naturalWidth") == 0
    assert "http://127.0.0.1:9/x.png" in refused[0] and "Content Security Policy" in refused[0]
