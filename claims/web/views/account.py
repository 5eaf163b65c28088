"""One's own account: absence, keys, mails, password, keys to the API. And the colours, also for guests."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import desk, factors, passkeys, people, sessions, tokens
from claims.exceptions import DeskError
from claims.integrations import openid
from claims.models import ApiToken
from claims.models.access import SessionStore
from claims.web import answers
from claims.web.context import THEMES
from claims.web.forms_desk import TokenForm, WorkingLifeForm

YEAR = 60 * 60 * 24 * 365


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What the person may change about their own days on the desk."""
    person = answers.person_of(request)
    if request.method != "POST":
        return _page(request, person)
    form = WorkingLifeForm(request.POST)
    if not form.is_valid():
        form.mark_errors()
        return _page(request, person, life=form, status=422)
    desk.save_working_life(person, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("account")


def _page(
    request: HttpRequest, person: User, *, life: WorkingLifeForm | None = None, token: TokenForm | None = None,
    secret: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    has_app, keys = factors.has_app(person), passkeys.of(person)
    context = {
        "life": life or WorkingLifeForm.of(people.profile_of(person)),
        "token_form": token or TokenForm(),
        "form": token or life,
        "tokens": tokens.living(person),
        "secret": secret,
        "provider": openid.label() if openid.configured() else "",
        "second_step": has_app or bool(keys),
        "has_app": has_app,
        "passkeys": keys,
        "codes_left": factors.codes_left(person),
        "log_ins": list(sessions.of(person)[:20]),
        "this_log_in": SessionStore.row_key(request.session.session_key),
    }
    return render(request, "desk/account.html", context, status=status)


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a key to the API; the answer to this very request is the only page that shows it."""
    person = answers.person_of(request)
    form = TokenForm(request.POST)
    if form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            _token, secret = tokens.create(person, values["name"], scope=values["scope"], days=values["days"])
        except DeskError as error:
            answers.pin(form, error)
        else:
            return _page(request, person, secret=secret)
    form.mark_errors()
    return _page(request, person, token=form, status=422)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """The key stops working with the next request."""
    person = answers.person_of(request)
    tokens.revoke(get_object_or_404(ApiToken, pk=pk, person=person), actor=person)
    messages.success(request, _("Revoked. Whatever used it is locked out now."))
    return redirect("account")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device has it, kept in a cookie that holds nothing else."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(answers.next_address(request, reverse("home")))
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response
