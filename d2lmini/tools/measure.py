"""How long a lesson takes a reader: `python -m d2lmini.tools.measure`, or `make measure`.

Minutes = words / 200 + 0.5 for each code cell in view + 2 for each question, rounded up. What
counts, everywhere but in the section "Going further":

- *words*: what `str.split` finds in Markdown, without `<details>` and without fenced code;
- *a code cell in view*: its source is not folded (`jupyter.source_hidden`); a block of fenced
  Python in Markdown, such as the same in PyTorch, is one, too;
- *questions*: `**Predict first`, `**Your turn` and `**Explore` in Markdown, and in the section Quiz
  each paragraph that begins with a bold number, `**1.**`.

The figure goes into the title's **Time** line and into README.md; nobody types it. `execute` brings
the title up to date as well, and with `--readme` writes seconds and memory. Next: checks/lesson.py.
"""

import argparse
import math
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

README = Path("README.md")
FURTHER, QUIZ = "Going further", "Quiz"
ASKED = re.compile(r"\*\*(Predict first|Your turn|Explore)")
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
FENCED = re.compile(r"^```(\w*)\n.*?^```$", re.DOTALL | re.MULTILINE)
TIME = re.compile(r"^\*\*Time\*\*.*(?:\n.+)*", re.MULTILINE)
BREAK, GOALS = "**Break.**", "**You will be able to**"
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def folded(cell: NotebookNode, part: str = "source") -> bool:
    """Whether a cell opens with its source, or its `outputs`, folded."""
    return bool(cell.metadata.get("jupyter", {}).get(f"{part}_hidden"))


def pieces(nb: NotebookNode) -> list[tuple[str, str, NotebookNode]]:
    """(section, text, cell) in reading order: a Markdown cell in one piece for each section."""
    section, found = "", []
    for cell in nb.cells:
        if cell.cell_type != "markdown":
            found.append((section, cell.source, cell))
            continue
        for text in re.split(r"^(?=## )", FENCED.sub(shield, cell.source), flags=re.MULTILINE):
            heading = HEADING.match(text)
            section = heading[1].strip() if heading else section
            if text.strip():
                found.append((section, text.replace("\x00", "#"), cell))
    return found


def shield(fenced: re.Match) -> str:
    """Fenced code whose comments are not taken for headings."""
    return fenced[0].replace("#", "\x00")


def is_further(section: str) -> bool:
    return section.split(".")[-1].strip().startswith(FURTHER)


def counts(section: str, text: str, cell: NotebookNode) -> dict[str, int]:
    """The words, code cells in view, folded cells and questions of one piece."""
    if cell.cell_type == "code":
        hidden = folded(cell)
        return {"lines": 0 if hidden else len(text.splitlines()), "folded": int(hidden),
                "code": int(bool(text.strip()) and not hidden)}
    if cell.cell_type != "markdown":
        return {}
    text = DETAILS.sub("", text)
    asked = [kind.split()[0].lower() for kind in ASKED.findall(text)]
    quiz = len(re.findall(r"^\*\*\d+\.?\*\*", text, re.MULTILINE)) if section == QUIZ else 0
    blocks = sum(kind == "python" for kind in FENCED.findall(text))
    return {"words": len(FENCED.sub("", text).split()), "code": blocks, "quiz": quiz,
            **{kind: asked.count(kind) for kind in ("predict", "your", "explore")}}


QUESTIONS = "predict", "your", "explore", "quiz"


def cost(part: dict[str, int]) -> float:
    """Minutes of a part, by the formula."""
    return (part.get("words", 0) / 200 + 0.5 * part.get("code", 0)
            + 2 * sum(part.get(kind, 0) for kind in QUESTIONS))


def measure(nb: NotebookNode) -> dict:
    """The counts of a lesson, its `minutes`, its longest `stretch` and where its `pause` lies.

    A stretch is the reading and running, in minutes, between two things to do: a question, or a
    control (a cell tagged `widget`). `pause` is the share of the minutes before the break, or None;
    `before` is the section in which the break stands.
    """
    total = dict.fromkeys(("words", "code", "lines", "folded", *QUESTIONS), 0)
    minutes, since, stretch, where, pause, before = 0.0, 0.0, 0.0, "", None, ""
    for section, text, cell in pieces(nb):
        if is_further(section):
            continue
        part = counts(section, text, cell)
        for kind, n in part.items():
            total[kind] += n
        active = sum(part.get(kind, 0) for kind in QUESTIONS)
        if cell.cell_type == "markdown" and BREAK in text:
            pause, before = minutes, section
        minutes += cost(part)
        since += cost(part) - 2 * active
        if since > stretch:
            stretch, where = since, section or "the title"
        if active or "widget" in cell.metadata.get("tags", []):
            since = 0.0
    return total | {"minutes": math.ceil(minutes - 1e-9), "stretch": stretch, "where": where,
                    "pause": None if pause is None else pause / max(minutes, 1), "before": before}


def time_line(found: dict) -> str:
    """The **Time** line for what `measure` found."""
    number = re.match(r"\d+", found["before"])
    place = f", with a break after section {number[0]}" if number else ""
    return f"**Time** {found['minutes']} minutes to read and do{place}; under a minute to run."


def set_time(nb: NotebookNode) -> NotebookNode:
    """Write the **Time** line of a lesson; a notebook that has none stays as it is."""
    if nb.cells and GOALS in nb.cells[0].source and TIME.search(nb.cells[0].source):
        for _ in range(2):  # the line's own words count
            before, after = TIME.split(nb.cells[0].source, maxsplit=1)
            nb.cells[0].source = before + time_line(measure(nb)) + after
    return nb


def note(path: Path, readme: Path = README, **figures: str) -> None:
    """Write `minutes`, `seconds` or `mb` into the lesson's last three columns in the README."""
    lines = readme.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if line.startswith("|") and f"({path.as_posix()})" in line:
            *rest, minutes, seconds, mb, _ = line.split("|")
            old = {"minutes": minutes.strip(), "seconds": seconds.strip(), "mb": mb.strip()}
            lines[i] = "|".join([*rest, *(f" {text} " for text in (old | figures).values()), ""])
    readme.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    from d2lmini.tools.execute import write

    parser = argparse.ArgumentParser(prog="python -m d2lmini.tools.measure")
    parser.add_argument("paths", nargs="*", type=Path, help="default: all lessons")
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args(argv)
    print(f"{'lesson':22} minutes  words  lines of code  cells  folded  predictions  your turn  "
          "explore  quiz  stretch")
    for path in args.paths or sorted(Path("notebooks").glob("[0-9][0-9]_*.ipynb")):
        nb = nbformat.read(path, as_version=4)
        m, old = measure(nb), nb.cells[0].source
        print(f"{path.stem:22} {m['minutes']:7}  {m['words']:5}  {m['lines']:13}  {m['code']:5}  "
              f"{m['folded']:6}  {m['predict']:11}  {m['your']:9}  {m['explore']:7}  {m['quiz']:4}"
              f"  {m['stretch']:4.1f} in {m['where']}")
        if not args.check:
            if set_time(nb).cells[0].source != old:
                write(nb, path)
            note(path, minutes=f"{m['minutes']} min")
    return 0


if __name__ == "__main__":
    sys.exit(main())
