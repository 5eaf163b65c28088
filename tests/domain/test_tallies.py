"""Kept counts of public reports are what counting gives, whatever is published, corrected or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import listing, queries, tallies
from claims.domain.tallies import Key
from claims.models import Claim, Report, ReportVersion, Tally
from claims.publishing.vocabulary import CORRECTIONS_FEED_KINDS
from tests import factories
from tests.domain.test_query_plans import sorts
from tests.factories import move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
WORDS = ("fallen by 31 per cent", "carries 4,000 more passengers", "spends every cent of the toll on buses")
# Every public list, with the ways to narrow it that a page offers.
LISTS = ("/", "/reports/", "/reports/?topic=Bridges", "/reports/?lang=en", "/reports/?verdict=false", "/topics/",
         "/speakers/", "/outlets/", "/speakers/lena-brandt/", "/articles/", "/corrections/",
         "/corrections/?kind=correction", "/sitemap.xml", "/sitemap-pages.xml", "/feeds/verdicts.atom",
         "/feeds/corrections.atom")  # fmt: skip


def kept() -> dict[Key, int]:
    return {Key(row.kind, row.key, row.verdict): row.count for row in Tally.objects.filter(count__gt=0)}


def counted() -> dict[Key, int]:
    return {key: values["count"] for key, values in tallies.expected().items()}


def test_counts_follow_every_publication(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User
) -> None:
    first = claim_in("published")
    assert kept() == counted()
    assert kept()[Key("all")] == 1
    claim_in("published", WORDS[1])
    Claim.objects.filter(pk=first.pk).update(topic="Bridges")
    move(first, "open_correction", editor, reason="x", payload={"kind": "verdict_change"})
    factories.fill(first, reviewer, level="false")
    move(first, "publish_correction", second_reader, payload={"public_note": "One month was missing."})
    assert kept() == counted()
    assert (kept()[Key("all")], kept()[Key("corrected")], kept()[Key("topic", "Bridges")]) == (2, 1, 1)
    assert kept()[Key("speaker", "lena-brandt", "false")] == 1
    assert Key("topic", "") not in kept()
    standing = Report.objects.get(claim=first)
    assert Tally.objects.get(kind="part").latest == standing.modified_at
    move(first, "propose_retraction", editor, reason="x")
    move(first, "retract", second_reader, payload={"public_note": "Wrong bridge."})
    assert kept() == counted()
    assert Key("speaker", "lena-brandt", "false") not in kept()
    assert kept()[Key("all")] == 2


def test_lists_of_names_say_what_counting_says(claim_in: ClaimIn) -> None:
    claim_in("published")
    claim_in("published", WORDS[2])
    listed, after = listing.names("speaker")
    assert [(row["slug"], row["name"], row["count"]) for row in listed] == [("lena-brandt", "Lena Brandt", 2)]
    assert after == ""
    assert listing.record("speaker", "lena-brandt")["counts"] == {"mostly_false": 2}


def test_names_come_page_by_page(db: None) -> None:
    Tally.objects.bulk_create(Tally(kind="topic", key=name, count=1) for name in ("a", "b", "c"))
    Tally.objects.create(kind="topic", key="aa", count=0)
    first, after = listing.names("topic", size=2)
    second, end = listing.names("topic", after=after, size=2)
    assert [row["slug"] for row in first + second] == ["a", "b", "c"]
    assert (after, end) == ("b", "")


def test_a_wrong_count_is_found_and_mended(claim_in: ClaimIn, capsys: pytest.CaptureFixture[str]) -> None:
    claim_in("published")
    Tally.objects.filter(kind="all").update(count=F("count") + 1)
    assert list(tallies.faults()) == ["count of all: 2 is kept, 1 reports are there"]
    with pytest.raises(CommandError):
        call_command("verify_history")
    call_command("verify_history", recount=True)
    assert list(tallies.faults()) == []


def test_counting_anew_gives_the_same(claim_in: ClaimIn, editor: User, second_reader: User) -> None:
    first = claim_in("published")
    claim_in("published", WORDS[1])
    move(first, "propose_retraction", editor, reason="x")
    move(first, "retract", second_reader, payload={"public_note": "Wrong bridge."})
    rows = lambda: set(  # noqa: E731
        Tally.objects.filter(count__gt=0).values_list("kind", "key", "verdict", "count", "name", "latest")
    )
    before = rows()
    tallies.rebuild()
    assert rows() == before


@pytest.fixture
def three(claim_in: ClaimIn, editor: User, second_reader: User) -> list[Claim]:
    made = [claim_in("published", words) for words in WORDS]
    Report.objects.update(topic="Bridges")
    tallies.rebuild()
    move(made[0], "open_correction", editor, reason="x", payload={"kind": "correction"})
    move(made[0], "publish_correction", second_reader, payload={"public_note": "A comma."})
    return made


@pytest.mark.parametrize("address", LISTS)
def test_no_public_list_counts_or_sorts_reports(address: str, client: Client, three: list[Claim]) -> None:
    """What a list asks of the tables that grow, it asks for one page: by key or with a limit, along an index."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    grown = [entry["sql"] for entry in asked if '"claims_report' in entry["sql"] and "SELECT" in entry["sql"]]
    for statement in grown:
        assert not any(word in statement for word in ("COUNT(", "GROUP BY", "DISTINCT", "MAX(")), statement
        assert " LIMIT " in statement or '."id" IN (' in statement or " = " in statement, statement


def test_the_lists_follow_their_indexes(three: list[Claim]) -> None:
    order = ("-latest", "-id")
    assert sorts(queries.only_ids(listing.articles())[:41]) == ""
    assert sorts(queries.only_ids(ReportVersion.objects.corrections())[:21]) == ""
    assert sorts(queries.only_ids(ReportVersion.objects.corrections("retraction"))[:21]) == ""
    assert ReportVersion.objects.corrections("retraction").count() == 0
    logged = set(ReportVersion.objects.corrections().values_list("kind", flat=True))
    assert logged == {"correction"} <= CORRECTIONS_FEED_KINDS
    for narrowed in ({"language": "en"}, {"topic": "Bridges"}, {"verdict": "false"}, {"speaker": "x"}):
        assert sorts(queries.only_ids(listing.narrowed(queries.public_reports(), **narrowed))[:21]) == ""
    assert (
        sorts(Tally.objects.filter(kind="topic", verdict="", count__gt=0, key__gt="").order_by("key")[:61])
        == ""
    )
    key = queries._read_key(queries._key(Tally.objects.get(kind="article"), "latest"))
    assert key is not None
    later = listing.articles().filter(queries._beyond(order[0].lstrip("-"), key, True))
    assert sorts(queries.only_ids(later)[:41]) == ""


@pytest.mark.parametrize(
    "name", ["home", "reports", "topics", "speakers", "articles-public", "corrections", "sitemap"]
)
def test_lists_ask_as_often_for_three_as_for_one(
    name: str, client: Client, claim_in: ClaimIn, django_assert_max_num_queries: Any
) -> None:
    numbers = []
    for part in (WORDS[:1], WORDS[1:]):
        for words in part:
            claim_in("published", words)
        with django_assert_max_num_queries(20) as asked:
            client.get(reverse(name))
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
