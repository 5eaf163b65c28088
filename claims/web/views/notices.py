"""Notices: what happened on claims that concern the person, and which of it they want to hear of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import inbox, people, queries
from claims.domain import notices as verbs
from claims.enums import MailRhythm
from claims.exceptions import InvalidInput
from claims.web import answers, filters

NEWEST = ("-created_at", "-id")


@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The person's notices, newest first; a POST marks those up to ``upto`` as read."""
    person = answers.person_of(request)
    if request.method == "POST":
        inbox.read(person, upto=answers.number(request.POST.get("upto")) or 0)
        return redirect("notices")
    only_new = request.GET.get("show") == "new"
    page = queries.page_by_key(
        inbox.of(person, unread=only_new),
        NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    rows = inbox.readable(page.rows, person)
    context = {
        "page": page,
        "rows": rows,
        "only_new": only_new,
        "newest": max((notice.pk for notice in page.rows), default=0),
        "fresh": any(notice.read_at is None for notice in page.rows),
        "labels": dict(verbs.kinds()),
        "later": filters.address(request.GET, after=page.after) if page.after else "",
        "earlier": filters.address(request.GET, before=page.before) if page.before else "",
    }
    return render(request, "desk/notices.html", context)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice is read."""
    inbox.read_one(answers.person_of(request), pk)
    return answers.go(request, answers.next_address(request, reverse("notices")))


@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which notices the person wants in the desk, which by mail, and how often mail comes."""
    person = answers.person_of(request)
    profile = people.profile_of(person)
    error = ""
    if request.method == "POST":
        try:
            inbox.choose(
                person, desk_kinds=request.POST.getlist("desk"), mail_kinds=request.POST.getlist("mail"),
                rhythm=request.POST.get("rhythm", ""),
            )  # fmt: skip
        except InvalidInput as problem:
            error = str(problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("notice-choices")
    wanted = [
        {
            "kind": kind,
            "label": label,
            "always": kind in verbs.ALWAYS,
            "desk": kind in verbs.ALWAYS or kind not in profile.muted_desk,
            "mail": kind in verbs.ALWAYS or kind not in profile.muted,
        }
        for kind, label in verbs.kinds()
    ]
    context = {
        "wanted": wanted,
        "rhythms": MailRhythm.choices,
        "rhythm": profile.mail_rhythm,
        "errors": [{"field": "rhythm", "text": error}] if error else [],
    }
    return render(request, "desk/notice_choices.html", context, status=422 if error else 200)
