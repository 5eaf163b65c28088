"""Who is on the desk and what they may do there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.enums import ClaimStatus, Role
from claims.exceptions import NotAllowed
from claims.models import Claim, Conflict, Profile

if TYPE_CHECKING:
    Person = User
else:
    Person = get_user_model()


def roles(person: User | AnonymousUser | None) -> frozenset[str]:
    """The person's roles, each including the ones below it; empty for strangers and for accounts switched off.

    An editor is also a reviewer and a viewer; a superuser counts as an editor.
    """
    if person is None or not person.is_authenticated or not person.is_active:
        return frozenset()
    cached: frozenset[str] | None = getattr(person, "_desk_roles", None)
    if cached is None:
        names = set(person.groups.values_list("name", flat=True))
        if person.is_superuser:
            names.add(Role.EDITOR)
        if Role.EDITOR in names:
            names.add(Role.REVIEWER)
        if Role.REVIEWER in names:
            names.add(Role.VIEWER)
        cached = frozenset(names & set(Role.values))
        setattr(person, "_desk_roles", cached)  # noqa: B010  # one look-up for a request
    return cached


def require(person: User | AnonymousUser | None, role: str, message: str = "") -> None:
    """Raise ``NotAllowed`` unless the person has ``role``."""
    if role not in roles(person):
        raise NotAllowed(message or _("Your role on this desk does not allow this. Ask an editor."))


def display_name(person: User | None) -> str:
    """Full name, or user name where none is set; the desk itself for None."""
    if person is None:
        return str(_("The desk"))
    return person.get_full_name() or person.get_username()


def profile_of(person: User) -> Profile:
    """The person's profile, made on first use."""
    profile, _created = Profile.objects.get_or_create(person=person)
    return profile


def is_machine(person: User | None) -> bool:
    """Whether this account belongs to a program. Such an account never sets or approves a verdict."""
    if person is None:
        return True
    return Profile.objects.filter(person=person, is_machine=True).exists()


def reviewers() -> QuerySet[User]:
    """Active people who may check claims, by name."""
    return (
        Person.objects.filter(is_active=True)
        .filter(Q(groups__name__in=[Role.REVIEWER, Role.EDITOR]) | Q(is_superuser=True))
        .exclude(profile__is_machine=True)
        .distinct()
        .order_by("first_name", "username")
    )


def with_load(people: QuerySet[User]) -> QuerySet[User]:
    """The same people, each with ``load``: the claims on their table now.

    Counted in the index of open work alone, so that years of published claims cost nothing.
    """
    mine = Claim.objects.filter(assignee=OuterRef("pk"), status__in=ClaimStatus.with_checker()).order_by()
    count = mine.values("assignee").annotate(count=Count("pk")).values("count")
    return people.select_related("profile").annotate(load=Coalesce(Subquery(count), 0))


def problem_checking(person: User, claim: Claim, today: date | None = None) -> str:
    """Why this person should not check this claim; empty when nothing stands against it."""
    name = display_name(person)
    if Role.REVIEWER not in roles(person):
        return _("%(name)s is not a reviewer on this desk.") % {"name": name}
    is_machine, away_until, barred = _standing_of(person, claim)
    if is_machine:
        return _("%(name)s is a machine account and cannot check claims.") % {"name": name}
    if away_until and away_until >= (today or timezone.localdate()):
        return _("%(name)s is away until %(date)s.") % {"name": name, "date": away_until.isoformat()}
    if barred:
        return _("%(name)s has declared a conflict of interest.") % {"name": name}
    return ""


def _standing_of(person: User, claim: Claim) -> tuple[bool, date | None, bool]:
    """Whether the person is a machine, until when they are away, and whether a declared conflict touches the claim."""
    touching = Q(speaker_id=claim.speaker_id) if claim.speaker_id else Q(pk__in=[])
    if claim.topic:
        touching |= Q(topic__iexact=claim.topic)
    barred = Exists(Conflict.objects.filter(touching, person=person))
    row = (
        Person.objects.filter(pk=person.pk)
        .values_list("profile__is_machine", "profile__away_until", barred)
        .first()
    )
    return (bool(row[0]), row[1], bool(row[2])) if row else (False, None, False)


@transaction.atomic
def ensure_groups() -> None:
    """The three roles exist as groups of Django's users."""
    for role in Role.values:
        Group.objects.get_or_create(name=role)
