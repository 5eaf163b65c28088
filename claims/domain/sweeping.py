"""The sweeper: it makes good whatever messages, brokers and workers lost.

Any number may run; a lease in the database gives one of them the turn, so that three behave as one. Every round is
bounded and takes the oldest first. Nothing here does the work of a step: it only puts rows back and rings.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import queue
from claims.domain import (
    audit,
    audit_heads,
    budgets,
    claim_sheets,
    clock,
    health,
    limits,
    outbox,
    planning,
    reminding,
    replays,
    sessions,
    workers,
)
from claims.domain.steps import TASK, gave_up
from claims.enums import StepState
from claims.models import AuditSeal, Lease, VerificationStep
from claims.publishing.keeping import KeptFiles
from claims.steps import registry

logger = logging.getLogger(__name__)

TURN = "sweeper"
BATCH = 200
# Rows that were rung are left alone while this many rings still wait in their queue: the bell was heard, the workers
# are busy. Without it a long backlog would be rung again every few seconds and drown in its own messages.
ENOUGH_RINGS = 100
# ... but not for ever: a ring that was lost in the middle of a long backlog is made good after this long.
RING_AGAIN_ANYWAY = timedelta(minutes=5)
SEAL_EVERY = timedelta(minutes=5)


@dataclass(slots=True)
class Swept:
    """What one round did. ``held`` is False when another sweeper has the turn."""

    held: bool = True
    put_back: int = 0
    given_up: int = 0
    rung: int = 0
    delivered: int = 0
    published: int = 0
    reminded: int = 0
    digests: int = 0
    sealed: bool = False
    head_kept: bool = False
    looks: int = 0


class _Rung(NamedTuple):
    pk: int
    kind: str
    queue: str


def turn_length() -> timedelta:
    """How long a sweeper keeps the turn without renewing it."""
    return timedelta(seconds=max(3 * settings.SWEEP_SECONDS, 3))


def take_turn(holder: str, name: str = TURN) -> bool:
    """Take or renew the turn; False while another holds it."""
    now = timezone.now()
    until = now + turn_length()
    free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=now), name=name)
    if free.update(holder=holder, until=until):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:
        return False
    return True


def leave_turn(holder: str, name: str = TURN) -> None:
    """Give the turn back, so that another sweeper need not wait for the lease to lapse."""
    Lease.objects.filter(name=name, holder=holder).update(until=timezone.now())


def once_in(name: str, every: timedelta) -> bool:
    """Whether the time for this part has come; at most one sweeper in each span of time hears yes."""
    now = timezone.now()
    if Lease.objects.filter(name=name, until__gt=now).exists():
        return False
    if Lease.objects.filter(name=name, until__lte=now).update(until=now + every):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder="", until=now + every)
    except IntegrityError:
        return False
    return True


def sweep(holder: str) -> Swept:
    """One round. Every part is safe to repeat and to break off."""
    workers.seen(holder, "sweeper")
    if not take_turn(holder):
        return Swept(held=False)
    swept = Swept()
    swept.given_up, swept.put_back = _lapsed()
    swept.rung = _ring_due()
    swept.delivered = _deliver()
    swept.published = clock.publish_due()
    if once_in("reminding", timedelta(minutes=1)):
        swept.reminded, swept.digests = reminding.remind_late(), reminding.send_digests()
    swept.sealed = seal_if_due()
    if once_in("audit head", audit_heads.TRY_EVERY):
        swept.head_kept = audit_heads.keep_daily()
    workers.forget_old()
    if once_in("upkeep", timedelta(hours=1)):
        budgets.forget_old()
        limits.forget_old()
        sessions.forget_old()
        sessions.forget_tries()
        replays.forget_old()
        claim_sheets.forget_old()
        planning.refresh()
        KeptFiles(settings.KEPT_FILES).trim(settings.KEPT_FILES_MB * 1024 * 1024)
    if once_in("sources", timedelta(minutes=10)):
        swept.looks = health.plan_due()
    return swept


def _lapsed() -> tuple[int, int]:
    """Steps whose worker went away: back into the queue, or onto the dead list when their tries are used up."""
    now = timezone.now()
    lapsed = VerificationStep.objects.filter(state=StepState.RUNNING, lease_until__lte=now)
    oldest = lapsed.order_by("lease_until", "id")
    dead = 0
    for step in oldest.filter(attempts__gte=F("max_attempts")).select_related("article", "claim")[:BATCH]:
        dead += _bury(step, now)
    ids = list(oldest.filter(attempts__lt=F("max_attempts")).values_list("pk", flat=True)[:BATCH])
    put_back = lapsed.filter(pk__in=ids).update(
        state=StepState.QUEUED, lease_token="", lease_until=None, next_run_at=now, rung_at=None,
        last_error=_("The worker that had it went away."),
    )  # fmt: skip
    return dead, put_back


def _bury(step: VerificationStep, now: datetime) -> bool:
    reason = _("Given up after %(count)d tries: each time the worker that had it went away.") % {
        "count": step.attempts
    }
    with transaction.atomic():
        still = VerificationStep.objects.filter(
            pk=step.pk, state=StepState.RUNNING, lease_token=step.lease_token, lease_until__lte=now
        )
        buried = still.update(
            state=StepState.DEAD, finished_at=now, lease_token="", lease_until=None, last_error=reason
        )
        if buried:
            gave_up(step, reason)
        return bool(buried)


def _ring_due() -> int:
    """Ring for what is due and was not rung, or was rung long ago while hardly a ring waits in its queue."""
    now = timezone.now()
    due = VerificationStep.objects.filter(state=StepState.QUEUED, next_run_at__lte=now)
    never = _pick(due.filter(rung_at__isnull=True))
    stale = due.filter(rung_at__lte=now - timedelta(seconds=settings.STEP_STALE_RING_SECONDS))
    again: list[_Rung] = []
    for name in stale.order_by().values_list("queue", flat=True).distinct():
        depth = queue.waiting(name)
        mine = stale.filter(queue=name)
        if depth is None or depth >= ENOUGH_RINGS:
            mine = mine.filter(rung_at__lte=now - RING_AGAIN_ANYWAY)
        again += _pick(mine)
    chosen = never + again
    VerificationStep.objects.filter(pk__in=[row.pk for row in chosen]).update(rung_at=now)
    for row in chosen:
        kind = registry.get(row.kind)
        queue.ring(TASK, row.pk, queue=row.queue, seconds=kind.time_limit if kind else None)
    return len(chosen)


def _pick(rows: QuerySet[VerificationStep]) -> list[_Rung]:
    """A batch of articles and documents first, since somebody waits for their text; then a batch of claims' steps."""
    oldest = rows.order_by("next_run_at", "id").values_list("pk", "kind", "queue")
    return [
        _Rung(*row)
        for of_claims in (False, True)
        for row in oldest.filter(claim__isnull=not of_claims)[:BATCH]
    ]


def _deliver() -> int:
    due = outbox.due(BATCH)
    for pk in due:
        queue.ring("claims.deliver", pk)
    return len(due)


def seal_if_due() -> bool:
    """Seal the heads of the audit trail when the last seal is some minutes old; whether there was anything to seal."""
    newest = AuditSeal.objects.order_by("-id").values_list("created_at", flat=True).first()
    if newest is not None and newest > timezone.now() - SEAL_EVERY:
        return False
    return audit.seal() is not None
