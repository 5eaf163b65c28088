"""``manage.py verify_bundle PATH``: check a report's replicability bundle against its manifest."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.publishing import bundle


class Command(BaseCommand):
    help = "Check that a bundle is whole and that nothing in it was changed."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = bundle.verify(options["path"])
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems.")
        self.stdout.write("The bundle is whole.")
