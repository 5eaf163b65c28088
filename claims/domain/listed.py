"""Claims as the table shows them: fifty rows with just their columns, which costs a fifth of fifty rows of six models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.domain import blind, people, statements
from claims.models import Claim

_COLUMNS = (
    "pk", "number", "version", "status", "worthiness", "due_at", "created_at", "priority", "tags", "text", "restated",
    "article__title", "article__url", "speaker__name", "speaker_mention", "assignee_id", "assignee__first_name",
    "assignee__last_name", "assignee__username", "second_reader_id", "verdict__level__word", "verdict__level__key", "verdict__level__value",
    "verdict__level__off_scale", "verdict__level__scale_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A rating as lists show it; the names are those of ``RatingLevel``."""

    word: str
    key: str
    value: int | None
    off_scale: bool
    scale_id: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the table. ``checker`` is a name, empty for nobody."""

    pk: int
    number: int
    version: int
    status: str
    worthiness: float
    due_at: datetime | None
    created_at: datetime
    priority: str
    tags: tuple[str, ...]
    wording: str
    article: str
    speaker_name: str
    assignee_id: int | None
    checker: str
    second_reader_id: int | None
    level: Level | None


def read(ids: Sequence[int]) -> dict[int, Listed]:
    """The claims with these ids, as rows of the table."""
    return {row[0]: _listed(*row) for row in statements.columns_of(Claim, _COLUMNS, ids)}


def _listed(
    pk: int, number: int, version: int, status: str, worthiness: float, due_at: datetime | None, created_at: datetime,
    priority: str, tags: list[Any], text: str, restated: str, title: str, url: str, speaker: str | None,
    mention: str, assignee_id: int | None, first: str | None, last: str | None, username: str | None,
    second_reader_id: int | None,
    word: str | None, key: str | None, value: int | None, off_scale: bool | None, scale_id: int | None,
) -> Listed:  # fmt: skip
    level = None
    if word is not None and key is not None and scale_id is not None:
        level = Level(word, key, value, bool(off_scale), scale_id)
    return Listed(
        pk=pk, number=number, version=version, status=status, worthiness=worthiness, due_at=due_at, created_at=created_at,
        priority=priority, tags=tuple(map(str, tags)), wording=restated or text,
        article=title or url or _("Article without a title"), speaker_name=speaker or mention,
        assignee_id=assignee_id, checker=people.name_of(first, last, username),
        second_reader_id=second_reader_id, level=level,
    )  # fmt: skip


def veiled(rows: Iterable[Listed], person: Any) -> list[Listed]:
    """The same rows without the ratings that this person should not see yet."""
    listed = list(rows)
    kept_back = blind.hidden(listed, person)
    return [replace(row, level=None) if row.pk in kept_back else row for row in listed]
