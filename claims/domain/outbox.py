"""What must leave the house: promised in the transaction of the change, sent at least once, by key.

Delivery happens in a task or in the sweeper, never in a request and never inside the transaction that promises.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from claims.models import OutboxMessage
from claims.queue import ring

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)


class Undeliverable(Exception):
    """Another try would change nothing: the message is given up at once, with this sentence."""


class Later(Exception):
    """The other side was busy or away. ``seconds`` is the wait that it asked for, if any."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


def put(key: str, kind: str, payload: Mapping[str, Any]) -> OutboxMessage | None:
    """Promise one message; None where that key was promised before."""
    now = timezone.now()
    try:
        with transaction.atomic():
            message = OutboxMessage.objects.create(
                key=key, kind=kind, payload=dict(payload), created_at=now, next_attempt_at=now
            )
    except IntegrityError:
        return None
    ring("claims.deliver", message.pk)
    return message


def put_all(kind: str, messages: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Promise several messages under keys that are new, in one statement."""
    now = timezone.now()
    rows = [
        OutboxMessage(key=key, kind=kind, payload=dict(payload), created_at=now, next_attempt_at=now)
        for key, payload in messages
    ]
    for message in OutboxMessage.objects.bulk_create(rows):
        ring("claims.deliver", message.pk)


def deliver(message_id: int) -> bool:
    """Send one message if it is due and nobody else is sending it; whether it went out."""
    now = timezone.now()
    due = OutboxMessage.objects.filter(
        pk=message_id, state=OutboxMessage.State.WAITING, next_attempt_at__lte=now
    )
    free = due.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
    if free.update(lease_until=now + LEASE) != 1:
        return False
    message = OutboxMessage.objects.get(pk=message_id)
    try:
        SENDERS[message.kind](message)
    except Exception as error:  # whatever the other side did, the message waits for its next try
        _postpone(message, error)
        return False
    OutboxMessage.objects.filter(pk=message_id).update(
        state=OutboxMessage.State.SENT, sent_at=timezone.now(), lease_until=None, last_error=""
    )
    return True


def _postpone(message: OutboxMessage, error: Exception) -> None:
    attempts = message.attempts + 1
    delay = random.uniform(1, min(3600, 5 * 2**attempts))  # full jitter
    if isinstance(error, Later) and error.seconds:
        delay = max(delay, min(error.seconds, 24 * 3600))
    given_up = attempts >= MAX_ATTEMPTS or isinstance(error, Undeliverable)
    ours = isinstance(error, Later | Undeliverable)
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=attempts,
        lease_until=None,
        next_attempt_at=timezone.now() + timedelta(seconds=delay),
        last_error=(str(error) if ours else f"{type(error).__name__}: {error}")[:500],
        state=OutboxMessage.State.DEAD if given_up else OutboxMessage.State.WAITING,
    )
    logger.warning("message not sent", extra={"key": message.key, "attempt": attempts})


def send_again(message_id: int) -> bool:
    """Put a message that was sent or given up back into the queue, with its key and its words unchanged.

    Returns:
        False while it still waits: then it will go out by itself.
    """
    done = OutboxMessage.objects.filter(pk=message_id).exclude(state=OutboxMessage.State.WAITING)
    if not done.update(
        state=OutboxMessage.State.WAITING,
        attempts=0,
        next_attempt_at=timezone.now(),
        lease_until=None,
        last_error="",
    ):
        return False
    ring("claims.deliver", message_id)
    return True


def due(limit: int = 50) -> list[int]:
    """Ids of messages whose time has come, oldest first."""
    rows = OutboxMessage.objects.filter(
        state=OutboxMessage.State.WAITING, next_attempt_at__lte=timezone.now()
    )
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])


def _send_mail(message: OutboxMessage) -> None:
    EmailMessage(
        subject=message.payload["subject"],
        body=message.payload["body"],
        to=message.payload["to"],
        headers={
            "Message-ID": f"<{message.key.replace(':', '.')}@desk>",
            "Auto-Submitted": "auto-generated",  # so that nobody's absence note answers the desk
        },
    ).send()


def _send_webhook(message: OutboxMessage) -> None:
    from claims.domain import webhooks  # it promises messages here, and sends them

    webhooks.send(message)


def _send_google(message: OutboxMessage) -> None:
    from claims.domain import google_pages

    google_pages.send(message)


def _send_link(message: OutboxMessage) -> None:
    from claims.domain import passwords

    passwords.send(message)


SENDERS: Mapping[str, Callable[[OutboxMessage], None]] = {
    "mail": _send_mail,
    "webhook": _send_webhook,
    "google": _send_google,
    "password_link": _send_link,
    "invitation": _send_link,
}
