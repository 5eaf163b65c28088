"""``manage.py database_role NAME``: the rights of the role that the desk runs as, to be given by the owner."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import database_role
from claims.exceptions import DeskError


class Command(BaseCommand):
    help = "Print the GRANT statements for the role that the desk runs as. Nothing is changed by it: pipe it to psql."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the role, made before with CREATE ROLE … LOGIN PASSWORD …")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            statements = database_role.grants(options["name"])
        except DeskError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(f"{statement};" for statement in statements))
