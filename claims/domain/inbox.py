"""A person's own notices: reading them, and choosing what comes on which way."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, blind, desk, notices, people
from claims.enums import MailRhythm
from claims.exceptions import InvalidInput
from claims.models import Notification, Profile


def of(person: User, *, unread: bool = False) -> QuerySet[Notification]:
    """The person's notices, newest first; with ``unread`` those they have not read."""
    rows = Notification.objects.filter(person=person, hidden=False).select_related("claim", "event")
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.order_by("-created_at", "-id")


def readable(rows: Iterable[Notification], person: User) -> list[Notification]:
    """The notices with their words, each with ``why``, the reason that was given for what it tells of.

    Remarks and reasons on claims that the person has come to have to rate unseen since are left out.
    """
    found = list(rows)
    kept_back = blind.hidden((row.claim for row in found if row.claim is not None), person)
    for row in found:
        unseen = row.claim_id in kept_back
        if unseen and row.claim is not None and row.kind in notices.REMARKS:
            row.text = notices.about_a_remark(row.kind, row.claim)
        row.why = (
            "" if row.event is None or (unseen and row.kind != "claim.second_reader") else row.event.reason
        )
    return found


def read(person: User, *, upto: int) -> int:
    """Mark the person's notices up to this one as read; later ones stay new. Returns how many."""
    unread = Notification.objects.filter(person=person, read_at__isnull=True, pk__lte=upto)
    return unread.update(read_at=timezone.now())


def read_one(person: User, notice_id: int) -> bool:
    """Mark one notice of the person's own as read; False where there is none such that is new."""
    mine = Notification.objects.filter(person=person, pk=notice_id, read_at__isnull=True)
    return bool(mine.update(read_at=timezone.now()))


@transaction.atomic
def choose(person: User, *, desk_kinds: Collection[str], mail_kinds: Collection[str], rhythm: str) -> Profile:
    """Keep which notices the person wants in the desk and by mail, and how often mail comes.

    Kinds that come to exist later are wanted, until the person says otherwise; ``notices.ALWAYS`` whatever is chosen.

    Raises:
        InvalidInput: there is no such rhythm.
    """
    if rhythm not in MailRhythm.values:
        raise InvalidInput(_("Choose how often mail comes."), "rhythm")
    every = [kind for kind, _words in notices.kinds() if kind not in notices.ALWAYS]
    people.profile_of(person)
    Profile.objects.filter(person=person).update(
        muted=[kind for kind in every if kind not in mail_kinds],
        muted_desk=[kind for kind in every if kind not in desk_kinds],
        mail_rhythm=rhythm,
    )
    desk.hold()
    profile = people.profile_of(person)
    audit.record(
        "person.notices", actor=person,
        data={"person": person.pk, "no_mail": profile.muted, "not_in_desk": profile.muted_desk, "rhythm": rhythm},
    )  # fmt: skip
    return profile
