"""Who is told what: derived from the workflow table, muted by person and way, reminders and daily mails once."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import audit, claims, inbox, notices, outbox, reminding, steps, sweeping
from claims.domain.notices import NOTICES, Silent, Told
from claims.enums import Action, StepState
from claims.models import (
    Article,
    AuditEvent,
    Authorship,
    Claim,
    Notification,
    OutboxMessage,
    Profile,
    Reminder,
    VerificationStep,
)
from claims.workflow.table import TABLE
from tests import factories
from tests.factories import move

ClaimIn = Callable[..., Claim]
pytestmark = pytest.mark.django_db


def told(kind: str = "") -> set[str]:
    rows = Notification.objects.filter(kind=kind) if kind else Notification.objects.all()
    return set(rows.values_list("person__username", flat=True))


def mails_to(person: User) -> list[OutboxMessage]:
    return [
        row
        for row in OutboxMessage.objects.filter(kind="mail").order_by("id")
        if row.payload["to"] == [person.email]
    ]


# --- every edge of the table --------------------------------------------------------------------------------------


def test_every_action_of_the_table_tells_somebody_or_says_why_not() -> None:
    assert set(NOTICES) == {row.action for row in TABLE} == set(Action)
    for action, entry in NOTICES.items():
        if isinstance(entry, Silent):
            assert len(entry.why.split()) > 3, action
        else:
            assert "%(claim)s" in str(entry.text), action


@pytest.mark.parametrize("action", [action for action, entry in NOTICES.items() if isinstance(entry, Told)])
def test_every_action_that_tells_reaches_a_person_and_never_the_one_who_acted(
    action: Action, claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User, viewer: User
) -> None:
    """A claim as full of people as a claim can be; the notices must come out of the entry alone."""
    other = factories.person("otto", "editor")
    claim = claim_in("in_review")
    Claim.objects.filter(pk=claim.pk).update(second_reader=second_reader)
    claim.refresh_from_db()
    Authorship.objects.get_or_create(
        claim=claim, person=viewer, defaults={"act": "x", "since": timezone.now()}
    )
    first = audit.record("claim.assign", actor=editor, claim=claim)
    Notification.objects.all().delete()
    if action == Action.UNDO:
        notices.tell(Action.ASSIGN, notices.Moved(claim, first, {}), {})
        Notification.objects.update(kind="before")
    event = audit.record(f"claim.{action}", actor=editor, claim=claim, data={"undone_of": first.pk})
    before = {"assignee_id": other.pk if action == Action.REASSIGN else claim.assignee_id}
    notices.tell(action, notices.Moved(claim, event, before), {})
    names = told(f"claim.{action}")
    assert names
    assert editor.username not in names
    assert (other.username in names) == (action in {
        Action.RELEASE, Action.APPROVE, Action.PROPOSE_RETRACTION, Action.RETRACT, Action.CANCEL_RETRACTION, Action.REASSIGN
    })  # fmt: skip
    row = Notification.objects.filter(kind=f"claim.{action}").first()
    assert row is not None
    assert claim.wording[:20] in row.text
    assert row.address == claim.get_absolute_url()


def test_a_claim_submitted_to_nobody_in_particular_is_told_to_the_editors(claim_in: ClaimIn) -> None:
    claim_in("in_review")
    assert told("claim.submit") == {"pia"}


def test_taking_an_assignment_back_tells_whom_it_had_told(claim_in: ClaimIn, editor: User) -> None:
    move(claim_in("assigned"), "undo", editor)
    assert told("claim.undo") == {"noor"}


def test_handing_over_tells_the_one_who_had_it(claim_in: ClaimIn, editor: User, second_reader: User) -> None:
    claim = claim_in("researching")
    move(claim, "reassign", editor, reason="Noor is ill.", payload={"assignee": second_reader.pk})
    assert told("claim.reassign") == {"noor", "tomas"}


def _value(kind: ast.expr, source: str) -> str:
    """The kind named in the call, or by a constant of the same file."""
    if isinstance(kind, ast.Constant):
        return str(kind.value)
    named = re.search(rf'^{ast.unparse(kind)} = "([^"]+)"', source, re.MULTILINE)
    assert named, f"{ast.unparse(kind)} is no plain name of a kind"
    return named.group(1)


def test_every_kind_that_is_sent_stands_on_the_list() -> None:
    """Whoever tells people of something new puts its words on the list from which people choose."""
    known = {kind for kind, _label in notices.kinds()}
    sent = set()
    for path in sorted((Path(__file__).parents[2] / "claims").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "notices.send":
                sent.add(_value(node.args[1], path.read_text(encoding="utf-8")))
    assert len(sent) >= 5
    assert sent <= known


# --- mails --------------------------------------------------------------------------------------------------------


def test_a_mail_is_short_says_why_and_brings_the_link(
    claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    claim = claim_in("in_review")
    move(claim, "send_back", editor, reason="The figure is for 2023.")
    message = mails_to(reviewer)[-1]
    assert outbox.deliver(message.pk)
    sent = mail.outbox[-1]
    assert sent.subject.startswith("Pia Demo sent “Traffic on the harbour bridge")
    assert sent.subject.endswith("” back.")
    assert "Why: The figure is for 2023." in sent.body
    assert f"http://127.0.0.1:8000{claim.get_absolute_url()}" in sent.body
    assert "/desk/notices/choices/" in sent.body
    assert len(sent.body.splitlines()) < 15
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("desk_too", "by_mail", "rhythm", "rows", "new", "mails"),
    [(True, True, "at_once", 1, 1, 1), (True, False, "at_once", 1, 1, 0), (False, True, "at_once", 0, 0, 1),
     (False, False, "at_once", 0, 0, 0), (True, True, "never", 1, 1, 0), (True, True, "daily", 1, 1, 0),
     (False, True, "daily", 1, 0, 0)],
)  # fmt: skip
def test_each_kind_is_muted_for_each_way(
    claim_in: ClaimIn, editor: User, reviewer: User, desk_too: bool, by_mail: bool, rhythm: str, rows: int, new: int,
    mails: int,
) -> None:  # fmt: skip
    claim = claim_in("triaged")
    every = {kind for kind, _label in notices.kinds()}
    without = every - {"claim.assign"}
    inbox.choose(
        reviewer,
        desk_kinds=every if desk_too else without,
        mail_kinds=every if by_mail else without,
        rhythm=rhythm,
    )
    move(claim, "assign", editor, payload={"assignee": reviewer.pk})
    assert Notification.objects.filter(person=reviewer).count() == rows
    assert Notification.objects.filter(person=reviewer, read_at__isnull=True).count() == new
    assert inbox.of(reviewer).count() == (rows if desk_too else 0)
    assert len(mails_to(reviewer)) == mails


@pytest.mark.parametrize("rhythm", ["at_once", "daily", "never"])
@pytest.mark.parametrize("kind", ["desk.people", "account.codes"])
def test_what_is_about_who_can_get_in_reaches_everybody_at_once(kind: str, rhythm: str, editor: User) -> None:
    inbox.choose(editor, desk_kinds=(), mail_kinds=(), rhythm=rhythm)
    # As it was chosen while that could be.
    Profile.objects.filter(person=editor).update(muted=[kind], muted_desk=[kind])
    notices.send([editor.pk], kind, "Somebody was added.", None, None, address="/desk/people/", key="x")
    assert inbox.of(editor, unread=True).count() == 1
    assert len(mails_to(editor)) == 1


# --- what is no move ----------------------------------------------------------------------------------------------


def test_a_comment_tells_those_named_and_those_who_have_the_claim(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("researching")
    claims.add_comment(claim.pk, actor=editor, text="Look again, and ask @tomas.")
    assert told("comment.mention") == {"tomas"}
    assert told("comment.on_mine") == {"noor"}


def test_ten_dead_steps_of_a_claim_are_one_notice_until_it_is_read(claim_in: ClaimIn, reviewer: User) -> None:
    claim = claim_in("researching")
    for number in range(3):
        step = VerificationStep(
            claim=claim, kind=f"x{number}", state=StepState.DEAD, created_at=timezone.now()
        )
        steps.gave_up(step, "The service is down.")
    assert Notification.objects.filter(kind="step.dead", person=reviewer).count() == 1
    inbox.read(reviewer, upto=10**9)
    steps.gave_up(VerificationStep(claim=claim, kind="y", created_at=timezone.now()), "Down again.")
    assert Notification.objects.filter(kind="step.dead").count() == 2


def test_an_article_that_cannot_be_read_is_told_to_who_added_it(editor: User) -> None:
    from claims.domain import articles

    article: Article = factories.article(editor)
    articles.mark_failed(article, "The page is empty.")
    row = Notification.objects.get(kind="article.failed", person=editor)
    assert row.address == article.get_absolute_url()


# --- late, and the daily mail -------------------------------------------------------------------------------------


def late(claim: Claim, **ago: int) -> None:
    Claim.objects.filter(pk=claim.pk).update(due_at=timezone.now() - timedelta(**ago))


def test_a_late_claim_is_told_once_for_each_due_date(claim_in: ClaimIn, reviewer: User) -> None:
    claim = claim_in("researching")
    assert reminding.remind_late() == 0
    late(claim, hours=1)
    assert [reminding.remind_late(), reminding.remind_late()] == [1, 0]
    assert told("claim.overdue") == {"noor"}
    assert len([m for m in mails_to(reviewer) if m.key.startswith("mail:late")]) == 1
    late(claim, minutes=5)
    assert reminding.remind_late() == 1
    assert Reminder.objects.count() == 2


def test_a_late_review_is_told_to_the_second_reader(claim_in: ClaimIn, second_reader: User) -> None:
    claim = claim_in("in_review")
    Claim.objects.filter(pk=claim.pk).update(second_reader=second_reader)
    late(claim, hours=1)
    reminding.remind_late()
    assert told("claim.overdue") == {"tomas"}


def test_what_was_late_long_ago_or_is_nobodys_brings_no_reminder(claim_in: ClaimIn) -> None:
    late(claim_in("researching"), days=30)
    late(claim_in("triaged", "carries 4,000 more passengers"), hours=1)
    assert reminding.remind_late() == 0


def wants_daily(person: User) -> None:
    every = [kind for kind, _label in notices.kinds()]
    inbox.choose(person, desk_kinds=every, mail_kinds=every, rhythm="daily")


def digests() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(key__startswith="digest:").order_by("id"))


def test_the_daily_mail_comes_once_a_day_and_says_what_is_new_and_due(
    claim_in: ClaimIn, editor: User, reviewer: User, settings: Any
) -> None:
    claim = claim_in("triaged")
    wants_daily(reviewer)
    move(claim, "assign", editor, payload={"assignee": reviewer.pk})
    late(claim, hours=2)
    settings.DIGEST_HOUR = 0
    now = timezone.now()
    assert [reminding.send_digests(now), reminding.send_digests(now)] == [1, 0]
    body = digests()[0].payload["body"]
    assert "New for you:" in body
    assert "assigned" in body
    assert "Late:" in body
    assert body.count(claim.get_absolute_url()) == 2
    assert reminding.send_digests(now + timedelta(days=1)) == 1


def test_a_day_without_news_or_work_brings_no_mail(reviewer: User) -> None:
    wants_daily(reviewer)
    at_six = timezone.localtime().replace(hour=6)
    assert reminding.send_digests(at_six) == 0
    assert Profile.objects.get(person=reviewer).digest_at is None, "its hour has not come"
    assert reminding.send_digests(at_six.replace(hour=8)) == 0
    assert Profile.objects.get(person=reviewer).digest_at is not None
    assert digests() == []


def test_an_editor_reads_how_many_claims_are_late_on_the_desk(
    claim_in: ClaimIn, editor: User, settings: Any
) -> None:
    settings.DIGEST_HOUR = 0
    late(claim_in("researching"), hours=2)
    wants_daily(editor)
    reminding.send_digests()
    assert "On the whole desk 1 claim is late." in digests()[0].payload["body"]


def test_the_sweeper_reminds_and_a_second_round_within_the_minute_does_not_look(claim_in: ClaimIn) -> None:
    late(claim_in("researching"), hours=1)
    assert sweeping.sweep("one").reminded == 1
    Reminder.objects.all().delete()
    assert sweeping.sweep("one").reminded == 0


def test_choosing_leaves_a_trace(reviewer: User) -> None:
    inbox.choose(reviewer, desk_kinds=[], mail_kinds=["claim.assign"], rhythm="daily")
    event = AuditEvent.objects.get(action="person.notices")
    assert event.actor == reviewer
    assert "claim.assign" not in event.data["no_mail"]
    assert audit.verify() is None


def test_a_dead_step_of_a_claim_that_nobody_checks_is_told_to_the_editors_once(
    claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    claim = claim_in("triaged")
    for kind in ("x", "y"):
        with transaction.atomic():
            step = VerificationStep(claim=claim, kind=kind, created_at=timezone.now())
            steps.gave_up(step, "The service is down.")
    row = Notification.objects.get(kind="step.dead")
    assert (row.person, row.address) == (editor, reverse("steps-overview"))
    inbox.read(editor, upto=row.pk)
    steps.gave_up(VerificationStep(claim=claim, kind="z", created_at=timezone.now()), "Down again.")
    assert Notification.objects.filter(kind="step.dead", person=editor).count() == 2


def test_the_notice_of_a_claim_sent_back_says_why_on_the_page_and_in_the_daily_mail(
    claim_in: ClaimIn, reviewer: User, second_reader: User, settings: Any, as_user: Callable[[User], Client]
) -> None:
    wants_daily(reviewer)
    move(claim_in("in_review"), Action.SEND_BACK, second_reader, reason="Source [2] says the opposite.")
    assert "Source [2] says the opposite." in as_user(reviewer).get(reverse("notices")).content.decode()
    settings.DIGEST_HOUR = 0
    reminding.send_digests()
    assert "Source [2] says the opposite." in digests()[0].payload["body"]


def test_the_checker_sees_that_an_editor_corrects_the_report(
    claim_in: ClaimIn, editor: User, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("published")
    move(claim, Action.OPEN_CORRECTION, editor, reason="The year was wrong.", payload={"kind": "correction"})
    client = as_user(reviewer)
    page = client.get(reverse("claim", args=[claim.pk])).content.decode()
    assert "Pia Demo is correcting the published report" in page
    assert "You checked this claim; readers see the old report" in page
    assert reviewer.notifications.filter(kind="claim.open_correction").count() == 1  # type: ignore[attr-defined]
    assert claim in client.get(reverse("my-work")).context["work"].waiting_for_others
    move(claim, Action.CANCEL_CORRECTION, editor)
    assert claim not in client.get(reverse("my-work")).context["work"].waiting_for_others


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Bins cost £3.1m.", "Bins cost £3.1m"),
        ("He left the U.S.", "He left the U.S."),
        ("And so on...", "And so on..."),
    ],
)
def test_a_claim_that_ends_a_sentence_does_not_end_ours_twice(words: str, told: str) -> None:
    assert notices.named(Claim(text=words)) == told
