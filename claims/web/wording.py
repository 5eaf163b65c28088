"""What happened, in plain words: after a press of a button, before a weighty one, and in the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.domain import people, told
from claims.enums import Action, ClaimStatus
from claims.models import AuditEvent, Claim
from claims.steps import registry
from claims.web import proposed_notes


def consequences(claim: Claim, action: str) -> list[str]:
    """What will happen, in sentences, for the moves that cannot be taken back."""
    match action:
        case Action.PUBLISH:
            return [
                _("The report becomes public at once, with its own address, and goes into the feeds."),
                _("This version is kept for good. Later changes are corrections that readers see."),
                _("The names of checker and second reader stand on it."),
            ]
        case Action.RETRACT:
            return [
                _("The report stays at its address, with the note on top, and is marked as retracted."),
                _("It leaves the feeds and the ClaimReview that search engines read."),
                _("A retraction cannot be taken back."),
            ]
        case Action.PROPOSE_RETRACTION:
            return [_("Nothing changes for readers yet. Somebody else has to confirm the retraction.")]
        case Action.OPEN_CORRECTION:
            return [
                _("Readers see the report as it is until the correction is published."),
                _(
                    "Somebody else has to publish it: the second reader, or an editor, who wrote nothing of it."
                ),
            ]
        case Action.CANCEL_CORRECTION:
            return [_("The verdict and the evidence go back to what is published.")]
        case Action.PUBLISH_CORRECTION:
            return [_("Readers see the new version, the note, and that the report was changed.")]
        case Action.APPROVE:
            return [
                _(
                    "Your approval is for the report as it stands now. If anybody changes it, it is needed again."
                ),
                _("Your name stands on the report as its second reader."),
            ]
        case Action.SCHEDULE:
            return [_("The report is published at that time, unless it is taken off the schedule before.")]
    return []


def said(claim: Claim, action: str) -> str:
    """What was done, in the past tense and one line."""
    words = {
        Action.TRIAGE: _("Accepted: claim %(number)s."),
        Action.TAKE: _("Taken: claim %(number)s is yours to check."),
        Action.ASSIGN: _("Assigned to %(name)s."),
        Action.REASSIGN: _("Handed over to %(name)s."),
        Action.RELEASE: _("Given back. The claim waits for somebody to take it."),
        Action.START: _("Checking has begun."),
        Action.SUBMIT: _("Submitted for review."),
        Action.SEND_BACK: _("Sent back to %(name)s."),
        Action.APPROVE: _("Approved. An editor can publish it now."),
        Action.SCHEDULE: _("Scheduled."),
        Action.UNSCHEDULE: _("Taken off the schedule."),
        Action.PUBLISH: _("Published."),
        Action.OPEN_CORRECTION: _("A correction is open. The published report stays as it is meanwhile."),
        Action.PUBLISH_CORRECTION: _("The correction is published."),
        Action.CANCEL_CORRECTION: _("The correction was dropped."),
        Action.PROPOSE_RETRACTION: _("The retraction is proposed. Somebody else has to confirm it."),
        Action.RETRACT: _("Retracted. The page stays, with the reason."),
        Action.CANCEL_RETRACTION: _("The retraction was dropped. The report stays as it is."),
        Action.DECLINE: _("Declined: claim %(number)s."),
        Action.MARK_DUPLICATE: _("Marked as duplicate: claim %(number)s."),
        Action.HOLD: _("Put on hold."),
        Action.REOPEN: _("Reopened."),
        Action.UNDO: _("Undone: claim %(number)s is as it was."),
    }[Action(action)]
    name = people.display_name(claim.assignee) if claim.assignee_id else _("nobody")
    return words % {"number": claim.number, "name": name}


# --- the timeline -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline: who, what, why, when. ``status`` is set where the claim moved."""

    at: datetime
    who: str
    what: str
    reason: str = ""
    status: str = ""
    status_word: str = ""


def happenings(events: Sequence[AuditEvent], *, reasons: bool = True) -> list[Happening]:
    """The timeline in words, newest first. A run of saves by one person becomes one line.

    Without ``reasons``, what people wrote is left out: somebody who still has to rate the claim reads it.
    """
    names = _names(events)
    lines: list[Happening] = []
    run = 0
    for at, event in enumerate(events):
        after = events[at + 1] if at + 1 < len(events) else None
        run += 1
        if event.action in _RUNS and after is not None and _same_run(event, after):
            continue
        first = events[at - run + 1]
        moved = event.to_status and event.to_status != event.from_status
        lines.append(
            Happening(
                first.at,
                event.actor_name,
                _told(event, names, run),
                _why(event) if reasons else "",
                event.to_status if moved else "",
                str(ClaimStatus(event.to_status).label) if moved else "",
            )
        )
        run = 0
    return lines


def sent_back(events: Sequence[AuditEvent]) -> AuditEvent | None:
    """The event by which the claim came back from its second reader, as long as nothing moved it since."""
    last = next((event for event in events if event.to_status and event.to_status != event.from_status), None)
    came_back = last and (last.from_status, last.to_status) in _BACK and last.reason
    return last if came_back else None


_BACK = frozenset(
    (before, ClaimStatus.RESEARCHING) for before in (ClaimStatus.IN_REVIEW, ClaimStatus.APPROVED)
)


def _why(event: AuditEvent) -> str:
    """The reason given, the note that went with an assignment, or the one to readers."""
    return event.reason or str(event.data.get("note") or event.data.get("public_note") or "")


_RUNS = frozenset({"verdict.saved", "evidence.arranged", "reply.saved", "claim.reworded"})


def _same_run(one: AuditEvent, other: AuditEvent) -> bool:
    return one.action == other.action and one.actor_id == other.actor_id


def _names(events: Iterable[AuditEvent]) -> Mapping[int, str]:
    """The names of everybody whom the events mention by number, in one query."""
    ids = {event.data.get(key) for event in events for key in ("assignee", "second_reader")} - {None}
    rows = User.objects.filter(pk__in=[pk for pk in ids if isinstance(pk, int)])
    return {person.pk: people.display_name(person) for person in rows}


def _told(event: AuditEvent, names: Mapping[int, str], times: int) -> str:
    data = event.data
    action = event.action
    if action == "verdict.saved":
        return ngettext("saved the verdict", "saved the verdict %(times)d times", times) % {"times": times}
    if action == "claim.second_reader":
        reader = names.get(data.get("second_reader") or 0)
        return (
            _("asked %(name)s to read it a second time") % {"name": reader}
            if reader
            else _("left the second reading to anybody")
        )
    if action.startswith("claim."):
        words = told.MOVES.get(action.removeprefix("claim."))
        if words is not None:
            name = names.get(data.get("assignee", 0), _("somebody"))
            said = _(words) % {"name": name}
            if "note_read_by" in data:
                return _("%(told)s; %(note)s") % {"told": said, "note": proposed_notes.read_by(data)}
            reader = names.get(data.get("second_reader") or 0)
            return _("%(told)s, second reader %(name)s") % {"told": said, "name": reader} if reader else said
    if action.startswith("evidence.") and "number" in data:
        return _(told.SOURCES[action]) % {"number": data["number"], "title": data.get("title", "")}
    if action.startswith("step."):
        return _(told.STEPS.get(action, "%(step)s")) % {"step": registry.label(str(data.get("step", "")))}
    return _(told.OTHERS.get(action, action))
