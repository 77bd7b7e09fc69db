"""Which submissions are nearly the same? A hint for the lecturer, and nothing more.

Each answer is cut into overlapping runs of tokens, without comments and layout; a submission keeps
the smallest 200 of their hashes (Broder, "On the resemblance and containment of documents", 1997).
The fraction of hashes that two have in common estimates how alike they are. What everybody was
given does not count.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import io
import tokenize

import numpy as np

RUN, KEPT, ENOUGH = 6, 200, 55
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
          tokenize.ENCODING, tokenize.ENDMARKER}


@functools.lru_cache(256)
def tokens(source: str) -> list[str]:
    """The tokens of Python code, as far as it can be read, without comments and docstrings."""
    words = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in LAYOUT and not token.string.startswith(('"""', "'''")):
                words.append(token.string)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    return words


def runs(source: str) -> set[str]:
    words = tokens(source)
    return {" ".join(words[i:i + RUN]) for i in range(len(words) - RUN + 1)}


def fingerprint(answers: list[str], given: frozenset | set = frozenset()) -> list[int]:
    """The hashes that a submission keeps; none if it is too short to say anything.

    `given` are the runs of the code that was handed out.
    """
    own = set().union(*map(runs, answers)) - given
    if len(own) < ENOUGH:
        return []
    return sorted(int(hashlib.sha256(run.encode("utf-8", "replace")).hexdigest()[:12], 16)
                  for run in own)[:KEPT]


def alike(a: list[int], b: list[int]) -> float:
    """How much of the two is the same, from 0 to 1."""
    if not a or not b:
        return 0.0
    lowest = set(sorted({*a, *b})[:KEPT])
    return len(lowest & set(a) & set(b)) / len(lowest)


def pairs(prints: dict[str, list[int]], least: float = 0.9,
          most: int = 2000) -> list[tuple[float, str, str]]:
    """The pairs of names that are alike to at least that fraction, the closest first."""
    names = sorted(name for name, kept in prints.items() if kept)
    sizes = np.array([len(set(prints[name])) for name in names])
    both = shared([prints[name] for name in names])
    first, second = np.nonzero(np.triu(2 * both >= least * np.minimum.outer(sizes, sizes), 1))
    order = np.argsort(-both[first, second], kind="stable")[:most]
    found = [(alike(prints[a], prints[b]), a, b)
             for a, b in ((names[first[i]], names[second[i]]) for i in order)]
    return sorted((pair for pair in found if pair[0] >= least), reverse=True)


def shared(prints: list[list[int]]) -> np.ndarray:
    """How many hashes each two have in common: a matrix product, some hashes at a time."""
    counts = collections.Counter(h for kept in prints for h in set(kept))
    column = {h: i for i, h in enumerate(h for h, n in counts.items() if n > 1)}
    at = np.array([(i, column[h]) for i, kept in enumerate(prints) for h in set(kept)
                   if h in column], dtype=int).reshape(-1, 2)
    both = np.zeros((len(prints), len(prints)), np.float32)
    for begin in range(0, len(column), 4096):
        part = at[(begin <= at[:, 1]) & (at[:, 1] < begin + 4096)]
        has = np.zeros((len(prints), 4096), np.float32)
        has[part[:, 0], part[:, 1] - begin] = 1
        both += has @ has.T
    return both
