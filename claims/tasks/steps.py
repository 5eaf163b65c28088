"""The doorbell of the ledger."""

from __future__ import annotations

from celery import shared_task

from claims.domain import steps


@shared_task(name="claims.run_step")
def run_step(step_id: int) -> None:
    """Look at step ``step_id`` now. The row decides whether there is anything to do."""
    steps.run_step(step_id)
