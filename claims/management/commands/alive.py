"""For health checks: ``manage.py alive worker`` or ``manage.py alive sweeper``."""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.domain.workers import ALIVE_SECONDS
from claims.models import WorkerSeen


class Command(BaseCommand):
    """A process that exists may hang; what counts is that it left a sign of life in the database lately."""

    help = "Exit 0 when this machine's worker or sweeper got on with its work lately, else 1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=("worker", "sweeper"))
        parser.add_argument("--within", type=float, default=2 * ALIVE_SECONDS, help="seconds (60)")

    def handle(self, *args: Any, **options: Any) -> None:
        here = WorkerSeen.objects.filter(kind=options["kind"], name__contains=f"@{socket.gethostname()}")
        newest = here.order_by("-seen_at").first()
        if newest is None:
            raise CommandError(f"No {options['kind']} of this machine has ever been seen.")
        silent = timezone.now() - newest.seen_at
        if silent > timedelta(seconds=options["within"]):
            raise CommandError(f"{newest.name} has been silent for {silent.total_seconds():.0f} seconds.")
        self.stdout.write(f"{newest.name} was seen {silent.total_seconds():.0f} seconds ago.")
