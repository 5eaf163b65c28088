"""Wikipedia: search for pages, and the plain text of one page with the revision it was read at."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from claims.integrations import conf
from claims.integrations.answer import (
    Answer,
    OddShape,
    Service,
    listing,
    mapping,
    moment,
    readable,
    text,
    web_address,
)

SERVICE = Service("wikipedia", "Wikipedia")
BASE = "https://{language}.wikipedia.org/w/api.php"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,10}){0,2}\Z")


@dataclass(frozen=True)
class Hit:
    """A page that matched a search, with the passage around the match."""

    page_id: int
    title: str
    snippet: str
    edited_at: datetime | None


@dataclass(frozen=True)
class Page:
    """The text of a page at one revision, so that what we cite can be found again."""

    page_id: int
    title: str
    text: str
    url: str
    revision: int | None
    edited_at: datetime | None


def search(query: str, *, language: str = "en", limit: int = 5) -> Answer[Hit]:
    """Pages of the Wikipedia in ``language`` that match ``query``."""
    asked = {"action": "query", "list": "search", "srsearch": text(query, 300), "srlimit": str(limit)}
    return SERVICE.ask(_url(asked, language), _hits, query=asked | {"language": language})


def page(page_id: int, *, language: str = "en") -> Answer[Page]:
    """The plain text of one page."""
    asked = {
        "action": "query",
        "prop": "extracts|info|revisions",
        "explaintext": "1",
        "inprop": "url",
        "rvprop": "ids|timestamp",
        "pageids": str(page_id),
    }
    return SERVICE.ask(_url(asked, language), _pages, query=asked | {"language": language})


def _url(asked: dict[str, str], language: str) -> str:
    code = language.lower().split("-")[0] if not _LANGUAGE.match(language.lower()) else language.lower()
    # The code becomes part of a host name: whatever is no language code falls back to English.
    code = code if _LANGUAGE.match(code) else "en"
    base = conf.text("WIKIPEDIA_URL", BASE).replace("{language}", code)
    return f"{base}?{urlencode(asked | {'format': 'json', 'formatversion': '2', 'utf8': '1'})}"


def _hits(answer: Any) -> tuple[Hit, ...]:
    raw = listing(mapping(mapping(answer).get("query")).get("search"))
    return readable(raw, [_hit(entry) for entry in raw])


def _hit(entry: Any) -> Hit | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("pageid"), int):
        return None
    snippet = html.unescape(re.sub(r"<[^>]*>", "", text(entry.get("snippet"), 1_000)))
    return Hit(entry["pageid"], text(entry.get("title"), 300), snippet, moment(entry.get("timestamp")))


def _pages(answer: Any) -> tuple[Page, ...]:
    raw = listing(mapping(mapping(answer).get("query")).get("pages"))
    present = [mapping(entry) for entry in raw if not mapping(entry).get("missing")]
    return readable(present, [_page(entry) for entry in present])


def _page(entry: dict[str, Any]) -> Page | None:
    extract = entry.get("extract")
    if not isinstance(extract, str) or not isinstance(entry.get("pageid"), int):
        raise OddShape
    revisions = entry.get("revisions")
    newest = (
        revisions[0] if isinstance(revisions, list) and revisions and isinstance(revisions[0], dict) else {}
    )
    revision = newest.get("revid")
    return Page(
        page_id=entry["pageid"],
        title=text(entry.get("title"), 300),
        text=extract.replace("\0", "")[:1_000_000],
        url=web_address(entry.get("canonicalurl") or entry.get("fullurl")),
        revision=revision if isinstance(revision, int) else None,
        edited_at=moment(newest.get("timestamp")),
    )
