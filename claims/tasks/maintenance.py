"""The rounds that keep the desk in order, for those who trigger them by message instead of ``manage.py sweep``."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from claims.domain import sweeping


@shared_task(name="claims.sweep", bind=True)
def sweep(self: Any, _unused: int = 0) -> None:
    """One round of the sweeper, under the same lease as the process."""
    sweeping.sweep(f"task@{self.request.hostname or 'worker'}")


@shared_task(name="claims.seal_audit")
def seal_audit(_unused: int = 0) -> None:
    """Seal the heads of the audit trail if the last seal is some minutes old."""
    sweeping.seal_if_due()
