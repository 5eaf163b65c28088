"""What goes out."""

from __future__ import annotations

from celery import shared_task

from claims.domain import clock, outbox


@shared_task(name="claims.deliver")
def deliver(message_id: int) -> None:
    """Send one message of the outbox if it is due and nobody else is sending it."""
    outbox.deliver(message_id)


@shared_task(name="claims.publish_due")
def publish_due(_unused: int = 0) -> None:
    """Publish the reports whose hour has come."""
    clock.publish_due()
