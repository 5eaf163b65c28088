"""``manage.py second_step_away NAME``: let somebody in again who lost phone, passkeys and paper, and whom nobody else can help."""

from __future__ import annotations

from typing import Any

from axes.utils import reset as unlock
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import factors
from factcheck.locks import spelled


class Command(BaseCommand):
    help = (
        "Take app, passkeys, recovery codes and the link to single sign-on away from somebody and lift the locks of their log-in. Editors do this under "
        "People for everybody but administrators."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["name"]).first()
        if person is None:
            raise CommandError(f"Nobody has the user name {options['name']!r}.")
        factors.take_away_on_server(person)
        for name in filter(None, (person.get_username(), person.email)):
            unlock(username=spelled(name))
        self.stdout.write("Done. The password alone opens the account; the second step is set up anew.")
