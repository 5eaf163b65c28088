"""The desk's own affairs: people and their roles, its name and switches, its public pages. Editors decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, names, notices, passwords, people, sessions, tokens
from claims.enums import ClaimStatus, Role
from claims.exceptions import Conflict, InvalidInput
from claims.models import AuditEvent, DeskSettings, Page, Passkey, Profile

SWITCHES = (
    "name", "tagline", "contact", "complaint_route", "language", "blind_second_rating", "note_needs_two",
    "due_days",
)  # fmt: skip


def editors() -> QuerySet[User]:
    """Active editors, by name."""
    return (
        User.objects.filter(is_active=True)
        .filter(Q(groups__name=Role.EDITOR) | Q(is_superuser=True))
        .distinct()
        .order_by("first_name", "username")
    )


# On them rests that two people look; whoever switches one off alone is seen to.
_TWO_PEOPLE = ("blind_second_rating", "note_needs_two")


def everybody() -> QuerySet[User]:
    """Everybody with an account, by name, with groups, profile and second steps at hand for a list."""
    return (
        User.objects.select_related("profile", "second_step")
        .annotate(has_passkey=Exists(Passkey.objects.filter(person=OuterRef("pk"))))
        .prefetch_related("groups")
        .order_by("first_name", "username")
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """What the frame of every page says to one person: both counts go up to ``MOST_COUNTED``."""

    unread: int
    on_my_table: int
    single_keys: bool


MOST_COUNTED = 99
_GLANCE = f"""
    SELECT
        (SELECT COUNT(*) FROM (SELECT 1 FROM claims_notification notice WHERE notice.person_id = %s
            AND notice.read_at IS NULL LIMIT {MOST_COUNTED}) unread),
        (SELECT COUNT(*) FROM (SELECT 1 FROM claims_claim held WHERE held.assignee_id = %s
            AND held.status IN (%s, %s) LIMIT {MOST_COUNTED}) mine),
        (SELECT single_keys FROM claims_profile profile WHERE profile.person_id = %s)
"""  # noqa: S608  # our own words


def glance(person: User) -> Glance:
    """The frame's three facts about a person, in one query."""
    pk = person.pk
    with connection.cursor() as cursor:
        cursor.execute(_GLANCE, [pk, pk, ClaimStatus.ASSIGNED.value, ClaimStatus.RESEARCHING.value, pk])
        unread, mine, keys = cursor.fetchone()
    return Glance(unread, mine, True if keys is None else bool(keys))


@transaction.atomic
def set_role(person_id: int, role: str, *, actor: User) -> User:
    """Give a person one role on the desk, or none (``""``).

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: no such person or role, or the desk would be left without an editor.
    """
    people.require_head(actor)
    if role and role not in Role.values:
        raise InvalidInput(_("Choose a role."), "role")
    hold()
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise InvalidInput(_("Choose a person of this desk."), "person")
    people.require_power_over(actor, person)
    if role != Role.EDITOR and not editors().exclude(pk=person.pk).exists():
        raise InvalidInput(_("This is the only editor. Make somebody else an editor first."), "role")
    before = sorted(person.groups.filter(name__in=Role.values).values_list("name", flat=True))
    person.groups.remove(*Group.objects.filter(name__in=Role.values))
    if role:
        person.groups.add(Group.objects.get_or_create(name=role)[0])
    sessions.end_all(person)
    event = audit.record(
        "person.role",
        actor=actor,
        data={"person": person.pk, "before": before, "after": [role] if role else []},
    )
    _tell_editors(actor, person, event, str(Role(role).label) if role else _("no role"))
    return person


@transaction.atomic
def set_active(person_id: int, active: bool, *, actor: User) -> User:
    """Close an account, or open it again. Nothing of what the person did is lost; log-ins and keys to the API end for good.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: no such person, oneself, or the only editor.
    """
    people.require_head(actor)
    hold()
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise InvalidInput(_("Choose a person of this desk."), "person")
    people.require_power_over(actor, person)
    if person.pk == actor.pk and not active:
        raise InvalidInput(_("You cannot close your own account. Ask another editor."), "person")
    User.objects.filter(pk=person.pk).update(is_active=active)
    person.is_active = active
    told: dict[str, Any] = {"person": person.pk}
    if not active:
        sessions.end_all(person)
        # An account that is opened again must not open to whoever it was closed against.
        told["keys_revoked"] = tokens.revoke_all(person)
    event = audit.record("person.opened" if active else "person.closed", actor=actor, data=told)
    _tell_editors(actor, person, event, _("account open") if active else _("account closed"))
    return person


@transaction.atomic
def add_person(
    *, actor: User, username: str, first_name: str = "", last_name: str = "", email: str = "", role: str = ""
) -> User:
    """Make an account without a password: by the link that is mailed to them the person sets one, and may choose another
    user name. Where none is given, it is taken from the address.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: the name is taken, or name, address or role make no sense.
    """
    people.require_head(actor)
    username, email = User.normalize_username(username.strip()), email.strip()
    if username:
        passwords.check_username(username)
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(
            _("Enter the person’s e-mail address, such as name@example.org"), "email"
        ) from None
    if role not in Role.values:
        raise InvalidInput(_("Choose a role."), "role")
    if User.objects.filter(Q(username__iexact=email) | Q(email__iexact=email)).exists():
        raise InvalidInput(_("Somebody with this address is here already."), "email")
    person = User.objects.create_user(
        username=username or _name_from(email),
        email=email,
        first_name=names.cleaned(first_name),
        last_name=names.cleaned(last_name),
    )
    person.groups.add(Group.objects.get_or_create(name=role)[0])
    event = audit.record("person.added", actor=actor, data={"person": person.pk, "role": role})
    _tell_editors(actor, person, event, str(Role(role).label))
    passwords.invite(person)
    return person


def _tell_editors(actor: User, person: User, event: AuditEvent, now: str) -> None:
    """Tell the other editors who comes and goes: two eyes of one person must not pass for four."""
    words = _("%(who)s changed who is on the desk: %(name)s, %(address)s (%(now)s).") % {
        # Each cut by itself: a notice holds 400 letters, and a long name must not push out who came as what.
        "who": notices.shorten(people.display_name(actor), 80), "name": notices.shorten(people.display_name(person), 80),
        "address": notices.shorten(person.email or person.get_username(), 120), "now": now,
    }  # fmt: skip
    told = notices.editors() - {actor.pk, person.pk}
    notices.send(told, "desk.people", words, None, event, address=reverse("people"))


def tell_of_program(person: User, is_program: bool, *, actor: User, event: AuditEvent) -> None:
    """Tell the other editors that an account is a program's from now on, or a person's: only people agree to anything."""
    _tell_editors(actor, person, event, _("now a program") if is_program else _("no program any more"))


def tell_of_rules(changed: Mapping[str, Any], *, actor: User, event: AuditEvent) -> None:
    """Tell the other editors which of the rules on two pairs of eyes somebody has switched; ``changed``: the new values."""
    who = notices.shorten(people.display_name(actor), 80)
    said = []
    for name in _TWO_PEOPLE:
        if name in changed:
            rule = str(DeskSettings._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column of its own
            words = (
                _("%(who)s switched “%(rule)s” on.")
                if changed[name]
                else _("%(who)s switched “%(rule)s” off.")
            )
            said.append(words % {"who": who, "rule": rule})
    if said:
        told = notices.editors() - {actor.pk}
        notices.send(told, "desk.people", " ".join(said), None, event, address=reverse("settings"))


def _name_from(email: str) -> str:
    """A free user name that begins as the address does; its owner may choose another."""
    before = User.normalize_username(email.split("@")[0])
    stem = "".join(sign for sign in before if sign.isalnum() or sign in ".-_")[:100] or "person"
    taken = {
        name.casefold()
        for name in User.objects.filter(username__istartswith=stem).values_list("username", flat=True)
    }
    ending = next(
        number for number in range(len(taken) + 1) if f"{stem}{number or ''}".casefold() not in taken
    )
    return f"{stem}{ending or ''}"


@transaction.atomic
def save_settings(*, actor: User, fields: Mapping[str, Any]) -> DeskSettings:
    """Name, contact, switches of the desk.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: no name, or a number of days that makes no sense.
    """
    people.require_head(actor)
    desk = hold()
    changed = {
        name: fields[name] for name in SWITCHES if name in fields and getattr(desk, name) != fields[name]
    }
    if "name" in changed and not str(changed["name"]).strip():
        raise InvalidInput(_("Enter the name of the desk."), "name")
    if not 1 <= int(changed.get("due_days", desk.due_days)) <= 365:
        raise InvalidInput(_("Enter a number of days from 1 to 365."), "due_days")
    if changed:
        before = {name: str(getattr(desk, name)) for name in changed}
        DeskSettings.objects.filter(pk=1).update(**changed)
        desk.refresh_from_db()
        after = {name: str(value) for name, value in changed.items()}
        event = audit.record("desk.settings", actor=actor, data={"before": before, "after": after})
        tell_of_rules(changed, actor=actor, event=event)
    return desk


@transaction.atomic
def save_page(kind: str, *, actor: User, version: int, title: str, body: str) -> Page:
    """Put a new version of a public page in place of the one that stands; the old ones are kept.

    Args:
        version: the version the person saw when they began; 0 where there was none.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: no such page, or title or text is empty.
        Conflict: somebody saved a version since; ``current`` holds it.
    """
    people.require_head(actor)
    if kind not in Page.Kind.values:
        raise InvalidInput(_("There is no such page."), "kind")
    if not title.strip():
        raise InvalidInput(_("Enter a title."), "title")
    if not body.strip():
        raise InvalidInput(_("Write the text of the page."), "body")
    hold()
    latest = Page.objects.filter(kind=kind).order_by("-version").first()
    standing = latest.version if latest else 0
    if latest is not None and standing != version:
        raise Conflict(
            _("%(who)s saved this page after you opened it. Your text is still here.")
            % {"who": people.display_name(latest.saved_by)},
            {"version": standing, "title": latest.title, "body": latest.body},
        )
    page = Page.objects.create(
        kind=kind, version=standing + 1, title=title.strip()[:200], body=body.replace("\r\n", "\n").strip(),
        saved_by=actor, created_at=timezone.now(),
    )  # fmt: skip
    audit.record("page.saved", actor=actor, data={"kind": kind, "version": page.version})
    return page


@transaction.atomic
def save_working_life(person: User, *, away_until: date | None, single_keys: bool) -> Profile:
    """What a person sets about their own days: absence and single keys."""
    people.profile_of(person)
    changes: dict[str, Any] = {"away_until": away_until, "single_keys": single_keys}
    Profile.objects.filter(person=person).update(**changes)
    hold()
    audit.record(
        "person.working_life", actor=person, data={"person": person.pk, "away_until": str(away_until or "")}
    )
    return people.profile_of(person)


def hold() -> DeskSettings:
    """The desk's row, held until the transaction ends, so that two editors queue for it."""
    desk, _made = DeskSettings.objects.select_for_update().get_or_create(pk=1)
    return desk
