"""The order in which a graph's gradients can be computed."""

from ..spec import Case, Exercise, Mistake

TREE = {"z": ["b", "b"], "b": ["a", "y"], "a": ["p", "q"], "p": ["x1", "w1"], "q": ["x2", "w2"],
        "x1": [], "x2": [], "w1": [], "w2": [], "y": []}
LADDER = {"n0": []} | {f"n{k + 1}": [f"n{k}"] * 2 for k in range(60)}


def topological_order(result, parents):
    order = []

    def visit(node):
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(result)
    return order


def every_path(result, parents):
    return [n for p in parents[result] for n in every_path(p, parents)] + [result]


def as_the_dictionary(result, parents):
    order = topological_order(result, parents)
    return order + [n for n in parents if n not in order]


def breadth_first(result, parents):
    order, waiting = [], [result]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting += parents[node]
    return order[::-1]


def is_in_order(order, args):
    return all(order.index(p) < order.index(n) for n in order for p in args["parents"][n])


def random(rng):
    """A graph with only one right order: each node is made from the one before, and others."""
    names = [str(c) for c in rng.permutation(list("abcdefghijkl"))]
    n = int(rng.integers(1, 9))
    parents = {names[0]: []}
    for k in range(1, n):
        more = [names[int(j)] for j in rng.integers(0, k, int(rng.integers(0, 4)))]
        parents[names[k]] = [str(p) for p in rng.permutation([names[k - 1], *more])]
    parents |= {names[n]: [names[int(rng.integers(n))]], names[n + 1]: []}      # not needed
    keys = [str(k) for k in rng.permutation(list(parents))]
    return {"result": names[n - 1], "parents": {k: parents[k] for k in keys}}


EXERCISE = Exercise(
    topological_order,
    fixed=[
        {"result": "y", "parents": {"x": [], "a": ["x"], "y": ["a"]}},
        {"result": "y", "parents": {"y": ["a", "a"], "a": ["x", "x"], "x": []}},
        {"result": "y", "parents": {"y": ["x", "b"], "b": ["x", "a"], "a": ["x"], "x": []}},
        {"result": "a", "parents": {"y": ["b"], "b": ["a"], "a": ["x"], "x": [], "c": ["x"]}},
        {"result": "x", "parents": {"x": []}},
        Case("topological_order('z', parents)", {"parents": TREE},
             lambda order, args: sorted(order)),
        Case("topological_order('z', parents)", {"parents": TREE}, is_in_order),
        Case("topological_order('n60', parents)", {"parents": LADDER},
             slow="This graph has 2^60 paths, but 61 nodes. Visit each node once."),
    ],
    random=random,
    mistakes=[
        Mistake("Return the names as a list; list(done) makes one of a dictionary's keys.",
                lambda result, parents: dict.fromkeys(topological_order(result, parents)),
                when=lambda got, want, args: isinstance(got, dict)),
        Mistake("It is in reverse: begin with what has no parents, end with the result.",
                lambda result, parents: topological_order(result, parents)[::-1]),
        Mistake("A node occurs more than once. Skip what is in the list already.", every_path,
                when=lambda got, want, args: len(got) > len(set(got))),
        Mistake("Some of these are not needed for the result: begin at the result, and go to its "
                "parents, and to theirs.", as_the_dictionary,
                when=lambda got, want, args: set(got) > set(want)),
        Mistake("The result itself is missing: it comes last.",
                lambda result, parents: topological_order(result, parents)[:-1],
                when=lambda got, want, args: args["result"] not in got),
        Mistake("A node is missing: everything that the result was made from belongs in the list, "
                "over any number of steps.",
                lambda result, parents: list(dict.fromkeys([*parents[result], result])),
                when=lambda got, want, args: set(got) < set(want)),
        Mistake("A node comes before one of its parents: append a node only when all of its "
                "parents have been appended.", breadth_first,
                when=lambda got, want, args: got is False or set(got) == set(want)),
    ],
    hints=[
        "Before you append a node, append its parents, each by the same rule. A function that "
        "calls itself can do that.",
        "Write an inner function visit(node): nothing if node is in the list already; else visit "
        "each parent, then append node.",
        "Then visit(result), and return the list.",
    ],
)
