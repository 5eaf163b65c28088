"""How far the steps are: of one claim, of one article, of the whole desk. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet
from django.utils import timezone

from claims.domain.workers import ALIVE_SECONDS
from claims.enums import StepOutcome, StepState
from claims.models import Article, Claim, Lease, StepResult, VerificationStep, WorkerSeen
from claims.models.article import long_fields
from claims.steps import registry

RECENT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """The latest run of each step, counted. ``fraction`` runs from 0 to 1 and counts what was given up as over.

    ``waiting`` are those of the queued that wait for the next day's limit of a service. ``estimate_seconds`` is what is left to wait, from the pace of the last half minute (or the usual length of a
    step where nothing ran lately), with everything that stands before it in the queue; None when nothing is known.
    """

    total: int
    done: int
    running: int
    queued: int
    dead: int
    waiting: int = 0
    estimate_seconds: int | None = None

    @property
    def estimate_minutes(self) -> int | None:
        return None if self.estimate_seconds is None else max(1, round(self.estimate_seconds / 60))

    @property
    def fraction(self) -> float:
        return (self.done + self.dead) / self.total if self.total else 1.0

    @property
    def finished(self) -> bool:
        return self.running == 0 and self.queued == 0

    @property
    def at_rest(self) -> bool:
        """Nothing moves before the next day: what is left waits for the limit of a service."""
        return self.running == 0 and self.queued == self.waiting


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as a page shows it: its latest run, what came of it, and whether that still holds."""

    step: VerificationStep
    label: Any
    out_of_date: bool = False

    @property
    def kind(self) -> str:
        return self.step.kind

    @property
    def template(self) -> str:
        """The template that shows the items of this kind of step."""
        return f"partials/steps/{self.step.kind}.html"

    @property
    def result(self) -> StepResult | None:
        return getattr(self.step, "result", None)

    @property
    def items(self) -> list[Any]:
        return list(self.result.items) if self.result else []

    @property
    def outcome(self) -> StepOutcome | None:
        """One of the seven a reader sees; None while nothing has come of it yet."""
        if self.out_of_date:
            return StepOutcome.OUT_OF_DATE
        if self.step.state == StepState.DEAD:
            return StepOutcome.FAILED
        return StepOutcome(self.result.outcome) if self.result else None

    @property
    def retry_at(self) -> datetime | None:
        """When the next try comes, for a step that waits after a try that failed or found nobody in."""
        if self.step.state == StepState.QUEUED and self.step.attempts:
            return self.step.next_run_at
        return self.result.retry_at if self.result else None

    @property
    def seconds(self) -> float | None:
        """How long the latest try took, or has taken so far."""
        if self.step.started_at is None:
            return None
        return ((self.step.finished_at or timezone.now()) - self.step.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """One queue: what is due and waits, what is at work, and how long the oldest has waited (seconds)."""

    name: str
    waiting: int
    later: int
    running: int
    oldest_waiting_seconds: float


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker or sweeper, and how long ago it last showed that it is getting on (seconds)."""

    name: str
    kind: str
    seconds_ago: float

    @property
    def alive(self) -> bool:
        return self.seconds_ago < ALIVE_SECONDS


@dataclass(frozen=True, slots=True)
class Turn:
    """Which sweeper has the turn, and for how many seconds more unless it renews it."""

    holder: str
    seconds_left: float

    @property
    def held(self) -> bool:
        return self.seconds_left > 0


@dataclass(frozen=True, slots=True)
class QueueOverview:
    """What the desk's page of steps shows."""

    queues: Sequence[QueueDepth]
    dead: Sequence[StepView]
    workers: Sequence[Worker]

    sweeper: Turn | None = None

    @property
    def oldest_waiting_seconds(self) -> float:
        return max((queue.oldest_waiting_seconds for queue in self.queues), default=0.0)

    @property
    def has_worker(self) -> bool:
        return any(worker.kind == "worker" and worker.alive for worker in self.workers)

    @property
    def has_sweeper(self) -> bool:
        return any(worker.kind == "sweeper" and worker.alive for worker in self.workers)


def latest(subject: Claim | Article, *, with_claims: bool = False) -> list[StepView]:
    """The latest run of each step, in the order of the page; cancelled runs only where nothing else is there.

    Args:
        with_claims: for an article, its claims' steps too (these are not looked at for being out of date).
    """
    rows = _rows(subject, with_claims).select_related("result", "claim", "article")
    chosen: dict[tuple[int | None, str], VerificationStep] = {}
    for row in rows.order_by("id"):
        key = (row.claim_id, row.kind)
        if _is_follow_up(row) and key in chosen:
            continue
        if row.state != StepState.CANCELLED or key not in chosen:
            chosen[key] = row
    views = [_view(row, subject) for row in chosen.values()]
    return sorted(views, key=_place)


# Megabytes of a long article, which no list of steps shows.
_TEXTS = [*long_fields("article"), *long_fields("claim__article")]

# A run that a step promised itself for later is no work that is due: the page shows what is known.
_FOLLOW_UP = Q(state=StepState.QUEUED, attempts=0, next_run_at__gt=F("created_at") + timedelta(minutes=1))


def _is_follow_up(row: VerificationStep) -> bool:
    waits = row.state == StepState.QUEUED and not row.attempts and not row.waits_for
    return waits and row.next_run_at > row.created_at + timedelta(minutes=1)


def _rows(subject: Claim | Article, with_claims: bool) -> QuerySet[VerificationStep]:
    if isinstance(subject, Claim):
        return VerificationStep.objects.filter(claim=subject)
    mine = Q(article=subject)
    # Ids of the article's claims instead of a join: with the join each engine reads every step of the desk.
    theirs = Q(claim__in=Claim.objects.filter(article=subject).order_by().values("pk"))
    return VerificationStep.objects.filter(mine | theirs if with_claims else mine)


def _view(row: VerificationStep, subject: Claim | Article) -> StepView:
    kind = registry.get(row.kind)
    own = row.claim_id == subject.pk if isinstance(subject, Claim) else row.article_id == subject.pk
    old = bool(
        kind
        and kind.planned
        and own
        and row.state == StepState.DONE
        and kind.input_hash(subject) != row.input_hash
    )
    return StepView(row, registry.label(row.kind), out_of_date=old)


def _place(view: StepView) -> tuple[int, int, str]:
    kind = registry.get(view.kind)
    return (view.step.claim_id or 0, kind.position if kind else 99, view.kind)


def progress(subject: Claim | Article) -> Progress:
    """How far the steps of a claim, or of an article and all its claims, are. Three small queries."""
    rows = (
        _rows(subject, with_claims=True).exclude(state=StepState.CANCELLED).exclude(_FOLLOW_UP, waits_for="")
    )
    newest = rows.values("claim_id", "kind").annotate(last=Max("id")).values("last")
    counts = VerificationStep.objects.filter(pk__in=newest).aggregate(
        total=Count("id"),
        done=Count("id", filter=Q(state=StepState.DONE)),
        running=Count("id", filter=Q(state=StepState.RUNNING)),
        queued=Count("id", filter=Q(state=StepState.QUEUED)),
        dead=Count("id", filter=Q(state=StepState.DEAD)),
        waiting=Count("id", filter=Q(state=StepState.QUEUED) & ~Q(waits_for="")),
        last=Max("id", filter=Q(state__in=[StepState.QUEUED, StepState.RUNNING])),
    )
    last = counts.pop("last")
    return Progress(**counts, estimate_seconds=None if last is None else _estimate(last))


def _estimate(last_id: int) -> int | None:
    now = timezone.now()
    pending = VerificationStep.objects.filter(
        Q(state=StepState.RUNNING) | Q(state=StepState.QUEUED, next_run_at__lte=now + RECENT)
    )
    ahead = pending.filter(pk__lte=last_id).count()
    if not ahead:
        return None  # all that is left waits for a later hour
    recent = StepResult.objects.filter(finished_at__gte=now - RECENT)
    length = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    pace = recent.aggregate(count=Count("id"), first=Min("finished_at"), length=Avg(length))
    if pace["count"] >= 5:
        span = max((now - pace["first"]).total_seconds(), 1.0)
        return max(1, round(float(ahead * span / pace["count"])))
    if pace["length"] is not None:
        return max(1, round(float(ahead * pace["length"].total_seconds())))
    return None


def queue_overview(dead_limit: int = 100) -> QueueOverview:
    """Depth of every queue, the oldest waiting step, the dead list, and who is alive to do the work."""
    now = timezone.now()
    due = Q(state=StepState.QUEUED, next_run_at__lte=now)
    pending = VerificationStep.objects.filter(state__in=StepState.pending()).order_by()
    rows = pending.values("queue").annotate(
        waiting=Count("id", filter=due),
        later=Count("id", filter=Q(state=StepState.QUEUED, next_run_at__gt=now)),
        running=Count("id", filter=Q(state=StepState.RUNNING)),
        oldest=Min("next_run_at", filter=due),
    )
    queues = [
        QueueDepth(
            name=row["queue"],
            waiting=row["waiting"],
            later=row["later"],
            running=row["running"],
            oldest_waiting_seconds=(now - row["oldest"]).total_seconds() if row["oldest"] else 0.0,
        )
        for row in rows.order_by("queue")
    ]
    dead = VerificationStep.objects.filter(state=StepState.DEAD, dismissed_at__isnull=True)
    dead = dead.select_related("claim__article", "article", "document").defer(*_TEXTS)
    dead = dead.order_by("-finished_at", "-id")[:dead_limit]
    workers = [
        Worker(seen.name, seen.kind, max(0.0, (now - seen.seen_at).total_seconds()))
        for seen in WorkerSeen.objects.order_by("kind", "name")
    ]
    lease = Lease.objects.filter(name="sweeper").first()
    turn = Turn(lease.holder, (lease.until - now).total_seconds()) if lease else None
    return QueueOverview(queues, [StepView(row, registry.label(row.kind)) for row in dead], workers, turn)
