"""Claims that say certain words: in their own words, their speaker's name, their article's title, their sources.

A word that few claims hold leads to them by the index of three-letter pieces (migration 0032). A word that many hold is
looked for in each claim of the list instead, in the list's order: enough for a page are soon found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.utils import OperationalError

from claims.models import Article, Claim, Evidence, Speaker

FEW = 1000
WORDS = 6
SHORTEST = 3  # characters, below which there is no piece to look up
_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Claim: ("text", "restated"),
    Speaker: ("name",),
    Article: ("title",),
    Evidence: ("title", "publisher", "quote", "note"),
}


def saying(rows: QuerySet[Claim], words: str) -> QuerySet[Claim]:
    """Those of ``rows`` that say every one of the words (the first six), each somewhere, in part or whole."""
    asked = words.replace("\0", " ").split()[:WORDS]
    found = _first_rare(sorted(asked, key=len, reverse=True))
    for word in asked:
        rows = rows.filter(pk__in=found[1]) if found and found[0] == word else rows.filter(_anywhere(word))
    return rows


def few(ids: QuerySet[Any, int]) -> list[int] | None:
    """The claims that ``ids`` asks for, where they are few; else None."""
    found = list(ids[: FEW + 1])
    return sorted(set(found)) if len(found) <= FEW else None


def _first_rare(words: Sequence[str]) -> tuple[str, list[int]] | None:
    """A word that few claims say, with these claims; two queries at most for each word until there is one."""
    for word in words:
        if len(word) < SHORTEST:
            continue
        try:
            claims = _claims_with(word)
        except OperationalError:  # a SQLite without FTS5 has no index to ask
            return None
        if claims is not None:
            return word, claims
    return None


def _claims_with(word: str) -> list[int] | None:
    """The claims that say this word; None where they, or their speakers, articles or sources, are many."""
    held = _rows_with(word)
    if any(len(ids) > FEW for ids in held.values()):
        return None
    if not any(held.values()):
        return []
    claims = Claim.objects.order_by()
    found = claims.filter(pk__in=held[Claim]).values_list("pk", flat=True).union(
        claims.filter(speaker_id__in=held[Speaker]).values_list("pk", flat=True),
        claims.filter(article_id__in=held[Article]).values_list("pk", flat=True),
        Evidence.objects.standing().order_by().filter(pk__in=held[Evidence]).values_list("claim_id", flat=True),
        all=True,
    )  # fmt: skip
    return few(found)


def _rows_with(word: str) -> dict[type[Model], list[int]]:
    """The rows of each table that say this word, one more than a few at most, by the index alone."""
    parts, values = [], []
    for number, model in enumerate(_COLUMNS):
        part, asked = _indexed(model, word)
        parts.append(f"SELECT {number}, piece.id FROM ({part} LIMIT {FEW + 1}) AS piece")  # noqa: S608
        values += asked
    held: dict[type[Model], list[int]] = {model: [] for model in _COLUMNS}
    models = list(_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for number, pk in cursor.fetchall():
            held[models[number]].append(pk)
    return held


def _indexed(model: type[Model], word: str) -> tuple[str, list[str]]:
    """The statement by which the index of a table gives its rows; all names in it are the models' own."""
    if connection.vendor == "sqlite":
        index = f"search_{model._meta.model_name}"
        phrase = '"' + word.replace('"', '""') + '"'
        return f"SELECT rowid AS id FROM {index} WHERE {index} MATCH %s", [phrase]  # noqa: S608
    columns = _COLUMNS[model]
    held = " OR ".join(f'UPPER("{column}"::text) LIKE UPPER(%s)' for column in columns)
    piece = f"%{connection.ops.prep_for_like_query(word)}%"
    return f"SELECT id FROM {model._meta.db_table} WHERE {held}", [piece] * len(columns)  # noqa: S608


def _in_columns(model: type[Model], word: str, path: str = "") -> Q:
    held = Q()
    for column in _COLUMNS[model]:
        held |= Q(**{f"{path}{column}__icontains": word})
    return held


def _anywhere(word: str) -> Q:
    """The same without an index; sources are asked once for the whole list, not for each claim."""
    with_source = Evidence.objects.standing().order_by().filter(_in_columns(Evidence, word))
    return (
        _in_columns(Claim, word)
        | _in_columns(Speaker, word, "speaker__")
        | _in_columns(Article, word, "article__")
        | Q(pk__in=with_source.values("claim_id"))
    )
