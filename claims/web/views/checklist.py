"""The ticks on a claim's checklists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.domain import checklists
from claims.web import answers


@require_POST
def ticks(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep exactly the ticked items (``item``); one press for the whole list."""
    person = answers.require_reviewer(request)
    chosen = [
        number for value in request.POST.getlist("item") if (number := answers.number(value)) is not None
    ]
    changed = checklists.set_ticks(pk, chosen, actor=person)
    messages.success(request, _("The checklist is saved.") if changed else _("Nothing was changed."))
    return answers.go(request, answers.next_address(request, f"{reverse('claim', args=[pk])}#checklist"))
