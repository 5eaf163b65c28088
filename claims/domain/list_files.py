"""The desk's other lists as files: articles, the library, messages from readers. Claims have ``exports``.

Rows stream in portions, with the same search as the page; cells that a spreadsheet would take for a formula are made
harmless by the writers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from claims.domain import articles, library, reader_messages
from claims.domain.exports import CSV, PORTION, XLSX, Form
from claims.domain.people import display_name
from claims.enums import ClaimStatus
from claims.models import Article, LibraryDocument, ReaderMessage
from claims.publishing.claimreview import timestamp
from claims.publishing.exports import tables, workbook

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ListFile:
    """One list: its columns with their width in a sheet, its rows for what the address asks, and a row's cells."""

    columns: tuple[tuple[str, int], ...]
    find: Callable[[dict[str, str]], QuerySet[Any]]
    cells: Callable[[Any], Row]

    def rows(self, asked: dict[str, str]) -> Iterator[Row]:
        """The cells of every row, read in portions."""
        for row in self.find(asked).iterator(chunk_size=PORTION):
            yield self.cells(row)


def write(kind: str, form: str, asked: dict[str, str]) -> Iterator[str | bytes]:
    """The list as a file, piece by piece.

    Args:
        kind: one of ``KINDS``.
        form: one of ``FORMS``.
        asked: what the page's address asks for: ``q`` (words), ``show`` (messages that are answered).
    """
    listed = KINDS[kind]
    return FORMS[form].write((kind, listed.columns, listed.rows(asked)))


def _csv(what: tuple[str, tuple[tuple[str, int], ...], Iterable[Row]]) -> Iterator[str]:
    _name, columns, rows = what
    return tables.csv_text(tuple(name for name, _width in columns), rows, bom=True)


def _xlsx(what: tuple[str, tuple[tuple[str, int], ...], Iterable[Row]]) -> Iterator[bytes]:
    name, columns, rows = what
    sheet = workbook.Sheet(
        name, tuple(one for one, _width in columns), tuple(width for _one, width in columns)
    )
    return workbook.pieces([sheet], ((0, tables.harmless_row(row)) for row in rows))


FORMS: dict[str, Form] = {"csv": Form("csv", CSV, _csv), "xlsx": Form("xlsx", XLSX, _xlsx)}


def _moment(value: datetime | None) -> str:
    return timestamp(value) if value else ""


def _articles(asked: dict[str, str]) -> QuerySet[Article]:
    new = Q(claims__status=ClaimStatus.NEW)
    public = Q(claims__status__in=ClaimStatus.public())
    rows: QuerySet[Article] = articles.found(asked.get("q", "")).annotate(
        total=Count("claims"), new=Count("claims", filter=new), public=Count("claims", filter=public)
    )
    return rows


def _article(row: Any) -> Row:
    return (
        row.pk, f"{settings.SITE_URL}{reverse('article', args=[row.pk])}", row.title, row.outlet, row.author,
        row.published_on.isoformat() if row.published_on else "", row.url, row.topic, row.language, row.state,
        row.total, row.new, row.public, display_name(row.added_by) if row.added_by else "", _moment(row.created_at),
    )  # fmt: skip


def _documents(asked: dict[str, str]) -> QuerySet[LibraryDocument]:
    return library.search(asked.get("q", "").strip()[:200]).select_related("added_by")


def _document(row: LibraryDocument) -> Row:
    return (
        row.pk, f"{settings.SITE_URL}{reverse('document', args=[row.pk])}", row.title, row.publisher, row.kind,
        row.url, row.note, row.state, display_name(row.added_by), _moment(row.created_at),
    )  # fmt: skip


def _messages(asked: dict[str, str]) -> QuerySet[ReaderMessage]:
    closed = asked.get("show") == "answered"
    rows = reader_messages.answered() if closed else reader_messages.waiting()
    return rows.select_related("report", "closed_by").order_by("created_at", "id")


def _message(row: ReaderMessage) -> Row:
    """Without the reader's address: it is kept for the answer alone."""
    return (
        row.number, f"{settings.SITE_URL}{reverse('reader-message', args=[row.pk])}", row.about, row.report.headline,
        row.text, row.passage, _moment(row.created_at), _moment(row.due_at), row.outcome,
        display_name(row.closed_by) if row.closed_by else "", _moment(row.closed_at),
    )  # fmt: skip


KINDS: dict[str, ListFile] = {
    "articles": ListFile(
        (("id", 8), ("page", 40), ("title", 60), ("outlet", 24), ("author", 24), ("published_on", 14), ("url", 40),
         ("topic", 16), ("language", 10), ("state", 10), ("claims", 8), ("to_triage", 10), ("published", 10),
         ("added_by", 20), ("added", 22)),
        _articles, _article,
    ),
    "library": ListFile(
        (("id", 8), ("page", 40), ("title", 60), ("publisher", 24), ("kind", 12), ("url", 40), ("note", 40),
         ("state", 10), ("added_by", 20), ("added", 22)),
        _documents, _document,
    ),
    "readers": ListFile(
        (("number", 14), ("page", 40), ("about", 12), ("report", 60), ("message", 60), ("passage", 40),
         ("received", 22), ("due", 22), ("outcome", 14), ("answered_by", 20), ("answered", 22)),
        _messages, _message,
    ),
}  # fmt: skip
