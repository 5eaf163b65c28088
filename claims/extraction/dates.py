"""Dates in running text, relative ones resolved against the date of the article.

News style is assumed: "on Tuesday" is the nearest Tuesday on the side that the tense of the clause
points to, the article's own day included; a month without a year is the nearest such month on that side.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = [
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
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_SMALL = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"a": 1, "an": 1}


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """A date phrase at ``[start, end)`` of the text, and what it means.

    ``value`` is an ISO date ("2019-02-28"), month ("2019-02"), year ("2018") or quarter ("2018-Q3"), or
    two ISO dates with a slash for a week, season or decade, both days included; ``granularity`` is day,
    week, weekend, month, quarter, season, year or decade. ``relative``: whether the article's date was
    needed to know. ``ambiguous``: two readings are usual in English ("last March" written in April) or
    the phrase is a rough one ("about two years ago"); to be shown, never to be put into a restated claim.
    """

    start: int
    end: int
    text: str
    value: str
    granularity: str
    relative: bool = True
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Meaning:
    value: str
    granularity: str
    relative: bool = True
    ambiguous: bool = False


_MONTH = (
    r"(?P<{0}>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_LONG_MONTH = r"(?P<{0}>" + "|".join(MONTHS) + ")"
_DAY_NAME = r"(?P<{0}>" + "|".join(WEEKDAYS) + ")"
_SEASON = r"(?P<{0}>spring|summer|autumn|fall|winter)"
_YEAR = r"(?P<{0}>1[0-9]\d\d|20\d\d)"
_COUNT = r"(?P<{0}>\d{{1,3}}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?P<{0}>day|week|month|year|decade)s?"
_AHEAD = re.compile(
    r"\b(?:will|shall|won['’]t|going to|next|plans?|planned|scheduled|due|expected|expects?|set to|to be)\b|['’]ll\b",
    re.I,
)
_AHEAD_AFTER = re.compile(r",?(?:\s+[\w'’]+){1,4}?\s+(?:will|shall|won['’]t)\b", re.I)
_ROUGH = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|more than|less than|over|some|at least)\s+$", re.I
)


def resolve(text: str, article_date: date | str | None) -> list[ResolvedDate]:
    """The dates in ``text``, in order, none inside another.

    ``article_date`` is a date or its ISO form; without one (or with one that is no date) only phrases
    that need none are resolved ("28 February 2019", "in 2017").
    """
    if not _may_hold_date(text):
        return []
    day = as_date(article_date)
    found: list[ResolvedDate] = []
    for match in _PHRASES.finditer(text):
        rule = _RULES[match.lastgroup or ""]
        meaning = _meaning(rule, match, day, text)
        if meaning is not None:
            found.append(
                ResolvedDate(
                    match.start(),
                    match.end(),
                    match.group(),
                    meaning.value,
                    meaning.granularity,
                    meaning.relative,
                    meaning.ambiguous,
                )
            )
    return found


def as_date(value: date | str | None) -> date | None:
    """A date, an ISO date or the start of an ISO date and time as a date; None for anything else."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return value


Rule = Callable[[dict[str, str], date | None, bool], _Meaning | None]


def _meaning(rule: Rule, match: re.Match[str], day: date | None, text: str) -> _Meaning | None:
    parts = {
        name.split("__")[0]: value.lower()
        for name, value in match.groupdict().items()
        if value and "__" in name
    }
    if parts.get("month") in ("may", "march") and parts["month"] in match.group():
        return None  # the verbs
    ahead = _looks_ahead(text, match)
    try:
        meaning = rule(parts, day, ahead)
    except (ValueError, OverflowError):  # 31 February, the year 0
        return None
    if meaning and _ROUGH.search(text, max(0, match.start() - 12), match.start()):
        return _Meaning(meaning.value, meaning.granularity, meaning.relative, ambiguous=True)
    return meaning


def _looks_ahead(text: str, match: re.Match[str]) -> bool:
    """Whether the clause speaks of what is to come: "will meet on Monday", "on Monday they will meet"."""
    nearest = max(0, match.start() - 120)
    start = max(nearest, *(text.rfind(mark, nearest, match.start()) + 1 for mark in ".;!?\n"))
    if _AHEAD.search(text, start, match.start()):
        return True
    return bool(_AHEAD_AFTER.match(text, match.end(), match.end() + 60))


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name.rstrip(".")[:3]))


def _month_value(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def _add_months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _interval(first: date, last: date) -> str:
    return f"{first.isoformat()}/{last.isoformat()}"


def _iso(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    return _Meaning(date.fromisoformat(parts["iso"]).isoformat(), "day", relative=False)


def _full(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    """ "February 28, 2019", "28 February", "Feb. 28": the nearest such day where no year is given."""
    month, number = _month_number(parts["month"]), int(parts["day"])
    if "year" in parts:
        return _Meaning(date(int(parts["year"]), month, number).isoformat(), "day", relative=False)
    if day is None:
        return None
    years = [year for year in (day.year - 1, day.year, day.year + 1) if number <= monthrange(year, month)[1]]
    candidates = [date(year, month, number) for year in years]
    if "name" in parts:
        candidates = [each for each in candidates if each.weekday() == WEEKDAYS.index(parts["name"])]
    to_come = [each for each in candidates if each >= day]
    gone = [each for each in candidates if each <= day + timedelta(days=1)]
    side = to_come[:1] if ahead or not gone else gone[-1:]
    if not side:
        return None
    nearest = min(candidates, key=lambda each: abs((each - day).days))
    # "March 4" written on 28 February, tense unclear: the coming one is far nearer than the one gone.
    return _Meaning(side[0].isoformat(), "day", ambiguous=abs((nearest - side[0]).days) > 1)


def _month_of_year(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    return _Meaning(_month_value(int(parts["year"]), _month_number(parts["month"])), "month", relative=False)


def _year(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    return _Meaning(parts["year"], "year", relative=False)


def _decade(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    first = int(parts["decade"])
    return _Meaning(_interval(date(first, 1, 1), date(first + 9, 12, 31)), "decade", relative=False)


def _near_day(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    if day is None:
        return None
    word = parts["near"]
    if word.startswith("the day"):
        shift = -2 if "before" in word else 2
    else:
        shift = {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(word, 0)
    return _Meaning((day + timedelta(days=shift)).isoformat(), "day")


def _weekday(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    """ "on Tuesday", "last Tuesday" (before today), "next Tuesday" (two readings when within the week)."""
    if day is None:
        return None
    which, wanted = parts.get("which", ""), WEEKDAYS.index(parts["weekday"])
    back, forth = (day.weekday() - wanted) % 7, (wanted - day.weekday()) % 7
    if which == "last":
        return _Meaning((day - timedelta(days=back or 7)).isoformat(), "day")
    if which == "next":
        # "next Friday" said on Monday is this week's Friday for some and the one after for others.
        return _Meaning(
            (day + timedelta(days=forth or 7)).isoformat(), "day", ambiguous=wanted > day.weekday()
        )
    shift = forth if ahead or (which == "this" and wanted >= day.weekday()) else -back
    return _Meaning((day + timedelta(days=shift)).isoformat(), "day")


def _bare_month(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    if day is None:
        return None
    which, month = parts.get("which", ""), _month_number(parts["month"])
    if which == "this":
        return _Meaning(_month_value(day.year, month), "month")
    past = day.year if month <= day.month else day.year - 1
    if which == "last":
        last = past if month != day.month else day.year - 1
        return _Meaning(_month_value(last, month), "month", ambiguous=month < day.month)
    if which == "next" or ahead:
        year = day.year if month > day.month or (month == day.month and not which) else day.year + 1
        return _Meaning(_month_value(year, month), "month", ambiguous=which == "next" and month > day.month)
    return _Meaning(_month_value(past, month), "month")


def _which_unit(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    """ "last year", "this month", "next week", "the previous quarter"."""
    if day is None:
        return None
    shift = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}[
        parts["which"]
    ]
    unit = parts["unit"]
    if unit == "year":
        return _Meaning(str(day.year + shift), "year")
    if unit == "month":
        moved = _add_months(day.replace(day=1), shift)
        return _Meaning(_month_value(moved.year, moved.month), "month")
    if unit == "quarter":
        moved = _add_months(day.replace(day=1), 3 * shift)
        return _Meaning(f"{moved.year}-Q{(moved.month + 2) // 3}", "quarter")
    if unit == "decade":
        first = day.year // 10 * 10 + 10 * shift
        return _Meaning(_interval(date(first, 1, 1), date(first + 9, 12, 31)), "decade", ambiguous=True)
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
    if unit == "weekend":
        if shift == 0 and not ahead and day.weekday() < 5:
            monday -= timedelta(weeks=1)
        return _Meaning(_interval(monday + timedelta(days=5), monday + timedelta(days=6)), "weekend")
    return _Meaning(_interval(monday, monday + timedelta(days=6)), "week")


def _season(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    """Seasons of the north, by the months; another hemisphere or "last" within the year stays ambiguous."""
    if day is None:
        return None
    first, last = SEASONS[parts["season"]]
    shift = {"last": -1, "this": 0, "next": 1}[parts["which"]]
    start = date(day.year, first, 1)
    if shift == -1 and _add_months(start, 3) <= day:
        shift = 0
    if shift == 1 and start > day:
        shift = 0
    end_year = day.year + shift + (1 if last < first else 0)
    end = date(end_year, last, monthrange(end_year, last)[1])
    return _Meaning(_interval(start.replace(year=day.year + shift), end), "season", ambiguous=True)


def _ago(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    """ "two weeks ago", "three years earlier" is not here: earlier than what is for a person to say."""
    return _shifted(parts, day, -1)


def _from_now(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    return _shifted(parts, day, 1)


def _shifted(parts: dict[str, str], day: date | None, sign: int) -> _Meaning | None:
    if day is None:
        return None
    word, unit = parts["count"], parts["unit"]
    count = sign * (_SMALL.get(word) or int(word))
    if unit == "day":
        return _Meaning((day + timedelta(days=count)).isoformat(), "day")
    if unit == "week":
        monday = day + timedelta(weeks=count) - timedelta(days=day.weekday())
        return _Meaning(_interval(monday, monday + timedelta(days=6)), "week")
    if unit == "month":
        moved = _add_months(day.replace(day=1), count)
        return _Meaning(_month_value(moved.year, moved.month), "month")
    years = count * (10 if unit == "decade" else 1)
    return _Meaning(f"{day.year + years:04d}", "year", ambiguous=unit == "decade")


def _year_part(parts: dict[str, str], day: date | None, ahead: bool) -> _Meaning | None:
    """ "earlier this year", "later this month": the whole of it."""
    return _which_unit({"which": "this", "unit": parts["unit"]}, day, ahead)


# Order matters: the first alternative that fits at a place wins, so the longer phrases stand first.
# A part is named part__rule, since a name may occur once only in one expression.
_SOURCES: tuple[tuple[str, str, Rule], ...] = (
    ("iso", r"(?P<iso__iso>\d{4}-\d\d-\d\d)", _iso),
    (
        "mdy",
        r"(?:"
        + _DAY_NAME.format("name__mdy")
        + r",?\s+)?"
        + _MONTH.format("month__mdy")
        + r"\s+(?P<day__mdy>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+"
        + _YEAR.format("year__mdy")
        + r")?",
        _full,
    ),
    (
        "dmy",
        r"(?:"
        + _DAY_NAME.format("name__dmy")
        + r",?\s+)?(?<!\d)(?P<day__dmy>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+"
        + _MONTH.format("month__dmy")
        + r"(?:,?\s+"
        + _YEAR.format("year__dmy")
        + r")?",
        _full,
    ),
    ("my", _MONTH.format("month__my") + r"(?:\s+of)?,?\s+" + _YEAR.format("year__my"), _month_of_year),
    (
        "near",
        r"(?P<near__near>the day before yesterday|the day after tomorrow|yesterday|today|tonight|tomorrow|last night|this (?:morning|afternoon|evening))",
        _near_day,
    ),
    ("part", r"(?:earlier|later)\s+this\s+(?P<unit__part>week|month|year|decade)", _year_part),
    (
        "unit",
        r"(?:the\s+)?(?P<which__unit>last|previous|this|next|current|coming)\s+(?P<unit__unit>week(?:end)?|month|quarter|year|decade)(?!\s+of\b)",
        _which_unit,
    ),
    ("season", r"(?P<which__season>last|this|next)\s+" + _SEASON.format("season__season"), _season),
    ("wday", r"(?:(?P<which__wday>last|this|next)\s+)?" + _DAY_NAME.format("weekday__wday"), _weekday),
    (
        "mon",
        r"(?:(?<=\bin\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\bby\s)|(?P<which__mon>last|this|next)\s+)"
        + _LONG_MONTH.format("month__mon")
        + r"(?!\s+\d)",
        _bare_month,
    ),
    ("ago", _COUNT.format("count__ago") + r"\s+" + _UNIT.format("unit__ago") + r"\s+ago", _ago),
    ("now", _COUNT.format("count__now") + r"\s+" + _UNIT.format("unit__now") + r"\s+from\s+now", _from_now),
    ("decade", r"(?:the\s+)?(?P<decade__decade>(?:1[0-9]|20)\d0)['’]?s", _decade),
    (
        "year",
        r"(?:(?<=\bin\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\bby\s)|(?<=\bfrom\s)|(?<=\bof\s)|(?<=\bduring\s)|(?<=\bbetween\s)|(?<=\d{4}\sand\s)|(?<=\bbefore\s)|(?<=\bafter\s))"
        + _YEAR.format("year__year")
        + r"(?![-\d]|[.,]\d|\s*%)",
        _year,
    ),
)
_RULES: dict[str, Rule] = {name: rule for name, _, rule in _SOURCES}
# No phrase starts inside a word; saying so once, in front of all rules, is what makes this fast.
_PHRASES = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{name}>{source})" for name, source, _ in _SOURCES) + r")(?!\w)",
    re.IGNORECASE,
)
_YEAR_DIGITS = re.compile(r"\d{4}")
_HINT_WORD = re.compile(r"[A-Za-z]{3,}")
_HINTS = frozenset(
    "yesterday today tonight tomorrow night morning afternoon evening day week weekend month quarter year decade days weeks "
    "months years decades spring summer autumn fall winter".split()
) | {name for full in MONTHS for name in (full, full[:3], full[:4])} | set(WEEKDAYS)


def _may_hold_date(text: str) -> bool:
    """A quick look that spares most sentences the long one."""
    return bool(_YEAR_DIGITS.search(text)) or not _HINTS.isdisjoint(_HINT_WORD.findall(text.lower()))
