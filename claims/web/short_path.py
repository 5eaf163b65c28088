"""The short way to a report's page: one query says which version stands, and its kept page goes out as it is.

What else happens on the way of a request (session, log-in, messages, cross-site token) changes nothing on this page, so
a page that is kept is answered before all of it. The headers are those that the long way gave to the same kind of
visitor, learned from its answer: there is one place that makes them. What is not kept, not public, or asked for in any
other way takes the long way.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from claims.web import context, kept_pages

_REPORT = re.compile(r"/reports/([-a-zA-Z0-9_]+)/")
# Headers of one answer alone; all others are the same for every report.
_OWN = frozenset({"ETag", "Content-Length", "Content-Language"})
_OF_A_BODY = frozenset({"Content-Type", "Content-Encoding"})
_MOST_DOORS = 64

Door = tuple[str, str, bool]
_learned: dict[Door, dict[str, str]] = {}


class KeptAnswer(HttpResponse):
    """The page of a standing version, made by the long way: its headers are what the short way sends."""


def reports(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost but for what counts and names requests."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = _REPORT.fullmatch(request.path_info) if request.method == "GET" else None
        if found is None:
            return get_response(request)
        door = _door(request)
        headers = _learned.get(door)
        response = _answer(request, found[1], headers, zipped=door[2]) if headers else None
        return response or _learn(door, get_response(request))

    return middleware


def forget() -> None:
    """Learn the headers anew: after a change of settings, which only tests make."""
    _learned.clear()


def _door(request: HttpRequest) -> Door:
    """What the headers hang on: an address that is not ours, or not safe, is never learned."""
    return request.scheme or "", request.META.get("HTTP_HOST", ""), kept_pages.takes_gzip(request)


def _learn(door: Door, response: HttpResponse) -> HttpResponse:
    if isinstance(response, KeptAnswer) and not response.cookies:
        if len(_learned) >= _MOST_DOORS:
            _learned.clear()
        _learned[door] = {name: value for name, value in response.items() if name not in _OWN}
    return response


def _answer(request: HttpRequest, slug: str, headers: dict[str, str], *, zipped: bool) -> HttpResponse | None:
    found = kept_pages.standing(slug)
    if found is None:
        return None
    theme, language = context.theme_of(request), found.language or "en"
    tag = found.tag(theme, zipped=zipped)
    if kept_pages.asks_for(request, tag):
        kept = {name: value for name, value in headers.items() if name not in _OF_A_BODY}
        return HttpResponseNotModified(headers={**kept, "ETag": tag, "Content-Language": language})
    page = kept_pages.PAGES.look(found.key("page", theme))
    if page is None:
        return None
    body = page if zipped else gzip.decompress(page)
    own = {"ETag": tag, "Content-Length": str(len(body)), "Content-Language": language}
    return HttpResponse(body, headers={**headers, **own})
