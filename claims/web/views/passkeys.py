"""Passkeys on the page: the question that a browser passes on to a device, and the answer that comes with a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login as log_in
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import factors, limits, passkeys
from claims.domain.passkeys import Purpose
from claims.exceptions import DeskError
from claims.models.access import SessionStore
from claims.web import answers, devices, proof
from claims.web.views import second
from claims.web.views.login import LogInForm, provider_label
from factcheck.address import counted_address

# How often one place may begin: each time keeps a session and a challenge, and anybody can.
FROM_ONE_PLACE = ("60/min", 120)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class PasskeyForm(forms.Form):
    """The name of a new passkey; the key itself comes from the browser."""

    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"), max_length=80,
        help_text=gettext_lazy("So that you know it again, such as “phone” or “key on my ring”."),
        error_messages={"required": gettext_lazy("Give the passkey a name by which you know the device.")},
    )  # fmt: skip
    passkey = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": None, "data-answer": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


def _row_key(request: HttpRequest) -> str:
    """The session that asks, made where there is none; only the same one can answer."""
    if not request.session.session_key:
        request.session.create()
        request.session.set_expiry(passkeys.TTL)
    return SessionStore.row_key(request.session.session_key)


def _question(options: Any) -> JsonResponse:
    try:
        return JsonResponse(options())
    except DeskError as error:
        return JsonResponse({"said": str(error)}, status=422)


@require_POST
def begin_log_in(request: HttpRequest) -> HttpResponse:
    """What the device is to sign before the log-in: as the second step after a password, or alone."""
    if limits.take(f"passkey:from:{counted_address(request)}", *FROM_ONE_PLACE):
        said = _("Many log-ins came from where you are. Wait some minutes, then begin again.")
        return JsonResponse({"said": said}, status=429)
    if request.POST.get("for") != Purpose.SECOND:
        return _question(lambda: passkeys.begin_using(Purpose.ALONE, _row_key(request)))
    found = second.waiting(request)
    if found is None:
        said = _("It took longer than five minutes since your password. Go back to the log-in.")
        return JsonResponse({"said": said}, status=422)
    return _question(lambda: passkeys.begin_using(Purpose.SECOND, _row_key(request), found[0]))


@require_POST
def alone(request: HttpRequest) -> HttpResponse:
    """Log in with a passkey and nothing else: the device has made sure of its owner."""
    then = answers.next_address(request, "")
    try:
        key = passkeys.use(Purpose.ALONE, request.POST.get("passkey", ""), _row_key(request))
    except DeskError as error:
        context = {
            "form": LogInForm(request), "next": then, "provider": provider_label(),
            "errors": [{"field": "", "text": str(error)}],
        }  # fmt: skip
        return render(request, "registration/login.html", context, status=422)
    request.session.flush()
    log_in(request, key.person, backend=BACKEND)
    return HttpResponseRedirect(then or resolve_url("my-work"))


@require_POST
def begin_proof(request: HttpRequest) -> HttpResponse:
    """What the device is to sign when somebody who is in proves again who they are."""
    person = answers.person_of(request)
    return _question(lambda: passkeys.begin_using(Purpose.AGAIN, _row_key(request), person))


@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Prove oneself ahead of what asks for it; a POST gets here once the proof is good."""
    if request.method == "POST":
        messages.success(request, _("It is you. Do now what asked for it."))
        return HttpResponseRedirect(answers.next_address(request, resolve_url("account")))
    form = proof.ProofForm(answers.person_of(request))
    return render(request, "desk/proof.html", proof.context(request, form, []))


@require_POST
def begin_adding(request: HttpRequest) -> HttpResponse:
    """What a new passkey is made from."""
    person = answers.person_of(request)
    return _question(lambda: passkeys.begin_adding(person, _row_key(request)))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The page that makes a passkey; after the first second step of a person the recovery codes, this once."""
    person = answers.person_of(request)
    known = devices.device_of(request.headers.get("User-Agent", ""))
    form = PasskeyForm(request.POST if request.method == "POST" else None, initial={"name": known})
    asked = bool(request.POST.get("passkey"))
    if asked and form.is_valid():
        values = form.cleaned_data
        try:
            codes = passkeys.add(person, values["name"], values["passkey"], _row_key(request))
        except DeskError as error:
            answers.pin(form, error)
        else:
            if codes:
                return render(request, "desk/second_codes.html", {"codes": codes})
            messages.success(
                request, _("The passkey “%(name)s” opens the desk now.") % {"name": values["name"]}
            )
            return redirect("account")
    answers.mark(form)
    context = {"form": form, "required": factors.is_missing(person)}
    return render(request, "desk/passkey_new.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of one's own passkeys away."""
    name = passkeys.remove(answers.person_of(request), pk)
    messages.success(request, _("The passkey “%(name)s” opens the desk no more.") % {"name": name})
    return redirect("account")


@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    return render(request, "desk/second_codes.html", {"codes": factors.new_codes(answers.person_of(request))})
