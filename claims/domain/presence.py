"""Who else has a claim's page open. It tells, it never locks; whoever goes silent is gone after forty seconds."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from claims.models import Claim, Presence

GONE_AFTER = timedelta(seconds=40)
EVERY = 15  # seconds between two beats: two may get lost before somebody is gone
FORGOTTEN_AFTER = timedelta(days=1)


def beat(claim: Claim, person: User) -> None:
    """This person has the claim's page open now."""
    now = timezone.now()
    if Presence.objects.filter(claim=claim, person=person).update(seen_at=now):
        return
    Presence.objects.filter(person=person, seen_at__lt=now - FORGOTTEN_AFTER).delete()
    Presence.objects.bulk_create(
        [Presence(claim=claim, person=person, seen_at=now)],
        update_conflicts=True, unique_fields=["claim", "person"], update_fields=["seen_at"],
    )  # fmt: skip


def others(claim: Claim, person: User) -> list[User]:
    """Who else is on this claim's page, by name."""
    fresh = Presence.objects.filter(claim=claim, seen_at__gt=timezone.now() - GONE_AFTER).exclude(
        person=person
    )
    rows = fresh.select_related("person").order_by("person__first_name", "person_id")
    return [row.person for row in rows[:12]]
