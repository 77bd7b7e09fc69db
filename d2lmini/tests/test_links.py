"""Links that open the course elsewhere: their formats, one address, every notebook's line."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
import yaml
from nbformat.v4 import new_markdown_cell, new_notebook

from d2lmini.course import links

TOP = Path(__file__).parents[2]
LESSON = "notebooks/05_softmax_regression.ipynb"


def test_binder_opens_that_very_notebook_in_jupyterlab():
    owner, name = links.repository()
    parts = urlsplit(links.binder(LESSON))
    assert (parts.scheme, parts.netloc) == ("https", "mybinder.org")
    assert parts.path == f"/v2/gh/{owner}/{name}/HEAD"
    assert parse_qs(parts.query) == {"labpath": [LESSON]}
    assert parse_qs(urlsplit(links.binder()).query) == {"urlpath": ["lab"]}


def test_nbgitpuller_clones_and_opens_in_one_click():
    parts = urlsplit(links.nbgitpuller("https://hub.example.edu/", LESSON))
    assert (parts.netloc, parts.path) == ("hub.example.edu", "/hub/user-redirect/git-pull")
    # nbgitpuller clones into a folder with the last part of the repository's address.
    assert parse_qs(parts.query) == {
        "repo": [links.address()], "branch": [links.BRANCH],
        "urlpath": [f"lab/tree/{links.repository()[1]}/{LESSON}"]}


def test_colab_opens_a_file_of_the_repository():
    owner, name = links.repository()
    assert links.colab("notebooks/é.ipynb") == (
        f"https://colab.research.google.com/github/{owner}/{name}/blob/main/notebooks/%C3%A9.ipynb")


@pytest.mark.parametrize("path", links.notebooks(), ids=lambda p: p.parent.name + "/" + p.stem)
def test_every_notebook_carries_its_line(path):
    """If this fails, run `python -m d2lmini.course.links`."""
    first = nbformat.read(path, as_version=4).cells[0].source
    assert links.LINE.findall(first) == [links.links(path.relative_to(TOP))]
    (there,) = re.findall(r"labpath=([^)]+)", first)
    opened = TOP / unquote(there)
    assert opened.exists() and opened.name == path.name
    assert opened == path or (path.parent.name, opened.parent.name) == ("solutions", "exercises")


@pytest.mark.parametrize("path", links.pages(), ids=lambda p: p.name)
def test_pages_name_the_repository_of_pyproject(path):
    """If this fails, run `python -m d2lmini.course.links`."""
    text = path.read_text(encoding="utf-8")
    assert {(m[2], m[3]) for m in links.OWNED.finditer(text)} <= {links.repository()}
    for place in re.findall(r"mybinder\.org\S+labpath=([^)\s]+)", text):
        assert (TOP / unquote(place)).exists()


def test_no_program_types_the_repository():
    owner, name = links.repository()
    for path in [*(TOP / "d2lmini").rglob("*.py"), TOP / "Makefile", *TOP.glob(".binder/*"),
                 *TOP.glob(".github/workflows/*")]:
        assert f"/{owner}/{name}" not in path.read_text(encoding="utf-8").replace(
            f"/{owner}/{name}/tests", ""), path


def test_another_address_reaches_every_file(tmp_path, monkeypatch):
    """A fork changes pyproject.toml and runs the command; a second run finds nothing to do."""
    github = tmp_path / ".github"
    (tmp_path / "notebooks/solutions").mkdir(parents=True)
    github.mkdir()
    project = '[project.urls]\nRepository = "https://github.com/{}"\n[project]\nname = "d2lmini"\n'
    (tmp_path / "pyproject.toml").write_text(project.format("zoe9/old"))
    monkeypatch.setattr(links, "TOP", tmp_path)
    readme = f"[Start]({links.binder()}) [ours]({links.address('a b.md')}) https://github.com/x/y\n"
    (tmp_path / "README.md").write_text(readme)
    (github / "LECTURERS.md").write_text(links.nbgitpuller("https://hub.example.edu"))
    names = ["notebooks/00_a.ipynb", "notebooks/solutions/00_a.ipynb"]
    for name in names:
        cell = new_markdown_cell("# Title\n\nText.")
        nbformat.write(new_notebook(cells=[cell]), tmp_path / name)
    assert len(links.refresh()) == 2 and links.refresh() == []
    (tmp_path / "pyproject.toml").write_text(project.format("bea/new.git"))
    assert len(links.refresh(only_look=True)) == len(links.refresh()) == 4
    assert links.refresh() == []
    for path in [*tmp_path.rglob("*.md"), *tmp_path.rglob("*.ipynb")]:
        text = path.read_text()
        assert "zoe9" not in text and ("bea/new" in text or "bea%2Fnew" in text)
    assert "https://github.com/x/y" in (tmp_path / "README.md").read_text()
    source = nbformat.read(tmp_path / names[1], as_version=4).cells[0].source
    assert source.splitlines()[0::2] == ["# Title", links.links(names[0]).replace(
        "notebooks%2F", "notebooks%2Fexercises%2F").replace(
        "notebooks/", "notebooks/exercises/"), "Text."]


def test_the_command_prints_links(capsys):
    assert links.main([LESSON]) == 0
    assert links.main(["--hub", "https://hub.example.edu", LESSON]) == 0
    assert capsys.readouterr().out.split() == [
        links.binder(LESSON), links.colab(LESSON),
        links.nbgitpuller("https://hub.example.edu", LESSON)]


@pytest.mark.skipif(os.name == "nt" or not shutil.which("git") or not (TOP / ".git").exists(),
                    reason="a clone, git and sh are needed")
def test_colab_s_first_cell_brings_the_package_and_the_data(tmp_path):
    """In a folder that is no clone and not empty, as on Colab; the clone here is the origin."""
    (tmp_path / "sample_data").mkdir()
    (tmp_path / "sample_data/README.md").touch()
    line = links.colab_setup().removeprefix("!").replace(links.address(), TOP.as_uri())
    for _ in range(2):  # twice is as good as once
        subprocess.run(line, shell=True, cwd=tmp_path, check=True, timeout=60)
    seen = subprocess.run(
        [sys.executable, "-c", "import d2lmini; print(d2lmini.__file__);"
         "from d2lmini import data; print(len(data.davis()), data.data_dir())"],
        cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60).stdout.split()
    assert Path(seen[0]) == tmp_path / "d2lmini/__init__.py" and Path(seen[2]) == tmp_path / "data"


def test_the_citation_file():
    cff = yaml.safe_load((TOP / ".github/CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cff["cff-version"] == "1.2.0" and cff["message"] and cff["authors"]
    assert cff["version"] == project["version"] and cff["license"] == project["license"]
    assert cff["repository-code"] == links.address() == project["urls"]["Repository"]
