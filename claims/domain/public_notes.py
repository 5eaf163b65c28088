"""The note to readers of a correction or a retraction before it is public: proposed, changed, agreed to.

Whoever publishes a note that somebody else proposed, or agreed to, word for word, is the second to have read it. Where the
publisher wrote or changed it, nobody else has; a desk can refuse that (``DeskSettings.note_needs_two``). To propose a note
makes nobody an author of the claim: it tells of the report and is no part of what the report finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, notes, notices, people
from claims.domain import seen as marks
from claims.domain.locking import lock_claim
from claims.enums import Action, ClaimStatus, NoteFor
from claims.exceptions import InvalidInput, Missing, NotAllowed, TransitionRefused
from claims.models import AuditEvent, Claim, Correction, ProposedNote
from claims.workflow import permits

# The moves that let a note out, and what it speaks of.
PUBLISHING: Mapping[str, NoteFor] = {
    Action.PUBLISH_CORRECTION: NoteFor.CORRECTION,
    Action.RETRACT: NoteFor.RETRACTION,
}


def with_people(before: str = "") -> tuple[str, str]:
    """For ``select_related``: whoever stands by a note, and whether each is a program."""
    return f"{before}proposed_by__profile", f"{before}agreed_by__profile"


def standing(claim: Claim, of: str) -> ProposedNote | None:
    """The note that is proposed now for the open correction, or for the proposed retraction."""
    rows = ProposedNote.objects.select_related(*with_people()).filter(claim=claim)
    if of == NoteFor.RETRACTION:
        return rows.filter(correction__isnull=True).first()
    return rows.filter(correction__isnull=False, correction__closed_at__isnull=True).first()


def text_for(claim: Claim, action: str) -> str:
    """The note with which the form of a move is filled in; empty where none is proposed, or the move lets none out."""
    note = standing(claim, PUBLISHING[action]) if action in PUBLISHING else None
    return note.text if note else ""


def spoken_of(claim: Claim) -> list[NoteFor]:
    """What a note can be proposed for now."""
    found = []
    if claim.status == ClaimStatus.CORRECTING:
        found.append(NoteFor.CORRECTION)
    if claim.retraction_proposed_by_id and claim.status in {ClaimStatus.CORRECTING, ClaimStatus.PUBLISHED}:
        found.append(NoteFor.RETRACTION)
    return found


def stand_by(note: ProposedNote | None, text: str) -> list[User]:
    """The people who proposed these very words or agreed to them. A program reads nothing, so it counts for nobody."""
    if note is None or note.text != text:
        return []
    persons = (note.proposed_by, note.agreed_by)
    return [person for person in persons if person is not None and not _is_machine(person)]


def others_behind(note: ProposedNote | None, person_id: int | None) -> list[User]:
    """Everybody but this person who stands by the note as it is."""
    return [one for one in stand_by(note, note.text) if one.pk != person_id] if note else []


def begun_by(claim: Claim, of: str, correction: Correction | None) -> User | None:
    """Whoever proposed the retraction, or opened the ``correction``: the first to be asked to agree to a note."""
    if of == NoteFor.RETRACTION:
        return claim.retraction_proposed_by
    return correction.opened_by if correction else None


def readers_named(data: Mapping[str, Any]) -> list[str]:
    """The names of those who had read a note when it went out, from the event of its move; none of other events."""
    return [str(one.get("name", "")) for one in data.get("note_read_by", [])]


def _is_machine(person: User) -> bool:
    profile = getattr(person, "profile", None)
    return profile is not None and profile.is_machine


def may_propose(claim: Claim, person: User) -> bool:
    """Whether this person may propose a note, or change the one that is proposed."""
    return permits.may_do("propose_note", claim.status, people.relations(claim, person))


def require_proposer(claim: Claim, person: User, of: str) -> None:
    """Raise unless the person may propose a note for this now.

    Raises:
        TransitionRefused: no correction is open, or no retraction is proposed.
        NotAllowed: neither the claim's checker, nor its second reader, nor an editor.
    """
    if claim.status not in permits.statuses_for("propose_note"):
        raise TransitionRefused(_nothing(of))
    people.require_verb(
        "propose_note", claim, person,
        _("Only the claim’s checker, its second reader or an editor can propose the public note."),
    )  # fmt: skip
    if of not in spoken_of(claim):
        raise TransitionRefused(_nothing(of))


def _nothing(of: str) -> str:
    if of == NoteFor.RETRACTION:
        return _("Nobody proposes to retract this report, so there is no note to write.")
    return _("No correction of this report is open, so there is no note to write.")


@transaction.atomic
def propose(claim_id: int, of: str, *, actor: User, text: str, seen: str | None = None) -> ProposedNote:
    """Propose a note to readers, or change the one that is proposed. Who sends the standing words again agrees to them.

    Args:
        claim_id: whose report is corrected or retracted.
        of: one of ``NoteFor``.
        actor: who proposes it.
        text: as readers will see it.
        seen: the mark of the note that the form was opened on, see ``domain.seen``; None compares nothing.

    Raises:
        InvalidInput: no such claim or purpose, or a text that is too long.
        Missing: no text.
        NotAllowed, TransitionRefused: see ``require_proposer``; a machine account agrees to nothing.
        Conflict: somebody changed the note since.
    """
    if of not in NoteFor.values:
        raise InvalidInput(_("A note speaks of a correction or of a retraction."), "of")
    claim = lock_claim(claim_id)
    require_proposer(claim, actor, of)
    note = standing(claim, of)
    marks.require(note, seen)
    text = notes.require_short(notes.as_kept(text), "public_note")
    if not text:
        raise Missing(_("The public note is empty."), "public_note", _say_what(of))
    if note is not None and note.text == text:
        return _agree(claim, note, actor, of)
    before = set() if note is None else {note.proposed_by_id, note.agreed_by_id}
    if note is None:
        note = begin(claim, None if of == NoteFor.RETRACTION else _open(claim), text, actor)
    else:
        note.text, note.proposed_by, note.agreed_by, note.proposed_at = text, actor, None, timezone.now()
        note.save()
    event = audit.record("note.proposed", actor=actor, claim=claim, data={"of": of, "public_note": text})
    _tell(claim, before, event, _("%(who)s proposes a public note on “%(claim)s”."))
    return note


def begin(claim: Claim, correction: Correction | None, text: str, by: User) -> ProposedNote:
    """The first proposal. Of one made with the move that opens a correction or proposes a retraction that event has the words."""
    return ProposedNote.objects.create(
        claim=claim, correction=correction, text=text, proposed_by=by, proposed_at=timezone.now()
    )


def end_retraction(claim: Claim) -> None:
    """Nothing stands any more for a retraction that is dropped; the trail keeps every wording."""
    ProposedNote.objects.filter(claim=claim, correction__isnull=True).delete()


def _open(claim: Claim) -> Correction:
    return Correction.objects.get(claim=claim, closed_at__isnull=True)


def _say_what(of: str) -> str:
    if of == NoteFor.RETRACTION:
        return _("Tell readers why the report is withdrawn.")
    return _("Tell readers what was wrong and what is right.")


def _agree(claim: Claim, note: ProposedNote, actor: User, of: str) -> ProposedNote:
    """Somebody else stands by the same words; who does so already has nothing to add."""
    if actor.pk in {note.proposed_by_id, note.agreed_by_id}:
        return note
    if people.is_machine(actor):
        raise NotAllowed(_("A machine account cannot be the second to agree."))
    before = {note.proposed_by_id, note.agreed_by_id}
    note.agreed_by = actor
    note.save()
    event = audit.record("note.agreed", actor=actor, claim=claim, data={"of": of, "public_note": note.text})
    _tell(claim, before, event, _("%(who)s agrees to the public note on “%(claim)s”."))
    return note


def _tell(claim: Claim, before: set[int | None], event: AuditEvent, words: str) -> None:
    """Whoever has to do with the note next: who stood by the former words, who began it, checker and second reader."""
    opened = Correction.objects.filter(claim=claim, closed_at__isnull=True).values_list(
        "opened_by", flat=True
    )
    whom = {*before, *opened, claim.retraction_proposed_by_id, claim.assignee_id, claim.second_reader_id}
    text = words % {"who": event.actor_name, "claim": notices.named(claim)}
    notices.send({pk for pk in whom if pk and pk != event.actor_id}, "claim.note", text, claim, event)
