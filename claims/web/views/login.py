"""Coming in, going out, and a forgotten password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from claims.domain import factors
from claims.web.views import second


class LogInForm(AuthenticationForm):
    """User name or e-mail address, and password. The error never tells which of the two was wrong."""

    error_messages = {
        "invalid_login": _(
            "The user name and password do not belong together. Check both; capital letters count in the password."
        ),
        "inactive": _("This account is closed. Ask an editor."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = _("User name or e-mail address")
        self.fields["username"].error_messages["required"] = _("Enter your user name or e-mail address")
        self.fields["password"].error_messages["required"] = _("Enter your password")
        self.use_required_attribute = False

    def clean_username(self) -> str:
        """The user name that belongs to an address, where exactly one person has it."""
        typed = str(self.cleaned_data["username"])
        if "@" not in typed:
            return typed
        names = list(User.objects.filter(email__iexact=typed).values_list("username", flat=True)[:2])
        return names[0] if len(names) == 1 else typed


class LogIn(views.LoginView):
    """The log-in page; a wrong pair brings it back with status 422 and what was typed."""

    template_name = "registration/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

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
        return self.render_to_response(self.get_context_data(form=form), status=422)


class LogOut(views.LogoutView):
    """Out, by a POST alone."""

    next_page = "home"


class ForgottenForm(PasswordResetForm):
    """The address to which the link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].error_messages = {
            "required": _("Enter your e-mail address"),
            "invalid": _("Enter an e-mail address, such as name@example.org"),
        }

    def get_users(self, email: str) -> Any:
        """Everybody with this address, also those invited just now, who have no password yet."""
        return User.objects.filter(email__iexact=email, is_active=True)


class Forgotten(views.PasswordResetView):
    """Asks for the address; the answer is the same whether somebody has it or not."""

    template_name = "registration/forgotten.html"
    email_template_name = "emails/new_password.txt"
    subject_template_name = "emails/new_password_subject.txt"
    form_class = ForgottenForm
    success_url = reverse_lazy("password_reset_done")


class LinkSent(views.PasswordResetDoneView):
    template_name = "registration/link_sent.html"


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["new_password1"].help_text = _(
            "At least 12 characters. A few words you remember are best."
        )
        self.fields["new_password2"].help_text = ""


class NewPassword(views.PasswordResetConfirmView):
    template_name = "registration/new_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("password_reset_complete")


class PasswordSet(views.PasswordResetCompleteView):
    template_name = "registration/password_set.html"
