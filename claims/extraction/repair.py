"""Mends what copying breaks: encoding, invisible characters, lost spaces at links. All in linear time."""

from __future__ import annotations

import html
import re

# A joiner between two letters of a script that joins, or between two emoji, is part of the word (Persian "می‌گوید",
# a family of four); anywhere else it is rubbish from a web page.
_JOINS = "[\u0300-\u1fff\u2190-\u2bff\u3000-\ufdff\ufe00-\ufe0f\ufe70-\ufefc\U00010000-\U0010ffff]"
_STRAY_JOINER = re.compile(f"[\u200c\u200d](?:(?<!{_JOINS}.)|(?!{_JOINS}))")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_MOJIBAKE = re.compile("(?:[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]{1,3})+")

_SMALL = "of|to|by|from|in|at|with|for|and|the|on|that|told"
_GLUED_BEFORE = re.compile(rf"(?<![\w@#/.-])((?i:according )?(?:{_SMALL}))(?=[A-ZÀ-Þ][A-Za-zà-ÿ]+)(?!the[A-Z][a-z]+\.com)")
_VERBS = "commented|said|told|reported|added|wrote|noted|says|announced|stated|warned|explained|confirmed|argued|claimed"
_GLUED_VERB = re.compile(rf"(?<![\w@#/.-])([A-Z][A-Za-z]{{2,30}}?)({_VERBS})\b(?=\s|,|:)")
_WORDS_WITH_VERB = frozenset(["Fore", "Afore", "Gain", "Mis", "Over", "Under", "Counter", "Hear"])
# Without one of these a line has no glued word: quick looks, since nearly every line is whole.
_MAY_GLUE = re.compile(r"[a-z][A-ZÀ-Þ]")
_MAY_END_IN_VERB = re.compile(r"(?<!\w)[A-Z][A-Za-z]{4,45}+(?<=ed|id|ld|te|ys)(?=[\s,:])")
# The mark stands first in each expression, and what is before it behind: then a search jumps from mark to mark.
_LOST_STOP = re.compile(r"[.!?](?<=[a-z]{3}.)(?=[A-ZÀ-Þ][a-zà-ÿ]{1,30}[\s,’'])")
_LOST_COMMA = re.compile(r",(?<=[a-z]{2},)(?=[A-Za-z]{2})")
_SPACE_BEFORE = re.compile(r"(?<=\w) +(?=[,;](?:\s|$))")
_OPEN_CURLY = re.compile(r"[“«](?<=[A-Za-z,:].)(?=[A-ZÀ-Þ])")
_CLOSE_CURLY = re.compile(r"[”»](?=[A-Za-zÀ-ÿ]{2})")
_WEB = re.compile(r"(?:https?://|www\.|\S@\S)")


def characters(text: str) -> str:
    """Text with line ends, encoding and invisible characters mended."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    text = _SURROGATE.sub("\ufffd", text)
    if "Ã" in text or "â" in text or "Â" in text:
        text = _MOJIBAKE.sub(_decoded, text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _SURROGATE.sub("\ufffd", html.unescape(match[0])), text)
    if "\u200c" in text or "\u200d" in text:
        text = _STRAY_JOINER.sub("", text)
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub("", text)
    return _SPACES.sub(" ", text)


def _decoded(match: re.Match[str]) -> str:
    """UTF-8 that was read as Windows-1252, read rightly; unchanged where it was not."""
    raw = bytearray()
    for char in match[0]:
        if ord(char) < 256:
            raw.append(ord(char))
            continue
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            return match[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def spaces(line: str) -> str:
    """One line with the spaces put back that a removed link or tag took away."""
    if ("://" in line or "www." in line or "@" in line) and _WEB.search(line):
        return line
    if _MAY_GLUE.search(line):
        line = _GLUED_BEFORE.sub(r"\1 ", line)
    if _MAY_END_IN_VERB.search(line):
        line = _GLUED_VERB.sub(_split_verb, line)
    line = _LOST_STOP.sub(r"\g<0> ", line)
    line = _LOST_COMMA.sub(", ", line)
    if " ," in line or " ;" in line:
        line = _SPACE_BEFORE.sub("", line)
    line = _OPEN_CURLY.sub(r" \g<0>", line)
    line = _CLOSE_CURLY.sub(r"\g<0> ", line)
    return _straight(line) if line.count('"') >= 2 else line


def _split_verb(match: re.Match[str]) -> str:
    return match[0] if match[1] in _WORDS_WITH_VERB else f"{match[1]} {match[2]}"


def _straight(line: str) -> str:
    """Spaces at straight marks: before one that opens, behind one that closes."""
    parts = line.split('"')
    if len(parts) % 2 == 0:
        return line
    for index in range(1, len(parts), 2):
        before, inside = parts[index - 1], parts[index]
        after = parts[index + 1]
        if before[-1:].isalpha() and inside[:1].isupper():
            parts[index - 1] = before + " "
        if after[:2].isalpha() and len(after) > 1 and inside[-1:] in ",.!?" + "abcdefghijklmnopqrstuvwxyz":
            parts[index + 1] = " " + after
    return '"'.join(parts)
