"""A speaker's own "I" put into the third person: "I've been to many summits" as "Joseph Yun has been …"."""

from __future__ import annotations

import re
from functools import lru_cache

from .clauses import present_third
from .features import FUNCTION_WORDS

_FIRST = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself)\b")
_I = re.compile(r"\bI(?:['’](?P<short>m|ve|ll|d))?\b(?!\.\s?[A-Z])")
_NEXT_WORD = re.compile(
    r"(\s+(?:\w+ly|also|never|always|still|just|not|only|even)\b)?(\s+)([a-z]+(?:['’]t)?)\b"
)
_WORD_BEFORE = re.compile(r"([A-Za-z]+)\s+$")
_SHORT = {"m": "is", "ve": "has", "ll": "will", "d": "would"}
_HAD = re.compile(r"\s+(?:\w+ed|been|had|seen|gone|done|known|never)\b")
_IRREGULAR = {"am": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't"}


@lru_cache(maxsize=1024)
def mentions_self(words: str) -> bool:
    """Whether a person speaks of himself or herself here; "World War I" and "Level I" do not count."""
    return any(match.group() != "I" or _is_pronoun(words, match.start()) for match in _FIRST.finditer(words))


def third_person(words: str, name: str) -> str:
    """``words`` with "I", "me" and "my" put as ``name``; the verb after "I" goes with it."""
    out: list[str] = []
    at = 0
    for match in _I.finditer(words):
        if match.start() < at or not _is_pronoun(words, match.start()):
            continue
        out += (words[at : match.start()], name)
        at = match.end()
        short = match.group("short")
        if short:
            had = short == "d" and _HAD.match(words, at)
            out.append(" had" if had else f" {_SHORT[short]}")
            continue
        verb = _NEXT_WORD.match(words, at)
        if verb:
            low = verb.group(3).replace("’", "'")
            out.append((verb.group(1) or "") + verb.group(2) + (_IRREGULAR.get(low) or present_third(low)))
            at = verb.end()
    return _owned("".join((*out, words[at:])), name, bool(out))


def _owned(words: str, name: str, named: bool) -> str:
    """ "my" as "Name's" where the name does not stand before it, else as "their"."""
    first = re.search(r"\b[Mm]y\b", words)
    if first and (not named or name not in words[: first.start()]):
        genitive = f"{name}’" if name.endswith("s") else f"{name}’s"
        words = words[: first.start()] + genitive + words[first.end() :]
    words = re.sub(r"\bmy\b", "their", words)
    words = re.sub(r"\b(?:myself|me|mine)\b", name, words)
    return re.sub(r"\bMy\b", "Their", words)


def _is_pronoun(words: str, at: int) -> bool:
    before = _WORD_BEFORE.search(words, max(0, at - 30), at)
    if not before or not before.group(1)[0].isupper():
        return True
    return before.group(1).lower() in FUNCTION_WORDS
