"""The desk's claims as rows, in any status: CSV, XLSX, lines of JSON and a JSON-LD graph.

These are working lists of the desk, not reports: a claim without a report has no verdict to hand on, so the
JSON-LD holds schema.org ``Claim`` nodes and never a ClaimReview.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from claims.publishing.exports import tables, workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim of a list. Times are ISO 8601 in UTC, days ISO dates; empty where nothing is known."""

    id: int
    url: str
    claim: str
    quote: str
    claimant: str = ""
    claimant_role: str = ""
    said_on: str = ""
    said_where: str = ""
    article: str = ""
    article_url: str = ""
    outlet: str = ""
    topic: str = ""
    tags: str = ""
    status: str = ""
    worthiness: float = 0
    priority: str = ""
    checker: str = ""
    second_reader: str = ""
    due: str = ""
    verdict: str = ""
    verdict_key: str = ""
    report_url: str = ""
    found: str = ""


COLUMNS: Final = tuple(item.name for item in fields(ClaimRow))


def csv_lines(rows: Iterable[ClaimRow]) -> Iterator[str]:
    """CSV, line by line, with a mark that lets spreadsheets see UTF-8."""
    return tables.csv_text(COLUMNS, map(_values, rows), bom=True)


def ndjson_lines(rows: Iterable[ClaimRow]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        yield f"{json.dumps(asdict(row), ensure_ascii=False)}\n"


def jsonld_pieces(rows: Iterable[ClaimRow]) -> Iterator[str]:
    """The claims as one graph of schema.org ``Claim`` nodes; ``identifier`` is the id of the list."""
    yield '{"@context": "https://schema.org", "@graph": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(_node(row), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def xlsx_pieces(rows: Iterable[ClaimRow]) -> Iterator[bytes]:
    """A workbook with one sheet, sent while it is written."""
    sheet = workbook.Sheet("claims", COLUMNS, (8, 40, 60, 60, 24, 24))
    return workbook.pieces([sheet], ((0, tables.harmless_row(_values(row))) for row in rows))


def _values(row: ClaimRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in COLUMNS)


def _node(row: ClaimRow) -> dict[str, Any]:
    author = {"@type": "Person", "name": row.claimant} if row.claimant else None
    work = {"@type": "CreativeWork", "name": row.article, "url": row.article_url}
    node = {
        "@type": "Claim",
        "@id": row.url,
        "identifier": row.id,
        "text": row.quote,
        "name": row.claim,
        "author": author,
        "datePublished": row.said_on,
        "appearance": {key: value for key, value in work.items() if value},
    }
    return {key: value for key, value in node.items() if value}
