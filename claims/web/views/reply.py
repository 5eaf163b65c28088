"""The right of reply: whether the speaker was asked, each time they were, and what they answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import replies, verdicts
from claims.exceptions import DeskError
from claims.models import Claim, ReplyAttempt, RightOfReply
from claims.web import answers, meeting, problems, workbench
from claims.web.forms_claim import AttemptForm, ReplyForm


def _find(pk: int) -> Claim:
    return get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Record whether the speaker was asked, and what came of it."""
    claim = _find(pk)
    person = answers.require_reviewer(request)
    stored = getattr(claim, "right_of_reply", None)
    if request.method == "GET":
        verdicts.require_writer(claim, person)
        return render(request, "desk/reply.html", {"claim": claim, "form": ReplyForm.of(stored)})
    form = ReplyForm.of(stored, request.POST)
    status, met = 422, None
    if form.is_valid():
        try:
            verdicts.save_reply(pk, actor=person, fields=form.values(), seen=form.opened)
        except DeskError as error:
            stored = RightOfReply.objects.select_related("saved_by").filter(claim=claim).first()
            met = meeting.refused(form, error, stored, ReplyForm.of(stored))
            status = problems.status_of(error)
        else:
            messages.success(request, _("Saved: the right of reply."))
            return answers.go(request, workbench.address(claim, "reply"))
    form.mark_errors()
    return render(request, "desk/reply.html", {"claim": claim, "form": form, "met": met}, status=status)


@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Log that the speaker was asked once more."""
    claim = _find(pk)
    person = answers.require_reviewer(request)
    if request.method == "GET":
        verdicts.require_writer(claim, person)
        return _entry_page(request, claim, AttemptForm())
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, claim, form, status=422)
    try:
        replies.log_attempt(pk, actor=person, fields=form.cleaned_data)
    except DeskError as error:
        answers.pin(form, error)
        return _entry_page(request, claim, form, status=problems.status_of(error))
    messages.success(request, _("Logged: the speaker was asked."))
    return answers.go(request, workbench.address(claim, "reply"))


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry of the log: add the answer, or mend what was written down."""
    stored = get_object_or_404(ReplyAttempt, pk=pk)
    claim = _find(stored.claim_id)
    person = answers.require_reviewer(request)
    if request.method == "GET":
        verdicts.require_writer(claim, person)
        return _entry_page(request, claim, AttemptForm.of(stored), stored)
    form = AttemptForm.of(stored, request.POST)
    if not form.is_valid():
        return _entry_page(request, claim, form, stored, 422)
    try:
        replies.change_attempt(pk, actor=person, fields=form.cleaned_data, seen=form.opened)
    except DeskError as error:
        stored.refresh_from_db()
        met = meeting.refused(form, error, stored, AttemptForm.of(stored))
        return _entry_page(request, claim, form, stored, problems.status_of(error), met)
    messages.success(request, _("Saved: the right of reply."))
    return answers.go(request, workbench.address(claim, "reply"))


def _entry_page(
    request: HttpRequest,
    claim: Claim,
    form: AttemptForm,
    stored: ReplyAttempt | None = None,
    status: int = 200,
    met: meeting.Met | None = None,
) -> HttpResponse:
    form.mark_errors()
    context = {"claim": claim, "form": form, "entry": stored, "met": met}
    return render(request, "desk/reply_entry.html", context, status=status)
