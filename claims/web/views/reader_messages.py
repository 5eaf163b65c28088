"""Messages from readers: the public form with its receipt, and the desk's list to answer them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.domain import queries, reader_messages, spoken, transitions
from claims.enums import Action
from claims.exceptions import DeskError
from claims.models import ReaderMessage, Report
from claims.web import answers, filters, problems, public_report
from claims.web.forms_reader import AnswerForm, CorrectForm, MistakeForm
from claims.web.views.public import in_its_language, public_or_404
from factcheck.address import counted_address

PER_PAGE = 30


@require_http_methods(["GET", "POST"])
def report_error(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for one report. A POST that is taken in leads to its receipt; else everything typed is kept."""
    found = public_or_404(slug)
    assert found.current_version is not None, "public reports have one"
    page = public_report.of(found.current_version)
    form = MistakeForm(request.POST if request.method == "POST" else None,
                       initial={"passage": request.GET.get("passage", "")[:1000]})  # fmt: skip
    status = 200
    if request.method == "POST":
        with spoken.speaking(page.document.language):
            made, status = _taken_in(request, found, form)
        if made:
            return redirect("message-receipt", token=made.token)
    form.mark_errors()
    response = in_its_language(
        request, "public/report_error.html", {"form": form, "report": found}, page, status
    )
    if status == 429:
        response.headers["Retry-After"] = "3600"
    response.headers["Cache-Control"] = "no-store"
    return response


def _taken_in(request: HttpRequest, found: Report, form: MistakeForm) -> tuple[ReaderMessage | None, int]:
    """The message, or what was wrong pinned to the form with the status that says so."""
    if not form.is_valid():
        return None, 422
    fields = dict(form.cleaned_data)
    if fields.pop("website"):
        form.add_error(None, _("This was filled in by a program, it seems: one field has to stay empty."))
    for error in reader_messages.wrong(fields):
        answers.pin(form, error)
    if not form.is_valid():
        return None, 422
    try:
        return reader_messages.receive(found, address=counted_address(request) or "", **fields), 200
    except DeskError as error:
        answers.pin(form, error)
        return None, problems.status_of(error)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What became of one message; only who holds its address sees it."""
    found = get_object_or_404(ReaderMessage.objects.select_related("report__current_version"), token=token)
    assert found.report.current_version is not None, "a message is about a published report"
    page = public_report.of(found.report.current_version)
    context = {"message": found, "report": found.report}
    response = in_its_language(request, "public/receipt.html", context, page)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Messages from readers: those without an answer by their due date, or those answered."""
    closed = request.GET.get("show") == "answered"
    rows = reader_messages.answered() if closed else reader_messages.waiting()
    order = ("-created_at", "-id") if closed else ("due_at", "id")
    part = queries.page_by_key(
        rows, order, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=PER_PAGE
    )
    context = {
        "part": part,
        "closed": closed,
        "now": timezone.now(),
        "later": filters.address(request.GET, after=part.after) if part.after else "",
        "earlier": filters.address(request.GET, before=part.before) if part.before else "",
    }
    return render(request, "desk/reader_messages.html", context)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One message with its report beside it; a POST answers it."""
    found = _find(pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            reader_messages.close(pk, actor=answers.person_of(request), **form.cleaned_data)
        except DeskError as error:
            answers.pin(form, error)
            status = problems.status_of(error)
        else:
            messages.success(request, _("Answered: message %(number)s.") % {"number": found.number})
            return answers.go(request, answers.next_address(request, request.path))
    return _page(request, found, form, CorrectForm(), status)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a correction of the report because of this message, and go on to the claim."""
    found = _find(pk)
    form = CorrectForm(request.POST)
    form.is_valid()
    version = answers.number(request.POST.get("version")) or 0
    try:
        reader_messages.correct(
            pk, actor=answers.person_of(request), kind=request.POST.get("kind", ""), version=version
        )
    except DeskError as error:
        answers.pin(form, error)
        return _page(request, found, AnswerForm(), form, problems.status_of(error))
    messages.success(request, _("The correction is open. The message stays here until it is answered."))
    return redirect("claim", pk=found.report.claim_id)


def _find(pk: int) -> ReaderMessage:
    rows = ReaderMessage.objects.select_related(
        "report__claim", "report__current_version", "correction", "closed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, found: ReaderMessage, form: AnswerForm, correct_form: CorrectForm, status: int
) -> HttpResponse:
    form.mark_errors()
    correct_form.mark_errors()
    claim = found.report.claim
    context = {
        "message": found,
        "claim": claim,
        "form": form,
        "correct_form": correct_form,
        "errors": [{"field": correct_form[name].auto_id, "text": text} for name, texts in correct_form.errors.items()
                   if name != "__all__" for text in texts]
        + [{"field": "", "text": text} for text in correct_form.non_field_errors()],
        "may_correct": transitions.can(claim, answers.person_of(request), Action.OPEN_CORRECTION),
        "late": found.closed_at is None and found.due_at < timezone.now(),
    }  # fmt: skip
    return render(request, "desk/reader_message.html", context, status=status)
