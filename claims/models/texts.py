"""Whole texts, found by the words in them.

Copies and articles have an index of words beside them (migration 0034): a desk of years keeps more than can be read
through for each question. A word is found by its beginning, whatever its capitals; on SQLite whatever its accents too.
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Self, TypeVar

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

_PIECES = re.compile(r"[^\W_]+")
# Scripts that write without spaces: their words have no beginning that an index of words knows.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


Row = TypeVar("Row", bound=models.Model, covariant=True)


class TextQuerySet(models.QuerySet[Row]):
    """Rows with a column ``text`` that has an index of words."""

    def holding(self, *groups: Sequence[str]) -> Self:
        """Those whose text holds every word of at least one group. No group, no row."""
        return self.filter(holding(self.model, groups))


def holding(model: type[models.Model], groups: Iterable[Sequence[str]], path: str = "") -> Q:
    """The condition of ``TextQuerySet.holding``, for rows that ``path`` (such as ``"snapshot__"``) leads from.

    Args:
        model: whose ``text`` is meant.
        groups: words of which all have to be held; one group is enough.
        path: how a query of another model gets to it.
    """
    groups = [group for group in groups if any(_PIECES.search(word) for word in group)]
    if not groups:
        return Q(pk__in=[])
    if any(_UNSPACED.search(word) for group in groups for word in group) or not has_index():
        return _by_reading(groups, path)
    asked = _question(groups)
    return Q(**{f"{path}pk__in": RawSQL(_statement(model), [asked])})  # noqa: S611  # names are the model's own


def _by_reading(groups: Iterable[Sequence[str]], path: str) -> Q:
    found = Q()
    for group in groups:
        every = Q()
        for word in group:
            every &= Q(**{f"{path}text__icontains": word})
        found |= every
    return found


def _question(groups: Iterable[Sequence[str]]) -> str:
    """The groups in the language of the index: pieces of letters and digits alone, so that nothing in them is a sign."""
    sqlite = connection.vendor == "sqlite"
    both, either, piece = (" AND ", " OR ", '"{}"*') if sqlite else (" & ", " | ", "'{}':*")
    return either.join(
        f"({both.join(piece.format(part) for word in group for part in _PIECES.findall(word))})"
        for group in groups
    )


def _statement(model: type[models.Model]) -> str:
    index = f"words_{model._meta.model_name}"
    if connection.vendor == "sqlite":
        return f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608
    return f"SELECT {index}_holding(%s)"


@functools.cache
def has_index() -> bool:
    """Whether texts are found by an index here: a SQLite without FTS5 has none."""
    if connection.vendor != "sqlite":
        return True
    with closing(sqlite3.connect(":memory:")) as library:
        return bool(library.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
