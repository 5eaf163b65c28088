"""``manage.py verify_history``: walk every report's chain of versions and name each place where it is broken."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import reports, tallies
from claims.models import ReportVersion


class Command(BaseCommand):
    help = "Check that no published version was changed, taken out or put in between, and that the newest one stands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recount", action="store_true", help="First count the reports of every public list anew."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["recount"]:
            self.stdout.write(f"{tallies.rebuild()} counts were made anew.")
        faults = list(reports.history_faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the published history.")
        self.stdout.write(f"{ReportVersion.objects.count()} versions stand as they were published.")
