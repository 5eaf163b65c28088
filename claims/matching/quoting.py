"""Do these words stand in that text: exactly, nearly (with the differences), or not at all.

Words are compared, not characters: quotation marks, dashes, blanks, line breaks, case and composition make no
difference. The search is linear in the length of the text; the alignment that shows differences is bounded by the
length of the quotation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from claims.matching.words import STOP, Word, words

CONTEXT = 300
LONGEST_QUOTE = 300  # words; a longer quotation is compared by its beginning
NEAR = 0.66
_OMISSION = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|\.{3,}|…")
_QUOTED = re.compile(r"[“«„\"]([^“”«»„\"\n]{2,2000})[”»“\"]")


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch of the comparison: ``same``, ``left_out`` (of the source), ``put_in`` or ``changed``.

    ``quoted`` are the words of the quotation, ``source`` those of the text.
    """

    kind: str
    quoted: str
    source: str

    def to_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "quoted": self.quoted, "source": self.source}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand. ``likeness`` is 1 for exact ones; spans count code points of the text searched."""

    exact: bool
    start: int
    end: int
    likeness: float
    before: str
    found: str
    after: str
    changes: tuple[Change, ...] = ()


def quotations(text: str, least: int = 3) -> list[tuple[int, int]]:
    """Spans between quotation marks with at least ``least`` words: shorter ones are names and scare quotes."""
    spans = [match.span(1) for match in _QUOTED.finditer(text)]
    return [span for span in spans if len(words(text[slice(*span)])) >= least]


def find(quote: str, text: str) -> Place | None:
    """The best place of ``quote`` in ``text``, or None where the words do not stand there.

    An ellipsis in the quotation stands for words left out; the omission is then shown as such.
    """
    wanted = words(quote)[:LONGEST_QUOTE]
    present = words(text)
    if not wanted or not present:
        return None
    at = _exact([word.form for word in wanted], [word.form for word in present])
    if at is not None and not _OMISSION.search(quote):
        return _place(text, present[at : at + len(wanted)], exact=True, likeness=1.0)
    return _near(quote, wanted, text, present)


def _exact(wanted: Sequence[str], present: Sequence[str]) -> int | None:
    """Index of the first occurrence, by one search in the joined words (\\x1f cannot be part of a word)."""
    haystack = "\x1f" + "\x1f".join(present) + "\x1f"
    place = haystack.find("\x1f" + "\x1f".join(wanted) + "\x1f")
    return None if place < 0 else haystack.count("\x1f", 0, place)


def _near(quote: str, wanted: Sequence[Word], text: str, present: Sequence[Word]) -> Place | None:
    best: Place | None = None
    for first, last in _windows(wanted, present):
        window = present[first:last]
        place = _compare(quote, wanted, text, window)
        if place is not None and (best is None or place.likeness > best.likeness):
            best = place
    return best


def _windows(wanted: Sequence[Word], present: Sequence[Word], keep: int = 2) -> list[tuple[int, int]]:
    """The stretches that share most words with the quotation, found by one sliding count."""
    need = Counter(word.form for word in wanted)
    size = min(len(present), len(wanted) + max(6, len(wanted) // 2))
    have: Counter[str] = Counter()
    shared = 0.0
    scores: list[tuple[float, int]] = []
    for index, word in enumerate(present):
        if word.form in need:
            have[word.form] += 1
            if have[word.form] <= need[word.form]:
                shared += _weight(word.form)
        if index >= size:
            gone = present[index - size].form
            if gone in need:
                if have[gone] <= need[gone]:
                    shared -= _weight(gone)
                have[gone] -= 1
        if index >= size - 1:
            scores.append((shared, index - size + 1))
    chosen: list[tuple[int, int]] = []
    for _score, first in sorted(scores, key=lambda item: (-item[0], item[1])):
        if all(abs(first - other) >= size // 2 for other, _ in chosen):
            chosen.append((first, first + size))
        if len(chosen) == keep:
            break
    return chosen


def _weight(form: str) -> float:
    return 0.2 if form in STOP else 1.0


def _compare(quote: str, wanted: Sequence[Word], text: str, window: Sequence[Word]) -> Place | None:
    matcher = SequenceMatcher(
        None, [word.form for word in wanted], [word.form for word in window], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    # Words of the quotation that match nothing at either end stand beside as many words of the text.
    lead, tail = blocks[0].a, len(wanted) - blocks[-1].a - blocks[-1].size
    first, last = max(0, blocks[0].b - lead), blocks[-1].b + blocks[-1].size + tail
    found = window[first:last]
    left_out = _OMISSION.search(quote) is not None
    matched = sum(_weight(wanted[block.a + step].form) for block in blocks for step in range(block.size))
    here = sum(_weight(word.form) for word in wanted)
    there = sum(_weight(word.form) for word in found)
    likeness = matched / here if left_out else 2 * matched / (here + there)
    if likeness < NEAR or sum(block.size for block in blocks) < min(3, len(wanted)):
        return None
    changes = _changes(quote, wanted, text, found)
    exact = all(change.kind == "same" for change in changes) and not left_out
    return _place(text, found, exact=exact, likeness=round(min(likeness, 1.0), 3), changes=changes)


def _changes(quote: str, wanted: Sequence[Word], text: str, found: Sequence[Word]) -> tuple[Change, ...]:
    matcher = SequenceMatcher(
        None, [word.form for word in wanted], [word.form for word in found], autojunk=False
    )
    names = {"equal": "same", "insert": "left_out", "delete": "put_in", "replace": "changed"}
    return tuple(
        Change(names[tag], _stretch(quote, wanted[a1:a2]), _stretch(text, found[b1:b2]))
        for tag, a1, a2, b1, b2 in matcher.get_opcodes()
    )


def _stretch(text: str, part: Sequence[Word]) -> str:
    return " ".join(text[part[0].start : part[-1].end].split()) if part else ""


def _place(
    text: str, found: Sequence[Word], *, exact: bool, likeness: float, changes: tuple[Change, ...] = ()
) -> Place:
    start, end = found[0].start, found[-1].end
    return Place(
        exact=exact,
        start=start,
        end=end,
        likeness=likeness,
        before=text[max(0, start - CONTEXT) : start],
        found=text[start:end],
        after=text[end : end + CONTEXT],
        changes=changes,
    )
