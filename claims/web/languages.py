"""The language that a page speaks: the public site's is the operator's choice, the desk's own screens are in English.

A report, its history and what readers send about it speak the report's language instead; their views see to that
(``domain.spoken``). No visitor's wish is asked, so that an address has one page for all and can be kept.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from claims.domain import spoken

# The first part of an address that is the desk's own, or a program's. Everything else is the public site, also where
# there is no page at it.
_INSIDE = frozenset({
    "desk", "admin", "api", "log-in", "log-out", "password", "invitation", "theme", "healthz", "readyz", ".well-known",
})  # fmt: skip


def is_public(path: str) -> bool:
    """Whether the address belongs to the public site."""
    return path.strip("/").partition("/")[0] not in _INSIDE


def speak(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the words of whatever is answered, also of errors, and the header that names their language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = settings.SITE_LANGUAGE if is_public(request.path_info) else spoken.ENGLISH
        with spoken.speaking(language):
            response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware
