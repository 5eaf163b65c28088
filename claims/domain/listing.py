"""What public lists need of a report, copied from its frozen version when that comes to stand: speaker, outlet, words.

Lists filter by these copies; what they show is the version itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from claims.matching.words import words_of
from claims.models import Article, RatingLevel, Report, ReportWord, Tally
from claims.models.article import LONG_FIELDS
from claims.publishing.document import ReportDocument

SLUG = 120
RARE = 2_000


def slug_of(name: str) -> str:
    """The part of an address that stands for a name, in its own script; empty for none."""
    level = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]+", "-", level, flags=re.UNICODE).strip("-_")[:SLUG]


def fields_of(document: ReportDocument) -> dict[str, Any]:
    """The copies on the report's own row."""
    speaker = document.claim.speaker.name if document.claim.speaker else ""
    outlet = document.claim.article.outlet if document.claim.article else ""
    return {
        "headline": document.headline[:300],
        "verdict_key": document.verdict.key,
        "topic": document.topics[0] if document.topics else "",
        "speaker": speaker[:300] or None,
        "speaker_slug": slug_of(speaker) or None,
        "outlet": outlet[:200] or None,
        "outlet_slug": slug_of(outlet) or None,
        "language": document.language,
    }


def note_words(report: Report, document: ReportDocument, *, first: bool) -> None:
    """The words by which the report is found, as its standing version has them; the first finds none there."""
    speaker = document.claim.speaker.name if document.claim.speaker else ""
    wanted = words_of(f"{document.headline} {document.claim.stated} {speaker} {' '.join(document.topics)}")
    present: set[str] = set()
    if not first:
        present = set(ReportWord.objects.filter(report=report).values_list("word", flat=True))
        ReportWord.objects.filter(report=report, word__in=present - wanted).delete()
    rows = [ReportWord(report=report, word=word[:60]) for word in sorted({w[:60] for w in wanted} - present)]
    ReportWord.objects.bulk_create(rows)


class ReportFilter(TypedDict, total=False):
    """What a list of reports is narrowed to. ``speaker`` and ``outlet``: a name, or what stands for it in an address."""

    topic: str
    words: str
    verdict: str
    speaker: str
    outlet: str
    language: str


# How each part is called on the report's own row; the words have a table of their own.
_COLUMNS = {
    "topic": "topic",
    "verdict": "verdict_key",
    "speaker": "speaker_slug",
    "outlet": "outlet_slug",
    "language": "language",
}


def _values(chosen: ReportFilter) -> dict[str, str]:
    """The values that are looked for, under the parts' names; those of parts that ask for nothing are left out."""
    given = {name: str(value) for name, value in chosen.items() if name in _COLUMNS and value}
    return {name: slug_of(value) if name in {"speaker", "outlet"} else value for name, value in given.items()}


def narrowed(rows: QuerySet[Report], **chosen: Unpack[ReportFilter]) -> QuerySet[Report]:
    """The reports that fit; the page of reports, its downloads, feeds and the lists by name all ask here."""
    exact = {_COLUMNS[name]: value for name, value in _values(chosen).items() if value}
    return _with_words(rows.filter(**exact), sorted(words_of(chosen.get("words", "")))[:6])


def not_understood(**chosen: Unpack[ReportFilter]) -> dict[str, str]:
    """A sentence for each part that narrows nothing, because no public report could fit it: under the part's name."""
    words = chosen.get("words", "")
    said = {}
    if words and not words_of(words):
        said["words"] = _("“%(word)s” has no word to search for.") % {"word": words[:40]}
    sentences = {
        "topic": _("There is no topic “%(word)s”."),
        "verdict": _("There is no verdict “%(word)s”."),
        "speaker": _("There is no speaker “%(word)s”."),
        "outlet": _("There is no outlet “%(word)s”."),
        "language": _("There is no report in the language “%(word)s”."),
    }
    for name, value in _values(chosen).items():
        if not (value and _is_there(_COLUMNS[name], value)):
            said[name] = sentences[name] % {"word": str(chosen.get(name, ""))[:40]}
    return said


def _is_there(column: str, key: str) -> bool:
    """Whether a public report has it; a rating that nothing was given yet is one all the same."""
    if Report.objects.public().filter(**{column: key}).exists():
        return True
    return column == "verdict_key" and RatingLevel.objects.filter(key=key).exists()


def _with_words(rows: QuerySet[Report], words: Iterable[str]) -> QuerySet[Report]:
    """Rare words lead to their reports; common ones are looked up for each report, newest first."""
    for word in words:
        holding = ReportWord.objects.filter(word=word)
        if holding[:RARE].count() < RARE:
            rows = rows.filter(pk__in=holding.values("report_id"))
        else:
            rows = rows.filter(Exists(holding.filter(report_id=OuterRef("pk"))))
    return rows


def names(kind: str, *, after: str = "", size: int = 60) -> tuple[list[dict[str, Any]], str]:
    """Topics, speakers or outlets with the number of their reports, by name; the second value opens the next page.

    Args:
        kind: ``topic``, ``speaker`` or ``outlet``.
        after: where the page before ended.
    """
    rows = Tally.objects.filter(kind=kind, verdict="", count__gt=0, key__gt=after).order_by("key")
    listed = [{"slug": row.key, "name": row.name or row.key, "count": row.count} for row in rows[: size + 1]]
    return listed[:size], str(listed[size - 1]["slug"]) if len(listed) > size else ""


def record(kind: str, slug: str) -> dict[str, Any]:
    """Counts of verdicts on one speaker or outlet: standing reports only, never a score.

    ``enough`` says whether there are so many that counts may be shown.
    """
    rows = Tally.objects.filter(kind=kind, key=slug, count__gt=0).exclude(verdict="")
    counts = dict(rows.values_list("verdict", "count"))
    total = sum(counts.values())
    return {
        "counts": counts,
        "total": total,
        "enough": total >= settings.SPEAKER_RECORD_FROM,
        "from": settings.SPEAKER_RECORD_FROM,
    }


def articles() -> QuerySet[Tally]:
    """Articles of which claims were checked, the one that came in last first; ``key`` is the article's number."""
    rows = Tally.objects.filter(kind=Tally.Kind.ARTICLE, latest__isnull=False, count__gt=0)
    return rows.order_by("-latest", "-id")


def articles_of(rows: Iterable[Tally]) -> list[Article]:
    """The articles that these counts are of, in their order, without their texts."""
    numbers = [int(row.key) for row in rows]
    found = Article.objects.defer(*LONG_FIELDS).in_bulk(numbers)
    return [found[number] for number in numbers if number in found]
