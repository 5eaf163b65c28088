"""Checks by others come in: kept as they are, found again by the words they share with a claim, never published.

A file is read in pieces, each in a transaction of its own, so that memory stays flat and an import that is broken
off can simply be begun again: what is known is renewed, not doubled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, people
from claims.enums import Role
from claims.exceptions import InvalidInput
from claims.models import DeskSettings, ImportBatch, ImportedCheck, QuarantinedCheck
from claims.publishing import importing, jsonstream
from claims.publishing.importing import ImportedCheck as Read
from claims.publishing.importing import Quarantined

PIECE = 500
# A file that is no file of checks at all would otherwise fill the table with its lines.
MOST_QUARANTINED = 10_000
_RENEWED = ("claimant", "publisher", "publisher_url", "rating", "rating_value", "best", "worst", "title", "language",
            "license", "reviewed_on", "claimed_on", "imported_at", "batch")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken from somebody who is not at the server: bytes once unpacked, and records."""

    unpacked: int
    records: int


FROM_OUTSIDE = Limits(unpacked=20_000_000, records=50_000)


def import_checks(
    stream: IO[bytes], *, name: str, actor: User | None, limits: Limits | None = None
) -> ImportBatch:
    """Read a file of ClaimReviews in: a DataFeed, a list, lines of JSON or one review, gzipped or not.

    Args:
        stream: seekable, of any size.
        name: what the file is called, for the record.
        actor: who brings it; None is somebody at the command line of the server.
        limits: refuse a file that unpacks to more, and leave out records beyond these, with a note among those put
            aside. None takes all.

    Returns:
        The finished batch with its counts; its ``quarantine`` holds what was put aside and why.

    Raises:
        NotAllowed: only editors bring in what is shown to everybody as an earlier check.
        InvalidInput: the file is larger than ``limits`` say, once it is unpacked. Nothing was kept.
    """
    if actor is not None:
        people.require(actor, Role.EDITOR)
    if limits is not None and jsonstream.larger_than(stream, limits.unpacked):
        raise InvalidInput(
            _("The file unpacks to more than %(most)d MB. Split it, or bring it in on the server.")
            % {"most": limits.unpacked // 1_000_000},
            "file",
        )
    batch = ImportBatch.objects.create(
        name=name[:300], sha256=_digest(stream), brought_by=actor, started_at=timezone.now()
    )
    records = _at_most(importing.read(stream), limits.records) if limits else importing.read(stream)
    while piece := list(islice(records, PIECE)):
        with transaction.atomic():
            _store(batch, piece)
    with transaction.atomic():
        DeskSettings.objects.select_for_update().get_or_create(pk=1)
        batch.finished_at = timezone.now()
        batch.save()
        audit.record(
            "checks.imported",
            actor=actor,
            data={"file": batch.name, "sha256": batch.sha256, "new": batch.fresh, "known": batch.renewed,
                  "put_aside": batch.put_aside},
        )  # fmt: skip
    return batch


def _at_most(records: Iterator[Read | Quarantined], most: int) -> Iterator[Read | Quarantined]:
    yield from islice(records, most)
    if next(records, None) is not None:
        words = _("The file has more than %(most)d records: the rest was left out.") % {"most": most}
        yield Quarantined(most + 1, words, "")


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def _store(batch: ImportBatch, piece: list[Read | Quarantined]) -> None:
    bad = [record for record in piece if isinstance(record, Quarantined)]
    room = max(0, MOST_QUARANTINED - batch.put_aside)
    QuarantinedCheck.objects.bulk_create(
        QuarantinedCheck(
            batch=batch, place=one.index, reason=_fit(one.reason, 300), excerpt=_fit(one.excerpt, 300)
        )
        for one in bad[:room]
    )
    batch.put_aside += len(bad)
    rows = {row.fingerprint: row for row in _rows(batch, piece)}
    known = set(ImportedCheck.objects.filter(fingerprint__in=rows).values_list("fingerprint", flat=True))
    ImportedCheck.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["fingerprint"], update_fields=_RENEWED
    )
    batch.renewed += len(known)
    batch.fresh += len(rows) - len(known)
    batch.save()


def _rows(batch: ImportBatch, piece: Iterable[Read | Quarantined]) -> Iterator[ImportedCheck]:
    now = timezone.now()
    for check in piece:
        if isinstance(check, Quarantined):
            continue
        yield ImportedCheck(
            fingerprint=hashlib.sha256(f"{check.url}\n{check.claim}".encode("utf-8", "surrogatepass")).hexdigest(),
            batch=batch, claim=_fit(check.claim, importing.MAX_TEXT), claimant=_fit(check.claimant, 300),
            publisher=_fit(check.publisher, 300), publisher_url=_fit(check.publisher_url, 2000),
            rating=_fit(check.rating, 300), rating_value=check.rating_value, best=check.best, worst=check.worst,
            url=_fit(check.url, 2000), title=_fit(check.title, 500), language=_fit(check.language, 40),
            license=_fit(check.license, 500), reviewed_on=check.reviewed_on, claimed_on=check.claimed_on,
            imported_at=now,
        )  # fmt: skip


def _fit(text: str, most: int) -> str:
    """What both databases can hold: no NUL, no lone surrogates, not too long."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()[:most]
