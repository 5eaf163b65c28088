"""Why a sentence is, or is not, worth checking, in words that a reviewer understands, and what kind of claim it is."""

from __future__ import annotations

import re

from . import wordclasses as wc
from .persons import mentions_self

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(
    r"[$€£¥]\s?\d|\d+(?:[.,]\d+)*\s?%|(?<![\w-])\d+(?:[.,]\d+)*(?![\w-])|\b(?:two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|trillions?|half|two-thirds|a third of|twice|double[ds]?|"
    r"tripled?|percent|per cent|percentage)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:in|since|by|from|until|of|during)\s+(?:1[5-9]|20)\d\d\b|\b(?:1[5-9]|20)\d\d\b")
_DAY = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?\s+\d{1,2}\b|\b\d{1,2}\s+(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)\b|\b\d{1,2}(?::\d\d)?\s*[ap]\.?m\b|\b(?:yesterday|last (?:week|month|year)|this (?:week|month|year))\b",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"\b(?:more|less|fewer|rather|other|\w+er|worse)\s+(?:\w+\s+){0,4}?than\b|\bcompared\s+(?:to|with)\b|\bversus\b"
    r"|\bthe\s+(?:\w+est|most|least|best|worst)\b|\bas\s+\w+\s+as\b|\b(?:twice|double|triple)\s+(?:as|the)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|caus(?:e[sd]?|ing)|due to|led to|leads? to|leading to|result(?:s|ed|ing)? (?:in|from|of)|as a result"
    r"|thanks to|blam(?:e[sd]?|ing)|the reasons? (?:for|why|that|is|was|were)|trigger(?:s|ed)|sparked|prompted"
    r"|contribut(?:es?|ed|ing) to|responsible for|consequence of|owing to)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|won['’]t|going to|gonna|is (?:set|expected|due|likely) to|are (?:set|expected|due|likely) to)\b"
    r"|['’]ll\b|\b(?:forecasts?|predicts?|predicted)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:I|we) (?:\w+ )?(?:think|believe|feel|hope|wish|want|guess|suppose)\b|\b(?:should|ought to|must|deserves?)\b"
    r"|\bin my (?:opinion|view)\b|\b(?:wonderful|terrible|great|disgraceful|disgrace|shameful|beautiful|fantastic|horrible"
    r"|amazing|tremendous|ridiculous|unfair|outrageous|important|difficult to imagine|hasty|heroic|stunning|superb)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(all|every|never|always|none|nobody|no one|nothing|everyone|everybody|only|ever|entire(?:ly)?|first)\b",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:laws?|(?:il|un)?legal(?:ly)?|unlawful(?:ly)?|(?:un)?constitution(?:al)?|amendment|statutes?|legislation|treat(?:y|ies)"
    r"|bann(?:ed|ing|s)|prohibit(?:s|ed)?|supreme court|court rul(?:ed|ing)|rul(?:ed|ing) that|regulations?|act of \d{4}"
    r"|article \d+|section \d+|sanctions|convicted|sentenced|required by law)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[\"“”«»„「」]")
_STATUS = re.compile(
    r"\b(?:is|are|was|were|['’]s|['’]re|remains?|became|has been|have been)\s+(?:not\s+|now\s+|still\s+|currently\s+|also\s+)?"
    r"(?:an?|the|one of)\b|\bthere (?:is|are|was|were|has been|have been)\b|\b(?:has|have|had|owns?|holds?)\s+(?:no|an?|the)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\b(?:thank you|thanks|good (?:evening|morning|night)|welcome|hello|ladies and gentlemen|please)\b",
    re.IGNORECASE,
)
_NOT_PAST = frozenset(
    [
        "need",
        "needed",
        "indeed",
        "speed",
        "feed",
        "seed",
        "red",
        "bed",
        "led",
        "united",
        "hundred",
        "sacred",
        "naked",
        "wicked",
        "beloved",
        "embed",
        "exceed",
        "proceed",
        "succeed",
        "agreed-upon",
        "so-called",
        "supposed",
        "breed",
        "bleed",
        "greed",
        "weed",
        "wed",
        "shed",
    ]
) - {"needed", "led"}


# A word of each set must stand in the sentence before its expression is tried: the look at a set is
# what keeps a thousand sentences a second possible.
_LOOK = {
    "number": wc.NUMBER
    | wc.PERCENT
    | frozenset("half two-thirds third twice double doubled doubles triple tripled per".split()),
    "day": wc.MONTH | frozenset(("yesterday", "last", "this")),
    "cause": wc.CAUSE
    | frozenset("thanks blaming triggers contribute contributes contributing responsible owing".split()),
    "law": wc.LAW
    | frozenset(
        "legally unlawfully statutes banning prohibit ruling required article section unconstitutionally amendments".split()
    ),
    "future": wc.FUTURE | frozenset("won't set expected due likely predicted".split()),
    "opinion": wc.OPINION
    | frozenset(
        "want suppose deserve opinion view shameful outrageous unfair difficult hasty heroic stunning superb".split()
    ),
    "courtesy": wc.COURTESY | frozenset(("good", "gentlemen")),
}


_PIECE = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_COMPARING = frozenset("than compared versus as most least best worst twice double triple".split())
_ABSOLUTES = frozenset(
    "all every never always none nobody no nothing everyone everybody only ever entire entirely first".split()
)
_STATES = frozenset(
    "is are was were s re remain remains became has have had own owns hold holds there".split()
)


def _looks(name: str, words: set[str]) -> bool:
    return not words.isdisjoint(_LOOK[name])


def words_of(sentence: str) -> list[str]:
    """The words of a sentence in lower case, apostrophes made plain."""
    return _WORD.findall(sentence.lower().replace("’", "'"))


def has_past(words: list[str]) -> bool:
    """Whether a word looks like a verb in the past tense."""
    for word in words:
        if word in wc.AUXILIARY_PAST or word in wc.IRREGULAR_PAST:
            return True
        if len(word) > 4 and word.endswith("ed") and word not in _NOT_PAST:
            return True
    return False


def reasons_and_kinds(sentence: str) -> tuple[list[str], list[str]]:
    """Say in plain words what speaks for or against checking ``sentence``, and the kinds of claim in it.

    The reasons are short phrases ("a number", "an event in the past", "opinion"), those that speak for
    checking first. The kinds are among quantity, event, causal, comparison, quote, status and law, in
    that order; a sentence may have several or none.
    """
    words = words_of(sentence)
    held = set(words)
    pieces = held.union(*[_PIECE.findall(word) for word in held if "'" in word or "-" in word])
    digits = bool(_DIGIT.search(sentence))
    undated = _DAY.sub(" ", sentence) if digits or _looks("day", held) else sentence
    year = undated != sentence or (digits and bool(_YEAR.search(sentence)))
    numbers = _YEAR.sub(" ", undated) if digits else undated
    number = (digits or _looks("number", held)) and bool(_NUMBER.search(numbers))
    future = (_looks("future", held) or "ll" in sentence) and bool(_FUTURE.search(sentence))
    past = has_past(words)
    compares = (
        not pieces.isdisjoint(_COMPARING) or any(piece.endswith("est") for piece in pieces)
    ) and bool(_THAN.search(sentence))
    cause = _looks("cause", held) and bool(_CAUSE.search(sentence))
    law = _looks("law", held) and bool(_LAW.search(sentence))
    question = sentence.rstrip(" \"”'’»)").endswith("?")
    event = past and not question
    reasons: list[str] = []
    if number:
        reasons.append("a number")
    if year:
        reasons.append("a date")
    if event:
        reasons.append("an event in the past")
    if compares:
        reasons.append("compares")
    if cause:
        reasons.append("cause and effect")
    if law:
        reasons.append("rule of law")
    absolute = None if pieces.isdisjoint(_ABSOLUTES) else _ABSOLUTE.search(sentence)
    if absolute:
        reasons.append(f"absolute ({absolute.group(1).lower()})")
    if _looks("opinion", held) and _OPINION.search(sentence):
        reasons.append("opinion")
    if future:
        reasons.append("prediction")
    if mentions_self(sentence):
        reasons.append("personal experience")
    if question:
        reasons.append("a question")
    if _looks("courtesy", held) and _COURTESY.search(sentence):
        reasons.append("courtesy")
    found = {
        "quantity": number,
        "event": event,
        "causal": cause,
        "comparison": compares,
        "quote": bool(_QUOTE.search(sentence)),
        "status": not pieces.isdisjoint(_STATES) and bool(_STATUS.search(sentence)),
        "law": law,
    }
    return reasons, [kind for kind, present in found.items() if present]
