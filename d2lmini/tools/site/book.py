"""The book: Sphinx and MyST-NB render the notebooks as they are stored, nothing is run.

`sources` copies them into a folder and adapts what only a notebook needs: its launch links, links
into the repository, figures without a description. conf.py has Sphinx's settings. Next: formula.py,
lite.py.
"""

import base64
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from posixpath import normpath, relpath
from urllib.parse import quote, unquote

import nbformat
from nbformat import NotebookNode

from d2lmini.tools.site import formula
from d2lmini.tools.slides import alt, bar

TOP = Path(__file__).parents[3]
REPOSITORY = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"]["urls"]["Repository"]
# The line of a notebook's title cell with the links that start it elsewhere.
LAUNCH = re.compile(r"^.*\]\(https://mybinder\.org/.*\n\n?", re.MULTILINE)
LINK = re.compile(r"(\]\(<?)([^)\s>]+)(>?\))")
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
# Pages beside the notebooks: name in the book, file.
PAGES = {"exercises/index": "notebooks/exercises/README.md", "teach": ".github/LECTURERS.md",
         "data": "data/README.md"}
# Further pages, with what they are made from.
SOURCES = {"index": "d2lmini/tools/site/book.py", "cite": ".github/CITATION.cff"}
START = "run/notebooks/index.html?path="
RUN = """<p class="run"><a class="run" href="{start}">Run it here</a> In this tab, with nothing to
install: it is ready in about half a minute, and computes 2 to 10 times more slowly than your
computer does.</p>
"""


def lessons() -> list[Path]:
    return sorted((TOP / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def exercises() -> list[Path]:
    return sorted((TOP / "notebooks/exercises").glob("[0-9][0-9]_*.ipynb"))


def target(link: str, file: str, page: str) -> str:
    """Where a link of the repository's `file` leads on the book's `page`."""
    if re.match(r"[a-z][a-z0-9+.-]*:|#|$", link):
        return link
    path, mark, place = link.partition("#")
    path = normpath(f"{Path(file).parent.as_posix()}/{unquote(path)}")
    inside = {there: name + ".md" for name, there in PAGES.items()}
    if re.fullmatch(r"notebooks/(exercises/)?\d\d_\w+\.ipynb", path):
        inside[path] = path.removeprefix("notebooks/")
    if path in inside:
        return relpath(inside[path], Path(page).parent) + mark + place
    return f"{REPOSITORY}/blob/main/{quote(path)}{mark}{place}"


def linked(text: str, file: str, page: str) -> str:
    """Markdown whose links lead somewhere from the book's `page`; code stays as it is."""
    parts = CODE.split(text)
    parts[::2] = [LINK.sub(lambda m: m[1] + target(m[2], file, page) + m[3], part)
                  for part in parts[::2]]
    return "".join(parts)


def adapted(nb: NotebookNode, file: str, page: str, runs: bool) -> NotebookNode:
    """The notebook `file` of the repository as the book shows it; changes `nb`."""
    start = relpath(".", Path(page).parent) + "/" + START + file
    nb.cells[0].source = re.sub(
        r"\A(# .+\n)\s*", lambda m: f"{m[1]}\n{RUN.format(start=start) if runs else ''}\n",
        LAUNCH.sub("", nb.cells[0].source, count=1))
    for cell, after in zip(nb.cells, [*nb.cells[1:], NotebookNode(source="")]):
        if cell.cell_type == "markdown":
            cell.source = linked(cell.source, file, page)
            continue
        folds = cell.metadata.get("jupyter", {})
        tag = {(True, False): "hide-input", (False, True): "hide-output", (True, True): "hide-cell"}
        hidden = tag.get(tuple(map(bool, map(folds.get, ("source_hidden", "outputs_hidden")))))
        cell.metadata.tags = [*cell.metadata.get("tags", []), *filter(None, [hidden])]
        show = bar(cell) if folds.get("source_hidden") else "Show the output"
        words = " ".join(filter(None, map(alt, cell.outputs))) or described(after.source)
        cell.metadata.mystnb = {"code_prompt_show": show, "code_prompt_hide": show,
                                "image": {"alt": words}}
        cell.outputs = [out for out in cell.outputs  # what is for screen readers in JupyterLab
                        if "jp-sr-only" not in out.get("data", {}).get("text/html", "")]
    return nb


def described(text: str) -> str:
    """The sentence with which the text below a picture says what is seen there."""
    words = re.match(r"\*Figure:\*\s*(.+?)(\n\n|\Z)", text, re.DOTALL)
    return re.sub(r"[*`$\\]|\]\([^)]*\)|\[", "", " ".join(words[1].split())) if words else ""


def cover(nb: NotebookNode) -> bytes:
    """The picture that stands for a lesson: the one with most to see, by its size as a PNG."""
    pictures = [out.data["image/png"] for cell in nb.cells for out in cell.get("outputs", [])
                if "image/png" in out.get("data", {})]
    return base64.b64decode(max(pictures, key=len, default=""))


def first_words(nb: NotebookNode) -> tuple[str, str]:
    """The heading of a lesson and its first paragraph."""
    heading, *paragraphs = LAUNCH.sub("", nb.cells[0].source, count=1).split("\n\n")
    return heading.removeprefix("# "), paragraphs[0]


def index(folder: Path, runs: bool) -> str:
    """The first page, as Markdown; stores a picture of each lesson in `folder`/covers."""
    (folder / "covers").mkdir()
    cards = []
    for path in lessons():
        nb = nbformat.read(path, as_version=4)
        title, words = first_words(nb)
        (folder / f"covers/{path.stem}.png").write_bytes(cover(nb))
        run = f' · <a href="{START}notebooks/{path.name}">Run it here</a>' if runs else ""
        exercise = path.parent / "exercises" / path.name
        todo = f" · [Exercises](exercises/{path.name})" if exercise.exists() else ""
        cards.append(CARD.format(title=title, page=path.stem, words=words, more=run + todo))
    trees = {"Lessons": [p.stem for p in lessons()], "Do": ["exercises/index"],
             "About": ["teach", "data", "cite"]}
    trees = "\n".join("```{toctree}\n:hidden:\n:caption: " + caption + "\n" + "\n".join(names)
                      + "\n```" for caption, names in trees.items())
    return INDEX.format(cards="\n".join(cards), trees=trees, repository=REPOSITORY,
                        run="Each page runs in your browser as it is. " if runs else "")


CARD = """## [{title}]({page}.ipynb)

```{{image}} covers/{page}.png
:class: cover
:target: {page}.html
:alt: A figure of this lesson
```

{words}

[Read]({page}.ipynb){more}
"""
INDEX = """# Deep learning from tensors to convolutional networks

Build deep learning by hand, run it on real data, and check every formula. {run}To work on your own
computer, [install the course]({repository}#start).

{cards}

{trees}
"""
CITE = """# Cite the course

The papers behind a lesson stand at its end. To cite the course itself, from `CITATION.cff`:

```bibtex
@software{{d2lmini,
  title = {{{title}}},
  author = {{{author}}},
  version = {{{version}}},
  license = {{{license}}},
  url = {{{url}}}
}}
```
"""


def cite() -> str:
    """The page that says how to cite, made from CITATION.cff."""
    text = (TOP / ".github/CITATION.cff").read_text(encoding="utf-8")
    field = lambda name: re.search(rf'^[ -]*{name}: "?(.+?)"?$', text, re.MULTILINE)[1]
    return CITE.format(title=field("title"), author="{" + field("name") + "}",
                       version=field("version"), license=field("license"),
                       url=field("repository-code"))


def sources(folder: Path, runs: bool) -> None:
    """Write what Sphinx reads into the empty `folder`."""
    (folder / "exercises").mkdir(parents=True)
    for path in lessons() + exercises():
        file = path.relative_to(TOP).as_posix()
        page = file.removeprefix("notebooks/")
        nb = adapted(nbformat.read(path, as_version=4), file, page, runs)
        nbformat.write(nb, folder / page)
    for page, file in PAGES.items():
        text = linked((TOP / file).read_text(encoding="utf-8"), file, page)
        if page.startswith("exercises"):
            names = "\n".join(path.stem for path in exercises())
            text += "\n```{toctree}\n:hidden:\n" + names + "\n```\n"
        (folder / f"{page}.md").write_text(text, encoding="utf-8")
    (folder / "index.md").write_text(index(folder, runs), encoding="utf-8")
    (folder / "cite.md").write_text(cite(), encoding="utf-8")


def build(folder: Path, runs: bool, work: Path = Path("build/book")) -> None:
    """Write the book into `folder`; `runs`: with links to the JupyterLite in its folder `run`."""
    shutil.rmtree(work, ignore_errors=True)
    sources(work / "source", runs)
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j2", "-c",
         str(Path(__file__).parent), "-d", str(work / "doctrees"), str(work / "source"),
         str(folder)], env={**os.environ, "D2LMINI_RUNS": str(int(runs))})
    if done.returncode:
        raise SystemExit("The book is not whole: Sphinx's warnings above say where.")
    formula.font(folder / "_static")
    for path in lessons() + exercises():  # what the download button gives: the notebook itself
        shutil.copy(path, folder / "_sources" / path.relative_to(TOP / "notebooks"))
    (folder / ".nojekyll").touch()  # GitHub Pages: these files as they are.


def slug(heading: str) -> str:
    """The name of a heading in links: Jupyter's."""
    return heading.replace(" ", "-")


def buttons(app, page, template, context, doctree) -> None:
    """Mend the theme's buttons: this tab runs notebooks, too, and each page has its own source."""
    for button in context.get("header_buttons", []):
        if button.get("label") == "launch-buttons" and os.environ["D2LMINI_RUNS"] == "1":
            start = f"{relpath('.', Path(page).parent)}/{START}notebooks/{page}.ipynb"
            button["buttons"].insert(0, {"type": "link", "text": "This tab", "url": start,
                                         "tooltip": "Run it here", "icon": "fas fa-play"})
        if button.get("label") == "source-edit-button":
            source = PAGES.get(page, f"notebooks/{page}.ipynb").replace(
                "exercises/0", "solutions/0").replace("exercises/1", "solutions/1")
            button["url"] = f"{REPOSITORY}/edit/main/{SOURCES.get(page, source)}"


def setup(app) -> dict:
    """What this module adds to Sphinx: formulas as MathML, and the buttons mended."""
    app.add_html_math_renderer("mathml", (formula.inline, None), (formula.display, None))
    app.connect("html-page-context", buttons, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
