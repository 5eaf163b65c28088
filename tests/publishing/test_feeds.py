"""Feeds and sitemaps: well formed, valid, with ids and dates that mean something."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from claims.publishing import feeds, linter, sitemaps
from claims.publishing.datafeed import datafeed
from claims.publishing.document import HistoryEntry, ReportDocument
from tests.publishing import samples

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("fixtures") / "atom.rng"))
INFO = feeds.FeedInfo(
    name="verdicts",
    title="The Ellery Check: verdicts",
    feed_url="https://check.example/feeds/verdicts.atom",
    page_url="https://check.example/",
    desk=samples.DESK,
    next_url="https://check.example/feeds/verdicts.atom?page=2",
)
ALL = [samples.report(uid="1"), samples.corrected(), samples.off_scale(), samples.retracted()]


def entries(feed: bytes) -> list[Any]:
    parsed = feedparser.parse(feed)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return list(parsed.entries)


def valid_atom(feed: bytes) -> bytes:
    GRAMMAR.assertValid(etree.fromstring(feed))
    return feed


def test_the_grammar_can_fail() -> None:
    feed = feeds.atom(INFO, ALL)
    broken = feed.replace(b"<updated>2026-11-22T16:05:00Z", b"<updated>22 November", 1)
    assert broken != feed
    assert not GRAMMAR.validate(etree.fromstring(broken))


@pytest.mark.parametrize("documents", [ALL, [], [samples.retracted()]])
def test_atom_is_valid(documents: list[ReportDocument]) -> None:
    entries(valid_atom(feeds.atom(INFO, documents)))


def test_atom_entry() -> None:
    (entry,) = entries(feeds.atom(INFO, [samples.corrected()]))
    assert entry.id == "tag:check.example,2026:report:5f0c"
    assert entry.published == "2026-11-20T09:30:00Z"
    assert entry.updated == "2026-11-22T16:05:00Z"
    assert entry.link == "https://check.example/reports/harbour-toll-buses/"
    assert [(tag.term, tag.label) for tag in entry.tags] == [
        ("mostly_false", "Mostly false"),
        ("Transport", None),
    ]
    assert samples.CLAIM.quote in entry.content[0].value
    assert "https://check.example/reports/harbour-toll-buses/#source-1" in entry.content[0].value


def test_ids_survive_a_new_title_slug_and_site() -> None:
    document = samples.report()
    moved_desk = dataclasses.replace(samples.DESK, url="https://new.example/")
    moved = dataclasses.replace(document, headline="Another", slug="another", desk=moved_desk)
    for make in (feeds.atom, feeds.rss):
        assert entries(make(INFO, [document]))[0].id == entries(make(INFO, [moved]))[0].id
    before, after = (json.loads(feeds.json_feed(INFO, [item]))["items"][0] for item in (document, moved))
    assert before["id"] == after["id"]
    assert before["url"] != after["url"]


def test_a_typo_does_not_bump_and_a_correction_does() -> None:
    base = samples.report()
    typo = (*base.history, HistoryEntry(number=2, kind="typo", at=samples.LATER))
    fixed = samples.report(history=typo, headline="About 70 cents")
    assert entries(feeds.atom(INFO, [base]))[0].updated == entries(feeds.atom(INFO, [fixed]))[0].updated
    assert entries(feeds.atom(INFO, [samples.corrected()]))[0].updated == "2026-11-22T16:05:00Z"


def test_newest_first_and_fifty_at_most() -> None:
    many = [
        samples.report(
            uid=str(day),
            published_at=samples.FIRST - timedelta(days=day),
            modified_at=samples.LATER,
        )
        for day in (*range(40, 70), *range(40))
    ]
    found = entries(feeds.atom(INFO, many))
    assert len(found) == feeds.MAX_ENTRIES
    assert [entry.id.rsplit(":", 1)[1] for entry in found] == [str(day) for day in range(50)]


def test_what_was_taken_back_leaves_a_tombstone_and_no_entry() -> None:
    feed = feeds.atom(INFO, [samples.retracted()])
    assert entries(feed) == []
    deleted = etree.fromstring(feed).find("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert deleted.get("ref") == samples.retracted().tag_uri
    assert entries(feeds.rss(INFO, [samples.retracted()])) == []
    assert json.loads(feeds.json_feed(INFO, [samples.retracted()]))["items"] == []


def test_rss() -> None:
    info = dataclasses.replace(INFO, feed_url="https://check.example/feeds/verdicts.rss")
    parsed = feedparser.parse(feeds.rss(info, ALL))
    assert not parsed.bozo
    assert parsed.version == "rss20"
    assert {"rel": "self", "type": "application/rss+xml", "href": info.feed_url} in parsed.feed.links
    assert len(parsed.entries) == 3
    entry = parsed.entries[0]
    assert entry.id.startswith("tag:")
    assert not entry.guidislink
    assert entry.published == "Fri, 20 Nov 2026 09:30:00 +0000"


def test_json_feed() -> None:
    feed = json.loads(feeds.json_feed(INFO, ALL))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["next_url"] == INFO.next_url
    assert len({item["id"] for item in feed["items"]}) == 3
    assert {item["_claimreview"]["@type"] for item in feed["items"]} == {"ClaimReview"}


def test_corrections_feed_lists_what_the_log_lists() -> None:
    typo = HistoryEntry(number=3, kind="typo", at=samples.LATER + timedelta(hours=1))
    document = samples.corrected(history=(*samples.corrected().history, typo))
    log = [*feeds.corrections_of(document), *feeds.corrections_of(samples.retracted())]
    feed = valid_atom(feeds.corrections_atom(INFO, log))
    found = entries(feed)
    assert [(entry.tags[0].term, entry.id) for entry in found] == [
        ("verdict_change", "tag:check.example,2026:report:5f0c:version:2"),
        ("retraction", "tag:check.example,2026:report:9a11:version:2"),
    ]
    assert "False → Mostly false" in found[0].summary


@given(st.text(max_size=40), st.sampled_from(["]]>", "<b>", "&amp;", "\x0b", "\ufffe", ""]))
def test_no_text_breaks_a_feed(words: str, sting: str) -> None:
    text = words + sting
    document = samples.report(headline=text, short=(text,), reasoning_markdown=text, topics=(f"t{text}",))
    entries(valid_atom(feeds.atom(INFO, [document])))
    assert not feedparser.parse(feeds.rss(INFO, [document])).bozo
    assert json.loads(feeds.json_feed(INFO, [document]))["items"][0]["title"] == text


def locations(sitemap: bytes) -> list[str]:
    return [str(item.text) for item in etree.fromstring(sitemap).iter("{*}loc")]


def test_sitemap() -> None:
    pages = [
        sitemaps.Page("https://check.example/?a=1&b=2", samples.LATER),
        sitemaps.Page("https://check.example/x"),
    ]
    sitemap = sitemaps.sitemap(pages)
    assert locations(sitemap) == [page.url for page in pages]
    assert b"<lastmod>2026-11-22T16:05:00Z</lastmod>" in sitemap
    assert locations(sitemaps.sitemap_index(pages)) == [page.url for page in pages]
    assert locations(sitemaps.sitemap([])) == []
    with pytest.raises(ValueError, match="50000"):
        sitemaps.sitemap(sitemaps.Page("https://check.example/") for _ in range(50_001))


def test_news_sitemap_holds_two_days_and_may_be_empty() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    ages = {"new": 1, "edge": 48, "old": 49, "ahead": -1}
    pages = [
        sitemaps.NewsPage(
            url=f"https://check.example/{name}",
            title=name,
            language="pt-BR",
            published_at=now - timedelta(hours=age),
        )
        for name, age in ages.items()
    ]
    news = sitemaps.news_sitemap(pages, publication="The Ellery Check", now=now)
    assert locations(news) == ["https://check.example/new", "https://check.example/edge"]
    assert b"<news:language>pt</news:language>" in news
    assert locations(sitemaps.news_sitemap([], publication="x", now=now)) == []


def test_datafeed_is_one_json_and_its_markup_passes() -> None:
    feed = json.loads("".join(datafeed(ALL, desk=samples.DESK, now=samples.LATER)))
    assert feed["@type"] == "DataFeed"
    elements = feed["dataFeedElement"]
    assert [element["url"] for element in elements] == [item.url for item in ALL if not item.retracted]
    assert [linter.lint(element["item"][0]) for element in elements] == [[], [], []]
    assert json.loads("".join(datafeed([], desk=samples.DESK, now=samples.LATER)))["dataFeedElement"] == []


def test_a_sitemap_entry_of_a_report() -> None:
    page = sitemaps.news_page(samples.report())
    assert (page.url, page.published_at) == (samples.report().url, samples.FIRST)
