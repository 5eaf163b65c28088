"""``manage.py workflow_diagram``: docs/workflow.md from the table, or with --check whether it is up to date."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.workflow.diagram import markdown


class Command(BaseCommand):
    help = "Write docs/workflow.md from the workflow table."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where the page is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "workflow.md"
        fresh = markdown()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != fresh:
                raise CommandError("docs/workflow.md is out of date. Run manage.py workflow_diagram.")
            return
        path.write_text(fresh, encoding="utf-8")
        self.stdout.write(f"Wrote {path.name}.")
