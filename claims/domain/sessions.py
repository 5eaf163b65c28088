"""Where people are logged in: seen, and ended at once."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.domain import audit
from claims.models import DeskSession

# Being seen is written at most this often, so that reading a page costs no write.
EVERY = timedelta(minutes=5)


def of(person: User) -> QuerySet[DeskSession]:
    """The person's log-ins that still hold, the one used last first."""
    return DeskSession.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-seen_at")


def seen(row_key: str) -> None:
    """Note that this log-in was used, to five minutes."""
    now = timezone.now()
    DeskSession.objects.filter(session_key=row_key, seen_at__lt=now - EVERY).update(seen_at=now)


@transaction.atomic
def end(person: User, row_key: str) -> bool:
    """End one of the person's own log-ins; it is a stranger with its next request."""
    gone, _rows = DeskSession.objects.filter(person=person, session_key=row_key).delete()
    if gone:
        audit.record("account.log_in_ended", actor=person, data={"person": person.pk})
    return bool(gone)


def end_all(person: User, but: str | None = None) -> None:
    """End every log-in of a person, except the one with this row key."""
    DeskSession.objects.filter(person=person).exclude(session_key=but or "").delete()


def forget_old() -> int:
    """Drop the rows of sessions that hold no more, also of strangers who never logged in; how many."""
    return DeskSession.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def forget_tries() -> int:
    """Drop what django-axes keeps of tries, right and wrong, after ``FAILED_TRIES_DAYS``; how many rows.

    Its lock looks back a quarter of an hour. Among the names that were typed are passwords, and people of elsewhere.
    """
    until = timezone.now() - timedelta(days=settings.FAILED_TRIES_DAYS)
    kept = (AccessAttempt, AccessFailureLog, AccessLog)
    return sum(int(model.objects.filter(attempt_time__lt=until).delete()[0]) for model in kept)
