"""The ledger: one taker, one result, fenced latecomers, tries that end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.utils import timezone

from claims.domain import claims, ledger, steps, sweeping
from claims.enums import ArticleState, StepOutcome, StepState
from claims.exceptions import NotAllowed, StepError
from claims.models import Article, AuditEvent, Claim, StepResult, VerificationStep
from claims.steps import registry
from claims.steps.base import Result
from tests import factories
from tests.steps import kinds


@pytest.fixture
def stored(db: None, editor: User) -> Iterator[Claim]:
    """A claim for which only the quick test step is known and promised; nothing else is promised."""
    with kinds.known(kinds.Quick, alone=True):
        made = factories.claim(editor)
        VerificationStep.objects.exclude(claim=made).delete()
        yield made


def only(claim: Claim) -> VerificationStep:
    return VerificationStep.objects.get(claim=claim)


def promise(claim: Claim, kind: type[kinds.Quick]) -> VerificationStep:
    """One step of that kind, promised alone."""
    VerificationStep.objects.all().delete()
    with kinds.known(kind, alone=True):
        steps.plan_claim(claim)
    return only(claim)


def due_now(step: VerificationStep) -> None:
    VerificationStep.objects.filter(pk=step.pk).update(next_run_at=timezone.now() - timedelta(seconds=1))


def lapse(step: VerificationStep) -> None:
    """As if the worker had been silent past its lease."""
    VerificationStep.objects.filter(pk=step.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_step_runs_once_and_leaves_one_result(stored: Claim) -> None:
    step = only(stored)
    assert steps.run_step(step.pk) is True
    assert steps.run_step(step.pk) is False
    step.refresh_from_db()
    assert (step.state, step.attempts, step.lease_token) == (StepState.DONE, 1, "")
    assert StepResult.objects.get(step=step).outcome == StepOutcome.FOUND


def test_planning_twice_promises_once(stored: Claim) -> None:
    assert steps.plan_claim(stored) == []
    assert VerificationStep.objects.filter(claim=stored).count() == 1


def test_a_changed_claim_takes_back_what_waited_and_promises_anew(stored: Claim) -> None:
    stored.text = "other words"
    steps.plan_claim(stored)
    assert list(VerificationStep.objects.order_by("id").values_list("state", flat=True)) == [
        "cancelled",
        "queued",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"end": -9},
        {"restated": "Fewer cars cross."},
        {"said_on": date(2024, 3, 1)},
        {"speaker_role": "mayor"},
    ],
)
def test_whatever_is_reworded_is_looked_at_again_by_what_reads_it(
    db: None, editor: User, fields: dict[str, Any]
) -> None:
    """Broken build: where only the end of a claim was moved, its steps kept what they had found for the longer words."""
    claim = factories.claim(editor)
    if "end" in fields:
        fields = {"start": claim.start, "end": claim.end + fields["end"]}
    claims.reword(claim.pk, actor=editor, fields=fields)
    claim = Claim.objects.select_related("article", "speaker").get(pk=claim.pk)
    waiting = set(
        VerificationStep.objects.filter(claim=claim, state=StepState.QUEUED).values_list("kind", "input_hash")
    )
    assert waiting == {(kind.kind, kind.input_hash(claim)) for kind in registry.claim_steps()}


def test_words_changed_back_are_promised_again(stored: Claim) -> None:
    former = stored.text
    stored.text = "other words"
    steps.plan_claim(stored)
    stored.text = former
    steps.plan_claim(stored)
    rows = list(VerificationStep.objects.order_by("id").values_list("state", "run"))
    assert rows == [("cancelled", 1), ("cancelled", 1), ("queued", 2)]


def test_a_finished_step_of_a_changed_claim_is_out_of_date(stored: Claim) -> None:
    steps.run_step(only(stored).pk)
    assert [view.outcome for view in steps.latest(stored)] == [StepOutcome.FOUND]
    stored.text = "other words"
    assert [view.outcome for view in steps.latest(stored)] == [StepOutcome.OUT_OF_DATE]


def test_nothing_is_taken_before_its_time(stored: Claim) -> None:
    VerificationStep.objects.update(next_run_at=timezone.now() + timedelta(minutes=1))
    assert steps.run_step(only(stored).pk) is False


def test_a_running_step_is_not_taken_until_its_lease_has_lapsed(stored: Claim) -> None:
    first = ledger.take(only(stored).pk)
    assert first is not None
    assert ledger.take(first.pk) is None
    lapse(first)
    second = ledger.take(first.pk)
    assert second is not None
    assert second.lease_token != first.lease_token


def test_a_late_result_is_fenced(stored: Claim) -> None:
    """Broken build: finish without the token in its WHERE clause."""
    frozen = ledger.take(only(stored).pk)
    assert frozen is not None
    lapse(frozen)
    assert steps.run_step(frozen.pk) is True
    kind = registry.get("test_quick")
    assert kind is not None
    with pytest.raises(ledger.Fenced):
        ledger.finish(frozen, kind, Result(StepOutcome.NOTHING_FOUND, "too late"))
    assert StepResult.objects.get(step=frozen).outcome == StepOutcome.FOUND


def test_a_late_failure_is_fenced_too(stored: Claim) -> None:
    frozen = ledger.take(only(stored).pk)
    assert frozen is not None
    lapse(frozen)
    steps.run_step(frozen.pk)
    assert ledger.put_off(frozen, "too late") is False
    assert ledger.give_up(frozen, "too late") is False
    assert only(stored).state == StepState.DONE


def test_a_cancelled_step_throws_away_what_its_worker_brings(stored: Claim, reviewer: User) -> None:
    at_work = ledger.take(only(stored).pk)
    assert at_work is not None
    assert steps.cancel(at_work, actor=reviewer) is True
    kind = registry.get("test_quick")
    assert kind is not None
    with pytest.raises(ledger.Fenced):
        ledger.finish(at_work, kind, Result(StepOutcome.FOUND, "late"))
    assert only(stored).state == StepState.CANCELLED


def test_a_failing_step_is_tried_again_later_and_then_given_up(stored: Claim) -> None:
    step = promise(stored, kinds.Failing)
    with kinds.known(kinds.Failing):
        for attempt in (1, 2, 3):
            assert steps.run_step(step.pk) is False
            step.refresh_from_db()
            assert step.attempts == attempt
            due_now(step)
    assert step.state == StepState.DEAD
    assert step.last_error == "The service is tired."
    event = AuditEvent.objects.get(action="step.given_up")
    assert (event.claim_id, event.reason) == (stored.pk, "The service is tired.")


def test_a_permanent_failure_is_not_tried_again(stored: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds.Failing, "error", StepError("There is no such page.", permanent=True))
    step = promise(stored, kinds.Failing)
    with kinds.known(kinds.Failing):
        steps.run_step(step.pk)
    step.refresh_from_db()
    assert (step.state, step.attempts) == (StepState.DEAD, 1)


def test_a_fault_of_ours_is_named(stored: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds.Failing, "error", KeyError("speaker"))
    step = promise(stored, kinds.Failing)
    with kinds.known(kinds.Failing):
        steps.run_step(step.pk)
    step.refresh_from_db()
    assert (step.state, step.last_error) == (StepState.QUEUED, "KeyError: 'speaker'")


def test_the_wait_between_tries_is_bounded_and_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Full jitter: anywhere between nothing and a bound that doubles up to ten minutes."""
    step = VerificationStep(pk=0, attempts=3, lease_token="none")
    seen: list[float] = []
    written: dict[str, Any] = {}
    monkeypatch.setattr(VerificationStep.objects, "filter", lambda **_: _Capture(written))
    for _ in range(200):
        now = timezone.now()
        ledger.put_off(step, "busy")
        seen.append((written["next_run_at"] - now).total_seconds())
    assert max(seen) <= 8.1
    assert max(seen) - min(seen) > 4


class _Capture:
    def __init__(self, into: dict[str, Any]) -> None:
        self.into = into

    def update(self, **fields: Any) -> int:
        self.into.update(fields)
        return 1


def test_a_service_that_asks_for_patience_gets_it(stored: Claim) -> None:
    step = promise(stored, kinds.Away)
    with kinds.known(kinds.Away):
        steps.run_step(step.pk)
        step.refresh_from_db()
        assert step.state == StepState.QUEUED
        assert (step.next_run_at - timezone.now()).total_seconds() > 29
        assert not StepResult.objects.filter(step=step).exists()
        due_now(step)
        assert steps.run_step(step.pk) is True
    view = steps.latest(stored)[0]
    assert view.outcome == StepOutcome.UNAVAILABLE
    assert view.retry_at is not None


def test_a_kind_nobody_knows_is_given_up_with_its_name(stored: Claim) -> None:
    VerificationStep.objects.update(kind="from_the_future")
    steps.run_step(only(stored).pk)
    assert only(stored).state == StepState.DEAD
    assert "from_the_future" in only(stored).last_error
    assert str(registry.label("from_the_future")) == "from_the_future"


def test_rerun_promises_the_next_run_and_a_second_click_the_same(stored: Claim, reviewer: User) -> None:
    steps.run_step(only(stored).pk)
    step = VerificationStep.objects.get()
    again = steps.rerun(step, actor=reviewer)
    assert again.run == 2
    assert steps.rerun(step, actor=reviewer).pk == again.pk
    assert steps.run_step(again.pk) is True


def test_viewers_start_and_stop_nothing(stored: Claim, viewer: User) -> None:
    for verb in (steps.rerun, steps.cancel, steps.retry_dead, steps.dismiss_dead):
        with pytest.raises(NotAllowed):
            verb(only(stored), actor=viewer)


def test_retrying_takes_a_step_off_the_dead_list(stored: Claim, reviewer: User) -> None:
    VerificationStep.objects.update(state=StepState.DEAD, finished_at=timezone.now(), last_error="broken")
    assert [view.step.last_error for view in steps.queue_overview().dead] == ["broken"]
    assert steps.retry_all_failed(stored, actor=reviewer) == 1
    assert steps.queue_overview().dead == []
    assert [view.step.state for view in steps.latest(stored)] == [StepState.QUEUED]


def test_progress_counts_the_latest_run_of_each_step(stored: Claim, reviewer: User) -> None:
    assert steps.progress(stored).fraction == 0
    steps.run_step(only(stored).pk)
    assert steps.progress(stored).fraction == 1
    steps.rerun(VerificationStep.objects.get(), actor=reviewer)
    found = steps.progress(stored)
    assert (found.total, found.done, found.queued, found.finished) == (1, 0, 1, False)
    assert found.estimate_seconds is not None


def test_progress_of_an_article_covers_its_claims(stored: Claim) -> None:
    claims = list(stored.article.claims.all())
    for claim in claims:
        steps.plan_claim(claim)
    assert len(claims) > 1
    assert steps.progress(stored.article).total == len(claims)


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease_of_a_long_step(stored: Claim, settings: Any) -> None:
    settings.STEP_LEASE_SECONDS = 0.3
    step = ledger.take(only(stored).pk)
    assert step is not None
    first = step.lease_until
    with ledger.heartbeat(step, time_limit=30):
        beats = 0
        while beats < 3:
            fresh = VerificationStep.objects.get(pk=step.pk)
            if fresh.lease_until != first:
                first, beats = fresh.lease_until, beats + 1
    assert beats == 3


@pytest.mark.django_db(transaction=True)
def test_a_step_beyond_its_time_limit_loses_its_lease(stored: Claim, settings: Any) -> None:
    settings.STEP_LEASE_SECONDS = 0.3
    step = ledger.take(only(stored).pk)
    assert step is not None
    gone = threading.Event()
    with ledger.heartbeat(step, time_limit=0.2):
        while not gone.wait(0.02):
            if VerificationStep.objects.get(pk=step.pk).lease_until < timezone.now():
                gone.set()
    assert ledger.take(step.pk) is not None


# --- articles ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_extraction_is_a_step_and_promises_the_claims_steps(editor: User) -> None:
    from claims.domain import articles

    article = articles.receive_text(factories.TEXT, actor=editor)
    step = VerificationStep.objects.get(article=article)
    assert (step.kind, article.state) == ("extraction", ArticleState.EXTRACTING)
    assert steps.run_step(step.pk) is True
    article.refresh_from_db()
    assert article.state == ArticleState.READY
    planned = VerificationStep.objects.filter(claim__article=article).count()
    assert planned == article.claims.count() * len(registry.claim_steps())


@pytest.mark.django_db
def test_an_extraction_given_up_marks_its_article(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from claims.domain import articles

    article = articles.receive_text(factories.TEXT, actor=editor)
    step = VerificationStep.objects.get(article=article)
    monkeypatch.setattr(steps, "storers", lambda: {"extraction": _refuse})
    assert steps.run_step(step.pk) is False
    article.refresh_from_db()
    step.refresh_from_db()
    assert (article.state, step.state) == (ArticleState.FAILED, StepState.DEAD)
    assert article.problem == "This cannot be stored."
    assert not StepResult.objects.filter(step=step).exists()


def _refuse(article: Article, payload: Any, step: VerificationStep) -> None:
    raise StepError("This cannot be stored.", permanent=True)


# --- the sweeper ------------------------------------------------------------------------------------------------


def test_a_step_whose_worker_went_away_is_put_back(stored: Claim) -> None:
    step = ledger.take(only(stored).pk)
    assert step is not None
    lapse(step)
    swept = sweeping.sweep("test")
    assert (swept.put_back, swept.rung) == (1, 1)
    assert only(stored).state == StepState.QUEUED
    assert steps.run_step(step.pk) is True


def test_a_step_that_ends_its_worker_each_time_is_given_up(stored: Claim) -> None:
    step = ledger.take(only(stored).pk)
    assert step is not None
    VerificationStep.objects.update(attempts=5)
    lapse(step)
    assert sweeping.sweep("test").given_up == 1
    assert only(stored).state == StepState.DEAD
    assert AuditEvent.objects.filter(action="step.given_up", claim=stored).count() == 1


def test_what_was_rung_lately_is_left_alone_and_rung_again_later(stored: Claim, settings: Any) -> None:
    assert sweeping.sweep("test").rung == 0
    VerificationStep.objects.update(rung_at=timezone.now() - timedelta(minutes=6))
    assert sweeping.sweep("test").rung == 1
    assert sweeping.sweep("test").rung == 0


def test_a_queue_full_of_rings_is_not_rung_again(stored: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    VerificationStep.objects.update(rung_at=timezone.now() - timedelta(seconds=60))
    monkeypatch.setattr(sweeping.queue, "waiting", lambda name: 5000)
    assert sweeping.sweep("test").rung == 0
    monkeypatch.setattr(sweeping.queue, "waiting", lambda name: 3)
    assert sweeping.sweep("test").rung == 1


def test_an_article_is_rung_for_before_the_steps_that_wait_longer(
    stored: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an outage thousands of steps wait; the article that somebody looks at does not stand behind them."""
    now = timezone.now()
    VerificationStep.objects.update(rung_at=None, next_run_at=now - timedelta(hours=1))
    reading = VerificationStep.objects.create(
        article=stored.article, kind="extraction", input_hash="x", next_run_at=now, created_at=now
    )
    rung: list[int] = []
    monkeypatch.setattr(sweeping, "BATCH", 1)
    monkeypatch.setattr(sweeping.queue, "ring", lambda task, pk, **rest: rung.append(pk))
    assert sweeping.sweep("test").rung == 2
    assert rung[0] == reading.pk


def test_three_sweepers_behave_as_one(stored: Claim) -> None:
    assert [sweeping.sweep(name).held for name in ("a", "b", "c", "a")] == [True, False, False, True]
    sweeping.leave_turn("a")
    assert sweeping.sweep("b").held is True


@pytest.mark.django_db(transaction=True)
def test_ten_takers_at_once_and_one_gets_it(stored: Claim) -> None:
    """Broken build: a SELECT that looks whether the step is free, then a save."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        takers = 1  # one connection is all an in-memory database has; tests/races does this with processes
    else:
        takers = 10
    pk = only(stored).pk
    start = threading.Barrier(takers)
    taken: list[str] = []

    def take() -> None:
        start.wait()
        step = ledger.take(pk)
        if step is not None:
            taken.append(step.lease_token)
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(takers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_promise_rolled_back_rings_nobody(stored: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr("claims.queue._send", lambda name, pk, options: rung.append(pk))
    stored.text = "other words"
    with transaction.atomic():
        steps.plan_claim(stored)
        transaction.set_rollback(True)
    assert rung == []
    steps.plan_claim(stored)
    assert len(rung) == 1
