"""Notices: what happened on claims that concern the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from claims.domain import desk, queries
from claims.models import Notification
from claims.web import answers, filters

NEWEST = ("-created_at", "-id")


@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The person's notices, newest first; a POST marks those up to ``upto`` as read."""
    person = answers.person_of(request)
    if request.method == "POST":
        desk.read_notices(person, upto=answers.number(request.POST.get("upto")) or 0)
        return redirect("notices")
    rows = Notification.objects.filter(person=person).select_related("claim").order_by(*NEWEST)
    page = queries.page_by_key(
        rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "page": page,
        "newest": max((notice.pk for notice in page.rows), default=0),
        "fresh": any(notice.read_at is None for notice in page.rows),
        "later": filters.address(request.GET, after=page.after) if page.after else "",
        "earlier": filters.address(request.GET, before=page.before) if page.before else "",
    }
    return render(request, "desk/notices.html", context)
