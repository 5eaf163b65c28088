"""Clauses without a parser: is there a finite verb, and where does a sentence make two claims."""

from __future__ import annotations

import re
from functools import lru_cache

from . import wordclasses as wc

_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*%?")
_SURE_VERBS = (
    wc.AUXILIARY_PAST
    | wc.MODAL
    | wc.IRREGULAR_PAST
    | frozenset(
        [
            "is",
            "are",
            "am",
            "isn't",
            "aren't",
            "has",
            "have",
            "hasn't",
            "haven't",
            "do",
            "does",
            "don't",
            "doesn't",
        ]
    )
) - frozenset(
    (
        "been",
        "cut",
        "cost",
        "put",
        "set",
        "hit",
        "hurt",
        "shut",
        "read",
        "lead",
        "left",
        "thought",
        "found",
        "may",
        "shot",
        "felt",
    )
)
_PRESENT = frozenset(
    [
        "says",
        "means",
        "wants",
        "needs",
        "takes",
        "makes",
        "gives",
        "gets",
        "goes",
        "comes",
        "keeps",
        "shows",
        "costs",
        "includes",
        "contains",
        "remains",
        "requires",
        "fails",
        "seems",
        "appears",
        "helps",
        "works",
        "lives",
        "pays",
        "owns",
        "produces",
        "supports",
        "opposes",
        "believes",
        "expects",
        "faces",
        "holds",
        "causes",
        "affects",
        "protects",
        "allows",
        "provides",
        "offers",
        "suggests",
        "represents",
        "receives",
        "spends",
        "runs",
        "uses",
        "leads",
        "depends",
        "exists",
        "employs",
        "earns",
        "accounts",
        "exceeds",
        "rises",
        "falls",
        "grows",
        "violates",
        "prohibits",
        "bans",
        "guarantees",
        "covers",
        "applies",
        "becomes",
        "continues",
        "think",
        "know",
        "want",
        "need",
        "take",
        "make",
        "give",
        "get",
        "go",
        "come",
        "keep",
        "show",
        "cost",
        "include",
        "contain",
        "remain",
        "require",
        "fail",
        "seem",
        "appear",
        "live",
        "pay",
        "own",
        "produce",
        "cause",
        "exist",
        "cut",
        "put",
        "set",
        "hit",
        "left",
        "found",
        "cost",
    ]
)
_NOT_VERB_ED = frozenset(
    [
        "hundred",
        "united",
        "red",
        "bed",
        "indeed",
        "speed",
        "need",
        "feed",
        "seed",
        "sacred",
        "naked",
        "kindred",
    ]
)
_SUBJECT_START = re.compile(
    r"(?:the|a|an|this|these|those|its|his|her|their|our|my|some|many|most|all|every|no|more|nearly|about|over|only|two|three|four|"
    r"five|six|seven|eight|nine|ten|he|she|it|they|we|i|you|there|people|nobody|everyone|\d[\d,.%]*|[A-Z][\w.’'-]*)\b",
)
_JOINT = re.compile(
    r"\s*;\s+(?:and\s+|but\s+)?|,\s+(?:and|but|while|whereas|yet)\s+|\s+(?:and|but|while|whereas)\s+",
    re.IGNORECASE,
)
_VERB_GROUP = re.compile(r"(?P<verb>[a-z]+(?:['’]t)?)\b", re.IGNORECASE)
_DEPENDENT = re.compile(
    r"\b(?:if|whether|that|because|when|who|which|whose|between|both|either|neither|unless|although|though)\b",
    re.I,
)
_FEWEST_WORDS = 3
_LONGEST = 1_000


def has_finite_verb(words: str) -> bool:
    """Whether the words hold a verb that can carry a sentence, as far as small words and endings show."""
    return any(map(_finite, _WORD.findall(words.replace("’", "'")), _PLACES))


_FRAGMENT_START = re.compile(
    r"^(?:to|for|as|not)\b|^(?!(?:during|according|following|including|being)\b)\w+ing\b(?!,)", re.I
)
_RELATIVE = re.compile(r"\b(?:who|which|whose|whom)\b", re.I)


def is_statement(words: str) -> bool:
    """Whether the words can stand as a sentence: a main verb, not only those of relative clauses."""
    if _FRAGMENT_START.match(words) and "," not in words[:80]:
        return False
    finite = sum(map(_finite, _WORD.findall(words.replace("’", "'")), _PLACES))
    return finite > 0 and finite > len(_RELATIVE.findall(words))


# Whether a word opens its sentence is all that counts of its place.
_PLACES = (0, *[1] * 10_000)


@lru_cache(maxsize=16384)
def _finite_word(token: str, index: int) -> bool:
    low = token.lower()
    if low in _SURE_VERBS or (low in _PRESENT and index > 0):
        return True
    if low.endswith(("'s", "'re", "'ve", "'ll", "'m", "'d")):
        return low.split("'")[0] in _PRONOUNS
    return index > 0 and token.islower() and len(low) > 4 and low.endswith("ed") and low not in _NOT_VERB_ED


def _finite(token: str, index: int) -> bool:
    """Whether a word is, as it looks, a verb with a subject; ``index`` is its place in the sentence."""
    return _finite_word(token, 1 if index else 0)


_PRONOUNS = frozenset(["i", "you", "he", "she", "it", "we", "they", "that", "there", "who", "what", "this"])


def present_third(verb: str) -> str:
    """A verb in the form that goes with "he" or "she"; what is no plain present comes back as it is."""
    if (
        verb in wc.MODAL
        or verb in wc.IRREGULAR_PAST
        or verb in wc.AUXILIARY_PAST
        or verb.endswith(("ed", "ing", "ly"))
    ):
        return verb
    if verb in (
        "and",
        "or",
        "who",
        "to",
        "in",
        "of",
        "as",
        "with",
        "at",
        "is",
        "has",
        "never",
        "also",
        "do",
        "not",
        "said",
        "the",
    ):
        return verb
    if verb.endswith(("s", "sh", "ch", "x", "o", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def split(text: str) -> list[str]:
    """The sentences that ``text`` could be split into where it makes two claims or more; else empty.

    A sentence is cut between clauses that each have a subject and a finite verb ("…, and the city …"), and
    between two past verbs of one short subject ("The city closed two schools and opened a third"), whose
    subject is then repeated. Inside quotation marks and in clauses that hang on another nothing is cut.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST or "?" in text:
        return []
    parts: list[str] = []
    at = 0
    for joint in _JOINT.finditer(text):
        left, right = text[at : joint.start()], text[joint.end() :]
        if joint.start() < at or _inside_quotes(text, joint.start()) or _DEPENDENT.search(left):
            continue
        if _is_clause(left) and _starts_clause(right, joint.group()):
            parts.append(left)
            at = joint.end()
    parts.append(text[at:])
    if len(parts) == 1:
        parts = _shared_subject(text)
    if len(parts) < 2 or any(_inside_quotes(part, len(part)) for part in parts):
        return []
    return [_sentence(part) for part in parts]


def _inside_quotes(text: str, at: int) -> bool:
    before = text[:at]
    return (
        before.count('"') % 2 == 1
        or before.count("“") > before.count("”")
        or before.count("(") > before.count(")")
    )


def _is_clause(words: str) -> bool:
    return (
        len(words.split()) >= _FEWEST_WORDS
        and bool(_SUBJECT_START.match(words.lstrip('"“ ')))
        and has_finite_verb(words)
    )


_HEAD_ENDS = re.compile(r"[,;]|\s(?:and|but|while|who|which|that|because|if|when|as|after|before|since)\s")


def _starts_clause(words: str, joint: str) -> bool:
    """Whether a subject and, soon after it, a finite verb follow: before the next joint and comma."""
    until = _HEAD_ENDS.search(words)
    head = words[: until.start()] if until else words
    tokens = [token.replace("’", "'") for token in _WORD.findall(head)]
    if len(words.split()) < _FEWEST_WORDS or not tokens:
        return False
    if not _SUBJECT_START.match(head):
        return _bare_noun_starts(tokens, joint)
    # Without a comma before it, "and the minister of health" may just be the second half of a list.
    reach = 8 if joint.strip()[:1] in (",", ";") else 6
    return any(
        _finite(token, index) for index, token in enumerate(tokens[:reach]) if index > 0 or "'" in token
    )


def _bare_noun_starts(tokens: list[str], joint: str) -> bool:
    """ "…, and unemployment dropped": one or two plain words, then a past verb or a helping verb."""
    firm = joint.strip()[:1] in (",", ";") or joint.strip().lower() in ("while", "whereas", "but")
    first = tokens[0].lower()
    if (
        not firm
        or not first.isalpha()
        or first.endswith(("ing", "ed", "ly"))
        or first in _NO_NOUN
        or _finite(first, 1)
    ):
        return False
    return any(token.lower() in _SURE_VERBS or _past(token) for token in tokens[1:4])


_NO_NOUN = frozenset(
    "still only even just to of in on at by for from with as not then also later now so if when who which that than or".split()
)
_SHORT_SUBJECT = re.compile(
    r"^(?P<subject>(?:(?:the|a|an|its|his|her|their|this|that)\s+)?[\w’'.-]+(?:\s+(?!and\b|or\b)[\w’'.-]+){0,3}?)\s+"
    r"(?P<first>(?:has\s+|have\s+|had\s+)?[a-z]+)\s+(?P<rest>[^,;:]{3,160}?),?\s+and\s+(?P<second>(?:then\s+|also\s+)?[a-z]+)\s+(?P<tail>[^;:]{3,})$",
    re.IGNORECASE,
)


def _shared_subject(text: str) -> list[str]:
    match = _SHORT_SUBJECT.match(text) if " and " in text.lower() else None
    if (
        not match
        or _DEPENDENT.search(match.group("rest"))
        or '"' in text
        or "“" in text
        or " and " in match.group("rest")
    ):
        return []
    first, second = match.group("first").split()[-1], match.group("second").split()[-1]
    if not (_past(first) and _past(second)) or _past(match.group("subject").split()[-1]):
        return []
    if match.group("tail").rstrip(".!").count(" ") < 1:
        return []
    helper = match.group("first").split()[0] + " " if " " in match.group("first") else ""
    subject = match.group("subject")
    return [
        f"{subject} {match.group('first')} {match.group('rest')}",
        f"{subject} {helper}{match.group('second')} {match.group('tail')}",
    ]


def _past(word: str) -> bool:
    return word in wc.IRREGULAR_PAST or (len(word) > 4 and word.endswith("ed") and word not in _NOT_VERB_ED)


def _sentence(words: str) -> str:
    words = words.strip().rstrip(",;:")
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?", '"', "”")) else words + "."
