"""Which codings a reader takes, said once for all that compress: kept pages, Django's own compression, static files.

All of those look only whether ``gzip`` is named, so that ``gzip;q=0``, which refuses it, was answered with it. Here the
header is put into plain words before anybody reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

HEADER = "HTTP_ACCEPT_ENCODING"


@lru_cache(maxsize=256)
def taken(header: str) -> str:
    """The codings that this header takes and does not like less than none, by name; empty where it takes none.

    RFC 9110, 12.5.3: ``q=0`` refuses, ``*`` stands for all that are not named. A weight that is no number takes nothing.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _semicolon, rest = part.partition(";")
        if name.strip():
            weights[name.strip().replace("x-gzip", "gzip")] = _weight(rest)
    if "*" in weights:
        weights.setdefault("gzip", weights["*"])
    plain = weights.get("identity", 0.0)
    return ", ".join(
        name for name, weight in weights.items() if name not in {"*", "identity"} and 0 < weight >= plain
    )


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _equals, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value.strip())
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def plainly(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before everything that compresses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.META.get(HEADER)
        if asked is not None:
            request.META[HEADER] = taken(asked)
        return get_response(request)

    return middleware
