"""A correction that is dropped leaves no trace in what the desk would publish next.

When a correction is opened, everything that the report is made from and that may be changed meanwhile is written down in
its row; dropping it puts all of that back. What was said in the log of asking the speaker stays in the log, for it
happened; what the report tells of it is as published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone

from claims.domain import media, steps
from claims.models import (
    Claim,
    Correction,
    Evidence,
    GateException,
    Report,
    RightOfReply,
    Verdict,
    VerdictRevision,
)
from claims.publishing.document import ReportDocument

_WORDING = ("text", "start", "end", "restated", "speaker_id", "speaker_mention", "speaker_role", "said_on", "said_where",
            "topic")  # fmt: skip
_SOURCE = ("title", "publisher", "url", "where", "quote", "note", "stance", "kind", "origin", "interests", "anonymous",
           "anonymous_reason", "accessed_on", "archive_state", "archive_url", "snapshot_id", "quote_found", "position",
           "withdrawn_at")  # fmt: skip
_REPLY = ("contacted", "asked_on", "channel", "deadline", "answer", "answered_on", "not_contacted_reason", "saved_by_id",
          "saved_at")  # fmt: skip
_EXCEPTION = ("reason", "person_id", "created_at")


def remember(claim: Claim) -> dict[str, Any]:
    """What dropping the correction has to put back, as plain values."""
    reply = RightOfReply.objects.filter(claim=claim).first()
    return {
        "wording": _values(claim, _WORDING),
        "sources": {str(row.pk): _values(row, _SOURCE) for row in Evidence.objects.filter(claim=claim)},
        "reply": _values(reply, _REPLY) if reply else None,
        "exceptions": {
            row.gate: _values(row, _EXCEPTION) for row in GateException.objects.filter(claim=claim)
        },
    }


def put_back(claim: Claim, correction: Correction) -> None:
    """Undo what the correction wrote: verdict, finding, and all that was remembered when it was opened."""
    report = Report.objects.select_related("current_version").get(claim=claim)
    assert report.current_version is not None, "only published reports are corrected"
    media.put_back(claim, ReportDocument.from_json(report.current_version.document), correction.opened_by)
    _verdict(claim, correction)
    was: Mapping[str, Any] | None = correction.before
    if was is None:  # opened before this was remembered
        _sources_by_time(claim, correction)
        return
    changed = _sources(claim, was["sources"])
    changed |= _wording(claim, was["wording"])
    _reply(claim, was["reply"])
    _exceptions(claim, was["exceptions"])
    if changed:
        steps.plan_claim(claim)  # what looks at evidence and wording looks again


def _values(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _read(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as the model's own types: days and times come back from JSON as words."""
    return {name: _field(model, name).to_python(value) for name, value in values.items()}


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, Field), "a column of the row itself"
    return field


def _verdict(claim: Claim, correction: Correction) -> None:
    former = VerdictRevision.objects.filter(claim=claim, revision=correction.revision_before).first()
    verdict = Verdict.objects.filter(claim=claim).first()
    if former is None or verdict is None or verdict.revision == former.revision:
        return
    fields = {name: getattr(former, name) for name in Verdict.TEXT_FIELDS}
    revision, now = verdict.revision + 1, timezone.now()
    VerdictRevision.objects.create(
        claim=claim, revision=revision, author=former.author, level=former.level, created_at=now, **fields
    )
    Verdict.objects.filter(pk=verdict.pk).update(
        level=former.level, revision=revision, saved_by=former.author, saved_at=now, **fields
    )


def _sources(claim: Claim, was: Mapping[str, Mapping[str, Any]]) -> bool:
    """Sources as they were; those that came since are taken back, for numbers are never given again."""
    changed = False
    for row in Evidence.objects.filter(claim=claim):
        former = was.get(str(row.pk))
        fields = _read(Evidence, former) if former else {"withdrawn_at": row.withdrawn_at or timezone.now()}
        if any(getattr(row, name) != value for name, value in fields.items()):
            Evidence.objects.filter(pk=row.pk).update(**fields)
            changed = True
    return changed


def _sources_by_time(claim: Claim, correction: Correction) -> None:
    since, rows = correction.opened_at, Evidence.objects.filter(claim=claim)
    rows.filter(created_at__gte=since, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    rows.filter(created_at__lt=since, withdrawn_at__gte=since).update(withdrawn_at=None)


def _wording(claim: Claim, was: Mapping[str, Any]) -> bool:
    fields = _read(Claim, was)
    if all(getattr(claim, name) == value for name, value in fields.items()):
        return False
    Claim.objects.filter(pk=claim.pk).update(**fields)
    for name, value in fields.items():
        setattr(claim, name, value)
    return True


def _reply(claim: Claim, was: Mapping[str, Any] | None) -> None:
    if was is None:
        RightOfReply.objects.filter(claim=claim).delete()
    else:
        RightOfReply.objects.update_or_create(claim=claim, defaults=_read(RightOfReply, was))


def _exceptions(claim: Claim, was: Mapping[str, Mapping[str, Any]]) -> None:
    GateException.objects.filter(claim=claim).exclude(gate__in=was.keys()).delete()
    for gate, values in was.items():
        GateException.objects.update_or_create(claim=claim, gate=gate, defaults=_read(GateException, values))
