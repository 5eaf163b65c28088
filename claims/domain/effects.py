"""What hangs on a move besides the status: the checker, the approval, the frozen version, the correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import dropped, google_pages, people, public_notes, reports, statements, steps, webhooks
from claims.domain.documents import fingerprint
from claims.domain.facts import ClaimFacts
from claims.domain.locking import note_author
from claims.enums import Action, AssignmentRole, ChangeKind, ClaimStatus
from claims.models import Approval, Assignment, AuditEvent, Claim, Correction
from claims.workflow.table import Row

# What undo has to put back.
_REMEMBERED = ("assignee_id", "second_reader_id", "due_at", "decline_reason", "duplicate_of_id")
# Moves whose effects are rows of their own: the claim is held first, so that a second one waits and finds it moved.
WEIGHTY = frozenset(
    {Action.APPROVE, Action.PUBLISH, Action.OPEN_CORRECTION, Action.PUBLISH_CORRECTION, Action.CANCEL_CORRECTION,
     Action.RETRACT, Action.CANCEL_RETRACTION}
)  # fmt: skip


def fields_of(row: Row, claim: Claim, facts: ClaimFacts) -> dict[str, Any]:
    """The claim's own fields that change with the move (``status`` only for undo)."""
    payload = facts.payload
    match row.action:
        case Action.ASSIGN | Action.REASSIGN | Action.TAKE:
            reader = payload.get("second_reader")
            keep = claim.second_reader_id if claim.second_reader_id != payload["assignee"].pk else None
            return {
                "assignee_id": payload["assignee"].pk,
                "due_at": payload["due_at"],
                "second_reader_id": reader.pk if isinstance(reader, User) else keep,
            }
        case Action.RELEASE:
            return {"assignee_id": None}
        case Action.DECLINE:
            return {"decline_reason": payload["decline_reason"]}
        case Action.MARK_DUPLICATE:
            return {"duplicate_of_id": payload["original"].pk}
        case Action.REOPEN:
            return {"assignee_id": None, "decline_reason": "", "duplicate_of_id": None}
        case Action.SCHEDULE:
            return {"publish_at": payload["publish_at"]}
        case Action.UNSCHEDULE | Action.PUBLISH:
            return {"publish_at": None}
        case Action.APPROVE:
            return {"second_reader_id": facts.actor_id}
        case Action.PROPOSE_RETRACTION:
            return {"retraction_proposed_by_id": facts.actor_id}
        case Action.CANCEL_RETRACTION:
            return {"retraction_proposed_by_id": None}
        case Action.UNDO:
            return _former(facts)
        case _:
            return {}


def _former(facts: ClaimFacts) -> dict[str, Any]:
    move = facts.last_move
    assert move is not None, "the guard has seen it"
    former = dict(move.data.get("before", {}))
    former["due_at"] = datetime.fromisoformat(former["due_at"]) if former.get("due_at") else None
    return {**former, "status": move.from_status}


def details(row: Row, facts: ClaimFacts, before: dict[str, Any]) -> dict[str, Any]:
    """What the audit event says beyond status and reason."""
    data: dict[str, Any] = {"before": before} if row.undoable else {}
    for key, value in facts.payload.items():
        data[key] = value.pk if isinstance(value, User | Claim) else value
    if row.action == Action.UNDO and facts.last_move is not None:
        data["undone_of"] = facts.last_move.pk
    if row.action in public_notes.PUBLISHING and facts.note:
        # By name too, as the trail has whoever acts: who had read these words when readers got them.
        data["note_read_by"] = [
            {"id": person.pk, "name": people.display_name(person)} for person in facts.note_read_by
        ]
    return data


def remembered(claim: Claim) -> dict[str, Any]:
    """What undo would have to put back."""
    return {name: getattr(claim, name) for name in _REMEMBERED}


def before(row: Row, claim: Claim, facts: ClaimFacts, reason: str) -> None:
    """Rows that must exist before the status may change; the database's own triggers ask for some of them."""
    action = _BEFORE.get(row.action)
    if action is not None:
        action(claim, facts, reason)


def after(row: Row, claim: Claim, facts: ClaimFacts, event: AuditEvent, was: Mapping[str, Any]) -> None:
    """Rows that follow from the move; ``was`` is what ``remembered`` said before it."""
    if row.action in {
        Action.ASSIGN,
        Action.REASSIGN,
        Action.TAKE,
        Action.RELEASE,
        Action.REOPEN,
        Action.UNDO,
    }:
        _reassign(claim, facts, was)
    if row.action in {Action.TRIAGE, Action.TAKE, Action.ASSIGN, Action.REOPEN}:
        steps.plan_accepted(claim)
    if row.action == Action.PROPOSE_RETRACTION and facts.actor is not None and facts.note:
        # Once the claim has moved: of two who propose at one moment the second is told so before it has a note.
        public_notes.begin(claim, None, facts.note, facts.actor)
    if row.action == Action.SUBMIT and facts.actor is not None:
        note_author(claim, facts.actor, "claim.submit")
    if row.action in {Action.PUBLISH, Action.PUBLISH_CORRECTION, Action.RETRACT}:
        webhooks.report_changed(claim, event)
        google_pages.report_changed(claim, event)


def _reassign(claim: Claim, facts: ClaimFacts, was: Mapping[str, Any]) -> None:
    """End the assignments of whoever is off the claim now, and note who is on it."""
    now = timezone.now()
    ended, given = [], []
    for role, field in (
        (AssignmentRole.CHECKER, "assignee_id"),
        (AssignmentRole.SECOND_READER, "second_reader_id"),
    ):
        person_id = getattr(claim, field)
        if was[field] == person_id:
            continue
        if was[field] is not None:
            ended.append(role)
        if person_id is not None:
            row = Assignment(
                claim=claim, person_id=person_id, role=role, assigned_by=facts.actor, created_at=now,
                note=str(facts.payload.get("note", "")),
            )  # fmt: skip
            given.append(row)
    if ended:
        Assignment.objects.filter(claim=claim, role__in=ended, ended_at__isnull=True).update(ended_at=now)
    if len(given) == 1:
        statements.insert(given[0])
    elif given:
        Assignment.objects.bulk_create(given)


def _approve(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    assert facts.actor is not None, "the clock approves nothing"
    Approval.objects.create(
        claim=claim, person=facts.actor, fingerprint=fingerprint(facts.dossier), created_at=timezone.now(),
        note=str(facts.payload.get("note", "")) or reason,
    )  # fmt: skip


def _publish(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    assert facts.approval is not None, "the guard has seen it"
    reports.freeze_first(
        facts.dossier, wrote=facts.authors, approved_by=facts.approval.person, published_by=facts.actor
    )


def _open_correction(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    assert facts.actor is not None, "the clock corrects nothing"
    verdict = facts.dossier.verdict
    correction = Correction.objects.create(
        claim=claim, kind=facts.payload["kind"], reason=reason, opened_by=facts.actor, opened_at=timezone.now(),
        revision_before=verdict.revision if verdict else 0, before=dropped.remember(claim),
    )  # fmt: skip
    if facts.note:
        public_notes.begin(claim, correction, facts.note, facts.actor)


def _publish_correction(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    correction, actor, report = facts.correction, facts.actor, facts.report
    assert correction is not None and actor is not None and report is not None, "the guards have seen them"
    if correction.kind == ChangeKind.VERDICT_CHANGE:
        _approve(claim, facts, reason)
    reports.freeze_change(
        report, facts.dossier, kind=correction.kind, note=facts.note, wrote=facts.authors, author=correction.opened_by,
        approved_by=actor,
    )  # fmt: skip
    Correction.objects.filter(pk=correction.pk).update(
        closed_at=timezone.now(), outcome="published", public_note=facts.note
    )


def _cancel_correction(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    if facts.correction is not None:
        dropped.put_back(claim, facts.correction)
        Correction.objects.filter(pk=facts.correction.pk).update(closed_at=timezone.now(), outcome="dropped")


def _retract(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    assert facts.actor is not None and claim.retraction_proposed_by is not None, "the guards have seen them"
    assert facts.report is not None, "what is published has one"
    if claim.status == ClaimStatus.CORRECTING and facts.correction is not None:
        _cancel_correction(claim, facts, reason)
    reports.freeze_retraction(
        facts.report, note=facts.note, author=claim.retraction_proposed_by,
        approved_by=facts.actor,
    )  # fmt: skip


def _cancel_retraction(claim: Claim, facts: ClaimFacts, reason: str) -> None:
    public_notes.end_retraction(claim)


_BEFORE: dict[Action, Callable[[Claim, ClaimFacts, str], None]] = {
    Action.APPROVE: _approve,
    Action.PUBLISH: _publish,
    Action.OPEN_CORRECTION: _open_correction,
    Action.PUBLISH_CORRECTION: _publish_correction,
    Action.CANCEL_CORRECTION: _cancel_correction,
    Action.RETRACT: _retract,
    Action.CANCEL_RETRACTION: _cancel_retraction,
}
