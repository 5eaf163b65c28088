"""What other programs would say of the ClaimReview stands beside the preview, while it can still be mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Article, Claim

pytestmark = pytest.mark.django_db


def test_remarks_stand_beside_the_preview_and_the_review(
    claim_in: Callable[..., Claim], reviewer: User, second_reader: User, as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("researching")
    level = {"level": "", "headline": "x"}
    client = as_user(reviewer)
    page = client.post(reverse("claim-preview", args=[claim.pk]), level, headers={"hx-request": "true"})
    assert "ClaimReview" not in page.content.decode()  # no rating, no markup yet
    claim = claim_in("in_review", "carries 4,000 more passengers")
    Claim.objects.filter(pk=claim.pk).update(
        restated="False: the ferry carries " + "many, many " * 8 + "passengers"
    )
    for address, who in (("claim-preview", reviewer), ("review", second_reader)):
        text = as_user(who).get(reverse(address, args=[claim.pk])).content.decode()
        assert "The claim carries its rating." in text
        assert "Must be mended:" in text
        assert "Would be better:" in text


def test_sound_markup_is_said_to_be_sound(
    claim_in: Callable[..., Claim], reviewer: User, as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("in_review")
    Claim.objects.update(restated="Bridge traffic fell by 31 per cent")
    Article.objects.update(url="https://gazette.example/bridge", published_on="2026-03-01")
    text = as_user(reviewer).get(reverse("claim-preview", args=[claim.pk])).content.decode()
    assert "The ClaimReview has no faults." in text
