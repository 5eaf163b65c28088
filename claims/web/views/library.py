"""The source library: the list with its search, a document's page and file, and how one comes in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.domain import library, people, queries
from claims.enums import DocumentState, Role
from claims.exceptions import DeskError, InvalidInput
from claims.models import LibraryDocument
from claims.web import answers, filters, polling
from claims.web.forms_library import AboutForm, DocumentForm

NEWEST = ("-created_at", "-id")
TEXT_SHOWN = 60_000


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The documents, newest first, or those in which all words of ``q`` stand, each with its passage."""
    words = request.GET.get("q", "").strip()[:200]
    rows = library.search(words)
    page = queries.page_by_key(
        rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    count, more = queries.capped_count(rows)
    context = {
        "found": library.passages(page.rows, words),
        "words": words,
        "count": count,
        "more": more,
        "later": filters.address(request.GET, after=page.after) if page.after else "",
        "earlier": filters.address(request.GET, before=page.before) if page.before else "",
        "may_add": Role.REVIEWER in people.roles(answers.person_of(request)),
    }
    return render(request, "desk/library.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload a document or name its address. What was typed comes back with an error."""
    person = answers.require_reviewer(request)
    if request.method != "POST":
        return render(request, "desk/document_new.html", {"form": DocumentForm(), "way": "file"})
    form = DocumentForm(request.POST, request.FILES)
    way = "url" if request.POST.get("way") == "url" else "file"
    if form.is_valid():
        try:
            document = _receive(form, way, person)
        except DeskError as error:
            answers.pin(form, error)
        else:
            messages.success(request, _("It is in the library."))
            return redirect("document", document.pk)
    form.mark_errors()
    return render(request, "desk/document_new.html", {"form": form, "way": way}, status=422)


def _receive(form: DocumentForm, way: str, person: User) -> LibraryDocument:
    if way == "url":
        return library.add_url(form.cleaned_data["url"], actor=person, fields=form.known())
    upload = form.cleaned_data["file"]
    if upload is None:
        raise InvalidInput(_("Choose a file."), "file")
    return library.add_file(
        upload.read(), upload.name, actor=person, content_type=upload.content_type or "", fields=form.known()
    )


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: what it is, its text, and which sources cite it; a POST changes what is known about it."""
    stored = get_object_or_404(LibraryDocument.objects.select_related("added_by", "snapshot"), pk=pk)
    person = answers.person_of(request)
    form, status = AboutForm.about(stored), 200
    if request.method == "POST":
        form = AboutForm.about(stored, request.POST)
        if form.is_valid():
            try:
                library.change(pk, actor=answers.require_reviewer(request), fields=form.known())
            except InvalidInput as error:
                answers.pin(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("document", pk)
        form.mark_errors()
        status = 422
    text = stored.snapshot.text if stored.snapshot else ""
    cited = stored.snapshot.evidence.standing().select_related("claim")[:20] if stored.snapshot else []
    context = {
        "document": stored,
        "form": form,
        "text": text[:TEXT_SHOWN],
        "is_cut": len(text) > TEXT_SHOWN,
        "cited": cited,
        "on_its_way": stored.state == DocumentState.FETCHING,
        "delay": polling.delay(answers.number(request.GET.get("asked")) or 0),
        "may_change": Role.REVIEWER in people.roles(person) and stored.withdrawn_at is None,
    }
    return render(request, "desk/document.html", context, status=status)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The kept bytes, always to be saved and never shown: what somebody uploaded is not a page of ours."""
    stored = get_object_or_404(LibraryDocument.objects.select_related("snapshot"), pk=pk)
    if stored.snapshot is None:
        raise Http404
    name = stored.original_name or f"{stored.snapshot.sha256[:12]}.bin"
    answer = HttpResponse(bytes(stored.snapshot.content), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document out, or try to fetch it once more (``do``)."""
    person = answers.require_reviewer(request)
    stored = get_object_or_404(LibraryDocument, pk=pk)
    try:
        if request.POST.get("do") == "retry":
            library.retry(stored, actor=person)
            return redirect("document", pk)
        library.take_out(pk, actor=person)
    except DeskError as error:
        messages.error(request, str(error))
        return redirect("document", pk)
    messages.success(request, _("Taken out of the library. Sources that cite it keep their copy."))
    return redirect("library")
