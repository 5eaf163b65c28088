"""A claim restated so that it can be checked without the article beside it: always a proposal.

Only what is known is written in: a speaker that was resolved, a pronoun that is the speaker's own, a
date that has one reading. Where the sentence would still lean on what stands before it ("he did it"),
there is no proposal rather than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from . import dates
from .clauses import is_statement, split
from .features import FUNCTION_WORDS
from .names import ROLES
from .persons import mentions_self, third_person

__all__ = ["day_in_words", "restate", "split"]

Span = tuple[int, int]

_QUOTES = '"“”„«»「」『』'
_OUTER = "".join(filter(str.isspace, map(chr, range(0x3001)))) + _QUOTES + ",;:–—-"
_NO_QUOTES = dict.fromkeys(map(ord, _QUOTES))
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?])")
_NO_WORD = re.compile(r"\W+")
_FIRST_WORD = re.compile(r"\w+")
_LEAD = re.compile(
    r"^(?:(?:and|but|so|yet|also|well|now|look|indeed|however|moreover|furthermore|in addition|meanwhile|then|still|besides"
    r"|previously|in fact|of course|you know|i mean|after all|nevertheless|nonetheless)(?:\s*,\s*|\s+))+(?=[\w\"“$€£])",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"^that\s+(?!(?:is|was|are|were|has|had|will|would|the fact|'s|’s)\b)(?=[\w\"“])", re.IGNORECASE
)
_HEDGED_START = re.compile(
    r"^(?:I|we)\s+(?:(?:do|also|really|just|firmly|still)\s+)?(?:think|believe|know|understand|would say|can tell you|"
    r"can say|want to say|must say)\s+(?:that\s+)?(?=[A-Za-z\"“$€£\d])",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^(?:he|she|they|it|this|that|these|those|him|her|them|the (?:former|latter)|such|another|others|so)\b",
    re.IGNORECASE,
)
_IT_DUMMY = re.compile(
    r"^it\s+(?:is|was|has been|will be|would be|takes?|took)\s+\w+\s+(?:that|to|for|who)\b", re.IGNORECASE
)
# What was asked, not said: "how that had gone", "for relief from five resolutions, all of them new".
_ASKED = re.compile(r"^(?:how|whether|why)\b|^if\b(?!.*,)|^(?:for|to)\s+(?!(?:\S+\s+){0,5}\S+,)", re.IGNORECASE | re.DOTALL)
_WITHOUT_SUBJECT = re.compile(
    r"^(?:is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|does|did)\b(?!n['’]t)", re.IGNORECASE
)
_SAYS_AGAIN = re.compile(r"\b(?:he|she|they)\s+(?:said|says|told|added)\b", re.IGNORECASE)
_PLURAL_FIRST = re.compile(r"\b(?:we|us|our|ours|ourselves)\b|\bwe['’]", re.IGNORECASE)
_FEWEST_WORDS = 3
_LONGEST = 600


def restate(
    text: str,
    *,
    content: str | Sequence[Span] | None = None,
    speaker: str = "",
    article_date: date | str | None = None,
    mentions: Iterable[tuple[str, str]] = (),
) -> str | None:
    """The claim restated to stand alone, or None where nothing sensible can be proposed.

    ``text`` is the statement as it stands in the article; ``content`` the words reported in it, as a
    string or as spans of ``text`` (None: the statement is the article's own); ``speaker`` the fullest name
    of who said them, empty where unknown; ``mentions`` pairs of words and what they stand for
    ("he", "Joseph Yun"). None, too, where the restated claim would be the text itself.
    """
    words = _content_words(text, content)
    if not words or len(words) > _LONGEST or words.endswith("?"):
        return None
    reported = content is not None
    words = _with_dates(words, article_date, text)
    words = _LEAD.sub("", words)
    if reported:
        words = _THAT.sub("", words)
        words = _HEDGED_START.sub("", words)
    pairs = [(mention, name) for mention, name in mentions if mention.strip() and name.strip()]
    words = _with_names(words, pairs)
    if reported and speaker and mentions_self(words):
        words = third_person(words, _in_sentence(speaker))
    if not _stands_alone(words, own=not reported, speaker=speaker):
        return None
    if reported and speaker and speaker.casefold() not in words.casefold():
        words = f"According to {_in_sentence(speaker)}, {_lower_first(words)}"
    done = _finished(words)
    return None if _same(done, text) else done


def _content_words(text: str, content: str | Sequence[Span] | None) -> str:
    if content is None:
        return _without_outer_quotes(text.strip())
    if isinstance(content, str):
        return _tidy(content)
    return _tidy(" ".join(text[start:end].strip() for start, end in content))


def _tidy(words: str) -> str:
    """Whitespace made plain, quotation marks around and inside removed: the words are the speaker's now."""
    words = " ".join(words.translate(_NO_QUOTES).split())
    return _SPACE_BEFORE.sub(r"\1", words).strip(_OUTER)


_QUOTED = re.compile(f"[{_QUOTES}]")


def _without_outer_quotes(words: str) -> str:
    words = " ".join(words.split())
    if _QUOTED.search(words) is None:
        return words
    if (
        len(words) > 1
        and words[0] in _QUOTES
        and words[-1] in _QUOTES
        and not set(words[1:-1]) & set(_QUOTES)
    ):
        return words[1:-1].strip()
    marks = [mark for mark in words if mark in _QUOTES]
    return (
        words.strip(_OUTER) if len(marks) == 1 and (words[0] in _QUOTES or words[-1] in _QUOTES) else words
    )


def _with_dates(words: str, article_date: date | str | None, text: str) -> str:
    """Relative dates written out. The tense of the whole statement counts, not of the quoted part alone."""
    out = words
    for found in reversed(dates.resolve(words, article_date)):
        if not found.relative or found.ambiguous:
            continue
        written = _written(found, words)
        if written:
            start, preposition = found.start, ""
            lead = re.search(r"\b(on|in|during|for)\s+$", words[: found.start], re.IGNORECASE)
            if not lead and found.granularity in ("day", "month", "year"):
                preposition = _preposition(found, words)
            if preposition and start == 0:
                preposition = preposition.capitalize()
            out = out[:start] + preposition + written + out[found.end :]
    return out


def _preposition(found: dates.ResolvedDate, words: str) -> str:
    before = words[: found.start].rstrip().lower()
    possessive = re.match(r"['’]s\b|['’]", words[found.end :])
    bound = re.search(
        r"(?:\b(?:since|until|till|by|from|to|of|before|after|between|and|than|over|the|through)|\w['’]s)$",
        before,
    )
    if possessive or bound:
        return ""
    return "on " if found.granularity == "day" else "in "


def _written(found: dates.ResolvedDate, words: str) -> str:
    """A resolved date in words: "28 February 2019", "March 2018", "2018"."""
    if found.granularity == "year":
        return found.value
    if found.granularity == "month":
        year, month = found.value.split("-")
        return f"{dates.MONTHS[int(month) - 1].capitalize()} {year}"
    if found.granularity == "day":
        return day_in_words(date.fromisoformat(found.value))
    if found.granularity == "week" and re.match(r"['’]s\b", words[found.end :]) is None:
        first = date.fromisoformat(found.value.split("/")[0])
        return f"in the week of {day_in_words(first)}"
    return ""


def day_in_words(day: date) -> str:
    """ "28 February 2019"."""
    return f"{day.day} {dates.MONTHS[day.month - 1].capitalize()} {day.year}"


def _with_names(words: str, pairs: list[tuple[str, str]]) -> str:
    """Each mention's first place written out in full; longer mentions first, never inside a longer name."""
    for mention, name in sorted(pairs, key=lambda pair: -len(pair[0])):
        if name.casefold() in words.casefold():
            continue
        pattern = _mention_pattern(mention)
        found = pattern.search(words)
        if found:
            words = words[: found.start()] + name + words[found.end() :]
    return words


def _mention_pattern(mention: str) -> re.Pattern[str]:
    """The mention as a whole word; a surname with the title before it, but not inside another name."""
    bare = re.escape(mention)
    if mention.lower() == mention:
        return re.compile(rf"(?<![\w’'-]){bare}(?![\w’'-])", re.IGNORECASE)
    # "the Trump administration" is a body's name, not the man's.
    return re.compile(rf"(?<![\w’'-])(?<![Tt]he )(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame)\.?\s+)?{bare}(?![\w-])(?!\s+[A-Z][a-z])")


_COMMON = frozenset(
    "officials analysts experts some sources people two three several many police critics the a an another one researchers "
    "scientists residents witnesses economists lawyers doctors".split()
)


def _in_sentence(speaker: str) -> str:
    """A speaker's name in running text: "Officials" as "officials", names as they are."""
    first, _, rest = speaker.partition(" ")
    if first.lower() in _COMMON:
        return f"{first.lower()} {rest}".strip()
    return speaker


def _stands_alone(words: str, *, own: bool, speaker: str) -> bool:
    """Whether the words are a clause that does not lean on what stood before it."""
    if words.count(" ") + 1 < _FEWEST_WORDS and len(words.split()) < _FEWEST_WORDS:
        return False
    if not own and (_ASKED.match(words) or _WITHOUT_SUBJECT.match(words) or _SAYS_AGAIN.search(words)):
        return False
    head, colon, _ = words.partition(":")
    if colon and not is_statement(head):
        return False
    if (_LEANING.match(words) and not _IT_DUMMY.match(words)) or not is_statement(words):
        return False
    if _PLURAL_FIRST.search(words) and (own or not speaker):
        return False  # "we" is nobody in particular unless somebody is known to say it
    return own or not mentions_self(words)


_TITLE = re.compile(rf"(?i:{'|'.join(sorted(ROLES))})\s+[A-Z]")


def _lower_first(words: str) -> str:
    """The first word in lower case if it is a small word; a name keeps its capital."""
    first = re.match(r"[A-Za-z’']+", words)
    if first and _TITLE.match(words):
        return words
    if first and first.group().lower() in _SMALL | FUNCTION_WORDS and first.group() != "I":
        return words[0].lower() + words[1:]
    return words


_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "there",
        "it",
        "he",
        "she",
        "they",
        "we",
        "our",
        "my",
        "his",
        "her",
        "their",
        "its",
        "some",
        "many",
        "most",
        "few",
        "all",
        "every",
        "no",
        "more",
        "less",
        "in",
        "on",
        "at",
        "for",
        "with",
        "by",
        "from",
        "since",
        "after",
        "before",
        "when",
        "while",
        "if",
        "as",
        "because",
        "although",
        "though",
        "during",
        "under",
        "about",
        "over",
        "there",
        "is",
        "are",
        "was",
        "were",
        "people",
        "officials",
        "nobody",
        "everyone",
        "everything",
        "nothing",
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
        "usually",
        "sometimes",
        "often",
        "only",
        "even",
        "each",
        "both",
        "another",
        "other",
        "several",
        "not",
        "such",
    ]
)


def _finished(words: str) -> str:
    words = words.strip().rstrip(",;:–— ")
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?", "…", '."', ".”")) else words + "."


def _same(left: str, right: str) -> bool:
    if left == right:
        return True
    first, second = _FIRST_WORD.search(left), _FIRST_WORD.search(right)
    if (first and first.group().casefold()) != (second and second.group().casefold()):
        return False

    def bare(words: str) -> str:
        return _NO_WORD.sub(" ", words).strip().casefold()

    return bare(left) == bare(right)
