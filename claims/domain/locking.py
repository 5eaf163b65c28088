"""Holding one claim while something about it changes."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.enums import ClaimStatus
from claims.exceptions import InvalidInput, TransitionRefused
from claims.models import Authorship, Claim

# So many seconds after which what found the database held is tried again.
BUSY_FOR = 30


def is_busy(error: Exception) -> bool:
    """Whether ``error`` says that another piece of work held SQLite's only place to write for too long."""
    return isinstance(error, OperationalError) and "database is locked" in str(error)


def lock_claim(claim_id: int) -> Claim:
    """The claim, its row held until the transaction ends, so that its audit chain has one writer at a time.

    Raises:
        RuntimeError: outside a transaction.
        InvalidInput: there is no such claim.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A claim can only be held inside a transaction.")
    if not Claim.objects.filter(pk=claim_id).update(touched_at=timezone.now()):
        raise InvalidInput(_("There is no such claim."), "claim")
    return Claim.objects.select_related("article", "speaker").get(pk=claim_id)


def require_writable(claim: Claim) -> None:
    """Raise ``TransitionRefused`` unless evidence and verdict may be changed in the claim's status."""
    if claim.status in ClaimStatus.writable():
        return
    label = claim.get_status_display()
    raise TransitionRefused(
        _("This claim is %(status)s, so its evidence and verdict cannot be changed now.")
        % {"status": label.lower()}
    )


def note_author(claim: Claim, person: User, act: str) -> None:
    """Remember that this person wrote on this claim. Four eyes rest on it, so it is never taken back."""
    Authorship.objects.get_or_create(
        claim=claim, person=person, defaults={"act": act, "since": timezone.now()}
    )


# Where the next move may print what the claim reads elsewhere.
_BEFORE_PRINT = (ClaimStatus.IN_REVIEW, ClaimStatus.APPROVED, ClaimStatus.SCHEDULED, ClaimStatus.CORRECTING)


def note_author_of_read(claims: QuerySet[Claim], person: User, act: str) -> None:
    """The same for what claims print and do not hold themselves, such as their article's title.

    Of those that wait for a review alone: earlier the checker still submits what stands, later the approval holds no more.
    All that may be printed next are held, so that a move comes wholly before the change or wholly after it: its judge would
    else read the change and not who made it, or find it older than the version that does not have it yet.
    """
    waiting = claims.filter(status__in=_BEFORE_PRINT).order_by("pk").values_list("pk", flat=True)
    for pk in waiting:
        claim = lock_claim(pk)
        if claim.status == ClaimStatus.IN_REVIEW:
            note_author(claim, person, act)
