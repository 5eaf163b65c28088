"""Web pages: the article inside the page, by trafilatura; title, author, date and outlet from its metadata."""

from __future__ import annotations

import re

import trafilatura

from claims.integrations.readers.found import MIN_WORDS, Found, NotRead, cut

# Beyond this a crafted page can keep the parser busy for a minute, so it is read in a child process.
HEAVY_BYTES = 2_000_000
HEAVY_TAGS = 20_000
_PAYWALL = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false", re.IGNORECASE)
_NOTICE = re.compile(
    r"\b(cookies?|consent|subscri(?:be|ption)|sign in|log in|ad ?blocker|paywall)\b", re.IGNORECASE
)
_SHORT_WORDS = 120


def is_heavy(content: bytes) -> bool:
    """Whether the page could be costly to parse."""
    return len(content) > HEAVY_BYTES or content.count(b"<") > HEAVY_TAGS


def read(page: str, url: str = "") -> Found:
    """The article text of ``page``; raises ``NotRead`` when the page holds none worth the name."""
    found = trafilatura.bare_extraction(
        page, url=url or None, with_metadata=True, include_comments=False, include_tables=True
    )
    if found is None or isinstance(found, dict):  # a dict only comes from an option we do not use
        raise NotRead("no_article")
    text = _paragraphs(str(found.text or ""))
    if len(text.split()) < MIN_WORDS:
        raise NotRead("no_article")
    text, warnings = cut(text, _warnings(page, text))
    return Found(
        text=text,
        title=_line(found.title),
        outlet=_line(found.sitename) or _line(found.hostname),
        author=_line(found.author),
        published=_date(found.date),
        url=_line(found.url),
        warnings=warnings,
    )


def _paragraphs(text: str) -> str:
    return "\n\n".join(line.strip() for line in text.splitlines() if line.strip())


def _warnings(page: str, text: str) -> tuple[str, ...]:
    warnings = ("paywall",) if _PAYWALL.search(page) else ()
    if len(text.split()) < _SHORT_WORDS and len(_NOTICE.findall(text)) >= 2:
        warnings = (*warnings, "notice")
    return warnings


def _line(value: object) -> str:
    return " ".join(str(value or "").split())[:500]


def _date(value: object) -> str:
    match = re.match(r"\d{4}-\d{2}-\d{2}", str(value or ""))
    return match.group() if match else ""
