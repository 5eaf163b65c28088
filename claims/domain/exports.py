"""What leaves the desk as files: reports that the public may see, and the desk's own lists of claims.

Reads only. Everything streams: rows are read in portions and written as they come, so that memory does not grow with
the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Unpack

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from claims.domain import blind, listing, queries
from claims.domain.documents import desk_of, desk_settings
from claims.domain.listing import ReportFilter
from claims.domain.people import display_name
from claims.models import Claim, Report
from claims.publishing import datafeed
from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument
from claims.publishing.exports import claim_tables, tables
from claims.publishing.exports.claim_tables import ClaimRow

PORTION = 200


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a list: how its file is called and what it is on the wire."""

    suffix: str
    content_type: str
    write: Callable[[Any], Iterator[str | bytes]]


def reports(
    *, since: date | None = None, newest_first: bool = True, **chosen: Unpack[ReportFilter]
) -> QuerySet[Report]:
    """The public reports that the list at ``/reports/`` shows for the same words, topic, speaker, outlet and language."""
    rows = listing.narrowed(queries.public_reports(), **chosen)
    if since:
        rows = rows.filter(modified_at__date__gte=since)
    return rows if newest_first else rows.order_by("published_at", "id")


def documents(rows: QuerySet[Report]) -> Iterator[ReportDocument]:
    """The version of each report that stands, read in portions."""
    for row in rows.iterator(chunk_size=PORTION):
        assert row.current_version is not None, "public reports have one"
        yield ReportDocument.from_json(row.current_version.document)


def claim_rows(rows: QuerySet[Claim], person: User | None = None) -> Iterator[ClaimRow]:
    """The claims of a list, in its order; without the verdicts that ``person`` should not see yet."""
    wanted = rows.select_related(
        "article", "speaker", "assignee", "second_reader", "verdict__level", "report"
    )
    found = wanted.iterator(chunk_size=PORTION)
    while portion := list(islice(found, PORTION)):
        if person is not None:
            blind.veil(portion, person)
        for claim in portion:
            yield _claim_row(claim)


def write_reports(form: str, rows: QuerySet[Report]) -> Iterator[str | bytes]:
    """The reports in one of ``REPORT_FORMS``, piece by piece."""
    return REPORT_FORMS[form].write(documents(rows))


def write_claims(form: str, rows: QuerySet[Claim], person: User | None = None) -> Iterator[str | bytes]:
    """The claims in one of ``CLAIM_FORMS``, piece by piece, as ``person`` may see them."""
    return CLAIM_FORMS[form].write(claim_rows(rows, person))


def _claim_row(claim: Claim) -> ClaimRow:
    site = settings.SITE_URL
    verdict = getattr(claim, "verdict", None)
    level = verdict.level if verdict else None
    report = getattr(claim, "report", None)
    public = report is not None and report.current_version_id is not None
    return ClaimRow(
        id=claim.pk,
        url=f"{site}{claim.get_absolute_url()}",
        claim=claim.wording,
        quote=claim.text,
        claimant=claim.speaker_name,
        claimant_role=claim.speaker_role,
        said_on=claim.said_on.isoformat() if claim.said_on else "",
        said_where=claim.said_where,
        article=claim.article.title,
        article_url=claim.article.url,
        outlet=claim.article.outlet,
        topic=claim.topic,
        tags="; ".join(map(str, claim.tags)),
        status=claim.status,
        worthiness=round(claim.worthiness, 3),
        priority=claim.priority,
        checker=display_name(claim.assignee) if claim.assignee else "",
        second_reader=display_name(claim.second_reader) if claim.second_reader else "",
        due=_time(claim.due_at),
        verdict=level.word if level else "",
        verdict_key=level.key if level else "",
        report_url=f"{site}{reverse('report', args=[report.slug])}" if report and public else "",
        found=_time(claim.created_at),
    )


def _time(moment: datetime | None) -> str:
    return timestamp(moment) if moment else ""


def _datafeed(found: Iterable[ReportDocument]) -> Iterator[str | bytes]:
    yield from datafeed.datafeed(found, desk=desk_of(desk_settings()), now=timezone.now())


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_LINES = "application/x-ndjson; charset=utf-8"
_JSONLD = "application/ld+json; charset=utf-8"

REPORT_FORMS: dict[str, Form] = {
    "csv": Form("csv", CSV, lambda found: tables.csv_lines(found, bom=True)),
    "xlsx": Form("xlsx", XLSX, tables.xlsx_pieces),
    "ndjson": Form("ndjson", _LINES, tables.ndjson_lines),
    "jsonld": Form("jsonld", _JSONLD, tables.jsonld_pieces),
    "datafeed": Form("json", _JSONLD, _datafeed),
}
CLAIM_FORMS: dict[str, Form] = {
    "csv": Form("csv", CSV, claim_tables.csv_lines),
    "xlsx": Form("xlsx", XLSX, claim_tables.xlsx_pieces),
    "ndjson": Form("ndjson", _LINES, claim_tables.ndjson_lines),
    "jsonld": Form("jsonld", _JSONLD, claim_tables.jsonld_pieces),
}
