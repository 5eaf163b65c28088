"""How often a password may be tried, and how its owner still gets in while others try.

Tries are counted for each name over all addresses, and for each place over all names; only wrong ones stay counted. A
browser in which somebody logged in before carries a signed mark, and has its own count for that name: so nobody
elsewhere can use up the tries of a person at their own desk. django-axes, beside it, locks a name from one place.

Whoever is told to wait is told so by the name as typed. That a mail address and a user name are one account is counted
too, but a try that is refused for that looks, and takes as long, as one with a wrong password.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from claims.domain import limits
from factcheck.address import counted_address
from factcheck.locks import spelled

COOKIE = "known_browser"
KEPT_SECONDS = 180 * 24 * 3600
# People who share a browser.
MOST_PEOPLE = 5
# Five at once, then one a minute: in no minute do more than five passwords get looked at.
FOR_ONE_NAME = ("1/min", 5)
FROM_ONE_PLACE = ("30/min", 60)
_CAME_IN, _BY_MAIL = "_came_in", "_by_mail"
# Before the nonce of a mark that was given for a link in a mail: it proves the mailbox, not the second step.
_MAILED = "~"


class Tries:
    """The counts that one try of a password takes from."""

    def __init__(self, request: HttpRequest, typed: str, name: str) -> None:
        known = _known(request, name)
        self._buckets = [(f"login:typed:{spelled(typed)}:{known}", FOR_ONE_NAME)]
        if not known:
            self._buckets.append((f"login:from:{counted_address(request)}", FROM_ONE_PLACE))
        # The account, by whichever of its names; without one, what was typed, for the same work.
        self._account = (f"login:account:{spelled(name)}:{known}", FOR_ONE_NAME)
        self._locked = not AxesProxyHandler.is_allowed(request, {"username": name})

    def wait(self) -> float:
        """Take one try of the name as typed; 0.0 where there was one, else the seconds until there is."""
        return max(limits.take(bucket, *rate) for bucket, rate in self._buckets)

    def account_is_closed(self) -> bool:
        """Take one try of the account; whether it has none, or is locked, by another of its names. Nobody is told."""
        bucket, rate = self._account
        return bool(limits.take(bucket, *rate)) or self._locked

    def was_right(self) -> None:
        """The password was the right one, so it was no guess."""
        for bucket, (rate, _burst) in (*self._buckets, self._account):
            limits.give_back(bucket, rate)


def _known(request: HttpRequest, name: str) -> str:
    """The mark of this browser for the person of that name; empty where there is none or it holds no more."""
    person = User.objects.filter(username=name).first() if any(_marks(request)) else None
    return mark_of(request, person) if person else ""


def mark_of(request: HttpRequest, person: User, *, by_mail: bool = True) -> str:
    """The mark that this browser got when this person was in last; empty where there is none or it holds no more.

    Args:
        by_mail: whether one counts that was given for a link in a mail, which whoever reads the mailbox gets at will.
    """
    for pk, nonce, seal in _marks(request):
        if nonce.startswith(_MAILED) and not by_mail:
            continue
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


def came_by_mail(request: HttpRequest, user: User) -> None:
    """Somebody set a new password by a link: their browser gets a mark that spares its passwords alone, not its codes."""
    setattr(request, _CAME_IN, user)
    setattr(request, _BY_MAIL, True)


def mark(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its mark where somebody came in by this request; only the log-in ever sees it again."""
    person = getattr(request, _CAME_IN, None)
    if not isinstance(person, User):
        return
    nonce = (_MAILED if getattr(request, _BY_MAIL, False) else "") + secrets.token_urlsafe(9)
    others = [".".join(entry) for entry in _marks(request) if entry[0] != str(person.pk)]
    mine = f"{person.pk}.{nonce}.{_seal(person, nonce, settings.SECRET_KEY)}"
    response.set_cookie(
        COOKIE, "|".join([mine, *others][:MOST_PEOPLE]), max_age=KEPT_SECONDS, path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
