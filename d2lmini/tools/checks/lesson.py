"""Does a lesson keep the course's shape? `python -m d2lmini.tools.checks.lesson PATH …`

`problems(path)` answers with sentences: what each kind of cell must carry and be followed by, the
closing sections, the reader's minutes. code.py looks at the code in view, shape.py at what was
executed, measure.py counts. The tests are in d2lmini/tests/lessons/test_lessons.py.
"""

import ast
import importlib
import itertools
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from d2lmini.tools import measure
from d2lmini.tools.checks import code, shape

MINUTES, STRETCH, PAUSE = {"08_cnn": 90}, 8, (0.35, 0.65)  # others: 75 minutes
GOALS, RECAP = measure.GOALS, "## You can now"
SECTIONS = ["## Going further", "## Quiz", RECAP, "## Words", "## Papers", "## Next"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
TELLS = re.compile(r"\d|\bTrue\b|\bFalse\b")  # a line that may give an answer away
IN_WORDS = "<details><summary>Figure in words</summary>"


def problems(path: Path) -> list[str]:
    """One sentence for each way in which the lesson at `path` leaves the course's shape."""
    nb = nbformat.read(path, as_version=4)
    text = "\n\n".join(c.source for c in nb.cells if c.cell_type == "markdown")
    found = opening(nb) + sections(text) + goals(text) + quiz(text) + time(nb, path.stem)
    found += [f"links to {link}, which does not exist" for link in LINK.findall(text)
              if "://" not in link and not (path.parent / link).exists()]
    for number, cell in enumerate(nb.cells):
        wrong = [] if "slide_type" in cell.metadata.get("slideshow", {}) else ["is on no slide"]
        following = nb.cells[number + 1:]
        if cell.cell_type == "code":
            wrong += unknown_names(cell.source) + pictures(cell, following)
        elif cell.cell_type == "markdown":
            wrong += prediction(cell, following) + turn(cell, following)
        found += [f"cell {cell.id} {sentence}" for sentence in wrong]
    return found + whole(nb, text) + code.problems(nb)


def opening(nb: NotebookNode) -> list[str]:
    """What is missing in the title, the set-up cell, and the picture or control that follows."""
    wanted = {"# ": "a title", GOALS: "the goals", "**You need**": "what is needed before",
              "**Time**": "how long it takes", "**Sections**": "a line that maps the sections"}
    found = [f"the first cell lacks {what}" for mark, what in wanted.items()
             if mark not in nb.cells[0].source]
    if len(nb.cells) < 2 or nb.cells[1].id != "setup" or nb.cells[1].cell_type != "code":
        found.append("its second cell should be the set-up, with the id setup")
    if not any("widget" in tag_list(c) or shown(c) for c in nb.cells[:3]):
        found.append("shows nothing to see or to touch in its first three cells")
    return found


def sections(text: str) -> list[str]:
    """Closing sections that are missing or out of order."""
    at = [re.search(rf"^## (?:\d+\. )?{section[3:]}", text, re.MULTILINE) for section in SECTIONS]
    missing = [f"has no section {s}" for s, place in zip(SECTIONS, at) if not place]
    places = [place.start() for place in at if place]
    return missing or ([] if places == sorted(places) else
                       ["its closing sections are out of order"])


def bullets(text: str, mark: str) -> list[str]:
    """The items of the first list after `mark`, each on one line."""
    _, _, rest = text.partition(mark)
    block = re.search(r"(?:^|\n)- .*?(?=\n\n(?!- )|\Z)", rest, re.DOTALL)
    items = re.split(r"(?:^|\n)- ", block[0])[1:] if block else []
    return [" ".join(item.split()).rstrip(";.") for item in items]


def goals(text: str) -> list[str]:
    """Whether three to five goals are stated, and the recap says the same."""
    first, last = bullets(text, GOALS), bullets(text, RECAP)
    found = [] if 3 <= len(first) <= 5 else [f"states {len(first)} goals; three to five are right"]
    return found + ([] if first == last else ["its goals and its recap differ"])


def quiz(text: str) -> list[str]:
    """Whether there are four to six questions with collapsed answers."""
    part = text.partition("## Quiz")[2].partition("## You can now")[0]
    questions = len(re.findall(r"^\*\*\d+\.?\*\*", part, re.MULTILINE))
    answers = [a for a in re.findall(r"<details>(.*?)</details>", part, re.DOTALL)
               if len(re.sub(r"<summary>.*?</summary>", "", a).split()) >= 3]
    found = [] if 4 <= questions <= 6 else [f"asks {questions} quiz questions, not four to six"]
    return found + ([] if len(answers) == questions else [
        f"has {len(answers)} collapsed answers for {questions} questions"])


def time(nb: NotebookNode, stem: str) -> list[str]:
    """Whether the lesson is short enough, says how long it is, and has its break and its tasks."""
    m, limit = measure.measure(nb), MINUTES.get(stem, 75)
    found = [] if m["minutes"] <= limit else [f"takes {m['minutes']} minutes; the limit is {limit}"]
    if measure.time_line(m) not in nb.cells[0].source:
        found.append("its Time line is not what make measure writes")
    if m["stretch"] > STRETCH:
        found.append(f"has {m['stretch']:.1f} minutes without something to do, up to section "
                     f"{m['where']!r}; {STRETCH} is the limit")
    if m["pause"] is None:
        found.append(f"has no {measure.BREAK}")
    elif not PAUSE[0] <= m["pause"] <= PAUSE[1]:
        found.append(f"has its break after {m['pause']:.0%} of its minutes, not about half way")
    if m["your"] < 3:
        found.append(f"has {m['your']} **Your turn**; three is the least")
    if not m["explore"]:
        found.append("has no **Explore.**, the open question")
    return found


def prediction(cell: NotebookNode, following: list) -> list[str]:
    """Whether each "Predict first" stands right above the cells that answer, all of them folded."""
    asked = cell.source.count("**Predict first")
    if asked > 1:
        return ["asks for two predictions; each needs its own answer below"]
    answers = list(itertools.takewhile(lambda c: c.cell_type == "code", following)) if asked else []
    answers = answers[:1] + [c for c in answers[1:] if c.outputs]
    if asked and not (answers and answers[0].outputs
                      and all(measure.folded(c, "outputs") for c in answers)):
        return ["asks for a prediction, and the cells of code below have their outputs not folded"]
    return [f"asks for a prediction, and a folded output shows its first line: {line!r}. "
            "Print a heading first" for c in answers
            if not measure.folded(c) and TELLS.search(line := first_line(c))]


def first_line(cell: NotebookNode) -> str:
    """What JupyterLab shows of a folded output: the first line of its text."""
    out = cell.outputs[0]
    text = out.get("text") or ("" if "image/png" in out.get("data", {}) else
                               out.get("data", {}).get("text/plain", ""))
    return next((line for line in text.splitlines() if line.strip()), "")


def turn(cell: NotebookNode, following: list) -> list[str]:
    """Whether a "Your turn" is followed by a blank, and that by the folded given answer."""
    if "**Your turn" not in cell.source:
        return []
    blank, answer = [*following, *[nbformat.v4.new_raw_cell()] * 2][:2]
    found = []
    if "your-turn" not in tag_list(blank) or not has_blank(blank):
        found.append("asks for a line, and the cell below has no blank (...) or no tag your-turn")
    if "answer" not in tag_list(answer) or not measure.folded(answer) or (
            "your_turn(" not in answer.source):
        found.append("asks for a line, and its given answer (tag answer, folded, your_turn(...)) "
                     "is not the second cell below")
    return found


def has_blank(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and any(
        isinstance(n, ast.Constant) and n.value is ... for n in ast.walk(ast.parse(cell.source)))


def pictures(cell: NotebookNode, following: list) -> list[str]:
    """Pictures without alt text, or without the longer words in the text below."""
    found = [f"shows a picture whose alt text has {n} words; 4 to 60 are right"
             for out in cell.outputs if "image/png" in out.get("data", {})
             and not 4 <= (n := len(alt_text(out).split())) <= 60]
    text = next((c.source for c in following if c.cell_type == "markdown"), "")
    if shown(cell) and IN_WORDS not in text and "training_loop(" not in cell.source:
        found.append("shows a picture, and the next text has no folded Figure in words")
    return found


def whole(nb: NotebookNode, text: str) -> list[str]:
    """What the lesson as a whole lacks: a control, the loop, the same in PyTorch and Keras."""
    found = []
    if not any("widget" in tag_list(c) for c in nb.cells):
        found.append("has no control to move (a cell tagged widget)")
    if not any("training_loop(" in c.source for c in nb.cells if c.cell_type == "code"):
        found.append("does not draw the training loop")
    for name, needed in ("pytorch", "import torch"), ("keras", "import keras"):
        cell = next((c for c in nb.cells if c.id == name and c.cell_type == "markdown"), None)
        if cell is None or needed not in cell.source or "```python\n" not in cell.source:
            found.append(f"has no Markdown cell {name} with a block ```python that begins with "
                         f"{needed}")
    return found


def shown(cell: NotebookNode) -> bool:
    return any("image/png" in out.get("data", {}) for out in cell.get("outputs", []))


def alt_text(out: NotebookNode) -> str:
    """What a picture's output says to those who do not see it."""
    return out.get("metadata", {}).get("image/png", {}).get("alt", "")


def tag_list(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def unknown_names(source: str) -> list[str]:
    """Imports from d2lmini that fail."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "d2lmini":
            module = importlib.import_module(node.module)
            for alias in node.names:
                if not hasattr(module, alias.name):
                    try:
                        importlib.import_module(f"{node.module}.{alias.name}")
                    except ImportError:
                        found.append(f"imports {alias.name}, which {node.module} lacks")
    return found


def main(paths: list[str]) -> int:
    found = [f"{path}: {sentence}" for path in paths
             for sentence in shape.problems(Path(path)) + problems(Path(path))]
    print("\n".join(found) or "Nothing is wrong.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
