"""Feeds and sitemaps as they are served: paged, conditional, and honest about what changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from claims.domain import tallies
from claims.models import Claim, Report, ReportVersion
from claims.web.views import feeds
from tests.factories import fill, move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
WORDS = ("fallen by 31 per cent", "carries 4,000 more passengers", "spends every cent of the toll on buses")
MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def published(claim_in: ClaimIn) -> Report:
    return Report.objects.get(claim=claim_in("published"))


@pytest.fixture
def three(claim_in: ClaimIn) -> list[Report]:
    return [Report.objects.get(claim=claim_in("published", words)) for words in WORDS]


def atom(client: Client, name: str = "feed-atom", **query: str) -> Any:
    parsed = feedparser.parse(client.get(reverse(name), query).content)
    assert not parsed.bozo
    return parsed


def link(parsed: Any, relation: str) -> str:
    return next((item.href for item in parsed.feed.links if item.rel == relation), "")


def locations(answer: Any) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(answer.content).iterfind(".//s:loc", MAPS)]


def correct(claim: Claim, kind: str, editor: User, second_reader: User, **payload: str) -> None:
    move(claim, "open_correction", editor, reason="x", payload={"kind": kind})
    move(claim, "publish_correction", second_reader, payload=payload)


def test_a_feed_is_walked_page_by_page_and_every_report_comes_once(
    client: Client, three: list[Report], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Check 29: RFC 5005, newest first."""
    monkeypatch.setattr(feeds, "ENTRIES", 1)
    address, seen = f"{settings.SITE_URL}{reverse('feed-atom')}", []
    while address:
        parsed = feedparser.parse(client.get(address.removeprefix(settings.SITE_URL)).content)
        assert link(parsed, "self") == address
        seen += [entry.link for entry in parsed.entries]
        address = link(parsed, "next")
    newest_first = Report.objects.order_by("-modified_at", "-id")
    assert [url.rsplit("/", 2)[-2] for url in seen] == [report.slug for report in newest_first]
    page = json.loads(client.get(reverse("feed-json")).content)
    assert len(page["items"]) == 1
    assert "after=" in page["next_url"]


def test_a_correction_brings_an_old_report_up_and_a_typo_does_not(
    client: Client, three: list[Report], editor: User, second_reader: User
) -> None:
    """Check 28: ids stay, dates move only for what readers are told of."""
    first = {entry.link: (entry.id, entry.updated) for entry in atom(client).entries}
    oldest = three[0]
    correct(oldest.claim, "typo", editor, second_reader)
    again = {entry.link: (entry.id, entry.updated) for entry in atom(client).entries}
    assert again == first
    Report.objects.filter(pk=oldest.pk).update(modified_at=timezone.now() - timedelta(days=2))
    correct(oldest.claim, "correction", editor, second_reader, public_note="It was 27 per cent.")
    entries = atom(client).entries
    assert entries[0].link.endswith(f"/{oldest.slug}/")
    assert entries[0].id == first[entries[0].link][0]
    assert entries[0].updated >= first[entries[0].link][1]


def test_ids_survive_a_new_headline_and_a_new_address(
    client: Client, published: Report, editor: User, reviewer: User, second_reader: User
) -> None:
    before = atom(client).entries[0]
    move(published.claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    fill(published.claim, reviewer, headline="Another headline altogether")
    move(published.claim, "publish_correction", second_reader, payload={"public_note": "Headline mended."})
    after = atom(client).entries[0]
    assert after.title == "Another headline altogether"
    assert after.id == before.id
    assert json.loads(client.get(reverse("feed-json")).content)["items"][0]["id"] == before.id
    assert atom(client, "feed-rss").entries[0].id == before.id


def test_feeds_are_narrowed_by_topic_verdict_and_speaker(client: Client, three: list[Report]) -> None:
    Report.objects.filter(pk=three[0].pk).update(topic="Transport")
    assert len(atom(client, topic="Transport").entries) == 1
    assert len(atom(client, verdict="mostly_false").entries) == 3
    assert atom(client, verdict="true").entries == []
    assert len(atom(client, speaker="Lena Brandt").entries) >= 1
    assert atom(client, topic="Transport").feed.id != atom(client).feed.id


@pytest.mark.parametrize(
    "name",
    ["feed-atom", "feed-rss", "feed-json", "feed-corrections", "sitemap", "sitemap-pages"],
)
def test_what_has_not_changed_is_not_sent_again(
    name: str, client: Client, published: Report, editor: User, second_reader: User
) -> None:
    """Check 29: both ways to ask, and neither hides a change."""
    Report.objects.update(modified_at=timezone.now() - timedelta(hours=2))
    answer = client.get(reverse(name))
    by_tag, by_date = {"if-none-match": answer["ETag"]}, {"if-modified-since": answer["Last-Modified"]}
    assert client.get(reverse(name), headers=by_tag).status_code == 304
    assert client.get(reverse(name), headers=by_date).status_code == 304
    Report.objects.update(modified_at=timezone.now() - timedelta(hours=1))
    old = {"if-modified-since": http_date((timezone.now() - timedelta(minutes=30)).timestamp())}
    move(published.claim, "propose_retraction", editor, reason="x")
    move(published.claim, "retract", second_reader, payload={"public_note": "Wrong bridge."})
    assert client.get(reverse(name), headers=by_tag).status_code == 200
    assert client.get(reverse(name), headers=old).status_code == 200


@pytest.mark.parametrize("name", ["feed-atom", "feed-json", "feed-corrections", "sitemap"])
def test_the_second_of_two_in_one_second_is_not_hidden_by_a_date(
    name: str, client: Client, three: list[Report]
) -> None:
    """Who fetched between them has that second for a date, their own or ours; the ETag tells all the time."""
    second = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    first, then, late = (report.pk for report in three)

    def ask(moment: datetime) -> Any:
        return client.get(reverse(name), headers={"if-modified-since": http_date(moment.timestamp())})

    Report.objects.update(modified_at=second - timedelta(days=1))
    Report.objects.filter(pk=first).update(modified_at=second + timedelta(milliseconds=200))
    Report.objects.filter(pk=then).update(modified_at=second + timedelta(milliseconds=800))
    assert ask(second).status_code == 200
    assert ask(second + timedelta(seconds=2)).status_code == 200, (
        "the second may have been written after that"
    )
    settled = client.get(reverse(name))["Last-Modified"]
    assert client.get(reverse(name), headers={"if-modified-since": settled}).status_code == 304
    Report.objects.filter(pk=late).update(modified_at=timezone.now())
    fresh = client.get(reverse(name))
    assert "Last-Modified" not in fresh
    assert client.get(reverse(name), headers={"if-modified-since": settled}).status_code == 200
    assert ask(timezone.now() + timedelta(seconds=5)).status_code == 200
    assert client.get(reverse(name), headers={"if-none-match": fresh["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("name", "args"), [("feed-atom", []), ("feed-corrections", []), ("reports-export", ["csv"])]
)
def test_of_two_publications_at_once_the_one_that_is_written_last_shows(
    name: str, args: list[str], client: Client, published: Report
) -> None:
    """It may have the lower number: both took one before either was written."""
    address = reverse(name, args=args)
    mark = {"if-none-match": client.get(address)["ETag"]}
    version = ReportVersion.objects.get(report=published)
    earlier = {
        "pk": -1,
        "number": 2,
        "kind": "correction",
        "previous_sha256": version.sha256,
        "sha256": "0" * 64,
    }
    fields = ("report_id", "document", "author_id", "approved_by_id", "created_at")
    ReportVersion.objects.create(**{key: getattr(version, key) for key in fields}, **earlier)
    assert client.get(address, headers=mark).status_code == 200


@pytest.mark.parametrize(
    ("asked", "zipped"),
    [("gzip", True), ("br;q=1.0, gzip;q=0.8, *;q=0.1", True), ("*", True), ("GZIP", True), ("identity;q=0.2, gzip;q=0.2", True),
     ("gzip;q=0", False), ("gzip; q=0.000, identity", False), ("identity", False), ("*;q=0", False), ("", False),
     ("identity;q=1, gzip;q=0.5", False), ("br, deflate", False), ("gzip;q=much", False)],
)  # fmt: skip
def test_what_is_sent_is_compressed_where_that_is_taken(
    client: Client, published: Report, asked: str, zipped: bool
) -> None:
    """Feeds, kept pages on the long and the short way, embeds, pages of Django's own compression, the API."""
    report = reverse("report", args=[published.slug])
    for address in (reverse("feed-atom"), report, report, reverse("embed", args=[published.slug]),
                    reverse("home"), reverse("api-schema")):  # fmt: skip
        answer = client.get(address, headers={"accept-encoding": asked})
        assert answer.get("Content-Encoding") == ("gzip" if zipped else None), address
        assert (answer.content[:2] == b"\x1f\x8b") == zipped, address
        assert "Accept-Encoding" in answer["Vary"], address


def test_corrections_feed_holds_exactly_the_log(
    client: Client, three: list[Report], editor: User, second_reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check 30: typos, updates and clarifications stay out; a page of the feed holds so many corrections, not reports."""
    assert atom(client, "feed-corrections").entries == []
    one, two = three[0].claim, three[1].claim
    for kind in ("typo", "update", "clarification", "correction"):
        correct(
            one, kind, editor, second_reader, **({} if kind == "typo" else {"public_note": f"About {kind}."})
        )
    move(two, "propose_retraction", editor, reason="x")
    move(two, "retract", second_reader, payload={"public_note": "Wrong ferry."})
    entries = atom(client, "feed-corrections").entries
    assert [(entry.tags[0].term, entry.summary) for entry in entries] == [
        ("retraction", "Wrong ferry."), ("correction", "About correction."),
    ]  # fmt: skip
    monkeypatch.setattr(feeds, "ENTRIES", 1)
    page = atom(client, "feed-corrections")
    assert len(page.entries) == 1
    assert link(page, "next")


def test_sitemap_leads_to_every_public_page(
    client: Client, three: list[Report], settings: Any, claim_in: ClaimIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check 31: every address answers with 200, every report is there, and no draft."""
    monkeypatch.setattr(tallies, "REPORTS_A_FILE", 1)
    tallies.rebuild()
    files = locations(client.get(reverse("sitemap")))
    assert len(files) == 1 + len(three)
    found = [url for file in files for url in locations(client.get(file.removeprefix(settings.SITE_URL)))]
    assert len(set(found)) == len(found)
    for url in found:
        assert client.get(url.removeprefix(settings.SITE_URL)).status_code == 200, url
    for report in three:
        assert any(url.endswith(f"/reports/{report.slug}/") for url in found)
    assert client.get(reverse("sitemap-reports", args=[9_999])).status_code == 404


def test_news_sitemap_holds_two_days(client: Client, published: Report) -> None:
    assert locations(client.get(reverse("news-sitemap"))) != []
    Report.objects.update(published_at=timezone.now() - timedelta(days=2, minutes=1))
    answer = client.get(reverse("news-sitemap"))
    assert (answer.status_code, locations(answer)) == (200, [])


def test_queries_do_not_grow_with_the_feed(
    client: Client, claim_in: ClaimIn, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for words in WORDS[:2]:
        claim_in("published", words)
        with django_assert_max_num_queries(12) as seen:
            client.get(reverse("feed-atom"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
