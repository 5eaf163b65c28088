"""Who is alive to do the work: workers and sweepers leave their name and the time.

A worker that hangs keeps its process but not its pace, so what counts is a row younger than half a minute, never a
process that exists.
"""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from claims.models import WorkerSeen

EVERY_SECONDS = 10.0
ALIVE_SECONDS = 30.0
FORGET_AFTER = timedelta(hours=1)
_last: dict[str, float] = {}


def seen(name: str, kind: str = "worker") -> bool:
    """Note that ``name`` is getting on, at most every ten seconds; whether a row was written.

    A database that is away is no reason to stop a worker: the next beat tries again.
    """
    now = time.monotonic()
    if now - _last.get(name, -EVERY_SECONDS) < EVERY_SECONDS:
        return False
    _last[name] = now
    try:
        with transaction.atomic():
            WorkerSeen.objects.update_or_create(
                name=name[:120], defaults={"kind": kind, "seen_at": timezone.now()}
            )
    except DatabaseError:
        return False
    return True


def gone(name: str) -> None:
    """The worker said good-bye."""
    _last.pop(name, None)
    WorkerSeen.objects.filter(name=name[:120]).delete()


def forget_old() -> int:
    """Drop the names of workers that have been silent for an hour; how many."""
    return WorkerSeen.objects.filter(seen_at__lt=timezone.now() - FORGET_AFTER).delete()[0]
