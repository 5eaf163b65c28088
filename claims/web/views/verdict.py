"""Writing and reading the verdict: drafts, conflicts, preview and exceptions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims.domain import blind, gates, people, verdicts
from claims.exceptions import Conflict, DeskError, InvalidInput
from claims.models import Claim, Verdict, VerdictRevision
from claims.web import answers, problems, verdict_texts, workbench
from claims.web.forms_claim import ExceptionForm, VerdictForm
from claims.web.report_view import preview as preview_of

# Texts that two people may want to weave into one; of the rest one is taken as it is.
JOINABLE = (
    "headline", "summary", "reasoning", "bullets", "why_checked", "how_read", "not_established", "other_side_queries",
)  # fmt: skip


def _find(pk: int) -> Claim:
    return get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)


def _form(claim: Claim, request: HttpRequest) -> VerdictForm:
    on_scale, off_scale = workbench.levels(claim)
    return VerdictForm([*on_scale, *off_scale], request.POST)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft at the revision that the screen started from.

    ``keep`` comes from the page that compares two drafts: ``theirs`` stores what was typed as a revision too, so
    that the text that lost can be found again.
    """
    claim = _find(pk)
    form = _form(claim, request)
    if not form.is_valid():
        return _not_saved(request, claim, form, InvalidInput(_("The draft was not saved."), ""))
    revision = answers.number(request.POST.get("revision")) or 0
    try:
        stored = verdicts.save_verdict(
            pk, actor=answers.person_of(request), revision=revision, fields=form.values()
        )
        if request.POST.get("keep") == "theirs":
            stored = _back_to(claim, revision, stored, request)
    except DeskError as error:
        return _not_saved(request, claim, form, error)
    if _wants_json(request):
        clock = date_format(timezone.localtime(stored.saved_at), "H:i")
        return JsonResponse({"revision": stored.revision, "said": _("Saved %(time)s") % {"time": clock}})
    messages.success(request, _("Draft saved."))
    return answers.go(request, f"{reverse('claim', args=[pk])}#verdict")


def _back_to(claim: Claim, revision: int, stored: Verdict, request: HttpRequest) -> Verdict:
    """Their text stands again, on top of the one that was typed."""
    theirs = VerdictRevision.objects.filter(claim=claim, revision=revision).first()
    if theirs is None:
        return stored
    fields: dict[str, Any] = {name: getattr(theirs, name) for name in Verdict.TEXT_FIELDS}
    fields["level"] = theirs.level
    return verdicts.save_verdict(
        claim.pk, actor=answers.person_of(request), revision=stored.revision, fields=fields
    )


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _not_saved(request: HttpRequest, claim: Claim, form: VerdictForm, error: DeskError) -> HttpResponse:
    """Nothing typed is lost: a conflict shows both texts, everything else the form again."""
    status = problems.status_of(error)
    if _wants_json(request):
        return JsonResponse({"said": str(error), "conflict": isinstance(error, Conflict)}, status=status)
    if isinstance(error, Conflict):
        return _conflict(request, claim, form, error)
    answers.pin(form, error)
    form.mark_errors()
    person = answers.person_of(request)
    context = workbench.workbench(claim, person)
    context |= {
        "form": form,
        "may_write": True,
        "now": "verdict",
        "chosen": answers.number(request.POST.get("level")),
    }
    return render(request, "desk/claim.html", context, status=status)


def _conflict(request: HttpRequest, claim: Claim, form: VerdictForm, error: Conflict) -> HttpResponse:
    verdict = Verdict.objects.select_related("level", "saved_by").filter(claim=claim).first()
    theirs, mine = verdict_texts.texts_of(verdict), verdict_texts.typed_texts(form.values())
    context = {
        "claim": claim,
        "sentence": str(error),
        "verdict": verdict,
        "who": people.display_name(verdict.saved_by) if verdict else _("somebody"),
        "differences": verdict_texts.differences(theirs, mine),
        "typed": [(name, value) for name, value in request.POST.items() if name in form.fields],
        "joined_names": JOINABLE,
        "revision": verdict.revision if verdict else 0,
    }
    return render(request, "desk/conflict.html", context, status=409)


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a reader will see it: saved, or with POST as it stands in the form. Nothing is saved by it."""
    claim = _find(pk)
    person = answers.person_of(request)
    blind.require_sight(claim, person)
    typed: dict[str, Any] | None = None
    context: dict[str, Any] = {"claim": claim}
    if request.method == "POST":
        form = _form(claim, request)
        form.is_valid()
        typed = form.values()
        context |= {
            "typed": [(name, value) for name, value in request.POST.items() if name in form.fields],
            "revision": request.POST.get("revision", "0"),
        }
    context["report"] = preview_of(claim, person, typed)
    template = "partials/_verdict_report.html" if answers.is_htmx(request) else "desk/preview.html"
    return render(request, template, context)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every saved state of the verdict, each with what changed from the one before."""
    claim = _find(pk)
    blind.require_sight(claim, answers.person_of(request))
    rows = list(
        VerdictRevision.objects.select_related("level", "author")
        .filter(claim=claim)
        .order_by("-revision")[:31]
    )
    states = []
    for at, row in enumerate(rows[:30]):
        former = rows[at + 1] if at + 1 < len(rows) else None
        changes = verdict_texts.differences(verdict_texts.texts_of(former), verdict_texts.texts_of(row))
        states.append({"row": row, "differences": changes})
    return render(request, "desk/history.html", {"claim": claim, "states": states, "more": len(rows) > 30})


@require_http_methods(["GET", "POST"])
def exception(request: HttpRequest, pk: int, gate: str) -> HttpResponse:
    """An editor lets the report pass one of the desk's rules, for a reason that is printed on it."""
    claim = _find(pk)
    rule = next((row for row in gates.GATES if row.key == gate and row.can_be_excepted), None)
    if rule is None:
        raise Http404
    form = ExceptionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            verdicts.except_gate(
                pk, gate, actor=answers.person_of(request), reason=request.POST.get("reason", "")
            )
        except InvalidInput as error:
            answers.pin(form, error)
            status = 422
        else:
            messages.success(request, _("The exception is recorded."))
            return answers.go(request, f"{reverse('claim', args=[pk])}#review")
    form.mark_errors()
    context = {"claim": claim, "form": form, "rule": rule}
    return render(request, "desk/exception.html", context, status=status)
