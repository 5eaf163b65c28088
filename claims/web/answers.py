"""What the views of article and claim share: who asks, where to go next, and how an error finds its field.

``DeskMiddleware`` lets nobody without a role into ``/desk/``; the verbs in ``claims.domain`` ask for more than that.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from claims.domain import people
from claims.enums import Role
from claims.exceptions import DeskError, InvalidInput, TransitionRefused


def person_of(request: HttpRequest) -> User:
    """The person who asks; the middleware has made sure that there is one."""
    assert isinstance(request.user, User), "only people of the desk get here"
    return request.user


def require_reviewer(request: HttpRequest) -> User:
    """The person who asks, if they may write; raises ``NotAllowed`` for viewers."""
    person = person_of(request)
    people.require(person, Role.REVIEWER)
    return person


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of the page is asked for. The same address gives the whole page otherwise."""
    return request.headers.get("HX-Request") == "true"


def next_address(request: HttpRequest, fallback: str) -> str:
    """Where the form wants to go next, if that is a page of this desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else fallback


def go(request: HttpRequest, address: str) -> HttpResponse:
    """On to the next page: a redirect, or for htmx the header that makes the browser go there.

    A browser that is sent to another place of the page it shows reads nothing anew, so that page is refreshed.
    """
    if is_htmx(request):
        here, there = urlsplit(request.headers.get("HX-Current-URL", "")), urlsplit(address)
        same = (here.path, here.query) == (there.path, there.query)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"} if same else {"HX-Redirect": address})
    return HttpResponseRedirect(address)


def pin(form: Form, error: DeskError) -> None:
    """Put a refusal where it is mended: at its field, or on top of the form."""
    field = error.field if isinstance(error, InvalidInput) else ""
    if (
        not form.is_bound
    ):  # an empty body leaves the form unread, and errors can only be added to one that was read
        form.is_bound, form.data = True, QueryDict()
    form.is_valid()
    fields = error.fields if isinstance(error, TransitionRefused) else {}
    pinned = {name: sentence for name, sentence in fields.items() if name in form.fields}
    for name, sentence in pinned.items():
        form.add_error(name, sentence)
    if not pinned:
        form.add_error(field if field in form.fields else None, str(error))


def number(value: str | None) -> int | None:
    """A whole number from a form or an address; None for anything else."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def mark(form: Form) -> None:
    """Tell assistive software which fields are wrong, and where the reason stands."""
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}-error"}
