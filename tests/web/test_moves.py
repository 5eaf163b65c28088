"""The door as the web shows it: every refusal with its sentence, its status and what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain.transitions import available
from claims.enums import Action, ClaimStatus
from claims.models import Claim
from tests import factories

AsUser = Callable[[User], Client]
ClaimIn = Callable[..., Claim]


def post(client: Client, claim: Claim, action: str, **fields: object) -> tuple[int, str, str]:
    version = Claim.objects.values_list("version", flat=True).get(pk=claim.pk)
    response = client.post(
        reverse("transition", args=[claim.pk]), {"action": action, "version": version, **fields}
    )
    return response.status_code, response.content.decode(), response.headers.get("Location", "")


def test_assigning_shows_load_and_keeps_what_was_typed(
    as_user: AsUser, claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("triaged")
    client = as_user(editor)
    html = client.get(reverse("move", args=[claim.pk, "assign"])).content.decode()
    assert "Noor Demo: 0 of 6 claims" in html
    status, html, _to = post(client, claim, "assign", note="Start with the port authority", assignee="")
    assert status == 422
    assert "Choose a person of this desk." in html
    assert "Start with the port authority" in html
    due = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    status, _html, to = post(
        client, claim, "assign", assignee=reviewer.pk, second_reader=second_reader.pk, due_at=due
    )
    assert (status, to) == (302, f"/desk/claims/{claim.pk}/")
    claim.refresh_from_db()
    assert (claim.assignee, claim.second_reader) == (reviewer, second_reader)
    html = client.get(reverse("move", args=[claim.pk, "reassign"])).content.decode()
    assert "Noor Demo: 1 of 6 claims" in html


def test_somebody_away_is_shown_so_and_refused(
    as_user: AsUser, claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    from claims.domain import people

    profile = people.profile_of(reviewer)
    profile.away_until = timezone.localdate() + timedelta(days=5)
    profile.save()
    claim = claim_in("triaged")
    client = as_user(editor)
    assert "away until" in client.get(reverse("move", args=[claim.pk, "assign"])).content.decode()
    status, html, _to = post(client, claim, "assign", assignee=reviewer.pk)
    assert status == 422
    assert "is away until" in html


@pytest.mark.parametrize("action", ["hold", "send_back"])
def test_a_reason_is_asked_for(as_user: AsUser, claim_in: ClaimIn, editor: User, action: str) -> None:
    claim = claim_in("in_review")
    client = as_user(editor)
    status, html, _to = post(client, claim, action)
    assert status == 422
    assert "The reason is missing. Give a reason." in html
    assert "error-summary" in html
    assert "<title>Error:" in html
    assert post(client, claim, action, reason="The second source is missing.")[0] == 302


def test_submitting_too_early_says_what_is_missing_with_links(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    status, html, _to = post(as_user(reviewer), claim, "submit")
    assert status == 422
    assert "There is no verdict yet." in html
    assert f"/desk/claims/{claim.pk}/#verdict" in html
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.RESEARCHING


def test_somebody_who_left_meanwhile_is_named_in_the_words_of_the_desk(
    as_user: AsUser, claim_in: ClaimIn, editor: User, second_reader: User
) -> None:
    claim, gone = claim_in("triaged"), str(second_reader.pk)
    second_reader.is_active = False
    second_reader.save()
    status, html, _to = post(as_user(editor), claim, "assign", assignee=gone, second_reader=gone)
    assert status == 422
    assert "Select a valid choice" not in html
    assert "It cannot be chosen, or not any more" in html


def test_an_old_page_gets_the_present_state_and_keeps_the_words(
    as_user: AsUser, claim_in: ClaimIn, editor: User
) -> None:
    claim = claim_in("assigned")
    response = as_user(editor).post(
        reverse("transition", args=[claim.pk]),
        {"action": "hold", "version": claim.version - 1, "reason": "Waiting for the court"},
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert "Nothing was changed by you." in html
    assert "Assigned" in html
    assert "Waiting for the court" in html
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.ASSIGNED


def test_own_work_is_approved_by_others_who_are_named(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("in_review")
    html = as_user(reviewer).get(reverse("review", args=[claim.pk])).content.decode()
    assert "You wrote on this claim, so somebody else has to approve it." in html
    assert "Tomas Demo" in html
    assert 'name="action" value="approve"' not in html
    assert post(as_user(reviewer), claim, "approve")[0] == 422
    html = as_user(second_reader).get(reverse("review", args=[claim.pk])).content.decode()
    assert 'name="action" value="approve"' in html
    assert post(as_user(second_reader), claim, "approve")[0] == 302
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED


def test_the_second_reader_sees_what_changed_since_the_last_look(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("in_review")
    client = as_user(second_reader)
    assert (
        "Since it was last looked at" not in client.get(reverse("review", args=[claim.pk])).content.decode()
    )
    claim = factories.move(claim, Action.SEND_BACK, second_reader, reason="Which counts?")
    factories.fill(claim, reviewer, summary="Counts by the port show 27 per cent.")
    claim = factories.move(claim, Action.SUBMIT, reviewer)
    html = client.get(reverse("review", args=[claim.pk])).content.decode()
    assert "Since it was last looked at" in html
    assert "by the port" in re.sub(r"<[^>]+>", "", html)
    assert "<ins>" in html


def test_publishing_says_what_will_happen_first(as_user: AsUser, claim_in: ClaimIn, editor: User) -> None:
    factories.pages()
    claim = claim_in("approved")
    client = as_user(editor)
    html = client.get(reverse("move", args=[claim.pk, "publish"])).content.decode()
    assert "The report becomes public at once" in html
    assert post(client, claim, "publish")[0] == 302
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PUBLISHED


def test_nobody_is_sent_to_another_site(as_user: AsUser, claim_in: ClaimIn, editor: User) -> None:
    claim = claim_in("new")
    _status, _html, to = post(as_user(editor), claim, "triage", next="https://evil.example/desk/")
    assert to == f"/desk/claims/{claim.pk}/"


def test_actions_that_do_not_exist_or_do_not_fit(as_user: AsUser, claim_in: ClaimIn, editor: User) -> None:
    claim = claim_in("new")
    client = as_user(editor)
    assert client.get(reverse("move", args=[claim.pk, "explode"])).status_code == 404
    assert post(client, claim, "explode")[0] == 422
    assert client.get(reverse("move", args=[claim.pk, "publish"])).status_code == 403
    response = client.post(reverse("transition", args=[claim.pk]), {"action": "triage"})
    assert response.status_code == 422
    assert "out of date" in response.content.decode()


@pytest.mark.parametrize("status", ["new", "triaged", "researching", "in_review", "approved", "published"])
def test_every_offered_move_has_a_page_or_a_button(
    as_user: AsUser, claim_in: ClaimIn, editor: User, status: str
) -> None:
    factories.pages()
    claim = claim_in(status)
    client = as_user(editor)
    claim_page = client.get(reverse("claim", args=[claim.pk])).content.decode()
    review = client.get(reverse("review", args=[claim.pk])).content.decode()
    for offered in available(claim, editor):
        assert client.get(reverse("move", args=[claim.pk, offered.action])).status_code == 200
        assert offered.label in claim_page or offered.label in review, offered.action
