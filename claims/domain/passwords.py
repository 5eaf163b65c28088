"""Passwords: links by mail to set one, and what a new one ends.

A link is asked for in a request and made where it is sent, in a task: the request does the same for an address that
somebody has as for one that nobody has, and no link ever stands in the database, in a message or in a log.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from claims.domain import account_news, audit, limits, names, outbox, people, sessions, tokens
from claims.exceptions import Conflict, InvalidInput, TooMany
from claims.models import OutboxMessage

# Links asked for: so many from one address, known or not, and so many for one mail address, known or not.
FROM_ONE_PLACE = ("20/h", 10)
FOR_ONE_MAILBOX = ("3/h", 3)
HOUR = 3600
RESET, INVITATION = "password_link", "invitation"


class Links(PasswordResetTokenGenerator):
    """Links of one purpose that hold for so many seconds, and until the password or the last log-in changes."""

    def __init__(self, purpose: str, seconds: int) -> None:
        super().__init__()
        self.key_salt = f"claims.passwords.{purpose}"
        self.seconds = seconds

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or not token or not super().check_token(user, token):
            return False
        made = base36_to_int(token.partition("-")[0])
        return self._num_seconds(self._now()) - made <= self.seconds


reset_links = Links(RESET, 2 * HOUR)
invitation_links = Links(INVITATION, 7 * 24 * HOUR)


# --- asking for a link ------------------------------------------------------------------------------------------------


def ask_for_link(email: str, address: str) -> None:
    """Promise a link to whoever has this mail address. What is done here does not depend on whether somebody has.

    Args:
        email: as typed.
        address: where the request came from, as it is counted.

    Raises:
        TooMany: too many were asked for from there, for whichever mail addresses.
    """
    if limits.take(f"link:from:{address}", *FROM_ONE_PLACE):
        raise TooMany(_("Many links were asked for from where you are. Wait some minutes, then ask again."))
    if not limits.take(f"link:for:{email.strip().casefold()}", *FOR_ONE_MAILBOX):
        _promise(RESET, {"email": email.strip()})


def invite(person: User) -> None:
    """Promise the link by which somebody who was added comes in the first time."""
    _promise(INVITATION, {"person": person.pk})


def _promise(kind: str, payload: dict[str, object]) -> None:
    outbox.put(f"{kind}:{uuid.uuid4().hex}", kind, payload)


# --- sending it (called by ``outbox.deliver``) ------------------------------------------------------------------------


def send(message: OutboxMessage) -> None:
    """Make the links and mail them; then forget which address was typed."""
    found = User.objects.filter(is_active=True).order_by("pk")
    if message.kind == RESET:
        typed = str(message.payload.get("email", ""))
        alike = found.filter(email__iexact=typed).exclude(email="")
        # Other spellings that a database takes for the same would each have a count of their own.
        persons = [person for person in alike if people.same_address(person.email, typed)]
    else:
        persons = list(found.filter(pk=message.payload.get("person")))
    for person in persons:
        _mail(person)
    OutboxMessage.objects.filter(pk=message.pk).update(payload={})


def has_joined(person: User) -> bool:
    """Whether the person has come in before, or set a password: then an invitation is no longer one."""
    return person.has_usable_password() or person.last_login is not None


def _mail(person: User) -> None:
    if has_joined(person):
        subject, link = _("Your password for the desk"), _link("password_reset_confirm", reset_links, person)
        body = _(
            "Hello %(name)s,\n\nby this link you set a new password for the fact-checking desk. It works once, for two "
            "hours.\n\n%(link)s\n\nIf you did not ask for it, nothing needs to be done.\n"
        )
    else:
        subject, link = _("You are invited to the desk"), _link("invitation", invitation_links, person)
        body = _(
            "Hello %(name)s,\n\nby this link you join the fact-checking desk: you choose your user name and set a "
            "password. It works once, for seven days.\n\n%(link)s\n"
        )
    words = body % {"name": people.display_name(person), "link": link}
    EmailMessage(subject, words, to=[person.email], headers={"Auto-Submitted": "auto-generated"}).send()


def _link(address: str, links: Links, person: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return f"{settings.SITE_URL}{reverse(address, args=[uid, links.make_token(person)])}"


# --- a new password ---------------------------------------------------------------------------------------------------


@sensitive_variables("password")
@transaction.atomic
def change(person: User, password: str, *, keep_session: str | None, revoke_keys: bool) -> None:
    """A new password by somebody who knew the old one; every other log-in ends.

    Args:
        keep_session: the row of the log-in that goes on.
        revoke_keys: whether the keys to the API end too.
    """
    held = User.objects.select_for_update().get(pk=person.pk)
    _set(held, password, how="change", keep_session=keep_session, revoke_keys=revoke_keys)
    person.password = held.password


@sensitive_variables("password")
@transaction.atomic
def reset(person: User, token: str, password: str) -> None:
    """A new password by a link: every log-in and every key to the API ends, since somebody else may hold them.

    Raises:
        Conflict: the link was used a moment ago.
    """
    held = User.objects.select_for_update().get(pk=person.pk)
    if not reset_links.check_token(held, token):
        raise Conflict(_used(), {})
    _set(held, password, how="link", keep_session=None, revoke_keys=True)


@sensitive_variables("password")
@transaction.atomic
def join(
    person: User, token: str, password: str, *, username: str, first_name: str = "", last_name: str = ""
) -> User:
    """An invited person comes in the first time: their names, as they want them, and a password.

    Raises:
        Conflict: the invitation was used a moment ago.
        InvalidInput: the user name makes no sense, or somebody has it.
    """
    held = User.objects.select_for_update().get(pk=person.pk)
    if has_joined(held) or not invitation_links.check_token(held, token):
        raise Conflict(_used(), {})
    username = User.normalize_username(username.strip())
    check_username(username, but=held)
    first, last = names.cleaned(first_name), names.cleaned(last_name)
    if people.name_of(first, last, username) != people.display_name(
        held
    ):  # as editors gave it, it may be a colleague's
        names.require_letters(first, "first_name")
        names.require_letters(last, "last_name")
        names.require_own(held, first, last, username)
    before, held.username = held.username, username
    held.first_name, held.last_name = first, last
    try:
        with transaction.atomic():
            held.save(update_fields=["username", "first_name", "last_name"])
    except IntegrityError as error:  # somebody else joined under it a moment ago
        raise _taken() from error
    audit.record(
        "person.joined", actor=held, data={"person": held.pk, "user_name": username, "invited_as": before}
    )
    _set(held, password, how="invitation", keep_session=None, revoke_keys=False)
    return held


def check_username(username: str, *, but: User | None = None) -> None:
    """Raise ``InvalidInput`` where this cannot be somebody's user name, or somebody else has it as name or address."""
    try:
        User.username_validator(username)
    except ValidationError:
        raise InvalidInput(_("Enter a user name of letters, digits and . - _"), "username") from None
    names.require_one_alphabet(username, "username")
    if len(username) > 150:
        raise InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": 150}, "username")
    taken = User.objects.filter(Q(username__iexact=username) | Q(email__iexact=username))
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise _taken()
    if (but is None or username != but.username) and names.user_name_seems_anothers(username, but=but):
        raise InvalidInput(
            _("Somebody on this desk has a user name that looks the same. Choose another one."), "username"
        )


def _taken() -> InvalidInput:
    return InvalidInput(_("Somebody on this desk has this user name. Choose another one."), "username")


def _used() -> str:
    return _("This link was used already. Ask for another one if you need it.")


@sensitive_variables("password")
def _set(person: User, password: str, *, how: str, keep_session: str | None, revoke_keys: bool) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    sessions.end_all(person, but=keep_session)
    revoked = tokens.revoke_all(person) if revoke_keys else 0
    event = audit.record(
        "account.password", actor=person, data={"person": person.pk, "how": how, "keys_revoked": revoked}
    )
    if how != "invitation":
        ended = _("Your other log-ins have ended.")
        if revoked:
            ended += " " + _("Your keys to the API have ended too.")
        account_news.tell(person, event, more=ended)
