"""Tags on claims: the words as typed on the claim, and a row for each, so that a list can look them up."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from claims.domain import audit, people
from claims.domain.locking import lock_claim
from claims.enums import Role
from claims.exceptions import InvalidInput
from claims.models import Claim, ClaimTag, Tag

MOST = 12
LONGEST = 60
OFFERED = 200


def cleaned(words: Iterable[object]) -> list[str]:
    """The tags in the order typed, each once whatever its capitals; empty ones are left out.

    Raises:
        InvalidInput: one is longer than sixty characters, or there are more than twelve. None is cut off in silence.
    """
    found: dict[str, str] = {}
    for word in words:
        name = " ".join(str(word).replace("\x00", "").split())
        if len(name) > LONGEST:
            said = {"tag": f"{name[:30].rstrip()}…", "most": LONGEST}
            raise InvalidInput(
                _("The tag “%(tag)s” is longer than %(most)s characters. Shorten it.") % said, "tags"
            )
        if name:
            found.setdefault(key_of(name), name)
    if len(found) > MOST:
        raise InvalidInput(_("A claim has at most %(most)s tags. Leave some out.") % {"most": MOST}, "tags")
    return list(found.values())


def key_of(name: str) -> str:
    """How a tag is compared: “Water” and “water” are one."""
    return " ".join(name.split()).casefold()[:LONGEST]


def keep_rows(claim: Claim, names: Iterable[str]) -> None:
    """Make the rows of a claim's tags say what ``names`` says. Called in the transaction that writes the tags."""
    wanted = {key_of(name): name for name in names}
    Tag.objects.bulk_create([Tag(key=key, name=name) for key, name in wanted.items()], ignore_conflicts=True)
    rows = list(Tag.objects.filter(key__in=wanted))
    ClaimTag.objects.filter(claim=claim).exclude(tag__in=rows).delete()
    ClaimTag.objects.bulk_create([ClaimTag(tag=tag, claim=claim) for tag in rows], ignore_conflicts=True)


@transaction.atomic
def add_tags(claim_id: int, words: Iterable[object], *, actor: User) -> list[str]:
    """Hang more tags on a claim; those it has stay. Answers with all of them.

    Raises:
        NotAllowed: neither an editor nor the claim's checker.
        InvalidInput: no tag was given, one is too long, or the claim would have more than twelve.
    """
    people.require(actor, Role.REVIEWER)
    claim = lock_claim(claim_id)
    if claim.assignee_id != actor.pk:
        people.require(actor, Role.EDITOR)
    more = cleaned(words)
    if not more:
        raise InvalidInput(_("Enter at least one tag."), "tags")
    tags = cleaned([*claim.tags, *more])
    if tags == claim.tags:
        return tags
    Claim.objects.filter(pk=claim.pk).update(tags=tags)
    keep_rows(claim, tags)
    audit.record("claim.details", actor=actor, claim=claim, data={"tags": ", ".join(tags)})
    return tags


def in_use() -> list[str]:
    """The desk's tags by name, for a field's suggestions."""
    return list(Tag.objects.values_list("name", flat=True)[:OFFERED])
