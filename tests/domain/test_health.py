"""Sources that die or change: looked at by the clock, a task for people where a report stands in public."""

from __future__ import annotations

import hashlib
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

from claims.domain import health, steps, sweeping
from claims.enums import SourceState, StepOutcome, TaskKind
from claims.exceptions import Conflict, InvalidInput, NotAllowed
from claims.integrations.article import read_document
from claims.models import (
    AuditEvent,
    Claim,
    Evidence,
    Notification,
    ReviewTask,
    Snapshot,
    SourceCheck,
    VerificationStep,
)
from tests import factories
from tests.standins.server import Reply
from tests.standins.shapes import ARTICLE
from tests.standins.web import PublicWeb
from tests.steps.test_first_steps import run

pytestmark = pytest.mark.django_db
URL = "http://gazette.test/source"
CITED = "the new river bridge would cost 12 million euros"


@pytest.fixture
def cited(claim_in: Callable[..., Claim], public_web: PublicWeb, settings: Any) -> Claim:
    """A published claim whose first source is a page of the stand-in web, with the copy that was cited."""
    settings.FACTCHECK_OUTSIDE = True
    public_web.site.page("/source", ARTICLE)
    claim = claim_in("published")
    copy = Snapshot.objects.create(
        sha256=hashlib.sha256(ARTICLE.encode()).hexdigest(), url=URL, content=ARTICLE.encode(),
        text=read_document(ARTICLE.encode(), "", "text/html", url=URL).text, taken_at=timezone.now(),
    )  # fmt: skip
    Evidence.objects.filter(claim=claim, number=1).update(url=URL, quote=CITED, snapshot=copy)
    Evidence.objects.filter(claim=claim).exclude(number=1).update(url="", where="archive")
    return claim


def look(claim: Claim) -> SourceCheck:
    """One look by way of the ledger, as the clock does it."""
    step = steps.promise_again(claim, "source_health")
    assert step is not None
    assert steps.run_step(step.pk) is True
    return SourceCheck.objects.get(evidence__claim=claim)


def a_day_later(row: SourceCheck) -> None:
    SourceCheck.objects.filter(pk=row.pk).update(gone_since=timezone.now() - timedelta(days=1))


def test_a_page_that_stands_as_it_did_calls_nobody(cited: Claim) -> None:
    row = look(cited)
    assert row.state == SourceState.ALIVE
    assert row.next_check_at > timezone.now() + timedelta(days=6)
    assert not ReviewTask.objects.exists()
    [view] = [view for view in steps.latest(cited) if view.kind == "source_health"]
    assert (view.outcome, view.items[0]["state"]) == (StepOutcome.FOUND, "alive")


def test_a_page_gone_twice_a_day_apart_opens_one_task(
    cited: Claim, public_web: PublicWeb, reviewer: User
) -> None:
    """Broken build: open the task at the first 404, and each night of maintenance calls the desk."""
    public_web.site.route("/source", lambda seen: Reply.html("gone", 410))
    row = look(cited)
    assert row.state == SourceState.GONE
    assert not ReviewTask.objects.exists()
    assert row.next_check_at < timezone.now() + timedelta(days=2)
    a_day_later(row)
    look(cited)
    look(cited)
    task = ReviewTask.objects.get()
    assert (task.kind, task.claim) == (TaskKind.GONE, cited)
    assert Notification.objects.filter(kind="source.task", person=reviewer, claim=cited).count() == 1
    assert AuditEvent.objects.filter(action="source.task", claim=cited).count() == 1
    cited.refresh_from_db()
    assert cited.status == "published"  # nothing published changes by itself


def test_a_page_that_comes_back_is_forgiven(cited: Claim, public_web: PublicWeb) -> None:
    public_web.site.route("/source", lambda seen: Reply.html("gone", 404))
    a_day_later(look(cited))
    public_web.site.page("/source", ARTICLE)
    assert look(cited).gone_since is None
    assert not ReviewTask.objects.exists()


def test_cited_words_that_vanish_open_a_task_with_the_change(
    cited: Claim, public_web: PublicWeb, editor: User, as_user: Callable[[User], Client]
) -> None:
    public_web.site.page("/source", ARTICLE.replace("12 million euros", "9 million euros"))
    row = look(cited)
    assert row.state == SourceState.CHANGED
    assert row.snapshot is not None
    assert bytes(row.snapshot.warc or b"")[:2] == b"\x1f\x8b"
    task = ReviewTask.objects.get()
    assert task.kind == TaskKind.CHANGED
    page = as_user(editor)
    assert "Sources to look at" in page.get(reverse("my-work")).content.decode()
    shown = page.get(reverse("task", args=[task.pk])).content.decode()
    assert "</span>12</del>" in shown
    assert "</span>9</ins>" in shown
    assert "page changed" in page.get(reverse("claim", args=[cited.pk])).content.decode()


def test_a_change_elsewhere_on_the_page_calls_nobody(cited: Claim, public_web: PublicWeb) -> None:
    """Broken build: any other digest opens a task, and every page with a date on it calls the desk each week."""
    public_web.site.page("/source", ARTICLE.replace("take three years", "take four years"))
    assert look(cited).state == SourceState.CHANGED
    assert not ReviewTask.objects.exists()


def test_a_site_that_turns_us_away_or_is_ill_is_not_dead(cited: Claim, public_web: PublicWeb) -> None:
    for status, state in ((403, SourceState.REFUSED), (503, SourceState.UNKNOWN)):
        public_web.site.route("/source", lambda seen, status=status: Reply.html("no", status))
        step = steps.promise_again(cited, "source_health")
        assert step is not None
        VerificationStep.objects.filter(pk=step.pk).update(attempts=2)
        assert steps.run_step(step.pk) is True
        assert SourceCheck.objects.get(evidence__claim=cited).state == state
    assert not ReviewTask.objects.exists()


def test_what_a_person_settled_calls_nobody_again(cited: Claim, public_web: PublicWeb, editor: User) -> None:
    public_web.site.page("/source", ARTICLE.replace("12 million euros", "9 million euros"))
    look(cited)
    task = ReviewTask.objects.get()
    health.close_task(task.pk, actor=editor, outcome="The council corrected itself; our finding stands.")
    look(cited)
    assert ReviewTask.objects.count() == 1
    public_web.site.page("/source", ARTICLE.replace("12 million euros", "7 million euros"))
    look(cited)
    assert ReviewTask.objects.filter(closed_at__isnull=True).count() == 1


def test_a_claim_that_is_not_public_is_looked_at_without_a_task(
    claim_in: Callable[..., Claim], public_web: PublicWeb, settings: Any
) -> None:
    settings.FACTCHECK_OUTSIDE = True
    public_web.site.route("/source", lambda seen: Reply.html("gone", 404))
    claim = claim_in("researching")
    factories.fill(claim, claim.assignee)
    Evidence.objects.filter(claim=claim, number=1).update(url=URL)
    a_day_later(look(claim))
    assert look(claim).state == SourceState.GONE
    assert not ReviewTask.objects.exists()


# --- by the clock -------------------------------------------------------------------------------------------------


def test_the_sweeper_promises_looks_that_are_due_and_only_these(cited: Claim) -> None:
    assert sweeping.sweep("here").looks == 0  # cited today
    Evidence.objects.filter(claim=cited).update(created_at=timezone.now() - timedelta(days=8))
    health.plan_due()
    health.plan_due()
    assert VerificationStep.objects.filter(claim=cited, kind="source_health").count() == 1
    assert health.due(timezone.now()) == []  # whatever becomes of the step, not before tomorrow
    steps.run_step(VerificationStep.objects.get(claim=cited, kind="source_health").pk)
    SourceCheck.objects.update(next_check_at=timezone.now())
    assert health.due(timezone.now()) == [cited.pk]
    assert health.plan_due() == 1


def test_a_desk_that_asks_nobody_outside_promises_nothing(cited: Claim, settings: Any) -> None:
    Evidence.objects.filter(claim=cited).update(created_at=timezone.now() - timedelta(days=8))
    settings.FACTCHECK_OUTSIDE = False
    assert health.plan_due() == 0
    assert run("source_health", cited).outcome == StepOutcome.NOT_CONFIGURED
    settings.FACTCHECK_OUTSIDE = True
    settings.SOURCE_CHECK_DAYS = 0
    assert health.plan_due() == 0


# --- people -------------------------------------------------------------------------------------------------------


@pytest.fixture
def task(cited: Claim) -> ReviewTask:
    return ReviewTask.objects.create(
        claim=cited,
        evidence=cited.evidence.get(number=1),
        kind="gone",
        text="Source [1] is gone.",
        opened_at=timezone.now(),
    )


def test_tasks_are_seen_by_editors_and_by_those_who_wrote(
    task: ReviewTask, editor: User, reviewer: User, viewer: User, as_user: Callable[[User], Client]
) -> None:
    outsider = factories.person("ines", "reviewer")
    assert [one.pk for one in health.open_tasks(editor)] == [task.pk]
    assert [one.pk for one in health.open_tasks(reviewer)] == [task.pk]
    assert health.open_tasks(outsider) == []
    assert "Sources to look at" not in as_user(viewer).get(reverse("my-work")).content.decode()


def test_a_task_is_settled_once_with_a_word(
    task: ReviewTask, reviewer: User, viewer: User, as_user: Callable[[User], Client]
) -> None:
    address = reverse("task", args=[task.pk])
    page = as_user(reviewer)
    assert page.post(address, {"outcome": " "}).status_code == 422
    assert as_user(viewer).post(address, {"outcome": "x"}).status_code == 403
    assert page.post(address, {"outcome": "Moved; the link is mended."}).status_code == 302
    again = page.post(address, {"outcome": "Typed in vain"})
    assert again.status_code == 409
    assert "Moved; the link is mended." in again.content.decode()
    with pytest.raises(NotAllowed):
        health.close_task(task.pk, actor=viewer, outcome="x")
    with pytest.raises(Conflict):
        health.close_task(task.pk, actor=reviewer, outcome="x")
    with pytest.raises(InvalidInput):
        health.close_task(987_654, actor=reviewer, outcome="x")


def test_my_work_costs_the_same_with_one_task_and_with_three(
    task: ReviewTask, editor: User, as_user: Callable[[User], Client]
) -> None:
    page = as_user(editor)
    counts = []
    for more in (0, 2):
        for number in range(more):
            extra = Evidence.objects.create(
                claim=task.claim, number=50 + number, title="More", where="here", stance="context", kind="secondary",
                accessed_on=timezone.localdate(), added_by=editor, created_at=timezone.now(),
            )  # fmt: skip
            ReviewTask.objects.create(
                claim=task.claim, evidence=extra, kind="gone", text="gone", opened_at=timezone.now()
            )
        page.get(reverse("my-work"))
        with CaptureQueriesContext(connection) as queries:
            page.get(reverse("my-work"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
