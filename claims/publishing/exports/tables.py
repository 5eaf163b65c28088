"""Reports as rows: CSV, XLSX and lines of JSON.

Every form streams: ten thousand reports are written as they are read. A cell
that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from claims.publishing import claimreview, feeds
from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument, Source
from claims.publishing.exports import workbook

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


def xlsx_pieces(documents: Iterable[ReportDocument]) -> Iterator[bytes]:
    """A workbook in pieces: reports, sources, rating scale, corrections, README.

    Reads the documents once; rows of the later sheets wait on disk, not in memory.
    """
    sheets = [
        workbook.Sheet("reports", REPORT_COLUMNS, (10, 40, 50, 50, 50)),
        workbook.Sheet("sources", SOURCE_COLUMNS, (10, 8, 50, 30, 40)),
        workbook.Sheet("rating scale", SCALE_COLUMNS, (24, 8, 8, 18, 18, 80)),
        workbook.Sheet("corrections", CORRECTION_COLUMNS, (10, 40, 8, 16, 22, 18, 18, 80)),
        workbook.Sheet("README", ("About this file",), (110,)),
    ]
    return workbook.pieces(sheets, ((number, harmless_row(row)) for number, row in _book_rows(documents)))


def write_xlsx(documents: Iterable[ReportDocument], target: IO[bytes]) -> None:
    """Write :func:`xlsx_pieces` to a file."""
    for piece in xlsx_pieces(documents):
        target.write(piece)


def harmless_row(row: Row) -> Row:
    """The row without a formula in it."""
    return tuple(map(harmless, row))


def _book_rows(documents: Iterable[ReportDocument]) -> Iterator[tuple[int, Row]]:
    levels: dict[Row, None] = {}
    for document in documents:
        yield 0, report_row(document)
        for source in document.sources:
            yield 1, source_row(document, source)
        levels |= dict.fromkeys(_scale_rows(document))
        for row in _correction_rows(document):
            yield 3, row
    for row in levels:
        yield 2, row
    for line in _README:
        yield 4, (line,)


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


def _without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
