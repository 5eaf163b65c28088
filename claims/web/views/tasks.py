"""Sources of published reports that died or changed: one page for each, where a person settles it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import health, people
from claims.enums import Role
from claims.exceptions import Conflict, InvalidInput
from claims.models import ReviewTask, SourceCheck
from claims.web import answers, problems
from claims.web.differences import compare

SHOWN = 20_000


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to the source, what it says now beside what it said; a POST settles it with a word."""
    rows = ReviewTask.objects.select_related("claim__report", "evidence__snapshot", "closed_by")
    stored = get_object_or_404(rows, pk=pk)
    person = answers.person_of(request)
    problem, typed, status = "", "", 200
    if request.method == "POST":
        typed = request.POST.get("outcome", "")
        try:
            health.close_task(pk, actor=answers.require_reviewer(request), outcome=typed)
        except (InvalidInput, Conflict) as error:
            problem, status = str(error), problems.status_of(error)
            stored = rows.get(pk=pk)
        else:
            messages.success(request, _("Settled."))
            return redirect("my-work")
    look = SourceCheck.objects.select_related("snapshot").filter(evidence=stored.evidence).first()
    before = stored.evidence.snapshot.text[:SHOWN] if stored.evidence.snapshot else ""
    now = look.snapshot.text[:SHOWN] if look is not None and look.snapshot else ""
    context = {
        "task": stored,
        "claim": stored.claim,
        "item": stored.evidence,
        "look": look,
        "changes": compare(before, now) if before and now else [],
        "errors": [{"field": "outcome", "text": problem}] if problem else [],
        "typed": typed,
        "may_settle": Role.REVIEWER in people.roles(person) and stored.closed_at is None,
    }
    return render(request, "desk/task.html", context, status=status)
