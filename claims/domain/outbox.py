"""What must leave the house: promised in the transaction of the change, sent at least once, by key.

Delivery happens in a task or in the sweeper, never in a request and never inside the transaction that promises.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
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
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=attempts,
        lease_until=None,
        next_attempt_at=timezone.now() + timedelta(seconds=delay),
        last_error=f"{type(error).__name__}: {error}"[:500],
        state=OutboxMessage.State.DEAD if attempts >= MAX_ATTEMPTS else OutboxMessage.State.WAITING,
    )
    logger.warning("message not sent", extra={"key": message.key, "attempt": attempts})


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
        headers={"Message-ID": f"<{message.key.replace(':', '.')}@desk>"},
    ).send()


def _send_webhook(message: OutboxMessage) -> None:
    """No receiver is set up yet on this desk, so there is nobody to tell."""
    logger.info("report event", extra={"payload": message.payload})


SENDERS: Mapping[str, Callable[[OutboxMessage], None]] = {"mail": _send_mail, "webhook": _send_webhook}
