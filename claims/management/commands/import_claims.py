"""``manage.py import_claims PATH``: claims from a CSV, as the page of the desk imports them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from claims.domain import audit, claim_sheets, sheets
from claims.domain.people import Person
from claims.enums import Channel
from claims.exceptions import DeskError


class Command(BaseCommand):
    help = "Import claims from a CSV: all of its rows or none. The first row names the columns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="look the rows through and import nothing")
        parser.add_argument(
            "--as", dest="username", help="user name of the person who imports (default: an editor)"
        )
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=HEADING",
            help=f"which column says what, where its heading does not tell; FIELD is one of {', '.join(sheets.FIELDS)}",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["path"])
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
        actor = _person(options["username"])
        try:
            with audit.channel(Channel.COMMAND), transaction.atomic():
                self._import(content, path.name, actor, options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except DeskError as error:
            raise CommandError(str(error)) from error

    def _import(self, content: bytes, name: str, actor: Any, options: dict[str, Any]) -> None:
        sheet = claim_sheets.bring(content, name, actor=actor)
        columns = {
            **sheet.columns,
            **_columns(options["column"], sheets.read(sheet.content, sheet.delimiter).head),
        }
        plan = claim_sheets.look(sheet, columns)
        for row in plan.problems:
            self.stderr.write(f"Row {row.number}: {row.problem}")
        if plan.problems:
            raise CommandError(
                f"{len(plan.problems)} of {len(plan.rows)} rows have to be mended. Nothing was imported."
            )
        known = f", {len(plan.known)} here already" if plan.known else ""
        if options["dry_run"]:
            self.stdout.write(
                f"{len(plan.fresh)} claims would be imported, {plan.new_articles} new articles{known}."
            )
            return
        done = claim_sheets.import_rows(sheet.pk, columns, actor=actor)
        self.stdout.write(f"{done.made} claims imported, {plan.new_articles} new articles{known}.")


def _columns(pairs: list[str], head: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for pair in pairs:
        name, _equals, heading = pair.partition("=")
        if name not in sheets.FIELDS:
            raise CommandError(f"There is no field {name}. Choose one of {', '.join(sheets.FIELDS)}.")
        if heading not in head:
            raise CommandError(f"There is no column {heading}. The sheet has {', '.join(head)}.")
        found[name] = head.index(heading)
    return found


def _person(username: str | None) -> Any:
    people = Person.objects.filter(is_active=True)
    found = people.filter(username=username) if username else people.filter(groups__name="editor")
    person = found.order_by("pk").first()
    if person is None:
        raise CommandError("There is nobody to import as. Make an editor first, or name a person with --as.")
    return person
