"""Feeds and sitemaps: the same frozen documents, newest change first, page by page, with conditional answers."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from claims.domain import documents, exports, listing, queries, tallies
from claims.models import Page, Report, ReportVersion, Tally
from claims.publishing import feeds, sitemaps
from claims.publishing.document import ReportDocument
from claims.web import kept_pages, public_report

ENTRIES = feeds.MAX_ENTRIES
ORDER = ("-modified_at", "-id")
CORRECTIONS_ORDER = ("-created_at", "-id")
ARTICLES_AT_MOST = 10_000
# Longer than any publication takes to be written.
SETTLES_IN = timedelta(minutes=1)
_FILTERS = ("topic", "verdict", "speaker")
_PLACES = ("after", "before")
Maker = Callable[[feeds.FeedInfo, Iterable[ReportDocument]], bytes]


def _state(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """Changes whenever a version is added."""
    desk = documents.desk_settings()
    text = f"{queries.state_of_reports()} {settings.SITE_URL} {desk.name} {desk.language} {settings.SITE_LANGUAGE}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _changed(request: HttpRequest, *args: object, **kwargs: object) -> datetime | None:
    """When readers had been told of everything up to now; None while that is not certain. Typing errors move nothing.

    Dates of HTTP are whole seconds, and a publication is written a little after its time: who fetched between two of one
    second would be told that nothing is new. So a change counts from when all that could have happened with it is over,
    and until then only the ETag answers, which knows each version.
    """
    latest = Report.objects.public().order_by(*ORDER).values_list("modified_at", flat=True).first()
    settled = latest + SETTLES_IN if latest else None
    return settled if settled and settled <= timezone.now() else None


_conditional = condition(etag_func=_state, last_modified_func=_changed)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The filter of the address, without what is empty."""
    return {name: request.GET[name][:80] for name in _FILTERS if request.GET.get(name)}


def _info(
    name: str, address: str, title: str, chosen: dict[str, str], part: Any, request: HttpRequest
) -> feeds.FeedInfo:
    desk = documents.desk_settings()
    site = f"{settings.SITE_URL}{reverse(address)}"

    def at(**place: str) -> str:
        query = {**chosen, **{key: value for key, value in place.items() if value}}
        return f"{site}?{urlencode(query)}" if query else site

    here = {key: request.GET.get(key, "") for key in ("after", "before")}
    return feeds.FeedInfo(
        name=":".join([name, *(f"{key}={value}" for key, value in chosen.items())]),
        title=": ".join([desk.name, title, *chosen.values()]),
        feed_url=at(**here),
        page_url=f"{settings.SITE_URL}{reverse('reports')}",
        desk=documents.desk_of(desk),
        language=desk.language,
        title_language=settings.SITE_LANGUAGE,
        first_url=at() if any(here.values()) else "",
        next_url=at(after=part.after) if part.after else "",
        previous_url=at(before=part.before) if part.before else "",
        note=" ".join(listing.not_understood(**chosen).values()),
    )


def _kept(request: HttpRequest, kind: str, make: Callable[[], bytes]) -> HttpResponse:
    """A feed as it was made for this state of all reports: making fifty entries takes longer than all else."""
    wanted = {name: request.GET[name][:200] for name in sorted({*_FILTERS, *_PLACES} & request.GET.keys())}
    key = ("feed", request.path_info, tuple(wanted.items()), ENTRIES, _state(request))
    body = kept_pages.PAGES.get(key, lambda: kept_pages.zipped(make()), files=False)
    if not kept_pages.takes_gzip(request):
        return HttpResponse(gzip.decompress(body), content_type=kind)
    response = HttpResponse(body, content_type=kind, headers={"Content-Encoding": "gzip"})
    response.headers["ETag"] = f"W/{_state(request)}"  # the same entries, not the same bytes
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _feed(request: HttpRequest, address: str, kind: str, make: Maker) -> HttpResponse:
    return _kept(request, kind, lambda: _entries(request, address, make))


def _entries(request: HttpRequest, address: str, make: Maker) -> bytes:
    chosen = _chosen(request)
    rows = exports.reports(
        topic=chosen.get("topic", ""), verdict=chosen.get("verdict", ""), speaker=chosen.get("speaker", "")
    )
    part = queries.page_by_key(
        rows.order_by(*ORDER), ORDER, after=request.GET.get("after", ""), before=request.GET.get("before", ""),
        size=ENTRIES,
    )  # fmt: skip
    found = [page.document for page in public_report.many(row.current_version for row in part.rows)]
    return make(_info("verdicts", address, _("verdicts"), chosen, part, request), found)


@require_safe
@_conditional
def verdicts_atom(request: HttpRequest) -> HttpResponse:
    """Verdicts as Atom; ``topic``, ``verdict`` (key) and ``speaker`` (name) narrow it."""
    return _feed(request, "feed-atom", "application/atom+xml; charset=utf-8", feeds.atom)


@require_safe
@_conditional
def verdicts_rss(request: HttpRequest) -> HttpResponse:
    """Verdicts as RSS 2.0, with the same filter."""
    return _feed(request, "feed-rss", "application/rss+xml; charset=utf-8", feeds.rss)


@require_safe
@_conditional
def verdicts_json(request: HttpRequest) -> HttpResponse:
    """Verdicts as JSON Feed 1.1, with the same filter."""
    return _feed(request, "feed-json", "application/feed+json; charset=utf-8", feeds.json_feed)


@require_safe
@_conditional
def corrections_atom(request: HttpRequest) -> HttpResponse:
    """The corrections log as Atom: exactly the versions that the log names."""
    return _kept(request, "application/atom+xml; charset=utf-8", lambda: _corrections(request))


def _corrections(request: HttpRequest) -> bytes:
    part = queries.page_by_key(
        ReportVersion.objects.corrections(), CORRECTIONS_ORDER, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""), size=ENTRIES,
    )  # fmt: skip
    found = [feeds.correction_of(page.document) for page in public_report.many(part.rows)]
    info = _info("corrections", "feed-corrections", _("corrections"), {}, part, request)
    return feeds.corrections_atom(info, [item for item in found if item])


@require_safe
@_conditional
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of sitemaps, each with the time of the last change that readers were told of."""
    site = settings.SITE_URL
    parts = Tally.objects.filter(kind=Tally.Kind.PART, count__gt=0).values_list("key", "latest")
    files = [sitemaps.Page(f"{site}{reverse('sitemap-pages')}")]
    for number, newest in sorted((int(key), latest) for key, latest in parts):
        files.append(sitemaps.Page(f"{site}{reverse('sitemap-reports', args=[number])}", newest))
    return _xml(sitemaps.sitemap_index(files))


@require_safe
@_conditional
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """Every public page that is no report."""
    site = settings.SITE_URL
    pages = [sitemaps.Page(f"{site}{reverse(name)}") for name in ("home", "reports", "corrections")]
    kinds = Page.objects.order_by("kind").values_list("kind", flat=True).distinct()
    pages += [sitemaps.Page(f"{site}{reverse('page', args=[kind])}") for kind in kinds]
    pages += [
        sitemaps.Page(f"{site}{reverse('article-public', args=[found.slug])}")
        for found in listing.articles_of(listing.articles()[:ARTICLES_AT_MOST])
    ]
    return _xml(sitemaps.sitemap(pages))


@require_safe
@_conditional
def sitemap_reports(request: HttpRequest, number: int) -> HttpResponse:
    """One file of reports."""
    rows = list(_part(number).order_by("-id").values_list("slug", "modified_at"))
    if not rows:
        raise Http404
    shape = f"{settings.SITE_URL}{reverse('report', args=['-'])}"
    return _xml(
        sitemaps.sitemap(sitemaps.Page(shape.replace("/-/", f"/{slug}/"), when) for slug, when in rows)
    )


def _part(number: int) -> Any:
    first = (number - 1) * tallies.REPORTS_A_FILE
    return Report.objects.public().filter(id__gte=first, id__lt=first + tallies.REPORTS_A_FILE)


def _xml(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Reports of the last two days, for news search."""
    now = timezone.now()
    rows = Report.objects.standing().filter(published_at__gte=now - sitemaps.NEWS_AGE)
    found = rows.select_related("current_version").order_by("-published_at", "-id")[: sitemaps.MAX_NEWS]
    pages = [
        sitemaps.news_page(page.document) for page in public_report.many(row.current_version for row in found)
    ]
    return _xml(sitemaps.news_sitemap(pages, publication=documents.desk_settings().name, now=now))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /admin/", "Disallow: /embed/", "Disallow: /exports/",
             f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
             f"Sitemap: {settings.SITE_URL}{reverse('news-sitemap')}", ""]  # fmt: skip
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
