"""``manage.py export_audit_head``: seal the trail and print the head, to be kept where the desk cannot write."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from claims.domain import audit
from claims.models import AuditSeal


class Command(BaseCommand):
    help = "Seal the audit trail and print its head. Keep it elsewhere, daily; verify_audit --head checks it."

    def handle(self, *args: Any, **options: Any) -> None:
        seal = audit.seal() or AuditSeal.objects.first()
        self.stdout.write(
            f"{seal.created_at.isoformat()} {seal.event_count} {seal.hash}" if seal else "nothing yet"
        )
