"""The door as the web shows it: the press of a button, and the pages of the moves that ask for more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import blind, house_rules, public_notes, transitions
from claims.enums import Action
from claims.exceptions import Conflict, DeskError, InvalidInput, NotAllowed, TransitionRefused
from claims.models import Claim
from claims.web import answers, problems, proposed_notes
from claims.web.forms_claim import MoveForm, asks_more
from claims.web.views import triage
from claims.web.wording import consequences, said
from claims.workflow.table import UNDOABLE

# After these, readers see something else than before: the line leads to it.
TO_READERS = frozenset({Action.PUBLISH, Action.PUBLISH_CORRECTION, Action.RETRACT})
# What is shown again to whoever wrote it when a colleague was faster.
_WRITTEN = ("public_note", "reason", "note")
_ROWS = ("article", "speaker", "assignee", "second_reader", "verdict__level", "report__current_version")


@require_POST
def transition(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a claim: ``action`` and ``version``, with ``reason`` and whatever else the action needs.

    Answers with a redirect to ``next`` (or the claim), for the reader with the changed parts alone. 403, 409 and
    422 come with the sentence of the refusal, and with what was typed still in the form.
    """
    return _press(request, pk, request.POST.get("action", ""))


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The page of one move: what it asks for, and what will happen."""
    if action not in Action.values:
        raise Http404
    if request.method == "POST":
        return _press(request, pk, action)
    claim = get_object_or_404(Claim.objects.select_related(*_ROWS), pk=pk)
    initial = {
        "decline_reason": request.GET.get("decline_reason", ""),
        "public_note": public_notes.text_for(claim, action),
    }
    form = MoveForm(action, claim, initial=initial)
    return _page(request, claim, action, form)


def _press(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.select_related(*_ROWS), pk=pk)
    person = answers.person_of(request)
    form = MoveForm(action, claim, request.POST)
    form.is_valid()
    version = answers.number(request.POST.get("version"))
    try:
        if version is None:
            raise InvalidInput(
                _("The page was out of date. It has been read again; press the button once more.")
            )
        proposed_notes.require_seen(claim, action, request.POST)
        moved = transitions.transition(
            pk, action, actor=person, version=version, reason=_reason(request), payload=form.payload()
        )
    except DeskError as error:
        return _refused(request, claim, action, form, error)
    if request.POST.get("view") == "reader" and answers.is_htmx(request):
        return triage.decided(request, moved, action)
    undo = f"undo-{moved.pk}-{moved.version}" if action in UNDOABLE else ""
    shown = f"report-{moved.report.slug}" if action in TO_READERS else ""
    messages.success(request, said(moved, action), extra_tags=undo or shown)
    return answers.go(request, answers.next_address(request, reverse("claim", args=[pk])))


def _reason(request: HttpRequest) -> str:
    """The reason typed; for a declined claim the one chosen from the list stands in its place."""
    typed = request.POST.get("reason", "").strip()
    chosen = request.POST.get("decline_reason", "")
    return typed or house_rules.reason_label(chosen)


def _refused(
    request: HttpRequest, claim: Claim, action: str, form: MoveForm, error: DeskError
) -> HttpResponse:
    """The refusal in the shape the page can show: the changed card, the form again, or a page of its own."""
    if request.POST.get("view") == "reader" and answers.is_htmx(request):
        return triage.refused(request, claim, error)
    if isinstance(error, Conflict):
        claim.refresh_from_db()
        return render(
            request, "desk/conflict_move.html", _conflict(request, claim, action, error), status=409
        )
    if isinstance(error, NotAllowed) or action not in Action.values or not asks_more(action):
        if isinstance(error, TransitionRefused) and error.failing:
            return _page(request, claim, action, form, error)
        return problems.refusal(request, error)
    answers.pin(form, error)
    return _page(request, claim, action, form, error)


def _conflict(request: HttpRequest, claim: Claim, action: str, error: Conflict) -> dict[str, Any]:
    person = answers.person_of(request)
    blind.veil([claim], person)
    return {
        "claim": claim,
        "sentence": str(error),
        "wanted": Action(action).label if action in Action.values else "",
        "typed": next((text for name in _WRITTEN if (text := request.POST.get(name, "").strip())), ""),
        "moves": transitions.available(claim, person),
        "next": answers.next_address(request, reverse("claim", args=[claim.pk])),
    }


def _page(
    request: HttpRequest, claim: Claim, action: str, form: MoveForm, error: DeskError | None = None
) -> HttpResponse:
    person = answers.person_of(request)
    blind.veil([claim], person)
    offered = next((m for m in transitions.available(claim, person) if m.action == action), None)
    if offered is None and error is None:
        raise NotAllowed(
            _("“%(action)s” is not open to you on this claim now.") % {"action": Action(action).label}
        )
    form.mark_errors()
    typed = form["public_note"].value() or "" if "public_note" in form.fields else ""
    failing: list[dict[str, Any]] = (
        _without_field(error, form) if isinstance(error, TransitionRefused) else []
    )
    if not isinstance(error, TransitionRefused) and offered is not None:
        failing = [dict(denial.as_dict()) for denial in offered.denials]
    context = {
        "claim": claim,
        "action": action,
        "label": Action(action).label,
        "offered": offered,
        "form": form,
        "failing": failing,
        "happens": consequences(claim, action),
        "grave": action in {Action.RETRACT, Action.PROPOSE_RETRACTION},
        "next": answers.next_address(request, reverse("claim", args=[claim.pk])),
        "version": request.POST.get("version") or claim.version,
        "note": proposed_notes.for_move(claim, action, person, typed),
    }
    return render(request, "desk/move.html", context, status=problems.status_of(error) if error else 200)


def _without_field(error: TransitionRefused, form: MoveForm) -> list[dict[str, Any]]:
    """What is missing but for what stands at a field of the form, and in the summary of its errors."""
    shown = {sentence for name, sentence in error.fields.items() if name in form.fields}
    return [item for item in error.failing if f"{item['reason']} {item['remedy']}".strip() not in shown]
