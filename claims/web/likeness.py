"""Claims with words in common, as candidates for "this repeats that one"."""

from __future__ import annotations

import re

from django.db.models import Q

from claims.enums import ClaimStatus
from claims.models import Claim
from claims.models.article import long_fields

_WORD = re.compile(r"\w{4,}")
POOL = 200


def alike(claim: Claim, limit: int = 8) -> list[Claim]:
    """Claims that this one may repeat, the likest first: those of its article, then those sharing rare words.

    Likeness is the share of words of four letters or more that both have (Jaccard). One query of at most 200 rows.
    """
    words = _words(claim)
    same = Q(article_id=claim.article_id)
    if claim.speaker_id:
        same |= Q(speaker_id=claim.speaker_id)
    rows = Claim.objects.filter(same).exclude(pk=claim.pk).exclude(status=ClaimStatus.DUPLICATE)
    rows = rows.select_related("article").defer(*long_fields("article"))
    pool = list(rows.order_by("-id")[:POOL])
    scored = [(_share(words, _words(row)), row.article_id == claim.article_id, -row.pk, row) for row in pool]
    scored.sort(key=lambda item: item[:3], reverse=True)
    return [row for _score, _near, _pk, row in scored[:limit]]


def _words(claim: Claim) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(claim.wording))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
