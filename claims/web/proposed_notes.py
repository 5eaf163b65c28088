"""The public note before it is public, as pages show it: what is proposed, who has read it, and what a press would mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from claims.domain import house_rules, notes, people, public_notes, seen
from claims.enums import Action, ChangeKind, NoteFor
from claims.exceptions import InvalidInput
from claims.models import AuditEvent, Claim, Correction, ProposedNote


@dataclass(frozen=True, slots=True)
class Shown:
    """One note of a claim's page: the proposed one, or that there is none yet."""

    of: str
    note: ProposedNote | None
    agreed: str  # who agreed to it, by name
    mark: str
    may_write: bool
    may_agree: bool


@dataclass(frozen=True, slots=True)
class BeforePressing:
    """What stands on the form of a move that lets a note out: who has read it, and to whom other words can be sent."""

    of: str
    begun: str  # who began it and why, for whoever has to decide
    why: str
    sentence: str
    mark: str
    first: str  # the words of the button that proposes what was typed instead; empty where that is not open


def correction_of(claim: Claim) -> Correction | None:
    """The open correction with the note that is proposed for it, and the people of both."""
    rows = claim.corrections.select_related("opened_by", *public_notes.with_people("proposed_note__"))
    return rows.filter(closed_at__isnull=True).first()


def on_claim(claim: Claim, person: User, correction: Correction | None) -> list[Shown]:
    """The notes of a claim's page, one for an open correction and one for a proposed retraction."""
    found = []
    for of in public_notes.spoken_of(claim):
        if of == NoteFor.CORRECTION:
            note = getattr(correction, "proposed_note", None)
        else:
            note = public_notes.standing(claim, of)
        may = public_notes.may_propose(claim, person)
        # A slip of the pen needs no note, so none is asked for.
        if note is None and (not may or _is_typo(of, correction)):
            continue
        agreed = people.display_name(note.agreed_by) if note and note.agreed_by_id else ""
        new = note is not None and person.pk not in {note.proposed_by_id, note.agreed_by_id}
        found.append(Shown(of, note, agreed, seen.mark(note), may, may and new))
    return found


def _is_typo(of: str, correction: Correction | None) -> bool:
    return of == NoteFor.CORRECTION and correction is not None and correction.kind == ChangeKind.TYPO


def why_retract(claim: Claim) -> str:
    """The reason given with the retraction that is proposed; empty where none is."""
    if not claim.retraction_proposed_by_id:
        return ""
    rows = AuditEvent.objects.filter(claim=claim, action=f"claim.{Action.PROPOSE_RETRACTION}")
    last = rows.order_by("-id").first()
    return last.reason if last else ""


def _begun(claim: Claim, of: str, correction: Correction | None) -> tuple[str, str]:
    """Who corrects the report or wants it withdrawn, in a sentence, and their reason."""
    if of == NoteFor.RETRACTION:
        who = _name(claim.retraction_proposed_by)
        return _("%(name)s proposes to retract this report:") % {"name": who}, why_retract(claim)
    if correction is None:
        return "", ""
    values = {"name": _name(correction.opened_by), "kind": correction.get_kind_display()}
    return _("%(name)s is correcting the published report (%(kind)s):") % values, correction.reason


def for_move(claim: Claim, action: str, person: User, typed: str) -> BeforePressing | None:
    """What to say before somebody presses; None for a move that lets no note out. ``typed`` stands in the form."""
    of = public_notes.PUBLISHING.get(action)
    if of is None:
        return None
    correction = correction_of(claim) if of == NoteFor.CORRECTION else None
    note = public_notes.standing(claim, of)
    others = public_notes.others_behind(note, person.pk)
    ask = others[0] if others else public_notes.begun_by(claim, of, correction)
    if ask is not None and ask.pk == person.pk:
        ask = None
    if note is not None and notes.as_kept(typed) not in {"", note.text}:
        sentence = _other_words(ask)
    else:
        sentence = _sentence(note, person, others, ask)
    if house_rules.settings().note_needs_two:
        sentence = _("%(sentence)s This desk publishes only a note that two people have read.") % {
            "sentence": sentence
        }
    open_here = of in public_notes.spoken_of(claim) and public_notes.may_propose(claim, person)
    first = _("Send these words to %(name)s first") % {"name": _name(ask)} if open_here else ""
    return BeforePressing(of, *_begun(claim, of, correction), sentence, seen.mark(note), first)


def require_seen(claim: Claim, action: str, sent: Mapping[str, str]) -> None:
    """Let nobody publish past a proposal that came after they opened the form, unless they send its very words.

    Raises:
        InvalidInput: with the words that stand now; the form that is shown again is open on them.
    """
    if action not in public_notes.PUBLISHING or "seen" not in sent:
        return
    note = public_notes.standing(claim, public_notes.PUBLISHING[action])
    if note is None or sent["seen"] == seen.mark(note) or notes.as_kept(sent.get("public_note")) == note.text:
        return
    raise InvalidInput(
        _(
            "%(name)s proposed another note after you opened this: “%(note)s” Take over what is right in it and press again."
        )
        % {"name": people.display_name(note.proposed_by), "note": note.text},
        "public_note",
    )


def _name(person: User | None) -> str:
    return people.display_name(person) if person is not None else _("a colleague")


def _other_words(ask: User | None) -> str:
    """The form was shown again with what was typed, which is not what is proposed."""
    return _(
        "These are not the words that are proposed, so nobody else has read them. You can send them to %(name)s first."
    ) % {"name": _name(ask)}


def _sentence(note: ProposedNote | None, person: User, others: list[User], ask: User | None) -> str:
    values = {"name": _name(ask)}
    if others and note is not None and others[0].pk == note.proposed_by_id:
        return (
            _(
                "%(name)s proposed this note. If you change it, nobody else reads it before it is public; send your words "
                "to %(name)s instead."
            )
            % values
        )
    if others:
        return (
            _(
                "%(name)s agreed to this note. If you change it, nobody else reads it before it is public; send your words "
                "to %(name)s instead."
            )
            % values
        )
    if note is not None and note.proposed_by_id == person.pk:
        return (
            _(
                "You proposed this note, and nobody else has agreed to it yet. Let %(name)s read it before it is public."
            )
            % values
        )
    if note is not None:
        return _("A program proposed this note: nobody else reads it before it is public.")
    return (
        _(
            "Nobody has proposed a note, so nobody else reads yours before it is public. You can send it to %(name)s first."
        )
        % values
    )


def read_by(data: Mapping[str, Any]) -> str:
    """Who had read a note when it went out, from the event of its move."""
    names = public_notes.readers_named(data)
    if len(names) < 2:
        return _("nobody else read the public note before")
    return _("two people had read the public note word for word: %(names)s") % {"names": ", ".join(names)}
