"""Passwords: forgotten, set by a link, changed; and the page on which an invited person comes in."""

from __future__ import annotations

from typing import Any

from axes.utils import reset as unlock
from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation, update_session_auth_hash, views
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims.domain import passwords, tokens
from claims.exceptions import InvalidInput, TooMany
from claims.models.access import SessionStore
from claims.web import answers, known_browsers, proof
from claims.web.forms_claim import DeskForm
from factcheck.address import counted_address
from factcheck.locks import spelled

GOOD_PASSWORD = gettext_lazy("At least 12 characters. A few words you remember are best.")
# What stands in the address once the token of a link is in its cookie.
TAKEN = "set"
LINK_COOKIE = "link"


class ForgottenForm(DeskForm):
    """The address to which the link goes."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your e-mail address"),
            "invalid": gettext_lazy("Enter an e-mail address, such as name@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Asks for the address. The answer and what is done for it are the same whether somebody has it or not."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                passwords.ask_for_link(form.cleaned_data["email"], counted_address(request) or "")
            except TooMany as error:
                answers.pin(form, error)
                status = 429
            else:
                return redirect("password_reset_done")
        form.mark_errors()
    response = render(request, "registration/forgotten.html", {"form": form}, status=status)
    if status == 429:
        response.headers["Retry-After"] = "360"
    return response


class LinkSent(views.PasswordResetDoneView):
    template_name = "registration/link_sent.html"


def _in_our_words(form: forms.Form) -> None:
    """Label, hint and what is missing of each field, so that a summary of three lines says three things."""
    form.label_suffix = ""
    form.use_required_attribute = False
    form.fields["new_password1"].help_text = GOOD_PASSWORD
    form.fields["new_password1"].error_messages["required"] = _("Enter a new password.")
    form.fields["new_password2"].label = _("New password once more")
    form.fields["new_password2"].help_text = ""
    form.fields["new_password2"].error_messages["required"] = _("Enter the new password once more.")


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)


@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """A new password by a link from the mail; with it every log-in and every key to the API ends."""
    here = "password_reset_confirm"
    person, token, answer = _arrive(request, here, passwords.reset_links, uidb64, token)
    if answer is not None:
        return answer
    form, status = None, 200
    if person is not None:
        form = NewPasswordForm(person, request.POST if request.method == "POST" else None)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                passwords.reset(person, token, form.cleaned_data["new_password1"])
                for name in (person.get_username(), person.email):
                    unlock(username=spelled(name))  # whoever reads the mailbox is let in again everywhere
                person.refresh_from_db()
                known_browsers.came_by_mail(
                    request, person
                )  # and is known in this browser, up to the second step
                return _done(here, uidb64)
            answers.mark(form)
    context = {"form": form, "validlink": form is not None}
    return render(request, "registration/new_password.html", context, status=status)


def _arrive(
    request: HttpRequest, address: str, links: passwords.Links, uidb64: str, token: str
) -> tuple[User | None, str, HttpResponse | None]:
    """Whose link it is, and its token; None where the link counts no more.

    The first visit puts the token into a cookie for this page alone and goes on to an address without it: so it stands
    in no history, no ``Referer`` and, unlike with Django's own page, in no session of the database.
    """
    person = _person(uidb64)
    if token == TAKEN:
        token = request.COOKIES.get(LINK_COOKIE, "")
        return (person if links.check_token(person, token) else None), token, None
    if not links.check_token(person, token):
        return None, "", None
    path = reverse(address, args=[uidb64, TAKEN])
    answer = HttpResponseRedirect(path)
    answer.set_cookie(
        LINK_COOKIE, token, max_age=links.seconds, path=path, secure=request.is_secure(), httponly=True, samesite="Lax"
    )  # fmt: skip
    return None, "", answer


def _done(address: str, uidb64: str) -> HttpResponse:
    answer = redirect("password_reset_complete")
    answer.delete_cookie(LINK_COOKIE, path=reverse(address, args=[uidb64, TAKEN]))
    return answer


def _person(uidb64: str) -> User | None:
    try:
        pk = answers.number(urlsafe_base64_decode(uidb64).decode())
    except ValueError:
        return None
    return User.objects.filter(pk=pk, is_active=True).first() if pk is not None else None


class PasswordSet(views.PasswordResetCompleteView):
    template_name = "registration/password_set.html"


class JoinForm(DeskForm):
    """Names as the invited person wants them, and a password."""

    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, help_text=gettext_lazy("With it you log in. Your mail address works too."),
        error_messages={"required": gettext_lazy("Choose a user name")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    first_name = forms.CharField(
        label=gettext_lazy("First name"), required=False, max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), required=False, max_length=150,
        help_text=gettext_lazy("Reports and history name you so."), widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False, help_text=GOOD_PASSWORD,
        error_messages={"required": gettext_lazy("Choose a password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The password once more"), strip=False,
        error_messages={"required": gettext_lazy("Type the password once more")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        names = {name: getattr(person, name) for name in ("username", "first_name", "last_name")}
        super().__init__(*args, initial=names, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        password = given.get("password")
        if password and given.get("again") and password != given["again"]:
            self.add_error("again", _("The two passwords are not the same. Type it once more."))
        if password:
            # Judged against the names that are typed now.
            known = User(
                email=self.person.email,
                **{key: given.get(key, "") for key in ("username", "first_name", "last_name")},
            )
            try:
                password_validation.validate_password(password, known)
            except ValidationError as error:
                self.add_error("password", error)
        return given


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """By the link of the invitation: whoever was invited confirms their names and sets a password."""
    here = "invitation"
    person, token, answer = _arrive(request, here, passwords.invitation_links, uidb64, token)
    if answer is not None:
        return answer
    form, status = None, 200
    if person is not None and not passwords.has_joined(person):
        form = JoinForm(request.POST if request.method == "POST" else None, person=person)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                given = form.cleaned_data
                names = {name: given[name] for name in ("username", "first_name", "last_name")}
                try:
                    passwords.join(person, token, given["password"], **names)
                except InvalidInput as error:
                    answers.pin(form, error)
                else:
                    return _done(here, uidb64)
            form.mark_errors()
    context = {"form": form, "validlink": form is not None}
    return render(request, "registration/invitation.html", context, status=status)


class ChangePasswordForm(PasswordChangeForm):
    """The old password and the new one, twice; and whether the keys to the API end."""

    revoke_keys = forms.BooleanField(
        label=gettext_lazy("Revoke my keys to the API too"), required=False, initial=True,
        help_text=gettext_lazy(
            "Leave it ticked if somebody may have known your password. Programs that work for you then need new keys."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
        self.fields["old_password"].label = _("Present password")
        self.fields["old_password"].error_messages["required"] = _("Enter your present password.")
        if not tokens.living(self.user).exists():
            del self.fields["revoke_keys"]

    def clean_old_password(self) -> str:
        """Tries are counted: whoever has taken over a log-in would otherwise guess here as often as they like."""
        typed = str(self.cleaned_data["old_password"])
        if problem := proof.password_problem(self.user, typed):
            raise ValidationError(problem, code="password_incorrect")
        return typed


class ChangePassword(views.PasswordChangeView):
    """A new password for somebody who knows the old one. Their other log-ins end."""

    template_name = "desk/password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("account")

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return proof.locked(self.request, answers.person_of(self.request)) or super().post(*args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        given = form.cleaned_data
        here = SessionStore.row_key(self.request.session.session_key)
        revoke = bool(given.get("revoke_keys"))
        passwords.change(form.user, given["new_password1"], keep_session=here, revoke_keys=revoke)
        update_session_auth_hash(self.request, form.user)
        known_browsers.came_in(self.request, form.user)  # its mark was bound to the old password
        messages.success(
            self.request,
            _("Your password is changed, and your other log-ins and your keys to the API have ended.")
            if revoke
            else _("Your password is changed, and your other log-ins have ended."),
        )
        return HttpResponseRedirect(str(self.success_url))

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.has_error("old_password", "password_incorrect"):
            proof.was_wrong(self.request, answers.person_of(self.request))
        answers.mark(form)
        return self.render_to_response(self.get_context_data(form=form), status=422)
