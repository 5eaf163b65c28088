"""Deliberately broken builds, one word each: the tests that kill things are shown to notice them."""

from __future__ import annotations

from typing import Any

from claims.domain import ledger, sweeping
from claims.enums import StepState
from claims.models import StepResult, VerificationStep


def apply(name: str) -> None:
    """Break this process in the named way; the empty name leaves it whole."""
    if name:
        _BREAKAGES[name]()


def _no_putting_back() -> None:
    """The sweeper rings, but leaves what a dead worker held."""
    sweeping._lapsed = lambda: (0, 0)


def _no_ringing_again() -> None:
    """The sweeper puts rows back, but never rings for them."""
    sweeping._ring_due = lambda: 0


def _naive_take() -> None:
    """Look whether a step is free, then save it: two workers see the same free step."""

    def take(step_id: int) -> VerificationStep | None:
        import time

        step = VerificationStep.objects.select_related("claim__article").get(pk=step_id)
        if step.state not in {StepState.QUEUED, StepState.RUNNING}:
            return None
        time.sleep(0.01)
        step.state, step.lease_token, step.attempts = StepState.RUNNING, "shared", step.attempts + 1
        step.lease_until = step.started_at = ledger.timezone.now()
        step.save()
        return step

    ledger.take = take


def _no_fence() -> None:
    """Finish without looking at the token: the latest writer wins."""

    def finish(step: VerificationStep, kind: Any, result: Any, store: Any = None) -> None:
        now = ledger.timezone.now()
        VerificationStep.objects.filter(pk=step.pk).update(
            state=StepState.DONE, finished_at=now, lease_until=None
        )
        StepResult.objects.update_or_create(
            step=step,
            defaults={
                "outcome": result.outcome,
                "params": dict(result.params),
                "started_at": now,
                "finished_at": now,
            },
        )

    ledger.finish = finish


def _new_connections() -> None:
    """As Celery ships: its Django support closes the database connection around each task."""
    from factcheck.celery import app

    app.conf["CELERY_DB_REUSE_MAX"] = None


_BREAKAGES = {
    "new_connections": _new_connections,
    "no_putting_back": _no_putting_back,
    "no_ringing_again": _no_ringing_again,
    "naive_take": _naive_take,
    "no_fence": _no_fence,
}
