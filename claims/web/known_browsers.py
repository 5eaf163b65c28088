"""How often a password may be tried, and how its owner still gets in while others try.

Tries are counted for each name over all addresses, and for each place over all names; only wrong ones stay counted. A
browser in which somebody logged in before carries a signed mark, and has its own count for that name: so nobody
elsewhere can use up the tries of a person at their own desk. django-axes, beside it, locks a name from one place.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from claims.domain import limits
from factcheck.address import counted_address

COOKIE = "known_browser"
KEPT_SECONDS = 180 * 24 * 3600
# People who share a browser.
MOST_PEOPLE = 5
# Five at once, then one a minute: in no minute do more than five passwords get looked at.
FOR_ONE_NAME = ("1/min", 5)
FROM_ONE_PLACE = ("30/min", 60)
_CAME_IN = "_came_in"


class Tries:
    """The counts that one try of a password takes from."""

    def __init__(self, request: HttpRequest, name: str) -> None:
        known = _known(request, name)
        self._buckets = [(f"login:name:{name.casefold()}:{known}", FOR_ONE_NAME)]
        if not known:
            self._buckets.append((f"login:from:{counted_address(request)}", FROM_ONE_PLACE))

    def wait(self) -> float:
        """Take one try; 0.0 where there was one, else the seconds until there is."""
        return max(limits.take(bucket, *rate) for bucket, rate in self._buckets)

    def was_right(self) -> None:
        """The password was the right one, so it was no guess."""
        for bucket, (rate, _burst) in self._buckets:
            limits.give_back(bucket, rate)


def _known(request: HttpRequest, name: str) -> str:
    """The mark of this browser for the person of that name; empty where there is none or it holds no more."""
    person = User.objects.filter(username=name).first() if any(_marks(request)) else None
    return mark_of(request, person) if person else ""


def mark_of(request: HttpRequest, person: User) -> str:
    """The mark that this browser got when this person was in last; empty where there is none or it holds no more."""
    for pk, nonce, seal in _marks(request):
        if pk == str(person.pk) and any(
            constant_time_compare(seal, _seal(person, nonce, key))
            for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ):
            return nonce
    return ""


def _marks(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    for entry in request.COOKIES.get(COOKIE, "")[:2000].split("|")[:MOST_PEOPLE]:
        pk, _dot, rest = entry.partition(".")
        nonce, _dot, seal = rest.partition(".")
        if seal:
            yield pk, nonce, seal


def _seal(person: User, nonce: str, key: str) -> str:
    """Bound to the password: a new one makes every browser a stranger again."""
    value = f"{person.pk}.{nonce}.{person.password}"
    return salted_hmac("claims.known_browser", value, secret=key, algorithm="sha256").hexdigest()[:40]


@receiver(user_logged_in)
def came_in(request: HttpRequest | None, user: User, **kwargs: object) -> None:
    """Somebody logged in: their browser gets its mark with the answer."""
    if request is not None:
        setattr(request, _CAME_IN, user)


def mark(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its mark where somebody came in by this request; only the log-in ever sees it again."""
    person = getattr(request, _CAME_IN, None)
    if not isinstance(person, User):
        return
    nonce = secrets.token_urlsafe(9)
    others = [".".join(entry) for entry in _marks(request) if entry[0] != str(person.pk)]
    mine = f"{person.pk}.{nonce}.{_seal(person, nonce, settings.SECRET_KEY)}"
    response.set_cookie(
        COOKIE, "|".join([mine, *others][:MOST_PEOPLE]), max_age=KEPT_SECONDS, path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
