"""Keys to the API: made, shown once, found by digest, revoked at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, people
from claims.enums import Role
from claims.exceptions import InvalidInput
from claims.models import ApiToken

PREFIX = "plb_"


def digest(token: str) -> str:
    """What the database keeps. The token is 256 random bits, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


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
        raise InvalidInput(_("Name the token after what will use it."), "name")
    if scope not in ApiToken.Scope.values:
        raise InvalidInput(_("Choose what the token may do."), "scope")
    if not 1 <= days <= 366:
        raise InvalidInput(_("A token lasts from one day to a year."), "days")
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        person=person, name=name.strip()[:100], prefix=secret[:10], digest=digest(secret), scope=scope,
        created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    audit.record("token.made", actor=person, data={"token": token.pk, "scope": scope})
    return token, secret


def find(secret: str) -> ApiToken | None:
    """The living token with this secret, its use noted (to the minute, so that reads stay cheap)."""
    now = timezone.now()
    token = ApiToken.objects.select_related("person").filter(digest=digest(secret)).first()
    if token is None or token.revoked_at or token.expires_at <= now or not token.person.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def revoke(token: ApiToken, *, actor: User) -> None:
    """The token stops working with the next request.

    Raises:
        NotAllowed: it is somebody else's, and the person is no editor.
    """
    if token.person_id != actor.pk:
        people.require(actor, Role.EDITOR)
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    audit.record("token.revoked", actor=actor, data={"token": token.pk})
