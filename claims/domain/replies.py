"""The log of asking the person who made a claim: each time one entry; the report tells of all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit
from claims.domain import seen as marks
from claims.domain.locking import lock_claim, note_author
from claims.domain.verdicts import require_days, require_writer
from claims.exceptions import InvalidInput
from claims.models import Claim, ReplyAttempt, RightOfReply

MOST = 50


@transaction.atomic
def log_attempt(claim_id: int, *, actor: User, fields: Mapping[str, Any]) -> ReplyAttempt:
    """Add that the speaker was asked.

    Args:
        fields: ``asked_on`` (date); optional ``channel``, ``deadline`` (aware time), ``answer``, ``answered_on``.

    Raises:
        InvalidInput: no day, one that has not come, or an answer from before the question.
        NotAllowed, TransitionRefused: see ``verdicts.require_writer``.
    """
    claim = lock_claim(claim_id)
    require_writer(claim, actor)
    if ReplyAttempt.objects.filter(claim=claim).count() >= MOST:
        raise InvalidInput(_("There are %(most)s entries already.") % {"most": MOST}, "asked_on")
    entry = ReplyAttempt(claim=claim, saved_by=actor, saved_at=timezone.now(), **_cleaned(fields))
    entry.save()
    _tell(claim, entry, actor, "reply.asked")
    return entry


@transaction.atomic
def change_attempt(
    attempt_id: int, *, actor: User, fields: Mapping[str, Any], seen: str | None = None
) -> ReplyAttempt:
    """Change an entry, mostly to add the answer. Parts left out stay.

    Args:
        seen: the mark of the entry that the form was opened on, see ``domain.seen``; None compares nothing.

    Raises:
        Conflict: somebody saved it after that.
        InvalidInput, NotAllowed, TransitionRefused: as for ``log_attempt``.
    """
    entry = ReplyAttempt.objects.filter(pk=attempt_id).first()
    if entry is None:
        raise InvalidInput(_("There is no such entry."))
    claim = lock_claim(entry.claim_id)
    require_writer(claim, actor)
    entry.refresh_from_db()
    marks.require(entry, seen)
    kept = {
        name: getattr(entry, name) for name in ("asked_on", "channel", "deadline", "answer", "answered_on")
    }
    before = bool(entry.answer)
    for name, value in _cleaned({**kept, **fields}).items():
        setattr(entry, name, value)
    entry.saved_by, entry.saved_at = actor, timezone.now()
    entry.save()
    _tell(claim, entry, actor, "reply.answered" if entry.answer and not before else "reply.changed")
    return entry


def log_of(claim: Claim) -> list[ReplyAttempt]:
    """Every time the speaker was asked, in order."""
    return list(
        ReplyAttempt.objects.filter(claim=claim).select_related("saved_by").order_by("asked_on", "id")
    )


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    asked_on, answered_on = fields.get("asked_on"), fields.get("answered_on")
    answer = str(fields.get("answer") or "").replace("\r\n", "\n").replace("\x00", "").strip()
    require_days(fields)
    if len(answer) > 50_000:
        raise InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": 50_000}, "answer")
    if answer and answered_on is None:
        answered_on = timezone.localdate()
    return {
        "asked_on": asked_on,
        "channel": str(fields.get("channel") or "").strip()[:100],
        "deadline": fields.get("deadline"),
        "answer": answer,
        "answered_on": answered_on if answer else None,
    }


def _tell(claim: Claim, entry: ReplyAttempt, actor: User, act: str) -> None:
    _sum_up(claim, actor)
    note_author(claim, actor, act)
    audit.record(
        act, actor=actor, claim=claim, data={"entry": entry.pk, "asked_on": entry.asked_on.isoformat()}
    )


def _sum_up(claim: Claim, actor: User) -> None:
    """What report and gates read: first asked when and how, the latest deadline, the latest answer."""
    entries = log_of(claim)
    first, latest = entries[0], entries[-1]
    answered = next((entry for entry in reversed(entries) if entry.answer), None)
    RightOfReply.objects.update_or_create(
        claim=claim,
        defaults={
            "contacted": True, "asked_on": first.asked_on, "channel": first.channel, "deadline": latest.deadline,
            "answer": answered.answer if answered else "", "answered_on": answered.answered_on if answered else None,
            "not_contacted_reason": "", "saved_by": actor, "saved_at": timezone.now(),
        },
    )  # fmt: skip
