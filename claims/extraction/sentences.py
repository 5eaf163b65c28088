"""Paragraphs and sentences with exact offsets, by rule.

Own rules, written for news text: abbreviations, initials, decimals, clock times, quotations that end a
sentence, ellipses, headlines without a full stop and lists. Nothing here is language-specific beyond the
English abbreviations; other scripts are cut at their own full stops.
"""

from __future__ import annotations

import re

from .cues import QUOTE_ONLY, SAY, TELL, VERBS, WEAK
from .types import Span

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_TERMINAL_LINE = re.compile(r"[.!?…:\"”’»)\]。！？]\s*$")

# Never the end of a sentence: a name or a number follows.
_TITLES = frozenset(
    ["mr", "mrs", "ms", "mx", "dr", "prof", "hon", "rev", "fr", "sr", "st", "mt", "ft", "gen", "lt", "col", "maj", "capt", "cpl", "sgt", "adm", "cmdr", "gov", "lt", "sen", "rep", "reps", "sens", "atty", "supt", "pres", "messrs", "mme", "mlle", "msgr", "insp", "det", "ofc", "pvt", "amb", "sec", "dir", "asst", "assoc", "vs", "v", "cf", "al", "fig", "figs", "approx", "ca"]
)
# The end of a sentence only if a common sentence opener follows.
_SOMETIMES = frozenset(
    ["inc", "corp", "co", "ltd", "llc", "plc", "bros", "jr", "esq", "u.s", "u.k", "u.n", "e.u", "u.s.a", "d.c", "n.y", "l.a", "ph.d", "m.d", "b.a", "m.a", "i.e", "e.g", "etc", "dept", "est", "univ", "ave", "blvd", "rd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga", "ill", "ind", "kan", "ky", "la", "md", "mass", "mich", "minn", "miss", "mo", "mont", "neb", "nev", "okla", "ore", "pa", "tenn", "tex", "va", "vt", "wash", "wis", "wyo", "a.m", "p.m", "a.d", "b.c", "no", "nos", "pp", "vol", "ed", "eds", "art", "sect", "para", "min", "max", "avg"]
)
_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "eastern", "pacific", "central"])
_BEFORE_NUMBER = frozenset(["no", "nos", "pp", "p", "vol", "art", "sect", "para", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"])
_OPENERS = frozenset(
    ["the", "a", "an", "he", "she", "it", "they", "we", "i", "you", "his", "her", "its", "their", "our", "my", "this", "that", "these", "those", "there", "here", "in", "on", "at", "by", "for", "from", "with", "to", "of", "as", "if", "when", "while", "after", "before", "since", "until", "although", "though", "because", "but", "and", "or", "so", "yet", "however", "meanwhile", "instead", "then", "now", "still", "also", "both", "all", "some", "many", "most", "no", "not", "one", "two", "three", "what", "who", "why", "how", "where", "mr", "mrs", "ms", "dr", "several", "another", "other", "each", "every", "according", "during", "under", "over", "between", "among", "despite"]
)

_END = re.compile(
    r"(?P<dots>[.!?…]+|[。！？｡।]+)"
    r"(?P<close>[\"”’'»›」』)\]]{0,4})"
    r"(?=(?P<gap>\s+)|$|(?P<tight>[A-ZÀ-Þ\"“])|(?<=[。！？｡।」』]))"
)
# `"It was late." — Ann Lee` : a signature belongs to its quotation.
_SIGNED = re.compile(r"\s*[-–—―]{1,2}\s?[A-ZÀ-Þ](?:[^.!?:“”\"\n]|(?<=\b[A-Z])\.){1,70}\.?\s*$")
_NEXT_WORD = re.compile(r"[\"“‘'«‹„(\[\s—–-]*([^\W_][\w’'-]*)", re.UNICODE)
_LAST_WORD = re.compile(r"([^\W\d_][\w’.-]*)$")
_WORD_CHARS = 24
LONGEST = 1500
# `"What?" Smith asked` : the sentence runs on behind the closing mark.
_QUOTE_TAIL = re.compile(
    r"\s+(?:(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen)\.?\s+)?(?:[A-ZÀ-Þ][\w’'.-]*\s+){1,3}([a-z]{3,14})\b"
)
_TAIL_CLASSES = SAY | TELL | WEAK | QUOTE_ONLY


def paragraphs(text: str) -> list[Span]:
    """Spans of the paragraphs of a text, trimmed of white space, none of them empty.

    A line is a paragraph, unless the block it stands in is hard-wrapped text (lines of like length
    that end in mid-sentence); then the block is.
    """
    spans: list[Span] = []
    block: list[Span] = []
    last_end = 0
    for match in _LINE.finditer(text):
        if text.count("\n", last_end, match.start()) > 1:
            spans.extend(_block(text, block))
            block = []
        last_end = match.end()
        span = trim(text, match.start(), match.end())
        if span[0] < span[1]:
            block.append(span)
        else:
            spans.extend(_block(text, block))
            block = []
    spans.extend(_block(text, block))
    return spans


def _block(text: str, lines: list[Span]) -> list[Span]:
    """One span for a hard-wrapped block, else its lines."""
    if len(lines) < 3:
        return lines
    body = lines[:-1]
    widths = sorted(end - start for start, end in body)
    wide = sum(45 <= width <= 100 for width in widths)
    broken = sum(1 for start, end in body if not _TERMINAL_LINE.search(text, max(start, end - 4), end))
    lower = sum(1 for start, _ in lines[1:] if text[start].islower())
    if wide >= 0.8 * len(body) and broken >= 0.5 * len(body) and lower >= 0.35 * len(body):
        return [(lines[0][0], lines[-1][1])]
    return lines


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences within ``text[start:end]``, which should be one paragraph.

    What runs on for more than LONGEST characters without an end mark is cut at white space, so that the
    work on one sentence stays bounded.
    """
    spans: list[Span] = []
    for begin, stop in _sentences(text, start, len(text) if end is None else end):
        while stop - begin > LONGEST:
            space = text.rfind(" ", begin + LONGEST // 2, begin + LONGEST)
            cut = space if space > 0 else begin + LONGEST
            span = trim(text, begin, cut)
            if span[0] < span[1]:
                spans.append(span)
            begin = trim(text, cut, stop)[0]
        if begin < stop:
            spans.append((begin, stop))
    return spans


def _sentences(text: str, start: int, stop: int) -> list[Span]:
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, stop):
        if match.end() >= stop or not _is_boundary(text, match, begin, stop):
            continue
        span = trim(text, begin, match.end())
        if span[0] < span[1]:
            spans.append(span)
        begin = match.end()
    span = trim(text, begin, stop)
    if span[0] < span[1]:
        if spans and not any(map(str.isalnum, text[span[0] : span[1]])):
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
    return spans


def _is_boundary(text: str, match: re.Match[str], begin: int, stop: int) -> bool:
    """Whether a run of end marks closes the sentence that began at ``begin``."""
    dots, close = match["dots"], match["close"]
    if dots[0] in "。！？｡।":
        return not close or text[match.end()] not in "と、"
    after = _NEXT_WORD.match(text, match.end(), min(stop, match.end() + 60))
    word = after[1] if after else ""
    if match["tight"]:
        return _tight_boundary(text, match, word)
    if word and word[0].islower():
        return False
    low = word.lower()
    if close and dots[0] in "!?" and close[-1] in "\"”’'»" and (low not in _OPENERS or low in ("mr", "mrs", "ms", "dr")):
        tail = _QUOTE_TAIL.match(text, match.end(), stop)
        cue = VERBS.get(tail[1]) if tail else None
        if cue is not None and cue.form == "fin" and cue.classes & _TAIL_CLASSES:
            return False
    if close and close[-1] in "\"”’'»" and _SIGNED.match(text, match.end(), stop):
        return False
    if dots == "." and not (close and close[-1] in "\"”»)"):
        return _full_stop(text, match.start(), begin, word)
    return True


def _tight_boundary(text: str, match: re.Match[str], word: str) -> bool:
    """A full stop with no space behind it: a lost space if a common opener follows."""
    if match["close"]:
        return len(word) > 1 and word[0].isupper() and word.lower() in _OPENERS
    before = text[max(0, match.start() - 3) : match.start()]
    return before.isalpha() and before.islower() and word.lower() in _OPENERS and word[:1].isupper()


def _full_stop(text: str, dot: int, begin: int, word: str) -> bool:
    """Whether the full stop at ``dot`` is one, given the word behind it."""
    before = _LAST_WORD.search(text, max(begin, dot - _WORD_CHARS), dot)
    if not before:
        return True
    last = before[1]
    low = last.lower()
    low_word = word.lower()
    if low in _TITLES:
        return False
    if len(last) == 1 and last.isupper() and last != "I":
        return word.lower() in _OPENERS and not _initial_of_name(text, before.start(1), begin)
    if low in _SOMETIMES or ("." in last and len(last) <= 6):
        if low in _BEFORE_NUMBER and word[:1].isdigit():
            return False
        if low in ("a.m", "p.m", "etc"):
            return bool(word) and not word.isupper() and low_word not in _DAYS
        if low in ("no", "ill", "ind", "miss", "art", "mass", "wash", "max", "min", "del", "sun", "sat", "ore"):
            # Also plain words: only "No. 5" and the like go on.
            return not (last[0].isupper() and word[:1].isdigit())
        return not word or word.lower() in _OPENERS
    return True


def _initial_of_name(text: str, at: int, begin: int) -> bool:
    """Whether a single capital letter stands behind a capitalised word ("George W.")."""
    before = text[max(begin, at - 20) : at].split()
    return bool(before) and before[-1][:1].isupper()
