"""All keys on one page, and the switch that turns the single ones off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import desk, people
from claims.web import answers


@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The list of keys; a POST switches the single ones on or off for this person."""
    person = answers.person_of(request)
    profile = people.profile_of(person)
    if request.method == "POST":
        wanted = request.POST.get("single_keys") == "on"
        desk.save_working_life(person, away_until=profile.away_until, single_keys=wanted)
        messages.success(request, _("Single keys are on.") if wanted else _("Single keys are off."))
        return redirect("keys")
    return render(request, "desk/keys.html", {"profile": profile})
