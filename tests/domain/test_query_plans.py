"""Lists follow an index whose order is the page's order: no plan sorts what it found, whatever is in the tables."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.domain import planning, queries, sweeping
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
