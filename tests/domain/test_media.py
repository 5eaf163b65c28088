"""What was found of a picture is part of the report: read by the second reader, printed, marked up, put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import extruct
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import media, seen
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import Claim, MediaFinding, Report
from claims.publishing.linter import errors, lint
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
FINDING = {
    "kind": "ImageObject", "categories": ["DecontextualizedContent"], "appearance": "https://social.example/p/1",
    "original_context": "Taken in 2019 at another bridge.", "original_link": "https://archive.example/1",
}  # fmt: skip
ClaimIn = Callable[..., Claim]


def test_it_comes_out_on_the_page_and_in_the_markup(
    client: Client, claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("researching")
    media.save(claim.pk, actor=reviewer, fields=FINDING)
    factories.fill(claim, reviewer)
    move(claim, "submit", reviewer)
    move(claim, "approve", second_reader)
    factories.pages()
    move(claim, "publish", editor)
    page = client.get(reverse("report", args=[Report.objects.get().slug])).content.decode()
    assert "About the picture" in page
    assert "Taken in 2019 at another bridge." in page
    (node,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    review = node["associatedMediaReview"]
    assert review["@type"] == "MediaReview"
    assert review["mediaAuthenticityCategory"] == ["DecontextualizedContent"]
    assert review["originalMediaContextDescription"] == "Taken in 2019 at another bridge."
    assert errors(lint(node, page_url=node["url"])) == []


def test_an_approval_is_for_this_very_finding(claim_in: ClaimIn, reviewer: User, editor: User) -> None:
    from claims.domain import documents, gates

    claim = claim_in("in_review")
    from django.utils import timezone

    before = documents.fingerprint(gates.load_dossier(claim, timezone.now()))
    MediaFinding.objects.create(
        claim=claim, categories=["StagedContent"], saved_by=reviewer, saved_at=timezone.now()
    )
    assert documents.fingerprint(gates.load_dossier(claim, timezone.now())) != before


def test_a_dropped_correction_puts_it_back(claim_in: ClaimIn, editor: User, reviewer: User) -> None:
    claim = claim_in("published")
    move(claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    media.save(claim.pk, actor=editor, fields=FINDING)
    move(claim, "cancel_correction", editor)
    assert not MediaFinding.objects.filter(claim=claim).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"categories": ["OriginalMediaContent", "TransformedContent"]}, "categories"),
        ({"categories": ["Fake"]}, "categories"), ({"kind": "Poem"}, "kind"),
        ({"original_link": "javascript:alert(1)"}, "original_link"), ({"original_context": "x" * 2001}, "original_context"),
    ],
)  # fmt: skip
def test_what_makes_no_finding(claim_in: ClaimIn, reviewer: User, change: dict[str, Any], field: str) -> None:
    claim = claim_in("researching")
    with pytest.raises(InvalidInput) as refused:
        media.save(claim.pk, actor=reviewer, fields=FINDING | change)
    assert refused.value.field == field


def test_only_the_checker_or_an_editor_finds(
    claim_in: ClaimIn, reviewer: User, second_reader: User, machine: User
) -> None:
    claim = claim_in("researching")
    for person in (second_reader, machine):
        with pytest.raises(NotAllowed):
            media.save(claim.pk, actor=person, fields=FINDING)
    claim = claim_in("published", "carries 4,000 more passengers")
    with pytest.raises(TransitionRefused):
        media.save(claim.pk, actor=reviewer, fields=FINDING)


def test_the_form_keeps_what_was_typed(
    claim_in: ClaimIn, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    address = reverse("claim-media", args=[claim.pk])
    assert address in client.get(reverse("claim", args=[claim.pk])).content.decode()
    answer = client.post(address, {**FINDING, "original_link": "nowhere"})
    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.content.decode()
    assert client.post(address, FINDING).status_code == 302
    assert "checked" in client.get(address).content.decode()
    factories.fill(claim, reviewer)
    assert "About the picture" in client.get(reverse("claim-preview", args=[claim.pk])).content.decode()
    client.post(address, {"kind": "ImageObject", "seen": seen.mark(MediaFinding.objects.get())})
    assert not MediaFinding.objects.exists()
