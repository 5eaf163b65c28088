"""Files for people and programs: one report, all reports, and the desk's own lists of claims."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.domain import bundles, exports, list_files, listing, queries, report_files
from claims.models import Article, Report
from claims.web import answers, filters
from claims.web.views.public import public_or_404

_OPEN = {"Access-Control-Allow-Origin": "*"}


@require_safe
def report_file(request: HttpRequest, slug: str, file: str) -> HttpResponse:
    """One form of one report: PDF, page in one file, citation, annotation, provenance, data."""
    found = public_or_404(slug)
    assert found.current_version is not None, "public reports have one"
    if file not in report_files.FILES:
        raise Http404
    tag = f'"{found.current_version.sha256[:32]}-{file}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    try:
        form, content = report_files.make(file, found)
    except report_files.NotHere as error:
        return HttpResponse(f"{error}\n", status=404, content_type="text/plain; charset=utf-8")
    except report_files.Busy as error:
        headers = {"Retry-After": "5"}
        return HttpResponse(
            f"{error}\n", status=503, headers=headers, content_type="text/plain; charset=utf-8"
        )
    response = HttpResponse(
        content, content_type=form.content_type, headers={"ETag": tag, **(_OPEN if form.open else {})}
    )
    # A page in one file would be a second page with the same words, and its style stands in it, which our policy
    # forbids to pages of this site: it is there to be saved.
    way = "attachment" if form.as_download else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="{found.slug}-{file}"'
    return response


@require_safe
def article_annotations(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public verdict on one article as a collection of W3C annotations."""
    found = get_object_or_404(Article.objects.with_public_reports(), slug=slug)
    body = json.dumps(report_files.annotations_of(found), ensure_ascii=False, indent=1)
    kind = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    return HttpResponse(body, content_type=kind, headers=_OPEN)


@require_safe
def reports(request: HttpRequest, form: str) -> HttpResponseBase:
    """All public reports, or those of the list with the same filter, as a stream.

    A file that is empty, or full, because the address asks for what is not there would not say so: it is refused.
    """
    if form not in exports.REPORT_FORMS:
        raise Http404
    chosen = filters.of_reports(request.GET)
    if said := listing.not_understood(**chosen):
        text = " ".join(said.values())
        return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")
    tag = f'"{_state(request)}-{form}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    rows = listing.narrowed(queries.public_reports(), **chosen)
    response = _stream(exports.REPORT_FORMS[form], exports.write_reports(form, rows), "reports")
    for name, value in {"ETag": tag, **_OPEN}.items():
        response.headers[name] = value
    return response


@require_safe
def claims(request: HttpRequest, form: str) -> HttpResponseBase:
    """The claims of the desk's list, all its pages, with the filter of the address."""
    if form not in exports.CLAIM_FORMS:
        raise Http404
    person = answers.person_of(request)
    filters.require_understood(request.GET)
    rows = queries.claims(filters.read(request.GET, person))
    return _stream(exports.CLAIM_FORMS[form], exports.write_claims(form, rows, person), "claims")


@require_safe
def listed(request: HttpRequest, form: str, kind: str) -> HttpResponseBase:
    """Another list of the desk, all its pages, with what the address asks for."""
    if form not in list_files.FORMS:
        raise Http404
    return _stream(list_files.FORMS[form], list_files.write(kind, form, request.GET.dict()), kind)


def _stream(form: exports.Form, pieces: Iterator[str | bytes], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_gathered(pieces), content_type=form.content_type)
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.{form.suffix}"'
    return response


def _gathered(pieces: Iterator[str | bytes], size: int = 1 << 14) -> Iterator[bytes]:
    """A few kilobytes at a time: one write for each row would cost more than the row. The first goes out at once."""
    waiting: list[bytes] = []
    length = 0
    sent = False
    for piece in pieces:
        data = piece.encode() if isinstance(piece, str) else piece
        waiting.append(data)
        length += len(data)
        if length >= size or not sent:
            yield b"".join(waiting)
            waiting, length, sent = [], 0, True
    if waiting:
        yield b"".join(waiting)


def _state(request: HttpRequest) -> str:
    """Changes whenever a version is added; the filter of the address belongs to it."""
    text = f"{queries.state_of_reports()} {request.GET.urlencode()} {settings.SITE_URL}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@require_POST
def bundle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A report with all that it rests on, in one zip; for editors, since the trail in it names people."""
    report = get_object_or_404(Report.objects.public(), claim=pk)
    made = bundles.make(report, actor=answers.person_of(request))
    return FileResponse(
        made, as_attachment=True, filename=f"{report.slug}-bundle.zip", content_type="application/zip"
    )
