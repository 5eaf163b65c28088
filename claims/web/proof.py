"""Who sits at this browser: asked again before what opens doors or loosens gates, where the last proof is old.

``permits.PROVEN`` says for what. What the person had typed travels along as hidden fields of the page that asks, so nothing
is kept in the session and nothing is lost; once the proof is good, the request goes on as it came.
"""

from __future__ import annotations

import time
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import factors, limits, passkeys, people
from claims.domain.passkeys import Purpose
from claims.exceptions import InvalidInput, TooMany
from claims.integrations import openid
from claims.models.access import SessionStore
from claims.web import answers
from claims.workflow import permits

PROVEN_AT = "proven_at"
# Fields of the page that asks; they never reach the page that was asked for.
PREFIX = "proof-"
KEY = "proof-passkey"
# Over all addresses, for whoever has taken over a log-in: the lock of the log-in counts for each address by itself.
WRONG_PASSWORDS = ("1/min", 10)
_NO_DATA = frozenset({"csrfmiddlewaretoken"})


class ProofForm(forms.Form):
    """The present password, or a code for those who have no password here."""

    prefix = "proof"

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password")},
    )
    code = forms.CharField(
        label=gettext_lazy("Code from your app, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the code that your app shows")},
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        if person.has_usable_password():
            del self.fields["code"]
        else:
            del self.fields["password"]
            if not factors.has(person):
                del self.fields["code"]

    @property
    def asked(self) -> str:
        """The one field that is asked for; none for somebody whom only another desk knows."""
        return next(iter(self.fields), "")

    def proves(self, person: User) -> bool:
        """Whether what was typed is the person's, else the reason stands at the field."""
        typed = str(self.cleaned_data[self.asked])
        if self.asked == "password":
            words = password_problem(person, typed)
            good = not words
        else:
            good, words = _fits(person, typed)
        if not good:
            self.add_error(self.asked, words)
        return good


def _fits(person: User, code: str) -> tuple[bool, str]:
    try:
        return factors.check(person, code, known="in"), _("This code does not fit, or it was used already.")
    except TooMany as error:
        return False, str(error)


def password_problem(person: User, typed: str) -> str:
    """Why this is not taken for the present password of somebody who is in; empty where it is the right one."""
    bucket = f"proof:{person.pk}"
    if limits.take(bucket, *WRONG_PASSWORDS):
        return _(
            "Too many wrong passwords were typed. Wait some minutes, or log out and set a new one by mail."
        )
    if person.check_password(typed):
        limits.give_back(bucket, WRONG_PASSWORDS[0])
        return ""
    return _("This is not your password. Type it again.")


def locked(request: HttpRequest, person: User) -> HttpResponse | None:
    """The answer while the log-in is locked for this person from there; None while it is not."""
    credentials = {"username": person.get_username()}
    if AxesProxyHandler.is_allowed(request, credentials):
        return None
    answer: HttpResponse = get_lockout_response(request, credentials=credentials)
    return answer


def was_wrong(request: HttpRequest, person: User) -> None:
    """A wrong password or code counts in the lock of the log-in, wherever it was typed."""
    user_login_failed.send(sender=__name__, credentials={"username": person.get_username()}, request=request)


@receiver(user_logged_in)
def _came_in(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Whoever logs in has just proved who they are."""
    if request is not None and hasattr(request, "session"):
        request.session[PROVEN_AT] = time.time()


def noted_elsewhere(request: HttpRequest, moment: float | None) -> None:
    """Somebody came in by a provider, to whom they proved themselves then; it may have let them pass since.

    One that does not say when (None) may have done so for months: that is a log-in, but no proof.
    """
    request.session[PROVEN_AT] = 0.0 if moment is None else min(moment, time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the last proof of this session is young enough."""
    age = time.time() - float(request.session.get(PROVEN_AT, 0))
    return 0 <= age <= settings.PROOF_MINUTES * 60


def asked_first(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    """The page that asks for a proof, where this request needs one and brings none; None lets it go on."""
    name = f"{match.namespace}:{match.url_name}" if match.namespace else str(match.url_name)
    if not permits.needs_proof(name, request.method or "GET"):
        return None  # before anybody is looked up: what is public knows no cookies, and says so to caches
    person = request.user
    if not isinstance(person, User):
        return None
    if match.namespace == "admin" and not people.is_administrator(person):
        return None  # the administration refuses in its own words
    if request.path_info.startswith("/api/"):
        return None if is_fresh(request) else _api_answer()
    bound = any(field.startswith(PREFIX) for field in request.POST)
    form = ProofForm(person, request.POST if bound and KEY not in request.POST else None)
    if not bound:
        return None if is_fresh(request) else _page(request, form, "")
    return _judge(request, person, form)


def _judge(request: HttpRequest, person: User, form: ProofForm) -> HttpResponse | None:
    """Whether the proof is good. Wrong passwords and codes count in the lock of the log-in."""
    if answer := locked(request, person):
        return answer
    problem = ""
    if not form.is_bound:
        here = SessionStore.row_key(request.session.session_key)
        try:
            passkeys.use(Purpose.AGAIN, request.POST[KEY], here, person)
        except InvalidInput as error:
            problem = str(error)
    elif not form.asked or not form.is_valid():
        problem = "empty"
    elif not form.proves(person):
        was_wrong(request, person)
        problem = "wrong"
    if problem:
        return _page(request, form, problem)
    request.session[PROVEN_AT] = time.time()
    _go_on(request)
    return None


def _go_on(request: HttpRequest) -> None:
    """The request as it first came, without the proof."""
    kept = request.POST.copy()
    for field in [name for name in kept if name.startswith(PREFIX)]:
        del kept[field]
    request.POST = kept  # type: ignore[assignment]  # a mutable one does as well


def _page(request: HttpRequest, form: ProofForm, problem: str) -> HttpResponse:
    held = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NO_DATA and not name.startswith(PREFIX)
        for value in values
    ]
    status = 422 if problem else 403
    return render(request, "desk/proof.html", context(request, form, held, problem), status=status)


def context(
    request: HttpRequest, form: ProofForm, held: list[tuple[str, str]], problem: str = ""
) -> dict[str, Any]:
    """What the page shows; ``held`` are the fields that travel along."""
    person = answers.person_of(request)
    answers.mark(form)
    return {
        "form": form, "asked": form[form.asked] if form.asked else None, "held": held,
        "errors": [{"field": "", "text": problem}] if problem and not form.is_bound else [],
        "has_key": factors.has_passkey(person), "minutes": settings.PROOF_MINUTES,
        "provider": openid.label() if openid.configured() else "",
        "next": answers.next_address(request, ""),
    }  # fmt: skip


def _api_answer() -> HttpResponse:
    words = _(
        "This asks for a fresh proof of who you are. Open %(page)s in this browser, or use a key to the API."
    )
    told = {"type": "proof", "title": words % {"page": reverse("proof")}, "status": 403}
    return JsonResponse(told, status=403, content_type="application/problem+json")
