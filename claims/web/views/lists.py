"""Saved lists: keeping the address one looks at under a name, and looking after those one has."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import views
from claims.exceptions import InvalidInput
from claims.models import SavedView
from claims.web import answers, filters, problems
from claims.web.forms_desk import SavedViewForm


@require_http_methods(["GET", "POST"])
def saved(request: HttpRequest) -> HttpResponse:
    """One's saved lists and those of the desk; with POST, the present address gets a name."""
    if request.method == "GET":
        return _page(request, SavedViewForm(initial=_asked(request)))
    form = SavedViewForm(request.POST)
    form.is_valid()
    typed = form.cleaned_data
    try:
        view = views.save_view(
            actor=answers.person_of(request), place=typed.get("place", ""), name=typed.get("name", ""),
            query=filters.to_keep(typed.get("query", "")), shared=typed.get("shared", False),
        )  # fmt: skip
    except InvalidInput as error:
        answers.pin(form, error)
        return _page(request, form, problems.status_of(error))
    messages.success(request, _("Saved: the list “%(name)s”.") % {"name": view.name})
    return answers.go(request, f"{reverse(view.place)}?{view.query}")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved list. The claims on it stay where they are."""
    try:
        name = views.remove_view(pk, actor=answers.person_of(request))
    except InvalidInput as error:
        return problems.refusal(request, error)
    messages.success(request, _("Removed: the list “%(name)s”.") % {"name": name})
    return answers.go(request, reverse("saved-lists"))


def _asked(request: HttpRequest) -> dict[str, str]:
    place = request.GET.get("place", "")
    return {
        "place": place if place in SavedView.Place.values else SavedView.Place.CLAIMS,
        "query": filters.to_keep(request.GET.get("query", "")),
    }


def _page(request: HttpRequest, form: SavedViewForm, status: int = 200) -> HttpResponse:
    form.mark_errors()
    person = answers.person_of(request)
    rows = [view for place in SavedView.Place.values for view in views.open_to(person, place)]
    place, query = form["place"].value(), form["query"].value()
    now = f"{reverse(place)}?{filters.to_keep(query or '')}" if place in SavedView.Place.values else ""
    return render(request, "desk/lists.html", {"form": form, "lists": rows, "now": now}, status=status)
