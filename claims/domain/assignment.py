"""Who does what on a claim besides its checker: the second reader. And what people declare about themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, notes, notices, people
from claims.domain.locking import lock_claim
from claims.enums import AssignmentRole, ClaimStatus, Role
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import Assignment, Claim, Conflict, Profile, Speaker

# Before a claim is taken up there is nothing to read; after it is approved somebody has read it.
OPEN_TO_READERS = frozenset({ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING, ClaimStatus.IN_REVIEW})
MOST_CONFLICTS = 100


@transaction.atomic
def set_second_reader(claim_id: int, person: User | None, *, actor: User, note: str = "") -> Claim:
    """Ask somebody to read a claim a second time; None asks nobody in particular, so that anybody may.

    An editor chooses whom they like. A reviewer may offer to read what nobody was asked to read.

    Raises:
        NotAllowed: not an editor, and not offering oneself for a claim without a second reader.
        TransitionRefused: the claim is not on its way to a review.
        InvalidInput: that person is the checker, wrote on the claim, is away or declared a conflict of interest; or
            the note is too long.
    """
    people.require(actor, Role.REVIEWER)
    note = notes.require_short(note)
    claim = lock_claim(claim_id)
    offers_self = person is not None and person.pk == actor.pk and claim.second_reader_id is None
    if not offers_self:
        people.require(
            actor, Role.EDITOR, _("Only an editor can ask somebody to read a claim a second time.")
        )
    if claim.status not in OPEN_TO_READERS:
        raise TransitionRefused(
            _("This claim is %(status)s, so no second reader is asked for now.")
            % {"status": str(claim.get_status_display()).lower()}
        )
    if person is not None:
        if person.pk == claim.assignee_id:
            raise InvalidInput(_("The checker cannot be the second reader too."), "second_reader")
        if problem := people.problem_reading(person, claim):
            raise InvalidInput(problem, "second_reader")
    if claim.second_reader_id == (person.pk if person else None):
        return claim
    _write_reader(claim, person, actor, note)
    return claim


def _write_reader(claim: Claim, person: User | None, actor: User, note: str) -> None:
    now = timezone.now()
    Claim.objects.filter(pk=claim.pk).update(second_reader=person)
    claim.second_reader = person
    standing = Assignment.objects.filter(
        claim=claim, role=AssignmentRole.SECOND_READER, ended_at__isnull=True
    )
    standing.update(ended_at=now)
    if person is not None:
        Assignment.objects.create(
            claim=claim, person=person, role=AssignmentRole.SECOND_READER, assigned_by=actor, created_at=now, note=note
        )  # fmt: skip
    event = audit.record(
        "claim.second_reader", actor=actor, claim=claim, reason=note,
        data={"second_reader": person.pk if person else None},
    )  # fmt: skip
    if person is not None and person.pk != actor.pk:
        text = _("%(who)s asks you to read “%(claim)s” a second time.") % {
            "who": people.display_name(actor),
            "claim": notices.named(claim),
        }
        notices.send([person.pk], "claim.second_reader", text, claim, event)


@transaction.atomic
def declare_conflict(*, actor: User, speaker: str = "", topic: str = "", note: str = "") -> Conflict:
    """Declare a conflict of interest: claims of this speaker, or on this topic, are not offered to oneself any more.

    Raises:
        InvalidInput: neither or both were named, the desk knows no such speaker, or it is declared already.
    """
    people.require(actor, Role.REVIEWER)
    speaker, topic = " ".join(speaker.split()), " ".join(topic.split())
    if bool(speaker) == bool(topic):
        raise InvalidInput(_("Name a speaker or a topic, one of the two."), "speaker")
    found = Speaker.objects.filter(name__iexact=speaker).first() if speaker else None
    if speaker and found is None:
        raise InvalidInput(
            _("No claim on this desk is by “%(name)s”. Check the spelling.") % {"name": speaker}, "speaker"
        )
    if len(topic) > 80:
        raise InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": 80}, "topic")
    mine = Conflict.objects.filter(person=actor)
    if (
        mine.filter(speaker=found) if found else mine.filter(speaker__isnull=True, topic__iexact=topic)
    ).exists():
        raise InvalidInput(_("You have declared this already."), "speaker" if found else "topic")
    if mine.count() >= MOST_CONFLICTS:
        raise InvalidInput(_("You have declared %(most)s already.") % {"most": MOST_CONFLICTS}, "speaker")
    declared = Conflict.objects.create(
        person=actor, speaker=found, topic=topic, note=notes.require_short(note), created_at=timezone.now()
    )
    audit.record(
        "person.conflict", actor=actor, data={"speaker": found.pk if found else None, "topic": topic}
    )
    return declared


@transaction.atomic
def withdraw_conflict(conflict_id: int, *, actor: User) -> None:
    """Take a declaration back. The trail keeps that it stood, and it holds on for claims given out before (``people.took_back``).

    Raises:
        NotAllowed: it is somebody else's.
        InvalidInput: there is no such declaration.
    """
    declared = Conflict.objects.filter(pk=conflict_id).first()
    if declared is None:
        raise InvalidInput(_("There is no such declaration. It may be gone already."))
    if declared.person_id != actor.pk:
        raise NotAllowed(_("Only the person who declared this can take it back."))
    data = {"speaker": declared.speaker_id, "topic": declared.topic}
    declared.delete()
    audit.record("person.conflict_withdrawn", actor=actor, data=data)


@transaction.atomic
def save_interests(
    *, actor: User, topics: Iterable[str], most_claims: int, person: User | None = None
) -> Profile:
    """What somebody knows well and how many claims they check at a time; suggestions rest on it.

    Args:
        person: whose; an editor sets it for others, everybody for themselves (None).

    Raises:
        NotAllowed: somebody else's, and not an editor.
        InvalidInput: a number of claims that makes no sense, or somebody who checks nothing here.
    """
    person = person or actor
    if person.pk == actor.pk:
        people.require(actor, Role.REVIEWER)
    else:
        people.require_head(actor)
    if Role.REVIEWER not in people.roles(person):
        raise InvalidInput(
            _("%(name)s is not a reviewer on this desk.") % {"name": people.display_name(person)}
        )
    if not 1 <= most_claims <= 50:
        raise InvalidInput(_("Enter a number of claims from 1 to 50."), "most_claims")
    try:
        named = [notes.require_fits(" ".join(topic.split()), "topic") for topic in topics if topic.strip()]
    except InvalidInput as error:
        raise InvalidInput(str(error), "topics") from error
    once: dict[str, str] = {}
    for topic in named:
        once.setdefault(topic.casefold(), topic)
    kept = list(once.values())[:20]
    profile = people.profile_of(person)
    Profile.objects.filter(pk=profile.pk).update(topics=kept, most_claims=most_claims)
    data = {"person": person.pk, "topics": kept, "most_claims": most_claims}
    audit.record("person.interests", actor=actor, data=data)
    return people.profile_of(person)


def touched(person: User) -> list[Claim]:
    """Claims on the person's table that a conflict of interest of theirs touches; they should give them back."""
    mine = Claim.objects.filter(assignee=person, status__in=ClaimStatus.with_checker())
    free = people.untouched(mine, person).values("pk")
    return list(mine.exclude(pk__in=free).order_by("due_at", "pk")[:20])
