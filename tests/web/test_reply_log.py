"""The log of asking the speaker: several entries, one record that report and gates read; and who else is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import presence, replies, seen, verdicts
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import Presence, ReplyAttempt, RightOfReply

LogIn = Callable[[User], Client]


def _day(ago: int) -> str:
    return (timezone.localdate() - timedelta(days=ago)).isoformat()


def test_each_time_of_asking_is_an_entry_and_the_report_tells_of_all(
    claim_in: Any, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    first = {"contacted": "yes", "asked_on": _day(9), "channel": "e-mail to the press office"}
    client.post(reverse("reply-save", args=[claim.pk]), first)
    again = {"asked_on": _day(2), "channel": "by phone", "deadline": f"{_day(-1)}T18:00"}
    page = client.post(reverse("reply-again", args=[claim.pk]), again, follow=True).content.decode()
    assert "e-mail to the press office" in page
    assert "by phone" in page
    assert page.count("no answer yet") == 2
    latest = ReplyAttempt.objects.get(channel="by phone")
    answer = {**again, "answer": "The mayor stands by it.", "answered_on": "", "seen": seen.mark(latest)}
    page = client.post(reverse("reply-entry", args=[latest.pk]), answer, follow=True).content.decode()
    assert "The mayor stands by it." in page
    assert "recorded the speaker’s answer" in page
    record = RightOfReply.objects.get(claim=claim)
    assert (record.asked_on.isoformat() if record.asked_on else "") == _day(9)
    assert record.channel == "e-mail to the press office"
    assert record.answer == "The mayor stands by it."
    assert record.answered_on == timezone.localdate()
    assert record.deadline == latest.deadline


def test_the_record_of_the_api_and_the_log_say_the_same(claim_in: Any, reviewer: User) -> None:
    claim = claim_in("researching")
    today = timezone.localdate()
    fields: dict[str, Any] = {"contacted": True, "asked_on": today - timedelta(days=3), "channel": "e-mail"}
    verdicts.save_reply(claim.pk, actor=reviewer, fields=fields)
    verdicts.save_reply(
        claim.pk, actor=reviewer, fields={**fields, "asked_on": today - timedelta(days=4), "answer": "No."}
    )
    entry = ReplyAttempt.objects.get(claim=claim)
    assert (entry.asked_on, entry.answer) == (today - timedelta(days=4), "No.")
    with pytest.raises(InvalidInput):
        verdicts.save_reply(
            claim.pk, actor=reviewer, fields={"contacted": False, "not_contacted_reason": "deceased"}
        )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"asked_on": ""}, "Say on which day you asked."),
        ({"asked_on": _day(-2)}, "That day has not come yet."),
        ({"asked_on": _day(1), "answered_on": _day(3), "answer": "No."}, "That is before you asked."),
    ],
)
def test_an_entry_that_cannot_be_comes_back_with_what_was_typed(
    typed: dict[str, str], sentence: str, claim_in: Any, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    page = as_user(reviewer).post(reverse("reply-again", args=[claim.pk]), {**typed, "channel": "by pigeon"})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "by pigeon" in page.content.decode()
    assert not ReplyAttempt.objects.exists()


def test_only_who_writes_on_the_claim_keeps_the_log(
    claim_in: Any, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    with pytest.raises(NotAllowed):
        replies.log_attempt(claim.pk, actor=second_reader, fields={"asked_on": timezone.localdate()})
    assert as_user(second_reader).get(reverse("reply-again", args=[claim.pk])).status_code == 403


# --- who else is here -----------------------------------------------------------------------------------------------


def test_who_has_the_page_open_is_named_to_others_and_gone_after_forty_seconds(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    address = reverse("claim-here", args=[claim.pk])
    assert "here too" not in as_user(reviewer).post(address).content.decode()
    answer = as_user(editor).post(address).content.decode()
    assert "Noor Demo" in answer
    assert "is here too" in answer
    assert "Pia Demo" not in answer  # nobody needs to be told of themselves
    assert "Pia Demo" in as_user(reviewer).get(reverse("claim", args=[claim.pk])).content.decode()
    then = timezone.now() - presence.GONE_AFTER
    Presence.objects.filter(person=editor).update(seen_at=then)
    assert presence.others(claim, reviewer) == []
    presence.beat(claim, editor)
    assert presence.others(claim, reviewer) == [editor]
    assert Presence.objects.filter(claim=claim, person=editor).count() == 1


def test_old_signs_of_life_are_forgotten(claim_in: Any, editor: User, make_claim: Any) -> None:
    claim = claim_in("researching")
    presence.beat(claim, editor)
    Presence.objects.update(seen_at=timezone.now() - timedelta(days=2))
    presence.beat(make_claim("22,400 vehicles crossed the bridge"), editor)
    assert list(Presence.objects.values_list("person", flat=True)) == [editor.pk]


# --- after a draft was saved ------------------------------------------------------------------------------------------


def test_a_saved_draft_asks_for_moves_and_gates_alone(claim_in: Any, reviewer: User, as_user: LogIn) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    address = reverse("claim-ready", args=[claim.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="claim-moves" id="claim-moves"')
    assert 'id="review" aria-labelledby="gates-title" hx-swap-oob="true"' in part
    assert "<html" not in part
    assert 'id="verdict-form"' not in part
    assert client.get(address).status_code == 302
    page = client.get(reverse("claim", args=[claim.pk])).content.decode()
    assert f'hx-get="{address}"' in page
    assert "hx-swap-oob" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answered_on": _day(-3)}, "answered_on"),
        ({"answered_on": _day(9), "answer": "No."}, "answered_on"),
        ({"answered_on": _day(1)}, "answer"),
        ({"deadline": f"{_day(9)}T10:00"}, "deadline"),
    ],
)
def test_days_that_cannot_be_are_refused_by_the_record_and_by_the_log(
    claim_in: Any, reviewer: User, as_user: LogIn, wrong: dict[str, str], field: str
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    asked = {"contacted": "yes", "asked_on": _day(4), "channel": "e-mail"}
    page = client.post(reverse("reply-save", args=[claim.pk]), {**asked, **wrong})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    client.post(reverse("reply-save", args=[claim.pk]), asked)
    page = client.post(reverse("reply-again", args=[claim.pk]), {**asked, **wrong})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert RightOfReply.objects.get(claim=claim).answered_on is None
