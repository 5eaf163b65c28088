"""Sources on a claim: add, change, take back, put into order. Each has a page of its own, so it works anywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import evidence, library, verdicts
from claims.enums import Stance
from claims.exceptions import DeskError, InvalidInput
from claims.models import Claim, Evidence, LibraryDocument
from claims.web import answers, meeting, problems, workbench
from claims.web.forms_evidence import EvidenceForm


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a source."""
    claim = get_object_or_404(Claim.objects.select_related("article"), pk=pk)
    person = answers.require_reviewer(request)
    if request.method == "GET":
        verdicts.require_writer(claim, person)
        form = EvidenceForm(initial=_prefilled(request))
        return _page(request, claim, form)
    form = EvidenceForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            return _page(request, claim, form, status=422)
        verdicts.require_writer(claim, person)
        typed = dict(form.cleaned_data)
        item = evidence.add_evidence(pk, actor=person, fields=_with_file(form, person))
    except DeskError as error:
        answers.pin(form, error)
        if isinstance(error, InvalidInput) and not typed.get("file") and not typed.get("document"):
            _pin_the_rest(form, typed)
        return _page(request, claim, form, status=problems.status_of(error))
    messages.success(request, _("Added: source [%(number)s].") % {"number": item.number})
    return answers.go(request, f"{reverse('claim', args=[pk])}#source-{item.number}")


def _pin_the_rest(form: EvidenceForm, typed: dict[str, Any]) -> None:
    """Say all that is wrong at once. What comes from a file or the library is not typed, so it is not missed here."""
    for problem in evidence.wrong(typed):
        if problem.field not in form.errors:
            answers.pin(form, problem)


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """What a step found, offered as the beginning of a source. It is only offered: a person adds it."""
    names = ("url", "title", "publisher", "quote", "document", "kind", "proposed")
    return {name: request.GET.get(name, "") for name in names}


def _with_file(form: EvidenceForm, person: User) -> dict[str, Any]:
    """What was typed, with the chosen file kept in the library; it is not asked for again when something else is wrong."""
    fields = dict(form.cleaned_data)
    upload = fields.pop("file", None)
    if upload is not None:
        about = {name: fields[name] for name in ("title", "publisher", "kind")}
        document = library.add_file(
            upload.read(), upload.name, actor=person, content_type=upload.content_type or "", fields=about
        )
        fields["document"] = document.pk
        again: Any = form.data
        form.data = again.copy()  # what is shown again names the kept file
        again = form.data
        again["document"] = str(document.pk)
    return fields


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source."""
    item = get_object_or_404(Evidence.objects.select_related("claim__article"), pk=pk)
    person = answers.require_reviewer(request)
    if request.method == "GET":
        verdicts.require_writer(item.claim, person)
        return _page(request, item.claim, EvidenceForm.of(item), item)
    form = EvidenceForm.of(item, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, item.claim, form, item, status=422)
    try:
        verdicts.require_writer(item.claim, person)
        evidence.change_evidence(pk, actor=person, fields=_with_file(form, person), seen=form.opened)
    except DeskError as error:
        item.refresh_from_db()
        met = meeting.refused(form, error, item, EvidenceForm.of(item))
        return _page(request, item.claim, form, item, status=problems.status_of(error), met=met)
    messages.success(request, _("Saved: source [%(number)s].") % {"number": item.number})
    return answers.go(request, f"{reverse('claim', args=[item.claim_id])}#source-{item.number}")


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a source back; its number is not given again."""
    item = get_object_or_404(Evidence.objects.select_related("claim"), pk=pk)
    person = answers.require_reviewer(request)
    verdicts.require_writer(item.claim, person)
    if request.method == "GET":
        return render(request, "desk/evidence_take_back.html", {"claim": item.claim, "item": item})
    evidence.withdraw_evidence(pk, actor=person, reason=request.POST.get("reason", "").strip())
    messages.success(request, _("Taken back: source [%(number)s].") % {"number": item.number})
    return answers.go(request, f"{reverse('claim', args=[item.claim_id])}#evidence")


@require_POST
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a source one place up or down among those of its stance."""
    item = get_object_or_404(
        Evidence.objects.standing(), pk=pk
    )  # one that was taken back meanwhile has no place
    person = answers.require_reviewer(request)
    rows = list(Evidence.objects.standing().filter(claim_id=item.claim_id))
    same = [row.pk for row in rows if row.stance == item.stance]
    at = same.index(item.pk)
    to = at - 1 if request.POST.get("to") == "up" else at + 1
    if 0 <= to < len(same):
        order = [row.pk for row in rows]
        one, other = order.index(same[at]), order.index(same[to])
        order[one], order[other] = order[other], order[one]
        evidence.arrange_evidence(item.claim_id, order, actor=person)
    if answers.is_htmx(request):
        claim = get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=item.claim_id)
        context = {**workbench.sources(claim, person), "focus": item.number}
        return render(request, "partials/_evidence.html", context)
    return answers.go(request, f"{reverse('claim', args=[item.claim_id])}#source-{item.number}")


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The sources as they were dragged: ``order`` (ids by commas) and, where one changed its column, ``stance``."""
    claim = get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)
    person = answers.require_reviewer(request)
    asked = (answers.number(text) for text in request.POST.get("order", "").split(","))
    wanted = [found for found in asked if found]
    number = answers.number(request.POST.get("moved")) or 0
    moved = Evidence.objects.standing().filter(claim=claim, pk=number).first()
    stance = request.POST.get("stance")
    with transaction.atomic():
        if moved is not None and stance in Stance.values and moved.stance != stance:
            evidence.change_evidence(moved.pk, actor=person, fields={"stance": stance})
        evidence.arrange_evidence(pk, wanted, actor=person)
    if not answers.is_htmx(request):
        return answers.go(request, workbench.address(claim, "evidence"))
    context = {**workbench.sources(claim, person), "focus": moved.number if moved else None}
    return render(request, "partials/_evidence.html", context)


def _page(
    request: HttpRequest,
    claim: Claim,
    form: EvidenceForm,
    item: Evidence | None = None,
    status: int = 200,
    met: meeting.Met | None = None,
) -> HttpResponse:
    if item is None:
        form.propose_kind(reverse("evidence-add", args=[claim.pk]))
    form.mark_errors()
    chosen = answers.number(str(form["document"].value() or ""))
    document = LibraryDocument.objects.readable().filter(pk=chosen).first() if chosen else None
    context = {"claim": claim, "form": form, "item": item, "document": document, "met": met}
    panel = answers.is_htmx(request) and request.headers.get("HX-Target") in {
        "evidence-panel",
        "evidence-kind",
    }
    template = "partials/_evidence_form.html" if panel else "desk/evidence.html"
    return render(request, template, context, status=status)
