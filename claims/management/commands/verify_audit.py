"""``manage.py verify_audit``: walk the audit trail and every report's versions; name the first row that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import audit, reports
from claims.models import AuditEvent, AuditSeal, ReportVersion


class Command(BaseCommand):
    help = "Check that nothing in the history was changed, removed or put in between."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", help="hash of a seal that was kept outside; shows a cut-off end"
        )

        parser.add_argument(
            "--heads",
            type=Path,
            help="the file of daily heads that was kept outside: all of them are looked for",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        fault = audit.verify(head=options["head"], heads=self._heads(options["heads"]))
        if fault is not None:
            where = f"Event {fault.event_id}: " if fault.event_id else ""
            raise CommandError(f"{where}{fault.problem}.")
        problem = reports.verify_versions()
        if problem:
            raise CommandError(f"{problem}.")
        seal = AuditSeal.objects.first()
        self.stdout.write(
            f"{AuditEvent.objects.count()} events and {ReportVersion.objects.count()} report versions stand. "
            f"Head: {seal.hash if seal else 'not sealed yet'}"
        )

    def _heads(self, file: Path | None) -> list[str]:
        """The hashes of a file of daily heads: the last part of each line."""
        if file is None:
            return []
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        return [line.split()[-1] for line in lines if line.strip()]
