"""What the desk can see of its own work in a span of time: how long things take, what comes out, who carries what.

Everything is counted from the audit trail, the claims and the published reports, by a fixed number of queries however
large the desk is, and kept for some minutes. Balance across speakers is counted, never scored.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, FloatField, Func, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.domain import people
from claims.enums import Action, ClaimStatus
from claims.models import AuditEvent, Claim, RatingLevel, Report, SecondRating

KEPT_SECONDS = 300
MOST_GROUPS = 12
MOST_SPEAKERS = 25
HOUR = 3600.0
# Ages of what waits, in days, and their upper ends.
AGES = (1, 3, 7, 30)
_MOVES = {f"claim.{action}": action for action in Action}


class Seconds(Func):
    """A moment as seconds, counted by the database itself."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::float8", **extra
        )


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of a day to the last of another, in the desk's own time."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def end(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @classmethod
    def of_weeks(cls, weeks: int, today: date | None = None) -> Period:
        """So many weeks, the present one included."""
        last = today or timezone.localdate()
        return cls(last - timedelta(days=last.weekday() + 7 * (weeks - 1)), last)


@dataclass(frozen=True, slots=True)
class Stay:
    """How long claims stayed in one status before they left it, in hours."""

    status: str
    count: int
    middle: float
    longest_tenth: float


@dataclass(frozen=True, slots=True)
class Week:
    """What happened in one week; ``monday`` names it."""

    monday: date
    submitted: int
    sent_back: int
    approved: int
    published: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one status now: how many by age, and since when the oldest does."""

    status: str
    by_age: tuple[int, ...]
    oldest: datetime | None

    @property
    def count(self) -> int:
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many reports with which verdict, for one topic, speaker or outlet."""

    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Balance:
    """Counts for one speaker: claims found, declined, and reports that stand."""

    name: str
    found: int
    declined: int
    published: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often second readers, rating blind, chose what the checker had chosen."""

    count: int
    same: int
    kappa: float | None
    pairs: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Person:
    """What lies on one person's table now, and what they did in the period."""

    person_id: int
    name: str
    load: int
    most: int
    submitted: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Level:
    """One rating as charts name it. ``place`` runs from 0 (false) to 1 (true); None off the scale."""

    key: str
    word: str
    place: float | None


@dataclass(frozen=True, slots=True)
class Insight:
    """All of it, and when it was counted."""

    period: Period
    counted_at: datetime
    stays: list[Stay]
    weeks: list[Week]
    queue: list[Queue]
    levels: list[Level]
    by_topic: list[Verdicts]
    by_speaker: list[Verdicts]
    by_outlet: list[Verdicts]
    balance: list[Balance]
    agreement: Agreement
    people: list[Person]


def insight(period: Period) -> Insight:
    """The figures of the period, counted at most every few minutes."""
    key = f"insight:{period.first.isoformat()}:{period.last.isoformat()}"
    kept = cache.get(key)
    if isinstance(kept, Insight):
        return kept
    made = count(period)
    cache.set(key, made, KEPT_SECONDS)
    return made


def count(period: Period) -> Insight:
    """Count anew."""
    flow = _flow(period)
    reports = _reports(period)
    return Insight(
        period=period,
        counted_at=timezone.now(),
        stays=flow.stays_by_status(),
        weeks=flow.by_week(),
        queue=_queue(),
        levels=_levels(),
        by_topic=_verdicts(reports, "claim__topic"),
        by_speaker=_verdicts(reports, "claim__speaker__name"),
        by_outlet=_verdicts(reports, "claim__article__outlet"),
        balance=_balance(period),
        agreement=_agreement(period),
        people=_people(flow),
    )


# --- moves --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Flow:
    """One pass over the moves of the period."""

    mondays: list[date]
    edges: list[float]
    stays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    weekly: dict[tuple[int, str], int] = field(default_factory=Counter)
    by_person: dict[tuple[int, str], int] = field(default_factory=Counter)

    def take(self, action: str, before: str, after: str, actor: int | None, at: float, since: float) -> None:
        if before and before != after:
            self.stays[before].append(max(0.0, at - since) / HOUR)
        name = _MOVES.get(action)
        if name in _COUNTED:
            self.weekly[bisect_right(self.edges, at) - 1, name] += 1
            if actor is not None:
                self.by_person[actor, name] += 1

    def stays_by_status(self) -> list[Stay]:
        """In the order of the workflow; statuses that nobody left are left out."""
        found = []
        for status in ClaimStatus:
            hours = sorted(self.stays.get(status, ()))
            if hours and status not in _ENDS:
                tenth = hours[min(len(hours) - 1, int(len(hours) * 0.9))]
                found.append(Stay(str(status), len(hours), median(hours), tenth))
        return found

    def by_week(self) -> list[Week]:
        """Every week of the period, also those in which nothing happened."""
        return [
            Week(
                monday, *(self.weekly.get((at, name), 0) for name in
                          (Action.SUBMIT, Action.SEND_BACK, Action.APPROVE, Action.PUBLISH)),
            )
            for at, monday in enumerate(self.mondays)
        ]  # fmt: skip


_COUNTED = frozenset({Action.SUBMIT, Action.SEND_BACK, Action.APPROVE, Action.PUBLISH})
# Nobody works on a claim that is out or set aside; how long it stays so says nothing about the desk.
_ENDS = frozenset({ClaimStatus.PUBLISHED, ClaimStatus.RETRACTED, ClaimStatus.DECLINED, ClaimStatus.DUPLICATE})


def _flow(period: Period) -> _Flow:
    monday = period.first - timedelta(days=period.first.weekday())
    mondays = [monday + timedelta(days=7 * n) for n in range((period.last - monday).days // 7 + 1)]
    edges = [timezone.make_aware(datetime.combine(day, time.min)).timestamp() for day in mondays]
    flow = _Flow(mondays, edges)
    moves = AuditEvent.objects.exclude(to_status="").filter(at__gte=period.start, at__lt=period.end)
    earlier = (
        AuditEvent.objects.filter(claim=OuterRef("claim"), id__lt=OuterRef("id"))
        .exclude(to_status="")
        .order_by("-id")
    )
    since = Coalesce(
        Subquery(earlier.annotate(s=Seconds(F("at"))).values("s")[:1]), Seconds(F("claim__created_at"))
    )
    rows = moves.order_by().values_list(
        "action", "from_status", "to_status", "actor_id", Seconds(F("at")), since
    )  # fmt: skip
    for row in rows.iterator(chunk_size=5000):
        flow.take(*row)
    return flow


# --- what waits now -----------------------------------------------------------------------------------------------


def _queue() -> list[Queue]:
    now = timezone.now()
    waiting = ClaimStatus.open() - {ClaimStatus.SCHEDULED}
    edges = [now - timedelta(days=days) for days in AGES]
    bounds: list[Q] = [Q(status_since__gt=edges[0])]
    bounds += [Q(status_since__lte=later, status_since__gt=earlier) for later, earlier in pairwise(edges)]
    bounds.append(Q(status_since__lte=edges[-1]))
    counted = Claim.objects.filter(status__in=waiting).order_by().values("status").annotate(
        oldest=Min("status_since"), **{f"age{at}": Count("id", filter=bound) for at, bound in enumerate(bounds)}
    )  # fmt: skip
    rows: dict[str, dict[str, Any]] = {row["status"]: dict(row) for row in counted}
    return [
        Queue(
            str(status), tuple(rows[status][f"age{at}"] for at in range(len(bounds))), rows[status]["oldest"]
        )
        for status in ClaimStatus
        if status in rows
    ]


# --- what came out ------------------------------------------------------------------------------------------------


def _reports(period: Period) -> QuerySet[Report]:
    return Report.objects.standing().filter(published_at__gte=period.start, published_at__lt=period.end)


def _levels() -> list[Level]:
    """Every rating that a report may carry, the truest first; of one key the newest word counts."""
    rows = RatingLevel.objects.select_related("scale").order_by("scale__created_at", "scale_id", "position")
    best: dict[int, int] = defaultdict(int)
    newest: dict[str, RatingLevel] = {}
    for row in rows:
        best[row.scale_id] = max(best[row.scale_id], row.value or 0)
        newest[row.key] = row
    levels = [
        Level(row.key, row.word, (row.value - 1) / max(1, best[row.scale_id] - 1) if row.value else None)
        for row in newest.values()
    ]
    return sorted(levels, key=lambda level: (level.place is None, -(level.place or 0)))


def _verdicts(reports: QuerySet[Report], by: str) -> list[Verdicts]:
    """The largest groups, each with its verdicts; claims without a name for it stand together, last."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for name, key, number in reports.order_by().values_list(by, "verdict_key").annotate(n=Count("id")):
        kept = counts[name or ""]
        kept[key] = kept.get(key, 0) + number
    named = sorted(
        (Verdicts(name, found) for name, found in counts.items() if name),
        key=lambda one: (-one.total, one.name),
    )
    rest: Counter[str] = Counter()
    for group in named[MOST_GROUPS:]:
        rest.update(group.counts)
    shown = named[:MOST_GROUPS]
    if rest:
        shown.append(Verdicts("…", dict(rest)))
    if "" in counts:
        shown.append(Verdicts("", counts[""]))
    return shown


def _balance(period: Period) -> list[Balance]:
    rows = (
        Claim.objects.filter(created_at__gte=period.start, created_at__lt=period.end, speaker__isnull=False)
        .order_by()
        .values("speaker_id", "speaker__name")
        .annotate(
            found=Count("id"),
            declined=Count("id", filter=Q(status=ClaimStatus.DECLINED)),
            published=Count("id", filter=Q(status__in=[ClaimStatus.PUBLISHED, ClaimStatus.CORRECTING])),
        )
        .order_by("-found", "speaker_id")[:MOST_SPEAKERS]
    )
    return [Balance(row["speaker__name"], row["found"], row["declined"], row["published"]) for row in rows]


def _agreement(period: Period) -> Agreement:
    rows = SecondRating.objects.filter(created_at__gte=period.start, created_at__lt=period.end)
    pairs = {
        (first, second): number
        for first, second, number in rows.order_by()
        .values_list("first_level__word", "level__word")
        .annotate(n=Count("id"))
    }
    total = sum(pairs.values())
    same = sum(number for (first, second), number in pairs.items() if first == second)
    return Agreement(total, same, kappa(pairs), pairs)


def kappa(pairs: dict[tuple[str, str], int]) -> float | None:
    """Cohen's kappa: how far two raters agree beyond what chance alone would bring; None where it has no meaning."""
    total = sum(pairs.values())
    if not total:
        return None
    firsts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (first, second), number in pairs.items():
        firsts[first] += number
        seconds[second] += number
    agreed = sum(number for (first, second), number in pairs.items() if first == second) / total
    chance = sum(firsts[word] * seconds[word] for word in firsts) / total**2
    return None if chance >= 1 else (agreed - chance) / (1 - chance)


# --- who carries what ---------------------------------------------------------------------------------------------


def _people(flow: _Flow) -> list[Person]:
    found = []
    for person in people.with_load(people.reviewers()):
        profile = getattr(person, "profile", None)
        done = {name: flow.by_person.get((person.pk, name), 0) for name in _COUNTED}
        found.append(
            Person(
                person.pk, people.display_name(person), getattr(person, "load", 0), profile.most_claims if profile else 6,
                done[Action.SUBMIT], done[Action.APPROVE] + done[Action.SEND_BACK],
            )
        )  # fmt: skip
    return found
