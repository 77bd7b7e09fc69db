"""Made-up drawings of eight things by made-up hands: what lesson 11 has for those without pictures.

Nobody drew them. A `Hand` has habits of its own (how it slants, how wide its pen is, how round its
corners are, how much it trembles), and `sketch` draws one picture in its way. `python -m
d2lmini.lesson.sketches` writes the 384 pictures of data/drawings anew. See data/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SIZE = 64  # pixels across a picture
HANDS, TIMES = 12, 4  # a hand draws each thing so many times
# Pictures that lie in each other's folder, on purpose: lesson 11 finds them.
SWAPPED = [("house", "star", "hand02_1"), ("heart", "triangle", "hand04_3")]


def _ring(corners: int, skip: int = 1, start: float = -np.pi / 2) -> np.ndarray:
    """The corners of a regular polygon, or of a star that skips some; the first comes again."""
    angles = start + 2 * np.pi * skip * np.arange(corners + 1) / corners
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _heart() -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 41)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x, -y], axis=1) / 16


def _arrow(side: int) -> list:
    tip, back = np.array([side, 0.0]), np.array([-side, 0.0])
    return [np.stack([back, tip]),
            np.stack([tip - [0.65 * side, 0.6], tip, tip - [0.65 * side, -0.6]])]


BOX = np.array([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9], [-0.9, -0.9]])
THINGS = {  # strokes as corners (right, down), about -1 to 1
    "circle": [_ring(40)],
    "heart": [_heart()],
    "house": [BOX * [0.75, 0.6] + [0, 0.4], np.array([[-0.95, -0.1], [0, -1.0], [0.95, -0.1]])],
    "left": _arrow(-1),
    "right": _arrow(1),
    "square": [BOX],
    "star": [_ring(5, skip=2)],
    "triangle": [_ring(3)],
}


@dataclass(frozen=True)
class Hand:
    """The habits of somebody who draws; `Hand.of(rng)` makes one up."""

    slant: float
    turn: float  # radians
    stretch: float  # width by height, as a logarithm
    pen: float  # half the width of a stroke, in pixels
    round: int  # over how many points corners are smoothed
    tremble: float
    gap: float  # of the length of a stroke that is missing at its end, or drawn twice
    size: float  # half the drawing, in pixels

    @classmethod
    def of(cls, rng: np.random.Generator) -> Hand:
        return cls(slant=rng.normal(0, 0.3), turn=rng.normal(0, 0.2), stretch=rng.normal(0, 0.3),
                   pen=rng.uniform(0.9, 2.4), round=int(rng.integers(1, 16)),
                   tremble=rng.uniform(0.01, 0.06), gap=rng.normal(0.0, 0.05),
                   size=rng.uniform(13, 24))


def _points(corners: np.ndarray, hand: Hand, rng: np.random.Generator, n: int = 64) -> np.ndarray:
    """A stroke as n points: evenly along it, corners smoothed, with gap and tremble."""
    steps = np.hypot(*np.diff(corners, axis=0).T)
    along = np.concatenate([[0], steps.cumsum()]) / steps.sum()
    closed = np.allclose(corners[0], corners[-1])
    begin = rng.uniform(0, 1) if closed and len(corners) > 6 else 0.0
    end = 1 - (hand.gap + rng.normal(0, 0.02)) * closed
    t = np.linspace(begin, begin + end, n)
    t = t % 1 if closed else t
    line = np.stack([np.interp(t, along, corners[:, i]) for i in (0, 1)], axis=1)
    window = np.ones(hand.round) / hand.round
    edges = np.concatenate([line[:1].repeat(hand.round, 0), line, line[-1:].repeat(hand.round, 0)])
    line = np.stack([np.convolve(edges[:, i], window, "same") for i in (0, 1)], axis=1)
    line = line[hand.round:hand.round + n]
    waves = np.arange(1, 6)
    phase = rng.uniform(0, 2 * np.pi, (2, 5))
    height = rng.normal(0, 1, (2, 5)) / np.sqrt(waves)
    shake = (height[:, :, None] * np.sin(2 * np.pi * waves[:, None] * np.linspace(0, 1, n)
                                         + phase[:, :, None])).sum(axis=1)
    return line + hand.tremble * shake.T


def sketch(thing: str, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """One drawing: dark ink on white paper, bytes (64, 64)."""
    slant, turn = hand.slant + rng.normal(0, 0.07), hand.turn + rng.normal(0, 0.07)
    wide = np.exp((hand.stretch + rng.normal(0, 0.08)) / 2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    form = rotation @ np.array([[1, -slant], [0, 1]]) @ np.diag([wide, 1 / wide])
    strokes = [_points(corners, hand, rng) @ form.T for corners in THINGS[thing]]
    every = np.concatenate(strokes)
    middle, reach = (every.min(0) + every.max(0)) / 2, np.ptp(every, axis=0).max() / 2
    half = np.clip(hand.size * np.exp(rng.normal(0, 0.1)), 11, 27)
    place = rng.uniform(half + 3, SIZE - half - 3, 2)
    ink = np.zeros((SIZE, SIZE))
    for stroke in strokes:
        for start, end in pairwise((stroke - middle) / reach * half + place):
            _draw(ink, start, end, hand.pen)
    return np.round(255 - 215 * ink).astype(np.uint8)


def _draw(ink: np.ndarray, start: np.ndarray, end: np.ndarray, pen: float) -> None:
    """Put a straight line of half the width `pen` on the paper, with soft edges."""
    low = np.clip(np.minimum(start, end) - pen - 1, 0, SIZE).astype(int)
    high = np.clip(np.maximum(start, end) + pen + 2, 0, SIZE).astype(int)
    x = np.arange(low[0], high[0]) - start[0]  # (w,)
    y = np.arange(low[1], high[1])[:, None] - start[1]  # (h, 1)
    (dx, dy), length = end - start, ((end - start) ** 2).sum() + 1e-9
    t = np.minimum(np.maximum((x * dx + y * dy) / length, 0), 1)
    away = np.sqrt((x - t * dx) ** 2 + (y - t * dy) ** 2)
    part = ink[low[1]:high[1], low[0]:high[0]]
    np.maximum(part, np.minimum(pen + 0.5 - away, 1), out=part)


def collection(hands: int, times: int, rng: np.random.Generator) -> dict[tuple, np.ndarray]:
    """Drawings of so many new hands, by (thing, name), such as ("circle", "hand03_2")."""
    found = {}
    for number in range(1, hands + 1):
        hand = Hand.of(rng)
        for thing in THINGS:
            for time in range(1, times + 1):
                found[thing, f"hand{number:02}_{time}"] = sketch(thing, hand, rng)
    return found


def shipped() -> dict[tuple, np.ndarray]:
    """The pictures of data/drawings, drawn anew: bytes (64, 64) by (folder, name)."""
    found = collection(HANDS, TIMES, np.random.default_rng(0))
    for one, other, name in SWAPPED:
        found[one, name], found[other, name] = found[other, name], found[one, name]
    return found


def main() -> None:
    import hashlib

    from PIL import Image

    from ..data import data_dir

    folder, sums = data_dir() / "drawings", []
    for (thing, name), picture in sorted(shipped().items()):
        path = folder / thing / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(path, optimize=True)
        sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {thing}/{name}.png\n")
    (folder / "SHA256SUMS").write_text("".join(sums))
    print(f"{len(sums)} pictures in {folder.name}")


if __name__ == "__main__":
    main()
