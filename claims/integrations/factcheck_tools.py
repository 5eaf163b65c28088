"""Earlier checks by others: Google Fact Check Tools ``claims:search`` (v1alpha1, key needed).

An empty answer is ``{}`` and absent fields are simply missing. There is no numeric rating in a search result, and
none is made up: the word is passed on exactly as its publisher wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from claims.integrations import conf
from claims.integrations.answer import Answer, Service, listing, mapping, moment, text, web_address
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say

SERVICE = Service("factcheck_tools", "Google Fact Check Tools")
BASE = "https://factchecktools.googleapis.com/v1alpha1"


@dataclass(frozen=True)
class EarlierCheck:
    """One review of one claim. ``rating`` is the publisher's own word, in ``language``."""

    claim: str
    claimant: str
    claimed_at: datetime | None
    publisher: str
    publisher_site: str
    url: str
    title: str
    rating: str
    reviewed_at: datetime | None
    language: str


def search(
    query: str, *, language: str = "", max_age_days: int | None = None, page_size: int = 10
) -> Answer[EarlierCheck]:
    """Reviews of claims like ``query``. ``language`` is a BCP-47 code; Google ignores its region."""
    asked = {"query": text(query, 500), "languageCode": language, "pageSize": str(page_size)}
    if max_age_days is not None:
        asked["maxAgeDays"] = str(max_age_days)
    asked = {name: value for name, value in asked.items() if value}
    key = conf.text("GOOGLE_FACTCHECK_KEY")
    if not key:
        return SERVICE.not_configured(
            say(_("Not searched: no key for Google Fact Check Tools is set.")), asked
        )
    url = f"{conf.text('GOOGLE_FACTCHECK_URL', BASE)}/claims:search?{urlencode(asked)}"
    # The key travels in a header, so that it never shows in an address that is logged or stored.
    return SERVICE.ask(
        url, _read, query=asked, headers={"X-Goog-Api-Key": key}, key_setting="GOOGLE_FACTCHECK_KEY"
    )


def _read(answer: Any) -> tuple[EarlierCheck, ...]:
    found: list[EarlierCheck] = []
    for claim in map(mapping, listing(mapping(answer).get("claims", []))):
        for review in map(mapping, listing(claim.get("claimReview", []))):
            url = web_address(review.get("url"))
            if url:
                found.append(_check(claim, review, url))
    return tuple(found)


def _check(claim: dict[str, Any], review: dict[str, Any], url: str) -> EarlierCheck:
    publisher = mapping(review.get("publisher", {}))
    site = text(publisher.get("site"), 200)
    return EarlierCheck(
        claim=text(claim.get("text"), 1_000),
        claimant=text(claim.get("claimant"), 200),
        claimed_at=moment(claim.get("claimDate")),
        publisher=text(publisher.get("name"), 200) or site,
        publisher_site=site,
        url=url,
        title=text(review.get("title"), 500),
        rating=text(review.get("textualRating"), 300),
        reviewed_at=moment(review.get("reviewDate")),
        language=text(review.get("languageCode"), 20),
    )
