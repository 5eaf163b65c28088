"""``manage.py export_google_pages SLUG…``: a report as the page resource of Google's Fact Check Tools API."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain.exports import documents, reports
from claims.publishing.exports.google import to_google_pages


class Command(BaseCommand):
    help = "Print reports as ClaimReviewMarkupPage resources, one a line. Nothing is sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="without one: every report that stands")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = options["slugs"]
        rows = reports().filter(retracted_at__isnull=True)
        if slugs:
            missing = set(slugs) - set(rows.filter(slug__in=slugs).values_list("slug", flat=True))
            if missing:
                raise CommandError(f"No report that stands is called {', '.join(sorted(missing))}.")
            rows = rows.filter(slug__in=slugs)
        for document in documents(rows):
            self.stdout.write(json.dumps(to_google_pages(document), ensure_ascii=False))
