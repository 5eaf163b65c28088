"""Figures in running English: amounts, percentages, money, years, fractions, changes, and how exactly they are meant.

"nearly half" is 0.5, meant as a little less; "1.2m" is 1,200,000, exact to its last digit; "fell by a third" is a
change of one third downwards. Nothing here judges: ``compare`` spells the arithmetic out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000, "mn": 1_000_000, "m": 1_000_000,
    "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12, "dozen": 12,
}  # fmt: skip
_FRACTIONS = {
    "half": (1, 2), "third": (1, 3), "quarter": (1, 4), "fifth": (1, 5), "sixth": (1, 6), "seventh": (1, 7),
    "eighth": (1, 8), "ninth": (1, 9), "tenth": (1, 10), "thirds": (1, 3), "quarters": (1, 4), "fifths": (1, 5),
    "sixths": (1, 6), "eighths": (1, 8), "tenths": (1, 10),
}  # fmt: skip
_MULTIPLES: dict[str, int | Decimal] = {"doubled": 2, "doubling": 2, "twice": 2, "tripled": 3, "trebled": 3, "thrice": 3, "quadrupled": 4,
              "halved": Decimal("0.5")}  # fmt: skip
_CURRENCIES = {"$": "USD", "us$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "dollars": "USD", "dollar": "USD",
               "euros": "EUR", "euro": "EUR", "pounds": "GBP", "pence": "GBP pence", "usd": "USD", "eur": "EUR",
               "gbp": "GBP", "yen": "JPY", "cents": "cents"}  # fmt: skip
_ROUGH = {
    "about": "about", "around": "about", "roughly": "about", "approximately": "about", "some": "about",
    "circa": "about", "estimated": "about", "nearly": "below", "almost": "below", "close": "below",
    "under": "at most", "below": "at most", "fewer": "at most", "less": "at most", "most": "at most",
    "over": "at least", "above": "at least", "more": "at least", "least": "at least", "exceeding": "at least",
}  # fmt: skip
_DOWN = frozenset(
    [
        "fell",
        "fall",
        "falls",
        "fallen",
        "falling",
        "dropped",
        "drop",
        "drops",
        "dropping",
        "declined",
        "decline",
        "declines",
        "declining",
        "decreased",
        "decrease",
        "decreases",
        "shrank",
        "shrunk",
        "shrinks",
        "lost",
        "cut",
        "cuts",
        "down",
        "reduced",
        "reduce",
        "reduces",
        "reducing",
        "plunged",
        "sank",
        "halved",
        "slumped",
    ]
)
_UP = frozenset(
    [
        "rose",
        "rise",
        "rises",
        "risen",
        "rising",
        "grew",
        "grow",
        "grows",
        "grown",
        "growing",
        "increased",
        "increase",
        "increases",
        "increasing",
        "climbed",
        "gained",
        "jumped",
        "up",
        "soared",
        "surged",
        "raised",
        "raise",
        "expanded",
    ]
)
_MONTHS = frozenset(
    [
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
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
# Words after a figure that are not what is counted.
_NOT_UNITS = (
    _MONTHS
    | _DOWN
    | _UP
    | frozenset(
        [
            "more",
            "fewer",
            "less",
            "extra",
            "additional",
            "other",
            "new",
            "of",
            "in",
            "on",
            "at",
            "to",
            "by",
            "for",
            "from",
            "and",
            "or",
            "than",
            "as",
            "is",
            "are",
            "was",
            "were",
            "be",
            "been",
            "the",
            "a",
            "an",
            "that",
            "this",
            "which",
            "who",
            "it",
            "he",
            "she",
            "they",
            "we",
            "you",
            "had",
            "has",
            "have",
            "did",
            "do",
            "said",
            "says",
            "with",
            "per",
            "each",
            "every",
            "but",
            "so",
            "if",
            "when",
            "while",
            "since",
            "until",
            "not",
            "no",
            "into",
            "over",
            "under",
            "about",
            "after",
            "before",
            "during",
            "met",
            "times",
            "out",
        ]
    )
)
_SKIPPED = frozenset(["more", "fewer", "less", "extra", "additional", "other", "new"])
_MEASURES: dict[str, tuple[str, int | Decimal]] = {
    "km": ("m", 1000), "kilometre": ("m", 1000), "kilometer": ("m", 1000), "metre": ("m", 1), "meter": ("m", 1),
    "mile": ("m", Decimal("1609.344")), "foot": ("m", Decimal("0.3048")), "feet": ("m", Decimal("0.3048")),
    "kg": ("kg", 1), "kilogram": ("kg", 1), "kilo": ("kg", 1), "tonne": ("kg", 1000), "ton": ("kg", 1000),
    "hectare": ("m2", 10_000), "acre": ("m2", Decimal("4046.856")), "litre": ("l", 1), "liter": ("l", 1),
    "mw": ("W", 10**6), "gw": ("W", 10**9), "megawatt": ("W", 10**6), "gigawatt": ("W", 10**9),
    "minute": ("s", 60), "hour": ("s", 3600), "day": ("s", 86_400), "week": ("s", 604_800),
}  # fmt: skip

_WORDY = "|".join(sorted([*_UNITS, *_TENS, "a", "an"], key=len, reverse=True))
_SCALE = "|".join(sorted((s for s in _SCALES if len(s) > 1), key=len, reverse=True))
_PATTERN = re.compile(
    rf"""
    (?P<currency>(?:US)?[$£€¥])?\s?
    (?:
        (?P<ratio>\b(?P<of>\d{{1,3}}|{"|".join(_UNITS)})\s(?:in|out\sof)\s(?:every\s)?(?P<all>\d{{1,4}}|{"|".join(_UNITS)})\b(?![.,]?\d))
      | (?P<fraction>(?:(?P<many>{_WORDY}|\d{{1,3}})[-\s])?(?P<part>{"|".join(sorted(_FRACTIONS, key=len, reverse=True))})\b)
      | (?P<multiple>\b(?:{"|".join(_MULTIPLES)})\b)
      | (?P<digits>(?<![\w.,])(?<![A-Za-z]-)\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?<![\w.,])(?<![A-Za-z]-)\d+(?:\.\d+)?)
        (?P<glued>k|m|bn|b|mn|tn)?(?![A-Za-z])
      | (?P<wordy>\b(?:{"|".join([*_TENS, *_UNITS])})(?:[-\s](?:{"|".join(_UNITS)}))?\b|\b(?:a|an)\b(?=\s(?:{_SCALE})\b))
    )
    (?P<scale>[-\s](?:{_SCALE})s?\b)?
    (?P<percent>\s?%|[-\s]?(?:per\s?cent(?:age)?|percent(?:age)?|pct)\b)?
    (?P<points>\s(?:points?|pp)\b)?
    (?P<unit>[-\s][A-Za-z]+(?:\s[A-Za-z]+)?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text.

    Args:
        kind: ``amount``, ``percent`` (points included), ``share`` (a fraction), ``money``, ``year``, ``multiple``.
        value: in base units: 31 for "31 per cent", 0.5 for "half", 1200000 for "1.2m".
        step: the size of its last stated digit: 100000 for "1.2m". A figure can be no more exact than that.
        rough: empty, or ``about``, ``below`` ("nearly"), ``at least``, ``at most``.
        direction: -1 for a fall, 1 for a rise, 0 where the words around it tell of none.
        unit: currency, measure or the noun that follows ("vehicles").
    """

    text: str
    start: int
    end: int
    kind: str
    value: Decimal
    step: Decimal
    rough: str = ""
    direction: int = 0
    unit: str = ""

    def same_as(self, other: Figure) -> bool:
        """Whether both say the same: equal, or equal once the finer one is rounded like the coarser one."""
        return comparable(self, other) and _agrees(self, other)


def parse(text: str) -> list[Figure]:
    """The figures of ``text`` in their order. Ordinals, versions and numbers glued to letters are left out."""
    found = []
    for match in _PATTERN.finditer(text):
        figure = _figure(text, match)
        if figure is not None:
            found.append(figure)
    return found


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    before = [word.lower() for word in _BEFORE.findall(text[max(0, match.start() - 60) : match.start()])[-5:]]
    if match["multiple"]:
        return _multiple(text, match)
    if match["fraction"]:
        return _fraction(match, before)
    if match["ratio"]:
        return _ratio(match, before)
    parsed = _value(match)
    if parsed is None:
        return None
    value, step = parsed
    following = re.split(r"[-\s]+", (match["unit"] or "").strip(" -").lower())
    if match["digits"] and len(match["digits"]) <= 2 and following[0] in _MONTHS:
        return None  # the day of a date, which ``extraction.dates`` reads
    unit = _counted(following)
    end = _end_without_unit(match)
    if unit and unit == following[0] and (unit in _CURRENCIES or _measure(unit)):
        end = match.start("unit") + 1 + len(unit)
    rough, direction = _rough(before), _direction(before, text[match.end() : match.end() + 25])
    start = match.start("digits") if match["digits"] else match.start("wordy")
    start = match.start("currency") if match["currency"] else start
    quoted = text[start:end].strip()
    if match["percent"]:
        kind = "percent"
        unit = "points" if match["points"] else ""
    elif match["currency"] or unit in _CURRENCIES:
        kind, unit = "money", _CURRENCIES[(match["currency"] or unit).lower()]
    elif _is_year(match, value, unit, before):
        return Figure(quoted, start, end, "year", value, Decimal(1))
    else:
        kind = "amount"
        if match["wordy"] and not match["scale"] and value == 1:
            return None  # "one" is a pronoun more often than a figure
        measure = _measure(unit)
        if measure is not None:
            unit, factor = measure
            value, step = value * factor, step * factor
    return Figure(quoted, start, end, kind, value, step, rough, direction, unit)


def _value(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    if match["digits"]:
        plain = match["digits"].replace(",", "")
        try:
            value = Decimal(plain)
        except InvalidOperation:
            return None
        decimals = len(plain.partition(".")[2])
        step = Decimal(1).scaleb(-decimals)
        if not decimals and not (match["scale"] or match["glued"]):
            step = _round_step(plain)
    else:
        value = Decimal(
            sum({**_TENS, **_UNITS, "a": 1, "an": 1}[w] for w in re.split(r"[-\s]", match["wordy"].lower()))
        )
        step = Decimal(1)
    scale = (match["scale"] or "").strip(" -").lower() or (match["glued"] or "").lower()
    factor = _SCALES.get(scale) or _SCALES.get(scale.rstrip("s")) or 1
    return value * factor, step * factor


def _round_step(plain: str) -> Decimal:
    """ "4,000" is exact to the thousand at best, "22,400" to the hundred; two-digit figures to the unit."""
    zeros = len(plain) - len(plain.rstrip("0"))
    return Decimal(10) ** zeros if zeros >= 2 else Decimal(1)


def _multiple(text: str, match: re.Match[str]) -> Figure:
    word = match["multiple"].lower()
    start = match.start("multiple")
    return Figure(
        match["multiple"], start, start + len(word), "multiple", Decimal(str(_MULTIPLES[word])), Decimal("0.1"),
        _rough([w.lower() for w in _BEFORE.findall(text[max(0, start - 40) : start])[-3:]]),
    )  # fmt: skip


def _fraction(match: re.Match[str], before: list[str]) -> Figure | None:
    part = match["part"].lower()
    many = (match["many"] or "a").lower()
    if (
        part in {"third", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "quarter"}
        and not match["many"]
    ):
        return None  # "the third time", "in the fourth quarter": an ordinal or a season, not a share
    count = int(many) if many.isdigit() else {**_TENS, **_UNITS, "a": 1, "an": 1}.get(many, 1)
    numerator, denominator = _FRACTIONS[part]
    value = Decimal(count * numerator) / Decimal(denominator)
    start = match.start("fraction")
    return Figure(
        match["fraction"].strip(), start, match.end("fraction"), "share", value, Decimal("0.1") * value,
        _rough(before), _direction(before, ""),
    )  # fmt: skip


def _ratio(match: re.Match[str], before: list[str]) -> Figure | None:
    of, whole = (
        int(word) if word.isdigit() else _UNITS[word.lower()] for word in (match["of"], match["all"])
    )
    if not 0 < of < whole or 1500 <= whole <= 2100:
        return None  # "five in 2019", "3 in 1"
    value = Decimal(of) / Decimal(whole)
    start, end = match.span("ratio")
    return Figure(
        match["ratio"],
        start,
        end,
        "share",
        value,
        Decimal("0.1") * value,
        _rough(before),
        _direction(before, ""),
    )


def _counted(following: list[str]) -> str:
    """The noun that is counted, if one follows."""
    for word in following[:2]:
        if word not in _SKIPPED:
            return "" if word in _NOT_UNITS else word
    return ""


def _end_without_unit(match: re.Match[str]) -> int:
    for name in ("points", "percent", "scale", "glued", "digits", "wordy"):
        if match[name]:
            return match.end(name)
    return match.end()


def _is_year(match: re.Match[str], value: Decimal, unit: str, before: list[str]) -> bool:
    digits = match["digits"] or ""
    if (
        len(digits) != 4
        or not digits.isdigit()
        or match["scale"]
        or match["glued"]
        or not 1500 <= value <= 2100
    ):
        return False
    last = before[-1] if before else ""
    return (
        last in _MONTHS | {"in", "since", "of", "by", "from", "until", "to", "during", "and", "year"}
        or not unit
    )


def _measure(unit: str) -> tuple[str, Decimal] | None:
    known = _MEASURES.get(unit) or _MEASURES.get(unit.rstrip("s"))
    return None if known is None else (known[0], Decimal(str(known[1])))


def _rough(before: list[str]) -> str:
    for word in reversed(before[-3:]):
        if word in _ROUGH:
            return _ROUGH[word]
        if word not in {"than", "to", "a", "the", "of", "at", "by"}:
            break
    return ""


def _direction(before: list[str], after: str) -> int:
    for word in reversed(before):
        if word in _DOWN:
            return -1
        if word in _UP:
            return 1
    first = [word.lower() for word in _BEFORE.findall(after)[:2]]
    return -1 if set(first) & _DOWN else 1 if set(first) & _UP else 0


# --- comparing -----------------------------------------------------------------------------------------------------


def comparable(one: Figure, other: Figure) -> bool:
    """Whether it makes sense to put the two side by side: same kind, same unit, same direction."""
    shares = {"percent", "share"}
    if one.kind != other.kind and not {one.kind, other.kind} <= shares:
        return False
    if "points" in {one.unit, other.unit} and one.unit != other.unit:
        return False
    if one.kind == "money" and one.unit != other.unit:
        return False
    if one.kind == "amount" and one.unit and other.unit and _noun(one.unit) != _noun(other.unit):
        return False
    return not (one.direction and other.direction and one.direction != other.direction)


def _noun(unit: str) -> str:
    return unit[:-1] if unit.endswith("s") and len(unit) > 3 else unit


def in_percent(figure: Figure) -> Decimal:
    """A share as a percentage; any other figure as it is."""
    return figure.value * 100 if figure.kind == "share" else figure.value


def _agrees(one: Figure, other: Figure) -> bool:
    a, b = in_percent(one), in_percent(other)
    scale = 100 if one.kind == "share" else 1
    other_scale = 100 if other.kind == "share" else 1
    step = max(one.step * scale, other.step * other_scale)
    if one.kind == "year":
        return a == b
    if one.rough == "at least" or other.rough == "at most":
        return b >= a if one.rough == "at least" else a <= b
    if one.rough == "at most" or other.rough == "at least":
        return b <= a if one.rough == "at most" else a >= b
    slack = step / 2
    if one.rough in {"about", "below"} or other.rough in {"about", "below"}:
        slack = max(slack, abs(a) / 10)
    return abs(a - b) <= slack
