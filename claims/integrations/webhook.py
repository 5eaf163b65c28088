"""Signed webhooks: HMAC-SHA256 over time and body, a delivery id against replay, several secrets while rotating.

The receiver checks ``verify`` (or its own version of it): signature in constant time, a window of five minutes,
and that it has not seen the delivery id before.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.enums import StepOutcome
from claims.integrations import errors, http
from claims.integrations.answer import Service
from claims.integrations.http import Limits

SERVICE = Service("webhook", "The receiver")
SIGNATURE = "X-Plumbline-Signature"
TIMESTAMP = "X-Plumbline-Timestamp"
DELIVERY = "X-Plumbline-Delivery"
EVENT = "X-Plumbline-Event"
WINDOW_SECONDS = 300
_LIMITS = Limits(seconds=10.0, body_bytes=64 * 1024)


@dataclass(frozen=True)
class Delivery:
    """What became of one attempt. ``status_code`` is None when no answer came; the answer's body is not kept."""

    outcome: StepOutcome
    status_code: int | None = None
    note: str = ""
    retryable: bool = False
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        return self.outcome is StepOutcome.FOUND


def sign(body: bytes, timestamp: int, secrets: Sequence[str]) -> str:
    """The signature header: ``v1=<hex>`` per secret, newest first, separated by commas."""
    signed = str(timestamp).encode() + b"." + body
    return ",".join(
        "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets
    )


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    *,
    now: float | None = None,
    window: int = WINDOW_SECONDS,
) -> bool:
    """Whether a delivery was signed with one of ``secrets`` less than ``window`` seconds ago."""
    given = {name.lower(): value for name, value in headers.items()}
    stamp = given.get(TIMESTAMP.lower(), "")
    if (
        not re.fullmatch(r"\d{1,12}", stamp)
        or abs((time.time() if now is None else now) - int(stamp)) > window
    ):
        return False
    received = [part.strip() for part in given.get(SIGNATURE.lower(), "").split(",")][:10]
    expected = sign(body, int(stamp), secrets).split(",") if secrets else []
    matches = [hmac.compare_digest(one.encode(), other.encode()) for one in received for other in expected]
    return any(matches)


def deliver(
    url: str,
    body: bytes,
    *,
    secrets: Sequence[str],
    delivery_id: str,
    event: str,
    now: float | None = None,
) -> Delivery:
    """Send ``body`` (JSON) to ``url``, once. Any 2xx counts as delivered; redirects are not followed.

    A repeated attempt keeps its ``delivery_id`` and gets a new timestamp. 410 and other refusals are final;
    408, 429 and 5xx are worth another try. Raises ``ValueError`` without a secret: nothing leaves unsigned.
    """
    if not secrets or not all(secrets):
        raise ValueError("A webhook needs a secret.")
    if not SERVICE.reachable(url):
        return Delivery(StepOutcome.NOT_CONFIGURED, note=SERVICE.switched_off().note)
    timestamp = int(time.time() if now is None else now)
    headers = {
        "Content-Type": "application/json",
        "Accept": "*/*",
        SIGNATURE: sign(body, timestamp, secrets),
        TIMESTAMP: str(timestamp),
        DELIVERY: delivery_id,
        EVENT: event,
    }
    try:
        answer = http.request("POST", url, service=SERVICE.key, headers=headers, content=body, limits=_LIMITS)
        answer.raise_for_status()
    except errors.FetchError as error:
        status = error.figures.get("status")
        return Delivery(
            StepOutcome.UNAVAILABLE,
            status if isinstance(status, int) else None,
            str(error),
            error.retryable,
            error.retry_after,
        )
    return Delivery(StepOutcome.FOUND, answer.status)
