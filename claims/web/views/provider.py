"""Single sign-on: off to the provider, back from it, and the link to it on the account page."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as log_in
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.domain import factors, identities, limits
from claims.exceptions import DeskError, NotAllowed, TooMany
from claims.integrations import openid
from claims.web import answers, proof
from claims.web.middleware import CAME_BY_PROVIDER, SECOND_STEP_ELSEWHERE
from claims.web.views import second
from factcheck.address import counted_address

# What the session holds between leaving and coming back: each attempt under its state, taken once.
PENDING = "provider"
MOST_PENDING, PENDING_SECONDS = 5, 600
# How often one place may leave and come back: each return makes the desk ask the provider.
FROM_ONE_PLACE = ("120/h", 30)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def _require_on() -> None:
    if not openid.configured():
        raise Http404


def _back_address() -> str:
    return f"{settings.SITE_URL}{reverse('login-provider-back')}"


def _leave(request: HttpRequest, then: str, person: User | None = None, *, again: bool = False) -> str:
    """Where the browser goes to; what it must bring back is kept in its session.

    Args:
        person: who links their account; None for a log-in.
        again: a log-in of somebody who is in, to prove themselves anew.

    Raises:
        SignOnError: the provider cannot be asked.
    """
    attempt = openid.Attempt.fresh()
    address = openid.address(attempt, _back_address(), again=again)
    pending = {state: held for state, held in request.session.get(PENDING, {}).items() if _holds(held)}
    for state in list(pending)[: len(pending) - MOST_PENDING + 1]:
        del pending[state]
    pending[attempt.state] = {
        "nonce": attempt.nonce, "verifier": attempt.verifier, "at": time.time(), "next": then,
        "person": person.pk if person else None, "proves": request.user.pk if again else None,
    }  # fmt: skip
    request.session[PENDING] = pending
    return address


def _holds(held: dict[str, Any]) -> bool:
    return time.time() - float(held["at"]) <= PENDING_SECONDS


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider. A link and no form, since the content policy lets forms lead nowhere else."""
    _require_on()
    again = request.user.is_authenticated
    if again and not request.GET.get("again"):
        return redirect("my-work")
    try:
        # Each leaving keeps a session, and anybody can leave.
        if limits.take(f"provider:leave:{counted_address(request)}", *FROM_ONE_PLACE):
            raise TooMany(_("Many log-ins came from where you are. Wait some minutes, then begin again."))
        return HttpResponseRedirect(_leave(request, answers.next_address(request, ""), again=again))
    except DeskError as error:
        return _failed(request, error)


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider with a code; whoever it belongs to is logged in, or linked."""
    _require_on()
    try:
        held, attempt = _take(request)
        if request.GET.get("error") or not request.GET.get("code"):
            raise NotAllowed(_("The log-in was broken off at %(provider)s.") % {"provider": openid.label()})
        identity = openid.identify(
            attempt, code=request.GET["code"], issuer=request.GET.get("iss", ""), back=_back_address()
        )
        if held["person"] is not None:
            return _link(request, held["person"], identity)
        person = identities.come_in(identity)
        if held["proves"] not in (None, person.pk):
            raise NotAllowed(_("Somebody else is logged in at %(provider)s.") % {"provider": openid.label()})
    except DeskError as error:
        return _failed(request, error)
    if held["proves"] and identity.logged_in_at is None:
        words = _(
            "%(provider)s does not say when it asked you who you are, so this is no proof. Use a passkey, or set a password."
        )
        messages.warning(request, words % {"provider": openid.label()})
    return _enter(request, person, held["next"], identity)


def _take(request: HttpRequest) -> tuple[dict[str, Any], openid.Attempt]:
    """The attempt that this return belongs to; it can be taken once, by the browser that left alone."""
    if limits.take(f"provider:{counted_address(request)}", *FROM_ONE_PLACE):
        raise TooMany(_("Many log-ins came from where you are. Wait some minutes, then begin again."))
    state = request.GET.get("state", "")
    pending = request.session.get(PENDING, {})
    held = pending.pop(state, None)
    if held is None or not _holds(held):
        raise NotAllowed(
            _(
                "This log-in was finished already, was begun in another browser, or took longer than ten minutes."
            )
        )
    request.session[PENDING] = pending
    request.session.save()  # before the provider is asked: the same return a moment later finds nothing
    return held, openid.Attempt(state, held["nonce"], held["verifier"])


def _enter(request: HttpRequest, person: User, then: str, identity: openid.Identity) -> HttpResponse:
    person.backend = BACKEND
    if factors.has(person) and not identity.strong:
        return second.ask(request, person, then)
    log_in(request, person, backend=BACKEND)
    proof.noted_elsewhere(request, identity.logged_in_at)
    request.session[CAME_BY_PROVIDER] = True
    if identity.strong:
        request.session[SECOND_STEP_ELSEWHERE] = True
    return HttpResponseRedirect(then or resolve_url(settings.LOGIN_REDIRECT_URL))


def _link(request: HttpRequest, person_id: int, identity: openid.Identity) -> HttpResponse:
    person = request.user
    if not isinstance(person, User) or person.pk != person_id:
        raise NotAllowed(_("You were logged out meanwhile. Log in and link it again."))
    identities.link(person, identity)
    messages.success(
        request, _("Linked. From now on you can log in with %(provider)s.") % {"provider": openid.label()}
    )
    return redirect("provider")


def _failed(request: HttpRequest, error: DeskError) -> HttpResponse:
    status = 403
    if isinstance(error, TooMany):
        status = 429
    elif isinstance(error, openid.NoAnswer):
        status = 503
    elif isinstance(error, openid.SignOnError):
        status = 400
    context = {"sentence": str(error), "provider": openid.label()}
    return render(request, "registration/provider_failed.html", context, status=status)


@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """On the account page: link who one is at the provider, or unlink it. Both need the present password."""
    _require_on()
    person = answers.person_of(request)
    form = second.PasswordForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "provider": openid.label(), "linked": identities.of(person)}
    status = 200
    if request.method == "POST":
        status = 422
        if answer := proof.locked(request, person):
            return answer
        if form.is_valid() and (problem := proof.password_problem(person, form.cleaned_data["password"])):
            proof.was_wrong(request, person)
            form.add_error("password", problem)
        if form.is_valid():
            try:
                if request.POST.get("do") == "unlink":
                    identities.unlink(person)
                    messages.success(request, _("Unlinked. Your password opens your account."))
                    return redirect("provider")
                context["onward"], status = _leave(request, "", person), 200
            except DeskError as error:
                answers.pin(form, error)
        answers.mark(form)
    return render(request, "desk/provider.html", context, status=status)
