"""``manage.py export_audit_head``: seal the trail and print the head, to be kept where the desk cannot write."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import audit, audit_heads
from claims.models import AuditSeal


class Command(BaseCommand):
    help = "Seal the audit trail and print its head. Keep it elsewhere, daily; verify_audit --head checks it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="exit 1 with the reason where the daily copy is not kept elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        seal = audit.seal() or AuditSeal.objects.first()
        self.stdout.write(audit_heads.line_of(seal) if seal else "nothing yet")

    def _check(self) -> None:
        if not audit_heads.is_set_up():
            raise CommandError("The head is kept nowhere: set AUDIT_HEAD_FOLDER or AUDIT_HEAD_MAIL.")
        if problem := audit_heads.problem():
            raise CommandError(problem)
        self.stdout.write("The head of the audit trail is kept elsewhere.")
