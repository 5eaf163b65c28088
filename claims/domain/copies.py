"""Copies of sources that steps bring home: kept once under their SHA-256, tied to the evidence they back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.utils import timezone

from claims.domain import audit
from claims.domain.locking import lock_claim
from claims.enums import ArchiveState, ClaimStatus
from claims.matching import quoting
from claims.models import Evidence, Snapshot
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
        _attach(copy, copy.evidence_id, snapshot)
    return snapshot


def _attach(copy: Copy, evidence_id: int, snapshot: Snapshot) -> None:
    """Tie the copy to its evidence while the claim may still be written; an approved text is not changed behind it."""
    item = Evidence.objects.filter(pk=copy.evidence_id or 0).first()
    if item is None:
        return
    claim = lock_claim(item.claim_id)
    if claim.status not in ClaimStatus.writable():
        return
    independent = bool(copy.archive_url) or item.archive_state == ArchiveState.INDEPENDENT
    Evidence.objects.filter(pk=item.pk).update(
        snapshot=snapshot,
        archive_state=ArchiveState.INDEPENDENT if independent else ArchiveState.OWN_COPY,
        archive_url=copy.archive_url or item.archive_url,
        quote_found=words_found(item.quote, snapshot),
    )
    audit.record(
        "evidence.copied",
        actor=None,
        claim=claim,
        data={"evidence": item.number, "sha256": snapshot.sha256, "archive": copy.archive_url},
    )
