"""Other fact-checkers' ClaimReviews: read with patience, kept as they are, never ours.

What comes in is a record of what somebody else found, in their words; it is
matched against claims and never published. What cannot be read is put aside
with the reason, and the rest goes on.

The forgiving rules are those that collectors of such feeds had to learn:
lists where one value is meant, strings for objects, numbers as text, ``-1``
for no number, entities in text, addresses of archives.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final
from urllib.parse import urlsplit

from claims.publishing import jsonstream

MAX_TEXT: Final = 5_000
"""Characters kept of any one text."""

_ARCHIVE = re.compile(r"^https?://(?:web\.)?archive\.org/web/\d{4,14}[a-z_]*/(.+)$", re.IGNORECASE)
_DATE = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCheck:
    """One check of a claim by another publisher.

    ``rating`` is the publisher's own word, verbatim. The numbers are there only
    if they make sense together. ``appearances`` are live addresses;
    ``archived`` the archive addresses from which some of them were unwrapped.
    """

    claim: str
    url: str
    publisher: str
    rating: str = ""
    rating_value: float | None = None
    best: float | None = None
    worst: float | None = None
    claimant: str = ""
    reviewed_on: date | None = None
    claimed_on: date | None = None
    publisher_url: str = ""
    language: str = ""
    title: str = ""
    license: str = ""
    appearances: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that was put aside: its place in the file, why, and how it begins."""

    index: int
    reason: str
    excerpt: str


class UnreadableError(ValueError):
    """A record is no check of a claim; the message says why."""


def read(stream: IO[bytes]) -> Iterator[ImportedCheck | Quarantined]:
    """Read a DataFeed, a JSON list, lines of JSON or one ClaimReview, gzipped or not.

    Args:
        stream: a seekable binary file of any size; memory stays flat.
    """
    for index, value in enumerate(jsonstream.objects(stream), start=1):
        if isinstance(value, jsonstream.Broken):
            yield Quarantined(index, value.reason, value.text)
            continue
        reviews = list(_reviews(value))
        if not reviews:
            yield Quarantined(index, "holds no ClaimReview", _excerpt(value))
        for review in reviews:
            try:
                yield normalise(review)
            except UnreadableError as error:
                yield Quarantined(index, str(error), _excerpt(review))


def normalise(review: Mapping[str, Any]) -> ImportedCheck:
    """One ClaimReview as a record of ours.

    Raises:
        UnreadableError: if the claim, the address or the publisher is missing.
    """
    item = _first(review.get("itemReviewed"))
    works = [*_works(item, "appearance"), *_works(item, "firstAppearance")]
    live, archived = _unwrapped(works)
    publisher = _first(review.get("author")) or _first(review.get("publisher"))
    url = _address(review.get("url")) or _address(_address_of(review.get("mainEntityOfPage")))
    value, best, worst = _numbers(_first(review.get("reviewRating")))
    check = ImportedCheck(
        claim=_text(review.get("claimReviewed")) or _text(_get(item, "text")) or _bare_text(item),
        url=url,
        publisher=_name(publisher) or (urlsplit(url).hostname or ""),
        rating=_rating_word(_first(review.get("reviewRating"))),
        rating_value=value,
        best=best,
        worst=worst,
        claimant=", ".join(name for name in map(_name, _list(_get(item, "author"))) if name),
        reviewed_on=_date(review.get("datePublished")),
        claimed_on=_date(_get(item, "datePublished")),
        publisher_url=_address(_get(publisher, "url")),
        language=_language(review.get("inLanguage")),
        title=_text(review.get("headline")) or _text(review.get("name")),
        license=_address(review.get("license")) or _text(review.get("sdLicense")),
        appearances=live,
        archived=archived,
    )
    if not check.claim:
        raise UnreadableError("does not say which claim was checked")
    if not check.url:
        raise UnreadableError("has no web address")
    return check


def _reviews(value: Any) -> Iterator[Mapping[str, Any]]:
    """All ClaimReviews in a record: itself, in its list, its feed item or its graph."""
    if isinstance(value, list):
        for item in value:
            yield from _reviews(item)
    elif isinstance(value, Mapping):
        if _is_claim_review(value):
            yield value
        else:
            for name in ("item", "@graph", "dataFeedElement", "mainEntity"):
                yield from _reviews(value.get(name))


def _is_claim_review(value: Mapping[str, Any]) -> bool:
    kinds = [str(kind).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in _list(value.get("@type"))]
    return "ClaimReview" in kinds or ("claimReviewed" in value and not kinds)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    return next(iter(_list(value)), None)


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _text(value: Any) -> str:
    """Plain words: of a string, a ``@value`` or a list, entities resolved, on one line."""
    value = _first(value)
    if isinstance(value, Mapping):
        value = value.get("@value")
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    return " ".join(html.unescape(html.unescape(str(value))).split())[:MAX_TEXT]


def _bare_text(item: Any) -> str:
    return _text(item) if isinstance(item, str) and not _address(item) else ""


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, Mapping) else _text(value)


def _rating_word(rating: Any) -> str:
    if not isinstance(rating, Mapping):
        return _text(rating)
    return _text(rating.get("alternateName")) or _text(rating.get("name"))


def _numbers(rating: Any) -> tuple[float | None, float | None, float | None]:
    """Value, best and worst; all None where they are missing, -1 or contradict each other."""
    value, best, worst = (
        _number(_get(rating, name)) for name in ("ratingValue", "bestRating", "worstRating")
    )
    if value is None or best is None or worst is None or not worst <= value <= best or worst == best:
        return None, None, None
    return value, best, worst


def _number(value: Any) -> float | None:
    try:
        number = float(_text(value))
    except ValueError:
        return None
    return number if 0 <= number < 1e6 else None


def _date(value: Any) -> date | None:
    match = _DATE.match(_text(value))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _language(value: Any) -> str:
    tag = (
        _name(value) if not isinstance(value, Mapping) else _text(value.get("alternateName")) or _name(value)
    )
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else ""


def _address_of(value: Any) -> Any:
    value = _first(value)
    return (value.get("url") or value.get("@id")) if isinstance(value, Mapping) else value


def _address(value: Any) -> str:
    text = _text(_address_of(value)).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""


def _works(item: Any, name: str) -> list[str]:
    return [address for address in map(_address, _list(_get(item, name))) if address]


def _unwrapped(works: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Live addresses and the archive addresses that some of them were taken from."""
    live: dict[str, None] = {}
    archived: dict[str, None] = {}
    for address in works:
        match = _ARCHIVE.match(address)
        if match:
            archived[address] = None
            address = match[1] if "://" in match[1] else f"https://{match[1]}"
        live[address] = None
    return tuple(live), tuple(archived)


def _excerpt(value: Any) -> str:
    return repr(value)[:200]
