"""Cuts sentences into statements: one for each stretch of words of one source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .frame import Found
from .reading import Reading, Sentence
from .sentences import trim
from .types import Span

_WORD = re.compile(r"[^\W_]+")
_CONNECTOR = re.compile(
    r"(?:[,;—–]\s*)?\b(?:and|but|while|although|though|after|as|because|since|when|whereas|before)\s+$|[;]\s*$", re.IGNORECASE
)
_LONG_ENOUGH = 4
_DEEPEST = 3


@dataclass(slots=True)
class Draft:
    """A statement before anybody is named: span, content, kind and the attribution behind it."""

    start: int
    end: int
    paragraph: int
    kind: str
    content: list[Span]
    found: Found | None = None
    parent: int | None = None

    def reported(self, text: str) -> str:
        """The words reported, without the attribution phrase."""
        return " ".join(text[start:end] for start, end in self.content)

    def claim_text(self, text: str) -> str:
        """The words to judge: what is reported if that is a clause, else the whole statement."""
        if self.found is None or self.found.sort in ("about", "to", "noun", "fragment"):
            return text[self.start : self.end]
        words = self.reported(text)
        return words.strip("\"“”«»„‘’' ,") if words.count(" ") >= _LONG_ENOUGH else text[self.start : self.end]


def drafts(reading: Reading) -> list[Draft]:
    """The statements of a text in order; nested ones follow the one they stand in."""
    done: list[Draft] = []
    for sentence in reading.sentences:
        _cut(reading, sentence, done)
    return done


def _extent(item: Found) -> Span:
    """From the first to the last character of source, cue and content, where they are in the same sentence."""
    starts = [start for start, _ in item.content]
    ends = [end for _, end in item.content]
    return min(starts), max(ends)


def _cut(reading: Reading, sentence: Sentence, done: list[Draft]) -> None:
    """Adds the statements of one sentence."""
    text = reading.text
    items = [item for item in sentence.found if item.content]
    cues = [item.cue for item in items]
    extents: list[Span] = []
    for item in items:
        start, end = _extent(item)
        # A quotation that goes on in another's name has neither source nor cue of its own.
        goes_on = item.inherits and cues.count(item.cue) > 1
        for span in (None if item.inherits else item.source, None if goes_on else item.cue):
            if span and sentence.start <= span[0] and span[1] <= sentence.end:
                start, end = min(start, span[0]), max(end, span[1])
        extents.append((max(start, sentence.start), min(end, sentence.end)))
    _apart(items, extents)
    order = sorted(range(len(items)), key=lambda k: (extents[k][0], -extents[k][1], items[k].depth, k))
    container = _containers(items, extents, order)
    deep = {k for k in order if _level(container, k) > _DEEPEST}
    order = [k for k in order if k not in deep]
    top = [k for k in order if container[k] is None]
    bounds = _partition(text, sentence, [extents[k] for k in top])
    place: dict[int, int] = {}
    cursor = sentence.start
    if not top:
        done.append(Draft(sentence.start, sentence.end, sentence.paragraph, "statement", [(sentence.start, sentence.end)]))
        return
    for position, k in enumerate(top):
        start, end = bounds[position]
        if start > cursor:
            own = trim(text, cursor, start)
            if _WORD.search(text, *own):
                done.append(Draft(*own, sentence.paragraph, "statement", [own]))
        start, end = trim(text, start, end)
        if start >= end:
            continue
        place[k] = len(done)
        done.append(Draft(start, end, sentence.paragraph, _kind(sentence, items[k]), _within(items[k].content, start, end), items[k]))
        cursor = end
        for child in order:
            if _root(container, child) == k and child != k:
                _nest(sentence, items, extents, container, child, place, done)


def _apart(items: list[Found], extents: list[Span]) -> None:
    """One subject of two verbs ("One, who refused to leave, shouted ...") counts with the first of them only."""
    owner: dict[int, int] = {}
    for k in sorted(range(len(items)), key=lambda k: items[k].cue):
        start, end = extents[k]
        source, cue = items[k].source, items[k].cue
        if items[k].depth or source is None or source[0] != start or cue[0] <= start:
            continue
        first = owner.setdefault(start, k)
        begin = min(cue[0], *(at for at, _ in items[k].content))
        if first != k and extents[first][1] <= begin:
            extents[k] = (begin, end)


def _level(container: list[int | None], k: int) -> int:
    """How many attributions a nested one stands in."""
    level, at = 0, container[k]
    while at is not None and level <= _DEEPEST:
        level, at = level + 1, container[at]
    return level


def _root(container: list[int | None], k: int) -> int:
    seen = k
    for _ in range(len(container)):
        parent = container[seen]
        if parent is None:
            return seen
        seen = parent
    return seen


def _nest(
    sentence: Sentence, items: list[Found], extents: list[Span], container: list[int | None], k: int,
    place: dict[int, int], done: list[Draft],
) -> None:
    parent = container[k]
    if parent is None or parent not in place:
        return
    # The outer one may have been cut short at its neighbour: the inner one never reaches beyond it.
    outer = done[place[parent]]
    start, end = max(extents[k][0], outer.start), min(extents[k][1], outer.end)
    if start >= end:
        return
    place[k] = len(done)
    done.append(
        Draft(start, end, sentence.paragraph, _kind(sentence, items[k]), _within(items[k].content, start, end), items[k], place[parent])
    )


def _within(content: list[Span], start: int, end: int) -> list[Span]:
    """The content clipped to the statement."""
    clipped = [(max(start, begin), min(end, stop)) for begin, stop in content]
    return sorted((begin, stop) for begin, stop in clipped if begin < stop) or [(start, end)]


def _containers(items: list[Found], extents: list[Span], order: list[int]) -> list[int | None]:
    """For each attribution the smallest other one whose reported words hold it."""
    container: list[int | None] = [None] * len(items)
    for position, k in enumerate(order):
        best = None
        for j in order:
            if j == k:
                continue
            size = extents[j][1] - extents[j][0]
            inside = any(start <= extents[k][0] and extents[k][1] <= end for start, end in items[j].content)
            if not inside or (extents[j] == extents[k] and order.index(j) > position):
                continue
            if best is None or size < extents[best][1] - extents[best][0]:
                best = j
        container[k] = best
    for k in order:
        seen, at = {k}, container[k]
        while at is not None:
            if at in seen:
                container[k] = None
                break
            seen.add(at)
            at = container[at]
    return container


def _partition(text: str, sentence: Sentence, extents: list[Span]) -> list[Span]:
    """Splits a sentence among its outer attributions; words of its own in front stay apart if they make a clause."""
    bounds: list[Span] = []
    for position, (start, _) in enumerate(extents):
        begin = start
        floor = bounds[-1][0] if bounds else sentence.start
        lead = _CONNECTOR.search(text, max(floor, start - 16), start)
        if lead:
            begin = lead.start()
            while begin < start and text[begin] in " ,;—–":
                begin += 1
        if position == 0:
            words = len(_WORD.findall(text, sentence.start, begin))
            if not (lead and words >= _LONG_ENOUGH):
                begin = sentence.start
        else:
            begin = max(begin, _next_word(text, bounds[-1][0], sentence.end))
            bounds[-1] = (bounds[-1][0], begin)
        bounds.append((begin, sentence.end))
    return bounds


def _next_word(text: str, at: int, end: int) -> int:
    """Where the word behind the one at ``at`` begins: no statement ends within a word."""
    space = text.find(" ", at, end)
    return space + 1 if space >= 0 else end


def _kind(sentence: Sentence, item: Found) -> str:
    """direct, mixed or indirect, by the quotation marks in what is reported."""
    if item.sort in ("label", "quote"):
        return "direct"
    if item.depth:
        return "indirect"
    quoted = plain = 0
    tokens = sentence.tokens
    spans = [(tokens.start[at], tokens.end[at]) for at in tokens.quotes]
    for start, end in item.content:
        inside = sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in spans)
        quoted += inside
        plain += (end - start) - inside
    if not quoted:
        return "indirect"
    return "direct" if plain <= 3 or plain < 0.05 * quoted else "mixed"
