"""The doorbell: after commit, by task name, never raising into a request.

Work is promised by rows; a ring only says "look at row N now". A ring that is lost costs a few seconds, because
the sweeper rings again for every row that is due.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

# After a failed ring the bell rests this long, so that three hundred promises made while the broker is away cost
# one refused connection and not three hundred.
REST_SECONDS = 1.0
_resting_until = 0.0
_hushed: ContextVar[bool] = ContextVar("hushed", default=False)


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Promise without ringing, for bulk loading: the sweeper rings for all of it later."""
    token = _hushed.set(True)
    try:
        yield
    finally:
        _hushed.reset(token)


def ring(name: str, pk: int, *, queue: str | None = None, seconds: int | None = None) -> None:
    """Send task ``name`` the id ``pk`` once the current transaction is committed (at once outside one).

    Args:
        queue: the queue to ring; by default that of the task.
        seconds: soft time limit of this piece of work; the worker ends it by force half as long after that.
    """
    options: dict[str, Any] = {"queue": queue} if queue else {}
    if seconds:
        options |= {"soft_time_limit": seconds, "time_limit": seconds + max(5, seconds // 2)}
    transaction.on_commit(lambda: _send(name, pk, options))


def waiting(queue: str) -> int | None:
    """How many rings wait in ``queue``; None when the broker cannot be asked."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return None
    try:
        with current_app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            return int(channel.client.llen(queue))
    except Exception as error:  # any transport, any fault: not knowing is an answer too
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning("broker not asked", extra={"queue": queue, "why": type(error).__name__})
        return None


def _send(name: str, pk: int, options: dict[str, Any]) -> None:
    global _resting_until
    if _hushed.get() or time.monotonic() < _resting_until:
        return
    try:
        current_app.tasks[name].apply_async((pk,), retry=False, **options)
    except Exception as error:  # any transport, any fault: the row is safe and the sweeper rings later
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning("ring lost", extra={"task": name, "pk": pk, "why": type(error).__name__})
