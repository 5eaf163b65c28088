"""``manage.py push_google_pages SLUG…``: bring Google's Fact Check Tools in line with what is published here."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import google_pages
from claims.models import Report


class Command(BaseCommand):
    help = "Send reports to Google's Fact Check Tools; says not_configured until credentials are set."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="+", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for slug in options["slugs"]:
            report = Report.objects.public().select_related("current_version").filter(slug=slug).first()
            if report is None:
                raise CommandError(f"No published report is called {slug}.")
            pushed = google_pages.push(report)
            failed += not pushed.done
            self.stdout.write(f"{slug}: {pushed.outcome} {pushed.name} {pushed.note}".rstrip())
        if failed:
            raise CommandError(f"{failed} of {len(options['slugs'])} were not sent.")
