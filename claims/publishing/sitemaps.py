"""Sitemaps for search engines, and the news sitemap of the last two days.

``lastmod`` is the last change that readers are told of. Limits after
sitemaps.org (50,000 addresses a file) and Google's news sitemap (1,000 entries,
two days).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument
from claims.publishing.xmltext import child, root, written

MAX_PAGES = 50_000
MAX_NEWS = 1_000
NEWS_AGE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Page:
    """An address that answers with 200, and when it last changed for readers."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsPage:
    """A report as the news sitemap names it."""

    url: str
    title: str
    language: str
    published_at: datetime


def news_page(document: ReportDocument) -> NewsPage:
    """The report as an entry of the news sitemap."""
    return NewsPage(
        url=document.url,
        title=document.headline,
        language=document.language,
        published_at=document.published_at,
    )


def sitemap(pages: Iterable[Page]) -> bytes:
    """One sitemap file.

    Raises:
        ValueError: for more than 50,000 addresses; split them and write an index.
    """
    return _listing("urlset", "url", pages)


def sitemap_index(files: Iterable[Page]) -> bytes:
    """The index of sitemap files.

    Raises:
        ValueError: for more than 50,000 files.
    """
    return _listing("sitemapindex", "sitemap", files)


def news_sitemap(pages: Iterable[NewsPage], *, publication: str, now: datetime) -> bytes:
    """What came out in the last two days, newest first; valid when there is nothing."""
    recent = [page for page in pages if timedelta(0) <= now - page.published_at <= NEWS_AGE]
    urlset = root("urlset", "sitemap", "news")
    for page in sorted(recent, key=lambda item: item.published_at, reverse=True)[:MAX_NEWS]:
        url = child(urlset, "url")
        child(url, "loc", page.url)
        news = child(url, "news:news")
        about = child(news, "news:publication")
        child(about, "news:name", publication)
        child(about, "news:language", page.language.split("-")[0])
        child(news, "news:publication_date", timestamp(page.published_at))
        child(news, "news:title", page.title)
    return written(urlset)


def _listing(tag: str, item: str, pages: Iterable[Page]) -> bytes:
    listing = root(tag, "sitemap")
    for count, page in enumerate(pages):
        if count == MAX_PAGES:
            raise ValueError(f"a sitemap holds at most {MAX_PAGES} addresses")
        entry = child(listing, item)
        child(entry, "loc", page.url)
        if page.lastmod:
            child(entry, "lastmod", timestamp(page.lastmod))
    return written(listing)
