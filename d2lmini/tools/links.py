"""Links that open a notebook elsewhere: Binder, Colab, a class's JupyterHub.

The repository's address stands in pyproject.toml alone. `python -m d2lmini.tools.links` writes it
into the title of each notebook and into README.md and .github; with notebooks, it prints their
links (`--hub https://hub.example.edu` for a class). Next: site.py, which uses the same links.
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import quote

import nbformat

from d2lmini.tools.execute import write

TOP = Path(__file__).parents[2]
BRANCH = "main"
MARK = "Run it in the browser:"
LINE = re.compile(rf"^{MARK}.*$", re.MULTILINE)
# The places of an address in which an owner and a name stand, percent-encoded or not.
OWNED = re.compile(r"((?:mybinder\.org/v2/gh|colab\.research\.google\.com/github)/)"
                   r"([\w.-]+)/([\w.-]+)")


def repository() -> tuple[str, str]:
    """The owner and the name of the repository on GitHub, from pyproject.toml."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    owner, name = project["urls"]["Repository"].rstrip("/").removesuffix(".git").split("/")[-2:]
    return owner, name


def address(path: str = "") -> str:
    """The repository on GitHub, or the page of one of its files there."""
    top = "https://github.com/" + "/".join(repository())
    return f"{top}/blob/{BRANCH}/{quote(path)}" if path else top


def binder(path: str = "") -> str:
    """The link that starts the course on Binder and opens the notebook at `path` in JupyterLab."""
    labpath = f"?labpath={quote(path, safe='')}" if path else "?urlpath=lab"
    return f"https://mybinder.org/v2/gh/{'/'.join(repository())}/HEAD{labpath}"


def colab(path: str) -> str:
    """The link that opens the notebook at `path` on Colab, without the rest of the course."""
    return (f"https://colab.research.google.com/github/{'/'.join(repository())}/blob/{BRANCH}/"
            + quote(path))


def colab_setup() -> str:
    """The line to run first on Colab: it fetches the course, data too, into the folder there."""
    return f"!git init -q; git pull -q --depth 1 {address()}"


def nbgitpuller(hub: str, path: str = "notebooks/00_introduction.ipynb") -> str:
    """The link that copies the course to a user of the JupyterHub at `hub` and opens a notebook.

    A second click brings the lecturer's changes and keeps the user's own (nbgitpuller's rules).
    """
    at = quote(f"lab/tree/{repository()[1]}/{path}", safe="")
    return (f"{hub.rstrip('/')}/hub/user-redirect/git-pull?repo={quote(address(), safe='')}"
            f"&branch={BRANCH}&urlpath={at}")


def links(path: Path | str) -> str:
    """The line for the title of the notebook at `path`; a solution's opens the exercise."""
    path = Path(path).as_posix().replace("/solutions/", "/exercises/")
    return (f"{MARK} [Binder]({binder(path)}), or [Colab]({colab(path)}) with "
            f"`{colab_setup()}` as a first cell.")


def notebooks() -> list[Path]:
    """Every notebook that carries the line."""
    return [path for folder in ("", "solutions", "exercises")
            for path in sorted((TOP / "notebooks" / folder).glob("[0-9][0-9]_*.ipynb"))]


def titled(source: str, line: str) -> str:
    """A title cell with `line` under its heading, in place of an older one."""
    if LINE.search(source):
        return LINE.sub(lambda _: line, source, count=1)
    heading, _, rest = source.partition("\n")
    return f"{heading}\n\n{line}\n{rest}"


def refreshed(text: str, olds: set[tuple[str, str]]) -> str:
    """A page on which every address of an `olds` repository names the present one."""
    owner, name = repository()
    places = r"(mybinder\.org/v2/gh/|github\.com/|github\.com%2F|google\.com/github/)"
    for old in olds - {(owner, name)}:
        text = re.sub(rf"{places}{re.escape(old[0])}(/|%2F){re.escape(old[1])}(?![\w-])",
                      rf"\g<1>{owner}\g<2>{name}", text)
    return text


def pages() -> list[Path]:
    """The files of text that carry links to the repository; README.md first."""
    github = TOP / ".github"
    return [TOP / "README.md", *sorted([*github.glob("*.md"), *github.glob("*.cff")])]


def refresh(only_look: bool = False) -> list[Path]:
    """Bring every link up to date; return the files that changed, or would."""
    changed = []
    olds = {(m[2], m[3]) for m in OWNED.finditer(pages()[0].read_text(encoding="utf-8"))}
    for path in pages():
        old = path.read_text(encoding="utf-8")
        if (new := refreshed(old, olds)) != old:
            changed.append(path)
            if not only_look:
                path.write_text(new, encoding="utf-8", newline="\n")
    for path in notebooks():
        nb = nbformat.read(path, as_version=4)
        new = titled(nb.cells[0].source, links(path.relative_to(TOP)))
        if new != nb.cells[0].source:
            changed.append(path)
            nb.cells[0].source = new
            if not only_look:
                write(nb, path)
    return changed


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m d2lmini.tools.links")
    parser.add_argument("paths", nargs="*", help="print these notebooks' links; none: write all")
    parser.add_argument("--hub", help="the address of a JupyterHub with nbgitpuller")
    parser.add_argument("--check", action="store_true", help="only say which files are not current")
    args = parser.parse_args(argv)
    for path in args.paths:
        print(nbgitpuller(args.hub, path) if args.hub else f"{binder(path)}\n{colab(path)}")
    if args.paths:
        return 0
    changed = refresh(only_look=args.check)
    for path in changed:
        print(f"{path.relative_to(TOP)}: {'not current' if args.check else 'written'}")
    return int(args.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
