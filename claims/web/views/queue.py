"""The steps of the whole desk: how much waits, for how long, what was given up, and who is at work."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.domain import people, steps
from claims.domain.progress import queue_overview
from claims.enums import Role
from claims.models import VerificationStep
from claims.web import answers


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Queues, workers and the list of steps that were given up."""
    person = answers.person_of(request)
    context = {"overview": queue_overview(), "may_retry": Role.REVIEWER in people.roles(person)}
    return render(request, "desk/steps_overview.html", context)


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
