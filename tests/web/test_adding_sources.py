"""The short way to a source: what is proposed, what is folded away, and that nothing is taken for chosen."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Evidence

AsUser = Callable[[User], Client]
ClaimIn = Callable[..., Claim]


def test_the_kind_is_proposed_by_the_name_of_the_site_and_never_taken_for_granted(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    """Broken build: propose where a kind was chosen already, or add what nobody said the kind of."""
    claim = claim_in("researching")
    client = as_user(reviewer)
    add = reverse("evidence-add", args=[claim.pk])

    def ticked(**asked: str) -> list[str]:
        html = client.get(add, asked).content.decode()
        return re.findall(r'name="kind" value="(\w+)"[^>]*checked', html)

    assert ticked() == []
    assert ticked(url="not a link") == []
    assert ticked(url="https://data.example.gov.uk/counts") == ["primary"]
    assert ticked(url="https://paper.example/story") == ["secondary"]
    assert ticked(url="https://data.example.gov.uk/counts", kind="expert") == ["expert"]
    response = client.post(
        add, {"url": "https://data.example.gov.uk/counts", "title": "Counts", "stance": "supports"}
    )
    assert response.status_code == 422
    assert not Evidence.objects.filter(claim=claim).exists()


def test_what_a_source_may_have_besides_is_folded_until_there_is_some(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    add = reverse("evidence-add", args=[claim.pk])
    fold = re.compile(r"<details( open)?><summary>Quote, publisher")
    assert fold.search(client.get(add).content.decode())[1] is None  # type: ignore[index]
    assert fold.search(client.get(add, {"quote": "Words"}).content.decode())[1]  # type: ignore[index]
    assert fold.search(client.post(add, {"title": "No link"}).content.decode())[1]  # type: ignore[index]


def test_a_form_that_was_refused_still_tells_a_proposal_from_a_choice(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    """Broken build: take what was proposed for a choice once the form was sent, or propose nothing more."""
    claim = claim_in("researching")
    client = as_user(reviewer)
    add = reverse("evidence-add", args=[claim.pk])
    sent = {"url": "https://data.example.gov.uk/counts", "kind": "primary", "stance": "supports"}
    words = "Proposed by the name of the site."

    refused = client.post(add, {**sent, "proposed": "primary"}).content.decode()
    assert 'name="proposed" value="primary"' in refused
    assert words in refused
    assert re.search(rf'<input[^>]*name="url"[^>]*hx-get="{add}"', refused)
    mended = client.get(
        add, {"url": "https://paper.example/story", "kind": "primary", "proposed": "primary"}
    ).content.decode()
    assert re.findall(r'name="kind" value="(\w+)"[^>]*checked', mended) == ["secondary"]
    chosen = client.post(add, {**sent, "kind": "expert", "proposed": "primary"}).content.decode()
    assert 'name="proposed"' not in chosen
    assert words not in chosen
    assert re.findall(r'name="kind" value="(\w+)"[^>]*checked', chosen) == ["expert"]
