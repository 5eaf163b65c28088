"""A dropped piece comes back, and every span still stands on its words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from claims.domain.leftovers import bring_back
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import Article, Claim, Statement
from tests import factories

pytestmark = pytest.mark.django_db
PIECE = "Photo: 48,000 people took the ferry in May, the port said."


@pytest.fixture
def article(editor: User) -> Article:
    stored = factories.article(editor)
    place = stored.text.index("Opposition leader")
    stored.dropped = [
        {"text": PIECE, "reason": "caption", "before": place},
        {"text": "Share this", "reason": "share bar", "before": len(stored.text)},
    ]
    stored.save()
    return stored


def all_spans_stand(article: Article) -> bool:
    rows = [*Claim.objects.filter(article=article), *Statement.objects.filter(article=article)]
    return all(article.text[row.start : row.end] == row.text for row in rows)


def test_piece_stands_where_it_stood_and_nothing_slips(article: Article, reviewer: User) -> None:
    claims = Claim.objects.filter(article=article).count()
    article = bring_back(article.pk, 0, actor=reviewer)
    assert f"{PIECE}\n\nOpposition leader" in article.text
    assert all_spans_stand(article)
    assert [item["text"] for item in article.dropped] == ["Share this"]
    assert Statement.objects.filter(article=article, text__contains="48,000").exists()
    assert Claim.objects.filter(article=article).count() > claims
    article = bring_back(article.pk, 0, actor=reviewer)
    assert article.text.endswith("\n\nShare this")
    assert all_spans_stand(article)


def test_no_such_piece(article: Article, reviewer: User) -> None:
    with pytest.raises(InvalidInput):
        bring_back(article.pk, 5, actor=reviewer)


def test_viewer_cannot(article: Article, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        bring_back(article.pk, 0, actor=viewer)


def test_text_behind_a_public_report_stays(
    article: Article, editor: User, claim_in: Callable[..., Claim]
) -> None:
    claim_in("published")
    with pytest.raises(TransitionRefused):
        bring_back(article.pk, 0, actor=editor)
