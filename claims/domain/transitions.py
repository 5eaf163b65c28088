"""The one door: every change of a claim's status goes through ``transition``, whoever asks.

In one transaction it looks the row of the table up, asks role and guards, updates on id, status and version,
appends the audit event and writes what must leave the house. Nothing else in the project writes ``status``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, effects, notes, notices, payloads, people, statements
from claims.domain.facts import ClaimFacts
from claims.enums import Action, ClaimStatus, Role
from claims.exceptions import Conflict, InvalidInput, Missing, NotAllowed, TransitionRefused
from claims.models import AuditEvent, Claim
from claims.workflow import guards, table
from claims.workflow.guards import Denied


@dataclass(frozen=True, slots=True)
class Move:
    """One action that a person's role offers on a claim: allowed now, or what is missing."""

    action: Action
    label: str
    denials: tuple[Denied, ...]
    needs_reason: bool
    target: str | None

    @property
    def allowed(self) -> bool:
        return not self.denials


# Where there is nothing to take back, nobody needs to read why not.
_TAKING_BACK = frozenset({Action.UNDO, Action.CANCEL_RETRACTION})
# Guards that judge what a form will bring; before it is filled in they cannot stand in the way.
_JUDGE_THE_FORM = frozenset(
    {
        "checker_can_work",
        "reader_can_read",
        "date_ahead",
        "correction_kind",
        "public_note",
        "retraction_note",
        "note_read_by_two",
        "duplicate_of_original",
    }
)


def available(claim: Claim, person: User | None, *, last_move: AuditEvent | str | None = "ask") -> list[Move]:
    """Every move the person's role offers from the claim's status; the same rules as ``transition``.

    Args:
        claim: the claim as read.
        person: who looks at it.
        last_move: the latest move where the caller has it (lists fetch them in one query).
    """
    here = people.relations(claim, person)
    facts = ClaimFacts(claim, person)
    if not isinstance(last_move, str):
        facts.last_move = last_move
    moves = []
    for row in table.actions_from(claim.status):
        if not here & set(row.who):
            continue
        names = [name for name in row.guards if name not in _JUDGE_THE_FORM]
        denials = guards.ask(names, facts)
        if row.action in _TAKING_BACK and denials:
            continue
        if row.action == Action.TAKE and person is not None:
            facts.payload = {"assignee": person}
            denials = guards.ask(("checker_can_work",), facts)
        moves.append(
            Move(
                action=row.action,
                label=str(row.action.label),
                denials=denials,
                needs_reason=row.needs_reason,
                target=row.target,
            )
        )
    return moves


def can(claim: Claim, person: User | None, action: str) -> bool:
    """Whether ``transition`` would let this person do this now, given a well-filled form."""
    return any(move.action == action and move.allowed for move in available(claim, person))


@transaction.atomic
def transition(
    claim_id: int,
    action: str,
    *,
    actor: User | None,
    version: int,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> Claim:
    """Move a claim.

    Args:
        claim_id: which claim.
        action: one of ``Action``.
        actor: who does it; None is the desk's own clock.
        version: the claim's version that the person saw.
        reason: why, where the table asks for it.
        payload: what else the action needs, see ``domain.payloads``.

    Returns:
        The claim as it is now.

    Raises:
        InvalidInput: no such claim or action, or a part of the form makes no sense.
        Missing: a part of the form was left out, such as the reason (422).
        NotAllowed: the person's role never allows it (403).
        Conflict: somebody moved the claim since that version (409).
        TransitionRefused: a guard stands in the way (422); ``failing`` says what and how to mend it.
    """
    if action in effects.WEIGHTY:
        _hold(
            claim_id, version
        )  # before anything is read that is judged and then approved or frozen, the claim too
    claim = _load(claim_id, with_people=action in notices.TO_ITS_PEOPLE)
    if claim.version != version:
        raise _conflict(claim)
    row = _row(claim, action, actor)
    parsed = payloads.parse(row.action, payload or {}, claim=claim, actor=actor)
    if row.needs_reason and not reason.strip():
        raise Missing(_("The reason is missing."), "reason", _("Give a reason."))
    reason = notes.require_short(reason, "reason")
    facts = ClaimFacts(claim, actor, parsed.values, action=row.action, asked=parsed.asked)
    denials = guards.ask(row.guards, facts)
    if denials:
        raise TransitionRefused(
            " ".join(d.sentence() for d in denials),
            [d.as_dict() for d in denials],
            {d.field: d.sentence() for d in denials if d.field},
        )
    return _move(claim, row, facts, reason)


def _load(claim_id: int, *, with_people: bool = False) -> Claim:
    """The row alone: article, speaker and report follow where a guard or a gate asks for them, which most never do.

    Where its checker and second reader are told of the move, they come with it.
    """
    claim = notices.with_people(claim_id) if with_people else statements.one(Claim, claim_id)
    if claim is None:
        raise InvalidInput(_("There is no such claim."), "claim")
    return claim


def _row(claim: Claim, action: str, actor: User | None) -> table.Row:
    if action not in Action.values:
        raise InvalidInput(_("There is no action called “%(action)s”.") % {"action": action}, "action")
    here = people.relations(claim, actor)
    rows = [row for row in table.TABLE if row.action == action]
    if not any(here & _roles_of(row) for row in rows):
        raise NotAllowed(_("Your role on this desk does not allow this. Ask an editor."))
    fitting = [row for row in rows if claim.status in row.sources]
    if not fitting:
        possible = ", ".join(str(row.action.label) for row in table.actions_from(claim.status)) or _(
            "nothing more"
        )
        raise TransitionRefused(
            _("This claim is %(status)s. From there it can go on by: %(moves)s.")
            % {"status": str(claim.get_status_display()).lower(), "moves": possible}
        )
    for row in fitting:
        if here & set(row.who):
            return row
    raise NotAllowed(_not_yours(claim, fitting[0]))


def _roles_of(row: table.Row) -> set[str]:
    """The row's ``who``, with the role that a relation needs: only a reviewer can be assignee or second reader."""
    who = set(row.who)
    return who | {Role.REVIEWER} if who & {"assignee", "second_reader", "doer"} else who


def _not_yours(claim: Claim, row: table.Row) -> str:
    if "assignee" in row.who:
        return _("Only the person checking this claim can do that: %(name)s.") % {
            "name": people.display_name(claim.assignee) if claim.assignee_id else _("nobody yet")
        }
    if "second_reader" in row.who and claim.second_reader_id:
        return _("Another second reader was asked: %(name)s.") % {
            "name": people.display_name(claim.second_reader)
        }
    return _("Only an editor can do that from here.")


def _move(claim: Claim, row: table.Row, facts: ClaimFacts, reason: str) -> Claim:
    """Write the change: first hold the row at the version that was seen, then everything that hangs on it."""
    now = timezone.now()
    before = claim.status
    fields = effects.fields_of(row, claim, facts)
    target = str(fields.pop("status", None) or row.target or before)
    remembered = effects.remembered(claim)
    effects.before(row, claim, facts, reason)
    since = {"status_since": now} if target != before else {}
    seen = {"id": claim.pk, "status": before, "version": claim.version}
    new = {"version": claim.version + 1, "touched_at": now, **since, **fields}
    if statements.change(Claim, seen, status=target, **new) != 1:
        raise _conflict(_load(claim.pk))
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.version += 1
    claim.touched_at = now
    _settle(claim, target)
    event = audit.record(
        f"claim.{row.action}",
        actor=facts.actor,
        claim=claim,
        from_status=before,
        to_status=target,
        reason=reason,
        data=effects.details(row, facts, remembered),
    )
    effects.after(row, claim, facts, event, remembered)
    notices.tell(row.action, notices.Moved(claim, event, remembered), facts.reached)
    return claim


def _hold(claim_id: int, version: int) -> None:
    """Keep others off the row at the version that was seen; one that has moved on is not held, and shows so when it is read.

    Words of the claim change without a new version, so a claim that was read before is not what the others left.
    """
    Claim.objects.filter(pk=claim_id, version=version).update(touched_at=timezone.now())


def _settle(claim: Claim, status: str) -> None:
    """The claim in memory shows what was just written."""
    claim.status = ClaimStatus(status)


def _conflict(claim: Claim) -> Conflict:
    move = AuditEvent.objects.filter(claim=claim).exclude(to_status="").order_by("-id").first()
    who = move.actor_name if move else ""
    told = {
        "who": who,
        "when": timezone.localtime(move.at).strftime("%H:%M") if move else "",
        "status": str(claim.get_status_display()),
        "version": claim.version,
    }
    sentence = (
        _("%(who)s moved this claim to “%(status)s” at %(when)s. Nothing was changed by you.")
        if move
        else _(
            "This claim is “%(status)s” and its version is %(version)d. Look at it and try again. Nothing was changed."
        )
    )
    return Conflict(
        sentence % told,
        {
            "status": claim.status,
            "version": claim.version,
            "moved_by": who,
            "moved_at": move.at.isoformat() if move else None,
        },
    )
