"""The lessons as a static site in build/site: `make site`, or `python -m d2lmini.tools.site`.

An index and a page for each lesson, each with everything it needs inside: no page asks for another
machine, and a rule in its head forbids it to. The pages open from a folder as from GitHub Pages,
follow the reader's light or dark setting, and fit a phone. Next: page.py, which renders the cells.
"""

import html
import re
import sys
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote

import nbformat
from pygments.formatters import HtmlFormatter

from d2lmini.tools import links
from d2lmini.tools.page import cell_html, document, markdown_html

# The browser itself refuses whatever is not inside the page.
POLICY = ('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
          'img-src data:; style-src \'unsafe-inline\'">')
LIGHT = """--paper: #fff; --ink: #1c1c1c; --faint: #5c6166; --line: #d5dade; --code: #f4f6f8;
  --accent: #00507a;"""
DARK = """--paper: #16191c; --ink: #e3e5e7; --faint: #a0a7ad; --line: #3a4046; --code: #20252a;
  --accent: #7cc4ee;"""
DARK_CODE = HtmlFormatter(cssclass="code", nobackground=True, style="github-dark")
STYLE = f"""
:root {{ color-scheme: light dark; {LIGHT} }}
@media (prefers-color-scheme: dark) {{
:root {{ {DARK} }}
{DARK_CODE.get_style_defs(".code")}
}}
""" + """
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
  font: 17px/1.6 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
main, nav { max-width: 56rem; margin: 0 auto; padding: 0 1.1rem; }
main { padding-bottom: 2rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; padding-top: .8rem; font-size: .9rem; }
nav .next { margin-left: auto; }
a { color: var(--accent); } a:hover { text-decoration-thickness: 2px; }
h1, h2, h3 { line-height: 1.25; margin: 1.8em 0 .6em; } h1 { margin-top: .9em; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.4rem; } h3 { font-size: 1.15rem; }
p, ul, ol, details, blockquote { max-width: 46rem; }
pre { font: .84rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; margin: .7em 0;
  padding: .7em .9em; background: var(--code); border-radius: 6px; overflow-x: auto; }
pre.output { background: none; border-left: 3px solid #56b4e9; border-radius: 0; }
code { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre code { font: inherit; overflow-wrap: normal; }
img { display: block; max-width: 100%; height: auto; margin: .8em 0; padding: .5rem;
  background: #fff; border: 1px solid var(--line); border-radius: 6px; }
.wide { display: block; overflow-x: auto; margin: .8em 0; } .wide > table { width: 100%; }
table { border-collapse: collapse; } .wide math { padding-bottom: .3em; }
td, th { padding: .35em .8em .35em 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
details { margin: .5em 0; padding: .1em .9em; border: 1px solid var(--line); border-radius: 6px; }
summary { cursor: pointer; padding: .35em 0; color: var(--accent); }
blockquote { margin: 1em 0; padding-left: 1em; border-left: 3px solid var(--line); }
.anchor-link { visibility: hidden; margin-left: .3em; text-decoration: none; }
:hover > .anchor-link { visibility: visible; }
@media (max-width: 36rem) { body { font-size: 16px; }
  ul, ol { padding-left: 1.5em; } p, ul, ol { overflow-x: auto; overflow-y: hidden; } }
"""
INTRO = """# Deep learning from tensors to convolutional networks

Nine lessons in which you build deep learning by hand, run it on real data and check every formula.
Read them here; to run them, and to move their controls, start one on [Binder]({binder}) or
[on your own computer]({readme})."""


def target(link: str, folder: str = "notebooks") -> str:
    """Where a link of a notebook in `folder` leads on the site.

    A lesson is a page of the site, an exercise opens on Binder, other files are on GitHub.
    """
    if re.match(r"[a-z][a-z0-9+.-]*:|#|$", link):
        return link
    path, mark, place = link.partition("#")
    path = normpath(f"{folder}/{unquote(path)}")
    if re.fullmatch(r"notebooks/[^/]+\.ipynb", path):
        return Path(path).stem + ".html" + mark + place
    return links.binder(path) if path.endswith(".ipynb") else links.address(path) + mark + place


def adapted(body: str, folder: str = "notebooks") -> str:
    """The HTML of cells with the site's links, and with what is wide in boxes that scroll."""
    body = re.sub(r'(<a [^>]*?href=")([^"]*)"',
                  lambda m: f'{m[1]}{html.escape(target(html.unescape(m[2]), folder))}"', body)
    body = re.sub(r"(<table.*?</table>)", r'<div class="wide">\1</div>', body, flags=re.DOTALL)
    return re.sub(r'(<math[^>]*display="block".*?</math>)', r'<span class="wide">\1</span>', body,
                  flags=re.DOTALL)


def titles(paths: list[Path]) -> dict[Path, str]:
    """The heading of each lesson, as Markdown."""
    found = {}
    for path in paths:
        nb = nbformat.read(path, as_version=4)
        first = re.search(r"^# (.+)$", nb.cells[0].source, re.MULTILINE)
        found[path] = first[1] if first else path.stem
    return found


def page(title: str, navigation: str, body: str) -> str:
    """A whole page of the site."""
    text = document(html.unescape(re.sub(r"[`*$]", "", title)),
                    f"<nav>{navigation}</nav><main>{body}</main>", STYLE)
    return text.replace("<meta ", POLICY + "<meta ", 1).replace("<script></script>", "")


def lesson_page(path: Path, lessons: dict[Path, str]) -> str:
    """The page of the lesson at `path`."""
    order = list(lessons)
    at = order.index(path)
    here = f"notebooks/{path.name}"
    navigation = '<a href="index.html">All lessons</a>'
    navigation += f'<a href="{html.escape(links.binder(here))}">Run this lesson on Binder</a>'
    end = ""
    exercise = path.parent / "exercises" / path.name
    if exercise.exists():
        run = html.escape(links.binder(f"notebooks/exercises/{path.name}"))
        end += f'<p><a href="{run}">Do the exercises of this lesson on Binder</a></p>'
    if at + 1 < len(order):
        link = f'<a class="next" href="{order[at + 1].stem}.html">'
        navigation += f"{link}Next lesson</a>"
        end += f"<p>Next: {link}{html.escape(lessons[order[at + 1]])}</a></p>"
    nb = nbformat.read(path, as_version=4)
    body = adapted("".join(cell_html(cell) for cell in nb.cells))
    return page(lessons[path], navigation, body + "<hr>" + end)


def index_page(lessons: dict[Path, str]) -> str:
    """The list of the lessons, with what each is about."""
    rows = [INTRO.format(binder=links.binder(), readme=links.address("README.md"))]
    for path, title in lessons.items():
        rows.append(f"## [{title}]({path.name})\n\n{about(path)}")
        if (path.parent / "exercises" / path.name).exists():
            rows.append(f"[Exercises, on Binder](exercises/{path.name})")
    body = adapted(markdown_html("\n\n".join(rows)))
    return page("Deep learning", f'<a href="{links.address()}">The course on GitHub</a>', body)


def about(path: Path) -> str:
    """The first paragraph of a lesson, after its heading and its launch links."""
    paragraphs = nbformat.read(path, as_version=4).cells[0].source.split("\n\n")[1:]
    return next((p for p in paragraphs if not p.startswith(links.MARK)), "")


def site(paths: list[Path], folder: Path) -> list[Path]:
    """Write the site of the lessons at `paths` into `folder`; return its files, the index first."""
    folder.mkdir(parents=True, exist_ok=True)
    lessons = titles(paths)
    made = {"index.html": index_page(lessons)}
    made |= {f"{path.stem}.html": lesson_page(path, lessons) for path in lessons}
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / ".nojekyll").touch()  # GitHub Pages: these files as they are.
    return [folder / name for name in made]


def main() -> None:
    for path in site(sorted(Path("notebooks").glob("[0-9][0-9]_*.ipynb")), Path("build/site")):
        print(path)


if __name__ == "__main__":
    sys.exit(main())
