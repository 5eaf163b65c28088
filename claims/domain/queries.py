"""The read side: lists and counts for every face, each with a fixed number of queries.

Lists page by key over an index whose order is the page's order; counts are capped, so that no page gets slower as
the desk fills up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from math import isfinite
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, DateTimeField, F, Lookup, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Upper
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan
from django.utils import timezone

from claims.domain import people, searching, tags
from claims.enums import ClaimStatus
from claims.models import Article, AuditEvent, Claim, Comment, Correction, Report, ReportVersion, Speaker
from claims.models.article import LONG_FIELDS
from claims.models.claim import LEVEL_TOPIC, on_topic

COUNT_CAP = 1000
PAGE = 50
# More publications than ever overlap.
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class MyWork:
    """What one person sees first, each list capped and in the order of urgency."""

    next: Claim | None
    returned: list[Claim]
    to_review: list[Claim]
    assigned: list[Claim]
    waiting_for_others: list[Claim]
    mine_to_publish: list[Claim]
    free: list[Claim]
    new_articles: list[Article]
    mentions: list[Comment]
    corrections: list[Correction]
    retractions: list[Claim]


def my_work(person: User, *, is_editor: bool = False, reviews: bool = True, limit: int = 20) -> MyWork:
    """The person's day: what was sent back, what waits for review, what is assigned, what is free to take.

    Who only reads along (not ``reviews``) is asked for no review.
    """
    standing = {*ClaimStatus.with_checker(), ClaimStatus.APPROVED, ClaimStatus.CORRECTING}
    mine = _due_of([_to_check(person, status) for status in sorted(standing)], limit * 2)
    sent_back = _sent_back({claim.pk for claim in mine if claim.status == ClaimStatus.RESEARCHING})
    returned = [claim for claim in mine if claim.pk in sent_back]
    assigned = [
        claim
        for claim in mine
        if claim.status in {ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING} and claim.pk not in sent_back
    ]
    others = {ClaimStatus.IN_REVIEW, ClaimStatus.APPROVED, ClaimStatus.CORRECTING}
    waiting = [claim for claim in mine if claim.status in others]
    to_review = _due_of([_to_read(person, reader) for reader in (person, None)], limit) if reviews else []
    to_publish = _first(_approved(), limit) if is_editor else []
    free = _first(_free(), limit)
    new_articles = _to_triage()
    mentions = list(
        Comment.objects.filter(mentions=person, resolved_at__isnull=True)
        .select_related("author", "claim")
        .order_by("-created_at", "-id")[:8]
    )
    corrections = _corrections_of_others(person, is_editor, limit)
    retractions = _retractions_of_others(person, is_editor, limit)
    first = next(iter((*returned, *_due_first(assigned), *to_review, *to_publish)), None)
    return MyWork(
        first, returned, to_review, assigned, waiting, to_publish, free, new_articles, mentions, corrections,
        retractions,
    )  # fmt: skip


def _corrections_of_others(person: User, is_editor: bool, limit: int) -> list[Correction]:
    """Corrections under way, the oldest first: whoever opened one cannot publish it, so another editor has to see it.

    The claim's second reader may publish it too.
    """
    under_way = Correction.objects.filter(closed_at__isnull=True).exclude(opened_by=person)
    if not is_editor:
        under_way = under_way.filter(claim__second_reader=person)
    found = list(under_way.select_related("opened_by").order_by("opened_at", "id")[:limit])
    claims = Claim.objects.for_lists().in_bulk([correction.claim_id for correction in found])
    for correction in found:
        correction.claim = claims[correction.claim_id]
    return found


def _retractions_of_others(person: User, is_editor: bool, limit: int) -> list[Claim]:
    """Retractions that somebody else proposes, the oldest first; an editor or the second reader confirms them.

    Not one that touches a conflict of interest of this person: the door would refuse it.
    """
    proposed = Claim.objects.for_lists().select_related("retraction_proposed_by__profile")
    proposed = proposed.filter(
        retraction_proposed_by__isnull=False, status__in=(ClaimStatus.PUBLISHED, ClaimStatus.CORRECTING)
    ).exclude(retraction_proposed_by=person)
    if not is_editor:
        proposed = proposed.filter(second_reader=person)
    return list(people.untouched(proposed, person).order_by("status_since", "id")[:limit])


def _approved() -> QuerySet[Claim]:
    """What waits to be published, the longest first."""
    return Claim.objects.filter(status=ClaimStatus.APPROVED).order_by("status_since", "id")


def _free() -> QuerySet[Claim]:
    """What anybody may take, the most worth checking first."""
    return Claim.objects.filter(status=ClaimStatus.TRIAGED).order_by("-worthiness", "-id")


def _to_check(person: User, status: str) -> QuerySet[Claim]:
    """What this checker has in this status, in the order of due dates."""
    return Claim.objects.filter(assignee=person, status=status).order_by("due_at", "id")


def _to_read(person: User, reader: User | None) -> QuerySet[Claim]:
    """What waits for this second reader, or for anybody, and may be read by this person, in the order of due dates.

    The reader is the same in all of them. PostgreSQL follows the index only where the order names it all the same.
    """
    waiting = Claim.objects.filter(status=ClaimStatus.IN_REVIEW, second_reader=reader)
    rows = waiting.exclude(assignee=person).exclude(authorships__person=person)
    rows = rows.exclude(gate_exceptions__person=person)
    return (
        people.untouched(rows, person)
        .exclude(people.held(person))
        .order_by("second_reader_id", "due_at", "id")
    )


def _due_of(parts: Sequence[QuerySet[Claim]], limit: int) -> list[Claim]:
    """The claims of several lists that are due first, with all that lists show.

    Each part follows an index in the order of its due dates; one query over all of them would sort everything that the
    person ever had.
    """
    found: list[tuple[datetime | None, int]] = []
    for part in parts:
        found += part.values_list("due_at", "pk")[:limit]
    found.sort(key=lambda row: (row[0] is None, row[0] or timezone.now(), row[1]))
    ids = [pk for _due, pk in found[:limit]]
    claims = Claim.objects.for_lists().in_bulk(ids)
    return [claims[pk] for pk in ids if pk in claims]


def _first(rows: QuerySet[Claim], limit: int) -> list[Claim]:
    """The first rows of a list with all that it shows. Where rows must be sorted, only their ids are."""
    ids = list(rows.values_list("pk", flat=True)[:limit])
    found = Claim.objects.for_lists().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _to_triage(limit: int = 8, look_at: int = 500) -> list[Article]:
    """The newest articles with claims that nobody has decided, each with ``waiting``, how many these are.

    Found from the newest such claims, so that a heap of thousands is never counted through. Where one long article has
    all of those, the next are looked for past it.
    """
    newest = Claim.objects.filter(status=ClaimStatus.NEW).order_by("-created_at", "-id")
    ids: list[int] = []
    for _look in range(limit):
        found = list(newest.exclude(article__in=ids).values_list("article_id", flat=True)[:look_at])
        ids += dict.fromkeys(found)
        if len(found) < look_at or len(ids) >= limit:
            break
    ids = ids[:limit]
    rows = Article.objects.filter(pk__in=ids).defer(*LONG_FIELDS)
    counted = rows.annotate(waiting=Count("claims", filter=Q(claims__status=ClaimStatus.NEW)))
    return list(counted.order_by("-created_at", "-id"))


def _due_first(claims: Sequence[Claim]) -> list[Claim]:
    far = timezone.now().replace(year=9999)
    return sorted(claims, key=lambda claim: (claim.due_at or far, claim.pk))


def _sent_back(claim_ids: Iterable[int]) -> set[int]:
    latest = latest_moves(claim_ids)
    return {pk for pk, event in latest.items() if event.action == "claim.send_back"}


def latest_moves(claim_ids: Iterable[int]) -> dict[int, AuditEvent]:
    """The latest change of status of each claim, in two queries."""
    ids = list(claim_ids)
    if not ids:
        return {}
    moves = AuditEvent.objects.filter(claim_id__in=ids).exclude(to_status="")
    tops = moves.order_by().values("claim_id").annotate(top=Max("id")).values_list("top", flat=True)
    return {event.claim_id: event for event in AuditEvent.objects.filter(id__in=list(tops)) if event.claim_id}


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What a list of claims is narrowed to; every part lives in the address."""

    statuses: tuple[str, ...] = ()
    assignee: int | None = None
    unassigned: bool = False
    second_reader: int | None = None
    article: int | None = None
    speaker: int | None = None
    topic: str = ""
    tag: str = ""
    priority: str = ""
    search: str = ""
    worth_from: float | None = None
    overdue: bool = False
    order: str = "newest"
    extra: Mapping[str, Any] = field(default_factory=dict)


# Orders that an index serves; each ends in the id, so that it is total.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "newest": ("-created_at", "-id"),
    "worth": ("-worthiness", "-id"),
    "due": ("due_at", "id"),
}


def claims(chosen: ClaimFilter) -> QuerySet[Claim]:
    """The claims of a filter, in its order, ready for a list."""
    rows: QuerySet[Claim] = Claim.objects.for_lists()
    if chosen.statuses:
        rows = rows.filter(status__in=chosen.statuses)
    if chosen.assignee is not None:
        rows = rows.filter(assignee_id=chosen.assignee)
    if chosen.unassigned:
        rows = rows.filter(assignee__isnull=True)
    if chosen.second_reader is not None:
        rows = rows.filter(second_reader_id=chosen.second_reader)
    if chosen.article is not None:
        rows = rows.filter(article_id=chosen.article)
    if chosen.speaker is not None:
        rows = rows.filter(speaker_id=chosen.speaker)
    if chosen.worth_from is not None:
        worth = partial(GreaterThanOrEqual, rhs=chosen.worth_from)
        rows = _narrowed(rows, worth, F("worthiness"), in_order=chosen.order == "worth")
    if chosen.overdue:
        at_work = {"status__in": ClaimStatus.with_checker()}
        late = partial(LessThan, rhs=timezone.now())
        rows = _narrowed(rows.filter(**at_work), late, F("due_at"), in_order=chosen.order == "due", **at_work)
    if chosen.tag:
        rows = rows.filter(tagged__tag__key=tags.key_of(chosen.tag))
    if chosen.topic:
        topic = partial(on_topic, chosen.topic)
        rows = _narrowed(rows, topic, LEVEL_TOPIC, in_order=chosen.order == "newest")
    if chosen.priority:
        priority = partial(Exact, rhs=chosen.priority)
        rows = _narrowed(rows, priority, F("priority"), in_order=chosen.order == "newest")
    if chosen.search:
        rows = searching.saying(rows, chosen.search)
    if chosen.order == "due":
        rows = rows.filter(due_at__isnull=False)
    return rows.order_by(*ORDERS.get(chosen.order, ORDERS["newest"]))


def _narrowed(
    rows: QuerySet[Claim], holds: Callable[[Any], Lookup[bool]], of: F | Upper, *, in_order: bool, **also: Any
) -> QuerySet[Claim]:
    """Those of ``rows`` of which this holds, where an index finds them but may not give them in the list's order.

    Few are named by that index: else the order would be followed to its end for a page of them. Among many the order is
    followed, as a page is soon full; compared with what no index holds, SQLite does not gather and sort them all first.
    ``in_order``: the index gives them in the list's order. ``also``: what else of ``rows`` that index holds.
    """
    if in_order:
        return rows.filter(Q(holds(of)))
    few = searching.few(Claim.objects.order_by().filter(Q(holds(of)), **also).values_list("pk", flat=True))
    return rows.filter(Q(holds(Coalesce(of, of)))) if few is None else rows.filter(pk__in=few)


def capped_count(rows: QuerySet[Any], cap: int = COUNT_CAP) -> tuple[int, bool]:
    """How many rows, counted up to ``cap``; the second value says that there are more."""
    count = rows.order_by()[: cap + 1].count()
    return min(count, cap), count > cap


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list: its rows, and the keys of the pages around it (empty where there is none)."""

    rows: list[Any]
    after: str
    before: str


def page_by_key(
    rows: QuerySet[Any],
    order: Sequence[str],
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE,
    read: Callable[[list[int]], Mapping[int, Any]] | None = None,
) -> Slice:
    """One page of ``rows``, which are ordered by ``order`` (first a value, then the id, both the same way).

    ``after`` and ``before`` are keys from an earlier answer; a key that makes no sense opens the first page. ``read``
    looks up what the page shows of these ids, where that is less than whole rows.
    """
    name = order[0].lstrip("-")
    descending = order[0].startswith("-")
    key = _read_key(after or before, moment=isinstance(rows.model._meta.get_field(name), DateTimeField))
    backwards = bool(before) and key is not None
    if key is not None:
        rows = rows.filter(_beyond(name, key, descending != backwards))
    if backwards:
        flipped = [part[1:] if part.startswith("-") else f"-{part}" for part in order]
        rows = rows.order_by(*flipped)
    ids = list(only_ids(rows)[: size + 1])
    more = len(ids) > size
    by_id = read(ids[:size]) if read else rows.order_by().in_bulk(ids[:size])
    found = [by_id[pk] for pk in ids[:size] if pk in by_id]
    if backwards:
        found.reverse()
    has_later = more if not backwards else True
    has_earlier = (key is not None) if not backwards else more
    return Slice(
        found,
        _key(found[-1], name) if found and has_later else "",
        _key(found[0], name) if found and has_earlier else "",
    )


def only_ids(rows: QuerySet[Any]) -> QuerySet[Any, int]:
    """The ids of ``rows`` in their order, without the tables that only the shown columns need.

    With those joined in, SQLite may begin at a small joined table and sort every row it finds; by id alone both engines
    follow the index of the order, and what a page shows is then read for fifty rows.
    """
    return rows.select_related(None).values_list("pk", flat=True)


def _beyond(name: str, key: tuple[Any, int], downwards: bool) -> Q:
    value, pk = key
    step = "lt" if downwards else "gt"
    # The plain bound on the first column serves the index; the second condition cuts ties by id.
    bound = Q(**{f"{name}__{step}e": value})
    return bound & (Q(**{f"{name}__{step}": value}) | Q(**{f"id__{step}": pk}))


def _key(row: Any, name: str) -> str:
    value = getattr(row, name)
    text = value.isoformat() if isinstance(value, datetime) else repr(float(value))
    return f"{text}~{row.pk}"


def _read_key(key: str, *, moment: bool | None = None) -> tuple[Any, int] | None:
    """The value and the id of a key; None for one that no answer of ours can have held, ``moment`` or number."""
    text, _separator, pk = key.rpartition("~")
    if not text or not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        is_moment = "T" in text if moment is None else moment
        value = datetime.fromisoformat(text).astimezone(UTC) if is_moment else float(text)
    except (ValueError, OverflowError):
        return None
    return (value, int(pk)) if isinstance(value, datetime) or isfinite(value) else None


def claims_in_article(article: Article, within: tuple[int, int] | None = None) -> list[Claim]:
    """The article's claims in the order of its text, with what the reader shows; of a long one those that begin ``within``."""
    rows = Claim.objects.filter(article=article)
    if within is not None:
        rows = rows.filter(start__gte=within[0], start__lt=within[1])
    rows = rows.select_related("speaker", "assignee", "verdict__level", "report", "statement")
    return list(rows.order_by("start", "id"))


def starts_of_claims(article: Article) -> list[int]:
    """Where the article's claims begin, in the order of its text."""
    return list(Claim.objects.filter(article=article).order_by("start").values_list("start", flat=True))


def undecided(article: Article, behind: Claim | None = None) -> Claim | None:
    """The next claim to decide: further down than ``behind`` first, then from the top."""
    rows = Claim.objects.filter(article=article, status=ClaimStatus.NEW).order_by("start", "id")
    if behind is not None:
        rows = rows.exclude(pk=behind.pk)
        further = rows.filter(Q(start__gt=behind.start) | Q(start=behind.start, id__gt=behind.pk)).first()
        if further is not None:
            return further
    return rows.first()


def undecided_within(article: Article, low: int, high: int) -> int | None:
    """The first claim to decide among those that begin there."""
    rows = Claim.objects.filter(article=article, status=ClaimStatus.NEW, start__gte=low, start__lt=high)
    return rows.order_by("start", "id").values_list("pk", flat=True).first()


def decided_in_article(article: Article) -> tuple[int, int]:
    """How many of the article's claims are decided, of how many."""
    rows = Claim.objects.filter(article=article).order_by()
    counted = rows.aggregate(total=Count("id"), new=Count("id", filter=Q(status=ClaimStatus.NEW)))
    return counted["total"] - counted["new"], counted["total"]


def moved_lately(article: Article, person: User, limit: int = 10) -> list[Claim]:
    """The article's claims that this person moved last, in one query."""
    moves = AuditEvent.objects.filter(article=article, actor=person).exclude(to_status="").exclude(claim=None)
    latest = moves.order_by("-id").values("claim_id")[:limit]
    return list(Claim.objects.filter(pk__in=latest))


def around_part(article: Article, low: int, high: int) -> tuple[Claim | None, Claim | None]:
    """The last claim that begins before ``low`` and the first from ``high`` on."""
    rows = Claim.objects.filter(article=article).only("pk", "start", "article_id")
    before = rows.filter(start__lt=low).order_by("-start", "-id").first()
    return before, rows.filter(start__gte=high).order_by("start", "id").first()


def timeline(claim: Claim, limit: int = 100) -> list[AuditEvent]:
    """What happened to the claim, newest first."""
    return list(AuditEvent.objects.filter(claim=claim).select_related("actor").order_by("-id")[:limit])


def neighbours(claim: Claim) -> tuple[Claim | None, Claim | None]:
    """The claims before and after this one in its article."""
    rows = Claim.objects.filter(article_id=claim.article_id).only("pk", "number", "start", "article_id")
    before = rows.filter(Q(start__lt=claim.start) | Q(start=claim.start, id__lt=claim.pk)).order_by(
        "-start", "-id"
    )
    after = rows.filter(Q(start__gt=claim.start) | Q(start=claim.start, id__gt=claim.pk)).order_by(
        "start", "id"
    )
    return before.first(), after.first()


def other_claims_of_speaker(claim: Claim, limit: int = 5) -> list[Claim]:
    """Other claims by the same speaker, newest first."""
    if claim.speaker_id is None:
        return []
    rows = Claim.objects.for_lists().filter(speaker_id=claim.speaker_id).exclude(pk=claim.pk)
    return list(rows.order_by("-created_at", "-id")[:limit])


def public_reports() -> QuerySet[Report]:
    """Reports that the public may see, newest first, with the version that stands."""
    return Report.objects.public().select_related("current_version").order_by("-published_at", "-id")


def state_of_reports() -> str:
    """A mark that changes with each version that comes to stand, in two publications at once too.

    Of those the one with the lower number may be written last: the highest number alone would hide it, and with it a
    correction, until the next publication. So the mark names the latest few.
    """
    newest = ReportVersion.objects.order_by("-id").values_list("id", flat=True)[:AT_ONCE]
    return "-".join(map(str, newest))


def speakers_named_like(text: str, limit: int = 8) -> list[Speaker]:
    """Speakers whose name begins like this, for the field's suggestions."""
    return list(Speaker.objects.filter(name__istartswith=text.strip())[:limit]) if text.strip() else []


def status_counts() -> dict[str, int]:
    """How many claims stand in each status, for the board's headings."""
    rows = Claim.objects.order_by().values("status").annotate(count=Count("id"))
    return {row["status"]: row["count"] for row in rows}
