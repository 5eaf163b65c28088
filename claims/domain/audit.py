"""The audit trail: append, seal, verify.

Each event carries SHA-256 of the event before it in its chain and of its own canonical form. There is a chain
for each claim and article and one for the desk, so that writers of different claims never wait for one row.
Seals hash all chain heads together, which also shows a tail that was cut off.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from claims.domain import statements
from claims.domain.people import display_name
from claims.enums import Channel
from claims.models import Article, AuditEvent, AuditSeal, Claim, DeskSettings

_channel: ContextVar[str] = ContextVar("channel", default=Channel.SYSTEM)
# Letters kept of a name; first and last may have 150 each, and PostgreSQL refuses what is longer than its column.
NAME = 160


@contextlib.contextmanager
def channel(name: str) -> Iterator[None]:
    """Everything recorded inside came through this door."""
    token = _channel.set(name)
    try:
        yield
    finally:
        _channel.reset(token)


def current_channel() -> str:
    """The door that the present call came through."""
    return _channel.get()


def canonical(event: AuditEvent) -> bytes:
    """The bytes that an event's hash covers: every field but its id and hash, as sorted JSON."""
    fields = {
        "chain": event.chain,
        "sequence": event.sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "channel": event.channel,
        "action": event.action,
        "claim": event.claim_id,
        "article": event.article_id,
        "from": event.from_status,
        "to": event.to_status,
        "version": event.claim_version,
        "reason": event.reason,
        "data": event.data,
        "previous": event.previous_hash,
    }
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def record(
    action: str,
    *,
    actor: User | None,
    claim: Claim | None = None,
    article: Article | None = None,
    from_status: str = "",
    to_status: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event in the transaction of the change it tells of.

    The caller holds the row of the claim (it has just updated it), so that two writers of one chain queue there.

    Raises:
        RuntimeError: outside a transaction, where change and event could part.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit event belongs into the transaction of the change it tells of.")
    chain = _chain_of(claim, article)
    sequence, previous = _end_of(chain)
    event = AuditEvent(
        chain=chain,
        sequence=sequence + 1,
        at=timezone.now(),
        actor=actor,
        actor_name=display_name(actor)[:NAME],
        channel=current_channel(),
        action=action,
        claim=claim,
        article_id=article.pk if article else claim.article_id if claim else None,
        from_status=from_status,
        to_status=to_status,
        claim_version=claim.version if claim else None,
        reason=reason,
        data=_plain(data or {}),
        previous_hash=previous,
    )
    event.hash = hashlib.sha256(canonical(event)).hexdigest()
    statements.insert(event)
    return event


def _end_of(chain: str) -> tuple[int, str]:
    """Place and hash of the chain's last event; ``(0, "")`` before the first.

    Every change of the desk asks this, so the statement is written out: composing it took longer than running it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, hash FROM claims_auditevent WHERE chain = %s ORDER BY sequence DESC LIMIT 1",
            [chain],
        )
        return cursor.fetchone() or (0, "")


def _chain_of(claim: Claim | None, article: Article | None) -> str:
    if claim is not None:
        return f"claim:{claim.pk}"
    if article is not None:
        Article.objects.select_for_update().filter(pk=article.pk).first()
        return f"article:{article.pk}"
    DeskSettings.objects.select_for_update().filter(pk=1).first()
    return "desk"


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON gives back, so that the hash of a fresh event equals the hash of the stored one."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(data), cls=DjangoJSONEncoder))
    return plain


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row of the trail that does not add up."""

    event_id: int | None
    problem: str


def verify(head: str = "", heads: Collection[str] = ()) -> Fault | None:
    """Walk the whole trail; None when every row stands, else the first fault.

    Args:
        head: hash of a seal kept outside the desk. It must still be there with everything it covers.
        heads: more of them.
    """
    kept = {*heads, *((head,) if head else ())}
    ends: dict[str, tuple[int, str]] = {}
    heads_at: dict[int, str] = {}
    seals = {seal.last_event_id: seal for seal in AuditSeal.objects.order_by("id")}
    for count, event in enumerate(AuditEvent.objects.order_by("id").iterator(chunk_size=2000), start=1):
        if (fault := _fault(event, ends)) is not None:
            return fault
        ends[event.chain] = (event.sequence, event.hash)
        if event.pk in seals:
            heads_at[event.pk] = f"{count}:{_heads_hash(ends)}"
    return _verify_seals(heads_at, kept)


def verify_rows(rows: Iterable[AuditEvent]) -> Fault | None:
    """The same walk over whole chains alone, without the seals; ``rows`` in the order of their ids."""
    heads: dict[str, tuple[int, str]] = {}
    for event in rows:
        if (fault := _fault(event, heads)) is not None:
            return fault
        heads[event.chain] = (event.sequence, event.hash)
    return None


def _fault(event: AuditEvent, heads: Mapping[str, tuple[int, str]]) -> Fault | None:
    """What is wrong with a row, seen from the heads of the chains before it."""
    sequence, previous = heads.get(event.chain, (0, ""))
    if event.sequence != sequence + 1:
        return Fault(event.pk, f"a row before it in {event.chain} is missing or out of order")
    if event.previous_hash != previous:
        return Fault(event.pk, f"it does not follow the row before it in {event.chain}")
    if hashlib.sha256(canonical(event)).hexdigest() != event.hash:
        return Fault(event.pk, "its content was changed")
    return None


def _verify_seals(heads_at: Mapping[int, str], kept: Collection[str]) -> Fault | None:
    previous = ""
    known = set()
    for seal in AuditSeal.objects.order_by("id"):
        if seal.previous_hash != previous or seal.hash != _seal_hash(seal):
            return Fault(None, f"seal {seal.pk} was changed or does not follow the seal before it")
        if seal.last_event_id and heads_at.get(seal.last_event_id) != f"{seal.event_count}:{seal.heads_hash}":
            return Fault(seal.last_event_id, f"rows that seal {seal.pk} covers are missing or changed")
        previous = seal.hash
        known.add(seal.hash)
    if not known.issuperset(kept):
        return Fault(None, "a head kept outside is not among the seals: the end of the trail was cut off")
    return None


def _heads_hash(heads: Mapping[str, tuple[int, str]]) -> str:
    lines = "\n".join(f"{chain} {sequence} {digest}" for chain, (sequence, digest) in sorted(heads.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _seal_hash(seal: AuditSeal) -> str:
    parts = f"{seal.previous_hash}|{seal.last_event_id}|{seal.event_count}|{seal.heads_hash}"
    return hashlib.sha256(parts.encode()).hexdigest()


def _heads_upto(last_id: int) -> dict[str, tuple[int, str]]:
    """The last event of each chain as of this id. The database finds them; only they come here, not every event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.chain, event.sequence, event.hash FROM claims_auditevent event JOIN "
            "(SELECT chain, MAX(sequence) AS top FROM claims_auditevent WHERE id <= %s GROUP BY chain) head "
            "ON head.chain = event.chain AND head.top = event.sequence",
            [last_id],
        )
        return {chain: (sequence, digest) for chain, sequence, digest in cursor.fetchall()}


@transaction.atomic
def seal(settle_seconds: float = 60) -> AuditSeal | None:
    """Seal all heads as they stand; None when nothing was added since the last seal.

    Args:
        settle_seconds: younger events are left for the next seal, since an event with a smaller id may still be
            on its way to being committed.
    """
    DeskSettings.objects.select_for_update().filter(pk=1).first()
    settled = AuditEvent.objects.filter(at__lte=timezone.now() - timedelta(seconds=settle_seconds))
    last_id = settled.aggregate(last=Max("id"))["last"]
    before = AuditSeal.objects.order_by("-id").first()
    if last_id is None or (before and before.last_event_id == last_id):
        return None
    heads = _heads_upto(last_id)
    count = AuditEvent.objects.filter(id__lte=last_id).count()
    fresh = AuditSeal(
        last_event_id=last_id,
        event_count=count,
        heads_hash=_heads_hash(heads),
        previous_hash=before.hash if before else "",
        created_at=timezone.now(),
    )
    fresh.hash = _seal_hash(fresh)
    fresh.save(force_insert=True)
    return fresh
