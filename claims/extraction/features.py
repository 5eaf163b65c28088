"""What the worthiness model sees of a sentence: six blocks of named features.

* ``w`` words, pairs and triples of words, numbers replaced by their type (money, percent, year …);
* ``c`` the characters of each word, 2 to 6 at a time, so that unseen words still say something;
* ``s`` shapes: the small words as they are, all others as what their form shows ("-ed", a capital,
  a quantity …), 1 to 4 at a time, a stand-in for parts of speech without a tagger;
* ``x`` readable classes of words (``wordclasses``), how many of each, and every two that meet;
* ``p`` who does what when: the subject, tense and verb of each clause;
* ``y`` a word together with the tense, person and form of its sentence.

Training and scoring call the same functions, so the two cannot differ.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from . import wordclasses as wc

LISTED = "wsxpy"
BLOCKS = "c" + LISTED

_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’][^\W\d_]+)*|[$€£¥]?\d[\d,]*(?:\.\d+)?(?:%|(?:st|nd|rd|th|s)\b)?|[?!\"“”;:,.]|--|…|—"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_HESITATION = frozenset(("uh", "um", "er"))
_SUFFIXES = (
    "ing",
    "ed",
    "ly",
    "tion",
    "ment",
    "ness",
    "est",
    "er",
    "ive",
    "al",
    "ful",
    "ous",
    "able",
    "ity",
    "s",
)
LENGTHS = (4, 6, 8, 11, 14, 18, 23, 30, 40)
_MAX_TOKENS = 400

FUNCTION_WORDS = wc.FUNCTION

_SHAPES: tuple[tuple[frozenset[str], str], ...] = (
    (wc.NUMBER, "#WORD"),
    (wc.IRREGULAR_PAST, "@PAST"),
    (wc.TIME_UNIT, "@TIME"),
    (wc.MONTH | wc.WEEKDAY, "@DAY"),
)
_SHAPES_BELOW_CAPITAL: tuple[tuple[frozenset[str], str], ...] = (
    (wc.SPEECH, "@SAY"),
    (wc.OPINION, "@VIEW"),
    (wc.CHANGE, "@CHANGE"),
    (wc.COMPARE, "@COMPARE"),
    (wc.SUPERLATIVE, "@MOST"),
    (wc.LAW, "@LAW"),
    (wc.POLICY | wc.MONEY, "@POLICY"),
    (wc.GROUP, "@GROUP"),
)
_COUNTED_SHAPES = frozenset(
    ("#MONEY", "#PERCENT", "#YEAR", "#RANK", "#NUMBER", "#WORD", "@CAPITAL", "-ed", "@PAST", "@DAY")
)

CLASS_NAMES = (*wc.CLASSES, *_COUNTED_SHAPES, "?")
MOST_TIMES = 4
_TIMES = {name: tuple(f"{name}{n}" for n in range(1, MOST_TIMES + 1)) for name in CLASS_NAMES}
_PAIRS = {name: {other: f"{name}&{other}" for other in CLASS_NAMES} for name in CLASS_NAMES}

SUBJECTS = {
    **dict.fromkeys(("i", "i'm", "i've", "i'd", "i'll"), "I"),
    **dict.fromkeys(("we", "we're", "we've", "we'd", "we'll"), "WE"),
    **dict.fromkeys(("you", "you're", "you've", "you'd", "you'll"), "YOU"),
    **dict.fromkeys(("he", "she", "he's", "she's", "he'd", "she'd", "he'll", "she'll"), "HE"),
    **dict.fromkeys(("they", "they're", "they've", "they'd", "they'll"), "THEY"),
    **dict.fromkeys(("it", "it's", "this", "that", "that's", "it'll"), "IT"),
    **dict.fromkeys(("there", "there's"), "THERE"),
}
_CLAUSE_ENDS = frozenset(
    (
        ",",
        ";",
        "—",
        "--",
        ":",
        ".",
        "and",
        "but",
        "that",
        "because",
        "if",
        "when",
        "who",
        "which",
        "so",
        "or",
        "?",
    )
)
_KEEPS_SUBJECT = frozenset((",", "--", "—"))
_BETWEEN = frozenset(("not", "also", "never", "just", "already", "been", "now", "always", "only"))
_LEADS = frozenset(
    [
        "and",
        "but",
        "so",
        "now",
        "well",
        "also",
        "look",
        "again",
        "then",
        "first",
        "second",
        "because",
        "yes",
        "no",
        "of",
        "course",
        "frankly",
        ",",
        ".",
        "--",
        "—",
    ]
)


class Token(NamedTuple):
    """One word, number or mark, and all that can be said of it without its neighbours."""

    word: str
    shape: str
    shape_first: str
    classes: tuple[str, ...]
    tense: str
    subject: str
    is_word: bool


@lru_cache(maxsize=16384)
def _token(raw: str) -> Token:
    lower = raw.lower().replace("’", "'")
    typed = _number_type(raw)
    shape = typed or _shape(lower, raw, first=False)
    shape_first = typed or _shape(lower, raw, first=True)
    classes = tuple(name for name, words in wc.CLASSES.items() if lower in words)
    if shape in _COUNTED_SHAPES:
        classes += (shape,)
    subject = SUBJECTS.get(lower, "")
    return Token(typed or lower, shape, shape_first, classes, _tense(lower), subject, lower[0].isalnum())


def _number_type(raw: str) -> str:
    if raw[0] in "$€£¥":
        return "#MONEY"
    if not raw[0].isdigit():
        return ""
    if raw[-1] == "%":
        return "#PERCENT"
    if _YEAR.fullmatch(raw):
        return "#YEAR"
    return "#RANK" if raw.endswith(("st", "nd", "rd", "th")) else "#NUMBER"


def _shape(lower: str, raw: str, *, first: bool) -> str:
    if lower in FUNCTION_WORDS or not raw[0].isalpha():
        return lower
    for words, name in _SHAPES:
        if lower in words:
            return name
    if not first and raw[0].isupper():
        return "@CAPITAL"
    for words, name in _SHAPES_BELOW_CAPITAL:
        if lower in words:
            return name
    for suffix in _SUFFIXES:
        if lower.endswith(suffix) and len(lower) > len(suffix) + 2:
            return "-" + suffix
    return "w"


def _tense(lower: str) -> str:
    if lower in ("will", "won't", "shall", "gonna") or lower.endswith("'ll"):
        return "FUTURE"
    if lower in wc.MODAL:
        return "MODAL"
    if lower in wc.AUXILIARY_PAST and lower != "been":
        return "WAS"
    if lower in ("has", "have", "hasn't", "haven't") or lower.endswith("'ve"):
        return "PERFECT"
    if lower in ("is", "are", "isn't", "aren't", "am", "it's", "that's", "he's", "she's", "there's"):
        return "IS"
    if lower.endswith(("'re", "'m")):
        return "IS"
    if lower in ("do", "does", "don't", "doesn't"):
        return "DO"
    if lower in wc.IRREGULAR_PAST or (len(lower) > 4 and lower.endswith("ed")):
        return "PAST"
    return ""


def tokens(sentence: str) -> list[Token]:
    """The tokens of a sentence, hesitations left out; a monster of a sentence is cut off."""
    found = _TOKEN.findall(sentence)
    if len(found) > _MAX_TOKENS:
        del found[_MAX_TOKENS:]
    return [_token(raw) for raw in found if raw not in _HESITATION]


def _grams(names: list[str], longest: int) -> list[str]:
    out = list(names)
    grams = names
    for size in range(2, longest + 1):
        grams = [f"{left} {right}" for left, right in zip(grams, names[size - 1 :], strict=False)]
        out += grams
    return out


def word_features(toks: list[Token]) -> list[str]:
    """Block ``w``."""
    return _grams(["<", *[token.word for token in toks], ">"], 3)


@lru_cache(maxsize=16384)
def char_features(word: str) -> tuple[str, ...]:
    """Block ``c``, of one word."""
    padded = f" {word} "
    length = len(padded)
    return tuple(padded[i : i + size] for size in range(2, 7) for i in range(length - size + 1))


def shape_features(toks: list[Token]) -> list[str]:
    """Block ``s``."""
    shapes = [token.shape for token in toks]
    if shapes:
        shapes[0] = toks[0].shape_first
    return _grams(["<", *shapes, ">"], 4)


class Clause(NamedTuple):
    """A finite verb and who stands before it."""

    subject: str
    tense: str
    verb: str


def clauses(toks: list[Token]) -> list[Clause]:
    """The clauses of a sentence, as far as small words and word endings show them."""
    found: list[Clause] = []
    subject = ""
    for i, token in enumerate(toks):
        word = token.word
        if word in _CLAUSE_ENDS:
            if word in ("who", "which"):
                subject = "WHO"
            elif word not in _KEEPS_SUBJECT:
                subject = ""
            continue
        if token.subject:
            subject = token.subject
        elif not subject:
            subject = _noun_subject(token)
        if token.tense:
            found.append(_clause(subject, token, toks, i))
    return found


def _noun_subject(token: Token) -> str:
    if token.shape == "@CAPITAL":
        return "NAME"
    if "group" in token.classes:
        return "GROUP"
    return "NOUN" if token.is_word and token.word not in FUNCTION_WORDS else ""


def _clause(subject: str, token: Token, toks: list[Token], i: int) -> Clause:
    following = toks[i + 1].word if i + 1 < len(toks) else ""
    if following in _BETWEEN and i + 2 < len(toks):
        following = toks[i + 2].word
    tense = token.tense
    if tense == "IS" and following == "going":
        tense = "GOING"
    return Clause(subject or "-", tense, token.word if tense == "PAST" else following)


def clause_features(toks: list[Token], found: list[Clause], has_number: bool) -> list[str]:
    """Block ``p``."""
    out: list[str] = []
    for index, (subject, tense, verb) in enumerate(found):
        pair = f"{subject}_{tense}"
        out += (pair, f"{pair}_{verb}", f"_{tense}_{verb}")
        if index == 0:
            out += (f"0{pair}", f"0{pair}_{verb}")
        if has_number:
            out.append(f"#{pair}")
    if found:
        out.append("all " + "|".join(f"{clause.subject}_{clause.tense}" for clause in found[:3]))
        out.append(f"last {found[-1].subject}_{found[-1].tense}")
        tenses = sorted({clause.tense for clause in found})
        out += [f"{a}&{b}" for n, a in enumerate(tenses) for b in tenses[n + 1 :]]
    else:
        out.append("none")
    body = _body(toks)
    out += [f"start {' '.join(body[:size])}" for size in range(1, len(body) + 1)]
    return out


def _body(toks: list[Token]) -> list[str]:
    """The first four words after "And", "Well," and the like."""
    start = 0
    while start < len(toks) and toks[start].word in _LEADS:
        start += 1
    return [token.word for token in toks[start : start + 4]]


def class_features(toks: list[Token], subject: str, question: bool) -> list[str]:
    """Block ``x``."""
    counts: dict[str, int] = {}
    length = 0
    for token in toks:
        length += token.is_word
        for name in token.classes:
            counts[name] = counts.get(name, 0) + 1
    step = bisect_right(LENGTHS, length)
    out = [f"long{n}" for n in range(step + 1)]
    for name, count in counts.items():
        out += _TIMES[name][: min(count, MOST_TIMES)]
    if question:
        counts["?"] = 1
        out.append("?")
    names = sorted(counts)
    for n, name in enumerate(names):
        row = _PAIRS[name]
        out += [row[other] for other in names[n + 1 :]]
        out += (f"{name}&long{step // 2}", f"{name}&{subject}")
    out.append(f":{subject}")
    return out


_AHEAD = frozenset(("FUTURE", "GOING", "MODAL"))
_BEHIND = frozenset(("PAST", "WAS", "PERFECT"))
_TIMELESS = frozenset(("IS", "DO"))


def flags(
    toks: list[Token], found: list[Clause], classes: Container[str], question: bool, has_number: bool
) -> list[str]:
    """One letter for each trait of the sentence that block ``y`` crosses with its words."""
    tenses = {clause.tense for clause in found}
    present = (
        ("F", not tenses.isdisjoint(_AHEAD)),
        ("P", not tenses.isdisjoint(_BEHIND)),
        ("N", tenses <= _TIMELESS),
        ("I", "I" in classes),
        ("W", "we" in classes),
        ("T", "they" in classes),
        ("Y", "you" in classes),
        ("#", has_number),
        ("-", "negation" in classes),
        ("?", question),
        ("s", len(toks) < 9),
        ("l", len(toks) > 30),
    )
    return [flag for flag, holds in present if holds]


def content_words(toks: list[Token]) -> list[str]:
    """The different words of more than two letters."""
    return list(dict.fromkeys([token.word for token in toks if token.is_word and len(token.word) > 2]))


def cross_features(toks: list[Token], found: list[Clause], question: bool, has_number: bool) -> list[str]:
    """Block ``y``."""
    classes = {name for token in toks for name in token.classes}
    traits = flags(toks, found, classes, question, has_number)
    return [flag + word for word in content_words(toks) for flag in traits]


class Seen(NamedTuple):
    """The features of one sentence; ``words`` stand for the characters in them (``char_features``)."""

    words: list[str]
    lists: tuple[list[str], ...]


NUMBER_CLASSES = frozenset(("number", "#MONEY", "#PERCENT", "#YEAR", "#RANK", "#NUMBER", "#WORD"))


def is_question(sentence: str) -> bool:
    """Whether a sentence ends with a question mark, marks of quotation aside."""
    return sentence.rstrip(" \"'”’»)").endswith("?")


def first_subject(toks: list[Token]) -> str:
    """Who the first pronoun among the first words is; empty for none."""
    return next((token.subject for token in toks[:8] if token.subject), "")


def of(sentence: str) -> Seen:
    """The features of a sentence: its words, and one list for each block of ``LISTED``."""
    toks = tokens(sentence)
    found = clauses(toks)
    question = is_question(sentence)
    has_number = any(not NUMBER_CLASSES.isdisjoint(token.classes) for token in toks)
    subject = first_subject(toks)
    return Seen(
        [token.word for token in toks],
        (
            word_features(toks),
            shape_features(toks),
            class_features(toks, subject, question),
            clause_features(toks, found, has_number),
            cross_features(toks, found, question, has_number),
        ),
    )
