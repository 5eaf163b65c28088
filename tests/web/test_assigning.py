"""Who is offered a claim, who is not and why; the second reader; conflicts of interest, at the door and on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.domain import assignment, people, queries, transitions
from claims.enums import Action, ClaimStatus
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import Assignment, AuditEvent, Claim, Conflict, Notification, Profile, Speaker
from tests import factories

LogIn = Callable[[User], Client]


def _away(person: User, days: int) -> None:
    until = timezone.localdate() + timedelta(days=days)
    Profile.objects.update_or_create(person=person, defaults={"away_until": until})


def _assign_page(client: Client, claim: Claim) -> Any:
    return client.get(reverse("move", args=[claim.pk, "assign"]))


# --- who is offered -----------------------------------------------------------------------------------------------


def test_the_emptiest_table_that_knows_the_topic_is_suggested(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    Claim.objects.filter(pk=claim.pk).update(topic="Transport")
    assignment.save_interests(actor=second_reader, topics=["transport", " ", "Transport"], most_claims=2)
    page = _assign_page(as_user(editor), claim)
    form = page.context["form"]
    assert form.initial["assignee"] == str(second_reader.pk)
    assert "Tomas Demo: 0 of 2 claims, knows the topic · suggested" in page.content.decode()
    # With a full table somebody else is asked first.
    for words in ("22,400 vehicles crossed the bridge", "the ferry carries 4,000 more passengers"):
        other = factories.move(factories.claim(editor, words), Action.TRIAGE, editor)
        factories.move(other, Action.ASSIGN, editor, payload={"assignee": second_reader.pk})
    assert _assign_page(as_user(editor), claim).context["form"].initial["assignee"] != str(second_reader.pk)


def test_who_is_away_or_has_a_conflict_is_named_and_not_offered(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    _away(reviewer, 3)
    assignment.declare_conflict(actor=second_reader, speaker="lena brandt")
    page = _assign_page(as_user(editor), claim)
    offered = {value for value, _label in page.context["form"].fields["assignee"].choices}
    assert offered == {str(editor.pk)}
    assert "Noor Demo is away until" in page.content.decode()
    assert "Tomas Demo has declared a conflict of interest." in page.content.decode()
    _away(reviewer, -1)  # back since yesterday
    offered = {
        value
        for value, _label in _assign_page(as_user(editor), claim).context["form"].fields["assignee"].choices
    }
    assert str(reviewer.pk) in offered


def test_candidates_cost_four_queries_however_many_there_are(claim_in: Any, editor: User) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    seen = []
    for number in (1, 2):
        for at in range(number):
            factories.person(f"more{number}{at}", "reviewer")
        with CaptureQueriesContext(connection) as asked:
            people.candidates(claim)
        seen.append(len(asked))
    assert seen == [4, 4]


# --- conflicts of interest at the door ------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", [{"speaker": "Lena Brandt"}, {"topic": "HARBOUR"}])
def test_a_declared_conflict_bars_taking_checking_and_approving(
    declared: dict[str, str], claim_in: Any, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    Claim.objects.filter(pk=claim.pk).update(topic="Harbour")
    assignment.declare_conflict(actor=second_reader, **declared)
    with pytest.raises(TransitionRefused, match="conflict of interest"):
        factories.move(claim, Action.TAKE, second_reader)
    with pytest.raises(TransitionRefused, match="conflict of interest"):
        factories.move(claim, Action.ASSIGN, editor, payload={"assignee": second_reader.pk})
    payload = {"assignee": reviewer.pk, "second_reader": second_reader.pk}
    with pytest.raises(TransitionRefused, match="conflict of interest"):
        factories.move(claim, Action.ASSIGN, editor, payload=payload)
    claim = factories.move(claim, Action.ASSIGN, editor, payload={"assignee": reviewer.pk})
    claim = factories.fill(factories.move(claim, Action.START, reviewer), reviewer)
    claim = factories.move(claim, Action.SUBMIT, reviewer)
    assert queries.my_work(second_reader).to_review == []
    assert not transitions.can(claim, second_reader, Action.APPROVE)
    with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
        factories.move(claim, Action.APPROVE, second_reader)
    assignment.withdraw_conflict(Conflict.objects.get().pk, actor=second_reader)
    with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
        factories.move(claim, Action.APPROVE, second_reader)  # the review that has begun is not theirs
    assert queries.my_work(second_reader).to_review == []
    claim = factories.move(claim, Action.SEND_BACK, editor, reason="Another look.")
    claim = factories.move(claim, Action.SUBMIT, reviewer)
    assert (
        queries.my_work(second_reader).to_review == []
    )  # nor is the next one: it stood while the claim was checked
    with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
        factories.move(claim, Action.APPROVE, second_reader)
    later = factories.claim(editor, "22,400 vehicles", topic="Harbour", speaker=claim.speaker)
    people_of = {"editor": editor, "checker": reviewer, "reader": second_reader}
    later = factories.bring_to(ClaimStatus.IN_REVIEW, later, **people_of)
    assert [row.pk for row in queries.my_work(second_reader).to_review] == [later.pk]
    assert factories.move(later, Action.APPROVE, second_reader).status == ClaimStatus.APPROVED


def test_nobody_is_offered_as_second_reader_whom_the_door_then_refuses(
    claim_in: Any, editor: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.IN_REVIEW)
    page = reverse("second-reader", args=[claim.pk])
    offered = f'<option value="{second_reader.pk}"'
    assert offered in as_user(editor).get(page).content.decode()
    declared = assignment.declare_conflict(actor=second_reader, speaker="Lena Brandt")
    assignment.withdraw_conflict(declared.pk, actor=second_reader)
    assert offered not in as_user(editor).get(page).content.decode()
    with pytest.raises(
        InvalidInput, match="had declared a conflict of interest when this claim was given out"
    ):
        assignment.set_second_reader(claim.pk, second_reader, actor=editor)
    mara = factories.person("mara", "reviewer", first="Mara")
    payload = {"assignee": mara.pk, "second_reader": second_reader.pk}
    with pytest.raises(TransitionRefused, match="had declared a conflict of interest when this claim was"):
        factories.move(claim, Action.REASSIGN, editor, reason="Ill.", payload=payload)
    with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
        factories.move(claim, Action.APPROVE, second_reader)


def test_conflicts_are_declared_and_taken_back_on_a_page_of_their_own(
    claim_in: Any, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    client = as_user(reviewer)
    speaker = Speaker.objects.get(name="Lena Brandt")
    page = client.get(f"{reverse('checking')}?speaker={speaker.pk}").content.decode()
    assert 'value="Lena Brandt"' in page
    page = client.post(
        reverse("conflict-declare"), {"speaker": "Lena Brandt", "note": "A cousin."}, follow=True
    )
    text = page.content.decode()
    assert "you are not offered claims about “Lena Brandt” any more" in text
    assert list(page.context["touched"]) == [claim]  # what lies on the table already is named
    assert client.post(reverse("conflict-declare"), {"speaker": "Lena Brandt"}).status_code == 422
    assert client.post(reverse("conflict-declare"), {"speaker": "Nobody Known"}).status_code == 422
    assert client.post(reverse("conflict-declare"), {}).status_code == 422
    declared = Conflict.objects.get()
    other = as_user(second_reader)
    assert other.post(reverse("conflict-withdraw", args=[declared.pk])).status_code == 403
    client.post(reverse("conflict-withdraw", args=[declared.pk]))
    assert not Conflict.objects.exists()
    acts = AuditEvent.objects.filter(action__startswith="person.conflict").order_by("pk")
    assert [event.action for event in acts] == ["person.conflict", "person.conflict_withdrawn"]


def test_what_one_knows_is_saved_and_nonsense_comes_back(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    client.post(reverse("checking"), {"topics": "Health,  housing , health", "most_claims": "4"})
    profile = Profile.objects.get(person=reviewer)
    assert (profile.topics, profile.most_claims) == (["Health", "housing"], 4)
    page = client.post(reverse("checking"), {"topics": "Health", "most_claims": "0"})
    assert page.status_code == 422
    assert "Enter a number of claims from 1 to 50." in page.content.decode()


def test_an_editor_says_what_somebody_else_checks_and_the_suggestion_follows(
    editor: User, reviewer: User, second_reader: User, viewer: User, make_claim: Any, as_user: LogIn
) -> None:
    client = as_user(editor)
    address = reverse("person-checking", args=[second_reader.pk])
    assert address in client.get(reverse("people")).content.decode()
    wrong = client.post(address, {"topics": "Ferries", "most_claims": "51"})
    assert wrong.status_code == 422
    assert "Enter a number of claims from 1 to 50." in wrong.content.decode()
    assert 'value="Ferries"' in wrong.content.decode()
    assert client.post(address, {"topics": "Ferries", "most_claims": "2"}).status_code == 302
    claim = make_claim(topic="ferries")
    first = people.suggested(people.candidates(claim))
    assert first is not None
    assert (first.person, first.most) == (second_reader, 2)
    event = AuditEvent.objects.get(action="person.interests")
    assert (event.actor, event.data["person"]) == (editor, second_reader.pk)
    # Nobody sets it for somebody else but an editor, and not for people who check nothing.
    assert as_user(reviewer).post(address, {"topics": "", "most_claims": "1"}).status_code == 403
    assert client.get(reverse("person-checking", args=[viewer.pk])).status_code == 404


# --- the second reader ----------------------------------------------------------------------------------------------


def test_an_editor_asks_for_a_second_reader_and_they_are_told(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    form = {"second_reader": second_reader.pk, "note": "You know the ferry."}
    page = as_user(editor).post(reverse("second-reader", args=[claim.pk]), form, follow=True)
    assert "asked Tomas Demo to read it a second time" in page.content.decode()
    assert "You know the ferry." in page.content.decode()
    claim.refresh_from_db()
    assert claim.second_reader == second_reader
    standing = Assignment.objects.get(claim=claim, role="second_reader", ended_at__isnull=True)
    assert (standing.person, standing.note) == (second_reader, "You know the ferry.")
    assert Notification.objects.filter(person=second_reader, kind="claim.second_reader").count() == 1
    assignment.set_second_reader(claim.pk, None, actor=editor)
    assert not Assignment.objects.filter(claim=claim, role="second_reader", ended_at__isnull=True).exists()


def test_a_reviewer_offers_themselves_and_chooses_nobody_else(
    claim_in: Any, reviewer: User, second_reader: User, viewer: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.IN_REVIEW)
    assert "I will read it" in as_user(second_reader).get(reverse("claim", args=[claim.pk])).content.decode()
    as_user(second_reader).post(reverse("second-reader", args=[claim.pk]), {"second_reader": "me"})
    claim.refresh_from_db()
    assert claim.second_reader == second_reader
    third = factories.person("mara", "reviewer")
    for person in (third, viewer):
        with pytest.raises(NotAllowed):
            assignment.set_second_reader(claim.pk, third, actor=person)


def test_checker_authors_and_parked_claims_get_no_second_reader(
    claim_in: Any, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in(ClaimStatus.IN_REVIEW)
    with pytest.raises(InvalidInput, match="checker"):
        assignment.set_second_reader(claim.pk, reviewer, actor=editor)
    claim = factories.move(
        claim, Action.REASSIGN, editor, reason="Holiday.", payload={"assignee": second_reader.pk}
    )
    with pytest.raises(InvalidInput, match="wrote on this claim"):
        assignment.set_second_reader(claim.pk, reviewer, actor=editor)
    claim = factories.move(claim, Action.HOLD, editor, reason="Later.")
    with pytest.raises(TransitionRefused):
        assignment.set_second_reader(claim.pk, None, actor=editor)


# --- handing over -----------------------------------------------------------------------------------------------------


def test_the_checker_hands_over_with_a_reason_that_the_timeline_keeps(
    claim_in: Any, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    client = as_user(reviewer)
    form = {"assignee": second_reader.pk, "version": claim.version}
    page = client.post(reverse("move", args=[claim.pk, "reassign"]), form)
    assert page.status_code == 422  # without a reason nothing is handed over
    form["reason"] = "She has the minutes of the council."
    page = client.post(reverse("move", args=[claim.pk, "reassign"]), form, follow=True)
    assert "handed it over to Tomas Demo" in page.content.decode()
    assert "She has the minutes of the council." in page.content.decode()
    claim.refresh_from_db()
    assert (claim.assignee, claim.status) == (second_reader, ClaimStatus.ASSIGNED)


def test_what_waits_for_review_is_handed_over_by_editors_alone(
    claim_in: Any, reviewer: User, second_reader: User
) -> None:
    claim = claim_in(ClaimStatus.IN_REVIEW)
    with pytest.raises(NotAllowed):
        factories.move(claim, Action.REASSIGN, reviewer, reason="x", payload={"assignee": second_reader.pk})
