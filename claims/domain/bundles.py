"""The replicability bundle of a report: all that it rests on in one zip, for those who want to do the check again.

It holds what the desk knows of the way to this report: every version, the sources with the copies kept of them, what
each step was given and found, and the trail of who did what. Names stand in it, addresses of persons do not. The trail
is whole, or its hashes could not be checked: with the reasons and notes that moves were given, so an editor reads it
before handing it on. Comments stay in the house.
"""

from __future__ import annotations

import mimetypes
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import transaction

from claims.domain import audit, people, report_files
from claims.enums import Role
from claims.models import AuditEvent, Claim, Evidence, Report, Snapshot, VerificationStep
from claims.publishing import bundle
from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument

IN_MEMORY = 8 << 20
"""Bytes of a bundle that may wait in memory before it goes to disk."""


def make(report: Report, *, actor: User | None) -> IO[bytes]:
    """The bundle of a published report, read from its start. The download is written into the trail.

    Args:
        actor: the editor who takes it; None for the operator at the machine.

    Raises:
        NotAllowed: the person is no editor. The trail names people, so the bundle is the editor's to hand on.
    """
    if actor is not None:
        people.require(actor, Role.EDITOR)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the caller reads and closes it
    write(report, file)
    file.seek(0)
    with transaction.atomic():
        audit.record("report.bundled", actor=actor, data={"report": report.slug, "claim": report.claim_id})
    return file


def write(report: Report, target: IO[bytes]) -> None:
    """Write the bundle; the same report at the same moment of its life gives the same bytes."""
    claim = Claim.objects.select_related("article", "speaker").get(pk=report.claim_id)
    rows = list(report.versions.order_by("number"))
    document = ReportDocument.from_json(rows[-1].document)
    bundle.write(
        target,
        versions=[bundle.Version(row.number, row.document, row.previous_sha256) for row in rows],
        files=_files(claim, document),
        snapshots=_snapshots(claim),
        rows={"evidence": _evidence(claim), "steps": _steps(claim), "audit": _trail(claim)},
    )


def _files(claim: Claim, document: ReportDocument) -> dict[str, bytes | str]:
    files: dict[str, bytes | str] = {
        "article.txt": claim.article.text,
        "claim.json": report_files.as_json(
            {"id": claim.pk, "quote": claim.text, "start": claim.start, "end": claim.end, "restated": claim.restated,
             "speaker": claim.speaker_name, "article_sha256": claim.article.content_hash or "",
             "article_url": claim.article.url}
        ),
        "prov.json": report_files.as_json(report_files.provenance_of(document)),
    }  # fmt: skip
    if not document.retracted:
        files["claimreview.jsonld"] = report_files.claimreview_text(document)
    return files


def _evidence(claim: Claim) -> Iterator[Mapping[str, Any]]:
    rows = (
        Evidence.objects.filter(claim=claim)
        .select_related("snapshot")
        .defer("snapshot__content", "snapshot__warc")
    )
    for item in rows.order_by("number"):
        yield {
            "number": item.number,
            "title": item.title,
            "publisher": item.publisher,
            "url": item.url,
            "where": item.where,
            "quote": item.quote,
            "quote_found": item.quote_found,
            "stance": item.stance,
            "kind": item.kind,
            "origin": item.origin,
            "interests": item.interests,
            "accessed_on": item.accessed_on.isoformat(),
            "archive_state": item.archive_state,
            "archive_url": item.archive_url,
            "snapshot_sha256": item.snapshot.sha256 if item.snapshot else "",
            "withdrawn": item.withdrawn_at is not None,
        }


def _snapshots(claim: Claim) -> Iterator[tuple[str, bytes]]:
    rows = Snapshot.objects.filter(evidence__claim=claim).distinct().order_by("sha256")
    for pk in list(rows.values_list("pk", flat=True)):  # one copy in memory at a time
        copy = Snapshot.objects.get(pk=pk)
        kind = copy.content_type.split(";")[0].strip()
        yield mimetypes.guess_extension(kind) or "", bytes(copy.content)


def _steps(claim: Claim) -> Iterator[Mapping[str, Any]]:
    rows = VerificationStep.objects.filter(claim=claim) | VerificationStep.objects.filter(
        article=claim.article_id
    )
    for step in rows.select_related("result").order_by("id"):
        result = getattr(step, "result", None)
        yield {
            "subject": "claim" if step.claim_id else "article",
            "kind": step.kind,
            "run": step.run,
            "state": step.state,
            "input_sha256": step.input_hash,
            "attempts": step.attempts,
            "input": result.params if result else {},
            "outcome": result.outcome if result else "",
            "summary": result.summary if result else "",
            "output": result.items if result else [],
            "source": result.source if result else "",
            "step_version": result.step_version if result else "",
            "finished": timestamp(result.finished_at) if result else "",
        }


def _trail(claim: Claim) -> Iterator[Mapping[str, Any]]:
    """The claim's own chain, whole, so that its hashes can be followed from the first to the last."""
    for event in (
        AuditEvent.objects.filter(chain=f"claim:{claim.pk}").order_by("sequence").iterator(chunk_size=500)
    ):
        yield {
            "sequence": event.sequence,
            "at": event.at.isoformat(),
            "who": event.actor_name,
            "channel": event.channel,
            "action": event.action,
            "from": event.from_status,
            "to": event.to_status,
            "claim_version": event.claim_version,
            "reason": event.reason,
            "data": event.data,
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
