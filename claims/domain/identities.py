"""Single sign-on: which person of the desk somebody is whom the provider vouches for.

The provider's ``iss`` and ``sub`` decide. The first time, a mail address that the provider has verified finds somebody who
was invited; administrators, and people whose provider verifies nothing, link it themselves while they are logged in.
"""

from __future__ import annotations

import itertools
import re

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import account_news, audit, names, people
from claims.enums import Role
from claims.exceptions import InvalidInput, NotAllowed
from claims.integrations import openid
from claims.integrations.openid import Identity
from claims.models import ProviderIdentity


def of(person: User) -> ProviderIdentity | None:
    """Who the person is at the provider that is set up now."""
    return ProviderIdentity.objects.filter(person=person, issuer=settings.OIDC_ISSUER).first()


@transaction.atomic
def come_in(identity: Identity) -> User:
    """The person to log in, linked or made now where that is allowed.

    Raises:
        NotAllowed: the account is closed, or the desk knows nobody of that identity; the sentence says what to do.
    """
    known = ProviderIdentity.objects.select_related("person").filter(
        issuer=identity.issuer, subject=identity.subject
    )
    found = known.first()
    if found is not None:
        if not found.person.is_active:
            raise NotAllowed(_("This account is closed. Ask an editor."))
        known.update(used_at=timezone.now())
        return found.person
    return _first_time(identity)


def _first_time(identity: Identity) -> User:
    if not (identity.email and identity.email_verified):
        raise NotAllowed(
            _(
                "%(provider)s does not vouch for a mail address of yours. Log in with your password and link it under "
                "Your account."
            )
            % {"provider": openid.label()}
        )
    alike = User.objects.filter(email__iexact=identity.email).order_by("pk")
    same = [person for person in alike if people.same_address(person.email, identity.email)]
    if not alike and _may_be_made(identity.email):
        return _make(identity)
    if len(same) != 1:
        raise NotAllowed(
            _("Nobody on this desk has the address %(email)s. Ask an editor to invite you.")
            % {"email": identity.email}
        )
    person = same[0]
    if not person.is_active:
        raise NotAllowed(_("This account is closed. Ask an editor."))
    if person.is_superuser or people.is_machine(person):
        raise NotAllowed(
            _("This account is not linked by its mail address. Log in with its password and link it there.")
        )
    if ProviderIdentity.objects.filter(person=person, issuer=identity.issuer).exists():
        raise NotAllowed(
            _(
                "This account is linked to somebody else at %(provider)s, though the address is the same. Log in with "
                "your password and link it anew, or ask an editor."
            )
            % {"provider": openid.label()}
        )
    _link(person, identity, how="mail")
    return person


def _may_be_made(email: str) -> bool:
    domain = email.rpartition("@")[2]
    return any(people.same_address(domain, name) for name in settings.OIDC_NEW_PEOPLE)


def _make(identity: Identity) -> User:
    """Somebody new, as a viewer: what more they may do an editor decides."""
    first, last = names.cleaned(identity.given_name), names.cleaned(identity.family_name)
    username = _free_name(identity.user_name or identity.email.partition("@")[0])
    if names.stranger_in(f"{first} {last}") or names.seems_anothers(people.name_of(first, last, username)):
        first = last = ""  # people often choose their names there themselves; the user name tells them apart
    person = User.objects.create_user(
        username=username, email=identity.email, first_name=first, last_name=last
    )
    person.groups.add(Group.objects.get_or_create(name=Role.VIEWER)[0])
    audit.record(
        "person.added", actor=person, data={"person": person.pk, "role": Role.VIEWER.value, "how": "provider"}
    )
    _link(person, identity, how="new")
    return person


def _free_name(wanted: str) -> str:
    base = re.sub(r"[^\w.-]", "", User.normalize_username(wanted).partition("@")[0])[:100] or "person"
    taken = {name.casefold() for name in User.objects.filter(username__istartswith=base).values_list("username", flat=True)}  # fmt: skip
    free = itertools.chain([base], (f"{base}{number}" for number in itertools.count(2)))
    return next(
        name for name in free if name.casefold() not in taken and not names.user_name_seems_anothers(name)
    )


@transaction.atomic
def link(person: User, identity: Identity) -> ProviderIdentity:
    """Link who somebody is at the provider to their account, by themselves, in place of what was linked before.

    Raises:
        InvalidInput: it is linked to another account already.
    """
    other = ProviderIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject)
    if other.exclude(person=person).exists():
        raise InvalidInput(
            _(
                "Whoever you are at %(provider)s is linked to another account of this desk. Unlink it there first."
            )
            % {"provider": openid.label()}
        )
    ProviderIdentity.objects.filter(person=person, issuer=identity.issuer).delete()
    return _link(person, identity, how="self")


def _link(person: User, identity: Identity, *, how: str) -> ProviderIdentity:
    now = timezone.now()
    try:
        with transaction.atomic():
            made = ProviderIdentity.objects.create(
                person=person, issuer=identity.issuer, subject=identity.subject, email=identity.email,
                linked_at=now, used_at=now,
            )  # fmt: skip
    except IntegrityError:  # two windows came back at the same moment
        raise InvalidInput(_("This was linked a moment ago. Begin again.")) from None
    event = audit.record(
        "account.provider_linked",
        actor=person,
        data={"person": person.pk, "provider": identity.issuer, "how": how},
    )
    if how != "new":
        more = _("It can now be opened by logging in at %(provider)s.") % {"provider": openid.label()}
        account_news.tell(person, event, more=more)
    return made


@transaction.atomic
def unlink(person: User) -> None:
    """Forget who the person is at the provider: the password alone opens the account again.

    Raises:
        NotAllowed: there is no password, so nothing would.
    """
    if not person.has_usable_password():
        raise NotAllowed(
            _("You have no password here, so nothing would open your account. Set one first: log out, then choose “Forgotten your password?”.")
        )  # fmt: skip
    gone, _rows = ProviderIdentity.objects.filter(person=person, issuer=settings.OIDC_ISSUER).delete()
    if gone:
        event = audit.record(
            "account.provider_unlinked",
            actor=person,
            data={"person": person.pk, "provider": settings.OIDC_ISSUER},
        )
        account_news.tell(person, event)
