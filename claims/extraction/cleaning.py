"""From what people paste to the text of the article; nothing is lost, every piece left out keeps its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import leftovers, markup, repair
from .sentences import paragraphs
from .types import Dropped

_TERMINAL = re.compile(r"[.!…:;,][\"”’'»)\]]*$")
_LABELLED = re.compile(r"[A-Z][\w .'’-]{0,40}:\s+\S")
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,3}(?:/[A-Z]+)?(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?\.?)?"
    r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: ?\([A-Za-z/. ]{2,30}\))?"
    r"|[A-Z][a-z]+(?:[ ,]+[A-Z][\w.]+){0,3} ?\([A-Za-z/. ]{2,30}\)) ?(?:[—–]|--?) "
)
_TITLE_WORDS = 28


@dataclass(slots=True)
class Cleaned:
    """The article's text, one paragraph to a block, with title, dateline and date where they are recognised."""

    text: str
    title: str = ""
    dateline: str = ""
    date: str = ""
    dropped: list[Dropped] = field(default_factory=list)


def clean(text: str) -> Cleaned:
    """The article in a pasted text or page. Linear in its length; never raises."""
    text = text.replace("\x00", "")
    if markup.is_html(text):
        page = markup.from_html(text)
        pieces = [markup.Piece(" ".join(repair.characters(piece.text).split()), piece.reason, piece.role) for piece in page.pieces]
        title, date = " ".join(repair.characters(page.title).split()), page.date
    else:
        pieces, title, date = _lines(repair.characters(text)), "", ""
    kept: list[str] = []
    gone: list[tuple[str, str, int]] = []
    image = False
    for piece in pieces:
        words, had_image = markup.plain(piece.text)
        reason = piece.reason or _reason(words, piece.text, image, had_image)
        image = had_image or (image and not words.strip("| ")) or (image and reason == "caption")
        if reason == "date line":
            date = date or leftovers.date_in(words)
        if reason:
            gone.append((piece.text.strip(), reason, len(kept)))
            continue
        words = repair.spaces(words.strip("| ")).strip()
        if words:
            kept.append(words)
    if not title and _is_title(kept):
        title = repair.spaces(kept.pop(0))
        gone = [(words, reason, max(0, place - 1)) for words, reason, place in gone]
    elif title:
        title, kept, gone = _without_title(title, kept, gone)
    dateline = _DATELINE.match(kept[0]) if kept else None
    place_of: list[int] = [0]
    for words in kept:
        place_of.append(place_of[-1] + len(words) + 2)
    body = "\n\n".join(kept)
    dropped = [Dropped(words, reason, min(place_of[place], len(body))) for words, reason, place in gone]
    return Cleaned(body, title, dateline["place"].strip() if dateline else "", date, dropped)


def _lines(text: str) -> list[markup.Piece]:
    """Paragraphs of plain text; hard-wrapped lines are joined again."""
    pieces: list[markup.Piece] = []
    for start, end in paragraphs(text):
        block = text[start:end]
        if "\n" in block:
            block = " ".join(_HYPHEN.sub("", block).split())
        pieces.append(markup.Piece(block))
    return pieces


def _reason(words: str, raw: str, after_image: bool, had_image: bool) -> str:
    """Why a line goes, looking also at the image mark in front of it."""
    if not words.strip("|! "):
        return "image mark" if had_image else "table mark"
    if after_image and (raw.rstrip().endswith("|") or had_image) and words.count(" ") < 70:
        return "caption"
    return leftovers.reason_to_drop(words.strip("| ") or words)


def _is_title(lines: list[str]) -> bool:
    """Whether the first line is a headline: short, no full stop, and an article follows it."""
    if len(lines) < 2:
        return False
    first = lines[0]
    words = first.count(" ") + 1
    if words > _TITLE_WORDS or words < 2 or _TERMINAL.search(first) or (_LABELLED.match(first) and _LABELLED.match(lines[1])):
        return False
    if first[0] in "\"“«‘'" and first[-1] in "\"”»’'":
        return False
    return any(len(line) > len(first) or _TERMINAL.search(line) for line in lines[1:4])


def _without_title(title: str, kept: list[str], gone: list[tuple[str, str, int]]) -> tuple[str, list[str], list[tuple[str, str, int]]]:
    """Takes the page's title out of its body, where it stands again as the first line."""
    if kept and kept[0].lower() == title.lower():
        return title, kept[1:], [(words, reason, max(0, place - 1)) for words, reason, place in gone]
    return title, kept, gone
