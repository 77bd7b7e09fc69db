"""What is wrong with the code of a lesson that is read: lines that only draw, bare asserts, tricks.

`problems(nb)` answers with sentences. Asserts in view are identities, each with a sentence; what a
changed number would change is an `expect(...)` in a folded cell tagged `check`.
"""

import ast
import re

from nbformat import NotebookNode

from d2lmini.tools.measure import folded, is_further, pieces

LONGEST = 12  # lines of a code cell in view
PLUMBING = 0.08  # of the lines in view may draw
DRAWS = re.compile(r"(plt|plot|drawings|ax\w*|axes|fig|figure)")
CLOCK = re.compile(r"perf_counter|timeit|process_time|monotonic|\btime\.time")


def problems(nb: NotebookNode) -> list[str]:
    """One sentence for each cell of code that the reader should not meet as it is."""
    found, drawn, lines, timed = [], 0, 0, set()
    for section, _, cell in pieces(nb):
        if cell.cell_type != "code" or not cell.source.strip() or cell.id == "setup":
            continue
        tree = ast.parse("\n".join("" if line.startswith(("%", "!")) else line
                                   for line in cell.source.splitlines()))
        wrong = asserts(tree, timed)
        if "check" in cell.metadata.get("tags", []):
            wrong += check_cell(cell, tree)
        elif "expect(" in cell.source:
            wrong.append("calls expect(), so it should be tagged check and folded")
        if folded(cell):
            if not cell.source.startswith("#"):
                wrong.append("is folded, so its first line should be a comment that says what it "
                             "holds: JupyterLab shows that line")
        else:
            n = len(cell.source.splitlines())
            picture = drawing(tree)
            if not is_further(section):
                lines, drawn = lines + n, drawn + sum(picture.values())
            if n > LONGEST:
                wrong.append(f"has {n} lines; {LONGEST} is the limit")
            if picture and len(picture) == len(leaves(tree)):
                wrong.append("only draws, so its source should be folded")
            wrong += tricks(tree)
        found += [f"cell {cell.id} {sentence}" for sentence in wrong]
    if drawn > PLUMBING * lines:
        found.append(f"{drawn} of {lines} lines in view draw; {PLUMBING:.0%} is the limit")
    return found


def leaves(tree: ast.AST) -> list[ast.stmt]:
    """The simple statements and the heads of the compound ones, without docstrings and imports."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)
            and not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)
            and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]


def drawing(tree: ast.AST) -> dict[ast.stmt, int]:
    """The statements that draw, each with its lines: those that name the figure or its axes."""
    found = {}
    for node in leaves(tree):
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno
        head = [field for name, field in ast.iter_fields(node) if name not in ("body", "orelse")]
        parts = [p for field in head for p in (field if isinstance(field, list) else [field])]
        names = {n.id for part in parts if isinstance(part, ast.AST)
                 for n in ast.walk(part) if isinstance(n, ast.Name)}
        inside = [p for p in body or [] if isinstance(p, ast.stmt)]
        if any(DRAWS.fullmatch(name) for name in names) or (
                isinstance(node, ast.FunctionDef) and inside
                and all(leaf in found or drawing(ast.Module([leaf], [])) for leaf in inside)):
            found[node] = max(1, last - node.lineno + 1)
    return found


def asserts(tree: ast.AST, timed: set[str]) -> list[str]:
    """Asserts without a sentence, and those of times; `timed` collects what a clock has told."""
    found = []
    for node in sorted((n for n in ast.walk(tree) if isinstance(n, ast.stmt)),
                       key=lambda n: n.lineno):
        uses = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if isinstance(node, ast.Assign) and (
                CLOCK.search(ast.unparse(node.value)) or timed & uses):
            timed |= {n.id for target in node.targets for n in ast.walk(target)
                      if isinstance(n, ast.Name)}
        is_expect = isinstance(node, ast.Expr) and ast.unparse(node).startswith("expect(")
        if isinstance(node, ast.Assert) and words(node.msg) < 3:
            found.append(f"line {node.lineno}: an assert without a sentence")
        if (isinstance(node, ast.Assert) or is_expect) and (
                timed & uses or CLOCK.search(ast.unparse(node))):
            found.append(f"line {node.lineno}: asserts a time")
    return found


def words(message: ast.expr | None) -> int:
    """How many words a message has, as far as it stands in the source."""
    return 0 if message is None else len(" ".join(
        n.value for n in ast.walk(message)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)).split())


def check_cell(cell: NotebookNode, tree: ast.AST) -> list[str]:
    """What is wrong with a cell tagged `check`."""
    wrong = [] if folded(cell) else ["is tagged check, so its source should be folded"]
    if "expect(" not in cell.source:
        wrong.append("is tagged check, but calls no expect()")
    if any(isinstance(n, ast.Assert) for n in ast.walk(tree)):
        wrong.append("is tagged check: expect() in place of assert, so that nothing stops")
    if "nbval-ignore-output" in cell.metadata.get("tags", []):
        wrong.append("is tagged check and nbval-ignore-output: then nobody sees that it fails")
    for out in cell.outputs:
        wrong.append(f"does not hold: {out.get('text', '')[:200].strip()}")
    return wrong


def tricks(tree: ast.AST) -> list[str]:
    """Python that the course does not teach."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.NamedExpr):
            found.append("uses :=, which the course has not taught")
        if isinstance(node, ast.Dict) and any(
                isinstance(n, ast.Lambda) for value in node.values for n in ast.walk(value)):
            found.append("holds a dictionary of lambdas; write functions")
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("einsum", "svd")):
            found.append(f"calls {ast.unparse(node.func)}, which the course has not taught")
    return found
