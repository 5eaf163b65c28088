"""What came back: a complete answer, its body decompressed."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from claims.integrations import errors
from claims.integrations.decoding import decode

_LONGEST_WAIT = 24 * 3600.0


@dataclass(frozen=True)
class Response:
    """A complete answer, its body decompressed.

    ``url`` is the address that answered in the end, ``redirects`` the ones passed on the way; header names are
    in lower case, repeated headers joined by a comma.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    elapsed: float = 0.0
    reason: str = field(default="", repr=False)

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @functools.cached_property
    def text(self) -> str:
        """The body as text (byte order mark, declared charset, then a look at the bytes)."""
        return decode(self.content, self.headers.get("content-type", ""))

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        """Seconds the other side asks us to wait, from ``Retry-After`` in either form; at most a day."""
        return _seconds(self.headers.get("retry-after", ""))

    def json(self) -> Any:
        """The body as JSON; raises ``Unreadable``, which does not repeat what was sent."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise errors.Unreadable from None

    def raise_for_status(self) -> None:
        """Raise the ``FetchError`` that fits a status outside 200 to 299."""
        if not self.ok:
            raise errors.for_status(self.status, self.retry_after)


def _seconds(value: str) -> float | None:
    value = value.strip()
    if value.isdigit():
        return min(float(value), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)
