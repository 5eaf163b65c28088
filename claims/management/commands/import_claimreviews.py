"""``manage.py import_claimreviews PATH``: bring in what other desks found, as earlier checks. Publishes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import audit, imports
from claims.enums import Channel
from claims.models import ImportBatch

TOLD = 20


class Command(BaseCommand):
    help = (
        "Read ClaimReviews of others from a DataFeed, a JSON list, lines of JSON or one review (gzipped or not). "
        "They are shown beside similar claims as earlier checks; nothing is published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument(
            "--quiet", action="store_true", help="counts alone, without the records put aside"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            try:
                with Path(path).open("rb") as stream, audit.channel(Channel.COMMAND):
                    batch = imports.import_checks(stream, name=Path(path).name, actor=None)
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
            self._tell(path, batch, quiet=options["quiet"])

    def _tell(self, path: str, batch: ImportBatch, *, quiet: bool) -> None:
        counts = f"{batch.fresh} new, {batch.renewed} known before, {batch.put_aside} put aside"
        self.stdout.write(f"{path}: {counts}.")
        if quiet or not batch.put_aside:
            return
        for record in batch.quarantine.all()[:TOLD]:
            self.stderr.write(f"  record {record.place} {record.reason}: {record.excerpt[:100]}")
        if batch.put_aside > TOLD:
            self.stderr.write(f"  and {batch.put_aside - TOLD} more; the administration lists them.")
        if not (batch.fresh or batch.renewed):
            sys.stderr.flush()
            raise CommandError(f"{path} holds no check that could be used.")
