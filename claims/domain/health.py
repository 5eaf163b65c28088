"""Do the sources still stand? Links are looked at by the clock; what is dead or changed becomes a task for people.

Nothing published changes by itself. A page must be gone twice, a day apart, before anybody is called; a page that
changed calls somebody only where the cited words are gone, or where none were cited.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, copies, desk, notices, people, steps
from claims.domain.locking import lock_claim
from claims.enums import ClaimStatus, Role, SourceState, TaskKind
from claims.exceptions import Conflict, InvalidInput
from claims.integrations import conf
from claims.models import Authorship, Claim, Evidence, ReviewTask, SourceCheck, VerificationStep
from claims.steps.source_health import Look

KIND = "source_health"
NOTICE = "source.task"
AGAIN = timedelta(days=1)
# Two looks at a page that is gone must lie this far apart: a night of maintenance is no death.
APART = timedelta(hours=20)
BATCH = 50


# --- by the clock -------------------------------------------------------------------------------------------------


def interval() -> timedelta:
    """How long a source is left alone between two looks; zero switches them off."""
    return timedelta(days=settings.SOURCE_CHECK_DAYS)


def due(now: datetime, limit: int = BATCH) -> list[int]:
    """Claims with a linked source whose look is due, the longest overdue first."""
    watched = ClaimStatus.open() | {ClaimStatus.PUBLISHED}
    rows = Evidence.objects.standing().exclude(url="").filter(claim__status__in=watched)
    rows = rows.filter(
        Q(check_up__next_check_at__lte=now) | Q(check_up__isnull=True, created_at__lte=now - interval())
    )
    ids = rows.order_by("check_up__next_check_at", "id").values_list("claim_id", flat=True)[: limit * 5]
    return list(dict.fromkeys(ids))[:limit]


def plan_due() -> int:
    """Promise a look at every claim whose sources are due; how many. None while the desk asks nobody outside."""
    if not interval() or not conf.outside_allowed():
        return 0
    now = timezone.now()
    promised = 0
    for claim in Claim.objects.filter(pk__in=due(now)).select_related("article", "speaker"):
        with transaction.atomic():
            promised += bool(steps.promise_again(claim, KIND))
            _put_off(claim, now + AGAIN)  # whatever becomes of the step, the claim is not due at once again
    return promised


def _put_off(claim: Claim, until: datetime) -> None:
    items = list(Evidence.objects.standing().exclude(url="").filter(claim=claim).values_list("pk", flat=True))
    SourceCheck.objects.filter(evidence__in=items).update(next_check_at=until)
    known = set(SourceCheck.objects.filter(evidence__in=items).values_list("evidence_id", flat=True))
    SourceCheck.objects.bulk_create(
        [SourceCheck(evidence_id=pk, next_check_at=until) for pk in items if pk not in known],
        ignore_conflicts=True,
    )


# --- what a look came to ------------------------------------------------------------------------------------------


def store(claim: Claim, looks: Sequence[Look], step: VerificationStep) -> None:
    """Called in the transaction that finishes the step: keep what was seen, and open tasks on published claims."""
    for look in looks:
        item = Evidence.objects.select_related("snapshot").filter(pk=look.evidence_id).first()
        if item is not None and item.withdrawn_at is None:
            _store(claim, item, look)


def _store(claim: Claim, item: Evidence, look: Look) -> None:
    now = timezone.now()
    row = SourceCheck.objects.filter(evidence=item).first() or SourceCheck(evidence=item)
    if look.state == SourceState.GONE:
        row.gone_since = row.gone_since or now
    elif look.state != SourceState.UNKNOWN:
        row.gone_since = None
    dead = row.gone_since is not None and look.state == SourceState.GONE and now - row.gone_since >= APART
    settled = look.state in {SourceState.ALIVE, SourceState.CHANGED, SourceState.REFUSED} or dead
    row.state, row.note, row.checked_at = look.state, look.note[:500], now
    row.next_check_at = now + (interval() if settled and interval() else AGAIN)
    row.text_sha256 = look.text_sha256
    row.snapshot = copies.keep([look.copy])[0] if look.copy is not None else None
    row.save()
    if dead and row.settled != SourceState.GONE:
        _open(claim, item, TaskKind.GONE, _("Source [%(number)d] is gone: “%(title)s”."))
    elif look.state == SourceState.CHANGED and look.words_gone is not False:
        words = (
            _("Source [%(number)d] changed and the cited words are gone: “%(title)s”.")
            if look.words_gone
            else _("Source [%(number)d] changed: “%(title)s”.")
        )
        _open(claim, item, TaskKind.CHANGED, words)


def _open(claim: Claim, item: Evidence, kind: TaskKind, words: str) -> None:
    if claim.status not in {ClaimStatus.PUBLISHED, ClaimStatus.CORRECTING}:
        return
    text = words % {"number": item.number, "title": notices.shorten(item.title)}
    now = timezone.now()
    task, made = ReviewTask.objects.get_or_create(
        evidence=item,
        kind=kind,
        closed_at=None,
        defaults={"claim": claim, "text": text[:500], "opened_at": now},
    )
    if made:
        event = audit.record(
            "source.task", actor=None, claim=claim,
            data={"task": task.pk, "evidence": item.number, "kind": kind.value},
        )  # fmt: skip
        notices.send(_concerned(claim), NOTICE, text, claim, event, address=task.get_absolute_url())


def _concerned(claim: Claim) -> set[int]:
    """Who wrote on the claim and is still here; where nobody is, the editors."""
    wrote = set(Authorship.objects.filter(claim=claim).values_list("person_id", flat=True))
    if claim.assignee_id:
        wrote.add(claim.assignee_id)
    here = {person.pk for person in people.reviewers() if person.pk in wrote}
    return here or set(desk.editors().values_list("pk", flat=True))


# --- people -------------------------------------------------------------------------------------------------------


def open_tasks(person: User, limit: int = 20) -> list[ReviewTask]:
    """Sources of published reports that this person should look at: all for an editor, else those they wrote on."""
    rows = ReviewTask.objects.filter(closed_at__isnull=True).select_related("claim", "evidence")
    if Role.EDITOR not in people.roles(person):
        mine = Q(claim__assignee=person) | Q(claim__authorships__person=person)
        rows = rows.filter(mine).distinct()
    return list(rows.order_by("opened_at", "id")[:limit])


@transaction.atomic
def close_task(task_id: int, *, actor: User, outcome: str) -> ReviewTask:
    """Settle a task with a word on what came of it. The same state of that page calls nobody again.

    Raises:
        NotAllowed: viewers settle nothing.
        InvalidInput: no such task, or nothing is said.
        Conflict: somebody settled it a moment ago.
    """
    people.require(actor, Role.REVIEWER)
    found = ReviewTask.objects.filter(pk=task_id).first()
    if found is None:
        raise InvalidInput(_("There is no such task."), "task")
    if not outcome.strip():
        raise InvalidInput(_("Say in a few words what came of it."), "outcome")
    claim = lock_claim(found.claim_id)
    mine = ReviewTask.objects.filter(pk=task_id, closed_at__isnull=True)
    now = timezone.now()
    if not mine.update(closed_at=now, closed_by=actor, outcome=outcome.strip()[:500]):
        found = ReviewTask.objects.select_related("closed_by").get(pk=task_id)
        raise Conflict(
            _("%(who)s settled this already: %(outcome)s")
            % {"who": people.display_name(found.closed_by), "outcome": found.outcome}
        )
    check_up = SourceCheck.objects.filter(evidence=found.evidence_id)
    for row in check_up:
        check_up.update(settled=SourceState.GONE if found.kind == TaskKind.GONE else row.text_sha256)
    audit.record(
        "source.settled",
        actor=actor,
        claim=claim,
        reason=outcome.strip()[:500],
        data={"task": task_id, "kind": found.kind},
    )
    found.refresh_from_db()
    return found
