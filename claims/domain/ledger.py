"""The ledger of steps: who may work on a row, for how long, and whose result counts.

A row is taken by one conditional UPDATE that writes a fresh token and the end of the lease; a heartbeat extends the
lease; the result is written in one transaction whose first statement is again a conditional UPDATE on that token. A
worker that was frozen past its lease finds another token there, or none, and its late result is thrown away. Neither
a message delivered ten times nor a worker that comes back from the dead can write a second result.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claims.enums import StepOutcome, StepState
from claims.models import StepResult, VerificationStep
from claims.steps.base import Result, Step

logger = logging.getLogger(__name__)

# Full jitter: a random wait below a bound that doubles (base 2 s, cap 10 min), so that many steps refused by one
# service do not come back together (M. Brooker, "Exponential backoff and jitter", 2015).
BACKOFF_BASE = 2.0
BACKOFF_CAP = 600.0


class Fenced(Exception):
    """Another worker has this row by now: the result in hand must be thrown away."""


def lease_length() -> timedelta:
    """How long a worker may be silent before its step is given to another."""
    return timedelta(seconds=settings.STEP_LEASE_SECONDS)


# Taking a row is the one statement every ring pays for, so it is written out: one trip that changes the row and
# brings it back, where the ORM would need two and three times as long to put them together (benchmarks/
# ledger_throughput). Both engines know RETURNING.
_TAKE = """
UPDATE claims_verificationstep
   SET state = 'running', lease_token = %s, lease_until = %s, attempts = attempts + 1, started_at = %s, waits_for = ''
{from_}
 WHERE id = %s AND attempts < max_attempts
   AND ((state = 'queued' AND next_run_at <= %s) OR (state = 'running' AND lease_until <= %s))
RETURNING id, article_id, claim_id, document_id, kind, input_hash, run, queue, state, attempts, max_attempts, lease_token
"""
# That a row is taken may be forgotten when the database itself goes down: then it waits again, and whoever had it is
# fenced. So PostgreSQL need not wait for the disk here; it does when the step is finished.
_UNHURRIED = "  FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried"
_TAKE_ON = {"sqlite": _TAKE.format(from_=""), "postgresql": _TAKE.format(from_=_UNHURRIED)}
_TAKEN = ("id", "article_id", "claim_id", "document_id", "kind", "input_hash", "run", "queue", "state", "attempts", "max_attempts",
          "lease_token")  # fmt: skip


def take(step_id: int) -> VerificationStep | None:
    """Take a due step, or one whose worker has been silent past its lease; None when there is nothing to do.

    The row that comes back carries the token (``lease_token``) that alone may finish it.
    """
    now = timezone.now()
    until = now + lease_length()
    here = connection.ops.adapt_datetimefield_value(now)
    there = connection.ops.adapt_datetimefield_value(until)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ON[connection.vendor], [secrets.token_hex(8), there, here, step_id, here, here])
        rows = cursor.fetchall()
    if not rows:
        return None
    step = VerificationStep.from_db(connection.alias, _TAKEN, rows[0])
    step.started_at, step.lease_until = now, until
    return step


def extend(step: VerificationStep) -> bool:
    """Move the end of the lease; False when the row is somebody else's by now."""
    mine = VerificationStep.objects.filter(pk=step.pk, state=StepState.RUNNING, lease_token=step.lease_token)
    return bool(mine.update(lease_until=timezone.now() + lease_length()))


def hold(step: VerificationStep) -> None:
    """Begin a transaction that writes a part of what the step brings: it counts only for whoever still has the row.

    Raises:
        Fenced: the row is somebody else's by now, or was cancelled.
    """
    if not extend(step):
        raise Fenced(step.pk)


@contextlib.contextmanager
def heartbeat(step: VerificationStep, time_limit: float) -> Iterator[None]:
    """While inside, the lease is extended at a third of its length, over a connection of its own.

    It stops after ``time_limit`` seconds and half as much again, so that a step which never ends loses its lease.
    """
    _pulse.add(step, time_limit * 1.5)
    try:
        yield
    finally:
        _pulse.remove(step)


@dataclass(slots=True)
class _Held:
    step: VerificationStep
    next_beat: float
    end: float


class _Pulse:
    """One thread for each process, which extends the leases of all steps at work there.

    A thread for each step would cost more than most steps do. It sleeps while nothing is at work, and opens no
    connection before the first lease is a third over.
    """

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._busy = threading.Event()
        self._pid = 0

    def add(self, step: VerificationStep, limit: float) -> None:
        now = time.monotonic()
        with self._lock:
            if self._pid != os.getpid():  # threads do not survive a fork
                self._held.clear()
                self._pid = os.getpid()
                threading.Thread(target=self._run, daemon=True, name="pulse").start()
            self._held[step.lease_token] = _Held(step, now + _third(), now + limit)
        self._busy.set()

    def remove(self, step: VerificationStep) -> None:
        with self._lock:
            self._held.pop(step.lease_token, None)

    def _run(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(min(_third() / 4, 1.0))
            for held in self._due():
                self._beat(held)
            if not self._held:
                connection.close()  # nothing at work: no connection is kept for it either

    def _due(self) -> list[_Held]:
        now = time.monotonic()
        with self._lock:
            if not self._held:
                self._busy.clear()
            over = [token for token, held in self._held.items() if held.end <= now]
            for token in over:
                del self._held[token]
            return [held for held in self._held.values() if held.next_beat <= now]

    def _beat(self, held: _Held) -> None:
        held.next_beat = time.monotonic() + _third()
        try:
            if not extend(held.step):
                self.remove(held.step)
        except DatabaseError as error:
            logger.warning("lease not extended", extra={"step": held.step.pk, "why": type(error).__name__})
            connection.close()


def _third() -> float:
    return lease_length().total_seconds() / 3


_pulse = _Pulse()


def finish(
    step: VerificationStep,
    kind: Step,
    result: Result,
    store: Callable[[VerificationStep, Result], None] | None = None,
) -> None:
    """Write the result, once, with everything that follows from it.

    Args:
        store: writes what the result carries besides (an article's text, kept copies), in the same transaction.

    Raises:
        Fenced: the row is somebody else's, or was cancelled, and nothing was written.
    """
    now = timezone.now()
    values = _values(step, kind, result, now)
    if store is None and connection.vendor == "postgresql":
        _finish_at_once(step, values)
        return
    with transaction.atomic():
        mine = VerificationStep.objects.filter(
            pk=step.pk, state=StepState.RUNNING, lease_token=step.lease_token
        )
        done = mine.update(
            state=StepState.DONE, finished_at=now, lease_token="", lease_until=None, last_error=""
        )
        if not done:
            raise Fenced(step.pk)
        StepResult.objects.create(step=step, **values)
        if store is not None:
            store(step, result)


def _values(step: VerificationStep, kind: Step, result: Result, now: datetime) -> dict[str, Any]:
    return {
        "outcome": str(result.outcome),
        "summary": str(result.summary),
        "items": [dict(item) for item in result.items],
        "params": dict(result.params),
        "source": str(result.source)[:200],
        "step_version": kind.version,
        "cost": result.cost,
        "retry_at": _retry_at(result, now),
        "started_at": step.started_at or now,
        "finished_at": now,
    }


_FINISH = """
WITH done AS (
  UPDATE claims_verificationstep
     SET state = 'done', finished_at = %(finished_at)s, lease_token = '', lease_until = NULL, last_error = ''
   WHERE id = %(step)s AND state = 'running' AND lease_token = %(token)s
  RETURNING id)
INSERT INTO claims_stepresult (step_id, outcome, summary, items, params, source, step_version, cost, retry_at,
                               started_at, finished_at)
SELECT id, %(outcome)s, %(summary)s, %(items)s::jsonb, %(params)s::jsonb, %(source)s, %(step_version)s, %(cost)s,
       %(retry_at)s, %(started_at)s, %(finished_at)s
  FROM done
"""


def _finish_at_once(step: VerificationStep, values: dict[str, Any]) -> None:
    """The same two writes as one statement, which is a transaction by itself: one trip to PostgreSQL, not four."""
    told = {**values, "step": step.pk, "token": step.lease_token}
    told |= {"items": json.dumps(values["items"]), "params": json.dumps(values["params"])}
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, told)
        if cursor.rowcount != 1:
            raise Fenced(step.pk)


def _retry_at(result: Result, now: datetime) -> datetime | None:
    if result.outcome != StepOutcome.UNAVAILABLE or result.retry_after is None:
        return None
    return now + timedelta(seconds=result.retry_after)


def put_off(step: VerificationStep, reason: str, *, retry_after: float | None = None) -> bool:
    """Back into the queue for a later try, at a time in the row: no message ever waits for a clock.

    Args:
        retry_after: seconds the other side asked us to wait; some jitter is added, never taken away.
    """
    bound = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** max(step.attempts - 1, 0))
    delay = random.uniform(0, bound) if retry_after is None else retry_after + random.uniform(0, BACKOFF_BASE)
    mine = VerificationStep.objects.filter(pk=step.pk, state=StepState.RUNNING, lease_token=step.lease_token)
    return bool(
        mine.update(
            state=StepState.QUEUED,
            lease_token="",
            lease_until=None,
            next_run_at=timezone.now() + timedelta(seconds=delay),
            rung_at=None,
            last_error=reason[:2000],
        )
    )


def wait(step: VerificationStep, reason: str, *, seconds: float, waits_for: str = "") -> bool:
    """Back into the queue because of a limit of our own: the try that was begun does not count.

    Args:
        waits_for: the service whose daily limit it waits for, if that is the reason.
    """
    delay = seconds + random.uniform(0, min(60.0, max(1.0, seconds / 10)))
    mine = VerificationStep.objects.filter(pk=step.pk, state=StepState.RUNNING, lease_token=step.lease_token)
    return bool(
        mine.update(
            state=StepState.QUEUED,
            attempts=max(0, step.attempts - 1),
            lease_token="",
            lease_until=None,
            next_run_at=timezone.now() + timedelta(seconds=delay),
            rung_at=None,
            waits_for=waits_for,
            last_error=reason[:2000],
        )
    )


def give_up(
    step: VerificationStep, reason: str, *, then: Callable[[VerificationStep, str], None] | None = None
) -> bool:
    """Onto the dead list with its reason, under the token in hand; False when the row is somebody else's.

    Args:
        then: what follows from it, in the same transaction.
    """
    with transaction.atomic():
        mine = VerificationStep.objects.filter(
            pk=step.pk, state=StepState.RUNNING, lease_token=step.lease_token
        )
        given_up = mine.update(
            state=StepState.DEAD,
            finished_at=timezone.now(),
            lease_token="",
            lease_until=None,
            last_error=reason[:2000],
        )
        if given_up and then is not None:
            then(step, reason)
        return bool(given_up)
