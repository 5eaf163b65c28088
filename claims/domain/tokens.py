"""Keys to the API: made, shown once, found by digest, revoked at once."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from claims.domain import account_news, audit, people
from claims.enums import Action, Role
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import ApiToken

PREFIX = "plb_"
# Uses are noted to the minute, so that a busy program costs no write for each request.
USE_NOTED_EVERY = timedelta(minutes=1)
# What decides over the public page. A token needs the widest scope for it, whoever made it.
PUBLIC_ACTIONS = frozenset(
    {Action.APPROVE, Action.SCHEDULE, Action.UNSCHEDULE, Action.PUBLISH, Action.OPEN_CORRECTION,
     Action.PUBLISH_CORRECTION, Action.CANCEL_CORRECTION, Action.PROPOSE_RETRACTION, Action.RETRACT, Action.CANCEL_RETRACTION}
)  # fmt: skip


@sensitive_variables("header", "words")
def brought(header: str) -> list[str] | None:
    """What stands after ``Bearer`` in a header ``Authorization``; None where it brings no key at all.

    Read here for the API and for the doors before it: a header that one took for a key and the other for none would let
    a log-in pass without what is asked of log-ins. Only blanks and tabs part words, not all that Unicode calls a space.
    """
    words = re.split(r"[ \t]+", header.strip(" \t"))
    return words[1:] if words[0].lower() == "bearer" else None


@sensitive_variables("token")
def digest(token: str) -> str:
    """What the database keeps. The token is 256 random bits, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@sensitive_variables("secret")
@transaction.atomic
def create(
    person: User, name: str, *, scope: str = ApiToken.Scope.DESK, days: int = 90
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the token itself, which cannot be seen again.

    Raises:
        InvalidInput: no name, an unknown scope, or more than a year.
        NotAllowed: the person is not on this desk.
    """
    people.require(person, Role.VIEWER)
    if not name.strip():
        raise InvalidInput(_("Say what will use the key."), "name")
    if scope not in ApiToken.Scope.values:
        raise InvalidInput(_("Choose what the key may do."), "scope")
    if not 1 <= days <= 366:
        raise InvalidInput(_("A key works from one day to a year. Enter 1 to 365 days."), "days")
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        person=person, name=name.strip()[:100], prefix=secret[:10], digest=digest(secret), scope=scope,
        created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    event = audit.record("token.made", actor=person, data={"token": token.pk, "scope": scope})
    account_news.tell(person, event)
    return token, secret


@sensitive_variables("secret")
def find(secret: str) -> ApiToken | None:
    """The living token with this secret, its use noted at most once a minute."""
    now = timezone.now()
    token = ApiToken.objects.select_related("person").filter(digest=digest(secret)).first()
    if token is None or token.revoked_at or token.expires_at <= now or not token.person.is_active:
        return None
    long_ago = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= long_ago:
        # Asked again in the statement: of many requests at once, one writes.
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=long_ago)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token


def living(person: User) -> QuerySet[ApiToken]:
    """The person's keys that still open something, the newest first."""
    return ApiToken.objects.filter(person=person, revoked_at__isnull=True, expires_at__gt=timezone.now())


def revoke_all(person: User) -> int:
    """End every key of a person, in the transaction of what made them unsafe; how many."""
    return living(person).update(revoked_at=timezone.now())


def require_write(token: ApiToken | None) -> None:
    """Raise ``NotAllowed`` where the caller came with a token that only reads."""
    if token is not None and token.scope == ApiToken.Scope.READ:
        raise NotAllowed(_("This token only reads. Make one that may work on claims, under Account."))


def require_move(token: ApiToken | None, action: str) -> None:
    """Raise ``NotAllowed`` where the caller came with a token whose scope does not cover the action.

    A log-in (``None``) has no scope; the person's role alone decides then, as it always does besides.
    """
    require_write(token)
    if token is not None and action in PUBLIC_ACTIONS and token.scope != ApiToken.Scope.PUBLISH:
        raise NotAllowed(
            _("This token may not decide over what is public. Make one that may publish, under Account.")
        )


@transaction.atomic
def revoke(token: ApiToken, *, actor: User) -> None:
    """The token stops working with the next request.

    Raises:
        NotAllowed: it is somebody else's, and the person is no editor.
    """
    if token.person_id != actor.pk:
        people.require(actor, Role.EDITOR)
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        audit.record("token.revoked", actor=actor, data={"token": token.pk})
