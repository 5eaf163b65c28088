"""The steps of the whole desk: how much waits, for how long, what was given up, and who is at work."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from claims.domain import audit_heads, budgets, people, steps
from claims.domain.progress import queue_overview
from claims.enums import Role
from claims.exceptions import InvalidInput
from claims.models import VerificationStep
from claims.web import answers


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Queues, workers, limits of services, and the list of steps that were given up."""
    return _page(request)


def _page(
    request: HttpRequest, problem: str = "", at: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    held = people.roles(answers.person_of(request))
    context = {
        "overview": queue_overview(),
        "budgets": budgets.overview(),
        "head_problem": audit_heads.problem(),
        "may_retry": Role.REVIEWER in held,
        "may_limit": Role.EDITOR in held,
        "errors": [{"field": f"daily-{at}", "text": problem}] if problem else [],
        "problem_at": at,
        "typed": typed,
    }
    return render(request, "desk/steps_overview.html", context, status=status)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a step that was given up once more, or set it aside (``do``)."""
    person = answers.require_reviewer(request)
    step = get_object_or_404(VerificationStep, pk=pk)
    if request.POST.get("do") == "dismiss":
        steps.dismiss_dead(step, actor=person)
        messages.success(request, _("Set aside."))
    else:
        steps.retry_dead(step, actor=person)
        messages.success(request, _("It is tried once more."))
    return redirect("steps-overview")


@require_POST
def all_again(request: HttpRequest) -> HttpResponse:
    """Try the whole list of steps that were given up once more."""
    count = steps.retry_all_dead(actor=answers.require_reviewer(request))
    words = ngettext("%(count)d step is tried again.", "%(count)d steps are tried again.", count)
    messages.success(request, words % {"count": count})
    return redirect("steps-overview")


@require_POST
def limit(request: HttpRequest, kind: str) -> HttpResponse:
    """Set how many requests a day go to one service; an empty field lifts the limit."""
    person = answers.require_reviewer(request)
    typed = request.POST.get("daily", "").strip()
    try:
        daily = answers.number(typed)
        if typed and daily is None:
            raise InvalidInput(
                _("Enter a number of requests a day, or leave it empty for no limit."), "daily"
            )
        budgets.set_limit(kind, daily, actor=person)
    except InvalidInput as error:
        return _page(request, str(error), kind, typed, status=422)
    messages.success(request, _("Saved. Steps that waited for this limit go on now."))
    return redirect("steps-overview")
