"""Four eyes over what reports print and claims do not hold themselves: their article, their speaker, the order of sources."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import articles, evidence
from claims.exceptions import TransitionRefused
from claims.models import Authorship, Claim, Evidence
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]


@pytest.mark.parametrize(
    "fields", [{"title": "Another title"}, {"outlet": "Another paper"}, {"published_on": "2020-01-01"}]
)
def test_nobody_approves_an_article_that_only_they_described(
    claim_in: ClaimIn, second_reader: User, editor: User, fields: dict[str, str]
) -> None:
    claim = claim_in("in_review")
    articles.change_details(claim.article_id, actor=second_reader, fields=fields)
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", second_reader)
    assert move(claim, "approve", editor).status == "approved"


def test_what_was_said_of_an_article_before_the_checker_submitted_bars_nobody(
    claim_in: ClaimIn, second_reader: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    fields = {"outlet": "The Marlow Post", "author": "A. Writer"}
    articles.change_details(claim.article_id, actor=second_reader, fields=fields)
    claim = move(factories.fill(claim, reviewer), "submit", reviewer)
    # The same again, and what no report prints, is no writing either.
    articles.change_details(claim.article_id, actor=second_reader, fields={**fields, "author": "B. Writer"})
    assert move(claim, "approve", second_reader).status == "approved"
    assert not Authorship.objects.filter(claim=claim, person=second_reader).exists()


def _rename_speaker(claim: Claim, administrator: User, client: Client) -> None:
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:claims_speaker_change", args=[claim.speaker_id])
    assert client.post(address, {"name": "Somebody else", "role": "mayor", "same_as": ""}).status_code == 302


@pytest.fixture
def administrator(editor: User) -> User:
    User.objects.filter(pk=editor.pk).update(is_superuser=True, is_staff=True)
    return User.objects.get(pk=editor.pk)


def test_nobody_approves_a_speaker_whom_only_they_renamed(
    claim_in: ClaimIn, administrator: User, second_reader: User, client: Client
) -> None:
    claim = claim_in("in_review")
    _rename_speaker(claim, administrator, client)
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", administrator)
    assert move(claim, "approve", second_reader).status == "approved"


def test_nor_does_anybody_publish_that_in_a_correction(
    claim_in: ClaimIn, administrator: User, client: Client
) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = move(
        claim_in("published"), "open_correction", other, reason="Seen.", payload={"kind": "correction"}
    )
    _rename_speaker(claim, administrator, client)
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", administrator, payload={"public_note": "A note."})


def test_nor_an_order_of_sources_that_nobody_else_saw(claim_in: ClaimIn, editor: User) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = move(
        claim_in("published"), "open_correction", other, reason="Seen.", payload={"kind": "correction"}
    )
    order = list(Evidence.objects.filter(claim=claim).order_by("-number").values_list("pk", flat=True))
    evidence.arrange_evidence(claim.pk, order, actor=editor)
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", editor, payload={"public_note": "A note."})
