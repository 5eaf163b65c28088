"""Daily limits of services and turns at hosts: kept in the database, so that all workers share them.

A step reserves the requests it may need before it begins, all of them or none; what it did not send is given back when
it ends. A step that would exceed the limit does not begin: it waits for the next day, or until an editor raises the
limit, and says so. Each request to a host then waits for its turn, however many workers want to ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, people
from claims.enums import StepState
from claims.exceptions import InvalidInput, NotYet
from claims.integrations import pace
from claims.integrations.known import SERVICES
from claims.models import DeskSettings, HostTurn, ServiceLimit, ServiceUse, VerificationStep
from claims.queue import ring
from claims.steps import registry
from claims.steps.base import Step

MOST_DAILY = 1_000_000
# A step waits this long for its turn at a host before it goes back into the queue and lets another work.
PATIENCE_SECONDS = 10.0
KEPT_DAYS = 90


class OverBudget(NotYet):
    """The day's requests to ``service`` are used up."""

    def __init__(self, message: str, *, retry_after: float, service: str) -> None:
        super().__init__(message, retry_after=retry_after)
        self.service = service


@dataclass(frozen=True, slots=True)
class Budget:
    """One service as the desk's page shows it; ``daily`` None is no limit."""

    service: str
    label: str
    set_up: bool
    used: int
    daily: int | None
    waiting: int

    @property
    def used_up(self) -> bool:
        return self.daily is not None and self.used >= self.daily


def needs(kind: Step, subject: Any) -> dict[str, int]:
    """How many requests a run may send to each of its services that is set up here; empty for most kinds."""
    if not any(service in SERVICES and SERVICES[service].set_up for service in kind.services):
        return {}
    asked = kind.requests(subject).items()
    return {service: most for service, most in asked if most and SERVICES[service].set_up}


# --- spending -----------------------------------------------------------------------------------------------------


@contextmanager
def spending(reserved: Mapping[str, int]) -> Iterator[None]:
    """Do work that asks services: reserve what it may need, count what it sends, give the rest back.

    Raises:
        OverBudget: the day's limit of one of them does not allow it; nothing was reserved.
        NotYet: from inside, when the turn at a host is too far away.
    """
    day = timezone.localdate()
    if reserved:
        _reserve(reserved, day)
    keeper = _Keeper()
    try:
        with pace.kept(keeper):
            yield
    finally:
        if reserved:
            _settle(reserved, keeper.sent, day)


def _reserve(wanted: Mapping[str, int], day: date) -> None:
    limits = _limits()
    with transaction.atomic():
        for service, most in sorted(wanted.items()):
            row, _made = ServiceUse.objects.get_or_create(service=service, day=day)
            mine = ServiceUse.objects.filter(pk=row.pk)
            daily = limits[service]
            if daily is not None:
                mine = mine.filter(used__lte=daily - most)
            if not mine.update(used=F("used") + most):
                raise _over(service, daily or 0, most)


def _over(service: str, daily: int, needed: int) -> OverBudget:
    label = SERVICES[service].service.label
    if needed > daily:
        words = _(
            "Waits: it needs %(needed)d requests to %(service)s, and the limit is %(daily)d a day. "
            "An editor can raise the limit."
        )
    else:
        words = _(
            "Waits: today's limit of %(daily)d requests to %(service)s is used up. It goes on after midnight, "
            "or when an editor raises the limit."
        )
    return OverBudget(
        words % {"needed": needed, "service": label, "daily": daily},
        retry_after=(_next_day() - timezone.now()).total_seconds(),
        service=service,
    )


def _settle(wanted: Mapping[str, int], sent: Mapping[str, int], day: date) -> None:
    """What was reserved becomes what was sent. Nothing is given back for a worker that died: it may have asked."""
    for service, reserved in wanted.items():
        rest = reserved - sent.get(service, 0)
        if rest:
            ServiceUse.objects.filter(service=service, day=day).update(used=F("used") - rest)


def _next_day() -> datetime:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


class _Keeper:
    """Counts for one run of one step, and takes its turns at hosts."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()

    def asked(self, service: str) -> None:
        if service:
            self.sent[service] += 1

    def turn(self, host: str) -> float:
        return take_turn(host)


def take_turn(host: str) -> float:
    """Take the next turn at ``host``, one each ``HOST_PAUSE_SECONDS``; the seconds until it comes.

    Raises:
        NotYet: it is further away than ``PATIENCE_SECONDS``; no turn was taken.
    """
    pause = float(settings.HOST_PAUSE_SECONDS)
    if pause <= 0:
        return 0.0
    now = timezone.now()
    host = host.lower()[:255]
    with transaction.atomic():
        HostTurn.objects.get_or_create(host=host, defaults={"next_at": now})
        row = HostTurn.objects.select_for_update().get(host=host)
        wait = max(0.0, (row.next_at - now).total_seconds())
        if wait > PATIENCE_SECONDS:
            raise NotYet(
                _("Waits for its turn: %(host)s is asked at most once in %(pause)g s.")
                % {"host": host, "pause": pause},
                retry_after=wait,
            )
        HostTurn.objects.filter(host=host).update(next_at=max(now, row.next_at) + timedelta(seconds=pause))
    return wait


def forget_old() -> int:
    """Drop turns that are over and counts of long ago; how many rows."""
    now = timezone.now()
    turns = HostTurn.objects.filter(next_at__lt=now - timedelta(hours=1)).delete()[0]
    old = timezone.localdate() - timedelta(days=KEPT_DAYS)
    return turns + ServiceUse.objects.filter(day__lt=old).delete()[0]


# --- limits -------------------------------------------------------------------------------------------------------


def _limits() -> dict[str, int | None]:
    standing = {key: known.daily for key, known in SERVICES.items()}
    return standing | dict(ServiceLimit.objects.values_list("service", "daily"))


@transaction.atomic
def set_limit(service: str, daily: int | None, *, actor: User) -> ServiceLimit:
    """Set how many requests a day go to a service; None lifts the limit. Steps that waited for it go on at once.

    Raises:
        NotAllowed: only editors decide what the desk spends.
        InvalidInput: no such service, or a figure that makes no sense.
    """
    people.require_head(actor)
    if service not in SERVICES:
        raise InvalidInput(_("There is no such service."), "service")
    if daily is not None and not 0 <= daily <= MOST_DAILY:
        raise InvalidInput(_("Enter a number of requests a day, or leave it empty for no limit."), "daily")
    DeskSettings.objects.select_for_update().get_or_create(pk=1)
    before = _limits()[service]
    row, _made = ServiceLimit.objects.update_or_create(
        service=service, defaults={"daily": daily, "changed_by": actor, "changed_at": timezone.now()}
    )
    if before != daily:
        audit.record(
            "service.limit", actor=actor, data={"service": service, "before": before, "after": daily}
        )
        _release(service)
    return row


def _release(service: str, most: int = 200) -> None:
    waiting = VerificationStep.objects.filter(state=StepState.QUEUED, waits_for=service)
    first = list(waiting.order_by("next_run_at", "id").values_list("pk", "queue")[:most])
    waiting.update(next_run_at=timezone.now(), waits_for="", rung_at=None)
    for pk, queue in first:
        ring("claims.run_step", pk, queue=queue)


def overview() -> list[Budget]:
    """Every service of the desk, what was sent to it today, and how many steps wait for it. Three small queries."""
    limits = _limits()
    used = dict(ServiceUse.objects.filter(day=timezone.localdate()).values_list("service", "used"))
    held = VerificationStep.objects.filter(state=StepState.QUEUED).exclude(waits_for="").order_by()
    waiting = dict(held.values_list("waits_for").annotate(count=Count("id")))
    asked = {service for step in registry.claim_steps() for service in step.services}
    return [
        Budget(key, known.service.label, known.set_up, used.get(key, 0), limits[key], waiting.get(key, 0))
        for key, known in SERVICES.items()
        if key in asked
    ]
