"""Small mistakes put into a right answer, one at a time: `mutants(source)`.

A judge must reject each of them, unless it computes the same for every input; those are listed with
their reason in answers/.
"""

import ast
import copy

COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
           ast.NotEq: ast.Eq}
BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
          ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.FloorDiv, ast.MatMult: ast.Add}
NAMES = {"mean": "sum", "sum": "mean", "max": "min", "min": "max", "argmax": "argmin",
         "maximum": "minimum", "minimum": "maximum", "zeros": "ones", "ones": "zeros",
         "zeros_like": "ones_like", "ones_like": "zeros_like"}
DROPPED = ("axis", "keepdims", "dim", "keepdim", "ddof", "dtype")


def mutants(source: str):
    """Pairs (description, source), such as ("line 2: + to -", "def …")."""
    tree = ast.parse(source)
    for i, node in enumerate(ast.walk(tree)):
        for j, (what, _) in enumerate(changes(node)):
            mutant = copy.deepcopy(tree)
            place = next(n for k, n in enumerate(ast.walk(mutant)) if k == i)
            changes(place)[j][1]()
            yield (f"line {getattr(node, 'lineno', 0)}, column {getattr(node, 'col_offset', 0)}: "
                   f"{what}", ast.unparse(ast.fix_missing_locations(mutant)))


def changes(node) -> list:
    """What can be done to one node: pairs (description, function that does it in place)."""
    found = []

    def add(what, target, **fields):
        def change():
            for name, value in fields.items():
                setattr(target, name, value)
        found.append((what, change))

    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        new = COMPARE[type(node.ops[0])]
        add(f"{type(node.ops[0]).__name__} to {new.__name__}", node, ops=[new(), *node.ops[1:]])
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in BINARY:
        new = BINARY[type(node.op)]
        add(f"{type(node.op).__name__} to {new.__name__}", node, op=new())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        add("minus dropped", node, op=ast.UAdd())
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        if name in NAMES:
            add(f"{name} to {NAMES[name]}", node.func, **{field: NAMES[name]})
        for k, keyword in enumerate(node.keywords):
            if keyword.arg in DROPPED:
                add(f"{keyword.arg} dropped", node,
                    keywords=node.keywords[:k] + node.keywords[k + 1:])
    if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 100:
        add(f"{node.value} to {node.value + 1}", node, value=node.value + 1)
    if isinstance(node, ast.Constant) and type(node.value) is float:
        add(f"{node.value} doubled", node, value=node.value * 2 + 0.125 * (node.value == 0))
    return found
