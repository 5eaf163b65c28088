"""Feeds and sitemaps: the same frozen documents, newest first, with conditional answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from claims.domain import documents, queries
from claims.models import Article, Page, Report
from claims.publishing import feeds, sitemaps
from claims.publishing.document import ReportDocument
from claims.web import public_report

ENTRIES = 50
Maker = Callable[[feeds.FeedInfo, Iterable[ReportDocument]], bytes]


def _latest(order: str = "-modified_at") -> list[ReportDocument]:
    rows = queries.public_reports().order_by(order, "-id")[:ENTRIES]
    return [page.document for page in public_report.many(row.current_version for row in rows)]


def _state(request: HttpRequest, *args: object) -> str:
    """Changes whenever a version is added: the newest version's number stands for all of them."""
    newest = (
        Report.objects.public().order_by("-modified_at", "-id").values_list("current_version", "modified_at")
    )
    count = (
        Report.objects.public().order_by("-current_version_id").values_list("current_version_id", flat=True)
    )
    text = f"{newest.first()} {count.first()} {settings.SITE_URL}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _info(name: str, address: str, title: str) -> feeds.FeedInfo:
    desk = documents.desk_settings()
    return feeds.FeedInfo(
        name=name,
        title=f"{desk.name}: {title}",
        feed_url=f"{settings.SITE_URL}{reverse(address)}",
        page_url=f"{settings.SITE_URL}{reverse('reports')}",
        desk=documents.desk_of(desk),
        language=desk.language,
    )


def _feed(address: str, kind: str, make: Maker) -> HttpResponse:
    body = make(_info("verdicts", address, _("verdicts")), _latest())
    return HttpResponse(body, content_type=kind)


@require_safe
@condition(etag_func=_state)
def verdicts_atom(request: HttpRequest) -> HttpResponse:
    """Verdicts as Atom."""
    return _feed("feed-atom", "application/atom+xml; charset=utf-8", feeds.atom)


@require_safe
@condition(etag_func=_state)
def verdicts_rss(request: HttpRequest) -> HttpResponse:
    """Verdicts as RSS 2.0."""
    return _feed("feed-rss", "application/rss+xml; charset=utf-8", feeds.rss)


@require_safe
@condition(etag_func=_state)
def verdicts_json(request: HttpRequest) -> HttpResponse:
    """Verdicts as JSON Feed 1.1."""
    return _feed("feed-json", "application/feed+json; charset=utf-8", feeds.json_feed)


@require_safe
@condition(etag_func=_state)
def corrections_atom(request: HttpRequest) -> HttpResponse:
    """The corrections log as Atom."""
    lines = [line for document in _latest() for line in feeds.corrections_of(document)]
    body = feeds.corrections_atom(_info("corrections", "feed-corrections", _("corrections")), lines)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public address, reports with the time of their last noted change."""
    site = settings.SITE_URL
    pages = [sitemaps.Page(f"{site}{reverse(name)}") for name in ("home", "reports", "corrections")]
    kinds = Page.objects.order_by("kind").values_list("kind", flat=True).distinct()
    pages += [sitemaps.Page(f"{site}{reverse('page', args=[kind])}") for kind in kinds]
    slugs = Article.objects.with_public_reports().order_by("id").values_list("slug", flat=True)
    pages += [sitemaps.Page(f"{site}{reverse('article-public', args=[slug])}") for slug in slugs[:10_000]]
    rows = Report.objects.public().order_by("-id").values_list("slug", "modified_at")
    pages += [sitemaps.Page(f"{site}{reverse('report', args=[slug])}", when) for slug, when in rows[:39_000]]
    return HttpResponse(sitemaps.sitemap(pages), content_type="application/xml; charset=utf-8")


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Reports of the last two days, for news search."""
    now = timezone.now()
    rows = Report.objects.standing().filter(published_at__gte=now - sitemaps.NEWS_AGE)
    found = rows.select_related("current_version").order_by("-published_at", "-id")[: sitemaps.MAX_NEWS]
    pages = [
        sitemaps.news_page(page.document) for page in public_report.many(row.current_version for row in found)
    ]
    body = sitemaps.news_sitemap(pages, publication=documents.desk_settings().name, now=now)
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /admin/", "Disallow: /embed/",
             f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]  # fmt: skip
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
