"""A long article in parts, so that its pages stay small: runs of paragraphs, each with the claims that begin in it.

A part is found by a place in the text (``?at=``), by a paragraph or by a claim, never by its number: where claims are
added meanwhile its edges may move, and the address still leads to the same words. Usual articles have one part.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.extraction.sentences import paragraphs

# Where the text is only read, parts may be so many times longer: words alone are a tenth of what a card is.
TO_READ = 5
# An article of up to so many characters and claims is shown whole.
WHOLE_CHARACTERS = 30_000
WHOLE_CLAIMS = 120
# Of a longer one a part ends before it has more than this.
PART_CHARACTERS = 20_000
PART_CLAIMS = 80
# A paragraph longer than this is cut as well, where parts are made at all.
PARAGRAPH = 5_000


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a piece of one that is too long; ``number`` counts paragraphs from 1."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its blocks, and from where to where (exclusive) the claims in it begin."""

    number: int
    of: int
    low: int
    high: int
    claims: int
    blocks: tuple[Block, ...]
    paragraphs: int
    before: int | None = None
    after: int | None = None

    @property
    def whole(self) -> bool:
        """Whether this is all of the article."""
        return self.of == 1

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Where its blocks start and end."""
        return [(block.start, block.end) for block in self.blocks]

    @property
    def first(self) -> int:
        """The number of its first paragraph."""
        return self.blocks[0].number if self.blocks else 0

    @property
    def last(self) -> int:
        """The number of its last paragraph."""
        return self.blocks[-1].number if self.blocks else 0


@dataclass(frozen=True, slots=True)
class Layout:
    """All parts of a text, in its order; there is always one."""

    parts: tuple[Part, ...]

    @property
    def whole(self) -> bool:
        """Whether the text is shown as one part."""
        return len(self.parts) == 1

    def at(self, place: int) -> Part:
        """The part in which this place of the text lies; the nearest where it lies outside."""
        lows = [part.low for part in self.parts]
        return self.parts[max(0, bisect_right(lows, place) - 1)]

    def start_of(self, paragraph: int) -> int:
        """Where the paragraph of this number begins; the first or the last one where there is none."""
        blocks = [block for part in self.parts for block in part.blocks]
        ahead = (block.start for block in blocks if block.number >= paragraph)
        return next(ahead, blocks[-1].start if blocks else 0)


def lay(text: str, starts: Sequence[int] = (), *, times: int = 1) -> Layout:
    """Lay a text out.

    Args:
        starts: where its claims begin, sorted.
        times: how many times longer than in the reader the parts may be.
    """
    found = [Block(start, end, number) for number, (start, end) in enumerate(paragraphs(text), start=1)]
    total = len(found)
    if len(text) <= WHOLE_CHARACTERS * times and len(starts) <= WHOLE_CLAIMS:
        return Layout((Part(1, 1, 0, len(text) + 1, len(starts), tuple(found), total),))
    blocks = [piece for block in found for piece in _cut(text, block, starts)]
    groups = list(_grouped(blocks, starts, PART_CHARACTERS * times)) or [[]]
    lows = [0, *(group[0].start for group in groups[1:]), len(text) + 1]
    parts = []
    for at, group in enumerate(groups):
        low, high = lows[at], lows[at + 1]
        claims = bisect_left(starts, high) - bisect_left(starts, low)
        before = lows[at - 1] if at else None
        after = high if at + 1 < len(groups) else None
        parts.append(Part(at + 1, len(groups), low, high, claims, tuple(group), total, before, after))
    return Layout(tuple(parts))


def _grouped(blocks: Sequence[Block], starts: Sequence[int], longest: int) -> Iterator[list[Block]]:
    group: list[Block] = []
    low = 0
    for block in blocks:
        claims = bisect_left(starts, block.end) - bisect_left(starts, low)
        if group and (block.end - low > longest or claims > PART_CLAIMS):
            yield group
            group, low = [], block.start
        group.append(block)
    if group:
        yield group


def _cut(text: str, block: Block, starts: Sequence[int]) -> Iterator[Block]:
    """The block, in pieces where it is too long or too full: at the start of a claim if one is near, else at a blank."""
    start = block.start
    while start < block.end:
        stop = min(block.end, start + PARAGRAPH)
        full = bisect_left(starts, start) + PART_CLAIMS
        if full < len(starts) and start < starts[full] < stop:
            stop = starts[full]
        if stop < block.end:
            stop = _edge(text, start, stop, starts)
        yield Block(start, stop, block.number)
        start = stop


def _edge(text: str, start: int, stop: int, starts: Sequence[int]) -> int:
    half = start + (stop - start) // 2
    at = bisect_right(starts, stop) - 1
    if at >= 0 and starts[at] > half:
        return starts[at]
    blanks = list(re.finditer(r"\s+", text[half:stop]))
    return half + blanks[-1].end() if blanks else stop
