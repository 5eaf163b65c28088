"""``manage.py move CLAIM ACTION --as NAME``: one move of one claim, through the same door as every other face."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import audit
from claims.domain.people import Person
from claims.domain.transitions import transition
from claims.enums import Action, Channel
from claims.exceptions import DeskError, TransitionRefused
from claims.models import Claim

PEOPLE = ("assignee", "second_reader")
TEXTS = ("note", "public_note", "kind", "publish_at", "due_at", "decline_reason", "original")


class Command(BaseCommand):
    help = "Move a claim: publish, approve, correct, retract and all other moves. The same rules hold as on the web."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("claim", type=int, help="id of the claim")
        parser.add_argument("action", choices=list(Action.values))
        parser.add_argument(
            "--as", dest="person", required=True, metavar="NAME", help="user name of who does it"
        )
        parser.add_argument("--reason", default="")
        parser.add_argument(
            "--claim-version", type=int, default=None, help="the version you saw; else the present one"
        )
        for name in (*PEOPLE, *TEXTS):
            parser.add_argument(f"--{name.replace('_', '-')}", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        claim = Claim.objects.filter(pk=options["claim"]).first()
        if claim is None:
            raise CommandError(f"There is no claim {options['claim']}.")
        payload = {name: options[name] for name in TEXTS if options[name]}
        payload |= {name: _person(options[name]) for name in PEOPLE if options[name]}
        version = claim.version if options["claim_version"] is None else options["claim_version"]
        try:
            with audit.channel(Channel.COMMAND):
                moved = transition(
                    claim.pk, options["action"], actor=_person(options["person"]), version=version,
                    reason=options["reason"], payload=payload,
                )  # fmt: skip
        except TransitionRefused as error:
            lines = [
                f"{item['gate']}: {item['reason']} {item['remedy']}".strip(": ") for item in error.failing
            ]
            raise CommandError("\n".join(lines) or str(error)) from error
        except DeskError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Claim {moved.pk} is now {moved.get_status_display()}, version {moved.version}.")


def _person(name: str) -> Any:
    person = Person.objects.filter(username=name).first()
    if person is None:
        raise CommandError(f"There is nobody called “{name}” on this desk.")
    return person
