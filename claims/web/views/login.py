"""Coming in and going out."""

from __future__ import annotations

import math
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from claims.domain import factors, people
from claims.integrations import openid
from claims.web import known_browsers
from claims.web.views import second
from factcheck import locks

# No user name has a blank in it.
NOBODY = "nobody at all"


class LogInForm(AuthenticationForm):
    """User name or e-mail address, and password. The error never tells which of the two was wrong."""

    error_messages = {
        "invalid_login": _(
            "The user name and password do not belong together. Check both; capital letters count in the password. After many "
            "wrong tries the right pair is not taken either, for some minutes."
        ),
        "inactive": _("This account is closed. Ask an editor."),
        "too_many": _(
            "There were too many wrong tries with this name, or from where you are. Wait a minute, then try again; or log in "
            "with a browser that you used here before; or set a new password by mail."
        ),
    }
    wait = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = _("User name or e-mail address")
        self.fields["username"].error_messages["required"] = _("Enter your user name or e-mail address")
        self.fields["password"].error_messages["required"] = _("Enter your password")
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Count the try, unless it is the right pair. Who waits is told so by what they typed, known or not."""
        typed, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (typed and password and self.request):
            return super().clean()
        name = _user_name(typed)
        tries = known_browsers.Tries(self.request, typed, name)
        setattr(self.request, locks.TYPED, typed)
        if AxesProxyHandler.is_allowed(self.request, {"username": typed}):
            self.wait = tries.wait()
            if self.wait:
                raise ValidationError(self.error_messages["too_many"], code="too_many")
            # By another name of the account it is closed: nobody's password is looked at, at the same cost.
            self.cleaned_data["username"] = NOBODY if tries.account_is_closed() else name
        # Else locked from there: it takes nothing from the tries of others, and is told so.
        cleaned = super().clean()
        tries.was_right()
        return cleaned


def _user_name(typed: str) -> str:
    """The user name that belongs to a mail address, where exactly one person has it; else what was typed."""
    if "@" not in typed:
        return typed
    alike = User.objects.filter(email__iexact=typed).values_list("username", "email")[:9]
    names = [name for name, email in alike if people.same_address(email, typed)]
    return names[0] if len(names) == 1 else typed


def provider_label() -> str:
    """What the button for single sign-on says; empty where the desk has none."""
    return openid.label() if openid.configured() else ""


class LogIn(views.LoginView):
    """The log-in page; a wrong pair brings it back with status 422 and what was typed."""

    template_name = "registration/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(provider=provider_label(), **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        person = form.get_user()
        assert isinstance(person, User), "the form is valid"
        if factors.has(person):
            return second.ask(self.request, person, self.get_redirect_url())
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        for name in form.errors:
            if name in form.fields:
                form.fields[name].widget.attrs |= {
                    "aria-invalid": "true",
                    "aria-describedby": f"id_{name}-error",
                }
        wait = math.ceil(getattr(form, "wait", 0))
        response = self.render_to_response(self.get_context_data(form=form), status=429 if wait else 422)
        if wait:
            response.headers["Retry-After"] = str(wait)
        return response


class LogOut(views.LogoutView):
    """Out, by a POST alone."""

    next_page = "home"
