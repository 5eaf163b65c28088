"""Copies of sources that steps bring home: kept once under their SHA-256, tied to the evidence they back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from django.utils import timezone

from claims.domain import audit
from claims.domain.locking import lock_claim
from claims.enums import ArchiveState, ClaimStatus
from claims.matching import quoting
from claims.models import Claim, Evidence, Snapshot
from claims.steps.base import Copy


def keep(copies: Iterable[Copy]) -> list[Snapshot]:
    """Store the copies, in the transaction that finishes the step; the same bytes are kept once."""
    return [_keep(copy) for copy in copies]


def words_found(quote: str, snapshot: Snapshot | None) -> bool | None:
    """Whether the quoted words stand in the kept copy, word for word; None where there is nothing to compare."""
    if not quote.strip() or snapshot is None or not snapshot.text:
        return None
    place = quoting.find(quote, snapshot.text)
    return place is not None and place.exact


def _keep(copy: Copy) -> Snapshot:
    digest = hashlib.sha256(copy.content).hexdigest()
    snapshot, _made = Snapshot.objects.get_or_create(
        sha256=digest,
        defaults={
            "url": copy.url[:2000],
            "title": copy.title[:500],
            "publisher": copy.publisher[:300],
            "content_type": copy.content_type[:100],
            "content": copy.content,
            "text": copy.text.replace("\x00", ""),
            "warc": copy.warc,
            "taken_at": timezone.now(),
        },
    )
    if copy.evidence_id is not None:
        _attach(copy.evidence_id, snapshot)
    return snapshot


def confirm(links: Mapping[int, str]) -> None:
    """Note the links that an independent archive confirmed, while the claims may still be written."""
    for evidence_id, link in links.items():
        item, claim = _writable(evidence_id)
        if item is None or claim is None or item.archive_url:
            continue
        Evidence.objects.filter(pk=item.pk).update(archive_state=ArchiveState.INDEPENDENT, archive_url=link)
        audit.record(
            "evidence.archived", actor=None, claim=claim, data={"evidence": item.number, "archive": link}
        )


def _writable(evidence_id: int) -> tuple[Evidence | None, Claim | None]:
    """The source and its claim, held, if it may still be written; an approved text is not changed behind its reader."""
    item = Evidence.objects.filter(pk=evidence_id).first()
    if item is None:
        return None, None
    claim = lock_claim(item.claim_id)
    return (item, claim) if claim.status in ClaimStatus.writable() else (None, None)


def _attach(evidence_id: int, snapshot: Snapshot) -> None:
    item, claim = _writable(evidence_id)
    if item is None or claim is None:
        return
    independent = item.archive_state == ArchiveState.INDEPENDENT
    Evidence.objects.filter(pk=item.pk).update(
        snapshot=snapshot,
        archive_state=ArchiveState.INDEPENDENT if independent else ArchiveState.OWN_COPY,
        quote_found=words_found(item.quote, snapshot),
    )
    audit.record(
        "evidence.copied",
        actor=None,
        claim=claim,
        data={"evidence": item.number, "sha256": snapshot.sha256},
    )
