"""The public site. It reads frozen versions only, so that a draft cannot leak through a forgotten filter."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.domain import listing, queries, spoken, tallies
from claims.enums import ChangeKind
from claims.models import Article, Page, RatingLevel, RatingScale, Report, ReportVersion, Tally
from claims.publishing import diff, markdown
from claims.publishing.document import ReportDocument
from claims.publishing.vocabulary import CORRECTIONS_FEED_KINDS
from claims.web import context, filters, kept_pages, parts, public_report, spans
from claims.web.public_report import Rendered, ReportPage
from claims.web.short_path import KeptAnswer

PER_PAGE = 20
ON_HOME = 9
ORDER = ("-published_at", "-id")
FOLLOWS = frozenset(
    {"verdict.key", "verdict.position", "verdict.definition", "verdict.worst", "verdict.best"}
)
LOGGED = ("-created_at", "-id")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest reports, the first one large."""
    latest = list(queries.public_reports()[:ON_HOME])
    pages = public_report.many(report.current_version for report in latest)
    articles = listing.articles_of(listing.articles()[:4])
    return render(
        request,
        "public/home.html",
        {"lead": pages[0] if pages else None, "pages": pages[1:], "topics": _topics(), "articles": articles},
    )


def _topics() -> list[dict[str, object]]:
    return listing.names("topic", size=30)[0]


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """All reports, by topic, verdict or words where asked for; a part of the address that means nothing is said."""
    chosen = filters.of_reports(request.GET)
    said = listing.not_understood(**chosen)
    chosen = cast(listing.ReportFilter, {**chosen, **dict.fromkeys(said, "")})
    part = _part(request, listing.narrowed(queries.public_reports(), **chosen))
    pages = public_report.many(report.current_version for report in part.rows)
    values = {"pages": pages, "part": part, "topics": _topics(), "levels": _levels(), **chosen,
              "not_understood": list(said.values()),
              "passed_over": [key for name, key, _most in filters.OF_REPORTS if name in said]}  # fmt: skip
    values["none_yet"] = not pages and not tallies.counted(Tally.Kind.ALL)
    values["keep"] = urlencode({key: values[name] for name, key, _most in filters.OF_REPORTS if values[name]})
    return render(request, "public/reports.html", values)


def _part(request: HttpRequest, rows: QuerySet[Report]) -> queries.Slice:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    return queries.page_by_key(rows, ORDER, after=after, before=before, size=PER_PAGE)


def _levels() -> list[RatingLevel]:
    rows = RatingLevel.objects.filter(scale__in_use=True)
    return list(rows.order_by("off_scale", "-value", "position"))


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic with its number of reports, by name."""
    listed, after = listing.names("topic", after=request.GET.get("after", "")[: listing.SLUG], size=200)
    return render(request, "public/topics.html", {"topics": listed, "after": after})


@require_safe
def names(request: HttpRequest, kind: str) -> HttpResponse:
    """Speakers or outlets whose claims were checked, by name."""
    listed, after = listing.names(kind, after=request.GET.get("after", "")[: listing.SLUG])
    return render(request, "public/names.html", {"kind": kind, "names": listed, "after": after})


@require_safe
def record(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """One speaker or outlet: the reports, and counts of verdicts, never a score."""
    part = _part(request, listing.narrowed(queries.public_reports(), **{kind: slug}))
    pages = public_report.many(report.current_version for report in part.rows)
    if not pages:
        raise Http404
    document = pages[0].document
    article = document.claim.article
    name = document.claim.speaker.name if kind == "speaker" and document.claim.speaker else ""
    values = {
        "kind": kind,
        "slug": slug,
        "name": name or (article.outlet if article else ""),
        "role": document.claim.speaker.role if kind == "speaker" and document.claim.speaker else "",
        "pages": pages,
        "part": part,
        "record": listing.record(kind, slug),
        "levels": _levels(),
    }
    return render(request, "public/record.html", values)


def public_or_404(slug: str) -> Report:
    """The public report at this address; drafts do not exist for outsiders."""
    report = Report.objects.public().select_related("current_version").filter(slug=slug).first()
    if report is None or report.current_version is None:
        raise Http404
    return report


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report: one small query says which version stands; its page is made once and kept under its hash."""
    found = kept_pages.standing(slug)
    if found is None:
        raise Http404
    theme, zipped = context.theme_of(request), kept_pages.takes_gzip(request)
    tag = found.tag(theme, zipped=zipped)
    if kept_pages.asks_for(request, tag):
        return _asked_again(HttpResponseNotModified(), tag, found.language)
    page = kept_pages.PAGES.get(found.key("page", theme), lambda: _made(request, slug))
    answer = KeptAnswer(page if zipped else gzip.decompress(page))
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    return _asked_again(answer, tag, found.language)


def make_ready(request: HttpRequest, slug: str) -> None:
    """Make the page of the version that stands now, unless it is kept already."""
    if found := kept_pages.standing(slug):
        key = found.key("page", context.theme_of(request))
        kept_pages.PAGES.get(key, lambda: _made(request, slug))


def _asked_again(response: HttpResponse, tag: str, language: str) -> HttpResponse:
    """To be asked for again each time, so that a correction shows at once; the theme comes from a cookie."""
    response.headers["ETag"] = tag
    response.headers["Content-Language"] = language or "en"
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response


def _made(request: HttpRequest, slug: str) -> bytes:
    found = public_or_404(slug)
    assert found.current_version is not None, "public reports have one"
    page = public_report.of(found.current_version)
    values = {"page": page, "report": found, "site": settings.SITE_URL, "said_in": page.labels}
    with spoken.speaking(page.document.language):
        return kept_pages.zipped(render_to_string("public/report.html", values, request).encode())


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An earlier version, with a bar that says so; not for search engines, without markup."""
    found = public_or_404(slug)
    row = get_object_or_404(ReportVersion, report=found, number=number)
    page = public_report.of(row)
    values = {"page": page, "report": found, "old": row, "site": settings.SITE_URL, "said_in": page.labels}
    with spoken.speaking(page.document.language):
        response = render(request, "public/report.html", values)
    response.headers["Content-Language"] = page.document.language
    return response


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed from version to version."""
    found = public_or_404(slug)
    pages = public_report.many(found.versions.order_by("number"))
    changes = [
        {
            "page": new,
            "change": new.history[0],
            "fields": _changed(old.document, new.document),
        }
        for old, new in itertools.pairwise(pages)
    ]
    values = {"page": pages[-1], "first": pages[0], "changes": changes[::-1], "report": found}
    return in_its_language(request, "public/history.html", values, pages[-1])


def in_its_language(
    request: HttpRequest, template: str, values: dict[str, Any], page: ReportPage, status: int = 200
) -> HttpResponse:
    """A page around a report, in the report's language where its words are in a catalogue."""
    with spoken.speaking(page.document.language):
        response = render(request, template, {**values, "page": page}, status=status)
    response.headers["Content-Language"] = page.frame_language
    return response


def _changed(old: ReportDocument, new: ReportDocument) -> list[diff.FieldChange]:
    """The fields that differ, for readers.

    A source that came or went as a whole is one change, not one for each of its parts; what only follows from
    another verdict (its number, its meaning) is not said again.
    """
    kept = old.source_numbers & new.source_numbers
    follows = FOLLOWS if old.verdict.word != new.verdict.word else frozenset()
    whole: dict[int, ReportDocument] = dict.fromkeys(old.source_numbers - kept, old)
    whole |= dict.fromkeys(new.source_numbers - kept, new)
    found = [
        change
        for change in diff.diff_documents(old, new)
        if change.field not in follows
        and not any(change.field.startswith(f"sources[{number}].") for number in whole)
    ]
    for number, holder in sorted(whole.items()):
        source = next(item for item in holder.sources if item.number == number)
        text = ". ".join(
            part for part in (source.title, source.publisher, source.where, source.quote) if part
        )
        before, after = (text, "") if holder is old else ("", text)
        found.append(
            diff.FieldChange(f"sources[{number}]", before, after, tuple(diff.diff_text(before, after)))
        )
    return found


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Articles of which claims were checked."""
    part = queries.page_by_key(
        listing.articles(), ("-latest", "-id"), after=request.GET.get("after", ""),
        before=request.GET.get("before", ""), size=PER_PAGE * 2,
    )  # fmt: skip
    values = {"articles": listing.articles_of(part.rows), "part": part}
    return render(request, "public/articles.html", values)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The article's own words with every checked claim marked and its verdict beside it; a very long one in parts."""
    found = get_object_or_404(Article.objects.with_public_reports(), slug=slug)
    rows = Report.objects.standing().filter(claim__article=found).select_related("current_version")
    pages = public_report.many(row.current_version for row in rows)
    pages.sort(key=lambda page: page.document.claim.start or 0)
    starts = [page.document.claim.start for page in pages if page.document.claim.start is not None]
    layout = parts.lay(found.text, starts, times=parts.TO_READ)
    asked = request.GET.get("at", "")
    part = layout.at(int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0)
    values = {"article": found, "paragraphs": _annotated(found, pages, part), "pages": pages, "part": part,
              "words_in": found.language or "en"}  # fmt: skip
    return render(request, "public/article.html", values)


def _annotated(found: Article, pages: Sequence[ReportPage], part: parts.Part) -> list[dict[str, object]]:
    """Paragraphs cut at the checked claims; a note stands after the paragraph in which its claim begins."""
    marks = [
        spans.Span(number, page.document.claim.start, page.document.claim.end)
        for number, page in enumerate(pages)
        if page.document.claim.start is not None
        and page.document.claim.end is not None
        and part.low <= page.document.claim.start < part.high
    ]
    laid = []
    for number, paragraph in enumerate(spans.cut(found.text, marks, part.bounds)):
        if number == 0 and part.number == 1 and paragraph.text.strip() == found.title.strip():
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
    """Every correction that readers are told of, newest first, with how many there were of how many reports."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in CORRECTIONS_FEED_KINDS else ""
    rows = ReportVersion.objects.corrections(kind)
    part = queries.page_by_key(
        rows.select_related("report"), LOGGED, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""), size=PER_PAGE,
    )  # fmt: skip
    lines = [_line(row) for row in part.rows]
    values = {
        "lines": lines,
        "part": part,
        "kind": kind,
        "not_understood": [_("There is no kind of correction “%(word)s”.") % {"word": asked[:40]}]
        if asked and not kind
        else [],
        "kinds": [(name, ChangeKind(name).label) for name in ("correction", "verdict_change", "retraction")],
        "reports": tallies.counted(Tally.Kind.ALL),
        "corrected": tallies.counted(Tally.Kind.CORRECTED),
        "keep": f"kind={kind}" if kind else "",
    }
    return render(request, "public/corrections.html", values)


def _line(row: ReportVersion) -> dict[str, object]:
    page = public_report.of(row)
    entry = next(change.entry for change in page.history if change.entry.number == row.number)
    return {
        "entry": entry,
        "title": page.document.headline,
        "slug": row.report.slug,
        "language": page.document.language,
        "label": ChangeKind(row.kind).label,
    }
