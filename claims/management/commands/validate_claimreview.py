"""``manage.py validate_claimreview PATH… | --all``: check ClaimReviews against the schema and the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Report
from claims.publishing import claimreview
from claims.publishing.document import ReportDocument
from claims.publishing.linter import Finding, errors, lint
from claims.publishing.pagemarkup import MarkupError, lint_text


class Command(BaseCommand):
    help = "Check the ClaimReview of files (HTML or JSON-LD), or with --all of every published report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH")
        parser.add_argument("--all", action="store_true", help="every published report")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["paths"] and not options["all"]:
            raise CommandError("Name a file, or say --all.")
        bad = sum(self._tell(path, _of_file(path)) for path in options["paths"])
        count = len(options["paths"])
        if options["all"]:
            for report in (
                Report.objects.standing().select_related("current_version").iterator(chunk_size=200)
            ):
                assert report.current_version is not None, "standing reports have one"
                document = ReportDocument.from_json(report.current_version.document)
                bad += self._tell(report.slug, lint(claimreview.build(document), page_url=document.url))
                count += 1
        if bad:
            raise CommandError(f"{bad} of {count} have errors.")
        self.stdout.write(f"{count} checked, no errors.")

    def _tell(self, name: str, findings: list[Finding]) -> bool:
        for finding in findings:
            self.stdout.write(f"{name}: {finding}")
        return bool(errors(findings))


def _of_file(path: str) -> list[Finding]:
    try:
        return lint_text(Path(path).read_text(encoding="utf-8"))
    except (OSError, MarkupError, UnicodeDecodeError) as error:
        return [
            Finding("house", "error", "", f"{error}", "Name a page or a JSON-LD file with a ClaimReview.")
        ]
