"""Names in a sentence: who and what it is about. Rules over capital letters, with the words that give a kind away.

A person is a name with a title or a role before it, or one the article is known to quote; an organisation carries a
word such as "Council" or "Ministry", or is written in capitals; a place follows "in", "at" or "near". What is none
of these is a name of unknown kind: a guess dressed up as knowledge would help nobody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_CAPITAL = re.compile(
    r"(?:[A-Z][\w’'&.-]*[\w]|[A-Z])(?:\s(?:(?:of|for|the|de|van|von|bin|al|du|da|del|la|y)\s)?(?:[A-Z][\w’'&.-]*[\w]|[A-Z]))*"
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "president",
        "premier",
        "minister",
        "chancellor",
        "mayor",
        "senator",
        "governor",
        "secretary",
        "chairman",
        "chairwoman",
        "chair",
        "director",
        "judge",
        "justice",
        "general",
        "colonel",
        "captain",
        "king",
        "queen",
        "prince",
        "princess",
        "pope",
        "bishop",
        "ambassador",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "leader",
        "councillor",
        "congressman",
        "congresswoman",
        "representative",
        "chief",
        "analyst",
        "economist",
        "author",
        "reverend",
    ]
)
_ORGANISATION = frozenset(
    [
        "agency",
        "association",
        "authority",
        "bank",
        "board",
        "bureau",
        "centre",
        "center",
        "church",
        "club",
        "college",
        "commission",
        "committee",
        "company",
        "congress",
        "corporation",
        "council",
        "court",
        "department",
        "federation",
        "foundation",
        "fund",
        "government",
        "group",
        "house",
        "inc",
        "institute",
        "ltd",
        "ministry",
        "museum",
        "nations",
        "office",
        "organisation",
        "organization",
        "parliament",
        "party",
        "police",
        "senate",
        "service",
        "society",
        "team",
        "trust",
        "union",
        "university",
        "hospital",
        "laboratory",
        "press",
        "times",
        "post",
        "news",
        "tribune",
        "assembly",
        "cabinet",
        "army",
        "navy",
        "force",
        "forces",
        "newspaper",
    ]
)
_PLACES_AFTER = frozenset(["in", "at", "near", "from", "to", "around", "across", "outside", "inside"])
_PLACES = frozenset(
    [
        "street",
        "road",
        "avenue",
        "bridge",
        "river",
        "lake",
        "mountain",
        "island",
        "islands",
        "sea",
        "port",
        "bay",
        "city",
        "square",
    ]
)
_NO_NAMES = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "i",
        "he",
        "she",
        "it",
        "we",
        "they",
        "his",
        "her",
        "its",
        "our",
        "their",
        "my",
        "your",
        "there",
        "here",
        "what",
        "when",
        "where",
        "who",
        "why",
        "how",
        "if",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "but",
        "and",
        "or",
        "so",
        "as",
        "not",
        "no",
        "yes",
        "all",
        "some",
        "many",
        "most",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "last",
        "next",
        "first",
        "second",
        "third",
        "once",
        "then",
        "now",
        "today",
        "yesterday",
        "tomorrow",
        "also",
        "according",
        "after",
        "before",
        "during",
        "since",
        "while",
        "although",
        "however",
        "meanwhile",
        "still",
        "even",
        "only",
        "both",
        "each",
        "every",
        "more",
        "less",
        "fewer",
        "under",
        "over",
        "mr",
        "mrs",
        "ms",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``[start, end)``. ``kind`` is person, organisation, place or name; ``role`` the title before it."""

    text: str
    start: int
    end: int
    kind: str
    role: str = ""


def find(text: str, people: Collection[str] = (), places: Collection[str] = ()) -> list[Name]:
    """The names of ``text``, each once, in their order.

    Args:
        people: full names that are known to be people's (the speakers of the article).
        places: names known to be places'.
    """
    known = {part.lower() for name in people for part in [name, *name.split()] if len(part) > 2}
    found: dict[str, Name] = {}
    for match in _CAPITAL.finditer(text):
        name = _name(text, match.start(), match.group(), known, {place.lower() for place in places})
        if name is not None:
            found.setdefault(name.text.lower(), name)
    return _without_parts(found.values())


def _name(text: str, start: int, words: str, people: Collection[str], places: Collection[str]) -> Name | None:
    start, words = _trim(start, words)
    if not words:
        return None
    parts = words.split()
    role, rest = _role(parts)
    if role and rest:
        start += len(words) - len(" ".join(rest))
        words, parts = " ".join(rest), rest
    before = re.findall(r"[A-Za-z’'-]+", text[max(0, start - 40) : start])
    last = before[-1].lower() if before else ""
    opens = not before or text[:start].rstrip()[-1:] in {".", "!", "?", "\n", "“", '"', "«"}
    if len(parts) == 1 and opens and not role and words.lower() not in people and not words.isupper():
        return None  # any word may begin a sentence with a capital
    lowered = {part.lower().strip(".") for part in parts}
    if lowered & _ORGANISATION or (words.isupper() and len(words) > 1):
        kind = "organisation"
    elif role or words.lower() in people or (last in _TITLES and not role):
        kind, role = "person", role or (last if last in _TITLES else "")
    elif lowered & _PLACES or words.lower() in places or last in _PLACES_AFTER:
        kind = "place"
    else:
        kind = "name"
    return Name(words, start, start + len(words), kind, role)


def _trim(start: int, words: str) -> tuple[int, str]:
    """Drop words at either end that are capital only by their place in the sentence, and a genitive."""
    parts = words.split(" ")
    while parts and parts[0].lower() in _NO_NAMES:
        start += len(parts[0]) + 1
        parts = parts[1:]
    while parts and parts[-1].lower() in _NO_NAMES:
        parts = parts[:-1]
    name = " ".join(parts)
    for ending in ("’s", "'s"):
        name = name.removesuffix(ending)
    return start, name.rstrip(".’'-") if name.count(".") == 1 else name


def _role(parts: list[str]) -> tuple[str, list[str]]:
    index = 0
    while index < len(parts) and parts[index].lower().strip(".") in _TITLES:
        index += 1
    return " ".join(parts[:index]), parts[index:]


def _without_parts(names: Iterable[Name]) -> list[Name]:
    """A surname alone is dropped where the full name stands in the same text."""
    kept = list(names)
    longer = [name.text.lower().split() for name in kept]
    return [
        name
        for name in kept
        if not any(
            len(other) > len(name.text.split()) and other[-1:] == [name.text.lower()] for other in longer
        )
    ]
