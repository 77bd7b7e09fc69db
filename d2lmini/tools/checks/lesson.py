"""Does a lesson keep the course's shape? `problems(path)` answers with sentences.

Goals and recap are the same list, a quiz answers its questions, a figure has its sentence, cells
are short, links lead somewhere, and what is taken from d2lmini is there. `shape.py` looks at what
was executed. The tests are in d2lmini/tests/test_lessons.py.
"""

import ast
import importlib
import re
from pathlib import Path

import nbformat

LONGEST = 25  # lines of a code cell
GOALS, RECAP = "**You will be able to**", "## You can now"
SECTIONS = ["## Quiz", RECAP, "## Words", "## Papers", "## Next"]  # in this order
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def problems(path: Path) -> list[str]:
    """One sentence for each way in which the lesson at `path` leaves the course's shape."""
    nb = nbformat.read(path, as_version=4)
    text = "\n\n".join(c.source for c in nb.cells if c.cell_type == "markdown")
    found = title(nb.cells[0].source) + sections(text) + goals(text) + quiz(text)
    found += [f"links to {link}, which does not exist" for link in LINK.findall(text)
              if "://" not in link and not (path.parent / link).exists()]
    for number, cell in enumerate(nb.cells):
        wrong = [] if "slide_type" in cell.metadata.get("slideshow", {}) else ["is on no slide"]
        if cell.cell_type == "code":
            if len(cell.source.splitlines()) > LONGEST:
                wrong.append(f"has {len(cell.source.splitlines())} lines; {LONGEST} is the limit")
            wrong += unknown_names(cell.source)
            following = next((c for c in nb.cells[number + 1:] if c.cell_type == "markdown"), None)
            shown = any("image/png" in out.get("data", {}) for out in cell.outputs)
            if shown and "*Figure" not in (following.source if following else ""):
                wrong.append("shows a figure, and the next text has no sentence *Figure:* for it")
        found += [f"cell {number} ({cell.id}) {sentence}" for sentence in wrong]
    if sum("widget" in c.metadata.get("tags", []) for c in nb.cells) == 0:
        found.append("has no control to move (a cell tagged widget)")
    return found


def title(source: str) -> list[str]:
    """What the first cell lacks."""
    wanted = {"# ": "a title", GOALS: "the goals", "**You need**": "what is needed before",
              "**Time**": "how long it takes"}
    return [f"the first cell lacks {what}" for mark, what in wanted.items() if mark not in source]


def sections(text: str) -> list[str]:
    """Closing sections that are missing or out of order."""
    at = [text.find(f"\n{section}") for section in SECTIONS]
    missing = [f"has no section {s}" for s, place in zip(SECTIONS, at) if place < 0]
    return missing or ([] if at == sorted(at) else ["its closing sections are out of order"])


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
