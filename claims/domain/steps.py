"""Verification steps: promising them, doing them, doing them again.

The row is promised in the transaction of the change that wants it; a ring follows the commit. ``ledger`` decides who
may work on a row and whose result counts, ``sweeping`` makes good what was lost, ``progress`` says how far it is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from claims.domain import audit, budgets, copies, ledger, notices, people
from claims.domain.locking import lock_claim
from claims.domain.progress import Progress, QueueOverview, StepView, latest, progress, queue_overview
from claims.enums import Role, StepOutcome, StepState
from claims.exceptions import DeskError, NotYet, StepError, TransitionRefused
from claims.models import (
    Article,
    AuditEvent,
    Claim,
    DeskSettings,
    LibraryDocument,
    Notification,
    VerificationStep,
)
from claims.queue import ring
from claims.steps import registry
from claims.steps.base import Context, Result, Step

__all__ = [
    "Progress",
    "QueueOverview",
    "StepView",
    "cancel",
    "dismiss_dead",
    "latest",
    "plan_article",
    "plan_claim",
    "progress",
    "promise_again",
    "queue_overview",
    "rerun",
    "retry_all_dead",
    "retry_all_failed",
    "retry_dead",
    "run_step",
]
logger = logging.getLogger(__name__)

TASK = "claims.run_step"
# So many claims of an article have their steps promised when it is read; those of the others begin when somebody accepts
# the claim. Steps run in the order in which they were promised: behind those of thousands of claims an article that came
# a minute later waited for half an hour, and the day's limits of the services were used up.
PLANNED_AT_ONCE = 100
# How often a step may look again by itself for what it asked for.
MOST_FOLLOW_UPS = 3
Subject = Claim | Article | LibraryDocument


# --- promising ----------------------------------------------------------------------------------------------------


def plan_claim(claim: Claim, *, actor: User | None = None) -> list[VerificationStep]:
    """Promise every step of a claim that is not promised for its present wording, date and evidence.

    Called again after any change, it promises only what the change made out of date, and takes back what was
    promised for the former state and has not begun.
    """
    return _plan(claim, registry.claim_steps())


def plan_accepted(claim: Claim) -> None:
    """Somebody will check the claim: promise its steps where its article had too many claims to do so at once."""
    if claim.number > PLANNED_AT_ONCE:
        plan_claim(claim)


def drafted(claim: Claim) -> list[VerificationStep]:
    """The steps of a claim that is not stored yet, for ``promise``; nothing is asked of the database."""
    now = timezone.now()
    return [_new(claim, kind, kind.input_hash(claim), 1, now) for kind in registry.claim_steps()]


def promise(drafts: list[VerificationStep]) -> None:
    """Promise steps that were drafted, once their claims are stored: many in a few statements."""
    _insert(drafts)


def plan_article(article: Article, kinds: Sequence[str] = ("extraction",)) -> list[VerificationStep]:
    """Promise the steps that bring an article in: ``fetch`` first where only an address is known."""
    return _plan(article, [step for step in registry.article_steps() if step.kind in kinds])


def plan_document(document: LibraryDocument) -> list[VerificationStep]:
    """Promise to fetch a document of the library."""
    return _plan(document, registry.document_steps())


def promise_again(claim: Claim, kind: str) -> VerificationStep | None:
    """Promise one more run of a step, by the clock; None where one waits or runs already."""
    step = registry.get(kind)
    if step is None:
        return None
    rows = list(_rows(claim).filter(kind=kind))
    if any(row.state in StepState.pending() for row in rows):
        return None
    digest = step.input_hash(claim)
    run = max((row.run for row in rows if row.input_hash == digest), default=0) + 1
    return next(iter(_insert([_new(claim, step, digest, run, timezone.now())])), None)


def _plan(subject: Subject, wanted: Sequence[Step]) -> list[VerificationStep]:
    now = timezone.now()
    with transaction.atomic():
        known = list(_rows(subject).values("id", "kind", "input_hash", "run", "state"))
        fresh: list[VerificationStep] = []
        for kind in wanted:
            mine = [row for row in known if row["kind"] == kind.kind]
            digest = kind.input_hash(subject)
            stale = [
                row["id"] for row in mine if row["input_hash"] != digest and row["state"] == StepState.QUEUED
            ]
            if stale:
                _withdraw(stale, now)
            same = [row for row in mine if row["input_hash"] == digest]
            if all(row["state"] == StepState.CANCELLED for row in same):
                run = max((row["run"] for row in same), default=0) + 1
                fresh.append(_new(subject, kind, digest, run, now))
        return _insert(fresh)


def _insert(fresh: list[VerificationStep]) -> list[VerificationStep]:
    """Store and ring. Where somebody promised the same at the same moment, their promise stands."""
    if not fresh:
        return []
    try:
        with transaction.atomic():
            stored = VerificationStep.objects.bulk_create(fresh)
    except IntegrityError:
        stored = [row for row in fresh if _insert_one(row)]
    for row in stored:
        _ring(row)
    return stored


def _insert_one(row: VerificationStep) -> bool:
    try:
        with transaction.atomic():
            row.pk = None
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _new(subject: Subject, kind: Step, digest: str, run: int, now: datetime) -> VerificationStep:
    return VerificationStep(
        claim=subject if isinstance(subject, Claim) else None,
        article=subject if isinstance(subject, Article) else None,
        document=subject if isinstance(subject, LibraryDocument) else None,
        kind=kind.kind,
        input_hash=digest,
        run=run,
        queue=kind.queue,
        max_attempts=kind.max_attempts,
        next_run_at=now,
        rung_at=now,
        created_at=now,
    )


def _rows(subject: Subject) -> Any:
    rows = VerificationStep.objects.order_by("id")
    if isinstance(subject, Claim):
        return rows.filter(claim=subject)
    return rows.filter(article=subject) if isinstance(subject, Article) else rows.filter(document=subject)


def _withdraw(ids: Iterable[int], now: datetime) -> int:
    queued = VerificationStep.objects.filter(pk__in=list(ids), state=StepState.QUEUED)
    return queued.update(state=StepState.CANCELLED, finished_at=now)


def _ring(step: VerificationStep) -> None:
    kind = registry.get(step.kind)
    ring(TASK, step.pk, queue=step.queue, seconds=kind.time_limit if kind else None)


# --- doing --------------------------------------------------------------------------------------------------------


def run_step(step_id: int) -> bool:
    """Do one step if it is due and free; whether this call finished it. Safe to call any number of times."""
    step = ledger.take(step_id)
    if step is None:
        return False
    kind = registry.get(step.kind)
    if kind is None:
        _give_up(step, _("This version of the tool does not know the step “%(kind)s”.") % {"kind": step.kind})
        return False
    try:
        result = _work(step, kind)
        more = result.payload is not None or result.copies or result.archive_links or result.look_again
        ledger.finish(step, kind, result, _store if more else None)
        return True
    except _PutOff as wait:
        ledger.put_off(step, str(wait), retry_after=wait.retry_after)
    except budgets.OverBudget as limit:
        ledger.wait(step, str(limit), seconds=limit.retry_after, waits_for=limit.service)
    except NotYet as turn:
        ledger.wait(step, str(turn), seconds=turn.retry_after)
    except ledger.Fenced:
        logger.info("late result discarded", extra={"step": step.pk, "kind": step.kind})
    except StepError as error:
        _fail(step, str(error), permanent=error.permanent, retry_after=error.retry_after)
    except DeskError as error:  # what was brought cannot be stored: the same article twice, a text too short
        _give_up(step, str(error))
    except SoftTimeLimitExceeded:
        _fail(step, _("It did not finish within %(count)d seconds.") % {"count": kind.time_limit})
    except MemoryError:
        _fail(step, _("It needed more memory than a step may have."))
    except Exception as error:  # a fault of ours: kept with its name, tried again, shown as failed
        logger.exception("step failed", extra={"step": step.pk, "kind": step.kind})
        _fail(step, f"{type(error).__name__}: {error}")
    return False


class _PutOff(Exception):
    """A service did not answer and tries are left: no result yet."""

    def __init__(self, reason: str, retry_after: float | None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def _work(step: VerificationStep, kind: Step) -> Result:
    # Read when the step first looks at it: what asks for nothing pays for nothing.
    subject = SimpleLazyObject(lambda: step.claim or step.article or step.document)
    last = step.attempts >= step.max_attempts
    needs = budgets.needs(kind, subject)
    with budgets.spending(needs), ledger.heartbeat(step, kind.time_limit):
        end = time.monotonic() + kind.time_limit
        result = kind.run(subject, Context(now=timezone.now(), attempt=step.attempts, last=last, end=end))
        if result.payload is not None and step.kind in (ahead := storing_ahead()):
            ahead[step.kind](step, result.payload)
    if result.outcome == StepOutcome.UNAVAILABLE and not last:
        raise _PutOff(result.summary, result.retry_after)
    return result


def _fail(
    step: VerificationStep, reason: str, *, permanent: bool = False, retry_after: float | None = None
) -> None:
    if permanent or step.attempts >= step.max_attempts:
        _give_up(step, reason)
    else:
        ledger.put_off(step, reason, retry_after=retry_after)


def _give_up(step: VerificationStep, reason: str) -> None:
    ledger.give_up(step, reason, then=gave_up)


def gave_up(step: VerificationStep, reason: str) -> None:
    """What follows when a step lands on the dead list, in the same transaction: an event; an article fails."""
    if step.claim_id is not None:
        claim = lock_claim(step.claim_id)
        event = audit.record(
            "step.given_up", actor=None, claim=claim, reason=reason, data={"step": step.kind}
        )
        _tell_of_dead(claim, event)
    elif step.article is not None:
        from claims.domain import articles  # articles promise steps, and a dead step marks its article

        articles.mark_failed(step.article, reason)
    elif step.document is not None:
        from claims.domain import library  # the same way round

        library.mark_failed(step.document, reason)


def _tell_of_dead(claim: Claim, event: AuditEvent) -> None:
    """The checker; where nobody checks the claim, the editors.

    One notice for a claim until it is read, though ten of its steps give up when a service is down. An editor gets one
    for all claims without a checker: it leads to the list of what was given up.
    """
    waiting = Notification.objects.filter(kind="step.dead", read_at__isnull=True)
    if claim.assignee_id is None:
        address = reverse("steps-overview")
        told = waiting.filter(address=address).values_list("person_id", flat=True)
        text = _("Verification steps of claims that nobody checks are given up.")
        notices.send(notices.editors() - set(told), "step.dead", text, claim, event, address=address)
    elif not waiting.filter(claim=claim, person_id=claim.assignee_id).exists():
        text = _("A verification step of “%(claim)s” is given up.") % {
            "claim": notices.shorten(claim.wording)
        }
        notices.send({claim.assignee_id}, "step.dead", text, claim, event)


def _store(step: VerificationStep, result: Result) -> None:
    if result.payload is not None:
        storers()[step.kind](_held(step), result.payload, step)
    copies.keep(result.copies)
    copies.confirm(result.archive_links)
    if result.look_again and step.run <= MOST_FOLLOW_UPS:
        _follow_up(step, result.look_again)


def _follow_up(step: VerificationStep, seconds: float) -> None:
    """Promise one more run for later, in the transaction that finishes this one. No ring: the sweeper rings in time."""
    now = timezone.now()
    VerificationStep.objects.create(
        claim_id=step.claim_id, article_id=step.article_id, document_id=step.document_id, kind=step.kind,
        input_hash=step.input_hash, run=step.run + 1, queue=step.queue, max_attempts=step.max_attempts,
        next_run_at=now + timedelta(seconds=seconds), created_at=now,
    )  # fmt: skip


def storing_ahead() -> Mapping[str, Callable[[VerificationStep, Any], None]]:
    """Who stores parts of what a step brings before it is finished, since all at once would hold the database too long."""
    from claims.domain import extraction

    return {"extraction": extraction.store_ahead}


def storers() -> Mapping[str, Callable[[Any, Any, VerificationStep], Any]]:
    """Who stores what a step brings, its subject held. Asked for late: these promise steps themselves."""
    from claims.domain import articles, extraction, health, library

    return {
        "fetch": articles.store_fetched,
        "extraction": extraction.store,
        "library_fetch": library.store_fetched,
        "source_health": health.store,
    }


# --- again, or not ------------------------------------------------------------------------------------------------


@transaction.atomic
def rerun(step: VerificationStep, *, actor: User | None) -> VerificationStep:
    """Promise the same kind of step once more, for the subject as it is now. One that waits already is kept.

    Raises:
        NotAllowed: viewers start nothing.
        TransitionRefused: this version of the tool does not know the step any more.
    """
    people.require(actor, Role.REVIEWER)
    subject = _held(step)
    kind = registry.get(step.kind)
    if kind is None:
        raise TransitionRefused(_("This version of the tool does not know this step any more."))
    digest = kind.input_hash(subject)
    rows: list[VerificationStep] = list(_rows(subject).filter(kind=step.kind))
    pending: list[VerificationStep] = [
        row for row in rows if row.input_hash == digest and row.state in StepState.pending()
    ]
    now = timezone.now()
    if pending:
        _at_once(pending[-1], now)
        return pending[-1]
    _withdraw([row.pk for row in rows if row.state == StepState.QUEUED], now)
    run = max((row.run for row in rows if row.input_hash == digest), default=0) + 1
    fresh = _insert([_new(subject, kind, digest, run, now)])
    _note("step.rerun", step, subject, actor)
    return fresh[0]


def _at_once(step: VerificationStep, now: datetime) -> None:
    """Somebody asks for a step that waits for a later hour: it is tried now."""
    later = VerificationStep.objects.filter(pk=step.pk, state=StepState.QUEUED, next_run_at__gt=now)
    if later.update(next_run_at=now, rung_at=now, waits_for=""):
        _ring(step)


@transaction.atomic
def cancel(step: VerificationStep, *, actor: User | None) -> bool:
    """Take a promise back. A step at work is fenced: whatever it brings is thrown away. False when it was over."""
    people.require(actor, Role.REVIEWER)
    subject = _held(step)
    pending = VerificationStep.objects.filter(pk=step.pk, state__in=StepState.pending())
    cancelled = pending.update(
        state=StepState.CANCELLED, finished_at=timezone.now(), lease_token="", lease_until=None
    )
    if cancelled:
        _note("step.cancelled", step, subject, actor)
    return bool(cancelled)


@transaction.atomic
def retry_dead(step: VerificationStep, *, actor: User | None) -> VerificationStep:
    """Try a step from the dead list once more; it leaves the list, its new run takes its place."""
    fresh = rerun(step, actor=actor)
    VerificationStep.objects.filter(pk=step.pk, state=StepState.DEAD).update(dismissed_at=timezone.now())
    return fresh


@transaction.atomic
def dismiss_dead(step: VerificationStep, *, actor: User | None) -> bool:
    """Take a step off the dead list without trying again. It stays in the ledger."""
    people.require(actor, Role.REVIEWER)
    subject = _held(step)
    dead = VerificationStep.objects.filter(pk=step.pk, state=StepState.DEAD, dismissed_at__isnull=True)
    dismissed = bool(dead.update(dismissed_at=timezone.now()))
    if dismissed:
        _note("step.dismissed", step, subject, actor)
    return dismissed


@transaction.atomic
def retry_all_failed(subject: Claim | Article, *, actor: User | None) -> int:
    """Try again everything of a claim or an article (with its claims) that failed or got no answer; how many."""
    again = [
        view.step
        for view in latest(subject, with_claims=True)
        if view.step.state == StepState.DEAD or view.outcome == StepOutcome.UNAVAILABLE
    ]
    for step in again:
        retry_dead(step, actor=actor)
    return len(again)


def retry_all_dead(*, actor: User, most: int = 200) -> int:
    """Try the desk's whole dead list again, the oldest first, up to ``most``; how many."""
    people.require(actor, Role.REVIEWER)
    dead = VerificationStep.objects.filter(state=StepState.DEAD, dismissed_at__isnull=True).order_by("id")
    known = [step for step in dead[:most] if registry.get(step.kind) is not None]
    for step in known:
        retry_dead(step, actor=actor)
    return len(known)


def _held(step: VerificationStep) -> Subject:
    """The step's subject, its row held, so that its audit chain has one writer."""
    if step.claim_id is not None:
        return lock_claim(step.claim_id)
    if step.article_id is not None:
        return Article.objects.select_for_update().get(pk=step.article_id)
    assert step.document_id is not None, "a step has one subject"
    return LibraryDocument.objects.select_for_update().get(pk=step.document_id)


def _note(action: str, step: VerificationStep, subject: Subject, actor: User | None) -> None:
    data: dict[str, Any] = {"step": step.kind}
    if isinstance(subject, LibraryDocument):
        DeskSettings.objects.select_for_update().get_or_create(
            pk=1
        )  # one writer of the desk's chain at a time
        data["document"] = subject.pk
    audit.record(
        action,
        actor=actor,
        claim=subject if isinstance(subject, Claim) else None,
        article=subject if isinstance(subject, Article) else None,
        data=data,
    )
