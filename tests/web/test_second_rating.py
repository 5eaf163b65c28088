"""The second rating that knows nothing of the first: what is kept back, what is asked, what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import blind, claims, desk, transitions
from claims.enums import Action, ClaimStatus
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import (
    AuditEvent,
    Claim,
    Notification,
    OutboxMessage,
    RatingLevel,
    SecondRating,
    Verdict,
)
from tests import factories

LogIn = Callable[[User], Client]
TELLING = ("zzheadline", "zzsummary", "zzreasoning", "zzbullet", "zzcomment", "zzreturned")


@pytest.fixture
def asked(editor: User) -> None:
    desk.save_settings(actor=editor, fields={"blind_second_rating": True})


@pytest.fixture
def claim(asked: None, claim_in: Any, editor: User, reviewer: User, second_reader: User) -> Claim:
    """In review for the second time, with words that tell the verdict in every place that holds words."""
    stored = claim_in(ClaimStatus.IN_REVIEW)
    stored = factories.move(stored, Action.SEND_BACK, editor, reason="zzreturned")
    claims.add_comment(stored.pk, actor=reviewer, text="zzcomment")
    factories.fill(
        stored, reviewer, headline="zzheadline", summary="zzsummary", bullets=["zzbullet [1]"],
        reasoning="zzreasoning [1] [2]",
    )  # fmt: skip
    return factories.move(stored, Action.SUBMIT, reviewer)


def _level(key: str) -> RatingLevel:
    return RatingLevel.objects.get(scale__in_use=True, key=key)


def _pages(claim: Claim) -> list[str]:
    return [
        *(reverse(name, args=[claim.pk]) for name in ("claim", "review", "claim-preview", "claim-history")),
        reverse("move", args=[claim.pk, "approve"]), reverse("move", args=[claim.pk, "send_back"]),
        reverse("article", args=[claim.article_id]), reverse("my-work"), reverse("claims"), reverse("board"), reverse("notices"),
        *(f"/api/v1/claims/{claim.pk}/{part}" for part in ("", "verdict/", "history/", "comments/", "gates/")),
        "/api/v1/claims/", reverse("claims-download", args=["csv"]), reverse("claim-bundle", args=[claim.pk]),
    ]  # fmt: skip


def test_no_page_tells_the_first_verdict_before_the_second_is_recorded(
    claim: Claim, second_reader: User, as_user: LogIn
) -> None:
    client = as_user(second_reader)
    told = {}
    for address in _pages(claim):
        answer = client.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = body.decode(errors="replace")
        words = [word for word in TELLING if word in text]
        # The scale itself names every rating; elsewhere the word would be the checker's.
        if "Mostly false" in text and address not in {reverse("review", args=[claim.pk])}:
            words.append("the rating")
        if words:
            told[address] = words
    assert told == {}
    page = client.get(reverse("review", args=[claim.pk])).content.decode()
    assert "Record my rating" in page
    assert page.count("checked") - page.count("checked by") == 1  # only “not rated yet” is ticked
    assert client.get(f"/api/v1/claims/{claim.pk}/verdict/").status_code == 403


def test_no_notice_and_no_mail_tells_it_either(
    claim: Claim, editor: User, reviewer: User, second_reader: User
) -> None:
    """Remarks and reasons are kept back on every page; they do not come by mail instead."""
    Claim.objects.filter(pk=claim.pk).update(second_reader=second_reader)
    factories.move(claim, Action.SEND_BACK, editor, reason="zzreturned")
    claims.add_comment(claim.pk, actor=reviewer, text=f"zzcomment @{second_reader.username}")
    claims.add_comment(claim.pk, actor=editor, text="zzcomment for both")
    stored = Claim.objects.get(pk=claim.pk)
    handed = {"assignee": factories.person("mara", "reviewer", first="Mara"), "due_at": stored.due_at}
    factories.move(stored, Action.REASSIGN, editor, reason="zzreturned", payload=handed)
    lines = [row.text for row in Notification.objects.filter(person=second_reader)]
    mails = [row.payload["body"] for row in OutboxMessage.objects.filter(kind="mail")
             if row.payload["to"] == [second_reader.email]]  # fmt: skip
    assert any("mentioned you on" in line for line in lines)
    assert len(mails) >= 3
    assert not [text for text in (*lines, *mails) for word in TELLING if word in text]
    checker = [row.payload["body"] for row in OutboxMessage.objects.filter(kind="mail")
               if row.payload["to"] == [reviewer.email]]  # fmt: skip
    assert any("zzcomment for both" in text for text in checker)
    assert any("zzreturned" in text for text in checker)


def test_whoever_writes_on_it_and_whoever_rated_it_sees_everything(
    claim: Claim, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    blind.record_rating(claim.pk, actor=second_reader, level="false", note="The counts are plain.")
    for person in (reviewer, second_reader):
        client = as_user(person)
        page = client.get(reverse("review", args=[claim.pk])).content.decode()
        assert "zzheadline" in page
        assert "Tomas Demo said <strong>False</strong>, Noor Demo said <strong>Mostly false</strong>." in page
        assert "The counts are plain." in page
        assert client.get(f"/api/v1/claims/{claim.pk}/verdict/").status_code == 200


def test_approving_asks_for_the_rating_and_then_goes_through(
    claim: Claim, second_reader: User, as_user: LogIn
) -> None:
    assert not transitions.can(claim, second_reader, Action.APPROVE)
    with pytest.raises(TransitionRefused) as refused:
        factories.move(claim, Action.APPROVE, second_reader)
    assert "before the first is shown" in str(refused.value)
    client = as_user(second_reader)
    form = {"level": _level("mostly_false").pk, "note": ""}
    page = client.post(reverse("second-rating", args=[claim.pk]), form, follow=True)
    assert "Both of you chose “Mostly false”." in page.content.decode()
    assert factories.move(claim, Action.APPROVE, second_reader).status == ClaimStatus.APPROVED
    event = AuditEvent.objects.get(action="rating.recorded")
    assert set(event.data) == {"rating"}  # the timeline is read by others who have to rate


def test_a_rating_is_said_once_by_somebody_who_did_not_write(
    claim: Claim, editor: User, reviewer: User, second_reader: User, machine: User, viewer: User
) -> None:
    with pytest.raises(InvalidInput):
        blind.record_rating(claim.pk, actor=second_reader, level="")
    for person in (reviewer, machine, viewer):
        with pytest.raises(NotAllowed):
            blind.record_rating(claim.pk, actor=person, level="false")
    blind.record_rating(claim.pk, actor=second_reader, level="false")
    with pytest.raises(TransitionRefused):
        blind.record_rating(claim.pk, actor=second_reader, level="true")
    assert SecondRating.objects.get().level.key == "false"


def test_nobody_rates_what_another_second_reader_was_asked_for(
    claim: Claim, second_reader: User, as_user: LogIn
) -> None:
    third = factories.person("mara", "reviewer")
    Claim.objects.filter(pk=claim.pk).update(second_reader=third)
    with pytest.raises(NotAllowed):
        blind.record_rating(claim.pk, actor=second_reader, level="false")
    page = as_user(second_reader).get(reverse("review", args=[claim.pk])).content.decode()
    assert "Another second reader was asked" in page
    assert "Record my rating" not in page


def test_a_form_without_a_choice_comes_back_with_what_was_typed(
    claim: Claim, second_reader: User, as_user: LogIn
) -> None:
    page = as_user(second_reader).post(reverse("second-rating", args=[claim.pk]), {"note": "Because of [1]."})
    assert page.status_code == 422
    assert "Choose a rating." in page.content.decode()
    assert "Because of [1]." in page.content.decode()
    assert "zzheadline" not in page.content.decode()


def test_a_desk_that_does_not_ask_shows_the_verdict(
    claim_in: Any, second_reader: User, as_user: LogIn
) -> None:
    stored = claim_in(ClaimStatus.IN_REVIEW)
    page = as_user(second_reader).get(reverse("review", args=[stored.pk])).content.decode()
    assert "Traffic fell by less than a third" in page
    assert transitions.can(stored, second_reader, Action.APPROVE)


def test_agreement_takes_chance_out(claim: Claim, second_reader: User, reviewer: User) -> None:
    assert blind.agreement() == blind.Agreement(0, 0, None)
    keys = ("true", "true", "false", "false", "false")
    verdict = Verdict.objects.get(claim=claim)
    for number, (first, second) in enumerate(
        zip(keys, ("true", "false", "false", "false", "true"), strict=True)
    ):
        SecondRating.objects.create(
            claim=claim, reader=factories.person(f"reader{number}", "reviewer"), level=_level(second),
            first_level=_level(first), first_author=reviewer, created_at=verdict.saved_at,
        )  # fmt: skip
    found = blind.agreement()
    # By hand: 3 of 5 the same; by chance (2*2 + 3*3) / 25 = 0.52; (0.6 - 0.52) / 0.48.
    assert (found.count, found.same) == (5, 3)
    assert found.kappa == pytest.approx(0.08 / 0.48)
    assert blind.agreement(first_level__key="true").kappa == pytest.approx(0.0)


def test_veiling_a_list_costs_three_queries_however_long_it_is(
    asked: None, editor: User, reviewer: User, second_reader: User
) -> None:
    from tests.web import rows

    seen = []
    for more in (1, 2):
        rows.claims(more, rows.article(more, editor), ClaimStatus.IN_REVIEW, assignee=reviewer)
        found = list(Claim.objects.filter(status=ClaimStatus.IN_REVIEW))
        second_reader = User.objects.get(pk=second_reader.pk)
        with CaptureQueriesContext(connection) as queries:
            assert len(blind.veil(found, second_reader)) == len(found)
        seen.append(len(queries))
    assert seen[0] == seen[1] <= 4  # the roles of the person, the switch, who wrote, who rated


@pytest.mark.parametrize(
    "end", ["in_review", "sent back", "on hold", "never written on", "read by an editor"]
)
def test_asking_for_many_people_follows_the_rule_for_one(
    claim: Claim, end: str, editor: User, reviewer: User, second_reader: User, viewer: User
) -> None:
    other = factories.person("other", "reviewer")
    if end == "sent back":
        claim = factories.move(claim, Action.SEND_BACK, editor, reason="more")
    elif end == "on hold":
        claim = factories.move(claim, Action.HOLD, editor, reason="later")
    elif end == "never written on":
        claim = factories.move(factories.claim(editor, "22,400 vehicles"), Action.TRIAGE, editor)
    elif end == "read by an editor":
        Claim.objects.filter(pk=claim.pk).update(second_reader=editor)
        claim.refresh_from_db()
    everybody = [editor, reviewer, second_reader, viewer, other, factories.person("chief", "editor")]
    one_by_one = {person.pk for person in everybody if blind.is_hidden(claim, person)}
    fresh = list(User.objects.filter(pk__in=[person.pk for person in everybody]))
    assert blind.hidden_from(claim, fresh) == one_by_one
    assert bool(one_by_one) == (end != "never written on")
