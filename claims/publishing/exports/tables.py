"""Reports as rows: CSV, XLSX and lines of JSON.

Every form streams: ten thousand reports are written as they are read. A cell
that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from claims.publishing import claimreview, feeds
from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument, Source

REPORT_COLUMNS: Final = (
    *("id", "url", "headline", "claim", "quote", "claimant", "claimant_role", "said_on", "said_where"),
    *("outlet", "article_url", "verdict", "verdict_key", "position", "worst", "best", "reason"),
    *("published", "modified", "version", "change", "retracted", "language", "topics", "sources"),
    *("authors", "second_readers", "methodology_version", "sha256"),
)
SOURCE_COLUMNS: Final = (
    *("report_id", "number", "title", "publisher", "url", "where", "kind", "stance", "quote", "origin"),
    *("published", "accessed", "archive", "archive_url", "own_copy_sha256", "archive_reason", "interests"),
)
SCALE_COLUMNS: Final = ("scale", "version", "position", "key", "word", "definition")
CORRECTION_COLUMNS: Final = (
    "report_id",
    "url",
    "version",
    "kind",
    "date",
    "old_verdict",
    "new_verdict",
    "note",
)

_README: Final = (
    "Each row of 'reports' is the current version of one report; its id never changes.",
    "'sources' belong to reports by report_id. 'corrections' is the public log.",
    "'position' is empty for a verdict off the scale: no number may be made up for it.",
    "Dates are ISO 8601, times are in UTC.",
    "An apostrophe before =, +, - or @ keeps a spreadsheet from reading a text as a formula.",
)
_FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)
Row = tuple[Any, ...]


def harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \n").startswith(_FORMULA):
        return f"'{value}"
    return value


def report_row(document: ReportDocument) -> Row:
    """The values of :data:`REPORT_COLUMNS`."""
    claim, verdict = document.claim, document.verdict
    speaker, article = claim.speaker, claim.article
    return (
        *(document.uid, document.url, document.headline, claim.stated, claim.quote),
        *((speaker.name, speaker.role) if speaker else ("", "")),
        *(claim.said_on.isoformat() if claim.said_on else claim.said_when, claim.where),
        *((article.outlet, article.url) if article else ("", "")),
        *(verdict.word, verdict.key),
        *((verdict.position, verdict.worst, verdict.best) if verdict.on_scale else ("", "", "")),
        *(verdict.summary, timestamp(document.published_at), timestamp(document.modified_at)),
        *(document.version, document.change, "yes" if document.retracted else "no", document.language),
        *("; ".join(document.topics), len(document.sources)),
        "; ".join(person.name for person in document.authors),
        "; ".join(person.name for person in document.second_readers),
        *(document.methodology_version, document.sha256()),
    )


def source_row(document: ReportDocument, source: Source) -> Row:
    """The values of :data:`SOURCE_COLUMNS`."""
    return (
        *(document.uid, source.number, source.title, source.publisher, source.url, source.where),
        *(source.kind, source.stance, source.quote, source.origin),
        source.published_on.isoformat() if source.published_on else "",
        source.accessed.isoformat() if source.accessed else "",
        *(source.archive.state, source.archive.url, source.archive.sha256, source.archive.reason),
        source.interests,
    )


def csv_lines(documents: Iterable[ReportDocument], *, bom: bool = False) -> Iterator[str]:
    """The reports as CSV, see :func:`csv_text`."""
    return csv_text(REPORT_COLUMNS, map(report_row, documents), bom=bom)


def csv_text(columns: Row, rows: Iterable[Row], *, bom: bool = False) -> Iterator[str]:
    """CSV after RFC 4180, line by line; ``bom`` helps older spreadsheets to see UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    yield ("\ufeff" if bom else "") + _taken(buffer)
    for row in rows:
        writer.writerow([harmless(_without_nul(value)) for value in row])
        yield _taken(buffer)


def ndjson_lines(documents: Iterable[ReportDocument]) -> Iterator[str]:
    """One report document a line, whole and canonical."""
    for document in documents:
        yield f"{document.to_json()}\n"


def jsonld_pieces(documents: Iterable[ReportDocument]) -> Iterator[str]:
    """The ClaimReviews as one JSON-LD graph; retracted reports have none."""
    yield '{"@context": "https://schema.org", "@graph": ['
    separator = "\n"
    for document in documents:
        if markup := claimreview.build(document):
            del markup["@context"]
            yield separator + json.dumps(markup, ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def write_xlsx(documents: Iterable[ReportDocument], target: IO[bytes]) -> None:
    """Write a workbook: reports, sources, rating scale, corrections, README.

    Reads the documents once; the rows wait on disk, not in memory.
    """
    book = Workbook(write_only=True)
    reports = sheet(book, "reports", REPORT_COLUMNS, (10, 40, 50, 50, 50))
    sources = sheet(book, "sources", SOURCE_COLUMNS, (10, 8, 50, 30, 40))
    scale = sheet(book, "rating scale", SCALE_COLUMNS, (24, 8, 8, 18, 18, 80))
    corrections = sheet(book, "corrections", CORRECTION_COLUMNS, (10, 40, 8, 16, 22, 18, 18, 80))
    levels: dict[Row, None] = {}
    for document in documents:
        append(reports, report_row(document))
        for source in document.sources:
            append(sources, source_row(document, source))
        levels |= dict.fromkeys(_scale_rows(document))
        for row in _correction_rows(document):
            append(corrections, row)
    for row in levels:
        append(scale, row)
    readme = sheet(book, "README", ("About this file",), (110,))
    for line in _README:
        append(readme, (line,))
    book.save(target)


def _scale_rows(document: ReportDocument) -> Iterator[Row]:
    verdict = document.verdict
    for level in verdict.levels:
        yield (
            verdict.scale_name,
            verdict.scale_version,
            level.position,
            level.key,
            level.word,
            level.definition,
        )
    if not verdict.on_scale:
        yield (verdict.scale_name, verdict.scale_version, "", verdict.key, verdict.word, verdict.definition)


def _correction_rows(document: ReportDocument) -> Iterator[Row]:
    for item in feeds.corrections_of(document):
        yield (
            *(document.uid, item.url, item.version, item.kind, timestamp(item.at)),
            *(item.old_verdict, item.new_verdict, item.note),
        )


def sheet(book: Workbook, title: str, columns: Row, widths: tuple[int, ...]) -> WriteOnlyWorksheet:
    """A sheet with its heading, which stays in view."""
    made: WriteOnlyWorksheet = book.create_sheet(title)
    for index, width in enumerate(widths):
        dimensions = made.column_dimensions  # type: ignore[attr-defined]  # the stubs leave it out
        dimensions["ABCDEFGH"[index]].width = width
    made.freeze_panes = "A2"
    made.append(columns)
    return made


def append(to: WriteOnlyWorksheet, row: Row) -> None:
    """One row, harmless and without signs that a workbook cannot hold."""
    to.append(
        [harmless(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value for value in row]
    )


def _without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
