"""Which submissions are nearly the same? A hint for the lecturer, and nothing more.

Each answer is cut into overlapping runs of tokens, without comments and layout; a submission keeps
the smallest 200 of their hashes (Broder, "On the resemblance and containment of documents", 1997).
The share of hashes that two have in common estimates how alike they are.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import tokenize

RUN, KEPT, ENOUGH = 6, 200, 60
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
          tokenize.ENCODING, tokenize.ENDMARKER}


def fingerprint(source: str) -> list[int]:
    """The hashes that a submission keeps; none if it is too short to say anything."""
    words = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in LAYOUT and not token.string.startswith(('"""', "'''")):
                words.append(token.string)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    if len(words) < ENOUGH:
        return []
    runs = {" ".join(words[i:i + RUN]) for i in range(len(words) - RUN + 1)}
    return sorted(int(hashlib.sha256(run.encode("utf-8", "replace")).hexdigest()[:12], 16)
                  for run in runs)[:KEPT]


def alike(a: list[int], b: list[int]) -> float:
    """How much of the two is the same, from 0 to 1."""
    if not a or not b:
        return 0.0
    lowest = set(sorted({*a, *b})[:KEPT])
    return len(lowest & set(a) & set(b)) / len(lowest)


def pairs(prints: dict[str, list[int]], least: float = 0.9) -> list[tuple[float, str, str]]:
    """The pairs of names that are alike to at least that share, the closest first."""
    long = {name: p for name, p in prints.items() if p}
    found = [(alike(long[a], long[b]), a, b) for a, b in itertools.combinations(sorted(long), 2)
             if len(set(long[a]) & set(long[b])) * 2 >= least * min(len(long[a]), len(long[b]))]
    return sorted(((s, a, b) for s, a, b in found if s >= least), reverse=True)
