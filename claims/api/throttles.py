"""How many requests a token, a person and an address may make: a bucket that fills steadily and holds a burst.

All processes count together, see ``domain.limits``.
"""

from __future__ import annotations

import abc
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from claims.domain import limits
from claims.models import ApiToken
from factcheck.address import counted_address


class Bucket(BaseThrottle, abc.ABC):
    """One bucket for each caller; an empty one says how long to wait."""

    scope = ""
    _wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.key(request)
        if key is None:
            return True
        self._wait = limits.take(key, settings.API_RATES[self.scope], settings.API_BURST) or None
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait

    @abc.abstractmethod
    def key(self, request: Request) -> str | None:
        """Whose bucket it is; None where this throttle has nothing to say."""


class PerAddress(Bucket):
    """Strangers, by address. A proxy's header counts only as far as ``PROXY_COUNT`` trusts it."""

    scope = "anonymous"

    def key(self, request: Request) -> str | None:
        if getattr(request, "successful_authenticator", None) is not None:
            return None
        return f"api:address:{counted_address(request._request)}"


class PerCaller(Bucket):
    """Each token for itself, so that one busy program does not stop its owner's others; log-ins by person."""

    scope = "person"

    def key(self, request: Request) -> str | None:
        if isinstance(request.auth, ApiToken):
            return f"api:token:{request.auth.pk}"
        return f"api:person:{request.user.pk}" if request.user and request.user.pk else None
