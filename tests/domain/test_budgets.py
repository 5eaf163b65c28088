"""Daily limits of services and turns at hosts: a step that would exceed one waits, says so, and loses no try."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import budgets, steps
from claims.enums import StepOutcome, StepState
from claims.exceptions import InvalidInput, NotAllowed, NotYet
from claims.integrations import http, openai_compatible
from claims.models import AuditEvent, Claim, HostTurn, ServiceUse, VerificationStep
from claims.steps.base import Context, Result
from tests import factories
from tests.standins.server import StandIn
from tests.standins.web import PublicWeb
from tests.steps import kinds


class Paid(kinds.Quick):
    """Asks the model twice, and reserves three requests for it."""

    kind = "test_paid"
    services = ("llm",)

    def requests(self, subject: Claim) -> Mapping[str, int]:
        return {"llm": 3}

    def run(self, subject: Claim, context: Context) -> Result:
        for _ in range(2):
            openai_compatible.suggest_stance(subject.wording, "It cost six million euros.")
        return Result(StepOutcome.FOUND, "Asked.")


def promised(editor: User) -> VerificationStep:
    claim = factories.claim(editor)
    VerificationStep.objects.all().delete()
    steps.plan_claim(claim)
    return VerificationStep.objects.get(kind="test_paid")


@pytest.fixture
def paid(services: StandIn, editor: User) -> Any:
    with kinds.known(Paid, alone=True):
        yield promised(editor)


def used() -> int:
    return ServiceUse.objects.get(service="llm", day=timezone.localdate()).used


@pytest.mark.django_db
def test_what_was_sent_is_counted_and_the_rest_given_back(paid: VerificationStep, services: StandIn) -> None:
    assert steps.run_step(paid.pk) is True
    assert used() == 2 == sum(seen.path.startswith("/llm") for seen in services.seen)


@pytest.mark.django_db
def test_a_step_over_the_limit_sends_nothing_and_waits_for_the_next_day(
    paid: VerificationStep, services: StandIn, editor: User
) -> None:
    """Broken build: reserve without the condition on ``used`` and the requests go out."""
    budgets.set_limit("llm", 4, actor=editor)
    ServiceUse.objects.create(service="llm", day=timezone.localdate(), used=2)
    assert steps.run_step(paid.pk) is False
    assert not services.seen
    paid.refresh_from_db()
    assert (paid.state, paid.attempts, paid.waits_for) == (StepState.QUEUED, 0, "llm")
    assert "today's limit of 4 requests to The language model is used up" in paid.last_error
    assert timezone.localdate(paid.next_run_at) == timezone.localdate() + timedelta(days=1)
    assert used() == 2
    progress = steps.progress(Claim.objects.get(pk=paid.claim_id))
    assert (progress.waiting, progress.at_rest, progress.estimate_seconds) == (1, True, None)


@pytest.mark.django_db
def test_raising_the_limit_lets_what_waited_go_on_at_once(paid: VerificationStep, editor: User) -> None:
    budgets.set_limit("llm", 2, actor=editor)
    steps.run_step(paid.pk)
    paid.refresh_from_db()
    assert "it needs 3 requests" in paid.last_error
    budgets.set_limit("llm", 3, actor=editor)
    assert steps.run_step(paid.pk) is True
    told = AuditEvent.objects.filter(action="service.limit").order_by("id").last()
    assert told is not None
    assert told.data == {"service": "llm", "before": 2, "after": 3}


@pytest.mark.django_db
def test_a_service_that_is_not_set_up_costs_and_holds_nothing(editor: User) -> None:
    budgets.set_limit("llm", 0, actor=editor)
    with kinds.known(Paid, alone=True):
        assert steps.run_step(promised(editor).pk) is True
    assert not ServiceUse.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_together_never_reserve_more_than_the_limit(editor: User) -> None:
    """Broken build: read, compare, then write."""
    budgets.set_limit("llm", 6, actor=editor)
    day = timezone.localdate()
    ServiceUse.objects.create(service="llm", day=day)
    refused: list[int] = []
    # An in-memory database has one connection for all; there the eight come one after the other.
    together = not (connection.vendor == "sqlite" and connection.is_in_memory_db())
    start = threading.Barrier(8 if together else 1)

    def reserve() -> None:
        start.wait()
        try:
            budgets._reserve({"llm": 1}, day)
        except budgets.OverBudget:
            refused.append(1)

    def in_a_thread() -> None:
        reserve()
        connections.close_all()

    crowd = [threading.Thread(target=in_a_thread) for _ in range(8)] if together else []
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(30)
    for _one in range(0 if together else 8):
        reserve()
    assert (used(), len(refused)) == (6, 2)


@pytest.mark.django_db
def test_only_editors_set_limits(reviewer: User, editor: User) -> None:
    with pytest.raises(NotAllowed):
        budgets.set_limit("llm", 1, actor=reviewer)
    with pytest.raises(InvalidInput):
        budgets.set_limit("no-such-service", 1, actor=editor)
    with pytest.raises(InvalidInput):
        budgets.set_limit("llm", -1, actor=editor)


# --- turns at hosts -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_host_is_asked_once_in_a_while_by_all_together(settings: Any) -> None:
    """Broken build: keep the turns in the process, and two workers ask twice as often."""
    settings.HOST_PAUSE_SECONDS = 4
    first = budgets.take_turn("archive.test")
    second = budgets.take_turn("ARCHIVE.test")
    third = budgets.take_turn("archive.test")
    assert first == 0
    assert 3 < second <= 4 < 7 < third <= 8
    assert budgets.take_turn("other.test") == 0
    with pytest.raises(NotYet):
        budgets.take_turn("archive.test")
    assert HostTurn.objects.get(host="archive.test").next_at < timezone.now() + timedelta(seconds=12.1)


@pytest.mark.django_db
def test_a_step_whose_turn_is_far_away_waits_without_losing_a_try(
    editor: User, public_web: PublicWeb, settings: Any
) -> None:
    settings.HOST_PAUSE_SECONDS = 1

    class Reads(kinds.Quick):
        kind = "test_paid"

        def run(self, subject: Claim, context: Context) -> Result:
            http.fetch("https://port.test/counts")
            return Result(StepOutcome.FOUND, "Read.")

    with kinds.known(Reads, alone=True):
        step = promised(editor)
        HostTurn.objects.create(host="port.test", next_at=timezone.now() + timedelta(seconds=60))
        assert steps.run_step(step.pk) is False
        step.refresh_from_db()
        assert (step.state, step.attempts, step.waits_for) == (StepState.QUEUED, 0, "")
        assert "port.test is asked at most once in 1 s" in step.last_error
        assert public_web.look_ups["port.test"] == 0


# --- what people see ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_desk_page_shows_use_and_takes_a_limit_from_an_editor(
    paid: VerificationStep, editor: User, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    page = as_user(editor)
    address = reverse("service-limit", args=["llm"])
    refused = page.post(address, {"daily": "many"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.content.decode()
    page.post(address, {"daily": "2"})
    steps.run_step(paid.pk)
    shown = page.get(reverse("steps-overview")).content.decode()
    assert 'value="2"' in shown
    claim_page = page.get(reverse("claim", args=[paid.claim_id])).content.decode()
    assert "Limit reached" in claim_page
    assert "1 waits for the next day’s limit" in claim_page
    assert "load delay:60s" in claim_page
    page.post(address, {"daily": ""})
    assert budgets._limits()["llm"] is None
    other = as_user(reviewer)
    assert other.post(address, {"daily": "5"}).status_code == 403
    assert "Save</button>" not in other.get(reverse("steps-overview")).content.decode()


@pytest.mark.django_db
def test_everything_that_failed_is_tried_again_from_the_desk_and_from_the_article(
    editor: User, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    with kinds.known(kinds.Failing, alone=True):
        claim = factories.claim(editor)
        VerificationStep.objects.update(state=StepState.DEAD, finished_at=timezone.now(), last_error="tired")
        dead = VerificationStep.objects.count()
        page = as_user(reviewer)
        assert "Try all again" in page.get(reverse("steps-overview")).content.decode()
        page.post(reverse("steps-failed-again"))
        assert VerificationStep.objects.filter(state=StepState.QUEUED).count() == dead
        assert steps.queue_overview().dead == []
        VerificationStep.objects.filter(state=StepState.QUEUED).update(
            state=StepState.DEAD, finished_at=timezone.now()
        )
        shown = page.get(reverse("article", args=[claim.article_id])).content.decode()
        assert "Try what failed again" in shown
        page.post(reverse("article-steps-again", args=[claim.article_id]))
        assert VerificationStep.objects.filter(state=StepState.QUEUED).count() == dead
