"""Freezing reports: every publication adds one immutable, hash-chained version that all public pages read.

These functions are called by the door alone (``domain.effects``), inside its transaction.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.text import slugify

from claims.domain import listing, tallies
from claims.domain.documents import build, history_of
from claims.domain.gate_checks import Dossier
from claims.domain.people import display_name
from claims.enums import ChangeKind
from claims.models import Report, ReportVersion
from claims.publishing.document import DocumentError, HistoryEntry, Notice, ReportDocument

SLUG_LENGTH = 80
# Sent after the transaction in which another version came to stand, with the report's ``slug``.
version_stands = Signal()


def freeze_first(
    dossier: Dossier, *, wrote: Iterable[User], approved_by: User, published_by: User | None
) -> Report:
    """Version 1 of a report, and the report itself. ``wrote``: everybody who wrote on the claim, the first one first."""
    verdict = dossier.verdict
    assert verdict is not None, "the gates have seen it"
    now = timezone.now()
    author = dossier.claim.assignee or verdict.saved_by
    if author == approved_by:
        author = verdict.saved_by
    report = Report.objects.create(
        claim=dossier.claim, slug=_free_slug(verdict.headline or verdict.summary), drafted_by=author
    )
    entry = HistoryEntry(
        number=1, kind=ChangeKind.FIRST, at=now, new_verdict=str(verdict.level), by=display_name(published_by)
    )
    document = build(
        dossier, slug=report.slug, version=1, change=ChangeKind.FIRST, authors=_authors(wrote, author),
        second_readers=[approved_by], published_at=now, history=[entry],
    )  # fmt: skip
    version = _store(report, document, "", author=author, approved_by=approved_by, published_by=published_by)
    _stand(report, version, document, now, published_at=now, approved_by=approved_by)
    return report


def freeze_change(
    report: Report, dossier: Dossier, *, kind: str, note: str, wrote: Iterable[User], author: User, approved_by: User
) -> Report:  # fmt: skip
    """The next version of a published report, after a correction of any kind; ``wrote`` as for the first."""
    versions = list(report.versions.all())
    last = ReportDocument.from_json(_current(report).document)
    now = timezone.now()
    assert dossier.verdict is not None, "the gates have seen it"
    new_word = str(dossier.verdict.level)
    changed = dossier.verdict.level is not None and dossier.verdict.level.key != last.verdict.key
    entry = HistoryEntry(
        number=len(versions) + 1, kind=kind, at=now, note=note, by=display_name(approved_by),
        old_verdict=last.verdict.word if changed else "", new_verdict=new_word if changed else "",
    )  # fmt: skip
    notice = last.notice
    if kind != ChangeKind.TYPO:
        notice = Notice(
            kind=kind, at=now, text=note, old_verdict=entry.old_verdict, new_verdict=entry.new_verdict
        )
    readers = [approved_by] if changed else _readers(report, approved_by)
    document = build(
        dossier, slug=report.slug, version=entry.number, change=kind, authors=_authors(wrote, report.drafted_by),
        second_readers=readers, published_at=last.published_at, history=[*history_of(versions), entry],
        notice=notice,
    )  # fmt: skip
    document = _under_its_first_name(document, last)
    version = _store(report, document, note, author=author, approved_by=approved_by, published_by=approved_by)
    _stand(report, version, document, now, approved_by=approved_by if changed else None)
    return report


def freeze_retraction(report: Report, *, note: str, author: User, approved_by: User) -> Report:
    """The last version: the same document with the reason on top, withdrawn on every surface at once."""
    last = ReportDocument.from_json(_current(report).document)
    now = timezone.now()
    entry = HistoryEntry(
        number=last.version + 1, kind=ChangeKind.RETRACTION, at=now, note=note, old_verdict=last.verdict.word,
        by=display_name(approved_by),
    )  # fmt: skip
    document = dataclasses.replace(
        last,
        version=entry.number,
        change=ChangeKind.RETRACTION,
        modified_at=now,
        history=(*last.history, entry),
        notice=Notice(kind=ChangeKind.RETRACTION, at=now, text=note, old_verdict=last.verdict.word),
        retracted=True,
    )
    version = _store(report, document, note, author=author, approved_by=approved_by, published_by=approved_by)
    _stand(report, version, document, now, retracted_at=now)
    return report


def _under_its_first_name(document: ReportDocument, last: ReportDocument) -> ReportDocument:
    """The id in feeds stays, also where the desk has moved to another host: a new id would be a new report to readers."""
    return dataclasses.replace(
        document, desk=dataclasses.replace(document.desk, tag_authority=last.desk.tag_authority)
    )


def current_document(report: Report) -> ReportDocument:
    """What the public sees now."""
    return ReportDocument.from_json(_current(report).document)


def verify_versions() -> str:
    """A sentence naming the first fault in the published history, or an empty text."""
    return next(history_faults(), "")


def history_faults() -> Iterator[str]:
    """Walk every report's chain of versions; a sentence for each place where it is broken.

    The hash covers the document, each version names the hash of the one before, numbers run without a gap, and the
    newest version is the one that stands and that the report's own copies for lists were made from.
    """
    previous: ReportVersion | None = None
    rows = ReportVersion.objects.select_related("report").order_by("report_id", "number")
    for row in rows.iterator(chunk_size=500):
        if previous is not None and previous.report_id != row.report_id:
            yield from _end_faults(previous)
            previous = None
        name = f"version {row.number} of report {row.report.slug}"
        if hashlib.sha256(row.document.encode("utf-8")).hexdigest() != row.sha256:
            yield f"{name}: its document was changed"
        if row.previous_sha256 != (previous.sha256 if previous else ""):
            yield f"{name}: it does not follow the version before it"
        if row.number != (previous.number if previous else 0) + 1:
            yield f"{name}: a version before it is missing"
        previous = row
    if previous is not None:
        yield from _end_faults(previous)
    yield from tallies.faults()


def _end_faults(newest: ReportVersion) -> Iterator[str]:
    report = newest.report
    if report.current_version_id != newest.pk:
        yield f"report {report.slug}: version {newest.number} is the newest, but another one stands"
        return
    try:
        document = ReportDocument.from_json(newest.document)
    except DocumentError:
        yield f"report {report.slug}: its newest version cannot be read"
        return
    for name, value in listing.fields_of(document).items():
        if (getattr(report, name) or None) != (value or None):
            yield f"report {report.slug}: its {name} for lists is not that of the version that stands"


def _current(report: Report) -> ReportVersion:
    assert report.current_version is not None, "only published reports are read"
    return report.current_version


def _store(
    report: Report,
    document: ReportDocument,
    note: str,
    *,
    author: User,
    approved_by: User,
    published_by: User | None,
) -> ReportVersion:
    before = report.current_version
    return ReportVersion.objects.create(
        report=report,
        number=document.version,
        kind=document.change,
        note=note,
        document=document.to_json(),
        sha256=document.sha256(),
        previous_sha256=before.sha256 if before else "",
        author=author,
        approved_by=approved_by,
        published_by=published_by,
        created_at=timezone.now(),
    )


def _stand(
    report: Report,
    version: ReportVersion,
    document: ReportDocument,
    now: datetime,
    *,
    published_at: datetime | None = None,
    retracted_at: datetime | None = None,
    approved_by: User | None = None,
) -> None:
    """From now on this version is the one that the public sees."""
    was = tallies.of(report, corrected=tallies.was_corrected(document, before=True))
    report.current_version = version
    for name, value in listing.fields_of(document).items():
        setattr(report, name, value)
    report.modified_at = document.modified_at
    report.published_at = published_at or report.published_at
    report.retracted_at = retracted_at or report.retracted_at
    if approved_by is not None and approved_by.pk != report.drafted_by_id:
        report.approved_by = approved_by
    report.save()
    listing.note_words(report, document, first=document.version == 1)
    tallies.note(report, was, document)
    transaction.on_commit(lambda: version_stands.send(sender=Report, slug=report.slug), robust=True)


def _authors(wrote: Iterable[User], first: User) -> list[User]:
    return [first, *(person for person in wrote if person != first)]


def _readers(report: Report, latest: User) -> list[User]:
    first = report.approved_by
    return [first, latest] if first is not None and first != latest else [latest]


def _free_slug(headline: str) -> str:
    base = slugify(headline)[:SLUG_LENGTH].strip("-") or "report"
    slug, number = base, 2
    while Report.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
