"""``manage.py export_bundle SLUG --output PATH``: a report with all that it rests on, in one zip."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import bundles
from claims.models import Report


class Command(BaseCommand):
    help = "Write the replicability bundle of a published report; verify_bundle checks it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--output", metavar="PATH", help="default: SLUG-bundle.zip here")

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report.objects.public().filter(slug=options["slug"]).first()
        if report is None:
            raise CommandError(f"No published report is called {options['slug']}.")
        path = Path(options["output"] or f"{report.slug}-bundle.zip")
        with bundles.make(report, actor=None) as made, path.open("wb") as file:
            shutil.copyfileobj(made, file)
        self.stdout.write(f"Written: {path}")
