"""Wikidata: candidates for a name (``wbsearchentities``). A person confirms; nothing is linked by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from claims.integrations import conf
from claims.integrations.answer import Answer, Service, listing, mapping, readable, text

SERVICE = Service("wikidata", "Wikidata")
BASE = "https://www.wikidata.org/w/api.php"


@dataclass(frozen=True)
class Candidate:
    """One item that may be meant. ``url`` is the address of the item, made from its checked identifier."""

    identifier: str
    label: str
    description: str
    aliases: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"https://www.wikidata.org/wiki/{self.identifier}"


def search(name: str, *, language: str = "en", limit: int = 7) -> Answer[Candidate]:
    """Items called ``name`` or like it, with labels and descriptions in ``language``."""
    code = language.lower() if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2,10})?", language) else "en"
    asked = {
        "action": "wbsearchentities",
        "search": text(name, 250),
        "language": code,
        "uselang": code,
        "limit": str(limit),
    }
    url = f"{conf.text('WIKIDATA_URL', BASE)}?{urlencode(asked | {'format': 'json', 'formatversion': '2'})}"
    return SERVICE.ask(url, _read, query=asked)


def _read(answer: Any) -> tuple[Candidate, ...]:
    raw = listing(mapping(answer).get("search"))
    return readable(raw, [_candidate(entry) for entry in raw])


def _candidate(entry: Any) -> Candidate | None:
    if not isinstance(entry, dict) or not re.fullmatch(r"[QP]\d{1,12}", str(entry.get("id"))):
        return None
    aliases = entry.get("aliases")
    return Candidate(
        identifier=entry["id"],
        label=text(entry.get("label"), 300),
        description=text(entry.get("description"), 500),
        aliases=tuple(text(alias, 200) for alias in aliases[:10]) if isinstance(aliases, list) else (),
    )
