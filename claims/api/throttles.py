"""How many requests a token, a person and an address may make: a bucket that fills steadily and holds a burst.

Each web process counts for itself in memory: a request never waits for a store, and a broker that is away cannot
close the API. With two processes the real limits are up to twice those set.
"""

from __future__ import annotations

import math
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from claims.models import ApiToken

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def per_second(rate: str) -> float:
    """``1200/min`` as requests for each second."""
    number, _slash, period = rate.partition("/")
    return int(number) / _SECONDS[period[:1]]


class Bucket(BaseThrottle):
    """One bucket for each caller; an empty one says how long to wait."""

    scope = ""
    _wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.key(request)
        if key is None:
            return True
        fill, burst = per_second(settings.API_RATES[self.scope]), settings.API_BURST
        now = time.monotonic()
        kept, seen = cache.get(key, (float(burst), now))
        level = min(float(burst), kept + (now - seen) * fill)
        if level < 1:
            self._wait = (1 - level) / fill
            return False
        cache.set(key, (level - 1, now), timeout=math.ceil(burst / fill) + 1)
        return True

    def wait(self) -> float | None:
        return self._wait

    def key(self, request: Request) -> str | None:
        """Whose bucket it is; None where this throttle has nothing to say."""
        raise NotImplementedError


class PerAddress(Bucket):
    """Strangers, by address. A proxy's header counts only as far as ``PROXY_COUNT`` trusts it."""

    scope = "anonymous"

    def key(self, request: Request) -> str | None:
        if getattr(request, "successful_authenticator", None) is not None:
            return None
        return f"api:address:{self.get_ident(request)}"


class PerCaller(Bucket):
    """Each token for itself, so that one busy program does not stop its owner's others; log-ins by person."""

    scope = "person"

    def key(self, request: Request) -> str | None:
        if isinstance(request.auth, ApiToken):
            return f"api:token:{request.auth.pk}"
        return f"api:person:{request.user.pk}" if request.user and request.user.pk else None
