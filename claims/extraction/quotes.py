"""Quotations: pairing of quotation marks of many styles, over paragraphs where a quotation runs on.

Handled: “ ” " " „ “ « » » « ‹ › 「 」 『 』 ‘ ’ ' ' `` '' and quotations reopened at each paragraph without being
closed at the end of the one before. An apostrophe, a possessive and an inch mark are not quotations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .types import Span

_MARK = re.compile(r"``|''|[\"“”„‟«»‹›「」『』‘’‚'＂]")
_CLOSER = {
    "“": "”\"“",
    "„": "“”\"‟",
    "‟": "”\"",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
    '"': "\"”",
    "＂": "＂",
    "”": "”",
    "``": "''",
    "''": "''",
}
_DEEPEST = 5
_SINGLE = frozenset("‘’'‚")
_ELISION = re.compile(r"['’‘](?:em|til|tis|twas|cause|n|bout|round|cuz|\d0s|\d\d)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]")
_SINGLE_CLOSE = re.compile(r"[\w.,!?…)”\"][’'](?!\w)")
_CLOSE_AFTER = re.compile(r"[\s.,;:!?)\]\"”»—–…-]|$")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation with its marks. ``inner`` is the span without them; ``chain`` joins one quotation
    that runs over several paragraphs (the same number in each); ``depth`` is 0 for the outermost."""

    start: int
    end: int
    inner: Span
    depth: int
    closed: bool
    chain: int
    paragraph: int


def find_quotes(text: str, paragraphs: list[Span]) -> list[Quote]:
    """All quotations of a text, by start; outer before inner. Linear in the length of the text."""
    quotes: list[Quote] = []
    chain = 0
    open_chain: int | None = None
    for index, (start, end) in enumerate(paragraphs):
        found = _pair(text, start, end)
        running = open_chain if found and found[0][0] <= start + 1 else None
        open_chain = None
        for begin, stop, mark, depth, closed in found:
            if not _WORD.search(text, begin, min(stop, begin + 60)):
                continue
            if depth == 0:
                if running is not None and begin <= start + 1:
                    number = running
                else:
                    number = chain
                    chain += 1
                running = None
            else:
                number = -1
            if depth == 0 and not closed:
                if not _next_reopens(text, paragraphs, index, mark) and not _worth_keeping(text, begin, stop):
                    continue
                open_chain = number
            inner_end = stop - (len(_CLOSER[mark][0]) if closed else 0)
            quotes.append(
                Quote(begin, stop, (begin + len(mark), max(begin + len(mark), inner_end)), depth, closed, number, index)
            )
    quotes.sort(key=lambda quote: (quote.start, -quote.end))
    return quotes


def _next_reopens(text: str, paragraphs: list[Span], index: int, mark: str) -> bool:
    """Whether the next paragraph begins with the same opening mark."""
    return index + 1 < len(paragraphs) and text.startswith(mark, paragraphs[index + 1][0])


def _worth_keeping(text: str, start: int, end: int) -> bool:
    """An unclosed mark counts only where at least three words stand behind it."""
    return text.count(" ", start, min(end, start + 200)) >= 2


def _pair(text: str, start: int, end: int) -> list[tuple[int, int, str, int, bool]]:
    """Pairs within one paragraph: (start, end, opening mark, depth, closed)."""
    done: list[tuple[int, int, str, int, bool]] = []
    stack: list[tuple[int, str]] = []
    for match in _MARK.finditer(text, start, end):
        mark, at = match[0], match.start()
        before = text[at - 1] if at > start else " "
        after = text[match.end()] if match.end() < end else " "
        if mark in _SINGLE and _is_apostrophe(text, at, before, after, stack):
            continue
        if before == " " and at - 1 > start and text[at - 2] in "'’" and not after.isalnum():
            before = text[at - 2]  # 'the term 'outreach,' " he said: a space between two closing marks
        if stack and _closes(mark, before, after, stack):
            while stack:
                begin, opener = stack.pop()
                if mark in _CLOSER[opener]:
                    done.append((begin, match.end(), opener, len(stack), True))
                    break
            continue
        if len(stack) < _DEEPEST and _opens(mark, before, after, text, at, end):
            stack.append((at, mark))
    depth_open = [item for item in stack if item[1] not in _SINGLE]
    if depth_open and depth_open[0] is stack[0]:
        begin, opener = stack[0]
        done = _flatten(done)
        done.append((begin, end, opener, 0, False))
    elif stack:
        done = _flatten(done)
    done.sort(key=lambda item: (item[0], -item[1]))
    return done


def _flatten(done: list[tuple[int, int, str, int, bool]]) -> list[tuple[int, int, str, int, bool]]:
    """Depths made anew, after an opening mark turned out to have no end: it does not count."""
    fresh: list[tuple[int, int, str, int, bool]] = []
    ends: list[int] = []
    for begin, stop, mark, _, closed in sorted(done, key=lambda item: (item[0], -item[1])):
        while ends and ends[-1] <= begin:
            ends.pop()
        fresh.append((begin, stop, mark, len(ends), closed))
        ends.append(stop)
    return fresh


def _is_apostrophe(text: str, at: int, before: str, after: str, stack: list[tuple[int, str]]) -> bool:
    """Whether a single mark is an apostrophe, a possessive or a foot mark."""
    if before.isalnum() and after.isalnum():
        return True
    if text[at] == "‘" and not before.isalnum():
        return bool(_ELISION.match(text, at))
    single_open = any(mark in _SINGLE for _, mark in stack)
    if single_open:
        if before.isspace() and after.isalnum():
            return bool(_ELISION.match(text, at))
        if before in "sS" and after == " " and at + 2 < len(text) and text[at + 2].islower():
            # "the voters' rights" inside a single quotation: a possessive, if another mark closes it later.
            nearby = text.find("\n", at)
            rest = text[at + 1 : min(at + 400, nearby if nearby > 0 else at + 400)]
            return bool(re.search(r"[.,!?][’']", rest))
        return False
    if before.isalnum() or before in ".":
        return True
    return bool(_ELISION.match(text, at))


def _closes(mark: str, before: str, after: str, stack: list[tuple[int, str]]) -> bool:
    """Whether the mark can close one of the open quotations."""
    if not any(mark in _CLOSER[opener] for _, opener in stack):
        return False
    if mark in "\"'＂":
        if before.isspace() or before in "([":
            return False
        return bool(_CLOSE_AFTER.match(after)) or not after.isalnum() or stack[-1][1] == mark
    if mark == "’":
        return not after.isalnum()
    if mark == "“":
        # Also typed for a closing mark: “Apparently not,“ he said.
        return stack[-1][1] == "„" or (stack[-1][1] == "“" and not before.isspace() and not after.isalnum())
    if mark == "«":
        return stack[-1][1] == "»"
    return True


def _opens(mark: str, before: str, after: str, text: str, at: int, end: int) -> bool:
    """Whether the mark can open a quotation."""
    if mark in "“„«‹「『‟``":
        return not (mark == "‹" and after.isspace())
    if after.isspace() and mark not in "»":
        return False
    if mark == "\"":
        return not before.isdigit()
    if mark in ("'", "‘", "‚"):
        if before.isalnum() or (not after.isalnum() and after not in "“\"[(…"):
            return False
        return bool(_SINGLE_CLOSE.search(text, at + 1, min(end, at + 800)))
    if mark in "»”＂''":
        return not before.isalnum() and before not in ".,!?" and (after.isalnum() or after in "([…")
    return False
