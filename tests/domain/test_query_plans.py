"""Lists follow an index whose order is the page's order: no plan sorts what it found, whatever is in the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.domain import planning, queries, searching, sweeping
from claims.domain.queries import ClaimFilter
from claims.enums import ClaimStatus
from claims.models import Article, Claim, Report
from tests.web import rows

pytestmark = pytest.mark.django_db

LISTS = {
    "everything": ClaimFilter(),
    "most worth first": ClaimFilter(order="worth"),
    "due first": ClaimFilter(order="due"),
    "one status": ClaimFilter(statuses=("triaged",)),
    "one status by worth": ClaimFilter(statuses=("new",), order="worth"),
    "three filters": ClaimFilter(statuses=("triaged",), unassigned=True, worth_from=0.75, order="worth"),
    "late": ClaimFilter(overdue=True, order="due"),
}


@pytest.fixture
def filled(editor: User) -> None:
    for number in range(1, 4):
        stored = rows.article(number, editor)
        for status in (ClaimStatus.NEW, ClaimStatus.TRIAGED, ClaimStatus.DECLINED):
            rows.claims(20, stored, status)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sorts(listed: object) -> str:
    """The plan of a list, where it sorts rows itself; else empty.

    On PostgreSQL tables this small are sorted as a matter of taste, so sorting and reading whole tables are made dear
    first: what is sorted then has no index to follow.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for taste in ("enable_seqscan", "enable_sort", "enable_bitmapscan", "enable_incremental_sort"):
                cursor.execute(f"SET LOCAL {taste} = off")
        plan: str = listed.explain()  # type: ignore[attr-defined]
    return plan if any(word in plan for word in ("USE TEMP B-TREE FOR ORDER BY", "Sort Key")) else ""


@pytest.mark.parametrize("name", sorted(LISTS))
def test_no_list_of_claims_sorts_what_it_found(name: str, filled: None) -> None:
    listed = queries.claims(LISTS[name])
    assert sorts(queries.only_ids(listed)[:51]) == ""
    page = queries.page_by_key(listed, queries.ORDERS[LISTS[name].order], size=5)
    if page.after:
        key = queries._read_key(page.after)
        assert key is not None
        order = queries.ORDERS[LISTS[name].order]
        later = listed.filter(queries._beyond(order[0].lstrip("-"), key, order[0].startswith("-")))
        assert sorts(queries.only_ids(later)[:51]) == ""


# What many claims may fit or few: few are named by an index, among many the order is followed until a page is full.
PARTS = {
    "topic": ClaimFilter(topic="rents"),
    "topic by worth": ClaimFilter(topic="RENTS", order="worth"),
    "topic by date": ClaimFilter(topic="Rents", order="due"),
    "urgent": ClaimFilter(priority="1_urgent"),
    "urgent by worth": ClaimFilter(priority="1_urgent", order="worth"),
    "worth much, newest first": ClaimFilter(worth_from=0.15),
    "late, newest first": ClaimFilter(overdue=True),
    "late, by worth": ClaimFilter(overdue=True, order="worth"),
}

# What ANALYZE wrote of a million claims (benchmarks.fill): rows of the index, then rows that share its first columns.
A_MILLION = {
    "claim_newest": "1000000 1 1",
    "claim_worth": "1000000 10 1",
    "claim_priority_newest": "1000000 333334 1 1",
    "claim_topic_newest": "1000000 125000 1 1",
    "claim_due_status": "383700 2 1 1",
    "claim_status_newest": "1000000 111112 1 1",
    "claim_status_worth_who": "1000000 111112 3 1 1",
    "claim_status_since": "1000000 111112 1 1",
    "claim_of_reader": "1000000 32259 26316 3 1",
    "claim_of_checker": "1000000 32259 6494 3 1",
    "claim_in_article": "1000000 20 1",
    "claim_speaker": "1000000 50 1",
}


@pytest.fixture
def spread(filled: None, reviewer: User) -> None:
    """Every second claim is on a topic, every third urgent, every fourth long due."""
    rows.claims(20, Article.objects.order_by("id")[0], ClaimStatus.RESEARCHING, assignee=reviewer)
    ids = list(Claim.objects.order_by("id").values_list("pk", flat=True))
    Claim.objects.update(due_at=timezone.now() + timedelta(hours=1))
    Claim.objects.filter(pk__in=ids[::2]).update(topic="Rents")
    Claim.objects.filter(pk__in=ids[::3]).update(priority="1_urgent")
    Claim.objects.filter(pk__in=ids[::4]).update(due_at=timezone.now() - timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            _as_in_a_large_desk(cursor)


def _as_in_a_large_desk(cursor: CursorWrapper) -> None:
    """SQLite plans by how many rows an index holds and how many share a value."""
    cursor.execute(
        "UPDATE sqlite_stat1 SET stat = '1000000 32259' WHERE tbl = 'claims_claim'"
    )  # keys to other tables
    for index, counted in A_MILLION.items():
        cursor.execute("UPDATE sqlite_stat1 SET stat = %s WHERE idx = %s", [counted, index])
    cursor.execute("ANALYZE sqlite_schema")


@pytest.mark.parametrize("name", sorted(PARTS))
def test_few_and_many_claims_of_a_part_are_the_same_claims(
    name: str, spread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = list(queries.claims(PARTS[name]).values_list("pk", flat=True))
    assert 0 < len(named) < Claim.objects.count()
    monkeypatch.setattr(searching, "FEW", 0)
    followed = queries.claims(PARTS[name])
    assert list(followed.values_list("pk", flat=True)) == named
    assert sorts(queries.only_ids(followed)[:51]) == ""


def test_no_list_of_my_work_sorts_what_it_found(filled: None, reviewer: User, second_reader: User) -> None:
    stored = Article.objects.order_by("id")[0]
    for status in (*sorted(ClaimStatus.with_checker()), ClaimStatus.APPROVED):
        rows.claims(5, stored, status, assignee=reviewer, second_reader=second_reader)
    by_due = [queries._to_check(reviewer, status) for status in ClaimStatus.with_checker()]
    by_due += [queries._to_read(second_reader, reader) for reader in (second_reader, None)]
    for part in by_due:
        assert sorts(part.values_list("due_at", "pk")[:20]) == ""
    for part in (queries._approved(), queries._free()):
        assert sorts(part.values_list("pk", flat=True)[:20]) == ""


def test_neither_articles_nor_reports_sort_what_they_found(filled: None) -> None:
    assert sorts(Article.objects.order_by("-created_at", "-id")[:51]) == ""
    assert sorts(queries.only_ids(queries.public_reports())[:51]) == ""
    assert sorts(Report.objects.order_by("-modified_at", "-id")[:51]) == ""


def test_the_sweeper_lets_sqlite_look_at_its_indexes(filled: None) -> None:
    """PostgreSQL does so by itself; SQLite never does, and then reads a whole status to find what is late."""
    Claim.objects.filter(status=ClaimStatus.TRIAGED).update(due_at=timezone.now())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with CaptureQueriesContext(connection) as asked:
                planning.refresh()
            assert len(asked) == 0
            return
        cursor.execute("DELETE FROM sqlite_stat1")
        assert sweeping.sweep("here").held
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE idx = 'claim_due_status'")
        assert cursor.fetchone() == (1,)


def test_a_sort_without_an_index_is_seen(filled: None) -> None:
    assert sorts(Claim.objects.order_by("touched_at")[:51])
