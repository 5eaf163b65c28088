"""A claim restated so that it can be checked without the article beside it: always a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

Span = tuple[int, int]


def restate(
    text: str,
    *,
    content: str | Sequence[Span] | None = None,
    speaker: str = "",
    article_date: date | str | None = None,
    mentions: Iterable[tuple[str, str]] = (),
) -> str | None:
    """The claim restated, or None where nothing sensible can be proposed."""
    return None


def split(text: str) -> list[str]:
    """The sentences that ``text`` could be split into; empty where it makes one claim."""
    return []
