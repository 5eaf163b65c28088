"""A report elsewhere: its ClaimReview as a file, share card, embed and oEmbed."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from claims.domain import spoken
from claims.models import Report, ReportVersion
from claims.publishing import sharecard
from claims.web import kept_pages, public_report
from claims.web.kept_pages import Standing
from claims.web.views.public import public_or_404

EMBED_WIDTH, EMBED_HEIGHT = 600, 320


@require_safe
def claimreview_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The ClaimReview of a report, the same as in its page; gone once the report is retracted."""
    found = public_or_404(slug)
    assert found.current_version is not None, "public reports have one"
    tag = f'"{found.current_version.sha256[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    text = public_report.jsonld(public_report.of(found.current_version))
    if text is None:
        return HttpResponse(status=410, content_type="text/plain; charset=utf-8")
    return HttpResponse(
        text, content_type="application/ld+json; charset=utf-8",
        headers={"ETag": tag, "Access-Control-Allow-Origin": "*"},
    )  # fmt: skip


@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The share card of the version that stands, 1200 by 630."""
    found = kept_pages.standing(slug)
    if found is None:
        raise Http404
    tag = f'"card-{found.sha256[:32]}"'
    if kept_pages.asks_for(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(
        _card(found), content_type="image/png", headers={"ETag": tag, "Cache-Control": "public, max-age=300"}
    )


def make_ready(slug: str) -> None:
    """Draw the card of the version that stands now, unless it is kept already."""
    if found := kept_pages.standing(slug):
        _card(found)


def _card(found: Standing) -> bytes:
    def draw() -> bytes:
        version = ReportVersion.objects.get(report__slug=found.slug, sha256=found.sha256)
        return sharecard.render(public_report.of(version).document)

    return kept_pages.PAGES.get(("card", found.sha256), draw)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # the library has no types
@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A small card for other sites' frames: always the verdict that stands now, or a line that says why none."""
    found = kept_pages.standing(slug)
    if found is None:
        return render(request, "public/embed.html", {"site": settings.SITE_URL}, status=404)
    page = kept_pages.PAGES.get(found.key("embed"), lambda: _embedded(request, slug), files=False)
    response = HttpResponse(page if kept_pages.takes_gzip(request) else gzip.decompress(page))
    if kept_pages.takes_gzip(request):
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Language"] = found.language or spoken.ENGLISH
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _embedded(request: HttpRequest, slug: str) -> bytes:
    found = public_or_404(slug)
    assert found.current_version is not None, "public reports have one"
    page = public_report.of(found.current_version)
    values = {"page": page, "report": found, "site": settings.SITE_URL}
    with spoken.speaking(page.document.language):
        return kept_pages.zipped(render_to_string("public/embed.html", values, request).encode())


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed for our own reports and no others."""
    form = request.GET.get("format", "json")
    if form not in {"json", "xml"}:
        return HttpResponse(status=501, content_type="text/plain; charset=utf-8")
    found = _report_at(request.GET.get("url", ""))
    assert found.current_version is not None, "public reports have one"
    answer = _answer(found, request)
    if form == "json":
        return JsonResponse(answer, headers={"Access-Control-Allow-Origin": "*"})
    lines = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in answer.items())
    body = f'<?xml version="1.0" encoding="utf-8"?><oembed>{lines}</oembed>'
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


def _report_at(address: str) -> Report:
    try:
        parts, own = urlsplit(address), urlsplit(settings.SITE_URL)
    except ValueError:
        raise Http404 from None
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise Http404
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise Http404 from None
    if match.url_name != "report":
        raise Http404
    return public_or_404(str(match.kwargs["slug"]))


def _answer(found: Report, request: HttpRequest) -> dict[str, object]:
    assert found.current_version is not None, "public reports have one"
    document = public_report.of(found.current_version).document
    width = min(EMBED_WIDTH, _size(request.GET.get("maxwidth", "")))
    height = min(EMBED_HEIGHT, _size(request.GET.get("maxheight", "")))
    source = f"{settings.SITE_URL}{reverse('embed', args=[found.slug])}"
    frame = format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" sandbox="allow-popups" loading="lazy"></iframe>',
        source, document.headline, width, height,
    )  # fmt: skip
    return {
        "type": "rich",
        "version": "1.0",
        "title": document.headline,
        "provider_name": document.desk.name,
        "provider_url": document.desk.url,
        "cache_age": 300,
        "html": frame,
        "width": width,
        "height": height,
        "thumbnail_url": f"{settings.SITE_URL}{reverse('report-card', args=[found.slug])}",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }


def _size(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < len(text) < 6 and int(text) > 0 else 10_000
