"""Cutting an article's text into flat pieces, so that claims may overlap without nested elements.

The text is cut at the start and end of every claim and at every paragraph break. Each piece knows its offset in
Unicode code points (``data-o`` in the page, from which a selection finds its way back) and the claims over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from claims.extraction.sentences import paragraphs


@dataclass(frozen=True, slots=True)
class Span:
    """Something that covers ``start`` to ``end`` (code points, end exclusive) of a text."""

    key: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same claims.

    ``keys`` names the claims over it, the shortest first: that one wins a click. ``begins`` names those whose
    first piece this is, in the order in which their numbers stand before the words.
    """

    start: int
    text: str
    keys: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def overlap(self) -> bool:
        return len(self.keys) > 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: where it starts, and its pieces in order."""

    start: int
    pieces: tuple[Piece, ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def cut(text: str, spans: Iterable[Span], bounds: Sequence[tuple[int, int]] | None = None) -> list[Paragraph]:
    """The text as paragraphs of flat pieces; ``bounds`` are those to be cut, all of them unless they are named.

    Every character of every paragraph stands in exactly one piece, and ``text[piece.start:piece.end]`` is the
    piece's text. One pass over sorted edges: cost grows with the text and the spans, not with their product.
    """
    size = len(text)
    known = [span for span in spans if 0 <= span.start < span.end <= size]
    starting: dict[int, list[Span]] = {}
    for span in known:
        starting.setdefault(span.start, []).append(span)
    edges = sorted({edge for span in known for edge in (span.start, span.end)})
    open_spans: list[Span] = []
    announced: set[int] = set()
    done: list[Paragraph] = []
    at_edge = 0
    for first, last in paragraphs(text) if bounds is None else bounds:
        while at_edge < len(edges) and edges[at_edge] <= first:
            open_spans = _step(open_spans, edges[at_edge], starting)
            at_edge += 1
        pieces: list[Piece] = []
        here = first
        while here < last:
            stop = last
            if at_edge < len(edges) and edges[at_edge] < last:
                stop = edges[at_edge]
            if stop > here:
                pieces.append(_piece(text, here, stop, open_spans, announced))
            here = stop
            while at_edge < len(edges) and edges[at_edge] <= here and here < last:
                open_spans = _step(open_spans, edges[at_edge], starting)
                at_edge += 1
        done.append(Paragraph(first, tuple(pieces)))
    return done


def _step(open_spans: list[Span], edge: int, starting: dict[int, list[Span]]) -> list[Span]:
    return [span for span in open_spans if span.end > edge] + starting.get(edge, [])


def _piece(text: str, start: int, stop: int, open_spans: Sequence[Span], announced: set[int]) -> Piece:
    by_length = sorted(open_spans, key=lambda span: (span.end - span.start, span.key))
    begins = [span for span in open_spans if span.key not in announced]
    begins.sort(key=lambda span: (span.start, -span.end, span.key))
    announced.update(span.key for span in begins)
    return Piece(start, text[start:stop], tuple(span.key for span in by_length), tuple(s.key for s in begins))


@dataclass(frozen=True, slots=True)
class Context:
    """A claim's words with what stands around them; cut ends are marked by the flags."""

    before: str
    words: str
    after: str
    cut_before: bool
    cut_after: bool


def around(text: str, start: int, end: int, reach: int = 300) -> Context:
    """The words at ``start`` to ``end`` with up to ``reach`` code points on both sides, cut between words."""
    low, high = max(0, start - reach), min(len(text), end + reach)
    before, after = text[low:start], text[end:high]
    if low > 0 and (space := re.search(r"\s", before)) and space.end() < len(before):
        before = before[space.end() :]
    if high < len(text) and (tail := re.search(r"\s\S*$", after)) and tail.start() > 0:
        after = after[: tail.start()]
    return Context(before, text[start:end], after, low > 0, high < len(text))
