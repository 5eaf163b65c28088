"""Writing the verdict: saves by revision, the right of reply, exceptions from gates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, blind, notes, people
from claims.domain import seen as marks
from claims.domain.gates import GATES
from claims.domain.locking import lock_claim, note_author, require_writable
from claims.enums import ReplyReason, Role
from claims.exceptions import Conflict, InvalidInput, NotAllowed
from claims.models import (
    AuditEvent,
    Claim,
    Evidence,
    GateException,
    RatingLevel,
    ReplyAttempt,
    RightOfReply,
    Verdict,
    VerdictRevision,
)
from claims.workflow import permits

LIMITS = {"headline": 200, "summary": 300, "other_side_queries": 500, "interests": 500, "language": 12}
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})?")
MAX_TEXT = 50_000


def may_write(claim: Claim, person: User | None) -> bool:
    """Whether this person writes this claim's verdict and evidence now: its checker, or an editor."""
    return person is not None and permits.may_do("write", claim.status, people.relations(claim, person))


def require_writer(claim: Claim, person: User) -> None:
    """Raise ``NotAllowed`` or ``TransitionRefused`` unless the person may write here now."""
    people.require(person, Role.REVIEWER)
    require_writable(claim)
    if not may_write(claim, person):
        raise NotAllowed(
            _("Only the person checking this claim or an editor can write here. Take the claim first.")
        )


@transaction.atomic
def save_verdict(claim_id: int, *, actor: User, revision: int, fields: Mapping[str, Any]) -> Verdict:
    """Save the verdict as it stands on the screen; empty parts are fine until the claim is submitted.

    Args:
        claim_id: which claim.
        actor: who saves. A machine account cannot.
        revision: the revision that the person's screen started from; 0 for the first save.
        fields: any of ``level`` (id, key or None) and ``Verdict.TEXT_FIELDS``; what is left out stays.

    Raises:
        Conflict: somebody saved after that revision; ``current`` holds their text, nothing is lost.
        NotAllowed, TransitionRefused, InvalidInput: see ``require_writer`` and the fields' limits.
    """
    claim = lock_claim(claim_id)
    require_writer(claim, actor)
    if people.is_machine(actor):
        raise NotAllowed(_("A machine account cannot set a verdict. Ask a person."))
    # An editor who is to rate it unseen: a refusal of an old revision would show what stands.
    blind.require_sight(claim, actor)
    present = Verdict.objects.select_related("level", "saved_by").filter(claim=claim).first()
    if revision != (present.revision if present else 0):
        raise _verdict_conflict(present)
    values = _cleaned(fields)
    verdict = present or Verdict(claim=claim)
    if present and all(getattr(present, name) == value for name, value in values.items()):
        return present
    for name, value in values.items():
        setattr(verdict, name, value)
    verdict.revision = revision + 1
    verdict.saved_by, verdict.saved_at = actor, timezone.now()
    verdict.save()
    VerdictRevision.objects.create(
        claim=claim, revision=verdict.revision, author=actor, created_at=verdict.saved_at, level=verdict.level,
        **{name: getattr(verdict, name) for name in Verdict.TEXT_FIELDS},
    )  # fmt: skip
    note_author(claim, actor, "verdict.saved")
    audit.record("verdict.saved", actor=actor, claim=claim, data={"revision": verdict.revision})
    return verdict


def _verdict_conflict(present: Verdict | None) -> Conflict:
    if present is None:
        return Conflict(_("The verdict was removed meanwhile. Your text is still here."), {"revision": 0})
    current: dict[str, Any] = {name: getattr(present, name) for name in Verdict.TEXT_FIELDS}
    current |= {"revision": present.revision, "level": present.level.key if present.level else None}
    who = people.display_name(present.saved_by)
    return Conflict(
        _("%(who)s saved after you opened this. Your text is still here; compare the two.") % {"who": who},
        {**current, "saved_by": who, "saved_at": present.saved_at.isoformat()},
    )


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "level" in fields:
        values["level"] = _level(fields["level"])
    for name in Verdict.TEXT_FIELDS:
        if name not in fields:
            continue
        value = fields[name]
        if name == "bullets":
            values[name] = [str(line).strip() for line in value or [] if str(line).strip()][:5]
        elif name == "searched_other_side":
            values[name] = bool(value)
        else:
            values[name] = _text(name, value)
    if values.get("language") and not LANGUAGE.fullmatch(values["language"]):
        raise InvalidInput(_("Enter the language as a code, such as en, ar or pt-BR."), "language")
    return values


def _text(name: str, value: Any) -> str:
    text = str(value or "").replace("\r\n", "\n").replace("\x00", "").strip()
    limit = LIMITS.get(name, MAX_TEXT)
    if len(text) > limit:
        raise InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": limit}, name)
    return text


def _level(value: Any) -> RatingLevel | None:
    if value in (None, ""):
        return None
    if isinstance(value, RatingLevel):
        return value
    levels = RatingLevel.objects.filter(scale__in_use=True)
    found = levels.filter(pk=int(value)) if str(value).isdecimal() else levels.filter(key=str(value))
    level = found.first()
    if level is None:
        raise InvalidInput(_("Choose a rating of the scale in use."), "level")
    return level


@transaction.atomic
def save_reply(
    claim_id: int, *, actor: User, fields: Mapping[str, Any], seen: str | None = None
) -> RightOfReply:
    """Record whether the speaker was asked.

    Args:
        fields: ``contacted`` and then ``asked_on`` (date), ``channel``, ``deadline`` (time), ``answer``,
            ``answered_on``; or, where nobody was asked, ``not_contacted_reason`` of ``ReplyReason``.
        seen: the mark of the record that the form was opened on, see ``domain.seen``; None compares nothing.

    Raises:
        Conflict: somebody saved the record after that.
        InvalidInput: asked without a date, or not asked without a reason.
    """
    claim = lock_claim(claim_id)
    require_writer(claim, actor)
    marks.require(RightOfReply.objects.select_related("saved_by").filter(claim=claim).first(), seen)
    contacted = bool(fields.get("contacted"))
    asked_on: date | None = fields.get("asked_on") if contacted else None
    reason = "" if contacted else str(fields.get("not_contacted_reason") or "")
    if contacted:
        require_days(fields)
    if not contacted and reason not in ReplyReason.values:
        raise InvalidInput(_("Choose why the speaker was not asked."), "not_contacted_reason")
    if not contacted and ReplyAttempt.objects.filter(claim=claim).exists():
        raise InvalidInput(_("The log says that the speaker was asked. It cannot say both."), "contacted")
    deadline: datetime | None = fields.get("deadline") if contacted else None
    reply, _made = RightOfReply.objects.update_or_create(
        claim=claim,
        defaults={
            "contacted": contacted,
            "asked_on": asked_on,
            "channel": str(fields.get("channel") or "")[:100] if contacted else "",
            "deadline": deadline,
            "answer": _text("answer", fields.get("answer")) if contacted else "",
            "answered_on": fields.get("answered_on") if contacted else None,
            "not_contacted_reason": reason,
            "saved_by": actor,
            "saved_at": timezone.now(),
        },
    )
    if contacted:
        _log_as_attempt(reply)
    note_author(claim, actor, "reply.saved")
    audit.record("reply.saved", actor=actor, claim=claim, data={"contacted": contacted, "reason": reason})
    return reply


def require_days(fields: Mapping[str, Any]) -> None:
    """Refuse days of asking and answering that cannot be, and a day of an answer that nobody wrote down.

    Raises:
        InvalidInput: with the field that is wrong.
    """
    asked_on, answered_on, deadline = (fields.get(name) for name in ("asked_on", "answered_on", "deadline"))
    if asked_on is None:
        raise InvalidInput(_("Say on which day you asked."), "asked_on")
    for name, day in (("asked_on", asked_on), ("answered_on", answered_on)):
        if day and day > timezone.localdate():
            raise InvalidInput(_("That day has not come yet."), name)
    if deadline and timezone.localtime(deadline).date() < asked_on:
        raise InvalidInput(_("That is before you asked."), "deadline")
    if answered_on and answered_on < asked_on:
        raise InvalidInput(_("That is before you asked."), "answered_on")
    if answered_on and not str(fields.get("answer") or "").strip():
        raise InvalidInput(_("Write down what they answered, or leave the day empty."), "answer")


def _log_as_attempt(reply: RightOfReply) -> None:
    """The log's latest entry says what the record says; the first record begins the log."""
    entries = list(ReplyAttempt.objects.filter(claim_id=reply.claim_id).order_by("asked_on", "id"))
    entry = entries[-1] if entries else ReplyAttempt(claim_id=reply.claim_id)
    assert reply.asked_on is not None, "whoever was asked was asked on a day"
    if len(entries) < 2:
        entry.asked_on = reply.asked_on
    for name in ("channel", "deadline", "answer", "answered_on", "saved_by", "saved_at"):
        setattr(entry, name, getattr(reply, name))
    entry.save()


@transaction.atomic
def except_gate(claim_id: int, gate: str, *, actor: User, reason: str) -> GateException:
    """An editor lets the report pass one gate; name and reason are printed on it.

    Raises:
        NotAllowed: not an editor.
        InvalidInput: no such gate, one that knows no exceptions, or a reason that says nothing or too much.
    """
    claim = lock_claim(claim_id)
    people.require_verb("except_gate", claim, actor, _("Only an editor can make an exception."))
    if people.is_machine(actor):
        raise NotAllowed(_("A machine account cannot make an exception. Ask a person."))
    if not any(item.key == gate and item.can_be_excepted for item in GATES):
        raise InvalidInput(_("There is no exception from this."), "gate")
    reason = notes.require_short(notes.as_kept(reason), "reason")
    if not reason:
        raise InvalidInput(_("Give the reason. It is printed on the report."), "reason")
    if gate == "anonymous_consent" and _added_unnamed(claim, actor):
        raise NotAllowed(_("You added the unnamed source, so another editor has to agree to it."))
    exception, _made = GateException.objects.update_or_create(
        claim=claim,
        gate=gate,
        defaults={"reason": reason, "person": actor, "created_at": timezone.now()},
    )
    audit.record("gate.excepted", actor=actor, claim=claim, reason=reason, data={"gate": gate})
    return exception


def _added_unnamed(claim: Claim, person: User) -> bool:
    """Whether one of the unnamed sources came from this person, or was named until this person took the name off."""
    unnamed = Evidence.objects.standing().filter(claim=claim, anonymous=True)
    if unnamed.filter(added_by=person).exists():
        return True
    numbers = set(unnamed.values_list("number", flat=True))
    mine = AuditEvent.objects.filter(claim=claim, actor=person, action="evidence.changed")
    return any(
        data.get("unnamed") and data.get("number") in numbers for data in mine.values_list("data", flat=True)
    )
