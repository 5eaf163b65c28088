"""Web search through a SearXNG server of the desk's own (``SEARXNG_URL``), JSON format switched on there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from claims.enums import StepOutcome
from claims.integrations import conf
from claims.integrations.answer import Answer, Service, listing, mapping, moment, text, web_address
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say

SERVICE = Service("searxng", "SearXNG")


@dataclass(frozen=True)
class Result:
    """One page found. ``snippet`` is the search engine's extract, not something to cite."""

    url: str
    title: str
    snippet: str
    published: datetime | None
    engines: tuple[str, ...]


def search(query: str, *, language: str = "", limit: int = 10) -> Answer[Result]:
    """Pages for ``query``. With every engine silent the answer is ``UNAVAILABLE``, not "nothing found"."""
    asked = {"q": text(query, 400)} | ({"language": language} if language else {})
    base = conf.text("SEARXNG_URL").rstrip("/")
    if not base:
        return SERVICE.not_configured(say(_("Not searched: no search engine is set up on this desk.")), asked)
    silent = False

    def read(answer: Any) -> tuple[Result, ...]:
        nonlocal silent
        found = _read(answer, limit)
        silent = not found and bool(mapping(answer).get("unresponsive_engines"))
        return found

    url = f"{base}/search?{urlencode(asked | {'format': 'json', 'safesearch': '0'})}"
    answer = SERVICE.ask(url, read, query=asked, key_setting="SEARXNG_URL")
    if silent:
        note = say(_("The search engines behind SearXNG did not answer, so nothing is known."))
        return replace(answer, outcome=StepOutcome.UNAVAILABLE, note=note, retryable=True)
    return answer


def _read(answer: Any, limit: int) -> tuple[Result, ...]:
    found: dict[str, Result] = {}
    for entry in map(mapping, listing(mapping(answer).get("results"))):
        url = web_address(entry.get("url"))
        if not url or url in found or len(found) >= limit:
            continue
        engines = entry.get("engines")
        found[url] = Result(
            url=url,
            title=text(entry.get("title"), 500),
            snippet=text(entry.get("content"), 2_000),
            published=moment(entry.get("publishedDate")),
            engines=tuple(text(name, 60) for name in engines[:10]) if isinstance(engines, list) else (),
        )
    return tuple(found.values())
