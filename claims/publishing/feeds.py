"""Atom, RSS and JSON Feed of verdicts, and the feed of corrections.

Atom after RFC 4287 with RFC 5005 paging and RFC 6721 tombstones; RSS 2.0; JSON
Feed 1.1. Ids are tag URIs (RFC 4151) and survive a new title, slug or host.
``updated`` is the last change that readers are told of: a typo moves nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from claims.publishing import bodies, claimreview
from claims.publishing import vocabulary as words
from claims.publishing.claimreview import timestamp
from claims.publishing.document import Desk, ReportDocument
from claims.publishing.xmltext import child, root, written

MAX_ENTRIES = 50
"""Entries on one page of a feed."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedInfo:
    """What a feed says about itself.

    ``name`` ("verdicts", "topic:transport") makes its id and must not change.
    ``hub_url`` is a WebSub hub, if the desk has one.
    """

    name: str
    title: str
    feed_url: str
    page_url: str
    desk: Desk
    language: str = "en"
    title_language: str = ""  # where title and note speak another language than the reports
    next_url: str = ""
    previous_url: str = ""
    first_url: str = ""
    hub_url: str = ""
    full_text: bool = True
    note: str = ""  # what a subscriber should know of it: that it is of a topic which is not there

    @property
    def tag_uri(self) -> str:
        """The id of the feed."""
        return f"tag:{self.desk.tag_authority}:feed:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One line of the public corrections log."""

    report_id: str
    title: str
    url: str
    version: int
    kind: str
    at: datetime
    note: str
    old_verdict: str = ""
    new_verdict: str = ""
    language: str = "en"

    @property
    def tag_uri(self) -> str:
        """The id of this correction, fixed by report and version."""
        return f"{self.report_id}:version:{self.version}"


def corrections_of(document: ReportDocument) -> list[Correction]:
    """The changes of a report that belong into the corrections log, oldest first."""
    return [
        Correction(
            report_id=document.tag_uri,
            title=document.headline,
            url=document.url,
            version=entry.number,
            kind=entry.kind,
            at=entry.at,
            note=entry.note,
            old_verdict=entry.old_verdict,
            new_verdict=entry.new_verdict,
            language=document.language,
        )
        for entry in document.history
        if entry.kind in words.CORRECTIONS_FEED_KINDS
    ]


def correction_of(document: ReportDocument) -> Correction | None:
    """What this very version corrected, if that belongs into the log."""
    return next((item for item in corrections_of(document) if item.version == document.version), None)


def atom(info: FeedInfo, documents: Iterable[ReportDocument]) -> bytes:
    """Verdicts as Atom, newest first; a retracted report leaves a tombstone."""
    page = _page(documents)
    feed = _atom_head(info, max((document.modified_at for document in page), default=_NEVER))
    for document in page:
        if document.retracted:
            _tombstone(feed, document)
        else:
            _atom_entry(feed, document, info)
    return written(feed)


def corrections_atom(info: FeedInfo, corrections: Iterable[Correction]) -> bytes:
    """The corrections log as Atom, newest first."""
    page = sorted(corrections, key=lambda item: item.at, reverse=True)[:MAX_ENTRIES]
    feed = _atom_head(info, max((item.at for item in page), default=_NEVER))
    for item in page:
        entry = child(feed, "entry", attributes={"xml:lang": item.language})
        child(entry, "id", item.tag_uri)
        child(entry, "title", item.title)
        child(entry, "link", attributes={"rel": "alternate", "type": "text/html", "href": item.url})
        child(entry, "published", timestamp(item.at))
        child(entry, "updated", timestamp(item.at))
        child(entry, "category", attributes={"term": item.kind, "scheme": info.desk.corrections_url})
        child(entry, "summary", correction_line(item))
    return written(feed)


def correction_line(item: Correction) -> str:
    """The correction in one line: old and new verdict if it changed, then the note."""
    if item.old_verdict and item.new_verdict:
        return f"{item.old_verdict} → {item.new_verdict}. {item.note}".strip()
    return item.note


def rss(info: FeedInfo, documents: Iterable[ReportDocument]) -> bytes:
    """Verdicts as RSS 2.0, newest first, without what was retracted."""
    page = [document for document in _page(documents) if not document.retracted]
    feed = root("rss", "", "atom", "content", "dc", version="2.0")
    channel = child(feed, "channel")
    child(channel, "title", info.title)
    child(channel, "link", info.page_url)
    child(channel, "description", info.note or info.title)
    child(channel, "language", info.language)
    newest = max((document.modified_at for document in page), default=_NEVER)
    child(channel, "lastBuildDate", _rfc822(newest))
    _atom_links(channel, info, "atom:link", "application/rss+xml")
    for document in page:
        _rss_item(channel, document, info)
    return written(feed)


def json_feed(info: FeedInfo, documents: Iterable[ReportDocument]) -> bytes:
    """Verdicts as JSON Feed 1.1; ``_claimreview`` holds the markup of each report."""
    page = [document for document in _page(documents) if not document.retracted]
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": info.title,
        "home_page_url": info.page_url,
        "feed_url": info.feed_url,
        "language": info.language,
        "authors": [{"name": info.desk.name, "url": info.desk.url}],
        "items": [_json_item(document, info) for document in page],
    }
    if info.note:
        feed["description"] = info.note
    if info.next_url:
        feed["next_url"] = info.next_url
    if info.hub_url:
        feed["hubs"] = [{"type": "WebSub", "url": info.hub_url}]
    return json.dumps(feed, ensure_ascii=False).encode()


def _page(documents: Iterable[ReportDocument]) -> Sequence[ReportDocument]:
    """Those that readers were told of last come first: a correction brings an old report up again."""
    newest_first = sorted(
        documents, key=lambda item: (item.modified_at, item.published_at, item.uid), reverse=True
    )
    return newest_first[:MAX_ENTRIES]


def _atom_head(info: FeedInfo, updated: datetime) -> ET.Element:
    feed = root("feed", "atom", "at", xml_lang=info.language)
    child(feed, "id", info.tag_uri)
    own = {"xml:lang": info.title_language} if info.title_language not in ("", info.language) else {}
    child(feed, "title", info.title, attributes=own)
    if info.note:
        child(feed, "subtitle", info.note, attributes=own)
    child(feed, "updated", timestamp(updated))
    author = child(feed, "author")
    child(author, "name", info.desk.name)
    child(author, "uri", info.desk.url)
    child(feed, "link", attributes={"rel": "alternate", "type": "text/html", "href": info.page_url})
    _atom_links(feed, info, "link", "application/atom+xml")
    if info.desk.license_url:
        child(feed, "link", attributes={"rel": "license", "href": info.desk.license_url})
    return feed


def _atom_links(parent: ET.Element, info: FeedInfo, tag: str, media_type: str) -> None:
    addresses = {
        "self": info.feed_url,
        "first": info.first_url,
        "next": info.next_url,
        "previous": info.previous_url,
    }
    for relation, address in addresses.items():
        if address:
            child(parent, tag, attributes={"rel": relation, "type": media_type, "href": address})
    if info.hub_url:
        child(parent, tag, attributes={"rel": "hub", "href": info.hub_url})


def _atom_entry(feed: ET.Element, document: ReportDocument, info: FeedInfo) -> None:
    entry = child(feed, "entry", attributes={"xml:lang": document.language})
    child(entry, "id", document.tag_uri)
    child(entry, "title", document.headline)
    child(entry, "link", attributes={"rel": "alternate", "type": "text/html", "href": document.url})
    child(entry, "published", timestamp(document.published_at))
    child(entry, "updated", timestamp(document.modified_at))
    for person in document.authors:
        child(child(entry, "author"), "name", person.name)
    verdict = {"term": document.verdict.key, "label": document.verdict.word, "scheme": info.desk.scale_url}
    child(entry, "category", attributes=verdict)
    for topic in document.topics:
        child(entry, "category", attributes={"term": topic})
    child(entry, "summary", bodies.summary(document))
    child(entry, "content", _body(document, info), {"type": "html"})


def _tombstone(feed: ET.Element, document: ReportDocument) -> None:
    deleted = child(
        feed,
        "at:deleted-entry",
        attributes={"ref": document.tag_uri, "when": timestamp(document.modified_at)},
    )
    if document.notice:
        child(deleted, "at:comment", document.notice.text)
    child(deleted, "link", attributes={"rel": "alternate", "type": "text/html", "href": document.url})


def _rss_item(channel: ET.Element, document: ReportDocument, info: FeedInfo) -> None:
    item = child(channel, "item")
    child(item, "title", document.headline)
    child(item, "link", document.url)
    child(item, "guid", document.tag_uri, {"isPermaLink": "false"})
    child(item, "pubDate", _rfc822(document.published_at))
    for person in document.authors:
        child(item, "dc:creator", person.name)
    child(item, "category", document.verdict.word, {"domain": info.desk.scale_url})
    for topic in document.topics:
        child(item, "category", topic)
    child(item, "description", bodies.summary(document))
    child(item, "content:encoded", _body(document, info))
    child(item, "atom:updated", timestamp(document.modified_at))


def _json_item(document: ReportDocument, info: FeedInfo) -> dict[str, Any]:
    return {
        "id": document.tag_uri,
        "url": document.url,
        "title": document.headline,
        "summary": bodies.summary(document),
        "content_html": _body(document, info),
        "date_published": timestamp(document.published_at),
        "date_modified": timestamp(document.modified_at),
        "language": document.language,
        "authors": [{"name": person.name} for person in document.authors],
        "tags": [document.verdict.word, *document.topics],
        "_claimreview": claimreview.build(document),
    }


def _body(document: ReportDocument, info: FeedInfo) -> str:
    return bodies.full_html(document) if info.full_text else bodies.brief_html(document)


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
