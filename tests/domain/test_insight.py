"""The desk's figures: right on a small desk that one can count by hand, and with as many queries on a larger one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.domain import insight
from claims.domain.insight import Insight, Period, kappa
from claims.models import Article, AuditEvent, Claim, RatingLevel, Report, SecondRating, Speaker
from tests.factories import move
from tests.web import rows

ClaimIn = Callable[..., Claim]
pytestmark = pytest.mark.django_db
TODAY = Period.of_weeks(1)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def event(
    claim: Claim, action: str, before: str, after: str, at: datetime, actor: User | None = None
) -> None:
    """One move at a time of our choosing, straight into the table."""
    number = AuditEvent.objects.filter(claim=claim).count() + 1
    AuditEvent.objects.create(
        chain=f"test:{claim.pk}", sequence=number, at=at, action=f"claim.{action}", claim=claim, actor=actor,
        channel="web", from_status=before, to_status=after, claim_version=number, hash=f"{claim.pk * 100 + number:064d}",
    )  # fmt: skip


@pytest.fixture
def claims(editor: User) -> list[Claim]:
    """Three bare claims of one article, found ten days ago."""
    stored: Article = rows.article(1, editor)
    begun = timezone.now() - timedelta(days=10)
    made = [
        Claim(article=stored, number=n, text=f"word {n}", start=n * 5, end=n * 5 + 4, status_since=begun,
              created_at=begun, touched_at=begun)
        for n in range(1, 4)
    ]  # fmt: skip
    return Claim.objects.bulk_create(made)


def found(period: Period | None = None) -> Insight:
    return insight.count(period or Period.of_weeks(4))


def test_time_in_each_status_is_counted_from_move_to_move(claims: list[Claim]) -> None:
    begun = claims[0].created_at
    for claim, hours in zip(claims, (2, 4, 12), strict=True):
        event(claim, "triage", "new", "triaged", begun + timedelta(hours=hours))
        event(claim, "assign", "triaged", "assigned", begun + timedelta(hours=hours + 1))
    stays = {stay.status: stay for stay in found().stays}
    assert set(stays) == {"new", "triaged"}
    assert (stays["new"].count, round(stays["new"].middle, 3), round(stays["new"].longest_tenth, 3)) == (
        3,
        4,
        12,
    )
    assert round(stays["triaged"].middle, 3) == 1


def test_a_stay_that_began_before_the_period_is_counted_in_full(claims: list[Claim]) -> None:
    now = timezone.now()
    event(claims[0], "triage", "new", "triaged", now - timedelta(days=40))
    event(claims[0], "assign", "triaged", "assigned", now - timedelta(days=1))
    period = Period(timezone.localdate() - timedelta(days=5), timezone.localdate())
    (stay,) = found(period).stays
    assert stay.status == "triaged"
    assert round(stay.middle / 24) == 39


def test_weeks_count_submitted_sent_back_approved_and_published(claims: list[Claim], reviewer: User) -> None:
    monday = Period.of_weeks(4).start + timedelta(hours=9)
    for claim, days in zip(claims, (0, 1, 8), strict=True):
        event(claim, "submit", "researching", "in_review", monday + timedelta(days=days), reviewer)
    event(claims[0], "send_back", "in_review", "researching", monday + timedelta(days=2))
    event(claims[1], "approve", "in_review", "approved", monday + timedelta(days=2))
    event(claims[1], "publish", "approved", "published", monday + timedelta(days=9))
    first, second, *rest = found().weeks
    assert (first.submitted, first.sent_back, first.approved, first.published) == (2, 1, 1, 0)
    assert (second.submitted, second.sent_back, second.approved, second.published) == (1, 0, 0, 1)
    assert len(rest) == 2
    assert all(week.submitted == 0 for week in rest)
    (noor,) = [one for one in found().people if one.person_id == reviewer.pk]
    assert noor.submitted == 3


def test_what_waits_is_sorted_by_its_age(claims: list[Claim]) -> None:
    for claim, days in zip(claims, (0.5, 2, 40), strict=True):
        Claim.objects.filter(pk=claim.pk).update(status_since=timezone.now() - timedelta(days=days))
    (new,) = found().queue
    assert (new.status, new.by_age, new.count) == ("new", (1, 1, 0, 0, 1), 3)
    assert new.oldest is not None


def test_verdicts_stand_by_topic_speaker_and_outlet(claim_in: ClaimIn) -> None:
    claim = claim_in("published")
    Claim.objects.filter(pk=claim.pk).update(topic="Transport")
    Article.objects.filter(pk=claim.article_id).update(outlet="The Marlow Post")
    one = found(TODAY)
    assert [(group.name, group.counts) for group in one.by_topic] == [("Transport", {"mostly_false": 1})]
    assert one.by_speaker[0].name == "Lena Brandt"
    assert one.by_outlet[0].name == "The Marlow Post"
    assert one.balance[0].name == "Lena Brandt"
    assert one.balance[0].published == 1
    assert [level.word for level in one.levels[:5]] == [
        "True",
        "Mostly true",
        "Half true",
        "Mostly false",
        "False",
    ]
    assert [level.place for level in one.levels[:5]] == [1, 0.75, 0.5, 0.25, 0]
    long_ago = Period(date(2020, 1, 1), date(2020, 2, 1))
    assert found(long_ago).by_topic == []


def test_a_retracted_report_is_no_verdict_any_more(claim_in: ClaimIn) -> None:
    claim = claim_in("published")
    Report.objects.filter(claim=claim).update(retracted_at=timezone.now())
    assert found(TODAY).by_speaker == []


def test_many_topics_are_folded_and_no_topic_stands_last(claim_in: ClaimIn, editor: User) -> None:
    for at, claim in enumerate(rows.claims(16, rows.article(7, editor), "new")):
        Claim.objects.filter(pk=claim.pk).update(topic=f"Topic {at}" if at else "")
        Report.objects.create(
            claim=claim, slug=f"r{at}", drafted_by=editor, verdict_key="true", published_at=None
        )
    groups = insight._verdicts(Report.objects.all(), "claim__topic")
    assert [group.name for group in groups[-2:]] == ["…", ""]
    assert sum(group.total for group in groups) == 16


def test_agreement_counts_pairs_and_leaves_chance_out(
    claims: list[Claim], reviewer: User, second_reader: User
) -> None:
    assert found().agreement.count == 0
    true, false = (RatingLevel.objects.get(key=key, scale__in_use=True) for key in ("true", "false"))
    for claim, first, second in zip(claims, (true, true, false), (true, false, false), strict=True):
        SecondRating.objects.create(
            claim=claim, reader=second_reader, level=second, first_level=first, first_author=reviewer,
            created_at=timezone.now(),
        )  # fmt: skip
    one = found().agreement
    assert (one.count, one.same) == (3, 2)
    assert one.pairs[("True", "False")] == 1
    assert one.kappa is not None
    assert round(one.kappa, 3) == 0.4


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [({}, None), ({("a", "a"): 5}, None), ({("a", "a"): 5, ("b", "b"): 5}, 1.0), ({("a", "b"): 5, ("b", "a"): 5}, -1.0),
     ({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}, 0.4)],
)  # fmt: skip
def test_kappa_is_what_the_books_say(pairs: dict[tuple[str, str], int], expected: float | None) -> None:
    value = kappa(pairs)
    assert value == expected if expected is None or value is None else abs(value - expected) < 1e-9


def test_a_larger_desk_asks_no_more_queries(claim_in: ClaimIn, editor: User, reviewer: User) -> None:
    counts = []
    for number in (1, 3):
        for at in range(number):
            stored = rows.article(number * 10 + at, editor)
            rows.claims(3, stored, "in_review", assignee=reviewer)
            Speaker.objects.create(name=f"S{number}{at}", key=f"s{number}{at}")
        with CaptureQueriesContext(connection) as queries:
            found()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_figures_are_kept_for_some_minutes(claims: list[Claim]) -> None:
    period = Period.of_weeks(4)
    first = insight.insight(period)
    event(claims[0], "triage", "new", "triaged", timezone.now())
    with CaptureQueriesContext(connection) as queries:
        assert insight.insight(period) == first
    assert len(queries) == 0
    cache.clear()
    assert insight.insight(period) != first


def test_the_door_and_the_figures_agree(claim_in: ClaimIn, editor: User) -> None:
    """Through the real verbs: one way to a report with one return is what the figures say."""
    claim = claim_in("in_review")
    move(claim, "send_back", editor, reason="Look again.")
    one = found(TODAY)
    week = one.weeks[-1]
    assert (week.submitted, week.sent_back, week.published) == (1, 1, 0)
    assert {stay.status for stay in one.stays} == {"new", "triaged", "assigned", "researching", "in_review"}
