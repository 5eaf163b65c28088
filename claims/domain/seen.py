"""Nobody overwrites what they have not seen: a form carries the mark of the record that it was opened on.

A verdict counts its revisions. Sources, the right of reply and findings keep no former states, a claim counts its moves but
not the changes of its words, and some of what stands in their rows is the desk's own work (copies, archive links); so their mark is a digest of what
their form shows, however it got there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.translation import gettext as _

from claims.domain import people
from claims.exceptions import Conflict
from claims.models import (
    AuditEvent,
    Claim,
    Evidence,
    MediaFinding,
    ProposedNote,
    ReplyAttempt,
    RightOfReply,
)

_ASKED = ("asked_on", "channel", "deadline", "answer", "answered_on")
_EDITS = ("claim.reworded", "claim.details")
_SHOWN: dict[type[Model], Sequence[str]] = {
    Claim: (
        "start", "end", "restated", "speaker_id", "speaker_role", "said_on", "said_where", "topic", "due_at",
        "priority", "tags",
    ),
    Evidence: (
        "title", "publisher", "url", "where", "quote", "note", "stance", "kind", "origin", "interests", "anonymous",
        "anonymous_reason", "accessed_on", "withdrawn_at",
    ),
    RightOfReply: ("contacted", *_ASKED, "not_contacted_reason"),
    ReplyAttempt: _ASKED,
    MediaFinding: ("kind", "categories", "appearance", "original_context", "original_link"),
    ProposedNote: ("text",),
}  # fmt: skip


def mark(row: Model | None, only: str = "") -> str:
    """The mark of a record as it stands; empty where there is none yet. ``only``: the mark of this one field of it."""
    if row is None or row.pk is None:
        return ""
    shown = [getattr(row, name) for name in ([only] if only else _SHOWN[type(row)])]
    return hashlib.sha256(json.dumps(shown, default=str).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def require(row: Model | None, seen: str | None, only: str = "") -> None:
    """Let a change go on only where the person saw the record as it stands.

    Args:
        row: the record as it is held now, under the lock of its claim; None where there is none.
        seen: the mark that the form was opened on; None where the caller compares by other means (If-Match) or
            changes one thing that it names.
        only: the one field that the form showed, where it is the mark of that.

    Raises:
        Conflict: somebody saved after that; ``current`` says who.
    """
    if seen is None or seen == mark(row, only):
        return
    who = people.display_name(saved_by(row, only))
    if row is None:
        raise Conflict(_("This was taken away after you opened it. Your text is still here."), {})
    if getattr(row, "withdrawn_at", None):
        raise Conflict(
            _("%(who)s took this back after you opened it. Your text is still here.") % {"who": who},
            {"saved_by": who},
        )
    raise Conflict(
        _("%(who)s saved after you opened this. Your text is still here; compare the two.") % {"who": who},
        {"saved_by": who},
    )


def saved_by(row: Model | None, only: str = "") -> User | None:
    """Who saved the record last, or this one field of it."""
    if isinstance(row, Evidence):
        changes = AuditEvent.objects.filter(claim_id=row.claim_id, action__startswith="evidence.")
        latest = changes.filter(data__number=row.number).select_related("actor").order_by("-id").first()
        return latest.actor if latest else row.added_by
    if isinstance(row, Claim):
        edits = AuditEvent.objects.filter(claim=row)
        # A due date changes with the checker too.
        edits = edits.filter(data__has_key=only) if only else edits.filter(action__in=_EDITS)
        last = edits.select_related("actor").order_by("-id").first()
        return last.actor if last else None
    if isinstance(row, ProposedNote):
        return row.proposed_by
    found: User | None = getattr(row, "saved_by", None)
    return found
