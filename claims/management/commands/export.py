"""``manage.py export --format FORM [SLUG…]``: reports, or the desk's claims, as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from claims.domain import exports, queries, report_files
from claims.enums import ClaimStatus
from claims.exceptions import DeskError
from claims.models import Report

# One file for each report; the other forms hold all of them in one.
SINGLE = {
    "html": "report.html",
    "pdf": "report.pdf",
    "markdown": "report.md",
    "bibtex": "cite.bib",
    "prov": "prov.json",
}


class Command(BaseCommand):
    help = (
        "Write published reports as one file (csv, xlsx, ndjson, jsonld, datafeed) or each as a file of its own "
        "(html, pdf, markdown, bibtex, prov). With --what claims: the desk's claims in any status."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "slugs", nargs="*", metavar="SLUG", help="these reports; without one, all of them"
        )
        parser.add_argument("--format", required=True, choices=[*exports.REPORT_FORMS, *SINGLE])
        parser.add_argument("--what", choices=["reports", "claims"], default="reports")
        parser.add_argument(
            "--output", metavar="PATH", help="a file, or a folder for one file each; without it, printed"
        )
        parser.add_argument("--topic", default="")
        parser.add_argument("--verdict", default="", help="key of a rating, such as mostly_false")
        parser.add_argument("--search", default="", help="words of the headline")
        parser.add_argument(
            "--since", type=date.fromisoformat, help="changed on or after this day, YYYY-MM-DD"
        )
        parser.add_argument(
            "--status", action="append", default=[], choices=ClaimStatus.values, help="of claims"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        form = options["format"]
        if options["what"] == "claims":
            if form not in exports.CLAIM_FORMS:
                raise CommandError(f"Claims can be written as {', '.join(exports.CLAIM_FORMS)}.")
            chosen = queries.ClaimFilter(
                statuses=tuple(options["status"]), topic=options["topic"], search=options["search"]
            )
            self._write(exports.write_claims(form, queries.claims(chosen)), options["output"])
            return
        rows = _reports(options)
        if form in exports.REPORT_FORMS:
            self._write(exports.write_reports(form, rows), options["output"])
        else:
            self._each(SINGLE[form], rows, options)

    def _write(self, pieces: Iterable[str | bytes], path: str | None) -> None:
        data = (piece.encode() if isinstance(piece, str) else piece for piece in pieces)
        if path is None:
            _print(data)
            return
        with Path(path).open("wb") as file:
            for piece in data:
                file.write(piece)
        self.stderr.write(f"Written: {path}")

    def _each(self, name: str, rows: QuerySet[Report], options: dict[str, Any]) -> None:
        target = Path(options["output"]) if options["output"] else None
        count = 0
        for report in rows.iterator(chunk_size=50):
            try:
                _form, content = report_files.make(name, report)
            except DeskError as error:
                raise CommandError(str(error)) from error
            path = _place(target, report, name, one=len(options["slugs"]) == 1)
            if path is None:
                _print([content])
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            count += 1
        self.stderr.write(f"{count} written.")


def _reports(options: dict[str, Any]) -> QuerySet[Report]:
    rows = exports.reports(
        topic=options["topic"], words=options["search"], verdict=options["verdict"], since=options["since"]
    )
    slugs = options["slugs"]
    if not slugs:
        if options["format"] in SINGLE and not options["output"]:
            raise CommandError("Name a report, or a folder with --output.")
        return rows
    unknown = set(slugs) - set(rows.filter(slug__in=slugs).values_list("slug", flat=True))
    if unknown:
        raise CommandError(f"No published report is called {', '.join(sorted(unknown))}.")
    return rows.filter(slug__in=slugs)


def _place(target: Path | None, report: Report, name: str, *, one: bool) -> Path | None:
    if target is None or (one and target.suffix):
        return target
    return target / f"{report.slug}-{name}"


def _print(data: Iterable[bytes] | Iterator[bytes]) -> None:
    for piece in data:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
