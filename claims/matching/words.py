"""Words of a text with their places, levelled for comparison. Linear in the length of the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A word, with inner apostrophes and hyphens apart; a figure keeps its separators ("1,234.5") but not a final stop.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*", re.UNICODE)
_RUN = re.compile(r"\w+", re.UNICODE)
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'"})

NEGATIONS = frozenset(
    ["not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cannot", "hardly"]
)
STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "to",
        "with",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "and",
        "or",
        "but",
        "if",
        "than",
        "then",
        "so",
        "it",
        "its",
        "he",
        "she",
        "they",
        "them",
        "his",
        "her",
        "their",
        "we",
        "our",
        "you",
        "your",
        "i",
        "my",
        "me",
        "us",
        "who",
        "which",
        "what",
        "when",
        "where",
        "there",
        "here",
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "must",
        "about",
        "into",
        "over",
        "under",
        "after",
        "before",
        "between",
        "also",
        "more",
        "most",
        "such",
        "said",
        "says",
        "say",
        "told",
        "according",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its levelled form and where it stands (code points)."""

    form: str
    start: int
    end: int


def level(word: str) -> str:
    """Case, composition and apostrophes levelled: two spellings of one word become equal."""
    plain = unicodedata.normalize("NFKC", word).translate(_APOSTROPHES).casefold()
    return plain.replace(",", "") if plain[:1].isdigit() else plain


def words(text: str) -> list[Word]:
    """All words of ``text``; punctuation, quotes, dashes and blanks fall away."""
    return [Word(level(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


def stem(form: str) -> str:
    """English endings off, so that "fell"/"falls" stay apart but "tolls" meets "toll". Rough on purpose."""
    if len(form) < 4 or form[0].isdigit():
        return form
    if form.endswith("'s"):
        form = form[:-2]
    for ending, instead in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("ied", "y"),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
    ):
        if form.endswith(ending) and len(form) - len(ending) >= 3 and not form.endswith("ss"):
            return _undouble(form[: len(form) - len(ending)] + instead)
    return form


def _undouble(form: str) -> str:
    if len(form) > 3 and form[-1] == form[-2] and form[-1] not in "lsz":
        return form[:-1]
    return form.rstrip("e") if len(form) > 4 else form


def content(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [stem(word.form) for word in words(text) if word.form not in STOP]


def is_negation(form: str) -> bool:
    """Whether the levelled word turns a sentence round."""
    return form in NEGATIONS or form.endswith("n't")


_SENTENCE_END = re.compile(r"[.!?…][\"'”’)»]*\s+|\n+")


def sentences(text: str) -> list[tuple[int, int]]:
    """Rough sentence spans for ranking and highlighting; extraction has the careful ones."""
    spans = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if text[start:end].strip():
            spans.append((start, start + len(text[start:end].rstrip())))
        start = end
    if text[start:].strip():
        spans.append((start, start + len(text[start:].rstrip())))
    return spans


def words_of(text: str) -> set[str]:
    """The words that a search of reports compares: without case and accents, English plurals as singulars."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return {_singular(word) for word in _RUN.findall(bare) if len(word) > 1}


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word
