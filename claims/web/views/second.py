"""The second step of the log-in: asked for after the password, set up and taken away on the account page."""

from __future__ import annotations

import time
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as log_in
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import factors, passkeys, people, sessions
from claims.domain.passkeys import Purpose
from claims.exceptions import InvalidInput, TooMany
from claims.models import DeskSettings
from claims.models.access import SessionStore
from claims.web import answers, known_browsers, pictures

# What the session holds between password and code: whose, since when, and where to go then.
WAITING = "second_step"
WAIT_SECONDS = 300
TOO_MANY = "too many"


class CodeForm(forms.Form):
    """Six digits from the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code from your app, or a recovery code"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the code that your app shows")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


class PasswordForm(forms.Form):
    """The present password, before something that opens or closes a door."""

    password = forms.CharField(
        label=gettext_lazy("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your present password")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


def ask(request: HttpRequest, person: User, then: str) -> HttpResponse:
    """After the right password: nobody is logged in yet, the code comes first."""
    request.session.flush()
    request.session[WAITING] = {
        "person": person.pk, "backend": person.backend, "at": time.time(), "next": then,
        "password": person.get_session_auth_hash(),
    }  # fmt: skip
    return redirect("login-second")


def waiting(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who has given the right password in this session, not longer than five minutes ago, and is not in yet."""
    held = request.session.get(WAITING)
    if not held or time.time() - float(held["at"]) > WAIT_SECONDS:
        return None
    person = User.objects.filter(pk=held["person"], is_active=True).first()
    if person is None or not constant_time_compare(held.get("password", ""), person.get_session_auth_hash()):
        return None  # gone, or the password that was right is not any more
    return person, held


@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code or the passkey. Wrong codes count as wrong passwords do, in the same lock."""
    found = waiting(request)
    if found is None:
        request.session.pop(WAITING, None)
        return redirect("login")
    person, held = found
    has_key = factors.has_passkey(person)
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    errors: list[dict[str, str]] = []
    status = 200
    if request.method == "POST":
        credentials = {"username": person.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            answer: HttpResponse = get_lockout_response(request, credentials=credentials)
            return answer
        problem = (
            _key_problem(request, person)
            if "passkey" in request.POST
            else _code_problem(request, person, form)
        )
        if not problem:
            request.session.pop(WAITING, None)
            log_in(request, person, backend=held["backend"])
            return HttpResponseRedirect(held["next"] or resolve_url(settings.LOGIN_REDIRECT_URL))
        status = 429 if problem == TOO_MANY else 422
        errors = [] if form.is_bound else [{"field": "", "text": problem}]
        answers.mark(form)
    if not factors.has_app(person):
        form.fields["code"].label = _("Recovery code")
    context = {"form": form, "errors": errors, "has_key": has_key, "has_app": factors.has_app(person)}
    return render(request, "registration/second.html", context, status=status)


def _code_problem(request: HttpRequest, person: User, form: CodeForm) -> str:
    """What is wrong with the code that was typed, also noted in the form; empty when it opens the desk."""
    if not form.is_bound:
        form.is_bound, form.data = True, request.POST
    if not form.is_valid():
        return "empty"
    try:
        if factors.check(
            person, form.cleaned_data["code"], known=known_browsers.mark_of(request, person, by_mail=False)
        ):
            return ""
    except TooMany as error:
        answers.pin(form, error)
        return TOO_MANY
    user_login_failed.send(sender=__name__, credentials={"username": person.get_username()}, request=request)
    problem = _("This code does not fit, or it was used already. Type the next one.")
    form.add_error("code", problem)
    return problem


def _key_problem(request: HttpRequest, person: User) -> str:
    """Why the passkey opens nothing; it cannot be guessed, so it counts in no lock."""
    here = SessionStore.row_key(request.session.session_key)
    try:
        passkeys.use(Purpose.SECOND, request.POST["passkey"], here, person)
    except InvalidInput as error:
        return str(error)
    return ""


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the key for the app and take the first code; then the recovery codes, this once."""
    person = answers.person_of(request)
    if factors.has_app(person):
        return _in_use(request, person)
    secret = factors.begin(person)
    # A POST without a code comes from the page that asked for a proof before this one.
    typed = "code" in request.POST
    form = CodeForm(request.POST if typed else None)
    status = 200
    if typed:
        status = 422
        if form.is_valid():
            here = SessionStore.row_key(request.session.session_key)
            try:
                codes = factors.confirm(person, form.cleaned_data["code"], keep_session=here)
            except InvalidInput as error:
                answers.pin(form, error)
            else:
                if codes:
                    return render(request, "desk/second_codes.html", {"codes": codes})
                messages.success(request, _("The authenticator app is set up."))
                return redirect("account")
        answers.mark(form)
    form.fields["code"].label = _("Code from your app")
    desk = DeskSettings.objects.filter(pk=1).values_list("name", flat=True).first() or "Plumbline"
    address = factors.address_for_app(person, secret, desk)
    context = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "address": address,
        "picture": pictures.qr(address),
        "required": factors.is_missing(person),
    }
    return render(request, "desk/second_set_up.html", context, status=status)


def _in_use(request: HttpRequest, person: User) -> HttpResponse:
    """What can be done about an app in use."""
    if request.method == "POST":
        if request.POST.get("do") == "codes":
            return render(request, "desk/second_codes.html", {"codes": factors.new_codes(person)})
        if request.POST.get("do") == "off":
            factors.switch_off(person.pk, actor=person)
            messages.success(
                request,
                _("The app is off. Your passkeys still open the desk.")
                if factors.has(person)
                else _("The second step is off. Your password alone opens the desk."),
            )
            return redirect("account")
    required = factors.is_required(person) and not factors.has_passkey(person)
    context = {"left": factors.codes_left(person), "required": required}
    return render(request, "desk/second_in_use.html", context)


@require_POST
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """An editor takes the second step of a colleague away, who lost phone and paper."""
    person = answers.person_of(request)
    factors.switch_off(pk, actor=person)
    name = people.display_name(User.objects.filter(pk=pk).first())
    messages.success(
        request,
        _("%(name)s logs in with the password alone, and sets the second step up anew.") % {"name": name},
    )
    return redirect("people")


@require_POST
def end_session(request: HttpRequest, key: str) -> HttpResponse:
    """End one of one's own log-ins, or all but this one."""
    person = answers.person_of(request)
    here = SessionStore.row_key(request.session.session_key)
    if key == "others":
        sessions.end_all(person, but=here)
    else:
        sessions.end(person, key)
    messages.success(request, _("Logged out there."))
    return redirect("account")
