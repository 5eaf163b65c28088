"""The public site. It reads frozen versions only, so that a draft cannot leak through a forgotten filter."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.domain import queries
from claims.models import Article, Page, RatingScale, Report, ReportVersion
from claims.publishing import diff, markdown
from claims.publishing.feeds import corrections_of
from claims.web import public_report, spans
from claims.web.public_report import Rendered, ReportPage

PER_PAGE = 20
ON_HOME = 9
ORDER = ("-published_at", "-id")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest reports, the first one large."""
    latest = list(queries.public_reports()[:ON_HOME])
    pages = public_report.many(report.current_version for report in latest)
    articles = Article.objects.with_public_reports().order_by("-created_at", "-id")[:4]
    return render(
        request,
        "public/home.html",
        {"lead": pages[0] if pages else None, "pages": pages[1:], "topics": _topics(), "articles": articles},
    )


def _topics() -> list[dict[str, object]]:
    rows = (
        Report.objects.public()
        .exclude(topic="")
        .order_by("topic")
        .values("topic")
        .annotate(count=Count("id"))
    )
    return [dict(row) for row in rows[:30]]


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """All reports, by topic or words where asked for."""
    rows = queries.public_reports()
    topic, words = request.GET.get("topic", "")[:80], request.GET.get("q", "")[:200]
    if topic:
        rows = rows.filter(topic=topic)
    for word in words.split()[:6]:
        rows = rows.filter(headline__icontains=word)
    part = queries.page_by_key(
        rows, ORDER, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=PER_PAGE
    )
    pages = public_report.many(report.current_version for report in part.rows)
    context = {"pages": pages, "part": part, "topic": topic, "words": words, "topics": _topics()}
    return render(request, "public/reports.html", context)


def public_or_404(slug: str) -> Report:
    """The public report at this address; drafts do not exist for outsiders."""
    report = Report.objects.public().select_related("current_version").filter(slug=slug).first()
    if report is None or report.current_version is None:
        raise Http404
    return report


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report: the version that stands, by one query."""
    found = public_or_404(slug)
    assert found.current_version is not None, "public reports have one"
    tag = f'"{found.current_version.sha256[:32]}-{request.COOKIES.get("theme", "")[:5]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    page = public_report.of(found.current_version)
    response = render(
        request, "public/report.html", {"page": page, "report": found, "site": settings.SITE_URL}
    )
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An earlier version, with a bar that says so; not for search engines, without markup."""
    found = public_or_404(slug)
    row = get_object_or_404(ReportVersion, report=found, number=number)
    page = public_report.of(row)
    context = {"page": page, "report": found, "old": row, "site": settings.SITE_URL}
    return render(request, "public/report.html", context)


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed from version to version."""
    found = public_or_404(slug)
    pages = public_report.many(found.versions.order_by("number"))
    changes = [
        {"page": new, "change": new.history[0], "fields": diff.diff_documents(old.document, new.document)}
        for old, new in itertools.pairwise(pages)
    ]
    context = {"page": pages[-1], "first": pages[0], "changes": changes[::-1], "report": found}
    return render(request, "public/history.html", context)


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Articles of which claims were checked."""
    rows = Article.objects.with_public_reports().order_by("-created_at", "-id")
    return render(request, "public/articles.html", {"articles": rows[:100]})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The article's own words with every checked claim marked and its verdict beside it."""
    found = get_object_or_404(Article.objects.with_public_reports(), slug=slug)
    rows = Report.objects.standing().filter(claim__article=found).select_related("current_version")
    pages = public_report.many(row.current_version for row in rows)
    pages.sort(key=lambda page: page.document.claim.start or 0)
    context = {"article": found, "paragraphs": _annotated(found, pages), "pages": pages}
    return render(request, "public/article.html", context)


def _annotated(found: Article, pages: Sequence[ReportPage]) -> list[dict[str, object]]:
    """Paragraphs cut at the checked claims; a note stands after the paragraph in which its claim begins."""
    marks = [
        spans.Span(number, page.document.claim.start, page.document.claim.end)
        for number, page in enumerate(pages)
        if page.document.claim.start is not None and page.document.claim.end is not None
    ]
    laid = []
    for number, paragraph in enumerate(spans.cut(found.text, marks)):
        if number == 0 and paragraph.text.strip() == found.title.strip():
            continue  # the page's heading says it already
        notes = [pages[key] for piece in paragraph.pieces for key in piece.begins]
        pieces = [
            {"text": piece.text, "page": pages[piece.keys[0]] if piece.keys else None}
            for piece in paragraph.pieces
        ]
        laid.append({"pieces": pieces, "notes": notes})
    return laid


@require_safe
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """A page about the desk: how we work, corrections policy, funding, about us."""
    found = Page.objects.filter(kind=kind).order_by("-version").first()
    if found is None:
        raise Http404
    body = Rendered(markdown.render(found.body, markdown.Citations(known=()), top=2))
    scale = None
    if kind == Page.Kind.METHODOLOGY:
        scale = RatingScale.objects.prefetch_related("levels").filter(in_use=True).first()
    return render(request, "public/page.html", {"found": found, "body": body, "scale": scale})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction that readers are told of, newest first."""
    rows = (
        queries.public_reports().filter(current_version__number__gt=1).order_by("-modified_at", "-id")[:200]
    )
    listed = [
        {"correction": item, "slug": row.slug, "label": _kind(item.kind)}
        for row, shown in zip(rows, public_report.many(r.current_version for r in rows), strict=True)
        for item in corrections_of(shown.document)
    ]
    listed.sort(key=lambda line: line["correction"].at, reverse=True)  # type: ignore[attr-defined]  # built above
    return render(request, "public/corrections.html", {"lines": listed})


def _kind(kind: str) -> str:
    from claims.enums import ChangeKind

    return str(ChangeKind(kind).label) if kind in ChangeKind.values else _("Correction")
